"""What a data set is made of: questions, articles, and how they were drawn; and the bits that loaders share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.article import Article
from index.errors import FootnoteError

SPLITS = ("dev", "test")

QUESTION_WORDS = ("who", "whom", "whose", "what", "which", "when", "where", "why")


class DataSetError(FootnoteError):
    """A data file is missing, is not in a format that can be read, or has nothing to ask."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what a right answer is.

    `article` is its key in `DataSet.articles`. `paragraphs` are the ids of the gold paragraphs: any one of
    them counts as right. `scored` says what is known of the answer: "span", the short `answers`, any one of
    which is right, and `sentences`, each enough on its own; "sentences", all of `sentences` together;
    "ranking", the gold paragraphs only. `history` holds the questions asked before, oldest first. `split` is
    None where the data set is not divided. `near` is True for an unanswerable question that the article
    nearly answers, False for one far from its subject, None where that is not known.
    """

    id: str
    question: str
    kind: str
    split: str | None
    answers: tuple[str, ...]
    article: str
    paragraphs: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    near: bool | None = None
    history: tuple[str, ...] = ()
    scored: Literal["span", "sentences", "ranking"] = "span"

    @property
    def answerable(self) -> bool:
        return bool(self.answers or self.scored != "span")


@dataclass(frozen=True, slots=True)
class Draw:
    """Which questions of a data set are asked: those of a split ("dev", "test" or "all"), or `limit` of them.

    The same `seed` draws the same sample.
    """

    split: str = "all"
    limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class DataSet:
    """Questions and the articles they are asked of.

    `source` is where they come from and `licence` what they may be used for, as far as that is known.
    `path` is the file, `sha256` that of its bytes, `draw` how the questions were chosen from it.
    """

    name: str
    path: str
    source: str
    licence: str
    sha256: str
    articles: Mapping[str, Article]
    questions: tuple[Question, ...]
    draw: Draw = Draw()

    @property
    def label(self) -> str:
        """A name for a file about these questions: "sensetime-dev-50-seed0"."""
        sample = f"-{self.draw.limit}-seed{self.draw.seed}" if self.draw.limit else ""
        return f"{self.name}-{self.draw.split}{sample}"


def question_word(question: str) -> str:
    """The kind of a question that names none: "In which year …?" → "which", "How many …?" → "how many"."""
    words = [w.strip("\"'“”‘’.,;:?()") for w in question.lower().split()]
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == "how":
            return f"how {following}" if following in ("many", "much", "long") else "how"
        if word in QUESTION_WORDS:
            return word
    return "other"


def free(name: str, taken: Mapping[str, object]) -> str:
    """`name`, or the first of "name #2", "name #3", … that is not taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} #{number}"
    return found


def as_text(value: object) -> str:
    """`value`, when it is text. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {value!r:.80}")
    return value


def as_texts(value: object) -> tuple[str, ...]:
    """`value` as a tuple, when it is a list of texts. Raises TypeError."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError(f"expected a list of texts, found {value!r:.80}")
    return tuple(as_text(item) for item in value)
