"""Unit vectors → nearest rows, by inner product, with FAISS.

Exact for now: every vector is compared, which on a CPU takes about 0.1 ms for each thousand. An
approximate kind for millions of vectors is one more entry in `KINDS`. Left out: what a row stands
for (`index.store`) and how texts become vectors (`index.embedding`).
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

#: How vectors can be kept, by name: a function from their length to an empty FAISS index.
KINDS: Final[dict[str, Callable[[int], Any]]] = {"flat": faiss.IndexFlatIP}


class DenseIndex:
    """Vectors that can be searched; `len` is their number, `dim` their length."""

    def __init__(self, index: Any) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        return int(self._index.d)

    @classmethod
    def build(cls, vectors: Floats, kind: str = "flat") -> DenseIndex:
        """An index over `vectors`, (n, dim) float32, unit norm; row i of the index is row i of them."""
        index = KINDS[kind](vectors.shape[1])
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
        scores, rows = self._index.search(np.ascontiguousarray(queries, dtype=np.float32), min(k, len(self)))
        return scores, rows

    def vectors(self) -> Floats:
        """All vectors as they are kept, (n, dim) float32; exact for the kind "flat"."""
        return self.rows(0, len(self))

    def rows(self, start: int, end: int) -> Floats:
        """The vectors of rows `start` to `end`, (end - start, dim) float32."""
        vectors: Floats = self._index.reconstruct_n(start, end - start)
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
