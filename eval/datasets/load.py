"""A path → the data set in it; a data set → the questions of it that are asked."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.datasets import invented, project, ranking, selqa, squad
from eval.datasets.question import SPLITS, DataSet, DataSetError, Draw
from eval.datasets.sources import source_of
from index.errors import ArticleError

SETS = Path(__file__).parents[1] / "sets"
OURS = (".jsonl", ".txt")

#: What a question is asked of: all of its article, or only the paragraph that it was written from.
GIVEN = ("article", "paragraph")


def load(path: Path, given: str = "article", article: Path | None = None) -> DataSet:
    """The data set in `path`; a name without a suffix is one of `eval/sets`.

    `given` is "article", or "paragraph" for a SQuAD file of which each question is asked of its own
    paragraph only, as published readers are. `article` is the file that a JSONL of the project's own format is about,
    None: the built-in article. Raises DataSetError, naming the file and the remedy.
    """
    if given not in GIVEN:
        raise DataSetError(f"given {given!r} does not exist: use {' or '.join(GIVEN)}")
    if not path.suffix:
        path = next((file for kind in OURS if (file := SETS / f"{path}{kind}").is_file()), path)
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as e:
        raise DataSetError(f"{path}: {e.strerror or e}; give a data file that can be read") from e
    except UnicodeDecodeError as e:
        raise DataSetError(f"{path}: is not UTF-8 text; save it as UTF-8") from e
    name = path.stem if given == "article" else f"{path.stem}-given-{given}"
    ranked = path.suffix == ".jsonl" and ranking.is_ranking(text)
    if article and (path.suffix != ".jsonl" or ranked):
        raise DataSetError(f"{path}: brings its own articles; leave {article} out")
    known = source_of(path.stem)
    dataset = DataSet(name, str(path), known.source, known.licence, hashlib.sha256(data).hexdigest(), {}, ())
    try:
        if given == "paragraph":
            return squad.fill(dataset, _parsed(path, text), by_paragraph=True)
        if path.suffix == ".txt":
            return invented.fill(dataset, text)
        if path.suffix == ".jsonl":
            return ranking.fill(dataset, text) if ranked else project.fill(_about(dataset, article), text)
        parsed = _parsed(path, text)
        fill: Callable[[DataSet, Any], DataSet] = selqa.fill if isinstance(parsed, list) and parsed else squad.fill
        return fill(dataset, parsed)
    except ArticleError as e:
        raise DataSetError(f"{path}: {e}") from e


def _about(dataset: DataSet, path: Path | None) -> DataSet:
    """`dataset` with the article in `path` (None: the built-in one), which another one in the name and digest tells."""
    from index import wikipedia  # parses wikitext, which the other formats do not need

    if path is None:
        article = wikipedia.builtin_article()
        return replace(dataset, articles={article.title: article})
    articles = wikipedia.read_articles(path)
    if len(articles) != 1:
        raise DataSetError(f"{path}: holds {len(articles)} articles; give a file of one")
    digest = hashlib.sha256(f"{dataset.sha256} {articles[0].sha256}".encode()).hexdigest()
    known = {articles[0].title: articles[0]}
    return replace(dataset, name=f"{dataset.name}-{path.stem}", sha256=digest, articles=known)


def select(dataset: DataSet, draw: Draw) -> DataSet:
    """`dataset` with only the questions that `draw` asks for, in file order.

    Where the data set is not divided, any split is all of it, and recorded as such.
    Raises DataSetError when nothing is left to ask.
    """
    if draw.split not in (*SPLITS, "all"):
        raise DataSetError(f"split {draw.split!r} does not exist: use dev, test or all")
    if draw.limit is not None and draw.limit < 1:
        raise DataSetError(f"limit {draw.limit} leaves nothing to ask: give 1 or more")
    if all(q.split is None for q in dataset.questions):
        draw = replace(draw, split="all")
    chosen = [q for q in dataset.questions if draw.split in ("all", q.split)]
    if not chosen:
        raise DataSetError(f"{dataset.path}: has no questions in the split {draw.split!r}; try --split all")
    if draw.limit is not None and draw.limit < len(chosen):
        drawn = sorted(random.Random(draw.seed).sample(range(len(chosen)), draw.limit))
        chosen = [chosen[i] for i in drawn]
    return replace(dataset, questions=tuple(chosen), draw=draw)


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as e:
        raise DataSetError(f"{path}: is not in the SQuAD 1.1 or 2.0 format ({e}); check or convert the file") from e
