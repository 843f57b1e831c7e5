"""A predictions file → one self-contained HTML page and the same in Markdown.

Each error that is shown leads to the paragraph that should have answered and to the one that was quoted,
which stand at the end of the page.

The page loads nothing from anywhere: its plots are inline SVG, its styles stand in it, and a content
security policy holds it to that. Every text that came from a question, an article or an answer is escaped.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from eval.confidence import reliability, risk_coverage
from eval.datasets import Question
from eval.metrics import (
    ABSTAINED_WRONGLY,
    CAUSES,
    Estimate,
    Measure,
    candidate_answer_is_right,
    candidate_quote_is_right,
    cause_of_error,
    latency,
    measure,
    measure_by_kind,
)
from eval.predict import Prediction, Predictions, Timing
from eval.squad import as_written
from index.errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORST = 20  # errors shown of each cause
KIND_MEASURES = ("EM", "F1", "Recall@1", "Recall@5", "Citation recall", "First quoted sentence right", "Accuracy")

HOW_TO_READ = (
    "In brackets: 95% percentile bootstrap intervals, 10,000 resamples of the questions. ↓: lower is better.",
    "No question is left out: an abstention counts as the empty answer. A quote is right when the sentence quoted"
    " first holds an accepted answer; an answer is right when the short answer's F1 against an accepted answer is at"
    " least 0.5 or, where there is no short answer, when the quote is right.",
    "AURC and ECE, and both curves, judge an answer that was withheld by whether it would have been right.",
    "A share of exactly 0 or 1 gets an interval without width: resampling cannot draw what did not occur.",
)

# Drawn in colours that stand for the page's own, so that the plots follow light and dark.
_INK, _ACCENT, _SECOND, _FAINT = "#010203", "#040506", "#070809", "#0a0b0c"
_COLOURS = {_INK: "var(--ink)", _ACCENT: "var(--accent)", _SECOND: "var(--second)", _FAINT: "var(--faint)"}


@dataclass(frozen=True, slots=True)
class Error:
    """A question whose outcome is wrong, as the report shows it.

    `gold` are the numbers of the paragraphs that answer, `read` that of the one quoted or, where nothing
    was, the one that came first.
    """

    question: str
    expected: str
    given: str
    confidence: float
    gold: tuple[int, ...]
    read: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph that errors lead to: its article, its text, and the accepted answers to mark in it."""

    article: str
    text: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What the page shows, before it is HTML or Markdown."""

    title: str
    facts: tuple[tuple[str, str], ...]
    estimates: tuple[Estimate, ...]
    by_kind: dict[str, tuple[Estimate | None, ...]]
    errors: dict[str, tuple[int, tuple[Error, ...]]]
    paragraphs: tuple[Shown, ...]


def report(predictions: Predictions) -> tuple[str, str]:
    """The HTML page and the Markdown text about `predictions`."""
    content = _content(predictions)
    return _html(content, _plots(predictions)), _markdown(content)


def shown(value: float, measured: Measure) -> str:
    """`value` as it is printed: milliseconds with one decimal, everything else with three."""
    if math.isnan(value):
        return "–"
    return f"{value:.1f}" if measured.unit == "ms" else f"{value:.3f}"


def name(measured: Measure) -> str:
    """The measure's name as it is printed: "ECE, answer ↓" where lower is better, its unit in brackets."""
    arrow = "" if measured.higher_is_better else " ↓"
    unit = f" ({measured.unit})" if measured.unit else ""
    return f"{measured.name}{arrow}{unit}"


