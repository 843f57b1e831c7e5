"""Reading k passages: Footnote's reader beside a plain torch loop with the same weights.

transformers has no question-answering pipeline any more; its model for it is still there. The torch side is
that model in fp32 with the shipped weights put back (int8 times scale), all passages of a question in one
padded batch, and the best span of all of them by start plus end. Both sides get the same texts, take turns
question by question, and are scored by the same F1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from eval import squad
from eval.bench.machine import INNER, LAYERS, WIDTH
from eval.datasets.question import DataSet
from index.errors import FootnoteError
from qa import QA
from qa.reader import Reach, SpanReader
from qa.reader.model import MAX_LENGTH, WEIGHTS
from qa.reader.stored import stored_weights
from qa.retrieve import retrieve

HEADS: Final = 12
LONGEST: Final = 30  # tokens of an answer
K: Final = 5

#: Parts of a layer: the reader's name for each, and transformers'.
PLACES: Final = {
    "out": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm1": "attention.output.LayerNorm",
    "norm2": "output.LayerNorm",
}


class ReadingError(FootnoteError):
    """There are no weights to read with, or they are of another shape."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds of each question and the mean F1 on both sides."""

    ours: list[float]
    torch: list[float]
    our_f1: float
    torch_f1: float

    @property
    def times(self) -> float:
        """How many times faster Footnote's reader is, by the medians."""
        return float(np.median(self.torch) / np.median(self.ours))


def read_beside_torch(dataset: DataSet, folder: Path = WEIGHTS) -> Reading:
    """Both sides on the answerable questions of `dataset`, an answer forced. Raises ReadingError without weights."""
    peer = TorchReader(folder)
    seconds: tuple[list[float], list[float]] = [], []
    scores: tuple[list[float], list[float]] = [], []
    for key, article in dataset.articles.items():
        asked = [q for q in dataset.questions if q.article == key and q.answers]
        if not asked:
            continue
        qa = QA.from_articles([article])
        reader, settings = SpanReader(qa.index, Reach(K, K * MAX_LENGTH)), qa.settings
        found = retrieve(qa.index, [q.question for q in asked], settings.candidates, K, settings.dense_weight)
        for question, retrieved in zip(asked, found, strict=True):
            texts = [qa.index.passages[row].indexed_text for row in retrieved.rows]
            started = perf_counter()
            [candidates] = reader.read([retrieved])
            between = perf_counter()
            theirs = peer.answer(question.question, texts)
            seconds[0].append(between - started)
            seconds[1].append(perf_counter() - between)
            ours = max(candidates, key=lambda c: c.margin).text if candidates else ""
            for side, answer in enumerate((ours, theirs)):
                scores[side].append(squad.f1(answer, question.answers))
    return Reading(*seconds, float(np.mean(scores[0])), float(np.mean(scores[1])))


class TorchReader:
    """transformers' BertForQuestionAnswering, with the weights in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Raises ReadingError when there are no weights, or none of this shape."""
        if not (folder / "reader.onnx").is_file():
            raise ReadingError(f"{folder / 'reader.onnx'} is missing: no reader is shipped yet (docs/reader.md)")
        import torch
        import transformers

        config = transformers.BertConfig(
            hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER
        )
        self._torch = torch
        self._model: Any = transformers.BertForQuestionAnswering(config)
        self._model.train(False)
        try:
            ours = stored_weights(folder / "reader.onnx")
        except ValueError as error:
            raise ReadingError(str(error)) from error
        missing, unexpected = self._model.load_state_dict(_renamed(ours), strict=False)
        if unexpected or set(missing) - {"bert.embeddings.position_ids"}:
            raise ReadingError(f"{folder / 'reader.onnx'} is not a reader of MiniLM's shape: {missing or unexpected}")
        fast: Any = transformers.PreTrainedTokenizerFast
        self._tokenizer = fast(
            tokenizer_file=str(folder / "tokenizer.json"), pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
        )

    def answer(self, question: str, texts: Sequence[str]) -> str:
        """The words between the best start and end in any of `texts`."""
        batch = self._tokenizer(
            [question] * len(texts),
            list(texts),
            padding=True,
            truncation="only_second",
            max_length=MAX_LENGTH,
            return_offsets_mapping=True,
            return_token_type_ids=True,  # not by default: the file of a tokenizer does not say whose it is
            return_tensors="pt",
        )
        offsets = batch.pop("offset_mapping")
        with self._torch.inference_mode():
            out = self._model(**batch)
        best, answer = -np.inf, ""
        for row, text in enumerate(texts):
            inside = np.array([part == 1 for part in batch.sequence_ids(row)])
            start = np.where(inside, out.start_logits[row].numpy(), -np.inf)
            end = np.where(inside, out.end_logits[row].numpy(), -np.inf)
            none = float(out.start_logits[row, 0] + out.end_logits[row, 0])
            length = np.arange(len(end))[None, :] - np.arange(len(start))[:, None]
            margins = np.where((length >= 0) & (length < LONGEST), start[:, None] + end[None, :] - none, -np.inf)
            first, last = divmod(int(margins.argmax()), len(end))
            if margins[first, last] > best:
                best = float(margins[first, last])
                answer = text[int(offsets[row, first, 0]) : int(offsets[row, last, 1])]
        return answer


def _renamed(ours: dict[str, Any]) -> dict[str, Any]:
    """The reader's weights under transformers' names."""
    import torch

    found = {"qa_outputs.weight": ours["head.weight"], "qa_outputs.bias": ours["head.bias"]}
    for own, theirs in (("words", "word"), ("positions", "position"), ("types", "token_type")):
        found[f"bert.embeddings.{theirs}_embeddings.weight"] = ours[f"{own}.weight"]
    for kind in ("weight", "bias"):
        found[f"bert.embeddings.LayerNorm.{kind}"] = ours[f"norm.{kind}"]
        for number in range(LAYERS):
            layer, theirs = f"layers.{number}", f"bert.encoder.layer.{number}"
            parts = np.split(ours[f"{layer}.qkv.{kind}"], 3)
            for name, part in zip(("query", "key", "value"), parts, strict=True):
                found[f"{theirs}.attention.self.{name}.{kind}"] = part
            for own, name in PLACES.items():
                found[f"{theirs}.{name}.{kind}"] = ours[f"{layer}.{own}.{kind}"]
    return {name: torch.tensor(value) for name, value in found.items()}
