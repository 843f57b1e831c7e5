"""The reader's ONNX file → its weights as arrays, as far as int8 kept them.

For what compares with it (`eval.bench`) and what trains it further (`qa.reader.train`): its fp32 weights are
kept nowhere. Needs onnx, which reading does not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: The matrices of a layer, in the order in which they stand in the graph.
MATRICES: Final = ("qkv", "out", "up", "down")

#: What a levelled matrix's input is multiplied with is called as the matrix and this; its rows are that much larger.
LEVEL: Final = "_level"


def stored_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """The weights in `path` by the names of `qa.reader.train.model`, (out, in) each matrix, fp32.

    Raises ValueError when the graph is not one that `qa.reader.train.export` writes.
    """
    import onnx
    from onnx.numpy_helper import to_array

    kept = {each.name: to_array(each) for each in onnx.load(str(path)).graph.initializer}
    whole = {name: value for name, value in kept.items() if value.dtype == np.float32 and value.ndim}
    for name, value in kept.items():
        if name.endswith("_quantized"):
            of = name.removesuffix("_quantized")
            zero = kept[f"{of}_zero_point"].astype(np.float32)
            level = kept.get(of + LEVEL, np.ones(len(value), np.float32))
            whole[of] = (value.astype(np.float32) - zero) * kept[f"{of}_scale"] * level[:, None]
    # Matrices lose their names on the way and are turned: (in, out) in the graph.
    unnamed = [value for name, value in whole.items() if value.ndim == 2 and not name.endswith(".weight")]
    head = [value for value in unnamed if value.shape[1] == 2]
    layers = [value for value in unnamed if value.shape[1] != 2]
    if len(head) != 1 or not layers or len(layers) % len(MATRICES):
        raise ValueError(f"{path} holds {len(unnamed)} matrices, not those of a reader")
    names = [f"layers.{n}.{part}.weight" for n in range(len(layers) // len(MATRICES)) for part in MATRICES]
    found = {name: value for name, value in whole.items() if name.endswith((".weight", ".bias"))}
    found.update({name: value.T for name, value in zip(["head.weight", *names], [*head, *layers], strict=True)})
    return {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in found.items()}
