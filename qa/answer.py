"""What a question gets back: an answer, its citations, and the passages that were considered.

Every quote is a slice, which `qa.cite` proves: `citation.article.text[span.start:span.end] == quote`.
Left out: how any of it is found (the other stages of `qa`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from index.article import Article, Paragraph, Reference, Sentence, Span


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that was considered, with the score each stage gave it (stage name → score)."""

    article: Article
    paragraph: Paragraph
    span: Span
    scores: Mapping[str, float]

    @property
    def text(self) -> str:
        """The passage, verbatim: a slice of the article's text."""
        return self.span.of(self.article.text)

    def to_dict(self) -> dict[str, Any]:
        return {
            "article": self.article.title,
            "paragraph": _paragraph_dict(self.paragraph),
            "text": self.text,
            "span": asdict(self.span),
            "scores": {name: float(score) for name, score in self.scores.items()},
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of an article, quoted verbatim, with the footnotes that stand behind it.

    `quote == article.text[span.start:span.end]`; `short_span` lies inside `span` or is None.
    `references` are the footnotes of that very sentence (none: an empty tuple); `marks` the trust
    marks in it, e.g. "citation needed". `url` opens the live article at the sentence.
    """

    number: int
    quote: str
    span: Span
    short_span: Span | None
    paragraph: Paragraph
    sentence: Sentence
    references: tuple[Reference, ...]
    marks: tuple[str, ...]
    article: Article
    url: str | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "quote": self.quote,
            "span": asdict(self.span),
            "short_span": asdict(self.short_span) if self.short_span else None,
            "paragraph": _paragraph_dict(self.paragraph),
            "references": [r.to_dict() for r in self.references],
            "marks": list(self.marks),
            "article": {
                "title": self.article.title,
                "sha256": self.article.sha256,
                "revision": self.article.revision,
                "licence": self.article.licence,
                "page_url": self.article.page_url,
            },
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class Alternative:
    """A further answer, from elsewhere, that says otherwise; `confidence` is fitted on such (0..1)."""

    short: str | None
    text: str
    confidence: float
    citations: tuple[Citation, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "short": self.short,
            "text": self.text,
            "confidence": self.confidence,
            "citations": [c.to_dict() for c in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; when `abstained`, `reason` says why and there are no citations.

    `text` is the supporting sentence(s) verbatim, or a sentence that says there is no answer.
    `short` is the exact span that answers, or None. `confidence` is a fitted probability (0..1)
    that the answer is right, a right sentence with wrong words counting half. `timings` maps stage → seconds.
    """

    question: str
    standalone_question: str
    text: str
    short: str | None
    abstained: bool
    reason: str | None
    confidence: float
    citations: tuple[Citation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    passages: tuple[ScoredPassage, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """It as JSON, without the articles' texts; the same in the command line, over HTTP and in the evaluation."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "text": self.text,
            "short": self.short,
            "abstained": self.abstained,
            "reason": self.reason,
            "confidence": self.confidence,
            "citations": [c.to_dict() for c in self.citations],
            "alternatives": [a.to_dict() for a in self.alternatives],
            "passages": [p.to_dict() for p in self.passages],
            "timings": {stage: float(seconds) for stage, seconds in self.timings.items()},
        }


def _paragraph_dict(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "id": paragraph.id,
        "kind": paragraph.kind,
        "section": list(paragraph.section),
        "text": paragraph.text,
        "span": asdict(paragraph.span),
        "source": asdict(paragraph.source),
    }
