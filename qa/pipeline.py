"""The whole journey of a question: followup → retrieve → read → abstain → cite → Answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.article import Article
from index.embedding import Progress
from index.errors import QuestionError
from index.store import Index
from qa import library
from qa.abstain import judge
from qa.answer import Answer
from qa.calibration import Calibration
from qa.cite import check_verbatim
from qa.compose import compose
from qa.followup import standalone
from qa.reader import Reach, Reader, SpanReader
from qa.rerank import reranked
from qa.retrieve import retrieve
from qa.settings import Settings
from qa.spelling import respelled
from qa.stopwatch import Stopwatch
from qa.subject import about_itself


class QA:
    """Answers questions about the articles of one index; make one with `load` or `from_articles`."""

    def __init__(self, index: Index, settings: Settings | None = None, reader: Reader | None = None) -> None:
        self.index = index
        self.settings = settings or Settings.from_environment()
        self._calibration = Calibration.shipped()
        self._reader = reader or SpanReader(index, Reach.of(self.settings))

    @classmethod
    def load(
        cls, path: str | Path | None = None, *, settings: Settings | None = None, progress: Progress | None = None
    ) -> QA:
        """Questions to the built-in article, to a file of wikitext, or to an index directory.

        The index of a file is built at its first use and kept in the cache. `progress` is told
        (stage, done, total). Raises ArticleError, IndexNotFound, IndexMismatch, IndexCorrupt.
        """
        settings = settings or Settings.from_environment()
        return cls(library.open_index(path, settings, progress), settings)

    @classmethod
    def from_articles(
        cls, articles: Sequence[Article], *, settings: Settings | None = None, progress: Progress | None = None
    ) -> QA:
        """Questions to articles in memory; nothing is written but the exported encoder, to the cache."""
        settings = settings or Settings.from_environment()
        return cls(library.index_in_memory(articles, settings, progress), settings)

    @property
    def articles(self) -> tuple[Article, ...]:
        return self.index.articles

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        """The answer to `question`, asked after the answers in `history`, oldest first.

        Raises QuestionError when the question is empty or too long.
        """
        return self.ask_many([question], history)[0]

    def ask_many(self, questions: Sequence[str], history: Sequence[Answer] = ()) -> list[Answer]:
        """The answers to several questions, each asked after `history`; in their order. Raises as `ask` does."""
        settings, watch = self.settings, Stopwatch(len(questions))
        check_questions(questions, settings.question_limit)
        with watch.stage("followup"):
            spelled = [respelled(question, self.index) for question in questions]
            alone = [about_itself(standalone(question, history), self.articles) for question in spelled]
        with watch.stage("retrieve"):
            found = retrieve(self.index, alone, settings.candidates, settings.considered, settings.dense_weight)
        with watch.stage("read"):
            candidates = self._reader.read(found)
            found = [reranked(f, c) for f, c in zip(found, candidates, strict=True)]
        with watch.stage("abstain"):
            most = 1 + settings.alternatives
            judged = [
                judge(f, c, self.index.lexical, self._calibration, most) for f, c in zip(found, candidates, strict=True)
            ]
        with watch.stage("cite"):
            answers = [
                check_verbatim(compose(question, f, j, settings.threshold))
                for question, f, j in zip(questions, found, judged, strict=True)
            ]
        return [replace(answer, timings=watch.seconds()) for answer in answers]


def check_questions(questions: Sequence[str], limit: int) -> None:
    """Raises QuestionError for one that is no text, is empty or has more than `limit` characters, white space in a row
    being one; and when they are one string.
    """
    if isinstance(questions, str):
        raise QuestionError("ask_many takes a list of questions, not one: use ask")
    for question in questions:
        if not isinstance(question, str):
            raise QuestionError(f"the question is no text but {type(question).__name__}: give a string")
        try:
            question.encode()
        except UnicodeEncodeError as error:
            message = "the question has bytes or half a character that are no text: send it as UTF-8"
            raise QuestionError(message) from error
        asked = len(" ".join(question.split()))
        if not asked:
            raise QuestionError("the question is empty: type a question")
        if asked > limit:
            raise QuestionError(f"the question has {asked:,} characters: ask in at most {limit:,}")
