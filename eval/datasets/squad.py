"""Files in the SQuAD 1.1 and 2.0 format (Rajpurkar et al. 2016, 2018): each of their articles is one article.

Given the paragraph only, as published readers are, each paragraph is an article of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eval.datasets.question import DataSet, DataSetError, Question, as_text, free, question_word
from index.article import Article, Paragraph, Span


def fill(dataset: DataSet, parsed: Any, *, by_paragraph: bool = False) -> DataSet:
    """`dataset` with the articles and questions of a SQuAD file. Raises DataSetError, ArticleError."""
    path = dataset.path
    articles: dict[str, Article] = {}
    questions: dict[str, Question] = {}
    try:
        entries = parsed["data"]
        if by_paragraph:
            entries = [{**entry, "paragraphs": [p]} for entry in entries for p in entry["paragraphs"] if _asks(p)]
        for entry in entries:
            contexts = [as_text(p["context"]) for p in entry["paragraphs"]]
            # A context that repeats is one paragraph: twice in the article, neither copy would be
            # more right than the other. A blank one is none.
            kept = list(dict.fromkeys(c.strip() for c in contexts if c.strip()))
            if not any(p["qas"] for p in entry["paragraphs"]):
                continue
            title = as_text(entry.get("title", "")).replace("_", " ") or "Untitled"
            key = free(title, articles)
            articles[key] = article = Article.from_paragraphs(title, kept)
            by_text = {p.text: p for p in article.paragraphs}
            for context, p in zip(contexts, entry["paragraphs"], strict=True):
                for qa in p["qas"]:
                    question = _question(qa, context, by_text.get(context.strip()), article, key)
                    # Merged files repeat ids; a question must not vanish behind another.
                    name = free(question.id, questions)
                    questions[name] = replace(question, id=name)
    except (ValueError, TypeError, AttributeError, KeyError) as e:
        what = f"the field {e} is missing" if isinstance(e, KeyError) else str(e)
        raise DataSetError(f"{path}: is not in the SQuAD 1.1 or 2.0 format ({what}); check or convert the file") from e
    if not questions:
        raise DataSetError(f"{path}: has no questions; check that its articles have `qas`")
    return replace(dataset, articles=articles, questions=tuple(questions.values()))


def _asks(paragraph: Mapping[str, Any]) -> bool:
    return bool(paragraph["qas"]) and bool(as_text(paragraph["context"]).strip())


def _question(qa: Mapping[str, Any], context: str, paragraph: Paragraph | None, article: Article, key: str) -> Question:
    answers = [] if qa.get("is_impossible") else qa["answers"]
    golds = [(as_text(a["text"]), a.get("answer_start")) for a in answers if a["text"].strip()]
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
        question=as_text(qa["question"]),
        kind=question_word(qa["question"]),
        split=None,
        answers=tuple(dict.fromkeys(text for text, _ in golds)),
        article=key,
        paragraphs=(paragraph.id,) if golds and paragraph is not None else (),
        sentences=sentences,
    )
