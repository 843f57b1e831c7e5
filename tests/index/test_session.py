"""A session computes what its graph says, on every processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.session import PRODUCT, open_session

DEEP = 64


def test_products_of_large_int8_values_are_summed_exactly(tmp_path: Path):
    """Kernels for processors without VNNI cut sums of two products off at 16 bits, unless told not to."""
    weights = np.full((DEEP, 16), 127, np.int8)
    weights[:, 1::2] = -128
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["read", "weights"], ["sums"])],
        "products",
        [helper.make_tensor_value_info("read", TensorProto.UINT8, ["rows", DEEP])],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, ["rows", 16])],
        [numpy_helper.from_array(weights, "weights")],
    )
    path = tmp_path / "products.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    read = np.array([[255] * DEEP, [200] * DEEP, list(range(DEEP))], np.uint8)
    [sums] = open_session(path).run(None, {"read": read})
    assert (sums == read.astype(np.int32) @ weights.astype(np.int32)).all()


def test_the_graph_that_asks_whether_sums_are_cut_off_is_one_product_of_any_two_int8_matrices():
    given = [
        helper.make_tensor_value_info(name, kind, [None, None])
        for name, kind in (("a", TensorProto.UINT8), ("b", TensorProto.INT8), ("c", TensorProto.INT32))
    ]
    graph = helper.make_graph([helper.make_node("MatMulInteger", ["a", "b"], ["c"])], "g", given[:2], given[2:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 10)], ir_version=9)
    assert onnx.load_from_string(PRODUCT) == model
