"""The report loads nothing from outside and shows hostile text as text."""

import re
from html import escape
from html.parser import HTMLParser

import pytest

from eval.predict import Header, Predictions, Timing
from eval.report import report

HOSTILE = '<script>alert(1)</script><img src="http://evil.example/x"> | `*[a](http://evil.example)*`\nnext'


class Page(HTMLParser):
    """Collects the tags, and whatever an attribute would load or run."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.loads, self.text = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            local = name in ("href", "xlink:href") and (value or "").startswith("#")
            if name in ("src", "href", "xlink:href", "action", "data", "srcset", "poster") and not local:
                self.loads.append((tag, name, value))
            if name.startswith("on"):
                self.loads.append((tag, name, value))

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def pages(prediction, tmp_path):
    asked = [
        prediction("1", answers=["Oslo"], gold=["p1"], given="Oslo", ranking=["p1"], confidence=0.9),
        prediction("2", answers=[HOSTILE], gold=["p1"], given=HOSTILE + " x" * 50, ranking=["p1"], question=HOSTILE),
        prediction("3", answers=["Oslo"], gold=["p1"], given="Lund", kind=HOSTILE, confidence=0.4),
        prediction("4", answers=["Oslo"], gold=["p1"], ranking=["p1"], confidence=0.1),
        prediction("5", given="Bergen", confidence=0.7),
        prediction("6", confidence=0.2),
    ]
    header = Header(HOSTILE, "0" * 64, "test", None, 0, 2, "abc", "0.1.0", "2026-01-01T00:00:00+00:00")
    timings = (Timing("1", 0.02, {"read": 0.01}), Timing("2", 0.03, {"read": 0.01}))
    paragraphs = {("A", "p1"): f"Here is Oslo. {HOSTILE}", ("A", "p9"): "Never led to."}
    return report(Predictions(tmp_path / "out.jsonl", header, tuple(asked), timings, paragraphs))


def test_page_loads_nothing(pages):
    page = Page(pages[0])
    assert page.loads == []
    assert not {"script", "img", "link", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    styles = "".join(re.findall(r"<style>(.*?)</style>", pages[0], re.DOTALL)) + pages[0]
    assert "@import" not in styles
    assert re.findall(r"url\((?!#)[^)]*\)", styles) == []
    assert "default-src 'none'" in pages[0]


def test_page_names_no_address_of_its_own(pages):
    own = pages[0].replace(escape(HOSTILE), "")
    assert "http:" not in own
    assert "https:" not in own
    assert "//" not in own


def test_hostile_text_is_shown_as_text(pages):
    shown = " ".join(Page(pages[0]).text)
    assert "<script>alert(1)</script>" in shown
    assert "<script" not in pages[0]


def test_hostile_text_is_plain_in_markdown(pages):
    markdown = pages[1]
    assert "<script" not in markdown
    assert "[a](" not in markdown.replace("\\[a\\](", "")
    assert [line for line in markdown.split("\n") if line.startswith("next")] == []


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head(pages):
    for table in re.findall(r"(?:^\|.*\n)+", pages[1], re.MULTILINE):
        rows = [len(re.split(r"(?<!\\)\|", row)) for row in table.strip().split("\n")]
        assert len(set(rows)) == 1


def test_both_show_measures_kinds_and_errors_by_cause(pages):
    for page in pages:
        for shown in ("EM", "Recall@10", "AUROC", "p95, read", "Lund", "Bergen"):
            assert shown in page
        for heading in (
            "Not retrieved: 1",
            "Read wrongly: 1",
            "Abstained wrongly: 1",
            "Answered the unanswerable: 1",
        ):
            assert heading in page


def test_plots_follow_the_colours_of_the_page(pages):
    assert pages[0].count("<svg") == 3
    assert "var(--accent)" in pages[0]
    assert not re.search(r"#0[1-9a][0-9a-f]{4}\b", pages[0].split("<body>")[1])


def test_both_say_whose_the_quotes_are(pages):
    """What is quoted is under the articles' licence, wherever it is passed on."""
    assert all("CC BY-SA 4.0" in page for page in pages)


def test_each_error_leads_to_its_paragraph(pages):
    """Of the paragraphs only p1 is one that an error speaks of; the accepted answer is marked in it."""
    html, markdown = pages
    links = re.findall(r'href="#(paragraph-\d+)"', html)
    assert set(links) == {"paragraph-1"} == set(re.findall(r'id="(paragraph-\d+)"', html))
    assert "Here is <mark>Oslo</mark>." in html
    assert "](#paragraph-1)" in markdown
    assert "### Paragraph 1" in markdown
    assert "Never led to" not in html + markdown
