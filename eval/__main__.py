"""The command line of the evaluation: `python -m eval run|report|compare|ablate|guard|bench|fit`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval import datasets
from eval.compare import Difference, compare
from eval.metrics import Estimate, latency, measure
from eval.predict import Prediction, PredictionsError, Subject, predict, read
from eval.report import name, report, shown
from index.errors import FootnoteError

if TYPE_CHECKING:
    from qa import QA

RUNS = Path("runs")
CHANGES_SHOWN = 20

app = typer.Typer(
    help="Measure how well Footnote answers: ask a data set, report on it, compare two runs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()

Arguments = ParamSpec("Arguments")


def _explained(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """`command`, ending in one line on standard error and exit code 2 where the user can put it right."""

    @wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FootnoteError as e:
            print(f"error: {' '.join(str(e).split())}", file=sys.stderr)
            raise typer.Exit(2) from e

    return run


@app.command("run")
@_explained
def run_command(  # noqa: PLR0913, PLR0917 - an option of the command each
    data: Annotated[
        Path,
        typer.Option(help="A name in eval/sets, or a file: our JSONL, invented articles, SQuAD, SelQA, ranking."),
    ] = Path("sensetime"),
    given: Annotated[str, typer.Option(help="article, or paragraph: SQuAD with only the gold paragraph.")] = "article",
    written: Annotated[
        Path | None, typer.Option(help="Questions we wrote on its articles, instead of its own: a sheet (.tsv).")
    ] = None,
    article: Annotated[
        Path | None, typer.Option(help="The article that a JSONL of ours asks about; default: the built-in one.")
    ] = None,
    split: Annotated[str, typer.Option(help="dev, test or all; a SQuAD file is not divided.")] = "test",
    limit: Annotated[int | None, typer.Option(help="Ask only so many questions, drawn at random.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random draws.")] = 0,
    out: Annotated[Path | None, typer.Option(help="The predictions file; one that was cut short goes on.")] = None,
    timed: Annotated[int, typer.Option("--time", min=0, help="How many questions to ask singly, for the clock.")] = 30,
) -> None:
    """Ask all questions, write the predictions, and print the measures."""
    loaded = datasets.load(data, given, article)
    asked = datasets.written(loaded, written) if written else loaded
    chosen = datasets.select(asked, datasets.Draw(split, limit, seed))
    path = out or RUNS / f"{chosen.label}.jsonl"
    predict(chosen, path, _subject(), timed=timed, progress=sys.stderr.isatty())
    predictions = read(path)
    estimates = (*measure(predictions.predictions), *latency(predictions.timings))
    console.print(_measures(f"{chosen.name}: {len(predictions.predictions):,} questions", estimates))
    console.print(f"source:      {chosen.source} ({chosen.licence})", markup=False, soft_wrap=True)
    console.print(f"predictions: {path}\nreport:      python -m eval report {path}", markup=False, soft_wrap=True)


@app.command("ablate")
@_explained
def ablate_command(  # noqa: PLR0913, PLR0917 - an option of the command each
    data: Annotated[Path, typer.Option(help="As for `run`.")] = Path("sensetime"),
    split: Annotated[str, typer.Option(help="dev, test or all; test is for reporting only.")] = "dev",
    limit: Annotated[int | None, typer.Option(help="Ask only so many questions, drawn at random.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random draws.")] = 0,
    stage: Annotated[list[str] | None, typer.Option(help="Only this stage; may be given several times.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the predictions.")] = RUNS / "ablate",
) -> None:
    """Turn each stage off in turn, and print what it is worth."""
    from eval.ablate import ABLATIONS, ablate  # loads the models' libraries
    from qa.settings import Settings

    names = [ablation.stage for ablation in ABLATIONS]
    if unknown := set(stage or ()) - set(names):
        raise datasets.DataSetError(f"there is no stage {sorted(unknown)[0]!r}: use {', '.join(names)}")
    chosen = datasets.select(datasets.load(data), datasets.Draw(split, limit, seed))
    for worth in ablate(chosen, out, Settings.from_environment(), stage or (), sys.stderr.isatty()):
        console.print(_differences(f"without {worth.ablation.stage} ({worth.ablation.instead})", worth.differences))
        console.print("warm p50: with it {:.1f} ms, without {:.1f} ms".format(*worth.milliseconds))
        if worth.nothing:
            console.print("Worth nothing beyond its interval here.")


@app.command("bench")
@_explained
def bench_command(  # noqa: PLR0913, PLR0917 - an option of the command each
    data: Annotated[Path, typer.Option(help="A SQuAD file: its paragraphs are indexed, its questions asked.")],
    part: Annotated[
        list[str] | None, typer.Option(help="peers, reading, scale or machine; default: all of them.")
    ] = None,
    paragraphs: Annotated[int | None, typer.Option(min=1, help="Only the first so many paragraphs.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="How many questions each system is asked.")] = 500,
    rounds: Annotated[int, typer.Option(min=1, help="Builds and cold starts of each system.")] = 3,
    seed: Annotated[int, typer.Option(help="Seed of the random draws.")] = 0,
) -> None:
    """Time Footnote beside its peers, its reader beside torch, and its growth; on a machine that does nothing else."""
    from eval.bench import run  # loads the models' libraries

    dataset = datasets.load(data)
    for table in run.parts(dataset, part or run.PARTS, run.Size(paragraphs, questions, rounds, seed), _tell):
        console.print(_table(table.title, table.head, table.rows))


def _tell(what: str) -> None:
    print(what, file=sys.stderr)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    for number, column in enumerate(head):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


@app.command("guard")
@_explained
def guard_command(
    record: Annotated[bool, typer.Option(help="Record the present values as those to hold.")] = False,
) -> None:
    """Ask the guarded questions, and fail where a measure has fallen beyond its noise."""
    from eval import guard

    asked = guard.ask(_subject())
    if record:
        guard.record(asked)
    found = guard.check(asked)
    for g in found:
        verdict = " FALLEN" if g.fallen else ""
        line = f"{g.dataset}: {g.measure} {g.now:.3f}, recorded {g.recorded:.3f}, lowest {g.lowest:.3f}{verdict}"
        console.print(line, markup=False, soft_wrap=True)
    if any(g.fallen for g in found):
        raise typer.Exit(1)


@app.command("fit")
@_explained
def fit_command(
    data: Annotated[Path, typer.Option(help="A file in the SQuAD format; figures on it will flatter afterwards.")],
    out: Annotated[Path, typer.Option(help="Where the fitted numbers go.")] = Path("qa/calibration.json"),
) -> None:
    """Fit the numbers behind an answer's confidence, and print what each threshold would withhold.

    What is printed is of articles that were left out of the fit, each in turn.
    """
    from eval.fit import fit

    held_out = fit(data, out)
    console.print(f"AUROC of answerable {held_out.auroc:.3f}, ECE {held_out.ece:.3f}", markup=False)
    for threshold, shares in held_out.withheld.items():
        listed = ", ".join(f"{kind} {share:.3f}" for kind, share in shares.items())
        further = held_out.further[threshold]
        beside = (
            f"further answers {further['shown']:.0f}, said to be {further['said']:.3f}, right {further['right']:.3f}"
        )
        console.print(f"threshold {threshold:.2f} withholds: {listed}; {beside}", markup=False, soft_wrap=True)


@app.command("report")
@_explained
def report_command(
    predictions: Annotated[Path, typer.Argument(help="A predictions file that `run` wrote.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the report; default: beside the predictions.")] = None,
) -> None:
    """Write a report about a run: one HTML page, and the same in Markdown."""
    html, markdown = report(read(predictions))
    folder = out or predictions.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, text in ((".html", html), (".md", markdown)):
            path = folder / (predictions.stem + suffix)
            path.write_text(text, encoding="utf-8")
            console.print(str(path), markup=False, soft_wrap=True)
    except OSError as e:
        raise PredictionsError(f"{folder}: cannot be written to ({e.strerror}); give another --out") from e


@app.command("compare")
@_explained
def compare_command(
    a: Annotated[Path, typer.Argument(help="The predictions file to compare with.")],
    b: Annotated[Path, typer.Argument(help="The predictions file that may be better or worse.")],
) -> None:
    """Print what B changed against A: every measure, and the questions won and lost."""
    found = compare(read(a), read(b))
    console.print(_differences(f"{found.shared:,} questions", found.differences))
    if found.unshared:
        console.print(f"{found.unshared} questions are in one file only and were left out of both.")
    console.print(_changes("Right only in B", found.gained))
    console.print(_changes("Right only in A", found.lost))


def _subject() -> Subject[QA]:
    """Footnote as it ships, under the settings of the environment."""
    from eval.subject import footnote  # loads the models' libraries: not needed to report or compare
    from qa.settings import Settings

    return footnote(Settings.from_environment())


def _measures(title: str, estimates: Sequence[Estimate]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    table.add_column("Measure")
    for column in ("Value", "95%", "Questions"):
        table.add_column(column, justify="right")
    stage = ""
    for e in estimates:
        if e.measure.stage != stage:
            stage = e.measure.stage
            table.add_section()
            table.add_row(f"[bold]{stage}[/bold]")
        interval = f"{shown(e.low, e.measure)} – {shown(e.high, e.measure)}"
        table.add_row(escape(name(e.measure)), shown(e.value, e.measure), interval, f"{e.count:,}")
    return table


def _differences(title: str, differences: Sequence[Difference]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    table.add_column("Measure")
    for column in ("A", "B", "B − A", "95% of B − A", ""):
        table.add_column(column, justify="right")
    for d in differences:
        verdict = ("[green]better[/green]" if d.better else "[red]worse[/red]") if d.clear else ""
        interval = f"{d.low:+.3f} – {d.high:+.3f}"
        values = (shown(d.a, d.measure), shown(d.b, d.measure), f"{d.difference:+.3f}")
        table.add_row(escape(name(d.measure)), *values, interval, verdict)
    return table


def _changes(title: str, pairs: Sequence[tuple[Prediction, Prediction]]) -> Table:
    cut = f", the first {CHANGES_SHOWN}" if len(pairs) > CHANGES_SHOWN else ""
    table = Table(title=f"{title}: {len(pairs):,}{cut}", title_justify="left")
    for column in ("Question", "Expected", "A", "B"):
        table.add_column(column, overflow="fold")
    for a, b in pairs[:CHANGES_SHOWN]:
        expected = " / ".join(a.question.answers) or "(no answer)"
        table.add_row(
            *map(escape, (a.question.question, expected, a.answer or "(abstained)", b.answer or "(abstained)"))
        )
    return table


if __name__ == "__main__":
    app(prog_name="python -m eval")
