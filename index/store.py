"""Articles → an index on disk or in memory, and back. The manifest is the one place where a build takes effect.

    manifest.json          what the index is made of, and the SHA-256 of every other file
    articles-<sha>.json    the articles as parsed        passages-<sha>.json   where each passage lies
    dense-<sha>.faiss      one vector for each sentence  lexical-<sha>/        the words of each passage
    encoder-<sha>/         the model that made the vectors, and what embeds questions beside them

Every part is named after its content, written beside the old ones and flushed to disk before the
manifest is replaced in one step; parts that no manifest names are then removed. Whoever kills a build
finds the index as it was, or as it was to be. Left out: what to do with an index (`qa`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index import lexical
from index.article import Article, Span
from index.chunking import Passage, passages
from index.dense import DenseIndex, inner
from index.digest import file_sha256
from index.embedding import Encoder, Floats, Progress
from index.errors import ArticleError, FootnoteError, IndexCorrupt, IndexMismatch, IndexNotFound, SettingError
from index.export import encoder_for
from index.lexical import Ints, LexicalIndex

#: Raise it when the files of an index change their meaning; an index of another format is refused.
FORMAT: Final = 4

MANIFEST: Final = "manifest.json"

#: The libraries whose results are in the files, recorded with their versions.
LIBRARIES: Final = (
    "bm25s",
    "faiss-cpu",
    "langchain-text-splitters",
    "nupunkt",
    "onnxruntime",
    "PyStemmer",
    "tokenizers",
)

#: The shortest passage worth retrieving, in tokens.
MIN_TOKENS: Final = 16

#: What an index consists of, and how the name of each file or folder ends.
PARTS: Final = {"articles": ".json", "passages": ".json", "dense": ".faiss", "lexical": "", "encoder": ""}

#: The names of parts, and of a build's workplace: nothing else in a directory is ever removed.
PART_NAME: Final = re.compile("|".join(f"{part}-[0-9a-f]{{12}}{re.escape(end)}" for part, end in PARTS.items()))
WORKPLACE_NAME: Final = re.compile(r"\.new-\w+")

REMEDY: Final = "build it again with: qa index ARTICLE… --out {}"


@dataclass(frozen=True)
class Manifest:
    """What an index was made of: enough to tell whether it is current, whole, and ours.

    `settings` are the model, precision, passage length and BM25 constants; `encoder` names the
    fingerprint of the exported model; `articles` has, for each, its title, the SHA-256 of its source
    and of its parsed form, counts, and the templates that the parser dropped. `parts` leads from
    "articles", "passages", "dense", "lexical", "encoder" to a name in the directory, `files` from every
    file to its bytes and SHA-256; both are empty for an index in memory. `origin` is the caller's word for
    what the articles were read from, "" when it gave none.
    """

    footnote: str
    created: str
    settings: Mapping[str, Any]
    encoder: Mapping[str, Any]
    libraries: Mapping[str, str]
    articles: Sequence[Mapping[str, Any]]
    passages: int
    origin: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> str:
        """The manifest file, byte for byte: sorted, and with the SHA-256 of the rest as "checksum"."""
        content = asdict(self)
        checksum = hashlib.sha256(_json(content).encode()).hexdigest()
        return json.dumps({**content, "checksum": checksum}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def same_build(self, other: Manifest) -> bool:
        """Whether both were made of the same articles with the same settings, model and versions."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("format", "footnote", "settings", "encoder", "libraries", "articles", "origin")
        )


