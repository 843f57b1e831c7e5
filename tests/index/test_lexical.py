"""Words and BM25: expected numbers are worked out by hand."""

import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import K1, STOP_WORDS, B, LexicalIndex, best, edit_distance, tokens, words

TEXTS = ["cats chase mice", "dogs chase cats chase cars", "owls sleep"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Beyoncé's U.S. £3,000", ["beyonce", "us", "3000"]),
        ("7.7 million; 1,234,567.", ["7.7", "million", "1234567"]),
        ("the U.S.A. and the U.S.", ["the", "usa", "and", "the", "us"]),
        ("O’Brien doesn't", ["obrien", "doesnt"]),
        ("COVID-19 on 19th-century b2b", ["covid", "19", "on", "19th", "century", "b2b"]),
        ("ﬁve ＡＢＣ ẞ", ["five", "abc", "ss"]),
        ("商汤科技 SenseTime", ["商", "汤", "科", "技", "sensetime"]),
        ("snake_case (a/b)", ["snake", "case", "a", "b"]),
        ("", []),
        (" — … !", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    """What counts as the same word whichever way it is written."""
    assert words(text) == expected


def test_composed_and_decomposed_letters_are_the_same() -> None:
    """ "é" as one code point or two, and "e" without its accent, are one word."""
    assert words("caf\u00e9") == words("cafe\u0301") == words("CAFE") == ["cafe"]


def test_tokens_are_stems_without_function_words() -> None:
    """Question words and articles carry no topic; forms of a word fall together."""
    assert tokens("Who founded the companies?") == ["found", "compani"]
    assert tokens("Company founders found") == ["compani", "founder", "found"]
    assert tokens("What is it?") == []


def test_the_country_is_no_stop_word() -> None:
    """ "U.S." becomes "us", which must not vanish with the pronouns."""
    assert tokens("the U.S.") == ["us"]
    assert "us" not in STOP_WORDS


def test_scores_by_hand() -> None:
    """BM25 in Lucene's variant for "cats chase", N = 3 texts of 3, 5 and 2 words: average 10/3.

    Both stems are in n = 2 texts: idf = ln(1 + (3 - 2 + ½) / (2 + ½)) = ln 1.6 = 0.470004.
    A word f times in a text of l words weighs idf · f / (f + 0.9 · (0.6 + 0.4 · l / (10/3))):
      text 0, l = 3: 0.9 · (0.6 + 0.4 · 0.9) = 0.864; f = 1 for both: 2 · 0.470004 / 1.864 = 0.504296
      text 1, l = 5: 0.9 · (0.6 + 0.4 · 1.5) = 1.08; cat f = 1: 0.470004 / 2.08 = 0.225963,
                                                     chase f = 2: 2 · 0.470004 / 3.08 = 0.305197; sum 0.531160
      text 2 has neither: 0.
    """
    np.testing.assert_allclose(LexicalIndex.build(TEXTS).scores("Cats, chase!"), [0.504296, 0.531160, 0], atol=1e-6)


def test_idf_by_hand() -> None:
    """In 2 of 3 texts: ln 1.6; in 1: ln(1 + 2.5 / 1.5); in none: ln(1 + 3.5 / 0.5) = ln 8."""
    index = LexicalIndex.build(TEXTS)
    assert index.idf("cat") == pytest.approx(math.log(1.6))
    assert index.idf("owl") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert index.idf("zebra") == pytest.approx(math.log(8))


def test_agrees_with_bm25s() -> None:
    """Adding columns up ourselves gives what bm25s computes from the same stems."""
    import bm25s

    rng = random.Random(1)
    texts = [" ".join(rng.choice(["alpha", "beta", "gamma", "delta", "kappa"]) for _ in range(9)) for _ in range(30)]
    theirs = bm25s.BM25(k1=K1, b=B, method="lucene")
    theirs.index([tokens(t) for t in texts], show_progress=False)
    np.testing.assert_allclose(
        LexicalIndex.build(texts).scores("gamma kappa gamma"),
        theirs.get_scores(tokens("gamma kappa gamma")),
        rtol=1e-6,
    )


def test_search_returns_only_texts_that_share_a_word() -> None:
    """Best first, and a text without any of the words is not a result."""
    scores, rows = LexicalIndex.build(TEXTS).search("cats chase", 3)
    assert rows.tolist() == [1, 0]
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_equal_scores_keep_the_order_of_the_texts() -> None:
    """Results do not change from run to run."""
    _, rows = LexicalIndex.build(["red words", "other thing", "red words"]).search("red", 3)
    assert rows.tolist() == [0, 2]


def test_the_best_of_many_ties_are_the_earliest() -> None:
    """Scores 1, 3, 0, 3, 2, 3: the best two are rows 1 and 3, the best four also 5 and 4, and row 2 is never one."""
    scores = np.array([1, 3, 0, 3, 2, 3], dtype=np.float32)
    assert [best(scores, k).tolist() for k in (0, 2, 4, 9)] == [[], [1, 3], [1, 3, 5, 4], [1, 3, 5, 4, 0]]


@pytest.mark.parametrize("kind", ["few words", "ties", "negative", "hardly any", "equal"])
def test_the_best_of_many_are_those_that_sorting_all_would_give(kind: str) -> None:
    """Among so many that most are passed over unsorted; zeros are no scores, of equal ones the earlier is better."""
    rng = np.random.default_rng(1)
    scores = {
        "few words": rng.gamma(1, 2, 20_011) * (rng.random(20_011) < 0.4),
        "ties": rng.integers(0, 4, 20_011),
        "negative": rng.normal(-3, 1, 20_011),
        "hardly any": np.where(np.arange(20_011) % 5_000 == 7, 2.5, 0),
        "equal": np.ones(20_011),
    }[kind].astype(np.float32)
    for k in (1, 7, 50, 20_011, 30_000):
        expected = [row for row in np.argsort(-scores, kind="stable").tolist() if scores[row] != 0][:k]
        assert best(scores, k).tolist() == expected


@pytest.mark.parametrize("query", ["", "who is it?", "zebra", "?!"])
def test_a_query_without_known_words_finds_nothing(query: str) -> None:
    """Zero everywhere, no error."""
    index = LexicalIndex.build(TEXTS)
    assert index.scores(query).tolist() == [0, 0, 0]
    assert index.search(query, 3)[1].tolist() == []


@pytest.mark.parametrize(
    "word",
    [
        "sleeep",  # a letter too many
        "slep",  # one too few
        "sleap",  # another one
        "selep",  # two swapped
    ],
)
def test_words_one_edit_away_are_near(word: str) -> None:
    """A misspelt word finds nothing by itself; what it is near can be asked for."""
    index = LexicalIndex.build(TEXTS)
    assert index.search(word, 1)[1].tolist() == []
    assert index.near(word, 1) == ["sleep"]


def test_words_are_near_as_written_not_as_stems() -> None:
    """One swap leads from "compnay" to "company"; to its stem, "compani", it would be two edits."""
    assert LexicalIndex.build(["the company", "the owls"]).near("compnay", 1) == ["company"]


def test_two_edits_are_looked_for_behind_the_same_letter() -> None:
    """Two swaps lead from "governemtn" to "government"; "ogvernemnt" begins with another letter."""
    index = LexicalIndex.build(["government", "cars"])
    assert (index.near("governemtn", 1), index.near("governemtn", 2)) == ([], ["government"])
    assert index.near("ogvernemnt", 2) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbc", 1), ("abcd", "badc", 2),
     ("ca", "abc", 3), ("kitten", "sitting", 3)],
)  # fmt: skip
def test_edit_distance(a: str, b: str, expected: int) -> None:
    """Published examples: kitten → sitting is 3; ca → abc is 3 in the restricted form (Wikipedia)."""
    assert edit_distance(a, b, 5) == edit_distance(b, a, 5) == expected


