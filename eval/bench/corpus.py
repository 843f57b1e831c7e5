"""A SQuAD file → the paragraphs that every system indexes and the questions that every system is asked."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.datasets.question import DataSet, DataSetError


@dataclass(frozen=True, slots=True)
class Corpus:
    """`articles` are (title, paragraphs); rows number the paragraphs of all of them, in order.

    `questions` are (question, row of the paragraph that answers it).
    """

    articles: Sequence[tuple[str, Sequence[str]]]
    questions: Sequence[tuple[str, int]]

    @property
    def texts(self) -> list[str]:
        """What peers index for each paragraph: the title and the text, as Footnote embeds them."""
        return [f"{title} > {text}" for title, paragraphs in self.articles for text in paragraphs]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps({"articles": self.articles, "questions": self.questions}), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Corpus:
        return cls(**json.loads(path.read_text("utf-8")))


def corpus(dataset: DataSet, paragraphs: int | None, questions: int, seed: int) -> Corpus:
    """The first `paragraphs` paragraphs (None: all) and at most `questions` of the questions they answer, at random.

    Raises DataSetError when they answer none.
    """
    articles: list[tuple[str, list[str]]] = []
    row_of: dict[tuple[str, str], int] = {}
    left = paragraphs or sum(len(a.paragraphs) for a in dataset.articles.values())
    for key, article in dataset.articles.items():
        kept = article.paragraphs[:left]
        for paragraph in kept:
            row_of[key, paragraph.id] = len(row_of)
        if kept:
            articles.append((key, [p.text for p in kept]))
        left -= len(kept)
    asked = [
        (q.question, row_of[q.article, q.paragraphs[0]])
        for q in dataset.questions
        if q.paragraphs and (q.article, q.paragraphs[0]) in row_of
    ]
    if not asked:
        raise DataSetError(f"{dataset.path}: these paragraphs answer no question; give more of them, or another file")
    return Corpus(articles, random.Random(seed).sample(asked, min(questions, len(asked))))