def _content(predictions: Predictions) -> Report:
    header, asked = predictions.header, predictions.predictions
    answerable = sum(p.question.answerable for p in asked)
    drawn = f"{header.limit} at random, seed {header.seed}" if header.limit else "all"
    facts = (
        ("Data", f"{header.data}, split {header.split}, {drawn} (sha256 {header.sha256[:12]})"),
        ("Source", f"{header.source}; licence: {header.licence}"),
        ("Questions", f"{len(asked):,}: {answerable:,} answerable, {len(asked) - answerable:,} unanswerable"),
        ("Footnote", f"{header.version}, settings {header.settings}, fitted {header.fitted}"),
        ("Date", header.date),
    )
    shown_paragraphs = _Paragraphs(predictions)
    errors = _errors(asked, shown_paragraphs)
    return Report(
        title=f"Footnote on {header.data}",
        facts=facts,
        estimates=(*measure(asked), *latency(predictions.timings)),
        by_kind=measure_by_kind(asked, KIND_MEASURES),
        errors=errors,
        paragraphs=shown_paragraphs.shown,
    )


class _Paragraphs:
    """Numbers paragraphs from 1, in the order in which errors lead to them."""

    def __init__(self, predictions: Predictions) -> None:
        self._texts = predictions.paragraphs
        self._answers: dict[tuple[str, str], frozenset[str]] = {}

    def number(self, question: Question, paragraph: str) -> int | None:
        """The number of a paragraph of the question's article; None where the file does not hold its text."""
        key = question.article, paragraph
        if key not in self._texts:
            return None
        wanted = (*question.answers, *(question.sentences if question.scored == "sentences" else ()))
        self._answers[key] = self._answers.get(key, frozenset()) | frozenset(wanted)
        return list(self._answers).index(key) + 1

    @property
    def shown(self) -> tuple[Shown, ...]:
        return tuple(Shown(key[0], self._texts[key], answers) for key, answers in self._answers.items())


def _errors(predictions: Sequence[Prediction], paragraphs: _Paragraphs) -> dict[str, tuple[int, tuple[Error, ...]]]:
    """Cause → how many errors it has and the worst of them: the surest, of wrong abstentions the least sure."""
    by_cause = {}
    for cause in CAUSES:
        found = [p for p in predictions if cause_of_error(p) == cause]
        found.sort(key=lambda p: p.confidence, reverse=cause != ABSTAINED_WRONGLY)
        by_cause[cause] = (len(found), tuple(_error(p, paragraphs) for p in found[:WORST]))
    return by_cause


def _error(p: Prediction, paragraphs: _Paragraphs) -> Error:
    expected = " / ".join(p.question.answers or p.question.sentences) or "(no answer in the article)"
    if p.question.scored == "ranking":
        expected = "(its paragraph)"
    withheld = f"; would have said: {p.withheld.short or p.withheld.quote}" if p.withheld else ""
    given = f"(abstained: {p.reason or 'no reason given'}{withheld})" if p.abstained else p.answer
    question = p.question.question
    if p.question.history:
        question = f"{' → '.join((*p.question.history, question))} (understood: {p.understood})"
    golds = [paragraphs.number(p.question, id) for id in p.question.paragraphs]
    seen = p.citations[0].paragraph if p.citations else next(iter(p.ranking), None)
    read = None if seen is None else paragraphs.number(p.question, seen)
    return Error(question, expected, given, p.confidence, tuple(n for n in golds if n is not None), read)


def _plots(predictions: Predictions) -> list[tuple[str, str]]:
    """(caption, SVG) of each plot."""
    # Of a ranking only what was found and cited is known, not what is right.
    judged = [p for p in predictions.predictions if p.question.scored != "ranking"]
    plots = _of_confidence(judged) if judged else []
    return [*plots, _of_latency(predictions.timings)] if predictions.timings else plots


