"""An Answer → the picture of how it was found: the passages considered with their scores, the time of each stage.

A row for each passage, a column for each score, a bar in each cell: its length is the score's share of the
largest of that name, counted from zero, or from the lowest where a stage gives scores below zero. Bars are
SVG with plain attributes, since the page allows no inline styles. Left out: what the scores mean
(docs/design.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from index.article import Article, Paragraph, Span
from page.markup import isolated, shortened, text
from qa.answer import Answer, ScoredPassage

#: Scores in the order of the stages that give them, with the words for them; others follow by name.
SCORE_NAMES = {"dense": "meaning", "lexical": "words", "fused": "both", "reader": "reader"}
EXCERPT_LENGTH = 90
#: Width of a full bar, in units of its own drawing.
FULL = 100

Link = Callable[[Article, Span, str, str], str]


def why(answer: Answer, link: Link, whereabouts: Callable[[Paragraph], str]) -> str:
    """The folded view; empty when nothing was recorded. `link` and `whereabouts` are those of `page.answer`."""
    if not answer.timings and not answer.passages:
        return ""
    return (
        '<details class="why"><summary>How this was found</summary>'
        f"{_passages(answer, link, whereabouts)}{_times(answer.timings)}</details>"
    )


def _passages(answer: Answer, link: Link, whereabouts: Callable[[Paragraph], str]) -> str:
    passages = answer.passages
    if not passages:
        return ""
    names = sorted({name for p in passages for name in p.scores}, key=lambda n: ([*SCORE_NAMES, n].index(n), n))
    ranges = {n: _range([p.scores[n] for p in passages if n in p.scores]) for n in names}
    head = "".join(f'<th scope="col">{text(SCORE_NAMES.get(name, name))}</th>' for name in names)
    cited = {c.paragraph.id for c in answer.citations}
    rows = "".join(
        f'<tr{" class=used" if p.paragraph.id in cited else ""}><th scope="row">{_place(p, link, whereabouts)}</th>'
        + "".join(_score(p.scores.get(n), ranges[n]) for n in names)
        + "</tr>"
        for p in passages
    )
    return (
        f'<div class="scores" role="region" tabindex="0" aria-label="Passages considered"><table>'
        f"<caption>{len(passages)} passages considered, best first"
        '<span class="legend">Meaning: likeness, up to 1. Words: shared rare words. Both: the two together, which'
        " chooses passages. Reader: how clearly one holds an answer.</span></caption>"
        f'<thead><tr><th scope="col">passage</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _place(passage: ScoredPassage, link: Link, whereabouts: Callable[[Paragraph], str]) -> str:
    excerpt = isolated(shortened(" ".join(passage.text.split()), EXCERPT_LENGTH), "excerpt")
    content = f'<span class="place">{whereabouts(passage.paragraph)}</span> {excerpt}'
    return link(passage.article, passage.span, "seen", content)


def _range(scores: Sequence[float]) -> tuple[float, float]:
    return min(0.0, *scores), max(scores)


def _score(score: float | None, bounds: tuple[float, float]) -> str:
    if score is None:
        return '<td><span class="unread">not read</span></td>'
    lowest, largest = bounds
    share = (score - lowest) / (largest - lowest) if largest > lowest else 0.0
    return f"<td>{_bar(share)}<span>{score:.2f}</span></td>"


def _bar(share: float) -> str:
    width = round(FULL * min(max(share, 0.0), 1.0))
    return (
        f'<svg class="gauge" viewBox="0 0 {FULL} 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="whole" width="{FULL}" height="6"></rect>'
        f'<rect class="part" width="{width}" height="6"></rect></svg>'
    )


def _times(timings: Mapping[str, float]) -> str:
    stages = {stage: seconds for stage, seconds in timings.items() if stage != "total"}
    if not stages:
        return ""
    longest = max(stages.values())
    rows = "".join(
        f'<tr><th scope="row">{text(stage)}</th><td>{_bar(seconds / longest if longest > 0 else 0.0)}'
        f"<span>{milliseconds(seconds)}</span></td></tr>"
        for stage, seconds in stages.items()
    )
    return f'<table class="stages"><caption>Time by stage</caption><tbody>{rows}</tbody></table>'


def milliseconds(seconds: float) -> str:
    """Seconds of a stage: 0.0004 → "under 1 ms", 0.0127 → "13 ms"."""
    return "under 1 ms" if seconds < 0.001 else f"{seconds * 1000:.0f} ms"
