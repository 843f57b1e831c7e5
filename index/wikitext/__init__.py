"""Wikitext → Article: the readable text, with exact spans in both directions and every footnote anchored.

Left out: what MediaWiki computes with other pages (transclusions, Lua, Wikidata, conversions). A template
that is neither in the table of `templates` nor known to be silent is dropped and counted in
`Article.dropped`; markup that is left unbalanced is removed rather than shown.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from index.article import Article, check_characters, split_sentences
from index.errors import ArticleError
from index.wikitext.escaped import Unescaped, is_escaped
from index.wikitext.nodes import parse
from index.wikitext.text import Assembled, assemble
from index.wikitext.walker import Walker

__all__ = ["MAX_SOURCE", "parse_article"]

#: Code points; MediaWiki's own limit for a page is 2 MiB ($wgMaxArticleSize).
MAX_SOURCE = 2 * 1024 * 1024


def parse_article(wikitext: str, title: str, *, language: str = "en", revision: str | None = None) -> Article:
    """The article that `wikitext` is, under `title`; `language` is its Wikipedia's code.

    Every paragraph and sentence of the result is a slice of `article.text` and maps to a slice of
    `article.source`, which is `wikitext` itself. Raises ArticleError when there is no text in it, when
    it is a redirect, or when it is larger than `MAX_SOURCE`.
    """
    if len(wikitext) > MAX_SOURCE:
        raise ArticleError(
            f"{title!r} has {len(wikitext):,} characters; at most {MAX_SOURCE:,} can be read: split it into parts"
        )
    check_characters(wikitext, title)
    head = wikitext.lstrip()[:200]
    if head.lower().startswith(("#redirect", "#weiterleitung")):
        raise ArticleError(f"{title!r} is a redirect ({head.splitlines()[0]}): give the article it leads to")
    escaped = Unescaped(wikitext) if is_escaped(wikitext) else None
    readable = escaped.text if escaped else wikitext
    code = parse(readable)
    walker = Walker(title, code, readable)
    walker.walk(code)
    built = assemble(walker.blocks)
    if escaped:
        built = _in_source(built, escaped)
    if not built.paragraphs:
        raise ArticleError(f"{title!r} holds no readable text: give an article's wikitext")
    return Article(
        title=title,
        text=built.text,
        source=wikitext,
        sections=built.sections,
        paragraphs=built.paragraphs,
        sentences=split_sentences(built.paragraphs, built.alignment, built.anchors, built.marks),
        references=walker.references,
        anchors=built.anchors,
        marks=built.marks,
        alignment=built.alignment,
        dropped=dict(walker.dropped),
        page_url=f"https://{language}.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe='/:()')}",
        revision=revision,
    )


def _in_source(built: Assembled, escaped: Unescaped) -> Assembled:
    """The same text, with every source span leading to the escaped source."""
    return replace(
        built,
        sections=tuple(replace(s, source=escaped.span(s.source)) for s in built.sections),
        paragraphs=tuple(replace(p, source=escaped.span(p.source)) for p in built.paragraphs),
        alignment=tuple(part for segment in built.alignment for part in escaped.segments(segment)),
    )
