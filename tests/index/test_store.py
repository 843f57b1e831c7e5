"""Index directories: whole or not at all, checked before they are read, and no work done twice."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import store
from index.article import Article
from index.dense import KINDS, DenseIndex
from index.embedding import Encoder, Floats, Progress
from index.errors import ArticleError, FootnoteError, IndexCorrupt, IndexMismatch, IndexNotFound, SettingError
from index.export import DEFAULT_MODEL
from index.wikitext import parse_article

REMEDY = "build it again with: qa index ARTICLE… --out"

CATS = Article.from_paragraphs("Cats", ["Cats sleep all day.", "At night they chase mice. Mice run."])
DOGS = Article.from_paragraphs("Dogs", ["Dogs bark at the moon."])
FACT = parse_article("{{Infobox company\n| founder = [[Ada Quist]]\n}}\nQuist Motors builds cars.", "Quist Motors")


class RecordingEncoder(Encoder):
    """The real encoder, which also notes what it was asked to encode."""

    encoded: list[str]

    def encode_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]], progress: Progress | None = None
    ) -> list[Floats]:
        self.encoded = list(texts)
        return super().encode_parts(texts, parts, progress)


@pytest.fixture
def recording(encoder: Encoder) -> RecordingEncoder:
    loaded = RecordingEncoder.load(encoder.directory)
    assert isinstance(loaded, RecordingEncoder)
    return loaded


def build(articles: Sequence[Article], directory: Path, encoder: Encoder, **changes: Any) -> store.Index:
    settings = {"model": DEFAULT_MODEL, "precision": "int8", "max_tokens": 200, "cache": directory, **changes}
    return store.build(articles, directory, encoder=encoder, **settings)


def files_of(directory: Path) -> dict[str, tuple[int, int]]:
    """Every file below `directory` with its time of change (ns) and inode."""
    return {
        p.relative_to(directory).as_posix(): (p.stat().st_mtime_ns, p.stat().st_ino)
        for p in directory.rglob("*")
        if p.is_file()
    }


def assert_whole(directory: Path, titles: Sequence[str]) -> None:
    """The index loads, holds exactly these articles, and finds each passage by its own text."""
    index = store.load(directory)
    assert [a.title for a in index.articles] == list(titles)
    texts = [p.indexed_text for p in index.passages]
    vectors = index.encoder.encode_documents(texts)
    assert [index.near(vector, 1)[0].tolist() for vector in vectors] == [[row] for row in range(len(texts))]
    assert index.lexical.search(index.passages[-1].text, 1)[1].tolist() == [len(texts) - 1]


def assert_clean(directory: Path, index: store.Index) -> None:
    """Nothing lies in the directory but the manifest and what it names."""
    assert set(files_of(directory)) == {"manifest.json", *index.manifest.files}


@pytest.fixture
def built(tmp_path: Path, encoder: Encoder) -> Path:
    build([CATS, DOGS], tmp_path / "index", encoder)
    return tmp_path / "index"


# What is built


def test_what_is_loaded_is_what_was_built(tmp_path: Path, encoder: Encoder) -> None:
    """Articles, passages, vectors, words and manifest come back equal."""
    made = build([CATS, DOGS], tmp_path / "new" / "index", encoder)
    loaded = store.load(tmp_path / "new" / "index")
    assert loaded.articles == made.articles == (CATS, DOGS)
    assert loaded.passages == made.passages
    assert [p.text for p in loaded.passages] == [p.text for p in (*CATS.paragraphs, *DOGS.paragraphs)]
    assert np.array_equal(loaded.dense.vectors(), made.dense.vectors())
    assert loaded.lexical.scores("mice").tolist() == made.lexical.scores("mice").tolist()
    assert loaded.encoder.fingerprint == encoder.fingerprint
    assert loaded.manifest == made.manifest == store.verify(tmp_path / "new" / "index")


def test_an_index_in_memory_is_the_same(tmp_path: Path, encoder: Encoder, cache: Path) -> None:
    """The same passages, vectors and words as on disk; no files."""
    made = build([CATS, DOGS], tmp_path, encoder)
    kept = store.in_memory([CATS, DOGS], model=DEFAULT_MODEL, precision="int8", max_tokens=200, cache=cache)
    assert kept.passages == made.passages
    assert np.array_equal(kept.dense.vectors(), made.dense.vectors())
    assert kept.lexical.scores("mice").tolist() == made.lexical.scores("mice").tolist()
    assert kept.manifest.same_build(made.manifest)
    assert kept.manifest.files == {}


def test_the_manifest_says_what_it_was_made_of(built: Path) -> None:
    """Settings, model, versions, counts and the checksum of every file: enough to judge the index by."""
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    assert manifest["settings"] == {
        "model": "all-MiniLM-L6-v2",
        "precision": "int8",
        "max_tokens": 200,
        "bm25": {"method": "lucene", "k1": 0.9, "b": 0.4},
    }
    assert {"faiss-cpu", "bm25s", "onnxruntime"} <= manifest["libraries"].keys()
    assert manifest["articles"][0]["sha256"] == CATS.sha256
    assert (manifest["articles"][0]["paragraphs"], manifest["articles"][0]["sentences"]) == (2, 3)
    assert manifest["passages"] == 3
    for name, recorded in manifest["files"].items():
        assert (built / name).stat().st_size == recorded["bytes"]


def test_an_index_can_be_moved(built: Path, tmp_path: Path) -> None:
    """No path of the place where it was built is in it."""
    shutil.move(built, tmp_path / "elsewhere")
    assert_whole(tmp_path / "elsewhere", ["Cats", "Dogs"])


def test_progress_tells_every_stage(tmp_path: Path, encoder: Encoder) -> None:
    """Stages in order, each up to its total."""
    told: list[tuple[str, int, int]] = []
    build([CATS, DOGS], tmp_path, encoder, progress=lambda *event: told.append(event))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["chunk", "embed", "write", "commit"]
    assert [event for event in told if event[1] == event[2]] == [
        ("chunk", 2, 2), ("embed", 3, 3), ("write", 5, 5), ("commit", 6, 6),
    ]  # fmt: skip


# Rows are sentences


def test_rows_are_the_sentences_of_the_passages_in_order(tmp_path: Path, encoder: Encoder) -> None:
    """Passages of 1, 2 and 1 sentences start at rows 0, 1 and 3; 4 rows in all."""
    index = build([CATS, DOGS], tmp_path, encoder)
    assert index.starts.tolist() == [0, 1, 3, 4]
    assert len(index.dense) == 4
    second = encoder.encode_parts(["Cats > At night they chase mice. Mice run."], [[(7, 32), (33, 42)]])[0]
    assert np.array_equal(index.dense.rows(1, 3), second)


def test_the_similarities_of_a_passage_are_cosines_of_its_sentences(tmp_path: Path, encoder: Encoder) -> None:
    """In the order of the sentences: "Mice run." alone is nearer to itself than to the sentence before it."""
    index = build([CATS, DOGS], tmp_path, encoder)
    (query,) = encoder.encode_queries(["Mice run."])
    np.testing.assert_allclose(index.sentence_similarities(query, 1), index.dense.rows(1, 3) @ query, atol=1e-6)
    night, run = index.sentence_similarities(query, 1)
    assert night < run
    assert index.sentence_similarities(query, 2).shape == (1,)


@pytest.mark.parametrize("kind", KINDS)
def test_a_passage_is_as_near_as_its_nearest_sentence(tmp_path: Path, encoder: Encoder, kind: str) -> None:
    """Each passage once, though two sentences of one may both be near; at most as many as asked for, and `also`."""
    index = build([CATS, DOGS], tmp_path, encoder)
    index = replace(index, dense=DenseIndex.build(index.dense.vectors(), kind))
    for question, nearest in (("Which mice run at night?", 1), ("Do dogs bark?", 2)):
        (query,) = encoder.encode_queries([question])
        expected = np.array([index.sentence_similarities(query, p).max() for p in range(3)])
        assert expected.argmax() == nearest
        farthest = int(expected.argmin())
        for k, also, rows in ((1, (), {nearest}), (9, (), {0, 1, 2}), (1, [farthest], {nearest, farthest})):
            found, cosines = index.near(query, k, also)
            assert found.tolist() == sorted(rows)
            np.testing.assert_allclose(cosines, expected[found], atol=1e-6)


def test_a_fact_is_as_near_as_it_stands_or_as_people_call_it(tmp_path: Path, encoder: Encoder) -> None:
    """Two rows for its one sentence, of which the nearer counts."""
    index = build([FACT], tmp_path, encoder)
    called, as_it_stands = index.passages[0].embedded_texts
    assert as_it_stands == "Quist Motors > Founder: Ada Quist"
    assert index.starts.tolist() == [0, 2, 3]
    for text, nearest in ((called, 0), (as_it_stands, 1)):
        [[query]] = encoder.encode_parts([text], [index.passages[0].sentence_parts(text)])
        assert (index.dense.rows(0, 2) @ query).argmax() == nearest
        assert index.sentence_similarities(query, 0) == pytest.approx([1.0], abs=1e-5)
        assert index.near(query, 1)[1] == pytest.approx([1.0], abs=1e-5)


# Whether a kept index is still the right one


SETTINGS: dict[str, Any] = {"model": DEFAULT_MODEL, "precision": "int8", "max_tokens": 200, "origin": "abc"}


def test_the_origin_is_recorded(tmp_path: Path, encoder: Encoder) -> None:
    """The caller's word for what was read comes back; "" when it gave none."""
    build([CATS], tmp_path / "with", encoder, origin="abc")
    build([CATS], tmp_path / "without", encoder)
    assert store.load(tmp_path / "with").manifest.origin == "abc"
    assert store.load(tmp_path / "without").manifest.origin == ""


