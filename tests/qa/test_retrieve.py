"""Retrieval: what comes back is what comparing the question with every passage gives."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from index.article import Article
from index.lexical import tokens
from index.store import Index
from index.wikitext import parse_article
from qa.retrieve import APPENDED, retrieve

CATS = Article.from_paragraphs(
    "Cats", ["Cats sleep all day. They wake for food.", "At night they chase mice. Mice run.", "Kittens purr."]
)
TOWN = Article.from_paragraphs(
    "Delft",
    ["The town makes blue pottery.", "It lies on a canal. Ships carried tea.", "A painter lived there.", "Rain."],
)
QUESTIONS = ["What do cats chase at night?", "Where does tea come from?", "Who painted in the town?", "Why?"]


@pytest.fixture(scope="module")
def index(make_index: Callable[..., Index]) -> Index:
    return make_index(CATS, TOWN)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("weight", [0.0, 0.4, 1.0])
def test_agrees_with_a_plain_computation(index: Index, question: str, weight: float) -> None:
    """Over all 7 passages: the best cosine of a sentence, BM25 over Σ idf, their weighted sum, sorted."""
    (query,) = index.encoder.encode_queries([question])
    texts = [p.embedded_texts[0] for p in index.passages]  # there is no fact among them
    parts = [p.sentence_parts(text) for p, text in zip(index.passages, texts, strict=True)]
    cosine = np.array([(v @ query).max() for v in index.encoder.encode_parts(texts, parts)])
    information = sum(index.lexical.idf(token) for token in set(tokens(question)))
    words = index.lexical.scores(question) / information if information else np.zeros(7)
    plain = weight * cosine + (1 - weight) * words

    (found,) = retrieve(index, [question], candidates=7, considered=7, dense_weight=weight)
    assert sorted(found.rows) == list(range(7))
    np.testing.assert_allclose([p.scores["fused"] for p in found.passages], np.sort(plain)[::-1], atol=1e-5)
    np.testing.assert_allclose([p.scores["fused"] for p in found.passages], plain[list(found.rows)], atol=1e-5)
    np.testing.assert_allclose([p.scores["dense"] for p in found.passages], cosine[list(found.rows)], atol=1e-5)
    np.testing.assert_allclose(found.vector, query, atol=1e-6)


def test_rows_lead_to_the_passages(index: Index) -> None:
    """`rows[i]` is the number of `passages[i]` in the index, and the scores are plain floats by name."""
    (found,) = retrieve(index, ["Which ships carried tea?"], candidates=50, considered=3, dense_weight=0.4)
    assert len(found.passages) == len(found.rows) == 3
    for row, passage in zip(found.rows, found.passages, strict=True):
        assert (passage.article, passage.span) == (index.passages[row].article, index.passages[row].span)
        assert {name: type(score) for name, score in passage.scores.items()} == {
            "dense": float, "lexical": float, "fused": float,
        }  # fmt: skip
    assert found.passages[0].text == "It lies on a canal. Ships carried tea."


def test_a_passage_that_only_words_find_is_scored_by_both(index: Index) -> None:
    """With one candidate a search, a passage has its true cosine also when the other search found it."""
    (found,) = retrieve(index, ["purr blue pottery town"], candidates=1, considered=7, dense_weight=0.4)
    for row, passage in zip(found.rows, found.passages, strict=True):
        best = index.sentence_similarities(found.vector, row).max()
        assert passage.scores["dense"] == pytest.approx(float(best), abs=1e-6)
        assert passage.scores["lexical"] == pytest.approx(float(index.lexical.scores(found.question)[row]))


def test_a_question_without_a_known_word_is_ordered_by_meaning(index: Index) -> None:
    """No passage shares a word with it, so every lexical score is 0 and the cosine decides."""
    (found,) = retrieve(index, ["Rodents hunted by felines?"], candidates=50, considered=7, dense_weight=0.4)
    assert [p.scores["lexical"] for p in found.passages] == [0.0] * 7
    cosines = [p.scores["dense"] for p in found.passages]
    assert cosines == sorted(cosines, reverse=True)
    assert found.passages[0].article.title == "Cats"
    assert [p.scores["fused"] for p in found.passages] == pytest.approx([0.4 * c for c in cosines])


@pytest.mark.parametrize("question", ["Who is it?", "?!", "商", "🙂"])
def test_a_question_of_no_words_at_all_finds_passages(index: Index, question: str) -> None:
    """Function words, punctuation, another script: finite scores, no error."""
    (found,) = retrieve(index, [question], candidates=50, considered=2, dense_weight=0.4)
    assert len(found.passages) == 2
    assert all(math.isfinite(score) for p in found.passages for score in p.scores.values())


def test_no_questions_find_nothing(index: Index) -> None:
    """An empty list in, an empty list out."""
    assert retrieve(index, [], candidates=5, considered=5, dense_weight=0.4) == []


def test_questions_do_not_depend_on_their_company(index: Index) -> None:
    """Asked together or alone: the same passages with the same scores."""
    together = retrieve(index, QUESTIONS, candidates=5, considered=3, dense_weight=0.4)
    alone = [retrieve(index, [q], candidates=5, considered=3, dense_weight=0.4)[0] for q in QUESTIONS]
    assert [f.passages for f in together] == [f.passages for f in alone]
    assert [f.question for f in together] == QUESTIONS


@pytest.mark.parametrize("question", ["What do cats chase at night?", "Who purrs?"])
def test_nearest_is_of_the_question_as_typed(make_index: Callable[..., Index], question: str) -> None:
    """Also where the title was taken out of what is compared: over all sentences, the highest cosine."""
    index = make_index(CATS)
    (found,) = retrieve(index, [question], candidates=2, considered=2, dense_weight=0.4)
    (typed,) = index.encoder.encode_queries([question])
    assert found.nearest == pytest.approx(float((index.dense.vectors() @ typed).max()), abs=1e-6)
    assert np.array_equal(found.vector, typed) is (question == "Who purrs?")


APPENDED_TO = """'''Vellum Mill''' makes paper from rags.

== History ==
By order of the abbot, work began in 1790 on a mill beside the weir; it opened a year later.

== Further reading ==
* Orr, Jane (2015), ''How a mill opened: the year of Vellum'', Weir Press.
"""


def test_what_stands_in_an_appendix_counts_for_less(make_index: Callable[..., Index]) -> None:
    """A book about the mill shares more words with a question about it, and is first for a question about the book."""
    index = make_index(parse_article(APPENDED_TO, "Vellum Mill"))
    about_it, about_the_book = retrieve(
        index, ["When was the mill opened?", "Which book did Jane Orr write?"], 50, 10, dense_weight=0.6
    )
    assert about_it.passages[0].text.startswith("By order of the abbot")
    book = about_it.passages[1]
    assert book.text.startswith("Orr, Jane")
    in_full = 0.6 * book.scores["dense"] + 0.4 * book.scores["lexical"] / index.lexical.information(about_it.question)
    assert book.scores["fused"] == pytest.approx(APPENDED * in_full)
    assert in_full > about_it.passages[0].scores["fused"]
    assert about_the_book.passages[0].text.startswith("Orr, Jane")
