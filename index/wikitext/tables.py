"""Tables → rows of cells in a grid, with the headers that name them; spans over rows and columns filled in.

Reads both {| … |} and <table>; nested tables stay inside their cell. Left out: what a cell says
(`index.wikitext.walker`), and layout.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from index.article import Span
from index.wikitext.nodes import Code, Node, Tag, Text, contents, tag_name

_MAX_SPAN = 200  # a larger rowspan or colspan is a mistake or an attack


@dataclass(frozen=True, slots=True)
class Cell:
    code: Code
    header: bool
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `cells[i]` is what stands in column i, `own[i]` whether it begins in this row and column."""

    cells: tuple[Cell, ...]
    own: tuple[bool, ...]
    source: Span

    @property
    def own_cells(self) -> tuple[Cell, ...]:
        """The cells that begin in this row, each once."""
        return tuple(cell for cell, own in zip(self.cells, self.own, strict=True) if own)

    @property
    def all_headers(self) -> bool:
        return all(cell.header for cell in self.cells)

    @property
    def names_others(self) -> bool:
        """Whether it is one header (or bold) cell across several columns, which names the rows below it."""
        cell = self.cells[0]
        return len(self.cells) > 1 and all(other is cell for other in self.cells) and (cell.header or _is_bold(cell))


@dataclass(frozen=True, slots=True)
class Table:
    """`title` is a first row that is one cell across the table; `headers` are the rows that name the columns."""

    caption: Code | None
    title: Row | None
    headers: tuple[Row, ...]
    rows: tuple[Row, ...]


def read_table(table: Tag, span: Span) -> Table:
    """The grid of a table tag; its leading rows of header cells alone are its headers."""
    caption: Code | None = None
    written: list[tuple[list[Cell], Span]] = []
    for kind, code, tag, row_source in _parts(contents(table, span)):
        if kind == "caption":
            caption = _without_plus(code)
        elif kind == "row":
            written.append(([], row_source))
        else:
            if not written:
                written.append(([], row_source))
            cells, source = written[-1]
            cells.append(Cell(code, kind == "th", _number(tag, "rowspan"), _number(tag, "colspan")))
            written[-1] = cells, Span(min(source.start, row_source.start), max(source.end, row_source.end))
    rows = _grid([(cells, source) for cells, source in written if cells])
    title = rows.pop(0) if len(rows) > 1 and rows[0].names_others else None
    body = 0
    while body < len(rows) - 1 and rows[body].all_headers and not rows[body].names_others:
        body += 1
    return Table(caption, title, tuple(rows[:body]), tuple(rows[body:]))


def _parts(code: Code) -> Iterator[tuple[str, Code, Tag, Span]]:
    """Captions, row starts and cells in order: (kind, contents, tag, source)."""
    for node, span in code:
        if not isinstance(node, Tag):
            continue
        kind = tag_name(node)
        inner = contents(node, span)
        if kind == "tr":
            yield "row", inner, node, span
            yield from _parts(inner)
        elif kind in {"tbody", "thead", "tfoot"}:
            yield from _parts(inner)
        elif kind == "caption" or (kind == "td" and node.wiki_markup == "|" and str(node).startswith("|+")):
            yield "caption", inner, node, span
        elif kind in {"td", "th"}:
            yield kind, inner, node, span


def _grid(written: list[tuple[list[Cell], Span]]) -> list[Row]:
    """Cells put in their columns; a cell over several rows or columns is repeated in each."""
    rows: list[Row] = []
    hanging: dict[int, tuple[Cell, int]] = {}
    for cells, source in written:
        placed: list[Cell] = []
        own: list[bool] = []
        waiting = deque(cells)
        while waiting or len(placed) in hanging:
            column = len(placed)
            if column in hanging:
                cell, left = hanging.pop(column)
                if left > 1:
                    hanging[column] = cell, left - 1
                placed.append(cell)
                own.append(False)
                continue
            cell = waiting.popleft()
            for repeat in range(cell.columns if column + cell.columns <= _MAX_SPAN else 1):
                if cell.rows > 1:
                    hanging[column + repeat] = cell, cell.rows - 1
                placed.append(cell)
                own.append(repeat == 0)
        rows.append(Row(tuple(placed), tuple(own), source))
    return rows


def _is_bold(cell: Cell) -> bool:
    nodes = [node for node in cell.code.nodes if str(node).strip()]
    return len(nodes) == 1 and isinstance(nodes[0], Tag) and tag_name(nodes[0]) in {"b", "strong"}


def _number(tag: Tag, name: str) -> int:
    for attribute in tag.attributes:
        if str(attribute.name).strip().lower() == name:
            digits = re.search(r"\d+", str(attribute.value))
            return min(max(int(digits.group()), 1), _MAX_SPAN) if digits else 1
    return 1


def _without_plus(code: Code) -> Code:
    """A caption's contents begin with the "+" of its "|+"."""
    first: Node | None = code.nodes[0] if code.nodes else None
    if isinstance(first, Text) and first.value.startswith("+"):
        code = Code((Text(first.value[1:]), *code.nodes[1:]), code.start + 1)
    return code.split("|")[-1]
