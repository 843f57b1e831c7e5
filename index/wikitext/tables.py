"""Tables → rows of cells in a grid, with the headers that name them; spans over rows and columns filled in.

Reads both {| … |} and <table>; nested tables stay inside their cell. A template on a line of its own may
supply cells (`_CELLS`), or stand for itself (`Table.loose`). Left out: what a cell says (`index.wikitext.rows`),
and layout.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeGuard

from index.article import Span
from index.wikitext.call import Call
from index.wikitext.infobox import is_infobox
from index.wikitext.nodes import Code, Comment, Node, Tag, Template, Text, contents, reparse, tag_name
from index.wikitext.records import RECORDS

#: Tags that may go without a closing: the next of them ends them.
_ITEMS = frozenset("li dt dd td th tr tbody thead tfoot".split())
#: Such a tag without its closing, which the parser leaves as text inside another tag.
_UNREAD = re.compile(r"(<(?:li|dt|dd|td|th|tr)\b[^<>]*>)", re.IGNORECASE)
_MAX_SPAN = 200  # a larger rowspan or colspan is a mistake or an attack
#: Template → the cells that it begins on a line of its own: the parameters that they show, "" for an empty one.
#: Where it depends on the third parameter what a template shows, that stands after a "|".
_CELLS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("party color cell", "party colour cell"), ("",)),
    **dict.fromkeys(("party name with color", "party name with colour"), ("", "1")),
    **dict.fromkeys(("canadian party color|row", "canadian party colour|row"), ("",)),
    **dict.fromkeys(("canadian party color|row-name", "canadian party colour|row-name"), ("", "2")),
    **dict.fromkeys(("album chart", "albumchart", "single chart", "singlechart"), ("1", "2")),
}


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
    """`title` is a first row that is one cell across the table; `headers` are the rows that name the columns.

    `loose` are the templates between the cells that supply none.
    """

    caption: Code | None
    title: Row | None
    headers: tuple[Row, ...]
    rows: tuple[Row, ...]
    loose: tuple[Call, ...]


@dataclass(slots=True)
class _Written:
    """A table as it is written: cells that are not yet in their columns, each row with its source."""

    caption: Code | None = None
    rows: list[tuple[list[Cell], Span]] = field(default_factory=list)
    loose: list[Call] = field(default_factory=list)

    def add(self, cell: Cell, source: Span) -> None:
        cells, row = self.rows.pop() if self.rows else ([], source)
        cells.append(cell)
        self.rows.append((cells, Span(min(row.start, source.start), max(row.end, source.end))))


def read_table(table: Tag, span: Span) -> Table:
    """The grid of a table tag; its leading rows of header cells alone are its headers."""
    inner = contents(table, span)
    written = _Written(loose=_in_attributes(table, Span(span.start, inner.start)))
    _collect(inner, written)
    rows = _grid([(cells, source) for cells, source in written.rows if cells])
    title = rows.pop(0) if len(rows) > 1 and rows[0].names_others else None
    body = 0
    while body < len(rows) - 1 and rows[body].all_headers and not rows[body].names_others:
        body += 1
    if all(len(row.cells) == 1 for row in rows) and any(row.all_headers for row in rows[body:]):
        body = 0  # headings between the lines of one column name only what is below each
    return Table(written.caption, title, tuple(rows[:body]), tuple(rows[body:]), tuple(written.loose))


def _in_attributes(table: Tag, opening: Span) -> list[Call]:
    """The infoboxes on the line of a "{|", which are read as attributes of the table."""
    mark = len(table.wiki_markup or "")
    written = str(table)[mark : len(opening)]
    if "{{" not in written:  # as in nearly every table, which is not worth parsing again
        return []
    attributes = reparse(Code((Text(written),), opening.start + mark))
    calls = [Call.of(node, span) for node, span in attributes if isinstance(node, Template)]
    return [call for call in calls if is_infobox(call.name)]


def _collect(code: Code, written: _Written) -> None:
    """Put the caption, rows, cells and templates of a table or row in `written`, in order."""
    for node, span, inner in held(code):
        if isinstance(node, Template):
            _collect_template(Call.of(node, span), span, written)
        if not isinstance(node, Tag):
            continue
        kind = tag_name(node)
        if kind == "tr":
            written.rows.append(([], span))
            _collect(inner, written)
        elif kind in {"tbody", "thead", "tfoot"}:
            _collect(inner, written)
        elif kind == "caption" or (kind == "td" and node.wiki_markup == "|" and str(node).startswith("|+")):
            written.caption = _without_plus(inner)
        elif kind in {"td", "th"}:
            cell, below = _cut(inner)
            source = Span(span.start, max(span.end, inner.span.end))
            written.add(Cell(cell, kind == "th", _number(node, "rowspan"), _number(node, "colspan")), source)
            _collect(below, written)


def held(code: Code) -> Iterator[tuple[Node, Span, Code]]:
    """The nodes of a list or table, each with what it holds: an item or cell without its closing all up to the next."""
    nodes = deque(_with_items(code))
    while nodes:
        node, span = nodes.popleft()
        inner = contents(node, span) if isinstance(node, Tag) else Code((), span.end)
        if _is_item(node) and node.self_closing:
            following: list[Node] = []
            while nodes and not _is_item(nodes[0][0]):
                following.append(nodes.popleft()[0])
            inner = Code(tuple(following), span.end)
        yield node, span, inner


def _with_items(code: Code) -> Code:
    """The same with each of the tags in it that the parser left as text."""
    nodes: list[Node] = []
    for node in code.nodes:
        if not isinstance(node, Text):
            nodes.append(node)
            continue
        for number, piece in enumerate(_UNREAD.split(node.value)):  # text and tags take turns
            text = Text(piece)
            nodes += reparse(Code((text,), 0)).nodes if number % 2 else [text]
    return Code(tuple(nodes), code.start)


def _is_item(node: Node) -> TypeGuard[Tag]:
    return isinstance(node, Tag) and tag_name(node) in _ITEMS


def _collect_template(call: Call, span: Span, written: _Written) -> None:
    shown = _CELLS.get(call.name) or _CELLS.get(f"{call.name}|{call.raw('3')}")
    if shown is None:
        written.loose.append(call)
        return
    for name in shown:
        code = call.get(name) or Code((), span.start)
        written.add(Cell(code, header=False, rows=_spanned(call.raw("rowspan"))), span)


def _cut(code: Code) -> tuple[Code, Code]:
    """What a cell holds, and the templates on lines of their own below it that go on with the table."""
    end = place = len(code.nodes)
    while place > 1 and _goes_on(code.nodes[place - 1]):
        place -= 1
        before = code.nodes[place - 1]
        if isinstance(before, Text) and before.value.rstrip(" ").endswith("\n"):
            end = place
    if end < len(code.nodes) and not str(Code(code.nodes[:end], 0)).strip() and _name(code.nodes[end]) not in _CELLS:
        end = len(code.nodes)  # a record alone in a cell is what the cell holds
    kept = Code(code.nodes[:end], code.start)
    return kept, Code(code.nodes[end:], kept.span.end)


def _goes_on(node: Node) -> bool:
    """Whether a node at the end of a cell may belong to the table rather than to the cell."""
    if isinstance(node, Template):
        return _name(node) in _CELLS or _name(node) in RECORDS
    return isinstance(node, Comment) or (isinstance(node, Text) and not node.value.strip())


def _name(node: Node) -> str:
    return Call.of(node, Span(0, 0)).name if isinstance(node, Template) else ""


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
            return _spanned(str(attribute.value))
    return 1


def _spanned(written: str) -> int:
    """How many rows or columns an editor wrote, 1 when none."""
    digits = re.search(r"\d+", written)
    return min(max(int(digits.group()), 1), _MAX_SPAN) if digits else 1


def _without_plus(code: Code) -> Code:
    """A caption's contents begin with the "+" of its "|+"."""
    first: Node | None = code.nodes[0] if code.nodes else None
    if isinstance(first, Text) and first.value.startswith("+"):
        code = Code((Text(first.value[1:]), *code.nodes[1:]), code.start + 1)
    return code.split("|")[-1]