@dataclass(frozen=True, eq=False)
class Index:
    """An index that can be searched.

    Row i of `lexical` is `passages[i]`; the rows of `dense` are the sentences of the first passage, then
    those of the second, and so on: of a passage with two `embedded_texts` as they are in the first, then in the second.
    """

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    dense: DenseIndex
    lexical: LexicalIndex
    encoder: Encoder
    manifest: Manifest

    @cached_property
    def starts(self) -> Ints:
        """The first row in `dense` of each passage, and the number of rows at the end; (passages + 1,)."""
        return np.cumsum([0, *(len(p.embedded_texts) * len(p.sentences) for p in self.passages)])

    @cached_property
    def appended(self) -> NDArray[np.bool_]:
        """Whether each passage stands in an appendix of its article; (passages,)."""
        return np.array([p.paragraph.appended for p in self.passages], dtype=bool)

    def near(self, query: Floats, k: int, also: Ints | Sequence[int] = ()) -> tuple[Ints, Floats]:
        """The `k` passages nearest to `query` (dim,), and `also`: their rows in order, and each one's cosine, float32.

        A passage is as near as the nearest of its sentences. In an index whose vectors are clustered, the nearest
        are as far as they are found, and may be fewer.
        """
        similarities = self.dense.similarities(query)
        if similarities is None:
            rows = np.union1d(self._found(query, k), also).astype(np.int64)
            return rows, self._cosines(query, rows)
        cosines = np.maximum.reduceat(similarities, self.starts[:-1])
        rows = np.union1d(lexical.best(cosines, k), also).astype(np.int64)
        return rows, cosines[rows]

    def _found(self, query: Floats, k: int) -> list[int]:
        # Several of the nearest sentences may be of one passage.
        _, [rows] = self.dense.search(query[None], 2 * k)
        return list(dict.fromkeys((np.searchsorted(self.starts, rows, side="right") - 1).tolist()))[:k]

    def _cosines(self, query: Floats, passages: Ints) -> Floats:
        first, last = self.starts[passages], self.starts[passages + 1]
        ends = np.cumsum(last - first)
        begins = ends - (last - first)
        # The rows of all of them in one run: those of the first passage, then those of the second, …
        rows = np.arange(ends[-1]) + np.repeat(first - begins, last - first)
        cosines: Floats = np.maximum.reduceat(inner(self.dense.at(rows), query), begins)
        return cosines

    def sentence_similarities(self, query: Floats, passage: int) -> Floats:
        """The cosine of `query` (dim,) with each sentence of a passage, in order; (sentences,) float32."""
        cosines = inner(self.dense.rows(int(self.starts[passage]), int(self.starts[passage + 1])), query)
        nearest: Floats = cosines.reshape(-1, len(self.passages[passage].sentences)).max(axis=0)
        return nearest


