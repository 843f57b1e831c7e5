"""Reading: footnote cards, previews, next and previous, contents, text found in the article, the why view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from page_fakes import WIDE, OverlapQA, ask, turn_to
from playwright.sync_api import Page, expect

import app
from index import parse_article
from qa import QA

Open = Callable[..., Page]

WIKITEXT = """{{Infobox town|population=900<ref>{{cite web|url=https://count.example|title=Count|publisher=Office
|date=3 May 2001|archive-url=https://kept.example/count|url-status=dead}}</ref>}}
'''Hulme''' has a mill.{{citation needed}} The mill was built in 1874.

== Trade ==
{|
|+ Goods
! Year !! Wool !! Iron
|-
| 1880 || 12 t || 3 t
|-
| 1890 || 15 t || 9 t
|}
=== Fairs ===
* Spring
** Wool fair
* Autumn
== Decline ==
The mill was closed in 1931 by its owners.<ref>Town records</ref>
"""


@pytest.fixture(scope="module")
def town() -> Iterator[str]:
    running = app.serve(QA.from_articles([parse_article(WIKITEXT, "Hulme")]), port=0)
    yield running.url
    running.close()


def test_a_footnote_marker_opens_its_card(open_page: Open, town: str, size: tuple[int, int]) -> None:
    """Title, publisher, date, both links and the dead one named; Escape gives the focus back."""
    page = open_page(town)
    turn_to(page, "Article")
    marker = page.get_by_role("link", name="Footnote 1, its link no longer works")
    marker.click()
    card = page.get_by_role("dialog", name="Footnote 1")
    for said in ("Count", "Office", "3 May 2001", "link no longer works"):
        expect(card).to_contain_text(said)
    for address in ("https://count.example", "https://kept.example/count"):
        link = card.locator(f'a[href="{address}"]')
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
        expect(link).to_have_attribute("target", "_blank")
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(marker).to_be_focused()


def test_a_card_that_the_keyboard_opened_has_the_focus(open_page: Open, town: str) -> None:
    """Its first link, or its button where it has none; however it is closed, its marker has it again."""
    page = open_page(town)
    turn_to(page, "Article")
    for name, within in (("Footnote 1, its link no longer works", "source"), ("Footnote 2", "Close")):
        marker, card = page.get_by_role("link", name=name), page.locator("#card")
        marker.press("Enter")
        expect(card.locator("a, button").first).to_be_focused()
        expect(card.locator("a, button").first).to_contain_text(within)
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        expect(marker).to_be_focused()
        marker.press("Enter")
        card.get_by_role("button", name="Close").press("Enter")
        expect(card).to_be_hidden()
        expect(marker).to_be_focused()


def test_a_dead_footnotes_number_stays_legible(open_page: Open, town: str) -> None:
    page = open_page(town)
    turn_to(page, "Article")
    marker = page.get_by_role("link", name="Footnote 1, its link no longer works")
    expect(marker).to_have_css("text-decoration-line", "underline")
    expect(marker).to_have_css("text-decoration-style", "dotted")


def test_trust_marks_and_missing_footnotes_are_visible(open_page: Open, town: str) -> None:
    page = open_page(town)
    expect(page.locator("#reader .trust-mark")).to_contain_text("citation needed")
    ask(page, "When was the mill built?")
    expect(page.locator(".turn").last).to_contain_text("no footnote on this sentence")
    page.locator("a.cite").first.click()
    expect(page.locator("#evidence")).to_contain_text("No footnote on this sentence")


def test_the_article_is_typeset_as_one(open_page: Open, town: str, size: tuple[int, int]) -> None:
    """A fact box beside or above the text, a table with columns, lists in lists, headings that contents lead to."""
    page = open_page(town)
    turn_to(page, "Article")
    box, text = page.locator(".infobox").bounding_box(), page.locator(".article > p").first.bounding_box()
    assert box
    assert text
    assert box["x"] > text["x"] + 200 if size == WIDE else box["y"] + box["height"] <= text["y"]
    assert page.locator("#reader thead th").all_inner_texts() == ["Year", "Wool", "Iron"]
    expect(page.locator("#reader tbody tr")).to_have_count(2)
    expect(page.locator("#reader li li")).to_have_text("Wool fair")
    page.locator(".contents summary").click()
    assert page.locator(".contents a").all_inner_texts() == ["Trade", "Fairs", "Decline"]
    page.locator(".contents a", has_text="Decline").click()
    expect(page.get_by_role("heading", name="Decline")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Decline")).to_be_focused()
    assert "#" not in page.url


def test_a_table_row_is_cited_as_a_row(open_page: Open, town: str) -> None:
    """All its cells are marked, and read out with their headers."""
    page = open_page(town)
    ask(page, "How much iron in 1890?")
    page.locator("a.cite").first.click()
    expect(page.locator("tr.cited")).to_have_count(1)
    assert page.locator("tr.cited").evaluate("e => e.textContent") == "Goods: Year: 1890; Wool: 15 t; Iron: 9 t"


def test_the_answer_in_a_wide_table_is_brought_into_view(open_page: Open, size: tuple[int, int]) -> None:
    """Its cell is the last of a row that no window holds: the table is scrolled sideways to it."""
    columns = [f"Owner{i}" for i in range(30)]
    table = f"! Mill !! {' !! '.join(columns)} !! Opened\n|-\n| Hulme || {' || '.join(columns)} || May 1999"
    qa = OverlapQA(parse_article(f"Mills are many.\n{{|\n{table}\n|}}", "Mills"))
    running = app.serve(qa, port=0)  # type: ignore[arg-type]
    try:
        page = open_page(running.url, reduced_motion="reduce")
        ask(page, "When was Hulme opened?")
        page.locator("a.cite").first.click()
        expect(page.locator("tr.cited")).to_be_visible()
        left, right, end = page.evaluate(
            """() => {
              const table = document.querySelector("#reader .table").getBoundingClientRect();
              const words = [...CSS.highlights.get("short-answer")][0].getBoundingClientRect();
              return [words.left - table.left, words.right - table.left, table.width];
            }"""
        )
        assert 0 <= left < right <= end < size[0]
    finally:
        running.close()


def test_hovering_or_focusing_a_chip_previews_the_sentence(open_page: Open, town: str) -> None:
    page = open_page(town)
    ask(page, "When was the mill built?")
    chip = page.locator("a.cite").first
    chip.hover()
    tip = page.get_by_role("tooltip")
    expect(tip).to_have_text("The mill was built in 1874.")
    expect(chip).to_have_attribute("aria-describedby", "card")
    page.mouse.move(5, 400)
    expect(tip).to_be_hidden()
    chip.focus()
    expect(tip).to_be_visible()


def test_buttons_step_through_the_citations(open_page: Open, town: str) -> None:
    page = open_page(town)
    turn_to(page, "Article")
    expect(page.locator("#position")).to_have_text("no citations")
    expect(page.get_by_role("button", name="Next citation")).to_be_disabled()
    expect(page.get_by_role("button", name="Next citation")).to_have_css("opacity", "0.45")
    ask(page, "When was the mill built?")
    ask(page, "When was the mill closed?")
    chips = page.locator("a.cite").count()
    turn_to(page, "Article")
    page.get_by_role("button", name="Previous citation").click()
    places = {page.locator("#position").inner_text()}
    for _ in range(chips - 1):
        page.get_by_role("button", name="Next citation").click()
        places.add(page.locator("#position").inner_text())
    assert places == {f"{i + 1} of {chips}" for i in range(chips)}


def test_text_selected_in_an_answer_is_found_in_the_article(open_page: Open, town: str) -> None:
    """Selected from a quote: the place in the cited sentence comes first, other places one step on."""
    page = open_page(town)
    ask(page, "When was the mill closed?")
    page.evaluate(
        """() => {
          const node = document.querySelector(".quote p").firstChild;
          const range = new Range();
          range.setStart(node, 4);
          range.setEnd(node, 8);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    finder = page.get_by_role("button", name="Find in the article")
    expect(finder).to_be_visible()
    finder.click()
    expect(page.locator("#evidence")).to_contain_text("“mill” stands 3 times in the article; this is 3")
    shown = "[...CSS.highlights.get('short-answer')].map((r) => r.startContainer.data).join()"
    assert "1931" in page.evaluate(shown)
    page.get_by_role("button", name="Next place").click()
    assert "has a mill" in page.evaluate(shown)
    page.keyboard.press("Escape")
    assert page.evaluate("CSS.highlights.has('found')") is False


def test_text_that_is_not_in_the_article_is_said_to_be_missing(open_page: Open, town: str) -> None:
    page = open_page(town)
    ask(page, "When was the mill closed?")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.question'))")
    page.get_by_role("button", name="Find in the article").click()
    expect(page.locator("#evidence")).to_contain_text("is not in this article")


def test_why_shows_the_passages_their_scores_and_the_time(open_page: Open, town: str) -> None:
    page = open_page(town)
    ask(page, "When was the mill closed?")
    page.locator(".why summary").click()
    scores = page.get_by_role("region", name="Passages considered")
    heads = scores.locator("thead th").all_inner_texts()
    assert heads[:4] == ["passage", "meaning", "words", "both"]
    expect(scores.locator("tbody tr.used")).not_to_have_count(0)
    for stage in ("retrieve", "read", "cite"):
        expect(page.locator(".stages")).to_contain_text(stage)
    widths = scores.locator("tbody tr").first.locator(".part").evaluate_all("all => all.map((r) => r.getBBox().width)")
    assert max(widths) == 100
    scores.locator("a.seen").last.click()
    expect(page.locator(".cited-paragraph")).to_be_in_viewport()


def test_nothing_above_an_answer_moves_when_it_arrives(open_page: Open, town: str) -> None:
    """The question stands at one height in every frame, and what the browser reports as layout shift is near none."""
    page = open_page(town)
    ask(page, "When was the mill built?")
    page.evaluate(
        """() => {
          window.shift = 0;
          window.tops = new Set();
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shift += entry.value;
          }).observe({ type: "layout-shift" });
          const look = () => {
            const turns = document.querySelectorAll(".turn");
            if (turns.length > 1) window.tops.add(turns[1].querySelector(".question").getBoundingClientRect().top);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    ask(page, "When was the mill closed?")
    page.wait_for_timeout(300)
    assert page.evaluate("window.tops.size") == 1
    assert page.evaluate("window.shift") < 0.1


def test_no_rule_lies_under_the_bars_own(open_page: Open, town: str) -> None:
    """The newest turn begins right under the bar, and the rule above it is out of sight."""
    page = open_page(town)
    ask(page, "When was the mill built?")
    ask(page, "When was the mill closed?")
    newest = page.locator(".turn").last
    expect(newest).to_have_css("border-top-width", "0px")
    expect(page.locator(".turn").first).to_have_css("border-bottom-width", "1px")
    top = "(e) => e.getBoundingClientRect().top - document.querySelector('#conversation').getBoundingClientRect().top"
    assert abs(newest.evaluate(top)) < 1
