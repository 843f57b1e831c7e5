"""The evaluation set `eval/sets/sensetime.jsonl` against the built-in article and its own rules."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from eval import datasets, squad
from index.article import Article
from index.wikipedia import builtin_article

PATH = datasets.SETS / "sensetime.jsonl"

ANSWERABLE = (
    "direct", "paraphrased", "keyword", "misspelt", "why_how", "list", "date", "amount", "yes_no", "infobox",
)  # fmt: skip
AT_LEAST = dict.fromkeys(ANSWERABLE, 12) | {"unanswerable_near": 35, "unanswerable_far": 25}
FIELDS = {"id", "question", "kind", "split", "answers", "sentences"}

ROWS: list[dict[str, Any]] = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
ASKED = [r for r in ROWS if r["kind"] in ANSWERABLE]
UNANSWERABLE = [r for r in ROWS if r["kind"] not in ANSWERABLE]


@pytest.fixture(scope="module")
def article() -> Article:
    return builtin_article()


def _golds() -> Iterator[tuple[dict[str, Any], str]]:
    return ((row, gold) for row in ASKED for gold in row["sentences"])


def test_gold_sentences_are_sentences_of_the_article(article: Article) -> None:
    for row, gold in _golds():
        assert gold in article.text, row["id"]
        assert any(gold in p.text for p in article.paragraphs), row["id"]
        # A fact's gold may be its value alone, without the name of the field.
        assert any(
            gold == text or (s.paragraph.kind == "infobox" and text.endswith(f": {gold}"))
            for s in article.sentences
            for text in [s.span.of(article.text)]
        ), row["id"]


def test_an_accepted_answer_stands_in_every_gold_sentence() -> None:
    for row, gold in _golds():
        assert any(answer.lower() in gold.lower() for answer in row["answers"]), row["id"]
        assert squad.holds(gold, row["answers"]), row["id"]


def test_answerable_questions_have_answers_and_gold_sentences() -> None:
    for row in ASKED:
        assert set(row) == FIELDS, row["id"]
        assert 1 <= len(row["answers"]) <= 6, row["id"]
        assert row["sentences"], row["id"]


def test_unanswerable_questions_have_no_answer() -> None:
    for row in UNANSWERABLE:
        assert set(row) == FIELDS | {"near"}, row["id"]
        assert row["answers"] == row["sentences"] == [], row["id"]
        assert row["near"] is (row["kind"] == "unanswerable_near"), row["id"]


def test_ids_are_unique_and_run_on() -> None:
    assert [r["id"] for r in ROWS] == [f"st-{i:03d}" for i in range(1, len(ROWS) + 1)]


def test_questions_are_unique() -> None:
    counts = Counter(squad.normalise(r["question"]) for r in ROWS)
    assert [q for q, n in counts.items() if n > 1] == []
    assert all(r["question"] == r["question"].strip() for r in ROWS)


def test_the_split_follows_from_the_id() -> None:
    for row in ROWS:
        even = int(sha256(row["id"].encode()).hexdigest(), 16) % 2 == 0
        assert row["split"] == ("dev" if even else "test"), row["id"]


def test_there_are_enough_questions_of_every_kind() -> None:
    counts = Counter(r["kind"] for r in ROWS)
    assert set(counts) == set(AT_LEAST)
    assert {kind: n for kind, n in counts.items() if n < AT_LEAST[kind]} == {}
    assert len(ASKED) >= 170
    assert len(UNANSWERABLE) >= 60


def test_every_sentence_and_fact_is_gold_twice(article: Article) -> None:
    times = Counter(gold for row in ASKED for gold in row["sentences"])
    missing = []
    for sentence in article.sentences:
        text = sentence.span.of(article.text)
        names = {text, text.partition(": ")[2]} if sentence.paragraph.kind == "infobox" else {text}
        if sum(times[name] for name in names) < 2:
            missing.append(text)
    assert missing == []


def test_the_readme_gives_the_counts() -> None:
    readme = PATH.with_name("README.md").read_text(encoding="utf-8")
    for kind, n in Counter(r["kind"] for r in ROWS).items():
        assert f"| `{kind}` | {n} |" in readme
    splits = Counter(r["split"] for r in ROWS)
    assert f"{len(ROWS)} questions" in readme
    assert f"{splits['dev']} dev and {splits['test']} test" in readme


def test_the_set_loads() -> None:
    dataset = datasets.load(PATH)
    assert len(dataset.questions) == len(ROWS)
    assert all(q.paragraphs for q in dataset.questions if q.answerable)
