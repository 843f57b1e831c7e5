"""The loaders on the real files, where they are at hand: counts as their README gives them, and gold that is there."""

import os
from pathlib import Path

import pytest

from eval.datasets import load

REPOSITORY = Path(__file__).parents[2]
PLACES = [Path(place) / "data" for place in (os.environ.get("FOOTNOTE_SHARED"), REPOSITORY.parent / "shared") if place]
DATA = next((place for place in PLACES if place.is_dir()), None)

pytestmark = pytest.mark.skipif(
    DATA is None, reason="the shared data is not here (set FOOTNOTE_SHARED to the folder that holds data/)"
)


@pytest.fixture
def data() -> Path:
    assert DATA is not None
    return DATA


def test_selqa(data):
    """1,590 questions of which 109 have several answering sentences; each stands in its gold paragraph."""
    dataset = load(data / "sentences" / "selqa_test.json")
    assert len(dataset.questions) == 1590
    assert sum(len(q.sentences) > 1 for q in dataset.questions) == 109
    for q in dataset.questions:
        (text,) = [p.text for p in dataset.articles[q.article].paragraphs if p.id in q.paragraphs]
        assert all(sentence in text for sentence in q.sentences)


@pytest.mark.parametrize("given", ["article", "paragraph"])
def test_squad(data, given):
    """2,187 questions, 1,087 of them unanswerable, of 7 articles or of each of their 230 paragraphs."""
    dataset = load(data / "qa" / "squad_v2_tune.json", given)
    assert len(dataset.questions) == 2187
    assert sum(not q.answerable for q in dataset.questions) == 1087
    assert len(dataset.articles) == (7 if given == "article" else 230)
    assert sum(len(a.paragraphs) for a in dataset.articles.values()) == 230
    assert all(len(q.paragraphs) == q.answerable for q in dataset.questions)
    assert dataset.licence == "CC BY-SA 4.0"
