"""The articles of a page: the ones it was started with, and those that browsers brought.

What a browser brings is kept in a folder of its own, with its index, until it is deleted:

    <uploads>/<id>/source        the bytes as they came
    <uploads>/<id>/index/        the index over them
    <uploads>/<id>/entry.json    name, titles, owner, whether it is shared

An entry belongs to the browser that brought it, known by a key that nobody can guess; the folder holds
only the key's hash. Others may open it once its owner shares it: they need its id, a random one.
Left out: reading wikitext (`index.wikipedia`), answering (`qa`), HTTP (`page.routes`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.article import Article
from index.errors import ArticleError, IndexCorrupt, IndexMismatch, IndexNotFound
from index.wikipedia import articles_in

if TYPE_CHECKING:
    from index.embedding import Progress
    from qa.answer import Answer
    from qa.settings import Settings

#: Files that one browser may keep, bytes of each, and open indexes kept in memory.
MOST_FILES = 50
LARGEST_FILE = 16 * 1024 * 1024
MOST_OPEN = 8
#: Seconds after which a half-made entry is the remains of a program that was killed.
STALE = 24 * 3600.0
#: Code points of a file's name that are kept.
NAME_LENGTH = 200
ENDINGS = (".wikitext", ".txt", ".xml")
_ID = re.compile(r"[A-Za-z0-9_-]{12,16}")


class NoSuchArticle(ArticleError):
    """There is no such article, or not for this browser: the two are not told apart."""


class Asks(Protocol):
    """What the page needs of `qa.QA`."""

    @property
    def articles(self) -> tuple[Article, ...]: ...

    settings: Settings

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One file on the shelf: where it came from and whose it is; `owner` is the hash of a browser's key."""

    id: str
    name: str
    titles: tuple[str, ...]
    owner: str
    added: float
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """An entry that is open: its articles, and who answers questions about them."""

    entry: Entry
    qa: Asks

    def article(self, number: int) -> Article:
        """Article `number`, counted from 0. Raises NoSuchArticle when there is none of that number."""
        articles = self.qa.articles
        if not 0 <= number < len(articles):
            raise NoSuchArticle(f"{self.entry.name!r} has no article number {number}: choose one from the list")
        return articles[number]


