"""Composing: an answer where the evidence is likely enough, else a plain statement that there is none and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from candidates import candidate

from index.article import Article
from qa.abstain import Judged
from qa.answer import Answer, ScoredPassage
from qa.compose import compose
from qa.retrieve import Retrieved

ZOO = Article.from_paragraphs("Zoo", ["Owls hoot.", "Cats purr.", "Dogs bark."])
FARM = Article.from_paragraphs("Farm", ["Cows moo."])


def judged(number: int, probability: float, short: str = "") -> Judged:
    return Judged(candidate(ZOO, number, short=short), probability)


def composed(
    found: Sequence[Judged],
    threshold: float = 0.5,
    articles: Sequence[Article] = (ZOO,),
    understood: str = "as understood",
) -> Answer:
    passages = tuple(ScoredPassage(a, p, p.span, {"fused": 0.5}) for a in articles for p in a.paragraphs)
    retrieved = Retrieved(understood, np.zeros(3, np.float32), 0.5, passages, tuple(range(len(passages))))
    return compose("as asked", retrieved, found, threshold)


def test_the_best_is_the_answer() -> None:
    """Text and quote are the sentence, short its span; confidence is its probability."""
    answer = composed([judged(1, 0.8, short="Cats")])
    assert (answer.text, answer.short, answer.confidence) == ("Cats purr.", "Cats", 0.8)
    assert (answer.abstained, answer.reason) == (False, None)
    assert [(c.number, c.quote) for c in answer.citations] == [(1, "Cats purr.")]
    assert (answer.question, answer.standalone_question) == ("as asked", "as understood")
    assert len(answer.passages) == 3


def test_an_abstention_says_that_the_article_is_foreign() -> None:
    """What the closest sentence lacks comes after it."""
    foreign = Judged(replace(candidate(ZOO, 0), foreign=0.5), 0.1)
    assert composed([foreign]).reason == (
        "Footnote learnt to read English alone, and “Zoo” is in another language. "
        "The chance that the closest sentence answers this is 10%; answers are shown from 50%."
    )
    assert not composed([judged(0, 0.1)]).reason.startswith("Footnote")


@pytest.mark.parametrize(("probability", "abstained"), [(0.5, False), (0.499, True), (1.0, False), (0.0, True)])
def test_the_threshold_itself_is_enough(probability: float, abstained: bool) -> None:
    """At least as likely as asked for; a threshold of 0 never withholds."""
    answer = composed([judged(0, probability)])
    assert (answer.abstained, answer.confidence) == (abstained, probability)
    assert not composed([judged(0, probability)], threshold=0.0).abstained


def test_alternatives_would_be_answers_by_themselves() -> None:
    """Of three others one is too unlikely; citations are numbered on without a gap, in order of first use."""
    farm = Judged(candidate(FARM, 0, short="Cows"), 0.6)
    answer = composed([judged(0, 0.7), judged(1, 0.49), judged(2, 0.9, short="Dogs"), farm])
    assert [(a.text, a.short, a.confidence) for a in answer.alternatives] == [
        ("Dogs bark.", "Dogs", 0.9),
        ("Cows moo.", "Cows", 0.6),
    ]
    assert [c.number for a in (answer, *answer.alternatives) for c in a.citations] == [1, 2, 3]
    assert answer.text == "Owls hoot."


def test_another_paragraph_that_says_the_same_is_a_further_citation() -> None:
    """Once in capitals, once not; what it says is not shown as another answer, and numbers go on behind it."""
    barn = Article.from_paragraphs("Barn", ["Owls hoot.", "There are owls.", "Cows moo.", "These are cows."])
    found = [Judged(candidate(barn, n, short=w), 0.9) for n, w in enumerate(("Owls", "owls", "Cows", "cows"))]
    answer = composed(found, articles=(barn,))
    assert (answer.short, answer.text) == ("Owls", "Owls hoot.")
    assert [(c.number, c.quote) for c in answer.citations] == [(1, "Owls hoot."), (2, "There are owls.")]
    assert [(a.short, a.citations[0].number) for a in answer.alternatives] == [("Cows", 3)]


def test_alternatives_that_say_the_same_are_one_the_best_first() -> None:
    """Of "Cows", "Bees" and "cows" again, the first stands for both, and stays first."""
    barn = Article.from_paragraphs("Barn", ["Owls hoot.", "Cows moo.", "Bees hum.", "These are cows."])
    found = [Judged(candidate(barn, n, short=w), 0.9) for n, w in enumerate(("Owls", "Cows", "Bees", "cows"))]
    assert [a.short for a in composed(found, articles=(barn,)).alternatives] == ["Cows", "Bees"]


def test_an_abstention_says_so_and_why() -> None:
    """No citations, no alternatives; the passages that were considered, and what they lack."""
    understood = "Did the owls of Paris hoot in 1999?"
    answer = composed([judged(0, 0.123), judged(1, 0.9)], threshold=0.18, understood=understood)
    assert answer.text == "“Zoo” does not seem to answer this."
    assert answer.reason == (
        "The closest passage does not mention Paris, 1999. "
        "The chance that the closest sentence answers this is 12%; answers are shown from 18%."
    )
    assert (answer.short, answer.citations, answer.alternatives, answer.confidence) == (None, (), (), 0.123)
    assert len(answer.passages) == 3


def test_a_near_miss_is_not_said_to_be_below_itself() -> None:
    """17.9% of 18% is shown as 17%."""
    reason = composed([judged(0, 0.179)], threshold=0.18).reason
    assert reason == "The chance that the closest sentence answers this is 17%; answers are shown from 18%."


def test_nothing_found_is_another_reason() -> None:
    """There is no closest sentence to speak of, and no chance."""
    answer = composed([])
    assert (answer.abstained, answer.confidence) == (True, 0.0)
    assert answer.reason == "Nothing in the article shares a word or a meaning with the question."


def test_several_articles_are_not_called_by_one_title() -> None:
    """The closest passages may be of more than one."""
    assert composed([], articles=(ZOO, FARM)).text == "The articles do not seem to answer this."
