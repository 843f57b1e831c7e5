"""Opening what a path names: the built-in article, a file with its index in the cache, an index directory."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from index import store
from index.article import Article
from index.store import Index
from qa import ArticleError, IndexNotFound, Settings
from qa.library import build_index, open_index

Files = dict[str, tuple[int, int]]


@pytest.fixture
def settings(tmp_path: Path, cache: Path) -> Settings:
    """A cache that is empty but for the exported encoder."""
    place = tmp_path / "cache"
    place.mkdir()
    (place / "encoders").symlink_to(cache, target_is_directory=True)
    return Settings(cache=str(place))


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the articles of every build, in order; building works as ever."""
    titles: list[str] = []
    real = store.build

    def counting(articles: list[Article], *given: object, **named: object) -> Index:
        titles.extend(article.title for article in articles)
        return real(articles, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "build", counting)
    return titles


def files_of(settings: Settings) -> Files:
    """Every file of every cached index, with its time of change (ns) and inode."""
    found = (p for p in settings.indexes.rglob("*") if p.is_file())
    return {str(p.relative_to(settings.indexes)): (p.stat().st_mtime_ns, p.stat().st_ino) for p in found}


def opened(path: Path | None, settings: Settings) -> str:
    """The text of the only article of what is opened."""
    (article,) = open_index(path, settings, None).articles
    return article.text


def test_the_index_of_a_file_is_used_again(toytown_file: Path, settings: Settings, built: list[str]) -> None:
    """The second time nothing is built and no file is touched, by whichever path it is named."""
    first = opened(toytown_file, settings)
    before = files_of(settings)
    assert opened(toytown_file.parent / "." / toytown_file.name, settings) == first
    assert files_of(settings) == before
    assert before
    assert built == ["Toytown Works"]


def test_the_index_of_the_built_in_article_is_used_again(settings: Settings, built: list[str]) -> None:
    """Built at its first use, then read."""
    first = opened(None, settings)
    before = files_of(settings)
    assert opened(None, settings) == first
    assert files_of(settings) == before
    assert built == ["SenseTime"]


