"""Questions that ask for something → questions that yes or no would answer: "When did it open?" → "Did it open?"

People ask them, and the data sets have none. Made by the form of the question alone: the words that ask are
left out ("Where was he born?" → "Was he born?"), or the answer is put in their place ("Who was elected?" →
"Was Ada Quist elected?"). The answer is then the whole sentence that bears it out. Left out: everything
that would need another form of the verb, and questions whose answer is no.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Final

from index.sentences import sentence_bounds
from qa.reader.train.data import Reading

_AUXILIARY: Final = r"(?P<verb>did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)"

#: "When did it open?": without the words that ask, a question still.
_LEFT_OUT: Final = re.compile(
    r"^(?:when|where|why|how|(?:in|on|at|for|by|from|to|during) (?:what|which)(?: \w+){1,2}?) "
    rf"{_AUXILIARY}\s+(?P<rest>[^?]+)\?*$",
    re.IGNORECASE,
)

#: "Who was elected?", "Which company was founded …?", "What is the capital of …?": they ask for the subject.
_SUBJECT: Final = re.compile(
    r"^(?:who (?P<who>is|are|was|were|has|have|had|can|could|will|would)"
    r"|(?:what|which) (?:\w+ ){1,2}?(?P<which>is|are|was|were|has|have|had)(?= \w+(?:ed|en|wn) )"
    r"|what (?P<what>is|are|was|were)(?= the \w+(?: \w+)? (?:of|in|for) ))\s+(?P<rest>[^?]+)\?*$",
    re.IGNORECASE,
)

#: With fewer words after the verb, "Where is the old mill?" would become "Is the old mill?".
SHORTEST: Final = 4

#: An answer that is put into a question is short.
LONGEST: Final = 50


def closed(reading: Reading, head: int, rng: random.Random) -> Reading:
    """`reading` with a question for yes or no; unchanged where its form gives none.

    `head` is how much of its context stands before the text that has sentences.
    """
    asked = [q for q in (_without(reading.question), _with_answer(reading)) if q]
    if not asked:
        return reading
    bounds = [(start + head, end + head) for start, end in sentence_bounds(reading.context[head:])]
    answers = dict.fromkeys((s, e) for s, e in bounds for a, b in reading.answers if a < e and b > s)
    return replace(reading, question=rng.choice(asked), answers=tuple(answers), whole=True)


def _without(question: str) -> str | None:
    match = _LEFT_OUT.match(question)
    if not match or len(match["rest"].split()) < SHORTEST:
        return None
    return f"{match['verb'].capitalize()} {match['rest'].rstrip()}?"


def _with_answer(reading: Reading) -> str | None:
    match = _SUBJECT.match(reading.question)
    if not match or not reading.answers or reading.whole:
        return None
    start, end = reading.answers[0]
    if end - start > LONGEST:
        return None
    verb = match["who"] or match["which"] or match["what"]
    return f"{verb.capitalize()} {reading.context[start:end]} {match['rest'].rstrip()}?"
