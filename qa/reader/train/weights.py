"""Files of weights → weights: what `fit` wrote, or what is shipped, as far as int8 kept it.

So that a later run can go on from the reader that is shipped, whose fp32 weights are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from qa.reader.train.model import Attention, SpanModel, attention


def weights(path: Path) -> dict[str, Tensor]:
    """The weights in `path`, by the names that `SpanModel` gives them: a `.pt` of `fit`, or a shipped `.onnx`.

    Raises ValueError when an `.onnx` is not of its shape.
    """
    if path.suffix == ".onnx":
        return _dequantised(path)
    found: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return found


def mean(runs: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of several runs from one base (Wortsman et al. 2022, "Model soups")."""
    return {name: torch.stack([each[name] for each in runs]).mean(0) for name in runs[0]}


def trained(runs: Sequence[Path], attend: Attention = attention) -> SpanModel:
    """The model with the mean of the weights in `runs`, ready to read."""
    model = SpanModel(attend=attend)
    model.load_state_dict(mean([weights(path) for path in runs]))
    return model.eval()


def _dequantised(path: Path) -> dict[str, Tensor]:
    """The weights of a graph that `export.quantise` made; its matrices stand in it in the order of the layers."""
    import onnx
    from onnx.numpy_helper import to_array

    stored = {each.name: to_array(each) for each in onnx.load(str(path)).graph.initializer}
    whole: dict[str, np.ndarray] = {name: value for name, value in stored.items() if value.dtype == np.float32}
    for name, value in stored.items():
        if name.endswith("_quantized"):
            of = name.removesuffix("_quantized")
            zero = stored[f"{of}_zero_point"].astype(np.float32)
            whole[of] = (value.astype(np.float32) - zero) * stored[f"{of}_scale"]
    model = SpanModel().state_dict()
    # Matrices lose their names on the way and are turned: (in, out) in the graph, (out, in) in torch.
    unnamed = (value for name, value in whole.items() if value.ndim == 2 and name not in model)
    matrices = sorted(unnamed, key=lambda value: value.shape[1] != 2)  # the head's, never quantised, comes first
    named = ["head.weight", *(name for name in model if name.startswith("layers.") and model[name].dim() == 2)]
    found = {name: torch.tensor(whole[name]) for name in model if name in whole}
    found.update({name: torch.tensor(value.T.copy()) for name, value in zip(named, matrices, strict=True)})
    return found
