"""What a reader does in the page, in a real browser: ask, follow citations, be refused, be attacked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from page_fakes import DONE, PHONE, OverlapQA, ask, turn_to
from playwright.sync_api import Page, expect

import app
from index import Article
from qa import QA
from qa.answer import Answer

Open = Callable[..., Page]
ANSWERABLE = "When was SenseTime founded?"
UNANSWERABLE = "Who painted the Mona Lisa?"
#: The text of the marked sentence, without its footnote markers.
CITED_TEXT = """() => [...document.querySelectorAll(".sentence.cited")].map((sentence) => {
  const copy = sentence.cloneNode(true);
  copy.querySelectorAll(".marker").forEach((marker) => marker.remove());
  return copy.textContent;
}).join(" ")"""
#: Whether the marked sentence lies within the part of the article that is on the screen.
CITED_IN_VIEW = """() => {
  const pane = document.querySelector("#reader").getBoundingClientRect();
  const box = document.querySelector(".sentence.cited")?.getBoundingClientRect();
  return !!box && box.height > 0 && box.top >= pane.top && box.bottom <= pane.bottom + 1;
}"""


def quote(page: Page) -> str:
    """The text of the last answer's first quote, as shown."""
    return (
        page.locator(".turn")
        .last.locator(".quote p")
        .first.evaluate(
            "p => [...p.childNodes].filter(n => !n.classList?.contains('cite')).map(n => n.textContent).join('').trim()"
        )
    )


def test_a_citation_leads_to_its_sentence_and_its_footnotes(
    open_page: Open, url: str, qa: QA, size: tuple[int, int]
) -> None:
    """Ask, see the answer, click [1]: that sentence is marked and on the screen, with its own footnotes."""
    citation = qa.ask(ANSWERABLE).citations[0]
    page = open_page(url)
    ask(page, ANSWERABLE)
    expect(page.locator(".confidence")).to_contain_text("%")
    expect(page.locator(".verdict .seconds")).to_contain_text("s")
    assert quote(page) == citation.quote

    page.locator("a.cite").first.click()
    page.wait_for_function(CITED_IN_VIEW)
    assert page.evaluate(CITED_TEXT) == citation.quote
    expect(page.locator(".cited-paragraph")).to_have_attribute("id", f"para-{citation.paragraph.id}")
    card = page.locator("#evidence")
    expect(card).to_be_visible()
    expect(card.locator("li")).to_have_count(len(citation.references))
    if not citation.references:
        expect(card).to_contain_text("No footnote on this sentence")
    for reference in citation.references:
        for field in (reference.title, reference.publisher, reference.date):
            if field:
                expect(card).to_contain_text(field)
        for address in (reference.url, reference.archive_url):
            if address:
                link = card.locator(f'a[href="{address}"]')
                expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
                expect(link).to_have_attribute("target", "_blank")
    if citation.url:
        expect(card.get_by_role("link", name="Live article")).to_have_attribute("href", citation.url)
    assert page.url.rstrip("/") == url, "following a citation must not navigate"

    if size == PHONE:
        page.get_by_role("button", name="Back to the answer").click()
        expect(page.locator("#chat")).to_be_visible()
        expect(page.locator("#reading")).to_be_hidden()


def test_the_exact_answer_is_marked_in_the_article(open_page: Open, url: str, qa: QA) -> None:
    question = "How many employees does SenseTime have?"
    short = qa.ask(question).short
    assert short
    page = open_page(url)
    ask(page, question)
    page.locator("a.cite").first.click()
    assert page.evaluate("[...CSS.highlights.get('short-answer')].map(String).join()") == short


def test_an_abstention_shows_why_and_the_closest_passages(open_page: Open, url: str, qa: QA) -> None:
    answer = qa.ask(UNANSWERABLE)
    assert answer.abstained
    page = open_page(url)
    ask(page, UNANSWERABLE)
    turn = page.locator(".turn").last
    expect(turn).to_have_attribute("data-state", "abstained")
    expect(turn).to_contain_text(answer.reason or "")
    expect(turn.locator("a.jump")).to_have_count(min(3, len(answer.passages)))
    turn.locator("a.jump").first.click()
    page.wait_for_function("document.querySelectorAll('.sentence.cited').length > 0")
    cited = page.locator(".cited-paragraph").first
    expect(cited).to_have_attribute("id", f"para-{answer.passages[0].paragraph.id}")


