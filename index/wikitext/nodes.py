"""Wikitext → nodes that know their place in it; the only user of mwparserfromhell.

mwparserfromhell gives no offsets, but `str(parse(s)) == s` holds, so a node's place is the sum of the
lengths before it, and the place of what is inside it follows from its own syntax. The equation that
holds for every node of every `Code` here: `source[start : start + len(str(node))] == str(node)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import mwparserfromhell
from mwparserfromhell.nodes import (
    Argument,
    Comment,
    ExternalLink,
    Heading,
    HTMLEntity,
    Node,
    Tag,
    Template,
    Text,
    Wikilink,
)
from mwparserfromhell.nodes.extras import Parameter
from mwparserfromhell.wikicode import Wikicode

from index.article import Span
from index.wikitext.balance import balanced_chunks

__all__ = [
    "Argument",
    "Code",
    "Comment",
    "ExternalLink",
    "HTMLEntity",
    "Heading",
    "Node",
    "Tag",
    "Template",
    "Text",
    "Wikilink",
    "contents",
    "default",
    "descend",
    "heading_title",
    "inside",
    "link_label",
    "parameter_names",
    "parameters",
    "parse",
    "reparse",
    "tag_name",
    "unlisted",
    "url_label",
]


@dataclass(frozen=True, slots=True)
class Code:
    """A run of nodes that follow each other, from code point `start` of the source on."""

    nodes: tuple[Node, ...]
    start: int

    @classmethod
    def of(cls, code: Wikicode, start: int) -> Code:
        return cls(tuple(code.nodes), start)

    def __str__(self) -> str:
        return "".join(map(str, self.nodes))

    def __iter__(self) -> Iterator[tuple[Node, Span]]:
        """Each node with its span in the source."""
        start = self.start
        for node in self.nodes:
            end = start + len(str(node))
            yield node, Span(start, end)
            start = end

    def words(self) -> str:
        """The wikitext as MediaWiki reads it: without comments, and without white space around it."""
        return "".join(map(_uncommented, self.nodes)).strip()

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(str(self)))

    def split(self, mark: str) -> list[Code]:
        """The parts between `mark` where it stands in plain text of this level, as `str.split` does."""
        parts: list[Code] = []
        current: list[Node] = []
        current_start = self.start
        for node, span in self:
            if not isinstance(node, Text) or mark not in node.value:
                current.append(node)
                continue
            first, *others = node.value.split(mark)
            position = span.start + len(first)
            current.append(Text(first))
            for piece in others:
                parts.append(Code(tuple(current), current_start))
                current, current_start = [Text(piece)], position + len(mark)
                position = current_start + len(piece)
        parts.append(Code(tuple(current), current_start))
        return parts


def _uncommented(node: Node) -> str:
    if isinstance(node, ExternalLink) and not node.brackets:  # the parser takes a comment behind an address into it
        return "".join(map(_uncommented, node.url.nodes))
    return "" if isinstance(node, Comment) else str(node)


def unlisted(code: Code) -> Code:
    """`code` without the list marker that it begins with, which the parser knows at the start of a line alone."""
    first = code.nodes[0] if code.nodes else None
    marker = re.match(r"\s*[*#:;]+[ \t]*", first.value) if isinstance(first, Text) else None
    if not isinstance(first, Text) or marker is None:
        return code
    return Code((Text(first.value[marker.end() :]), *code.nodes[1:]), code.start + marker.end())


def parse(source: str) -> Code:
    """The whole of `source` as nodes; markup that is never closed is masked (see `balance`)."""
    nodes: list[Node] = []
    for chunk, _ in balanced_chunks(source):
        nodes += mwparserfromhell.parse(chunk).nodes
    return Code(tuple(nodes), 0)


def reparse(code: Code) -> Code:
    """The nodes of what the parser leaves as text, such as the lines of a <gallery>."""
    return Code(tuple(mwparserfromhell.parse(str(code)).nodes), code.start)


def tag_name(tag: Tag) -> str:
    return str(tag.tag).strip().lower()


def contents(tag: Tag, span: Span) -> Code:
    """What stands between a tag's opening and its closing."""
    if tag.self_closing or tag.contents is None:
        return Code((), span.end)
    closing = tag.closing_wiki_markup or "" if tag.wiki_markup else f"</{tag.closing_tag}>"
    return Code.of(tag.contents, span.end - len(closing) - len(str(tag.contents)))


def heading_title(heading: Heading, span: Span) -> Code:
    return Code.of(heading.title, span.start + heading.level)


def link_label(link: Wikilink, span: Span) -> Code:
    """What a [[link]] shows: its text, or else its target."""
    if link.text is None:
        return Code.of(link.title, span.start + 2)
    return Code.of(link.text, span.end - 2 - len(str(link.text)))


def url_label(link: ExternalLink, span: Span) -> Code | None:
    """What an external link shows; None for a bracketed one without a label."""
    if not link.brackets:
        return Code.of(link.url, span.start)
    if link.title is None or not str(link.title).strip():
        return None
    return Code.of(link.title, span.end - 1 - len(str(link.title)))


def default(argument: Argument, span: Span) -> Code:
    """What {{{name|default}}} shows on the page itself."""
    if argument.default is None:
        return Code((), span.end)
    return Code.of(argument.default, span.end - 3 - len(str(argument.default)))


def parameters(template: Template, span: Span) -> dict[str, Code]:
    """A template's parameters by name, "1", "2", … for positional ones; the last of a name wins."""
    found: dict[str, Code] = {}
    for parameter, start in _parameter_starts(template, span):
        value_start = start + (len(str(parameter.name)) + 1 if parameter.showkey else 0)
        found[str(parameter.name).strip()] = Code.of(parameter.value, value_start)
    return found


def parameter_names(template: Template, span: Span) -> dict[str, int]:
    """Where the name of each named parameter begins in the source; the last of a name wins."""
    return {
        str(parameter.name).strip(): start + len(str(parameter.name)) - len(str(parameter.name).lstrip())
        for parameter, start in _parameter_starts(template, span)
        if parameter.showkey
    }


def _parameter_starts(template: Template, span: Span) -> Iterator[tuple[Parameter, int]]:
    """Each parameter with the place after its "|"."""
    position = span.start + 2 + len(str(template.name))
    for parameter in template.params:
        yield parameter, position + 1
        position += 1 + len(str(parameter))


def descend(code: Code) -> Iterator[tuple[Node, Span]]:
    """Every node inside `code`, outer ones first, each with its span."""
    for node, span in code:
        yield node, span
        for inner in inside(node, span):
            yield from descend(inner)


def inside(node: Node, span: Span) -> list[Code]:
    """What a node holds that may be shown: contents, parameters, a label."""
    if isinstance(node, Tag):
        return [contents(node, span)]
    if isinstance(node, Template):
        return list(parameters(node, span).values())
    if isinstance(node, Wikilink):
        return [link_label(node, span)]
    if isinstance(node, Heading):
        return [heading_title(node, span)]
    if isinstance(node, ExternalLink) and node.brackets and (label := url_label(node, span)) is not None:
        return [label]
    if isinstance(node, Argument):
        return [default(node, span)]
    return []
