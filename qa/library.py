"""A path → an open index: the built-in article, a file of wikitext, or an index directory.

The index of a file is kept in the cache and built again only when the file, the settings or Footnote
itself has changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import index as package
from index import store
from index.article import Article
from index.digest import file_sha256
from index.embedding import Progress
from index.errors import ArticleError, FootnoteError
from index.store import Index
from index.wikipedia import BUILTIN_TITLE, builtin_article, builtin_path, read_articles
from qa.settings import Settings


def open_index(path: str | Path | None, settings: Settings, progress: Progress | None) -> Index:
    """The index at `path`: a directory that holds one, or a file's own; None is the built-in article's.

    Raises IndexNotFound, IndexMismatch or IndexCorrupt for a directory, ArticleError for a file.
    """
    if path is None:
        return _index_of_file(builtin_path(), lambda _: (builtin_article(),), BUILTIN_TITLE, settings, progress)
    try:
        place = Path(path).expanduser()
        is_directory = place.is_dir()
        resolved = place.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # no such user, no permission, or no path at all but a text
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(f"{str(path)[:200]} cannot be opened ({reason}): give the path of an article") from error
    if is_directory:
        return store.load(place)
    key = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:16]
    return _index_of_file(place, read_articles, key, settings, progress)


def index_in_memory(articles: Sequence[Article], settings: Settings, progress: Progress | None) -> Index:
    return store.in_memory(articles, cache=settings.encoders, progress=progress, **_build_options(settings))


def build_index(
    articles: Sequence[Article], directory: Path, settings: Settings, progress: Progress | None, origin: str = ""
) -> Index:
    """The index over `articles` in `directory`. Raises as `index.store.build` does."""
    options = _build_options(settings)
    return store.build(articles, directory, cache=settings.encoders, origin=origin, progress=progress, **options)


def _index_of_file(
    path: Path,
    read: Callable[[Path], tuple[Article, ...]],
    key: str,
    settings: Settings,
    progress: Progress | None,
) -> Index:
    """The file's index in the cache; parsed and built only when the one that is there is of other bytes."""
    directory = settings.indexes / key
    origin = _origin(path)
    if origin and store.is_current(directory, origin=origin, **_build_options(settings)):
        with suppress(FootnoteError):  # what is damaged in the cache is built again
            return store.load(directory)
    return build_index(read(path), directory, settings, progress, origin)


def _origin(path: Path) -> str:
    """What an index in the cache was made from: the file, its name, and the programs that read it.

    "" when the file cannot be read: reading it as an article then says why.
    """
    try:
        parts = [file_sha256(path), path.stem, _programs()]
    except OSError:
        return ""
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


@cache
def _programs() -> str:
    """SHA-256 of the programs of `index`: a template that is rendered otherwise makes another article."""
    files = sorted(Path(str(package.__file__)).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _build_options(settings: Settings) -> dict[str, Any]:
    return {"model": settings.model, "precision": settings.precision, "max_tokens": settings.max_tokens}
