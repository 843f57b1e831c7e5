"""Where articles come from: files of every wrong sort are refused with a remedy, exports give all their articles."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_wiki import LocalWiki

from index import wikipedia
from index.errors import ArticleError
from index.wikipedia import articles_in, builtin_article, builtin_path, fetch_export, read_articles

WIKITEXT = "'''Rhine''' is a [[river]].\n\n== Course ==\nIt flows.\n"

EXPORT = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
  <siteinfo><sitename>Wikipedia</sitename></siteinfo>
  <page><title>Rhine</title><ns>0</ns><id>1</id>
    <revision><id>101</id><text>The '''Rhine''' flows.&lt;ref>Proof&lt;/ref></text></revision></page>
  <page><title>Rhein</title><ns>0</ns><id>2</id><redirect title="Rhine" />
    <revision><id>102</id><text>#REDIRECT [[Rhine]]</text></revision></page>
  <page><title>Talk:Rhine</title><ns>1</ns><id>3</id>
    <revision><id>103</id><text>I disagree.</text></revision></page>
  <page><title>Blank</title><ns>0</ns><id>4</id>
    <revision><id>104</id><text> </text></revision></page>
  <page><title>Danube</title><ns>0</ns><id>5</id>
    <revision><id>105</id><text>The Danube flows.</text></revision></page>
</mediawiki>
"""


def written(folder: Path, data: str | bytes, name: str = "My_River.wikitext") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_builtin() -> None:
    """The built-in article is on the disk, has its title, and knows its page."""
    assert builtin_path().is_file()
    article = builtin_article()
    assert article.title == "SenseTime"
    assert article.page_url == "https://en.wikipedia.org/wiki/SenseTime"
    assert article.source == builtin_path().read_text(encoding="utf-8")


def test_file(tmp_path: Path) -> None:
    """A file's name without its ending is its title, "_" read as a space; its source is the file."""
    (article,) = read_articles(written(tmp_path, WIKITEXT))
    assert article.title == "My River"
    assert article.source == WIKITEXT
    assert article.text == "Rhine is a river.\n\nCourse\n\nIt flows."


def test_plain_text(tmp_path: Path) -> None:
    """Plain text is wikitext without markup."""
    (article,) = read_articles(written(tmp_path, "One came.\n\nTwo came.\n", "notes.txt"))
    assert [p.text for p in article.paragraphs] == ["One came.", "Two came."]


