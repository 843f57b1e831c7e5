"""Predictions → measures, each with its 95% bootstrap interval; and what went wrong with a question.

No question is ever left out: an abstention is the empty answer, a question without passages has recall 0,
an answerable question without citations has citation precision and recall 0. A measure that speaks of some
questions only says which in its name.

Two definitions of *right* are used. Both ask that the question is answerable and was not abstained from:

- the **quote** is right when the sentence quoted first holds an accepted answer as whole words;
- the **answer** is right when the short answer's SQuAD F1 against the best accepted one is at least 0.5.
  Where there is no short answer, the quote is the answer.

Where the answer is whole sentences (`Question.scored`), a quote is right when it is one of them or part of
one, and so is the answer. Where only relevant paragraphs are known, only retrieval and citations are judged.

An unanswerable question can never be answered rightly, only rightly abstained from.

Confidence is judged by AURC and ECE on every question: where an answer was withheld, by whether that answer
would have been right (where it is not known, it counts as wrong).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval import squad
from eval.bootstrap import Array, bootstrap, means
from eval.confidence import Flags, Groups, aurc, auroc, ece
from eval.datasets import Question
from eval.predict import Prediction, Timing
from index.errors import MissingExtra

RIGHT_F1 = 0.5

NOT_RETRIEVED = "not retrieved"
READ_WRONGLY = "read wrongly"
ABSTAINED_WRONGLY = "abstained wrongly"
ANSWERED_THE_UNANSWERABLE = "answered the unanswerable"
CAUSES = (NOT_RETRIEVED, READ_WRONGLY, ABSTAINED_WRONGLY, ANSWERED_THE_UNANSWERABLE)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: its printed name, the stage it speaks of, and how to read it."""

    name: str
    stage: str
    meaning: str
    higher_is_better: bool = True
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's value, its 95% interval, and the number of questions it is over."""

    measure: Measure
    value: float
    low: float
    high: float
    count: int


def answer_is_right(p: Prediction) -> bool:
    """Whether the answer given is right: SQuAD F1 of at least 0.5 or, without a short one, a right quote."""
    return not p.abstained and _is_right(p.question, p.short, _quote(p))


def quote_is_right(p: Prediction) -> bool:
    """Whether the sentence quoted first holds an accepted answer."""
    return not p.abstained and _holds_answer(p.question, _quote(p))


def candidate_answer_is_right(p: Prediction) -> bool:
    """As `answer_is_right`, a withheld answer taken for given."""
    return _is_right(p.question, p.withheld.short, p.withheld.quote) if p.withheld else answer_is_right(p)


def candidate_quote_is_right(p: Prediction) -> bool:
    """As `quote_is_right`, a withheld answer taken for given."""
    return _holds_answer(p.question, p.withheld.quote) if p.withheld else quote_is_right(p)


def _is_right(question: Question, short: str | None, quote: str) -> bool:
    if short is None or question.scored != "span":
        return _holds_answer(question, quote)
    return question.answerable and squad.f1(short, question.answers) >= RIGHT_F1


def _holds_answer(question: Question, quote: str) -> bool:
    if question.scored == "sentences":
        return any(_same_sentence(quote, gold) for gold in question.sentences)
    return squad.holds(quote, question.answers)


def _same_sentence(quote: str, gold: str) -> bool:
    """Whether one is the other or part of it: splitters differ in where a sentence ends."""
    a, b = " ".join(quote.split()), " ".join(gold.split())
    return bool(a) and (a in b or b in a)


def _quote(p: Prediction) -> str:
    return p.citations[0].quote if p.citations else ""


def decided_rightly(p: Prediction) -> bool:
    """Whether the outcome is right: the right answer, or an abstention from the unanswerable.

    Where only the relevant paragraphs are known: whether one of them was found.
    """
    if p.question.scored == "ranking":
        return bool(set(p.question.paragraphs) & set(p.ranking))
    return answer_is_right(p) if p.question.answerable else p.abstained


def cause_of_error(p: Prediction) -> str | None:
    """The first stage that went wrong, one of CAUSES, or None when the outcome is right.

    An answerable question whose gold paragraph was not among the passages considered is "not retrieved",
    whether it was then answered or not: abstaining was all that could be done.
    """
    if decided_rightly(p):
        return None
    if not p.question.answerable:
        return ANSWERED_THE_UNANSWERABLE
    if not set(p.question.paragraphs) & set(p.ranking):
        return NOT_RETRIEVED
    return ABSTAINED_WRONGLY if p.abstained else READ_WRONGLY


