"""Fusion: expected scores are worked out by hand."""

import numpy as np

from qa.fusion import fuse


def test_by_hand() -> None:
    """Half and half, 10 nats of information: 0.5 · 0.6 + 0.5 · 2/10 = 0.4 and 0.5 · 0.2 + 0.5 · 8/10 = 0.5."""
    np.testing.assert_allclose(fuse(np.array([0.6, 0.2]), np.array([2.0, 8.0]), 10.0, 0.5), [0.4, 0.5])


def test_a_weight_of_one_is_meaning_alone_and_of_none_words_alone() -> None:
    """1 gives the cosines, 0 the shares 2/8 and 4/8."""
    cosine, bm25 = np.array([0.3, 0.9]), np.array([2.0, 4.0])
    np.testing.assert_allclose(fuse(cosine, bm25, 8.0, 1.0), cosine)
    np.testing.assert_allclose(fuse(cosine, bm25, 8.0, 0.0), [0.25, 0.5])


def test_a_question_without_words_is_judged_by_meaning() -> None:
    """No information: BM25 is 0 everywhere, and 0 / 0 never comes up; 0.4 · 0.5 = 0.2."""
    np.testing.assert_allclose(fuse(np.array([0.5, 0.0]), np.zeros(2), 0.0, 0.4), [0.2, 0.0])


def test_what_else_was_found_changes_nothing() -> None:
    """A passage's score is its own: comparable across questions, unlike ranks or min-max."""
    cosine, bm25 = np.array([0.6, 0.2, 0.9]), np.array([2.0, 8.0, 1.0])
    np.testing.assert_allclose(fuse(cosine, bm25, 10.0, 0.4)[:2], fuse(cosine[:2], bm25[:2], 10.0, 0.4))


def test_nothing_found_is_no_error() -> None:
    """Empty in, empty out, and floats stay as narrow as they were."""
    assert fuse(np.zeros(0, np.float32), np.zeros(0, np.float32), 3.0, 0.4).shape == (0,)
    assert fuse(np.zeros(2, np.float32), np.ones(2, np.float32), 3.0, 0.4).dtype == np.float32