def _of_confidence(asked: Sequence[Prediction]) -> list[tuple[str, str]]:
    confidence = np.array([p.confidence for p in asked])
    answer = np.array([candidate_answer_is_right(p) for p in asked])
    quote = np.array([candidate_quote_is_right(p) for p in asked])
    share = sum(not p.abstained for p in asked) / len(asked)

    figure, axes = _axes("coverage: share of questions answered", "risk: share of them wrong")
    for right, colour, label in ((answer, _ACCENT, "answer"), (quote, _SECOND, "quoted sentence")):
        axes.step(*risk_coverage(confidence, right), where="pre", color=colour, label=label)
    axes.axvline(share, color=_FAINT, linestyle="--", label="answered")
    axes.set(xlim=(0, 1.02), ylim=(-0.02, 1.02))
    plots = [("Risk–coverage: what is wrong when only the surest are answered", _svg(figure, axes))]

    figure, axes = _axes("confidence", "share right")
    axes.plot([0, 1], [0, 1], color=_FAINT, linestyle="--", label="calibrated")
    for right, colour, label in ((answer, _ACCENT, "answer"), (quote, _SECOND, "quoted sentence")):
        stated, observed, _ = reliability(confidence, right)
        axes.plot(stated, observed, marker="o", markersize=4, color=colour, label=label)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    plots.append(("Reliability: is the confidence what it says (bins of equal mass)", _svg(figure, axes)))
    return plots


