"""A question typed into the page → its answer in every form that the page keeps, or what is wrong with it.

Nothing about a conversation is kept here: the browser sends the question before along, and it is asked
again to resolve a follow-up. Left out: how answers are found (`qa`) and written (`page.answer`), and the
Gradio event that calls this (`app`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from index.errors import FootnoteError, QuestionError
from page.answer import Places, answer_html
from page.export import markdown, record
from page.markup import sentence_case
from page.shelf import Book, Shelf

UNEXPECTED = "Something went wrong. The details are in the log of the program; other questions still work."

log = logging.getLogger("footnote.page")


def reply(shelf: Shelf, question: str, asked: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What the browser with `key` gets: `answered`, or {"error": a sentence to show}; always with the id it sent.

    `asked` is what the page knows of the question: its id, the place of the article that is open, and the
    question before it in the conversation, as that was understood.
    """
    try:
        book, _ = shelf.at(str(asked.get("place") or ""), key)
        got = answered(book, question, asked.get("before"))
    except FootnoteError as error:
        got = {"error": sentence_case(str(error))}
    except Exception:
        log.exception("no answer to %r", question[:200])
        got = {"error": UNEXPECTED}
    return {"id": asked.get("id"), **got}


def answered(book: Book, question: str, before: str | None) -> dict[str, Any]:
    """The answer to `question`, asked after the question `before`, in every form that the page keeps.

    Raises QuestionError for a question that cannot be asked.
    """
    started = time.perf_counter()
    history = []
    if before:
        try:
            history = [book.qa.ask(before)]
        except QuestionError:  # what was understood may be longer than what may be asked
            history = []
    answer = book.qa.ask(question, history)
    seconds = time.perf_counter() - started
    return {
        "html": answer_html(answer, seconds, Places(book.entry.id, book.qa.articles)),
        "markdown": markdown(answer),
        "record": record(answer, book.qa.settings.fingerprint),
        "standalone": answer.standalone_question,
        "state": "abstained" if answer.abstained else "answered",
        "seconds": seconds,
    }
