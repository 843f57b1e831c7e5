"""Nodes → blocks: one walk over the wikitext that writes what a reader sees and where it came from.

Two modes: `blocks` knows lines (paragraphs, list items, headings, tables, boxes), `inline` writes into
the open block. Left out: offsets (`nodes`), text repair (`text`), the tables of what templates show
(`templates`, `infobox`), footnotes (`footnotes`), table grids (`tables`).
"""

from __future__ import annotations

import html
import re
from collections import Counter

from index.article import Span
from index.wikitext import infobox
from index.wikitext.balance import MASK
from index.wikitext.footnotes import Footnotes, is_citation, is_short_footnote
from index.wikitext.nodes import (
    Argument,
    Code,
    Comment,
    ExternalLink,
    Heading,
    HTMLEntity,
    Node,
    Tag,
    Template,
    Text,
    Wikilink,
    contents,
    descend,
    heading_title,
    link_label,
    url_label,
)
from index.wikitext.tables import Cell, Row, Table, read_table
from index.wikitext.templates import MARKS, TEMPLATES, WRAPPING_MARKS, Call, is_silent
from index.wikitext.text import Block

#: Markup that an editor left unbalanced, so that it stands in plain text.
_RESIDUE = re.compile(
    rf"{MASK}+|"
    r"\[\[|\]\]|\{\{+|\}\}+|'{2,}|\{\||\|\}|__[A-Z]{3,}__|\[(?=https?://)"
    r"|</?(?:ref|references|nowiki|noinclude|includeonly|onlyinclude|gallery|blockquote|small|big|div|span|center|font"
    r"|sup|sub|p|b|i|u|s|del|ins|table|tr|td|th|tbody|li|ul|ol|dl|dd|dt|br|hr|poem|code|tt|cite|abbr|em|strong|section)"
    r"\b[^<>]*>?",
    re.IGNORECASE,
)
_FILES = frozenset("file image datei bild fichier archivo imagen ficheiro bestand plik fil tiedosto файл ファイル "
                   "文件 檔案 파일 immagine attēls súbor soubor kép dosya media".split())  # fmt: skip
_CATEGORIES = frozenset("category kategorie catégorie categoría categoria categorie kategori luokka категория 分类 "
                        "分類 kategoria kategória".split())  # fmt: skip
_FILE_OPTION = re.compile(
    r"^\s*(?:thumb|thumbnail|mini|miniatur|vignette|frame|framed|frameless|border|left|right|center|centre|none|links"
    r"|rechts|zentriert|gauche|droite|upright|hochkant|baseline|middle|top|bottom|text-top|text-bottom|super|sub"
    r"|gerahmt|rahmenlos|\d*(?:x\d+)?\s*px|[\w-]+\s*=[^|]*)\s*$",
    re.IGNORECASE,
)
_SHOWN_FILE = re.compile(
    r"^\s*(?:thumb|thumbnail|mini|miniatur|vignette|frame|framed|gerahmt)\s*(?:=|$)", re.IGNORECASE
)
#: Tags whose inside is not text of the article.
_HIDDEN_TAGS = frozenset("references style script templatestyles timeline imagemap score graph mapframe maplink "
                         "includeonly hiero indicator math_ chem_ section languages".split())  # fmt: skip
#: Tags that begin and end a block of their own.
_BLOCK_TAGS = frozenset("blockquote div center p poem section ul ol dl table".split())
_SUPERSCRIPT = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_QUOTES = frozenset({"quote", "cquote", "blockquote", "quotation", "quote box", "pull quote", "rquote", "quote frame",
                     "centered pull quote", "bquote", "poemquote", "poem quote"})  # fmt: skip
#: Templates that hold paragraphs or lists rather than a phrase.
_CONTAINERS = frozenset({"columns-list", "div col content", "hidden", "collapsed section", "multicol content",
                         "collapsible list", "col-list", "columns list"})  # fmt: skip


