"""Rows of tables and records → blocks that stand alone: "Caption: Header: cell; Header: cell".

Left out: which cells stand in a row (`tables`, `records`), and where a row stands (`walker`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.article import Span
from index.wikitext.call import Call
from index.wikitext.footnotes import is_footnote
from index.wikitext.inline import Inline, clean
from index.wikitext.nodes import Code, Template
from index.wikitext.records import PICTURES, RECORDS, Field
from index.wikitext.tables import Cell, Row, Table
from index.wikitext.templates import MARKS, TEMPLATES, is_silent
from index.wikitext.text import Block

#: A header, caption or carried-over cell that is longer than this (code points) names nothing and is not repeated.
_LONGEST_NAME = 200
#: A cell over more columns than this is a remark, and none of them names it.
_MOST_NAMES = 3

#: What a column is called, and the cells of headers that say so.
Column = tuple[str, list[Cell]]


class Rows:
    """Writes rows; what stands in a cell is written by `inline`."""

    def __init__(self, inline: Inline) -> None:
        self._inline = inline
        self._texts: dict[int, str] = {}

    def text(self, code: Code) -> str:
        """What a cell reads as; kept by its place, since a cell may stand in many rows."""
        if code.start not in self._texts:
            self._texts[code.start] = self._inline.plain(code)
        return self._texts[code.start]

    def name(self, code: Code | None) -> str:
        """What a caption, header or carried-over cell is called where it is repeated; "" when it is too long."""
        name = self.text(code) if code is not None else ""
        return name if len(name) <= _LONGEST_NAME else ""

    def says_something(self, codes: Iterable[Code]) -> bool:
        return any(re.search(r"\w", self.text(code)) for code in codes)

    def count_dropped(self, calls: Iterable[Call]) -> None:
        """Count the templates in what is not written because without them it says nothing."""
        self._inline.dropped.update(clean(call.name) for call in calls if not _is_known(call.name))

    def columns(self, table: Table) -> list[Column]:
        """For every column its name, rows of headers run together, and the cells that give it."""
        columns: list[Column] = []
        for row in table.headers:
            columns += [("", []) for _ in range(len(row.cells) - len(columns))]
            for number, cell in enumerate(row.cells):
                name, cells = columns[number]
                if not any(cell is earlier for earlier in cells):
                    columns[number] = f"{name} {self.name(cell.code)}".strip(), [*cells, cell]
        return columns

    def write(self, row: Row, columns: list[Column], caption: str, block: Block) -> None:
        """Write a table's row into `block`."""
        here = Span(row.source.start, row.source.start)
        says_something = self.says_something(cell.code for cell in row.own_cells)
        if caption and says_something:
            block.generate(f"{caption}: ", here)
        block.restart()
        # Without headers above, one at the side names what stands beside it.
        named_beside = not columns and [cell.header for cell in row.cells] == [True, False]
        shown: set[int] = set()
        for column, (cell, own) in enumerate(zip(row.cells, row.own, strict=True)):
            if id(cell) in shown:
                continue
            shown.add(id(cell))
            text = self.text(cell.code)
            if not text or not (own or len(text) <= _LONGEST_NAME):
                self._inline.write_footnotes(cell.code, block)
                if not text and own:
                    self.count_dropped(calls_in(cell.code))
                continue
            header, header_cells = _header(columns, row, cell)
            # A column without a name goes on with the one before it, as a unit does with its number.
            goes_on = 0 < column < len(columns) and columns[column - 1][0] != "" and not columns[column][0]
            block.separate(" " if goes_on else ": " if named_beside else "; ", here)
            if header and says_something and not (cell.header and header == text):
                block.generate(f"{header}: ", here)
                block.restart()
            if own:
                self._inline.write(cell.code, block)
            else:
                block.generate(text, here)
                self._inline.write_footnotes(cell.code, block)
            for header_cell in header_cells:
                self._inline.write_footnotes(header_cell.code, block)
        block.cover(row.source)

    def write_record(self, fields: list[Field], caption: str, block: Block) -> None:
        """Write a record's row into `block`: "Caption: Label: value; Label: value"."""
        start = min(code.start for field in fields for code in field if isinstance(code, Code))
        if caption:
            block.generate(f"{caption}: ", Span(start, start))
        block.restart()
        for label, code in fields:
            here = Span(code.start, code.start)
            block.separate("; ", here)
            if isinstance(label, Code):
                self._inline.write(label, block)
                if self.text(label):
                    block.separate(": ", here)
                    block.restart()
            elif label:
                block.generate(f"{label}: ", here)
                block.restart()
            self._inline.write(code, block)


def calls_in(code: Code) -> list[Call]:
    """The templates that stand in `code` itself."""
    return [Call.of(node, span) for node, span in code if isinstance(node, Template)]


def _is_known(name: str) -> bool:
    """Whether it was written elsewhere what a template carries, if it carries anything."""
    return any(name in known for known in (TEMPLATES, MARKS, RECORDS, PICTURES)) or is_silent(name) or is_footnote(name)


def _header(columns: list[Column], row: Row, cell: Cell) -> Column:
    """The names of the columns that a cell stands in, and the cells that give them; none for a remark across many."""
    above = [column for column, other in zip(columns, row.cells, strict=False) if other is cell]
    names = list(dict.fromkeys(name for name, _ in above if name))
    if len(names) > _MOST_NAMES or (len(above) == len(row.cells) and len(columns) > 1):
        return "", []
    return ", ".join(names), [cell for _, cells in above for cell in cells]
