"""Footnote beside its peers: building, retrieving, starting cold, memory while serving.

Systems take turns at every step and at every question, so that whatever else the machine does falls on all of
them alike. The order of the turns changes from round to round.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import numpy as np

from eval.bench.corpus import Corpus
from eval.bench.systems import SYSTEMS
from index.errors import FootnoteError, MissingExtra

OURS: Final = "Footnote"
K: Final = 5
SERVED: Final = 50  # questions asked before memory is looked at

INSTALL: Final = "make bench"

#: No peer is to look for anything on the network.
OFFLINE: Final = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}


class BenchError(FootnoteError):
    """A system could not do its part of the benchmark."""


@dataclass
class Measured:
    """What was measured of one system: seconds of each build, retrieval, cold start and answer, and bytes."""

    build: list[float] = field(default_factory=list)
    retrieve: list[float] = field(default_factory=list)
    hits: list[bool] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


class Worker:
    """A system in a process of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eval.bench.worker", name, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **OFFLINE},
            cwd=Path(__file__).parents[2],
        )

    def do(self, what: str, **arguments: Any) -> dict[str, Any]:
        """The reply to a command. Raises MissingExtra for a library that is not installed, BenchError."""
        if self._process.stdin is None or self._process.stdout is None:
            raise BenchError(f"{self.name}: its process has no pipes")
        self._process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        reply: dict[str, Any] = json.loads(line) if line else {"error": "its process ended"}
        if "error" in reply:
            if reply["error"].startswith(("ModuleNotFoundError", "ImportError")):
                raise MissingExtra(f"{self.name} is not installed ({reply['error']}): {INSTALL}")
            raise BenchError(f"{self.name} could not {what}: {reply['error']}")
        return reply

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def _worker(name: str, folder: Path) -> Iterator[Worker]:
    worker = Worker(name, folder)
    try:
        yield worker
    finally:
        worker.close()


def side_by_side(
    corpus: Corpus, names: Sequence[str], rounds: int, tell: Callable[[str], None] = lambda _: None
) -> dict[str, Measured]:
    """What is measured of each system in `names`, over `rounds` builds and cold starts and all questions once."""
    measured = {name: Measured() for name in names}
    with TemporaryDirectory() as temporary:
        place = Path(temporary)
        corpus.write(place / "corpus.json")
        folders = {name: place / name for name in names}
        _build_and_retrieve(corpus, place / "corpus.json", folders, rounds, measured, tell)
        for number in range(rounds):
            for name in _turns(names, number):
                tell(f"cold start {number + 1}: {name}")
                _start_cold(corpus, name, folders[name], measured[name])
    return measured


def _build_and_retrieve(  # noqa: PLR0913, PLR0917 - private: the state of one comparison
    corpus: Corpus,
    path: Path,
    folders: dict[str, Path],
    rounds: int,
    measured: dict[str, Measured],
    tell: Callable[[str], None],
) -> None:
    with ExitStack() as stack:
        workers = {name: stack.enter_context(_worker(name, folder)) for name, folder in folders.items()}
        for worker in workers.values():
            worker.do("prepare")
        for number in range(rounds):
            for name in _turns(list(workers), number):
                seconds = workers[name].do("build", corpus=str(path))["seconds"]
                measured[name].build.append(seconds)
                tell(f"build {number + 1}: {name} {seconds:.1f} s")
        for worker in workers.values():
            worker.do("save")
            worker.do("ask", question=corpus.questions[0][0], k=K)
        for number, (question, row) in enumerate(corpus.questions):
            for name in _turns(list(workers), number):
                reply = workers[name].do("ask", question=question, k=K)
                measured[name].retrieve.append(reply["seconds"])
                measured[name].hits.append(row in reply["rows"])
        tell(f"retrieved: {len(corpus.questions)} questions each")
        _answer(corpus, workers.get(OURS), measured, tell)


def _answer(corpus: Corpus, worker: Worker | None, measured: dict[str, Measured], tell: Callable[[str], None]) -> None:
    """Full answers, which only Footnote gives."""
    if worker is None:
        return
    try:
        worker.do("answer", question=corpus.questions[0][0])
    except BenchError as error:
        tell(f"no full answers: {error}")
        return
    measured[OURS].answer = [worker.do("answer", question=q)["seconds"] for q, _ in corpus.questions]


def _start_cold(corpus: Corpus, name: str, folder: Path, measured: Measured) -> None:
    """From starting a process to the first answer (Footnote) or retrieval (peers); then memory after some more."""
    question = corpus.questions[0][0]
    started = perf_counter()
    with _worker(name, folder) as worker:
        worker.do("open")
        answers = bool(measured.answer)
        worker.do("answer", question=question) if answers else worker.do("ask", question=question, k=K)
        measured.cold.append(perf_counter() - started)
        for asked, _ in corpus.questions[:SERVED]:
            worker.do("answer", question=asked) if answers else worker.do("ask", question=asked, k=K)
        measured.memory.append(worker.do("memory")["bytes"])


def _turns(names: Sequence[str], number: int) -> list[str]:
    shift = number % len(names)
    return [*names[shift:], *names[:shift]]


def installed(tell: Callable[[str], None]) -> list[str]:
    """The systems that are installed here; of the others `tell` says how to install them."""
    found = []
    for name in SYSTEMS:
        with TemporaryDirectory() as folder, _worker(name, Path(folder)) as worker:
            try:
                worker.do("prepare")
                found.append(name)
            except (MissingExtra, BenchError) as error:
                tell(str(error))
    return found


def table(measured: dict[str, Measured], paragraphs: int) -> list[tuple[str, ...]]:
    """Rows of text: measure, one column a system, and how many times better Footnote is than the best peer."""
    rows: list[tuple[str, ...]] = []

    def add(name: str, values: dict[str, float], shown: str, *, more_is_better: bool = False) -> None:
        peers = [value for system, value in values.items() if system != OURS]
        times = "–"
        if peers and OURS in values:
            best = max(peers) if more_is_better else min(peers)
            times = f"{values[OURS] / best if more_is_better else best / values[OURS]:.1f}×"
        rows.append((name, *(shown.format(values[s]) if s in values else "–" for s in measured), times))

    def medians(field_name: str, scale: float) -> dict[str, float]:
        lists = {name: getattr(m, field_name) for name, m in measured.items()}
        return {name: float(np.median(values)) * scale for name, values in lists.items() if values}

    builds = {name: paragraphs / seconds for name, seconds in medians("build", 1).items()}
    add("build, paragraphs/s", builds, "{:.1f}", more_is_better=True)
    add("retrieval p50, ms", medians("retrieve", 1000), "{:.2f}")
    p95 = {name: float(np.percentile(m.retrieve, 95)) * 1000 for name, m in measured.items() if m.retrieve}
    add("retrieval p95, ms", p95, "{:.2f}")
    recalls = {name: float(np.mean(m.hits)) for name, m in measured.items() if m.hits}
    rows.append((f"Recall@{K}", *(f"{recalls[s]:.3f}" if s in recalls else "–" for s in measured), ""))
    add("cold start, s", medians("cold", 1), "{:.2f}")
    add("peak memory serving, MB", medians("memory", 1e-6), "{:.0f}")
    if answers := measured.get(OURS, Measured()).answer:
        for percent in (50, 95):
            value = f"{float(np.percentile(answers, percent)) * 1000:.1f}"
            rows.append((f"full answer p{percent}, ms", *(value if s == OURS else "–" for s in measured), "–"))
    return rows