class Walker:
    """Walks one article; `blocks` holds what was written, `dropped` what carried no text we know."""

    def __init__(self, title: str, source: Code) -> None:
        self.blocks: list[Block] = []
        self.dropped: Counter[str] = Counter()
        self.title = title
        self._section: tuple[tuple[int, str], ...] = ()
        self._open: Block | None = None
        self._later: list[tuple[str, Code]] = []
        self._depth = 0
        self.footnotes = Footnotes(source, self.plain)

    def walk(self, code: Code) -> None:
        """Write all of `code` as blocks."""
        self._blocks(code, "paragraph")
        self._end()

    def plain(self, code: Code) -> str:
        """What `code` reads as, without any markup or footnote."""
        outer, self._open = self._open, Block("plain", ())
        marks, dropped = self.dropped.copy(), self._later
        self._later = []
        try:
            for node, span in code:
                if not (isinstance(node, Tag) and _name(node) == "ref"):
                    self._inline_node(node, span)
            self._open.close()
            return self._open.text
        finally:
            self._open, self.dropped, self._later = outer, marks, dropped

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
            block.close()
            if re.search(r"\w", block.text):
                self.blocks.append(block)
            elif self.blocks and (block.anchors or block.marks):
                self._hand_over(block)
        later, self._later = self._later, []
        for kind, code in later:
            self._phrase(kind, code)

    def _hand_over(self, empty: Block) -> None:
        # A footnote alone on its line belongs to what stands before it.
        last = self.blocks[-1]
        for anchor in empty.anchors:
            last.anchor(anchor.reference, last.source or Span(0, 0))
        for mark in empty.marks:
            last.mark(mark.label, last.source or Span(0, 0))

    def _phrase(self, kind: str, code: Code) -> None:
        """Write `code` as one block of its own."""
        self._end()
        self._block(kind)
        self._inline(code)
        self._end()

    def _blocks(self, code: Code, kind: str) -> None:
        """Write `code` line by line; `kind` is what a line without a list marker is."""
        newlines, marker = 0, False
        for node, span in code:
            if isinstance(node, Text):
                newlines, marker = self._lines(node.value, span.start, kind, newlines, marker)
                continue
            if isinstance(node, Comment):
                # MediaWiki takes a line that holds only a comment away together with its line break.
                newlines = min(newlines, 1)
                continue
            if isinstance(node, Tag) and node.wiki_markup and _name(node) in {"li", "dd", "dt"}:
                if not marker:
                    self._end()
                    self._open = Block("list_item", self._path)
                newlines, marker = 0, True
                continue
            marker = False
            if newlines and self._open is not None and self._open.kind == "list_item":
                self._end()
            if self._block_node(node, span):
                newlines = 0
                continue
            before = len(self._open.text) if self._open is not None else 0
            if self._is_visible(node) and self._open is None:
                self._block(kind)
            if self._open is None and not self._says_something(node):
                continue
            self._block(kind)
            self._inline_node(node, span)
            if self._open is not None and len(self._open.text) > before:
                newlines = 0

    def _lines(self, text: str, start: int, kind: str, newlines: int, marker: bool) -> tuple[int, bool]:
        """Write plain text; a blank line ends a paragraph, every line break a list item or heading."""
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
                self._block(kind)
                self._copy(line, start)
            elif line and self._open is not None:
                self._open.copy(" ", start)
            start += len(line)
        return newlines, marker

    @staticmethod
    def _is_visible(node: Node) -> bool:
        return isinstance(node, ExternalLink | HTMLEntity)

    @staticmethod
    def _says_something(node: Node) -> bool:
        """False for a template that only sets the page up, so that it opens no block."""
        return not (isinstance(node, Template) and is_silent(Call.of(node, Span(0, 0)).name))

    def _block_node(self, node: Node, span: Span) -> bool:
        """Write a node that is a block by itself; False when it is not."""
        if isinstance(node, Heading):
            self._heading(node, span)
        elif isinstance(node, Wikilink) and _file_caption(node, span) is not None:
            self._caption(node, span)
        elif isinstance(node, Template):
            return self._block_template(Call.of(node, span), span)
        elif isinstance(node, Tag) and _name(node) in _BLOCK_TAGS | {"gallery", "hr"}:
            self._block_tag(node, span)
        else:
            return False
        return True

    def _heading(self, node: Heading, span: Span) -> None:
        self._end()
        title = heading_title(node, span)
        self._section = tuple(part for part in self._section if part[0] < node.level)
        block = Block("heading", (), level=node.level)
        self._open = block
        self._inline(title)
        self._open = None
        block.close()
        block.cover(span)
        if block.text:
            self._section += ((node.level, block.text),)
            block.section = self._path
            block.anchors.clear()
            self.blocks.append(block)

    def _caption(self, node: Wikilink, span: Span) -> None:
        code = _file_caption(node, span)
        if code is None or not str(code).strip():
            return
        if self._open is not None and self._open.text:
            self._later.append(("caption", code))
        else:
            self._phrase("caption", code)

    def _block_tag(self, node: Tag, span: Span) -> None:
        name, inner = _name(node), contents(node, span)
        self._end()
        if name == "table":
            self._table(read_table(node, span))
        elif name == "gallery":
            self._gallery(inner)
        elif name in {"ul", "ol", "dl"}:
            for item, item_span in inner:
                if isinstance(item, Tag):
                    self._blocks(contents(item, item_span), "list_item")
                    self._end()
        else:
            self._blocks(inner, "quote" if name == "blockquote" else "paragraph")
        self._end()

    def _gallery(self, code: Code) -> None:
        for line in code.split("\n"):
            _, *rest = line.split("|")
            captions = [part for part in rest if not _FILE_OPTION.match(str(part))]
            if captions:
                self._phrase("caption", captions[-1])

    def _block_template(self, call: Call, span: Span) -> bool:
        name = call.name
        if infobox.is_infobox(name):
            self._end()
            self._infobox(call)
        elif name in _QUOTES:
            self._end()
            for piece in TEMPLATES[name](call):
                if isinstance(piece, Code):
                    self._blocks(piece, "quote")
                    self._end()
            said_by = call.get("author", "source", "sign", "cite", *(["2"] if name != "quote box" else []))
            if said_by is not None:
                self._phrase("quote", said_by)
        elif name in _CONTAINERS:
            self._end()
            for key, code in call.parameters.items():
                if key in {"1", "2", "content", "text", "title"} or key.isdigit():
                    self._blocks(code, "list_item" if "list" in name else "paragraph")
                    self._end()
        elif name in {"multiple image", "wide image", "panorama", "tall image", "annotated image", "css image crop"}:
            keys = ["header", "caption", "footer", "description", "3", *(f"caption{n}" for n in range(1, 20))]
            for code in filter(None, (call.get(key) for key in keys)):
                self._later.append(("caption", code))
            if self._open is None:
                self._end()
        else:
            return False
        return True

    def _infobox(self, call: Call) -> None:
        """Write every field that says something as a fact, pictures' captions as captions."""
        titles = {infobox.companion(field, call.parameters): field for field in call.parameters}
        named = {field: title for title, field in titles.items() if title is not None}
        for field, code in call.parameters.items():
            boxes = [c for c in _calls(code) if infobox.is_infobox(c.name)]
            for box in boxes:
                self._infobox(box)
            if boxes or field in titles:
                continue
            if infobox.is_caption(field):
                self._phrase("caption", code)
                continue
            given = self.plain(call.parameters[named[field]]) if field in named else ""
            label = infobox.label(call.name, field, given)
            if label is not None:
                self._fact(label, field, code)

    def _fact(self, label: str, field: str, code: Code) -> None:
        """Write "Label: value" as one block, nothing when the value says nothing."""
        if not infobox.is_fact(self.plain(code)):
            self.dropped.update(c.name for c in _calls(code) if not is_silent(c.name))
            return
        block = self._open = Block("infobox", self._path)
        before = code.start - len(field)
        block.generate(f"{label}: ", Span(before, before))
        block.restart()
        self._inline(code)
        self._end()

    def _table(self, table: Table) -> None:
        caption = self.plain(table.caption) if table.caption is not None else ""
        if table.caption is not None:
            self._phrase("caption", table.caption)
        headers = self._column_headers(table)
        group = ""
        for row in table.rows:
            distinct = [cell for cell, own in zip(row.cells, row.own, strict=True) if own]
            if len(distinct) == 1 and len(row.cells) > 1 and len(table.rows) > 1:
                # One cell across the table names the rows below it.
                group = self.plain(distinct[0].code)
            self._row(row, headers, " > ".join(part for part in (caption, group) if part))

    def _column_headers(self, table: Table) -> list[str]:
        headers: list[str] = []
        for row in table.headers:
            for column, cell in enumerate(row.cells):
                while len(headers) <= column:
                    headers.append("")
                text = self.plain(cell.code)
                if text and not headers[column].endswith(text):
                    headers[column] = f"{headers[column]} {text}".strip()
        return headers

    def _row(self, row: Row, headers: list[str], caption: str) -> None:
        """Write one row so that it stands alone: "Caption: Header: cell; Header: cell"."""
        if any(own and _holds_table(cell.code) for cell, own in zip(row.cells, row.own, strict=True)):
            # A table of tables only lays them out.
            for cell, own in zip(row.cells, row.own, strict=True):
                if own:
                    self._blocks(cell.code, "paragraph")
                    self._end()
            return
        block = self._open = Block("table_row", self._path)
        here = Span(row.source.start, row.source.start)
        shown: list[Cell] = []
        if caption:
            block.generate(f"{caption}: ", here)
        block.restart()
        for column, (cell, own) in enumerate(zip(row.cells, row.own, strict=True)):
            if any(cell is earlier for earlier in shown):
                continue
            shown.append(cell)
            text = self.plain(cell.code)
            if not text:
                if own:
                    self._footnotes_of(cell.code)
                continue
            block.separate("; ", here)
            header = headers[column] if column < len(headers) and len(row.cells) > 1 else ""
            if header and header != text:
                block.generate(f"{header}: ", here)
                block.restart()
            if own:
                self._inline(cell.code)
            else:
                block.generate(text, here)
        block.cover(row.source)
        self._end()

    def _footnotes_of(self, code: Code) -> None:
        for node, span in code:
            if isinstance(node, Tag) and _name(node) == "ref":
                self._inline_node(node, span)

    # -- inline ---------------------------------------------------------------------------------

    def _inline(self, code: Code) -> None:
        for node, span in code:
            self._inline_node(node, span)

    def _inline_node(self, node: Node, span: Span) -> None:
        block = self._block("paragraph")
        length = len(block.text)
        if isinstance(node, Text):
            self._copy(node.value, span.start)
        elif isinstance(node, Wikilink):
            self._link(node, span)
        elif isinstance(node, ExternalLink):
            label = url_label(node, span)
            if label is not None:
                self._inline(label)
        elif isinstance(node, Tag):
            self._tag(node, span)
        elif isinstance(node, Template):
            self._template(Call.of(node, span), span, str(node))
        elif isinstance(node, HTMLEntity):
            block.generate(html.unescape(str(node)).replace("\xa0", " "), span)
        elif isinstance(node, Heading):
            self._inline(heading_title(node, span))
        elif isinstance(node, Argument) and node.default is not None:
            block.generate(str(node.default).strip(), span)
        if len(block.text) > length:
            block.cover(span)

    def _copy(self, text: str, start: int) -> None:
        """Copy plain text, without the markup that an editor left unbalanced in it."""
        block = self._block("paragraph")
        position = 0
        for match in _RESIDUE.finditer(text):
            block.copy(text[position : match.start()], start + position)
            position = match.end()
        block.copy(text[position:], start + position)

    def _link(self, node: Wikilink, span: Span) -> None:
        target = str(node.title).strip()
        namespace = target.partition(":")[0].strip().lower() if ":" in target else ""
        if _file_caption(node, span) is not None:
            self._caption(node, span)
        elif namespace in _CATEGORIES or _is_language_link(target):
            return
        else:
            label = link_label(node, span)
            first = label.nodes[0] if label.nodes else None
            if isinstance(first, Text) and first.value.startswith(":"):
                label = Code((Text(first.value[1:]), *label.nodes[1:]), label.start + 1)
            self._inline(label)

    def _tag(self, node: Tag, span: Span) -> None:
        name, inner, block = _name(node), contents(node, span), self._block("paragraph")
        if name == "ref":
            if block.kind != "plain":
                block.anchor(self.footnotes.of_tag(node, inner), span)
        elif name in {"br", "hr"}:
            block.separate(", " if block.kind in {"infobox", "table_row"} else " ", span)
        elif name in _HIDDEN_TAGS:
            return
        elif name in {"li", "dd", "dt"} and node.self_closing:
            block.separate(", ", span)
        elif name == "table":
            self._nested_table(read_table(node, span), span)
        elif name in {"sup", "sub"}:
            self._raised(name, inner)
        elif name in {"nowiki", "math", "pre", "syntaxhighlight", "source", "code", "chem", "ce"}:
            self._copy(str(inner), inner.start)
        else:
            if name == "gallery":
                return
            if name in {"li", "p", "div", "tr", "td"}:
                block.separate(", " if name == "li" else " ", Span(span.start, span.start))
            self._inline(inner)

    def _raised(self, name: str, code: Code) -> None:
        digits = str(code).strip()
        table = _SUPERSCRIPT if name == "sup" else _SUBSCRIPT
        if re.fullmatch(r"[-+−]?\d{1,3}|n", digits) and self._open is not None:
            self._open.generate(digits.translate(table), code.span)
        else:
            self._inline(code)

    def _nested_table(self, table: Table, span: Span) -> None:
        for row in (*table.headers, *table.rows):
            for cell, own in zip(row.cells, row.own, strict=True):
                if own:
                    self._block("paragraph").separate("; ", Span(span.start, span.start))
                    self._inline(cell.code)

    def _template(self, call: Call, span: Span, raw: str) -> None:
        name, block = call.name, self._block("paragraph")
        footnote = self._footnote_template(call, raw) if block.kind != "plain" else None
        if footnote is not None:
            block.anchor(footnote, span)
        elif name in MARKS:
            if block.kind != "plain":
                block.mark(MARKS[name], span)
            if name in WRAPPING_MARKS and (wrapped := call.get("text", "1")) is not None:
                self._inline(wrapped)
        elif name in TEMPLATES:
            self._render(call, span)
        elif is_citation(name) and block.kind != "plain":
            self._citation(call, span)
        elif name in {"pagename", "fullpagename", "subpagename"}:
            block.generate(self.title, span)
        elif name in _CONTAINERS or infobox.is_infobox(name):
            for code in filter(None, (call.get("title"), *call.positional)):
                block.separate(", ", Span(code.start, code.start))
                self._inline(code)
        else:
            block.hole()
            if not is_silent(name) and not is_citation(name) and not _is_footnote_template(name):
                self.dropped[name] += 1

    def _render(self, call: Call, span: Span) -> None:
        block = self._block("paragraph")
        length = len(block.text)
        for piece in TEMPLATES[call.name](call):
            if isinstance(piece, Code):
                self._inline(piece)
            elif piece == ", ":
                block.separate(", ", Span(span.start, span.start))
            else:
                block.generate(_RESIDUE.sub("", html.unescape(piece)).replace("\xa0", " "), span)
        if len(block.text) == length:
            block.hole()

    def _citation(self, call: Call, span: Span) -> None:
        """A source listed in the text itself (a bibliography): authors (date). Title. Publisher."""
        fields = self.footnotes.describe(call)
        pieces = [
            fields["authors"],
            f"({fields['date']})" if fields["date"] else None,
            fields["title"],
            fields["publisher"],
        ]
        shown = ". ".join(piece.rstrip(".") for piece in pieces if piece)
        block = self._block("paragraph")
        block.generate(_RESIDUE.sub("", shown).replace(". (", " (", 1), span)

    def _footnote_template(self, call: Call, raw: str):  # type: ignore[no-untyped-def]
        if is_short_footnote(call.name):
            return self.footnotes.of_short(raw, call)
        if call.name in {"efn", "refn", "efn-ua", "efn-lr", "#tag:ref"} and (code := call.get("1")) is not None:
            return self.footnotes.of_text(raw, code)
        if call.name in {"r", "rp name"} and call.raw("1"):
            return self.footnotes.named(call.raw("1"), raw)
        return None


