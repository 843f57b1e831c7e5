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

#: The same, and one column more: the trap.
PAIRS: Final = Path(__file__).parent / "train" / "pairs.tsv"


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
    """The questions in `path`, in its order; their ids are those of their lines, so a trap has that of its question."""
    found = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            line, paragraph = f"{path.stem}-{number}", row["paragraph"]
            answer = (int(row["start"]), int(row["end"])) if row["start"] else None
            found.append(Written(line, row["question"], answer, row["whole"] == "1", paragraph))
            if trap := row.get("trap"):
                found.append(Written(line, trap, None, whole=False, fingerprint=paragraph))
    return found


def fingerprint(paragraph: str) -> str:
    """What a sheet knows a paragraph by."""
    return sha256(paragraph.encode()).hexdigest()[:16]
