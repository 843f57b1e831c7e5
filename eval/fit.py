"""Fits the numbers in `qa/calibration.json`: what a sentence's score weighs, and how likely an answer is right.

Candidates are scored by a conditional logit: the weights under which, among the candidates of a question,
those whose sentence holds the answer are likeliest. How likely the best one is right is a logistic regression.
Both are fitted on data that is for choosing, never for reporting: a file in the SQuAD format (the "tune"
articles) and the dev half of the project's own set. Every question is asked in its own article; some are also
asked in another article of the file, where nothing answers them, and so are some that we wrote on articles of neither:
in keywords, in passing, mistyped, as long as they name what they ask about. What a reader of English says of other
languages is mostly wrong: how likely that is, is fitted on articles that we wrote in such, which have no part in the
rest. Left out: the threshold, which is a setting; `fit` prints what each would cost.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from math import inf
from pathlib import Path

import numpy as np

from eval import datasets
from eval.bootstrap import Array
from eval.confidence import Groups, auroc, ece
from eval.datasets import DataSet, DataSetError, Question
from eval.metrics import RIGHT_F1
from eval.squad import f1, holds
from index.digest import file_sha256
from index.errors import MissingExtra
from qa import QA
from qa.abstain import evidence, further
from qa.calibration import SIGNALS, Regression
from qa.reader import Candidate, Reach, SpanReader, firsts
from qa.reader.sheet import QUESTIONS, sheet
from qa.rerank import reranked
from qa.retrieve import Retrieved, retrieve
from qa.settings import Settings
from qa.spelling import respelled

try:
    from scipy.optimize import minimize, minimize_scalar
    from sklearn.linear_model import LogisticRegression
except ImportError as error:
    raise MissingExtra("fitting needs scikit-learn: pip install -e '.[eval]'") from error

SEED = 0
FAR_SHARE = 0.15  # questions also asked in another article, and as many of our own, for each question of the file
ANSWERABLE_WEIGHT = 1.25  # of what people ask more has an answer than of what is asked here
DEV_WEIGHT = 8  # the dev half is small, but the only data with infobox facts and misspelt questions
RIDGE = 1e-3  # keeps the weights of signals that say nothing near 0
THRESHOLDS = (0.1, 0.15, 0.16, 0.17, 0.18, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)

#: What makes a question one about any article that it is asked of ("who runs it"): such are not far from it.
_LEANING = re.compile(r"\b(?:it|its|they|them|their|he|him|his|she|her|this|that|there|here|place)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """A question with what the reader found for it; `kind` is answerable, unanswerable, near or far.

    `article` is what the question is asked of; questions of one article are held out together.
    """

    question: str
    answers: tuple[str, ...]
    kind: str
    weight: int
    article: str
    reader: SpanReader
    found: Retrieved
    candidates: list[Candidate]

    def holds(self, candidate: Candidate) -> bool:
        """Whether the candidate's sentence holds an accepted answer."""
        return holds(candidate.sentence.span.of(candidate.passage.article.text), self.answers)

    def rightness(self, candidate: Candidate) -> float:
        """½ when the sentence holds an accepted answer, and ½ more when the short answer is one (SQuAD F1 ≥ 0.5)."""
        short = bool(self.answers) and f1(candidate.text, self.answers) >= RIGHT_F1
        return (self.holds(candidate) + short) / 2


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the probabilities are worth on questions of articles that they were not fitted on.

    `further` has, for each threshold, how many answers that say otherwise than the best would be given beside it
    ("shown"), how likely they are said to be and how right they are (means).

    `withheld` is, for each threshold, the share of each kind of question that would be withheld, and under
    "risk" the share of wrong answers among those that would be given. A right sentence with wrong words in it counts as
    half right, here and in `ece`. The order of candidates is the one fitted on all articles. Those in other languages
    are in every fit, and nothing is told of them.
    """

    auroc: float
    ece: float
    withheld: dict[float, dict[str, float]]
    further: dict[float, dict[str, float]]


def fit(data: Path, out: Path) -> HeldOut:
    """Writes the fitted numbers to `out`; returns how they do when each article in turn is left out of the fit.

    Raises DataSetError when `data` is not for fitting, or `out` cannot be written: before any work, and with nothing
    written.
    """
    tune = datasets.load(data)
    _check(tune, out)
    sets = [(tune, 1), (_dev(), DEV_WEIGHT)]
    languages = datasets.load(datasets.SETS / "languages.txt")
    asked = [read for chosen, weight in sets for read in _ask(chosen, weight)]
    reader = _fit_reader(asked)
    asked = [_scored_again(read, reader) for read in asked]
    foreign = [_scored_again(read, reader) for read in _ask(languages, 1)]
    answer = _fit_answer(asked, foreign)
    stored = {
        "reader": asdict(reader),
        "answer": asdict(answer),
        "further": asdict(_fit_further(asked, answer)),
        "fitted_on": {
            "sets": [chosen.name for chosen, _ in sets],
            "foreign": {languages.name: languages.sha256},
            "far": {QUESTIONS.name: file_sha256(QUESTIONS)},
            "questions": len(asked),
            "right": sum(read.rightness(read.candidates[0]) for read in asked if read.candidates),
            "seed": SEED,
            "scikit-learn": version("scikit-learn"),
        },
    }
    held_out = _held_out(asked, foreign)
    new = out.with_name(f"{out.name}.new")  # asking needs the numbers: they are whole, or those before
    new.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    new.replace(out)
    return held_out


def _check(chosen: DataSet, out: Path) -> None:
    """Raises DataSetError unless each article can be left out in turn, and what is right is known of every answer."""
    if len(chosen.articles) < 2 or any(q.scored != "span" or q.split is not None for q in chosen.questions):
        raise DataSetError(
            f"{chosen.path}: cannot be fitted on; give a file in the SQuAD format, of several articles, "
            "that no result is reported on"
        )
    if not out.parent.is_dir():
        raise DataSetError(f"{out}: there is no folder {out.parent}; make it, or give another --out")
    if out.is_dir() or not os.access(out.parent, os.W_OK):
        raise DataSetError(f"{out}: cannot be written; give another --out")


def _held_out(asked: Sequence[Read], foreign: Sequence[Read]) -> HeldOut:
    probabilities = np.zeros(len(asked))
    beside: list[tuple[float, float, float]] = []  # of each further answer: the best one's probability, its own, right
    for article in {read.article for read in asked}:
        others = [read for read in asked if read.article != article]
        model = _fit_answer(others, foreign)
        of_further = _fit_further(others, model)
        for i, read in enumerate(asked):
            if read.article == article and read.candidates:
                probabilities[i] = model.probability(_evidence(read, read.candidates[0]))
                for features, share in _further(read, model):
                    likely = min(of_further.probability(features), probabilities[i])
                    beside.append((float(probabilities[i]), likely, share))
    right = np.array([read.rightness(read.candidates[0]) if read.candidates else 0.0 for read in asked])
    kinds = np.array([read.kind for read in asked])
    groups, once = Groups(probabilities), np.ones((1, len(asked)))
    answerable = groups.sums(once * (kinds == "answerable"))
    mass = groups.sums(once)
    withheld = {}
    for threshold in THRESHOLDS:
        below = probabilities < threshold
        withheld[threshold] = {kind: float(below[kinds == kind].mean()) for kind in sorted(set(kinds.tolist()))}
        withheld[threshold]["risk"] = float(1 - right[~below].mean()) if (~below).any() else 0.0
    return HeldOut(
        float(auroc(answerable, mass - answerable)[0]),
        float(ece(groups.confidence, mass, groups.sums(once * right))[0]),
        withheld,
        {threshold: _beside(beside, threshold) for threshold in THRESHOLDS},
    )


def _beside(further: Sequence[tuple[float, float, float]], threshold: float) -> dict[str, float]:
    shown = [(likely, right) for best, likely, right in further if min(best, likely) >= threshold]
    said, right = (float(np.mean(part)) for part in zip(*shown, strict=True)) if shown else (0.0, 0.0)
    return {"shown": len(shown), "said": said, "right": right}


def _dev() -> DataSet:
    return datasets.select(datasets.load(datasets.SETS / "sensetime.jsonl"), datasets.Draw("dev", None, SEED))


def _ask(chosen: DataSet, weight: int) -> Iterator[Read]:
    """Every question in its own article, some of them in the next one, and some that are about neither."""
    draw = random.Random(SEED)
    strange = [q.text for q in sheet(QUESTIONS) if not _LEANING.search(q.text)]
    # All that comes near is read: if the rest were read only where the first two passages say little, the fit would
    # learn from hard questions alone what a rank is worth.
    settings = Settings(read_sure=inf)
    opened = {key: QA.from_articles([article], settings=settings) for key, article in chosen.articles.items()}
    keys = list(opened)
    for place, key in enumerate(keys):
        own = [q for q in chosen.questions if q.article == key]
        yield from _read(opened[key], own, weight, None)
        texts = draw.sample(strange, round(len(own) * FAR_SHARE))
        yield from _read(opened[key], [_stranger(text, key) for text in texts], weight, "far")
        if len(keys) > 1:
            away = draw.sample(own, round(len(own) * FAR_SHARE))
            yield from _read(opened[keys[(place + 1) % len(keys)]], away, weight, "far")


def _stranger(text: str, article: str) -> Question:
    return Question("", text, "far", None, (), article, near=False)


def _read(qa: QA, questions: Sequence[Question], weight: int, kind: str | None) -> Iterator[Read]:
    settings = qa.settings
    texts = [respelled(q.question, qa.index) for q in questions]
    found = retrieve(qa.index, texts, settings.candidates, settings.considered, settings.dense_weight)
    reader = SpanReader(qa.index, Reach.of(settings))
    for question, retrieved, candidates in zip(questions, found, reader.first(found), strict=True):
        answers = () if kind else question.answers
        article = qa.articles[0].title
        yield Read(question.question, answers, kind or _kind(question), weight, article, reader, retrieved, candidates)


def _kind(question: Question) -> str:
    if question.answers:
        return "answerable"
    return {True: "near", False: "far", None: "unanswerable"}[question.near]


def _scored_again(read: Read, reader: Regression) -> Read:
    """The same candidates, and passages, in the order of the fitted score; the best one read again."""
    candidates = [replace(c, score=reader.log_odds(c.signals)) for c in read.candidates]
    candidates.sort(key=lambda c: -c.score)
    [candidates] = read.reader.again([read.found], [candidates])
    return replace(read, candidates=candidates, found=reranked(read.found, candidates))


def _fit_reader(asked: Sequence[Read]) -> Regression:
    """What each signal of a candidate is worth in telling it from the other candidates of its question.

    Maximum likelihood of a conditional logit (McFadden 1974) in which any of the right candidates will do.
    """
    questions = []
    for read in asked:
        right = np.array([read.holds(c) for c in read.candidates])
        if right.any() and not right.all():
            signals = np.array([[c.signals[name] for name in SIGNALS] for c in read.candidates])
            questions.append((signals, right, read.weight))

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for signals, right, weight in questions:
            odds = np.exp(signals @ weights - (signals @ weights).max())
            share, of_right = odds / odds.sum(), odds * right / (odds * right).sum()
            total -= weight * float(np.log((share * right).sum()))
            slope -= weight * (signals.T @ (of_right - share))
        return total, slope

    weights = minimize(loss, np.zeros(len(SIGNALS)), jac=True, method="L-BFGS-B").x
    return Regression(0.0, {name: round(float(w), 4) for name, w in zip(SIGNALS, weights, strict=True)})


def _fit_answer(asked: Sequence[Read], foreign: Sequence[Read]) -> Regression:
    """What each feature of the best candidate is worth: how right is it, over all questions.

    `foreign` says what it is worth that an article is foreign, and nothing else: what tells in English need not tell
    elsewhere (in German, what looks like a name is any noun).
    """
    english = _logistic(*_rows(asked))
    return replace(english, coefficients={**english.coefficients, "foreign": _fit_foreign(english, *_rows(foreign))})


def _rows(asked: Sequence[Read]) -> tuple[list[dict[str, float]], list[float], list[float]]:
    """The features of the best candidates, how right they are, and what they weigh."""
    read = [r for r in asked if r.candidates]
    features = [_evidence(r, r.candidates[0]) for r in read]
    return features, [r.rightness(r.candidates[0]) for r in read], [_weight(r) for r in read]


def _fit_foreign(
    english: Regression, features: Sequence[Mapping[str, float]], rightness: Sequence[float], weights: Sequence[float]
) -> float:
    """What the log odds of `english` change by where an article is wholly foreign. Maximum likelihood."""
    odds = np.array([english.log_odds(each) for each in features])
    foreign = np.array([each["foreign"] for each in features])
    right, weight = np.array(rightness), np.array(weights)

    def loss(worth: float) -> float:
        logits = odds + worth * foreign
        return float(weight @ (np.logaddexp(0, logits) - right * logits))

    return round(float(minimize_scalar(loss).x), 4)


def _fit_further(asked: Sequence[Read], answer: Regression) -> Regression:
    """How likely an answer is right that says otherwise than the best one, by what `answer` makes of both."""
    rows = [(features, right, _weight(r)) for r in asked for features, right in _further(r, answer)]
    return _logistic(*map(list, zip(*rows, strict=True)))


def _further(read: Read, answer: Regression) -> Iterator[tuple[dict[str, float], float]]:
    """Features and rightness of the candidates from elsewhere that say otherwise than the best."""
    for place in firsts(read.candidates, read.reader.reach.again)[1:]:
        best, other = read.candidates[0], read.candidates[place]
        if other.said != best.said:
            own, of_best = _evidence(read, other), _evidence(read, best)
            yield further(answer, own, of_best, best.score - other.score), read.rightness(other)


def _weight(read: Read) -> float:
    return read.weight * (ANSWERABLE_WEIGHT if read.kind == "answerable" else 1)


def _logistic(
    features: Sequence[Mapping[str, float]], rightness: Sequence[float], weights: Sequence[float]
) -> Regression:
    """A share of rightness is fitted as that share of a right answer and the rest of a wrong one."""
    names = list(features[0])
    table = np.array([[each[name] for name in names] for each in features])
    right, weight = np.array(rightness), np.array(weights)
    model = LogisticRegression(C=10, max_iter=5000).fit(
        np.vstack([table, table]),
        np.repeat([True, False], len(table)),
        sample_weight=np.concatenate([weight * right, weight * (1 - right)]),
    )
    coefficients = {name: round(float(c), 4) for name, c in zip(names, model.coef_[0], strict=True)}
    return Regression(round(float(model.intercept_[0]), 4), coefficients)


def _evidence(read: Read, candidate: Candidate) -> dict[str, float]:
    return evidence(read.found, candidate, read.reader.index.lexical)
