"""The values an article is made of: spans, articles from plain text, and which footnotes a sentence has."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import (
    Anchor,
    Article,
    Mark,
    Paragraph,
    Reference,
    Segment,
    Sentence,
    Span,
    source_hull,
    split_sentences,
)
from index.errors import ArticleError
from index.wikitext import parse_article

ONE, TWO = (Reference(n, f"<ref>{n}</ref>") for n in (1, 2))


def sentences_of(text: str, *anchors: Anchor, kind: str = "paragraph", marks: tuple[Mark, ...] = ()) -> list[Sentence]:
    """The sentences of one paragraph of `text` with footnotes at the given places."""
    span = Span(0, len(text))
    return list(split_sentences([Paragraph("p1", kind, (), text, span, span)], [Segment(span, span)], anchors, marks))


def numbers(sentences: list[Sentence]) -> list[list[int]]:
    return [[reference.number for reference in sentence.references] for sentence in sentences]


class TestSpan:
    def test_slices(self) -> None:
        """2:5 of "abcdef" is "cde", three long."""
        assert Span(2, 5).of("abcdef") == "cde"
        assert len(Span(2, 5)) == 3

    def test_contains_its_own_ends(self) -> None:
        """A span contains itself and what lies in it, not what reaches over an end."""
        assert Span(2, 5).contains(Span(2, 5))
        assert not Span(2, 5).contains(Span(4, 6))

    def test_neighbours_do_not_overlap(self) -> None:
        """2:5 and 5:6 share no code point, 2:5 and 4:6 share one."""
        assert not Span(2, 5).overlaps(Span(5, 6))
        assert Span(2, 5).overlaps(Span(4, 6))


class TestFromParagraphs:
    def test_paragraphs_are_slices(self) -> None:
        """ "One." is 0:4, then a blank line, then "Two." is 6:10; blank paragraphs and blanks around are dropped."""
        article = Article.from_paragraphs("T", [" One. ", "", "  \n", "Two."])
        assert article.text == article.source == "One.\n\nTwo."
        assert [(p.id, p.text, p.span) for p in article.paragraphs] == [
            ("p1", "One.", Span(0, 4)),
            ("p2", "Two.", Span(6, 10)),
        ]
        assert all(p.source == p.span and p.section == () and p.kind == "paragraph" for p in article.paragraphs)

    def test_sentences_are_slices(self) -> None:
        """Two sentences of nine characters in one paragraph: 0:9 and 10:19."""
        article = Article.from_paragraphs("T", ["One came. Two came."])
        assert [s.span.of(article.text) for s in article.sentences] == ["One came.", "Two came."]
        assert (
            [s.source for s in article.sentences] == [s.span for s in article.sentences] == [Span(0, 9), Span(10, 19)]
        )

    def test_a_string_is_refused(self) -> None:
        """One string would be read as a list of letters; the message says what to give."""
        with pytest.raises(ArticleError, match="give a list"):
            Article.from_paragraphs("T", "One. Two.")

    def test_half_a_character_is_refused(self) -> None:
        """A lone surrogate, as broken JSON gives it, could be neither written nor hashed later."""
        for make in (lambda text: Article.from_paragraphs("T", [text]), lambda text: parse_article(text, "T")):
            with pytest.raises(ArticleError, match="'T' has half a character"):
                make("One \ud83d came.")

    @pytest.mark.parametrize("paragraphs", [[], [""], [" ", "\n"]])
    def test_nothing_is_refused(self, paragraphs: list[str]) -> None:
        """An article without text names itself and says what to give."""
        with pytest.raises(ArticleError, match="'T' is empty: give at least one paragraph"):
            Article.from_paragraphs("T", paragraphs)

    @given(st.lists(st.text()))
    def test_round_trip(self, paragraphs: list[str]) -> None:
        """Whatever the paragraphs, they are slices, and the article survives JSON."""
        if not any(p.strip() for p in paragraphs):
            return
        article = Article.from_paragraphs("T", paragraphs)
        assert [p.text for p in article.paragraphs] == [p.strip() for p in paragraphs if p.strip()]
        assert all(p.span.of(article.text) == p.text == p.source.of(article.source) for p in article.paragraphs)
        assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article

    def test_sha256_is_of_the_source(self) -> None:
        """`printf 'One.' | sha256sum`."""
        expected = "70277bfc409b502132d7a48b2a3b386294264b31f7bf024a5fb0cafabb8ac122"
        assert Article.from_paragraphs("T", ["One."]).sha256 == expected


class TestFootnotesOfSentences:
    def test_after_the_full_stop(self) -> None:
        """ "One came.[1] Two came.[2]": the places are 9 and 19; each sentence has its own."""
        assert numbers(sentences_of("One came. Two came.", Anchor(9, ONE), Anchor(19, TWO))) == [[1], [2]]

    def test_after_the_space(self) -> None:
        """ "One came. [1]Two came.": place 10 is where the second begins, and still follows the first."""
        assert numbers(sentences_of("One came. Two came.", Anchor(10, ONE))) == [[1], []]

    def test_inside_a_sentence(self) -> None:
        """ "One came. Two[1] came.[2]": both are the second's, in order."""
        assert numbers(sentences_of("One came. Two came.", Anchor(13, ONE), Anchor(19, TWO))) == [[], [1, 2]]

    def test_before_the_first_word(self) -> None:
        """ "[1]One came.": a footnote at the very beginning is the first sentence's."""
        assert numbers(sentences_of("One came. Two came.", Anchor(0, ONE))) == [[1], []]

    def test_the_same_one_twice(self) -> None:
        """ "One[1] came.[1]": a footnote is named once for a sentence."""
        assert numbers(sentences_of("One came.", Anchor(3, ONE), Anchor(9, ONE))) == [[1]]

    def test_a_fact_is_one_sentence(self) -> None:
        """A table row with full stops in it is not split, and has all of its footnotes."""
        row = sentences_of("A. Smith. B. Jones.", Anchor(9, ONE), Anchor(19, TWO), kind="table_row")
        assert numbers(row) == [[1, 2]]

    def test_marks_follow_the_same_rule(self) -> None:
        """ "One came.{{cn}} Two came.": the first sentence is marked."""
        marked = sentences_of("One came. Two came.", marks=(Mark(9, "citation needed"),))
        assert [s.marks for s in marked] == [("citation needed",), ()]

    def test_the_paragraph_before_keeps_its_own(self) -> None:
        """Two rows in consecutive lines: place 8 ends the first (0:8), place 9 begins the second (9:17)."""
        rows = [
            Paragraph("p1", "table_row", (), "One came", Span(0, 8), Span(0, 8)),
            Paragraph("p2", "table_row", (), "Two came", Span(9, 17), Span(9, 17)),
        ]
        found = split_sentences(rows, [Segment(Span(0, 17), Span(0, 17))], [Anchor(8, ONE), Anchor(9, TWO)])
        assert numbers(list(found)) == [[1], [2]]


