"""How foreign a text is to the reader: English is not, whatever it is about; every other language is."""

from __future__ import annotations

import pytest

from eval import datasets
from index.wikipedia import builtin_article
from qa.abstain import ENGLISH
from qa.reader.language import DOUBT, foreign
from qa.reader.model import shipped

TOKENIZER = shipped().tokenizer


def test_by_hand() -> None:
    """Of six words in lower case the reader knows "the", "dog", "of" and "and"; beside them stand DOUBT known ones."""
    assert foreign(TOKENIZER, "The Zxqv and the dog of blorfing, quuxly Schmidt.") == pytest.approx(2 / (6 + DOUBT))


@pytest.mark.parametrize("name", ["invented", "languages"])
def test_our_articles(name: str) -> None:
    """Those of "invented" are English, those of "languages" are in ten others."""
    found = [foreign(TOKENIZER, a.text) for a in datasets.load(datasets.SETS / f"{name}.txt").articles.values()]
    assert all((share > ENGLISH) == (name == "languages") for share in found), found


def test_an_english_article_with_foreign_names() -> None:
    assert foreign(TOKENIZER, builtin_article().text) < ENGLISH / 2


@pytest.mark.parametrize("text", ["东京是日本的首都，人口最多的城市。" * 10, "собака лает, а кошка спит " * 20])
def test_other_scripts_are_foreign(text: str) -> None:
    assert foreign(TOKENIZER, text) > ENGLISH


@pytest.mark.parametrize("text", ["", "1990", "NASA", "Hund bellt."])
def test_what_has_hardly_a_word_is_taken_for_english(text: str) -> None:
    assert foreign(TOKENIZER, text) < ENGLISH
