"""What a reader finds, and what a reader is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.article import Sentence, Span
from index.lexical import words
from qa.answer import ScoredPassage
from qa.retrieve import Retrieved


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, in its sentence and in the passage that was read.

    `score` is comparable across passages and questions: higher answers better; it is fitted to the other
    numbers. `margin` is how far the span beats "no answer" in its own passage, in logits. `cosine` and
    `coverage` are what the sentence has in common with the question in meaning, and the share (0..1) of
    the question's words' information that it holds; `expected` whether it holds the kind of answer that is
    asked for (1, 0, or ½ for no particular kind). `foreign` is how much of its article is in words that the reader
    does not know (0..1; `qa.reader.language`). `alone` is the margin of the sentence when it is read by
    itself, None where it was not.
    """

    passage: ScoredPassage
    sentence: Sentence
    short: Span
    score: float
    margin: float
    cosine: float
    coverage: float
    expected: float
    foreign: float = 0.0
    alone: float | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Which paragraph it is in: the article's title and the paragraph's id, which other articles have too."""
        return self.passage.article.title, self.passage.paragraph.id

    @property
    def signals(self) -> Mapping[str, float]:
        """What its score is made from (`qa.calibration.SIGNALS`)."""
        return {
            "margin": self.margin,
            "fused": self.passage.scores["fused"],
            "cosine": self.cosine,
            "coverage": self.coverage,
            "expected": self.expected,
        }

    @property
    def said(self) -> tuple[str, ...]:
        """The words of the span, by which two answers are the same."""
        return tuple(words(self.text))

    @property
    def text(self) -> str:
        """The span, verbatim."""
        return self.short.of(self.passage.article.text)


def firsts(candidates: Sequence[Candidate], most: int) -> list[int]:
    """Where the best candidate of each paragraph stands, for the first `most` paragraphs."""
    first: dict[tuple[str, str], int] = {}
    for place, candidate in enumerate(candidates):
        first.setdefault(candidate.place, place)
    return list(first.values())[:most]


class Reader(Protocol):
    """Reads the passages found for several questions at once."""

    def read(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """For each question its candidates, best first; at most one for each sentence."""
        ...
