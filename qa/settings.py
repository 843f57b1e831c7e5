"""Every setting, once: its default, unit, reason and environment variable.

`Settings()` reads nothing; `Settings.from_environment()` takes what `FOOTNOTE_…` variables say.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_dir, user_data_dir

from index.errors import SettingError
from index.export import DEFAULT_MODEL, PRECISIONS

#: Plain words for the threshold, and the probability each stands for; docs/reader.md has what each costs.
THRESHOLDS: Final[Mapping[str, float]] = {"strict": 0.5, "balanced": 0.2, "eager": 0.1}


def _setting(default: Any, unit: str, reason: str) -> Any:
    return field(default=default, metadata={"unit": unit, "reason": reason})


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen; the environment variable of `read` is FOOTNOTE_READ, and so on."""

    model: str = _setting(DEFAULT_MODEL, "name or folder", "embeds passages and questions; the default is installed")
    precision: str = _setting("int8", "int8 or fp32", "int8 is a quarter of the size, faster, and finds as much")
    max_tokens: int = _setting(200, "tokens", "longest passage, title and section included; the model reads 256")
    candidates: int = _setting(50, "passages", "taken from each of the two searches before they are fused")
    dense_weight: float = _setting(0.6, "0..1", "weight of meaning against words; chosen on the tune articles")
    considered: int = _setting(10, "passages", "kept in an answer, best first")
    read: int = _setting(10, "passages", "read for an answer, at most; the right one is among them 99 times in 100")
    read_tokens: int = _setting(1000, "tokens", "read for an answer, at most: a long passage takes the time of several")
    read_gap: float = _setting(
        0.2,
        "of the fused score",
        "a passage farther behind the best one is not read, nor one nearer but low in rank: it hardly ever answers",
    )
    read_sure: float = _setting(
        2.0,
        "of the reader's margin",
        "where an answer in the first two passages is this far ahead of none, no other passage is read",
    )
    threshold: float = _setting(
        THRESHOLDS["balanced"],
        f"probability, or {', '.join(THRESHOLDS)}",
        "below this the answer is withheld; balanced withholds at most a tenth of what can be answered",
    )
    alternatives: int = _setting(2, "answers", "at most this many further answers from other paragraphs")
    question_limit: int = _setting(1000, "characters", "a longer question is refused: the model reads some 1,000")
    cache: str = _setting(user_cache_dir("footnote"), "folder", "exported encoders, and indexes of single files")
    uploads: str = _setting(user_data_dir("footnote"), "folder", "the articles that were brought to the web page")
    wiki: str = _setting("off", "off or address", "the wiki, such as https://en.wikipedia.org, to fetch articles from")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The defaults, changed by FOOTNOTE_… variables. Raises SettingError for a value that does not fit."""
        given: dict[str, Any] = {}
        for setting in fields(cls):
            raw = environment.get(variable(setting.name))
            if raw:
                given[setting.name] = _read(setting.name, raw, type(setting.default))
        return cls(**given)

    def __post_init__(self) -> None:
        given: Any = self.threshold
        if isinstance(given, str):  # a word for it does in Python too
            object.__setattr__(self, "threshold", _read("threshold", given, float))
        for name in ("candidates", "considered", "read", "read_tokens", "question_limit", "max_tokens"):
            if getattr(self, name) < 1:
                raise SettingError(f"{variable(name)} is {getattr(self, name)}; it must be at least 1")
        for name in ("dense_weight", "threshold"):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingError(f"{variable(name)} is {getattr(self, name)}; it must be between 0 and 1")
        for name in ("read_gap", "alternatives"):
            if not getattr(self, name) >= 0:
                raise SettingError(f"{variable(name)} is {getattr(self, name)}; it must not be negative")
        if self.precision not in PRECISIONS:
            raise SettingError(f"{variable('precision')} is {self.precision!r}; choose {' or '.join(PRECISIONS)}")

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that are the same for the same settings, those aside that no answer depends on."""
        chosen = {name: value for name, value in asdict(self).items() if name not in {"cache", "uploads", "wiki"}}
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def encoders(self) -> Path:
        return Path(self.cache) / "encoders"

    @property
    def indexes(self) -> Path:
        return Path(self.cache) / "indexes"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"FOOTNOTE_{name.upper()}"


def _read(name: str, raw: str, kind: type) -> Any:
    if name == "threshold" and raw in THRESHOLDS:
        return THRESHOLDS[raw]
    try:
        return kind(raw)
    except ValueError as error:
        what = "a whole number" if kind is int else "a number"
        if name == "threshold":
            what = f"a number, or one of {', '.join(THRESHOLDS)}"
        raise SettingError(f"{variable(name)} is {raw!r}; it must be {what}") from error
