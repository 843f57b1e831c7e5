"""An Answer → what a reader takes away: Markdown to paste elsewhere, and a record to make evaluation questions of.

The Markdown holds the quotes, the footnotes behind them and the attribution that CC BY-SA asks for;
characters that Markdown would read as markup are escaped, so that it shows the quotes verbatim.
Left out: conversations and files, which `script.js` puts together from these.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from index.article import LICENCE, Article, Reference
from page.article import LICENCE_URL
from page.markup import web_url
from page.notes import described
from qa.answer import Alternative, Answer, Citation

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!+\-])")
#: "1." and "1)" at the start begin a numbered list.
_NUMBERED = re.compile(r"^(\d+)([.)])")


def markdown(answer: Answer) -> str:
    """The answer as Markdown: question, short answer, quotes, their footnotes, who wrote them."""
    parts = [f"### {escaped(answer.question)}"]
    if answer.standalone_question != answer.question:
        parts.append(f"*Understood as: {escaped(answer.standalone_question)}*")
    if answer.abstained:
        parts.append(escaped(f"{answer.text} {answer.reason or ''}".strip()))
        return "\n\n".join(parts) + "\n"
    if answer.short and answer.short != answer.text:
        parts.append(f"**{escaped(answer.short)}**")
    parts += [_quoted(citation) for citation in answer.citations]
    for alternative in answer.alternatives:
        parts.append(f"Perhaps also ({alternative.confidence:.0%} likely):")
        parts += [_quoted(citation) for citation in alternative.citations]
    articles = {c.article.sha256: c.article for c in _citations(answer)}
    parts += [attribution(article) for article in articles.values()]
    return "\n\n".join(parts) + "\n"


def attribution(article: Article) -> str:
    """Who wrote the article and under which licence, with the exact text that was quoted from."""
    title = (
        f"[{escaped(article.title)}](<{_address(article.page_url)}>)"
        if web_url(article.page_url)
        else escaped(article.title)
    )
    if article.licence != LICENCE:
        return f"Quoted from {title}; {escaped(article.licence)}."
    revision = f", revision {escaped(article.revision)}" if article.revision else ""
    return (
        f"Quoted from the Wikipedia article {title}{revision} by its contributors, [{LICENCE}](<{LICENCE_URL}>). "
        f"SHA-256 of its wikitext: `{article.sha256}`."
    )


def record(answer: Answer, fingerprint: str) -> dict[str, Any]:
    """What a verdict on the answer is stored with: the question as understood, what was answered, by which settings."""
    best = [] if answer.abstained else [_candidate(answer), *map(_candidate, answer.alternatives)]
    article = (
        answer.citations[0].article if answer.citations else answer.passages[0].article if answer.passages else None
    )
    return {
        "question": answer.standalone_question,
        "answers": best,
        "article": {"title": article.title, "sha256": article.sha256} if article else None,
        "confidence": answer.confidence,
        "settings": fingerprint,
    }


def escaped(value: str) -> str:
    """`value` as Markdown that shows it as it is.

    >>> escaped("2 * 3 [x]")
    '2 \\\\* 3 \\\\[x\\\\]'
    """
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(value.split())))


def _citations(answer: Answer) -> list[Citation]:
    return [*answer.citations, *(c for a in answer.alternatives for c in a.citations)]


def _candidate(answer: Answer | Alternative) -> dict[str, str]:
    sentence = answer.citations[0].quote
    return {"answer": answer.short or sentence, "sentence": sentence}


def _quoted(citation: Citation) -> str:
    lines = [f"> {escaped(citation.quote)} \\[{citation.number}\\]"]
    notes = [_note(reference) for reference in citation.references] or ["no footnote on this sentence"]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes)])


def _note(reference: Reference) -> str:
    return f"footnote {reference.number}: " + "; ".join(map(_source, reference.sources))


def _source(source: Reference) -> str:
    name, details = described(source)
    said = ", ".join(escaped(part) for part in (name, *details) if part)
    links = [
        f"[{label}](<{_address(address)}>)"
        for label, address in (("source", source.url), ("archived copy", source.archive_url))
        if web_url(address)
    ]
    return ", ".join([f"{said} (dead link)" if source.dead else said, *links])


def _address(address: str | None) -> str:
    """An address that cannot end the link it stands in."""
    return quote(address or "", safe="/:?#[]@!$&'()*+,;=%~-._")
