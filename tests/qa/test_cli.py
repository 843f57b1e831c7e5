"""The `qa` command: what it prints, and that every mistake is one line on stderr and exit code 2."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from index.article import Article
from qa import Answer, Settings
from qa.cli import main
from qa.library import build_index


@dataclass(frozen=True)
class Done:
    """What a command left: exit code, and what it printed where."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `qa` with these arguments in this process, on a terminal wide enough for anything."""
    monkeypatch.setenv("COLUMNS", "1000")

    def run_it(*arguments: object, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            main()
            code = 0
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return run_it


@pytest.fixture
def index_directory(toytown: Article, tmp_path: Path) -> Path:
    build_index([toytown], tmp_path / "index", Settings.from_environment(), None)
    return tmp_path / "index"


# ask


def test_ask_prints_the_quote_and_what_stands_behind_it(run: Run, toytown_file: Path) -> None:
    """Quote with its number, section, footnote with publisher and archive, confidence; nothing on stderr."""
    done = run("ask", "What colour was the first train painted?", "--article", toytown_file)
    assert (done.code, done.err) == (0, "")
    assert "“The first train was painted red.” [1]" in done.out
    assert "Toytown Works › History" in done.out
    assert "footnote 1: Trains of wood, The Delft Post, 3 May 2001" in done.out
    assert "https://example.org/kept" in done.out
    assert "% likely right" in done.out


def test_ask_says_when_nothing_stands_behind_it(run: Run, toytown_file: Path) -> None:
    """No footnote, and the mark that editors left."""
    done = run("ask", "Why did Ada Quist leave the works in 2011?", "-a", toytown_file)
    assert "no footnote on this sentence" in done.out
    assert "marked: citation needed" in done.out


def test_ask_abstains_with_the_closest_passages(run: Run, toytown_file: Path) -> None:
    """An abstention is an answer, so the exit code is 0."""
    done = run("ask", "Who discovered penicillin in Paris?", "-a", toytown_file)
    assert done.code == 0
    assert "does not seem to answer this" in done.out
    assert "does not mention Paris" in done.out
    assert "Closest passages:" in done.out


def test_ask_the_built_in_article(run: Run) -> None:
    """Without --article."""
    assert "2014" in run("ask", "When was SenseTime founded?").out


@pytest.mark.parametrize(
    "question", ["What colour was the first train painted?", "Who discovered penicillin in Paris?"]
)
def test_ask_json_is_the_whole_answer(run: Run, toytown_file: Path, question: str) -> None:
    """One JSON value on stdout with the keys of `to_dict`, answered or not."""
    done = run("ask", question, "-a", toytown_file, "--json")
    assert (done.code, done.err) == (0, "")
    read = json.loads(done.out)
    assert read.keys() == {f.name for f in fields(Answer)}
    assert read["question"] == question


def test_markup_in_a_question_is_only_text(run: Run) -> None:
    """Square brackets are printed, not obeyed or swallowed."""
    assert run("ask", "[bold]When[/bold] was [/nonsense] SenseTime founded?").code == 0


# chat


def test_chat_remembers_what_was_asked(run: Run, toytown_file: Path) -> None:
    """Two questions through stdin, an empty line between them; the second is read as a follow-up."""
    done = run("chat", "-a", toytown_file, stdin="When was Toytown Works founded?\n\nWhat is its stock ticker?\n")
    assert done.code == 0
    assert "Understood as: What is Toytown Works's stock ticker?" in done.out
    assert "NYSE: TOY" in done.out
    assert "Ask about Toytown Works. Ctrl-D ends." in done.err


def test_chat_goes_on_after_a_mistake(run: Run, toytown_file: Path) -> None:
    """A question that is too long is refused in one line, and the next one is answered."""
    done = run("chat", "-a", toytown_file, stdin=f"{'x' * 2000}\nWhat colour was the first train painted?\n")
    assert done.code == 0
    assert "the question has 2,000 characters" in done.err
    assert "The first train was painted red." in done.out


# index, verify


def test_index_then_verify_then_ask(run: Run, toytown_file: Path, tmp_path: Path) -> None:
    """An index is made, found whole, and answers."""
    other = tmp_path / "Zoo.txt"
    other.write_text("Owls hoot at night.", "utf-8")
    made = run("index", toytown_file, other, "--out", tmp_path / "made")
    assert made.code == 0
    assert "2 article(s)" in made.err
    verified = run("verify", tmp_path / "made")
    assert verified.code == 0
    assert "is whole: format 4" in verified.out
    assert "Toytown Works: " in verified.out
    assert "2 footnotes" in verified.out
    assert "Owls hoot at night." in run("ask", "When do owls hoot?", "-a", tmp_path / "made").out


def test_verify_notices_a_flipped_byte(run: Run, index_directory: Path) -> None:
    """One line that names the file and the remedy."""
    (dense,) = index_directory.glob("dense-*")
    content = bytearray(dense.read_bytes())
    content[-1] ^= 1
    dense.write_bytes(content)
    done = run("verify", index_directory)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith(f"qa: {dense} has other bytes than were written; build it again with: qa index")
    assert done.err.count("\n") == 1


# Mistakes


def refused(done: Done, message: str) -> None:
    """Exit code 2, one line on stderr that says what is wrong, nothing on stdout."""
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.startswith("qa: ")
    assert done.err.count("\n") == 1
    assert done.err.endswith("\n")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "the question is empty: type a question"),
        ("   ", "the question is empty: type a question"),
        ("x" * 10_000, "the question has 10,000 characters: ask in at most 1,000"),
    ],
)
def test_a_question_that_cannot_be_asked(run: Run, question: str, message: str) -> None:
    """Empty, blank, too long."""
    refused(run("ask", question), message)


