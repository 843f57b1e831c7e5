"""The fit: shares of rightness as weights, and what further answers would be worth, worked out by hand."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("sklearn")

from eval.fit import _beside, _fit_foreign, _logistic
from qa.calibration import Regression


def test_a_share_of_rightness_is_a_share_of_a_right_answer() -> None:
    """Nothing tells two answers apart, one right and one half right, the second weighing three times.

    (1 + 3 · ½) / 4 = 0.625 of the weight is right: the intercept is ln(0.625 / 0.375), the feature worth nothing.
    """
    fitted = _logistic([{"same": 1.0}, {"same": 1.0}], [1.0, 0.5], [1.0, 3.0])
    assert fitted.probability({"same": 1.0}) == pytest.approx(0.625, abs=1e-3)


def test_what_tells_right_from_wrong_gets_its_sign() -> None:
    """Of nine answers those with more of it are right; the middle is even."""
    features = [{"more": float(x)} for x in range(-4, 5)]
    fitted = _logistic(features, [0.0] * 4 + [0.5] + [1.0] * 4, [1.0] * 9)
    assert fitted.coefficients["more"] > 0
    assert math.isclose(fitted.probability({"more": 0.0}), 0.5, abs_tol=0.01)


def test_what_is_foreign_is_fitted_on_top_of_the_rest() -> None:
    """Even odds in English; of two answers from half foreign articles one in four is right, as they are weighed.

    Log odds of ln(1/3) at 0.5 are twice that at 1; what else is known of the answers stays worth what it was.
    """
    english = Regression(0.0, {"more": 1.0, "foreign": 0.0})
    features = [{"more": 0.0, "foreign": 0.5}, {"more": 0.0, "foreign": 0.5}]
    assert _fit_foreign(english, features, [1.0, 0.0], [1.0, 3.0]) == pytest.approx(2 * math.log(1 / 3), abs=1e-3)


def test_further_answers_are_shown_beside_a_best_one_that_is_shown() -> None:
    """At .2 two of three: .30 (right) and .25 (wrong); the third, at .6, stands beside a best one of .1. At .5 none."""
    further = [(0.9, 0.30, 1.0), (0.8, 0.25, 0.0), (0.1, 0.6, 1.0)]
    assert _beside(further, 0.2) == pytest.approx({"shown": 2, "said": 0.275, "right": 0.5})
    assert _beside(further, 0.5) == {"shown": 0, "said": 0.0, "right": 0.0}
