"""EM and F1, worked out by hand, as the official SQuAD 2.0 script has them."""

import pytest

from eval.squad import exact_match, f1, holds, normalise


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The U.S. government", "us government"),
        ("  a\tcat \n an  owl ", "cat owl"),
        ("Theatre another", "theatre another"),
        ("the-end", "theend"),
        ("“Été”", "“été”"),  # only ASCII punctuation goes, and accents stay
        ("10–20", "10–20"),
        ("$1,000.50", "100050"),
        ("a the an", ""),
        ("", ""),
    ],
)
def test_normalise_lowers_and_drops_punctuation_articles_and_space(text, normalised):
    assert normalise(text) == normalised


@pytest.mark.parametrize(
    ("predicted", "golds", "em", "expected_f1"),
    [
        ("Oslo", ["Oslo"], 1, 1),
        ("the Oslo!", ["oslo"], 1, 1),
        # Common: "tang", "xiaoou" of 3 predicted and 2 gold tokens: P 2/3, R 1, F1 4/5.
        ("Professor Tang Xiaoou", ["Tang Xiaoou"], 0, 0.8),
        # The best gold counts: against "14 october 2014" P 1, R 1/3, F1 1/2; against "2014" 1.
        ("2014", ["14 October 2014", "2014"], 1, 1),
        # Repeated tokens match as often as both have them: common 2 of 3 and 2, P 2/3, R 1.
        ("new new york", ["new new"], 0, 0.8),
        ("new york", ["new new"], 0, 0.5),
        ("Lund", ["Oslo"], 0, 0),
        # An abstention from an answerable question scores 0, from an unanswerable one 1.
        ("", ["Oslo"], 0, 0),
        ("", [], 1, 1),
        ("Oslo", [], 0, 0),
        # "the" normalises to nothing: like the official script, such a gold is passed over…
        ("", ["the", "Oslo"], 0, 0),
        # … and alone it is as if there were no answer.
        ("", ["the"], 1, 1),
        ("the", ["an"], 1, 1),
        ("Élysée", ["Elysee"], 0, 0),
    ],
)
def test_em_and_f1_on_tricky_cases(predicted, golds, em, expected_f1):
    assert exact_match(predicted, golds) == em
    assert f1(predicted, golds) == pytest.approx(expected_f1)


@pytest.mark.parametrize(
    ("text", "answers", "held"),
    [
        ("It began in 1995.", ["1995"], True),
        ("It began in 1995.", ["5"], False),
        ("It began in 1995.", ["1994", "1995"], True),
        ("A U.S.-based firm", ["U.S."], True),
        ("1,000–2,000 km", ["1,000"], True),
        ("It has 16,000 staff", ["16"], False),
        ("It rose by 12.5%", ["12"], False),
        ("It cost $2.5 billion", ["5"], False),
        ("16, then 17.", ["17"], True),
        ("It is the Royal Society", ["royal society"], True),
        ("Tang, Xiaoou", ["Tang Xiaoou"], True),
        ("the end", ["the"], False),
        ("anything", [], False),
        ("C++ (1985)", ["C++"], True),
    ],
)
def test_holds_wants_whole_words(text, answers, held):
    assert holds(text, answers) is held
