"""Footnotes → HTML: markers in the text, entries in the list at the end of the article.

An entry is also what the page shows beside a marker and under a cited sentence: `script.js` copies it
from the list, so following a footnote needs no server. Left out: where a marker stands (`page.article`).
"""

from __future__ import annotations

from collections.abc import Iterable

from index.article import Mark, Reference, Sentence
from page.markup import isolated, note_id, outside_link, sentence_id, shortened, web_url

#: Code points shown of a footnote that has no title, and of its raw wikitext.
RAW_LENGTH = 300


def marker(reference: Reference, owner: Sentence | None) -> str:
    """The superscript [n]; it knows the sentence that it belongs to, and shows when its link is dead."""
    target = f' data-sentence="{sentence_id(owner.span)}"' if owner else ""
    css_class, label = "note-link", f"Footnote {reference.number}"
    if reference.dead:
        css_class, label = "note-link dead-link", f"{label}, its link no longer works"
    return (
        f'<sup class="marker"><a href="#{note_id(reference.number)}" class="{css_class}"{target} '
        f'aria-label="{label}">[{reference.number}]</a></sup>'
    )


def trust_mark(mark: Mark) -> str:
    """What editors left in the text: [citation needed]."""
    return f'<sup class="marker trust-mark">[{isolated(mark.label)}]</sup>'


def note_list(references: Iterable[Reference]) -> str:
    """The list of footnotes at the end of the article, empty without any."""
    entries = "".join(f'<li id="{note_id(r.number)}" dir="auto">{_note(r)}</li>' for r in references)
    if not entries:
        return ""
    return f'<section class="footnotes" aria-label="Footnotes"><h3>Footnotes</h3><ol>{entries}</ol></section>'


def _note(reference: Reference) -> str:
    """One footnote: its number, what it cites, and where to read that."""
    cited = "".join(f'<span class="note-source">{_source(source)}</span>' for source in reference.sources)
    return f'<span class="note-number">[{reference.number}]</span><span class="note-text">{cited}</span>'


def described(source: Reference) -> tuple[str, list[str]]:
    """What one source of a footnote is called, and what else is known of it: who wrote it, where, when, the pages."""
    name = source.title or source.publisher or web_url(source.url) or shortened(source.raw, RAW_LENGTH)
    pages = f"p. {source.pages}" if source.pages else None
    publisher = source.publisher if source.publisher != name else None
    return name, [d for d in (source.authors, publisher, source.date, pages) if d]


def _source(source: Reference) -> str:
    """What one source of a footnote is, and where to read it."""
    name, details = described(source)
    links = []
    if web_url(source.url):
        dead = ' <span class="dead">link no longer works</span>' if source.dead else ""
        links.append(outside_link(source.url, "source") + dead)
    elif source.url:
        links.append(f"source: {isolated(source.url)}")
    if web_url(source.archive_url):
        links.append(outside_link(source.archive_url, "archived copy"))
    if source.access_date:
        links.append(f'<span class="accessed">retrieved {isolated(source.access_date)}</span>')
    return (
        isolated(name, "note-title")
        + (f'<span class="note-details">{", ".join(isolated(d) for d in details)}</span>' if details else "")
        + (f'<span class="note-links">{" · ".join(links)}</span>' if links else "")
    )
