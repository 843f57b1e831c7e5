"""The parts of the benchmark, each as a table that can be printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.bench import machine, peers, reading, scale
from eval.bench.bounds import bounds
from eval.bench.corpus import Corpus, corpus
from eval.datasets import DataSet, DataSetError, Draw, select
from index.errors import ModelError

PARTS: Final = ("machine", "peers", "reading", "scale")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: paragraphs (None: all), questions, rounds of builds and starts, and the seed."""

    paragraphs: int | None
    questions: int
    rounds: int
    seed: int


@dataclass(frozen=True, slots=True)
class Table:
    """A title, a head, and rows of text."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def parts(dataset: DataSet, chosen: Sequence[str], size: Size, tell: Callable[[str], None]) -> Iterator[Table]:
    """The tables of the `chosen` PARTS, as they are done. Raises DataSetError for another part."""
    if unknown := set(chosen) - set(PARTS):
        raise DataSetError(f"there is no part {sorted(unknown)[0]!r}: use {', '.join(PARTS)}")
    small = corpus(dataset, size.paragraphs, size.questions, size.seed)
    if "machine" in chosen:
        yield from _machine(small)
    if "peers" in chosen:
        yield _peers(small, size, tell)
    if "reading" in chosen:
        try:
            yield _reading(dataset, size)
        except (reading.ReadingError, ModelError) as error:
            tell(f"no reading is timed: {error}")
    if "scale" in chosen:
        yield from _scale(small, tell)


def _machine(small: Corpus) -> Iterator[Table]:
    rates = machine.rates()
    yield Table(
        "Matrix rates measured, billions of operations a second",
        ("Precision", "one thread", "all threads"),
        [(rate.precision, f"{rate.one:.0f}", f"{rate.all:.0f}") for rate in rates],
    )
    [whole] = [rate for rate in rates if rate.precision == "int8"]
    yield Table(
        "What a stage takes, and what its matrices alone would take at that rate",
        ("Stage", "threads", "tokens", "Gop", "ms", "bound, ms", "times the bound"),
        [
            (
                b.stage,
                b.threads,
                *(f"{value:.1f}" for value in (b.tokens, b.operations, b.milliseconds, b.bound)),
                f"{b.milliseconds / b.bound:.1f}×",
            )
            for b in bounds(small, whole)
        ],
    )


def _peers(small: Corpus, size: Size, tell: Callable[[str], None]) -> Table:
    count = sum(len(paragraphs) for _, paragraphs in small.articles)
    measured = peers.side_by_side(small, peers.installed(tell), size.rounds, tell)
    title = f"{count:,} paragraphs, {len(small.questions)} questions, {size.rounds} rounds"
    return Table(title, ("Median", *measured, "Footnote to best peer"), peers.table(measured, count))


def _reading(dataset: DataSet, size: Size) -> Table:
    found = reading.read_beside_torch(select(dataset, Draw("all", size.questions, size.seed)))
    sides = (found.ours, found.torch)
    rows = [
        ("p50, ms", *(f"{np.median(side) * 1000:.1f}" for side in sides), f"{found.times:.1f}×"),
        ("p95, ms", *(f"{np.percentile(side, 95) * 1000:.1f}" for side in sides), ""),
        ("F1, answer forced", f"{found.our_f1:.3f}", f"{found.torch_f1:.3f}", ""),
    ]
    title = f"Reading {reading.K} passages, {len(found.ours)} questions"
    return Table(title, ("", "Footnote", "torch fp32", "times faster"), rows)


def _scale(small: Corpus, tell: Callable[[str], None]) -> Iterator[Table]:
    found = list(scale.grown(small, tell=tell))
    sizes = [f for f in found if isinstance(f, scale.Scaled)]
    head = ("Paragraphs", "sentences", "vectors", "retrieval p50, ms", "encode", "dense", "lexical", "growth")
    yield Table(
        "A retrieval, by size",
        head,
        [
            (
                f"{s.paragraphs:,}",
                f"{s.sentences:,}",
                s.kind,
                *(f"{value:.2f}" for value in (s.retrieval, s.encode, s.dense, s.lexical)),
                f"{s.retrieval / sizes[0].retrieval:.2f}×",
            )
            for s in sizes
        ],
    )
    kinds = [f for f in found if isinstance(f, scale.Kind)]
    yield Table(
        "Ways to keep vectors, at the largest size",
        ("Kind", "vectors", "search p50, ms", "recall@10", "recall@100", "build, s", "MB"),
        [
            (
                k.kind,
                f"{k.vectors:,}",
                f"{k.search:.2f}",
                f"{k.recall_10:.3f}",
                f"{k.recall_100:.3f}",
                f"{k.build:.1f}",
                f"{k.bytes / 1e6:.0f}",
            )
            for k in kinds
        ],
    )
