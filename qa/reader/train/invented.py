"""The articles we invented, with questions on them (`articles.txt`) → documents to learn from.

The data sets have running prose alone. An article as it is read has facts, list items and captions too, short
paragraphs that look alike, and partners, sums and dates that are easily taken for each other: so have these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.facts import synonyms
from qa.reader.train.data import SEPARATOR, Document, Question

#: A line each, with a sign and a space before it: "@" a title; "=" the headings of what follows, none: the lead;
#: "P" a paragraph, "F" a fact, "L" a list item, "C" a caption; and, on the last of these, "?" a question and, after
#: " => ", its answer, "*" one that any of those words answer, "!" one that nothing in the article answers.
ARTICLES: Final = Path(__file__).parent / "articles.txt"

_ANSWER: Final = " => "


@dataclass
class _Draft:
    """A document while its lines are read."""

    title: str
    headings: str = ""
    paragraphs: list[str] = field(default_factory=list)
    contexts: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def take(self, sign: str, text: str, id_: str) -> None:
        """One line. Raises ValueError when it has no place here."""
        if sign == "=":
            self.headings = text
        elif sign in ("P", "F", "L", "C"):
            also = synonyms(text) if sign == "F" else ""
            self.paragraphs.append(text)
            self.contexts.append(SEPARATOR.join(part for part in (self.headings, also) if part))
        elif sign in ("?", "*", "!") and self.paragraphs:
            self.questions.append(self._question(sign, text, id_))
        else:
            raise ValueError("it is no title, heading, paragraph, or question on one")

    def _question(self, sign: str, text: str, id_: str) -> Question:
        asked, separator, answer = text.partition(_ANSWER)
        if bool(separator) == (sign == "!"):
            raise ValueError("a question has an answer, one with ! none")
        if sign == "!":
            return Question(id_, asked, len(self.paragraphs) - 1, ())
        start = self.paragraphs[-1].find(answer)
        if start < 0 or not answer:
            raise ValueError("the answer does not stand in the line that it is about")
        return Question(id_, asked, len(self.paragraphs) - 1, ((start, start + len(answer)),), whole=sign == "*")

    def done(self) -> Document:
        return Document(self.title, tuple(self.paragraphs), tuple(self.questions), contexts=tuple(self.contexts))


def invented(path: Path = ARTICLES) -> list[Document]:
    """The articles in `path`, in its order. Raises OSError, or ValueError naming the line that is wrong."""
    return list(_documents(path))


def _documents(path: Path) -> Iterator[Document]:
    draft: _Draft | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        sign, _, text = line.partition(" ")
        if sign == "@":
            if draft:
                yield draft.done()
            draft = _Draft(text)
        elif line:
            try:
                if not draft:
                    raise ValueError("it stands before the first title")
                draft.take(sign, text, f"{path.stem}-{number}")
            except ValueError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
    if draft:
        yield draft.done()
