"""A conversation (questions, and the Answers to them) → HTML, newest last.

Quotes are shown verbatim with the exact answer marked; each `[n]` carries the ids of its sentences, so
that `script.js` can follow it without the server. Left out: asking (`app.py`), the article (`page.article`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article, Paragraph, Span
from page.markup import isolated, outside_link, sentence_id, shortened, text, web_url
from qa.answer import Alternative, Answer, Citation, ScoredPassage

#: Passages and alternatives shown with an answer, and code points shown of a passage, a question, a headline.
SHOWN_PASSAGES = 3
SHOWN_PASSAGE_LENGTH = 320
SHOWN_QUESTION_LENGTH = 400
HEADLINE_LENGTH = 120

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
class Turn:
    """A question, and what came of it: an answer after `seconds`, an error to read, or nothing yet."""

    question: str
    answer: Answer | None = None
    error: str | None = None
    seconds: float = 0.0


def conversation_html(turns: Sequence[Turn], article: Article) -> str:
    """All turns, oldest first; before the first, what to expect. `article` is the one in the reading pane."""
    content = "".join(_turn(turn, article) for turn in turns) if turns else _welcome(article)
    return (
        '<div class="turns" role="log" aria-live="polite" aria-label="Questions and answers" tabindex="0">'
        f"{content}</div>"
    )


def confidence_words(probability: float) -> str:
    """A calibrated probability in plain words: 0.83 → "Likely right"."""
    return next((words for bound, words in CONFIDENCE_WORDS if probability >= bound), CONFIDENCE_WORDS[-1][1])


def duration(seconds: float) -> str:
    """Seconds as a person says them: 0.004 → "under 0.01 s", 0.0312 → "0.03 s", 12.3 → "12.3 s"."""
    if seconds < 0.01:
        return "under 0.01 s"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def milliseconds(seconds: float) -> str:
    """Seconds of a stage: 0.0004 → "under 1 ms", 0.0127 → "13 ms"."""
    return "under 1 ms" if seconds < 0.001 else f"{seconds * 1000:.0f} ms"


def _welcome(article: Article) -> str:
    return (
        '<div class="welcome">'
        f"<h2>Ask about {isolated(article.title)}</h2>"
        "<p>Answers are sentences quoted from the article, each with a link to its place and to the footnotes "
        "behind it. Where the article does not say, you are told so.</p></div>"
    )


def _turn(turn: Turn, article: Article) -> str:
    question = (
        f'<h2 class="question" dir="auto">{isolated(shortened(turn.question, SHOWN_QUESTION_LENGTH))}</h2>'
        if turn.question.strip()
        else ""
    )
    if turn.error is not None:
        # The question is still in the box, to be put right there.
        question = ""
        state, body = "refused", f'<p class="notice" dir="auto">{text(turn.error[:1].upper() + turn.error[1:])}</p>'
    elif turn.answer is None:
        state, body = "pending", '<p class="pending">Reading the article…</p>'
    elif turn.answer.abstained:
        state, body = "abstained", _understood(turn.answer) + _abstention(turn.answer, turn.seconds, article)
    else:
        state, body = "answered", _understood(turn.answer) + _answer(turn.answer, turn.seconds, article)
    return f'<section class="turn" data-state="{state}">{question}{body}</section>'


def _understood(answer: Answer) -> str:
    if answer.standalone_question.strip() == answer.question.strip():
        return ""
    return f'<p class="understood">Understood as: {isolated(answer.standalone_question)}</p>'


def _answer(answer: Answer, seconds: float, article: Article) -> str:
    headline = (
        f'<p class="short" dir="auto">{isolated(answer.short)}</p>'
        if answer.short and len(answer.short) <= HEADLINE_LENGTH and answer.short != answer.text
        else ""
    )
    return (
        headline
        + _reworded(answer, article)
        + "".join(_quote(citation, article) for citation in answer.citations)
        + f'<p class="verdict">{_confidence(answer.confidence)} <span class="seconds">{duration(seconds)}</span></p>'
        + _alternatives(answer.alternatives, article)
        + _how(answer, article)
    )


def _reworded(answer: Answer, article: Article) -> str:
    """`Answer.text` where it says more than its quotes do; its [n] lead where the citations lead."""
    if answer.text.split() == " ".join(c.quote for c in answer.citations).split():
        return ""
    by_number = {str(c.number): c for c in answer.citations}
    linked = re.sub(
        r"\[(\d+)\]",
        lambda m: _cite(by_number[m[1]], article) if m[1] in by_number else m[0],
        text(answer.text),
    )
    return f'<p class="wording" dir="auto">{linked}</p>'


def _quote(citation: Citation, article: Article) -> str:
    count = len(citation.references)
    notes = "no footnote" if count == 0 else "1 footnote" if count == 1 else f"{count} footnotes"
    facts = [_place(citation.paragraph), notes]
    facts += [f'<span class="trust-mark">{isolated(mark)}</span>' for mark in citation.marks]
    if web_url(citation.url):
        facts.append(outside_link(citation.url, "live article"))
    return (
        f'<blockquote class="quote" dir="auto"><p>{_marked(citation)} {_cite(citation, article)}</p>'
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


def _cite(citation: Citation, article: Article) -> str:
    """The link `[n]`: to the sentence in the reading pane, or to the live article when another one is open."""
    if not _same(citation.article, article):
        return outside_link(citation.url, f"[{citation.number}]", "cite")
    targets = _targets(article, citation.span)
    data = f' data-target="{" ".join(targets)}"'
    if citation.short_span is not None:
        data += f' data-short="{citation.short_span.start} {citation.short_span.end}"'
    if live := web_url(citation.url):
        data += f' data-live="{text(live)}"'
    label = f"[{citation.number}] show this sentence in the article"
    return f'<a class="cite" href="#{targets[0]}"{data} aria-label="{label}">[{citation.number}]</a>'


def _same(one: Article, other: Article) -> bool:
    return one is other or (one.title, one.sha256) == (other.title, other.sha256)


def _targets(article: Article, span: Span) -> list[str]:
    """The ids of the sentences that `span` touches, in reading order."""
    return [sentence_id(s.span) for s in article.sentences_in(span)] or [sentence_id(span)]


def _place(paragraph: Paragraph) -> str:
    """Where a paragraph stands: "History › 2014", "Table in Results", "Fact box", "Introduction"."""
    section = " › ".join(paragraph.section)
    kind = KIND_NAMES.get(paragraph.kind)
    return isolated(f"{kind} in {section}" if kind and section else kind or section or "Introduction")


def _confidence(probability: float) -> str:
    percent = f"{probability:.0%}"
    return (
        f'<span class="confidence" title="Estimated probability that this answer is right: {percent}">'
        f'{confidence_words(probability)} <span class="percent">({percent})</span></span>'
    )


def _alternatives(alternatives: Sequence[Alternative], article: Article) -> str:
    if not alternatives:
        return ""
    items = "".join(
        f'<li dir="auto">{isolated(shortened(a.short or a.text, HEADLINE_LENGTH))} '
        + " ".join(_cite(c, article) for c in a.citations)
        + f' <span class="percent">({a.confidence:.0%})</span></li>'
        for a in alternatives[:SHOWN_PASSAGES]
    )
    return f'<div class="also"><h3>Other possible answers</h3><ul>{items}</ul></div>'


def _abstention(answer: Answer, seconds: float, article: Article) -> str:
    reason = f'<p class="reason" dir="auto">{isolated(answer.reason)}</p>' if answer.reason else ""
    return (
        f'<p class="abstained" dir="auto">{isolated(answer.text)}</p>{reason}'
        + _passages("Closest passages", answer.passages, article)
        + f'<p class="verdict"><span class="seconds">{duration(seconds)}</span></p>'
    )


def _passages(heading: str, passages: Sequence[ScoredPassage], article: Article) -> str:
    if not passages:
        return ""
    items = "".join(f"<li>{_passage(p, article)}</li>" for p in passages[:SHOWN_PASSAGES])
    return f'<div class="closest"><h3>{heading}</h3><ol>{items}</ol></div>'


def _passage(passage: ScoredPassage, article: Article) -> str:
    content = (
        f'<span class="place">{_place(passage.paragraph)}</span> '
        f"{isolated(shortened(passage.text, SHOWN_PASSAGE_LENGTH), 'excerpt')}"
    )
    if not _same(passage.article, article):
        return content
    targets = _targets(article, passage.span)
    return f'<a class="jump" href="#{targets[0]}" data-target="{" ".join(targets)}">{content}</a>'


def _how(answer: Answer, article: Article) -> str:
    """Where the time went and what else was read, folded away."""
    if not answer.timings and not answer.passages:
        return ""
    stages = "".join(
        f"<li><span>{text(stage)}</span> <span>{milliseconds(seconds)}</span></li>"
        for stage, seconds in answer.timings.items()
    )
    times = f'<h3>Time by stage</h3><ul class="stages">{stages}</ul>' if stages else ""
    return (
        "<details><summary>How this was found</summary>"
        f"{_passages('Passages read first', answer.passages, article)}{times}</details>"
    )
