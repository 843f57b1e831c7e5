"""An article as frozen values: its readable text, and where every part of it lies.

Turns nothing into anything: these are the values that `index.wikitext` creates from wikitext and
`Article.from_paragraphs` from plain text. Offsets are code points, half-open, and are equations that
hold for every value here:

    article.text[paragraph.span.start:paragraph.span.end] == paragraph.text
    article.source[paragraph.source.start:paragraph.source.end]   # the wikitext of that paragraph
    article.text[sentence.span.start:sentence.span.end]           # one sentence, inside one paragraph

Left out: how text is split into passages (`index.chunking`) and anything about storage.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

from index.errors import ArticleError
from index.sentences import sentence_bounds

#: Of Wikipedia's text; plain text comes without a word on its licence.
LICENCE = "CC BY-SA 4.0"
UNKNOWN_LICENCE = "licence not stated"

#: What a paragraph can be. Facts (infobox, table_row) are one sentence each, never split.
KINDS = ("paragraph", "list_item", "table_row", "caption", "infobox", "quote")
FACT_KINDS = frozenset({"table_row", "infobox"})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: `text[start:end]`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The slice of `text` that this span names."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Reference:
    """A footnote: what it cites, and the wikitext it was written as.

    `number` counts from 1 in order of first use, notes and sources together; the page counts each group
    of notes apart ([a] beside [1]). A field the footnote does not give is None. `dead` is True where the
    wikitext says that the link no longer works. What a footnote names after its first source is `further`,
    with the same number.
    """

    number: int
    raw: str
    name: str | None = None
    authors: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    archive_url: str | None = None
    access_date: str | None = None
    pages: str | None = None
    dead: bool = False
    further: tuple[Reference, ...] = ()

    @property
    def sources(self) -> tuple[Reference, ...]:
        """All that the footnote names, in its order."""
        return (self, *self.further)

    def to_dict(self) -> dict[str, Any]:
        """All of it, JSON-ready; `Reference.from_dict` gives an equal one back."""
        return asdict(self) | {"further": [reference.to_dict() for reference in self.further]}

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Reference:
        """The reference that `to_dict` wrote."""
        return cls(**{**d, "further": tuple(map(cls.from_dict, d.get("further", ())))})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the text where a footnote marker stands."""

    position: int
    reference: Reference


@dataclass(frozen=True, slots=True)
class Mark:
    """A trust mark that editors left in the text, e.g. "citation needed"."""

    position: int
    label: str


Placed = TypeVar("Placed", Anchor, Mark)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading. `path` holds the headings from the top level down to this one, itself included."""

    title: str
    level: int
    path: tuple[str, ...]
    span: Span
    source: Span


#: The headings that end most articles, over what they rest on and lead to and not over what they say: Wikipedia's
#: "standard appendices" (Manual of Style, Layout) under the names that they usually have.
APPENDICES: Final = frozenset({
    "citations", "external links", "footnotes", "further reading", "general references", "literature cited", "notes",
    "notes and references", "references", "references and notes", "see also", "sources", "works cited",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The smallest thing a citation leads to: a paragraph, list item, table row, caption or fact.

    `id` is unique in its article ("p1", "p2", … in reading order). `section` is the path of
    headings above it, empty in the lead. `source` spans its wikitext, footnotes included.
    """

    id: str
    kind: str
    section: tuple[str, ...]
    text: str
    span: Span
    source: Span

    @property
    def appended(self) -> bool:
        """Whether it stands in one of the article's appendices: a source, a link, a book about the subject."""
        return bool(self.section) and self.section[0].casefold() in APPENDICES


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, the footnotes that follow it and the trust marks that stand in it."""

    span: Span
    source: Span
    paragraph: Paragraph
    references: tuple[Reference, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text and the piece of source it came from; equal lengths map code point by code point."""

    text: Span
    source: Span


