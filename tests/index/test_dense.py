"""Dense search: what FAISS returns is what a plain dot product gives."""

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex, Floats, inner


def unit_vectors(n: int, dim: int, seed: int) -> Floats:
    vectors = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    normed: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normed


def test_agrees_with_a_plain_dot_product() -> None:
    """Rows and scores of 7 queries over 500 vectors equal those that numpy sorts out."""
    vectors, queries = unit_vectors(500, 24, 1), unit_vectors(7, 24, 2)
    scores, rows = DenseIndex.build(vectors).search(queries, 10)
    plain = queries @ vectors.T
    expected = np.argsort(-plain, axis=1)[:, :10]
    assert rows.tolist() == expected.tolist()
    np.testing.assert_allclose(scores, np.take_along_axis(plain, expected, axis=1), atol=1e-6)
    assert (scores.dtype.name, rows.dtype.name) == ("float32", "int64")


def test_a_query_of_another_length_is_refused() -> None:
    """Shorter or longer than the vectors: FAISS's kernel would read past the end of one of them."""
    for length in (2, 4):
        with pytest.raises(ValueError, match="cannot be compared with"):
            inner(unit_vectors(5, 3, 1), np.ones(length, dtype=np.float32))


def test_scores_by_hand() -> None:
    """(1, 0) against (0.6, 0.8), (1, 0), (0, 1): inner products 0.6, 1 and 0, so rows 1, 0, 2."""
    index = DenseIndex.build(np.array([[0.6, 0.8], [1, 0], [0, 1]], dtype=np.float32))
    scores, rows = index.search(np.array([[1, 0]], dtype=np.float32), 3)
    assert rows.tolist() == [[1, 0, 2]]
    np.testing.assert_allclose(scores, [[1, 0.6, 0]], atol=1e-7)


def test_asking_for_more_than_there_is_returns_all() -> None:
    """No row of -1, FAISS's way to say "none", ever gets out."""
    scores, rows = DenseIndex.build(unit_vectors(3, 4, 1)).search(unit_vectors(2, 4, 2), 10)
    assert scores.shape == rows.shape == (2, 3)
    assert sorted(rows[0].tolist()) == [0, 1, 2]


def test_no_queries_give_no_rows() -> None:
    """An empty batch has an empty answer of the right shape."""
    scores, rows = DenseIndex.build(unit_vectors(3, 4, 1)).search(np.empty((0, 4), np.float32), 2)
    assert scores.shape == rows.shape == (0, 2)


def test_vectors_come_back_from_disk_as_they_were(tmp_path: Path) -> None:
    """Saving and loading changes no bit; a build relies on it to keep vectors it need not compute again."""
    vectors = unit_vectors(20, 8, 3)
    DenseIndex.build(vectors).save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss")
    assert (len(loaded), loaded.dim) == (20, 8)
    assert np.array_equal(loaded.vectors(), vectors)


def test_a_run_of_rows_comes_back_as_it_went_in() -> None:
    """Rows 3 to 7 are a slice of the vectors, bit for bit; an empty run has no rows but the right length."""
    vectors = unit_vectors(20, 8, 3)
    index = DenseIndex.build(vectors)
    assert np.array_equal(index.rows(3, 7), vectors[3:7])
    assert index.rows(20, 20).shape == (0, 8)


def test_rows_come_in_the_order_asked() -> None:
    """Rows 9, 2 and 9 again; of a clustered index within the half step of 8 bits, some 0.01 a number."""
    vectors = unit_vectors(400, 8, 3)
    assert np.array_equal(DenseIndex.build(vectors).at(np.array([9, 2, 9])), vectors[[9, 2, 9]])
    clustered = DenseIndex.build(vectors, "clustered")
    np.testing.assert_allclose(clustered.at(np.array([9, 2, 9])), vectors[[9, 2, 9]], atol=0.01)


def test_clustered_vectors_are_found_and_come_back_from_disk(tmp_path: Path) -> None:
    """Near copies of 50 rows find them, though only some of the clusters are looked through."""
    vectors, noise = unit_vectors(20_000, 24, 1), unit_vectors(50, 24, 2)
    DenseIndex.build(vectors, "clustered").save(tmp_path / "dense.faiss")
    index = DenseIndex.load(tmp_path / "dense.faiss")
    _, rows = index.search(vectors[:50] + 0.2 * noise, 3)
    assert np.mean(rows[:, 0] == np.arange(50)) > 0.9
    np.testing.assert_allclose(index.rows(5, 9), vectors[5:9], atol=0.01)


def test_a_clustered_search_for_all_rows_returns_all() -> None:
    """More than the clusters looked through hold: it looks through all, and never says -1."""
    index = DenseIndex.build(unit_vectors(10_000, 8, 1), "clustered")
    _, rows = index.search(unit_vectors(2, 8, 2), 10_000)
    assert sorted(rows[0].tolist()) == list(range(10_000))


def test_the_same_vectors_give_the_same_file(tmp_path: Path) -> None:
    """Files are named after their content, so content must not vary."""
    for name in ("a", "b"):
        DenseIndex.build(unit_vectors(20, 8, 3)).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("content", [b"", b"not an index", b"IxFI"])
def test_a_file_that_is_no_index_is_an_oserror(tmp_path: Path, content: bytes) -> None:
    """FAISS's own exception does not leak."""
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(OSError, match="cannot read"):
        DenseIndex.load(tmp_path / "x")


def test_a_place_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    """FAISS's own exception does not leak here either."""
    with pytest.raises(OSError, match="cannot write"):
        DenseIndex.build(unit_vectors(2, 2, 1)).save(tmp_path / "missing" / "x")
