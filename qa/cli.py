"""The `qa` command: ask, chat, index, verify, serve. A user's mistake is one line on stderr and exit code 2."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from index.embedding import Progress as Tell
from index.errors import FootnoteError
from qa.answer import Answer, Citation

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
app = typer.Typer(
    help="Ask questions of Wikipedia articles. Every answer is a verbatim quote, with the footnotes behind it.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ArticlePath = Annotated[
    Path | None,
    typer.Option(
        "--article",
        "-a",
        help="Wikitext, plain text, a MediaWiki XML export or an index directory; default: the built-in article.",
    ),
]
#: What a stage of a build is called while it runs.
STAGES = {
    "export": "Preparing the embedding model (once on this machine)",
    "chunk": "Cutting into passages",
    "embed": "Embedding passages",
    "write": "Writing the index",
    "commit": "Writing the index",
}


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    article: ArticlePath = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of the answer as JSON.")] = False,
) -> None:
    """Answer one question.

    [dim]qa ask "When was SenseTime founded?"[/dim]
    [dim]qa ask "Who is the mayor?" --article toronto.wikitext --json[/dim]
    """
    from qa.pipeline import QA

    with progress_bars() as tell:
        answer = QA.load(article, progress=tell).ask(question)
    if as_json:
        # Not through rich, which would wrap long lines.
        sys.stdout.write(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        show(answer)


@app.command()
def chat(article: ArticlePath = None) -> None:
    """Ask one question after another; "it" and "what about …?" refer to the one before. Ctrl-D ends."""
    from qa.pipeline import QA

    with progress_bars() as tell:
        qa = QA.load(article, progress=tell)
    titles = ", ".join(a.title for a in qa.articles)
    err.print(f"Ask about [bold]{escape(titles)}[/bold]. Ctrl-D ends.")
    history: list[Answer] = []
    while True:
        try:
            question = out.input("[bold]> [/bold]")
        except (EOFError, KeyboardInterrupt):
            err.print()
            return
        if not question.strip():
            continue
        try:
            answer = qa.ask(question, history)
        except FootnoteError as error:
            err.print(escape(str(error)), style="red")
            continue
        history.append(answer)
        show(answer)


@app.command()
def index(
    paths: Annotated[list[Path], typer.Argument(help="Files of wikitext or plain text, or MediaWiki XML exports.")],
    to: Annotated[Path, typer.Option("--out", "-o", help="The index directory, made or brought up to date.")],
) -> None:
    """Build an index over articles; what has not changed is not embedded again."""
    from index.wikipedia import read_articles
    from qa.library import build_index
    from qa.settings import Settings

    articles = [article for path in paths for article in read_articles(path)]
    with progress_bars() as tell:
        built = build_index(articles, to, Settings.from_environment(), tell)
    err.print(f"{len(built.articles)} article(s), {len(built.passages)} passages in {escape(str(to))}")


@app.command()
def verify(directory: Annotated[Path, typer.Argument(help="An index directory.")]) -> None:
    """Check every file of an index against its manifest."""
    from index import store

    manifest = store.verify(directory)
    out.print(f"{escape(str(directory))} is whole: format {manifest.format}, built {manifest.created}")
    for article in manifest.articles:
        dropped = sum(article["dropped"].values())
        out.print(
            f"  {escape(article['title'])}: {article['paragraphs']} paragraphs, {article['sentences']} sentences, "
            f"{article['references']} footnotes, {dropped} template(s) without text dropped, "
            f"sha256 {article['sha256'][:12]}"
        )


@app.command()
def serve(
    article: ArticlePath = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes any that is free.")] = 7860,
) -> None:
    """Open the web page: chat on one side, the article on the other."""
    command = [sys.executable, "-P", "-m", "app", "--host", host, "--port", str(port)]
    if article is not None:
        command += ["--article", str(article)]
    # The page is a layer above this one: started, not imported; never an app.py of the working directory (-P).
    os.execv(sys.executable, command)


def show(answer: Answer) -> None:
    """Print an answer as a person reads it: quote, footnotes, confidence."""
    if answer.standalone_question != " ".join(answer.question.split()):
        out.print(f"[dim]Understood as: {escape(answer.standalone_question)}[/dim]")
    if answer.abstained:
        out.print(f"[yellow]{escape(answer.text)}[/yellow] {escape(answer.reason or '')}")
        if answer.passages:
            out.print("[dim]Closest passages:[/dim]")
        for passage in answer.passages[:3]:
            place = " › ".join((passage.article.title, *passage.paragraph.section))
            text = passage.text if len(passage.text) <= 160 else passage.text[:159] + "…"
            out.print(f"  [dim]{escape(place)}[/dim]  {escape(text)}", soft_wrap=True)
        return
    if answer.short is not None:
        out.print(f"[bold]{escape(answer.short)}[/bold]")
    for citation in answer.citations:
        _show_citation(citation)
    for alternative in answer.alternatives:
        likely = f"[dim]perhaps also, {alternative.confidence:.0%} likely:[/dim]"
        out.print(f"{likely} [bold]{escape(alternative.short or '')}[/bold]")
        for citation in alternative.citations:
            _show_citation(citation)
    out.print(f"[dim]{answer.confidence:.0%} likely right · {answer.timings['total'] * 1000:.0f} ms[/dim]")


def _show_citation(citation: Citation) -> None:
    place = " › ".join((citation.article.title, *citation.paragraph.section))
    out.print(f"“{_marked(citation)}” [cyan]\\[{citation.number}][/cyan]", soft_wrap=True)
    lines = [f"[dim]{escape(place)}, {citation.paragraph.id}, {citation.article.licence}[/dim]"]
    lines += [f"[yellow]marked: {escape(mark)}[/yellow]" for mark in citation.marks]
    if not citation.references:
        lines.append("[dim]no footnote on this sentence[/dim]")
    for source in chain.from_iterable(reference.sources for reference in citation.references):
        parts = [source.title or source.raw, source.publisher, source.date]
        lines.append(f"footnote {source.number}: {escape(', '.join(p for p in parts if p))}")
        if link := source.archive_url or source.url:
            gone = " (dead link)" if source.dead and not source.archive_url else ""
            lines.append(f"  [dim]{escape(link)}{gone}[/dim]")
    for line in lines:
        out.print(f"  {line}", soft_wrap=True)


def _marked(citation: Citation) -> str:
    """The quote, ready to be printed, with the span that answers underlined."""
    if citation.short_span is None:
        return escape(citation.quote)
    start, end = (place - citation.span.start for place in (citation.short_span.start, citation.short_span.end))
    before, short, after = citation.quote[:start], citation.quote[start:end], citation.quote[end:]
    return f"{escape(before)}[underline]{escape(short)}[/underline]{escape(after)}"


@contextmanager
def progress_bars() -> Iterator[Tell]:
    """A callback that shows stages as bars on stderr while they last; nothing where stderr is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
    tasks: dict[str, TaskID] = {}

    def tell(stage: str, done: int, total: int) -> None:
        bars.start()
        if stage not in tasks:
            tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
        bars.update(tasks[stage], completed=done, total=total)

    try:
        yield tell
    finally:
        if tasks:  # stopping what never started would leave an empty line
            bars.stop()


def main() -> None:
    """Run the command; a FootnoteError becomes one line and exit code 2."""
    try:
        app()
    except FootnoteError as error:
        err.print(f"[red]qa:[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
