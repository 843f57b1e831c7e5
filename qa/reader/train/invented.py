"""The articles that we invented (`qa.reader.invented`) → documents to learn from."""

from __future__ import annotations

from collections.abc import Sequence

from index.facts import synonyms
from qa.reader.invented import Invented, Line
from qa.reader.train.data import SEPARATOR, Document, Question


def documents(articles: Sequence[Invented]) -> list[Document]:
    """`articles` with what is read before each line: its headings, and what else people call a fact."""
    return [
        Document(
            article.title,
            tuple(line.text for line in article.lines),
            tuple(
                Question(q.id, q.text, number, (q.answer,) if q.answer else (), q.whole)
                for number, line in enumerate(article.lines)
                for q in line.asked
            ),
            contexts=tuple(_context(line) for line in article.lines),
        )
        for article in articles
    ]


def _context(line: Line) -> str:
    also = synonyms(line.text) if line.kind == "fact" else ""
    return SEPARATOR.join(part for part in (*line.headings, also) if part)
