"""Answers as JSON: one shape everywhere, whatever was found."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from math import inf
from typing import Any

import pytest

from qa import QA, Answer
from qa.answer import Alternative, Citation, ScoredPassage


@pytest.fixture(scope="module")
def given(toytown_qa: QA) -> Answer:
    """An answer with an alternative, however unlikely: all that comes near is read, though the answer is sure."""
    settings = replace(toytown_qa.settings, threshold=0.0, read_sure=inf)
    answer = QA(toytown_qa.index, settings).ask("When was Toytown Works founded?")
    assert not answer.abstained
    assert answer.alternatives
    return answer


@pytest.fixture(scope="module")
def withheld(toytown_qa: QA) -> Answer:
    answer = toytown_qa.ask("Who discovered penicillin in Paris?")
    assert answer.abstained
    return answer


def shape(value: Any) -> Any:
    """Keys and types, without what varies: how many, and which of a type and None."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return type(value).__name__


def test_answers_come_back_from_json(given: Answer, withheld: Answer) -> None:
    """Lists, dicts, numbers, strings, true and null only: what is read is what was written."""
    for answer in (given, withheld):
        written = answer.to_dict()
        assert json.loads(json.dumps(written, allow_nan=False)) == written


def test_answers_and_abstentions_have_the_same_keys(given: Answer, withheld: Answer) -> None:
    """Whoever reads the one can read the other."""
    assert given.to_dict().keys() == withheld.to_dict().keys() == {f.name for f in fields(Answer)}


def test_every_field_is_in_the_dict(given: Answer) -> None:
    """Also of what an answer holds; a citation's sentence is its quote, footnotes and marks, which are there."""
    written = given.to_dict()
    assert written["citations"][0].keys() == {f.name for f in fields(Citation)} - {"sentence"}
    assert written["alternatives"][0].keys() == {f.name for f in fields(Alternative)}
    assert written["passages"][0].keys() == {f.name for f in fields(ScoredPassage)} | {"text"}


def test_citations_are_written_alike(given: Answer) -> None:
    """Those of an answer and those of its alternatives."""
    first, *others = [c for a in (given, *given.alternatives) for c in a.citations]
    for other in others:
        assert other.to_dict().keys() == first.to_dict().keys()
        assert shape(other.to_dict()["paragraph"]) == shape(first.to_dict()["paragraph"])
        assert shape(other.to_dict()["article"]) == shape(first.to_dict()["article"])


def test_a_quote_can_be_proven_from_the_json_alone(given: Answer) -> None:
    """With the article's text at hand: span, paragraph and the place in the wikitext, as plain numbers."""
    article = given.citations[0].article
    cited = json.loads(json.dumps(given.to_dict()))["citations"][0]
    assert article.text[cited["span"]["start"] : cited["span"]["end"]] == cited["quote"]
    inside = cited["paragraph"]["source"]
    assert given.short  # not the label before a fact: the wikitext has that in its own words
    assert given.short in article.source[inside["start"] : inside["end"]]
    assert cited["article"] == {
        "title": "Toytown Works",
        "sha256": article.sha256,
        "revision": None,
        "licence": "CC BY-SA 4.0",
        "page_url": "https://en.wikipedia.org/wiki/Toytown_Works",
    }


def test_footnotes_are_written_with_all_they_say(toytown_qa: QA) -> None:
    """Title, publisher, date, link and archive, and the wikitext they came from."""
    cited = toytown_qa.ask("What colour was the first train painted?").to_dict()["citations"][0]
    assert cited["quote"] == "The first train was painted red."
    (footnote,) = cited["references"]
    assert (footnote["title"], footnote["publisher"], footnote["date"]) == (
        "Trains of wood",
        "The Delft Post",
        "3 May 2001",
    )
    assert (footnote["url"], footnote["archive_url"]) == ("https://example.org/trains", "https://example.org/kept")
    assert footnote["raw"].startswith("{{cite news")
