"""The conversations of `eval/sets/followups.jsonl` against the built-in article and their own rules."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

import pytest

from eval import datasets, squad

PATH = datasets.SETS / "followups.jsonl"
ROWS = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
KINDS = {"bare_phrase", "other_topic", "pronoun", "elaboration", "unanswerable"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_is_whole(row: dict[str, object]) -> None:
    """Something was asked before; an accepted answer stands in every gold sentence; the unanswerable are near."""
    answers, sentences = row["answers"], row["sentences"]
    assert isinstance(answers, list)
    assert isinstance(sentences, list)
    assert row["history"]
    assert bool(answers) == bool(sentences) == (row["kind"] != "unanswerable") == ("near" not in row)
    assert all(squad.holds(gold, answers) for gold in sentences)
    even = int(sha256(str(row["id"]).encode()).hexdigest(), 16) % 2 == 0
    assert row["split"] == ("dev" if even else "test")


def test_there_are_enough_of_every_kind() -> None:
    counts = Counter(row["kind"] for row in ROWS)
    assert set(counts) == KINDS
    assert min(counts.values()) >= 10
    assert [row["id"] for row in ROWS] == [f"fu-{i:03d}" for i in range(1, len(ROWS) + 1)]
    conversations = Counter((*row["history"], row["question"]) for row in ROWS)
    assert max(conversations.values()) == 1


def test_the_readme_gives_the_counts() -> None:
    readme = PATH.with_name("README.md").read_text(encoding="utf-8")
    splits = Counter(row["split"] for row in ROWS)
    for kind, n in Counter(row["kind"] for row in ROWS).items():
        assert f"| `{kind}` | {n} |" in readme
    assert f"{len(ROWS)} conversations, {splits['dev']} dev and {splits['test']} test" in readme


def test_the_set_loads() -> None:
    """Gold sentences are found in the article, which the loader checks."""
    assert all(q.paragraphs for q in datasets.load(PATH).questions if q.answerable)
