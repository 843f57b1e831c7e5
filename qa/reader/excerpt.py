"""A stretch of an article as the reader reads it; and the logits of that reading → the words that answer.

Everything found is a span of the article's text, as a person would write it (`qa.reader.decode`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from index.article import Span
from index.embedding import Floats
from qa.reader.decode import Ints, best_spans, tidy
from qa.reader.model import Tokens, Window, tokens_of


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is read, as tokens, and where in it an answer may be.

    A place in what is read stands `shift` further on in `text`, the article's. `bounds` are the parts of `text`
    that can answer, in order and apart; `bound_of` is, for each token, the number of the bounds it lies in, -1 for
    none.
    """

    text: str
    shift: int
    tokens: Tokens
    bounds: tuple[Span, ...]
    bound_of: Ints


@dataclass(frozen=True, slots=True)
class Found:
    """The best span within bounds `number`: `text[short.start:short.end]` is the answer."""

    number: int
    short: Span
    margin: float


def excerpt(tokenizer: Tokenizer, text: str, before: str, span: Span, bounds: Sequence[Span]) -> Excerpt:
    """`span` of an article's `text`, read after the words `before`."""
    tokens = tokens_of(tokenizer, before + span.of(text))
    shift = span.start - len(before)
    return Excerpt(text, shift, tokens, tuple(bounds), _bound_of(tokens, bounds, shift))


def spans(read: Excerpt, windows: Sequence[Window], logits: Sequence[tuple[Floats, Floats]]) -> list[Found]:
    """The best span within each of the bounds of `read`, best first, from the logits of its windows."""
    best: dict[int, Found] = {}
    for window, (start, end) in zip(windows, logits, strict=True):
        places = read.tokens.offsets[window.context] + read.shift
        groups = np.full(len(window.ids), -1, dtype=np.int64)
        groups[window.head : -1] = read.bound_of[window.context]
        for span in best_spans(start, end, groups):
            if span.group not in best or best[span.group].margin < span.margin:
                inside = read.bounds[span.group]
                first, last = places[span.first - window.head][0], places[span.last - window.head][1]
                low, high = tidy(inside.of(read.text), int(first) - inside.start, int(last) - inside.start)
                short = Span(inside.start + low, inside.start + high)
                best[span.group] = Found(span.group, short, span.margin)
    return sorted(best.values(), key=lambda found: -found.margin)


def _bound_of(tokens: Tokens, bounds: Sequence[Span], shift: int) -> Ints:
    if not bounds:
        return np.full(len(tokens.ids), -1, dtype=np.int64)
    starts, ends = (tokens.offsets + shift).T
    number = np.searchsorted([bound.start for bound in bounds], starts, side="right") - 1
    inside = (number >= 0) & (ends > starts) & (ends <= np.array([bound.end for bound in bounds])[number])
    return np.where(inside, number, -1)
