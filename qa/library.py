"""A path → an open index: the built-in article, a file of wikitext, or an index directory.

The index of a file is kept in the cache and built again only when the file, the settings or Footnote
itself has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from index import store
from index.article import Article
from index.digest import file_sha256
from index.embedding import Progress
from index.errors import FootnoteError
from index.store import Index
from index.wikipedia import BUILTIN_TITLE, builtin_article, builtin_path, read_articles
from qa.settings import Settings


def open_index(path: str | Path | None, settings: Settings, progress: Progress | None) -> Index:
    """The index at `path`: a directory that holds one, or a file's own; None is the built-in article's.

    Raises IndexNotFound, IndexMismatch or IndexCorrupt for a directory, ArticleError for a file.
    """
    if path is None:
        return _index_of_file(builtin_path(), lambda _: (builtin_article(),), BUILTIN_TITLE, settings, progress)
    place = Path(path).expanduser()
    if place.is_dir():
        return store.load(place)
    key = hashlib.sha256(str(place.resolve()).encode()).hexdigest()[:16]
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
    origin = _digest(path)
    if origin and store.is_current(directory, origin=origin, **_build_options(settings)):
        with suppress(FootnoteError):  # what is damaged in the cache is built again
            return store.load(directory)
    return build_index(read(path), directory, settings, progress, origin)


def _digest(path: Path) -> str:
    """SHA-256 of a file, "" when it cannot be read: reading it as an article then says why."""
    try:
        return file_sha256(path)
    except OSError:
        return ""


def _build_options(settings: Settings) -> dict[str, Any]:
    return {"model": settings.model, "precision": settings.precision, "max_tokens": settings.max_tokens}