def _exact_match(p: Prediction) -> float:
    return squad.exact_match(p.answer, p.question.answers)


def _f1(p: Prediction) -> float:
    return squad.f1(p.answer, p.question.answers)


def _forced(p: Prediction) -> str:
    """What would have been answered without a threshold."""
    if p.withheld:
        return p.withheld.quote if p.withheld.short is None else p.withheld.short
    return p.answer


def _exact_match_forced(p: Prediction) -> float:
    return squad.exact_match(_forced(p), p.question.answers)


def _f1_forced(p: Prediction) -> float:
    return squad.f1(_forced(p), p.question.answers)


def _citation_precision(p: Prediction) -> float:
    """The share of the cited paragraphs that are gold or hold an accepted answer; 0 without citations."""
    cited = {c.paragraph: c.paragraph_text for c in p.citations}
    supporting = [
        p.question.answerable and (id in p.question.paragraphs or squad.holds(text, p.question.answers))
        for id, text in cited.items()
    ]
    return sum(supporting) / len(supporting) if supporting else 0.0


def _sentence_precision(p: Prediction) -> float:
    quotes = {c.quote for c in p.citations}
    right = [any(_same_sentence(quote, gold) for gold in p.question.sentences) for quote in quotes]
    return sum(right) / len(right) if right else 0.0


def _sentence_recall(p: Prediction) -> float:
    quotes, golds = {c.quote for c in p.citations}, p.question.sentences
    return sum(any(_same_sentence(quote, gold) for quote in quotes) for gold in golds) / len(golds)


def _sentence_f1(p: Prediction) -> float:
    precision, recall = _sentence_precision(p), _sentence_recall(p)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _citation_recall(p: Prediction) -> float:
    return float(bool({c.paragraph for c in p.citations} & set(p.question.paragraphs)))


def _cited_paragraph_is_right(p: Prediction) -> float:
    return float(bool(p.citations) and squad.holds(p.citations[0].paragraph_text, p.question.answers))


def _all(p: Prediction) -> bool:
    """Every question whose answer is known: of the others, only retrieval and citations can be judged."""
    return p.question.scored != "ranking"


def _spans(p: Prediction) -> bool:
    return p.question.scored == "span"


def _spans_answerable(p: Prediction) -> bool:
    return _spans(p) and p.question.answerable


def _sentences(p: Prediction) -> bool:
    return p.question.scored == "sentences"


def _known_answerable(p: Prediction) -> bool:
    return _all(p) and p.question.answerable


def _answerable(p: Prediction) -> bool:
    return p.question.answerable


def _unanswerable(p: Prediction) -> bool:
    return not p.question.answerable


def _answered(p: Prediction) -> bool:
    return _all(p) and not p.abstained


# A measure, the questions it is over, and its value for one of them.
_PER_QUESTION: tuple[tuple[Measure, Callable[[Prediction], bool], Callable[[Prediction], float]], ...] = (
    (Measure("EM", "Answer", "exact match, as SQuAD defines it, over all questions"), _spans, _exact_match),
    (Measure("F1", "Answer", "token F1, as SQuAD defines it, over all questions"), _spans, _f1),
    (Measure("EM, answerable", "Answer", "EM over the questions that have an answer"), _spans_answerable, _exact_match),
    (Measure("F1, answerable", "Answer", "F1 over the questions that have an answer"), _spans_answerable, _f1),
    (
        Measure("EM, answerable, forced", "Answer", "the same, what was withheld taken for given"),
        _spans_answerable,
        _exact_match_forced,
    ),
    (
        Measure("F1, answerable, forced", "Answer", "the same, what was withheld taken for given"),
        _spans_answerable,
        _f1_forced,
    ),
    (
        Measure("Sentence precision", "Answer", "share of the quoted sentences that answer"),
        _sentences,
        _sentence_precision,
    ),
    (
        Measure("Sentence recall", "Answer", "share of the answering sentences that are quoted"),
        _sentences,
        _sentence_recall,
    ),
    (Measure("Sentence F1", "Answer", "harmonic mean of both, a question each"), _sentences, _sentence_f1),
    (
        Measure("Citation precision", "Citation", "share of the cited paragraphs that hold an answer or are gold"),
        _answerable,
        _citation_precision,
    ),
    (
        Measure("Citation recall", "Citation", "a gold paragraph is cited"),
        _answerable,
        _citation_recall,
    ),
    (
        Measure("First cited paragraph right", "Citation", "it holds an accepted answer"),
        _spans_answerable,
        _cited_paragraph_is_right,
    ),
    (
        Measure("First quoted sentence right", "Citation", "it holds an accepted answer"),
        _known_answerable,
        quote_is_right,
    ),
    (
        Measure("First quoted sentence right, forced", "Citation", "the same, what was withheld taken for given"),
        _known_answerable,
        candidate_quote_is_right,
    ),
    (
        Measure("Citation precision, answered", "Citation", "the same over what was answered, unanswerable included"),
        _answered,
        _citation_precision,
    ),
    (
        Measure("Accuracy", "Abstention", "answered rightly, or rightly abstained, at the shipped threshold"),
        _all,
        decided_rightly,
    ),
    (
        Measure("Abstention accuracy", "Abstention", "answered what has an answer, abstained from what has none"),
        _all,
        lambda p: p.abstained != p.question.answerable,
    ),
    (
        Measure("Abstained, unanswerable", "Abstention", "abstained from what has no answer"),
        _unanswerable,
        lambda p: p.abstained,
    ),
    (
        Measure("Abstained, near miss", "Abstention", "the same where the article nearly answers"),
        lambda p: _unanswerable(p) and p.question.near is True,
        lambda p: p.abstained,
    ),
    (
        Measure("Abstained, far off", "Abstention", "the same where the question is off the subject"),
        lambda p: _unanswerable(p) and p.question.near is False,
        lambda p: p.abstained,
    ),
    (
        Measure("Abstained, answerable", "Abstention", "wrongly abstained", higher_is_better=False),
        _answerable,
        lambda p: p.abstained,
    ),
)