class Shelf:
    """The articles that can be opened: `home`, which everyone has, and each browser's own."""

    def __init__(self, qa: Asks) -> None:
        self.settings = qa.settings
        wiki = self.settings.wiki.strip()
        #: The wiki that articles are fetched from, "" where that is off.
        self.wiki = "" if wiki.lower() in {"", "off", "0", "no", "false"} else wiki
        self._folder = Path(self.settings.uploads).expanduser()
        titles = tuple(article.title for article in qa.articles)
        self.home = Book(Entry(qa.articles[0].sha256[:12], titles[0], titles, "", 0.0), qa)
        self._open: OrderedDict[str, Asks] = OrderedDict()
        self._lock = threading.Lock()  # of the open ones
        self._indexing = threading.Lock()  # one index is built or read at a time

    def entries(self, key: str) -> list[Entry]:
        """What the browser with `key` can choose from: the page's own first, then its uploads by age."""
        own = [entry for entry in self._all() if entry.owner == owner_of(key)]
        return [self.home.entry, *sorted(own, key=lambda entry: entry.added)]

    def open(self, identifier: str, key: str) -> Book:
        """The book with this id, for the browser with `key`. Raises NoSuchArticle when it may not see one."""
        if identifier in {"", self.home.entry.id}:
            return self.home
        entry = self._entry(identifier)
        if entry is None or not (entry.shared or entry.owner == owner_of(key)):
            raise NoSuchArticle(
                "there is no such article here: it was deleted, or it belongs to another browser that does not "
                "share it; choose one from the list, or bring the file"
            )
        qa = self._open.get(identifier)
        if qa is None:
            with self._indexing:
                qa = self._open.get(identifier) or self._loaded(identifier, None)
        with self._lock:
            self._open[identifier] = qa
            self._open.move_to_end(identifier)
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
        return Book(entry, qa)

    def at(self, place: str, key: str) -> tuple[Book, int]:
        """The book and the article's number that a place stands for: "<id of the book>/<number of the article>"."""
        identifier, _, number = place.partition("/")
        return self.open(identifier, key), int(number) if number.isascii() and number.isdigit() else 0

    def add(self, name: str, data: bytes, key: str, progress: Progress | None = None) -> Entry:
        """Keeps a file for the browser with `key`, indexed. Raises ArticleError when it cannot be read or kept."""
        shown = _shown_name(name)
        stem, ending = os.path.splitext(shown)
        if ending.lower() not in ENDINGS:
            raise ArticleError(f"{shown!r} is none of {', '.join(ENDINGS)}: save the article's wikitext as one of them")
        if len(data) > LARGEST_FILE:
            raise ArticleError(f"{shown!r} is larger than {LARGEST_FILE >> 20} MiB: split it into parts")
        if sum(entry.owner == owner_of(key) for entry in self._all()) >= MOST_FILES:
            raise ArticleError(f"{shown!r} would be more than {MOST_FILES} files: delete one first")
        if progress:
            progress("Reading the article", 0, 1)
        articles = articles_in(data, repr(shown), stem)
        entry = Entry(secrets.token_urlsafe(9), shown, tuple(a.title for a in articles), owner_of(key), time.time())
        try:
            self._keep(entry, data, articles, progress)
        except OSError as error:
            raise ArticleError(
                f"{shown!r} could not be kept in {self._folder} ({error.strerror or error}): free space there, or set "
                "FOOTNOTE_UPLOADS to a folder that can be written"
            ) from error
        return entry

    def share(self, identifier: str, key: str, shared: bool) -> Entry:
        """Lets others open an entry by its id, or stops it. Raises ArticleError for one that is not this browser's."""
        entry = replace(self._own(identifier, key), shared=shared)
        _write(self._folder / identifier / "entry.json", entry)
        return entry

    def delete(self, identifier: str, key: str) -> None:
        """Forgets an entry and its files. Raises ArticleError for one that is not this browser's."""
        self._own(identifier, key)
        with self._lock:
            self._open.pop(identifier, None)
            # Renamed first: from then on it is gone, however long the removal takes.
            gone = self._folder / f".new-{identifier}"
            (self._folder / identifier).replace(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _keep(self, entry: Entry, data: bytes, articles: Sequence[Article], progress: Progress | None) -> None:
        """Made beside its place and moved there whole, so that a program that is killed leaves no half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        making = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
        try:
            (making / "source").write_bytes(data)
            with self._indexing:
                self._build(articles, making, progress)
            _write(making / "entry.json", entry)
            making.replace(self._folder / entry.id)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise

    def _own(self, identifier: str, key: str) -> Entry:
        entry = self._entry(identifier)
        if entry is None or entry.owner != owner_of(key):
            raise ArticleError("only the browser that brought an article can share or delete it: use that one")
        return entry

    def _all(self) -> list[Entry]:
        if not self._folder.is_dir():
            return []
        found = (self._entry(place.name) for place in self._folder.iterdir())
        return [entry for entry in found if entry is not None]

    def _entry(self, identifier: str) -> Entry | None:
        """What is written about an entry; None when there is none, or what is there cannot be read."""
        if not _ID.fullmatch(identifier):
            return None
        with suppress(OSError, ValueError, TypeError, KeyError):
            written = json.loads((self._folder / identifier / "entry.json").read_text("utf-8"))
            return Entry(**{**written, "id": identifier, "titles": tuple(written["titles"])})
        return None

    def _loaded(self, identifier: str, progress: Progress | None) -> Asks:
        """The entry's index; built again from its source when another version or other settings built it."""
        from qa import QA
        from qa.library import open_index

        place = self._folder / identifier
        with suppress(IndexNotFound, IndexMismatch, IndexCorrupt):
            return QA(open_index(place / "index", self.settings, progress), self.settings)
        entry = self._entry(identifier)
        try:
            data = (place / "source").read_bytes()
        except OSError as error:
            raise ArticleError(
                f"what was kept of this article cannot be read ({error.strerror}): bring it again"
            ) from error
        name = entry.name if entry else identifier
        self._build(articles_in(data, repr(name), os.path.splitext(name)[0]), place, progress)
        return QA(open_index(place / "index", self.settings, progress), self.settings)

    def _build(self, articles: Sequence[Article], place: Path, progress: Progress | None) -> None:
        from qa.library import build_index

        build_index(articles, place / "index", self.settings, progress)

    def _sweep(self) -> None:
        """Removes what a killed program left half made."""
        for place in self._folder.glob(".new-*"):
            with suppress(OSError):
                if time.time() - place.stat().st_mtime > STALE:
                    shutil.rmtree(place, ignore_errors=True)


def owner_of(key: str) -> str:
    """The hash that stands for a browser's key: whoever reads the folder cannot take the browser's place."""
    return hashlib.sha256(key.encode()).hexdigest()


def _shown_name(name: str) -> str:
    """A file's name as it is kept: its last part, without control characters; never used as a path."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c for c in last if c.isprintable()).strip() or "article.txt"
    stem, ending = os.path.splitext(plain)
    return stem[: NAME_LENGTH - len(ending)] + ending if len(ending) < NAME_LENGTH else plain[:NAME_LENGTH]


def _write(path: Path, entry: Entry) -> None:
    """In one step, so that a reader finds the old or the new, never half of one."""
    fresh = path.with_suffix(".tmp")
    fresh.write_text(json.dumps(asdict(entry), ensure_ascii=False), "utf-8")
    fresh.replace(path)