FILES = {
    "missing.wikitext": (None, "does not exist"),
    "empty.wikitext": (b"", "is empty"),
    "binary.wikitext": (b"\x7fELF\x00\x00\x01", "is a binary file"),
    "other.wikitext": (b"\xff\xfe\xfa", "is not UTF-8 text"),
    "page.html": (b"<!DOCTYPE html>\n<html><head></head><body>x</body></html>", "is a web page"),
    "paper.pdf": (b"%PDF-1.7", "is not wikitext"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_article(run: Run, tmp_path: Path, name: str) -> None:
    """Asked, talked to, or indexed: the same line, which names the file."""
    content, message = FILES[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    for arguments in (("ask", "When?", "-a", path), ("chat", "-a", path), ("index", path, "--out", tmp_path / "new")):
        done = run(*arguments)
        refused(done, message)
        assert str(path) in done.err
    assert not (tmp_path / "new").exists()


def test_a_directory_that_is_no_index(run: Run, tmp_path: Path) -> None:
    """To ask, to verify, or to build into."""
    (tmp_path / "folder").mkdir()
    refused(run("ask", "When?", "-a", tmp_path / "folder"), "holds no index; build one with: qa index")
    refused(run("verify", tmp_path / "folder"), "holds no index; build one with: qa index")
    refused(run("verify", tmp_path / "nowhere"), "does not exist; build one with: qa index")
    refused(run("index", tmp_path / "folder", "--out", tmp_path / "new"), "is not a file")
    (tmp_path / "folder" / "letter.txt").write_text("mine")
    zoo = tmp_path / "Zoo.txt"
    zoo.write_text("Owls hoot.")
    refused(run("index", zoo, "--out", tmp_path / "folder"), "is not empty and holds no index")
    assert (tmp_path / "folder" / "letter.txt").read_text() == "mine"


def test_an_index_of_another_format(run: Run, index_directory: Path) -> None:
    """To ask or to verify: both numbers and the remedy."""
    content = json.loads((index_directory / "manifest.json").read_text("utf-8"))
    (index_directory / "manifest.json").write_text(json.dumps({**content, "format": 99}), "utf-8")
    message = "has format 99, this version of Footnote reads 4; build it again with: qa index"
    refused(run("ask", "When?", "-a", index_directory), message)
    refused(run("verify", index_directory), message)


def test_a_setting_that_does_not_fit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of the environment is an input like any other."""
    monkeypatch.setenv("FOOTNOTE_THRESHOLD", "high")
    refused(run("ask", "When?"), "FOOTNOTE_THRESHOLD is 'high'; it must be a number")


def test_a_program_sees_no_traceback(tmp_path: Path) -> None:
    """The command as it is installed, in a process of its own, from a folder of its own."""
    command = [str(Path(sys.executable).with_name("qa")), "ask", "When?", "--article", str(tmp_path / "missing.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=os.environ)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "does not exist" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["ask"], ["ask", "When?", "--nonsense"], ["index", "x.txt"], ["nonsense"]])
def test_a_wrong_command_is_explained(run: Run, arguments: list[str]) -> None:
    """Exit code 2 and how to use it."""
    done = run(*arguments)
    assert done.code == 2
    assert "Usage: " in done.out + done.err
