"""Pieces → an article's text, recording while it is built where every piece came from.

A block (paragraph, list item, row …) collects pieces: copied from the source code point by code
point, or generated in place of some markup. White space is collapsed while writing; a block ends
with the cosmetic repairs that a dropped template calls for ("word ()" → "word"). Nothing is searched
for afterwards. Left out: what any piece of markup means (`index.wikitext.walker`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import ClassVar

from index.article import Anchor, Mark, Paragraph, Reference, Section, Segment, Span

#: White space, or words with single spaces between them, which need no repair.
_RUNS = re.compile(r"\S+(?: \S+)*|\s+")
#: A run of one character that is markup when enough of it stand together, or of any other text.
_RUN = re.compile(r"(?P<mark>[\[\]{}'])(?P=mark)*|[^\[\]{}']+")
#: What goes on with what stands before it, though a line break or a mark is between them.
_GOING_ON = re.compile(r"[(.,;:)]|(?:for|of|and|in|by|with|from|to|or)\b")
_CLOSING = re.compile(r"[.,;:)]")
#: Brackets in which nothing but such words is left say nothing: "(equivalent to £ in )".
_EMPTIED = re.compile(
    r" ?\((?:[\s,;:.£$€¥₹~≈]|\b(?:equivalent|equal|worth|about|approximately|around|to|in|or|today|million|billion"
    r"|dollars|pounds|US(?=\$)|pronounced|pronunciation|locally)\b)*\)"
)
_SEAM_NEAR = 20  # code points around a dropped template that are looked at for repair
#: Kinds whose blocks stand on consecutive lines; all others are set apart by a blank line.
_TIGHT = frozenset({"list_item", "table_row", "infobox"})


@dataclass(slots=True)
class Block:
    """One block under construction; positions inside it count from its own start.

    `text` is there once the block is closed. A block of kind `PLAIN` takes words only, neither
    footnotes nor marks.
    """

    PLAIN: ClassVar[str] = "plain"

    kind: str
    section: tuple[str, ...]
    level: int = 0
    text: str = ""
    length: int = 0
    segments: list[Segment] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    source: Span | None = None
    _pieces: list[str] = field(default_factory=list)
    _holes: list[int] = field(default_factory=list)
    _pending: tuple[str, Span] | None = None
    _fresh: int = 0

    def copy(self, text: str, start: int) -> None:
        """Append `text`, which stands at `start` in the source, with its white space collapsed."""
        for match in _RUNS.finditer(text):
            piece, source = match.group(), Span(start + match.start(), start + match.end())
            if piece.isspace():
                if self._pending is None:
                    self._pending = (" ", source)
            else:
                self._repair_missing_space(piece, source)
                self._append(piece, source, exact=True)

    def generate(self, text: str, source: Span) -> None:
        """Append `text` that stands in place of the markup in `source`."""
        if text.isspace():
            self._pending = self._pending or (" ", source)
        elif text:
            if text[0].isspace():
                self._pending = self._pending or (" ", Span(source.start, source.start))
            self._append(" ".join(text.split()), source, exact=False)
            if text[-1].isspace():
                self._pending = (" ", Span(source.end, source.end))

    def separate(self, mark: str, source: Span) -> None:
        """Put `mark` before what comes next, if something stands before it and something follows."""
        self._pending = (mark, source)

    def restart(self) -> None:
        """What comes next stands at the start of a value: no separator or space before it."""
        self._flush()
        self._fresh = self.length

    def anchor(self, reference: Reference) -> None:
        """A footnote marker stands here."""
        if self.kind != self.PLAIN:
            self.anchors.append(Anchor(self.length, reference))

    def mark(self, label: str) -> None:
        """A trust mark stands here."""
        if self.kind != self.PLAIN:
            self.marks.append(Mark(self.length, label))

    def hole(self) -> None:
        """Remember that a template was dropped here, so that what it leaves around it can be repaired."""
        self._holes.append(self.length)

    def cover(self, source: Span) -> None:
        """Count `source` as part of this block's wikitext."""
        old = self.source
        self.source = source if old is None else Span(min(old.start, source.start), max(old.end, source.end))

    def close(self) -> None:
        """Drop what is pending, repair the surroundings of dropped templates, and set `text`."""
        self._pending = None
        self.text = "".join(self._pieces)
        self._remove([gone for hole in dict.fromkeys(self._holes) if (gone := self._left_by(hole))])
        self._remove(_seams(self.text))
        blank_before = len(self.text) - len(self.text.lstrip())
        self._remove([Span(0, blank_before), Span(max(len(self.text.rstrip()), blank_before), len(self.text))])

    def _left_by(self, hole: int) -> Span | None:
        """What a dropped template leaves behind at `hole`, which goes too."""
        return (
            self._emptied_brackets(hole)
            or self._marks_in_bracket(hole)
            or self._doubled_mark(hole)
            or self._space_before_mark(hole)
        )

    def _emptied_brackets(self, hole: int) -> Span | None:
        """Brackets around the hole that say nothing any more, with the space before them."""
        opened = self.text.rfind(" (", max(hole - 2 * _SEAM_NEAR, 0), hole)
        emptied = _EMPTIED.match(self.text, opened) if opened >= 0 else None
        if emptied is not None and emptied.end() > hole:
            return Span(*emptied.span())
        marks = self._marks_around(hole)
        if self.text.endswith("(", 0, marks.start) and self.text.startswith(")", marks.end):
            return Span(marks.start - 1 - self.text.endswith(" (", 0, marks.start), marks.end + 1)
        return None

    def _marks_in_bracket(self, hole: int) -> Span | None:
        """Marks and spaces right behind an opening bracket or before a closing one: "(, word" and "(word, )"."""
        marks = self._marks_around(hole)
        beside = self.text.endswith("(", 0, marks.start) or self.text.startswith(")", marks.end)
        return marks if beside else None

    def _doubled_mark(self, hole: int) -> Span | None:
        """Of the marks on either side of the hole the one that parts less: "a, {{x}}; b"."""
        marks = self._marks_around(hole)
        before, after = self.text[marks.start : hole].rstrip(), self.text[hole : marks.end].rstrip()
        if not before or not after.strip():
            return None
        first_stays = ",;:".index(before[-1]) >= ",;:".index(after[-1])
        return Span(marks.start + len(before) if first_stays else marks.start, hole + len(after) - (not first_stays))

    def _space_before_mark(self, hole: int) -> Span | None:
        """The spaces around the hole, where a mark follows."""
        low, high = hole, hole
        while low > 0 and self.text[low - 1] == " ":
            low -= 1
        while high < len(self.text) and self.text[high] == " ":
            high += 1
        return Span(low, high) if self.text[high : high + 1] in set(",;:).") else None

    def _marks_around(self, hole: int) -> Span:
        """The commas and other marks around the hole, and the spaces between them."""
        low, high = hole, hole
        while low > max(hole - _SEAM_NEAR, 0) and self.text[low - 1] in " ,;:":
            low -= 1
        while high < min(hole + _SEAM_NEAR, len(self.text)) and self.text[high] in " ,;:":
            high += 1
        return Span(low, high)

    def _append(self, text: str, source: Span, *, exact: bool) -> None:
        self._flush(text)
        self._write(text, source, exact=exact)
        self.cover(source)

    def _flush(self, following: str = "") -> None:
        if self._pending is not None and self.length > self._fresh:
            mark, source = self._pending
            going_on = _GOING_ON.match(following) or (mark == ". " and following[:1].islower())
            if len(mark) > 1 and (self._pieces[-1][-1:] in set(",;:(") or going_on):
                mark = "" if _CLOSING.match(following) else " "
            if mark:
                self._write(mark, source, exact=len(mark) == len(source) == 1)
        self._pending = None

    def _write(self, text: str, source: Span, *, exact: bool) -> None:
        span = Span(self.length, self.length + len(text))
        self._pieces.append(text)
        self.length = span.end
        if not exact:
            self.segments += _inexact(span, source)
            return
        last = self.segments[-1] if self.segments else None
        if last and last.source.end == source.start and len(last.text) == len(last.source):
            self.segments[-1] = Segment(Span(last.text.start, span.end), Span(last.source.start, source.end))
        else:
            self.segments.append(Segment(span, source))

    def _repair_missing_space(self, piece: str, source: Span) -> None:
        # Editors write "first.<ref/>Second": the footnote parts the sentences on the page, so a space does here.
        follows_footnote = bool(self.anchors) and self.anchors[-1].position == self.length
        ended = bool(self._pieces) and self._pieces[-1][-1] in '.!?"'
        if follows_footnote and self._pending is None and ended and piece[0].isupper():
            self._pending = (" ", Span(source.start, source.start))

    def _remove(self, gone: list[Span]) -> None:
        """Take spans out of the text and move everything behind them up."""
        kept: list[Span] = []
        position = 0
        for span in sorted(gone):
            if span.start > position:
                kept.append(Span(position, span.start))
            position = max(position, span.end)
        if position < len(self.text):
            kept.append(Span(position, len(self.text)))
        if sum(map(len, kept)) == len(self.text):
            return
        places = [0, *accumulate(map(len, kept))]

        def moved(place: int) -> int:
            run = bisect_right(kept, place, key=lambda span: span.start) - 1
            return places[run] + min(place - kept[run].start, len(kept[run])) if run >= 0 else 0

        segments: list[Segment] = []
        for segment in self.segments:
            run = bisect_right(kept, segment.text.start, key=lambda span: span.end)
            while run < len(kept) and kept[run].start < segment.text.end:
                part = Span(max(kept[run].start, segment.text.start), min(kept[run].end, segment.text.end))
                text = Span(moved(part.start), moved(part.start) + len(part))
                shift = segment.source.start - segment.text.start
                if len(segment.text) == len(segment.source):
                    segments.append(Segment(text, Span(part.start + shift, part.end + shift)))
                else:
                    segments += _inexact(text, segment.source)
                run += 1
        self.text = "".join(span.of(self.text) for span in kept)
        self.length = len(self.text)
        self.segments = segments
        self.anchors = [Anchor(moved(a.position), a.reference) for a in self.anchors]
        self.marks = [Mark(moved(m.position), m.label) for m in self.marks]


