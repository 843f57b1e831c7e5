"""A small answerer that plugs in where `qa.QA` does, and predictions made by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import Question
from eval.predict import Cited, Prediction, Ranked, Withheld
from index.article import Article, Sentence
from qa.answer import Answer, Citation, ScoredPassage


class WordQA:
    """Answers with the sentence that shares most words with the question; abstains where none is shared.

    The last word of the sentence is the short answer, the share of the question's words its confidence.
    """

    threshold = 0.0

    def __init__(self, articles: Sequence[Article]) -> None:
        (self.article,) = articles
        self.asked: list[str] = []

    def ask(self, question: str, history: Sequence[Answer] = (), /) -> Answer:
        return self.ask_many([" ".join([*(a.question for a in history), question])])[0]

    def ask_many(self, questions: Sequence[str], /) -> list[Answer]:
        self.asked.extend(questions)
        return [self._answer(q) for q in questions]

    def _answer(self, question: str) -> Answer:
        wanted = set(re.findall(r"\w+", question.lower()))

        def share(sentence: Sentence) -> float:
            words = set(re.findall(r"\w+", sentence.span.of(self.article.text).lower()))
            return len(wanted & words) / len(wanted)

        ranked = sorted(self.article.sentences, key=share, reverse=True)
        best, confidence = ranked[0], share(ranked[0])
        passages = tuple(ScoredPassage(self.article, s.paragraph, s.span, {"words": share(s)}) for s in ranked)
        quote = best.span.of(self.article.text)
        citation = Citation(1, quote, best.span, None, best.paragraph, best, (), (), self.article, None)
        abstained = confidence <= self.threshold
        return Answer(
            question=question,
            standalone_question=question,
            text="The article does not say." if abstained else quote,
            short=None if abstained else quote.rstrip(".").split()[-1],
            abstained=abstained,
            reason="no word in common" if abstained else None,
            confidence=confidence,
            citations=() if abstained else (citation,),
            passages=passages,
            timings={"words": 0.001},
        )


@pytest.fixture
def word_qa() -> type[WordQA]:
    return WordQA


@pytest.fixture
def squad_file(tmp_path: Path) -> Path:
    """Two articles, five questions, one of them unanswerable."""

    def qa(id: str, question: str, context: str, *answers: str) -> dict[str, Any]:
        golds = [{"text": a, "answer_start": context.index(a)} for a in answers]
        return {"id": id, "question": question, "answers": golds, "is_impossible": not answers}

    founded, seat = "The firm was founded in 2014. It makes lenses.", "Its seat is in Oslo. Its sign is a fox."
    river = "The river rises in Wales."
    data = [
        {
            "title": "Lens_firm",
            "paragraphs": [
                {
                    "context": founded,
                    "qas": [
                        qa("q1", "When was the firm founded?", founded, "2014"),
                        qa("q2", "What does the firm make?", founded, "lenses"),
                    ],
                },
                {
                    "context": seat,
                    "qas": [
                        qa("q3", "Where is its seat?", seat, "Oslo", "in Oslo"),
                        qa("q4", "Who owns yachts?", seat),
                    ],
                },
            ],
        },
        {
            "title": "River",
            "paragraphs": [{"context": river, "qas": [qa("q5", "Where does the river rise?", river, "Wales")]}],
        },
    ]
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps({"version": "v2.0", "data": data}), encoding="utf-8")
    return path


@pytest.fixture
def prediction() -> Callable[..., Prediction]:
    """Makes one prediction by hand: `answers` and `gold` say what is right, the rest what was given."""

    def make(  # noqa: PLR0913
        id: str = "q",
        *,
        answers: Sequence[str] = (),
        gold: Sequence[str] = (),
        given: str | None = None,
        confidence: float = 0.5,
        cited: Sequence[tuple[str, str, str]] = (),
        ranking: Sequence[str] = (),
        kind: str = "who",
        near: bool | None = None,
        question: str = "Who?",
        withheld: str | None = None,
        sentences: Sequence[str] = (),
        scored: str = "span",
    ) -> Prediction:
        return Prediction(
            question=Question(
                id, question, kind, None, tuple(answers), "A", tuple(gold), tuple(sentences), near, (), scored
            ),
            text=given or "The article does not say.",
            short=given,
            abstained=given is None,
            reason="too unsure" if given is None else None,
            confidence=confidence,
            citations=tuple(Cited(quote, (0, len(quote)), id, text) for id, quote, text in cited),
            passages=tuple(Ranked(p, {}) for p in ranking),
            withheld=None if withheld is None else Withheld(withheld, withheld),
        )

    return make