def test_another_origin_is_written_although_the_articles_are_the_same(tmp_path: Path, encoder: Encoder) -> None:
    """A file whose bytes changed but not its text: next time the index is known to be current, at no cost."""
    build([CATS], tmp_path, encoder, origin="abc")
    build([CATS], tmp_path, encoder, origin="def")
    assert not store.is_current(tmp_path, **SETTINGS)
    assert store.is_current(tmp_path, **{**SETTINGS, "origin": "def"})


@pytest.mark.parametrize(
    ("changes", "current"),
    [
        ({}, True),
        ({"origin": "abd"}, False),
        ({"origin": ""}, False),
        ({"max_tokens": 100}, False),
        ({"precision": "fp32"}, False),
        ({"model": "another"}, False),
    ],
)
def test_an_index_is_current_for_its_own_origin_and_settings(
    tmp_path: Path, encoder: Encoder, changes: dict[str, Any], current: bool
) -> None:
    """Whatever the vectors or the passages depend on makes it another index."""
    build([CATS], tmp_path, encoder, origin="abc")
    assert store.is_current(tmp_path, **{**SETTINGS, **changes}) is current


def test_an_index_made_by_other_versions_is_not_current(tmp_path: Path, encoder: Encoder) -> None:
    """Another Footnote may parse otherwise, another library count otherwise."""
    manifest = build([CATS], tmp_path, encoder, origin="abc").manifest
    for other in (
        replace(manifest, footnote="0.0.1"),
        replace(manifest, libraries={**manifest.libraries, "nupunkt": "0.0.1"}),
    ):
        (tmp_path / "manifest.json").write_text(other.to_json(), "utf-8")
        assert not store.is_current(tmp_path, **SETTINGS)
    (tmp_path / "manifest.json").write_text(manifest.to_json(), "utf-8")
    assert store.is_current(tmp_path, **SETTINGS)