_RETRIEVAL = tuple(
    [Measure(f"Recall@{k}", "Retrieval", f"a gold paragraph is among the first {k} considered") for k in (1, 5, 10)]
    + [Measure("RR@10", "Retrieval", "1 / rank of the first gold paragraph, 0 beyond 10")]
)

_CONFIDENCE = (
    Measure("AUROC", "Abstention", "an answerable question gets more confidence than an unanswerable one"),
    Measure("AURC, answer", "Abstention", "area under risk–coverage, risk: the answer is not right", False),
    Measure("AURC, quote", "Abstention", "area under risk–coverage, risk: the quote is not right", False),
    Measure("ECE, answer", "Abstention", "gap between confidence and share of right answers", False),
    Measure("ECE, quote", "Abstention", "gap between confidence and share of right quotes", False),
    Measure("ECE, answered", "Abstention", "ECE, answer over what was answered only", False),
)

MEASURES = (*_RETRIEVAL, *(measure for measure, _, _ in _PER_QUESTION), *_CONFIDENCE)


class Scores:
    """The measures of some predictions as one statistic of how often each question counts.

    `values` is (n, k): one row a question, one column a measure that is a mean, NaN where the measure
    does not speak of the question.
    """

    def __init__(self, predictions: Sequence[Prediction]) -> None:
        per_question = [
            [float(value(p)) if applies(p) else math.nan for _, applies, value in _PER_QUESTION] for p in predictions
        ]
        self.values: Array = np.hstack([_retrieval(predictions), np.array(per_question, dtype=np.float64)])
        self._means = means(self.values)
        self._groups = Groups(np.array([p.confidence for p in predictions], dtype=np.float64))
        self._judged = _flags(map(_all, predictions))
        self._answerable = _flags(p.question.answerable for p in predictions)
        self._answered = _flags(map(_answered, predictions))
        self._answer_right = _flags(map(candidate_answer_is_right, predictions))
        self._quote_right = _flags(map(candidate_quote_is_right, predictions))

    @property
    def counts(self) -> list[int]:
        """How many questions each of MEASURES is over."""
        of_means = np.count_nonzero(~np.isnan(self.values), axis=0).tolist()
        n = int(self._judged.sum())
        return [*of_means, n, n, n, n, n, int(self._answered.sum())]

    def statistic(self, weights: Array) -> Array:
        """(b, n) counts of the questions → (b, m) values, one for each of MEASURES."""
        confidence, sums = self._groups.confidence, self._groups.sums
        weights, every = weights * self._judged, weights
        mass, answered = sums(weights), sums(weights * self._answered)
        answerable = sums(weights * self._answerable)
        answer_right, quote_right = sums(weights * self._answer_right), sums(weights * self._quote_right)
        of_confidence = (
            auroc(answerable, mass - answerable),
            aurc(mass, answer_right),
            aurc(mass, quote_right),
            ece(confidence, mass, answer_right),
            ece(confidence, mass, quote_right),
            ece(confidence, answered, sums(weights * (self._answer_right & self._answered))),
        )
        return np.hstack([self._means(every), np.stack(of_confidence, axis=1)])


