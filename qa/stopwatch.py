"""Seconds per stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Times the stages of a batch; `seconds` gives each question its even share of every stage."""

    def __init__(self, questions: int) -> None:
        self._questions = max(questions, 1)
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self._stages[name] = perf_counter() - started

    def seconds(self) -> dict[str, float]:
        """Stage → seconds for one question, in order, and "total"."""
        shares = {name: taken / self._questions for name, taken in self._stages.items()}
        return {**shares, "total": sum(shares.values())}