class TestSourceHull:
    #: "ab" copied from 10:12, "X" in place of the markup in 12:20, "cd" copied from 20:22.
    ALIGNMENT = (
        Segment(Span(0, 2), Span(10, 12)),
        Segment(Span(2, 3), Span(12, 20)),
        Segment(Span(3, 5), Span(20, 22)),
    )

    @pytest.mark.parametrize(
        ("span", "source"),
        [
            (Span(0, 1), Span(10, 11)),
            (Span(1, 2), Span(11, 12)),
            (Span(1, 3), Span(11, 20)),
            (Span(2, 4), Span(12, 21)),
            (Span(0, 5), Span(10, 22)),
        ],
    )
    def test_copied_and_generated(self, span: Span, source: Span) -> None:
        """Copied text leads to its very code points, generated text to all of its markup."""
        assert source_hull(self.ALIGNMENT, span) == source

    def test_nowhere(self) -> None:
        """What is between paragraphs has no source."""
        with pytest.raises(ValueError, match="no source"):
            source_hull(self.ALIGNMENT, Span(5, 6))


def test_sentences_in() -> None:
    """Sentences at 0:9, 10:19 and 21:32; 5:12 overlaps two of them, 9:10 (the blank) none."""
    article = Article.from_paragraphs("T", ["One came. Two came.", "Three came."])
    assert [s.span for s in article.sentences_in(Span(5, 12))] == [Span(0, 9), Span(10, 19)]
    assert article.sentences_in(Span(9, 10)) == ()
    assert [s.span for s in article.sentences_in(Span(21, 22))] == [Span(21, 32)]


def test_plain_text_claims_no_licence() -> None:
    """Only Wikipedia's text is known to be under CC BY-SA."""
    assert Article.from_paragraphs("T", ["Text."]).licence == "licence not stated"


def test_what_stands_in_an_appendix() -> None:
    """Under one of Wikipedia's standard appendices, however deep; not under a heading that only has its word."""
    article = parse_article(
        "Lead.\n== Notes on style ==\nA.\n== References ==\n=== Bibliography ===\n* B.\n== See Also ==\n* C.\n", "T"
    )
    assert [(p.text, p.appended) for p in article.paragraphs] == [
        ("Lead.", False), ("A.", False), ("B.", True), ("C.", True),
    ]  # fmt: skip
