"""The guard itself; and, once a reader is shipped, that nothing guarded has fallen."""

import pytest

from eval import guard
from eval.guard import FLIPS, GuardError, ask, check, record
from eval.subject import footnote
from qa.reader import model
from qa.settings import Settings


@pytest.fixture
def asked(prediction):
    """Of 100 answerable questions `right` are answered rightly."""

    def make(right):
        answer = {"answers": ["Oslo"], "gold": ["p1"], "ranking": ["p1"]}
        given = ["Oslo" if i < right else "Lund" for i in range(100)]
        return {"tiny": [prediction(str(i), given=g, **answer) for i, g in enumerate(given)]}

    return make


def test_a_fall_beyond_the_noise_is_noticed_and_one_within_is_not(asked, tmp_path):
    """Recorded .80 over 100 questions: 2% of flips move it by 1.96 · √(.02/100) = .0277. .78 passes, .77 does not."""
    record(asked(80), tmp_path / "guard.json")
    assert FLIPS == 0.02
    for right, fallen in ((90, False), (80, False), (78, False), (77, True)):
        (accuracy,) = [g for g in check(asked(right), tmp_path / "guard.json") if g.measure == "Accuracy"]
        assert (accuracy.recorded, accuracy.now, accuracy.fallen) == (0.8, right / 100, fallen)
    assert accuracy.lowest == pytest.approx(0.7723, abs=1e-4)


@pytest.mark.parametrize("content", [None, "", "{}", '{"tiny": {}}'])
def test_nothing_recorded_is_one_clear_error(asked, tmp_path, content):
    if content is not None:
        (tmp_path / "guard.json").write_text(content)
    with pytest.raises(GuardError, match="python -m eval guard --record"):
        check(asked(1), tmp_path / "guard.json")


@pytest.mark.skipif(not model.FILES, reason="no reader is shipped yet")
@pytest.mark.skipif(not guard.RECORDED.is_file(), reason="nothing is recorded yet: python -m eval guard --record")
def test_nothing_guarded_has_fallen():
    """If it was meant, record the new values in the same commit: python -m eval guard --record."""
    found = check(ask(footnote(Settings())))
    assert [g for g in found if g.fallen] == []