def test_no_index_is_not_current(tmp_path: Path, encoder: Encoder) -> None:
    """Missing, empty, damaged or of another format: not current, and no error."""
    assert not store.is_current(tmp_path / "missing", **SETTINGS)
    assert not store.is_current(tmp_path, **SETTINGS)
    build([CATS], tmp_path, encoder, origin="abc")
    content = (tmp_path / "manifest.json").read_text("utf-8")
    for other in ("", content[:-9], json.dumps({**json.loads(content), "format": 1})):
        (tmp_path / "manifest.json").write_text(other, "utf-8")
        assert not store.is_current(tmp_path, **SETTINGS)


# Building again


def test_building_again_changes_no_file(built: Path, recording: RecordingEncoder) -> None:
    """The same articles and settings: every file keeps its time of change, and nothing is encoded."""
    before = files_of(built)
    again = build([CATS, DOGS], built, recording)
    assert files_of(built) == before
    assert not hasattr(recording, "encoded")
    assert again.articles == (CATS, DOGS)


def test_only_new_passages_are_encoded(built: Path, recording: RecordingEncoder, tmp_path: Path) -> None:
    """One paragraph changed, one article gone, one come: the rest keeps its vectors, bit for bit as if built anew."""
    cats = Article.from_paragraphs("Cats", ["Cats sleep all night.", "At night they chase mice. Mice run."])
    owls = Article.from_paragraphs("Owls", ["Owls hoot."])
    index = build([cats, owls], built, recording)
    assert recording.encoded == ["Cats > Cats sleep all night.", "Owls > Owls hoot."]
    assert_whole(built, ["Cats", "Owls"])
    assert_clean(built, index)
    anew = build([cats, owls], tmp_path / "anew", recording)
    assert np.array_equal(index.dense.vectors(), anew.dense.vectors())


