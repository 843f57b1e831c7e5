"""Question → passages, best first: meaning and words searched apart, then fused.

A passage's dense score is the cosine of the question with the nearest of its sentences, each embedded
in the context of its passage. Of one article every passage is about its title, so a question that names
the title is also encoded without it, and the mean of both is compared: else the passages that repeat the
name come first whatever is asked. What stands in an appendix counts for less: a link, or a book about the subject,
shares its words and says nothing of it. Left out: reading what was found (`qa.reader`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from index.embedding import Floats
from index.lexical import best, tokens, words
from index.store import Index
from qa.answer import ScoredPassage
from qa.fusion import fuse

#: What the fused score of a passage in an appendix of its article is multiplied by.
APPENDED: Final = 0.8


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found for one question; `rows[i]` is the number of `passages[i]` in the index.

    `vector` is what was compared with the sentences; `nearest` the cosine of the question, as typed, with
    the nearest sentence of all.
    """

    question: str
    vector: Floats
    nearest: float
    passages: tuple[ScoredPassage, ...]
    rows: tuple[int, ...]


def retrieve(
    index: Index, questions: list[str], candidates: int, considered: int, dense_weight: float
) -> list[Retrieved]:
    """For each question the `considered` best passages of the index.

    `candidates` passages from each of the two searches are scored by both. A passage's scores are named
    "dense" (cosine), "lexical" (BM25) and "fused".
    """
    if not questions:
        return []
    typed, vectors = encoded(index, questions)
    found = []
    for i, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
        bm25 = index.lexical.scores(question)
        rows, cosine = index.near(vector, candidates, also=best(bm25, candidates))
        fused = fuse(cosine, bm25[rows], index.lexical.information(question), dense_weight)
        fused[index.appended[rows]] *= APPENDED
        order = np.argsort(-fused, kind="stable")[:considered]
        passages = tuple(_scored(index, rows[b], cosine[b], bm25[rows[b]], fused[b]) for b in order)
        closest = cosine.max()
        if not np.array_equal(vector, typed[i]):  # what was compared is not the question as typed
            [[closest]], _ = index.dense.search(typed[i][None], 1)
        found.append(Retrieved(question, vector, float(closest), passages, tuple(int(rows[b]) for b in order)))
    return found


def encoded(index: Index, questions: Sequence[str]) -> tuple[Floats, Floats]:
    """The vectors of the questions as typed, and what is compared with the sentences; (n, dim) float32 both.

    The latter is the mean of the question with and without the title, in an index of one article: among
    several, the title says which.
    """
    without = list(questions)
    if len(index.articles) == 1:
        without = [without_title(question, index.articles[0].title) for question in questions]
    changed = [i for i, question in enumerate(questions) if without[i] != question]
    # All at once: the encoder works on several texts at the same time.
    vectors = index.encoder.encode_queries([*questions, *(without[i] for i in changed)])
    typed = vectors[: len(questions)]
    mean = typed.copy()
    mean[changed] = (typed[changed] + vectors[len(questions) :]) / 2
    return typed, mean


def without_title(question: str, title: str) -> str:
    """The question without the words of the title, the question itself when nothing else would be left."""
    named = set(words(title))
    kept = " ".join(word for word in question.split() if not (set(words(word)) and set(words(word)) <= named))
    return kept if tokens(kept) else question


def _scored(index: Index, row: int, cosine: float, bm25: float, fused: float) -> ScoredPassage:
    passage = index.passages[row]
    scores = {"dense": float(cosine), "lexical": float(bm25), "fused": float(fused)}
    return ScoredPassage(passage.article, passage.paragraph, passage.span, scores)
