"""A question and its Answer → the HTML of one turn of the conversation.

The short answer first, then the sentence it is taken from, verbatim, with the exact words marked; each
chip `[n]` carries the article and the ids of its sentences, so that `script.js` can follow it without
the server. Every string is escaped: quotes are shown as they are, never read as markup.
Left out: asking (`page.asking`), the passages behind an answer (`page.why`), the article (`page.article`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article, Paragraph, Span
from page.markup import isolated, outside_link, sentence_id, shortened, text, web_url
from page.why import why
from qa.answer import Alternative, Answer, Citation, ScoredPassage

#: Passages shown when there is no answer; code points shown of a passage, a question, a headline, a preview.
SHOWN_PASSAGES = 3
SHOWN_PASSAGE_LENGTH = 320
SHOWN_QUESTION_LENGTH = 400
HEADLINE_LENGTH = 120
PREVIEW_LENGTH = 300

#: Lower bound of the calibrated probability → plain words for it.
CONFIDENCE_WORDS = (
    (0.9, "Very likely right"),
    (0.7, "Likely right"),
    (0.5, "More likely right than wrong"),
    (0.3, "Uncertain"),
    (0.0, "Doubtful"),
)

#: What a paragraph is called where it is not running text.
KIND_NAMES = {"infobox": "Fact box", "table_row": "Table", "caption": "Image caption", "quote": "Quotation"}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the articles of a book stand in the page: "<id of the book>/<number of the article>"."""

    book: str
    articles: tuple[Article, ...]

    def of(self, article: Article) -> str:
        """The place of `article`. Raises ValueError for one that is not of the book."""
        return f"{self.book}/{self.articles.index(article)}"

    def link(self, article: Article, span: Span, css_class: str, content: str, more: str = "") -> str:
        """A link to the sentences that `span` touches; `content` is HTML."""
        targets = [sentence_id(s.span) for s in article.sentences_in(span)] or [sentence_id(span)]
        return (
            f'<a class="{css_class}" href="#{targets[0]}" data-target="{" ".join(targets)}" '
            f'data-article="{text(self.of(article))}" data-sha="{article.sha256}"{more}>{content}</a>'
        )


def answer_html(answer: Answer, seconds: float, places: Places) -> str:
    """One turn: the question, and what came of it after `seconds`."""
    state = "abstained" if answer.abstained else "answered"
    body = _abstention(answer, places) if answer.abstained else _supported(answer, places)
    return (
        f'<section class="turn" data-state="{state}">{question_html(answer.question)}{_understood(answer)}'
        f'{body}<p class="verdict">{"" if answer.abstained else _confidence(answer.confidence)} '
        f'<span class="seconds">{duration(seconds)}</span></p>'
        f"{_alternatives(answer.alternatives, places)}{ACTIONS}{why(answer, places.link, whereabouts)}</section>"
    )


def question_html(question: str) -> str:
    return f'<h2 class="question" dir="auto">{isolated(shortened(question, SHOWN_QUESTION_LENGTH))}</h2>'


#: What can be done with an answer; `script.js` knows each by its data-act.
ACTIONS = (
    '<p class="actions">'
    '<button type="button" data-act="copy">Copy</button>'
    '<button type="button" data-act="link">Link</button>'
    '<button type="button" data-act="up" aria-pressed="false">Good answer</button>'
    '<button type="button" data-act="down" aria-pressed="false">Wrong answer</button>'
    '<span class="done" role="status"></span></p>'
)


def confidence_words(probability: float) -> str:
    """A calibrated probability in plain words: 0.83 → "Likely right"."""
    return next((words for bound, words in CONFIDENCE_WORDS if probability >= bound), CONFIDENCE_WORDS[-1][1])


def duration(seconds: float) -> str:
    """Seconds as a person says them: 0.004 → "under 0.01 s", 0.0312 → "0.03 s", 12.3 → "12.3 s"."""
    if seconds < 0.01:
        return "under 0.01 s"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def whereabouts(paragraph: Paragraph) -> str:
    """Where a paragraph stands: "History › 2014", "Table in Results", "Fact box", "Introduction"."""
    section = " › ".join(paragraph.section)
    kind = KIND_NAMES.get(paragraph.kind)
    return isolated(f"{kind} in {section}" if kind and section else kind or section or "Introduction")


def _understood(answer: Answer) -> str:
    if answer.standalone_question.strip() == answer.question.strip():
        return ""
    return f'<p class="understood">Understood as: {isolated(answer.standalone_question)}</p>'