def test_a_text_that_occurs_twice_is_encoded_once(tmp_path: Path, recording: RecordingEncoder) -> None:
    """Repeated rows cost one vector, and each keeps its own place."""
    index = build([Article.from_paragraphs("T", ["Same.", "Same.", "Other."])], tmp_path, recording)
    assert recording.encoded == ["T > Same.", "T > Other."]
    assert len(index.dense) == 3


def test_other_settings_make_another_index(built: Path, recording: RecordingEncoder) -> None:
    """A new passage length is a new manifest, but passages that stay the same are not encoded again."""
    index = build([CATS, DOGS], built, recording, max_tokens=100)
    assert recording.encoded == []
    assert store.load(built).manifest.settings["max_tokens"] == 100
    assert_clean(built, index)


def test_both_texts_of_a_fact_are_taken_from_the_old_index(
    recording: RecordingEncoder, tmp_path: Path, encoder: Encoder
) -> None:
    """Built again beside another article, the fact keeps its vectors, in their order."""
    before = build([FACT], tmp_path, encoder)
    after = build([CATS, FACT], tmp_path, recording)
    assert recording.encoded == ["Cats > Cats sleep all day.", "Cats > At night they chase mice. Mice run."]
    assert np.array_equal(after.dense.rows(3, 6), before.dense.rows(0, 3))


def test_another_model_encodes_everything(built: Path, encoder: Encoder, tmp_path: Path) -> None:
    """Vectors of one model are never kept beside those of another."""
    place = shutil.copytree(encoder.directory, tmp_path / "other")
    settings = json.loads((place / "encoder.json").read_text())
    (place / "encoder.json").write_text(json.dumps({**settings, "document_prompt": "passage: "}))
    other = RecordingEncoder.load(place)
    assert isinstance(other, RecordingEncoder)
    build([CATS, DOGS], built, other)
    assert len(other.encoded) == 3
    assert store.load(built).encoder.fingerprint == other.fingerprint != encoder.fingerprint


def test_a_damaged_index_is_built_again(built: Path, encoder: Encoder) -> None:
    """Building is the remedy that every error names, so it must work whatever was damaged."""
    for path in [p for p in built.rglob("*") if p.is_file()]:
        path.write_bytes(path.read_bytes()[:-1])
    index = build([CATS, DOGS], built, encoder)
    assert_whole(built, ["Cats", "Dogs"])
    assert_clean(built, index)


def test_an_index_of_another_format_is_built_again(built: Path, encoder: Encoder) -> None:
    """An older index is replaced, not refused, when one builds over it."""
    content = json.loads((built / "manifest.json").read_text("utf-8"))
    (built / "manifest.json").write_text(json.dumps({**content, "format": 0}))
    build([CATS], built, encoder)
    assert_whole(built, ["Cats"])


def test_foreign_files_in_an_index_directory_are_left_alone(built: Path, encoder: Encoder) -> None:
    """Only files that a build wrote are ever removed, also when their names look alike."""
    for name in ("README", "dense-notes.faiss", "articles-2024.json"):
        (built / name).write_text("mine")
    build([DOGS], built, encoder)
    assert {"README", "dense-notes.faiss", "articles-2024.json"} <= set(files_of(built))
    assert_whole(built, ["Dogs"])


# Damage


