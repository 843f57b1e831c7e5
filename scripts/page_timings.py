"""The real page in a real browser → how long a reader waits: first render, an answer, a citation followed.

Run as `python scripts/page_timings.py [--article PATH] [--times N]`. The page itself marks the moments
(`performance.measure` in `page/script.js`): from Enter until the answer has been drawn, from a click on a
citation until its sentence has been marked, and until that has been drawn. Medians and the largest of N,
in milliseconds. Needs Chromium (`apt-get install chromium`) and the `dev` extra.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from screenshots import FLAGS, WIDE, ask  # noqa: E402 - the same browser, asked in the same way

import app  # noqa: E402 - found beside this folder
from page.starters import starters  # noqa: E402
from qa import QA  # noqa: E402 - app sets the offline switches first

DRAWN = """() => {
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  return painted ? painted.startTime : null;
}"""
MEASURES = """() => performance.getEntriesByType("measure").map((m) => [m.name, m.duration])"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Time what a reader of the page waits for.")
    parser.add_argument("--article", help="wikitext file or index directory (default: built-in article)")
    parser.add_argument("--times", type=int, default=5, help="pages opened (default: %(default)s)")
    options = parser.parse_args(argv)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("page_timings: no browser: apt-get install chromium", file=sys.stderr)
        return 2
    qa = QA.load(options.article)
    running = app.serve(qa, port=0)
    seen: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for _ in range(options.times):
            page = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}).new_page()
            for name, milliseconds in timed(page, running.url, starters(qa.articles[0])):
                seen.setdefault(name, []).append(milliseconds)
            page.context.close()
        browser.close()
    running.close()
    print(f"{qa.articles[0].title}: {len(qa.articles[0].source.encode()) / 1000:.0f} kB of wikitext")
    for name, values in seen.items():
        print(f"{name:24} median {median(values):6.0f} ms  largest {max(values):6.0f} ms  of {len(values)}")
    return 0


def timed(page: Page, url: str, questions: Sequence[str]) -> list[tuple[str, float]]:
    """(what, milliseconds) of one visit: opened, two questions asked, every citation followed."""
    started = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("body[data-ready]")
    found = [("usable", 1000 * (time.perf_counter() - started)), ("first paint", page.evaluate(DRAWN))]
    for question in questions[:2]:
        ask(page, question)
    # A click in the browser itself: the time that a test's own messages take is no part of it.
    for i in range(page.locator("a:is(.cite, .jump)").count()):
        page.locator("a:is(.cite, .jump)").nth(i).evaluate("link => link.click()")
        page.wait_for_timeout(400)
    found += [(name.removeprefix("footnote:"), duration) for name, duration in page.evaluate(MEASURES)]
    return found


if __name__ == "__main__":
    sys.exit(main())
