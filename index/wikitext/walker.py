"""Nodes → blocks: one walk over the wikitext that writes what a reader sees and where it came from.

Knows lines: paragraphs, list items, headings, tables, boxes, pictures. Left out: what stands in a line
(`inline`) or in a row (`rows`), offsets (`nodes`), text repair (`text`), the tables of what templates show
(`templates`, `infobox`, `records`), footnotes (`footnotes`), table grids (`tables`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TypeGuard

from index.article import Reference, Span
from index.wikitext import infobox, labels
from index.wikitext.call import Call
from index.wikitext.footnotes import is_footnote
from index.wikitext.inline import Inline, clean, copy_text
from index.wikitext.links import caption_of, file_caption
from index.wikitext.nodes import (
    Code,
    Comment,
    Heading,
    Node,
    Tag,
    Template,
    Text,
    Wikilink,
    contents,
    descend,
    heading_title,
    reparse,
    tag_name,
    unlisted,
)
from index.wikitext.records import HOLDERS, PICTURES, RECORDS, quoted
from index.wikitext.rows import Column, Rows, calls_in
from index.wikitext.tables import Row, Table, held, read_table
from index.wikitext.templates import CONTAINERS, QUOTES, TEMPLATES, is_silent
from index.wikitext.text import Block

#: Tags that begin and end a block of their own.
_BLOCK_TAGS = frozenset("blockquote div center p poem section ul ol dl table gallery hr".split())
#: Tags for a phrase; around lists, tables or paragraphs they are blocks all the same.
_PHRASE_TAGS = frozenset("small big span font i b em strong u".split())


class Walker:
    """Walks one article; `blocks` holds what was written."""

    def __init__(self, title: str, source: Code, wikitext: str) -> None:
        self.blocks: list[Block] = []
        self._inline = Inline(title, source, wikitext)
        self._rows = Rows(self._inline)
        self._section: tuple[tuple[int, str], ...] = ()
        self._open: Block | None = None
        self._table_blocks = slice(0, 0)  # where the rows of the last table stand in `blocks`

    @property
    def dropped(self) -> Counter[str]:
        """How often each template was dropped that carries no text we know."""
        return self._inline.dropped

    @property
    def references(self) -> tuple[Reference, ...]:
        return self._inline.footnotes.references

    def walk(self, code: Code) -> None:
        """Write all of `code` as blocks."""
        self._blocks(code, "paragraph")
        self._end()

    # -- blocks ---------------------------------------------------------------------------------

    @property
    def _path(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._section)

    def _block(self, kind: str) -> Block:
        """The open block, a new one of this kind when none is."""
        if self._open is None:
            self._open = Block(kind, self._path)
        return self._open

    def _end(self) -> None:
        """Close the open block and keep it if it says anything; then write the captions that waited for it."""
        block, self._open = self._open, None
        if block is not None:
            self._keep(block)
        captions, self._inline.captions = self._inline.captions, []
        for code in captions:
            self._phrase("caption", code)

    def _keep(self, block: Block) -> None:
        block.close()
        if re.search(r"\w", block.text):
            self.blocks.append(block)
        elif self.blocks and self.blocks[-1].kind != "heading":
            # A footnote alone on its line belongs to what stands before it: under a table to each of its rows.
            table = self._table_blocks
            ends_table = table.start < table.stop == len(self.blocks)
            for before in self.blocks[table if ends_table else slice(-1, None)]:
                for anchor in block.anchors:
                    before.anchor(anchor.reference)
                for mark in block.marks:
                    before.mark(mark.label)

    def _phrase(self, kind: str, code: Code) -> None:
        """Write `code` as one block of its own."""
        self._end()
        self._inline.write(code, self._block(kind))
        self._end()

    def _blocks(self, code: Code, kind: str) -> None:
        """Write `code` line by line; `kind` is what a line without a list marker is."""
        newlines = 0  # line breaks since the last thing that shows
        marker = False  # whether a list marker stands right before
        for node, span in code:
            if isinstance(node, Text):
                newlines, marker = self._lines(node.value, span.start, kind, newlines, marker)
            elif isinstance(node, Comment):
                # MediaWiki takes a line that holds only a comment away together with its line break.
                newlines = max(newlines - 1, 0)
            elif _is_list_marker(node):
                if not marker:
                    self._list_marker(node, span, newlines)
                newlines, marker = 0, True
            else:
                marker = False
                if newlines and self._open is not None and self._open.kind == "list_item":
                    self._end()
                if self._block_node(node, span, begins_line=newlines > 0):
                    newlines = 0
                elif self._open is not None or _says_something(node):
                    block = self._block(kind)
                    length = block.length
                    self._inline.write_node(node, span, block)
                    newlines = 0 if block.length > length else newlines

    def _lines(self, text: str, start: int, kind: str, newlines: int, marker: bool) -> tuple[int, bool]:
        """Write plain text; a blank line ends a paragraph, every line break a list item."""
        for number, line in enumerate(text.split("\n")):
            if number:
                start += 1
                newlines += 1
                marker = False
                if self._open is not None and (newlines > 1 or self._open.kind == "list_item"):
                    self._end()
                elif self._open is not None:
                    self._open.copy("\n", start - 1)
            if line.strip() and not _is_table_residue(line):
                newlines, marker = 0, False
                copy_text(line, start, self._block(kind))
            elif line and self._open is not None:
                self._open.copy(" ", start)
            start += len(line)
        return newlines, marker

    def _list_marker(self, node: Tag, span: Span, newlines: int) -> None:
        """Begin a list item; "; term : definition" is one."""
        same_line = not newlines and self._open is not None and self._open.kind == "list_item"
        if same_line and tag_name(node) == "dd":
            self._block("list_item").separate(": ", span)
        else:
            self._end()
            self._block("list_item")

    def _block_node(self, node: Node, span: Span, *, begins_line: bool) -> bool:
        """Write a node that is a block by itself; False when it is not."""
        if isinstance(node, Heading):
            self._heading(node, span)
        elif isinstance(node, Wikilink) and (caption := file_caption(node, span)) is not None:
            if begins_line and caption.nodes:
                self._end()  # a framed picture on a line of its own parts two paragraphs
            self._caption(caption)
        elif isinstance(node, Template):
            return self._block_template(Call.of(node, span))
        elif isinstance(node, Tag) and (tag_name(node) in _BLOCK_TAGS or _holds_blocks(node, span)):
            self._block_tag(node, span)
        else:
            return False
        return True

    def _heading(self, node: Heading, span: Span) -> None:
        self._end()
        block = Block("heading", (), level=node.level)
        self._inline.write(heading_title(node, span), block)
        block.close()
        block.cover(span)
        block.anchors.clear()
        block.marks.clear()
        if block.text:
            self._section = (*(part for part in self._section if part[0] < node.level), (node.level, block.text))
            block.section = self._path
            self.blocks.append(block)
        self._end()

    def _caption(self, code: Code) -> None:
        """A picture's caption stands before the paragraph that the picture begins, else after it."""
        if self._open is not None and self._open.length:
            self._inline.captions.append(code)
        else:
            self._phrase("caption", code)

    def _block_tag(self, node: Tag, span: Span) -> None:
        name, inner = tag_name(node), contents(node, span)
        self._end()
        if name == "table":
            self._table(read_table(node, span))
        elif name == "gallery":
            for caption in _gallery_captions(inner):
                self._phrase("caption", caption)
        elif name in {"ul", "ol", "dl"}:
            for item, _, words in held(inner):
                if isinstance(item, Tag):
                    self._blocks(words, "list_item")
                    self._end()
        else:
            self._blocks(inner, "quote" if name == "blockquote" else "paragraph")
        self._end()

    def _pictures(self, code: Code, *, links: bool) -> None:
        """Let the captions of the pictures in a cell or field wait for its end, those of [[File:…]] only if `links`."""
        captions = self._inline.captions
        for node, span in code:
            if isinstance(node, Wikilink) and links:
                captions += filter(None, [file_caption(node, span)])
            elif isinstance(node, Template):
                captions += _picture_captions(Call.of(node, span))
            elif isinstance(node, Tag) and tag_name(node) == "gallery":
                captions += _gallery_captions(contents(node, span))
            elif isinstance(node, Tag) and tag_name(node) != "ref":
                self._pictures(contents(node, span), links=links)

    # -- templates that are blocks ---------------------------------------------------------------

    def _block_template(self, call: Call) -> bool:
        name = call.name
        if infobox.is_infobox(name):
            self._end()
            self._infobox(call)
        elif name in QUOTES:
            self._end()
            self._quote(call)
        elif name in CONTAINERS:
            self._end()
            for key, code in call.parameters.items():
                if key in {"content", "text", "title"} or key.isdigit():
                    self._blocks(code, "list_item" if "list" in name else "paragraph")
                    self._end()
        elif name in HOLDERS:
            self._end()
            kind, *names = HOLDERS[name]
            if (held := call.get(*names)) is not None:
                self._blocks(held, kind)
            self._end()
        elif name in RECORDS:
            self._end()
            self._record(call)
        elif name in PICTURES:
            for code in _picture_captions(call):
                self._caption(code)
        else:
            return False
        return True

    def _quote(self, call: Call) -> None:
        words, said_by = quoted(call)
        if words is not None:
            self._blocks(words, "quote")
            self._end()
        block = self._block("quote")
        for code in said_by:
            block.separate(", ", Span(code.start, code.start))
            self._inline.write(code, block)
        self._end()

    def _record(self, call: Call) -> None:
        """Write each row that says something, then its texts as paragraphs."""
        record = RECORDS[call.name]
        call = Call(call.name, {name.lower(): code for name, code in call.parameters.items()})
        given = call.get(*record.captions)
        caption = self._rows.name(given)
        if given is not None and not caption:
            self._phrase("caption", given)
        notes = [code for name in (*record.captions, *record.notes) if (code := call.get(name)) is not None]
        before = len(self.blocks)
        for row in record.rows(call):
            fields = [(label, code) for label, code in row if self._rows.text(code)]
            self._rows.count_dropped(c for _, code in row if not self._rows.text(code) for c in calls_in(code))
            if self._rows.says_something(code for _, code in fields):
                block = self._block("table_row")
                self._rows.write_record(fields, caption or record.name, block)
                for note in notes:
                    self._inline.write_footnotes(note, block)
                self._end()
        for code in filter(None, (call.get(name) for name in record.texts)):
            self._blocks(code, "paragraph")
            self._end()
        if len(self.blocks) == before and call.get(*call.parameters) is not None:
            self.dropped[clean(call.name)] += 1

    def _infobox(self, call: Call) -> None:
        """Write every field that says something as a fact, pictures' captions as captions."""
        fields = call.parameters
        named = infobox.companions(fields)
        names = set(named.values())
        if (place := infobox.coordinates(call)) is not None:
            self._fact("Coordinates", place.positional[0].start, place)
        for field, code in fields.items():
            calls = calls_in(code)
            for inner in calls:
                if infobox.is_infobox(inner.name) or inner.name in RECORDS:
                    self._block_template(inner)
            if not infobox.is_caption(field):
                # Where a value has words, those of [[File:…]] are met when it is written.
                self._pictures(code, links=not self._inline.plain(code))
                self._end()
            if field in names or infobox.is_year(field, fields):
                continue
            if any(infobox.is_infobox(inner.name) for inner in calls):
                continue
            if infobox.is_caption(field):
                self._phrase("caption", code)
                continue
            label = self._label(call, field, named.get(field))
            if label is not None:
                notes = infobox.footnotes(field, fields)
                self._fact(label, call.starts.get(field, code.start), code, notes)

    def _label(self, box: Call, field: str, companion: str | None) -> str | None:
        """What a field is called, None when it holds no fact; `companion` is the field in which an editor says so."""
        if (of := infobox.owner(field, box.parameters)) is not None:
            what, owner = of
            return f"{what} ({self._inline.plain(owner)})"
        given = self._inline.plain(box.parameters[companion]) if companion else ""
        label = labels.label(box.name, clean(field), given)
        if label is not None and (year := infobox.year(field, box.parameters)) is not None:
            label = f"{label} ({said})" if (said := self._inline.plain(year)) else label
        return label

    def _fact(self, label: str, start: int, value: Code | Call, notes: Iterable[Code] = ()) -> None:
        """Write "Label: value" as one block from `start` on, nothing when the value says nothing.

        The value of a call is what that template shows; the footnotes in `notes` are the fact's too.
        """
        block = Block("infobox", self._path)
        block.generate(f"{label}: ", Span(start, start))
        block.restart()
        if isinstance(value, Call):
            codes = value.positional
            block.generate("".join(map(str, TEMPLATES[value.name](value))), Span(codes[0].start, codes[-1].span.end))
        elif infobox.is_fact(self._inline.plain(value)):
            self._inline.write(unlisted(value), block)
        else:
            self._rows.count_dropped(calls_in(value))
            return
        for note in notes:
            self._inline.write_footnotes(note, block)
        self._end()
        self._open = block
        self._end()

    # -- tables ----------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        if table.caption is not None:
            self._phrase("caption", table.caption)
        caption = self._rows.name(table.caption)
        if table.title is not None:
            self._row(table.title, [], caption)
            caption = _joined(caption, self._rows.name(table.title.cells[0].code))
        for cell in (cell for row in table.headers for cell in row.own_cells):
            if self._rows.text(cell.code) and not self._rows.name(cell.code):
                self._phrase("table_row", cell.code)
            else:
                self._pictures(cell.code, links=True)
        self._end()
        columns = self._rows.columns(table)
        first = len(self.blocks)
        group = ""
        for row in table.rows:
            if row.names_others and len(table.rows) > 1:
                group = self._rows.name(row.cells[0].code)
                self._row(row, [], caption)
            else:
                self._row(row, columns, _joined(caption, group))
        for call in table.loose:
            if not self._block_template(call):
                self._rows.count_dropped([call])
        self._table_blocks = slice(first, len(self.blocks))

    def _row(self, row: Row, columns: list[Column], caption: str) -> None:
        if any(_holds_rows(cell.code) for cell in row.own_cells):
            # A table of tables, records or boxes only lays them out.
            for cell in row.own_cells:
                self._blocks(cell.code, "paragraph")
                self._end()
            return
        self._rows.write(row, columns, caption, self._block("table_row"))
        for cell in row.own_cells:
            # Where a cell has words, those of [[File:…]] were met when it was written.
            self._pictures(cell.code, links=not self._rows.text(cell.code))
        self._end()


