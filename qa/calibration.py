"""The fitted numbers that ship with Footnote, read from `calibration.json`; `python -m eval fit` writes it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: What the score of a candidate rests on (`qa.reader.Candidate.signals`).
SIGNALS = ("margin", "fused", "cosine", "coverage", "expected")

#: What the probability of an answer rests on (`qa.abstain.evidence`).
FEATURES = (
    "margin",
    "alone",
    "coverage",
    "expected",
    "foreign",
    "passage_coverage",
    "remoteness",
    "missing_names",
    "unknown_names",
)

#: What the probability of a further answer rests on, one that says otherwise than the best (`qa.abstain.further`).
FURTHER = ("own", "best", "behind")


@dataclass(frozen=True)
class Regression:
    """A logistic regression: probability = 1 / (1 + exp(-log_odds)), log_odds = intercept + Σ coefficient · feature."""

    intercept: float
    coefficients: Mapping[str, float]

    def log_odds(self, features: Mapping[str, float]) -> float:
        return self.intercept + sum(coefficient * features[name] for name, coefficient in self.coefficients.items())

    def probability(self, features: Mapping[str, float]) -> float:
        """0..1: how likely what has these features is right."""
        return 1 / (1 + math.exp(-max(min(self.log_odds(features), 50.0), -50.0)))


@dataclass(frozen=True)
class Calibration:
    """`reader` scores a candidate by its SIGNALS; `answer` says how likely the best one is right, by its FEATURES.

    `further` says so of one from elsewhere that says otherwise, by what FURTHER names.
    """

    reader: Regression
    answer: Regression
    further: Regression

    @classmethod
    @cache
    def shipped(cls) -> Calibration:
        """The one in this package; a signal or feature that was not fitted counts for nothing."""
        stored = json.loads((resources.files("qa") / "calibration.json").read_text(encoding="utf-8"))
        parts = ("reader", SIGNALS), ("answer", FEATURES), ("further", FURTHER)
        return cls(*(_regression(stored[part], names) for part, names in parts))


def _regression(stored: Mapping[str, object], names: tuple[str, ...]) -> Regression:
    coefficients: Mapping[str, float] = stored["coefficients"]  # type: ignore[assignment]
    return Regression(
        float(stored["intercept"]),  # type: ignore[arg-type]
        {name: float(coefficients.get(name, 0.0)) for name in names},
    )
