"""What each stage is worth: Footnote with one stage turned off at a time, compared with all of it.

A stage is turned off in the plainest way that leaves the others as they are (`ABLATIONS` says how). Where a
stage has no switch, its function is exchanged for a plainer one while the questions are asked. Nothing is
fitted again: what the later stages lost by that is part of the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import exp, inf
from pathlib import Path
from typing import Any, Final

import numpy as np

import qa.pipeline
import qa.retrieve
from eval.compare import Difference, compare
from eval.datasets import DataSet
from eval.predict import Subject, predict, read
from eval.subject import footnote
from index.chunking import Passage
from index.embedding import Encoder, Floats
from index.store import Index
from qa import QA, Settings
from qa.answer import Answer
from qa.reader import Candidate, Reader, SpanReader
from qa.retrieve import Retrieved

#: The measures by which a stage is judged, as they are printed.
WORTH: Final = ("Recall@1", "Recall@5", "F1", "First quoted sentence right", "Accuracy", "AUROC", "ECE, answered")

TIMED: Final = 30  # questions asked singly, for the clock

RANK_CONSTANT: Final = 60  # Cormack et al. 2009, "Reciprocal Rank Fusion"


@dataclass(frozen=True, slots=True)
class Ablation:
    """A stage and how it is turned off: by settings, by exchanging functions, or by another answerer.

    `exchanged` leads from (module or class, name) to what stands there instead.
    """

    stage: str
    instead: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    exchanged: Mapping[tuple[Any, str], Any] = field(default_factory=dict)
    answerer: Callable[[Index, Settings], Any] = QA


@dataclass(frozen=True, slots=True)
class Worth:
    """A stage's part: each measure without it less the same with it, and a question's median time with and without."""

    ablation: Ablation
    differences: tuple[Difference, ...]
    milliseconds: tuple[float, float]

    @property
    def nothing(self) -> bool:
        """Whether no measure is clearly worse without the stage."""
        return not any(d.clear and not d.better for d in self.differences)


def ablate(
    dataset: DataSet, folder: Path, settings: Settings, stages: Sequence[str] = (), progress: bool = False
) -> Iterator[Worth]:
    """What each stage (or each of `stages`) is worth on `dataset`; predictions go into `folder`, resumable.

    The differences are without − whole, so that one below 0 is what the stage is worth.
    """
    whole = folder / f"{dataset.label}-whole.jsonl"
    predict(dataset, whole, footnote(settings), timed=TIMED, progress=progress)
    for ablation in ABLATIONS:
        if stages and ablation.stage not in stages:
            continue
        path = folder / f"{dataset.label}-without-{ablation.stage.replace(' ', '-')}.jsonl"
        with _exchanged(ablation.exchanged):
            predict(dataset, path, _without(ablation, settings), timed=TIMED, progress=progress)
        a, b = read(whole), read(path)
        found = {d.measure.name: d for d in compare(a, b).differences}
        medians = tuple(1000 * float(np.median([t.seconds for t in run.timings])) for run in (a, b))
        yield Worth(ablation, tuple(found[name] for name in WORTH if name in found), (medians[0], medians[1]))


def _without(ablation: Ablation, settings: Settings) -> Subject[Any]:
    changed = replace(settings, **ablation.settings)
    insisting = replace(changed, threshold=0.0)
    shipped = footnote(changed)
    return replace(
        shipped,
        make=lambda articles: ablation.answerer(QA.from_articles(articles, settings=changed).index, changed),
        insist=lambda qa: ablation.answerer(qa.index, insisting),
        settings=f"{changed.fingerprint} without {ablation.stage}",
    )


@contextmanager
def _exchanged(exchanged: Mapping[tuple[Any, str], Any]) -> Iterator[None]:
    before = {(owner, name): getattr(owner, name) for owner, name in exchanged}
    try:
        for (owner, name), instead in exchanged.items():
            setattr(owner, name, instead)
        yield
    finally:
        for (owner, name), old in before.items():
            setattr(owner, name, old)


def rank_fusion(cosine: Floats, bm25: Floats, information: float, dense_weight: float) -> Floats:
    """Reciprocal ranks instead of `qa.fusion.fuse`, brought to 0..1: it knows no scores, only their order."""
    ranks = np.array([np.argsort(np.argsort(-scores, kind="stable"), kind="stable") for scores in (cosine, bm25)])
    fused: Floats = (RANK_CONSTANT / (RANK_CONSTANT + 1 + ranks)).mean(axis=0).astype(np.float32)
    return fused


class NearestSentences:
    """A reader that reads nothing: the sentences of the best passages, the nearest to the question first."""

    def __init__(self, index: Index, passages: int) -> None:
        self.index, self.passages = index, passages

    def read(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """For each question its sentences as candidates; the whole sentence is the short answer."""
        return [sorted(self._candidates(retrieved), key=lambda c: -c.score) for retrieved in found]

    def _candidates(self, retrieved: Retrieved) -> Iterator[Candidate]:
        for passage, row in zip(retrieved.passages, retrieved.rows[: self.passages], strict=False):
            cosines = self.index.sentence_similarities(retrieved.vector, row).tolist()
            for sentence, cosine in zip(self.index.passages[row].sentences, cosines, strict=True):
                yield Candidate(
                    passage=passage,
                    sentence=sentence,
                    short=sentence.span,
                    score=cosine,
                    margin=0.0,
                    cosine=cosine,
                    coverage=0.0,
                    expected=0.5,
                )


def _unread(index: Index, settings: Settings) -> QA:
    reader: Reader = NearestSentences(index, settings.read)
    return QA(index, settings, reader)


class Uncalibrated:
    """Footnote with the reader's own probability that there is an answer, taken as it is: 1 / (1 + exp(-margin)).

    It abstains where "no answer" is likelier, as the readers of SQuAD 2.0 do.
    """

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self._withholds = settings.threshold > 0
        self._qa = QA(index, replace(settings, threshold=0.0))

    def ask(self, question: str, history: Sequence[Answer] = (), /) -> Answer:
        return self._judged(self._qa.ask(question, history))

    def ask_many(self, questions: Sequence[str], /) -> list[Answer]:
        return [self._judged(answer) for answer in self._qa.ask_many(questions)]

    def _judged(self, answer: Answer) -> Answer:
        margin = max((p.scores["reader"] for p in answer.passages if "reader" in p.scores), default=-50.0)
        confidence = 1 / (1 + exp(-max(min(margin, 50.0), -50.0)))
        if answer.abstained or confidence >= 0.5 or not self._withholds:
            return replace(answer, confidence=confidence)
        reason = "“no answer” is likelier"
        return replace(answer, confidence=confidence, abstained=True, reason=reason, short=None, citations=())


#: Every stage that can be turned off, in the order of a question's journey.
ABLATIONS: Final = (
    Ablation(
        "spelling",
        "questions asked as they were typed",
        exchanged={(qa.pipeline, "respelled"): lambda question, index: question},
    ),
    Ablation("dense", "words only", settings={"dense_weight": 0.0}),
    Ablation(
        "query encoder",
        "questions embedded as passages are, by the whole model",
        exchanged={(Encoder, "encode_queries"): Encoder.encode_documents},
    ),
    Ablation("lexical", "meaning only", settings={"dense_weight": 1.0}),
    Ablation("fusion", "reciprocal ranks", exchanged={(qa.retrieve, "fuse"): rank_fusion}),
    Ablation(
        "title path",
        "passages embedded and indexed without title and section (they are still read with them)",
        exchanged={
            (Passage, "indexed_text"): property(lambda passage: passage.text),
            (Passage, "embedded_texts"): property(lambda passage: (passage.text,)),
        },
    ),
    Ablation("reader", "the sentence nearest to the question", answerer=_unread),
    Ablation(
        "reach",
        "every passage read that was found, as far as the limits go",
        settings={"read_gap": inf, "read_sure": inf},
    ),
    Ablation(
        "second look",
        "no sentence read again by itself",
        exchanged={(SpanReader, "again"): lambda self, found, candidates: [list(of_one) for of_one in candidates]},
    ),
    Ablation(
        "reranking",
        "passages stay as retrieved",
        exchanged={(qa.pipeline, "reranked"): lambda found, candidates: found},
    ),
    Ablation("calibration", "the reader's own probability, withheld below one half", answerer=Uncalibrated),
    Ablation("int8", "fp32 embeddings", settings={"precision": "fp32"}),
)
