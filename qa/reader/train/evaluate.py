"""A reader and a SQuAD 2.0 file → its measures: given the paragraph, and in its article.

Each article is indexed, searched and read by the project's own stages. What has to be chosen (the
threshold, the weight of retrieval) is chosen on one half of the articles and judged on the other, and
the other way round; every mean has a 95% bootstrap interval over the questions.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.article import Article
from index.embedding import encoder_for
from index.store import Index, in_memory
from qa.reader.model import Model
from qa.reader.span import Found, SpanReader
from qa.reader.train.data import Document, load
from qa.reader.train.score import exact_match, f1
from qa.retrieve import Retrieved, retrieve
from qa.settings import Settings

RESAMPLES: Final = 1000

#: Weights of the fused retrieval score that are tried beside the margin.
WEIGHTS: Final = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 30.0, 40.0, 60.0, 100.0)

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Read:
    """A passage that was read for a question: whether it is of the gold paragraph, its fused score, its best span."""

    right: bool
    fused: float
    margin: float
    short: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """All that one question gave: `given` are the parts of its own paragraph, `found` what retrieval gave, in order."""

    id: str
    article: str
    answers: tuple[str, ...]
    given: tuple[Read, ...]
    found: tuple[Read, ...]


def predict(path: Path, model: Model, limit: int | None = None) -> list[Prediction]:
    """What the reader makes of every question in the file (of the first `limit` of each article)."""
    settings = Settings.from_environment()
    encoder = encoder_for(settings.model, precision=settings.precision, cache=settings.encoders)
    predictions = []
    for document in load(path):
        article = Article.from_paragraphs(document.title, document.paragraphs)
        index = in_memory(
            [article],
            model=settings.model,
            precision=settings.precision,
            max_tokens=settings.max_tokens,
            cache=settings.encoders,
            encoder=encoder,
        )
        predictions += _of_article(document, index, SpanReader(index, settings.read, model), settings, limit)
    return predictions


def _of_article(
    document: Document, index: Index, reader: SpanReader, settings: Settings, limit: int | None
) -> list[Prediction]:
    ids = iter(paragraph.id for paragraph in index.articles[0].paragraphs)
    id_of = {i: next(ids) for i, paragraph in enumerate(document.paragraphs) if paragraph.strip()}
    text = index.articles[0].text
    questions = document.questions[:limit]
    found = retrieve(
        index, [q.text for q in questions], settings.candidates, settings.considered, settings.dense_weight
    )
    predictions = []
    for question, retrieved in zip(questions, found, strict=True):
        gold = id_of[question.paragraph]
        fused = {row: passage.scores["fused"] for row, passage in zip(retrieved.rows, retrieved.passages, strict=True)}
        own = [row for row, passage in enumerate(index.passages) if passage.paragraph.id == gold]
        rows = sorted({*own, *retrieved.rows[: settings.read]})
        read = dict(zip(rows, reader.spans([(question.text, row) for row in rows]), strict=True))

        def as_read(row: int, read: dict[int, list[Found]] = read, fused: dict[int, float] = fused) -> Read:
            best = read[row][0]
            passage = index.passages[row]
            right = passage.paragraph.id == gold  # noqa: B023 - used in this turn of the loop only
            return Read(right, fused.get(row, 0.0), best.margin, best.short.of(text))

        paragraph = document.paragraphs[question.paragraph]
        predictions.append(
            Prediction(
                question.id,
                document.title,
                tuple(paragraph[start:end] for start, end in question.answers),
                tuple(as_read(row) for row in own if read[row]),
                tuple(as_read(row) for row in retrieved.rows[: settings.read] if read[row]),
            )
        )
    return predictions


def measures(predictions: Sequence[Prediction]) -> list[tuple[str, float, float, float]]:
    """(name, value, low, high) of each measure; low and high bound the middle 95% of the bootstrap."""
    folds = [[p for i, p in enumerate(sorted({q.article for q in predictions})) if i % 2 == side] for side in (0, 1)]
    halves = [[p for p in predictions if p.article in fold] for fold in folds]
    both = [(halves[0], halves[1]), (halves[1], halves[0])] if all(halves) else [(predictions, predictions)]
    answerable = [p for p in predictions if p.answers]
    rows = []

    given = {p.id: max(p.given, key=lambda r: r.margin) for p in predictions}
    rows.append(_mean("given the paragraph: F1, answer forced", [f1(given[p.id].short, p.answers) for p in answerable]))
    rows.append(
        _mean("given the paragraph: EM, answer forced", [exact_match(given[p.id].short, p.answers) for p in answerable])
    )
    overall: list[float] = []
    for fit, test in both:
        threshold = best_threshold([given[p.id] for p in fit], fit)
        overall += [f1(given[p.id].short if given[p.id].margin >= threshold else "", p.answers) for p in test]
    rows.append(_mean("given the paragraph: F1 over all, abstaining", overall))
    margins = np.array([given[p.id].margin for p in predictions])
    truth = np.array([bool(p.answers) for p in predictions])
    rows.append(_of_rows("given the paragraph: AUROC of answerable", auroc, margins, truth))

    rank1 = [bool(p.found and p.found[0].right) for p in answerable]
    rows.append(_mean("in its article: right paragraph at rank 1 before reading", rank1))
    rows.append(_mean("in its article: right paragraph read", [any(r.right for r in p.found) for p in answerable]))
    hit: list[float] = []
    forced: list[float] = []
    abstaining: list[float] = []
    best: dict[str, tuple[Read, float]] = {}
    for fit, test in both:
        weight = best_weight([p for p in fit if p.answers])
        chosen = {p.id: _best(p, weight) for p in (*fit, *test)}
        threshold = best_threshold([chosen[p.id] for p in fit], fit)
        for p in test:
            read = chosen[p.id]
            best[p.id] = read, weight
            abstaining.append(f1(read.short if read.margin >= threshold else "", p.answers))
            if p.answers:
                hit.append(float(read.right))
                forced.append(f1(read.short, p.answers))
    rows.append(_mean("in its article: right paragraph at rank 1 after reading", hit))
    rows.append(_mean("in its article: F1, answer forced", forced))
    rows.append(_mean("in its article: F1 over all, abstaining", abstaining))
    margins = np.array([best[p.id][0].margin for p in predictions])
    rows.append(_of_rows("in its article: AUROC of answerable, by margin", auroc, margins, truth))
    combined = np.array([best[p.id][0].margin + best[p.id][1] * best[p.id][0].fused for p in predictions])
    rows.append(_of_rows("in its article: AUROC of answerable, by score", auroc, combined, truth))
    return rows


def chosen(predictions: Sequence[Prediction]) -> tuple[float, float]:
    """The weight of retrieval, and the threshold on the margin in an article, that all of `predictions` speak for."""
    weight = best_weight([p for p in predictions if p.answers])
    return weight, best_threshold([_best(p, weight) for p in predictions], predictions)


def best_threshold(reads: Sequence[Read], predictions: Sequence[Prediction]) -> float:
    """The margin below which abstaining gives the highest F1 over all of `predictions`."""
    order = sorted(zip(reads, predictions, strict=True), key=lambda pair: -pair[0].margin)
    gain = [f1(read.short, p.answers) - f1("", p.answers) for read, p in order]
    total = np.cumsum(gain)
    best = int(total.argmax())
    return order[best][0].margin if total[best] > 0 else np.inf


def best_weight(predictions: Sequence[Prediction]) -> float:
    """The weight of retrieval with which the right paragraph is best most often; of equals the middle one."""
    hits = [sum(_best(p, weight).right for p in predictions) for weight in WEIGHTS]
    equal = [weight for weight, hit in zip(WEIGHTS, hits, strict=True) if hit == max(hits)]
    return equal[len(equal) // 2]


def _best(prediction: Prediction, weight: float) -> Read:
    return max(prediction.found, key=lambda read: read.margin + weight * read.fused)


def auroc(scores: Floats, truth: Floats) -> float:
    """How often a true one scores above a false one, ties counting half (Mann and Whitney 1947)."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    _, where, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks[order] = (ends - (counts - 1) / 2)[where]
    positive = truth.astype(bool)
    n, m = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def _mean(name: str, values: Sequence[float]) -> tuple[str, float, float, float]:
    return _of_rows(name, lambda a, _: float(a.mean()), np.array(values, dtype=float), np.zeros(len(values)))


