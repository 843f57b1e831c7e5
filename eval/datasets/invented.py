"""Articles that we invented, with questions on them (`qa.reader.invented`) → a data set of them.

Each becomes wikitext and is parsed like any other, so that its facts, list items and captions are what they are in
an article. Questions are scored as those of a sheet (`eval.datasets.written`) are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Final

from eval.datasets.question import DataSet, DataSetError, Question, free
from eval.datasets.written import question_of
from index import parse_article
from index.article import Article
from qa.reader.invented import Invented, Line, parsed

_MARKUP: Final = {"item": "* {}", "caption": "[[File:1.jpg|thumb|{}]]"}


def fill(dataset: DataSet, text: str) -> DataSet:
    """`dataset` with the articles and questions of its file, `text`. Raises DataSetError, ArticleError."""
    try:
        told = parsed(text, Path(dataset.path))
    except ValueError as e:
        raise DataSetError(f"{dataset.path}: {e}; write it as qa/reader/invented.py says") from e
    articles: dict[str, Article] = {}
    questions: list[Question] = []
    for one in told:
        key = free(one.title, articles)
        articles[key] = article = parse_article(wikitext(one), title=one.title)
        if [p.text for p in article.paragraphs] != [line.text for line in one.lines]:
            raise DataSetError(f"{dataset.path}: {one.title!r} has lines that are wikitext, or blank; write plain text")
        for line, paragraph in zip(one.lines, article.paragraphs, strict=True):
            questions += [question_of(q, key, paragraph) for q in line.asked]
    if not questions:
        raise DataSetError(f"{dataset.path}: has no questions; write some as qa/reader/invented.py says")
    return replace(
        dataset,
        articles=articles,
        questions=tuple(questions),
        source="the authors of Footnote",
        licence="Apache-2.0",
    )


def wikitext(article: Invented) -> str:
    """`article` as its wikitext would be: its facts as an infobox, then its sections."""
    facts = [line.text.partition(": ") for line in article.lines if line.kind == "fact"]
    box = [f"| {label.lower().replace(' ', '_')} = {value}" for label, _, value in facts]
    return "\n".join(["{{Infobox", *box, "}}", *_sections([line for line in article.lines if line.kind != "fact"])])


def _sections(lines: Sequence[Line]) -> Iterator[str]:
    before: tuple[str, ...] = ()
    for line in lines:
        if line.headings != before:
            # From the first heading that is another one; back under one of those above, that one anew.
            shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, line.headings, strict=False))))
            kept = min(shared, len(line.headings) - 1)
            for level, heading in enumerate(line.headings[kept:], kept + 2):
                yield f"{'=' * level} {heading} {'=' * level}"
            before = line.headings
        yield _MARKUP.get(line.kind, "{}\n").format(line.text)
