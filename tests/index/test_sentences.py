"""Sentence boundaries: a golden table of traps worked out by hand, and the known limits beside it.

In both tables "|" stands where one sentence ends and the next begins.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import sentence_bounds

GOLDEN = [
    "The U.S. government acted.| It ended.",
    "He lives in the U.S.| He works there.",
    "Acme Inc. was founded in 1999.| It grew.",
    "He joined Acme Inc.| The firm grew.",
    "Hang Seng Indexes Co. added it.| It rose.",
    "J. K. Rowling wrote it.| She is British.",
    "Gregory C. Allen spoke.| He left.",
    "It rose 3.5 percent.| Then it fell 0.15 points.",
    "It cost $7.7 billion.| That is much.",
    '"It works."| He left.',
    'He said "It works."| Then he left.',
    'He asked "Why?" and left.| She stayed.',
    "He said: “So it is.”| She left.",
    "(It works.)| He left.",
    "It works (see Fig. 2).| He left.",
    "It works...| Then it stops.",
    "Smith et al. found it.| Others agree.",
    "Born c. 1920 in Rome.| Died young.",
    "See p. 5 for it.| Then vol. 3 No. 7.",
    "Dr. Smith and Mr. Jones met at 5 p.m. on Monday.| They spoke.",
    "It began at 5 p.m.| They spoke.",
    "She left!| Why?| Nobody knows.",
    "Visit example.org.| It is free.",
    "Version 2.0 came out.| It was slow.",
    "On Feb. 3 it snowed.| It was cold.",
    "The St. Lawrence River flows.| It is long.",
    "The Washington D.C. office closed.| It moved.",
    "He has a Ph.D. from MIT.| It helped.",
    "Take e.g. apples, i.e. fruit.| Next.",
    "Apples, pears etc. are fruit.| Others are not.",
    "He came 3rd vs. Ann.| She won.",
    "It is 5 ft. tall.| It grows.",
    "First line\nsecond line.| Third.",
    "No end",
    "Well... it works.| Fine.",
    "They caught fish.| A portage led there.",
    "They met Prof. Ann Smith.| She spoke.",
    "It lies in the Corktown–St. Lawrence area.| It is old.",
    "It stood c. 1863–c. 1870 for him.| It fell.",
    "Er kam am 3. Mai nach Bonn.| Er blieb.",
    "Das war Ende des 18. Jahrhunderts.| Danach nicht.",
    "Han var 24.| Hun var yngre.",
    "Es reicht höchstens 100 m.| Danach nicht.",
    "He ran 5 km. and rested.",
    "Mit Schürzen bzw. Panzerung.| Sonst nicht.",
    'The best video (2003, "Why?", win).| It sold.',
    "The C.N.T. as an organization grew.| It fell.",
    "Sales rose.| iPhone sales fell.",
    "商汤科技成立于2014年。|总部在香港。",
    "Is it Yahoo! Inc. that paid?| Yes.",
    "It fell in the recession.| Inc. magazine said so.",
    "Dogs stay from 9 a.m. to 5 p.m.| Cats do not.",
    "It ends at 5 p.m. Moscow time, 4 p.m. Eastern and Pacific, 6 p.m. Monday and 7 p.m. May 3.| Then not.",
    "He lived on Main St.| It burned.",
    "He had a Ph.D.| He taught.",
    'He was called "J. R."| He left.',
    "He met Malcolm X.| They spoke.",
    "Darwin, C. The origin of species.",
    "They met Dr. He briefly.| She spoke.",
    "Guests incl. Dr. A. Smith came.| They left.",
    "Maj. Gen. Jones met Brig. Gen. Fox and Cmdr. Poe.| They left.",
    "The song (feat. Rihanna) sold.| A great feat.| They won.",
    "He served in the 1st Btn. Royal Scots.| He died.",
    "It stands in Proc. R. Soc. B and J. Am. Chem. Soc. of 1950.| It is old.",
    "Take fruit, e.g. The big apple.| Next.",
    "He reached No. 1 in the U.K.| In the U.S. he did not.",
]

#: What the splitter gets wrong, and how: kept here so that a change is noticed.
KNOWN_LIMITS = {
    "an exclamation mark in a name ends the sentence": "He saw Mamma Mia!| Here We Go Again twice.",
    "a single letter before a full stop is taken for an initial": "The answer is a. Question b is open.",
    "an era before a capital does not end": "It ended in 44 B.C. Rome fell.",
    "a company's short form before a title ends": "Acme Corp.| Chairman Smith spoke.",
    "numbers of a list end sentences": "The list: 1.| One.| 2.| Two.",
    "what looks like a German abbreviation hides the end": "Er kam in Taejon an. Am Abend ging er.",
    "without a space there is no boundary": "It works.He left.",
}


def marked(text: str) -> str:
    """`text` with "|" at the end of every sentence but the last."""
    ends = [end for _, end in sentence_bounds(text)]
    return "|".join(text[start:end] for start, end in zip([0, *ends], [*ends[:-1], len(text)], strict=False))


@pytest.mark.parametrize("expected", GOLDEN)
def test_golden(expected: str) -> None:
    """Each trap is split where a reader would split it."""
    assert marked(expected.replace("|", "")) == expected


@pytest.mark.parametrize("expected", KNOWN_LIMITS.values(), ids=KNOWN_LIMITS)
def test_known_limit(expected: str) -> None:
    """Not what a reader would do, but what is done."""
    assert marked(expected.replace("|", "")) == expected


def test_a_footnote_behind_a_full_stop_ends_a_sentence() -> None:
    """Of these two the splitter makes one; a footnote stands behind the first (12) and inside the second (21)."""
    text = "He met J. R. Then he left the town."
    assert sentence_bounds(text, {12, 21}) == [(0, 12), (13, 35)]
    assert sentence_bounds(text, {21}) == [(0, 35)]


def test_bounds_are_offsets() -> None:
    """Two blanks, nine characters, two blanks, nine characters: 2:11 and 13:22; blanks belong to neither."""
    assert sentence_bounds("  One here.  Two here. ") == [(2, 11), (13, 22)]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_nothing_has_no_sentences(text: str) -> None:
    """White space alone holds no sentence."""
    assert sentence_bounds(text) == []


@settings(deadline=None)
@given(
    st.text() | st.lists(st.sampled_from('A b. "c." 1.5 U.S. ... ? ! ( ) Mr. 。 \n \u00a0 é'.split(" "))).map(" ".join)
)
def test_sentences_hold_every_character(text: str) -> None:
    """In order, without overlap, beginning and ending with a visible character, and nothing visible between them."""
    position = 0
    for start, end in sentence_bounds(text):
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        position = end
    assert not text[position:].strip()
