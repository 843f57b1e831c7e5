"""Predicted and gold answer texts → EM and F1 as SQuAD defines them, and whether a text holds an answer.

The measures of Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text",
with unanswerable questions as in Rajpurkar et al. 2018, "Know What You Don't Know": an abstention is
the empty answer, right exactly where the question has no answer, and no question is left out. They
follow the official `evaluate-v2.0.py`, including its quirk that a gold answer which normalises to
nothing ("the") is passed over.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """`text` in lower case without ASCII punctuation, articles and extra white space.

    >>> normalise("The U.S.  government")
    'us government'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(predicted: str, golds: Sequence[str]) -> float:
    """1.0 when `predicted` equals one of `golds` after normalising, else 0.0; no golds: when it is empty."""
    return max(float(normalise(predicted) == normalise(gold)) for gold in _scored(golds))


def f1(predicted: str, golds: Sequence[str]) -> float:
    """The best token F1 of `predicted` against `golds`, 0..1; no golds: 1.0 when it is empty."""
    return max(_token_f1(normalise(predicted).split(), normalise(gold).split()) for gold in _scored(golds))


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether `text` holds one of `answers` as whole words: as written but for case, or normalised.

    "In 1995, …" holds "1995" and does not hold "5", nor does "16,000" hold "16". An answer that normalises to nothing
    is passed over.
    """
    normalised = f" {normalise(text)} "
    return any(
        f" {normalise(answer)} " in normalised
        # Normalising glues "1,000–2,000 km" and "U.S.-based" into one word each.
        or as_written(answer).search(text)
        for answer in answers
        if normalise(answer)
    )


def as_written(answer: str) -> re.Pattern[str]:
    """What finds `answer` in a text as it is written but for case: as whole words and whole numbers."""
    return re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(answer.strip())}(?!\w)(?![.,]\d)", re.IGNORECASE)


def _scored(golds: Sequence[str]) -> Sequence[str]:
    return [gold for gold in golds if normalise(gold)] or [""]


def _token_f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    common = sum((Counter(predicted) & Counter(gold)).values())
    # 2PR / (P + R) with P = common/len(predicted) and R = common/len(gold).
    return 2 * common / (len(predicted) + len(gold))
