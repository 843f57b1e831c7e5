"""Passages: exact slices, cut between sentences where that can be, nothing lost."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.chunking import Passage, passages
from index.facts import SYNONYMS, synonyms


def count_words(text: str) -> int:
    """A token is a word: expected numbers can be counted by eye."""
    return len(text.split())


def texts_of(found: list[Passage]) -> list[str]:
    return [p.text for p in found]


def test_a_paragraph_that_fits_is_one_passage() -> None:
    """Nothing is cut that need not be: 2 + 4 words with the context "T >", 6 allowed."""
    article = Article.from_paragraphs("T", ["One two. Three four.", "Five."])
    assert texts_of(passages(article, max_tokens=6, count_tokens=count_words)) == ["One two. Three four.", "Five."]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    """With room for 6 words beside the context "T >" (2 of 8), two sentences of 3 words go together."""
    article = Article.from_paragraphs("T", ["Ann ate apples. Ben bought bread. Cid cut corn. Dan drank deep."])
    assert texts_of(passages(article, max_tokens=8, count_tokens=count_words)) == [
        "Ann ate apples. Ben bought bread.",
        "Cid cut corn. Dan drank deep.",
    ]


def test_the_context_takes_its_share() -> None:
    """A title of 3 words and ">" leave 6 of 10: what is embedded stays within 10, not only what is quoted."""
    article = Article.from_paragraphs("A Long Title", ["Ann ate apples. Ben bought bread. Cid cut corn."])
    found = passages(article, max_tokens=10, count_tokens=count_words)
    assert texts_of(found) == ["Ann ate apples. Ben bought bread.", "Cid cut corn."]
    assert max(count_words(p.indexed_text) for p in found) == 10


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    """One sentence of 8 words, room for 3: no word is broken."""
    article = Article.from_paragraphs("T", ["one two three four five six seven eight"])
    found = texts_of(passages(article, max_tokens=5, count_tokens=count_words))
    assert " ".join(found) == article.text
    assert max(map(count_words, found)) <= 3


def test_repeated_sentences_keep_their_own_places() -> None:
    """The same sentence twenty times: twenty places, in order, not one place twenty times."""
    article = Article.from_paragraphs("T", [" ".join(["Same words here."] * 20)])
    found = passages(article, max_tokens=5, count_tokens=count_words)
    assert [p.span.start for p in found] == [17 * i for i in range(20)]
    assert set(texts_of(found)) == {"Same words here."}


def test_line_breaks_and_odd_spaces_are_places_to_cut() -> None:
    """A paragraph of lines without full stops is cut between words, and its white space is kept as it was."""
    article = Article.from_paragraphs("T", ["one two\nthree\u00a0four\tfive six\nseven eight"])
    found = passages(article, max_tokens=4, count_tokens=count_words)
    assert texts_of(found) == ["one two", "three\u00a0four", "five six", "seven eight"]


def test_indexed_text_names_title_and_sections() -> None:
    """Title > section path > passage, as the design says."""
    article = Article.from_paragraphs("SenseTime", ["It was founded in 2014."])
    assert passages(article, max_tokens=50, count_tokens=count_words)[0].indexed_text == (
        "SenseTime > It was founded in 2014."
    )


def test_the_sentences_of_a_passage_are_found_in_what_is_embedded() -> None:
    """After "T > ", 4 characters: "Ann ate." is 4 to 12, and behind a blank "Ben bought bread." 13 to 30."""
    article = Article.from_paragraphs("T", ["Before it.", "Ann ate. Ben bought bread."])
    passage = passages(article, max_tokens=20, count_tokens=count_words)[1]
    assert [s.span.of(article.text) for s in passage.sentences] == ["Ann ate.", "Ben bought bread."]
    (text,) = passage.embedded_texts
    assert passage.sentence_parts(text) == [(4, 12), (13, 30)]
    assert text[13:30] == "Ben bought bread."


def test_a_sentence_that_was_cut_lies_in_both_passages() -> None:
    """Eight words, three to a passage: the one sentence belongs to all three, each time cut to the passage."""
    article = Article.from_paragraphs("T", ["one two three four five six seven eight"])
    found = passages(article, max_tokens=5, count_tokens=count_words)
    assert [p.sentences for p in found] == [article.sentences] * 3
    assert [[text[a:b] for a, b in p.sentence_parts(text)] for p in found for text in p.embedded_texts] == [
        ["one two three"],
        ["four five six"],
        ["seven eight"],
    ]


def fact(text: str) -> Article:
    """An article whose only paragraph is a row of an infobox."""
    article = Article.from_paragraphs("Ford", [text])
    paragraph = replace(article.paragraphs[0], kind="infobox")
    return replace(article, paragraphs=(paragraph,), sentences=(replace(article.sentences[0], paragraph=paragraph),))


def test_an_infobox_fact_is_embedded_with_what_people_call_it_and_without() -> None:
    """The other words stand before the fact in what is embedded, and never in the passage itself."""
    article = fact("Parent: Geely")
    (passage,) = passages(article, max_tokens=50, count_tokens=count_words)
    assert passage.indexed_text == "Ford > parent company, parent organisation, owner, owned by > Parent: Geely"
    assert passage.text == "Parent: Geely"
    assert passage.embedded_texts == (passage.indexed_text, "Ford > Parent: Geely")
    assert [text[a:b] for text in passage.embedded_texts for a, b in passage.sentence_parts(text)] == [
        "Parent: Geely",
        "Parent: Geely",
    ]


def test_prose_that_looks_like_a_fact_is_embedded_as_it_is() -> None:
    """Only the kind of the paragraph makes it a fact."""
    article = Article.from_paragraphs("Ford", ["Parent: Geely"])
    (passage,) = passages(article, max_tokens=50, count_tokens=count_words)
    assert passage.embedded_texts == (passage.indexed_text,) == ("Ford > Parent: Geely",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Parent: Ford", "parent company, parent organisation, owner, owned by"),
        ("PARENT: Ford", "parent company, parent organisation, owner, owned by"),
        ("Parent", ""),
        ("Parent:Ford", ""),
        ("Favourite parent: Ford", ""),
        ("", ""),
    ],
)
def test_synonyms_belong_to_the_label(text: str, expected: str) -> None:
    """The label is what stands before the first ": ", in any case; without one, or unknown, there are none."""
    assert synonyms(text) == expected


def test_labels_with_synonyms_can_be_found() -> None:
    """A label is compared in lower case, so one with a capital in the table would never be met."""
    assert [label for label in SYNONYMS if label != label.lower() or ": " in label] == []
    assert all(SYNONYMS.values())


ODD = ["U.S.", "naïve", "商汤", "\u2029", "\u00a0", "\n", "🙂"]
WORDS = st.sampled_from(["a", "Dr.", "stop.", "Stop.", "12", "no?", *ODD])
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=40).map(" ".join), min_size=1, max_size=4)


@settings(max_examples=200, deadline=None)
@given(PARAGRAPHS.filter(lambda ps: any(p.strip() for p in ps)), st.integers(1, 12))
def test_passages_are_slices_that_lose_nothing(paragraphs: list[str], max_tokens: int) -> None:
    """For any text: slices inside their paragraph, in order, apart, bounded, and every letter in one of them."""
    article = Article.from_paragraphs("T", paragraphs)
    found = passages(article, max_tokens=max_tokens, count_tokens=count_words)
    for passage in found:
        assert article.text[passage.span.start : passage.span.end] == passage.text
        assert passage.paragraph.span.contains(passage.span)
        assert passage.text == passage.text.strip() != ""
        assert count_words(passage.text) <= max(max_tokens - 2, max_tokens // 2, 1)
        (text,) = passage.embedded_texts
        parts = [text[start:end] for start, end in passage.sentence_parts(text)]
        assert len(passage.sentences) == len(parts) >= 1
        assert "".join("".join(part.split()) for part in parts) == "".join(passage.text.split())
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert "".join("".join(p.text.split()) for p in found) == "".join(article.text.split())


@pytest.mark.parametrize("max_tokens", [1, 2, 3])
def test_no_room_at_all_still_gives_passages(max_tokens: int) -> None:
    """A context longer than the limit does not stop the cutting."""
    article = Article.from_paragraphs("A title of many words indeed", ["one two three four"])
    assert "".join(texts_of(passages(article, max_tokens=max_tokens, count_tokens=count_words))) == "onetwothreefour"


def test_the_splitter_is_not_imported_for_short_paragraphs() -> None:
    """LangChain takes half a second to import; an article without long paragraphs does not pay for it."""
    code = (
        "import sys\n"
        "from index.article import Article\n"
        "from index.chunking import passages\n"
        "passages(Article.from_paragraphs('T', ['One.']), max_tokens=90, count_tokens=len)\n"
        "print('langchain_text_splitters' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
