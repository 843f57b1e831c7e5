"""Question and passages → the exact spans that answer, with scores comparable across passages.

A span's margin is its score less that of "no answer" in the same passage, which makes spans of different
passages comparable (Chen et al. 2017, arXiv:1704.00051; Karpukhin et al. 2020, arXiv:2004.04906). A
candidate's score puts the margin together with what retrieval thought of the passage and what the sentence
has in common with the question; the weights are fitted by logistic regression (`python -m eval fit`).
Left out: answers put together from several places, and spans across sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from index.article import Sentence, Span
from index.chunking import Passage
from index.embedding import Floats
from index.facts import synonyms
from index.lexical import tokens
from index.store import Index
from qa.calibration import Calibration, Regression
from qa.reader.candidate import Candidate
from qa.reader.decode import Ints, best_spans, tidy
from qa.reader.expect import expectation
from qa.reader.model import Model, Tokens, Window, framed, opening, shipped, tokens_of
from qa.retrieve import Retrieved

#: Passages whose preparation is kept, some 20 kB each.
KEPT: Final = 1024


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is the same of a passage whatever is asked.

    `bounds` is the part of each sentence that can answer, in `article.text`; `sentence_of` is, for each token,
    the number of the bounds it lies in, -1 for none; `words` are the stems of each sentence.
    """

    tokens: Tokens
    bounds: tuple[Span, ...]
    sentence_of: Ints
    words: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best span of sentence `number` of a passage: `article.text[short.start:short.end]` is the answer."""

    number: int
    short: Span
    margin: float


class SpanReader:
    """Reads the best passages of each question, at most `passages` and `most_tokens`, for spans that answer it."""

    def __init__(
        self,
        index: Index,
        passages: int,
        most_tokens: int,
        model: Model | None = None,
        weights: Regression | None = None,
    ) -> None:
        """`model` and `weights` are the shipped ones by default. Raises ModelError when the model is damaged."""
        self.index = index
        self.passages = passages
        self.most_tokens = most_tokens
        self.model = model or shipped()
        self.weights = weights or Calibration.shipped().reader
        self._prepared = lru_cache(KEPT)(self._prepare)

    def read(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """For each question its candidates, best first; at most one for each sentence.

        The passage of a candidate has a further score, "reader": the highest margin in it.
        """
        windowed = [self._windows(retrieved) for retrieved in found]
        every = [window for passages in windowed for passage in passages for window in passage]
        logits = iter(self.model.logits(every))
        return [
            self._candidates(
                retrieved,
                [
                    _spans(self.index.passages[row], self._prepared(row), passage, [next(logits) for _ in passage])
                    for row, passage in zip(retrieved.rows, passages, strict=False)
                ],
            )
            for retrieved, passages in zip(found, windowed, strict=True)
        ]

    def _windows(self, retrieved: Retrieved) -> list[list[Window]]:
        """For each passage that is read, best first, its windows; the first passage is read whatever its length."""
        head = opening(self.model.tokenizer, retrieved.question)
        read: list[list[Window]] = []
        left = self.most_tokens
        for row in retrieved.rows[: self.passages]:
            passage = framed(self.model.tokenizer, head, self._prepared(row).tokens)
            left -= sum(len(window.ids) for window in passage)
            if read and left < 0:
                break
            read.append(passage)
        return read

    def _prepare(self, row: int) -> Prepared:
        passage = self.index.passages[row]
        context = tokens_of(self.model.tokenizer, passage.embedded_text)
        bounds = tuple(_answering(passage, sentence) for sentence in passage.sentences)
        return Prepared(context, bounds, _numbers(context, bounds, _shift(passage)), tuple(_words(passage)))

    def _candidates(self, retrieved: Retrieved, spans: Sequence[Sequence[Found]]) -> list[Candidate]:
        """What was found in each passage of one question → its candidates."""
        information = {token: self.index.lexical.idf(token) for token in tokens(retrieved.question)}
        total = sum(information.values()) or 1.0
        expected = expectation(retrieved.question)
        candidates: dict[tuple[str, int], Candidate] = {}
        for passage, row, found in zip(retrieved.passages, retrieved.rows, spans, strict=False):
            if not found:
                continue
            sentences, held = self.index.passages[row].sentences, self._prepared(row).words
            cosines = self.index.sentence_similarities(retrieved.vector, row).tolist()
            read = replace(passage, scores={**passage.scores, "reader": found[0].margin})
            for span in found:
                sentence = sentences[span.number]
                shared = sum(weight for token, weight in information.items() if token in held[span.number])
                candidate = Candidate(
                    passage=read,
                    sentence=sentence,
                    short=span.short,
                    score=0.0,
                    margin=span.margin,
                    cosine=cosines[span.number],
                    coverage=shared / total,
                    expected=expected(sentence.span.of(passage.article.text)),
                )
                candidate = replace(candidate, score=self.weights.log_odds(candidate.signals))
                key = passage.article.title, sentence.span.start
                if key not in candidates or candidates[key].score < candidate.score:
                    candidates[key] = candidate
        return sorted(candidates.values(), key=lambda c: -c.score)


def _spans(
    passage: Passage, prepared: Prepared, read: Sequence[Window], logits: Sequence[tuple[Floats, Floats]]
) -> list[Found]:
    """The best span of each sentence of a passage, best first, from the logits of its windows."""
    text, shift = passage.article.text, _shift(passage)
    best: dict[int, Found] = {}
    for window, (start, end) in zip(read, logits, strict=True):
        places = prepared.tokens.offsets[window.context] + shift
        groups = np.full(len(window.ids), -1, dtype=np.int64)
        groups[window.head : -1] = prepared.sentence_of[window.context]
        for span in best_spans(start, end, groups):
            if span.group not in best or best[span.group].margin < span.margin:
                inside = prepared.bounds[span.group]
                first, last = places[span.first - window.head][0], places[span.last - window.head][1]
                low, high = tidy(inside.of(text), int(first) - inside.start, int(last) - inside.start)
                short = Span(inside.start + low, inside.start + high)
                best[span.group] = Found(span.group, short, span.margin)
    return sorted(best.values(), key=lambda found: -found.margin)


def _shift(passage: Passage) -> int:
    """How far on in `article.text` a place in what is read of the passage, title and headings first, stands."""
    return passage.span.start - (len(passage.embedded_text) - len(passage.text))


def _answering(passage: Passage, sentence: Sentence) -> Span:
    """The part of a sentence that can answer: what of it lies in the passage; of an infobox fact, its value."""
    inside = Span(max(sentence.span.start, passage.span.start), min(sentence.span.end, passage.span.end))
    if passage.paragraph.kind == "infobox":
        label, colon, value = inside.of(passage.article.text).partition(": ")
        if value:
            return Span(inside.start + len(label) + len(colon), inside.end)
    return inside


def _words(passage: Passage) -> Iterator[frozenset[str]]:
    """The stems of each sentence, with what else people call an infobox fact."""
    for sentence in passage.sentences:
        text = sentence.span.of(passage.article.text)
        also = synonyms(text) if passage.paragraph.kind == "infobox" else ""
        yield frozenset(tokens(f"{text} {also}"))


def _numbers(context: Tokens, bounds: Sequence[Span], shift: int) -> Ints:
    """For each token the number of the bounds it lies in, -1 for none; bounds are in order and apart."""
    if not bounds:
        return np.full(len(context.ids), -1, dtype=np.int64)
    starts, ends = (context.offsets + shift).T
    number = np.searchsorted([bound.start for bound in bounds], starts, side="right") - 1
    inside = (number >= 0) & (ends > starts) & (ends <= np.array([bound.end for bound in bounds])[number])
    return np.where(inside, number, -1)
