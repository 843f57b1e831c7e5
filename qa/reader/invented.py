"""Articles that we invented, with questions on them, as people ask who have not read the article.

The data sets have running prose alone. An article as it is read has facts, list items and captions too, short
paragraphs that look alike, and partners, sums and dates that are easily taken for each other: so have these. Left out:
what they are for, training (`train.invented`) and evaluation (`eval.datasets`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

#: A line each, with a sign and a space before it: "@" a title; "=" the headings of what follows, none: the lead;
#: "P" a paragraph, "F" a fact, "L" a list item, "C" a caption; and, on the last of these, "?" a question and, after
#: " => ", its answer, "*" one that any of those words answer, "!" one that nothing in the article answers.
ARTICLES: Final = Path(__file__).parent / "train" / "articles.txt"

Kind = Literal["paragraph", "fact", "item", "caption"]

_KINDS: Final[dict[str, Kind]] = {"P": "paragraph", "F": "fact", "L": "item", "C": "caption"}
_ANSWER: Final = " => "
_HEADING: Final = " > "


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a line; `answer` is where in it (code points), None: nothing in the article answers.

    `whole`: any of those words are the answer, as for a reason.
    """

    id: str
    text: str
    answer: tuple[int, int] | None
    whole: bool


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
    """The articles in `path`, in its order. Raises OSError, or ValueError naming the line that is wrong."""
    articles: list[Invented] = []
    headings: tuple[str, ...] = ()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        sign, _, text = line.partition(" ")
        try:
            if sign == "@":
                articles.append(Invented(text))
                headings = ()
            elif sign == "=":
                headings = tuple(text.split(_HEADING)) if text else ()
            elif sign in _KINDS and articles:
                under = () if sign == "F" else headings  # a box stands under no heading
                articles[-1].lines.append(Line(_KINDS[sign], under, text))
            elif sign in ("?", "*", "!") and articles and articles[-1].lines:
                told = articles[-1].lines[-1]
                told.asked.append(_asked(sign, text, told.text, f"{path.stem}-{number}"))
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
