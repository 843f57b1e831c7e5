"""The real page on 127.0.0.1 with the real QA, and a real browser that must not leave that machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from page_fakes import HOSTILE, LOOKS, OverlapQA
from playwright.sync_api import Browser, Page, sync_playwright

import app
from index import Article
from qa import QA

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
#: Milliseconds that anything in the browser may take on a busy machine.
PATIENCE = 20_000


@pytest.fixture(scope="session")
def qa() -> QA:
    return QA.load()


@pytest.fixture(scope="session")
def url(qa: QA) -> Iterator[str]:
    """The page for the built-in article."""
    running = app.serve(qa, port=0)
    yield running.url
    running.close()


@pytest.fixture(scope="session")
def hostile_url() -> Iterator[str]:
    """The page for an article that attacks it."""
    article = Article.from_paragraphs(
        "Evil " + HOSTILE, ["Calm beginnings. Wild hostile words " + HOSTILE + "y" * 10_000, "An end."]
    )
    running = app.serve(OverlapQA(article), port=0)  # type: ignore[arg-type]
    yield running.url
    running.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no browser: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=LOOKS.values(), ids=LOOKS.keys())
def look(request: pytest.FixtureRequest) -> tuple[tuple[int, int], str]:
    """The window's size and the colour scheme; a test that needs others names them (indirect)."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def size(look: tuple[tuple[int, int], str]) -> tuple[int, int]:
    """Width and height of the window."""
    return look[0]


@pytest.fixture
def scheme(look: tuple[tuple[int, int], str]) -> str:
    """ "light" or "dark"."""
    return look[1]


@pytest.fixture
def open_page(browser: Browser, size: tuple[int, int], scheme: str) -> Iterator[Callable[..., Page]]:
    """Opens an address in a browser of that look; fails the test on an outside request or a script error."""
    contexts, outside, errors = [], [], []

    def note(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            outside.append(address)

    def open_it(address: str, beside: Page | None = None, before: str = "", **settings: object) -> Page:
        """In a browser of its own, or in a new tab of the browser of the page `beside`; `before` is a script that
        runs in the page before its own."""
        if beside:
            context = beside.context
        else:
            window = {"viewport": {"width": size[0], "height": size[1]}, "color_scheme": scheme}
            context = browser.new_context(**{**window, **settings})  # type: ignore[arg-type]
            contexts.append(context)
            context.set_default_timeout(PATIENCE)
            context.on("request", lambda request: note(request.url))
            if before:
                context.add_init_script(before)
        page = context.new_page()
        page.on("websocket", lambda socket: note(socket.url.replace("ws", "http", 1)))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert outside == []
    assert errors == []
