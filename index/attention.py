"""Self-attention as one kernel of onnxruntime's, which torch's exporter writes out in pieces.

For a graph that reads one text at a time: nothing is padded, so nothing is masked. Needs torch, which an export has.
"""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import Any, Final

#: The layers of transformers that are self-attention and nothing more: linear q, k and v, no position in them.
PLAIN: Final = frozenset({"BertSelfAttention", "RobertaSelfAttention", "XLMRobertaSelfAttention"})


def attention(q: Any, k: Any, v: Any, heads: int) -> Any:
    """softmax(q kᵀ / √d) v of each head, tensors of (batch, length, heads · d), as one node of an exported graph.

    It has the shape of what it stands for, and computes nothing outside of an export.
    """
    import torch

    return torch.onnx.ops.symbolic(
        "com.microsoft::MultiHeadAttention", (q, k, v), {"num_heads": heads}, dtype=q.dtype, shape=q.shape, version=1
    )


def with_one_kernel(model: Any) -> Any:
    """A copy of a torch module, to be exported, in which each layer that is `PLAIN` is `attention`; others stay."""
    made = deepcopy(model)
    for layer in made.modules():
        if type(layer).__name__ in PLAIN and not layer.is_causal:
            layer.forward = partial(_forward, layer)
    return made


def _forward(layer: Any, hidden: Any, **_: Any) -> tuple[Any, None]:
    """In the place of `layer`'s own; the second that it returns, the weights, nobody asks for."""
    return attention(layer.query(hidden), layer.key(hidden), layer.value(hidden), layer.num_attention_heads), None
