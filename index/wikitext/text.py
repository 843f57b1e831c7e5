"""Pieces → an article's text, recording while it is built where every piece came from.

A block (paragraph, list item, row …) collects pieces: copied from the source code point by code
point, or generated in place of some markup. White space is collapsed while writing; a block ends
with the cosmetic repairs that a dropped template calls for ("word ()" → "word"). Nothing is searched
for afterwards. Left out: what any piece of markup means (`index.wikitext.walker`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.article import Anchor, Mark, Paragraph, Reference, Section, Segment, Span

_WORDS = re.compile(r"\s+|\S+")
#: Kinds whose blocks stand on consecutive lines; all others are set apart by a blank line.
_TIGHT = frozenset({"list_item", "table_row", "infobox"})


@dataclass(slots=True)
class Block:
    """One block under construction; positions inside it count from its own start."""

    kind: str
    section: tuple[str, ...]
    level: int = 0
    text: str = ""
    segments: list[Segment] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    holes: list[int] = field(default_factory=list)
    source: Span | None = None
    _pending: tuple[str, Span] | None = None
    _fresh: int = 0

    def copy(self, text: str, start: int) -> None:
        """Append `text`, which stands at `start` in the source, with its white space collapsed."""
        for match in _WORDS.finditer(text):
            piece, source = match.group(), Span(start + match.start(), start + match.end())
            if piece.isspace():
                if self._pending is None:
                    self._pending = (" ", source)
            else:
                self._repair_missing_space(piece, source)
                self._append(piece, source)

    def generate(self, text: str, source: Span) -> None:
        """Append `text` that stands in place of the markup in `source`."""
        if text.isspace():
            self._pending = self._pending or (" ", source)
        elif text:
            lead = text[: len(text) - len(text.lstrip())]
            if lead:
                self._pending = self._pending or (" ", Span(source.start, source.start))
            self._append(text.strip(), source)
            if text[-1].isspace():
                self._pending = (" ", Span(source.end, source.end))

    def separate(self, mark: str, source: Span) -> None:
        """Put `mark` before what comes next, if something stands before it and something follows."""
        self._pending = (mark, source)

    def restart(self) -> None:
        """What comes next stands at the start of a value: no separator or space before it."""
        self._flush()
        self._fresh = len(self.text)

    def anchor(self, reference: Reference, source: Span) -> None:
        self.anchors.append(Anchor(len(self.text), reference))
        self.cover(source)

    def mark(self, label: str, source: Span) -> None:
        self.marks.append(Mark(len(self.text), label))
        self.cover(source)

    def hole(self) -> None:
        """Remember that a template was dropped here, so that what it leaves around it can be repaired."""
        self.holes.append(len(self.text))

    def cover(self, source: Span) -> None:
        """Count `source` as part of this block's wikitext."""
        old = self.source
        self.source = source if old is None else Span(min(old.start, source.start), max(old.end, source.end))

    def close(self) -> None:
        """Drop what is pending and repair the surroundings of dropped templates, last one first."""
        self._pending = None
        for hole in reversed(self.holes):
            before = self.text[:hole].rstrip(" ,;:")
            after = self.text[hole:].lstrip(" ,;:")
            if before.endswith("(") and after.startswith(")"):
                self._delete(Span(len(before[:-1].rstrip()), len(self.text) - len(after) + 1))
            elif before.endswith("("):
                self._delete(Span(len(before), len(self.text) - len(after)))
            elif self.text[hole:].lstrip()[:1] in {",", ")", "."}:
                self._delete(Span(len(self.text[:hole].rstrip()), len(self.text) - len(self.text[hole:].lstrip())))

    def _append(self, text: str, source: Span) -> None:
        self._flush()
        self._write(text, source)
        self.cover(source)

    def _flush(self) -> None:
        if self._pending is not None and len(self.text) > self._fresh:
            self._write(*self._pending)
        self._pending = None

    def _write(self, text: str, source: Span) -> None:
        span = Span(len(self.text), len(self.text) + len(text))
        self.text += text
        last = self.segments[-1] if self.segments else None
        if last and last.source.end == source.start and len(last.text) == len(last.source) and len(text) == len(source):
            self.segments[-1] = Segment(Span(last.text.start, span.end), Span(last.source.start, source.end))
        else:
            self.segments.append(Segment(span, source))

    def _repair_missing_space(self, piece: str, source: Span) -> None:
        # Editors write "first.<ref/>Second": the footnote parts the sentences on the page, so a space does here.
        follows_footnote = bool(self.anchors) and self.anchors[-1].position == len(self.text)
        if follows_footnote and self._pending is None and self.text[-1:] in {".", "!", "?", '"'} and piece[0].isupper():
            self._pending = (" ", Span(source.start, source.start))

    def _delete(self, gone: Span) -> None:
        if gone.start >= gone.end:
            return

        def moved(position: int) -> int:
            return position - max(0, min(position, gone.end) - gone.start)

        self.text = self.text[: gone.start] + self.text[gone.end :]
        segments = []
        for segment in self.segments:
            for part in (Span(segment.text.start, gone.start), Span(gone.end, segment.text.end)):
                kept = Span(max(part.start, segment.text.start), min(part.end, segment.text.end))
                if kept.start >= kept.end:
                    continue
                source = segment.source
                if len(segment.text) == len(source):
                    shift = source.start - segment.text.start
                    source = Span(kept.start + shift, kept.end + shift)
                segments.append(Segment(Span(moved(kept.start), moved(kept.end)), source))
        self.segments = segments
        self.anchors = [Anchor(moved(a.position), a.reference) for a in self.anchors]
        self.marks = [Mark(moved(m.position), m.label) for m in self.marks]


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
