"""Question and passages → the exact spans that answer, with scores comparable across passages.

A small model (docs/reader.md) reads `[CLS] question [SEP] title > section > passage [SEP]` and gives each
token a score as first and as last of an answer. A span's margin is its score less that of "no answer" in
the same passage, which makes spans of different passages comparable (Chen et al. 2017, arXiv:1704.00051;
Karpukhin et al. 2020, arXiv:2004.04906). A candidate's score adds what retrieval thought of the passage.

Needs onnxruntime, tokenizers and numpy; torch only made the weights (`qa.reader.train`).
Left out: answers put together from several places, and spans across sentences.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.article import Sentence, Span
from index.chunking import Passage
from index.errors import ModelError
from index.lexical import tokens
from index.store import Index
from qa.reader.candidate import Candidate
from qa.reader.decode import Ints, best_spans, tidy
from qa.retrieve import Retrieved

WEIGHTS: Final = Path(__file__).parent / "weights"

#: SHA-256 of the files in `weights`, checked before they are read; none while no reader is good enough to ship.
FILES: Final[Mapping[str, str]] = {}

#: Tokens of a question that are read; the rest of a longer one is not.
MAX_QUESTION: Final = 64

#: Tokens of the question, the context and the special tokens together; tokens that two windows share.
MAX_LENGTH: Final = 384
STRIDE: Final = 128

#: How much a passage's fused retrieval score weighs beside the margin; fitted on tune (docs/reader.md).
RETRIEVAL_WEIGHT: Final = 40.0

#: Candidates taken from one passage, each from a sentence of its own.
PER_PASSAGE: Final = 3


class Model(Protocol):
    """What reads a window; the tests plug their own in here."""

    tokenizer: Tokenizer

    def logits(self, window: Window) -> tuple[Any, Any]:
        """Start and end logits, (length,) float32 each."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """A question with a part of its context, as the model reads them.

    `offsets[i]` is where token i stands in the context, (start, end) in code points, None where it is
    not of the context (the question, the special tokens).
    """

    ids: list[int]
    types: list[int]
    offsets: list[tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Found:
    """The best span of one sentence of a passage: `article.text[short.start:short.end]` is the answer."""

    sentence: Sentence
    short: Span
    margin: float


@dataclass(frozen=True, slots=True)
class SpanCandidate(Candidate):
    """A candidate that knows its margin: how far its span beats "no answer" in its own passage, in logits.

    `behind` is how far (≤ 0) the fused score of its passage is behind the best passage's. Whether it is of
    the `expected` kind is left to the model: ½ says that no particular kind is asked for.
    """

    behind: float = 0.0
    expected: float = 0.5
    margin: float = 0.0


class SpanModel:
    """The model and its tokenizer: a question and one window of context → logits.

    One window at a time: int8 scales its activations by what shares a batch, and nothing is padded.
    """

    def __init__(self, path: Path, tokenizer: Path, threads: int) -> None:
        """Raises ModelError when a file is missing or damaged."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        onnxruntime.disable_telemetry_events()
        try:
            self.tokenizer = prepared(Tokenizer.from_file(str(tokenizer)))
            self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise ModelError(f"the reader in {path} cannot be loaded: {error}; install Footnote again") from error

    def logits(self, window: Window) -> tuple[Any, Any]:
        """Start and end logits, (length,) float32 each."""
        ids = np.array([window.ids], dtype=np.int64)
        types = np.array([window.types], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        start, end = self._session.run(None, feed)
        return start[0], end[0]


@cache
def shipped(threads: int = 2) -> SpanModel:
    """The model that comes with Footnote. Raises ModelError when its files are not what they should be."""
    if not FILES:
        raise ModelError("no reader has been trained well enough to be shipped: train one, see docs/reader.md")
    verify(WEIGHTS, FILES)
    return SpanModel(WEIGHTS / "reader.onnx", WEIGHTS / "tokenizer.json", threads)


def verify(folder: Path, files: Mapping[str, str]) -> None:
    """Raises ModelError unless `folder` holds `files` (name → SHA-256, hex), byte for byte."""
    for name, sha256 in files.items():
        path = folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"{path} cannot be read ({error.strerror}); install Footnote again") from error
        if found != sha256:
            raise ModelError(f"{path} is not the file that Footnote came with (its SHA-256 differs); install it again")


