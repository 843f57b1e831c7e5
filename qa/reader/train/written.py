"""The questions we wrote ourselves, as people ask who have not read the article → articles with them.

Those of the data sets were written with the paragraph in view and share its words; these ask in other words, by
kind ("which car maker …"), for yes or no, in keywords, in passing, and for what the paragraph does not tell.
A sheet holds the questions and where their answers are, and nothing of the paragraphs: those come from the files
of the data sets, and each is known by the SHA-256 of its text.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from qa.reader.train.data import Document, Question

#: Tab-separated, with a heading: paragraph (the first 16 hexadecimal digits of the SHA-256 of its UTF-8), start, end
#: (code points of the paragraph; both empty: it does not answer), whole ("1": any words of that sentence), question.
QUESTIONS: Final = Path(__file__).with_name("questions.tsv")


@dataclass(frozen=True, slots=True)
class Written:
    """A question of ours on the paragraph with this `fingerprint`; `answer` and `whole` as `Question` has them."""

    id: str
    text: str
    fingerprint: str
    answer: tuple[int, int] | None
    whole: bool


def sheet(path: Path) -> list[Written]:
    """The questions in `path`, in its order; their ids are those of their lines."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Written(
                f"{path.stem}-{number}",
                row["question"],
                row["paragraph"],
                (int(row["start"]), int(row["end"])) if row["start"] else None,
                row["whole"] == "1",
            )
            for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2)
        ]


def written(documents: Sequence[Document], path: Path = QUESTIONS) -> list[Document]:
    """Those of `documents` on which there are questions in `path`, with these instead of their own.

    Raises ValueError when a question is on a paragraph that is in none of them.
    """
    places = {fingerprint(text): (d, p) for d, each in enumerate(documents) for p, text in enumerate(each.paragraphs)}
    asked: dict[int, list[Question]] = {}
    for q in sheet(path):
        if q.fingerprint not in places:
            raise ValueError(f"{path.name}: no paragraph of the data is {q.fingerprint}; is a file of another version?")
        document, paragraph = places[q.fingerprint]
        answers = (q.answer,) if q.answer else ()
        asked.setdefault(document, []).append(Question(q.id, q.text, paragraph, answers, q.whole))
    return [replace(documents[number], questions=tuple(questions)) for number, questions in sorted(asked.items())]


def fingerprint(paragraph: str) -> str:
    """What a sheet knows a paragraph by."""
    return sha256(paragraph.encode()).hexdigest()[:16]
