"""The trained layers: what is stored of them, whose they are, and which of the two graphs reads what."""

import shutil

import numpy as np
import pytest

from index import query_encoder
from index.embedding import Encoder
from index.errors import ModelError
from index.query_encoder import BEGUN_WITH, WEIGHTS, WEIGHTS_SHA256, packed, unpacked

QUESTION = "Which river runs through the old town?"


@pytest.fixture(scope="module")
def layers():
    """Three layers of the packaged model's kind with weights of no meaning, some of a row far larger than others."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(3)
    config = BertConfig(vocab_size=8, hidden_size=48, num_hidden_layers=3, num_attention_heads=4, intermediate_size=96)
    made = BertModel(config).encoder.layer
    with torch.no_grad():
        made[0].attention.self.query.weight[0] *= 1000
    return made


def test_what_is_stored_is_right_within_half_a_step(layers):
    """Of each row's own scale, so that one large row costs the others nothing; norms and biases as they are."""
    state = layers.state_dict()
    back = unpacked(packed(state))
    assert back.keys() == state.keys()
    for name, value in state.items():
        step = value.abs().amax(dim=-1, keepdim=True) / 127 if value.dim() == 2 else 0
        assert ((back[name] - value).abs() <= step * 0.5001).all(), name
    layers.load_state_dict(back)


def test_what_is_stored_is_stored_again_as_it_was(layers):
    """So an int8 export of the shipped layers rounds nothing a second time."""
    once = packed(layers.state_dict())
    again = packed(unpacked(once))
    assert all(np.array_equal(once[name], again[name]) for name in once if once[name].dtype == np.int8)


def test_the_shipped_layers_are_small_and_no_pickle():
    """Two layers of 1.77 M weights, a byte each; numpy reads them with pickling forbidden."""
    assert WEIGHTS.stat().st_size < 4e6
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        numbers = {int(name.partition(".")[0]) for name in kept.files}
        assert numbers == set(range(len(BEGUN_WITH)))
        assert sum(kept[name].size for name in kept.files if kept[name].dtype == np.int8) == 2 * 1_769_472


def test_other_weights_are_refused(tmp_path, monkeypatch):
    """A file that is not the one in the code is named, before anything is made of it."""
    damaged = tmp_path / WEIGHTS.name
    damaged.write_bytes(WEIGHTS.read_bytes()[:-1] + b"?")
    monkeypatch.setattr(query_encoder, "WEIGHTS", damaged)
    assert WEIGHTS_SHA256
    with pytest.raises(ModelError, match=rf"{WEIGHTS.name} is not the file that Footnote came with"):
        query_encoder.query_encoder(None)


def test_a_question_is_read_by_the_trained_layers(encoder: Encoder):
    """Elsewhere than the passage of the same words, yet near to it: both lie in one space."""
    assert "query.onnx" in encoder.files
    [asked], [stated] = encoder.encode_queries([QUESTION]), encoder.encode_documents([QUESTION])
    assert 0.5 < float(asked @ stated) < 0.99


def test_a_question_lies_nearer_to_its_answer_than_by_the_whole_model(encoder: Encoder):
    """What the layers were trained for, on a passage of which they have seen nothing."""
    names = ["Its ferries, green and white, leave from the northern pier.", "The pier was repainted in the spring."]
    places = [[(0, len(text))] for text in names]
    right, wrong = (vectors[0] for vectors in encoder.encode_parts(names, places))
    trained, whole = (
        encoder.encode_queries(["Where do I catch the boat?"]),
        encoder.encode_documents(["Where do I catch the boat?"]),
    )
    assert float(trained[0] @ (right - wrong)) > float(whole[0] @ (right - wrong))


def test_asking_opens_no_other_graph(encoder: Encoder, tmp_path):
    """The larger graph is read when a passage is embedded, not before."""
    place = tmp_path / "encoder"
    shutil.copytree(encoder.directory, place)
    (place / "model.onnx").unlink()
    asked = Encoder.load(place)
    assert np.array_equal(asked.encode_queries([QUESTION]), encoder.encode_queries([QUESTION]))
    with pytest.raises(ModelError, match="holds no encoder that can be loaded"):
        asked.encode_documents([QUESTION])
