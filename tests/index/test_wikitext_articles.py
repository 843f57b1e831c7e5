"""Whole articles: the built-in one against what its wikitext says, and every shared one against the equations."""

import json
import re
from pathlib import Path

import pytest
from wikitext_checks import BUILTIN, assert_equations, assert_no_residue, shared_articles

from index import parse_article
from index.article import Article, Paragraph, Reference
from index.wikipedia import builtin_article
from index.wikitext import templates

SHARED = shared_articles()
REASON = "the shared articles are not here (set FOOTNOTE_SHARED to the folder that holds articles/)"


@pytest.fixture(scope="module")
def article() -> Article:
    return builtin_article()


def starting_with(article: Article, words: str) -> Paragraph:
    return next(p for p in article.paragraphs if p.text.startswith(words))


def notes_of(article: Article, words: str) -> list[str | None]:
    """The titles of the footnotes of the sentence that begins with `words`."""
    (sentence,) = (s for s in article.sentences if s.span.of(article.text).startswith(words))
    return [reference.title for reference in sentence.references]


def test_builtin_equations(article: Article) -> None:
    """Offsets, order and footnotes are right in the whole article, and nothing is dropped from it unknown."""
    assert_equations(article)
    assert_no_residue(article)
    assert article.dropped == {}


def test_builtin_headings(article: Article) -> None:
    """Read off the wikitext: 13 headings, the years under "History"; each heading's source is its line."""
    assert [s.title for s in article.sections] == [
        "History", "2014", "2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023",
        "References", "External links",
    ]  # fmt: skip
    assert all(s.path == ("History", s.title) for s in article.sections[1:11])
    lines = re.findall(r"^=+.*=+$", article.source, re.MULTILINE)
    assert [s.source.of(article.source).strip() for s in article.sections] == lines


def test_builtin_paragraphs(article: Article) -> None:
    """Every line of the wikitext that begins with a letter, a link or emphasis is a paragraph, whole.

    27 such lines: 2 in the lead, then 1, 1, 1, 2, 5, 4, 1, 5, 4 and 1 under the years from 2014 to 2023.
    """
    offset, starts = 0, []
    for line in article.source.split("\n"):
        if re.match(r"[A-Za-z']|\[\[(?!Category)", line):
            starts.append((offset, offset + len(line)))
        offset += len(line) + 1
    prose = [p for p in article.paragraphs if p.kind == "paragraph"]
    assert [(p.source.start, p.source.end) for p in prose] == starts
    years = ["2014", "2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023"]
    counts = [sum(p.section[-1:] == (year,) for p in prose) for year in years]
    assert sum(p.section == () for p in prose) == 2
    assert counts == [1, 1, 1, 2, 5, 4, 1, 5, 4, 1]


def test_builtin_facts(article: Article) -> None:
    """Every field of the two infoboxes that is filled in and says something is a fact with a readable label."""
    assert [p.text for p in article.paragraphs if p.kind == "infobox"] == [
        "Type: Public; partly state-owned",
        "Traded as: SEHK: 0020",
        "Industry: Artificial intelligence",
        "Founded: October 2014",
        "Founder: Tang Xiao'ou, Xu Li",
        "Headquarters: Science Park, Hong Kong",
        "Area served: Computer vision, deep learning, face recognition, object detection, autonomous driving, "
        "smart cities, mobile apps, fintech, education",
        "Number of employees: 3,000 (2019)",
        "Parent: China Internet Investment Fund",
        "Simplified Chinese: 商汤科技",
        "Traditional Chinese: 商湯科技",
        "Hanyu Pinyin: Shāngtāng kējì",
    ]
    assert [p.text for p in article.paragraphs if p.kind == "caption"] == [
        "SenseTime's Hong Kong HQ at Hong Kong Science Park"
    ]


def test_builtin_lead(article: Article) -> None:
    """The first paragraph reads as on Wikipedia, with the name in Chinese and without any footnote."""
    assert starting_with(article, "SenseTime (").text.startswith(
        "SenseTime (商汤科技) is a partly state-owned publicly traded artificial intelligence company headquartered "
        "in Hong Kong. The company develops technologies including facial recognition,"
    )


def test_builtin_footnotes_do_not_leak(article: Article) -> None:
    """No footnote's title or address stands in the text."""
    assert "http" not in article.text
    assert "archive" not in article.text.lower()
    for reference in article.references:
        assert reference.title
        assert len(reference.title) < 20 or reference.title not in article.text


