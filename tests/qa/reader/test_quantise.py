"""Levelling before int8: the same product, rounded less where one channel is far larger than the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.session import open_session
from qa.reader.model import Window
from qa.reader.stored import LEVEL
from qa.reader.train.quantise import quantise

WORDS, WIDE, INNER = 50, 384, 48
READ = [Window(list(range(1, 40)), [0] * 39, 5, 0), Window(list(range(10, 50)), [0] * 40, 5, 0)]


def graph(path: Path, large: float) -> Path:
    """Embeddings, at the first word of which channel 7 is `large`; a matrix, and the last one that stays fp32."""
    rng = np.random.default_rng(3)
    words = rng.uniform(-1, 1, (WORDS, WIDE)).astype(np.float32)
    words[:, 7] = np.arange(WORDS) == READ[0].ids[0]
    sizes = np.ones(WIDE, np.float32)
    sizes[7] = large
    parts = {
        "words": words,
        "sizes": sizes,
        "first": rng.normal(size=(WIDE, INNER)).astype(np.float32),
        "last": rng.normal(size=(INNER, 2)).astype(np.float32),
    }
    parts["first"][7] /= 10
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["each"], name="gather"),
        helper.make_node("Mul", ["each", "sizes"], ["x"], name="sized"),
        helper.make_node("MatMul", ["x", "first"], ["y"], name="one"),
        helper.make_node("MatMul", ["y", "last"], ["logits"], name="two"),
        helper.make_node("Identity", ["token_type_ids"], ["unused"], name="types"),
    ]
    given = [helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "t"]) for n in ("input_ids", "token_type_ids")]
    out = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["b", "t", 2]),
        helper.make_tensor_value_info("unused", TensorProto.INT64, ["b", "t"]),
    ]
    made = helper.make_graph(nodes, "g", given, out, [numpy_helper.from_array(v, k) for k, v in parts.items()])
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


def logits(path: Path) -> np.ndarray:
    return open_session(path).run(["logits"], {"input_ids": [READ[0].ids], "token_type_ids": [READ[0].types]})[0]


def levels(path: Path) -> dict[str, np.ndarray]:
    kept = onnx.load(str(path)).graph.initializer
    return {each.name: numpy_helper.to_array(each) for each in kept if each.name.endswith(LEVEL)}


def test_a_large_channel_costs_the_others_less(tmp_path: Path):
    """Where one channel is thirty times as large at one word, levelling halves the error at least."""
    whole = graph(tmp_path / "whole.onnx", 30)
    quantise(whole, tmp_path / "levelled.onnx", READ)
    [name] = [node.name for node in onnx.load(str(whole)).graph.node if node.name == "two"]
    quantize_dynamic(
        whole, tmp_path / "plain.onnx", weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=[name]
    )
    exact = logits(whole)
    levelled, plain = (np.abs(logits(tmp_path / f"{n}.onnx") - exact).mean() for n in ("levelled", "plain"))
    assert levelled < plain / 2
    [level] = levels(tmp_path / "levelled.onnx").values()
    assert level.argmin() == 7
    assert level[7] < 0.2


def test_even_channels_are_left_alone(tmp_path: Path):
    """Nothing is added to a graph whose channels are alike."""
    quantise(graph(tmp_path / "whole.onnx", 1), tmp_path / "int8.onnx", READ)
    assert levels(tmp_path / "int8.onnx") == {}
    assert np.abs(logits(tmp_path / "int8.onnx") - logits(tmp_path / "whole.onnx")).mean() < 1
