"""Question and passages → the exact spans that answer, with scores comparable across passages.

A span's margin is its score less that of "no answer" in the same passage, which makes spans of different
passages comparable (Chen et al. 2017, arXiv:1704.00051; Karpukhin et al. 2020, arXiv:2004.04906). A
candidate's score puts the margin together with what retrieval thought of the passage and what the sentence
has in common with the question; the weights are fitted by logistic regression (`python -m eval fit`).
Left out: answers put together from several places, and spans across sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from qa.reader.expect import expected
from qa.reader.model import Model, Window, shipped, windows
from qa.retrieve import Retrieved


@dataclass(frozen=True, slots=True)
class Found:
    """The best span of one sentence of a passage: `article.text[short.start:short.end]` is the answer."""

    sentence: Sentence
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
                    _spans(self.index.passages[row], passage, [next(logits) for _ in passage])
                    for row, passage in zip(retrieved.rows, passages, strict=False)
                ],
            )
            for retrieved, passages in zip(found, windowed, strict=True)
        ]

    def _windows(self, retrieved: Retrieved) -> list[list[Window]]:
        """For each passage that is read, best first, its windows; the first passage is read whatever its length."""
        read: list[list[Window]] = []
        left = self.most_tokens
        for row in retrieved.rows[: self.passages]:
            passage = windows(self.model.tokenizer, retrieved.question, self.index.passages[row].embedded_text)
            left -= sum(len(window.ids) for window in passage)
            if read and left < 0:
                break
            read.append(passage)
        return read

    def _candidates(self, retrieved: Retrieved, spans: Sequence[Sequence[Found]]) -> list[Candidate]:
        """What was found in each passage of one question → its candidates."""
        information = {token: self.index.lexical.idf(token) for token in tokens(retrieved.question)}
        total = sum(information.values()) or 1.0
        candidates: dict[tuple[str, int], Candidate] = {}
        for passage, row, found in zip(retrieved.passages, retrieved.rows, spans, strict=False):
            if not found:
                continue
            cosines = self.index.sentence_similarities(retrieved.vector, row).tolist()
            cosine = {s.span: c for s, c in zip(self.index.passages[row].sentences, cosines, strict=True)}
            read = replace(passage, scores={**passage.scores, "reader": found[0].margin})
            for span in found:
                text = span.sentence.span.of(passage.article.text)
                also = synonyms(text) if passage.paragraph.kind == "infobox" else ""
                held = set(tokens(f"{text} {also}"))
                candidate = Candidate(
                    passage=read,
                    sentence=span.sentence,
                    short=span.short,
                    score=0.0,
                    margin=span.margin,
                    cosine=cosine[span.sentence.span],
                    coverage=sum(weight for token, weight in information.items() if token in held) / total,
                    expected=expected(retrieved.question, text),
                )
                candidate = replace(candidate, score=self.weights.log_odds(candidate.signals))
                key = passage.article.title, span.sentence.span.start
                if key not in candidates or candidates[key].score < candidate.score:
                    candidates[key] = candidate
        return sorted(candidates.values(), key=lambda c: -c.score)


def _spans(passage: Passage, read: Sequence[Window], logits: Sequence[tuple[Floats, Floats]]) -> list[Found]:
    """The best span of each sentence of a passage, best first, from the logits of its windows."""
    text, sentences = passage.article.text, passage.sentences
    shift = passage.span.start - (len(passage.embedded_text) - len(passage.text))
    bounds = [_answering(passage, sentence) for sentence in sentences]
    best: dict[int, Found] = {}
    for window, (start, end) in zip(read, logits, strict=True):
        for span in best_spans(start, end, _groups(window, bounds, shift)):
            first, last = window.offsets[span.first], window.offsets[span.last]
            if first is None or last is None:
                continue
            if span.group not in best or best[span.group].margin < span.margin:
                inside = bounds[span.group]
                low, high = tidy(inside.of(text), first[0] + shift - inside.start, last[1] + shift - inside.start)
                short = Span(inside.start + low, inside.start + high)
                best[span.group] = Found(sentences[span.group], short, span.margin)
    return sorted(best.values(), key=lambda found: -found.margin)


def _answering(passage: Passage, sentence: Sentence) -> Span:
    """The part of a sentence that can answer: what of it lies in the passage; of an infobox fact, its value."""
    inside = Span(max(sentence.span.start, passage.span.start), min(sentence.span.end, passage.span.end))
    if passage.paragraph.kind == "infobox":
        label, colon, value = inside.of(passage.article.text).partition(": ")
        if value:
            return Span(inside.start + len(label) + len(colon), inside.end)
    return inside


def _groups(window: Window, bounds: Sequence[Span], shift: int) -> Ints:
    """For each token the number of the bounds it lies in, -1 for none."""
    groups = np.full(len(window.offsets), -1, dtype=np.int64)
    for i, offset in enumerate(window.offsets):
        if offset and offset[1] > offset[0]:
            for group, bound in enumerate(bounds):
                if bound.start <= offset[0] + shift and offset[1] + shift <= bound.end:
                    groups[i] = group
                    break
    return groups
