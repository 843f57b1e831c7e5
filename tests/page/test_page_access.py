"""Anyone can use it and nothing can abuse it: axe, contrast, keyboard, narrow windows, hostile text, requests.

Every state is tried at both sizes and in both colour schemes. `open_page` itself fails a test whose page
asks for anything beyond this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_fakes import EVERY_LOOK, HOSTILE, WIDE, OverlapQA, ask, choose, turn_to
from playwright.sync_api import Page, expect

import app
from index import Article, parse_article
from qa.settings import Settings

Open = Callable[..., Page]
ANSWERABLE, UNANSWERABLE = "When was SenseTime founded?", "Who painted the Mona Lisa?"


def empty(page: Page) -> None:
    """As it is opened."""


def answered(page: Page) -> None:
    """Two answers and an abstention, one being judged wrong, the why view open."""
    ask(page, ANSWERABLE)
    ask(page, UNANSWERABLE)
    ask(page, "How many employees does SenseTime have?")
    page.locator(".turn").last.get_by_role("button", name="Wrong answer").click()
    page.locator(".why summary").last.click()


def reading(page: Page) -> None:
    """A sentence cited, a footnote's card open, the contents open."""
    ask(page, ANSWERABLE)
    page.locator("a.cite").first.click()
    page.locator(".contents summary").click()
    page.locator("#reader .note-link").first.click()
    expect(page.locator("#card")).to_be_visible()


def listing(page: Page) -> None:
    """The conversations, one being renamed."""
    ask(page, ANSWERABLE)
    page.get_by_role("button", name="Conversations").click()
    page.locator("#conversations").get_by_role("button", name="Rename").click()


def choosing(page: Page) -> None:
    """The articles, with something wrong about a file."""
    turn_to(page, "Article")
    choose(page)
    page.locator("#file").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"x"})
    expect(page.locator("#articles .notice")).to_contain_text("x.png")


STATES = [empty, answered, reading, listing, choosing]


@pytest.mark.parametrize("look", EVERY_LOOK.values(), ids=EVERY_LOOK.keys(), indirect=True)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_no_serious_violation(
    open_page: Open, url: str, state: Callable[[Page], None], size: tuple[int, int], scheme: str
) -> None:
    """Names, roles, focus order, contrast: no violation that axe-core calls serious or critical; nothing too wide."""
    page = open_page(url, reduced_motion="reduce")
    state(page)
    found = Axe().run(page).response["violations"]
    bad = [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert bad == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_text_that_axe_cannot_judge_has_contrast_too(open_page: Open, url: str, scheme: str) -> None:
    """The confidence's number while it is pointed at, and the marked sentence: 4.5 to 1 at least."""
    page = open_page(url)
    ask(page, "How many employees does SenseTime have?")
    page.locator("a.cite").first.click()
    expect(page.locator(".sentence.cited").first).to_be_visible()
    turn_to(page, "Answers")
    page.locator(".confidence").hover()
    ratios = page.evaluate(
        """() => {
          const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = (e) => {
            for (; e; e = e.parentElement) {
              const colour = rgb(getComputedStyle(e).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) return colour;
            }
            return [255, 255, 255];
          };
          const ratio = (e, back) => {
            const [a, b] = [luminance(rgb(getComputedStyle(e).color)), luminance(back)].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05);
          };
          const cited = document.querySelector(".sentence.cited");
          const style = getComputedStyle(document.documentElement);
          const answer = style.getPropertyValue("--answer").match(/[0-9a-f]{2}/gi).map((h) => parseInt(h, 16));
          const percent = document.querySelector(".percent");
          return {
            percent: ratio(percent, behind(percent)),
            cited: ratio(cited, behind(cited)),
            answer: ratio(cited, answer),
            link: ratio(cited.querySelector(".marker a") || cited, behind(cited)),
          };
        }"""
    )
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}


def test_everything_can_be_done_with_the_keyboard(open_page: Open, url: str, size: tuple[int, int]) -> None:
    """Ask, reach the chip, follow it, come back, open and close a dialog: no mouse."""
    page = open_page(url)
    if size != WIDE:  # the box has the focus, but where that would open a keyboard over half of the page
        page.keyboard.press("/")
    page.keyboard.type(ANSWERABLE)
    page.keyboard.press("Enter")
    expect(page.locator(".turn[data-state=answered]")).to_have_count(1)
    chip = page.locator("a.cite").first
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if chip.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".sentence.cited").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".sentence.cited")).to_have_count(0)
    expect(chip).to_be_focused()
    opener = page.get_by_role("button", name="Conversations")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Conversations")).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#question textarea")).to_be_focused()


def test_the_focus_goes_in_the_order_of_the_page(open_page: Open, url: str, size: tuple[int, int]) -> None:
    """Skip link, then the question's side from top to bottom, then the article's, where it is beside it."""
    page = open_page(url)
    # A browser goes on from where the focus was, so it starts at the very beginning.
    page.evaluate("document.body.tabIndex = -1, document.body.focus()")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(e => e.matches('#question textarea') ? 'question' : e.id || e.className)(document.activeElement)"
            )
        )
    wanted = ["skip", "open-conversations", "new-conversation", "starter", "question"]
    wanted += ["open-articles"] if size == WIDE else []
    assert [name for name in dict.fromkeys(seen) if name in wanted] == wanted


def test_the_skip_link_leads_to_the_question(open_page: Open, url: str) -> None:
    """Also where the address has a query, which a plain link of Gradio's document would leave."""
    page = open_page(url)
    page.evaluate("history.replaceState(null, '', '?article=' + document.querySelector('#reader').dataset.place)")
    before = page.url
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea")).to_be_focused()
    assert page.url == before
    turn_to(page, "Article")  # which hides the question in a narrow window
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea")).to_be_focused()


