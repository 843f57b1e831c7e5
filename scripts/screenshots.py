"""The real page in a real browser → docs/screenshots/*.png: each of its states, wide, on a phone, dark.

Run as `python scripts/screenshots.py`. Needs Chromium and a font with Chinese characters (`apt-get install chromium
fonts-noto-cjk`), and the `dev` extra.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import app  # noqa: E402 - found beside this folder
from qa import QA  # noqa: E402 - app sets the offline switches first
from qa.settings import Settings  # noqa: E402

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDE, PHONE = (1280, 800), (390, 844)
DONE = "#conversation .turn:not([data-state=pending])"
ANSWERABLE = "Why did MIT cancel its programme with SenseTime?"
FOLLOW_UP = "How many employees does it have?"
UNANSWERABLE = "Who painted the Mona Lisa?"
#: An article with tables, brought to the page as a reader would bring it.
BROUGHT = "Lighthouses_of_Sandholm.wikitext"
WIKITEXT = """Three lighthouses of Sandholm, an island made up for this picture,
were automated in the 1980s.{{citation needed}}

== List ==
{|
|+ Lighthouses
! Name !! Coast !! Built !! Height
|-
| Nordfyr || north || 1855 || 16 m<ref>{{cite web |title=Nordfyr |publisher=Society of Keepers
|date=2 May 2011 |url=https://fyr.example/nord |archive-url=https://kept.example/nord |url-status=dead}}</ref>
|-
| Vestfyr || west || 1867 || 22 m
|-
| Holmen || south || 1905 || 39 m
|}

== Keepers ==
* Nordfyr
** the last keeper left in 2003
* Holmen
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Take the screenshots in docs/screenshots.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots", help="folder (default: %(default)s)")
    out: Path = parser.parse_args(argv).out
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("screenshots: no browser: apt-get install chromium", file=sys.stderr)
        return 2
    with TemporaryDirectory() as uploads:
        running = app.serve(QA.load(settings=replace(Settings.from_environment(), uploads=uploads)), port=0)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take(browser, running.url, out)
            browser.close()
        running.close()
    for path in sorted(out.glob("*.png")):
        print(f"{path.name} {path.stat().st_size // 1000} kB")
    return 0


def take(browser: Browser, url: str, out: Path) -> None:
    """Every state of the page, each in a browser of its own."""
    page = opened(browser, url, WIDE)
    page.screenshot(path=out / "empty.png")
    ask(page, ANSWERABLE)
    ask(page, FOLLOW_UP)
    page.screenshot(path=out / "answer.png")
    page.locator(".turn").last.locator(".why summary").click()
    page.locator(".turn").last.locator(".why").evaluate("e => e.scrollIntoView()")
    settled(page)
    page.screenshot(path=out / "why.png")
    page.locator("#conversation").evaluate("e => e.scrollTop = 0")
    page.locator(".turn").first.locator("a.cite").click()
    page.locator("#reader .sentence.cited .note-link").first.click()
    settled(page)
    page.screenshot(path=out / "footnote-card.png")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversations").click()
    settled(page)
    page.screenshot(path=out / "conversations.png")

    page = opened(browser, url, WIDE)
    ask(page, UNANSWERABLE)
    page.locator("a.jump").first.click()
    settled(page)
    page.screenshot(path=out / "abstention.png")

    page = opened(browser, url, WIDE)
    page.get_by_role("button", name="Choose or bring an article").click()
    settled(page)
    page.screenshot(path=out / "bring.png")
    page.locator("#file").set_input_files({"name": BROUGHT, "mimeType": "text/plain", "buffer": WIKITEXT.encode()})
    expect(page.locator("#article-title")).to_have_text("Lighthouses of Sandholm")
    ask(page, "What is the height of Nordfyr?")
    page.screenshot(path=out / "table.png")

    page = opened(browser, url, WIDE, "dark")
    ask(page, ANSWERABLE)
    page.screenshot(path=out / "dark.png")

    page = opened(browser, url, PHONE)
    ask(page, FOLLOW_UP.replace("it", "SenseTime"))
    page.screenshot(path=out / "phone-answer.png")
    page.locator("a.cite").first.click()
    settled(page)
    page.screenshot(path=out / "phone-article.png")


def opened(browser: Browser, url: str, size: tuple[int, int], scheme: str = "light") -> Page:
    """The page as a first visitor sees it, without motion, so that nothing is caught half way."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page.set_default_timeout(30_000)
    page.goto(url)
    page.wait_for_selector("body[data-ready]")
    settled(page)
    return page


def ask(page: Page, question: str) -> None:
    done = page.locator(DONE).count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(page.locator(DONE)).to_have_count(done + 1)
    settled(page)


def settled(page: Page) -> None:
    """Two drawn frames and a moment: what follows an answer has happened."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_timeout(400)


if __name__ == "__main__":
    sys.exit(main())