def test_a_follow_up_is_understood_from_the_question_before(open_page: Open, url: str, qa: QA) -> None:
    first = qa.ask("Who founded SenseTime?")
    second = qa.ask("When was it founded?", history=[first])
    assert second.standalone_question != second.question
    page = open_page(url)
    ask(page, first.question)
    ask(page, second.question)
    expect(page.locator(".turn").last.locator(".understood")).to_contain_text(second.standalone_question)
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".starters")).to_be_visible()


def test_a_starter_asks_its_question(open_page: Open, url: str) -> None:
    page = open_page(url)
    starter = page.locator("button.starter").first
    question = starter.inner_text()
    starter.click()
    expect(page.locator(DONE)).to_have_count(1)
    expect(page.locator(".question")).to_have_text(question)
    expect(page.locator(".starters")).to_have_count(0)


def test_keys_reach_the_box_step_through_citations_and_clear(open_page: Open, url: str) -> None:
    page = open_page(url)
    ask(page, ANSWERABLE)
    ask(page, "How many employees does SenseTime have?")
    page.keyboard.press("Escape")
    expect(page.locator(".sentence.cited")).to_have_count(0)
    page.keyboard.press("]")
    first = page.evaluate(CITED_TEXT)
    page.keyboard.press("]")
    assert page.evaluate(CITED_TEXT) not in ("", first)
    page.keyboard.press("[")
    assert page.evaluate(CITED_TEXT) == first
    page.keyboard.press("Escape")
    expect(page.locator(".sentence.cited")).to_have_count(0)
    turn_to(page, "Article")
    expect(page.locator("#evidence .hint")).to_be_visible()
    turn_to(page, "Answers")
    page.keyboard.press("/")
    page.keyboard.type("a [ and a / in a question")
    expect(page.locator("#question textarea")).to_have_value("a [ and a / in a question")


@pytest.mark.parametrize("question", ["", "   ", "why " * 5000], ids=["empty", "blank", "long"])
def test_a_question_that_cannot_be_asked_gets_a_readable_message(open_page: Open, url: str, question: str) -> None:
    page = open_page(url)
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(page.locator("#notice")).to_contain_text("question")
    expect(page.locator("#question textarea")).to_have_value(question)
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, ANSWERABLE)
    expect(page.locator("#notice")).to_be_hidden()


def test_a_refused_question_leaves_the_marked_sentence(open_page: Open, url: str) -> None:
    page = open_page(url)
    ask(page, ANSWERABLE)
    page.locator("a.cite").first.click()
    cited = page.evaluate(CITED_TEXT)
    turn_to(page, "Answers")
    page.fill("#question textarea", "why " * 5000)
    page.press("#question textarea", "Enter")
    expect(page.locator("#notice")).to_be_in_viewport()
    assert page.evaluate(CITED_TEXT) == cited != ""
    expect(page.locator("a.cite.followed")).to_have_count(1)


def test_an_unexpected_error_shows_no_detail(open_page: Open, hostile_url: str) -> None:
    page = open_page(hostile_url)
    page.fill("#question textarea", "break")
    page.press("#question textarea", "Enter")
    expect(page.locator("#notice")).to_contain_text("Something went wrong")
    assert "secret detail" not in page.content()


def test_a_program_that_has_stopped_is_named(open_page: Open) -> None:
    """The question stays in the box, the page is as it was."""
    qa = OverlapQA(Article.from_paragraphs("T", ["The mill was built in 1874."]))
    running = app.serve(qa, port=0)  # type: ignore[arg-type]
    page = open_page(running.url)
    running.close()
    page.fill("#question textarea", "When was the mill built?")
    page.press("#question textarea", "Enter")
    expect(page.locator("#notice")).to_contain_text("Is the program still running?")
    expect(page.locator("#question textarea")).to_have_value("When was the mill built?")
    expect(page.locator(".welcome")).to_be_visible()


