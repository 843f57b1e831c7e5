"""The sentence reader: scores worked out by hand, and the value of an infobox fact as the short answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.article import Article
from index.store import Index
from qa.calibration import ReaderWeights
from qa.reader import Candidate, SentenceReader
from qa.retrieve import retrieve

#: A score that is the share of the question's information alone.
COVERAGE = ReaderWeights(0.0, 1.0)


def read(index: Index, question: str, *, passages: int = 5, weights: ReaderWeights = COVERAGE) -> list[Candidate]:
    """The candidates for one question, by the share of its words' information unless other weights are given."""
    found = retrieve(index, [question], candidates=50, considered=10, dense_weight=0.4)
    (candidates,) = SentenceReader(index, passages, weights).read(found)
    return candidates


def quote(candidate: Candidate) -> str:
    return candidate.sentence.span.of(candidate.passage.article.text)


def short(candidate: Candidate) -> str | None:
    return candidate.short.of(candidate.passage.article.text) if candidate.short else None


@pytest.fixture(scope="module")
def zoo(make_index: Callable[..., Index]) -> Index:
    return make_index(Article.from_paragraphs("Zoo", ["Owls hoot. Cats purr.", "Dogs bark."]))


@pytest.fixture(scope="module")
def toy(make_index: Callable[..., Index], toytown: Article) -> Index:
    return make_index(toytown)


def test_coverage_by_hand(zoo: Index) -> None:
    """ "Do owls bark?" is "owl" and "bark", each in 1 of 2 passages, so each half of the information."""
    assert {quote(c): c.coverage for c in read(zoo, "Do owls bark?")} == pytest.approx(
        {"Owls hoot.": 0.5, "Dogs bark.": 0.5, "Cats purr.": 0.0}
    )


def test_a_rarer_word_is_more_information(zoo: Index) -> None:
    """The title is in both passages, idf ln(1 + ½ / 2½) = ln 1.2; "owl" in one, ln 2: owls are ln 2 / ln 2.4 of it."""
    coverage = {quote(c): c.coverage for c in read(zoo, "owls zoo")}
    assert coverage == pytest.approx({"Owls hoot.": 0.791744, "Cats purr.": 0.0, "Dogs bark.": 0.0}, abs=1e-5)


def test_the_score_is_the_weighted_sum(zoo: Index) -> None:
    """3 · cosine + 2 · coverage, and the cosine is that of the sentence's own vector."""
    candidates = read(zoo, "Do owls bark?", weights=ReaderWeights(cosine=3.0, coverage=2.0))
    assert [c.score for c in candidates] == pytest.approx([3 * c.cosine + 2 * c.coverage for c in candidates])
    (query,) = zoo.encoder.encode_queries(["Do owls bark?"])
    (vectors,) = zoo.encoder.encode_parts(["Zoo > Owls hoot. Cats purr."], [[(6, 16), (17, 27)]])
    found = {quote(c): c.cosine for c in candidates}
    assert [found["Owls hoot."], found["Cats purr."]] == pytest.approx((vectors @ query).tolist(), abs=1e-5)


def test_best_first(zoo: Index) -> None:
    """By score, whatever the order of the passages."""
    scores = [c.score for c in read(zoo, "Which cats purr?", weights=ReaderWeights(1.0, 1.0))]
    assert scores == sorted(scores, reverse=True)
    assert quote(read(zoo, "Which cats purr?")[0]) == "Cats purr."


def test_only_the_best_passages_are_read(zoo: Index) -> None:
    """With one passage to read, the sentences of the other are no candidates."""
    assert {quote(c) for c in read(zoo, "Dogs bark?", passages=1)} == {"Dogs bark."}


@pytest.mark.parametrize("question", ["Who is it?", "?"])
def test_a_question_without_words_covers_nothing(zoo: Index, question: str) -> None:
    """No division by zero: coverage is 0 for all."""
    assert [c.coverage for c in read(zoo, question)] == [0.0, 0.0, 0.0]


def test_a_sentence_in_two_passages_is_one_candidate(make_index: Callable[..., Index]) -> None:
    """One sentence of 60 words, cut into passages of at most 16 tokens: proposed once, as its best part scores."""
    words = " ".join(["one", "two", "three", "four", "five", "six"] * 10)
    index = make_index(Article.from_paragraphs("T", [words]), max_tokens=16)
    assert len(index.passages) > 3
    (candidate,) = read(index, "three four", weights=ReaderWeights(1.0, 0.0))
    assert quote(candidate) == words
    (query,) = index.encoder.encode_queries(["three four"])
    best = max(float(index.sentence_similarities(query, row).max()) for row in range(len(index.passages)))
    assert candidate.cosine == pytest.approx(best, abs=1e-6)


def test_the_same_words_in_two_articles_are_two_candidates(make_index: Callable[..., Index]) -> None:
    """At the same place of two articles stand two sentences."""
    index = make_index(Article.from_paragraphs("A", ["Owls hoot."]), Article.from_paragraphs("B", ["Owls hoot."]))
    assert sorted(c.passage.article.title for c in read(index, "Do owls hoot?")) == ["A", "B"]


def test_the_value_of_an_infobox_fact_is_the_short_answer(toy: Index) -> None:
    """All that stands behind the label, also when there is a ": " in it; prose has none from this reader."""
    found = {quote(c): short(c) for c in read(toy, "When was it founded, and what is its stock ticker?", passages=10)}
    assert found["Founded: May 1999"] == "May 1999"
    assert found["Traded as: NYSE: TOY"] == "NYSE: TOY"
    assert found["It was founded by Ada Quist and Bo Lund."] is None


def test_the_short_answer_lies_in_its_sentence(toy: Index) -> None:
    """As a span of the article's text."""
    for candidate in read(toy, "How many employees?", passages=10):
        assert candidate.short is None or candidate.sentence.span.contains(candidate.short)


def test_synonyms_count_for_a_fact(toy: Index) -> None:
    """ "Ticker" and "symbol" stand nowhere in the article; beside "Traded as" they count in full."""
    best = read(toy, "What is the ticker symbol?")[0]
    assert (quote(best), best.coverage) == ("Traded as: NYSE: TOY", pytest.approx(1.0))


def test_no_questions_no_candidates(zoo: Index) -> None:
    """One list of candidates for each question, in order."""
    reader = SentenceReader(zoo, 5, ReaderWeights(1.0, 1.0))
    assert reader.read([]) == []
    found = retrieve(zoo, ["Do owls hoot?", "Do dogs bark?"], candidates=5, considered=5, dense_weight=0.4)
    assert [quote(candidates[0]) for candidates in reader.read(found)] == ["Owls hoot.", "Dogs bark."]