def _seams(text: str) -> list[Span]:
    """Markup that only came about when what stood inside it was taken away, and what that brings together in turn."""
    gone: list[Span] = []
    kept: list[tuple[str, list[Span]]] = []  # the runs so far that stay, each with its character
    for run in _RUN.finditer(text):
        mark, spans = run["mark"] or "", [Span(*run.span())]
        if mark and kept and kept[-1][0] == mark:
            spans = [*kept.pop()[1], *spans]
        if mark and sum(map(len, spans)) >= (3 if mark == "'" else 2):
            gone += spans
        else:
            kept.append((mark, spans))
    return gone


def _inexact(text: Span, source: Span) -> list[Segment]:
    """Text in place of markup: all of it comes from all of `source`, also where both happen to be as long."""
    if len(text) == len(source) and len(text) > 1:
        middle = text.start + 1
        return [Segment(Span(text.start, middle), source), Segment(Span(middle, text.end), source)]
    return [Segment(text, source)]


@dataclass(frozen=True, slots=True)
class Assembled:
    """Blocks put together: the text and everything located in it, in text order."""

    text: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    anchors: tuple[Anchor, ...]
    marks: tuple[Mark, ...]
    alignment: tuple[Segment, ...]


def assemble(blocks: list[Block]) -> Assembled:
    """Join closed, non-empty blocks; headings become sections, all others paragraphs."""
    pieces: list[str] = []
    sections: list[Section] = []
    paragraphs: list[Paragraph] = []
    anchors: list[Anchor] = []
    marks: list[Mark] = []
    alignment: list[Segment] = []
    position, previous = 0, ""
    for block in blocks:
        if pieces:
            gap = "\n" if block.kind == previous and block.kind in _TIGHT else "\n\n"
            pieces.append(gap)
            position += len(gap)
        span = Span(position, position + len(block.text))
        source = block.source or Span(0, 0)
        if block.kind == "heading":
            sections.append(Section(block.text, block.level, block.section, span, source))
        else:
            identifier = f"p{len(paragraphs) + 1}"
            paragraphs.append(Paragraph(identifier, block.kind, block.section, block.text, span, source))
        anchors += [Anchor(position + a.position, a.reference) for a in block.anchors]
        marks += [Mark(position + m.position, m.label) for m in block.marks]
        alignment += [Segment(Span(position + s.text.start, position + s.text.end), s.source) for s in block.segments]
        pieces.append(block.text)
        position, previous = span.end, block.kind
    return Assembled(
        "".join(pieces), tuple(sections), tuple(paragraphs), tuple(anchors), tuple(marks), tuple(alignment)
    )
