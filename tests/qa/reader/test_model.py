"""Windows → logits: each by itself, whoever reads it and whatever is read beside it."""

from __future__ import annotations

import numpy as np
import pytest

from qa.reader.model import WEIGHTS, SpanModel, Window, windows

TEXTS = (
    "Acme > Acme makes anvils in Leeds.",
    "Acme > Bo Ashe sold the works in 1921 to her brother, who moved them to the canal and made bells as well.",
    "Acme > History > " + "The works grew, and the town with them. " * 30,
)


@pytest.fixture(scope="module")
def model() -> SpanModel:
    return SpanModel(WEIGHTS / "reader.onnx", WEIGHTS / "tokenizer.json", 2)


@pytest.fixture(scope="module")
def read(model: SpanModel) -> list[Window]:
    return [window for text in TEXTS for window in windows(model.tokenizer, "Who sold the works?", text)]


def test_a_window_says_the_same_alone_and_beside_others(model: SpanModel, read: list[Window]) -> None:
    """Alone it is read by two threads together, beside others by one; to the last bit it makes no difference."""
    together = model.logits(read)
    for window, logits in zip(read, together, strict=True):
        [alone] = model.logits([window])
        assert all(np.array_equal(a, b) for a, b in zip(alone, logits, strict=True))


def test_logits_come_in_the_order_of_the_windows(model: SpanModel, read: list[Window]) -> None:
    """One for each token, though the longest window is read first; of no window, none."""
    assert [len(start) for start, _ in model.logits(read)] == [len(window.ids) for window in read]
    assert sorted(range(len(read)), key=lambda i: -len(read[i].ids)) != list(range(len(read)))
    assert model.logits([]) == []


def test_one_thread_reads_as_two_do(model: SpanModel, read: list[Window]) -> None:
    """On a machine with one processor there is nobody to share with: the same answers."""
    lone = SpanModel(WEIGHTS / "reader.onnx", WEIGHTS / "tokenizer.json", 1)
    for (start, end), (lone_start, lone_end) in zip(model.logits(read), lone.logits(read), strict=True):
        assert np.array_equal(start, lone_start)
        assert np.array_equal(end, lone_end)
