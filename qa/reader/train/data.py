"""Files in the format of SQuAD or SelQA → paragraphs, and readings: a question and a context to look for its answer in.

What the model will see of a passage when it is asked is `title > section > passage`
(`Passage.indexed_text`), so a reading's context opens with the title where the file has a real one;
its answers are (start, end) code points in that context: `context[start:end]` is an answer.
Left out: negatives (`train.negatives`), edited questions (`train.edits`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

#: As `index.chunking` puts a passage's title and headings before it.
SEPARATOR: Final = " > "

#: Files whose titles are the names of Wikipedia articles; those of the others are numbers.
TITLED: Final = ("squad_v2_train", "squad_v2_tune", "squadshifts_new_wiki", "qed_dev", "selqa_dev")


@dataclass(frozen=True, slots=True)
class Question:
    """A question on `paragraph` of its article; `answers` are (start, end) in that paragraph, none: unanswerable.

    `whole` when they are whole sentences, as `Reading` has it.
    """

    id: str
    text: str
    paragraph: int
    answers: tuple[tuple[int, int], ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An article as its file has it: the paragraphs and the questions on them.

    `rivals` are titles of articles about like things (`train.rivals`); `contexts`, where they are known, what is read
    between the title and each paragraph: its headings, and what else people call a fact.
    """

    title: str
    paragraphs: tuple[str, ...]
    questions: tuple[Question, ...]
    rivals: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()

    def context(self, paragraph: int) -> str:
        """What is read: the paragraph after the title and its headings, where there are any."""
        before = (self.title, self.contexts[paragraph] if self.contexts else "")
        return SEPARATOR.join(part for part in (*before, self.paragraphs[paragraph]) if part)

    def reading(self, question: Question) -> Reading:
        context = self.context(question.paragraph)
        shift = len(context) - len(self.paragraphs[question.paragraph])
        answers = tuple((start + shift, end + shift) for start, end in question.answers)
        return Reading(question.text, context, answers, question.id, question.whole)


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing to learn from: `context[start:end]` for each of `answers`; none: the context has no answer.

    An answer that several people gave stands there several times, and weighs as much. Readings of one `group` were
    made from one question: those with an answer should come before those without ("": it stands for itself).
    `whole` answers are sentences in which the answer is, whichever of their words it may be.
    """

    question: str
    context: str
    answers: tuple[tuple[int, int], ...]
    group: str = ""
    whole: bool = False


def load(path: Path) -> list[Document]:
    """The articles of a file, in its order. Raises OSError or ValueError when it is of neither format."""
    titled = path.stem in TITLED
    stored = json.loads(path.read_text("utf-8"))
    if isinstance(stored, list):
        return _sections(stored)
    return [
        Document(
            unquote(article["title"]).replace("_", " ").strip() if titled else "",
            tuple(paragraph["context"] for paragraph in article["paragraphs"]),
            tuple(_questions(article["paragraphs"])),
        )
        for article in stored["data"]
    ]


def _questions(paragraphs: Sequence[dict[str, object]]) -> Iterator[Question]:
    for number, paragraph in enumerate(paragraphs):
        for asked in paragraph["qas"]:  # type: ignore[attr-defined]
            given = [] if asked.get("is_impossible") else asked["answers"]
            answers = tuple((a["answer_start"], a["answer_start"] + len(a["text"])) for a in given if a["text"].strip())
            yield Question(asked["id"], asked["question"].strip(), number, answers)


def _sections(rows: Sequence[dict[str, Any]]) -> list[Document]:
    """SelQA's rows (a section as a list of sentences, and which of them answer) → its articles."""
    sections: dict[str, dict[str, int]] = {}
    asked: dict[str, list[Question]] = {}
    for number, row in enumerate(rows):
        text = " ".join(row["sentences"])
        paragraph = sections.setdefault(row["article"], {}).setdefault(text, len(sections[row["article"]]))
        ends = [*accumulate(len(sentence) + 1 for sentence in row["sentences"])]
        answers = tuple((ends[i] - 1 - len(row["sentences"][i]), ends[i] - 1) for i in row["answers"])
        question = Question(f"selqa-{number}", row["question"].strip(), paragraph, answers, whole=True)
        asked.setdefault(row["article"], []).append(question)
    return [Document(title, tuple(texts), tuple(asked[title])) for title, texts in sections.items()]
