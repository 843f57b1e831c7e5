"""A statistic of weighted questions → its value and a 95% percentile bootstrap interval.

Resamples questions with replacement (Efron 1979). A resample is a row of counts, how often each question
was drawn, so that all resamples of all measures come from a few array operations. The same draws serve
every measure, and both sides of a comparison: the difference of two statistics is then paired.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Statistic = Callable[[Array], Array]

RESAMPLES = 10_000
SEED = 20_160_616  # any fixed number does: the same file gives the same intervals
CELLS = 2_000_000  # counts held at once: 16 MB


@dataclass(frozen=True, slots=True)
class Intervals:
    """Values and the ends of their 95% intervals, (m,) each; NaN where a statistic is not defined."""

    value: Array
    low: Array
    high: Array


def bootstrap(n: int, statistic: Statistic, resamples: int = RESAMPLES, seed: int = SEED) -> Intervals:
    """The intervals of `statistic` over `n` questions.

    `statistic` turns (b, n) counts into (b, m) values; its value is that of counting each question once.
    """
    rng = np.random.default_rng(seed)
    rows = max(CELLS // max(n, 1), 1)
    drawn = []
    for start in range(0, resamples, rows):
        drawn.append(statistic(_counts(rng, min(rows, resamples - start), n)))
    with warnings.catch_warnings():
        # A measure over no question at all is NaN in every resample, and its interval too.
        warnings.filterwarnings("ignore", "All-NaN slice encountered", RuntimeWarning)
        low, high = np.nanpercentile(np.concatenate(drawn), [2.5, 97.5], axis=0)
    return Intervals(statistic(np.ones((1, n)))[0], low, high)


def means(values: Array) -> Statistic:
    """The statistic that averages each column of `values`, (n, m), over the rows where it is not NaN."""
    applies = ~np.isnan(values)
    filled = np.where(applies, values, 0.0)

    def statistic(weights: Array) -> Array:
        return ratio(weights @ filled, weights @ applies.astype(np.float64))

    return statistic


def ratio(above: Array, below: Array) -> Array:
    """`above / below`, NaN where `below` is 0."""
    quotient = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient


def _counts(rng: np.random.Generator, rows: int, n: int) -> Array:
    drawn = rng.integers(0, n, size=(rows, n)) + np.arange(rows)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
