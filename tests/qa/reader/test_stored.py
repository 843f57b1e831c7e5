"""The shipped graph's weights as arrays: what the benchmark's other side and further training begin from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from eval.bench.reading import ReadingError, TorchReader
from qa.reader.model import WEIGHTS, SpanModel, windows
from qa.reader.stored import stored_weights
from qa.reader.train.weights import trained


def test_every_weight_comes_back_under_its_name():
    """Six layers of four matrices, the head and three embeddings; matrices as torch has them, (out, in)."""
    weights = stored_weights(WEIGHTS / "reader.onnx")
    shapes = {name: value.shape for name, value in weights.items() if value.ndim == 2}
    assert len(shapes) == 6 * 4 + 1 + 3
    assert shapes["head.weight"] == (2, 384)
    assert shapes["words.weight"] == (30522, 384)
    assert [shapes[f"layers.5.{part}.weight"] for part in ("qkv", "out", "up", "down")] == [
        (1152, 384), (384, 384), (1536, 384), (384, 1536),
    ]  # fmt: skip
    assert {value.dtype for value in weights.values()} == {np.dtype(np.float32)}


def test_the_levels_of_int8_are_taken_back():
    """torch with the stored weights says what the graph says, as far as int8 can: its levelled rows are as trained."""
    model = SpanModel(WEIGHTS / "reader.onnx", WEIGHTS / "tokenizer.json", 1)
    read = windows(model.tokenizer, "Who makes anvils?", "Acme > Acme makes anvils in Leeds. Bo sells them.")
    [(start, end)] = model.logits(read)
    trained_again = trained([WEIGHTS / "reader.onnx"])
    with torch.no_grad():
        again = trained_again(torch.tensor([read[0].ids]), torch.tensor([read[0].types]))
    for int8, fp32 in zip((start, end), again, strict=True):
        assert np.abs(int8 - fp32[0].numpy()).mean() < 0.2
        assert int8.argmax() == fp32[0].numpy().argmax()


def test_another_graph_is_refused(tmp_path: Path):
    """A graph without matrices is no reader: the error names the file, in the benchmark too."""
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "none", [], [])), str(tmp_path / "reader.onnx"))
    with pytest.raises(ValueError, match=r"reader\.onnx holds 0 matrices"):
        stored_weights(tmp_path / "reader.onnx")
    with pytest.raises(ReadingError, match=r"reader\.onnx holds 0 matrices"):
        TorchReader(tmp_path)
