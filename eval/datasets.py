"""A data file → questions, the articles they are asked of, and what a right answer is.

Reads the project's own JSONL (`eval/sets/*.jsonl`, asked of the built-in article) and files in the
SQuAD 1.1 and 2.0 format (Rajpurkar et al. 2016, 2018), where each SQuAD article becomes one article.

Left out: asking (`eval.predict`) and scoring (`eval.metrics`).
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.article import Article, Paragraph, Span
from index.errors import ArticleError, FootnoteError

SETS = Path(__file__).parent / "sets"
BUILTIN = "builtin"
SPLITS = ("dev", "test")
QUESTION_WORDS = ("who", "whom", "whose", "what", "which", "when", "where", "why")


class DataSetError(FootnoteError):
    """A data file is missing, is not in a format that can be read, or has nothing to ask."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what a right answer is; `answers` is empty when the article has none.

    `article` is its key in `DataSet.articles`. `paragraphs` are the ids of the gold paragraphs and
    `sentences` the gold sentences, verbatim: any one of them counts as right. `split` is None where
    the data set is not divided. `near` is True for an unanswerable question that the article nearly
    answers, False for one far from its subject, None where that is not known.
    """

    id: str
    question: str
    kind: str
    split: str | None
    answers: tuple[str, ...]
    article: str
    paragraphs: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    near: bool | None = None

    @property
    def answerable(self) -> bool:
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Draw:
    """Which questions of a data set are asked: those of a split ("dev", "test" or "all"), or `limit` of them.

    The same `seed` draws the same sample.
    """

    split: str = "all"
    limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class DataSet:
    """Questions and the articles they are asked of.

    `sha256` is that of the file they came from, `draw` how they were chosen from it.
    """

    name: str
    source: str
    licence: str
    sha256: str
    articles: Mapping[str, Article]
    questions: tuple[Question, ...]
    draw: Draw = Draw()


def load(path: Path) -> DataSet:
    """The data set in `path`: `.jsonl` is the project's format, anything else SQuAD's.

    Raises DataSetError, naming the file and the remedy.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as e:
        raise DataSetError(f"{path}: {e.strerror or e}; give a data file that can be read") from e
    except UnicodeDecodeError as e:
        raise DataSetError(f"{path}: is not UTF-8 text; save it as UTF-8") from e
    sha256 = hashlib.sha256(data).hexdigest()
    if path.suffix == ".jsonl":
        from index.wikipedia import builtin_article

        return _load_project(path, text, sha256, builtin_article())
    return _load_squad(path, text, sha256)


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
        raise DataSetError(f"{dataset.source}: has no questions in the split {draw.split!r}; try --split all")
    if draw.limit is not None and draw.limit < len(chosen):
        drawn = sorted(random.Random(draw.seed).sample(range(len(chosen)), draw.limit))
        chosen = [chosen[i] for i in drawn]
    return replace(dataset, questions=tuple(chosen), draw=draw)


def _load_project(path: Path, text: str, sha256: str, article: Article) -> DataSet:
    questions: dict[str, Question] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        question = _project_question(where, line, article)
        if question.id in questions:
            raise DataSetError(f"{where}: the id {question.id!r} was used before; give every question its own")
        questions[question.id] = question
    if not questions:
        raise DataSetError(f"{path}: has no questions; write one JSON object a line")
    return DataSet(
        name=path.stem,
        source=str(path),
        licence=article.licence,
        sha256=sha256,
        articles={BUILTIN: article},
        questions=tuple(questions.values()),
    )


def _project_question(where: str, line: str, article: Article) -> Question:
    try:
        d = json.loads(line)
        answers, sentences = _texts(d["answers"]), _texts(d.get("sentences", ()))
        question = Question(
            id=str(d["id"]),
            question=_text(d["question"]),
            kind=_text(d["kind"]),
            split=_text(d["split"]),
            answers=answers,
            article=BUILTIN,
            paragraphs=tuple(p.id for p in article.paragraphs if any(s in p.text for s in sentences)),
            sentences=sentences,
            near=d.get("near") if not answers else None,
        )
    except (ValueError, TypeError, AttributeError) as e:
        raise DataSetError(f"{where}: {e}; see `eval/datasets.py` for the fields and their types") from e
    except KeyError as e:
        raise DataSetError(f"{where}: the field {e} is missing; add it") from e
    if question.split not in SPLITS:
        raise DataSetError(f"{where}: the split is {question.split!r}; make it dev or test")
    if not isinstance(question.near, bool | None):
        raise DataSetError(f"{where}: near is {question.near!r}; make it true or false")
    if bool(answers) != bool(sentences):
        raise DataSetError(f"{where}: give both answers and gold sentences, or neither (no answer in the article)")
    for sentence in sentences:
        if not any(sentence in p.text for p in article.paragraphs):
            raise DataSetError(f"{where}: no paragraph of {article.title!r} holds {sentence!r}; quote it verbatim")
    return question


