"""Logits and sentences small enough to decode by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qa.reader.decode import TokenSpan, best_spans, tidy


def test_start_and_end_are_chosen_together():
    """Tokens 1..4 of one sentence; "no answer" scores 1 + 1 = 2.

    Alone, the best start is token 3 (5) and the best end token 1 (4), which is no span. Of the spans,
    3..3 has 5 + 0 = 5, 3..4 has 5 + 1 = 6, 1..1 has 3 + 4 = 7: the best, 7 - 2 = 5 above "no answer".
    """
    start = np.array([1.0, 3.0, 0.0, 5.0, 0.0])
    end = np.array([1.0, 4.0, 0.0, 0.0, 1.0])
    assert best_spans(start, end, np.array([-1, 0, 0, 0, 0])) == [TokenSpan(0, 1, 1, 5.0)]


def test_one_span_for_each_sentence_and_none_across_two():
    """Start 1 (4) with end 4 (6) would be 10, but lies in two sentences.

    Sentence 0 (tokens 1, 2): 1..2 has 4 + 1 = 5. Sentence 1 (tokens 3, 4): 3..4 has 2 + 6 = 8, 4..4 has 6.
    """
    start = np.array([0.0, 4.0, 0.0, 2.0, 0.0])
    end = np.array([0.0, 0.0, 1.0, 0.0, 6.0])
    found = best_spans(start, end, np.array([-1, 0, 0, 1, 1]))
    assert found == [TokenSpan(1, 3, 4, 8.0), TokenSpan(0, 1, 2, 5.0)]


def test_a_span_has_at_most_the_longest_length():
    """1..3 (9 + 9) has three tokens, one more than allowed; of the rest 1..2 has 9 + 1, 2..3 has 0 + 9."""
    start = np.array([0.0, 9.0, 0.0, 0.0])
    end = np.array([0.0, 0.0, 1.0, 9.0])
    assert best_spans(start, end, np.array([-1, 0, 0, 0]), longest=2) == [TokenSpan(0, 1, 2, 10.0)]


def test_tokens_outside_the_passage_are_never_answers():
    """Token 1, of the question, has the highest score of all."""
    start = end = np.array([0.0, 50.0, 1.0])
    assert best_spans(start, end, np.array([-1, -1, 0])) == [TokenSpan(0, 2, 2, 2.0)]
    assert best_spans(start, end, np.array([-1, -1, -1])) == []


def test_a_span_below_no_answer_has_a_negative_margin():
    """1 + 2 = 3 against 4 + 4 = 8."""
    assert best_spans(np.array([4.0, 1.0]), np.array([4.0, 2.0]), np.array([-1, 0])) == [TokenSpan(0, 1, 1, -5.0)]


def test_best_spans_agrees_with_trying_every_span():
    """Forty random windows against three nested loops."""
    rng = np.random.default_rng(0)
    for _ in range(40):
        start, end = rng.normal(size=(2, 12))
        groups = np.array([-1, -1, 0, 0, 0, 0, 1, 1, 2, 2, 2, -1])
        expected = {}
        for i in range(12):
            for j in range(i, min(i + 3, 12)):
                if groups[i] == groups[j] >= 0:
                    margin = start[i] + end[j] - start[0] - end[0]
                    if margin > expected.get(int(groups[i]), (-np.inf,))[0]:
                        expected[int(groups[i])] = margin, i, j
        found = {span.group: (span.margin, span.first, span.last) for span in best_spans(start, end, groups, 3)}
        assert found.keys() == expected.keys()
        for group, (margin, i, j) in expected.items():
            assert found[group][1:] == (i, j)
            assert found[group][0] == pytest.approx(margin)


#: A sentence, the part that the model marked, and what a person would write.
TIDY = [
    ("It raised US$2 billion in 2018.", "2", "US$2 billion"),
    ("It raised $600 million (then a record).", "600", "$600 million"),
    ("It has 3,000 employees.", "000", "3,000"),
    ("Growth was 12.5% a year.", "12", "12.5%"),
    ("It fell by 40 per cent.", "40", "40 per cent"),
    ("It opened on 8 October 2019 in Hong Kong.", "8", "8 October 2019"),
    ("It opened on October 8, 2019.", "8", "October 8, 2019"),
    ("It opened on 8 October 2019.", "2019", "2019"),
    ("It opened on 8 October 2019.", "October 2019", "October 2019"),
    ("He was called “the Lion” by all.", "“the Lion", "the Lion"),
    ('He wrote "On Bridges", a book.', '"On Bridges",', "On Bridges"),
    ("It was sold (in 1999).", "(in 1999).", "in 1999"),
    ("The firm (SenseTime) grew.", "(SenseTime", "SenseTime"),
    ("Chemical Bank (New York) lent it.", "Chemical Bank (New York", "Chemical Bank (New York)"),
    ("Delft, Leiden, and Gouda.", "Delft, Leiden,", "Delft, Leiden"),
    ("It was bought by Acme Inc. in 2001.", "Acme Inc", "Acme Inc."),
    ("It moved to the U.S. in 2001.", "U.S", "U.S."),
    ("It stands in Delft.", "Delft.", "Delft"),
    ("Beyoncé sang it.", "Beyonc", "Beyoncé"),
    ("It was Luther's idea.", "Luther", "Luther"),
    ("It ran from 2010-2015 in Ohio.", "2015", "2015"),
    ("They flew a Boeing-747.", "747", "747"),
    ("It fell to -40 degrees.", "40", "-40"),
    ("Between 1914–1918 it stood still.", "1914–1918", "1914–1918"),
]


@pytest.mark.parametrize(("sentence", "marked", "written"), TIDY)
def test_an_answer_is_what_a_person_would_write(sentence, marked, written):
    """Whole amounts, dates and words; no stray quote, bracket or comma."""
    start = sentence.index(marked)
    low, high = tidy(sentence, start, start + len(marked))
    assert sentence[low:high] == written


def test_tidying_what_is_tidy_changes_nothing():
    for sentence, _, written in TIDY:
        start = sentence.index(written)
        assert tidy(sentence, start, start + len(written)) == (start, start + len(written))


def test_an_answer_of_nothing_but_marks_stays_as_it_was():
    """There is nothing better to show, and an empty span would be no quote."""
    assert tidy("What? (…)", 6, 7) == (6, 7)