def test_a_changed_file_is_indexed_again(toytown_file: Path, settings: Settings, built: list[str]) -> None:
    """Also when its length and its times stay the same."""
    opened(toytown_file, settings)
    status = toytown_file.stat()
    toytown_file.write_text(toytown_file.read_text("utf-8").replace("6 July 2014", "7 July 2014"), "utf-8")
    os.utime(toytown_file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "7 July 2014" in opened(toytown_file, settings)
    assert len(built) == 2


def test_other_settings_make_another_index(toytown_file: Path, settings: Settings) -> None:
    """A passage length that was chosen is the one that is used."""
    assert open_index(toytown_file, settings, None).manifest.settings["max_tokens"] == 200
    assert open_index(toytown_file, replace(settings, max_tokens=64), None).manifest.settings["max_tokens"] == 64


def test_settings_of_asking_do_not_build_again(toytown_file: Path, settings: Settings, built: list[str]) -> None:
    """A threshold changes answers, not the index."""
    opened(toytown_file, settings)
    opened(toytown_file, replace(settings, threshold=0.9, read=1))
    assert len(built) == 1


@pytest.mark.parametrize("damage", ["manifest", "part", "missing part", "all"])
def test_a_damaged_cache_is_built_again(toytown_file: Path, settings: Settings, damage: str, built: list[str]) -> None:
    """The cache is ours to mend: no error, the same index."""
    first = opened(toytown_file, settings)
    (directory,) = settings.indexes.iterdir()
    (dense,) = directory.glob("dense-*")
    match damage:
        case "manifest":
            (directory / "manifest.json").write_text("{")
        case "part":
            dense.write_bytes(dense.read_bytes()[:-1])
        case "missing part":
            dense.unlink()
        case "all":
            for path in (p for p in directory.rglob("*") if p.is_file()):
                path.write_bytes(b"")
    assert opened(toytown_file, settings) == first
    store.verify(directory)
    assert len(built) == 2


def test_files_of_one_name_have_indexes_of_their_own(tmp_path: Path, settings: Settings) -> None:
    """Two folders, two articles of the same title."""
    for folder, text in (("a", "Owls hoot."), ("b", "Bees hum.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Zoo.txt").write_text(text)
    assert opened(tmp_path / "a" / "Zoo.txt", settings) == "Owls hoot."
    assert opened(tmp_path / "b" / "Zoo.txt", settings) == "Bees hum."
    assert opened(tmp_path / "a" / "Zoo.txt", settings) == "Owls hoot."


def test_a_file_under_another_name_is_another_article(tmp_path: Path, settings: Settings) -> None:
    """A link to a file has a title of its own, though both lead to one place in the cache."""
    (tmp_path / "Owls.txt").write_text("Owls hoot.")
    (tmp_path / "Birds.txt").symlink_to(tmp_path / "Owls.txt")
    titles = [open_index(tmp_path / name, settings, None).articles[0].title for name in ("Birds.txt", "Owls.txt")]
    assert titles == ["Birds", "Owls"]


def test_other_programs_make_another_index(
    toytown_file: Path, settings: Settings, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template that is rendered otherwise changes the article, under the same version."""
    opened(toytown_file, settings)
    monkeypatch.setattr("qa.library._programs", lambda: "changed")
    opened(toytown_file, settings)
    assert len(built) == 2


@pytest.mark.parametrize("path", ["a" * 300 + "/b", "~nobody-of-that-name/Zoo.txt"])
def test_what_is_no_path_is_one_clear_error(settings: Settings, path: str) -> None:
    with pytest.raises(ArticleError, match=r"cannot be opened .* give the path of an article"):
        open_index(path, settings, None)


def test_a_file_that_went_away_is_missing(toytown_file: Path, settings: Settings) -> None:
    """Its index in the cache does not stand in for it."""
    opened(toytown_file, settings)
    toytown_file.unlink()
    with pytest.raises(ArticleError, match=r"Toytown_Works\.wikitext does not exist"):
        opened(toytown_file, settings)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.wikitext", None, "does not exist"),
        ("empty.wikitext", b"", "is empty"),
        ("blank.wikitext", b" \n\t", "is empty"),
        ("binary.wikitext", b"\x00\x01\x02", "is a binary file"),
        ("latin.wikitext", "café".encode("latin-1"), "is not UTF-8 text"),
        ("page.html", b"<!DOCTYPE html><html><body>x</body></html>", "is a web page"),
        ("paper.pdf", b"%PDF-1.7 x", "is not wikitext"),
        ("only_templates.wikitext", b"{{Use dmy dates}}", "only_templates"),
    ],
)
def test_a_file_that_is_no_article(
    tmp_path: Path, settings: Settings, name: str, content: bytes | None, message: str
) -> None:
    """The error names the file and what is wrong; nothing is left in the cache."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArticleError, match=message) as caught:
        open_index(tmp_path / name, settings, None)
    assert name in str(caught.value)
    assert files_of(settings) == {}


def test_a_directory_is_an_index_or_an_error(tmp_path: Path, settings: Settings, toytown: Article) -> None:
    """An index directory is read as it is; one without an index is not taken for a file."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexNotFound, match="holds no index; build one with: qa index"):
        open_index(tmp_path / "empty", settings, None)
    build_index([toytown], tmp_path / "index", settings, None)
    assert opened(tmp_path / "index", settings) == toytown.text


def test_a_path_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, toytown_file: Path, settings: Settings) -> None:
    """ "~" is the home folder, as in a shell."""
    monkeypatch.setenv("HOME", str(toytown_file.parent))
    assert opened(Path("~") / toytown_file.name, settings).startswith("Traded as")


def test_progress_is_told(toytown_file: Path, settings: Settings) -> None:
    """While an index is built, and not when it is only read."""
    told: list[str] = []

    def note(stage: str, done: int, total: int) -> None:
        told.append(stage)

    open_index(toytown_file, settings, note)
    assert list(dict.fromkeys(told)) == ["chunk", "embed", "write", "commit"]
    told.clear()
    open_index(toytown_file, settings, note)
    assert told == []
