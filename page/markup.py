"""Untrusted strings → safe HTML: escaped text, isolated text, links that can only be http or https.

Everything that comes from an article, a question or a footnote goes through one of these functions.
Left out: structure (`page.article`, `page.answer`).
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from index.article import Span


def text(value: str) -> str:
    """`value` escaped for use between tags and inside quoted attributes.

    >>> text('<img src=x onerror="run()">')
    '&lt;img src=x onerror=&quot;run()&quot;&gt;'
    """
    return escape(value, quote=True)


def isolated(value: str, css_class: str = "") -> str:
    """`value` escaped in a `<bdi>`, so that right-to-left controls in it cannot reorder what stands around it."""
    attribute = f' class="{text(css_class)}"' if css_class else ""
    return f"<bdi{attribute}>{text(value)}</bdi>"


def web_url(value: str | None) -> str | None:
    """`value` when it is an absolute http or https address without blanks or control characters, else None."""
    if not value or any(c.isspace() or not c.isprintable() for c in value):
        return None
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and host else None


def outside_link(url: str | None, label: str, css_class: str = "outside") -> str:
    """A link that opens in a new tab and tells the other site nothing; only the label when the address is not web."""
    safe = web_url(url)
    if safe is None:
        return isolated(label)
    return (
        f'<a class="{text(css_class)}" href="{text(safe)}" target="_blank" '
        f'rel="noopener noreferrer nofollow">{isolated(label)}</a>'
    )


def shortened(value: str, limit: int) -> str:
    """The first `limit` code points of `value`, cut at a blank where there is one, with an ellipsis when cut."""
    if len(value) <= limit:
        return value
    head = value[:limit]
    cut = head.rfind(" ")
    return head[: cut if cut > limit // 2 else limit].rstrip() + " …"


def sentence_case(message: str) -> str:
    """`message` with a capital at its start."""
    return message[:1].upper() + message[1:]


def sentence_id(span: Span) -> str:
    """The stable id of the sentence at `span`: its place in the article's text."""
    return f"s-{span.start}-{span.end}"


def note_id(number: int) -> str:
    """The id of footnote `number` in the article's list of footnotes."""
    return f"note-{number}"
