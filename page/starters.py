"""An Article → a few first questions that it can answer.

Listed by hand for the built-in article, made from the fact box and the headings for any other.
Left out: asking them.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.article import APPENDICES, Article

#: Questions offered.
COUNT = 5
#: Longest fact label or heading that reads well in a question, in code points.
LABEL_LENGTH = 40

BY_TITLE = {
    "SenseTime": (
        "When was SenseTime founded?",
        "Who holds a golden share in SenseTime?",
        "How many employees does SenseTime have?",
        "Why did MIT cancel its programme with SenseTime?",
        "What is the name of SenseTime's chess robot?",
    )
}

#: Headings that say where something stands and not what it is about.
APPARATUS = APPENDICES | {"bibliography", "gallery"}

#: Fact labels that ask for nothing a reader does not know from the title.
DULL_LABELS = frozenset({"name", "official name", "type", "settlement type", "caption", "image"})


def starters(article: Article) -> tuple[str, ...]:
    """Up to five questions to begin with, at least one for any article."""
    if article.title in BY_TITLE:
        return BY_TITLE[article.title]
    return tuple(dict.fromkeys(_made_from(article)))[:COUNT]


def _made_from(article: Article) -> Iterator[str]:
    yield f"What is {article.title}?"
    labels = [p.text.partition(": ")[0] for p in article.paragraphs if p.kind == "infobox" and ": " in p.text]
    for label in dict.fromkeys(labels[:12]):
        plain = len(label) <= LABEL_LENGTH and label.replace(" ", "").isalpha()
        if plain and label.casefold() not in DULL_LABELS | {article.title.casefold()}:
            yield f"What is the {_lowered(label)} of {article.title}?"
    for section in article.sections:
        if section.level == 2 and len(section.title) <= LABEL_LENGTH and section.title.casefold() not in APPARATUS:
            yield f"What is known about {_lowered(section.title)}?"


def _lowered(label: str) -> str:
    """A label inside a sentence: "Number of employees" → "number of employees", "ISO code" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