def test_builtin_footnotes_are_complete(article: Article) -> None:
    """As many footnotes as <ref>s that define one; each has an address, and as many archive links as are given."""
    source = BUILTIN.read_text(encoding="utf-8")
    defined = len(re.findall(r"<ref(?: name=[^/>]*)?>", source))
    assert len(article.references) == defined
    assert len(article.anchors) == defined + len(re.findall(r"<ref name=[^/>]*/>", source))
    assert all(reference.url and reference.url.startswith("http") for reference in article.references)
    archived = len(re.findall(r"archive-url=https", source))
    assert sum(reference.archive_url is not None for reference in article.references) == archived


@pytest.mark.parametrize(
    ("name", "title", "uses"),
    [
        (":2", "U.S. Blacklists 28 Chinese Entities Over Abuses in Xinjiang", 2),
        (":5", "SenseTime to Delay Hong Kong IPO After U.S. Blacklist Report", 2),
        (":7", "China's Sensetime postpones $767 mln Hong Kong IPO after U.S. ban", 2),
        (":8", "Surveillance State: Inside China's Quest to Launch a New Era of Social Control", 2),
        (":4", "US to blacklist Chinese AI company SenseTime over Xinjiang ahead of IPO", 1),
        (":22", "China's communist authorities are tightening their grip on the private sector", 1),
    ],
)
def test_builtin_named_footnotes(article: Article, name: str, title: str, uses: int) -> None:
    """A footnote that is written once and used again is one Reference, also where the use comes first (":7")."""
    (reference,) = (r for r in article.references if r.name == name)
    assert reference.title == title
    assert sum(anchor.reference == reference for anchor in article.anchors) == uses


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("SenseTime (", []),
        ("The company develops technologies", ["Meet The World's Most Valuable AI Startup: China's SenseTime"]),
        (
            "Since 2019, SenseTime has been repeatedly sanctioned by the U.S. government",
            [
                "Surveillance State: Inside China's Quest to Launch a New Era of Social Control",
                "U.S. Blacklists 28 Chinese Entities Over Abuses in Xinjiang",
                "SenseTime to Delay Hong Kong IPO After U.S. Blacklist Report",
            ],
        ),
        ("SenseTime denies", ["SenseTime rejects US blacklisting claims that threaten to scuttle IPO"]),
        ("SenseTime was co-founded", ["Xu Li"]),
        (
            "In 2016, 16 of",
            ["CVPR 2016 Open Access", "Engineering team won in the ImageNet Large Scale Visual Recognition Challenge"],
        ),
        ("The following month, the Shanghai", ["Milestones"]),
        ("The programme was cancelled", ["MIT Cuts Ties With a Chinese AI Firm Amid Human Rights Concerns"]),
        ("In February 2018, SenseTime and MIT", []),
        (
            "In October 2019, SenseTime was placed",
            [
                "U.S. Blacklists Eight Chinese Tech Companies on Rights Violations",
                "U.S. Blacklists 28 Chinese Entities Over Abuses in Xinjiang",
            ],
        ),
        ("On 13 December", ["China's Sensetime postpones $767 mln Hong Kong IPO after U.S. ban"]),
        ("Number of employees", ["China 2019"]),
    ],
)
def test_builtin_sentences_and_footnotes(article: Article, words: str, titles: list[str]) -> None:
    """Read off the wikitext: the footnotes that follow each of these sentences, in order."""
    assert notes_of(article, words) == titles


def test_builtin_reference_in_full(article: Article) -> None:
    """Every field of one footnote, copied from the wikitext by hand."""
    reference = next(r for r in article.references if r.name == ":0")
    assert reference.title == "China's SenseTime sells out of Xinjiang security joint venture"
    assert reference.authors == "Shepherd, Christian"
    assert reference.publisher == "Financial Times"
    assert reference.date == "15 April 2019"
    assert reference.url == "https://www.ft.com/content/38aa038a-5f4f-11e9-b285-3acd5d43599e"
    assert reference.archive_url == (
        "https://web.archive.org/web/20190501035219/https://www.ft.com/content/38aa038a-5f4f-11e9-b285-3acd5d43599e"
    )
    assert reference.access_date == "1 May 2019"
    assert reference.raw.startswith("{{Cite news |last1=Shepherd")
    assert not reference.dead


