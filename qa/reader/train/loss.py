"""A batch of readings → what is wrong with the logits for it.

Two things are asked of a reading. By itself: its start and end tokens should be likely among all of its own,
`[CLS]` standing for no answer. Beside the others of its group (the same question on wrong paragraphs, edited
questions on the same one): those that hold an answer should beat "no answer" by more, since that is how
passages and questions are ranked when they are asked (compare the shared normalisation of Clark & Gardner
2018, arXiv:1710.10723).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from qa.reader.train.stages import Feature

#: What the place within the group weighs against the reading by itself.
RANKING: Final = 0.5

_NEVER: Final = -1e4


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings as tensors: ids, types, mask (n, length) int64, padded to a multiple of 8.

    `starts` and `ends` (n, length) float32 are the targets, rows adding to 1: an answer weighs by how many
    people gave it. Of `whole` (n,) readings any of the targets will do. `groups` (n,) int64 numbers the groups.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor
    whole: Tensor
    groups: Tensor

    @classmethod
    def of(cls, features: Sequence[Feature], device: str = "cpu") -> Batch:
        longest = max(len(f.ids) for f in features)
        shape = (len(features), -(-longest // 8) * 8)
        ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
        starts, ends = torch.zeros(shape), torch.zeros(shape)
        for row, feature in enumerate(features):
            n = len(feature.ids)
            ids[row, :n], types[row, :n], mask[row, :n] = torch.tensor(feature.ids), torch.tensor(feature.types), 1
            for first, last in feature.spans:
                starts[row, first : (last if feature.whole else first) + 1] += 1
                ends[row, (first if feature.whole else last) : last + 1] += 1
        starts, ends = starts / starts.sum(1, keepdim=True), ends / ends.sum(1, keepdim=True)
        whole = torch.tensor([f.whole for f in features])
        numbers: dict[str, int] = {}
        groups = torch.tensor([numbers.setdefault(f.group or f"alone {i}", i) for i, f in enumerate(features)])
        return cls(*(t.to(device) for t in (ids, types, mask, starts, ends, whole, groups)))

    def loss(self, start: Tensor, end: Tensor) -> Tensor:
        """The loss of (n, length) float32 start and end logits, a scalar."""
        alone = torch.zeros((), device=start.device)
        margin = torch.zeros(len(start), device=start.device)
        outside = (self.types == 0) | (self.mask == 0)
        for logits, target in ((start, self.starts), (end, self.ends)):
            logp = logits.masked_fill(self.mask == 0, _NEVER).log_softmax(1)
            each = -(logp * target).sum(1)
            any_of = -logp.masked_fill(target == 0, _NEVER).logsumexp(1)
            alone = alone + torch.where(self.whole, any_of, each).mean() / 2
            margin = margin + logits.masked_fill(outside, _NEVER).logsumexp(1) - logits[:, 0]
        return alone + RANKING * self._ranking(margin)

    def _ranking(self, margin: Tensor) -> Tensor:
        """How unlikely those that hold an answer are, each among the readings of its group that hold none."""
        answered = self.starts[:, 0] == 0
        rivals = (self.groups[:, None] == self.groups[None, :]) & ~answered[None, :]
        compared = rivals | torch.eye(len(margin), dtype=torch.bool, device=margin.device)
        of_all = margin[None, :].masked_fill(~compared, _NEVER).logsumexp(1)
        ranked = answered & rivals.any(1)
        return ((of_all - margin) * ranked).sum() / len(margin)
