"""Tokens → start and end logits: MiniLM's encoder (BERT, 6 layers of 384) with a linear layer of two on top.

Written out rather than taken from transformers: one matrix for queries, keys and values, no pooler, and
nothing in it that an exporter trips over. The weights it starts from are those installed with Footnote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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

#: Random numbers that a dropout layer draws once; each use takes a slice of them.
DRAWN: Final = 1 << 24


class Dropout(nn.Module):
    """Dropout from a slice of random numbers drawn once: fresh ones for each use cost a tenth of a training step."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self._kept: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.rate:
            return x
        kept = self._drawn(x)
        start = int(torch.randint(0, len(kept) - x.numel() + 1, (1,)))
        return x * kept[start : start + x.numel()].view(x.shape)

    def _drawn(self, x: Tensor) -> Tensor:
        if self._kept is None or len(self._kept) < x.numel():
            random = torch.rand(max(DRAWN, x.numel()), generator=torch.Generator().manual_seed(0))
            self._kept = (random >= self.rate).to(x.device, x.dtype) / (1 - self.rate)
        return self._kept


#: Queries, keys, values and a mask → what each position sees.
Attention = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """(batch, length, HIDDEN) queries, keys and values → what each position sees, in HEADS heads.

    Written out: on a CPU, going back through torch's fused attention takes five times as long. No dropout in it.
    """
    batch, length, _ = q.shape
    q, k, v = (each.view(batch, length, HEADS, HIDDEN // HEADS).transpose(1, 2) for each in (q, k, v))
    scores = (q * (HIDDEN // HEADS) ** -0.5) @ k.transpose(-1, -2)
    seen: Tensor = (scores if mask is None else scores + mask).softmax(-1) @ v
    return seen.transpose(1, 2).reshape(batch, length, HIDDEN)


class Layer(nn.Module):
    """Attention and two matrices, each with its residual and norm after it (Vaswani et al. 2017)."""

    def __init__(self, dropout: Dropout, attend: Attention) -> None:
        super().__init__()
        self.attend = attend
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, EPSILON)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, EPSILON)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        q, k, v = self.qkv(x).chunk(3, -1)
        x = self.norm1(x + self.dropout(self.out(self.attend(q, k, v, mask))))
        result: Tensor = self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x)))))
        return result


class SpanModel(nn.Module):
    """(batch, length) ids, type ids and, where rows are padded, a mask → start and end logits, (batch, length) each."""

    def __init__(self, dropout: float = 0.0, attend: Attention = attention) -> None:
        """`attend` stands in for `attention` where something else does its work, as in an export."""
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.types = nn.Embedding(2, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(self.dropout, attend) for _ in range(LAYERS))
        self.head = nn.Linear(HIDDEN, 2)

    def forward(
        self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.words(input_ids) + self.positions(places)[None] + self.types(token_type_ids)
        x = self.dropout(self.norm(x))
        mask = None if attention_mask is None else ((1 - attention_mask) * MASKED).to(x.dtype)[:, None, None, :]
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
