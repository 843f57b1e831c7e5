"""Settings: read from the environment, refused when they make no sense, each one explained."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from qa import SettingError, Settings
from qa.settings import THRESHOLDS, variable

NAMES = [setting.name for setting in fields(Settings)]


def test_nothing_in_the_environment_gives_the_defaults() -> None:
    """Other variables do not matter, and one that is set to nothing counts as not set."""
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"FOOTNOTE_READ": "", "FOOTNOTE_UNKNOWN": "1", "READ": "9"}) == Settings()


def test_variables_are_read() -> None:
    """Each as what it is: whole number, number, text."""
    given = {
        "FOOTNOTE_READ": "7",
        "FOOTNOTE_THRESHOLD": "0.5",
        "FOOTNOTE_DENSE_WEIGHT": "1",
        "FOOTNOTE_PRECISION": "fp32",
        "FOOTNOTE_CACHE": "/somewhere",
    }
    read = Settings.from_environment(given)
    assert read == replace(Settings(), read=7, threshold=0.5, dense_weight=1.0, precision="fp32", cache="/somewhere")
    assert (read.encoders, read.indexes) == (Path("/somewhere/encoders"), Path("/somewhere/indexes"))


def test_a_threshold_is_a_probability_or_a_plain_word() -> None:
    """The words stand for probabilities, the stricter the higher; "balanced" is the default."""
    read = {word: Settings.from_environment({"FOOTNOTE_THRESHOLD": word}).threshold for word in THRESHOLDS}
    assert read == dict(THRESHOLDS)
    assert read["strict"] > read["balanced"] > read["eager"] > 0
    assert Settings().threshold == read["balanced"]
    assert Settings(threshold="strict").threshold == read["strict"]  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="strict, balanced, eager"):
        Settings.from_environment({"FOOTNOTE_THRESHOLD": "lenient"})


def test_the_real_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is at the time."""
    monkeypatch.setenv("FOOTNOTE_ALTERNATIVES", "0")
    assert Settings.from_environment().alternatives == 0


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FOOTNOTE_READ", "many", "FOOTNOTE_READ is 'many'; it must be a whole number"),
        ("FOOTNOTE_READ", "2.5", "FOOTNOTE_READ is '2.5'; it must be a whole number"),
        ("FOOTNOTE_READ", "0", "FOOTNOTE_READ is 0; it must be at least 1"),
        ("FOOTNOTE_CONSIDERED", "-1", "FOOTNOTE_CONSIDERED is -1; it must be at least 1"),
        (
            "FOOTNOTE_THRESHOLD",
            "18%",
            "FOOTNOTE_THRESHOLD is '18%'; it must be a number, or one of strict, balanced, eager",
        ),
        ("FOOTNOTE_THRESHOLD", "1.1", "FOOTNOTE_THRESHOLD is 1.1; it must be between 0 and 1"),
        ("FOOTNOTE_DENSE_WEIGHT", "nan", "FOOTNOTE_DENSE_WEIGHT is nan; it must be between 0 and 1"),
        ("FOOTNOTE_ALTERNATIVES", "-1", "FOOTNOTE_ALTERNATIVES is -1; it must not be negative"),
        ("FOOTNOTE_PRECISION", "int4", "FOOTNOTE_PRECISION is 'int4'; choose fp32 or int8"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, value: str, message: str) -> None:
    """The error names the variable, the value, and what fits."""
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({name: value})
    assert str(caught.value) == message


def test_settings_given_in_code_are_checked_too() -> None:
    """The same door for both."""
    with pytest.raises(SettingError, match="FOOTNOTE_THRESHOLD is 2"):
        Settings(threshold=2)


def test_every_setting_has_a_unit_and_a_reason() -> None:
    """Defined once, with all that a reader of the README needs."""
    for setting in fields(Settings):
        assert setting.metadata["unit"], setting.name
        assert setting.metadata["reason"], setting.name


def test_the_fingerprint_follows_what_answers_depend_on() -> None:
    """Where things are kept and fetched from changes no answer; anything else may."""
    changed = {
        "model": "x", "precision": "fp32", "max_tokens": 99, "candidates": 9, "dense_weight": 0.9, "considered": 9,
        "read": 9, "read_tokens": 9, "read_gap": 0.9, "read_sure": 0.9, "threshold": 0.9, "alternatives": 9,
        "question_limit": 9, "cache": "x", "uploads": "x", "wiki": "x",
    }  # fmt: skip
    assert changed.keys() == set(NAMES)
    same = {
        n for n, value in changed.items() if replace(Settings(), **{n: value}).fingerprint == Settings().fingerprint
    }
    assert same == {"cache", "uploads", "wiki"}
    assert len(Settings().fingerprint) == 12


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_names_every_setting(name: str, root: Path) -> None:
    """By its environment variable, with its default, unit and reason as they are in the code."""
    readme = root / "README.md"
    if not readme.exists():
        pytest.skip("there is no README.md yet")
    lines = [line for line in readme.read_text("utf-8").splitlines() if f"`{variable(name)}`" in line]
    assert lines, f"README.md does not name {variable(name)}"
    (setting,) = (s for s in fields(Settings) if s.name == name)
    assert any(setting.metadata["reason"] in line and setting.metadata["unit"] in line for line in lines)
    if name not in {"cache", "uploads"}:
        assert any(str(setting.default) in line for line in lines)
