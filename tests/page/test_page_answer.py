"""One answer as the page shows it and as it is taken away: HTML, the chart behind it, Markdown, the record."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from page_fakes import OverlapQA

from index import Article, parse_article
from index.wikipedia import builtin_article
from page.answer import Places, answer_html, confidence_words, duration
from page.export import escaped, markdown, record
from page.markup import shortened
from page.starters import starters
from page.why import milliseconds
from qa.answer import Alternative, Answer, ScoredPassage

QUESTION = "Who co-founded SenseTime in October 2014?"


@pytest.fixture(scope="module")
def article() -> Article:
    return builtin_article()


@pytest.fixture(scope="module")
def answer(article: Article) -> Answer:
    return OverlapQA(article).ask(QUESTION)


def html_of(answer: Answer, article: Article, seconds: float = 0.0312) -> str:
    return answer_html(answer, seconds, Places("book", (article,)))


def test_the_card_shows_short_answer_quote_chip_confidence_and_time(answer: Answer, article: Article) -> None:
    html = html_of(answer, article)
    citation = answer.citations[0]
    assert html.index('<p class="short"') < html.index('<blockquote class="quote"') < html.index('class="verdict"')
    assert f'data-target="s-{citation.span.start}-{citation.span.end}" data-article="book/0"' in html
    assert f'data-sha="{article.sha256}"' in html
    assert "<mark>October 2014</mark> by Tang Xiao&#x27;ou" in html
    assert "Likely right" in html
    assert '<span class="percent">83%</span>' in html
    assert "0.03 s" in html
    assert "1 footnote" in html


def test_a_sentence_without_footnotes_says_so() -> None:
    whales = Article.from_paragraphs("T", ["Blue whales sing songs."])
    assert "no footnote on this sentence" in html_of(OverlapQA(whales).ask("Do blue whales sing?"), whales)


def test_trust_marks_and_dead_links_of_the_sentence_are_shown() -> None:
    marked = parse_article(
        "Blue whales sing songs.{{citation needed}} Grey whales hum tunes."
        "<ref>{{cite web |url=https://example.org |title=T |archive-url=https://a.example |url-status=dead}}</ref>",
        title="T",
    )
    qa = OverlapQA(marked)
    assert "citation needed</bdi>" in html_of(qa.ask("Do blue whales sing?"), marked)
    assert "dead link" in html_of(qa.ask("Do grey whales hum?"), marked)


def test_a_follow_up_shows_how_it_was_understood_only_when_it_differs(answer: Answer, article: Article) -> None:
    second = OverlapQA(article).ask("Where is it headquartered?", history=[answer])
    assert "Understood as" not in html_of(answer, article)
    assert "Understood as" in html_of(second, article)


def test_a_link_into_an_article_that_is_not_there_is_an_error(answer: Answer) -> None:
    """It would lead to another one."""
    with pytest.raises(ValueError, match="not in tuple"):
        html_of(answer, Article.from_paragraphs("Another", ["It is not quoted."]))


def test_abstention_gives_reason_and_at_most_three_passages(article: Article) -> None:
    answer = OverlapQA(article).ask("Who painted the Mona Lisa?")
    assert answer.abstained
    html = html_of(answer, article)
    assert "No sentence shares two words" in html
    assert html.count('class="jump"') == 3


def test_several_answers_are_several_each_with_its_score_and_sentence(answer: Answer, article: Article) -> None:
    other = Alternative("2014", answer.text, 0.41, answer.citations)
    html = html_of(replace(answer, alternatives=(other, replace(other, confidence=0.2))), article)
    also = html[html.index('class="also"') :]
    assert also.index("41%") < also.index("20%")
    assert also[: also.index('class="why"')].count('class="cite"') == 2


def test_why_shows_each_score_as_a_bar_of_its_share(answer: Answer, article: Article) -> None:
    """meaning .5 of at most .5 is a full bar, .25 half of one; a passage that was not read says so."""
    one, two = article.sentences[0], article.sentences[1]
    passages = (
        ScoredPassage(article, one.paragraph, one.span, {"dense": 0.5, "lexical": 2.0, "fused": 0.4, "reader": 9.0}),
        ScoredPassage(article, two.paragraph, two.span, {"dense": 0.25, "lexical": 0.0, "fused": 0.1}),
    )
    html = html_of(replace(answer, passages=passages, timings={"retrieve": 0.004, "read": 0.002}), article)
    why = html[html.index('class="why"') :]
    heads = [part.split("<")[0] for part in why.split('<th scope="col">')[1:]]
    assert heads == ["passage", "meaning", "words", "both", "reader"]
    widths = [part.split('"')[0] for part in why.split('class="part" width="')[1:]]
    assert widths == ["100", "100", "100", "100", "50", "0", "25", "100", "50"]
    assert why.count("not read") == 1
    assert "2 passages considered" in why
    assert why.index("retrieve") < why.index("4 ms") < why.index("2 ms")


def test_scores_below_zero_are_measured_from_the_lowest(answer: Answer, article: Article) -> None:
    """−1, −3 and −5: the whole of the way from the lowest, half of it, none of it."""
    passages = tuple(
        ScoredPassage(article, s.paragraph, s.span, {"reader": score})
        for s, score in zip(article.sentences, (-1.0, -3.0, -5.0), strict=False)
    )
    html = html_of(replace(answer, passages=passages, timings={}), article)
    assert [part.split('"')[0] for part in html.split('class="part" width="')[1:]] == ["100", "50", "0"]


def test_the_answer_as_markdown_has_quotes_footnotes_and_attribution(answer: Answer, article: Article) -> None:
    text = markdown(answer)
    citation = answer.citations[0]
    reference = citation.references[0]
    assert text.startswith(f"### {escaped(QUESTION)}")
    assert f"> {escaped(citation.quote)} \\[1\\]" in text
    assert f"footnote {reference.number}: {escaped(reference.title or '')}" in text
    assert f"[source](<{reference.url}>)" in text
    assert "by its contributors, [CC BY-SA 4.0](<https://creativecommons.org/licenses/by-sa/4.0/>)" in text
    assert article.sha256 in text


def test_markdown_names_every_source_of_a_footnote() -> None:
    cited = "{{cite web|title=First|url=https://a.org|url-status=dead}} {{cite book|title=Second|author=Ann|pages=7–9}}"
    whales = parse_article(f"Blue whales sing at night.<ref>{cited}</ref>", "Whales")
    text = markdown(OverlapQA(whales).ask("Do blue whales sing at night?"))
    assert "- footnote 1: First (dead link), [source](<https://a.org>); Second, Ann, p. 7–9\n" in text


def test_markdown_of_an_abstention_claims_nothing(article: Article) -> None:
    text = markdown(OverlapQA(article).ask("Who painted the Mona Lisa?"))
    assert ">" not in text.replace("\\>", "")
    assert "No sentence shares two words" in text


def test_what_markdown_would_read_as_markup_is_escaped() -> None:
    """So a quote is shown verbatim wherever the Markdown is pasted."""
    assert escaped("a*b_c `d` <i> [x](y) # 1. $e$") == "a\\*b\\_c \\`d\\` \\<i\\> \\[x\\](y) \\# 1. \\$e\\$"
    assert escaped("1. first") == "1\\. first"


def test_the_record_pins_question_answers_article_and_settings(answer: Answer, article: Article) -> None:
    kept = json.loads(json.dumps(record(answer, "abc123")))
    assert kept["question"] == QUESTION
    assert kept["answers"] == [{"answer": answer.short, "sentence": answer.citations[0].quote}]
    assert kept["article"] == {"title": article.title, "sha256": article.sha256}
    assert kept["settings"] == "abc123"


def test_words_for_numbers() -> None:
    assert [confidence_words(p) for p in (1.0, 0.83, 0.5, 0.31, 0.0)] == [
        "Very likely right", "Likely right", "More likely right than wrong", "Uncertain", "Doubtful",
    ]  # fmt: skip
    assert [duration(s) for s in (0.001, 0.0312, 12.34)] == ["under 0.01 s", "0.03 s", "12.3 s"]
    assert [milliseconds(s) for s in (0.0004, 0.0127)] == ["under 1 ms", "13 ms"]
    assert shortened("one two three", 9) == "one two …"
    assert shortened("x" * 20, 5) == "xxxxx …"


def test_starters_suit_any_article(article: Article) -> None:
    assert len(starters(article)) == 5
    assert starters(Article.from_paragraphs("Moss", ["It grows."])) == ("What is Moss?",)
    facts = parse_article(
        "{{Infobox x|capital=Bern|population=8}}\n== Climate ==\nCool.\n== References ==\n", title="Land"
    )
    assert starters(facts)[:2] == ("What is Land?", "What is the capital of Land?")
    assert "What is known about climate?" in starters(facts)
    assert not [q for q in starters(facts) if "references" in q]
