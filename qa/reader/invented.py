"""Articles that we invented, with questions on them, as people ask who have not read the article.

The data sets have running prose alone. An article as it is read has facts, list items and captions too, short
paragraphs that look alike, and partners, sums and dates that are easily taken for each other: so have these. Left out:
what they are for, training (`train.invented`) and evaluation (`eval.datasets`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from qa.reader.sheet import Asked

#: A line each, with a sign and a space before it: "@" a title; "=" the headings of what follows, none: the lead;
#: "P" a paragraph, "F" a fact, "L" a list item, "C" a caption; and, on the last of these, "?" a question and, after
#: " => ", its answer, "*" one that any of those words answer, "!" one that nothing in the article answers.
ARTICLES: Final = Path(__file__).parent / "train" / "articles.txt"

#: More of them, in which much lies near what is asked: who did it before and who does now, the deputy, the part of the
#: whole, books with the question's words in their titles, rows that are alike.
CONTRASTS: Final = ARTICLES.with_name("contrasts.txt")

Kind = Literal["paragraph", "fact", "item", "caption"]

_KINDS: Final[dict[str, Kind]] = {"P": "paragraph", "F": "fact", "L": "item", "C": "caption"}
_ANSWER: Final = " => "
_HEADING: Final = " > "


@dataclass(frozen=True, slots=True)
class Line:
    """What one paragraph, fact ("Label: value"), list item or caption says, under which headings."""

    kind: Kind
    headings: tuple[str, ...]
    text: str
    asked: list[Asked] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Invented:
    """An article, its lines in order."""

    title: str
    lines: list[Line] = field(default_factory=list)


def invented(path: Path = ARTICLES) -> list[Invented]:
    """The articles in `path`. Raises OSError, or ValueError naming the line that is wrong."""
    return parsed(path.read_text("utf-8"), path)


def parsed(text: str, path: Path) -> list[Invented]:
    """The articles in the `text` of `path`, in its order; the ids of their questions are those of its lines.

    Raises ValueError naming the line that is wrong.
    """
    articles: list[Invented] = []
    headings: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        sign, _, told = line.partition(" ")
        try:
            if sign == "@":
                articles.append(Invented(told))
                headings = ()
            elif sign == "=":
                headings = tuple(told.split(_HEADING)) if told else ()
            elif sign in _KINDS and articles:
                under = () if sign == "F" else headings  # a box stands under no heading
                articles[-1].lines.append(Line(_KINDS[sign], under, told))
            elif sign in ("?", "*", "!") and articles and articles[-1].lines:
                on = articles[-1].lines[-1]
                on.asked.append(_asked(sign, told, on.text, f"{path.stem}-{number}"))
            elif line:
                raise ValueError("it is no title, heading, paragraph, or question on one")
        except ValueError as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    return articles


def _asked(sign: str, text: str, told: str, id_: str) -> Asked:
    question, separator, answer = text.partition(_ANSWER)
    if bool(separator) == (sign == "!"):
        raise ValueError("a question has an answer, one with ! none")
    if sign == "!":
        return Asked(id_, question, None, False)
    start = told.find(answer)
    if start < 0 or not answer:
        raise ValueError("the answer does not stand in the line that it is about")
    return Asked(id_, question, (start, start + len(answer)), sign == "*")
