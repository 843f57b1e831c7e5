"""SelQA (Jurczyk et al. 2016): whole sentences answer, some questions need several of them.

A list of `{"article", "section", "question", "sentences", "answers", "paraphrase"}`: a section of a
Wikipedia article as a list of sentences, and the numbers of those that answer. Its authors' files call two of these
"candidates" and "is_paraphrase". All sections of one article that the file holds become the paragraphs of one article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eval.datasets.question import DataSet, DataSetError, Question, as_text, as_texts
from index.article import Article


def fill(dataset: DataSet, rows: Sequence[Mapping[str, Any]]) -> DataSet:
    """`dataset` with the questions in `rows`. Raises DataSetError, naming the entry."""
    sections: dict[str, dict[str, None]] = {}
    asked: list[tuple[str, str, Question]] = []
    for number, row in enumerate(rows, 1):
        try:
            title, sentences = as_text(row["article"]), [" ".join(s.split()) for s in _sentences(row)]
            text = " ".join(s for s in sentences if s)
            gold = tuple(sentences[i] for i in row["answers"])
            reworded = row.get("paraphrase", row.get("is_paraphrase"))
            kind = "several sentences" if len(gold) > 1 else "paraphrased" if reworded else "one sentence"
            if not gold or not all(gold):
                raise ValueError("no sentence answers, or a blank one")
            question = Question(
                id=f"{dataset.name}-{number}",
                question=as_text(row["question"]),
                kind=kind,
                split=None,
                answers=(),
                article=title,
                sentences=gold,
                scored="sentences",
            )
        except (ValueError, TypeError, AttributeError, LookupError) as e:
            what = f"the field {e} is missing" if isinstance(e, KeyError) else str(e)
            raise DataSetError(f"{dataset.path}, entry {number}: is not in SelQA's format ({what})") from e
        sections.setdefault(title, {})[text] = None
        asked.append((title, text, question))
    articles = {title: Article.from_paragraphs(title, list(texts)) for title, texts in sections.items()}
    ids = {(title, p.text): p.id for title, article in articles.items() for p in article.paragraphs}
    questions = tuple(replace(question, paragraphs=(ids[title, text],)) for title, text, question in asked)
    if not questions:
        raise DataSetError(f"{dataset.path}: has no questions with an answering sentence")
    return replace(dataset, articles=articles, questions=questions)


def _sentences(row: Mapping[str, Any]) -> tuple[str, ...]:
    return as_texts(row["sentences" if "sentences" in row else "candidates"])
