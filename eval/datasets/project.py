"""The project's own JSONL, one question a line, asked of one article (`eval/sets/README.md`)."""

from __future__ import annotations

import json
from dataclasses import replace

from eval.datasets.question import SPLITS, DataSet, DataSetError, Question, as_text, as_texts
from index.article import Article


def fill(dataset: DataSet, text: str) -> DataSet:
    """`dataset`, of one article, with the questions in `text`. Raises DataSetError, naming the line and the remedy."""
    [article] = dataset.articles.values()
    questions: dict[str, Question] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{dataset.path}, line {number}"
        question = _question(where, line, article)
        if question.id in questions:
            raise DataSetError(f"{where}: the id {question.id!r} was used before; give every question its own")
        questions[question.id] = question
    if not questions:
        raise DataSetError(f"{dataset.path}: has no questions; write one JSON object a line")
    return replace(
        dataset,
        source=f"{dataset.source}; quotes: Wikipedia contributors, {article.title!r}",
        licence=f"{dataset.licence}; quotes: {article.licence}",
        questions=tuple(questions.values()),
    )


def _question(where: str, line: str, article: Article) -> Question:
    try:
        d = json.loads(line)
        answers, sentences = as_texts(d["answers"]), as_texts(d.get("sentences", ()))
        question = Question(
            id=str(d["id"]),
            question=as_text(d["question"]),
            kind=as_text(d["kind"]),
            split=as_text(d["split"]),
            answers=answers,
            article=article.title,
            paragraphs=tuple(p.id for p in article.paragraphs if any(s in p.text for s in sentences)),
            sentences=sentences,
            near=d.get("near") if not answers else None,
            history=as_texts(d.get("history", ())),
        )
    except (ValueError, TypeError, AttributeError) as e:
        raise DataSetError(f"{where}: {e}; see `eval/sets/README.md` for the fields and their types") from e
    except KeyError as e:
        raise DataSetError(f"{where}: the field {e} is missing; add it") from e
    if question.split not in SPLITS:
        raise DataSetError(f"{where}: the split is {question.split!r}; make it dev or test")
    if not isinstance(question.near, bool | None):
        raise DataSetError(f"{where}: near is {question.near!r}; make it true or false")
    if not all(text.strip() for text in (question.question, *answers, *sentences)):
        raise DataSetError(f"{where}: the question, an answer or a gold sentence is blank; write it or leave it out")
    if bool(answers) != bool(sentences):
        raise DataSetError(f"{where}: give both answers and gold sentences, or neither (no answer in the article)")
    for sentence in sentences:
        if not any(sentence in p.text for p in article.paragraphs):
            raise DataSetError(f"{where}: no paragraph of {article.title!r} holds {sentence!r}; quote it verbatim")
    return question
