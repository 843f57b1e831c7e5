"""The page's own HTTP beside Gradio's: its files, its articles.

    GET    /style.css, /script.js   HEAD too: the page asks so whether the program is there
    GET    /article?place=…     one article as JSON: title, HTML, first questions
    GET    /articles            what this browser can open
    POST   /articles?name=…     bring a file; a line of JSON for each step, the entry in the last
    POST   /articles/fetch      bring an article by title, where a wiki is set; answers in the same way
    PATCH  /articles/{id}       share it, or stop
    DELETE /articles/{id}       forget it

A place is "<id of the book>/<number of the article>". Left out: the page itself and its questions, which
are Gradio's (`app`, `page.asking`), what is kept of articles (`page.shelf`).
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel

from index.errors import ArticleError, FootnoteError
from index.wikipedia import fetch_export
from page.article import article_html
from page.asking import UNEXPECTED
from page.guard import browser_key
from page.markup import sentence_case
from page.pieces import asset, starters_html
from page.shelf import LARGEST_FILE, Entry, NoSuchArticle, Shelf

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


class Sharing(BaseModel):
    shared: bool


class Wanted(BaseModel):
    title: str


def routes(shelf: Shelf) -> APIRouter:
    """The routes for the articles of `shelf`."""
    router = APIRouter()

    @router.api_route("/style.css", methods=["GET", "HEAD"])
    def style() -> Response:
        return _static("style.css", "text/css")

    @router.api_route("/script.js", methods=["GET", "HEAD"])
    def script() -> Response:
        return _static("script.js", "text/javascript")

    @router.get("/article")
    def article(request: Request, place: str = "") -> Response:
        book, number = shelf.at(place, browser_key(request.cookies))
        shown = book.article(number)
        return JSONResponse(
            {
                "place": f"{book.entry.id}/{number}",
                "title": shown.title,
                "html": article_html(shown),
                "starters": starters_html(book, number),
            }
        )

    @router.get("/articles")
    def listed(request: Request) -> Response:
        return JSONResponse([_described(entry, shelf) for entry in shelf.entries(browser_key(request.cookies))])

    @router.post("/articles")
    async def bring(request: Request, name: str = "") -> Response:
        key = _owner_key(request)
        data = await _body(request, name)
        return _steps(shelf, lambda report: shelf.add(name, data, key, report))

    @router.post("/articles/fetch")
    def fetch(request: Request, wanted: Wanted) -> Response:
        key, wiki = _owner_key(request), shelf.wiki
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
        return JSONResponse(_described(shelf.share(identifier, browser_key(request.cookies), sharing.shared), shelf))

    @router.delete("/articles/{identifier}")
    def delete(request: Request, identifier: str) -> Response:
        shelf.delete(identifier, browser_key(request.cookies))
        return Response(status_code=204)

    return router


def refused(_: Request, error: Exception) -> Response:
    """What a user can put right, as JSON; 404 for an article that is not there for them."""
    return JSONResponse({"error": sentence_case(str(error))}, 404 if isinstance(error, NoSuchArticle) else 400)


def _described(entry: Entry, shelf: Shelf) -> dict[str, Any]:
    """An entry in the list of a browser that may open it: one it brought, or the page's own."""
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
            news.put({"error": sentence_case(str(error))})
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


def _owner_key(request: Request) -> str:
    key = browser_key(request.cookies)
    if not key:
        raise ArticleError(
            "the browser keeps no cookie, so its articles could not be found again: allow it, and reload"
        )
    return key


def _static(name: str, kind: str) -> Response:
    # Its address has a version in it, so a browser need never ask again.
    return Response(asset(name), media_type=kind, headers={"Cache-Control": "max-age=31536000, immutable"})
