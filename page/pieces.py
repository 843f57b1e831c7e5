"""The page's files → the pieces that Gradio puts together: HTML for its panes, what goes into the head.

The templates' `$names` are filled with escaped text. Style sheet and script are files of their own, their
content's hash in their address. Left out: the order of the pieces and Gradio's components (`app`).
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from string import Template

from page.article import article_html
from page.markup import isolated, text
from page.shelf import Book, Shelf
from page.starters import starters

#: The colour behind everything, light and dark, until the style sheet has come: `--paper` in style.css.
PAPER = ("#fbfaf7", "#181715")
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%2396400f'/%3E%3Ctext x='8' y='12' font-size='11' "
    "font-family='Georgia,serif' fill='white' text-anchor='middle'%3E1%3C/text%3E%3C/svg%3E"
)


def head() -> str:
    """What Gradio adds to the page's head."""
    style, script = (f"{name}?v={version(name)}" for name in ("style.css", "script.js"))
    return (
        f'<meta name="color-scheme" content="light dark"><link rel="icon" href="{ICON}">'
        f'<link rel="stylesheet" href="{style}"><script src="{script}"></script>'
    )


def version(name: str) -> str:
    return hashlib.sha256(asset(name).encode()).hexdigest()[:12]


def masthead() -> str:
    return asset("templates/masthead.html")


def chat(book: Book) -> str:
    """The conversation's pane above the question box, with the first questions to the book's first article."""
    return _filled("chat.html", title=text(book.article(0).title), starters=starters_html(book, 0))


def reading(book: Book) -> str:
    """The article's pane, with the book's first article in it."""
    article = book.article(0)
    place = text(f"{book.entry.id}/0")
    return _filled("reading.html", title=text(article.title), place=place, article=article_html(article))


def dialogs(shelf: Shelf) -> str:
    return _filled("dialogs.html", wiki=text(shelf.wiki))


def starters_html(book: Book, number: int) -> str:
    return "".join(
        f'<li><button type="button" class="starter">{isolated(question)}</button></li>'
        for question in starters(book.article(number))
    )


def asset(name: str) -> str:
    return files("page").joinpath(name).read_text(encoding="utf-8")


def _filled(name: str, **values: str) -> str:
    return Template(asset(f"templates/{name}")).substitute(values)