def _picture_captions(call: Call) -> list[Code]:
    """The captions in a template for pictures; none in any other."""
    return [code for key in PICTURES.get(call.name, ()) if (code := call.get(key)) is not None]


def _gallery_captions(inner: Code) -> list[Code]:
    captions = [caption_of(line.split("|")[1:]) for line in reparse(inner).split("\n")]
    return [caption for caption in captions if caption is not None]


def _joined(caption: str, group: str) -> str:
    return " > ".join(part for part in (caption, group) if part)


def _holds_blocks(node: Tag, span: Span) -> bool:
    """Whether a tag for a phrase (<small>, <span>) was put around lists, tables or paragraphs."""
    if node.wiki_markup or tag_name(node) not in _PHRASE_TAGS:
        return False
    return any(
        "\n\n" in inner.value if isinstance(inner, Text) else _is_list_marker(inner) or _is_table(inner)
        for inner, _ in contents(node, span)
    )


def _is_table(node: Node) -> bool:
    return isinstance(node, Tag) and tag_name(node) == "table"


def _holds_rows(code: Code) -> bool:
    names = [call.name for call in calls_in(code)]
    return any(name in RECORDS or infobox.is_infobox(name) for name in names) or any(
        _is_table(node) for node, _ in descend(code)
    )


def _is_list_marker(node: Node) -> TypeGuard[Tag]:
    return isinstance(node, Tag) and bool(node.wiki_markup) and tag_name(node) in {"li", "dd", "dt"}


def _says_something(node: Node) -> bool:
    """False for a node that only sets the page up or is not shown, so that it opens no block."""
    if isinstance(node, Template):
        name = Call.of(node, Span(0, 0)).name
        return is_footnote(name) or not is_silent(name)
    return not isinstance(node, Comment)


def _is_table_residue(line: str) -> bool:
    """A line of a table that was never closed, which the parser leaves as plain text."""
    return line.lstrip().startswith(("{|", "|-", "|}", "|+"))