def test_sources_of_one_footnote_have_their_own_fields() -> None:
    """Each keeps its own pages, link and archive; an archive behind a citation is no further source."""
    archive = "https://web.archive.org/web/2010/http://example.org/a"
    article = parse_article(
        f"One.<ref>{{{{cite web|title=A|url=http://example.org/a}}}} {{{{webarchive|url={archive}}}}} "
        "{{cite web|title=B|url=http://example.org/b}} {{wayback|url=http://example.org/b|date=20110203}}</ref> "
        "Two.{{sfnm|1a1=Smith|1y=2004|1p=3|2a1=Smith|2y=2004|2p=9}}\n* {{cite book|last=Smith|year=2004|title=C}}",
        "T",
    )
    first, second = article.references
    assert [(s.number, s.title, s.archive_url) for s in first.sources] == [
        (1, "A", archive),
        (1, "B", "https://web.archive.org/web/20110203/http://example.org/b"),
    ]
    assert [(s.number, s.title, s.pages) for s in second.sources] == [(2, "C", "3"), (2, "C", "9")]
    assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article


def sources_of(footnote: str) -> list[Reference]:
    (reference,) = parse_article(f"One.<ref>{footnote}</ref>", "T").references
    return list(reference.sources)


def test_words_between_two_citations_only_join_them() -> None:
    """They are no publisher of the first; when it was looked up they do say."""
    first, second = sources_of("{{cite web|title=A|url=http://a.org}}; see also {{cite book|title=B}}")
    assert (first.title, first.publisher, second.title) == ("A", None, "B")
    first, second = sources_of("{{cite web|title=A}}. Retrieved 5 May 2012. {{harvnb|Doe|1999}}")
    assert (first.title, first.publisher, first.access_date, second.title) == ("A", None, "5 May 2012", "Doe 1999")


def test_a_remark_has_no_link_of_its_source() -> None:
    """Each source keeps its own address; an archive behind a link in words is that link's."""
    remark, source = sources_of("Calculated from {{cite web|title=A|url=http://a.org}}")
    assert (remark.url, source.url) == (None, "http://a.org")
    (archived,) = sources_of("[http://a.org A] {{wayback|url=http://a.org|date=20080112}}")
    assert (archived.title, archived.url) == ("A", "http://a.org")
    assert archived.archive_url == "https://web.archive.org/web/20080112/http://a.org"


def test_a_comment_in_a_citation_is_no_part_of_it() -> None:
    """A field that holds a comment alone is not given."""
    (source,) = sources_of("{{cite web|work=<!-- none -->|publisher=BBC|title=A|url=http://a.org<!-- old -->}}")
    assert (source.publisher, source.url) == ("BBC", "http://a.org")


@pytest.mark.parametrize(
    ("footnote", "url"),
    [
        ("See http://a.org/x.", "http://a.org/x"),
        ("(http://a.org/y), p. 5", "http://a.org/y"),
        ("http://a.org/a_(b)", "http://a.org/a_(b)"),
        ("{{cite web|title=A|url=http://a.org/?a=1&amp;b=2&copy=3}}", "http://a.org/?a=1&b=2&copy=3"),
    ],
)
def test_an_address_ends_before_the_marks_of_its_sentence(footnote: str, url: str) -> None:
    """As MediaWiki links it: entities as what they show, a bracket only where one was opened."""
    assert sources_of(footnote)[0].url == url


def test_words_before_a_look_up_date_are_kept_without_the_marks_between() -> None:
    """The date is a field of its own."""
    (source,) = sources_of("The Weekly, (Retrieved on 2 February 2008).")
    assert (source.title, source.access_date) == ("The Weekly", "2 February 2008")


def test_tables_of_templates_agree() -> None:
    """A template that wraps doubted words is a trust mark, and a silent name has no silent beginning."""
    assert set(templates.MARKS) >= templates.WRAPPING_MARKS
    assert [name for name in templates.SILENT if name.startswith(templates.SILENT_PREFIXES)] == []


@pytest.mark.skipif(not SHARED, reason=REASON)
@pytest.mark.parametrize("path", SHARED, ids=[path.stem for path in SHARED])
def test_shared_article(path: Path) -> None:
    """A real article reads without a crash or any markup, and every equation holds."""
    article = parse_article(path.read_text(encoding="utf-8"), path.stem)
    assert_equations(article)
    assert_no_residue(article)
