"""The fitted numbers that ship with Footnote, read from `calibration.json`; `python -m eval fit` writes it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: What the probability of an answer rests on (`qa.abstain.evidence`).
FEATURES = ("nearest", "cosine", "coverage", "passage_coverage", "margin", "missing_names", "unknown_names")


@dataclass(frozen=True, slots=True)
class ReaderWeights:
    """Log-odds that a sentence holds the answer, for each unit of what is known of it (`qa.reader.Candidate`)."""

    cosine: float
    coverage: float
    behind: float = 0.0
    expected: float = 0.0

    def score(self, cosine: float, coverage: float, behind: float, expected: float) -> float:
        """The weighted sum: higher answers better, whatever the passage and the question."""
        return self.cosine * cosine + self.coverage * coverage + self.behind * behind + self.expected * expected


@dataclass(frozen=True)
class Calibration:
    """A logistic regression: probability = 1 / (1 + exp(-(intercept + Σ coefficient · feature)))."""

    reader: ReaderWeights
    intercept: float
    coefficients: Mapping[str, float]

    @classmethod
    @cache
    def shipped(cls) -> Calibration:
        """The one in this package; a feature that was not fitted counts for nothing."""
        stored = json.loads((resources.files("qa") / "calibration.json").read_text(encoding="utf-8"))
        answer = stored["answer"]
        coefficients = {name: float(answer["coefficients"].get(name, 0.0)) for name in FEATURES}
        return cls(ReaderWeights(**stored["reader"]), float(answer["intercept"]), coefficients)

    def probability(self, features: Mapping[str, float]) -> float:
        """0..1: how likely an answer with these features is right."""
        log_odds = self.intercept + sum(self.coefficients[name] * features[name] for name in FEATURES)
        return 1 / (1 + math.exp(-max(min(log_odds, 50.0), -50.0)))
