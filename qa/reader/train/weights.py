"""Files of weights → weights: what `fit` wrote, or what is shipped, as far as int8 kept it.

So that a later run can go on from the reader that is shipped, whose fp32 weights are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from qa.reader.stored import stored_weights
from qa.reader.train.model import Attention, SpanModel, attention


def weights(path: Path) -> dict[str, Tensor]:
    """The weights in `path`, by the names that `SpanModel` gives them: a `.pt` of `fit`, or a shipped `.onnx`.

    Raises ValueError when an `.onnx` is not of its shape.
    """
    if path.suffix == ".onnx":
        return {name: torch.tensor(value) for name, value in stored_weights(path).items()}
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
