"""The page's own HTTP: the page itself, its articles, its answers.

    GET    /                    the page, with an article in it (?article=PLACE)
    GET    /article?place=…     one article as JSON: title, HTML, first questions
    GET    /articles            what this browser can open
    POST   /articles?name=…     bring a file; a line of JSON for each step, the entry in the last
    POST   /articles/fetch      bring an article by title, where a wiki is set; answers in the same way
    PATCH  /articles/{id}       share it, or stop
    DELETE /articles/{id}       forget it
    POST   /answers             ask; the answer as HTML, as Markdown, and as a record

A place is "<id of the book>/<number of the article>". Nothing about a conversation is kept here: the
browser sends the question before along, and it is asked again to resolve a follow-up. Left out: how
answers are found (`qa`) and written (`page.answer`), what is kept of articles (`page.shelf`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from queue import SimpleQueue
from string import Template
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel

from index.errors import ArticleError, FootnoteError, QuestionError
from index.wikipedia import fetch_export
from page.answer import Places, answer_html
from page.article import article_html
from page.export import markdown, record
from page.markup import isolated, text
from page.shelf import LARGEST_FILE, Book, Entry, NoSuchArticle, Shelf
from page.starters import starters

COOKIE = "footnote"
#: The key in the cookie: 32 random bytes, url-safe; and the days that a browser keeps it, the most it may.
KEY_BYTES, KEY_LENGTH, KEY_DAYS = 32, 43, 400
UNEXPECTED = "Something went wrong. The details are in the log of the program; other questions still work."

#: The stages of building an index → what is said of them while a reader waits.
STAGES = {
    "chunk": "Cutting it into passages",
    "export": "Preparing the model, once on this computer",
    "embed": "Encoding its passages",
    "write": "Writing its index",
    "commit": "Writing its index",
}

log = logging.getLogger("footnote.page")

Report = Callable[[str, int, int], None]


class Asked(BaseModel):
    """A question to an article; `before` is the one before it in the conversation, as it was understood."""

    question: str
    place: str = ""
    before: str | None = None


class Sharing(BaseModel):
    shared: bool


class Wanted(BaseModel):
    title: str


def routes(shelf: Shelf) -> APIRouter:
    """The routes for the articles of `shelf`."""
    router = APIRouter()
    assets = {name: _asset(name) for name in ("style.css", "script.js")}
    versions = {
        name.replace(".", "_"): hashlib.sha256(asset.encode()).hexdigest()[:12] for name, asset in assets.items()
    }
    template = Template(_asset("templates/page.html"))
    asking = threading.Lock()  # a question uses every core already

    @router.get("/")
    def page(request: Request, article: str = "") -> HTMLResponse:
        key = _key(request) or secrets.token_urlsafe(KEY_BYTES)
        notice = ""
        try:
            book, number = _opened(shelf, article, key)
            shown = book.article(number)
        except ArticleError as error:
            book, number, notice = shelf.home, 0, _sentence(error)
            shown = book.article(0)
        content = template.substitute(
            title=text(shown.title),
            place=text(f"{book.entry.id}/{number}"),
            notice=text(notice),
            wiki=text(_wiki(shelf)),
            article=article_html(shown),
            starters=_starters(book, number),
            **versions,
        )
        response = HTMLResponse(content, headers={"Cache-Control": "no-store"})
        # "lax": sent when a link on another site is followed, so that no new key is given over the old one.
        response.set_cookie(COOKIE, key, max_age=KEY_DAYS * 86400, httponly=True, samesite="lax")
        return response

    @router.get("/style.css")
    def style() -> Response:
        return _static(assets["style.css"], "text/css")

    @router.get("/script.js")
    def script() -> Response:
        return _static(assets["script.js"], "text/javascript")

    @router.get("/article")
    def article(request: Request, place: str = "") -> Response:
        book, number = _opened(shelf, place, _key(request))
        shown = book.article(number)
        return JSONResponse(
            {
                "place": f"{book.entry.id}/{number}",
                "title": shown.title,
                "html": article_html(shown),
                "starters": _starters(book, number),
            }
        )

    @router.get("/articles")
    def listed(request: Request) -> Response:
        return JSONResponse([_described(entry, shelf) for entry in shelf.entries(_key(request))])

    @router.post("/articles")
    async def bring(request: Request, name: str = "") -> Response:
        key = _owner_key(request)
        data = await _body(request, name)
        return _steps(shelf, lambda report: shelf.add(name, data, key, report))

    @router.post("/articles/fetch")
    def fetch(request: Request, wanted: Wanted) -> Response:
        key, wiki = _owner_key(request), _wiki(shelf)
        if not wiki:
            raise ArticleError("articles are not fetched by title: set FOOTNOTE_WIKI to a wiki's address to allow it")

        def work(report: Report) -> Entry:
            report("Fetching the article", 0, 1)
            return shelf.add(
                f"{wanted.title.replace('/', ' ').strip()}.xml", fetch_export(wanted.title, wiki), key, report
            )

        return _steps(shelf, work)

    @router.patch("/articles/{identifier}")
    def share(request: Request, identifier: str, sharing: Sharing) -> Response:
        return JSONResponse(_described(shelf.share(identifier, _key(request), sharing.shared), shelf))

    @router.delete("/articles/{identifier}")
    def delete(request: Request, identifier: str) -> Response:
        shelf.delete(identifier, _key(request))
        return Response(status_code=204)

    @router.post("/answers")
    def answers(request: Request, asked: Asked) -> Response:
        book, _ = _opened(shelf, asked.place, _key(request))
        with asking:
            try:
                return JSONResponse(answered(book, asked.question, asked.before))
            except FootnoteError:
                raise
            except Exception:
                log.exception("no answer to %r", asked.question[:200])
                return JSONResponse({"error": UNEXPECTED}, 500)

    return router


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


def refused(_: Request, error: Exception) -> Response:
    """What a user can put right, as JSON; 404 for an article that is not there for them."""
    return JSONResponse({"error": _sentence(error)}, 404 if isinstance(error, NoSuchArticle) else 400)


def _opened(shelf: Shelf, place: str, key: str) -> tuple[Book, int]:
    identifier, _, number = place.partition("/")
    return shelf.open(identifier, key), int(number) if number.isascii() and number.isdigit() else 0


def _described(entry: Entry, shelf: Shelf) -> dict[str, Any]:
    """An entry as its owner sees it."""
    yours = entry.id != shelf.home.entry.id
    return {"id": entry.id, "name": entry.name, "titles": entry.titles, "yours": yours, "shared": entry.shared}


def _steps(shelf: Shelf, work: Callable[[Report], Entry]) -> Response:
    """`work` in the background, each of its steps as a line of JSON, its entry or what went wrong in the last."""
    news: SimpleQueue[dict[str, Any] | None] = SimpleQueue()

    def tell(stage: str, done: int, total: int) -> None:
        news.put({"stage": STAGES.get(stage, stage), "done": done, "total": total})

    def run() -> None:
        try:
            entry = work(tell)
            news.put({"entry": _described(entry, shelf)})
        except FootnoteError as error:
            news.put({"error": _sentence(error)})
        except Exception:
            log.exception("an article could not be kept")
            news.put({"error": UNEXPECTED})
        news.put(None)

    def lines() -> Iterator[str]:
        while (step := news.get()) is not None:
            yield json.dumps(step) + "\n"

    threading.Thread(target=run, daemon=True).start()
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers={"Cache-Control": "no-store"})


async def _body(request: Request, name: str) -> bytes:
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > LARGEST_FILE:
            raise ArticleError(f"{name[-60:]!r} is larger than {LARGEST_FILE >> 20} MiB: split it into parts")
    return bytes(data)


def _key(request: Request) -> str:
    """The key of the browser that asks, "" without one that the page could have given."""
    key = request.cookies.get(COOKIE, "")
    return key if len(key) == KEY_LENGTH else ""


def _owner_key(request: Request) -> str:
    key = _key(request)
    if not key:
        raise ArticleError(
            "the browser keeps no cookie, so its articles could not be found again: allow it, and reload"
        )
    return key


def _wiki(shelf: Shelf) -> str:
    """The wiki to fetch from, "" where that is off."""
    return "" if shelf.settings.wiki.strip().lower() in {"", "off", "0", "no", "false"} else shelf.settings.wiki.strip()


def _starters(book: Book, number: int) -> str:
    return "".join(
        f'<li><button type="button" class="starter">{isolated(question)}</button></li>'
        for question in starters(book.article(number))
    )


def _sentence(error: Exception) -> str:
    message = str(error)
    return message[:1].upper() + message[1:]


def _static(content: str, kind: str) -> Response:
    # Its address has a version in it, so a browser need never ask again.
    return Response(content, media_type=kind, headers={"Cache-Control": "max-age=31536000, immutable"})


def _asset(name: str) -> str:
    return files("page").joinpath(name).read_text(encoding="utf-8")
