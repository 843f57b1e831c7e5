"""What kind of answer is asked for, and whether a sentence holds one."""

from __future__ import annotations

import pytest

from qa.reader.expect import expectation


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("When did it open?", "It opened in 1998.", 1.0),
        ("When did it open?", "It opened on a Monday in May.", 1.0),
        ("When did it open?", "It opened late.", 0.0),
        ("In what year did it close?", "It closed in 2004.", 1.0),
        ("How many owls are there?", "There are twelve owls.", 1.0),
        ("How many owls are there?", "There are owls.", 0.0),
        ("How much did it cost?", "It cost $5.", 1.0),
        ("Who fed the owls?", "The owls were fed by Ada Quist.", 1.0),
        ("Who fed Ada?", "It was said that Ada was fed.", 0.0),  # a name the question says itself is no answer
        ("Where is the zoo?", "The zoo is in Springfield.", 1.0),
        ("Why did it close?", "It closed because of rain.", 1.0),
        ("Why did it close?", "It closed.", 0.0),
        ("Who led the zoo when it closed?", "It closed in 1998.", 0.0),
        ("Who led the zoo when it closed?", "It was led by Ada Quist.", 1.0),  # what stands first is asked for
        ("Who founded the zoo, and when?", "It opened in 1998.", 1.0),  # … but for what was joined to it
        ("What is a zoo?", "A zoo is a park.", 0.5),
        ("zoo opening hours", "It opens at nine.", 0.5),
    ],
)
def test_the_kind_that_is_asked_for(question: str, sentence: str, value: float) -> None:
    """1 when it is there, 0 when not, ½ for a question that asks for none."""
    assert expectation(question)(sentence) == value
