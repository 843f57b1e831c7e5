"""Citations: links that lead to the sentence, and the proof that refuses every falsified one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from candidates import candidate

from index.article import Article, Span
from qa.answer import Alternative, Answer, Citation
from qa.cite import NotVerbatim, check_verbatim, cite, live_url

PAGE = "https://en.wikipedia.org/wiki/T"


def link(text: str, *, kind: str = "paragraph", section: tuple[str, ...] = ()) -> str | None:
    """The link to an article's only sentence."""
    article = replace(Article.from_paragraphs("T", [text]), page_url=PAGE)
    sentence = article.sentences[0]
    assert sentence.span.of(article.text) == text, "the example is one sentence"
    return live_url(article, replace(sentence, paragraph=replace(sentence.paragraph, kind=kind, section=section)))


def fragment(text: str, **changes: Any) -> str:
    found = link(text, **changes)
    assert found is not None
    return found.partition("#:~:text=")[2]


# Links


def test_a_sentence_is_linked_whole() -> None:
    """Up to ten words are the fragment, with blanks encoded."""
    assert link("It was founded in 2014.") == f"{PAGE}#:~:text=It%20was%20founded%20in%202014."
    assert fragment("a b c d e f g h i j") == "a%20b%20c%20d%20e%20f%20g%20h%20i%20j"


def test_a_long_sentence_is_linked_by_its_ends() -> None:
    """From eleven words: the first five and the last five, with the comma that stands for what is between."""
    assert fragment("a b c d e f g h i j k") == "a%20b%20c%20d%20e,g%20h%20i%20j%20k"


def test_the_section_stands_before_the_fragment() -> None:
    """The innermost heading as its anchor: browsers without text fragments go there."""
    assert link("It burnt.", section=("History", "Fire & flood")) == f"{PAGE}#Fire_%26_flood:~:text=It%20burnt."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red, blue and green.", "Red%2C%20blue%20and%20green."),  # a comma parts the ends of a range
        ("A well-known maker.", "A%20well%2Dknown%20maker."),  # a hyphen marks a prefix or suffix
        ("Fish & chips.", "Fish%20%26%20chips."),  # an ampersand begins another fragment
        ("It grew by 5% in all.", "It%20grew%20by%205%25%20in%20all."),
        ("Is C# a language?", "Is%20C%23%20a%20language%3F"),
        ("商汤科技", "%E5%95%86%E6%B1%A4%E7%A7%91%E6%8A%80"),
        ("He said “no”.", "He%20said%20%E2%80%9Cno%E2%80%9D."),
        ("One\u00a0hundred\nyears.", "One%20hundred%20years."),  # any white space is one blank on the page
    ],
)
def test_special_characters_are_encoded(text: str, expected: str) -> None:
    """What has a meaning in a text directive, or in a URL, is percent-encoded."""
    assert fragment(text) == expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("Founded: October 2014", "October%202014"),
        ("Traded as: NYSE: TOY", "NYSE%3A%20TOY"),
        ("Type: Public; partly state-owned", "partly%20state%2Downed"),
        ("Founder: Ada Quist, Bo Lund", "Ada%20Quist"),
        ("Revenue: 1,234", "1%2C234"),
    ],
)
def test_a_fact_is_linked_by_a_piece_of_its_value(fact: str, expected: str) -> None:
    """Label and values stand in cells and lines of their own, so only one piece is sure to be in one piece."""
    assert fragment(fact, kind="infobox") == expected


def test_a_table_row_is_linked_by_its_last_value() -> None:
    """The row names its headers, which are far above it on the page."""
    assert fragment("Year: 2019; Country: Japan", kind="table_row") == "Japan"


def test_text_that_is_not_from_a_wiki_has_no_link() -> None:
    """An article made of paragraphs is nowhere on the web."""
    article = Article.from_paragraphs("T", ["One."])
    assert live_url(article, article.sentences[0]) is None
    assert cite(candidate(article, 0), 1).url is None


# What a citation holds


