"""Table rows of an Article → the columns they were written in.

A row's text stands alone, with its caption and headers: "Teams: Club: Leafs; League: NHL". What comes
from the row itself and what was added is recorded in `Article.alignment`, where an added piece has no
source of its own; so cells are read off exactly, never guessed from the punctuation:

    "Teams:" "Club:" "Leafs" "; " "League:" "NHL"   →   caption "Teams:", (Club:, Leafs), (League:, NHL)

Left out: writing HTML (`page.article`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.article import Article, Paragraph, Segment, Span

SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: `column` names it (its header, and which of several of that name), `lead` is what of the
    row's text goes before its `value`: separator and header. The spans of a row join without a gap."""

    column: tuple[str, int]
    lead: Span
    value: Span


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the part of its text that is the table's caption (often empty), then its cells."""

    paragraph: Paragraph
    caption: Span
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class TableGrid:
    """Rows of one table and its columns in order; a column without a header is named ""."""

    caption: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[TableRow, ...]


def tables(article: Article, paragraphs: Sequence[Paragraph]) -> list[TableGrid]:
    """The tables that a run of rows makes: one as long as the caption stays and a header is shared."""
    found: list[list[TableRow]] = []
    for paragraph in paragraphs:
        row = _row(article, paragraph)
        if not found or not _same_table(article, found[-1], row):
            found.append([])
        found[-1].append(row)
    return [
        TableGrid(rows[0].caption.of(article.text).strip().rstrip(":"), _columns(rows), tuple(rows)) for rows in found
    ]


def _row(article: Article, paragraph: Paragraph) -> TableRow:
    caption_end = paragraph.span.start
    cells: list[TableCell] = []
    names: Counter[str] = Counter()
    lead_start, label, value_start = paragraph.span.start, "", None

    def close(end: int) -> None:
        nonlocal label, value_start
        start = value_start if value_start is not None else end
        cells.append(TableCell((label, names[label]), Span(lead_start, start), Span(start, end)))
        names[label] += 1
        label, value_start = "", None

    for piece in _pieces(article, paragraph):
        words = piece.text.of(article.text)
        added = not piece.source
        if added and words == SEPARATOR:
            close(piece.text.start)
            lead_start = piece.text.start
        elif added and words.endswith(":") and value_start is None:
            if label and not cells and caption_end == paragraph.span.start:
                caption_end = lead_start = piece.text.start  # two headers in a row: the first names the table
                label = words[:-1]
            else:
                label = f"{label} {words[:-1]}".strip()
        elif value_start is None and words.strip():
            value_start = piece.text.start
    close(paragraph.span.end)
    return TableRow(paragraph, Span(paragraph.span.start, caption_end), tuple(cells))


def _pieces(article: Article, paragraph: Paragraph) -> Iterable[Segment]:
    first = bisect_left(article.alignment, paragraph.span.start, key=lambda piece: piece.text.start)
    for piece in article.alignment[first:]:
        if piece.text.start >= paragraph.span.end:
            return
        yield piece


def _same_table(article: Article, rows: Sequence[TableRow], row: TableRow) -> bool:
    if rows[0].caption.of(article.text) != row.caption.of(article.text):
        return False
    names = {cell.column for earlier in rows for cell in earlier.cells}
    return bool(names & {cell.column for cell in row.cells})


def _columns(rows: Sequence[TableRow]) -> tuple[tuple[str, int], ...]:
    """Every column of the rows; one that a row lacks stands where the others have it."""
    order: list[tuple[str, int]] = []
    for row in rows:
        place = 0
        for cell in row.cells:
            if cell.column in order:
                place = order.index(cell.column) + 1
            else:
                order.insert(place, cell.column)
                place += 1
    return tuple(order)
