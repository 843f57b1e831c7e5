"""A question and the answers before it → a question that stands alone, without a language model.

Three things make a question lean on the one before it: it is only a question phrase ("By whom?"), it
offers another subject ("What about Honda?"), or it says "it" or "he". Each is undone from the last
question, its answer and the article's title; anything else is left as it was typed. Rules are for
English. Left out: references further back than the last answer's question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.article import Article
from index.facts import is_a_fact
from qa.answer import Answer
from qa.subject import KINDS, called, is_about_a_person

_PREPOSITION = "by|with|from|to|for|in|on|at|of|since|until|about|against"
_WH = rf"(?:(?:{_PREPOSITION})\s+)?(?:who|whom|whose|what|which|when|where|why|how)"
_AUXILIARY = "was|were|is|are|did|does|do|has|have|had|can|could|will|would|should|may|might"
_PHRASE = (
    rf"{_WH}(?:\s+(?:much|many|often|long|old|far|big|year|month|day|date|exactly|else|city|country|place|reason|so|not"
    r"|come))?"
)
#: "By whom?", "In which year?", "When was that?", "Why did it happen?".
_BARE = re.compile(
    rf"^(?:and|but|so|ok|okay)?,?\s*(?P<phrase>{_PHRASE})"
    r"(?:\s+(?:was|is|were)\s+(?:that|this)|\s+did\s+(?:that|this|it)\s+(?:happen|occur|take place))?\s*\??$",
    re.IGNORECASE,
)
#: How a question opens whose phrase can be exchanged for another: what it asks for is no part of the rest.
_ADVERBIAL = re.compile(
    rf"^(?:when|where|why|how(?:\s+(?:long|often|exactly|come))?|(?:{_PREPOSITION})\s+(?:whom|what|which|when|where)"
    rf"(?:\s+(?:year|month|day|date|city|country|place|reason))?)\s+(?=(?:{_AUXILIARY})\s)",
    re.IGNORECASE,
)
#: A phrase that was joined to a question before.
_JOINED = re.compile(rf", and {_PHRASE}$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:and|but|or|so)?,?\s*(?:what|how)\s+about\s+(?P<topic>.+?)\s*\??$", re.IGNORECASE)
_AND = re.compile(
    r"^(?:and|but|or)\s+(?!(?:who|whom|whose|what|which|when|where|why|how|tell|give|list|show|name|describe|explain)\b)"
    r"(?P<topic>[^?]{1,60}?)\s*\??$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_LONE_YEAR = re.compile(r"^(?:in\s+)?(?P<topic>(?:1\d|20)\d\d)\s*\?$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
#: What the last question asked about, where another thing can be put: "the founder of …", "…'s revenue".
_ASPECT = re.compile(r"(?<=\bthe )[a-z][a-z -]*?(?= of\b)|(?<=['’]s )[a-z][a-z -]*?(?=$| (?:in|on|at|for|during)\b)")
_THING = re.compile(
    r"\b(?P<own>its|their)\b|\b(?:it(?!\s+(?:true|like|possible|likely|correct|the case)\b)|they|them"
    rf"|(?:the|this|that) (?:{KINDS}))\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?P<own>his|her(?=\s+[a-z]))\b|\b(?:he|she|him|her)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b(?:{_AUXILIARY}|\w{{3,}}ed)\b", re.IGNORECASE)
#: Capitalised words in a row, small words between them allowed: "University of Hong Kong".
_NAME = re.compile(r"[A-Z][\w'’.&-]*(?:\s+(?:(?:of|the|and|for|de|van|von)\s+)?[A-Z0-9][\w'’.&-]*)*")
_NOT_NAMES = frozenset(
    "who whom whose what which when where why how is are was were do does did has have had can could will would "
    "should may might and but or so tell name list give show describe explain please if since after before during "
    "in on at by to from for with about of the a an i he she it they his her its their this that there".split()
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
    if topic := _topic(typed, history[-1]):
        return _other_topic(last, topic, history[-1])
    return _named(typed, last, history[-1])


def _other_phrase(last: str, phrase: str) -> str:
    """The last question with another question phrase: "why" + "When did it close" → "Why did it close?"."""
    last = _JOINED.sub("", last)
    opening = _ADVERBIAL.match(last)
    if opening and phrase.lower() not in {"who", "what", "which", "whose"}:
        return f"{phrase[0].upper()}{phrase[1:]} {last[opening.end() :]}?"
    return f"{last}, and {phrase[0].lower()}{phrase[1:]}?"


def _topic(typed: str, answer: Answer) -> str | None:
    """What "what about …?" or "and …?" offers instead, also a year or a name that is all of a question.

    What a fact is called is no name, nor is a word that the article has in small letters: "Revenue?" asks for it.
    """
    match = _ABOUT.match(typed) or _AND.match(typed) or _LONE_YEAR.match(typed)
    if match:
        # With a verb it is a question; with "its" in it, or another's name, it stands for itself.
        own = _VERB.search(match["topic"]) or _THING.search(match["topic"]) or _PERSON.search(match["topic"])
        return None if own or re.search(r"[A-Z]\w*['’]s \w", match["topic"]) else match["topic"]
    name = typed.rstrip(" ?")
    if not typed.endswith("?") or _names(name) != [name] or is_a_fact(name):
        return None
    article = _article(answer)
    return None if article and re.search(rf"\b{re.escape(name.lower())}\b", article.text) else name


def _other_topic(last: str, topic: str, answer: Answer) -> str:
    """The last question about another year, name or thing: "2019" + "… in 2018" → "… in 2019?"."""
    bare = re.sub(rf"^(?:{_PREPOSITION})\s+", "", topic, flags=re.IGNORECASE)
    years, names = _YEAR.findall(last), _name_spans(last)
    if _YEAR.fullmatch(bare):
        return f"{last.replace(years[0], bare)}?" if len(years) == 1 else f"{last}, in {bare}?"
    if bare[0].isupper() and names:
        # The name said last is the one that is being compared; the article's own only where there is no other.
        title = _title(answer)
        start, end = next((name for name in reversed(names) if last[slice(*name)] != title), names[-1])
        head, tail = last[:start], last[end:]
        name = re.sub(r"['’]s$", "", bare) if tail.startswith(("'s", "’s")) else bare
        return f"{head}{name}{tail}?"
    if bare == topic and (aspect := _ASPECT.search(last)):
        return f"{last[: aspect.start()]}{re.sub(r'^the ', '', topic)}{last[aspect.end() :]}?"
    if bare == topic and " " in topic:
        return f"What about {topic} of {_subject(last, answer)}?"
    return f"{last}, {topic}?"


def _named(typed: str, last: str, answer: Answer) -> str:
    """`typed` with its first "it" or "he" replaced by what it stands for."""
    if person := _PERSON.search(typed):
        name = _person(last, answer)
        return _put(typed, person, name) if name else typed
    if thing := _thing(typed):
        # A name before it in the same question is more often meant, unless it does something to "it".
        closes = not typed[thing.end() :].strip(" ?!.") and not thing["own"]
        name = _subject(last, answer)
        return _put(typed, thing, name) if name and (closes or not _names(typed[: thing.start()])) else typed
    return typed


def _thing(typed: str) -> re.Match[str] | None:
    """What stands for the subject in `typed`: "it" before "the company"; "IT" among small letters is another word."""
    found = [m for m in _THING.finditer(typed) if m.group() != "IT" or typed.isupper()]
    return min(found, key=lambda m: " " in m.group(), default=None)


def _put(typed: str, match: re.Match[str], name: str) -> str:
    own = "'s" if match["own"] else ""
    return f"{typed[: match.start()]}{name}{own}{typed[match.end() :]}"


def _names(text: str) -> list[str]:
    """The capitalised names in a question or a sentence, in order, its question word aside."""
    return [text[start:end] for start, end in _name_spans(text)]


def _name_spans(text: str) -> list[tuple[int, int]]:
    """Where the names stand: (start, end) in `text`, without "'s" or what ends the sentence."""
    found = []
    for match in _NAME.finditer(text):
        words = [(word.start() + match.start(), _bare(word.group())) for word in re.finditer(r"\S+", match.group())]
        while words and words[0][1].lower() in _NOT_NAMES:
            words = words[1:]
        if len(words) > 2 and words[0][1].isupper() and words[1][1] == "of":  # "CEO of Ford" is about Ford
            words = words[2:]
        if words:
            start, last = words[-1]
            found.append((words[0][0], start + len(last)))
    return found


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word.rstrip(".,'’"))


def _subject(last: str, answer: Answer) -> str:
    """What "it" stands for: the first name in the last question, or the article.

    Passed over are abbreviations, "the CEO", and what only narrows a question, "Which Chinese banks …".
    """
    title = _title(answer)
    narrows = re.match(r"(?i:which|what)\s+(?=[A-Z])", last)
    names = _names(last[narrows.end() :])[1:] if narrows else _names(last)
    return next((name for name in names if not name.isupper() or name == title), title)


def _person(last: str, answer: Answer) -> str | None:
    """Whom "he" or "she" stands for: someone the last question names, the article's, or one the answer names."""
    title = _title(answer)
    named = _people(last, title)
    if answer.short and _NAME.fullmatch(answer.short) and re.match("who", last, re.IGNORECASE):
        named = [*named, answer.short]
    elif not named and (article := _article(answer)) and is_about_a_person(article):
        named = [title]
    said = [name for name in _people(answer.text, title) if not _DIGIT.search(name)]
    return next(iter(named[-1:] or said), None)


def _people(text: str, title: str) -> list[str]:
    """Names of several words: someone's, unless they begin as the article is called ("Dell Technologies")."""
    return [name for name in _names(text) if " " in name and not (title and name.startswith(title))]


def _title(answer: Answer) -> str:
    """What the article that answered is called, "" where there is none."""
    article = _article(answer)
    return called(article) if article else ""


def _article(answer: Answer) -> Article | None:
    found = answer.citations or answer.passages
    return found[0].article if found else None
