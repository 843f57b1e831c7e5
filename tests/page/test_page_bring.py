"""Bringing articles: a file with its progress, a title from a wiki, switching, keeping, sharing, deleting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from local_wiki import LocalWiki
from page_fakes import HOSTILE, OverlapQA, ask, choose, turn_to
from playwright.sync_api import Page, expect

import app
from index import Article
from qa.settings import Settings

Open = Callable[..., Page]
WIKITEXT = "The mill of Hulme was built in 1874.<ref>Old book</ref> It closed in 1931."


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
