"""Bringing articles: a file with its progress, a title from a wiki, switching, keeping, sharing, deleting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from local_wiki import LocalWiki
from page_fakes import HOSTILE, LOOKS, OverlapQA, ask, choose, turn_to
from playwright.sync_api import Locator, Page, Route, expect

import app
from index import Article
from qa.settings import Settings

Open = Callable[..., Page]
WIKITEXT = "The mill of Hulme was built in 1874.<ref>Old book</ref> It closed in 1931."
EXPORT = """<mediawiki><siteinfo><base>https://xx.example/wiki/Main</base></siteinfo>
<page><title>One</title><ns>0</ns><revision><id>7</id><text>The tower of One rose in 1901.</text></revision></page>
<page><title>Two</title><ns>0</ns><revision><id>8</id><text>The bridge of Two fell in 1902.</text></revision></page>
</mediawiki>"""


class Site:
    """The page over a folder of uploads that outlives it."""

    def __init__(self, uploads: Path, wiki: str = "off") -> None:
        self.qa = OverlapQA(Article.from_paragraphs("Home", ["The home was painted in 1999."]))
        self.qa.settings = replace(Settings.from_environment(), uploads=str(uploads), wiki=wiki)
        self.running = app.serve(self.qa, port=0)

    @property
    def url(self) -> str:
        return self.running.url


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.running.close()


def bring(page: Page, name: str, text: str = WIKITEXT) -> None:
    choose(page)
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/plain", "buffer": text.encode()})


def row(page: Page, title: str) -> Locator:
    """What opens the article with this title."""
    return page.locator("#articles .open").filter(has=page.get_by_text(title, exact=True))


def hold(page: Page, address: str) -> list[Route]:
    """The requests that go to `address` from now on, each waiting to be let go."""
    held: list[Route] = []

    def wait(route: Route) -> None:
        held.append(route)

    page.route(address, wait)
    return held


def reply(page: Page, route: Route) -> None:
    """Lets the server's reply through, and waits until the page has taken it."""
    with page.expect_response(route.request.url) as response:
        route.continue_()
    response.value.finished()
    page.evaluate("new Promise((taken) => requestAnimationFrame(() => setTimeout(taken)))")


