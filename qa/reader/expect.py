"""What kind of answer a question word asks for, and whether a sentence holds one of that kind.

Plain English patterns: "when" wants a date, "how many" a number, "who" and "where" a name that the question
does not say itself, "why" a reason. Left out: every other question, which expects nothing in particular.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from index.lexical import words

#: Question → kind of answer; what stands first tells what is asked for, after a last ", and " or else in all of it.
_ASKS: Final = (
    ("date", re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|century)\b", re.IGNORECASE)),
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|old|long|far|big|large|tall|high|often)\b"
            r"|\bwhat (?:percent|number|amount|proportion|fraction)",
            re.IGNORECASE,
        ),
    ),
    (
        "name",
        re.compile(
            r"\bwho(?:m|se)?\b|\bwhere\b|\bwhich (?:person|man|woman|people|compan|organi|countr|cit|universit)",
            re.IGNORECASE,
        ),
    ),
    ("reason", re.compile(r"\bwhy\b|\bhow come\b|\bwhat (?:caused|reason)", re.IGNORECASE)),
)
#: The months, as alternatives of a pattern.
MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(?:1\d|20)\d\d\b|\b(?:{MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|century|day)\b")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion"
    r"|half|third|first|second)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'’-]+")
_REASON = re.compile(
    r"\b(?:because|due to|since|as a result|in order to|caused|led to|so that|following|over)\b", re.IGNORECASE
)
#: What is said of a question that expects nothing in particular.
NEITHER: Final = 0.5


def expectation(question: str) -> Callable[[str], float]:
    """What tells of a sentence whether it holds the kind of answer that `question` asks for.

    1 when it does, 0 when not, ½ when the question asks for no particular kind.

    >>> expectation("When was it founded?")("It was founded in 1998.")
    1.0
    """
    match _asked_for(question.rpartition(", and ")[2]) or _asked_for(question):
        case "date":
            return _holds(_DATE)
        case "number":
            return _holds(_NUMBER)
        case "reason":
            return _holds(_REASON)
        case "name":
            said = set(words(question))
            return lambda sentence: float(any(not set(words(name)) <= said for name in _NAME.findall(sentence)))
    return lambda _: NEITHER


def _asked_for(question: str) -> str | None:
    found = [(match.start(), kind) for kind, pattern in _ASKS if (match := pattern.search(question))]
    return min(found)[1] if found else None


def _holds(pattern: re.Pattern[str]) -> Callable[[str], float]:
    return lambda sentence: float(pattern.search(sentence) is not None)
