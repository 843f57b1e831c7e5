"""Two predictions files on the same questions → the difference of every measure, and what changed.

The bootstrap is paired: each resample draws the same questions for both sides, so that what is hard for
both cancels out.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

from eval.bootstrap import Array, bootstrap
from eval.metrics import MEASURES, Measure, Scores, decided_rightly
from eval.predict import Prediction, Predictions, PredictionsError


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure on both sides, and B − A with its 95% paired bootstrap interval."""

    measure: Measure
    a: float
    b: float
    difference: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0

    @property
    def better(self) -> bool:
        """Whether B is the better side by this measure, clearly or not."""
        return self.difference > 0 if self.measure.higher_is_better else self.difference < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two runs on the `shared` number of questions they share.

    `gained` are the (A, B) predictions that only B got right, `lost` those that only A got right.
    `unshared` counts the questions that only one of them asked, or that have other gold answers now.
    """

    differences: tuple[Difference, ...]
    gained: tuple[tuple[Prediction, Prediction], ...]
    lost: tuple[tuple[Prediction, Prediction], ...]
    shared: int
    unshared: int


def compare(a: Predictions, b: Predictions) -> Comparison:
    """B against A. Raises PredictionsError where they share no question."""
    of_b = {_asked(p): p for p in b.predictions}
    pairs = [(p, of_b[_asked(p)]) for p in a.predictions if _asked(p) in of_b]
    if not pairs:
        raise PredictionsError(f"{a.path} and {b.path} share no question: run both on the same data file")
    scores_a, scores_b = Scores([p for p, _ in pairs]), Scores([p for _, p in pairs])

    def difference(weights: Array) -> Array:
        return scores_b.statistic(weights) - scores_a.statistic(weights)

    found = bootstrap(len(pairs), difference)
    whole = bootstrap(len(pairs), scores_a.statistic, resamples=1).value
    differences = tuple(
        Difference(m, float(at), float(at + d), float(d), float(lo), float(hi))
        for m, at, d, lo, hi in zip(MEASURES, whole, found.value, found.low, found.high, strict=True)
        if not math.isnan(d)
    )
    return Comparison(
        differences=differences,
        gained=tuple((x, y) for x, y in pairs if decided_rightly(y) and not decided_rightly(x)),
        lost=tuple((x, y) for x, y in pairs if decided_rightly(x) and not decided_rightly(y)),
        shared=len(pairs),
        unshared=len(a.predictions) + len(b.predictions) - 2 * len(pairs),
    )


def _asked(p: Prediction) -> tuple[Hashable, ...]:
    """What makes two predictions those of one question: not what a parser made of it, as paragraphs are numbered."""
    q = p.question
    return q.id, q.article, q.question, q.history, q.answers, q.scored
