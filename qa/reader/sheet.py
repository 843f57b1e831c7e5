"""Sheets of the questions we wrote ourselves, as people ask who have not read the article.

Those of the data sets were written with the paragraph in view and share its words; these ask in other words, by
kind ("which car maker …"), for yes or no, in keywords, in passing, and for what the paragraph does not tell.
A sheet holds the questions and where their answers are, and nothing of the paragraphs, each of which is known by
the SHA-256 of its text. Left out: the paragraphs; whoever trains (`train.written`) or evaluates has their files.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

#: Tab-separated, with a heading: paragraph (the first 16 hexadecimal digits of the SHA-256 of its UTF-8), start, end
#: (code points of the paragraph; both empty: it does not answer), whole ("1": any words of that sentence), question.
QUESTIONS: Final = Path(__file__).parent / "train" / "questions.tsv"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of ours on a paragraph; `answer` is where in it (code points), None: it has none there.

    `whole`: any of those words are the answer, as for a reason.
    """

    id: str
    text: str
    answer: tuple[int, int] | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Written(Asked):
    """One on the paragraph with this `fingerprint`."""

    fingerprint: str


def sheet(path: Path) -> list[Written]:
    """The questions in `path`, in its order; their ids are those of their lines."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Written(
                f"{path.stem}-{number}",
                row["question"],
                (int(row["start"]), int(row["end"])) if row["start"] else None,
                row["whole"] == "1",
                row["paragraph"],
            )
            for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2)
        ]


def fingerprint(paragraph: str) -> str:
    """What a sheet knows a paragraph by."""
    return sha256(paragraph.encode()).hexdigest()[:16]