def _load_squad(path: Path, text: str, sha256: str) -> DataSet:
    articles: dict[str, Article] = {}
    questions: dict[str, Question] = {}
    try:
        data = json.loads(text)["data"]
        for entry in data:
            contexts = [_text(p["context"]) for p in entry["paragraphs"]]
            # A context that repeats is one paragraph: twice in the article, neither copy would be
            # more right than the other. A blank one is none.
            kept = list(dict.fromkeys(c.strip() for c in contexts if c.strip()))
            if not any(p["qas"] for p in entry["paragraphs"]):
                continue
            title = _text(entry.get("title", "")).replace("_", " ") or "Untitled"
            key = _free(title, articles)
            articles[key] = article = Article.from_paragraphs(title, kept)
            by_text = {p.text: p for p in article.paragraphs}
            for context, p in zip(contexts, entry["paragraphs"], strict=True):
                for qa in p["qas"]:
                    question = _squad_question(qa, context, by_text.get(context.strip()), article, key)
                    # Merged files repeat ids; a question must not vanish behind another.
                    name = _free(question.id, questions)
                    questions[name] = replace(question, id=name)
    except ArticleError as e:
        raise DataSetError(f"{path}: {e}") from e
    except (ValueError, TypeError, AttributeError, KeyError) as e:
        what = f"the field {e} is missing" if isinstance(e, KeyError) else str(e)
        raise DataSetError(f"{path}: is not in the SQuAD 1.1 or 2.0 format ({what}); check or convert the file") from e
    if not questions:
        raise DataSetError(f"{path}: has no questions; check that its articles have `qas`")
    return DataSet(
        name=path.stem,
        source=str(path),
        licence="see the source of the file",
        sha256=sha256,
        articles=articles,
        questions=tuple(questions.values()),
    )


def _squad_question(
    qa: Mapping[str, Any], context: str, paragraph: Paragraph | None, article: Article, key: str
) -> Question:
    answers = [] if qa.get("is_impossible") else qa["answers"]
    golds = [(_text(a["text"]), a.get("answer_start")) for a in answers if a["text"].strip()]
    sentences: tuple[str, ...] = ()
    if paragraph is not None:
        indent = len(context) - len(context.lstrip())
        # Files in the wild have some starts that miss their text: those give no gold sentence.
        spans = [
            Span(paragraph.span.start + start - indent, paragraph.span.start + start - indent + len(text))
            for text, start in golds
            if isinstance(start, int) and context[start : start + len(text)] == text
        ]
        held = [s.span.of(article.text) for span in spans for s in article.sentences_in(span)]
        sentences = tuple(dict.fromkeys(held))
    return Question(
        id=str(qa["id"]),
        question=_text(qa["question"]),
        kind=question_word(qa["question"]),
        split=None,
        answers=tuple(dict.fromkeys(text for text, _ in golds)),
        article=key,
        paragraphs=(paragraph.id,) if golds and paragraph is not None else (),
        sentences=sentences,
    )


def question_word(question: str) -> str:
    """The kind of a question that names none: "In which year …?" → "which", "How many …?" → "how many"."""
    words = [w.strip("\"'“”‘’.,;:?()") for w in question.lower().split()]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "how":
            return f"how {following}" if following in ("many", "much", "long") else "how"
        if word in QUESTION_WORDS:
            return word
    return "other"


def _free(name: str, taken: Mapping[str, object]) -> str:
    """`name`, or the first of "name #2", "name #3", … that is not taken."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} #{number}"
    return free


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {value!r:.80}")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError(f"expected a list of texts, found {value!r:.80}")
    return tuple(_text(item) for item in value)
