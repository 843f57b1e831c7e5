"""The real page in a real browser → docs/screenshots/*.png: empty, an answer, an abstention, a phone, dark.

Run as `python scripts/screenshots.py`. Needs Chromium (`apt-get install chromium`) and the `dev` extra.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import app  # noqa: E402 - found beside this folder
from qa import QA  # noqa: E402 - app sets the offline switches first

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDE, PHONE = (1280, 800), (390, 844)
DONE = "#conversation .turn:not([data-state=pending])"
ANSWERABLE = "Why did MIT cancel its programme with SenseTime?"
FOLLOW_UP = "How many employees does it have?"
UNANSWERABLE = "Who painted the Mona Lisa?"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Take the screenshots in docs/screenshots.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots", help="folder (default: %(default)s)")
    out: Path = parser.parse_args(argv).out
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("screenshots: no browser: apt-get install chromium", file=sys.stderr)
        return 2
    running = app.serve(QA.load(), port=0)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take(browser, running.url, out)
            browser.close()
    finally:
        running.close()
    for path in sorted(out.glob("*.png")):
        print(f"{path.name} {path.stat().st_size // 1000} kB")
    return 0


def take(browser: Browser, url: str, out: Path) -> None:
    page = opened(browser, url, WIDE)
    page.screenshot(path=out / "empty.png")
    ask(page, ANSWERABLE)
    ask(page, FOLLOW_UP)
    page.screenshot(path=out / "answer.png")

    page = opened(browser, url, WIDE)
    ask(page, UNANSWERABLE)
    page.locator("a.jump").first.click()
    settled(page)
    page.screenshot(path=out / "abstention.png")

    page = opened(browser, url, WIDE, "dark")
    ask(page, ANSWERABLE)
    page.screenshot(path=out / "dark.png")

    page = opened(browser, url, PHONE)
    ask(page, ANSWERABLE)
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
    page.wait_for_selector("#question textarea")
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