def build(  # noqa: PLR0913 - each is one decision of the caller's, given by name
    articles: Sequence[Article],
    directory: Path,
    *,
    model: str,
    precision: str,
    max_tokens: int,
    cache: Path,
    origin: str = "",
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> Index:
    """The index over `articles`, written to `directory`, created if need be.

    Does nothing but load it when it was built from the same before; else encodes only passages whose
    text is new. `origin` is recorded for `is_current`. The other arguments are those of `in_memory`.
    Raises ArticleError, ModelError and SettingError as `in_memory` does; IndexMismatch when `directory`
    holds something that is not an index; FootnoteError when it cannot be written.
    """
    directory = Path(directory)
    _check(articles)
    encoder = encoder or encoder_for(model, precision=precision, cache=cache, progress=progress)
    manifest = replace(_manifest(articles, encoder, model, precision, max_tokens), origin=origin)
    with _writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        _check_is_ours(directory)
        with _alone_in(directory):
            old = _usable(directory, encoder)
            if old and old.manifest.same_build(manifest):
                _sweep(directory, old.manifest)
                return old
            index = _assemble(articles, encoder, manifest, old, progress)
            written = _write(index, directory, progress)
            _sweep(directory, written)
    return Index(index.articles, index.passages, index.dense, index.lexical, encoder, written)


def in_memory(  # noqa: PLR0913 - as above
    articles: Sequence[Article],
    *,
    model: str,
    precision: str,
    max_tokens: int,
    cache: Path,
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> Index:
    """The index over `articles`, with no files.

    `model` and `precision` choose the encoder, see `encoder_for`, and `cache` is where its export is
    kept; an `encoder` that is given is used as it is. `max_tokens` bounds a passage, title and section
    path included. `progress` is told (stage, done, total): "export", "chunk", "embed", "write".
    Raises ArticleError when there is no article, one has no text, or two have the same title;
    ModelError when the model cannot be used; SettingError when it cannot read `max_tokens` tokens.
    """
    _check(articles)
    encoder = encoder or encoder_for(model, precision=precision, cache=cache, progress=progress)
    manifest = _manifest(articles, encoder, model, precision, max_tokens)
    return _assemble(articles, encoder, manifest, None, progress)


def load(directory: Path) -> Index:
    """The index in `directory`, every file of it checked before it is read.

    Raises IndexNotFound when there is none, IndexMismatch when another version of Footnote wrote it in
    another format, IndexCorrupt when a file is missing or its bytes are not those that were written.
    """
    return _load(Path(directory), None)


def is_current(directory: Path, *, model: str, precision: str, max_tokens: int, origin: str) -> bool:
    """Whether `directory` has an index that this version built with these settings from `origin`.

    Reads the manifest only, so it is quick; `load` finds what is wrong with the rest.
    """
    try:
        manifest = _parsed(_read_manifest(Path(directory)), Path(directory))
    except (IndexNotFound, IndexMismatch, IndexCorrupt):
        return False
    return (
        manifest.origin == origin
        and manifest.footnote == _footnote_version()
        and manifest.libraries == _library_versions()
        and manifest.settings == _settings(model, precision, max_tokens)
    )


def verify(directory: Path) -> Manifest:
    """The manifest of the index in `directory`, after checking and reading all of it. Raises as `load` does."""
    return load(directory).manifest


def _check(articles: Sequence[Article]) -> None:
    if not articles:
        raise ArticleError("there is no article to index: give at least one")
    titles = set()
    for article in articles:
        if not article.paragraphs:
            raise ArticleError(f"article {article.title!r} has no text to index")
        if article.title in titles:
            raise ArticleError(f"two articles have the title {article.title!r}: leave one out or rename it")
        titles.add(article.title)


def _manifest(articles: Sequence[Article], encoder: Encoder, model: str, precision: str, max_tokens: int) -> Manifest:
    """What the index over `articles` is going to be made of; it has no parts yet."""
    if not MIN_TOKENS <= max_tokens <= encoder.max_tokens:
        raise SettingError(
            f"passages of {max_tokens} tokens: the model {model} reads {MIN_TOKENS} to {encoder.max_tokens} at a time"
        )
    return Manifest(
        footnote=_footnote_version(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=_settings(model, precision, max_tokens),
        encoder={"fingerprint": encoder.fingerprint, "dim": encoder.dim, "max_tokens": encoder.max_tokens},
        libraries=_library_versions(),
        articles=[
            {
                "title": article.title,
                "sha256": article.sha256,
                "parsed_sha256": hashlib.sha256(_json(article.to_dict()).encode()).hexdigest(),
                "revision": article.revision,
                "paragraphs": len(article.paragraphs),
                "sentences": len(article.sentences),
                "references": len(article.references),
                "dropped": dict(article.dropped),
            }
            for article in articles
        ],
        passages=0,
    )


def _settings(model: str, precision: str, max_tokens: int) -> dict[str, Any]:
    return {
        "model": model,
        "precision": precision,
        "max_tokens": max_tokens,
        "bm25": {"method": "lucene", "k1": lexical.K1, "b": lexical.B},
    }


def _library_versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}


def _footnote_version() -> str:
    try:
        return version("footnote")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


def _assemble(
    articles: Sequence[Article],
    encoder: Encoder,
    manifest: Manifest,
    old: Index | None,
    progress: Progress | None,
) -> Index:
    max_tokens: int = manifest.settings["max_tokens"]
    found: list[Passage] = []
    for number, article in enumerate(articles, 1):
        found += passages(article, max_tokens=max_tokens, count_tokens=encoder.count_tokens)
        if progress:
            progress("chunk", number, len(articles))
    if not found:
        raise ArticleError("the articles hold nothing but white space: there is nothing to index")
    texts = [p.indexed_text for p in found]
    return Index(
        tuple(articles),
        tuple(found),
        DenseIndex.build(_vectors(found, encoder, old, progress)),
        LexicalIndex.build(texts),
        encoder,
        replace(manifest, passages=len(found)),
    )


def _vectors(found: Sequence[Passage], encoder: Encoder, old: Index | None, progress: Progress | None) -> Floats:
    """A vector for each sentence in each of the texts of each passage, (n, dim), texts of the old index from there."""
    known: dict[str, Floats] = {}
    if old and old.manifest.encoder["fingerprint"] == encoder.fingerprint:
        bounds = pairwise(old.starts.tolist())
        for passage, rows in zip(old.passages, bounds, strict=True):
            texts = passage.embedded_texts
            known.update(zip(texts, np.split(old.dense.rows(*rows), len(texts)), strict=True))
    new = {text: passage for passage in found for text in passage.embedded_texts if text not in known}
    parts = [passage.sentence_parts(text) for text, passage in new.items()]
    known.update(zip(new, encoder.encode_parts(list(new), parts, progress), strict=True))
    return np.concatenate([known[text] for passage in found for text in passage.embedded_texts])


def _write(index: Index, directory: Path, progress: Progress | None) -> Manifest:
    """Puts every part in its place, then the manifest, which it returns.

    Raises OSError; what is left behind then belongs to no index, and the next build removes it.
    """
    tell = progress or (lambda stage, done, total: None)
    parts, files = {}, {}
    with tempfile.TemporaryDirectory(prefix=".new-", dir=directory, ignore_cleanup_errors=True) as workplace:
        new = Path(workplace)
        for done, part in enumerate(PARTS, 1):
            path = new / part
            _write_part(index, part, path)
            tell("write", done, len(PARTS))
        for done, (part, suffix) in enumerate(PARTS.items()):
            tell("commit", done, len(PARTS) + 1)
            digests = _flushed(new / part)
            name = f"{part}-{hashlib.sha256(_json(digests).encode()).hexdigest()[:12]}{suffix}"
            recorded = {name + tail: digest for tail, digest in digests.items()}
            # A part that is there already and whole may belong to the old index: it stays untouched.
            if not all(_is_recorded(directory / file, digest) for file, digest in recorded.items()):
                _remove(directory / name)
                os.replace(new / part, directory / name)
            parts[part] = name
            files.update(recorded)
        manifest = replace(index.manifest, parts=parts, files=files)
        (new / MANIFEST).write_text(manifest.to_json(), "utf-8", newline="\n")
        _flush(new / MANIFEST)
        _flush(directory)
        tell("commit", len(PARTS), len(PARTS) + 1)
        os.replace(new / MANIFEST, directory / MANIFEST)
        _flush(directory)
        tell("commit", len(PARTS) + 1, len(PARTS) + 1)
    return manifest


def _write_part(index: Index, part: str, path: Path) -> None:
    match part:
        case "articles":
            path.write_text(_json([a.to_dict() for a in index.articles]), "utf-8", newline="\n")
        case "passages":
            path.write_text(_json(_located(index)), "utf-8", newline="\n")
        case "dense":
            index.dense.save(path)
        case "lexical":
            index.lexical.save(path)
        case "encoder":
            path.mkdir()
            for name in index.encoder.files:
                shutil.copyfile(index.encoder.directory / name, path / name)


def _located(index: Index) -> list[tuple[int, int, int, int]]:
    """Each passage as the number of its article, the number of its paragraph there, start and end."""
    article_numbers = {a.title: i for i, a in enumerate(index.articles)}
    paragraph_numbers = [{p.id: i for i, p in enumerate(a.paragraphs)} for a in index.articles]
    located = []
    for passage in index.passages:
        number = article_numbers[passage.article.title]
        paragraph = paragraph_numbers[number][passage.paragraph.id]
        located.append((number, paragraph, passage.span.start, passage.span.end))
    return located


def _load(directory: Path, encoder: Encoder | None) -> Index:
    """`load`, with the encoder at hand where that is the one the index was built with."""
    raw = _read_manifest(directory)
    try:
        return _load_parts(directory, _parsed(raw, directory), encoder)
    except IndexCorrupt:
        # A build may have replaced the index between reading its manifest and reading its parts.
        if _read_manifest(directory) == raw:
            raise
        return _load(directory, encoder)


def _load_parts(directory: Path, manifest: Manifest, encoder: Encoder | None) -> Index:
    for name, digest in manifest.files.items():
        if not _is_recorded(directory / name, digest):
            problem = "has other bytes than were written" if (directory / name).is_file() else "is missing"
            raise _corrupt(directory, f"{directory / name} {problem}")
    paths = {part: directory / name for part, name in manifest.parts.items()}
    try:
        articles = tuple(Article.from_dict(d) for d in json.loads(paths["articles"].read_text("utf-8")))
        found = tuple(
            Passage(articles[a], articles[a].paragraphs[p], Span(start, end))
            for a, p, start, end in json.loads(paths["passages"].read_text("utf-8"))
        )
        if encoder is None or encoder.fingerprint != manifest.encoder["fingerprint"]:
            encoder = Encoder.load(paths["encoder"])
        dense, lexical = DenseIndex.load(paths["dense"]), LexicalIndex.load(paths["lexical"])
        index = Index(articles, found, dense, lexical, encoder, manifest)
    except (FootnoteError, OSError, ValueError, LookupError, TypeError) as error:
        raise _corrupt(directory, f"the index in {directory} cannot be read ({error})") from error
    whole = len(index.passages) == len(index.lexical) == manifest.passages and len(index.dense) == index.starts[-1]
    if not whole:
        raise _corrupt(directory, f"the parts of the index in {directory} do not belong together")
    return index


def _read_manifest(directory: Path) -> bytes:
    try:
        return (directory / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        what = (
            "holds no index" if directory.is_dir() else "is not a directory" if directory.exists() else "does not exist"
        )
        raise IndexNotFound(f"{directory} {what}; build one with: qa index ARTICLE… --out {directory}") from error
    except OSError as error:
        raise IndexNotFound(f"{directory / MANIFEST} cannot be read: {error.strerror}") from error


def _parsed(raw: bytes, directory: Path) -> Manifest:
    """The manifest that `to_json` wrote. Raises IndexMismatch for another format, IndexCorrupt for other bytes."""
    damaged = _corrupt(directory, f"{directory / MANIFEST} is damaged")
    try:
        content = json.loads(raw)
        found = content["format"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise damaged from error
    if found != FORMAT:
        raise IndexMismatch(
            f"the index in {directory} has format {found}, this version of Footnote reads {FORMAT}; "
            + REMEDY.format(directory)
        )
    try:
        content.pop("checksum")
        manifest = Manifest(**content)
        whole = manifest.to_json().encode() == raw
    except (LookupError, TypeError, ValueError) as error:
        raise damaged from error
    if not whole:
        raise damaged
    return manifest


def _usable(directory: Path, encoder: Encoder) -> Index | None:
    """The index that is in `directory`; None where there is none, or it is one that has to be built again."""
    try:
        return _load(directory, encoder)
    except (IndexNotFound, IndexMismatch, IndexCorrupt):
        return None


def _check_is_ours(directory: Path) -> None:
    """Raises IndexMismatch when `directory` holds something, and nothing that a build has left there."""
    names = sorted(p.name for p in directory.iterdir() if not WORKPLACE_NAME.fullmatch(p.name))
    if names and not any(PART_NAME.fullmatch(name) for name in names):
        raise IndexMismatch(
            f"{directory} is not empty and holds no index (it holds {names[0]}); "
            "give an empty directory or one that does not exist"
        )


def _sweep(directory: Path, manifest: Manifest) -> None:
    """Removes the parts that `manifest` does not name: an older index, or what a killed build left."""
    for path in directory.iterdir():
        stale = PART_NAME.fullmatch(path.name) and path.name not in manifest.parts.values()
        if stale or WORKPLACE_NAME.fullmatch(path.name):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Waits until no other process builds in `directory`. Where the system has no such lock, it does not wait."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _writing(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FootnoteError(
            f"cannot write the index to {directory}: {error.strerror or error} ({error.filename or directory}); "
            "an index that was there is unharmed"
        ) from error


def _flushed(path: Path) -> dict[str, dict[str, Any]]:
    """Flushes a part to disk; returns bytes and SHA-256 of its files: {"": …}, or {"/name": …} for a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    digests = {}
    for file in files:
        _flush(file)
        tail = f"/{file.name}" if path.is_dir() else ""
        digests[tail] = {"bytes": file.stat().st_size, "sha256": file_sha256(file)}
    if path.is_dir():
        _flush(path)
    return digests


def _flush(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # a directory cannot be opened there
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_recorded(path: Path, digest: Mapping[str, Any]) -> bool:
    """Whether the file is there with the bytes that were written."""
    try:
        return path.stat().st_size == digest["bytes"] and bool(file_sha256(path) == digest["sha256"])
    except OSError:
        return False


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _corrupt(directory: Path, problem: str) -> IndexCorrupt:
    return IndexCorrupt(f"{problem}; " + REMEDY.format(directory))