def test_a_citation_carries_what_stands_behind_the_sentence(toytown: Article) -> None:
    """Quote, section, the footnotes of that very sentence, and its trust marks."""
    painted, left = (cite(candidate(toytown, n), n) for n in (6, 7))
    assert painted.quote == "The first train was painted red."
    assert toytown.text[painted.span.start : painted.span.end] == painted.quote
    assert [(r.number, r.publisher, r.archive_url) for r in painted.references] == [
        (1, "The Delft Post", "https://example.org/kept")
    ]
    assert (painted.number, painted.marks, painted.paragraph.section) == (6, (), ("History",))
    assert (left.references, left.marks) == ((), ("citation needed",))
    assert painted.url == f"{toytown.page_url}#History:~:text=The%20first%20train%20was%20painted%20red."


def test_the_short_span_is_kept(toytown: Article) -> None:
    """Where the reader found the answer, in code points of the article."""
    cited = cite(candidate(toytown, 8, short="6 July 2014"), 1)
    assert cited.short_span is not None
    assert cited.short_span.of(toytown.text) == "6 July 2014"


# The proof

ZOO = Article.from_paragraphs("Zoo", ["Owls hoot. Cats purr.", "Dogs bark."])
TRUE = cite(candidate(ZOO, 1, short="Cats"), 1)  # "Cats purr." is 11 to 21 of the text, "Cats" 11 to 15


def answer(citation: Citation, short: str | None = "Cats", **changes: Any) -> Answer:
    return replace(Answer("q", "q", citation.quote, short, False, None, 0.9, (citation,)), **changes)


def test_a_true_citation_passes() -> None:
    """The answer itself comes back, with and without a short answer, and so does an abstention."""
    for true in (answer(TRUE), answer(replace(TRUE, short_span=None), None), answer(TRUE, None)):
        assert check_verbatim(true) is true
    withheld = Answer("q", "q", "No.", None, True, "unsure", 0.1)
    assert check_verbatim(withheld) is withheld


FALSE = {
    "quote": replace(TRUE, quote="Cats bark."),
    "quote in other case": replace(TRUE, quote="cats purr."),
    "span": replace(TRUE, span=Span(10, 20)),
    "span counted from the end": replace(TRUE, span=Span(-22, -12)),
    "empty span": replace(TRUE, span=Span(11, 11), quote="", short_span=None),
    "another paragraph": replace(TRUE, paragraph=ZOO.paragraphs[1]),
    "paragraph text": replace(TRUE, paragraph=replace(TRUE.paragraph, text="Owls hoot. Cats bark.")),
    "paragraph span": replace(TRUE, paragraph=replace(TRUE.paragraph, span=Span(0, 33))),
    "source beyond the wikitext": replace(TRUE, paragraph=replace(TRUE.paragraph, source=Span(0, 999))),
    "source before the wikitext": replace(TRUE, paragraph=replace(TRUE.paragraph, source=Span(-1, 5))),
    "empty source": replace(TRUE, paragraph=replace(TRUE.paragraph, source=Span(5, 5))),
    "short span outside the quote": replace(TRUE, short_span=Span(0, 4)),
    "another article": replace(TRUE, article=Article.from_paragraphs("Zoo", ["Owls hoot. Dogs purr.", "Dogs bark."])),
}


@pytest.mark.parametrize("kind", FALSE)
def test_every_falsified_citation_is_refused(kind: str) -> None:
    """In the answer and in an alternative to it, first or later."""
    false = FALSE[kind]
    with pytest.raises(NotVerbatim, match=r"citation \[1\] of 'q' is not a slice"):
        check_verbatim(answer(false))
    with pytest.raises(NotVerbatim, match="is not a slice"):
        check_verbatim(answer(TRUE, citations=(TRUE, false)))
    alternative = Alternative(None, false.quote, 0.5, (false,))
    with pytest.raises(NotVerbatim, match="is not a slice"):
        check_verbatim(answer(TRUE, alternatives=(alternative,)))


def test_a_short_answer_that_is_no_slice_is_refused() -> None:
    """Other words, no span for it, or no citation at all; in the answer and in an alternative."""
    for false in (answer(TRUE, "Dogs"), answer(replace(TRUE, short_span=None)), answer(TRUE, citations=())):
        with pytest.raises(NotVerbatim, match="is not a slice of its first citation"):
            check_verbatim(false)
    for other in (Alternative("Dogs", TRUE.quote, 0.5, (TRUE,)), Alternative("Cats", TRUE.quote, 0.5, ())):
        with pytest.raises(NotVerbatim, match="is not a slice of its first citation"):
            check_verbatim(answer(TRUE, alternatives=(other,)))