def _of_rows(
    name: str, measure: Callable[[Floats, Floats], float], a: Floats, b: Floats
) -> tuple[str, float, float, float]:
    rng = np.random.default_rng(0)
    drawn = [rng.integers(0, len(a), len(a)) for _ in range(RESAMPLES)]
    low, high = np.percentile([measure(a[rows], b[rows]) for rows in drawn], [2.5, 97.5])
    return name, measure(a, b), float(low), float(high)


def speed(path: Path, model: Model, questions: int = 60) -> tuple[float, float]:
    """Median milliseconds to read five passages of about 180 tokens, warm; and the tokens a passage had."""
    document = max(load(path), key=lambda d: sum(map(len, d.paragraphs)) / len(d.paragraphs))
    settings = Settings.from_environment()
    encoder = encoder_for(settings.model, precision=settings.precision, cache=settings.encoders)
    index = in_memory(
        [Article.from_paragraphs(document.title, document.paragraphs)],
        model=settings.model,
        precision=settings.precision,
        max_tokens=settings.max_tokens,
        cache=settings.encoders,
        encoder=encoder,
    )
    reader = SpanReader(index, 5, model)
    found = retrieve(
        index, [q.text for q in document.questions[:questions]], settings.candidates, 5, settings.dense_weight
    )
    long = [retrieved for retrieved in found if _length(index, retrieved) >= 150] or found
    reader.read(long[:5])
    taken = []
    for retrieved in long:
        began = time.perf_counter()
        reader.read([retrieved])
        taken.append(time.perf_counter() - began)
    return float(np.median(taken)) * 1000, float(np.mean([_length(index, retrieved) for retrieved in long]))


def _length(index: Index, retrieved: Retrieved) -> float:
    return float(np.mean([index.encoder.count_tokens(index.passages[row].embedded_text) for row in retrieved.rows[:5]]))


def save(predictions: Sequence[Prediction], path: Path) -> None:
    """One JSON object a line, so that measures can be corrected without reading again."""
    path.write_text("".join(json.dumps(asdict(p), ensure_ascii=False) + "\n" for p in predictions), "utf-8")


def table(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """The measures as a Markdown table."""
    lines = ["| measure | value | 95% interval |", "|---|---|---|"]
    lines += [f"| {name} | {value:.3f} | {low:.3f}–{high:.3f} |" for name, value, low, high in rows]
    return "\n".join(lines)
