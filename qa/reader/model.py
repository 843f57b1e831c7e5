"""A question and one context → the logits of each token as first and as last of an answer, by the shipped model.

The model (docs/reader.md) reads `[CLS] question [SEP] title > section > passage [SEP]`, in windows where that
is long. Needs onnxruntime, tokenizers and numpy; torch only made the weights (`qa.reader.train`).
Left out: what the logits say (`qa.reader.decode`, `qa.reader.span`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.digest import check_shipped
from index.embedding import Floats
from index.errors import ModelError
from index.session import open_session

Ints = NDArray[np.int64]

WEIGHTS: Final = Path(__file__).parent / "weights"

#: SHA-256 of the files in `weights`, checked before they are read.
FILES: Final[Mapping[str, str]] = {
    "reader.onnx": "e22a8fc0f14f086255d86708b09dc93351d166322a7ae055a6e73800629ddae2",
    "tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    "reader.json": "3d957cc2ac232766df6db5718321327d75d8168ffe5cdd531fa95b79108a5d09",
}

#: Tokens of a question that are read; the rest of a longer one is not.
MAX_QUESTION: Final = 64

#: Tokens of the question, the context and the special tokens together; tokens that two windows share.
MAX_LENGTH: Final = 384
STRIDE: Final = 128


#: Threads that read.
THREADS: Final = min(os.cpu_count() or 1, 4)


class Model(Protocol):
    """What reads a window; the tests plug their own in here."""

    tokenizer: Tokenizer

    def logits(self, read: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        """For each window its start and end logits, (length,) float32 each."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """A context as the model knows it: `offsets[i]` is where token i stands in it, (start, end) in code points."""

    ids: list[int]
    offsets: Ints


@dataclass(frozen=True, slots=True)
class Window:
    """A question with a part of its context, as the model reads them.

    `ids[head]` is token `first` of the context, and so on; before it stand the question and special tokens,
    after the last of the context one special token.
    """

    ids: list[int]
    types: list[int]
    head: int
    first: int

    @property
    def context(self) -> slice:
        """Which tokens of the context are in it."""
        return slice(self.first, self.first + len(self.ids) - self.head - 1)


class SpanModel:
    """The model and its tokenizer: a question and windows of contexts → logits.

    Each window is run by itself: nothing is padded, and int8 scales its activations by that window alone. Several are
    read side by side, one thread each; one alone on all threads, which takes two of them .68 of the time of one.
    """

    def __init__(self, path: Path, tokenizer: Path, threads: int) -> None:
        """Raises ModelError when a file is missing or damaged."""
        try:
            self.tokenizer = prepared(Tokenizer.from_file(str(tokenizer)))
            self._alone = open_session(path)
            self._shared = open_session(path, threads) if threads > 1 else self._alone
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise ModelError(f"the reader in {path} cannot be loaded: {error}; install Footnote again") from error
        self._pool = ThreadPoolExecutor(threads, "reader")

    def logits(self, read: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        """For each window its start and end logits, (length,) float32 each."""
        if len(read) == 1:
            return [_run(self._shared, read[0])]
        # The longest first: else one of them may be left over when the others are done.
        order = sorted(range(len(read)), key=lambda i: -len(read[i].ids))
        logits = self._pool.map(lambda i: _run(self._alone, read[i]), order)
        found = dict(zip(order, logits, strict=True))
        return [found[i] for i in range(len(read))]


def _run(session: Any, window: Window) -> tuple[Floats, Floats]:
    ids = np.array([window.ids], dtype=np.int64)
    types = np.array([window.types], dtype=np.int64)
    start, end = session.run(None, {"input_ids": ids, "token_type_ids": types})
    return start[0], end[0]


@cache
def shipped(threads: int = THREADS) -> SpanModel:
    """The model that comes with Footnote. Raises ModelError when its files are not what they should be."""
    check_shipped(WEIGHTS, FILES)
    return SpanModel(WEIGHTS / "reader.onnx", WEIGHTS / "tokenizer.json", threads)


def prepared(tokenizer: Tokenizer) -> Tokenizer:
    """`tokenizer`, set to what `windows` needs of it: nothing padded, nothing cut."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokens_of(tokenizer: Tokenizer, context: str) -> Tokens:
    """`context` as tokens, all of them."""
    read = tokenizer.encode(context, add_special_tokens=False)
    return Tokens(read.ids, np.array(read.offsets, dtype=np.int64).reshape(-1, 2))


def opening(tokenizer: Tokenizer, question: str) -> list[int]:
    """`[CLS] question [SEP]`: what every window of the question begins with."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION]
    return [_id(tokenizer, "[CLS]"), *asked, _id(tokenizer, "[SEP]")]


def windows(tokenizer: Tokenizer, question: str, context: str) -> list[Window]:
    """`[CLS] question [SEP] context [SEP]` in as many overlapping windows as the context needs, at least one."""
    return framed(tokenizer, opening(tokenizer, question), tokens_of(tokenizer, context))


def framed(tokenizer: Tokenizer, head: Sequence[int], context: Tokens) -> list[Window]:
    """`windows`, of a question that `opening` made and a context that `tokens_of` made."""
    room = MAX_LENGTH - len(head) - 1
    found = []
    for first in range(0, max(len(context.ids) - STRIDE, 1), room - STRIDE):
        part = context.ids[first : first + room]
        types = [0] * len(head) + [1] * (len(part) + 1)
        found.append(Window([*head, *part, _id(tokenizer, "[SEP]")], types, len(head), first))
        if first + room >= len(context.ids):
            break
    return found


def _id(tokenizer: Tokenizer, special: str) -> int:
    return tokenizer.token_to_id(special) or 0
