"""A misspelt word is replaced by what was meant; everything else of the question stays as it was typed."""

from __future__ import annotations

import pytest

from index.article import Article
from index.store import Index
from qa import QA
from qa.spelling import respelled

TEXT = (
    "Toytown Works was founded by Ada Wrigley. The works build trains for the government. "
    "The trains of the works were painted in Pasadena; a trial of the paint was held there. Hamza Lund drove them."
)


@pytest.fixture(scope="module")
def index() -> Index:
    return QA.from_articles([Article.from_paragraphs("Toytown Works", [TEXT])]).index


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who fouded the works?", "who founded the works?"),  # a word of the article
        ("waht do they buidl?", "what do they build?"),  # a stop word; two letters swapped
        ("what do they make of electrisity", "what do they make of electricity"),  # a word of English alone
        ("trains for the governemtn", "trains for the government"),  # two swaps, in a long word
        ("Where did Ada Rigley go?", "Where did Ada Wrigley go?"),  # a name that the article has
        ("What was Wriggley's trade?", "What was Wrigley's trade?"),  # what follows the word stays
        ("Was Hazma Lund a driver?", "Was Hamza Lund a driver?"),  # with the same letters
        ("  Whcih  train, pelase?", "  Which  train, please?"),  # and so does all that is around it
        ("tarins", "trains"),
    ],
)
def test_a_misspelt_word_becomes_what_was_meant(index: Index, typed: str, meant: str) -> None:
    assert respelled(typed, index) == meant


@pytest.mark.parametrize(
    "question",
    [
        "When were the trains painted?",
        "Who was the kidnapper? The trail was cold.",  # words of English, one a swap from a word of the article
        "Who is Bo Megvii?",  # a name that nothing is near
        "What is the wifi called?",  # short, and English has no such word
        "where is baidu made?",  # a name in lower case, near a word that few have ever typed ("maidu")
        "Was it built in 20114?",  # a number is never near another
        "Is it the WORSK or the ISO 20114a?",  # capitals and codes
        "Didn’t they paint it? They wouldn't.",  # no misspelt "didn" or "wouldn"
        "kven eig verket no, og kvifor vart toga måla?",  # another language
        "火车在哪里？",
        "café naïveté",
        "",
        "  ",
    ],
)
def test_what_is_not_misspelt_is_left_as_it_is(index: Index, question: str) -> None:
    assert respelled(question, index) == question


def test_the_more_frequent_of_the_near_words_is_taken() -> None:
    """Both "house" and "pause" are one letter from "hause"; three texts speak of a pause."""
    texts = ["The house.", "A pause.", "Another pause.", "The pause."]
    index = QA.from_articles([Article.from_paragraphs("Music", texts)]).index
    assert respelled("the hause", index) == "the pause"


def test_an_answer_says_how_its_question_was_understood(index: Index) -> None:
    """It keeps what was typed beside it; the mistyped question is answered as the other one."""
    qa = QA(index)
    typed, meant = qa.ask_many(["who fouded the works?", "who founded the works?"])
    assert (typed.question, typed.standalone_question) == ("who fouded the works?", "who founded the works?")
    assert (typed.short, typed.confidence) == (meant.short, meant.confidence)
