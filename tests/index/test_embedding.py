"""The exported encoder: one vector a text, whatever it is asked together with, offline and without torch."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Encoding, Tokenizer

from index.embedding import Encoder, Floats
from index.errors import ModelError
from index.session import open_session

TEXTS = [
    "When was it founded?",
    "a",
    "It was founded in Hong Kong in 2014. " * 30,
    "",
    "商汤科技",
    "When was it founded?",
]


def copied(encoder: Encoder, place: Path) -> Path:
    shutil.copytree(encoder.directory, place)
    return place


def test_vectors_are_unit_float32_in_the_order_of_the_texts(encoder: Encoder) -> None:
    """One row a text, also for an empty one and one that is longer than the model reads."""
    for vectors in (encoder.encode_queries(TEXTS), encoder.encode_documents(TEXTS)):
        assert (vectors.shape, vectors.dtype.name) == ((6, encoder.dim), "float32")
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert np.array_equal(vectors[0], vectors[5])


def test_a_vector_does_not_depend_on_its_company(encoder: Encoder) -> None:
    """Alone, among others, or in reverse: the same bits, so that kept vectors equal computed ones."""
    together = encoder.encode_documents(TEXTS)
    assert np.array_equal(np.vstack([encoder.encode_documents([t]) for t in TEXTS]), together)
    assert np.array_equal(encoder.encode_documents(TEXTS[::-1])[::-1], together)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    """An empty list is (0, dim), not an error."""
    assert encoder.encode_queries([]).shape == encoder.encode_documents([]).shape == (0, 384)


def test_meaning_is_kept(encoder: Encoder) -> None:
    """A question is nearer to its answer than to another subject, by a wide margin."""
    question = encoder.encode_queries(["Where are the headquarters?"])[0]
    near, far = encoder.encode_documents(["Its main office is in Shanghai.", "The recipe needs two eggs."])
    assert question @ near > question @ far + 0.2


def test_tokens_are_counted_without_the_special_ones(encoder: Encoder) -> None:
    """Two words are two tokens, nothing is none, and counting does not stop where the model stops reading."""
    assert [encoder.count_tokens(t) for t in ("hello world", "", "word " * 1000)] == [2, 0, 1000]
    assert encoder.max_tokens == 254  # 256 with the two special tokens


def test_a_common_word_is_told_from_a_misspelt_one(encoder: Encoder) -> None:
    assert encoder.is_word("company")
    assert not encoder.is_word("comapny")
    assert not encoder.is_word("")


def test_only_what_is_beyond_the_limit_is_cut_off(encoder: Encoder) -> None:
    """The 254th word changes the vector, the 255th does not."""
    full = "word " * 253
    at, beyond = encoder.encode_documents([full + "ocean", full + "ocean volcano"])
    assert np.array_equal(at, beyond)
    assert not np.array_equal(at, encoder.encode_documents([full + "desert"])[0])


def test_progress_is_told_after_each_text(encoder: Encoder) -> None:
    """Done counts up to the total."""
    told: list[tuple[str, int, int]] = []
    encoder.encode_parts(["a", "b"], [[(0, 1)], [(0, 1)]], progress=lambda *event: told.append(event))
    assert told == [("embed", 1, 2), ("embed", 2, 2)]


# Parts of a text, each seen in the context of the whole


SENTENCES = "Cats sleep. Dogs bark at night. Owls hoot."
PLACES = [(0, 11), (12, 31), (32, 42)]


def outputs(encoder: Encoder, text: str) -> tuple[Encoding, Floats, Floats]:
    """What the files of an encoder give for `text`: its tokens, its vector (dim,), its tokens' (tokens, dim)."""
    tokenizer = Tokenizer.from_file(str(encoder.directory / "tokenizer.json"))
    session = open_session(encoder.directory / "model.onnx")
    encoding = tokenizer.encode(text)
    feed = {"input_ids": encoding.ids, "attention_mask": encoding.attention_mask, "token_type_ids": encoding.type_ids}
    wanted = {i.name for i in session.get_inputs()}
    vector, tokens = session.run(None, {n: np.array([ids], np.int64) for n, ids in feed.items() if n in wanted})
    return encoding, vector[0], tokens[0]


def unit(vector: Floats) -> Floats:
    return vector / np.linalg.norm(vector)


def test_the_mean_of_all_token_vectors_is_the_vector(encoder: Encoder) -> None:
    """Special tokens included: so a part's mean lies in the same space as a whole text and as a question."""
    _, vector, tokens = outputs(encoder, SENTENCES)
    np.testing.assert_allclose(unit(tokens.mean(axis=0)), vector, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_documents([SENTENCES])[0], vector, atol=1e-5)