class SpanReader:
    """Reads the best `passages` passages of each question for spans that answer it."""

    def __init__(self, index: Index, passages: int, model: Model | None = None, *, threads: int = 2) -> None:
        """`model` is the shipped one by default. Raises ModelError when that is damaged."""
        self.index = index
        self.passages = passages
        self.model = model or shipped(threads)

    def read(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """For each question its candidates, best first; at most one for each sentence, all of them `SpanCandidate`."""
        return [self._read(retrieved) for retrieved in found]

    def _read(self, retrieved: Retrieved) -> list[Candidate]:
        weights = {token: self.index.lexical.idf(token) for token in tokens(retrieved.question)}
        total = sum(weights.values()) or 1.0
        candidates: dict[tuple[str, int, int], SpanCandidate] = {}
        for passage, row in zip(retrieved.passages[: self.passages], retrieved.rows, strict=False):
            sentences = self.index.passages[row].sentences
            cosines = self.index.sentence_similarities(retrieved.vector, row).tolist()
            cosine_of = {s.span.start: cosine for s, cosine in zip(sentences, cosines, strict=True)}
            for span in self.spans(retrieved.question, row):
                shared = set(tokens(span.sentence.span.of(passage.article.text)))
                candidate = SpanCandidate(
                    passage=passage,
                    sentence=span.sentence,
                    short=span.short,
                    score=span.margin + RETRIEVAL_WEIGHT * passage.scores["fused"],
                    cosine=cosine_of[span.sentence.span.start],
                    coverage=sum(weight for token, weight in weights.items() if token in shared) / total,
                    behind=passage.scores["fused"] - retrieved.passages[0].scores["fused"],
                    margin=span.margin,
                )
                key = passage.article.title, span.sentence.span.start, span.sentence.span.end
                if key not in candidates or candidates[key].score < candidate.score:
                    candidates[key] = candidate
        return sorted(candidates.values(), key=lambda c: -c.score)

    def spans(self, question: str, row: int) -> list[Found]:
        """The best spans of passage `row` of the index, best first, each in a sentence of its own; at most three."""
        passage = self.index.passages[row]
        context, text = passage.embedded_text, passage.article.text
        shift = passage.span.start - (len(context) - len(passage.text))
        bounds = [_answering(passage, sentence) for sentence in passage.sentences]
        best: dict[int, Found] = {}
        for window in windows(self.model.tokenizer, question, context):
            start, end = self.model.logits(window)
            for span in best_spans(start, end, _groups(window, bounds, shift)):
                first, last = window.offsets[span.first], window.offsets[span.last]
                if first is None or last is None:
                    continue
                if span.group not in best or best[span.group].margin < span.margin:
                    inside = bounds[span.group]
                    low, high = tidy(inside.of(text), first[0] + shift - inside.start, last[1] + shift - inside.start)
                    short = Span(inside.start + low, inside.start + high)
                    best[span.group] = Found(passage.sentences[span.group], short, span.margin)
        return sorted(best.values(), key=lambda found: -found.margin)[:PER_PASSAGE]


def _answering(passage: Passage, sentence: Sentence) -> Span:
    """The part of a sentence that can answer: what of it lies in the passage; of an infobox fact, its value."""
    inside = Span(max(sentence.span.start, passage.span.start), min(sentence.span.end, passage.span.end))
    if passage.paragraph.kind == "infobox":
        label, colon, value = inside.of(passage.article.text).partition(": ")
        if value:
            return Span(inside.start + len(label) + len(colon), inside.end)
    return inside


def _groups(window: Window, bounds: Sequence[Span], shift: int) -> Ints:
    """For each token the number of the bounds it lies in, -1 for none."""
    groups = np.full(len(window.offsets), -1, dtype=np.int64)
    for i, offset in enumerate(window.offsets):
        if offset and offset[1] > offset[0]:
            for group, bound in enumerate(bounds):
                if bound.start <= offset[0] + shift and offset[1] + shift <= bound.end:
                    groups[i] = group
                    break
    return groups


def prepared(tokenizer: Tokenizer) -> Tokenizer:
    """`tokenizer`, set to what `windows` needs of it: nothing padded, nothing cut."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def windows(tokenizer: Tokenizer, question: str, context: str) -> list[Window]:
    """`[CLS] question [SEP] context [SEP]` in as many overlapping windows as the context needs, at least one."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION]
    read = tokenizer.encode(context, add_special_tokens=False)
    vocabulary = {name: tokenizer.token_to_id(name) or 0 for name in ("[CLS]", "[SEP]")}
    head = [vocabulary["[CLS]"], *asked, vocabulary["[SEP]"]]
    room = MAX_LENGTH - len(head) - 1
    found = []
    for start in range(0, max(len(read.ids) - STRIDE, 1), room - STRIDE):
        part = slice(start, start + room)
        ids, offsets = read.ids[part], read.offsets[part]
        types = [0] * len(head) + [1] * (len(ids) + 1)
        found.append(Window([*head, *ids, vocabulary["[SEP]"]], types, [*[None] * len(head), *offsets, None]))
        if start + room >= len(read.ids):
            break
    return found
