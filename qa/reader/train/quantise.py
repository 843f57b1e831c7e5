"""The fp32 graph → int8: matrices by channel, activations as they come, their few large channels levelled before.

onnxruntime rounds what goes into a matrix by the largest value in it. In most layers a channel or two are many times
as large as all others (in the inner layer one, at [CLS]), and for their sake everything else is rounded coarsely. Such
channels are divided by what levels them, and their rows of the matrix multiplied by it: the same product, and half of
the error of int8 (after SmoothQuant, Xiao et al. 2022, arXiv:2211.10438; figures in eval/LOG.md, 36).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.reader.model import Window
from qa.reader.stored import LEVEL

Floats = NDArray[np.float32]

#: A channel is levelled to the size of the one that is this many places from the largest.
RANK: Final = 24

#: Nothing is levelled where the largest channel is less than this many times that size.
WORTH: Final = 2.0


def quantise(whole: Path, path: Path, read: Sequence[Window]) -> None:
    """Writes the fp32 graph `whole` to `path` as int8; the last matrix stays fp32.

    `read` are windows such as the model reads: how large its channels are is measured on them.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(str(whole))
    *matrices, last = [node for node in model.graph.node if node.op_type in ("MatMul", "Gemm")]
    for node, size in zip(matrices, _sizes(model, [node.input[0] for node in matrices], read), strict=True):
        level = np.maximum(1, size / np.sort(size)[-RANK])
        if level.max() >= WORTH:
            _level(model.graph, node, level.astype(np.float32))
    quantize_dynamic(model, path, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=[last.name])


def _sizes(model: Any, names: Sequence[str], read: Sequence[Window]) -> list[Floats]:
    """How large each channel of the values called `names` becomes over the windows."""
    import onnx
    from onnxruntime import InferenceSession

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    session = InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    largest = [np.zeros(1, np.float32) for _ in names]
    for window in read:
        values = session.run(names, {"input_ids": [window.ids], "token_type_ids": [window.types]})
        largest = [np.maximum(m, np.abs(value).max((0, 1))) for m, value in zip(largest, values, strict=True)]
    return largest


def _level(graph: Any, node: Any, level: Floats) -> None:
    """Divides what goes into `node` by `level`, (channels,), and multiplies the rows of its matrix by it."""
    from onnx.helper import make_node
    from onnx.numpy_helper import from_array, to_array

    [matrix] = [each for each in graph.initializer if each.name == node.input[1]]
    name = matrix.name
    matrix.CopyFrom(from_array(to_array(matrix) * level[:, None], name))
    graph.initializer.append(from_array(1 / level, name + LEVEL))
    levelled = make_node("Mul", [node.input[0], name + LEVEL], [f"{name}_levelled"], name=f"{node.name}_level")
    graph.node.insert(list(graph.node).index(node), levelled)
    node.input[0] = levelled.output[0]