def _calls(code: Code) -> list[Call]:
    """The templates that stand in `code` itself."""
    return [Call.of(node, span) for node, span in code if isinstance(node, Template)]


def _holds_table(code: Code) -> bool:
    return any(isinstance(node, Tag) and _name(node) == "table" for node, _ in descend(code))


def _is_footnote_template(name: str) -> bool:
    return is_short_footnote(name) or name in {"efn", "refn", "r", "rp", "efn-ua", "efn-lr"}


def _name(tag: Tag) -> str:
    return str(tag.tag).strip().lower()


def _is_table_residue(line: str) -> bool:
    """A line of a table that was never closed, which the parser leaves as plain text."""
    return line.lstrip().startswith(("{|", "|-", "|}", "|+"))


def _is_language_link(target: str) -> bool:
    return re.match(r"(?:[a-z]{2,3}|simple|zh-[a-z-]+|be-tarask|roa-[a-z]+):\S", target) is not None


def _file_caption(node: Wikilink, span: Span) -> Code | None:
    """The caption of a file link, empty when it shows none; None when the link is not to a file."""
    namespace, colon, _ = str(node.title).strip().partition(":")
    if not colon or namespace.strip().lower() not in _FILES:
        return None
    empty = Code((), span.start)
    if node.text is None:
        return empty
    parts = link_label(node, span).split("|")
    if not any(_SHOWN_FILE.match(str(part)) for part in parts):
        return empty
    captions = [part for part in parts if not _FILE_OPTION.match(str(part))]
    return captions[-1] if captions else empty
