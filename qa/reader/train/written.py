"""The questions we wrote ourselves (`qa.reader.sheet`) → the articles of the data sets with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qa.reader.sheet import fingerprint, sheet
from qa.reader.train.data import Document, Question


def written(documents: Sequence[Document], path: Path) -> list[Document]:
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


def uncut(documents: Sequence[Document]) -> list[Document]:
    """`documents` with answers of which any words will do."""
    return [replace(d, questions=tuple(replace(q, whole=bool(q.answers)) for q in d.questions)) for d in documents]
