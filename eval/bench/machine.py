"""What this machine's processor can do with matrices, and what a model asks of it: the bound of each stage.

Rates are measured, not read off a data sheet: the best of several products of the shapes that MiniLM has.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import numpy as np

from index.session import open_session

#: MiniLM-L6: layers, width, inner width.
LAYERS: Final = 6
WIDTH: Final = 384
INNER: Final = 1536

ROWS: Final = 160  # tokens of a typical passage
REPEATS: Final = 50


@dataclass(frozen=True, slots=True)
class Rates:
    """Billions of operations (a multiplication and an addition are two) a second, on one thread and on all."""

    precision: str
    one: float
    all: float


def flops(tokens: int, layers: int = LAYERS) -> float:
    """Operations of MiniLM's `layers` on a text of `tokens` tokens: their matrices, and attention's products.

    Two for each weight and token, 12 · width² weights a layer; 4 · tokens² · width a layer for attention.
    """
    weights = 4 * WIDTH * WIDTH + 2 * WIDTH * INNER
    return float(layers * (2 * weights * tokens + 4 * tokens * tokens * WIDTH))


def rates() -> list[Rates]:
    """The matrix rates of fp32 and of int8, as onnxruntime gets them: what the exported models run on."""
    count = os.cpu_count() or 1
    return [Rates(name, _rate(name, 1), _rate(name, count)) for name in ("fp32", "int8")]


def _rate(precision: str, threads: int) -> float:
    """The best of REPEATS chains of a (ROWS, WIDTH) by (WIDTH, INNER) product and one back."""
    session, feed = _session(precision, threads)
    session.run(None, feed)
    best = min(_timed(session, feed) for _ in range(REPEATS))
    return 2.0 * ROWS * WIDTH * INNER * 2 / best / 1e9


def _timed(session: Any, feed: dict[str, Any]) -> float:
    started = perf_counter()
    session.run(None, feed)
    return perf_counter() - started


def _session(precision: str, threads: int) -> tuple[Any, dict[str, Any]]:
    """Two products, (rows, width) → (rows, inner) and (rows, inner) → (rows, width), side by side in one graph."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(0)
    whole = precision == "int8"
    kind, operator = (TensorProto.UINT8, "MatMulInteger") if whole else (TensorProto.FLOAT, "MatMul")
    weights, inputs, outputs, nodes, feed = [], [], [], [], {}
    for name, rows, columns in (("up", WIDTH, INNER), ("down", INNER, WIDTH)):
        matrix = rng.integers(-64, 64, (rows, columns)).astype(np.int8 if whole else np.float32)
        given = rng.integers(0, 255, (ROWS, rows)).astype(np.uint8 if whole else np.float32)
        weights.append(numpy_helper.from_array(matrix, f"w_{name}"))
        inputs.append(helper.make_tensor_value_info(name, kind, [ROWS, rows]))
        result = TensorProto.INT32 if whole else TensorProto.FLOAT
        outputs.append(helper.make_tensor_value_info(f"{name}_out", result, [ROWS, columns]))
        nodes.append(helper.make_node(operator, [name, f"w_{name}"], [f"{name}_out"]))
        feed[name] = given
    graph = helper.make_graph(nodes, "products", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return open_session(model.SerializeToString(), threads), feed
