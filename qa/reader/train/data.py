"""Files in the SQuAD format → paragraphs, and readings: one question and one context to look for its answer in.

What the model will see of a passage when it is asked is `title > section > passage`
(`Passage.embedded_text`), so a reading's context opens with the title where the file has a real one;
its answers are (start, end) code points in that context: `context[start:end]` is an answer.
Left out: negatives (`train.negatives`), edited questions (`train.edits`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

#: As `index.chunking` puts a passage's title and headings before it.
SEPARATOR: Final = " > "

#: Files whose titles are the names of Wikipedia articles; those of the others are numbers.
TITLED: Final = ("squad_v2_train", "squad_v2_tune", "squadshifts_new_wiki", "qed_dev")


@dataclass(frozen=True, slots=True)
class Question:
    """A question on `paragraph` of its article; `answers` are (start, end) in that paragraph, none: unanswerable."""

    id: str
    text: str
    paragraph: int
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """An article as its file has it: the paragraphs and the questions on them.

    `rivals` are titles of articles about like things (`train.rivals`).
    """

    title: str
    paragraphs: tuple[str, ...]
    questions: tuple[Question, ...]
    rivals: tuple[str, ...] = ()

    def context(self, paragraph: int) -> str:
        """What is read: the paragraph after the title, where there is one."""
        return f"{self.title}{SEPARATOR}{self.paragraphs[paragraph]}" if self.title else self.paragraphs[paragraph]

    def reading(self, question: Question) -> Reading:
        shift = len(self.title) + len(SEPARATOR) if self.title else 0
        answers = tuple((start + shift, end + shift) for start, end in question.answers)
        return Reading(question.text, self.context(question.paragraph), answers)


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing to learn from: `context[start:end]` for each of `answers`; none: the context has no answer.

    An answer that several people gave stands there several times, and weighs as much.
    """

    question: str
    context: str
    answers: tuple[tuple[int, int], ...]


def load(path: Path) -> list[Document]:
    """The articles of a SQuAD file, in its order. Raises OSError or ValueError when it is not one."""
    titled = path.stem in TITLED
    return [
        Document(
            unquote(article["title"]).replace("_", " ").strip() if titled else "",
            tuple(paragraph["context"] for paragraph in article["paragraphs"]),
            tuple(_questions(article["paragraphs"])),
        )
        for article in json.loads(path.read_text("utf-8"))["data"]
    ]


def _questions(paragraphs: Sequence[dict[str, object]]) -> Iterator[Question]:
    for number, paragraph in enumerate(paragraphs):
        for asked in paragraph["qas"]:  # type: ignore[attr-defined]
            given = [] if asked.get("is_impossible") else asked["answers"]
            answers = tuple((a["answer_start"], a["answer_start"] + len(a["text"])) for a in given if a["text"].strip())
            yield Question(asked["id"], asked["question"].strip(), number, answers)
