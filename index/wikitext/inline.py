"""Nodes → phrases: what stands in a line, written into a block as a reader sees it.

Left out: lines, lists, tables and boxes (`index.wikitext.walker`), what templates show (`templates`) and
what footnotes say (`footnotes`).
"""

from __future__ import annotations

import html
import re
from collections import Counter

from index.article import Span
from index.wikitext.balance import APOSTROPHE, KNOWN_TAGS, LESS, MASK
from index.wikitext.call import Call
from index.wikitext.footnotes import Footnotes, is_citation, is_footnote
from index.wikitext.infobox import is_infobox
from index.wikitext.links import file_caption, is_unseen
from index.wikitext.nodes import (
    Argument,
    Code,
    ExternalLink,
    Heading,
    HTMLEntity,
    Node,
    Tag,
    Template,
    Text,
    Wikilink,
    contents,
    default,
    heading_title,
    inside,
    link_label,
    tag_name,
    url_label,
)
from index.wikitext.renderers import RAISED, SUBSCRIPT, SUPERSCRIPT
from index.wikitext.tables import read_table
from index.wikitext.templates import CONTAINERS, MARKS, TEMPLATES, WRAPPING_MARKS, is_silent
from index.wikitext.text import Block

#: Characters that show nothing: soft hyphens, zero-width spaces and marks of direction (but joiners shape letters).
UNSEEN = "\u00ad\u200b\u200e\u200f\u2060\ufeff"
_MARKUP_TAG = r"</?[A-Za-z][\w:-]*(?=[\s/>])[^<>]*>"
#: Markup that an editor left unbalanced, so that it stands in plain text.
_RESIDUE = re.compile(
    rf"{MASK}+|[{UNSEEN}]+|{_MARKUP_TAG}|\{{\{{\s*#\w+:[^{{}}\n]*\}}\}}"
    r"|\[\[|\]\]|\{\{+|\}\}+|'{2,}|\{\||\|\}|__[A-Z]{3,}__|\[(?=https?://)"
)
#: In text that is no markup, such as formulas, tags go too (nothing that reads as one is shown), and doubled
#: brackets are set apart ("}}" → "} }").
_RAW_RESIDUE = re.compile(
    rf"{MASK}+|{_MARKUP_TAG}|</?(?:{KNOWN_TAGS})\b|(?P<entity>&(?:\w+|\#\w+);)"
    r"|(?<=\[)(?=\[)|(?<=\])(?=\])|(?<=\{)(?=\{)|(?<=\})(?=\})|(?<='')(?=')",
    re.IGNORECASE,
)
#: Tags whose inside is read as it stands.
_RAW_TAGS = frozenset("nowiki math pre syntaxhighlight source chem ce".split())
#: Tags whose inside is not text of the article.
_HIDDEN_TAGS = frozenset("references style script templatestyles timeline imagemap score graph mapframe maplink "
                         "includeonly hiero indicator gallery languages categorytree inputbox "
                         "templatedata rp".split())  # fmt: skip