@settings(deadline=None)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_a_bounded_distance_is_the_distance_or_says_more(a: str, b: str, most: int) -> None:
    """Looking only near the diagonal changes nothing but the number beyond the bound."""
    assert edit_distance(a, b, most) == min(edit_distance(a, b, 99), most + 1)


def test_comes_back_from_disk(tmp_path: Path) -> None:
    """The same scores and near words, from mapped files; none of them a pickle."""
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    assert len(loaded) == 3
    for query in ("cats chase", "slep", ""):
        np.testing.assert_array_equal(loaded.scores(query), index.scores(query))
    assert loaded.near("slep", 1) == index.near("slep", 1) == ["sleep"]
    assert {p.suffix for p in (tmp_path / "lexical").iterdir()} == {".npy", ".json"}


def test_the_same_texts_give_the_same_files(tmp_path: Path) -> None:
    """Also in another process, where Python hashes strings differently."""
    code = (
        "import sys, pathlib\n"
        "from index.lexical import LexicalIndex\n"
        f"LexicalIndex.build({TEXTS!r}).save(pathlib.Path(sys.argv[1]))"
    )
    for seed in ("1", "2"):
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], env=env, check=True)
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("texts", [["", "?"], ["the", "of it"]])
def test_texts_without_words_can_be_indexed(texts: list[str], tmp_path: Path) -> None:
    """They are found by nothing, and nothing breaks."""
    index = LexicalIndex.build(texts)
    index.save(tmp_path)
    assert LexicalIndex.load(tmp_path).scores("anything").tolist() == [0, 0]


def test_asking_does_not_import_bm25s(tmp_path: Path) -> None:
    """Its import, through scipy, would be the slowest part of a cold start."""
    LexicalIndex.build(TEXTS).save(tmp_path)
    code = (
        "import sys, pathlib\n"
        "from index.lexical import LexicalIndex\n"
        f"LexicalIndex.load(pathlib.Path({str(tmp_path)!r})).search('cats', 1)\n"
        "print([m for m in ('bm25s', 'scipy') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_unknown_words_stand_in_no_text() -> None:
    """Stop words are not unknown; a plural is its singular's stem; "Galilei" is not "Galileo"."""
    index = LexicalIndex.build(["The telescope of Galileo", "Four moons"])
    assert index.unknown("Did the telescopes of Galilei show a moon of Saturn?") == ["galilei", "show", "saturn"]
    assert index.unknown("") == []
