"""Tokens → start and end logits: MiniLM's encoder (BERT, 6 layers of 384) with a linear layer of two on top.

Written out rather than taken from transformers: one matrix for queries, keys and values, no pooler, and
nothing in it that an exporter trips over. The weights it starts from are those installed with Footnote.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN: Final = 384
LAYERS: Final = 6
HEADS: Final = 12
INNER: Final = 1536
VOCABULARY: Final = 30522
POSITIONS: Final = 512
EPSILON: Final = 1e-12

#: What a padded position adds to attention.
MASKED: Final = -10_000.0


class Layer(nn.Module):
    """Attention and two matrices, each with its residual and norm after it (Vaswani et al. 2017)."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, EPSILON)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        # No dropout inside attention: its random numbers cost more than the products.
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(batch, length, HIDDEN)
        x = self.norm1(x + self.dropout(self.out(seen)))
        result: Tensor = self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x)))))
        return result


class SpanModel(nn.Module):
    """(batch, length) ids, attention mask and type ids → start and end logits, (batch, length) each."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.types = nn.Embedding(2, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.head = nn.Linear(HIDDEN, 2)
        self.dropout = nn.Dropout(dropout)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.words(input_ids) + self.positions(places)[None] + self.types(token_type_ids)
        x = self.dropout(self.norm(x))
        mask = ((1 - attention_mask) * MASKED).to(x.dtype)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        logits = self.head(x)
        return logits[..., 0], logits[..., 1]


def pretrained(path: Path, dropout: float) -> SpanModel:
    """A model with the encoder of a sentence-transformers MiniLM in `path` and a new head."""
    from safetensors.torch import load_file

    model = SpanModel(dropout)
    model.load_state_dict(_renamed(load_file(path / "model.safetensors")), strict=False)
    nn.init.normal_(model.head.weight, std=0.02)
    nn.init.zeros_(model.head.bias)
    return model


def _renamed(weights: dict[str, Any]) -> dict[str, Any]:
    names = {
        "embeddings.word_embeddings": "words",
        "embeddings.position_embeddings": "positions",
        "embeddings.token_type_embeddings": "types",
        "embeddings.LayerNorm": "norm",
    }
    parts = {
        "attention.output.dense": "out",
        "attention.output.LayerNorm": "norm1",
        "intermediate.dense": "up",
        "output.dense": "down",
        "output.LayerNorm": "norm2",
    }
    renamed: dict[str, Any] = {}
    for name, value in weights.items():
        whole, kind = name.rpartition(".")[::2]
        if whole in names:
            renamed[f"{names[whole]}.{kind}"] = value
        elif match := re.fullmatch(r"encoder\.layer\.(\d+)\.(.+)", whole):
            number, part = match.groups()
            if part in parts:
                renamed[f"layers.{number}.{parts[part]}.{kind}"] = value
    for number in range(LAYERS):
        for kind in ("weight", "bias"):
            of = [weights[f"encoder.layer.{number}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            renamed[f"layers.{number}.qkv.{kind}"] = torch.cat(of)
    return renamed
