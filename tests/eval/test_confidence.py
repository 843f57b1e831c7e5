"""AUROC, AURC and ECE on cases small enough to work out by hand."""

import numpy as np
import pytest

from eval.confidence import Groups, aurc, auroc, ece, reliability, risk_coverage


def masses(confidence, flags, weights=None):
    """(g,) confidences, (1, g) masses of all questions and of those with the flag."""
    groups = Groups(np.array(confidence))
    counts = np.ones(len(confidence)) if weights is None else np.array(weights, dtype=float)
    return groups.confidence, groups.sums(counts[None]), groups.sums((counts * flags)[None])


def auroc_of(confidence, positive, weights=None):
    _, mass, true = masses(confidence, positive, weights)
    return auroc(true, mass - true)


def aurc_of(confidence, right, weights=None):
    _, mass, true = masses(confidence, right, weights)
    return aurc(mass, true)


def ece_of(confidence, right, weights=None, bins=15):
    return ece(*masses(confidence, right, weights), bins=bins)


def test_auroc_counts_pairs_and_halves_ties():
    """Positives .9 .5, negatives .5 .1: of 4 pairs 3 are in order and one is a tie: 3.5/4."""
    assert auroc_of([0.5, 0.9, 0.1, 0.5], [True, True, False, False]) == pytest.approx(3.5 / 4)


def test_auroc_is_undefined_without_negatives():
    assert np.isnan(auroc_of([0.5, 0.9], [True, True]))


def test_aurc_averages_the_risk_over_coverage():
    """By confidence: right, wrong, right, wrong. Risks 0, 1/2, 1/3, 1/2: their mean is 1/3."""
    assert aurc_of([0.9, 0.8, 0.7, 0.6], [True, False, True, False]) == pytest.approx(1 / 3)


@pytest.mark.parametrize("right", [[True, False], [False, True]])
def test_aurc_takes_equal_confidences_together_in_any_order(right):
    """No threshold parts the two: the risk is 1/2 at coverage 1, whoever is named first."""
    assert aurc_of([0.5, 0.5], right) == pytest.approx(0.5)


def test_ece_weighs_the_gaps_of_equal_mass_bins():
    """Two bins of two. Low: confidence .1 and .3, none right: gap .2. High: .8 and 1, one right: gap .4. Mean .3."""
    assert ece_of([0.1, 0.3, 0.8, 1.0], [False, False, True, False], bins=2) == pytest.approx(0.3)


def test_ece_is_zero_where_confidence_is_what_comes_true():
    """Half of what is said with .5 is right; what is said with 1 always is."""
    assert ece_of([0.5, 0.5, 1.0, 1.0], [True, False, True, True], bins=2) == pytest.approx(0)


@pytest.mark.parametrize("measure", [auroc_of, aurc_of, ece_of])
def test_weights_are_the_same_as_repeating_questions(measure):
    """Drawing the second question twice and the third never is asking questions 1, 2, 2, 4."""
    rng = np.random.default_rng(1)
    confidence, right = rng.random(40).round(1), rng.random(40) < 0.5
    weights = rng.integers(0, 3, 40)
    again = np.repeat(np.arange(40), weights)
    assert measure(confidence, right, weights) == pytest.approx(measure(confidence[again], right[again]))


def test_auroc_agrees_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(2)
    confidence, positive = rng.random(300).round(2), rng.random(300) < 0.3
    assert auroc_of(confidence, positive) == pytest.approx(metrics.roc_auc_score(positive, confidence))


def test_risk_coverage_has_a_point_for_each_threshold():
    """.9 right; .5 twice, one wrong: coverage 1/3 with risk 0, then all with risk 1/3."""
    coverage, risk = risk_coverage(np.array([0.5, 0.9, 0.5]), np.array([True, True, False]))
    assert coverage == pytest.approx([1 / 3, 1])
    assert risk == pytest.approx([0, 1 / 3])


def test_reliability_leaves_out_bins_that_are_empty():
    stated, observed, count = reliability(np.array([0.2, 0.2, 0.8]), np.array([False, True, True]))
    assert stated == pytest.approx([0.8, 0.2])
    assert observed == pytest.approx([1, 0.5])
    assert count == pytest.approx([1, 2])
