"""Fits the numbers in `qa/calibration.json`: what a sentence's score weighs, and how likely an answer is right.

Both are logistic regressions on data that is for choosing, never for reporting: a file in the SQuAD
format (the "tune" articles) and the dev half of the project's own set. Every question is asked in its own
article; some are also asked in another article of the file, where nothing answers them. Left out: the
threshold, which is a setting; `fit` prints what each would cost.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import datasets
from eval.datasets import DataSet, Question
from eval.squad import holds
from index.errors import MissingExtra
from qa import QA
from qa.abstain import evidence
from qa.calibration import FEATURES, Calibration, ReaderWeights
from qa.reader import Candidate, SentenceReader
from qa.retrieve import Retrieved, retrieve

try:
    from sklearn.linear_model import LogisticRegression
except ImportError as error:
    raise MissingExtra("fitting needs scikit-learn: pip install -e '.[eval]'") from error

SEED = 0
FAR_SHARE = 0.3  # questions also asked in another article, for each question of the file
DEV_WEIGHT = 3  # the dev half is small, but the only data with infobox facts and misspelt questions
THRESHOLDS = (0.1, 0.12, 0.14, 0.16, 0.17, 0.18, 0.2, 0.22, 0.25, 0.3)


@dataclass(frozen=True, slots=True)
class Read:
    """A question with what the reader found for it; `kind` is answerable, unanswerable, near or far."""

    question: str
    answers: tuple[str, ...]
    kind: str
    weight: int
    qa: QA
    found: Retrieved
    candidates: list[Candidate]

    def is_right(self, candidate: Candidate) -> bool:
        """Whether the candidate's sentence holds an accepted answer."""
        return holds(candidate.sentence.span.of(candidate.passage.article.text), self.answers)


def fit(data: Path, out: Path) -> list[tuple[float, dict[str, float]]]:
    """Writes the fitted numbers to `out`; for some thresholds, the share of each kind that would be withheld."""
    sets = [(datasets.load(data), 1), (_dev(), DEV_WEIGHT)]
    asked = [read for chosen, weight in sets for read in _ask(chosen, weight)]
    weights = _fit_reader(asked)
    asked = [_scored_again(read, weights) for read in asked]
    features, right, sample_weights = _answers(asked)
    model = LogisticRegression(C=10, max_iter=5000).fit(features, right, sample_weight=sample_weights)
    coefficients = dict(zip(FEATURES, (round(float(c), 4) for c in model.coef_[0]), strict=True))
    intercept = round(float(model.intercept_[0]), 4)
    stored = {
        "reader": asdict(weights),
        "answer": {"intercept": intercept, "coefficients": coefficients},
        "fitted_on": {
            "sets": [chosen.name for chosen, _ in sets],
            "questions": len(asked),
            "right": int(right.sum()),
            "seed": SEED,
            "scikit-learn": version("scikit-learn"),
        },
    }
    out.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    calibration = Calibration(weights, intercept, coefficients)
    probabilities = np.array([calibration.probability(_evidence(read)) if read.candidates else 0.0 for read in asked])
    kinds = np.array([read.kind for read in asked])
    return [
        (t, {kind: float((probabilities[kinds == kind] < t).mean()) for kind in sorted(set(kinds.tolist()))})
        for t in THRESHOLDS
    ]


def _dev() -> DataSet:
    return datasets.select(datasets.load(datasets.SETS / "sensetime.jsonl"), datasets.Draw("dev", None, SEED))


def _ask(chosen: DataSet, weight: int) -> Iterator[Read]:
    """Every question in its own article, and some of them in the next one."""
    draw = random.Random(SEED)
    opened = {key: QA.from_articles([article]) for key, article in chosen.articles.items()}
    keys = list(opened)
    for place, key in enumerate(keys):
        own = [q for q in chosen.questions if q.article == key]
        yield from _read(opened[key], own, weight, None)
        if len(keys) > 1:
            away = draw.sample(own, round(len(own) * FAR_SHARE))
            yield from _read(opened[keys[(place + 1) % len(keys)]], away, weight, "far")


def _read(qa: QA, questions: Sequence[Question], weight: int, kind: str | None) -> Iterator[Read]:
    settings = qa.settings
    texts = [q.question for q in questions]
    found = retrieve(qa.index, texts, settings.candidates, settings.considered, settings.dense_weight)
    reader = SentenceReader(qa.index, settings.read, Calibration.shipped().reader)
    for question, retrieved, candidates in zip(questions, found, reader.read(found), strict=True):
        answers = () if kind else question.answers
        yield Read(question.question, answers, kind or _kind(question), weight, qa, retrieved, candidates)


def _kind(question: Question) -> str:
    if question.answers:
        return "answerable"
    return {True: "near", False: "far", None: "unanswerable"}[question.near]


def _scored_again(read: Read, weights: ReaderWeights) -> Read:
    """The same candidates in the order of the fitted score."""
    candidates = [replace(c, score=weights.score(*_known(c))) for c in read.candidates]
    return replace(read, candidates=sorted(candidates, key=lambda c: -c.score))


def _known(candidate: Candidate) -> tuple[float, float, float, float]:
    return candidate.cosine, candidate.coverage, candidate.behind, candidate.expected


def _fit_reader(asked: Sequence[Read]) -> ReaderWeights:
    """What each thing known of a sentence is worth: does it hold the answer, over all candidates."""
    answerable = [read for read in asked if read.answers]
    rows = [(*_known(c), read.is_right(c), read.weight) for read in answerable for c in read.candidates]
    table = np.array(rows, dtype=np.float64)
    model = LogisticRegression(C=10, max_iter=5000).fit(table[:, :4], table[:, 4] > 0, sample_weight=table[:, 5])
    return ReaderWeights(*(round(float(c), 3) for c in model.coef_[0]))


def _answers(asked: Sequence[Read]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Features of the best candidate of each question, whether it is right, and what it weighs."""
    read = [r for r in asked if r.candidates]
    features = np.array([[_evidence(r)[name] for name in FEATURES] for r in read])
    return features, np.array([r.is_right(r.candidates[0]) for r in read]), np.array([float(r.weight) for r in read])


def _evidence(read: Read) -> dict[str, float]:
    return evidence(read.found, read.candidates, 0, read.qa.index.lexical)
