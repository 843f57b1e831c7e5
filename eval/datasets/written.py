"""Questions that we wrote on the articles of a data set (a sheet of `qa.reader.sheet`) → a data set of them.

The same articles, asked about as people do who have not read them.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from eval.datasets.question import DataSet, DataSetError, Question, question_word
from qa.reader.sheet import fingerprint, sheet

_EXAMPLE = "eval/sets/tune_written.tsv"


def written(dataset: DataSet, path: Path) -> DataSet:
    """`dataset` with the questions in the sheet `path` instead of its own.

    Those that a whole sentence answers are `scored` by their sentence. Raises DataSetError when `path` is no sheet, or
    a question is on a paragraph that no article has.
    """
    try:
        asked = sheet(path)
    except (OSError, ValueError, KeyError) as e:
        raise DataSetError(f"{path}: is not a sheet of questions ({e}); give one such as {_EXAMPLE}") from e
    places = {fingerprint(p.text): (key, p) for key, article in dataset.articles.items() for p in article.paragraphs}
    questions = []
    for q in asked:
        if q.fingerprint not in places:
            raise DataSetError(
                f"{path}: {dataset.path} has no paragraph {q.fingerprint}; give the file it was made for"
            )
        key, paragraph = places[q.fingerprint]
        answer = paragraph.text[slice(*q.answer)] if q.answer else ""
        questions.append(
            Question(
                q.id,
                q.text,
                question_word(q.text),
                None,
                (answer,) if answer and not q.whole else (),
                key,
                paragraphs=(paragraph.id,) if answer else (),
                sentences=(answer,) if q.whole else (),
                near=None if answer else True,
                scored="sentences" if q.whole else "span",
            )
        )
    return replace(
        dataset,
        name=f"{dataset.name}-{path.stem}",
        path=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        questions=tuple(questions),
        source=f"the authors of Footnote, on paragraphs of: {dataset.source}",
    )
