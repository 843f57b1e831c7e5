"""What the tests of the page share: a small QA that works, and how a reader asks.

The QA answers with the sentence that shares most words with the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from index.article import Article, Sentence, Span
from index.errors import QuestionError
from qa.answer import Answer, Citation, ScoredPassage
from qa.settings import Settings

LONGEST_QUESTION = 1000
STOP = frozenset("a about and by did does how in is it many much of on the there to was what when where who".split())

#: What the page shows when an answer has come.
DONE = "#conversation .turn:not([data-state=pending])"

#: Width and height of the windows that the page is tried in.
WIDE, PHONE = (1280, 800), (390, 844)

#: The windows and colour schemes that every behaviour is tried in, and those for what depends on both.
LOOKS = {"wide-light": (WIDE, "light"), "phone-dark": (PHONE, "dark")}
EVERY_LOOK = {**LOOKS, "wide-dark": (WIDE, "dark"), "phone-light": (PHONE, "light")}

HOSTILE = (
    "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"
    "<img src='http://203.0.113.9/pixel.png'><form action='http://203.0.113.9/'><button>go</button></form>"
    "[link](javascript:window.hacked=1) ![i](http://203.0.113.9/i.png) \u202esdrawkcab\u202c "
    "${window.hacked=1} {{value}} {{#if value}} `"
)


class OverlapQA:
    """Stands in for `qa.QA` through the names that the page uses: `articles`, `settings` and `ask`."""

    def __init__(self, article: Article) -> None:
        self.articles = (article,)
        self.settings = Settings.from_environment()

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        if not question.strip():
            raise QuestionError("the question is empty: type one")
        if len(question) > LONGEST_QUESTION:
            raise QuestionError(f"the question has {len(question)} characters: ask it in {LONGEST_QUESTION}")
        if question == "break":
            raise RuntimeError("secret detail")
        standalone = f"{question} ({history[-1].question})" if history and " it" in question else question
        ranked = sorted(self.articles[0].sentences, key=lambda s: self._overlap(standalone, s), reverse=True)
        passages = tuple(self._passage(s, standalone) for s in ranked[:3])
        timings = {"retrieve": 0.002, "read": 0.011}
        if self._overlap(standalone, ranked[0]) < 2:
            text, reason = "The article does not answer this.", "No sentence shares two words with the question."
            return Answer(question, standalone, text, None, True, reason, 0.1, passages=passages, timings=timings)
        citation = self._cite(ranked[0])
        short = citation.short_span.of(self.articles[0].text) if citation.short_span else None
        return Answer(
            question, standalone, citation.quote, short, False, None, 0.83, (citation,), (), passages, timings
        )

    def _overlap(self, question: str, sentence: Sentence) -> int:
        return len(_words(question) & _words(sentence.span.of(self.articles[0].text)))

    def _passage(self, sentence: Sentence, question: str) -> ScoredPassage:
        scores = {"overlap": float(self._overlap(question, sentence))}
        return ScoredPassage(self.articles[0], sentence.paragraph, sentence.paragraph.span, scores)

    def _cite(self, sentence: Sentence) -> Citation:
        article = self.articles[0]
        quote = sentence.span.of(article.text)
        year = re.search(r"(\w+ )?\d{4}", quote)
        start = sentence.span.start
        short = Span(start + year.start(), start + year.end()) if year else None
        return Citation(
            number=1,
            quote=quote,
            span=sentence.span,
            short_span=short,
            paragraph=sentence.paragraph,
            sentence=sentence,
            references=sentence.references,
            marks=sentence.marks,
            article=article,
            url=article.page_url,
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - STOP


def ask(page: Page, question: str) -> None:
    """Type, press Enter, wait for the answer."""
    turn_to(page, "Answers")
    done = page.locator(DONE).count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(page.locator(DONE)).to_have_count(done + 1)


def turn_to(page: Page, view: str) -> None:
    """Shows "Answers" or "Article" where only one of them fits on the screen."""
    tab = page.get_by_role("button", name=view, exact=True)
    if tab.is_visible():
        tab.click()


def choose(page: Page) -> None:
    """Opens the list of articles."""
    turn_to(page, "Article")
    page.get_by_role("button", name="Choose or bring an article").click()