class Inline:
    """Writes phrases. `captions` collects those of pictures met on the way, which belong after the block;
    `dropped` counts templates that carry no text we know."""

    def __init__(self, title: str, source: Code, wikitext: str) -> None:
        self.captions: list[Code] = []
        self.dropped: Counter[str] = Counter()
        self._title = title
        self.footnotes = Footnotes(source, wikitext, self.plain)

    def plain(self, code: Code) -> str:
        """What `code` reads as, without any markup or footnote."""
        block = Block(Block.PLAIN, ())
        captions, dropped = self.captions, self.dropped
        self.captions, self.dropped = [], Counter()
        self.write(code, block)
        self.captions, self.dropped = captions, dropped
        block.close()
        return block.text

    def write(self, code: Code, block: Block) -> None:
        """Write all of `code` at the end of `block`."""
        for node, span in code:
            self.write_node(node, span, block)

    def write_node(self, node: Node, span: Span, block: Block) -> None:
        length, anchored = block.length, len(block.anchors) + len(block.marks)
        match node:
            case Text():
                copy_text(node.value, span.start, block)
            case Wikilink():
                self._link(node, span, block)
            case ExternalLink():
                if (label := url_label(node, span)) is not None:
                    self.write(label, block)
            case Tag():
                self._tag(node, span, block)
            case Template():
                self._template(Call.of(node, span), span, block)
            case HTMLEntity():
                block.generate(_unescaped(str(node)), span)
            case Heading():
                self.write(heading_title(node, span), block)
            case Argument():
                self.write(default(node, span), block)
        if block.length > length or len(block.anchors) + len(block.marks) > anchored:
            block.cover(span)

    def write_footnotes(self, code: Code, block: Block) -> None:
        """Anchor the footnotes in `code` here, without its words and without counting it as this block's source.

        Also those inside of other markup, but not those inside of a footnote or of what shows nothing.
        """
        for node, span in code:
            if isinstance(node, Tag) and tag_name(node) == "ref":
                block.anchor(self.footnotes.of_tag(node, span))
            elif isinstance(node, Template) and is_footnote((call := Call.of(node, span)).name):
                for reference in self.footnotes.of_template(call, span):
                    block.anchor(reference)
            elif not _shows_nothing(node):
                for inner in inside(node, span):
                    self.write_footnotes(inner, block)

    def _link(self, node: Wikilink, span: Span, block: Block) -> None:
        caption = file_caption(node, span)
        if caption is not None:
            self.captions.append(caption)
        elif not is_unseen(node):
            label = link_label(node, span)
            first = label.nodes[0] if label.nodes else None
            if isinstance(first, Text) and first.value.startswith(":"):
                label = Code((Text(first.value[1:]), *label.nodes[1:]), label.start + 1)
            if not label.words():  # [[Mercury (planet)|]] shows "Mercury"
                label = _without_place(node, span)
            self.write(label, block)

    def _tag(self, node: Tag, span: Span, block: Block) -> None:
        name, inner = tag_name(node), contents(node, span)
        if name == "ref":
            if block.kind != Block.PLAIN:
                block.anchor(self.footnotes.of_tag(node, span))
            block.hole()
        elif name in _HIDDEN_TAGS:
            return
        elif name in {"br", "hr"}:
            block.separate(", " if block.kind in {"infobox", "table_row"} else " ", span)
        elif name in {"li", "dd", "dt"} and node.self_closing:
            block.separate(", ", span)
        elif name == "rt":  # what <ruby> sets above the letters
            block.generate("(", Span(span.start, span.start))
            self.write(inner, block)
            block.generate(")", Span(span.end, span.end))
        elif name == "table":
            self._nested_table(node, span, block)
        elif name in {"sup", "sub"} and (digits := _moved(name, inner.words())):
            block.generate(digits, span)
        elif name in _RAW_TAGS:
            _copy_raw(str(inner), inner.start, block)
        else:
            if name in {"li", "p", "div", "tr", "td", "th"}:
                block.separate(", " if name == "li" else " ", Span(span.start, span.start))
            self.write(inner, block)

    def _nested_table(self, node: Tag, span: Span, block: Block) -> None:
        table = read_table(node, span)
        for row in (*table.headers, *table.rows):
            for cell in row.own_cells:
                block.separate("; ", Span(span.start, span.start))
                self.write(cell.code, block)

    def _template(self, call: Call, span: Span, block: Block) -> None:
        name = call.name
        if is_footnote(name):
            found = self.footnotes.of_template(call, span) if block.kind != Block.PLAIN else ()
            for reference in found:
                block.anchor(reference)
            block.hole()
        elif name in MARKS:
            if name in WRAPPING_MARKS and (wrapped := call.get("text", "1")) is not None:
                self.write(wrapped, block)
            block.mark(MARKS[name])
            block.hole()
        elif name in TEMPLATES:
            self._render(call, span, block)
        elif is_citation(name):
            self._citation(call, span, block)
        elif name in {"pagename", "fullpagename", "subpagename"}:
            block.generate(self._title, span)
        elif name in CONTAINERS or is_infobox(name):
            # A fact has its own name; a list's title only says what to unfold.
            title = call.get("title") if block.kind != "infobox" else None
            for code in filter(None, (title, *call.positional)):
                block.separate(", ", Span(code.start, code.start))
                self.write(code, block)
        else:
            block.hole()
            if not is_silent(name):
                self.dropped[clean(name)] += 1

    def _render(self, call: Call, span: Span, block: Block) -> None:
        length = block.length
        pieces = [*TEMPLATES[call.name](call)]
        for piece in pieces:
            if isinstance(piece, Code):
                self.write(piece, block)
            elif piece == ", ":
                block.separate(", ", Span(span.start, span.start))
            else:
                block.generate(_unescaped(clean(piece)), span)
        if block.length == length and not any(isinstance(piece, str) and piece.isspace() for piece in pieces):
            block.hole()
            if call.positional:  # such as an age of today, which nothing here can say
                self.dropped[clean(call.name)] += 1

    def _citation(self, call: Call, span: Span, block: Block) -> None:
        """A source listed in the text itself (a bibliography), one sentence: authors (date), title, publisher."""
        if block.kind == Block.PLAIN:
            return
        fields = self.footnotes.describe(call)
        date = f"({fields['date']})" if fields["date"] else None
        pieces = [fields["authors"], date, fields["title"], fields["publisher"]]
        shown = ", ".join(piece.rstrip(".,") for piece in pieces if piece)
        block.generate(clean(shown).replace(", (", " (", 1), span)
        block.separate(". ", Span(span.end, span.end))


