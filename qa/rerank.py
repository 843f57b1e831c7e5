"""Passages in the order of retrieval → in the order of what was read in them.

A passage that was read stands where its best candidate stands; those that were not read follow, as
retrieval had them. Left out: the score that orders the candidates (`qa.reader`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answer import ScoredPassage
from qa.reader import Candidate
from qa.retrieve import Retrieved


def reranked(found: Retrieved, candidates: Sequence[Candidate]) -> Retrieved:
    """`found` with its passages ordered by `candidates` (best first), each as the reader scored it."""
    row_of = {_place(passage): row for passage, row in zip(found.passages, found.rows, strict=True)}
    ordered = {_place(candidate.passage): candidate.passage for candidate in candidates}
    for passage in found.passages:
        ordered.setdefault(_place(passage), passage)
    return replace(found, passages=tuple(ordered.values()), rows=tuple(row_of[place] for place in ordered))


def _place(passage: ScoredPassage) -> tuple[str, int]:
    return passage.article.title, passage.span.start
