"""The query encoder of the packaged model: two layers that Footnote trained, on the embeddings of the model itself.

Passages are embedded by the model as it comes; questions by these layers in place of its six. They were trained
(`qa.query_encoder`) to lie near the sentences that answer, as the model embeds them, so an index is searched by
either: with these more is found, in little more than a third of the time (docs/query_encoder.md).

Needs torch: an export calls it, and training; asking does neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.digest import check_shipped

#: The trained layers, int8 by output channel, and the SHA-256 of their file.
WEIGHTS: Final = Path(__file__).parent / "weights" / "query_encoder.npz"
WEIGHTS_SHA256: Final = "83617f79bc02a78030d8650eefc4d894b9aeac2009ab8e9ee0b527fb8bc91525"

#: The layers of the model with which training began.
BEGUN_WITH: Final = (0, 5)

#: Beside a matrix of int8 stands, under its name and this, what each row of it is multiplied with.
SCALE: Final = ".scale"


def query_encoder(model: Any) -> Any:
    """A copy of `model`, the packaged one as a SentenceTransformer, with the trained layers for its own.

    Raises ModelError when their file is missing or is not the one that Footnote came with.
    """
    check_shipped(WEIGHTS.parent, {WEIGHTS.name: WEIGHTS_SHA256})
    made = shortened(model)
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        layers(made).load_state_dict(unpacked(dict(kept)))
    return made


def shortened(model: Any) -> Any:
    """A copy of `model` with the layers alone with which training began."""
    import torch

    made = deepcopy(model)
    bert = made[0].auto_model
    bert.encoder.layer = torch.nn.ModuleList(bert.encoder.layer[number] for number in BEGUN_WITH)
    bert.config.num_hidden_layers = len(BEGUN_WITH)
    return made


def layers(model: Any) -> Any:
    """The layers of a model that `shortened` made: what is trained, and shipped."""
    return model[0].auto_model.encoder.layer


def packed(state: Mapping[str, Any]) -> dict[str, Any]:
    """The weights of `layers` as they are shipped: matrices as int8, with a scale for each row, (out, 1) fp32."""
    kept = {}
    for name, value in state.items():
        array = value.detach().numpy()
        if array.ndim == 2:
            scale = np.abs(array).max(axis=1, keepdims=True) / 127
            kept[name] = np.rint(array / scale).astype(np.int8)
            kept[name + SCALE] = scale
        else:
            kept[name] = array
    return kept


def unpacked(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What `packed` was given, as far as int8 kept it."""
    import torch

    scaled = {name: kept[name] * kept[name + SCALE] if name + SCALE in kept else kept[name] for name in kept}
    return {name: torch.from_numpy(value) for name, value in scaled.items() if not name.endswith(SCALE)}
