"""Two runs on the same questions: differences by hand, and the questions that changed."""

import pytest

from eval.compare import compare
from eval.predict import Header, Predictions, PredictionsError

HEADER = Header("tiny", "0" * 64, "test", None, 0, 0, "abc", "0.1.0", "2026-01-01T00:00:00+00:00")


@pytest.fixture
def run(prediction, tmp_path):
    def run(**given):
        asked = tuple(prediction(id, answers=["Oslo"], given=answer) for id, answer in given.items())
        return Predictions(tmp_path / "out.jsonl", HEADER, asked, ())

    return run


def by_name(found):
    return {d.measure.name: d for d in found.differences}


def test_difference_is_b_minus_a(run):
    """A has 1 of 4 right, B 2 of 4: +0.25, gained q2 and q3, lost q1."""
    a = run(q1="Oslo", q2="Lund", q3=None, q4="Lund")
    b = run(q1="Lund", q2="Oslo", q3="Oslo", q4="Lund")
    found = compare(a, b)
    em = by_name(found)["EM"]
    assert (em.a, em.b, em.difference) == (0.25, 0.5, 0.25)
    assert em.low < 0 < em.high
    assert not em.clear
    assert [x.question.id for x, _ in found.gained] == ["q2", "q3"]
    assert [x.question.id for x, _ in found.lost] == ["q1"]


def test_equal_runs_differ_in_nothing(run):
    found = compare(run(q1="Oslo", q2="Lund"), run(q1="Oslo", q2="Lund"))
    assert all(d.difference == d.low == d.high == 0 for d in found.differences)
    assert not found.gained
    assert not found.lost


def test_pairs_are_drawn_together(run):
    """B is right wherever A is, and on every other question too: in no resample is B the worse."""
    a = run(**{f"q{i}": "Oslo" if i % 2 else "Lund" for i in range(20)})
    b = run(**{f"q{i}": "Oslo" for i in range(20)})
    em = by_name(compare(a, b))["EM"]
    assert em.clear
    assert em.better
    assert em.low > 0.2  # unpaired, A's own spread would be added


def test_lower_is_better_where_the_measure_says_so(run):
    worse = by_name(compare(run(q1="Oslo"), run(q1=None)))["Abstained, answerable"]
    assert worse.difference == 1
    assert not worse.better


def test_questions_of_one_side_only_are_counted_and_left_out_of_both(run):
    found = compare(run(q1="Oslo", q2="Oslo"), run(q2="Oslo", q3="Oslo"))
    assert (found.shared, found.unshared) == (1, 2)
    with pytest.raises(PredictionsError, match="share no question"):
        compare(run(q1="Oslo"), run(q2="Oslo"))
