"""The bootstrap on cases whose distribution is known."""

import numpy as np
import pytest

from eval.bootstrap import bootstrap, means


def column(values):
    return means(np.array(values, dtype=float)[:, None])


def test_interval_of_two_questions_is_the_whole_range():
    """Of [0, 1] the resampled mean is 0, 1/2, 1 with probabilities 1/4, 1/2, 1/4: the 95% interval is [0, 1]."""
    found = bootstrap(2, column([0, 1]))
    assert (found.value[0], found.low[0], found.high[0]) == (0.5, 0, 1)


def test_interval_of_a_constant_is_the_constant():
    found = bootstrap(5, column([0.25] * 5))
    assert found.value[0] == found.low[0] == found.high[0] == 0.25


def test_interval_of_many_questions_is_that_of_the_normal():
    """400 halves right: the standard error is 0.5/20 = 0.025, the interval 0.5 ± 1.96 × 0.025 = 0.451 to 0.549."""
    found = bootstrap(400, column([0, 1] * 200))
    assert found.low[0] == pytest.approx(0.451, abs=0.003)
    assert found.high[0] == pytest.approx(0.549, abs=0.003)


def test_means_leave_out_only_what_is_not_applicable():
    """Of 1, 0 and a question the measure does not speak of, the mean is 1/2; of none, it is NaN."""
    values = np.array([[1, np.nan], [0, np.nan], [np.nan, np.nan]])
    found = bootstrap(3, means(values))
    assert found.value[0] == 0.5
    assert np.isnan([found.value[1], found.low[1], found.high[1]]).all()


def test_same_seed_same_interval():
    values = np.random.default_rng(3).random(50)
    first, second = bootstrap(50, column(values)), bootstrap(50, column(values))
    assert first.low == second.low
    assert first.high == second.high