def test_a_file_is_brought_asked_switched_and_deleted(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    bring(page, "Hulme_mill.wikitext")
    expect(page.locator("#article-title")).to_have_text("Hulme mill")
    expect(page.locator("#articles")).to_be_hidden()
    ask(page, "When was the mill of Hulme built?")
    expect(page.locator(".turn").last).to_contain_text("1874")
    page.locator("a.cite").first.click()
    expect(page.locator("#evidence")).to_contain_text("Old book")

    choose(page)
    page.locator("#articles .open", has_text="Home").click()
    expect(page.locator("#article-title")).to_have_text("Home")
    ask(page, "When was the home painted?")
    expect(page.locator(".turn").last).to_contain_text("1999")

    choose(page)
    page.locator("#articles").get_by_role("button", name="Delete").click()
    page.locator("#articles").get_by_role("button", name="Really delete?").click()
    expect(page.locator("#articles .name")).to_have_text(["Home"])


def test_an_export_is_shared_and_deleted_as_a_whole(open_page: Open, site: Site) -> None:
    """Its buttons say so, a deletion that is refused changes nothing, and the focus stays in the list."""
    page = open_page(site.url)
    bring(page, "two.xml", EXPORT)
    expect(page.locator("#article-title")).to_have_text("One")
    choose(page)
    page.get_by_role("button", name="Share all 2 articles of this file").click()
    expect(page.get_by_role("button", name="Stop sharing all 2 articles of this file")).to_be_focused()

    page.route("**/articles/*", lambda route: route.fulfill(status=400, json={"error": "Not today"}))
    page.get_by_role("button", name="Delete all 2 articles of this file").click()
    page.get_by_role("button", name="Really delete?").click()
    expect(page.locator("#articles .notice")).to_have_text("Not today")
    expect(page.get_by_role("button", name="Delete all 2 articles of this file")).to_be_focused()
    expect(page.locator("#article-title")).to_have_text("One")

    page.unroute("**/articles/*")
    page.get_by_role("button", name="Delete all 2 articles of this file").click()
    page.get_by_role("button", name="Really delete?").click()
    expect(page.locator("#articles .name")).to_have_text(["Home"])
    expect(page.get_by_role("heading", name="Articles")).to_be_focused()
    expect(page.locator("#article-title")).to_have_text("Home")


def test_the_article_that_was_chosen_last_is_opened(open_page: Open, site: Site) -> None:
    """Whichever reply comes last; while it is waited for the page says so."""
    page = open_page(site.url)
    bring(page, "two.xml", EXPORT)
    expect(page.locator("#article-title")).to_have_text("One")
    choose(page)
    held = hold(page, "**/article?*")
    for title in ("Home", "Two"):
        with page.expect_request("**/article?*"):
            row(page, title).click()
    expect(page.locator("#articles .notice")).to_have_text("Opening …")
    expect(page.locator("#reader")).to_have_attribute("aria-busy", "true")
    home, two = held
    reply(page, two)
    expect(page.locator("#article-title")).to_have_text("Two")
    expect(page.locator("#articles .notice")).to_have_text("")
    reply(page, home)
    expect(page.locator("#article-title")).to_have_text("Two")
    expect(page.locator("#reader")).not_to_have_attribute("aria-busy", "true")

    # Also one that was open all along may be what was wanted last.
    choose(page)
    with page.expect_request("**/article?*"):
        row(page, "Home").click()
    row(page, "Two").click()
    expect(page.locator("#articles")).to_be_hidden()
    reply(page, held[-1])
    expect(page.locator("#reader")).to_contain_text("The bridge of Two")


def test_what_becomes_of_a_file_is_said_where_the_reader_is(open_page: Open, site: Site) -> None:
    """The list was left while the file was on its way: the page tells that it was refused. No second one meanwhile."""
    page = open_page(site.url)
    held = hold(page, "**/articles?name=*")
    with page.expect_request("**/articles?name=*"):
        bring(page, "mill.txt")
    expect(page.locator("#file")).to_be_disabled()
    expect(page.locator("#fetch button")).to_be_disabled()
    page.locator("#articles .close").click()
    turn_to(page, "Answers")
    held[0].fulfill(status=400, json={"error": "No room"})
    expect(page.locator("#notice")).to_have_text("No room")
    expect(page.locator("#file")).to_be_enabled()
    expect(page.locator("#fetch button")).to_be_enabled()


def test_a_page_that_waits_for_its_article_says_so(open_page: Open, site: Site) -> None:
    """Nothing can be asked of another one meanwhile, and what is typed stays."""
    page = open_page(site.url)
    bring(page, "two.xml", EXPORT)
    expect(page.locator("#article-title")).to_have_text("One")
    held = hold(page, "**/article?*")
    page.goto(page.url, wait_until="commit")
    expect(page.locator("#notice")).to_have_text("Opening …")
    expect(page.locator("#notice")).to_be_visible()
    asks = page.get_by_role("button", name="Ask", exact=True)
    expect(asks).to_be_disabled()
    page.fill("#question textarea", "When did the tower rise?")
    page.press("#question textarea", "Enter")
    reply(page, held[0])
    expect(page.locator(".welcome .subject")).to_have_text("One")
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question textarea")).to_have_value("When did the tower rise?")
    expect(asks).to_be_enabled()


def test_what_is_said_is_seen_beside_the_article_too(open_page: Open, site: Site) -> None:
    """Once in either window: the list that was left is opened from the article's side alone."""
    page = open_page(site.url)
    held = hold(page, "**/articles?name=*")
    with page.expect_request("**/articles?name=*"):
        bring(page, "mill.txt")
    page.locator("#articles .close").click()
    held[0].fulfill(status=400, json={"error": "No room"})
    expect(page.locator("#panes .notice:visible")).to_have_text(["No room"])


@pytest.mark.parametrize("look", [LOOKS["wide-light"]], ids=["wide"], indirect=True)
@pytest.mark.parametrize("left_by", ["reopening", "New"])
def test_a_conversation_left_while_its_article_is_fetched_marks_nothing(
    open_page: Open, site: Site, left_by: str
) -> None:
    """An answer from another article of the export is there before that is: reopened, it stands there once."""
    page = open_page(site.url)
    bring(page, "two.xml", EXPORT)
    expect(page.locator("#article-title")).to_have_text("One")
    held = hold(page, "**/article?*")
    with page.expect_request("**/article?*"):
        ask(page, "When did the bridge of Two fall?")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    if left_by == "New":
        page.get_by_role("button", name="New", exact=True).click()
    else:
        page.get_by_role("button", name="Conversations").click()
        page.locator("#conversations .open").click()
        expect(page.locator("#conversations")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(0 if left_by == "New" else 1)
    expect(page.locator(".turn[data-state=pending]")).to_have_count(0)
    reply(page, held[0])
    expect(page.locator(".cited")).to_have_count(0)


def test_words_of_an_answer_are_found_in_the_article_it_quotes(open_page: Open, site: Site) -> None:
    """Another article of the export is open by now."""
    page = open_page(site.url)
    bring(page, "two.xml", EXPORT)
    expect(page.locator("#article-title")).to_have_text("One")
    ask(page, "When did the tower of One rise?")
    ask(page, "When did the bridge of Two fall?")
    page.locator(".turn").last.locator("a.cite").first.click()
    expect(page.locator("#article-title")).to_have_text("Two")
    turn_to(page, "Answers")
    page.locator(".quote").first.scroll_into_view_if_needed()
    page.evaluate(
        "getSelection().setBaseAndExtent(...[4, 9].flatMap((at) => "
        "[document.querySelector('.quote p').firstChild, at]))"
    )
    page.get_by_role("button", name="Find in the article").click()
    expect(page.locator("#evidence")).to_contain_text("“tower” stands once in the article")
    expect(page.locator("#article-title")).to_have_text("One")


def test_a_link_that_only_its_own_browser_can_open_says_so(open_page: Open, site: Site) -> None:
    page = open_page(site.url, permissions=["clipboard-read", "clipboard-write"])
    bring(page, "mill.txt")
    expect(page.locator("#article-title")).to_have_text("mill")
    ask(page, "When was the mill of Hulme built?")
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator(".turn .done")).to_contain_text("Copied; only this browser can open it until you share")
    choose(page)
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Stop sharing")).to_be_visible()
    page.locator("#articles .close").click()
    turn_to(page, "Answers")
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator(".turn .done")).to_have_text("Copied")


