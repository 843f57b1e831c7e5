"""The public contract of `qa.QA`, as the design fixes it, with the real index and encoder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Article, parse_article
from qa import QA, Alternative, Answer, Citation, QuestionError, Settings
from qa.library import build_index

QUESTIONS = [
    "When was SenseTime founded?",
    "Who founded SenseTime?",
    "How many employees does SenseTime have?",
    "Where are the headquarters of SenseTime?",
    "What did the Surgeon General of Mars say about parking?",
    "Which companies invested in SenseTime?",
]
STAGES = ["followup", "retrieve", "read", "abstain", "cite", "total"]


def without_time(answer: Answer) -> dict[str, Any]:
    """All of an answer but its timings."""
    return {**answer.to_dict(), "timings": None}


def everything_cited(answer: Answer) -> Iterator[Citation]:
    shown: tuple[Answer | Alternative, ...] = (answer, *answer.alternatives)
    return (citation for each in shown for citation in each.citations)


@pytest.fixture(scope="module")
def answers(builtin: QA) -> list[Answer]:
    """The questions above, asked of the built-in article together."""
    return builtin.ask_many(QUESTIONS)


# Opening


def test_the_built_in_article_is_there(builtin: QA) -> None:
    """`QA.load()` needs nothing."""
    assert [article.title for article in builtin.articles] == ["SenseTime"]
    answer = builtin.ask("When was SenseTime founded?")
    assert not answer.abstained
    assert "2014" in answer.text


def test_a_file_is_opened(toytown_file: Path) -> None:
    """A path as text or as a Path; the title is the name of the file."""
    for path in (toytown_file, str(toytown_file)):
        answer = QA.load(path).ask("When did the fire destroy the paint shop?")
        assert "6 July 2014" in answer.text
        assert answer.citations[0].article.title == "Toytown Works"


def test_an_index_directory_is_opened(toytown: Article, tmp_path: Path) -> None:
    """Made with `qa index`, opened by its path; the same answers as from memory."""
    build_index([toytown], tmp_path / "index", Settings.from_environment(), None)
    question = "When did the fire destroy the paint shop?"
    opened, kept = QA.load(tmp_path / "index"), QA.from_articles([toytown])
    assert without_time(opened.ask(question)) == without_time(kept.ask(question))


def test_articles_in_memory_are_opened() -> None:
    """From plain paragraphs, several articles at once; the answer says which one it is from."""
    qa = QA.from_articles(
        [
            Article.from_paragraphs("Owls", ["Owls hunt mice at night."]),
            Article.from_paragraphs("Bees", ["Bees make honey from nectar."]),
        ]
    )
    answer = qa.ask("What do bees make from nectar?")
    assert answer.text == "Bees make honey from nectar."
    assert answer.citations[0].article.title == "Bees"
    assert answer.citations[0].url is None


def test_parse_article_gives_what_the_contract_names() -> None:
    """title, text, source, sections, paragraphs, sentences, references; spans into text and source."""
    source = "'''Toronto''' is a city.<ref>A map.</ref>\n\n== History ==\nIt was founded in 1793."
    article = parse_article(source, title="Toronto")
    assert (article.title, article.source) == ("Toronto", source)
    first = article.paragraphs[0]
    assert article.text[first.span.start : first.span.end] == first.text == "Toronto is a city."
    assert "'''Toronto'''" in article.source[first.source.start : first.source.end]
    assert [s.title for s in article.sections] == ["History"]
    assert (len(article.sentences), len(article.references)) == (2, 1)


# Answers


def test_quotes_are_slices(answers: list[Answer]) -> None:
    """The equations of the design, for every citation of every answer and alternative."""
    cited = [c for answer in answers for c in everything_cited(answer)]
    assert len(cited) >= len(QUESTIONS) - 1
    for c in cited:
        assert c.article.text[c.span.start : c.span.end] == c.quote
        assert c.article.text[c.paragraph.span.start : c.paragraph.span.end] == c.paragraph.text
        assert c.paragraph.span.contains(c.span)
        assert c.article.source[c.paragraph.source.start : c.paragraph.source.end].strip()
        assert c.short_span is None or c.span.contains(c.short_span)


def test_the_short_answer_is_a_slice_of_the_first_quote(answers: list[Answer]) -> None:
    """`short` is `short_span` of the first citation; None goes with None."""
    for answer in answers:
        each: tuple[Answer | Alternative, ...] = (answer, *answer.alternatives)
        for shown in each:
            if shown.citations:
                first = shown.citations[0]
                assert shown.short == (first.short_span.of(first.article.text) if first.short_span else None)
            else:
                assert shown.short is None


def test_the_text_is_the_quote(answers: list[Answer]) -> None:
    """What a person reads is verbatim: the sentence cited first."""
    for answer in answers:
        if not answer.abstained:
            assert answer.text == answer.citations[0].quote


def test_citations_are_numbered_from_one(answers: list[Answer]) -> None:
    """In order of first use, through the answer and its alternatives."""
    for answer in answers:
        numbers = [c.number for c in everything_cited(answer)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_references_are_those_of_the_sentence(answers: list[Answer], builtin: QA) -> None:
    """The footnotes attached to that very sentence, not to its paragraph."""
    sentences = {s.span: s for s in builtin.articles[0].sentences}
    for answer in answers:
        for c in everything_cited(answer):
            assert c.references == sentences[c.span].references
            assert c.marks == sentences[c.span].marks
            assert c.sentence == sentences[c.span]


def test_every_citation_of_a_wikipedia_article_has_a_link(answers: list[Answer], builtin: QA) -> None:
    """Into the live article, at the sentence."""
    page = builtin.articles[0].page_url
    for answer in answers:
        for c in everything_cited(answer):
            assert c.url is not None
            assert c.url.startswith(f"{page}#")
            assert ":~:text=" in c.url


def test_an_abstention_has_a_reason_and_the_closest_passages(answers: list[Answer]) -> None:
    """No citation, no short answer; a text, a reason, a confidence and passages all the same."""
    withheld = answers[4]
    assert withheld.abstained
    assert withheld.text
    assert withheld.reason
    assert (withheld.short, withheld.citations, withheld.alternatives) == (None, (), ())
    assert withheld.passages
    assert [a.reason for a in answers if not a.abstained] == [None] * sum(not a.abstained for a in answers)


def test_confidence_is_a_probability_and_the_threshold_decides(answers: list[Answer], builtin: QA) -> None:
    """0..1; withheld exactly when it is below the threshold, and no alternative is below it."""
    threshold = builtin.settings.threshold
    for answer in answers:
        assert 0 <= answer.confidence <= 1
        assert answer.abstained == (answer.confidence < threshold)
        assert all(a.confidence >= threshold for a in answer.alternatives)
        assert len(answer.alternatives) <= builtin.settings.alternatives


def test_passages_are_best_first_with_scores(answers: list[Answer], builtin: QA) -> None:
    """What was read comes first, each with the scores of searching and reading; the cited paragraph leads."""
    for answer in answers:
        assert 1 <= len(answer.passages) <= builtin.settings.considered
        read = ["reader" in p.scores for p in answer.passages]
        assert read == sorted(read, reverse=True)
        unread = [p.scores["fused"] for p in answer.passages if "reader" not in p.scores]
        assert unread == sorted(unread, reverse=True)
        for passage in answer.passages:
            assert {"dense", "lexical", "fused"} <= passage.scores.keys()
            assert passage.paragraph.span.contains(passage.span)
            assert passage.text in passage.paragraph.text
        assert {c.paragraph.id for c in everything_cited(answer)} <= {p.paragraph.id for p in answer.passages}


def test_timings_name_every_stage(answers: list[Answer]) -> None:
    """In the order of the journey, in seconds; the total is their sum."""
    for answer in answers:
        assert list(answer.timings) == STAGES
        assert all(seconds >= 0 for seconds in answer.timings.values())
        assert answer.timings["total"] == pytest.approx(sum(answer.timings[stage] for stage in STAGES[:-1]))


def test_answers_are_json_ready(answers: list[Answer]) -> None:
    """All of them, without NaN."""
    for answer in answers:
        assert json.loads(json.dumps(answer.to_dict(), allow_nan=False)) == answer.to_dict()


# Asking


def test_ask_is_ask_many_with_one_question(answers: list[Answer], builtin: QA) -> None:
    """Alone or together: the same answer but for its timings."""
    assert [without_time(builtin.ask(q)) for q in QUESTIONS] == [without_time(a) for a in answers]


def test_the_same_question_has_the_same_answer(answers: list[Answer]) -> None:
    """Asked again of an index opened again."""
    again = QA.load().ask_many(QUESTIONS)
    assert [without_time(a) for a in again] == [without_time(a) for a in answers]


def test_no_questions_no_answers(builtin: QA) -> None:
    """An empty list in, an empty list out."""
    assert builtin.ask_many([]) == []


def test_history_makes_a_question_whole(builtin: QA) -> None:
    """ "By whom?" after "When was SenseTime founded?": what is asked for is in the answer."""
    first = builtin.ask("When was SenseTime founded?")
    then = builtin.ask("By whom?", history=[first])
    assert (then.question, then.standalone_question) == ("By whom?", "By whom was SenseTime founded?")
    assert without_time(then) == {
        **without_time(builtin.ask("By whom was SenseTime founded?")),
        "question": "By whom?",
    }
    assert builtin.ask("By whom?").standalone_question == "By whom?"


def test_a_conversation_goes_on_after_an_abstention(builtin: QA) -> None:
    """What was withheld is history like any other."""
    withheld = builtin.ask("What did the Surgeon General of Mars say about parking?")
    answer = builtin.ask("When was the company founded?", history=[withheld])
    assert isinstance(answer, Answer)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "the question is empty: type a question"),
        (" \n\t", "the question is empty: type a question"),
        ("x" * 10_000, "the question has 10,000 characters: ask in at most 1,000"),
        ("x" * 1001, "the question has 1,001 characters: ask in at most 1,000"),
        ("caf\udce9 when?", "the question has bytes or half a character that are no text: send it as UTF-8"),
        (None, "the question is no text but NoneType: give a string"),
    ],
)
def test_a_question_that_cannot_be_asked(builtin: QA, question: str, message: str) -> None:
    """One clear error, alone and among others."""
    with pytest.raises(QuestionError, match=f"^{message}$"):
        builtin.ask(question)
    with pytest.raises(QuestionError, match=message):
        builtin.ask_many(["When was SenseTime founded?", question])


def test_one_question_is_not_taken_for_many(builtin: QA) -> None:
    """A string would be read as a list of letters."""
    with pytest.raises(QuestionError, match="use ask"):
        builtin.ask_many("When was SenseTime founded?")


@pytest.mark.parametrize(
    "question",
    [
        "x" * 1000,
        "Who" + " " * 2000 + "founded it?",
        "?",
        "商汤科技是什么?",
        "a\x00b",
        "\u202e🙂\ud7ff",
        "<script>",
        "{{cite}} [[x]]",
        "wh" * 400,
    ],
)
def test_any_other_question_gets_an_answer(builtin: QA, question: str) -> None:
    """As long as allowed, in any script, with markup in it: an Answer, never another error."""
    assert isinstance(builtin.ask(question), Answer)


def test_another_reader_plugs_in(builtin: QA) -> None:
    """Anything with `read`: one that finds nothing makes every answer an abstention that says so."""

    class Nothing:
        def read(self, found: object) -> list[list[Any]]:
            return [[] for _ in found]  # type: ignore[attr-defined]

    answer = QA(builtin.index, builtin.settings, Nothing()).ask("When was SenseTime founded?")
    assert (answer.abstained, answer.confidence) == (True, 0.0)
    assert answer.reason == "Nothing in the article shares a word or a meaning with the question."


def test_settings_are_followed(builtin: QA) -> None:
    """A threshold that nothing reaches withholds all; fewer passages and alternatives are fewer."""
    strict = QA(builtin.index, Settings(threshold=1.0, considered=2))
    assert strict.ask("When was SenseTime founded?").abstained
    assert len(strict.ask("When was SenseTime founded?").passages) == 2
    assert QA(builtin.index, Settings(alternatives=0)).ask("Who founded SenseTime?").alternatives == ()
    with pytest.raises(QuestionError, match="ask in at most 5"):
        QA(builtin.index, Settings(question_limit=5)).ask("When?!")
