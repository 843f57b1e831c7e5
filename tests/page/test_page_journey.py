"""One reader's whole visit, at both sizes and in both colour schemes: every part of the page once, in a row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_fakes import EVERY_LOOK, ask, choose, turn_to
from playwright.sync_api import Page, expect

from qa import QA

Open = Callable[..., Page]
WIKITEXT = """The mill of Hulme was built in 1874.{{citation needed}}
{|
! Year !! Wool
|-
| 1880 || 12 t
|}
"""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


@pytest.mark.parametrize("look", EVERY_LOOK.values(), ids=EVERY_LOOK.keys(), indirect=True)
def test_a_whole_visit(open_page: Open, url: str, qa: QA, size: tuple[int, int], scheme: str) -> None:
    page = open_page(url, permissions=["clipboard-read", "clipboard-write"])
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 23, 21)"
    assert dark is (scheme == "dark")
    short = qa.ask("How many employees does SenseTime have?").short or ""
    asks(page, short)
    reads(page, short)
    turn_to(page, "Answers")
    judges_and_copies(page)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".turn")).to_have_count(3)
    press(page, "New")
    expect(page.locator(".welcome")).to_be_visible()
    brings_and_deletes(page)
    reopens(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def asks(page: Page, short: str) -> None:
    """An answer, a follow-up with a short answer, an abstention."""
    ask(page, "When was SenseTime founded?")
    ask(page, "How many employees does it have?")
    turn = page.locator(".turn").last
    expect(turn.locator(".short")).to_have_text(short)
    expect(turn.locator(".understood")).to_contain_text("SenseTime")
    turn.locator(".confidence").focus()
    expect(turn.locator(".percent")).to_have_css("opacity", "1")
    ask(page, "Who painted the Mona Lisa?")
    expect(page.locator(".turn").last.locator("a.jump").first).to_be_visible()


def reads(page: Page, short: str) -> None:
    """The second answer's citation: its exact words marked, its footnotes, a footnote's card; back; the contents."""
    page.locator(".turn").nth(1).locator("a.cite").first.click()
    expect(page.locator(".sentence.cited")).to_be_in_viewport()
    assert page.evaluate("[...CSS.highlights.get('short-answer')].map(String).join()") == short
    expect(page.locator("#evidence .evidence-notes li")).not_to_have_count(0)
    page.locator(".sentence.cited .note-link").first.click()
    expect(page.locator("#card")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    press(page, "Previous citation")
    before, every = page.locator(".turn").first.locator("a.cite").count(), page.locator("a.cite").count()
    expect(page.locator("#position")).to_have_text(f"{before} of {every}")
    page.locator(".contents summary").click()
    page.locator(".contents a").last.click()


def judges_and_copies(page: Page) -> None:
    turn = page.locator(".turn").first
    turn.locator(".why summary").click()
    expect(turn.locator(".scores tbody tr")).not_to_have_count(0)
    turn.get_by_role("button", name="Good answer").click()
    expect(turn.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    turn.get_by_role("button", name="Copy").click()
    expect(turn.locator(".done")).to_have_text("Copied")


def brings_and_deletes(page: Page) -> None:
    """An article of one's own: brought, asked, cited, deleted."""
    turn_to(page, "Article")
    choose(page)
    page.locator("#file").set_input_files({"name": "Mill.txt", "mimeType": "text/plain", "buffer": WIKITEXT.encode()})
    expect(page.locator("#article-title")).to_have_text("Mill")
    expect(page.locator("#reader .trust-mark")).to_contain_text("citation needed")
    turn_to(page, "Answers")
    ask(page, "How much wool in 1880?")
    page.locator("a:is(.cite, .jump)").first.click()
    expect(page.locator(".sentence.cited").first).to_be_visible()
    choose(page)
    page.locator("#articles").get_by_role("button", name="Delete").click()
    page.locator("#articles").get_by_role("button", name="Really delete?").click()
    expect(page.locator("#articles .name")).to_have_text(["SenseTime"])
    page.locator("#articles .close").click()


def reopens(page: Page) -> None:
    """The first conversation again, its citations intact."""
    turn_to(page, "Answers")
    press(page, "Conversations")
    page.locator("#conversations .open", has_text="When was SenseTime founded?").click()
    page.locator(".turn").first.locator("a.cite").first.click()
    expect(page.locator(".sentence.cited").first).to_be_in_viewport()
