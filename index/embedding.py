"""Texts → unit vectors, (n, dim) float32, without torch: only onnxruntime and tokenizers are needed.

A sentence-transformers model was exported to ONNX before (`index.export`), pooling and normalisation in the graph. An
`Encoder` is a folder of

    model.onnx        tokens → unit vector, and the vector of every token
    query.onnx        the same for questions, where the model has a query encoder of its own (`index.query_encoder`)
    tokenizer.json    text → tokens
    encoder.json      lengths, prompts, where the model came from, and the SHA-256 of the others

The sentences of a passage are embedded in one reading of it: a sentence's vector is the mean of its own
tokens' vectors, which have seen the whole passage ("late chunking", Günther et al. 2024,
arXiv:2409.04701). It costs nothing over embedding the passage and finds more (eval/LOG.md).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.digest import file_sha256
from index.errors import ModelError, one_line
from index.session import open_session

Floats = NDArray[np.float32]

#: Told how far a build is: (stage, done, total).
Progress = Callable[[str, int, int], None]

#: The files of an encoder: what reads documents, what reads questions in its place, what cuts both
#: into tokens, and what names them all.
DOCUMENTS_GRAPH: Final = "model.onnx"
QUERIES_GRAPH: Final = "query.onnx"
TOKENIZER: Final = "tokenizer.json"
DESCRIPTION: Final = "encoder.json"

#: Texts that wait for a thread at once.
AHEAD: Final = 256


class Encoder:
    """A query and document encoder: `dim` numbers for a text of up to `max_tokens` tokens.

    `max_tokens` leaves out the special tokens and the prompt that the model adds, so a text with
    `count_tokens(text) <= max_tokens` is read whole; of a longer one only the beginning is.
    `fingerprint` (SHA-256, hex) is the same for two encoders exactly when their files are.

    A text is read by itself, on one thread. int8 scales its activations by what shares a batch: with up
    to 32 texts a batch, the same passage came out at a cosine of 0.988 to itself alone. By itself a
    vector depends on its text only, for every precision, and nothing is padded. `threads` texts of a
    build are read at the same time: texts this short keep two threads busier than halves of one text.
    """

    def __init__(
        self, directory: Path, queries: Any, tokenizer: Tokenizer, settings: dict[str, Any], threads: int = 1
    ) -> None:
        """`queries` is the session of the graph that `settings` name for questions."""
        self.directory = directory
        self.threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self.dim: int = settings["dim"]
        self.max_tokens: int = settings["max_tokens"]
        self.model: str = settings["model"]
        self.precision: str = settings["precision"]
        self.files: tuple[str, ...] = (*settings["files"], DESCRIPTION)
        self.fingerprint = file_sha256(directory / DESCRIPTION)
        self._queries = queries
        self._asks_with: str = settings["query_graph"]
        self._tokenizer = tokenizer
        self._pools_tokens: bool = settings["pools_tokens"]
        self._query_prompt: str = settings["query_prompt"]
        self._document_prompt: str = settings["document_prompt"]

    @classmethod
    def load(cls, directory: Path, *, threads: int | None = None) -> Encoder:
        """The encoder in `directory`, reading `threads` texts at a time (None: as many as there are CPUs).

        Raises ModelError when a file is missing or is not what an export writes. It does not check
        their SHA-256: `index.export` and `index.store` do.
        """
        try:
            settings = json.loads((directory / DESCRIPTION).read_text("utf-8"))
            tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
            tokenizer.no_padding()
            tokenizer.enable_truncation(settings["max_length"])
            queries = open_session(directory / settings["query_graph"])
            return cls(directory, queries, tokenizer, settings, threads or os.cpu_count() or 1)
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise _not_loaded(directory, error) from error

    @cached_property
    def _documents(self) -> Any:
        """The session that reads documents. Opened at the first one: asking seldom needs it."""
        if self._asks_with == DOCUMENTS_GRAPH:
            return self._queries
        try:
            return open_session(self.directory / DOCUMENTS_GRAPH)
        except Exception as error:  # as above
            raise _not_loaded(self.directory, error) from error

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of questions, (n, dim) float32, unit norm, in the order of `texts`."""
        return self._encode(self._queries, [self._query_prompt + text for text in texts])

    def encode_documents(self, texts: Sequence[str]) -> Floats:
        """Vectors of documents, (n, dim) float32, unit norm, in the order of `texts`."""
        return self._encode(self._documents, [self._document_prompt + text for text in texts])

    def encode_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]], progress: Progress | None = None
    ) -> list[Floats]:
        """Vectors of parts of documents, each seen in the context of its whole document.

        `parts[i]` are (start, end) code points in `texts[i]`; the result has (len(parts[i]), dim) float32,
        unit norm, for each text. A part of which nothing is read gets the vector of the whole. A model that
        does not pool by the mean reads each part by itself, after what stands before the first part.
        `progress` is told ("embed", done, total) after each text.
        """
        encoded: list[Floats] = []
        for vectors in self._each(self._parts, texts, parts):
            encoded.append(vectors)
            if progress:
                progress("embed", len(encoded), len(texts))
        return encoded

    def _parts(self, text: str, spans: Sequence[tuple[int, int]]) -> Floats:
        if self._pools_tokens:
            return self._pooled_parts(text, spans)
        context = text[: min((start for start, _ in spans), default=0)]
        vectors = np.empty((len(spans), self.dim), dtype=np.float32)
        for row, (start, end) in enumerate(spans):
            vectors[row] = self._vector(self._documents, self._document_prompt + context + text[start:end])
        return vectors

    def _pooled_parts(self, text: str, spans: Sequence[tuple[int, int]]) -> Floats:
        encoding = self._tokenizer.encode(self._document_prompt + text)
        whole, tokens = _run(self._documents, encoding, ["unit_vector", "token_vectors"])
        offsets = np.array(encoding.offsets) - len(self._document_prompt)
        vectors = np.empty((len(spans), self.dim), dtype=np.float32)
        for row, (start, end) in enumerate(spans):
            inside = (offsets[:, 0] >= start) & (offsets[:, 1] <= end) & (offsets[:, 1] > offsets[:, 0])
            mean = tokens[inside].mean(axis=0) if inside.any() else whole
            vectors[row] = mean / np.linalg.norm(mean)
        return vectors

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` is, without the special ones, however long."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        # Truncation is on for encoding; what it cuts off is kept beside the first part.
        return sum(len(part.ids) for part in (encoding, *encoding.overflowing))

    def is_word(self, word: str) -> bool:
        """Whether `word` is one token of the vocabulary: a word that is common in what the model was made from."""
        return self.count_tokens(word) == 1

    def _encode(self, session: Any, texts: Sequence[str]) -> Floats:
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for row, vector in enumerate(self._each(partial(self._vector, session), texts)):
            vectors[row] = vector
        return vectors

    def _vector(self, session: Any, text: str) -> Floats:
        (vector,) = _run(session, self._tokenizer.encode(text), ["unit_vector"])
        return vector

    def _each(self, work: Callable[..., Any], *columns: Sequence[Any]) -> Iterator[Any]:
        """What `work` gives for each row of `columns`, in order; several at the same time.

        `work` must not come back here: the threads would wait for one another.
        """
        if len(columns[0]) < 2 or self.threads == 1:
            yield from map(work, *columns)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads, "encoder")  # onnxruntime lets go of Python's lock
        rows = list(zip(*columns, strict=True))
        # Bounded, so that whoever stops in the middle waits for a handful of texts and not for all of them.
        for start in range(0, len(rows), AHEAD):
            yield from self._pool.map(lambda row: work(*row), rows[start : start + AHEAD])


def _run(session: Any, encoding: Encoding, wanted: list[str]) -> list[Floats]:
    """What is `wanted`: "unit_vector", the vector of a text, (dim,); "token_vectors", (tokens, dim)."""
    tensors = {
        "input_ids": encoding.ids,
        "attention_mask": encoding.attention_mask,
        "token_type_ids": encoding.type_ids,
    }
    feed = {given.name: np.array([tensors[given.name]], dtype=np.int64) for given in session.get_inputs()}
    return [output[0] for output in session.run(wanted, feed)]


def _not_loaded(directory: Path, error: Exception) -> ModelError:
    return ModelError(f"{directory} holds no encoder that can be loaded: {one_line(error)}")
