"""Passages after reading: best read first, the unread behind, rows with them."""

from __future__ import annotations

import numpy as np
from candidates import candidate

from index.article import Article
from qa.answer import ScoredPassage
from qa.rerank import reranked
from qa.retrieve import Retrieved

ZOO = Article.from_paragraphs("Zoo", ["Owls hoot. Cats purr.", "Dogs bark.", "Bees hum."])


def found() -> Retrieved:
    """The three paragraphs in the order of the article, as rows 7, 8 and 9."""
    passages = tuple(ScoredPassage(ZOO, p, p.span, {"fused": 0.5}) for p in ZOO.paragraphs)
    return Retrieved("Who hums?", np.zeros(1, dtype=np.float32), 0.5, passages, (7, 8, 9))


def test_the_passage_of_the_best_candidate_is_first() -> None:
    """Bees, then dogs, were the best; owls were not read. Each row stays with its passage, which has its new scores."""
    bees, dogs = candidate(ZOO, 3, score=2.0), candidate(ZOO, 2, score=1.0)
    after = reranked(found(), [bees, dogs])
    assert [p.text for p in after.passages] == ["Bees hum.", "Dogs bark.", "Owls hoot. Cats purr."]
    assert after.rows == (9, 8, 7)
    assert after.passages[0] is bees.passage


def test_a_passage_stands_where_its_best_sentence_stands() -> None:
    """Two candidates of one passage give it one place: the better."""
    after = reranked(found(), [candidate(ZOO, 1), candidate(ZOO, 3), candidate(ZOO, 0)])
    assert after.rows == (7, 9, 8)


def test_nothing_read_changes_nothing() -> None:
    assert reranked(found(), []) == found()