def _of_latency(timings: Sequence[Timing]) -> tuple[str, str]:
    milliseconds = np.array([t.seconds for t in timings]) * 1000
    figure, axes = _axes("milliseconds", "questions")
    axes.hist(milliseconds, bins=min(30, max(5, len(milliseconds) // 3)), color=_ACCENT)
    for percent, style in ((50, "-"), (95, "--")):
        # As the table has it: the smallest that so many do not exceed.
        at = float(np.percentile(milliseconds, percent, method="inverted_cdf"))
        axes.axvline(at, color=_INK, linestyle=style, label=f"p{percent}")
    axes.set_xlim(left=0)
    return "Latency of one question asked alone, warm", _svg(figure, axes)


def _axes(x: str, y: str) -> tuple[Figure, Axes]:
    try:
        from matplotlib.figure import Figure
    except ImportError as e:
        raise MissingExtra("the report needs matplotlib: pip install -e '.[eval]'") from e
    figure = Figure(figsize=(5, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(x, color=_INK)
    axes.set_ylabel(y, color=_INK)
    axes.tick_params(colors=_INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_FAINT)
    return figure, axes


def _svg(figure: Figure, axes: Axes) -> str:
    """The figure as SVG to stand in a page: transparent, in the page's font and colours, naming no address."""
    from matplotlib import rc_context

    axes.legend(frameon=False, labelcolor=_INK)
    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "footnote"}):
        none = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=none)
    drawing = file.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    # An HTML page knows the namespaces of SVG by itself.
    drawing = re.sub(r' xmlns(:\w+)?="[^"]*"', "", drawing)
    drawing = drawing.replace("xlink:href", "href")
    for drawn, colour in _COLOURS.items():
        drawing = drawing.replace(drawn, colour)
    return re.sub(r"font: ([\d.]+px) [^;\"]*", r"font: \1 inherit", drawing)


_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --soft: #f4f5f7; --faint: #9aa2ab;
  --muted: #59626c; --line: #d9dde2; --accent: #2457c5; --second: #b4540a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e6ea; --paper: #14171a; --soft: #1d2125;
  --faint: #79828c; --muted: #9aa4ae; --line: #343a41; --accent: #82aaff; --second: #f0a35e; } }
body { margin: 0 auto; padding: 2.5rem 1.25rem 5rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2.75rem 0 .75rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; font-size: .92rem; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; white-space: nowrap; } td.n, th.n { text-align: right; }
td.n { white-space: nowrap; } th.n { white-space: normal; }
tr.stage th { padding-top: 1.2rem; color: var(--accent); border: 0; } small, .meaning { color: var(--muted); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.5rem; }
figure { margin: 0; } figcaption { font-size: .88rem; color: var(--muted); }
figure svg { width: 100%; height: auto; } figure svg text { fill: var(--ink); font-family: system-ui, sans-serif; }
details { margin: .6rem 0; } summary { cursor: pointer; font-weight: 600; }
mark { background: color-mix(in srgb, var(--second) 30%, transparent); color: inherit; }
p:target { outline: 2px solid var(--accent); outline-offset: .4rem; } a { color: var(--accent); }
td.text { overflow-wrap: anywhere; max-width: 20rem; }
"""

#: What a report quotes is not ours.
ATTRIBUTION = (
    "Quotes are from the articles of the data set, by their authors and under its licence; those of Wikipedia are by "
    "Wikipedia contributors, under CC BY-SA 4.0."
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def _html(content: Report, plots: Sequence[tuple[str, str]]) -> str:
    facts = "".join(f"<dt>{escape(fact)}</dt><dd>{escape(value)}</dd>" for fact, value in content.facts)
    drawn = "".join(f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>" for caption, svg in plots)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(content.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(content.title)}</h1>
<dl>{facts}</dl>
<h2>Measures</h2>
<p class="meaning">{escape(" ".join(HOW_TO_READ))}</p>
<div class="scroll">{_html_measures(content.estimates)}</div>
<h2>By kind of question</h2>
<div class="scroll">{_html_kinds(content.by_kind)}</div>
<h2>Confidence and speed</h2>
<div class="plots">{drawn}</div>
<h2>Errors, by the first stage that went wrong</h2>
{"".join(_html_errors(cause, count, worst) for cause, (count, worst) in content.errors.items())}
<h2>Paragraphs</h2>
<p class="meaning">Those that the errors above lead to; accepted answers are marked.</p>
{"".join(_html_paragraph(number, shown) for number, shown in enumerate(content.paragraphs, 1))}
<p class="meaning">{escape(ATTRIBUTION)}</p>
</body>
</html>
"""


def _html_measures(estimates: Sequence[Estimate]) -> str:
    rows, stage = [], ""
    for e in estimates:
        if e.measure.stage != stage:
            stage = e.measure.stage
            rows.append(f'<tr class="stage"><th colspan="5">{escape(stage)}</th></tr>')
        rows.append(
            f'<tr><th>{escape(name(e.measure))}</th><td class="n">{shown(e.value, e.measure)}</td>'
            f'<td class="n">{_interval(e)}</td><td class="n">{e.count:,}</td>'
            f'<td class="meaning">{escape(e.measure.meaning)}</td></tr>'
        )
    head = (
        '<tr><th>Measure</th><th class="n">Value</th><th class="n">95%</th><th class="n">Questions</th><th></th></tr>'
    )
    return f"<table>{head}{''.join(rows)}</table>"


def _html_kinds(by_kind: dict[str, tuple[Estimate | None, ...]]) -> str:
    names = "".join(f'<th class="n">{escape(column)}</th>' for column in KIND_MEASURES)
    rows = [
        f"<tr><th>{escape(kind)}</th><td class='n'>{_size(estimates):,}</td>"
        + "".join(
            f'<td class="n">{shown(e.value, e.measure)}<br><small>{_interval(e)}</small></td>'
            if e
            else '<td class="n">–</td>'
            for e in estimates
        )
        + "</tr>"
        for kind, estimates in by_kind.items()
    ]
    return f'<table><tr><th>Kind</th><th class="n">Questions</th>{names}</tr>{"".join(rows)}</table>'


def _html_errors(cause: str, count: int, worst: Sequence[Error]) -> str:
    rows = "".join(
        f'<tr><td class="text">{escape(e.question)}</td><td class="text">{escape(e.expected)}</td>'
        f'<td class="text">{escape(e.given)}</td><td class="n">{e.confidence:.2f}</td>'
        f"<td>{_html_links(e.gold)}</td><td>{_html_links([e.read])}</td></tr>"
        for e in worst
    )
    head = (
        '<tr><th>Question</th><th>Expected</th><th>Given</th><th class="n">Confidence</th>'
        "<th>Answered in</th><th>Read</th></tr>"
    )
    table = f'<div class="scroll"><table>{head}{rows}</table></div>' if worst else ""
    return f"<details{' open' if worst else ''}><summary>{escape(_heading(cause, count))}</summary>{table}</details>"


def _html_links(numbers: Sequence[int | None]) -> str:
    return " ".join(f'<a href="#paragraph-{n}">¶{n}</a>' for n in numbers if n) or "–"


def _html_paragraph(number: int, shown: Shown) -> str:
    text, done = "", 0
    for start, end in _places(shown):
        text += f"{escape(shown.text[done:start])}<mark>{escape(shown.text[start:end])}</mark>"
        done = end
    text += escape(shown.text[done:])
    return f'<p id="paragraph-{number}"><b>¶{number}</b> <small>{escape(shown.article)}</small><br>{text}</p>'


def _places(shown: Shown) -> list[tuple[int, int]]:
    """Where accepted answers stand in a paragraph, (start, end), in order and without overlap; longest first."""
    found: list[tuple[int, int]] = []
    for answer in sorted(shown.answers, key=len, reverse=True):
        for match in as_written(answer).finditer(shown.text) if answer.strip() else ():
            if all(match.end() <= start or end <= match.start() for start, end in found):
                found.append(match.span())
    return sorted(found)


def _markdown(content: Report) -> str:
    lines = [f"# {_plain(content.title)}", ""]
    lines += [f"- {fact}: {_plain(value)}" for fact, value in content.facts]
    lines += ["", *HOW_TO_READ, ""]
    lines += _table(
        ("Stage", "Measure", "Value", "95%", "Questions"),
        [
            (e.measure.stage, name(e.measure), shown(e.value, e.measure), _interval(e), f"{e.count:,}")
            for e in content.estimates
        ],
    )
    lines += ["", "## By kind of question", ""]
    lines += _table(
        ("Kind", "Questions", *KIND_MEASURES),
        [
            (
                kind,
                f"{_size(estimates):,}",
                *(f"{shown(e.value, e.measure)} {_interval(e)}" if e else "–" for e in estimates),
            )
            for kind, estimates in content.by_kind.items()
        ],
    )
    lines += ["", "## Errors, by the first stage that went wrong"]
    for cause, (count, worst) in content.errors.items():
        lines += ["", f"### {_heading(cause, count)}", ""]
        head = ("Question", "Expected", "Given", "Confidence", "Answered in", "Read")
        rows = [
            [*map(_plain, (e.question, e.expected, e.given, f"{e.confidence:.2f}")), _links(e.gold), _links([e.read])]
            for e in worst
        ]
        lines += _ruled(head, rows) if rows else ["None."]
    lines += ["", "## Paragraphs"]
    for number, paragraph in enumerate(content.paragraphs, 1):
        lines += ["", f"### Paragraph {number}", "", f"{_plain(paragraph.article)}: {_plain(paragraph.text)}"]
    lines += ["", ATTRIBUTION]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return _ruled(head, [[_plain(cell) for cell in row] for row in rows])


def _ruled(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    ruled = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in ruled]


def _links(numbers: Sequence[int | None]) -> str:
    return " ".join(f"[¶{n}](#paragraph-{n})" for n in numbers if n) or "–"


def _plain(text: str) -> str:
    """`text` so that Markdown shows it as it is, on one line: no markup, no HTML, no link."""
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", escape(" ".join(text.split()), quote=False))


def _interval(e: Estimate) -> str:
    return f"[{shown(e.low, e.measure)}, {shown(e.high, e.measure)}]"


def _size(estimates: Sequence[Estimate | None]) -> int:
    return max(e.count for e in estimates if e)


def _heading(cause: str, count: int) -> str:
    heading = f"{cause.capitalize()}: {count:,}"
    return f"{heading} (the {WORST} worst)" if count > WORST else heading