def _shows_nothing(node: Node) -> bool:
    if isinstance(node, Template):
        return is_silent(Call.of(node, Span(0, 0)).name)
    return isinstance(node, Tag) and tag_name(node) in _HIDDEN_TAGS


def copy_text(text: str, start: int, block: Block) -> None:
    """Copy plain text that stands at `start`, without the markup that an editor left unbalanced in it."""
    position = 0
    for match in _RESIDUE.finditer(text):
        block.copy(_shown(text[position : match.start()]), start + position)
        position = match.end()
    block.copy(_shown(text[position:]), start + position)


def _unescaped(text: str) -> str:
    """`text` with its entities as a reader sees them; a hyphen or space that keeps a line together is a plain one."""
    shown = html.unescape(text).replace("\xa0", " ").replace("\u2011", "-")
    return re.sub(f"[{UNSEEN}]", "", shown)


def _moved(name: str, written: str) -> str | None:
    """Numbers in <sup> or <sub> as they are shown: raised or lowered digits, "^1/2" where there are none for it."""
    if RAISED.fullmatch(written):
        return written.translate(SUPERSCRIPT if name == "sup" else SUBSCRIPT)
    return f"^{written}" if name == "sup" and re.fullmatch(r"[-+−]?\d*[./]\d+", written) else None


def _without_place(link: Wikilink, span: Span) -> Code:
    """The target of a link without its namespace and what sets it apart: "Help:Rome, Ohio" → Rome."""
    name = re.match(r"\s*(?:[^:]*:)?(?P<name>.+?)(?:\s*\(.*\)|,.*)?\s*$", str(link.title))
    return Code((Text(name["name"]),), span.start + 2 + name.start("name")) if name else Code((), span.end)


def _shown(text: str) -> str:
    """`text` with the characters that stood for others while it was parsed."""
    return text.replace(LESS, "<").replace(APOSTROPHE, "'")


def clean(text: str) -> str:
    """`text` without any markup left in it: for what is shown in place of a template."""
    return _shown(_RESIDUE.sub("", text))


def _copy_raw(text: str, start: int, block: Block) -> None:
    position = 0
    for match in _RAW_RESIDUE.finditer(text):
        block.copy(_shown(text[position : match.start()]), start + position)
        here = Span(start + match.start(), start + match.end())
        if match["entity"]:
            block.generate(clean(html.unescape(match["entity"])), here)
        elif not match.group():
            block.generate(" ", here)
        position = match.end()
    block.copy(_shown(text[position:]), start + position)
