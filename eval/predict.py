"""Data set → a predictions file: a header line, the paragraphs of each article, one line a question.

Everything that scoring needs stands in the file, so that a measure can be corrected and read off again
without asking anything. A run that was stopped goes on where it stopped.

Left out: what the predictions are worth (`eval.metrics`).
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TextIO, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eval.datasets import DataSet, Question
from index.article import Article
from index.errors import FootnoteError, QuestionError

if TYPE_CHECKING:
    from qa.answer import Answer

FORMAT = 2
BATCH = 32  # questions asked together; also how much a killed run loses at most
WARM_UP = "What is this article about?"


class PredictionsError(FootnoteError):
    """A predictions file is missing, broken, or was made by another run."""


class Asks(Protocol):
    """What is evaluated: `qa.QA`, or whatever else answers questions as it does."""

    def ask(self, question: str, history: Sequence[Answer] = (), /) -> Answer: ...

    def ask_many(self, questions: Sequence[str], /) -> Sequence[Answer]: ...


A = TypeVar("A", bound=Asks)


@dataclass(frozen=True, slots=True)
class Subject(Generic[A]):
    """What is evaluated: `make` builds an answerer of questions about some articles.

    `insist` turns it into one that never abstains. That one is asked what the first abstained from: how
    good the confidence of a withheld answer was can only be told from the answer. `settings` is the
    fingerprint of the settings of `qa` in force, `fitted` that of everything that was fitted or trained,
    `programs` that of what was programmed.
    """

    make: Callable[[Sequence[Article]], A]
    insist: Callable[[A], Asks] | None = None
    settings: str = "unknown"
    fitted: str = "unknown"
    programs: str = "unknown"


@dataclass(frozen=True, slots=True)
class Header:
    """What a predictions file was made from: the first line of it.

    `data` and `sha256` name the data file, `source` and `licence` say whose it is; `settings` is the
    fingerprint of every setting of `qa`, `fitted` that of its fitted numbers and weights, `programs`
    that of its programs; `version` that of Footnote; `timed` how many questions were asked singly, for the clock.
    """

    data: str
    sha256: str
    split: str
    limit: int | None
    seed: int
    timed: int
    settings: str
    version: str
    date: str
    fitted: str = "unknown"
    programs: str = "unknown"
    source: str = "unknown"
    licence: str = "unknown"
    format: int = FORMAT

    def same_run(self, other: Header) -> bool:
        """Whether both describe the same run, whenever it was made."""
        return all(getattr(self, f.name) == getattr(other, f.name) for f in fields(self) if f.name != "date")


@dataclass(frozen=True, slots=True)
class Cited:
    """What scoring needs of a citation: the quote, and the paragraph it leads to."""

    quote: str
    span: tuple[int, int]
    paragraph: str
    paragraph_text: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage that was considered: its paragraph and its scores."""

    paragraph: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What would have been answered, had the answerer not abstained; `quote` is the sentence cited first."""

    short: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question, and what was answered to it; `withheld` only where that is an abstention.

    `understood` is the question as it stands alone, after what was asked before.
    """

    question: Question
    text: str
    short: str | None
    abstained: bool
    reason: str | None
    confidence: float
    citations: tuple[Cited, ...]
    passages: tuple[Ranked, ...]
    withheld: Withheld | None = None
    understood: str = ""

    @property
    def answer(self) -> str:
        """The text that is scored: empty for an abstention, else the short answer or, without one, the sentence."""
        if self.abstained:
            return ""
        return self.text if self.short is None else self.short

    @property
    def ranking(self) -> tuple[str, ...]:
        """Ids of the paragraphs considered, best first: each stands where the best passage of it stands."""
        return tuple(dict.fromkeys(p.paragraph for p in self.passages))


@dataclass(frozen=True, slots=True)
class Timing:
    """One question asked alone, after a warm-up: seconds in all, and by stage."""

    id: str
    seconds: float
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Predictions:
    """A predictions file, read back; `paragraphs` are the texts by key of the article and id."""

    path: Path
    header: Header
    predictions: tuple[Prediction, ...]
    timings: tuple[Timing, ...]
    paragraphs: Mapping[tuple[str, str], str] = field(default_factory=dict)


