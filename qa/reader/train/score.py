"""Predicted and gold texts → EM and F1 as the official SQuAD script counts them.

The same two formulas as `eval.squad`, which this package may not import (eval → qa → index, never
back); a test holds the two to the same values.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """`text` in lower case without ASCII punctuation, articles and extra white space."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(predicted: str, golds: Sequence[str]) -> float:
    """1.0 when `predicted` is one of `golds` (none: when it is empty), else 0.0."""
    return max(float(normalise(predicted) == normalise(gold)) for gold in _scored(golds))


def f1(predicted: str, golds: Sequence[str]) -> float:
    """The best token F1 of `predicted` against `golds`, 0..1; no golds: 1.0 when it is empty."""
    return max(_token_f1(normalise(predicted).split(), normalise(gold).split()) for gold in _scored(golds))


def _scored(golds: Sequence[str]) -> Sequence[str]:
    return [gold for gold in golds if normalise(gold)] or [""]


def _token_f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    common = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * common / (len(predicted) + len(gold))
