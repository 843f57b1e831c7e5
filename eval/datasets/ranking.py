"""Questions of which only the relevant paragraphs are known: what retrieval alone is judged by.

JSONL, one article a line: `{"article": "T", "paragraphs": {"a": "…", "b": "…"}, "questions":
[{"id": "q1", "question": "…", "relevant": ["a"]}]}`; `"source"` and `"licence"` may stand in the first line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eval.datasets.question import DataSet, DataSetError, Question, as_text, as_texts, free, question_word
from index.article import Article


def is_ranking(text: str) -> bool:
    """Whether the first line of a JSONL file is of this format."""
    try:
        first = json.loads(text.lstrip().split("\n", 1)[0])
    except ValueError:
        return False
    return isinstance(first, dict) and "paragraphs" in first and "questions" in first


def fill(dataset: DataSet, text: str) -> DataSet:
    """`dataset` with the articles and questions in `text`. Raises DataSetError, naming the line."""
    articles: dict[str, Article] = {}
    questions: dict[str, Question] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{dataset.path}, line {number}"
        try:
            entry = json.loads(line)
            key = free(as_text(entry["article"]), articles)
            texts = {name: as_text(value).strip() for name, value in entry["paragraphs"].items()}
            articles[key] = article = Article.from_paragraphs(entry["article"], list(texts.values()))
            # Article numbers its paragraphs itself, blank ones aside.
            ids = dict(zip((n for n, value in texts.items() if value), (p.id for p in article.paragraphs), strict=True))
            for row in entry["questions"]:
                question = _question(where, row, key, ids)
                name = free(question.id, questions)
                questions[name] = replace(question, id=name)
            dataset = replace(
                dataset, source=entry.get("source", dataset.source), licence=entry.get("licence", dataset.licence)
            )
        except (ValueError, TypeError, AttributeError) as e:
            raise DataSetError(f"{where}: {e}; see `eval/datasets/ranking.py` for the fields and their types") from e
        except KeyError as e:
            raise DataSetError(f"{where}: the field {e} is missing; add it") from e
    if not questions:
        raise DataSetError(f"{dataset.path}: has no questions; give every article some")
    return replace(dataset, articles=articles, questions=tuple(questions.values()))


def _question(where: str, row: Mapping[str, Any], article: str, ids: Mapping[str, str]) -> Question:
    relevant = as_texts(row["relevant"])
    unknown = [name for name in relevant if name not in ids]
    if unknown or not relevant:
        what = f"the relevant paragraph {unknown[0]!r} is not in the article" if unknown else "nothing is relevant"
        raise DataSetError(f"{where}, question {row['id']!r}: {what}; name paragraphs of the same line")
    question = as_text(row["question"])
    return Question(
        id=str(row["id"]),
        question=question,
        kind=question_word(question),
        split=None,
        answers=(),
        article=article,
        paragraphs=tuple(ids[name] for name in relevant),
        scored="ranking",
    )
