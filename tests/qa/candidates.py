"""Candidates made by hand, as a reader would propose them."""

from __future__ import annotations

from index.article import Article, Span
from qa.answer import ScoredPassage
from qa.reader import Candidate


def candidate(  # noqa: PLR0913, PLR0917 - the fields of a Candidate, in their order
    article: Article, number: int, score: float = 0.0, cosine: float = 0.0, coverage: float = 0.0, short: str = ""
) -> Candidate:
    """The article's sentence `number` as a reader would propose it; its passage is its paragraph.

    Its span is `short`, by default the whole sentence; its margin half its score, its fused score a quarter.
    """
    sentence = article.sentences[number]
    passage = ScoredPassage(article, sentence.paragraph, sentence.paragraph.span, {"fused": score / 4})
    start = sentence.span.start + sentence.span.of(article.text).index(short)
    span = Span(start, start + len(short)) if short else sentence.span
    return Candidate(passage, sentence, span, score, score / 2, cosine, coverage, expected=0.5)
