"""Dense and lexical scores → one score, the same for every question.

`fused = w · cosine + (1 - w) · share`, where `share` is BM25 over the most that idf alone could give the
question's words (Σ idf): the part of the question's information that the passage holds, where no word
is asked twice. Both lie around 0..1 whatever the question and whatever else was found, so fused scores
can be compared across questions. Chosen over reciprocal rank fusion and over min-max and z-score
normalisation by measurement (eval/LOG.md). Left out: where the scores come from (`qa.retrieve`).
"""

from __future__ import annotations

import numpy as np

from index.embedding import Floats


def fuse(cosine: Floats, bm25: Floats, information: float, dense_weight: float) -> Floats:
    """The fused score of each passage, (n,) float32, from its cosine and BM25 score for one question.

    `information` is Σ idf of the question's words, 0 when it has none.

    >>> fuse(np.array([0.6, 0.2]), np.array([2.0, 8.0]), 10.0, 0.5)
    array([0.4, 0.5])
    """
    share = bm25 / information if information > 0 else np.zeros_like(bm25)
    fused: Floats = dense_weight * cosine + (1 - dense_weight) * share
    return fused