def test_an_article_is_deleted_once(open_page: Open, site: Site) -> None:
    """A double click on the second press asks the server once: there is no refusal to show."""
    page = open_page(site.url)
    bring(page, "mill.txt")
    expect(page.locator("#article-title")).to_have_text("mill")
    deleted: list[str] = []
    page.on("request", lambda request: deleted.append(request.url) if request.method == "DELETE" else None)
    held = hold(page, "**/articles/*")
    choose(page)
    page.locator("#articles").get_by_role("button", name="Delete").click()
    with page.expect_request("**/articles/*"):
        page.locator("#articles").get_by_role("button", name="Really delete?").dblclick()
    reply(page, held[0])
    expect(page.locator("#articles .name")).to_have_text(["Home"])
    expect(page.locator("#articles .notice")).to_be_hidden()
    assert len(deleted) == 1


def test_progress_is_shown_while_an_article_is_indexed(open_page: Open, site: Site) -> None:
    """The page notes every state that the bar goes through: a stage of the server's is among them."""
    page = open_page(site.url)
    page.evaluate(
        """() => {
          window.steps = [];
          const bar = document.querySelector("#articles .progress");
          new MutationObserver(() => bar.hidden || window.steps.push(bar.textContent.trim()))
            .observe(bar, { subtree: true, childList: true, attributes: true, characterData: true });
        }"""
    )
    bring(page, "mill.txt")
    expect(page.locator("#article-title")).to_have_text("mill")
    steps = page.evaluate("window.steps")
    assert "Sending" in steps
    assert set(steps) & {"Reading the article", "Encoding its passages", "Writing its index"}
    expect(page.locator("#articles .progress")).to_be_hidden()


def test_what_was_brought_and_said_is_there_after_a_restart(open_page: Open, tmp_path: Path) -> None:
    """Another program over the same folder, on another port: the same browser finds its article again."""
    first = Site(tmp_path)
    page = open_page(first.url)
    bring(page, "mill.txt")
    expect(page.locator("#article-title")).to_have_text("mill")
    first.running.close()
    second = Site(tmp_path)
    try:
        again = open_page(second.url, beside=page)
        choose(again)
        again.locator("#articles .open", has_text="mill").click()
        expect(again.locator("#reader")).to_contain_text("The mill of Hulme")
    finally:
        second.running.close()


def test_another_browser_sees_an_article_only_once_it_is_shared(open_page: Open, site: Site) -> None:
    owner = open_page(site.url, permissions=["clipboard-read", "clipboard-write"])
    bring(owner, "mill.txt")
    expect(owner.locator("#article-title")).to_have_text("mill")
    address = owner.url
    assert "?article=" in address
    stranger = open_page(address)
    expect(stranger.locator("#notice")).to_contain_text("no such article")
    expect(stranger.locator("#reader")).not_to_contain_text("Hulme")
    choose(stranger)
    expect(stranger.locator("#articles .name")).to_have_text(["Home"])

    choose(owner)
    owner.get_by_role("button", name="Share").click()
    expect(owner.get_by_role("button", name="Stop sharing")).to_be_visible()
    owner.get_by_role("button", name="Copy link").click()
    expect(owner.locator("#articles .done")).to_have_text("Copied")
    friend = open_page(owner.evaluate("navigator.clipboard.readText()"))
    expect(friend.locator("#reader")).to_contain_text("The mill of Hulme")
    ask(friend, "When was the mill of Hulme built?")
    choose(friend)
    expect(friend.locator("#articles").get_by_role("button", name="Delete")).to_have_count(0)