def test_a_part_is_the_mean_of_its_own_tokens(encoder: Encoder) -> None:
    """Tokens 1 to 3 are "cats", "sleep" and "."; token 0 is the special one that opens every text."""
    encoding, _, tokens = outputs(encoder, SENTENCES)
    assert encoding.tokens[1:4] == ["cats", "sleep", "."]
    (first,) = encoder.encode_parts([SENTENCES], [[PLACES[0]]])
    np.testing.assert_allclose(first, [unit(tokens[1:4].mean(axis=0))], atol=1e-5)


def test_parts_come_in_the_order_asked(encoder: Encoder) -> None:
    """One array a text, one row a part: reversed places give reversed rows, and texts do not mix."""
    forwards, other, backwards = encoder.encode_parts(
        [SENTENCES, "Owls hoot.", SENTENCES], [PLACES, [(0, 10)], PLACES[::-1]]
    )
    assert [(v.shape, v.dtype.name) for v in (forwards, other)] == [((3, 384), "float32"), ((1, 384), "float32")]
    assert np.array_equal(forwards, backwards[::-1])
    np.testing.assert_allclose(np.linalg.norm(forwards, axis=1), 1, atol=1e-5)


def test_a_part_is_seen_in_its_context(encoder: Encoder) -> None:
    """The same sentence after another title has another vector: that is what late chunking is for."""
    one, two = encoder.encode_parts(["Cats > It is old.", "Paris > It is old."], [[(7, 17)], [(8, 18)]])
    assert float(one[0] @ two[0]) < 0.95


def test_a_part_of_which_nothing_is_read_gets_the_whole_vector(encoder: Encoder) -> None:
    """Beyond the model's end, or white space only: never a division by zero."""
    text = "word " * 300 + "beyond"
    (vectors,) = encoder.encode_parts([text], [[(1500, 1506), (4, 5)]])
    whole = encoder.encode_documents([text])[0]
    np.testing.assert_allclose(vectors, [whole, whole], atol=1e-6)


def test_no_parts_give_no_rows(encoder: Encoder) -> None:
    """A text without parts is (0, dim); no texts are an empty list."""
    assert encoder.encode_parts(["a"], [[]])[0].shape == (0, 384)
    assert encoder.encode_parts([], []) == []


def test_a_prompt_does_not_shift_the_parts(encoder: Encoder, tmp_path: Path) -> None:
    """Behind "passage: " (2 tokens), "cats sleep." is tokens 3 to 5; the prompt itself is in no part."""
    place = copied(encoder, tmp_path / "encoder")
    settings = json.loads((place / "encoder.json").read_text())
    (place / "encoder.json").write_text(json.dumps({**settings, "document_prompt": "passage: "}))
    encoding, _, tokens = outputs(encoder, "passage: " + SENTENCES)
    assert encoding.tokens[3:6] == ["cats", "sleep", "."]
    (first,) = Encoder.load(place).encode_parts([SENTENCES], [[PLACES[0]]])
    np.testing.assert_allclose(first, [unit(tokens[3:6].mean(axis=0))], atol=1e-5)


def test_asking_needs_neither_torch_nor_a_connection(encoder: Encoder) -> None:
    """In a fresh process that may not connect: a vector, and none of the heavy libraries."""
    code = (
        "import socket, sys, pathlib\n"
        "def refuse(*a, **k): raise AssertionError('a connection was tried')\n"
        "socket.socket.connect = socket.create_connection = refuse\n"
        "import index.store\n"
        "from index.embedding import Encoder\n"
        "Encoder.load(pathlib.Path(sys.argv[1])).encode_queries(['hello'])\n"
        "heavy = ('torch', 'transformers', 'sentence_transformers', 'langchain_core', 'langchain_text_splitters')\n"
        "print([m for m in heavy if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(encoder.directory)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["model.onnx", "query.onnx", "tokenizer.json", "encoder.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_a_broken_folder_is_one_clear_error(encoder: Encoder, tmp_path: Path, name: str, content: bytes | None) -> None:
    """A file that is missing, empty or something else: the folder is named, and no library's own exception leaks."""
    place = copied(encoder, tmp_path / "encoder")
    (place / name).unlink()
    if content is not None:
        (place / name).write_bytes(content)
    with pytest.raises(ModelError, match="holds no encoder that can be loaded"):
        Encoder.load(place).encode_documents(["hello"])


def test_the_fingerprint_follows_the_files(encoder: Encoder, tmp_path: Path) -> None:
    """A copy has the same; other settings have another."""
    place = copied(encoder, tmp_path / "encoder")
    assert Encoder.load(place).fingerprint == encoder.fingerprint
    settings = json.loads((place / "encoder.json").read_text())
    (place / "encoder.json").write_text(json.dumps({**settings, "query_prompt": "query: "}))
    assert Encoder.load(place).fingerprint != encoder.fingerprint