def predict(dataset: DataSet, out: Path, subject: Subject[A], *, timed: int = 0, progress: bool = False) -> None:
    """Ask all questions of `dataset` and write what comes back to `out`.

    `timed` of them are asked singly first, for the clock: `ask_many` shares its work among many.
    Where `out` exists and has the same header, only what it lacks is asked. Raises PredictionsError
    where it has another.
    """
    header = Header(
        data=dataset.name,
        sha256=dataset.sha256,
        split=dataset.draw.split,
        limit=dataset.draw.limit,
        seed=dataset.draw.seed,
        timed=timed,
        settings=subject.settings,
        version=_version(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        fitted=subject.fitted,
        programs=subject.programs,
        source=dataset.source,
        licence=dataset.licence,
    )
    asked, clocked = _resume(out, header)
    ids = [q.id for q in dataset.questions]
    to_time = set(random.Random(header.seed).sample(ids, min(timed, len(ids)))) - clocked
    to_ask = [q for q in dataset.questions if q.id not in asked]
    with _opened(out) as file, _bar(progress) as bar:
        if not file.tell():
            _write(file, asdict(header))
        task = bar.add_task("Asking", total=len(dataset.questions), completed=len(asked))
        for key, article in dataset.articles.items():
            asking = [q for q in to_ask if q.article == key]
            timing = [q for q in dataset.questions if q.article == key and q.id in to_time]
            if not asking and not timing:
                continue
            qa = subject.make([article])
            _write(file, {"article": key, "paragraphs": {p.id: p.text for p in article.paragraphs}})
            for record in _clock(qa, timing):
                _write(file, record)
            for start in range(0, len(asking), BATCH):
                batch = asking[start : start + BATCH]
                for record in _ask(qa, subject.insist(qa) if subject.insist else None, batch):
                    _write(file, record)
                bar.advance(task, len(batch))


def _opened(out: Path) -> TextIO:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return out.open("a", encoding="utf-8")
    except OSError as e:
        raise PredictionsError(f"{out}: cannot be written ({e.strerror or e}); give another --out") from e


def read(path: Path) -> Predictions:
    """The predictions in `path`. Raises PredictionsError when it is missing or not a predictions file."""
    lines = _lines(path)
    if not lines:
        raise PredictionsError(f"{path}: is empty; make it with `python -m eval run --out {path}`")
    try:
        header = Header(**lines[0])
        if header.format != FORMAT:
            raise PredictionsError(f"{path}: has format {header.format}, this is {FORMAT}; run the evaluation again")
        predictions = tuple(_prediction(d) for d in lines[1:] if "answer" in d)
        timings = tuple(Timing(d["timed"], d["seconds"], d["stages"]) for d in lines[1:] if "timed" in d)
        articles = [d for d in lines[1:] if "article" in d]
        paragraphs = {(d["article"], id): text for d in articles for id, text in d["paragraphs"].items()}
    except (TypeError, KeyError, AttributeError) as e:
        raise PredictionsError(f"{path}: is not a predictions file ({e}); make one with `python -m eval run`") from e
    if not predictions:
        raise PredictionsError(f"{path}: has no predictions yet; run the evaluation again to fill it")
    return Predictions(path, header, predictions, timings, paragraphs)


def _resume(out: Path, header: Header) -> tuple[set[str], set[str]]:
    """Ids that `out` has an answer for, and ids it has a time for."""
    if not out.exists():
        return set(), set()
    if out.is_file() and not out.stat().st_size:
        return set(), set()
    lines = _lines(out)
    try:
        before = Header(**lines[0])
    except (TypeError, IndexError) as e:
        raise PredictionsError(f"{out}: exists and is not a predictions file; give another --out") from e
    if not header.same_run(before):
        changed = [f.name for f in fields(header) if getattr(header, f.name) != getattr(before, f.name)]
        names = ", ".join(name for name in changed if name != "date")
        raise PredictionsError(f"{out}: was made by another run ({names} differ); delete it or give another --out")
    # What a killed run left half written is cut off, so that the next line starts on its own.
    os.truncate(out, out.read_bytes().rfind(b"\n") + 1)
    return {d["question"]["id"] for d in lines if "answer" in d}, {d["timed"] for d in lines if "timed" in d}


def _lines(path: Path) -> list[dict[str, Any]]:
    """The JSON objects in `path`, without a last line that was cut off while it was written."""
    try:
        raw = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise PredictionsError(f"{path}: cannot be read ({e}); make it with `python -m eval run`") from e
    whole, _cut = raw[:-1], raw[-1]
    try:
        lines = [json.loads(line) for line in whole]
    except ValueError as e:
        raise PredictionsError(f"{path}: is not a predictions file ({e}); make one with `python -m eval run`") from e
    if not all(isinstance(line, dict) for line in lines):
        raise PredictionsError(f"{path}: is not a predictions file; make one with `python -m eval run`")
    return lines


def _ask(qa: Asks, insisting: Asks | None, batch: Sequence[Question]) -> Iterator[dict[str, Any]]:
    alone = [q for q in batch if not q.history]
    try:
        together = dict(
            zip([q.id for q in alone], qa.ask_many([q.question for q in alone]) if alone else (), strict=True)
        )
    except QuestionError:  # which of them is refused shows when each is asked by itself
        together = {}
    for question in batch:
        try:
            history = _history(qa, question)
            answer = together.get(question.id) or qa.ask(question.question, history)
        except QuestionError as refusal:
            yield {"question": asdict(question), "answer": _refused(question, refusal)}
            continue
        slim = _slim(answer.to_dict())
        if insisting and answer.abstained:
            insisted = insisting.ask(question.question, history)
            if not insisted.abstained:
                slim["withheld"] = _withheld(insisted)
        yield {"question": asdict(question), "answer": slim}


def _refused(question: Question, refusal: QuestionError) -> dict[str, Any]:
    """No answer, for a question that is too long to be asked: it counts as an abstention, as it is one to who asks."""
    return {
        "understood": question.question,
        "text": "",
        "short": None,
        "abstained": True,
        "reason": str(refusal),
        "confidence": 0.0,
        "citations": [],
        "passages": [],
    }


def _history(qa: Asks, question: Question) -> list[Answer]:
    """The answers to what was asked before `question`, each after those before it."""
    history: list[Answer] = []
    for earlier in question.history:
        history.append(qa.ask(earlier, history))
    return history


def _withheld(answer: Answer) -> dict[str, str | None]:
    return {"short": answer.short, "quote": answer.citations[0].quote if answer.citations else ""}


def _clock(qa: Asks, questions: Sequence[Question]) -> Iterator[dict[str, Any]]:
    if questions:
        qa.ask(WARM_UP)
    for question in questions:
        try:
            history = _history(qa, question)
            start = time.perf_counter()
            answer = qa.ask(question.question, history)
            seconds = time.perf_counter() - start
        except QuestionError:  # a refusal takes no time worth knowing
            continue
        yield {"timed": question.id, "seconds": seconds, "stages": dict(answer.timings)}


def _slim(answer: Mapping[str, Any]) -> dict[str, Any]:
    """`Answer.to_dict()` without what scoring does not read: footnotes, alternatives, texts of passages."""
    return {
        "understood": answer["standalone_question"],
        "text": answer["text"],
        "short": answer["short"],
        "abstained": answer["abstained"],
        "reason": answer["reason"],
        "confidence": answer["confidence"],
        "citations": [
            {
                "quote": c["quote"],
                "span": [c["span"]["start"], c["span"]["end"]],
                "paragraph": c["paragraph"]["id"],
                "paragraph_text": c["paragraph"]["text"],
            }
            for c in answer["citations"]
        ],
        "passages": [{"paragraph": p["paragraph"]["id"], "scores": p["scores"]} for p in answer["passages"]],
    }


def _prediction(d: Mapping[str, Any]) -> Prediction:
    question, answer = d["question"], d["answer"]
    lists = {name: tuple(question[name]) for name in ("answers", "paragraphs", "sentences", "history")}
    return Prediction(
        question=Question(**{**question, **lists}),
        text=answer["text"],
        short=answer["short"],
        abstained=answer["abstained"],
        reason=answer["reason"],
        confidence=answer["confidence"],
        citations=tuple(Cited(**{**c, "span": tuple(c["span"])}) for c in answer["citations"]),
        passages=tuple(Ranked(**p) for p in answer["passages"]),
        withheld=Withheld(**answer["withheld"]) if "withheld" in answer else None,
        understood=answer["understood"],
    )


def _write(file: TextIO, record: Mapping[str, Any]) -> None:
    file.write(json.dumps(record, ensure_ascii=False) + "\n")
    file.flush()


def _bar(shown: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        disable=not shown,
        transient=True,
    )


def _version() -> str:
    try:
        return version("footnote")
    except PackageNotFoundError:  # run from a checkout
        return "not installed"
