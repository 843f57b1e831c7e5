"""Where articles come from: the built-in one, a file of wikitext or plain text, a MediaWiki XML export.

Turns a path into Articles. Left out: fetching from a live wiki, which needs a network and is not built yet.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from index.article import Article
from index.errors import ArticleError
from index.wikitext import parse_article

BUILTIN_TITLE = "SenseTime"
_MAX_FILE = 64 * 1024 * 1024  # bytes; an export may hold many articles


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
    text = _read_text(path)
    head = text.lstrip("\ufeff \t\r\n")[:1000].lower()
    if head.startswith("<mediawiki") or (head.startswith("<?xml") and "<mediawiki" in head):
        return _read_export(text, path)
    if head.startswith(("<!doctype html", "<html")) or "<head>" in head:
        raise ArticleError(
            f"{path} is a web page, not wikitext: save the article's source (add ?action=raw to its URL)"
        )
    if head.startswith(("<?xml", "%pdf-", "{\\rtf")):
        raise ArticleError(f"{path} is not wikitext: save the article's source (add ?action=raw to its URL)")
    return (_named(path, text, path.stem.replace("_", " ").strip()),)


def _read_text(path: Path) -> str:
    if not path.exists():
        raise ArticleError(f"{path} does not exist: give the path of an article's wikitext")
    if not path.is_file():
        raise ArticleError(f"{path} is not a file: give the path of an article's wikitext")
    try:
        if path.stat().st_size > _MAX_FILE:
            raise ArticleError(f"{path} is larger than {_MAX_FILE >> 20} MiB: split it into parts")
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path} cannot be read ({error.strerror}): check its permissions") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(f"{path} is not UTF-8 text (byte {error.start}): save the wikitext as UTF-8") from error
    if "\0" in text:
        raise ArticleError(f"{path} is a binary file, not wikitext: save the article's source as UTF-8 text")
    if not text.strip():
        raise ArticleError(f"{path} is empty: give a file with an article's wikitext in it")
    return text.replace("\r\n", "\n")


def _read_export(text: str, path: Path) -> tuple[Article, ...]:
    """Every page in the main namespace of a Special:Export file; redirects are passed over."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ArticleError(f"{path} is not a well-formed XML export ({error}): export it again") from error
    articles = []
    for page in root.findall("{*}page"):
        wikitext = page.findtext("{*}revision/{*}text") or ""
        if page.findtext("{*}ns") not in {None, "0"} or page.find("{*}redirect") is not None or not wikitext.strip():
            continue
        title = page.findtext("{*}title") or path.stem
        articles.append(_named(path, wikitext, title, page.findtext("{*}revision/{*}id")))
    if not articles:
        raise ArticleError(f"{path} holds no article: export at least one page of the main namespace")
    return tuple(articles)


def _named(path: Path, wikitext: str, title: str, revision: str | None = None) -> Article:
    try:
        return parse_article(wikitext, title, revision=revision)
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from error
