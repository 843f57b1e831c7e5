"""Questions that we wrote on the articles of a data set (a sheet of `qa.reader.sheet`) → a data set of them.

The same articles, asked about as people do who have not read them.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from eval.datasets.question import DataSet, DataSetError, Question, free, question_word
from index.article import Paragraph
from qa.reader.sheet import Asked, fingerprint, sheet

_EXAMPLE = "eval/sets/tune_written.tsv"


def written(dataset: DataSet, path: Path) -> DataSet:
    """`dataset` with the questions in the sheet `path` instead of its own.

    Those that a whole sentence answers are `scored` by their sentence. Raises DataSetError when `path` is no sheet, or
    a question is on a paragraph that no article has.
    """
    try:
        asked = sheet(path)
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise DataSetError(f"{path}: is not a sheet of questions ({e}); give one such as {_EXAMPLE}") from e
    questions: dict[str, Question] = {}
    places = {fingerprint(p.text): (key, p) for key, article in dataset.articles.items() for p in article.paragraphs}
    for q in asked:
        if q.fingerprint not in places:
            raise DataSetError(
                f"{path}: {dataset.path} has no paragraph {q.fingerprint}; give the file it was made for"
            )
        name = free(q.id, questions)  # a question and its trap have one id
        questions[name] = replace(question_of(q, *places[q.fingerprint]), id=name)
    return replace(
        dataset,
        name=f"{dataset.name}-{path.stem}",
        path=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        questions=tuple(questions.values()),
        source=f"the authors of Footnote, on paragraphs of: {dataset.source}",
    )


def question_of(asked: Asked, article: str, paragraph: Paragraph) -> Question:
    """A question of ours on `paragraph` of the article with the key `article`."""
    answer = paragraph.text[slice(*asked.answer)] if asked.answer else ""
    return Question(
        asked.id,
        asked.text,
        question_word(asked.text),
        None,
        (answer,) if answer and not asked.whole else (),
        article,
        paragraphs=(paragraph.id,) if answer else (),
        sentences=(answer,) if asked.whole else (),
        near=None if answer else True,
        scored="sentences" if asked.whole else "span",
    )
