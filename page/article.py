"""An Article → HTML: headings, paragraphs, facts, lists, every sentence with its id, every footnote marker in place.

    text of the element with id "s-{start}-{end}", markers aside == article.text[start:end]

Footnote markers and trust marks stand at the exact positions that the Article records. The list of
footnotes at the end is also what the page shows for a sentence: `script.js` copies entries from it,
so following a citation needs no server. Left out: images, and templates that carry no text.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from index.article import LICENCE, Article, Mark, Paragraph, Reference, Section, Sentence, Span
from page.markup import isolated, note_id, outside_link, sentence_id, shortened, text, web_url

LICENCE_URL = "https://creativecommons.org/licenses/by-sa/4.0/"

#: Which of several insertions at one place comes first: a marker at the end of a sentence stands inside it.
LABEL_END, MARKER, SENTENCE_END, SENTENCE_START, LABEL_START = range(5)


class Insertion(NamedTuple):
    """A piece of markup that goes between two code points of the text."""

    position: int
    rank: int
    html: str


class Layout(NamedTuple):
    """How a run of blocks of one kind is typeset: what encloses the run, and the element of each block."""

    before: str
    tag: str
    after: str


LAYOUTS = {
    "heading": Layout("", "", ""),
    "paragraph": Layout("", "p", ""),
    "list_item": Layout('<ul class="list">', "li", "</ul>"),
    "table_row": Layout('<ul class="rows">', "li", "</ul>"),
    "caption": Layout("", "p", ""),
    "infobox": Layout('<aside class="infobox" aria-label="Facts"><ul>', "li", "</ul></aside>"),
    "quote": Layout("<blockquote>", "p", "</blockquote>"),
}


def reader_html(article: Article) -> str:
    """The reading pane: the typeset article, and the card that shows a sentence's footnotes."""
    return (
        '<div class="reader">'
        f'<div class="reader-scroll" tabindex="0" role="region" aria-label="Article">{article_html(article)}</div>'
        '<aside class="evidence" aria-live="polite" aria-label="Footnotes">'
        '<p class="evidence-hint">Follow a citation like <span class="cite-sample">[1]</span> '
        "to see its sentence, and the footnotes behind it, here.</p></aside>"
        "</div>"
    )


def article_html(article: Article) -> str:
    """The article as one `<article>` element, in text order."""
    return "".join(
        (
            '<article class="article" dir="auto">',
            f"<h2>{isolated(article.title)}</h2>",
            _body(article),
            _footnotes(article.references),
            _attribution(article),
            "</article>",
        )
    )


def _body(article: Article) -> str:
    """Sections and paragraphs, each with its markers; blocks of one kind in a row share a list or a box."""
    blocks: list[Section | Paragraph] = [*article.sections, *article.paragraphs]
    blocks.sort(key=lambda block: block.span.start)
    markers = _markers(article, blocks)
    sentences = defaultdict(list)
    for sentence in article.sentences:
        sentences[sentence.paragraph.id].append(sentence)

    html: list[str] = []
    for kind, run in groupby(zip(_kinds(blocks), blocks, strict=True), key=itemgetter(0)):
        layout = LAYOUTS[kind]
        html.append(layout.before)
        for _, block in run:
            if isinstance(block, Section):
                html.append(_heading(article, block, markers[block.span.start]))
            else:
                html.append(_paragraph(article, block, layout, sentences[block.id], markers[block.span.start]))
        html.append(layout.after)
    return "".join(html)


def _kinds(blocks: Sequence[Section | Paragraph]) -> list[str]:
    """The layout of each block: its kind, but the captions of a fact box's images belong to the box."""
    kinds: list[str] = []
    following = ""
    for block in reversed(blocks):
        kind = block.kind if isinstance(block, Paragraph) else "heading"
        following = "infobox" if kind == "caption" and following == "infobox" else kind
        kinds.append(following if following in LAYOUTS else "paragraph")
    return kinds[::-1]


def _heading(article: Article, section: Section, markers: Iterable[Insertion]) -> str:
    tag = f"h{min(max(section.level, 2) + 1, 6)}"
    return f'<{tag} dir="auto">{_run(article, section.span, markers)}</{tag}>'


def _paragraph(
    article: Article, paragraph: Paragraph, layout: Layout, sentences: Iterable[Sentence], markers: Iterable[Insertion]
) -> str:
    insertions = list(markers)
    for sentence in sentences:
        insertions.append(Insertion(sentence.span.start, SENTENCE_START, _sentence_tag(sentence)))
        insertions.append(Insertion(sentence.span.end, SENTENCE_END, "</span>"))
    if paragraph.kind == "infobox" and (width := paragraph.text.find(": ")) > 0:
        insertions.append(Insertion(paragraph.span.start, LABEL_START, '<b class="label">'))
        insertions.append(Insertion(paragraph.span.start + width + 1, LABEL_END, "</b>"))
    css_class = ' class="caption"' if paragraph.kind == "caption" else ""
    content = _run(article, paragraph.span, insertions)
    return f'<{layout.tag} id="para-{text(paragraph.id)}"{css_class} dir="auto">{content}</{layout.tag}>'


