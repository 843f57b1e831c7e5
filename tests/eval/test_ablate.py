"""Turning stages off: the plain stand-ins by hand, everything put back, and the whole of it on a tiny file."""

import numpy as np
import pytest

from eval.ablate import ABLATIONS, _exchanged, ablate, rank_fusion
from eval.datasets import load
from qa.reader import model
from qa.settings import Settings


def test_rank_fusion_by_hand():
    """Ranks 0, 1, 2 by meaning and 2, 0, 1 by words: (60/61 + 60/63)/2, (60/62 + 60/61)/2, (60/63 + 60/62)/2."""
    fused = rank_fusion(np.array([0.9, 0.5, 0.1]), np.array([0.0, 7.0, 3.0]), 1.0, 0.45)
    expected = [(60 / 61 + 60 / 63) / 2, (60 / 62 + 60 / 61) / 2, (60 / 63 + 60 / 62) / 2]
    np.testing.assert_allclose(fused, expected, rtol=1e-6)


class Place:
    name = "old"


def test_what_was_exchanged_is_put_back_also_after_an_error():
    def fails():
        with _exchanged({(Place, "name"): "new"}):
            raise ValueError(Place.name)

    with pytest.raises(ValueError, match="new"):
        fails()
    assert Place.name == "old"


def test_every_function_that_is_exchanged_exists():
    """A stage that was renamed must not turn an ablation into a comparison of equals."""
    for ablation in ABLATIONS:
        assert all(hasattr(owner, name) for owner, name in ablation.exchanged)
        assert ablation.settings or ablation.exchanged or ablation.answerer.__name__ != "QA"


@pytest.mark.skipif(not model.FILES, reason="no reader is shipped yet")
def test_every_stage_can_be_turned_off(squad_file, tmp_path):
    """All but int8, which would export the model in fp32: half a minute."""
    stages = [ablation.stage for ablation in ABLATIONS if ablation.stage != "int8"]
    found = list(ablate(load(squad_file), tmp_path, Settings(), stages))
    assert [worth.ablation.stage for worth in found] == stages
    assert all({d.measure.name for d in worth.differences} >= {"Recall@1", "F1"} for worth in found)
