"""Asking starts quickly because it loads little; and everything can be started from anywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qa import QA

#: Needed to build an index, to open the page or to evaluate, each slow to import: asking needs none of them.
HEAVY = (
    "torch", "sentence_transformers", "transformers", "gradio", "bm25s", "scipy", "sklearn",
    "langchain", "langchain_core", "langchain_text_splitters", "onnx", "pandas", "matplotlib",
)  # fmt: skip

ASK = f"""
import sys
from qa import QA
answer = QA.load().ask("When was SenseTime founded?")
assert not answer.abstained, answer.reason
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def python(*arguments: str, cwd: Path | None = None) -> str:
    """What a fresh Python prints; it must end well."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_asking_loads_none_of_the_heavy_libraries() -> None:
    """In a fresh process, with an index that is there."""
    QA.load()  # builds the index if this is the first test to need it
    assert python("-c", ASK).strip() == "[]"


@pytest.mark.parametrize("package", ["index", "qa", "app"])
def test_packages_can_be_imported_from_anywhere(package: str, tmp_path: Path, root: Path) -> None:
    """Installed, not only found because Python was started beside them; without a word printed."""
    for place in (tmp_path, root, Path("/")):
        assert python("-W", "error::ImportWarning", "-c", f"import {package}", cwd=place) == ""


def qa(*arguments: str, cwd: Path) -> str:
    """What the installed command prints."""
    command = [str(Path(sys.executable).with_name("qa")), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_has_help(tmp_path: Path) -> None:
    """All subcommands are named."""
    for option in ("--help", "-h"):
        printed = qa(option, cwd=tmp_path)
        assert all(name in printed for name in ("ask", "chat", "index", "verify", "serve"))


@pytest.mark.parametrize(
    ("subcommand", "says"),
    [
        ("ask", "Answer one question."),
        ("chat", "Ask one question after another"),
        ("index", "Build an index over articles"),
        ("verify", "Check every file of an index"),
        ("serve", "Open the web page"),
    ],
)
def test_every_subcommand_has_help(subcommand: str, says: str, tmp_path: Path) -> None:
    """What it does and how it is used."""
    printed = qa(subcommand, "--help", cwd=tmp_path)
    assert says in printed
    assert f"Usage: qa {subcommand}" in printed


def test_serving_starts_our_page_wherever_it_is_called(tmp_path: Path) -> None:
    """An app.py, or a folder named as one of ours, in the working directory is somebody else's."""
    (tmp_path / "app.py").write_text("print('somebody else')")
    (tmp_path / "page").mkdir()
    command = [str(Path(sys.executable).with_name("qa")), "serve", "--host", "127.0.0..1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot listen on 127.0.0..1" in done.stderr


def test_help_does_not_load_what_it_does_not_need() -> None:
    """Help comes at once: neither FAISS nor the encoder's runtime is there for it."""
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "import qa.cli\n"
        "assert CliRunner().invoke(qa.cli.app, ['--help']).exit_code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    assert python("-c", code).strip() == "[]"
