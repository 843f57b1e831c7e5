"""Where articles come from: the built-in one, a file of wikitext or plain text, a MediaWiki XML export, a live wiki.

Turns a path, the bytes of a file, or a title into Articles. Only `fetch_export` opens a connection, and
only to the wiki that its caller names. Left out: keeping what was read.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

from index.article import UNKNOWN_LICENCE, Article
from index.errors import ArticleError
from index.wikitext import parse_article

BUILTIN_TITLE = "SenseTime"
_MAX_FILE = 64 * 1024 * 1024  # bytes; an export may hold many articles
_FETCH_LIMIT = 15.0  # seconds that a wiki may keep silent
_LONGEST_TITLE = 255  # bytes, MediaWiki's own limit
#: Wikis ask every program to say what it is: https://meta.wikimedia.org/wiki/User-Agent_policy
_USER_AGENT = "Footnote/0.1 (question answering with citations; reads one article at a time)"


def builtin_article() -> Article:
    """The article that comes with Footnote: "SenseTime", by Wikipedia contributors, CC BY-SA 4.0."""
    return parse_article(builtin_path().read_text(encoding="utf-8"), BUILTIN_TITLE)


def builtin_path() -> Path:
    """Where the built-in article's wikitext lies."""
    return Path(__file__).parent / "data" / f"{BUILTIN_TITLE}.wikitext"


def read_articles(path: Path) -> tuple[Article, ...]:
    """The articles in a file: one of wikitext (`.wikitext`, `.txt` …), or all of a MediaWiki XML export.

    A file's title is its name without the ending, "_" read as a space. Raises ArticleError naming the
    path when it is missing, a directory, empty, too large, not UTF-8 text or not wikitext.
    """
    return articles_in(_read(path), str(path), path.stem)


def articles_in(data: bytes, name: str, title: str) -> tuple[Article, ...]:
    """The articles in the bytes of a file, as `read_articles` has them; `name` is what an error calls the file.

    `title`, "_" read as a space, is that of wikitext; an export has its own.
    """
    text = _decoded(data, name)
    head = text.lstrip("\ufeff \t\r\n")[:1000].lower()
    if head.startswith("<mediawiki") or (head.startswith("<?xml") and "<mediawiki" in head):
        return _read_export(text, name, title)
    if head.startswith(("<!doctype html", "<html")) or "<head>" in head:
        raise ArticleError(
            f"{name} is a web page, not wikitext: save the article's source (add ?action=raw to its URL)"
        )
    if head.startswith(("<?xml", "%pdf-", "{\\rtf")):
        raise ArticleError(f"{name} is not wikitext: save the article's source (add ?action=raw to its URL)")
    return (_named(name, text, title.replace("_", " ").strip()),)


def fetch_export(title: str, wiki: str) -> bytes:
    """The article called `title` as a MediaWiki XML export, redirects followed; `articles_in` reads it.

    `wiki` is a wiki's address ("https://en.wikipedia.org") or that of its API. Raises ArticleError naming
    the title when there is no such article, and the wiki when it cannot be reached.
    """
    wanted = " ".join(title.replace("_", " ").split())
    if not wanted or len(wanted.encode()) > _LONGEST_TITLE or set(wanted) & set("#<>[]|{}"):
        raise ArticleError(f"{wanted[:60]!r} cannot be a title: give it as the article's page shows it")
    query = {"action": "query", "titles": wanted, "redirects": 1, "export": 1, "exportnowrap": 1, "format": "json"}
    data = _fetched(f"{_api(wiki)}?{urlencode(query)}", wiki)
    if data.lstrip()[:1] == b"{":
        raise ArticleError(f"{wiki} refused the title {wanted!r} ({_api_error(data)}): try another title")
    if b"<page>" not in data:
        raise ArticleError(f"{wiki} has no article called {wanted!r}: check the spelling and the capitals")
    return data


def _api(wiki: str) -> str:
    parts = urlsplit(wiki)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ArticleError(f"{wiki!r} is not a wiki's address: give one such as https://en.wikipedia.org")
    return wiki if parts.path.endswith("api.php") else f"{wiki.rstrip('/')}/w/api.php"


def _fetched(address: str, wiki: str) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": _USER_AGENT})
    try:
        with urllib.request.urlopen(request, timeout=_FETCH_LIMIT) as response:
            data: bytes = response.read(_MAX_FILE + 1)
    except urllib.error.HTTPError as error:
        raise ArticleError(f"{wiki} answered {error.code} ({error.reason}): try again later") from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise ArticleError(f"{wiki} cannot be reached ({reason}): check the network and the address") from error
    if len(data) > _MAX_FILE:
        raise ArticleError(f"{wiki} sent more than {_MAX_FILE >> 20} MiB: choose a smaller article")
    return data


def _api_error(data: bytes) -> str:
    """What the wiki's own error says, in short."""
    try:
        return str(json.loads(data)["error"]["info"])[:200]
    except (ValueError, KeyError, TypeError):
        return "it gave no reason"


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            raise ArticleError(f"{path} does not exist: give the path of an article's wikitext")
        if not path.is_file():
            raise ArticleError(f"{path} is not a file: give the path of an article's wikitext")
        if path.stat().st_size > _MAX_FILE:
            raise ArticleError(f"{path} is larger than {_MAX_FILE >> 20} MiB: split it into parts")
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path} cannot be read ({error.strerror}): check its permissions") from error


def _decoded(data: bytes, name: str) -> str:
    if len(data) > _MAX_FILE:
        raise ArticleError(f"{name} is larger than {_MAX_FILE >> 20} MiB: split it into parts")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(f"{name} is not UTF-8 text (byte {error.start}): save the wikitext as UTF-8") from error
    if "\0" in text:
        raise ArticleError(f"{name} is a binary file, not wikitext: save the article's source as UTF-8 text")
    if not text.strip():
        raise ArticleError(f"{name} is empty: give a file with an article's wikitext in it")
    return text.replace("\r\n", "\n")


def _read_export(text: str, name: str, stem: str) -> tuple[Article, ...]:
    """Every page in the main namespace of a Special:Export file; redirects are passed over."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ArticleError(f"{name} is not a well-formed XML export ({error}): export it again") from error
    site = (root.findtext("{*}siteinfo/{*}base") or "").rpartition("/")[0]
    articles = []
    for page in root.findall("{*}page"):
        wikitext = page.findtext("{*}revision/{*}text") or ""
        if page.findtext("{*}ns") not in {None, "0"} or page.find("{*}redirect") is not None or not wikitext.strip():
            continue
        title = page.findtext("{*}title") or stem
        article = _named(name, wikitext, title, page.findtext("{*}revision/{*}id"))
        if site.startswith(("https://", "http://")):  # the wiki that it was exported from
            article = replace(article, page_url=f"{site}/{quote(title.replace(' ', '_'), safe='/:()')}")
            if not f".{urlsplit(site).hostname}".endswith(".wikipedia.org"):
                article = replace(article, licence=UNKNOWN_LICENCE)
        articles.append(article)
    if not articles:
        raise ArticleError(f"{name} holds no article: export at least one page of the main namespace")
    return tuple(articles)


def _named(name: str, wikitext: str, title: str, revision: str | None = None) -> Article:
    try:
        return parse_article(wikitext, title, revision=revision)
    except ArticleError as error:
        raise ArticleError(f"{name}: {error}") from error