@dataclass(frozen=True)
class Article:
    """An article's readable `text`, its `source`, and everything located in both.

    `sections`, `paragraphs` and `sentences` are in reading order; `references` in order of number.
    `alignment` maps text to source piece by piece. `dropped` counts templates that carry no text
    or are unknown, by name. `page_url` is the live article, None for text that is not from Wikipedia.
    """

    title: str
    text: str
    source: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    references: tuple[Reference, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    marks: tuple[Mark, ...] = ()
    alignment: tuple[Segment, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    page_url: str | None = None
    revision: str | None = None
    licence: str = LICENCE

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the source, hex: pins the article that an answer was proven against."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [s.span.start for s in self.sentences]

    def sentences_in(self, span: Span) -> tuple[Sentence, ...]:
        """The sentences that overlap `span`, in order."""
        i = max(bisect_right(self._sentence_starts, span.start) - 1, 0)
        found = []
        while i < len(self.sentences) and self.sentences[i].span.start < span.end:
            if self.sentences[i].span.overlaps(span):
                found.append(self.sentences[i])
            i += 1
        return tuple(found)

    def source_span(self, span: Span) -> Span:
        """The span of `source` that the text in `span` came from.

        Raises ValueError when no part of `span` has a source (it is between paragraphs).
        """
        return source_hull(self.alignment, span)

    @classmethod
    def from_paragraphs(cls, title: str, paragraphs: Sequence[str]) -> Article:
        """An article from plain text, one paragraph an item; its source is that text.

        Raises ArticleError when there is no text in it.
        """
        if isinstance(paragraphs, str):
            raise ArticleError("paragraphs is one string; give a list with one string for each paragraph")
        kept = [p.strip() for p in paragraphs if p.strip()]
        if not kept:
            raise ArticleError(f"article {title!r} is empty: give at least one paragraph with text in it")
        text = "\n\n".join(kept)
        check_characters(text, title)
        blocks, position = [], 0
        for number, paragraph in enumerate(kept, 1):
            span = Span(position, position + len(paragraph))
            blocks.append(Paragraph(f"p{number}", "paragraph", (), paragraph, span, span))
            position = span.end + 2
        alignment = (Segment(Span(0, len(text)), Span(0, len(text))),)
        return cls(
            title=title,
            text=text,
            source=text,
            sections=(),
            paragraphs=tuple(blocks),
            sentences=split_sentences(blocks, alignment),
            alignment=alignment,
            licence=UNKNOWN_LICENCE,
        )

    def to_dict(self) -> dict[str, Any]:
        """All of it, JSON-ready; `Article.from_dict` gives an equal article back."""
        paragraph_index = {p.id: i for i, p in enumerate(self.paragraphs)}
        return {
            "title": self.title,
            "text": self.text,
            "source": self.source,
            "page_url": self.page_url,
            "revision": self.revision,
            "licence": self.licence,
            "dropped": dict(self.dropped),
            "references": [r.to_dict() for r in self.references],
            "anchors": [[a.position, a.reference.number] for a in self.anchors],
            "marks": [[m.position, m.label] for m in self.marks],
            "alignment": [[s.text.start, s.text.end, s.source.start, s.source.end] for s in self.alignment],
            "sections": [[s.title, s.level, s.path, *_pair(s)] for s in self.sections],
            "paragraphs": [[p.id, p.kind, p.section, *_pair(p)] for p in self.paragraphs],
            "sentences": [
                [paragraph_index[s.paragraph.id], *_pair(s), [r.number for r in s.references], s.marks]
                for s in self.sentences
            ],
        }

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Article:
        """The article that `to_dict` wrote."""
        text = d["text"]
        references = tuple(map(Reference.from_dict, d["references"]))
        paragraphs = tuple(
            Paragraph(pid, kind, tuple(section), text[a:b], Span(a, b), Span(c, e))
            for pid, kind, section, a, b, c, e in d["paragraphs"]
        )
        return cls(
            title=d["title"],
            text=text,
            source=d["source"],
            page_url=d["page_url"],
            revision=d["revision"],
            licence=d["licence"],
            dropped=dict(d["dropped"]),
            references=references,
            anchors=tuple(Anchor(position, references[n - 1]) for position, n in d["anchors"]),
            marks=tuple(Mark(position, label) for position, label in d["marks"]),
            alignment=tuple(Segment(Span(a, b), Span(c, e)) for a, b, c, e in d["alignment"]),
            sections=tuple(
                Section(title, level, tuple(path), Span(a, b), Span(c, e))
                for title, level, path, a, b, c, e in d["sections"]
            ),
            paragraphs=paragraphs,
            sentences=tuple(
                Sentence(Span(a, b), Span(c, e), paragraphs[p], tuple(references[n - 1] for n in numbers), tuple(marks))
                for p, a, b, c, e, numbers, marks in d["sentences"]
            ),
        )


def check_characters(text: str, title: str) -> None:
    """Raises ArticleError when `text` has half of a character in it, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(f"{title!r} has half a character (a surrogate) at {error.start}: decode it anew") from error


def split_sentences(
    paragraphs: Iterable[Paragraph],
    alignment: Sequence[Segment],
    anchors: Sequence[Anchor] = (),
    marks: Sequence[Mark] = (),
) -> tuple[Sentence, ...]:
    """The sentences of `paragraphs`, each with the footnotes and marks that follow it.

    A footnote belongs to the last sentence of its paragraph that starts before the footnote's
    place: "A.[1] B.[2]" gives A the first and B the second, and so does "A. [1]B.[2]".
    """
    sentences: list[Sentence] = []
    for paragraph in paragraphs:
        base = paragraph.span.start
        if paragraph.kind in FACT_KINDS:
            bounds = [(0, len(paragraph.text))]
        else:
            noted = {anchor.position - base for anchor in _between(anchors, base, paragraph.span.end)}
            bounds = sentence_bounds(paragraph.text, noted)
        spans = [Span(base + start, base + end) for start, end in bounds]
        for i, span in enumerate(spans):
            low = span.start if i else base - 1
            high = spans[i + 1].start if i + 1 < len(spans) else paragraph.span.end
            followed = (anchor.reference for anchor in _between(anchors, low, high))
            marked = (mark.label for mark in _between(marks, low, high))
            source = source_hull(alignment, span)
            sentences.append(
                Sentence(span, source, paragraph, tuple(dict.fromkeys(followed)), tuple(dict.fromkeys(marked)))
            )
    return tuple(sentences)


def _between(places: Sequence[Placed], low: int, high: int) -> Sequence[Placed]:
    """Those of `places`, which are in order, that stand after `low` and not after `high`."""
    first = bisect_right(places, low, key=lambda place: place.position)
    return places[first : bisect_right(places, high, lo=first, key=lambda place: place.position)]


def source_hull(alignment: Sequence[Segment], span: Span) -> Span:
    """The smallest source span that holds the source of every code point in `span`."""
    i = bisect_right(alignment, span.start, key=lambda s: s.text.end)
    starts, ends = [], []
    while i < len(alignment) and alignment[i].text.start < span.end:
        text, source = alignment[i].text, alignment[i].source
        exact = len(text) == len(source)
        starts.append(source.start + max(span.start - text.start, 0) if exact else source.start)
        ends.append(source.end - max(text.end - span.end, 0) if exact else source.end)
        i += 1
    if not starts:
        raise ValueError(f"text {span.start}:{span.end} has no source")
    return Span(min(starts), max(ends))


def _pair(located: Section | Paragraph | Sentence) -> tuple[int, int, int, int]:
    return located.span.start, located.span.end, located.source.start, located.source.end
