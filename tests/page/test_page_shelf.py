"""What browsers bring: kept, indexed, found again, shared, deleted, and never seen by anyone else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from page_fakes import OverlapQA

from index import Article
from index.errors import ArticleError
from page.shelf import MOST_FILES, Shelf, owner_of
from qa.settings import Settings

ANNA, BEN = "a" * 43, "b" * 43
WIKITEXT = (
    b"The mill of Hulme was built in 1874.<ref>{{cite web |url=https://example.org |title=Mills}}</ref> It closed."
)
EXPORT = b"""<mediawiki><siteinfo><base>https://xx.example/wiki/Main</base></siteinfo>
<page><title>One</title><ns>0</ns><revision><id>7</id><text>The tower of One rose in 1901.</text></revision></page>
<page><title>Two</title><ns>0</ns><revision><id>8</id><text>The bridge of Two fell in 1902.</text></revision></page>
</mediawiki>"""


@pytest.fixture
def home(tmp_path: Path) -> OverlapQA:
    qa = OverlapQA(Article.from_paragraphs("Home", ["The home is here."]))
    qa.settings = replace(Settings.from_environment(), uploads=str(tmp_path / "uploads"))
    return qa


@pytest.fixture
def shelf(home: OverlapQA) -> Shelf:
    return Shelf(home)


def test_a_file_is_answered_from_also_after_a_restart(shelf: Shelf, home: OverlapQA) -> None:
    """Another Shelf over the same folder, as after a restart, opens what the first one kept."""
    steps: list[str] = []
    entry = shelf.add("Hulme_mill.wikitext", WIKITEXT, ANNA, lambda stage, done, total: steps.append(stage))
    assert entry.titles == ("Hulme mill",)
    assert steps
    for each in (shelf, Shelf(home)):
        answer = each.open(entry.id, ANNA).qa.ask("When was the mill of Hulme built?")
        assert "1874" in answer.text
        assert answer.citations[0].references[0].title == "Mills"


def test_an_export_brings_all_its_articles(shelf: Shelf) -> None:
    entry = shelf.add("two.xml", EXPORT, ANNA)
    book = shelf.open(entry.id, ANNA)
    assert entry.titles == ("One", "Two")
    assert book.article(1).page_url == "https://xx.example/wiki/Two"
    assert book.article(0).revision == "7"
    with pytest.raises(ArticleError, match="no article number 2"):
        book.article(2)


def test_nobody_else_sees_opens_shares_or_deletes_it(shelf: Shelf) -> None:
    entry = shelf.add("mill.txt", WIKITEXT, ANNA)
    assert [e.id for e in shelf.entries(ANNA)] == [shelf.home.entry.id, entry.id]
    assert [e.id for e in shelf.entries(BEN)] == [shelf.home.entry.id]
    for key in (BEN, ""):
        with pytest.raises(ArticleError, match="no such article"):
            shelf.open(entry.id, key)
        with pytest.raises(ArticleError, match="only the browser that brought"):
            shelf.delete(entry.id, key)
        with pytest.raises(ArticleError, match="only the browser that brought"):
            shelf.share(entry.id, key, True)


def test_what_is_shared_can_be_opened_by_its_id_and_is_not_listed(shelf: Shelf) -> None:
    entry = shelf.add("mill.txt", WIKITEXT, ANNA)
    shelf.share(entry.id, ANNA, True)
    assert shelf.open(entry.id, BEN).article(0).title == "mill"
    assert entry.id not in [e.id for e in shelf.entries(BEN)]
    shelf.share(entry.id, ANNA, False)
    with pytest.raises(ArticleError):
        shelf.open(entry.id, BEN)


def test_what_is_deleted_is_gone_from_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    entry = shelf.add("mill.txt", WIKITEXT, ANNA)
    shelf.delete(entry.id, ANNA)
    assert list((tmp_path / "uploads").iterdir()) == []
    with pytest.raises(ArticleError, match="no such article"):
        shelf.open(entry.id, ANNA)


def test_the_folder_holds_no_key(shelf: Shelf, tmp_path: Path) -> None:
    """Whoever reads the folder cannot take a browser's place."""
    entry = shelf.add("mill.txt", WIKITEXT, ANNA)
    written = (tmp_path / "uploads" / entry.id / "entry.json").read_text("utf-8")
    assert ANNA not in written
    assert json.loads(written)["owner"] == owner_of(ANNA)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("picture.png", b"x", "none of .wikitext, .txt, .xml"),
        ("empty.txt", b"  ", "'empty.txt' is empty"),
        ("binary.txt", b"a\0b", "'binary.txt' is a binary file"),
        ("latin.txt", b"\xe9t\xe9", "'latin.txt' is not UTF-8"),
        ("broken.xml", b"<mediawiki><page>", "'broken.xml' is not a well-formed XML export"),
        ("page.txt", b"<!doctype html><p>x", "'page.txt' is a web page"),
    ],
)
def test_what_cannot_be_read_is_named_and_leaves_nothing(
    shelf: Shelf, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(ArticleError, match=message):
        shelf.add(name, data, ANNA)
    assert not (tmp_path / "uploads").exists() or list((tmp_path / "uploads").iterdir()) == []


def test_a_folder_that_takes_nothing_is_named(shelf: Shelf, tmp_path: Path) -> None:
    """Here it is no folder at all; one that is full or may not be written ends in the same words."""
    (tmp_path / "uploads").write_text("", "utf-8")
    with pytest.raises(ArticleError, match=r"'mill.txt' could not be kept in .*uploads \(.*FOOTNOTE_UPLOADS"):
        shelf.add("mill.txt", WIKITEXT, ANNA)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "C:\\x\\y.txt", "\u202egnp.txt", "<script>.txt", "y" * 10_000 + ".txt", ".txt.txt"]
)
def test_a_hostile_file_name_is_only_ever_a_name(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """It names no path, holds no control character, and is not endless."""
    entry = shelf.add(name, WIKITEXT, ANNA)
    assert [place.name for place in (tmp_path / "uploads").iterdir()] == [entry.id]
    assert "/" not in entry.name
    assert "\\" not in entry.name
    assert entry.name.isprintable()
    assert len(entry.name) <= 200


@pytest.mark.parametrize("identifier", ["../x", "..", "nosuchnosuch", "x" * 500, "a/b", "\0"])
def test_an_id_that_is_none_opens_nothing(shelf: Shelf, identifier: str) -> None:
    with pytest.raises(ArticleError, match="no such article"):
        shelf.open(identifier, ANNA)


def test_a_damaged_index_is_built_again_from_what_was_brought(shelf: Shelf, home: OverlapQA, tmp_path: Path) -> None:
    entry = shelf.add("mill.txt", WIKITEXT, ANNA)
    (tmp_path / "uploads" / entry.id / "index" / "manifest.json").write_text("{", "utf-8")
    assert "1874" in Shelf(home).open(entry.id, ANNA).qa.ask("When was the mill of Hulme built?").text


def test_a_browser_cannot_fill_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    for i in range(MOST_FILES):
        place = tmp_path / "uploads" / f"{i:012d}"
        place.mkdir(parents=True)
        entry = {"id": "", "name": "x.txt", "titles": ["x"], "owner": owner_of(ANNA), "added": 1.0, "shared": False}
        (place / "entry.json").write_text(json.dumps(entry), "utf-8")
    with pytest.raises(ArticleError, match="delete one first"):
        shelf.add("mill.txt", WIKITEXT, ANNA)
    assert shelf.add("mill.txt", WIKITEXT, BEN).titles == ("mill",)