def _run(article: Article, span: Span, insertions: Iterable[Insertion]) -> str:
    """The text in `span`, escaped, with each insertion at its place."""
    parts, at = [], span.start
    for insertion in sorted(insertions, key=lambda i: (i.position, i.rank)):
        parts.append(text(article.text[at : insertion.position]))
        parts.append(insertion.html)
        at = insertion.position
    parts.append(text(article.text[at : span.end]))
    return "".join(parts)


def _markers(article: Article, blocks: Sequence[Section | Paragraph]) -> dict[int, list[Insertion]]:
    """Footnote markers and trust marks, in reading order, by the start of the block they stand in."""
    starts = [block.span.start for block in blocks]
    found: dict[int, list[Insertion]] = defaultdict(list)

    def add(position: int, html: str) -> None:
        if blocks:
            block = blocks[max(bisect_right(starts, position) - 1, 0)]
            inside = min(max(position, block.span.start), block.span.end)
            found[block.span.start].append(Insertion(inside, MARKER, html))

    for anchor in article.anchors:
        add(anchor.position, _footnote_marker(anchor.reference, _owner(article, anchor.position, anchor.reference)))
    for mark in article.marks:
        add(mark.position, _trust_mark(mark))
    return found


def _owner(article: Article, position: int, reference: Reference) -> Sentence | None:
    """The sentence that a footnote at `position` belongs to; None for one that no sentence owns, as in a heading."""
    near = article.sentences_in(Span(max(position - 2, 0), position + 1))
    return next((s for s in near if reference in s.references), None)


def _sentence_tag(sentence: Sentence) -> str:
    notes = " ".join(str(r.number) for r in sentence.references)
    data = f' data-notes="{notes}"' if notes else ""
    if sentence.marks:
        data += f' data-marks="{text(json.dumps(list(sentence.marks)))}"'
    return f'<span class="sentence" id="{sentence_id(sentence.span)}"{data}>'


def _footnote_marker(reference: Reference, owner: Sentence | None) -> str:
    target = f' data-target="{sentence_id(owner.span)}"' if owner else ""
    return (
        f'<sup class="marker"><a href="#{note_id(reference.number)}"{target} '
        f'aria-label="Footnote {reference.number}">[{reference.number}]</a></sup>'
    )


def _trust_mark(mark: Mark) -> str:
    return f'<sup class="marker trust-mark">[{isolated(mark.label)}]</sup>'


def _footnotes(references: Iterable[Reference]) -> str:
    entries = "".join(f'<li id="{note_id(r.number)}" dir="auto">{_footnote(r)}</li>' for r in references)
    if not entries:
        return ""
    return f'<section class="footnotes" aria-label="Footnotes"><h3>Footnotes</h3><ol>{entries}</ol></section>'


def _footnote(reference: Reference) -> str:
    """One footnote: its number, what it cites, and where to read that."""
    name = reference.title or reference.publisher or web_url(reference.url) or shortened(reference.raw, 300)
    pages = f"p. {reference.pages}" if reference.pages else None
    shown_publisher = reference.publisher if reference.publisher != name else None
    details = [d for d in (reference.authors, shown_publisher, reference.date, pages) if d]
    links = []
    if web_url(reference.url):
        dead = ' <span class="dead">link no longer works</span>' if reference.dead else ""
        links.append(outside_link(reference.url, "source") + dead)
    elif reference.url:
        links.append(f"source: {isolated(reference.url)}")
    if web_url(reference.archive_url):
        links.append(outside_link(reference.archive_url, "archived copy"))
    if reference.access_date:
        links.append(f'<span class="accessed">retrieved {isolated(reference.access_date)}</span>')
    return (
        f'<span class="note-number">[{reference.number}]</span>'
        f'<span class="note-text">{isolated(name, "note-title")}'
        + (f'<span class="note-details">{", ".join(isolated(d) for d in details)}</span>' if details else "")
        + (f'<span class="note-links">{" · ".join(links)}</span>' if links else "")
        + "</span>"
    )


def _attribution(article: Article) -> str:
    licence = outside_link(LICENCE_URL, article.licence) if article.licence == LICENCE else text(article.licence)
    if article.page_url is None:
        return f'<footer class="attribution">Article text: {licence}.</footer>'
    revision = f", revision {isolated(article.revision)}" if article.revision else ""
    return (
        f'<footer class="attribution">From the article {outside_link(article.page_url, article.title)}{revision} '
        f"by Wikipedia contributors, {licence}. Images and some templates are left out here.</footer>"
    )
