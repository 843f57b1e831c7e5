"""The command line, with a small answerer where `qa.QA` plugs in."""

import json

import pytest
from typer.testing import CliRunner

from eval import __main__ as cli
from eval.predict import Subject


@pytest.fixture
def call(monkeypatch, word_qa, tmp_path):
    monkeypatch.setattr(cli, "_subject", lambda: Subject(word_qa))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli.app, [str(a) for a in arguments])


def test_run_prints_the_measures_and_writes_the_predictions(call, squad_file, tmp_path):
    done = call("run", "--data", squad_file, "--out", tmp_path / "a.jsonl", "--time", 2)
    assert done.exit_code == 0, done.output
    for name in ("Recall@1", "RR@10", "EM", "F1", "Citation precision", "Citation recall", "AUROC", "ECE", "p95"):
        assert name in done.output
    assert (tmp_path / "a.jsonl").exists()


def test_run_names_its_file_after_the_draw(call, squad_file, tmp_path):
    assert call("run", "--data", squad_file, "--limit", 2, "--seed", 7, "--time", 0).exit_code == 0
    assert (tmp_path / "runs" / "tiny-all-2-seed7.jsonl").exists()


def test_report_and_compare_read_what_run_wrote(call, squad_file, tmp_path):
    for name in ("a", "b"):
        assert call("run", "--data", squad_file, "--out", tmp_path / f"{name}.jsonl").exit_code == 0
    assert call("report", tmp_path / "a.jsonl", "--out", tmp_path / "reports").exit_code == 0
    assert (tmp_path / "reports" / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "reports" / "a.md").exists()
    done = call("compare", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert done.exit_code == 0, done.output
    assert "Right only in B: 0" in done.output


def test_the_set_that_results_are_reported_on_is_not_fitted_on(call, tmp_path):
    """Said before any work, and the numbers stay as they are."""
    (tmp_path / "numbers.json").write_text("{}")
    done = call("fit", "--data", "sensetime", "--out", tmp_path / "numbers.json")
    assert done.exit_code == 2
    assert "cannot be fitted on" in done.stderr
    assert (tmp_path / "numbers.json").read_text() == "{}"


def test_numbers_that_could_not_be_written_are_not_fitted(call, squad_file, tmp_path):
    [article] = json.loads(squad_file.read_text("utf-8"))["data"][:1]
    (tmp_path / "two.json").write_text(json.dumps({"data": [article, {**article, "title": "Another"}]}))
    done = call("fit", "--data", tmp_path / "two.json", "--out", "nowhere/numbers.json")
    assert done.exit_code == 2
    assert "there is no folder nowhere" in done.stderr
    done = call("fit", "--data", tmp_path / "two.json", "--out", tmp_path)
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr


def test_a_report_that_cannot_be_written_is_one_clear_error(call, squad_file, tmp_path):
    assert call("run", "--data", squad_file, "--out", tmp_path / "a.jsonl").exit_code == 0
    (tmp_path / "taken").write_text("")
    done = call("report", tmp_path / "a.jsonl", "--out", tmp_path / "taken")
    assert done.exit_code == 2
    assert "taken: cannot be written to" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("run", "--data", "absent.json"), ("report", "absent.jsonl"), ("compare", "a.jsonl", "b.jsonl")]
)
def test_errors_are_one_line_on_stderr_and_exit_code_2(call, arguments):
    done = call(*arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
