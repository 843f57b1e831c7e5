"""Unit vectors → nearest rows, by inner product, with FAISS.

Up to `FLAT_LIMIT` vectors every one is compared: exact, and quick enough. Beyond, the time would grow with
their number, so only the nearest of some thousand clusters are looked through, at 8 bits a number (an
inverted file, Jégou et al. 2011, "Product Quantization for Nearest Neighbor Search"; what that finds and
costs is in docs/performance.md). Left out: what a row stands for (`index.store`) and how texts become
vectors (`index.embedding`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

#: More vectors than this are clustered: comparing all of them takes longer than encoding the question.
FLAT_LIMIT: Final = 10_000

#: Clusters for n vectors: this many times √n; and how many of them a search looks through.
CLUSTERS: Final = 2
PROBES: Final = 64

#: Vectors that the clusters are found from, for each cluster: fewer than FAISS's own default of 256, which
#: finds no better ones here and takes four times as long.
SAMPLES: Final = 64


def _flat(count: int, dim: int) -> Any:
    return faiss.IndexFlatIP(dim)


def _clustered(count: int, dim: int) -> Any:
    clusters = min(max(int(CLUSTERS * count**0.5), 1), max(count // 39, 1))
    index: Any = faiss.index_factory(dim, f"IVF{clusters},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.nprobe = PROBES
    index.cp.max_points_per_centroid = SAMPLES
    return index


#: How vectors can be kept, by name: a function from their number and length to an empty FAISS index.
KINDS: Final[dict[str, Callable[[int, int], Any]]] = {"flat": _flat, "clustered": _clustered}


def inner(vectors: Floats, query: Floats) -> Floats:
    """The inner product of `query` (dim,) with each of `vectors` (n, dim), (n,) float32, on this thread alone.

    The threads that `@` asks for help stay awake for 60 ms afterwards, on processors that reading needs: it took a
    third longer (eval/LOG.md, 46). Raises ValueError when the two are not equally long: FAISS's kernel reads on.
    """
    if query.shape != vectors.shape[1:]:
        raise ValueError(f"a query of {query.shape} cannot be compared with vectors of {vectors.shape[1:]}")
    vectors, query = np.ascontiguousarray(vectors), np.ascontiguousarray(query)
    found = np.empty(len(vectors), dtype=np.float32)
    faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]
        faiss.swig_ptr(found), faiss.swig_ptr(query), faiss.swig_ptr(vectors), len(query), len(vectors)
    )
    return found


class DenseIndex:
    """Vectors that can be searched; `len` is their number, `dim` their length."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._flat: Floats | None = None
        if isinstance(index, faiss.IndexFlat):  # FAISS's own memory, seen from numpy
            self._flat = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(-1, index.d)
        else:
            index.make_direct_map()  # from a row to its place, which a saved index does not have

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        return int(self._index.d)

    @property
    def kind(self) -> str:
        """Which of KINDS it is."""
        return "clustered" if self._flat is None else "flat"

    @property
    def bytes(self) -> int:
        """How many bytes the vectors take, by themselves."""
        return len(self) * int(self._index.code_size if self._flat is None else 4 * self.dim)

    @classmethod
    def build(cls, vectors: Floats, kind: str | None = None) -> DenseIndex:
        """An index over `vectors`, (n, dim) float32, unit norm; row i of the index is row i of them.

        `kind` is one of KINDS; None chooses by their number.
        """
        count, dim = vectors.shape
        index = KINDS[kind or ("flat" if count <= FLAT_LIMIT else "clustered")](count, dim)
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        if not index.is_trained:
            index.train(rows)
        index.add(rows)
        return cls(index)

    def search(self, queries: Floats, k: int) -> tuple[Floats, Rows]:
        """The best `k` rows for each of `queries` (m, dim) float32, best first.

        Returns scores (m, k) float32, the inner products, and rows (m, k) int64. k is lowered to
        the number of vectors, so every row returned exists.
        """
        asked, k = np.ascontiguousarray(queries, dtype=np.float32), min(k, len(self))
        scores, rows = self._index.search(asked, k)
        if (rows < 0).any():  # the clusters looked through hold fewer than k
            everywhere: Any = faiss.SearchParametersIVF()
            everywhere.nprobe = self._index.nlist
            scores, rows = self._index.search(asked, k, params=everywhere)
        return scores, rows

    def similarities(self, query: Floats) -> Floats | None:
        """The inner product of `query` (dim,) with every vector, (n,) float32; None for the kind "clustered".

        Quicker than `search`, which keeps the best in order while it looks.
        """
        return None if self._flat is None else inner(self._flat, query)

    def vectors(self) -> Floats:
        """All vectors as they are kept, (n, dim) float32; exact for the kind "flat"."""
        return self.rows(0, len(self))

    def rows(self, start: int, end: int) -> Floats:
        """The vectors of rows `start` to `end`, (end - start, dim) float32."""
        return self.at(np.arange(start, end))

    def at(self, rows: Rows) -> Floats:
        """The vectors of `rows`, (len(rows), dim) float32, in their order."""
        if self._flat is not None:
            return self._flat[rows]
        vectors: Floats = self._index.reconstruct_batch(np.ascontiguousarray(rows, dtype=np.int64))
        return vectors

    def save(self, path: Path) -> None:
        """Writes the index to `path`. Raises OSError when it cannot."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:  # FAISS reports a full disk as a failed C++ check
            raise OSError(f"cannot write {path}: {error}") from error

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """The index that `save` wrote; check the file's bytes first. Raises OSError when it is not one."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise OSError(f"cannot read {path}: {error}") from error
