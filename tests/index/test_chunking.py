"""Passages: exact slices, cut between sentences where that can be, nothing lost."""

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.chunking import Passage, passages


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
    assert max(count_words(p.embedded_text) for p in found) == 10


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


def test_embedded_text_names_title_and_sections() -> None:
    """Title > section path > passage, as the design says."""
    article = Article.from_paragraphs("SenseTime", ["It was founded in 2014."])
    assert passages(article, max_tokens=50, count_tokens=count_words)[0].embedded_text == (
        "SenseTime > It was founded in 2014."
    )


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
