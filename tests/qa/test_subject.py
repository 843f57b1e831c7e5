"""Questions that ask for an article's subject and nothing else, and those that only look so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.wikitext import parse_article
from qa import QA
from qa.subject import about_itself, called, is_about_a_person

COMPANY = parse_article(
    "'''Acme''' is a maker of anvils in Leeds. It has sold them since 1890.\n\n== History ==\n"
    "Acme joined the Anvil League. The company denies that it left. Acme does what others do not.",
    title="Acme (company)",
)
PERSON = parse_article(
    "'''Ada Quill''' was a poet from Leeds. She wrote odes, and her brother printed them.", title="Ada Quill"
)


@pytest.mark.parametrize(
    "question",
    [
        "What is Acme?",
        "what does acme do",
        "What does the company do?",
        "So, what do they actually do?",
        "Tell me about Acme.",
        "tell me something about the company",
        "acme",
        "Acme (company)",
        "Who are they?",
        "What's this article about?",
        "explain what it is",
        "Could you please describe Acme?",
    ],
)
def test_what_asks_for_the_subject_alone_is_one_question(question):
    """However it is put, it is understood as the question that the opening sentence answers."""
    assert about_itself(question, [COMPANY]) == "What is Acme?"


@pytest.mark.parametrize(
    "question",
    [
        "What does Acme sell?",
        "What is Acme's industry?",
        "What is the Anvil League?",
        "Who is he?",
        "it",
        "What does Honda do?",
        "What does Acme do in Leeds?",
        "Why does the company do that?",
        "?",
        "   ",
    ],
)
def test_what_asks_for_more_is_left_as_it_was_typed(question):
    assert about_itself(question, [COMPANY]) == question


def test_a_person_is_a_who():
    """Of an article about a person "she" is that person, and "it" is nobody."""
    assert is_about_a_person(PERSON)
    assert not is_about_a_person(COMPANY)
    assert about_itself("Who is she?", [PERSON]) == "Who is Ada Quill?"
    assert about_itself("ada quill", [PERSON]) == "Who is Ada Quill?"
    assert about_itself("What is it?", [PERSON]) == "What is it?"


def test_among_several_articles_only_a_title_says_which():
    assert about_itself("what does acme do", [PERSON, COMPANY]) == "What is Acme?"
    assert about_itself("What does the company do?", [PERSON, COMPANY]) == "What does the company do?"


def test_a_title_is_called_without_its_brackets():
    assert called(COMPANY) == "Acme"
    assert called(replace(COMPANY, title="(500) Days (soundtrack)")) == "(500) Days"
    assert called(replace(COMPANY, title="( ) (album)")) == "( )"


def test_it_is_answered_by_the_opening_sentence():
    """Words that the question shares with other sentences ("does", "do", the name) lead nowhere else."""
    answer = QA.from_articles([COMPANY]).ask("what does the company do?")
    assert answer.standalone_question == "What is Acme?"
    assert answer.question == "what does the company do?"
    assert answer.citations[0].quote == "Acme is a maker of anvils in Leeds."
