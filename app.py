"""The web page, made with Gradio: a question in, an answer shown beside the article it quotes.

`main` is the program, `serve` runs the page for a QA that exists already, `build_page` is the page as
Gradio Blocks. Nothing leaves this machine: telemetry and model look-ups are off before Gradio is imported.
Left out: how an answer is found (`qa`), the HTML of the panes, their style and script (`page`).
"""

# Annotations are evaluated: Gradio finds out from them that an event wants the browser's request.
import argparse
import ipaddress
import os
import signal
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

# Read when Gradio is imported, so they are set before anything can import it.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
# Around its events Gradio asks matplotlib, where that is installed, for its backend: looking for one takes a second.
os.environ.setdefault("MPLBACKEND", "agg")

from index.errors import FootnoteError, SettingError
from page.starters import starters

if TYPE_CHECKING:
    import gradio
    import uvicorn

    from page.shelf import Asks, Shelf

HOST = "127.0.0.1"
PORT = 7860
#: Seconds that starting and stopping the server may take.
START_LIMIT = 30.0
#: Seconds between looks at whether the program is asked to stop.
STOP_CHECK = 0.2
STOP_LIMIT = 2


def build_page(shelf: "Shelf") -> "gradio.Blocks":
    """The page as Gradio Blocks: the conversation, the question box, the article; and the public endpoint `/ask`.

    The box's submit event asks. Its `js` adds what the page knows of the question (`page.asking`), and a
    second step hands the reply to the page's script, which keeps and shows it.
    """
    import gradio as gr
    from gradio.events import api

    from page import pieces
    from page.asking import reply
    from page.guard import browser_key

    def converse(question: str, asked: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        return reply(shelf, question, asked, browser_key(request.cookies))

    def ask(question: str) -> dict[str, Any]:
        """Ask one question. Returns the Answer with its citations, passages and timings."""
        try:
            return shelf.home.qa.ask(question).to_dict()
        except FootnoteError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def pane(html: str) -> gr.HTML:
        return gr.HTML(html, apply_default_css=False, js_on_load=None)

    page: gradio.Blocks
    with gr.Blocks(title=f"{shelf.home.article(0).title} – Footnote", fill_width=True, analytics_enabled=False) as page:
        pane(pieces.masthead())
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="chat"):
                pane(pieces.chat(shelf.home))
                question = gr.Textbox(
                    label="Your question",
                    placeholder="Ask a question about this article",
                    max_lines=5,
                    submit_btn="Ask",
                    elem_id="question",
                )
            pane(pieces.reading(shelf.home))
        pane(pieces.dialogs(shelf))
        asked, got = gr.JSON(visible=False), gr.JSON(visible=False)

        question.submit(
            converse,
            [question, asked],
            got,
            js="(typed) => footnote.asked(typed)",
            show_progress="hidden",
            concurrency_id="ask",
            api_visibility="private",
        ).then(None, got, js="(reply) => footnote.answered(reply)", api_visibility="private")
        api(ask, api_name="ask", concurrency_id="ask")
    return page


class RunningPage:
    """A page that is being served at `url`, until `close`."""

    def __init__(self, url: str, server: "uvicorn.Server", listener: socket.socket) -> None:
        self.url = url
        self._server = server
        self._thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_LIMIT
        while not server.started:
            alive = self._thread.is_alive()
            if not alive or time.monotonic() > deadline:
                listener.close()
                what = f"did not start within {START_LIMIT:.0f} seconds" if alive else "stopped while starting"
                raise SettingError(f"the page at {url} {what}; see the log above")
            time.sleep(0.01)

    def close(self) -> None:
        """Stop serving; returns when the port is free again."""
        self._server.should_exit = True
        self._thread.join(timeout=STOP_LIMIT + 5)


def serve(qa: "Asks", host: str = HOST, port: int = PORT) -> RunningPage:
    """Serve the page for `qa` in the background, on any free port when `port` is 0.

    Raises SettingError when the address cannot be listened on.
    """
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI
    from starlette.middleware import Middleware

    from page.guard import Guard
    from page.pieces import PAPER, head
    from page.routes import refused, routes
    from page.shelf import Shelf

    with suppress(ImportError):
        import matplotlib  # noqa: F401 - Gradio would load it while the first question waits

    listener = _listen(host, port)
    shelf = Shelf(qa)
    theme = gr.themes.Base(font=["sans-serif"], font_mono=["monospace"]).set(
        body_background_fill=PAPER[0], body_background_fill_dark=PAPER[1]
    )
    guard = Middleware(Guard, names=_names(host, listener))
    app = FastAPI(middleware=[guard], docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(routes(shelf))
    app.add_exception_handler(FootnoteError, refused)
    # Gradio comes last: it answers whatever the routes above do not, which is the page and its events.
    app = gr.mount_gradio_app(
        app,
        build_page(shelf),
        path="/",
        theme=theme,
        head=head(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size="1kb",
    )
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=STOP_LIMIT)
    return RunningPage(_url(host, listener), uvicorn.Server(config), listener)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program until Ctrl-C or SIGTERM; 0 when stopped, 2 when it could not start."""
    options = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        # An address that is taken is found out now, not after an index has been built.
        _listen(options.host, options.port).close()
        from qa import QA
        from qa.spelling import english

        _progress(f"Loading {options.article or 'the built-in article'} …")
        qa = QA.load(options.article, progress=_Stages())
        _progress("Warming up …")
        qa.ask(starters(qa.articles[0])[0])
        english()  # a third of a second, which no question should wait for
        running = serve(qa, options.host, options.port)
    except FootnoteError as error:
        print(f"footnote: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    stopped = _stop_signals()
    print(f"Footnote is open at {running.url} (Ctrl-C stops it)", flush=True)
    if options.open:
        webbrowser.open(running.url)
    while not stopped:
        time.sleep(STOP_CHECK)
    _progress("Stopping …")
    running.close()
    return 0


def _stop_signals() -> list[int]:
    """A list that holds a signal as soon as one asks the program to stop.

    The handler only notes it: an exception raised in the middle of whatever runs, or twice since make and
    the terminal both pass Ctrl-C on, would end in a traceback.
    """
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: received.append(got))
    return received


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="footnote", description="Ask an article questions in the browser, offline.")
    parser.add_argument(
        "--article",
        metavar="PATH",
        help="wikitext, plain text, MediaWiki XML export or index directory (default: built-in article)",
    )
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=_port, default=PORT, help="port, 0 for any free one (default: %(default)s)")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    return parser


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 65535:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port: give a number from 0 to 65535")
    return int(value)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; port 0 takes any free port."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:  # a name with an empty part cannot be encoded
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(
            f"cannot listen on {host} port {port} ({reason}): give another --port (0: any free one) or --host"
        ) from error


def _names(host: str, listener: socket.socket) -> frozenset[str] | None:
    """The names that the page answers to: this computer's own where only it can connect, else any (None)."""
    from page.guard import LOCAL_NAMES

    loopback = ipaddress.ip_address(listener.getsockname()[0]).is_loopback
    return LOCAL_NAMES | {host.lower()} if loopback else None


def _url(host: str, listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{listener.getsockname()[1]}"


class _Stages:
    """Says on stderr, once for each stage of building an index, what is being done."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._said:
            self._said = stage
            _progress(f"  {stage} …")


def _progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
