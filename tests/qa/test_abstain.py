"""Abstention: the features of an answer worked out by hand, and the probability they give."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from candidates import candidate

from index.article import Article
from index.lexical import LexicalIndex
from qa.abstain import evidence, judge, names_missing
from qa.calibration import FEATURES, FURTHER, SIGNALS, Calibration, Regression
from qa.retrieve import Retrieved

ZOO = Article.from_paragraphs("Zoo", ["Owls hoot. Cats purr.", "Dogs bark.", "Bees hum in 2014."])
LEXICAL = LexicalIndex.build([f"Zoo > {p.text}" for p in ZOO.paragraphs])


def calibration(intercept: float = 0.0, **coefficients: float) -> Calibration:
    """Logistic regressions whose other coefficients are 0; a further answer is as likely as its own evidence says."""
    answer = Regression(intercept, {name: coefficients.get(name, 0.0) for name in FEATURES})
    further = Regression(0.0, dict.fromkeys(FURTHER, 0.0) | {"own": 1.0})
    return Calibration(Regression(0.0, dict.fromkeys(SIGNALS, 1.0)), answer, further)


def asked(question: str, nearest: float = 0.7) -> Retrieved:
    """A question with the cosine of its nearest sentence; nothing else of what was found matters here."""
    return Retrieved(question, np.zeros(1, dtype=np.float32), nearest, (), ())


# Features


def test_features_by_hand() -> None:
    """ "Do Owls bark at Cats?" against "Owls hoot.", whose margin is half of its score of 1.5.

    Its stems are owl, bark and cat, each in 1 of 3 passages, so of equal weight. The passage "Owls hoot. Cats
    purr." holds two of them: 2/3. A cosine of 0.3 is 0.05 short of near. Names are "Owls" and "Cats", both in
    the passage: none is missing.
    """
    found = evidence(asked("Do Owls bark at Cats?", 0.3), candidate(ZOO, 0, 1.5, 0.4, 0.3), LEXICAL)
    assert found == pytest.approx(
        {
            "margin": 0.75,
            "alone": 0.75,
            "coverage": 0.3,
            "expected": 0.5,
            "foreign": 0.0,
            "passage_coverage": 2 / 3,
            "remoteness": 0.05,
            "missing_names": 0.0,
            "unknown_names": 0.0,
        }
    )


def test_the_second_reading_is_evidence_of_its_own() -> None:
    """Where the sentence was read once, the margin of that reading stands for both (above)."""
    twice = replace(candidate(ZOO, 0, 1.5), alone=-2.0)
    found = evidence(asked("Do Owls bark?"), twice, LEXICAL)
    assert (found["margin"], found["alone"]) == (0.75, -2.0)


def test_a_foreign_article_is_evidence() -> None:
    """Beyond what an English text may hold of words that the reader does not know."""
    for share, told in ((0.1, 0.0), (0.55, 0.4)):
        found = evidence(asked("Do Owls bark?"), replace(candidate(ZOO, 0), foreign=share), LEXICAL)
        assert found["foreign"] == pytest.approx(told)


def test_near_is_near_enough() -> None:
    """Beyond that, nearness says little."""
    assert evidence(asked("Do Owls bark?", 0.36), candidate(ZOO, 0), LEXICAL)["remoteness"] == 0.0


def test_missing_names_by_hand() -> None:
    """Of "Dogs", "Ford Motor" (two words) and "2014", the passage "Dogs bark." holds 1 of 4 words."""
    found = evidence(asked("Did the Dogs of Ford Motor bark in 2014?"), candidate(ZOO, 2), LEXICAL)
    assert found["missing_names"] == pytest.approx(3 / 4)


def test_unknown_names_by_hand() -> None:
    """Of "Dogs", "Ford", "Owls" and "Rex", two stand in the zoo, "Ford" and "Rex" do not."""
    found = evidence(asked("Did the Dogs of Ford see Owls or Rex?"), candidate(ZOO, 2), LEXICAL)
    assert found["unknown_names"] == pytest.approx(2 / 4)


def test_an_unknown_number_is_missing_but_no_unknown_name() -> None:
    """Of "Dogs" and "2014" the one is known, and the other is not who or what is asked about."""
    found = evidence(asked("Did the Dogs bark in 2014?"), candidate(ZOO, 2), LEXICAL)
    assert (found["missing_names"], found["unknown_names"]) == (1 / 2, 0.0)


def test_in_a_question_all_in_capitals_nothing_is_a_name() -> None:
    found = evidence(asked("DID THE DOGS OF FORD BARK?"), candidate(ZOO, 2), LEXICAL)
    assert (found["missing_names"], found["unknown_names"]) == (0.0, 0.0)


def test_a_question_without_words_has_no_coverage() -> None:
    """No division by zero."""
    found = evidence(asked("Who is it?"), candidate(ZOO, 0), LEXICAL)
    assert (found["passage_coverage"], found["missing_names"]) == (0.0, 0.0)


def test_title_and_headings_belong_to_the_passage() -> None:
    """ "Zoo" is said once, above; every sentence below is about it."""
    assert evidence(asked("Is the Zoo open?"), candidate(ZOO, 2), LEXICAL)["missing_names"] == 0.0


# Names


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("When did Dogs bark?", []),
        ("When did Alibaba bark?", ["Alibaba"]),
        ("Who painted the Mona Lisa in 1503?", ["Mona Lisa", "1503"]),
        ("What is Alibaba's profit in 2019?", ["Alibaba", "2019"]),
        ("Who is Ada? Where is Bo?", ["Ada", "Bo"]),
        ("Did it cost 1,234.5 euros in 2019.", ["1,234.5", "2019"]),
        ("Alibaba left when?", []),  # what opens a question is capitalised anyway
        ("when did dogs bark?", []),
        ("Is 商汤 a dog?", ["商汤"]),
        ("кто такой Иван?", ["Иван"]),
        ("Did dogs bark in the 1990s, the 20th century, on mp3?", ["1990s", "20th"]),
        ("Was it Jean-Luc or O’Brien?", ["Jean-Luc", "O’Brien"]),
    ],
)
def test_names_missing(question: str, missing: list[str]) -> None:
    """Names and numbers of the question that "Dogs bark." in "Zoo" does not hold, fit to be shown."""
    assert names_missing(question, candidate(ZOO, 2)) == missing


# Probability


def test_probability_by_hand() -> None:
    """1 / (1 + e^-x) with x = -1 + 2 · 0.5 + 1 · 0.25 = 0.25: 0.562177; x = 0 is ½."""
    features = {**dict.fromkeys(FEATURES, 0.0), "margin": 0.5, "coverage": 0.25}
    assert calibration(-1.0, margin=2.0, coverage=1.0).answer.probability(features) == pytest.approx(0.562177, abs=1e-6)
    assert calibration().answer.probability(features) == 0.5


def test_probability_does_not_overflow() -> None:
    """Evidence beyond all measure is certain, not an error."""
    features = dict.fromkeys(FEATURES, 1e9)
    assert calibration(margin=1.0).answer.probability(features) == pytest.approx(1.0)
    assert calibration(margin=-1.0).answer.probability(features) == pytest.approx(0.0, abs=1e-12)


def test_the_shipped_numbers_are_whole() -> None:
    """Finite, a coefficient for each feature, and signs that make sense: more in common, more likely."""
    shipped = Calibration.shipped()
    assert tuple(shipped.reader.coefficients) == SIGNALS
    assert tuple(shipped.answer.coefficients) == FEATURES
    for fitted in (shipped.reader, shipped.answer):
        assert all(map(math.isfinite, (fitted.intercept, *fitted.coefficients.values())))
    assert shipped.reader.coefficients["margin"] > 0
    assert shipped.reader.coefficients["fused"] > 0
    assert shipped.answer.coefficients["margin"] > 0


# Judging


def test_the_best_of_each_paragraph_is_judged() -> None:
    """Sentences 0 and 1 share a paragraph: only the better, which comes first, is judged."""
    candidates = [candidate(ZOO, 1), candidate(ZOO, 0), candidate(ZOO, 3), candidate(ZOO, 2)]
    judged = judge(asked("Cats?"), candidates, LEXICAL, calibration(), most=9)
    assert [j.candidate for j in judged] == [candidates[0], candidates[2], candidates[3]]


def test_at_most_as_many_as_asked_for() -> None:
    """The best ones, in their order."""
    candidates = [candidate(ZOO, 3), candidate(ZOO, 2), candidate(ZOO, 0)]
    assert [j.candidate for j in judge(asked("Cats?"), candidates, LEXICAL, calibration(), most=2)] == candidates[:2]
    assert judge(asked("Cats?"), [], LEXICAL, calibration(), most=2) == []


def test_the_same_paragraph_id_in_another_article_is_another_paragraph() -> None:
    """Every article has a "p1"."""
    farm = Article.from_paragraphs("Farm", ["Cows moo."])
    assert len(judge(asked("Cows?"), [candidate(ZOO, 0), candidate(farm, 0)], LEXICAL, calibration(), most=2)) == 2


def test_each_is_judged_on_its_own_evidence() -> None:
    """With the margin's coefficient alone, the probabilities are those of margins 2 and 0: 0.880797 and ½."""
    candidates = [candidate(ZOO, 2, score=4.0), candidate(ZOO, 0, score=0.0)]
    judged = judge(asked("Is Rex here?"), candidates, LEXICAL, calibration(margin=1.0), most=2)
    assert [j.probability for j in judged] == pytest.approx([0.880797, 0.5], abs=1e-6)


