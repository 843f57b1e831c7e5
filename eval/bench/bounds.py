"""How far each stage that runs a model is from what the processor could do.

A stage's bound is the operations of its model (`machine.flops` of the tokens read) at the int8 matrix rate that
was measured on as many threads as the stage uses. What is above it goes to everything that is no matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import numpy as np

from eval.bench.corpus import Corpus
from eval.bench.machine import Rates, flops
from index.errors import ModelError
from index.export import encoder_for
from index.query_encoder import BEGUN_WITH
from qa.reader.model import shipped, windows
from qa.settings import Settings

SAMPLE: Final = 50
READ: Final = 5


@dataclass(frozen=True, slots=True)
class Bound:
    """One stage: tokens and billions of operations for one time, milliseconds it takes (median) and could take."""

    stage: str
    threads: str
    tokens: float
    operations: float
    milliseconds: float
    bound: float


def bounds(corpus: Corpus, rate: Rates) -> list[Bound]:
    """Encoding a question, reading a passage into the index, reading passages for an answer; `rate` is int8's."""
    settings = Settings()
    encoder = encoder_for(settings.model, precision=settings.precision, cache=settings.encoders)
    questions, texts = [q for q, _ in corpus.questions[:SAMPLE]], corpus.texts[:SAMPLE]

    def asking(tokens: int) -> float:
        return flops(tokens, len(BEGUN_WITH))

    def lengths(*some: str) -> list[int]:
        return [min(encoder.count_tokens(text), encoder.max_tokens) + 2 for text in some]

    found = [
        _bound("encode a question", rate.one, "1", lambda q: encoder.encode_queries([q]), questions, lengths, asking),
        _bound("embed a passage", rate.one, "1", lambda t: encoder.encode_documents([t]), texts, lengths),
        _bound(
            f"embed {READ} passages",
            rate.all,
            "all",
            encoder.encode_documents,
            [texts[i : i + READ] for i in range(0, len(texts) - READ + 1, READ)],
            lambda some: lengths(*some),
        ),
    ]
    try:
        model = shipped()
    except ModelError:
        return found
    asked = [
        [w for text in texts[i : i + READ] for w in windows(model.tokenizer, question, text)]
        for i, question in enumerate(questions[: len(texts) - READ + 1])
    ]
    name = f"read {READ} passages"
    return [*found, _bound(name, rate.all, "all", model.logits, asked, lambda some: [len(w.ids) for w in some])]


def _bound(  # noqa: PLR0913, PLR0917 - private: one row of the table
    stage: str,
    rate: float,
    threads: str,
    work: Callable[[Any], object],
    items: Sequence[Any],
    lengths: Callable[[Any], Sequence[int]],
    operations_of: Callable[[int], float] = flops,
) -> Bound:
    work(items[0])
    taken, tokens, operations = [], [], []
    for item in items:
        started = perf_counter()
        work(item)
        taken.append(perf_counter() - started)
        tokens.append(sum(lengths(item)))
        operations.append(sum(map(operations_of, lengths(item))))
    billions = float(np.mean(operations)) / 1e9
    return Bound(stage, threads, float(np.mean(tokens)), billions, float(np.median(taken)) * 1e3, billions / rate * 1e3)