def test_the_keyboard_goes_on_where_it_was(open_page: Open, url: str) -> None:
    """The pager's button keeps the focus from press to press; leaving the footnotes gives it back to the citation."""
    page = open_page(url)
    ask(page, ANSWERABLE)
    ask(page, "How many employees does SenseTime have?")
    page.keyboard.press("Escape")
    turn_to(page, "Article")
    following = page.get_by_role("button", name="Next citation")
    following.focus()
    for number in (1, 2):
        page.keyboard.press("Enter")
        expect(page.locator("#position")).to_contain_text(f"{number} of")
        expect(following).to_be_focused()
    page.locator("#evidence .evidence-bar button").press("Enter")
    expect(page.locator("a.cite").nth(1)).to_be_focused()
    expect(page.locator("#card")).to_be_hidden()
    expect(page.locator("#evidence .evidence-bar")).to_have_count(0)


def test_a_bracket_that_is_typed_with_option_steps_too(open_page: Open, url: str) -> None:
    """As on German, French and Spanish keyboards of a Mac."""
    page = open_page(url)
    ask(page, ANSWERABLE)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+]")
    expect(page.locator("a.cite.followed")).to_have_count(1)


def test_every_control_has_a_name(open_page: Open, url: str) -> None:
    """All but the region that Gradio keeps for announcements, empty while it has none."""
    page = open_page(url)
    ask(page, ANSWERABLE)
    choose(page)
    nameless = page.evaluate(
        """() => {
          const controls = [...document.querySelectorAll("button, input, textarea, a[href], [role]")];
          const named = (e) =>
            e.ariaLabel || e.textContent.trim() || e.labels?.length || e.hasAttribute("aria-labelledby");
          const gradios = (e) => e.matches(".sr-only[role=status]");
          const nameless = controls.filter((e) => e.checkVisibility() && !named(e) && !gradios(e));
          return nameless.map((e) => e.outerHTML.slice(0, 100));
        }"""
    )
    assert nameless == []


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An article that attacks with all of it: title, text, heading, table, fact, its footnotes' addresses."""
    attack = HOSTILE.replace("[link]", "link").replace("|", "")
    article = parse_article(
        f"{{{{Infobox x|wild=<nowiki>{attack}</nowiki>}}}}\nCalm beginnings."
        "<ref>{{cite web|url=javascript:window.hacked=1|title=<nowiki><img src=x onerror=window.hacked=1></nowiki>"
        "|archive-url=data:text/html,<script>window.hacked=1</script>}}</ref>\n\n"
        f"== <nowiki>{attack}</nowiki> ==\nWild hostile words <nowiki>{attack}</nowiki>{'y' * 10_000}."
        "<ref>[javascript:window.hacked=1 click]</ref>\n{|\n! <nowiki>"
        f"{attack}</nowiki>\n|-\n| a\n|}}",
        "Evil " + HOSTILE,
    )
    qa = OverlapQA(article)
    qa.settings = replace(Settings.from_environment(), uploads=str(tmp_path_factory.mktemp("uploads")))
    running = app.serve(qa, port=0)
    yield running.url
    running.close()


@pytest.mark.parametrize("source", ["paragraphs", "wikitext"])
def test_hostile_text_stays_text(
    open_page: Open, hostile_url: str, besieged: str, size: tuple[int, int], source: str
) -> None:
    """In the question, the article, its footnotes' addresses: nothing runs, is fetched, or breaks the page."""
    page = open_page(hostile_url if source == "paragraphs" else besieged)
    ask(page, "wild hostile words " + HOSTILE)
    expect(page.locator(".question")).to_contain_text("<script>window.hacked=1</script>")
    page.locator("a.cite").first.click()
    expect(page.locator(".sentence.cited").first).to_be_visible()
    for link in page.locator("#reader .note-link").all():
        link.click()
        expect(page.locator("#card")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector(".turn")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.locator("main :is(img, script, iframe), main form:not(#bring, #fetch)").count() == 0
    assert page.evaluate("[...document.links].filter((a) => !/^https?:$/.test(a.protocol)).length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_right_to_left_controls_reorder_only_their_own_text(open_page: Open, tmp_path: Path) -> None:
    """A quote that begins with an override is isolated: its chip still stands after it, to the right."""
    qa = OverlapQA(Article.from_paragraphs("\u202eT", ["\u202eWild hostile words 1999 here."]))
    qa.settings = replace(Settings.from_environment(), uploads=str(tmp_path))
    running = app.serve(qa, port=0)
    try:
        page = open_page(running.url)
        ask(page, "wild hostile words")
        seconds, title = page.locator(".seconds").bounding_box(), page.locator(".confidence").bounding_box()
        assert seconds
        assert title
        assert seconds["x"] > title["x"]
        assert page.locator(".motto").inner_text() == "answers in the article’s own sentences"
    finally:
        running.close()


def test_outside_links_are_only_ever_followed_by_hand(open_page: Open, url: str) -> None:
    """Hovering, focusing and opening cards asks nobody for anything; `open_page` records every request."""
    page = open_page(url)
    ask(page, "Why did MIT cancel its programme with SenseTime?")
    for link in page.locator("a.outside").all()[:10]:
        if link.is_visible():
            link.hover()
            link.focus()
    for rel in page.locator("a.outside").evaluate_all("all => all.map((a) => a.rel)"):
        assert rel == "noopener noreferrer nofollow"
    assert page.evaluate("performance.getEntriesByType('resource').every((r) => r.name.startsWith(location.origin))")
