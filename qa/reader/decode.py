"""Start and end logits → spans of tokens with margins; and a span as it was found → as a person writes it.

Numpy arrays and strings only: no model, no tokenizer, no article. `qa.reader.span` brings them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.reader.expect import MONTHS

Floats = NDArray[Any]
Ints = NDArray[np.int64]

#: Tokens of the longest answer.
LONGEST: Final = 30

_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CURRENCY = r"(?:\b[A-Z]{2,3}\s?)?[$€£¥₹]|\b(?:USD|EUR|GBP|RMB|HKD|CNY|JPY|INR)\b"
_SCALE = r"hundred|thousand|million|billion|trillion"

#: "US$2.5 billion", "3,000", "12%", "0.5 per cent", "−40".
AMOUNT: Final = re.compile(
    rf"(?:(?:{_CURRENCY})\s?)?(?:(?<!\w)[-−+])?(?<!\w)\d+(?:[.,]\d+)*(?:\s?(?:%|percent\b|per cent\b))?"
    rf"(?:[ -](?:{_SCALE})\b)*"
)

#: "8 October 2019", "October 8, 2019", "8 October".
DATE: Final = re.compile(rf"\b(?:{_DAY} (?:{MONTHS})|(?:{MONTHS}) {_DAY})(?:,? \d{{3,4}})?\b")

#: Without one there is neither, and looking for them takes longer.
_DIGIT = re.compile(r"\d")

#: A full stop after one of these is part of it.
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:(?:[A-Z]\.)*[A-Z]|Inc|Ltd|Co|Corp|Jr|Sr|Bros|a\.m|p\.m|B\.C|A\.D)$")

_OPENING, _CLOSING = "([{", ")]}"
_STRAY = ' \t\n\u00a0,;:"“”„«»‘`–—'


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Tokens `first` to `last`, both in it, of group `group`; `margin` is how far it beats "no answer"."""

    group: int
    first: int
    last: int
    margin: float


def best_spans(start: Floats, end: Floats, groups: Ints, longest: int = LONGEST) -> list[TokenSpan]:
    """The best span of each group of one window, best first.

    `start` and `end` are (length,) logits; position 0 stands for "no answer". `groups` is (length,):
    the number of the sentence a token is in, -1 where no answer can be. A span stays in one group and
    has at most `longest` tokens; `margin = start[first] + end[last] - (start[0] + end[0])`, decoded
    jointly (Devlin et al. 2019, section 4.3).
    """
    none = float(start[0] + end[0])
    found = []
    for group in np.unique(groups[groups >= 0]):
        places = np.flatnonzero(groups == group)
        length = places[None, :] - places[:, None]
        scores = np.where((length >= 0) & (length < longest), start[places][:, None] + end[places], -np.inf)
        first, last = divmod(int(scores.argmax()), len(places))
        found.append(TokenSpan(int(group), int(places[first]), int(places[last]), float(scores[first, last]) - none))
    return sorted(found, key=lambda span: -span.margin)


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """`text[start:end]` as a person would write it, as (start, end) inside `text`: the sentence it is in.

    Words, amounts and dates that it cuts are taken whole ("2" of "US$2 billion", "8" of "8 October
    2019"); quotes, commas and brackets that do not belong to it are left out. Where nothing would be
    left, it comes back as it was.

    >>> tidy("It raised US$2 billion (then a record).", 13, 14)
    (10, 22)
    """
    low, high = _whole(text, start, end)
    low, high = _bare(text, low, high)
    return (low, high) if low < high else (start, end)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    if _DIGIT.search(text):
        start, end = _numbers_whole(text, start, end)
    if text[end : end + 1] == "." and _ABBREVIATION.search(text[:end]):
        # "Inc" of "Inc.", "U.S" of "U.S."; a capital alone ("vitamin C.") only before more of the sentence.
        word = text[:end].rsplit(maxsplit=1)[-1].lstrip("(")
        if len(word) > 1 or end + 1 < len(text):
            end += 1
    return start, end


def _numbers_whole(text: str, start: int, end: int) -> tuple[int, int]:
    for match in AMOUNT.finditer(text):
        if match.start() < end and match.end() > start:
            start, end = min(start, match.start()), max(end, match.end())
    for match in DATE.finditer(text):
        inside = match.start() <= start and end <= match.end()
        # A year or a month of a date can be all that was asked for; a bare day cannot.
        if inside and re.fullmatch(_DAY, text[start:end]):
            start, end = match.span()
    return start, end


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    changed = True
    while changed and start < end:
        before = start, end
        while start < end and text[start] in _STRAY + _CLOSING + ".'’":
            if text[start] == "." and text[start + 1 : start + 2].isalnum():
                break  # ".NET", ".5"
            start += 1
        while start < end and text[end - 1] in _STRAY + _OPENING + "'’":
            end -= 1
        while start < end and text[end - 1] in ".?!" and not _ABBREVIATION.search(text[start : end - 1]):
            end -= 1
        piece = text[start:end]
        for opening, closing in zip(_OPENING, _CLOSING, strict=True):
            opened, closed = piece.count(opening), piece.count(closing)
            if piece.startswith(opening) and (opened > closed or (piece.endswith(closing) and opened == 1)):
                start += 1
                break
            if piece.endswith(closing) and closed > opened:
                end -= 1
                break
            if opened > closed and text[end : end + 1] == closing:
                end += 1
                break
        piece = text[start:end]
        # One quotation mark of a pair: the other one stands just outside, or the answer opens inside.
        for opening, closing in ('""', "“”"):
            odd = piece.count(opening) % 2 if opening == closing else piece.count(opening) > piece.count(closing)
            if odd and text[end : end + 1] == closing:
                end += 1
        changed = (start, end) != before
        if changed and end > before[1]:
            break
    return start, end
