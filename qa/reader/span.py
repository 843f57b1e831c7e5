"""Question and passages → the exact spans that answer, with scores comparable across passages.

A span's margin is its score less that of "no answer" in the same passage, which makes spans of different
passages comparable (Chen et al. 2017, arXiv:1704.00051; Karpukhin et al. 2020, arXiv:2004.04906). A
candidate's score puts the margin together with what retrieval thought of the passage and what the sentence
has in common with the question; the weights are fitted by logistic regression (`python -m eval fit`).

The sentences that will be shown are read once more, by themselves: what stands around a sentence can mislead
as well as help, and two readings that agree say more than one (eval/LOG.md).
Left out: answers put together from several places, and spans across sentences.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from index.article import Article, Sentence, Span
from index.chunking import Passage
from index.facts import synonyms
from index.lexical import tokens
from index.store import Index
from qa.calibration import Calibration, Regression
from qa.reader.candidate import Candidate, firsts
from qa.reader.excerpt import Excerpt, Found, excerpt, spans
from qa.reader.expect import expectation
from qa.reader.language import foreign
from qa.reader.model import Model, Window, framed, opening, shipped
from qa.retrieve import Retrieved
from qa.settings import Settings

#: Passages whose preparation is kept, some 20 kB each.
KEPT: Final = 1024

#: Passages that are read before it is asked whether one of them answers; two processors read them at once.
AT_FIRST: Final = 2


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of what was found is read: at most so many passages and tokens, the best passage in any case.

    None whose fused score is farther behind the best one's than `gap`, which shrinks from passage to passage, to
    nothing after the last. Where one of the first two has a margin of at least `sure`, no other is read. Of so many
    paragraphs the best sentence is read `again`.
    """

    passages: int
    tokens: int
    gap: float = math.inf
    sure: float = math.inf
    again: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Reach:
        """As far as the settings say; the sentences of all answers that may be shown are read again."""
        again = 1 + settings.alternatives
        return cls(settings.read, settings.read_tokens, settings.read_gap, settings.read_sure, again)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is the same of a passage whatever is asked: what is read of it, and the stems of each sentence."""

    excerpt: Excerpt
    words: tuple[frozenset[str], ...]


class SpanReader:
    """Reads the best passages of each question, as far as `reach` goes, for spans that answer it."""

    def __init__(
        self,
        index: Index,
        reach: Reach,
        model: Model | None = None,
        weights: Regression | None = None,
    ) -> None:
        """`model` and `weights` are the shipped ones by default. Raises ModelError when the model is damaged."""
        self.index = index
        self.reach = reach
        self.model = model or shipped()
        self.weights = weights or Calibration.shipped().reader
        self._prepared = lru_cache(KEPT)(self._prepare)
        self._foreign: dict[str, float] = {}

    def read(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """For each question its candidates, best first; at most one for each sentence.

        The passage of a candidate has a further score, "reader": the highest margin in it.
        """
        return self.again(found, self.first(found))

    def first(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """As `read`, each passage read once."""
        windowed = [self._windows(retrieved) for retrieved in found]
        read = self._spans(found, [list(islice(passages, AT_FIRST)) for passages in windowed])
        rest = [
            [] if _surest(of_one) >= self.reach.sure else list(passages)
            for of_one, passages in zip(read, windowed, strict=True)
        ]
        more = self._spans(found, rest, AT_FIRST)
        return [
            self._candidates(retrieved, [*of_one, *others])
            for retrieved, of_one, others in zip(found, read, more, strict=True)
        ]

    def _spans(
        self, found: Sequence[Retrieved], windowed: Sequence[Sequence[Sequence[Window]]], first: int = 0
    ) -> list[list[list[Found]]]:
        """What is found in the passages of each question from number `first` on, given the windows of each."""
        every = [window for passages in windowed for passage in passages for window in passage]
        logits = iter(self.model.logits(every))
        return [
            [
                spans(self._prepared(row).excerpt, passage, [next(logits) for _ in passage])
                for row, passage in zip(retrieved.rows[first:], passages, strict=False)
            ]
            for retrieved, passages in zip(found, windowed, strict=True)
        ]

    def again(self, found: Sequence[Retrieved], candidates: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
        """`candidates` in their order, the best of each of the first paragraphs read again: its sentence alone.

        The words found with the higher margin are the answer.
        """
        looked = [list(of_one) for of_one in candidates]
        looks: list[tuple[int, int, Excerpt, list[Window]]] = []
        for number, (retrieved, of_one) in enumerate(zip(found, candidates, strict=True)):
            head = opening(self.model.tokenizer, retrieved.question)
            for place in firsts(of_one, self.reach.again):
                if read := self._alone(of_one[place]):
                    looks.append((number, place, read, framed(self.model.tokenizer, head, read.tokens)))
        logits = iter(self.model.logits([window for *_, windows in looks for window in windows]))
        for number, place, read, windows in looks:
            candidate = looked[number][place]
            for span in spans(read, windows, [next(logits) for _ in windows]):
                short = span.short if span.margin > candidate.margin else candidate.short
                looked[number][place] = replace(candidate, short=short, alone=span.margin)
        return looked

    def _alone(self, candidate: Candidate) -> Excerpt | None:
        """The candidate's sentence under its title and headings; None where that is what was read already."""
        of = candidate.passage
        passage = Passage(of.article, of.paragraph, of.span)
        bounds = (_answering(passage, candidate.sentence),)
        sentence = _inside(passage, candidate.sentence)
        if sentence == passage.span:
            return None
        return excerpt(self.model.tokenizer, of.article.text, f"{passage.context} > ", sentence, bounds)

    def _windows(self, retrieved: Retrieved) -> Iterator[list[Window]]:
        """Of each passage within reach, best first, its windows; the first passage is read whatever its length."""
        head = opening(self.model.tokenizer, retrieved.question)
        fused = [passage.scores["fused"] for passage in retrieved.passages[: self.reach.passages]]
        left = self.reach.tokens
        for place, (row, score) in enumerate(zip(retrieved.rows, fused, strict=False)):
            if place and fused[0] - score > self.reach.gap * (1 - place / self.reach.passages):
                break
            passage = framed(self.model.tokenizer, head, self._prepared(row).excerpt.tokens)
            left -= sum(len(window.ids) for window in passage)
            if place and left < 0:
                break
            yield passage

    def _foreignness(self, article: Article) -> float:
        """How foreign the article is; found once, and kept by its title."""
        if article.title not in self._foreign:
            self._foreign[article.title] = foreign(self.model.tokenizer, article.text)
        return self._foreign[article.title]

    def _prepare(self, row: int) -> Prepared:
        passage = self.index.passages[row]
        bounds = [_answering(passage, sentence) for sentence in passage.sentences]
        before = f"{passage.context} > "
        read = excerpt(self.model.tokenizer, passage.article.text, before, passage.span, bounds)
        return Prepared(read, tuple(_words(passage)))

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
                    foreign=self._foreignness(passage.article),
                )
                candidate = replace(candidate, score=self.weights.log_odds(candidate.signals))
                key = passage.article.title, sentence.span.start
                if key not in candidates or candidates[key].score < candidate.score:
                    candidates[key] = candidate
        return sorted(candidates.values(), key=lambda c: -c.score)


def _surest(read: Sequence[Sequence[Found]]) -> float:
    """The highest margin in the passages that were read."""
    return max((found[0].margin for found in read if found), default=-math.inf)


def _inside(passage: Passage, sentence: Sentence) -> Span:
    """What of a sentence lies in the passage."""
    return Span(max(sentence.span.start, passage.span.start), min(sentence.span.end, passage.span.end))


def _answering(passage: Passage, sentence: Sentence) -> Span:
    """The part of a sentence that can answer: what of it lies in the passage; of an infobox fact, its value."""
    inside = _inside(passage, sentence)
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
