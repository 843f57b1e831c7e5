"""A question and the answers before it → a question that stands alone, without a language model.

Three things make a question lean on the one before it: it is only a question phrase ("By whom?"), it
offers another subject ("What about Honda?"), or it says "it" or "he". Each is undone from the last
question, its answer and the article's title; anything else is left as it was typed. Rules are for
English. Left out: references further back than the last answer's question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer import Answer

_WH = r"(?:(?:by|with|from|to|for|in|on|at|of|since|until|about|against)\s+)?(?:who|whom|whose|what|which|when|where|why|how)"
_BARE = re.compile(
    rf"^(?:and|but|so|ok|okay)?,?\s*(?P<phrase>{_WH}(?:\s+(?:much|many|often|long|old|far|big|year|month|day|date|exactly"
    r"|else|city|country|place|reason|so|not|come))?)\s*\??$",
    re.IGNORECASE,
)
_AUXILIARY = "was|were|is|are|did|does|do|has|have|had|can|could|will|would|should|may|might"
_OPENING = re.compile(rf"^{_WH}\b.*?\s(?=(?:{_AUXILIARY})\s)", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:and|but|or|so)?,?\s*(?:what|how)\s+about\s+(?P<topic>.+?)\s*\??$", re.IGNORECASE)
_AND = re.compile(r"^(?:and|but|or)\s+(?P<topic>(?:(?:in|on|by|with|for|at|from|to)\s+)?[^?]{1,60}?)\s*\??$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_THING = re.compile(r"\b(?P<own>its|their)\b|\b(?:it|they|them|(?:the|this|that) (?:company|firm|organi[sz]ation|team"
                    r"|band|city|town|country|group|business|club|university|school|institution|place|article))\b",
                    re.IGNORECASE)  # fmt: skip
_PERSON = re.compile(r"\b(?P<own>his|her(?=\s+[a-z]))\b|\b(?:he|she|him|her)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b(?:{_AUXILIARY}|\w{{3,}}ed)\b", re.IGNORECASE)
#: Capitalised words in a row, small words between them allowed: "University of Hong Kong".
_NAME = re.compile(r"[A-Z][\w'’.&-]*(?:\s+(?:(?:of|the|and|for|de|van|von)\s+)?[A-Z0-9][\w'’.&-]*)*")
_NOT_NAMES = frozenset(
    "who whom whose what which when where why how is are was were do does did has have had can could will would "
    "should may might and but or so tell name list in on at by the a an i".split()
)


def standalone(question: str, history: Sequence[Answer]) -> str:
    """`question` as it would be asked without what came before; itself when it already stands alone.

    "By whom?" after "When was SenseTime founded?" → "By whom was SenseTime founded?"
    """
    typed = " ".join(question.split())
    if not history:
        return typed
    last = history[-1].standalone_question.rstrip(" ?!.")
    if bare := _BARE.match(typed):
        return _other_phrase(last, bare["phrase"])
    about = _ABOUT.match(typed) or _AND.match(typed)
    if about and not _VERB.search(about["topic"]):
        return _other_topic(last, about["topic"].strip())
    return _named(typed, last, history[-1])


def _other_phrase(last: str, phrase: str) -> str:
    """The last question with another question phrase: "when" + "Who was …" → "When was …?"."""
    opening = _OPENING.match(last)
    if opening:
        return f"{phrase[0].upper()}{phrase[1:]} {last[opening.end() :]}?"
    return f"{last}, and {phrase[0].lower()}{phrase[1:]}?"


def _other_topic(last: str, topic: str) -> str:
    """The last question about another year or name: "and in 2019" + "… in 2018" → "… in 2019?"."""
    bare = re.sub(r"^(?:in|on|by|with|for|at|from|to)\s+", "", topic, flags=re.IGNORECASE)
    years = _YEAR.findall(last)
    if _YEAR.fullmatch(bare) and len(years) == 1:
        return last.replace(years[0], bare) + "?"
    names = _names(last)
    if _NAME.fullmatch(bare) and not _YEAR.fullmatch(bare) and names:
        # The name said last is the one that is being compared.
        head, _, tail = last.rpartition(names[-1])
        return f"{head}{bare}{tail}?"
    return f"{last}, {topic}?"


def _named(typed: str, last: str, answer: Answer) -> str:
    """`typed` with its first "it" or "he" replaced by what it stands for."""
    title = _title(answer)
    names = _names(last)
    thing, person = _THING.search(typed), _PERSON.search(typed)
    if person:
        people = [n for n in names if n != title] or _people(answer, title)
        return _put(typed, person, people[-1]) if people else typed
    if thing:
        # A name in the same question is what "it" stands for more often than one in the question before.
        if any(name for name in _names(typed[: thing.start()])):
            return typed
        subject = names[-1] if names else title
        return _put(typed, thing, subject) if subject else typed
    return typed


def _put(typed: str, match: re.Match[str], name: str) -> str:
    own = "'s" if match["own"] and not name.endswith("'s") else ""
    return f"{typed[: match.start()]}{name}{own}{typed[match.end() :]}"


def _names(question: str) -> list[str]:
    """The capitalised names in a question, in order, its question word aside."""
    found = []
    for match in _NAME.finditer(question):
        words = match.group().split()
        while words and words[0].lower() in _NOT_NAMES:
            words = words[1:]
        if words:
            found.append(" ".join(words).removesuffix("'s").removesuffix("’s"))
    return found


def _people(answer: Answer, title: str) -> list[str]:
    """Names of two words or more in the last answer, the last one first to be meant."""
    if answer.short and _NAME.fullmatch(answer.short):
        return [answer.short]
    return [name for name in reversed(_names(answer.text)) if " " in name and name != title]


def _title(answer: Answer) -> str:
    if answer.citations:
        return answer.citations[0].article.title
    return answer.passages[0].article.title if answer.passages else ""