def _supported(answer: Answer, places: Places) -> str:
    fits = answer.short and len(answer.short) <= HEADLINE_LENGTH and answer.short != answer.text
    headline = f'<p class="short" dir="auto">{isolated(answer.short)}</p>' if answer.short and fits else ""
    return headline + "".join(_quote(citation, places) for citation in answer.citations)


def _quote(citation: Citation, places: Places) -> str:
    count = len(citation.references)
    notes = "no footnote on this sentence" if count == 0 else "1 footnote" if count == 1 else f"{count} footnotes"
    facts = [whereabouts(citation.paragraph), f'<span class="{"has-notes" if count else "no-notes"}">{notes}</span>']
    facts += [f'<span class="trust-mark">{isolated(mark)}</span>' for mark in citation.marks]
    if any(reference.dead for reference in citation.references):
        facts.append('<span class="trust-mark">dead link</span>')
    if web_url(citation.url):
        facts.append(outside_link(citation.url, "live article"))
    return (
        f'<blockquote class="quote" dir="auto"><p>{_marked(citation)}&nbsp;{_chip(citation, places)}</p>'
        f"<footer>{' · '.join(facts)}</footer></blockquote>"
    )


def _marked(citation: Citation) -> str:
    """The quote with its exact answer in `<mark>`."""
    short = citation.short_span
    if short is None or not citation.span.contains(short) or short == citation.span:
        return text(citation.quote)
    start, end = short.start - citation.span.start, short.end - citation.span.start
    quote = citation.quote
    return f"{text(quote[:start])}<mark>{text(quote[start:end])}</mark>{text(quote[end:])}"


def _chip(citation: Citation, places: Places) -> str:
    """The link `[n]` to the cited sentence, with what is shown on hovering it."""
    more = f' data-preview="{text(shortened(citation.quote, PREVIEW_LENGTH))}"'
    if citation.short_span is not None:
        more += f' data-short="{citation.short_span.start} {citation.short_span.end}"'
    if live := web_url(citation.url):
        more += f' data-live="{text(live)}"'
    more += f' aria-label="[{citation.number}] show this sentence in the article"'
    return places.link(citation.article, citation.span, "cite", f"[{citation.number}]", more)


def _confidence(probability: float) -> str:
    """Words, and the number for who points at them, focuses them or has them read out."""
    percent = f"{probability:.0%}"
    return (
        f'<span class="confidence" tabindex="0" title="Estimated probability that this answer is right: {percent}">'
        f'<span class="words">{confidence_words(probability)}</span> <span class="percent">{percent}</span></span>'
    )


def _alternatives(alternatives: Sequence[Alternative], places: Places) -> str:
    if not alternatives:
        return ""
    items = "".join(f'<li dir="auto">{_alternative(a, places)}</li>' for a in alternatives)
    return f'<div class="also"><h3>Other possible answers</h3><ol>{items}</ol></div>'


def _alternative(alternative: Alternative, places: Places) -> str:
    short = alternative.short
    headline = (
        f"<b>{isolated(short)}</b> " if short and len(short) <= HEADLINE_LENGTH and short != alternative.text else ""
    )
    quotes = " ".join(f"{_marked(c)}&nbsp;{_chip(c, places)}" for c in alternative.citations)
    return (
        f'<span class="score" title="Estimated probability that it is right">{alternative.confidence:.0%}</span>'
        f'<span class="other">{headline}<span class="excerpt">{quotes}</span></span>'
    )


def _abstention(answer: Answer, places: Places) -> str:
    reason = f'<p class="reason" dir="auto">{isolated(answer.reason)}</p>' if answer.reason else ""
    return f'<p class="abstained" dir="auto">{isolated(answer.text)}</p>{reason}' + _closest(answer.passages, places)


def _closest(passages: Sequence[ScoredPassage], places: Places) -> str:
    if not passages:
        return ""
    items = "".join(f"<li>{_passage(p, places)}</li>" for p in passages[:SHOWN_PASSAGES])
    return f'<div class="closest"><h3>Closest passages</h3><ol>{items}</ol></div>'


def _passage(passage: ScoredPassage, places: Places) -> str:
    excerpt = isolated(shortened(passage.text, SHOWN_PASSAGE_LENGTH), "excerpt")
    content = f'<span class="place">{whereabouts(passage.paragraph)}</span> {excerpt}'
    return places.link(passage.article, passage.span, "jump", content)