def test_a_program_that_is_back_goes_on_where_the_page_was(open_page: Open) -> None:
    """Restarted at the same address: what was said and what was typed are there, and asking works, without a reload."""
    qa = OverlapQA(Article.from_paragraphs("T", ["The mill was built in 1874.", "The mill was closed in 1931."]))
    running = app.serve(qa, port=0)  # type: ignore[arg-type]
    page = open_page(running.url)
    ask(page, "When was the mill built?")
    running.close()
    page.fill("#question textarea", "When was the mill closed?")
    page.press("#question textarea", "Enter")
    expect(page.locator("#notice")).to_contain_text("Is the program still running?")
    again = app.serve(qa, port=int(running.url.rstrip("/").rpartition(":")[2]))  # type: ignore[arg-type]
    try:
        expect(page.locator("#notice")).to_be_hidden(timeout=20_000)
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#question textarea")).to_have_value("When was the mill closed?")
        expect(page.locator(DONE)).to_have_count(1)
        page.press("#question textarea", "Enter")
        expect(page.locator(DONE)).to_have_count(2)
        expect(page.locator(".turn").last).to_contain_text("1931")
    finally:
        again.close()


@pytest.mark.parametrize("answered", [False, True], ids=["at-once", "when-answered"])
def test_enter_twice_asks_once(open_page: Open, url: str, answered: bool) -> None:
    """Answers take tens of milliseconds: the second press may come before or after one."""
    page = open_page(url)
    page.fill("#question textarea", ANSWERABLE)
    page.press("#question textarea", "Enter")
    if answered:
        expect(page.locator(DONE)).to_have_count(1)
    page.press("#question textarea", "Enter")
    expect(page.locator(DONE)).to_have_count(1)
    page.wait_for_timeout(500)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#notice")).to_be_hidden()


class SlowQA(OverlapQA):
    """Answers once `may_answer` is set."""

    def __init__(self, article: Article) -> None:
        super().__init__(article)
        self.may_answer = threading.Event()

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        self.may_answer.wait(60)
        return super().ask(question, history)


@pytest.fixture
def waiting(open_page: Open) -> Iterator[tuple[Page, SlowQA]]:
    """A page with one answer, whose second question is being answered."""
    qa = SlowQA(Article.from_paragraphs("T", ["The mill was built in 1874.", "The mill was closed in 1931."]))
    qa.may_answer.set()
    running = app.serve(qa, port=0)  # type: ignore[arg-type]
    try:
        page = open_page(running.url)
        asks = page.get_by_role("button", name="Ask", exact=True)
        ask(page, "When was the mill built?")
        expect(asks).to_be_enabled()
        qa.may_answer.clear()
        page.fill("#question textarea", "When was the mill closed?")
        page.press("#question textarea", "Enter")
        expect(asks).to_be_disabled()
        yield page, qa
    finally:
        qa.may_answer.set()
        running.close()


def test_an_answer_that_is_waited_for_comes_to_its_conversation(waiting: tuple[Page, SlowQA]) -> None:
    """Meanwhile nothing else can be asked, which the buttons show; the conversation may be left and reopened."""
    page, qa = waiting
    asks = page.get_by_role("button", name="Ask", exact=True)
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator("button.starter").first).to_be_disabled()
    page.get_by_role("button", name="Conversations").click()
    page.locator("#conversations .open").click()
    expect(page.locator(".turn[data-state=pending]")).to_have_count(1)
    qa.may_answer.set()
    expect(page.locator(DONE)).to_have_count(2)
    expect(page.locator(".turn").last).to_contain_text("1931")
    expect(asks).to_be_enabled()
    page.reload()
    expect(page.locator(DONE)).to_have_count(2)


def test_a_conversation_deleted_while_it_waits_stays_deleted(waiting: tuple[Page, SlowQA]) -> None:
    """The answer to its second question comes later, and does not bring it back."""
    page, qa = waiting
    asks = page.get_by_role("button", name="Ask", exact=True)
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Really delete?").click()
    expect(page.locator("#conversations .name")).to_have_count(0)
    page.locator("#conversations .close").click()
    qa.may_answer.set()
    expect(asks).to_be_enabled()
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#conversations .hint", has_text="None yet")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_motion_is_left_out_for_those_who_ask(open_page: Open, url: str) -> None:
    """With reduced motion the sentence is in place as soon as the click is handled."""
    page = open_page(url, reduced_motion="reduce")
    ask(page, "What is a golden share?")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#reader').scrollTop = 1e6")
    page.locator("a:is(.cite, .jump)").first.click()
    assert page.evaluate(CITED_IN_VIEW)