def test_a_link_on_another_site_leaves_the_browser_its_articles(open_page: Open, site: Site) -> None:
    """Following it, the browser is known as on every other visit: it is not given a new key over its old one."""
    page = open_page(site.url)
    bring(page, "mill.txt")
    expect(page.locator("#article-title")).to_have_text("mill")
    elsewhere = page.context.new_page()
    elsewhere.goto(f"data:text/html,<a href='{site.url}'>Footnote</a>")
    elsewhere.click("a")
    elsewhere.wait_for_selector("body[data-ready]")
    choose(elsewhere)
    expect(elsewhere.locator("#articles .name")).to_have_text(["Home", "mill"])


def test_a_citation_of_an_article_that_is_gone_keeps_its_words(open_page: Open, site: Site) -> None:
    """The conversation still quotes it; following the chip says why it leads nowhere."""
    page = open_page(site.url)
    bring(page, "mill.txt")
    expect(page.locator("#article-title")).to_have_text("mill")
    ask(page, "When was the mill of Hulme built?")
    choose(page)
    page.locator("#articles").get_by_role("button", name="Delete").click()
    page.locator("#articles").get_by_role("button", name="Really delete?").click()
    expect(page.locator("#articles .name")).to_have_text(["Home"])
    page.locator("#articles .close").click()
    turn_to(page, "Answers")
    page.get_by_role("button", name="Conversations").click()
    page.locator("#conversations .open").click()
    expect(page.locator(".quote")).to_contain_text("built in 1874")
    page.locator("a.cite").first.click()
    expect(page.locator("#notice")).to_contain_text("no such article")

    # What is asked next is about the article that is open: another conversation.
    page.fill("#question textarea", "When was the home painted?")
    page.press("#question textarea", "Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn")).to_contain_text("1999")
    page.get_by_role("button", name="Conversations").click()
    about = page.locator("#conversations .about")
    expect(about).to_have_count(2)
    expect(about.first).to_contain_text("Home")
    expect(about.last).to_contain_text("mill")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.png", "x", "none of .wikitext"),
        ("x.txt", " ", "is empty"),
        ("x.xml", "<mediawiki>", "not a well-formed XML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(open_page: Open, site: Site, name: str, text: str, message: str) -> None:
    page = open_page(site.url)
    bring(page, name, text)
    expect(page.locator("#articles .notice")).to_contain_text(message)
    expect(page.locator("#articles .notice")).to_contain_text(name)
    expect(page.locator("#article-title")).to_have_text("Home")


def test_a_hostile_file_name_stays_text(open_page: Open, site: Site, size: tuple[int, int]) -> None:
    page = open_page(site.url)
    bring(page, f"{HOSTILE[:90]}\u202e{'y' * 300}.txt".replace("/", ""))
    expect(page.locator("#article-title")).to_contain_text("<script>")
    choose(page)
    expect(page.locator("#articles .about").last).to_contain_text("<script>")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#articles :is(img, script, iframe)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_an_article_is_fetched_by_title_where_a_wiki_is_set(open_page: Open, tmp_path: Path) -> None:
    with LocalWiki() as wiki:
        made = Site(tmp_path, wiki.url)
        try:
            page = open_page(made.url)
            choose(page)
            page.get_by_label("By its title, from").fill("Nowhere")
            page.get_by_role("button", name="Fetch").click()
            expect(page.locator("#articles .notice")).to_contain_text("has no article called 'Nowhere'")
            expect(page.get_by_role("button", name="Fetch")).to_be_focused()
            page.get_by_label("By its title, from").fill("Old")
            page.get_by_role("button", name="Fetch").click()
            expect(page.locator("#article-title")).to_have_text("Hulme")
        finally:
            made.running.close()


def test_fetching_is_off_unless_it_is_turned_on(open_page: Open, site: Site) -> None:
    """Neither offered, nor done for one who asks anyway."""
    page = open_page(site.url)
    choose(page)
    expect(page.locator("#fetch")).to_be_hidden()
    status = page.evaluate(
        """async () => {
          const headers = { "Content-Type": "application/json" };
          const response = await fetch("articles/fetch", { method: "POST", headers, body: '{"title": "Moon"}' });
          return [response.status, (await response.json()).error];
        }"""
    )
    assert status[0] == 400
    assert "FOOTNOTE_WIKI" in status[1]