def test_every_damaged_file_is_noticed(built: Path) -> None:
    """One bit changed, one byte short, empty or gone, in each file in turn: the error names it and the remedy."""
    for name in store.load(built).manifest.files:
        content = (built / name).read_bytes()
        flipped = bytearray(content)
        flipped[len(flipped) // 2] ^= 1
        for damaged in (bytes(flipped), content[:-1], content + b"\0", b"", None):
            if damaged is None:
                (built / name).unlink()
            else:
                (built / name).write_bytes(damaged)
            with pytest.raises(IndexCorrupt) as caught:
                store.verify(built)
            assert name in str(caught.value)
            assert f"{REMEDY} {built}" in str(caught.value)
        (built / name).write_bytes(content)
    assert_whole(built, ["Cats", "Dogs"])


def test_every_byte_of_the_manifest_is_protected(built: Path) -> None:
    """Each byte in turn, changed: corrupt (in the format's number: another format), never accepted, no traceback."""
    content = (built / "manifest.json").read_bytes()
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 1
        (built / "manifest.json").write_bytes(damaged)
        with pytest.raises((IndexCorrupt, IndexMismatch), match="build it again with"):
            store.load(built)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", b'{"format": 4}', b"[" * 100_000])
def test_a_manifest_that_is_none_is_corrupt(built: Path, content: bytes) -> None:
    """Empty, cut off, another JSON value, not text, nested without end."""
    (built / "manifest.json").write_bytes(content)
    with pytest.raises(IndexCorrupt, match=r"manifest\.json is damaged; build it again with"):
        store.load(built)


def test_a_truncated_manifest_is_corrupt(built: Path) -> None:
    """Wherever it was cut off."""
    content = (built / "manifest.json").read_bytes()
    for length in range(0, len(content), 97):
        (built / "manifest.json").write_bytes(content[:length])
        with pytest.raises(IndexCorrupt):
            store.load(built)


def test_another_format_is_a_mismatch(built: Path) -> None:
    """An index of a later version is refused with both numbers and the remedy, even though its checksum is unknown."""
    content = json.loads((built / "manifest.json").read_text("utf-8"))
    (built / "manifest.json").write_text(json.dumps({**content, "format": 99}))
    with pytest.raises(IndexMismatch, match=f"has format 99, this version of Footnote reads 4; {REMEDY}"):
        store.load(built)


def test_no_index_is_not_found(tmp_path: Path) -> None:
    """Missing, empty, or a file: each says what is there and how to build one."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for name, what in (("missing", "does not exist"), ("empty", "holds no index"), ("file", "is not a directory")):
        with pytest.raises(IndexNotFound, match=f"{name} {what}; build one with: qa index"):
            store.load(tmp_path / name)


# Wrong input


def test_a_directory_with_other_files_is_refused(tmp_path: Path, encoder: Encoder) -> None:
    """A home directory given by mistake stays as it is; so does a folder whose manifest.json is not ours."""
    for name in ("notes.txt", "manifest.json"):
        place = tmp_path / name.replace(".", "-")
        place.mkdir()
        (place / name).write_text("{}")
        with pytest.raises(IndexMismatch, match=f"is not empty and holds no index .it holds {name}"):
            build([CATS], place, encoder)
        assert (place / name).read_text() == "{}"


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        ([], "no article to index"),
        ([CATS, DOGS, CATS], "two articles have the title 'Cats'"),
        ([CATS, replace(DOGS, paragraphs=(), sentences=())], "'Dogs' has no text"),
    ],
)
def test_articles_that_cannot_be_indexed(
    articles: list[Article], message: str, tmp_path: Path, encoder: Encoder
) -> None:
    """Refused before anything is written."""
    with pytest.raises(ArticleError, match=message):
        build(articles, tmp_path / "index", encoder)
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("max_tokens", [0, 15, 255, -1])
def test_a_length_that_the_model_cannot_read_is_refused(max_tokens: int, tmp_path: Path, encoder: Encoder) -> None:
    """Text beyond the model's limit would silently not be embedded."""
    with pytest.raises(SettingError, match=f"passages of {max_tokens} tokens: .* reads 16 to 254"):
        build([CATS], tmp_path, encoder, max_tokens=max_tokens)


# A build that does not finish


class StopError(Exception):
    """Raised in the middle of a build."""


def events_of_a_build(tmp_path: Path, encoder: Encoder) -> list[tuple[str, int, int]]:
    told: list[tuple[str, int, int]] = []
    build([DOGS], tmp_path / "counting", encoder, progress=lambda *event: told.append(event))
    return told


def test_a_build_that_fails_leaves_the_old_index_whole(built: Path, tmp_path: Path, encoder: Encoder) -> None:
    """An error at each step in turn: the old index until the manifest is replaced, then the new one, whole."""
    for at in events_of_a_build(tmp_path, encoder):
        build([CATS, DOGS], built, encoder)

        def stop(*event: object, at: tuple[str, int, int] = at) -> None:
            if event == at:
                raise StopError

        owls = Article.from_paragraphs("Owls", ["Owls hoot."])
        with pytest.raises(StopError):
            build([owls], built, encoder, progress=stop)
        assert_whole(built, ["Owls"] if at == ("commit", 6, 6) else ["Cats", "Dogs"])
        assert_clean(built, build([owls], built, encoder))


KILLED = """
import os, signal, sys
from pathlib import Path
from index import store
from index.article import Article
from index.dense import KINDS, DenseIndex
from index.embedding import Encoder

def progress(stage, done, total):
    if f"{stage}-{done}" == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

store.build([Article.from_paragraphs("Owls", ["Owls hoot.", "Owls fly."])], Path(sys.argv[1]), model="all-MiniLM-L6-v2",
            precision="int8", max_tokens=200, cache=Path(sys.argv[1]), encoder=Encoder.load(Path(sys.argv[2])),
            progress=progress)
"""


@pytest.mark.parametrize(
    "at", ["chunk-1", "embed-1", "write-1", "write-4", "write-5", "commit-0", "commit-3", "commit-5", "commit-6"]
)
def test_a_killed_build_leaves_the_old_index_whole(built: Path, encoder: Encoder, at: str) -> None:
    """SIGKILL, which nothing can catch, at each stage; the next build works and removes what was left."""
    command = [sys.executable, "-c", KILLED, str(built), str(encoder.directory), at]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert_whole(built, ["Owls"] if at == "commit-6" else ["Cats", "Dogs"])
    assert_clean(built, build([DOGS], built, encoder))


@pytest.mark.parametrize("at", ["write-3", "commit-3"])
def test_a_killed_first_build_can_be_repeated(tmp_path: Path, encoder: Encoder, at: str) -> None:
    """What it left is no index yet, and is recognised as ours."""
    place = tmp_path / "index"
    command = [sys.executable, "-c", KILLED, str(place), str(encoder.directory), at]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with pytest.raises(IndexNotFound):
        store.load(place)
    assert_clean(place, build([DOGS], place, encoder))


def test_a_full_disk_is_one_clear_error(built: Path, encoder: Encoder) -> None:
    """Files may not grow beyond 4 kB here: the error names the place, and the old index is whole."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(FootnoteError, match=f"cannot write the index to {built}"):
            build([DOGS], built, encoder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert_whole(built, ["Cats", "Dogs"])
    assert_clean(built, build([DOGS], built, encoder))


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path, encoder: Encoder) -> None:
    """A file stands where the directory or its parent should be."""
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(FootnoteError, match=f"cannot write the index to {place}"):
            build([CATS], place, encoder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_permission_is_one_clear_error(tmp_path: Path, encoder: Encoder) -> None:
    """The error names the directory."""
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(FootnoteError, match=f"cannot write the index to {tmp_path / 'locked'}"):
        build([CATS], tmp_path / "locked", encoder)


# At the same time


def test_two_builds_at_once_do_not_spoil_each_other(tmp_path: Path, encoder: Encoder) -> None:
    """Two processes build into one directory: one waits for the other, and both end well."""
    command = [sys.executable, "-c", KILLED, str(tmp_path / "index"), str(encoder.directory), "never"]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert_clean(tmp_path / "index", store.load(tmp_path / "index"))


def test_an_index_can_be_read_while_it_is_replaced(built: Path, encoder: Encoder) -> None:
    """A reader gets the old index or the new one, never an error about files that a build has just removed."""
    done = threading.Event()

    def replace_it() -> None:
        try:
            for _ in range(6):
                build([DOGS], built, encoder)
                build([CATS], built, encoder)
        finally:
            done.set()

    builder = threading.Thread(target=replace_it)
    builder.start()
    seen = set()
    while not done.is_set():
        seen.add(tuple(a.title for a in store.load(built).articles))
    builder.join()
    assert seen <= {("Cats", "Dogs"), ("Dogs",), ("Cats",)}
