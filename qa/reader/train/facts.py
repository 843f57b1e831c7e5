"""Questions → readings of a fact: "When was Acme founded?", 1784 → "Acme > Founded: 1784".

Infobox rows and table cells are read as "Label: value" (`index/facts.py`), and no data set has questions on
such lines. Where a question names its label by its form, the line is made from it; each comes with one that
does not answer: the same question about a rival of the article's subject, or another question of the article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Final

from qa.reader.train.data import SEPARATOR, Document, Reading
from qa.reader.train.rivals import about_a_rival
from qa.reader.train.text import normalise

#: A value of an infobox is short.
LONGEST: Final = 60

_NOUN: Final = re.compile(
    r"^(?:what|who|which)(?: (?:is|was|are|were)|['’]s)(?: the)?(?: names? of the)? "
    r"(?P<label>[a-z]+(?: [a-z]+)?) (?:of|for|in) (?=the |[A-Z])",
    re.IGNORECASE,
)
_VERB: Final = re.compile(
    r"^(?:when|(?:in )?(?:what|which) (?:year|city|country)|where|who|by whom)\b.*?\b(?P<label>founded|established|"
    r"formed|created|built|designed|located|headquartered|born|died|released|published|opened|discovered|invented|"
    r"elected|completed|launched|owned|developed|written|directed|produced)\b",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(
    r"^how many (?P<label>[a-z]+(?: [a-z]+)??) (?:does|do|did|are|were|is|was|have|has|in|of|attend|live)\b",
    re.IGNORECASE,
)


def label(question: str) -> str | None:
    """What the fact that answers would be called, None where the question does not say it plainly."""
    match = _NOUN.match(question) or _VERB.match(question) or _COUNT.match(question)
    if not match or match["label"].lower().split()[0] in ("name", "names", "a", "an", "another", "one", "term"):
        return None
    return match["label"][:1].upper() + match["label"][1:]


def listed(documents: Sequence[Document], share: float, rng: random.Random) -> list[Reading]:
    """For up to `share` of the questions that name a label, a fact that answers, and the fact with another question."""
    readings: list[Reading] = []
    for document in documents:
        for question in document.questions:
            name = label(question.text)
            if name is None or not question.answers or rng.random() >= share:
                continue
            start, end = question.answers[0]
            value = document.paragraphs[question.paragraph][start:end]
            if len(value) > LONGEST:
                continue
            head = f"{document.title}{SEPARATOR}{name}: " if document.title else f"{name}: "
            group = f"{question.id} {name}"
            readings.append(Reading(question.text, head + value, ((len(head), len(head) + len(value)),), group))
            other = about_a_rival(question.text, document, rng, _apart) or _other(document, value, rng)
            if other:
                readings.append(Reading(other, head + value, (), group))
    return readings


def _apart(_title: str, _rival: str) -> bool:
    """A fact is of its article's title alone: every rival is wrong."""
    return True


def _other(document: Document, value: str, rng: random.Random) -> str | None:
    """A question of the article that `value` does not answer, as far as words can tell."""
    for question in rng.sample(document.questions, min(len(document.questions), 5)):
        paragraph = document.paragraphs[question.paragraph]
        given = {normalise(paragraph[start:end]) for start, end in question.answers}
        if not any(normalise(value) in answer or answer in normalise(value) for answer in given if answer):
            return question.text
    return None
