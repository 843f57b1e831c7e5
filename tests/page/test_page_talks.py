"""Conversations: kept in the browser with their citations, renamed, deleted, taken away, judged, linked to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from page_fakes import DONE, PHONE, ask
from playwright.sync_api import Page, expect

from eval.datasets import load
from page.export import escaped
from qa import QA

Open = Callable[..., Page]
FIRST, SECOND = "When was SenseTime founded?", "How many employees does it have?"
WITHOUT_MARKERS = """(sentence) => {
  const copy = sentence.cloneNode(true);
  copy.querySelectorAll(".marker").forEach((marker) => marker.remove());
  return copy.textContent;
}"""
UNANSWERABLE = "Who painted the Mona Lisa?"


def conversations(page: Page) -> list[str]:
    """The names in the list of conversations, which is left open."""
    page.get_by_role("button", name="Conversations").click()
    page.wait_for_selector("#conversations .entries li")
    return page.locator("#conversations .name").all_inner_texts()


def test_a_reload_brings_the_conversation_back_with_its_citations(
    open_page: Open, url: str, qa: QA, size: tuple[int, int]
) -> None:
    """Same answers word for word; a chip of the first leads to its sentence; a follow-up still knows what was asked."""
    page = open_page(url)
    ask(page, FIRST)
    ask(page, SECOND)
    before = page.locator("#conversation").inner_text()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#conversation .turn")).to_have_count(2)  # put back a moment after the page is ready
    assert page.locator("#conversation").inner_text() == before
    page.locator(".turn").first.locator("a.cite").first.click()
    quote = qa.ask(FIRST).citations[0].quote
    assert page.locator(".sentence.cited").first.evaluate(WITHOUT_MARKERS) == quote
    if size == PHONE:
        page.get_by_role("button", name="Back to the answer").click()
    ask(page, "And in which country was it founded?")
    expect(page.locator(".turn").last.locator(".understood")).to_contain_text("SenseTime")


def test_several_conversations_are_renamed_reopened_and_deleted(open_page: Open, url: str) -> None:
    page = open_page(url)
    ask(page, FIRST)
    page.get_by_role("button", name="New", exact=True).click()
    ask(page, UNANSWERABLE)
    assert conversations(page) == [UNANSWERABLE, FIRST]
    item = page.locator("#conversations .entries li", has_text=FIRST)
    item.get_by_role("button", name="Rename").click()
    field = page.get_by_label("Name of the conversation")
    field.fill("<b>Founding</b>")
    field.press("Enter")
    renamed = page.locator("#conversations .open", has_text="<b>Founding</b>")
    renamed.click()
    expect(page.locator("#conversation-title")).to_have_text("<b>Founding</b>")
    expect(page.locator(".question")).to_have_text(FIRST)
    conversations(page)
    item = page.locator("#conversations .entries li", has_text=UNANSWERABLE)
    item.get_by_role("button", name="Delete").click()
    expect(page.locator("#conversations .name")).to_have_count(2)  # asked back first
    item.get_by_role("button", name="Really delete?").click()
    expect(page.locator("#conversations .name")).to_have_text(["<b>Founding</b>"])
    expect(page.get_by_role("heading", name="Conversations")).to_be_focused()


@pytest.mark.parametrize("press", ["double-click", "held-key"])
def test_one_press_does_not_delete(open_page: Open, url: str, press: str) -> None:
    """Nor do two that are meant as one: what is asked back still waits for its answer."""
    page = open_page(url)
    ask(page, FIRST)
    conversations(page)
    delete = page.locator("#conversations").get_by_role("button", name="Delete")
    if press == "double-click":
        delete.dblclick()
    else:
        delete.focus()
        page.keyboard.down("Enter")
        page.keyboard.down("Enter")  # as the keyboard repeats it
        page.keyboard.up("Enter")
    really = page.get_by_role("button", name="Really delete?")
    expect(really).to_be_visible()
    expect(page.locator("#conversations .name")).to_have_count(1)
    really.click()
    expect(page.locator("#conversations .name")).to_have_count(0)


def test_renaming_is_left_without_leaving_the_list(open_page: Open, url: str) -> None:
    """Escape changes nothing and leaves the dialog; Enter that ends a composed character saves nothing yet; after
    either end the focus is in the row."""
    page = open_page(url)
    ask(page, FIRST)
    conversations(page)
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_label("Name of the conversation")
    field.fill("Another")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(page.locator("#conversations .open")).to_be_focused()
    expect(page.locator("#conversations .name")).to_have_text([FIRST])

    page.get_by_role("button", name="Rename").click()
    field.fill("にほ")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    field.press("End")
    field.press_sequentially("ん")
    page.get_by_role("button", name="Save name").click()
    expect(page.locator("#conversations .name")).to_have_text(["にほん"])
    expect(page.get_by_role("button", name="Rename")).to_be_focused()


def test_a_dialog_closes_beside_it_only(open_page: Open, url: str) -> None:
    """Not where it has no text itself, nor when a selection is drawn out of it."""
    page = open_page(url)
    conversations(page)
    dialog = page.get_by_role("dialog", name="Conversations")
    box = dialog.bounding_box()
    assert box
    page.mouse.click(box["x"] + 4, box["y"] + 4)
    expect(dialog).to_be_visible()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(4, 4)
    page.mouse.up()
    expect(dialog).to_be_visible()
    page.mouse.click(4, 4)
    expect(dialog).to_be_hidden()


def test_a_conversation_is_in_its_own_browser_only(open_page: Open, url: str) -> None:
    """Another browser sees nothing of it; another tab of the same one finds it in the list."""
    page = open_page(url)
    ask(page, FIRST)
    stranger = open_page(url)
    assert conversations(stranger) == []
    tab = open_page(url, beside=page)
    expect(tab.locator(".turn")).to_have_count(0)
    assert conversations(tab) == [FIRST]


def test_two_tabs_in_one_conversation_lose_no_message(open_page: Open, url: str) -> None:
    page = open_page(url)
    ask(page, FIRST)
    tab = open_page(url, beside=page)
    conversations(tab)
    tab.locator("#conversations .open").click()
    ask(tab, UNANSWERABLE)
    ask(page, SECOND)
    page.reload()
    expect(page.locator(DONE)).to_have_count(3)


def test_an_answer_is_copied_as_markdown(open_page: Open, url: str, qa: QA) -> None:
    page = open_page(url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, FIRST)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".done").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert escaped(qa.ask(FIRST).citations[0].quote) in copied
    assert "CC BY-SA 4.0" in copied


def test_a_conversation_is_saved_as_markdown(open_page: Open, url: str, qa: QA, tmp_path: Path) -> None:
    page = open_page(url)
    ask(page, FIRST)
    ask(page, SECOND)
    conversations(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save this one as Markdown").click()
    download.value.save_as(tmp_path / "talk.md")
    text = (tmp_path / "talk.md").read_text("utf-8")
    assert download.value.suggested_filename.endswith(".md")
    assert text.index(escaped(FIRST)) < text.index(escaped(SECOND))
    first = qa.ask(FIRST)
    for citation in first.citations:
        assert escaped(citation.quote) in text
    assert "Understood as" in text


def test_a_name_is_one_line_of_markdown(open_page: Open, url: str, tmp_path: Path) -> None:
    """Asked over two lines, then named with what Markdown would read as markup: escaped as the answers are."""
    page = open_page(url)
    ask(page, FIRST.replace(" was ", "\nwas  "))
    expect(page.locator("#conversation-title")).to_have_text(FIRST)
    assert page.locator("#conversation-title").text_content() == FIRST
    conversations(page)
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name of the conversation").fill(" a-b +  *c* ")
    page.get_by_role("button", name="Save name").click()
    expect(page.locator("#conversations .name")).to_have_text(["a-b + *c*"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save this one as Markdown").click()
    download.value.save_as(tmp_path / "talk.md")
    assert (tmp_path / "talk.md").read_text("utf-8").startswith(f"## {escaped('a-b + *c*')}\n\n### ")


def test_a_link_reopens_the_article_at_its_question(open_page: Open, url: str) -> None:
    """Asked once: a reload of the opened page shows the answer and does not ask again."""
    page = open_page(url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, FIRST)
    page.get_by_role("button", name="Link").click()
    expect(page.locator(".done").first).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(url)
    other = open_page(link)
    expect(other.locator(DONE)).to_have_count(1)
    expect(other.locator(".question")).to_have_text(FIRST)
    other.reload()
    other.wait_for_selector("body[data-ready]")
    expect(other.locator(DONE)).to_have_count(1)


@pytest.mark.parametrize(
    ("place", "message"), [("nosuchnosuch/0", "no such article"), ("/9999999", "no article number 9999999")]
)
def test_a_link_to_nothing_says_so_and_shows_what_there_is(open_page: Open, url: str, place: str, message: str) -> None:
    page = open_page(f"{url}?article={place}")
    expect(page.locator("#notice")).to_contain_text(message)
    expect(page.locator(".welcome")).to_be_visible()


def test_a_question_to_an_article_that_is_gone_is_not_asked_of_another(open_page: Open, url: str) -> None:
    """It stands in the box, and the address still leads to it."""
    page = open_page(f"{url}?article=nosuchnosuch/0&q=When+was+it+founded%3F")
    expect(page.locator("#notice")).to_contain_text("no such article")
    expect(page.locator("#question textarea")).to_have_value("When was it founded?")
    expect(page.locator(".turn")).to_have_count(0)
    assert "nosuchnosuch" in page.url
    page.press("#question textarea", "Enter")
    expect(page.locator(DONE)).to_have_count(1)


def test_a_browser_that_keeps_nothing_shows_the_page_and_says_so(open_page: Open, url: str) -> None:
    """Site data is blocked: looking at either store throws. What else is to be said does not take its place."""
    blocked = """for (const store of ["sessionStorage", "indexedDB"]) {
      Object.defineProperty(window, store, { get() { throw new DOMException("blocked", "SecurityError"); } });
    }"""
    page = open_page(f"{url}?article=nosuchnosuch/0", before=blocked)
    expect(page.locator("#notice")).to_contain_text("no such article")
    expect(page.locator("#notice")).to_contain_text("This browser blocks storage")
    ask(page, FIRST)
    expect(page.locator("#notice")).to_be_hidden()
    page.get_by_role("button", name="Good answer").click()
    assert conversations(page) == []
    with page.expect_download():  # of what is on the screen
        page.get_by_role("button", name="Save verdicts").click()
    expect(page.locator("#conversations .done")).to_have_text("1 saved")


def test_what_could_not_be_kept_is_said_where_the_reader_is(open_page: Open, url: str) -> None:
    """The browser gives up every writing after the first one: what is asked then, and a new name."""
    failing = """const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...record) {
      const request = put.apply(this, record);
      if (window.failing) this.transaction.abort();
      return request;
    };"""
    page = open_page(url, before=failing)
    ask(page, FIRST)
    assert conversations(page) == [FIRST]
    page.evaluate("window.failing = true")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("button", name="Save name").click()
    expect(page.locator("#conversations .notice")).to_contain_text("could not be kept")
    page.locator("#conversations .close").click()
    ask(page, SECOND)
    expect(page.locator("#notice")).to_contain_text("could not be kept: save the conversation as Markdown")


def test_conversations_are_kept_after_the_browser_cleared_its_data(open_page: Open, url: str) -> None:
    """It closes what the page had open: the next answer is kept all the same."""
    page = open_page(url)
    ask(page, FIRST)
    wanted = {"origin": url.rstrip("/"), "storageTypes": "indexeddb"}
    page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", wanted)
    page.get_by_role("button", name="New", exact=True).click()
    ask(page, UNANSWERABLE)
    assert conversations(page) == [UNANSWERABLE]


def test_verdicts_are_kept_and_become_an_evaluation_set(open_page: Open, url: str, qa: QA, tmp_path: Path) -> None:
    """A good answer gives its gold, a wrong one only with what would be right; the file loads as a data set."""
    page = open_page(url)
    ask(page, FIRST)
    page.get_by_role("button", name="Good answer").click()
    ask(page, UNANSWERABLE)
    page.locator(".turn").last.get_by_role("button", name="Good answer").click()
    ask(page, "How many employees does SenseTime have?")
    turn = page.locator(".turn").last
    turn.get_by_role("button", name="Wrong answer").click()
    ask(page, "What is the name of SenseTime's chess robot?")
    page.locator(".turn").last.get_by_role("button", name="Wrong answer").click()
    page.locator(".turn").nth(2).get_by_role("button", name="The article does not say").click()
    expect(page.get_by_role("button", name="The article does not say").first).to_be_focused()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.get_by_role("button", name="Good answer").first).to_have_attribute("aria-pressed", "true")
    conversations(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save verdicts on “SenseTime” as an evaluation set").click()
    download.value.save_as(tmp_path / "verdicts.jsonl")
    expect(page.locator("#conversations .done")).to_contain_text("3 saved; 1 marked wrong")
    lines = [json.loads(line) for line in (tmp_path / "verdicts.jsonl").read_text("utf-8").splitlines()]
    assert {line["settings"] for line in lines} == {qa.settings.fingerprint}
    questions = load(tmp_path / "verdicts.jsonl").questions
    assert [q.question for q in questions] == [FIRST, UNANSWERABLE, "How many employees does SenseTime have?"]
    assert [q.answerable for q in questions] == [True, False, False]
    assert questions[0].sentences == (qa.ask(FIRST).citations[0].quote,)


def test_a_pressed_verdict_can_be_read_while_it_is_pointed_at(open_page: Open, url: str) -> None:
    """Its colours stay as they are: what hovering does to other buttons would write accent on accent."""
    colours = "(e) => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    page = open_page(url)
    ask(page, FIRST)
    verdict = page.get_by_role("button", name="Wrong answer")
    verdict.focus()
    page.keyboard.press("Enter")
    for pressed in (verdict, page.get_by_role("button", name="Something else")):
        before = pressed.evaluate(colours)
        pressed.hover()
        assert pressed.evaluate(colours) == before
        assert before[0] != before[1]


def test_a_wrong_abstention_is_noted(open_page: Open, url: str) -> None:
    """There is nothing to choose from: no answer was given, and that the article does not say is what is wrong."""
    page = open_page(url)
    ask(page, UNANSWERABLE)
    page.get_by_role("button", name="Wrong answer").click()
    expect(page.locator(".correction")).to_have_text("Noted: the article does answer this.")
    expect(page.locator(".correction button")).to_have_count(0)
