"""Confidences and what came true → AUROC, AURC and ECE, and the curves behind them.

Questions with equal confidence are taken together as one group, since no threshold can tell them apart:
the order in which they were asked changes nothing. Every measure takes (b, g) masses, how many questions
of a group count in each of b resamples, and gives (b,) values, so that the bootstrap needs no loop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eval.bootstrap import Array, ratio

Flags = NDArray[np.bool_]
BINS = 15


class Groups:
    """Questions grouped by confidence, the most confident group first."""

    def __init__(self, confidence: Array) -> None:
        self._order = np.argsort(-confidence, kind="stable")
        ordered = confidence[self._order]
        self._starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.confidence = ordered[self._starts]

    def sums(self, weights: Array) -> Array:
        """(b, n) weights of the questions → (b, g) weights of the groups."""
        summed: Array = np.add.reduceat(weights[:, self._order], self._starts, axis=1)
        return summed


def auroc(positive: Array, negative: Array) -> Array:
    """(b,) probabilities that a positive is more confident than a negative, a tie counting half.

    NaN where there are only positives or only negatives. Fawcett 2006, "An introduction to ROC analysis".
    """
    negatives = negative.sum(axis=1)
    below = negatives[:, None] - np.cumsum(negative, axis=1)
    return ratio((positive * (below + negative / 2)).sum(axis=1), positive.sum(axis=1) * negatives)


def aurc(mass: Array, right: Array) -> Array:
    """(b,) areas under the risk–coverage curve: the error rate among the most confident, averaged over coverage.

    With all confidences different, the mean over i of the error rate among the i most confident questions.
    Lower is better. Geifman & El-Yaniv 2017, "Selective Classification for Deep Neural Networks".
    """
    risk = np.nan_to_num(ratio(np.cumsum(mass - right, axis=1), np.cumsum(mass, axis=1)))
    return ratio((mass * risk).sum(axis=1), mass.sum(axis=1))


def ece(confidence: Array, mass: Array, right: Array, bins: int = BINS) -> Array:
    """(b,) expected calibration errors: |mean confidence − share right| over equal-mass bins, weighted by mass.

    `confidence` is (g,), that of each group. Lower is better. Naeini et al. 2015, "Obtaining Well
    Calibrated Probabilities Using Bayesian Binning", with the equal-mass bins of Nguyen & O'Connor 2015.
    """
    gap = _per_bin(mass * confidence - right, _bin_of(mass, bins), bins)
    return ratio(np.abs(gap).sum(axis=1), mass.sum(axis=1))


def risk_coverage(confidence: Array, right: Flags) -> tuple[Array, Array]:
    """(g,) coverages and the (g,) risks at them, for a threshold at each confidence from the highest down."""
    groups, once = Groups(confidence), np.ones((1, len(confidence)))
    mass, true = groups.sums(once)[0], groups.sums(once * right)[0]
    covered = np.cumsum(mass)
    return covered / covered[-1], np.cumsum(mass - true) / covered


def reliability(confidence: Array, right: Flags, bins: int = BINS) -> tuple[Array, Array, Array]:
    """(k,) mean confidences, shares right and numbers of questions of the equal-mass bins that `ece` uses."""
    groups, once = Groups(confidence), np.ones((1, len(confidence)))
    mass, true = groups.sums(once), groups.sums(once * right)
    bin_of = _bin_of(mass, bins)
    count = _per_bin(mass, bin_of, bins)[0]
    stated = _per_bin(mass * groups.confidence, bin_of, bins)[0]
    observed = _per_bin(true, bin_of, bins)[0]
    filled = count > 0
    return stated[filled] / count[filled], observed[filled] / count[filled], count[filled]


def _bin_of(mass: Array, bins: int) -> NDArray[np.int64]:
    """(b, g) bins: a group lies where the middle of its mass lies."""
    middle = np.cumsum(mass, axis=1) - mass / 2
    total = np.maximum(mass.sum(axis=1, keepdims=True), 1)
    bin_of: NDArray[np.int64] = np.minimum(middle * bins / total, bins - 1).astype(np.int64)
    return bin_of


def _per_bin(values: Array, bin_of: NDArray[np.int64], bins: int) -> Array:
    rows = len(values)
    flat = (bin_of + np.arange(rows)[:, None] * bins).ravel()
    summed = np.bincount(flat, weights=values.ravel(), minlength=rows * bins)
    return summed.reshape(rows, bins).astype(np.float64)