@pytest.mark.parametrize("data", [WIKITEXT.replace("\n", "\r\n"), "\ufeff" + WIKITEXT], ids=["crlf", "byte order mark"])
def test_other_ways_to_write_utf8(tmp_path: Path, data: str) -> None:
    """Windows line breaks and a byte order mark change nothing."""
    (article,) = read_articles(written(tmp_path, data))
    assert article.source == WIKITEXT


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty: give a file"),
        (b" \n\t\n", "is empty: give a file"),
        (b"\xef\xbb\xbf", "is empty: give a file"),
        (b"PK\x03\x04\x00\x00", "is a binary file"),
        (b"\x89PNG\r\n\x1a\n", "is not UTF-8 text"),
        ("Köln liegt am Rhein.".encode("latin-1"), r"is not UTF-8 text \(byte 1\): save the wikitext as UTF-8"),
        (b"<!DOCTYPE html>\n<html><body>Rhine</body></html>", "is a web page.*action=raw"),
        (b"<html lang=en><p>Rhine", "is a web page.*action=raw"),
        (b"%PDF-1.7\nRhine", "is not wikitext.*action=raw"),
        (b"{\\rtf1 Rhine}", "is not wikitext.*action=raw"),
        (b"<?xml version='1.0'?><feed>Rhine</feed>", "is not wikitext.*action=raw"),
        (b"#REDIRECT [[Rhine]]", "is a redirect.*give the article it leads to"),
        (b"{{Use dmy dates}}", "holds no readable text"),
        (b"<mediawiki><page></mediawiki>", "is not a well-formed XML export.*export it again"),
        (b"<mediawiki></mediawiki>", "holds no article"),
        (b"<mediawiki><page><title>A</title><ns>1</ns></page></mediawiki>", "holds no article"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    """Each message names the file and says what to do."""
    path = written(tmp_path, data)
    with pytest.raises(ArticleError, match=message) as error:
        read_articles(path)
    assert str(path) in str(error.value)


def test_missing_file(tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    with pytest.raises(ArticleError, match=r"none\.wikitext does not exist: give the path"):
        read_articles(tmp_path / "none.wikitext")


def test_directory(tmp_path: Path) -> None:
    """A directory is no article."""
    with pytest.raises(ArticleError, match="is not a file: give the path"):
        read_articles(tmp_path)


def test_too_large_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is refused before it is read."""
    monkeypatch.setattr(wikipedia, "_MAX_FILE", 10)
    with pytest.raises(ArticleError, match=r"is larger than .* split it into parts"):
        read_articles(written(tmp_path, WIKITEXT))


def test_export(tmp_path: Path) -> None:
    """Of five pages two are articles: a redirect, a talk page and a blank page are passed over."""
    articles = read_articles(written(tmp_path, EXPORT, "export.xml"))
    assert [(a.title, a.revision, a.text) for a in articles] == [
        ("Rhine", "101", "The Rhine flows."),
        ("Danube", "105", "The Danube flows."),
    ]
    assert [r.title for r in articles[0].references] == ["Proof"]


def test_an_export_of_another_wiki_claims_no_licence(tmp_path: Path) -> None:
    """Wikipedia's licence is known; what another wiki's is, its export does not say."""
    of = {"en.wikipedia.org": "CC BY-SA 4.0", "w.example": "not stated", "notwikipedia.org": "not stated"}
    for host, licence in of.items():
        named = EXPORT.replace("<siteinfo>", f"<siteinfo><base>https://{host}/wiki/M</base>")
        assert licence in read_articles(written(tmp_path, named, "export.xml"))[0].licence


def test_export_with_a_declaration(tmp_path: Path) -> None:
    """An XML declaration before the export changes nothing."""
    declared = '<?xml version="1.0" encoding="utf-8"?>\n' + EXPORT
    assert len(read_articles(written(tmp_path, declared, "export.xml"))) == 2


def test_entities_in_an_export_are_not_expanded(tmp_path: Path) -> None:
    """An export that defines entities inside entities is refused or read, never grown without bound."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE mediawiki [<!ENTITY e0 "word">{levels}]>'
    page = "<mediawiki><page><title>A</title><revision><text>&e11;</text></revision></page></mediawiki>"
    with pytest.raises(ArticleError, match="well-formed"):
        read_articles(written(tmp_path, bomb + page, "export.xml"))


def test_a_title_makes_a_link(tmp_path: Path) -> None:
    """Spaces become "_", other characters are escaped, brackets and colons are kept."""
    (article,) = read_articles(written(tmp_path, WIKITEXT, "Rhein_(Fluß)?.wikitext"))
    assert article.page_url == "https://en.wikipedia.org/wiki/Rhein_(Flu%C3%9F)%3F"


@pytest.fixture
def wiki() -> Iterator[LocalWiki]:
    with LocalWiki() as running:
        yield running


@pytest.mark.parametrize("title", ["Hulme", " Old ", "Hulme_"])
def test_an_article_is_fetched_by_title(wiki: LocalWiki, title: str) -> None:
    """Redirects are followed; the title, the revision and the address are the wiki's own."""
    [article] = articles_in(fetch_export(title, wiki.url), title, "x")
    assert (article.title, article.revision) == ("Hulme", "9")
    assert article.page_url == "http://wiki.example/wiki/Hulme"
    path, agent = wiki.seen[-1]
    assert path == "/w/api.php"
    assert agent.startswith("Footnote/")


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("Nowhere", "has no article called 'Nowhere'"),
        ("Limited", "exceeded your rate limit"),
        ("Down", "answered 503"),
        ("a|b", "cannot be a title"),
        ("", "cannot be a title"),
        ("x" * 300, "cannot be a title"),
    ],
)
def test_what_cannot_be_fetched_is_one_clear_error(wiki: LocalWiki, title: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        fetch_export(title, wiki.url)


def test_a_wiki_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ArticleError, match=f"{address} cannot be reached"):
        fetch_export("Hulme", address)
    with pytest.raises(ArticleError, match="not a wiki's address"):
        fetch_export("Hulme", "file:///etc")
