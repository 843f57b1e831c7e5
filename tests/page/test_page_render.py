"""The page's HTML without a browser: whole, in order, markers in place, and nothing in it that can run."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from page_fakes import OverlapQA

from index import Article, parse_article
from index.article import Anchor, Mark, Paragraph, Reference, Section, Sentence, Span
from index.wikipedia import builtin_article
from page.answer import Places, answer_html
from page.article import article_html
from page.export import markdown
from page.markup import isolated, outside_link, web_url
from page.tables import tables
from qa.answer import Alternative, Answer

HOSTILE = "".join(
    (
        "<script>window.hacked=1</script> ",
        '<img src=x onerror="window.hacked=1"> <img src="http://203.0.113.9/pixel.png"> ',
        "<form action='http://203.0.113.9/'><button>go</button></form> ",
        "</span></p></article><b>out</b> {{value}} ${7*7} &lt;already&gt; \u202egnirts\u202c ",
        "x" * 10_000,
    )
)
#: Every element the page writes; anything else in its output came from somebody else's text.
OWN_TAGS = frozenset(
    "a article aside b bdi blockquote button caption details div footer h2 h3 h4 h5 h6 li mark nav ol p rect".split()
    + "section span summary sup svg table tbody td th thead tr ul".split()
)


class Page(HTMLParser):
    """What a browser would make of the HTML: elements, and the text under each id with markers left out."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text_of: dict[str, str] = {}
        self.ids: list[str] = []
        self.events: list[tuple[str, str]] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"unclosed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in values.items()]
        if "id" in values:
            self.ids.append(values["id"])
            self.text_of[values["id"]] = ""
        self._open.append((tag, values.get("id")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"closed without being open: {tag}"
        opened, _ = self._open.pop()
        assert opened == tag, f"<{opened}> closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        marker = any(tag == "sup" for tag, _ in self._open)
        self.events.append(("marker" if marker else "text", data))
        if not marker:
            for _, identifier in self._open:
                if identifier:
                    self.text_of[identifier] += data


def cited_article() -> Article:
    """Two sentences, "Ab [1]. Cd.[2]": footnote 1 inside the first, 2 at the end of the second, a mark after it."""
    text = "Head\n\nAb. Cd."
    paragraph = Paragraph("p1", "paragraph", ("Head",), text[6:], Span(6, 13), Span(6, 13))
    first = Reference(1, "raw", title="One", publisher="P", date="2020", url="https://example.org/1")
    second = Reference(2, "raw two", url="javascript:alert(1)", archive_url="ftp://example.org/")
    return Article(
        title="T",
        text=text,
        source=text,
        sections=(Section("Head", 2, ("Head",), Span(0, 4), Span(0, 4)),),
        paragraphs=(paragraph,),
        sentences=(
            Sentence(Span(6, 9), Span(6, 9), paragraph, (first,)),
            Sentence(Span(10, 13), Span(10, 13), paragraph, (second,), ("citation needed",)),
        ),
        references=(first, second),
        anchors=(Anchor(8, first), Anchor(13, second)),
        marks=(Mark(13, "citation needed"),),
        page_url="https://en.wikipedia.org/wiki/T",
    )


def articles() -> list[Article]:
    table = (
        "{|\n! A !! B\n|-\n| 1<ref>n</ref> || 2\n|}\n* item [[x]]{{cn}}\n* two\n:quoted\n"
        "== H ==\nBody.<ref>r</ref> End."
    )
    return [
        builtin_article(),
        cited_article(),
        Article.from_paragraphs("Plain", ["One. Two.", "Three & <four>."]),
        Article.from_paragraphs(HOSTILE[:50], [HOSTILE, "Second."]),
        parse_article(table, title="Table"),
        parse_article(
            "{|\n|+ C\n! A !! B\n|-\n| <ref>n</ref>one || two<ref>m</ref>\n|-\n| || three{{cn}}\n|}\n* a\n** b\n# c",
            title="Nested",
        ),
    ]


@pytest.mark.parametrize("article", articles(), ids=lambda a: a.title[:9])
def test_every_sentence_stands_once_in_order_and_verbatim(article: Article) -> None:
    page = Page(article_html(article))
    shown = [i for i in page.ids if i.startswith("s-")]
    assert shown == [f"s-{s.span.start}-{s.span.end}" for s in article.sentences]
    for sentence in article.sentences:
        assert page.text_of[f"s-{sentence.span.start}-{sentence.span.end}"] == sentence.span.of(article.text)
    assert [i for i in page.ids if i.startswith("para-")] == [f"para-{p.id}" for p in article.paragraphs]
    for paragraph in article.paragraphs:
        assert page.text_of[f"para-{paragraph.id}"] == paragraph.text


@pytest.mark.parametrize("article", articles(), ids=lambda a: a.title[:9])
def test_ids_are_unique_and_every_inside_link_leads_somewhere(article: Article) -> None:
    page = Page(article_html(article))
    assert len(page.ids) == len(set(page.ids))
    targets = {value[1:] for _, name, value in page.attributes if name == "href" and value.startswith("#")}
    assert targets <= set(page.ids)


def test_markers_stand_exactly_where_the_article_says() -> None:
    """ "Ab" | [1] | "." then " " then "Cd." | [2] [citation needed]."""
    page = Page(article_html(cited_article()))
    start = page.events.index(("text", "Ab"))
    assert page.events[start : start + 9] == [
        ("text", "Ab"),
        ("marker", "[1]"),
        ("text", "."),
        ("text", " "),
        ("text", "Cd."),
        ("marker", "[2]"),
        ("marker", "["),
        ("marker", "citation needed"),
        ("marker", "]"),
    ]


@pytest.mark.parametrize("article", articles(), ids=lambda a: a.title[:9])
def test_every_footnote_marker_is_shown_once_and_in_order(article: Article) -> None:
    page = Page(article_html(article))
    shown = [data for kind, data in page.events if kind == "marker" and data[1:-1].isdigit()]
    assert shown == [f"[{a.reference.number}]" for a in article.anchors]


def test_a_sentence_names_its_own_footnotes_and_marks() -> None:
    html = article_html(cited_article())
    assert 'id="s-6-9" data-notes="1">' in html
    assert 'id="s-10-13" data-notes="2" data-marks="[&quot;citation needed&quot;]">' in html


def test_headings_facts_and_contents_have_their_elements() -> None:
    html = article_html(builtin_article())
    assert html.index('class="infobox"') < html.index('Number of employees:</b><span class="value"> 3,000 (2019)')
    assert ">History</h3>" in html
    assert ">2014</h4>" in html
    contents = html[html.index('<nav class="contents"') : html.index("</nav>")]
    assert contents.index(">History<") < contents.index(">2014<")


TABLE = """{|
|+ Teams
! Club !! League !! Titles
|-
| Leafs<ref>n</ref> || NHL || 13
|-
| Argonauts; the oldest || CFL ||
|}
"""


def test_a_table_is_a_table_again() -> None:
    """The caption once, a column for each header, a cell for each value, punctuation inside a value left alone.

    "Teams: Club: Leafs; League: NHL; Titles: 13" → Teams | Club, League, Titles | Leafs, NHL, 13
    """
    article = parse_article(TABLE, title="T")
    [grid] = tables(article, [p for p in article.paragraphs if p.kind == "table_row"])
    assert grid.caption == "Teams"
    assert [name for name, _ in grid.columns] == ["Club", "League", "Titles"]
    values = [[cell.value.of(article.text) for cell in row.cells] for row in grid.rows]
    assert values == [["Leafs", "NHL", "13"], ["Argonauts; the oldest", "CFL"]]
    html = article_html(article)
    assert html.index('class="table_caption"') < html.index('aria-label="Teams"')
    assert html.count('<th scope="col"') == 3
    assert '<span class="repeated">; League: </span>NHL</td>' in html
    assert html.count("<td></td>") == 1
    assert ">[1]</a></sup></td>" in html, "a footnote stands in its cell"


def test_records_are_a_table() -> None:
    """What a template says of each track stands in columns, as a table's rows do."""
    wikitext = "{{Track listing|headline=Side one|title1=Blue|writer1=Bea|length1=3:45|title2=Red|length2=4:00}}"
    article = parse_article(wikitext, "Album")
    [grid] = tables(article, article.paragraphs)
    assert grid.caption == "Side one"
    assert [name for name, _ in grid.columns] == ["Title", "Writer", "Length"]
    assert [[cell.value.of(article.text) for cell in row.cells] for row in grid.rows] == [
        ["Blue", "Bea", "3:45"],
        ["Red", "4:00"],
    ]


def test_tables_that_follow_each_other_stay_apart() -> None:
    """They share no header, so the second is a table of its own."""
    article = parse_article("{|\n! A !! B\n|-\n| 1 || 2\n|}\n{|\n! C !! D\n|-\n| 3 || 4\n|}", title="T")
    assert [[n for n, _ in grid.columns] for grid in tables(article, article.paragraphs)] == [["A", "B"], ["C", "D"]]


def test_lists_are_nested_and_numbered_as_they_were_written() -> None:
    html = article_html(parse_article("* one\n** two\n*** three\n* four\n\n# five\n# six", title="T"))
    plain = "".join(
        part for part in html.replace(">", ">\n").split("\n") if part.startswith(("<ul", "<ol", "</ul", "</ol"))
    )
    assert plain == "<ul><ul><ul></ul></ul></ul><ol></ol>"


def test_hostile_text_in_article_question_and_answer_stays_text() -> None:
    article = Article.from_paragraphs(HOSTILE, [HOSTILE, f"hostile words {HOSTILE}"])
    answer = OverlapQA(article).ask("hostile words")
    twisted = Answer(
        HOSTILE, HOSTILE + "?", HOSTILE, "<b>x</b>", False, None, 0.5, answer.citations,
        (Alternative("<i>", HOSTILE, 0.2, answer.citations),), answer.passages, {"<u>": 1.0},
    )  # fmt: skip
    unknown = Answer(HOSTILE, HOSTILE, HOSTILE, None, True, HOSTILE, 0.1, passages=answer.passages)
    places = Places("book", (article,))
    for html in (article_html(article), *(answer_html(a, 0.1, places) for a in (twisted, unknown))):
        page = Page(html)
        assert page.tags <= OWN_TAGS
        assert not [
            name for _, name, _ in page.attributes if name.startswith("on") or name in ("src", "action", "style")
        ]
        assert all(v.startswith(("#", "https://", "http://")) for _, name, v in page.attributes if name == "href")
    for shown in (markdown(twisted), markdown(unknown)):
        assert "<script" not in shown.replace("\\<", "")
        assert "](javascript" not in shown.replace("\\]", "")


def test_footnote_addresses_become_links_only_when_they_are_web_addresses() -> None:
    html = article_html(cited_article())
    assert 'href="https://example.org/1" target="_blank" rel="noopener noreferrer nofollow"' in html
    assert 'href="javascript' not in html
    assert "ftp:" not in html
    assert "<bdi>javascript:alert(1)</bdi>" in html


def test_every_source_of_a_footnote_is_shown_with_its_links() -> None:
    article = parse_article(
        "One.<ref>{{cite web|title=First|url=https://a.org}} {{cite web|title=Second|url=https://b.org}}</ref>", "T"
    )
    html = article_html(article)
    assert html.count('<span class="note-number">[1]</span>') == 1
    entry = html.partition('<span class="note-text">')[2].partition("</li>")[0]
    sources = entry.split('<span class="note-source">')[1:]
    for source, (title, address) in zip(
        sources, [("First", "https://a.org"), ("Second", "https://b.org")], strict=True
    ):
        assert title in source
        assert f'href="{address}"' in source


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://例え.jp/", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        (" https://example.org", False),
        ("https://exa\nmple.org", False),
        ("//example.org", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_web_url(address: str | None, accepted: bool) -> None:
    assert (web_url(address) is not None) is accepted


def test_text_that_is_not_a_link_is_isolated() -> None:
    assert outside_link("javascript:x", "a<b") == "<bdi>a&lt;b</bdi>" == isolated("a<b")