def measure(predictions: Sequence[Prediction]) -> tuple[Estimate, ...]:
    """The estimates of MEASURES, without those that speak of no question here."""
    scores = Scores(predictions)
    found = bootstrap(len(predictions), scores.statistic)
    rows = zip(MEASURES, found.value, found.low, found.high, scores.counts, strict=True)
    return tuple(Estimate(m, float(v), float(lo), float(hi), n) for m, v, lo, hi, n in rows if not math.isnan(v))


def measure_by_kind(predictions: Sequence[Prediction], names: Sequence[str]) -> dict[str, tuple[Estimate | None, ...]]:
    """Kind of question → the estimates of the mean measures called `names`, None where one does not apply."""
    columns = [[m.name for m in MEASURES].index(name) for name in names]
    by_kind = {}
    for kind in sorted({p.question.kind for p in predictions}):
        values = Scores([p for p in predictions if p.question.kind == kind]).values[:, columns]
        found = bootstrap(len(values), means(values))
        counts = np.count_nonzero(~np.isnan(values), axis=0).tolist()
        by_kind[kind] = tuple(
            Estimate(MEASURES[column], float(v), float(lo), float(hi), n) if n else None
            for column, v, lo, hi, n in zip(columns, found.value, found.low, found.high, counts, strict=True)
        )
    return by_kind


def latency(timings: Sequence[Timing]) -> tuple[Estimate, ...]:
    """Median and 95th percentile of milliseconds per question, in all and by stage; empty without timings."""
    if not timings:
        return ()
    # A total among the stages is what "question" measures from outside.
    stages = [stage for stage in dict.fromkeys(stage for t in timings for stage in t.stages) if stage != "total"]
    columns: Mapping[str, list[float]] = {
        "question": [t.seconds for t in timings],
        **{stage: [t.stages.get(stage, 0.0) for t in timings] for stage in stages},
    }
    seconds = np.array(list(columns.values())).T
    estimates = []
    for percentile, name in ((50, "p50"), (95, "p95")):
        found = bootstrap(len(seconds), _percentile(seconds * 1000, percentile))
        for column, v, lo, hi in zip(columns, found.value, found.low, found.high, strict=True):
            meaning = "one question asked alone, warm" if column == "question" else "the stage's share of it"
            named = Measure(f"{name}, {column}", "Speed", meaning, higher_is_better=False, unit="ms")
            estimates.append(Estimate(named, float(v), float(lo), float(hi), len(seconds)))
    return tuple(estimates)


def _percentile(values: Array, percent: int) -> Callable[[Array], Array]:
    """The statistic that takes the smallest value, of each column, that `percent` of the mass does not exceed."""
    order = np.argsort(values, axis=0)

    def statistic(weights: Array) -> Array:
        needed = weights.sum(axis=1) * percent / 100
        found = np.empty((len(weights), values.shape[1]))
        for column in range(values.shape[1]):
            mass = np.cumsum(weights[:, order[:, column]], axis=1)
            first = (mass < needed[:, None]).sum(axis=1)
            found[:, column] = values[order[first, column], column]
        return found

    return statistic


def _retrieval(predictions: Sequence[Prediction]) -> Array:
    """(n, 4) Recall@1, @5, @10 and RR@10, by paragraph; NaN for the unanswerable.

    The gold paragraphs of a question are interchangeable: they are one document, which stands where the
    best of them stands. Computed by ir-measures (MacAvaney et al. 2022, "Streamlining Evaluation with
    ir-measures").
    """
    try:
        import ir_measures
        from ir_measures import RR, R
    except ImportError as e:
        raise MissingExtra("the evaluation needs ir-measures: pip install -e '.[eval]'") from e
    qrels: list[Any] = []
    run: list[Any] = []
    for row, p in enumerate(predictions):
        if not p.question.answerable:
            continue
        qrels.append(ir_measures.Qrel(str(row), "gold", 1))
        documents = dict.fromkeys("gold" if id in p.question.paragraphs else f"other {id}" for id in p.ranking)
        run.extend(ir_measures.ScoredDoc(str(row), doc, -float(rank)) for rank, doc in enumerate(documents))
    measures = (R @ 1, R @ 5, R @ 10, RR @ 10)
    values = np.full((len(predictions), len(measures)), np.nan)
    if qrels:
        for found in ir_measures.iter_calc(measures, qrels, run):
            values[int(found.query_id), measures.index(found.measure)] = found.value
    return values


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)
