"""A candidate → a citation: sentence, paragraph, footnotes, and a link to the place in the live article.

Also proves citations: `check_verbatim` runs on every answer before it leaves `ask`.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from index.article import Article, Sentence
from qa.answer import Alternative, Answer, Citation
from qa.reader import Candidate

_FRAGMENT_WORDS = 5  # on each side of a quote that is too long to put into a link whole


def cite(candidate: Candidate, number: int) -> Citation:
    """The citation of the candidate's sentence, as `number`."""
    article, sentence = candidate.passage.article, candidate.sentence
    return Citation(
        number=number,
        quote=sentence.span.of(article.text),
        span=sentence.span,
        short_span=candidate.short,
        paragraph=sentence.paragraph,
        sentence=sentence,
        references=sentence.references,
        marks=sentence.marks,
        article=article,
        url=live_url(article, sentence),
    )


def live_url(article: Article, sentence: Sentence) -> str | None:
    """A link to the sentence in the live article: its section and a text fragment; None without one.

    Text fragments: https://wicg.github.io/scroll-to-text-fragment/. Long sentences are given by their
    first and last words, since what a template shows in between may differ on the page.
    """
    if article.page_url is None:
        return None
    text = sentence.span.of(article.text)
    # Labels stand in cells of their own on the page; of the values the longest with words is found the surest.
    if sentence.paragraph.kind == "infobox":
        text = _surest(text.partition(": ")[2].split("; "))
    elif sentence.paragraph.kind == "table_row":
        text = _surest([value.rpartition(": ")[2] for value in text.split("; ")])
    words = text.split()
    if len(words) > 2 * _FRAGMENT_WORDS:
        parts = [" ".join(words[:_FRAGMENT_WORDS]), " ".join(words[-_FRAGMENT_WORDS:])]
    else:
        parts = [" ".join(words)]
    fragment = ",".join(quote(part, safe="").replace("-", "%2D") for part in parts)
    section = quote(sentence.paragraph.section[-1].replace(" ", "_"), safe="") if sentence.paragraph.section else ""
    return f"{article.page_url}#{section}:~:text={fragment}"


def _surest(values: Sequence[str]) -> str:
    """The longest of `values` that has letters, up to its first comma: lines of a cell are joined by commas."""
    pieces = [value.split(", ")[0] for value in values]
    return max(pieces, key=lambda piece: (any(map(str.isalpha, piece)), len(piece)))


class NotVerbatim(AssertionError):
    """A quote is not the slice it claims to be: a defect in Footnote, never the user's mistake."""


def check_verbatim(answer: Answer) -> Answer:
    """The answer itself, after proving every citation in it. Raises NotVerbatim."""
    answers: tuple[Answer | Alternative, ...] = (answer, *answer.alternatives)
    for shown in answers:
        for citation in shown.citations:
            if not _is_slice(citation):
                raise NotVerbatim(f"citation [{citation.number}] of {answer.question!r} is not a slice of its article")
        if shown.short is not None and shown.short not in map(_short_of, shown.citations[:1]):
            raise NotVerbatim(f"{shown.short!r}, to {answer.question!r}, is not a slice of its first citation")
    return answer


def _is_slice(citation: Citation) -> bool:
    """Whether quote, paragraph and short span are where they claim to be in the article and its source."""
    article, paragraph = citation.article, citation.paragraph
    return (
        0 <= citation.span.start < citation.span.end
        and citation.span.of(article.text) == citation.quote
        and paragraph.span.of(article.text) == paragraph.text
        and paragraph.span.contains(citation.span)
        and 0 <= paragraph.source.start < paragraph.source.end <= len(article.source)
        and (citation.short_span is None or citation.span.contains(citation.short_span))
    )


def _short_of(citation: Citation) -> str | None:
    return citation.short_span.of(citation.article.text) if citation.short_span else None
