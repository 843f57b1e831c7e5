"""What a reader finds, and what a reader is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.article import Sentence, Span
from qa.answer import ScoredPassage
from qa.retrieve import Retrieved


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, in the passage it stands in.

    `score` is comparable across passages and questions: higher answers better. `short` is the exact span
    inside the sentence that answers, None when the reader does not say. `cosine` and `coverage` are what
    the sentence has in common with the question in meaning, and the share (0..1) of its words' information;
    `behind` how far (≤ 0) the fused score of its passage is behind the best passage's; `expected` whether it
    holds the kind of answer that is asked for (1, 0, or ½ for no particular kind).
    """

    passage: ScoredPassage
    sentence: Sentence
    short: Span | None
    score: float
    cosine: float
    coverage: float
    behind: float
    expected: float


class Reader(Protocol):
    """Reads the passages found for several questions at once."""

    def read(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """For each question its candidates, best first; at most one for each sentence."""
        ...
