"""Measures that may not fall: a fixed set is asked again and compared with what was recorded.

The same program gives the same answers on the same machine. On another, int8 kernels round otherwise and some
answers change; `FLIPS` is the share of them that is taken for that. A measure fails when it falls further
than such a share moves it in 97.5 of 100 cases; a rise is no failure, and a reason to record anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from eval import datasets
from eval.metrics import measure
from eval.predict import Prediction, Subject, predict, read
from index.errors import FootnoteError

RECORDED: Final = Path(__file__).parent / "guard.json"

#: The dev halves of the project's own sets: small, always at hand, and no result is reported on them.
SETS: Final = ("sensetime", "followups")
GUARDED: Final = ("Recall@1", "Recall@5", "F1, answerable", "First quoted sentence right", "Accuracy", "AUROC")

#: The share of questions whose outcome may be another on another machine.
FLIPS: Final = 0.02


class GuardError(FootnoteError):
    """There is nothing recorded to compare with."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A measure on one set: what was recorded, how low it may be, and what it is now."""

    dataset: str
    measure: str
    recorded: float
    lowest: float
    now: float

    @property
    def fallen(self) -> bool:
        return self.now < self.lowest


def ask(subject: Subject[Any]) -> dict[str, tuple[Prediction, ...]]:
    """Set → the predictions for all of its dev half."""
    found = {}
    with TemporaryDirectory() as folder:
        for name in SETS:
            dataset = datasets.select(datasets.load(Path(name)), datasets.Draw("dev"))
            out = Path(folder) / f"{name}.jsonl"
            predict(dataset, out, subject)
            found[name] = read(out).predictions
    return found


def record(asked: Mapping[str, Sequence[Prediction]], out: Path = RECORDED) -> None:
    """Writes what the measures are now to `out`."""
    values = {
        name: {m: round(v, 4) for m, (v, _) in _values(predictions).items()} for name, predictions in asked.items()
    }
    out.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def check(asked: Mapping[str, Sequence[Prediction]], recorded: Path = RECORDED) -> list[Guarded]:
    """Each guarded measure now, beside what was recorded. Raises GuardError where nothing was."""
    try:
        before = json.loads(recorded.read_text("utf-8"))
        return [
            Guarded(name, m, before[name][m], before[name][m] - 1.96 * sqrt(FLIPS / count), now)
            for name, predictions in asked.items()
            for m, (now, count) in _values(predictions).items()
        ]
    except (OSError, ValueError, LookupError) as e:
        raise GuardError(f"{recorded} holds no values to compare with; run: python -m eval guard --record") from e


def _values(predictions: Sequence[Prediction]) -> dict[str, tuple[float, int]]:
    """Guarded measure → its value, and over how many questions."""
    return {e.measure.name: (e.value, e.count) for e in measure(predictions) if e.measure.name in GUARDED}
