"""The README is run: its Python examples, its commands' help, its settings."""

import doctest
from dataclasses import fields
from pathlib import Path

import pytest

from qa.settings import Settings, variable

README = Path(__file__).parent.parent / "README.md"


def test_python_examples_give_what_they_show() -> None:
    """Every ">>>" of the README, with its output."""
    result = doctest.testfile(str(README), module_relative=False)
    assert result.attempted > 10
    assert result.failed == 0


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda f: str(f.name))
def test_every_setting_is_in_the_readme_as_it_is(setting: object) -> None:
    """Name, default and unit of each setting stand in one row of the table."""
    name, default = setting.name, setting.default  # type: ignore[attr-defined]
    shown = {"cache": "the user cache folder", "uploads": "the user data folder"}.get(name, str(default))
    row = f"| `{variable(name)}` | {shown} | {setting.metadata['unit']} | {setting.metadata['reason']} |"  # type: ignore[attr-defined]
    assert row in README.read_text("utf-8")


def test_pictures_and_links_into_the_project_exist() -> None:
    """Nothing in the README leads nowhere."""
    text = README.read_text("utf-8")
    for target in (
        "docs/screenshots/answer.png",
        "docs/design.md",
        "docs/limitations.md",
        "eval/LOG.md",
        "LICENSE",
        "NOTICE",
    ):
        assert f"({target})" in text
        assert (README.parent / target).is_file()
