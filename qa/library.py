"""A path → an open index: the built-in article, a file of wikitext, or an index directory.

The index of a file is kept in the cache and built again only when the file, the settings or Footnote
itself has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index import store
from index.article import Article
from index.embedding import Progress
from index.errors import FootnoteError, IndexNotFound
from index.store import Index
from index.wikipedia import BUILTIN_TITLE, builtin_article, builtin_path, read_articles
from qa.settings import Settings


def open_index(path: str | Path | None, settings: Settings, progress: Progress | None) -> Index:
    """The index at `path`: a directory that holds one, or a file's own; None is the built-in article's.

    Raises IndexNotFound, IndexMismatch or IndexCorrupt for a directory, ArticleError for a file.
    """
    if path is None:
        key = f"{BUILTIN_TITLE}-{settings.fingerprint}"
        return _index_of_file(builtin_path(), lambda _: (builtin_article(),), key, settings, progress)
    place = Path(path).expanduser()
    if place.is_dir():
        return store.load(place)
    key = f"{hashlib.sha256(str(place.resolve()).encode()).hexdigest()[:16]}-{settings.fingerprint}"
    return _index_of_file(place, read_articles, key, settings, progress)


def index_in_memory(articles: Sequence[Article], settings: Settings, progress: Progress | None) -> Index:
    return store.in_memory(articles, progress=progress, **_build_options(settings))


def build_index(articles: Sequence[Article], directory: Path, settings: Settings, progress: Progress | None) -> Index:
    """The index over `articles` in `directory`. Raises as `index.store.build` does."""
    return store.build(articles, directory, progress=progress, **_build_options(settings))


def _index_of_file(
    path: Path,
    read: Callable[[Path], tuple[Article, ...]],
    key: str,
    settings: Settings,
    progress: Progress | None,
) -> Index:
    directory = settings.indexes / key
    try:
        # Opening what is there takes a tenth of parsing the article to see whether it is the same.
        if path.is_file() and store.is_current(directory, path.read_bytes()):
            return store.load(directory)
    except (FootnoteError, OSError):
        pass  # a cache that cannot be used is built again
    return build_index(read(path), directory, settings, progress)


def _build_options(settings: Settings) -> dict[str, Any]:
    return {
        "model": settings.model,
        "precision": settings.precision,
        "max_tokens": settings.max_tokens,
        "cache": settings.encoders,
    }