def test_one_that_says_otherwise_has_a_fit_of_its_own() -> None:
    """Margins 2, 1 and 1, and so log odds; the scores 4, 2 and 2 are 2 behind.

    The second says what the first says: 1 / (1 + e⁻¹) = 0.731059. The third does not: log odds
    −1 + 1·1 − ½·2 + ¼·2 = −½, which is 0.377541.
    """
    cats = Article.from_paragraphs("Cats", ["Cats purr.", "Cats hiss.", "Dogs bark."])
    shorts = ("Cats", "Cats", "Dogs")
    candidates = [
        candidate(cats, n, score=s, short=t) for n, (s, t) in enumerate(zip((4.0, 2.0, 2.0), shorts, strict=True))
    ]
    of_further = Regression(-1.0, {"own": 1.0, "behind": -0.5, "best": 0.25})
    fitted = replace(calibration(margin=1.0), further=of_further)
    judged = judge(asked("Is Rex here?"), candidates, LEXICAL, fitted, most=3)
    assert [j.probability for j in judged] == pytest.approx([0.880797, 0.731059, 0.377541], abs=1e-6)


def test_none_is_likelier_than_the_best() -> None:
    """By margins 0, 2 and −2 alone: ½, 0.88, 0.12. The second comes after the first, and gets no more."""
    candidates = [candidate(ZOO, 0, score=0.0), candidate(ZOO, 2, score=4.0), candidate(ZOO, 3, score=-4.0)]
    judged = judge(asked("Is Rex here?"), candidates, LEXICAL, calibration(margin=1.0), most=3)
    assert [j.probability for j in judged] == pytest.approx([0.5, 0.5, 0.119203], abs=1e-6)
