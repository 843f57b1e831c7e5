"""Candidates made by hand, as a reader would propose them."""

from __future__ import annotations

from index.article import Article, Span
from qa.answer import ScoredPassage
from qa.reader import Candidate


def candidate(  # noqa: PLR0913, PLR0917 - the fields of a Candidate, in their order
    article: Article, number: int, score: float = 0.0, cosine: float = 0.0, coverage: float = 0.0, short: str = ""
) -> Candidate:
    """The article's sentence `number` as a reader would propose it; its passage is its paragraph."""
    sentence = article.sentences[number]
    passage = ScoredPassage(article, sentence.paragraph, sentence.paragraph.span, {"fused": score})
    span = None
    if short:
        start = sentence.span.start + sentence.span.of(article.text).index(short)
        span = Span(start, start + len(short))
    return Candidate(passage, sentence, span, score, cosine, coverage, behind=0.0, expected=0.5)
