"""The program around the page: its HTTP API, its headers, how it starts and how it stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from gradio_client import Client
from gradio_client.exceptions import AppError
from page_fakes import OverlapQA

import app
from index import Article
from index.errors import SettingError
from page.asking import reply
from page.guard import COOKIE, KEY_LENGTH, WRONG_NAME
from page.shelf import LARGEST_FILE, Shelf
from page.starters import starters
from qa import QA

ROOT = Path(app.__file__).parent
#: Seconds that a whole program may take to start on a busy machine.
PATIENCE = 180


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    connected = Client(url, verbose=False)
    yield connected
    connected.close()


def test_the_api_gives_the_whole_answer(client: Client, qa: QA) -> None:
    """The same shape as `Answer.to_dict()`; only the timings differ from run to run."""
    got = client.predict("When was SenseTime founded?", api_name="/ask")
    want = qa.ask("When was SenseTime founded?").to_dict()
    assert got.keys() == want.keys()
    assert {**got, "timings": 0, "passages": 0} == {**want, "timings": 0, "passages": 0}


def test_the_article_answers_every_question_it_is_introduced_with(qa: QA) -> None:
    assert [q for q in starters(qa.articles[0]) if qa.ask(q).abstained] == []


def test_the_api_names_what_is_wrong_with_a_question(client: Client) -> None:
    with pytest.raises(AppError, match="empty"):
        client.predict("", api_name="/ask")


def test_asking_is_the_only_public_endpoint(client: Client) -> None:
    api = client.view_api(return_format="dict", print_info=False)
    assert list(api["named_endpoints"]) == ["/ask"]
    assert api["unnamed_endpoints"] == {}


def test_every_response_carries_the_security_headers(url: str) -> None:
    with urllib.request.urlopen(url, timeout=30) as response:
        assert "connect-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_policy_lets_nothing_run_but_files_and_what_gradio_wrote(url: str) -> None:
    """No other host, no form, no inline script but those of Gradio's document, each by its own hash.

    Gradio makes functions out of its events' `js` and writes styles into elements: these two it needs.
    """
    with urllib.request.urlopen(url, timeout=30) as response:
        policy, document = response.headers["Content-Security-Policy"], response.read().decode()
    directives = {name: values for name, *values in (part.split() for part in policy.split("; "))}
    assert directives["default-src"] == directives["form-action"] == ["'none'"]
    assert directives["style-src"] == ["'self'", "'unsafe-inline'"]
    assert directives["script-src"][:2] == ["'self'", "'unsafe-eval'"]
    hashes = directives["script-src"][2:]
    assert all(value.startswith("'sha256-") for value in hashes)
    assert len(hashes) == len(re.findall(r"<script(?![^>]*src=)", document))
    assert "http" not in policy


def test_another_document_allows_no_inline_script(url: str) -> None:
    with urllib.request.urlopen(f"{url}/article", timeout=30) as response:
        assert "script-src 'self' 'unsafe-eval';" in response.headers["Content-Security-Policy"]


def test_the_page_is_gradios(url: str, client: Client) -> None:
    """What is opened at / is a Gradio app: panes, question box and its event are components of it."""
    with urllib.request.urlopen(url, timeout=30) as response:
        assert "<gradio-app" in response.read().decode()
    kinds = [component["type"] for component in client.config["components"]]
    assert {"html", "textbox", "row", "column"} <= set(kinds)
    box = next(c["id"] for c in client.config["components"] if c["props"].get("elem_id") == "question")
    assert [[box, "submit"]] in [dependency["targets"] for dependency in client.config["dependencies"]]


def test_a_browser_gets_a_key_of_its_own_and_keeps_it(url: str) -> None:
    def opened(cookie: str = "") -> str:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Cookie": cookie}), timeout=30) as response:
            assert response.headers["Cache-Control"] == "no-store"
            return response.headers["Set-Cookie"]

    first, second = opened(), opened()
    assert "HttpOnly" in first
    assert "SameSite=lax" in first
    key = first.split(";")[0]
    assert key != second.split(";")[0]
    assert opened(key).split(";")[0] == key
    assert opened("footnote=short").split(";")[0] != "footnote=short"


def test_gradios_own_uploads_are_refused(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{url}/gradio_api/upload", data=b"x", timeout=30)


@pytest.mark.parametrize("name", ["script.js", "style.css"])
def test_whether_the_program_is_there_can_be_asked_without_a_file(url: str, name: str) -> None:
    """The page asks so again and again while it waits: HEAD is answered, and nothing is sent."""
    with urllib.request.urlopen(urllib.request.Request(f"{url}/{name}", method="HEAD"), timeout=30) as response:
        assert response.status == 200
        assert response.read() == b""


def told(url: str, host: str) -> tuple[int, bytes]:
    """What is answered to a browser that was led here under the name `host`: status, body."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize("path", ["/", "/articles", "/script.js"])
def test_another_sites_name_does_not_lead_to_a_page_of_this_computer_alone(url: str, path: str) -> None:
    own = ["127.0.0.1", "127.0.0.1:1", "localhost", "LOCALHOST:7860", "[::1]", "[::1]:7860"]
    foreign = ["evil.example", "evil.example:7860", "localhost.evil.example", "127.0.0.1.evil.example", "[::1", ""]
    assert {told(f"{url}{path}", host)[0] for host in own} == {200}
    assert {told(f"{url}{path}", host) for host in foreign} == {(403, WRONG_NAME.encode())}


def test_a_page_for_other_computers_answers_to_any_name() -> None:
    qa = OverlapQA(Article.from_paragraphs("T", ["One sentence."]))
    running = app.serve(qa, host="0.0.0.0", port=0)  # type: ignore[arg-type]
    try:
        assert told(f"{running.url}/articles", "footnote.example")[0] == 200
    finally:
        running.close()


@pytest.mark.parametrize("path", ["articles/fetch", "gradio_api/queue/join"])
def test_another_sites_page_cannot_ask_or_change_anything(url: str, path: str) -> None:
    request = urllib.request.Request(
        f"{url}/{path}", b"{}", {"Origin": "https://evil.example", "Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=30)


def sent(url: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    """What the page's own HTTP answers to a program that is no browser: status, JSON."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def replied(qa: QA, question: str, **asked: str) -> dict[str, Any]:
    return reply(Shelf(qa), question, {"id": "a", **asked}, "")


@pytest.mark.parametrize(
    ("question", "place", "message"),
    [
        ("", "", "question is empty"),
        ("x" * 2000, "", "2,000 characters"),
        ("Who?", "nosuchnosuch/0", "no such article"),
    ],
)
def test_what_cannot_be_answered_is_one_message(qa: QA, question: str, place: str, message: str) -> None:
    got = replied(qa, question, place=place)
    assert got.keys() == {"id", "error"}
    assert message in got["error"]


@pytest.mark.parametrize("place", ["nosuchnosuch/0", "/9999999"])
def test_an_article_that_is_not_there_is_said_to_be_missing(url: str, place: str) -> None:
    """Also a number that no book has; the page that is opened with it says the same (test_page_talks)."""
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{url}/article?place={place}", timeout=30)
    assert "article" in json.load(caught.value)["error"]


def test_a_question_before_that_is_too_long_to_ask_is_left_out(qa: QA) -> None:
    """What a follow-up was understood as may be longer than what may be asked: the new question still is."""
    assert replied(qa, "Who founded it?", before="x" * 5000)["standalone"] == "Who founded it?"


def test_an_article_is_not_taken_from_who_could_not_find_it_again(url: str) -> None:
    """Without the page's cookie an upload would belong to nobody."""
    status, got = sent(f"{url}/articles?name=x.txt", b"Some text.")
    assert status == 400
    assert "cookie" in got["error"]


def test_an_endless_upload_is_stopped(url: str) -> None:
    status, got = sent(f"{url}/articles?name=x.txt", b"x" * (LARGEST_FILE + 1), Cookie=f"{COOKIE}={'k' * KEY_LENGTH}")
    assert status == 400
    assert "larger than 16 MiB" in got["error"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it ends so, with code 3
def test_a_server_that_ends_before_it_began_is_told_from_a_slow_one() -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("no such thing")

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(broken, lifespan="on", log_level="critical"))
    with pytest.raises(SettingError, match="stopped while starting"):
        app.RunningPage("http://127.0.0.1", server, listener)


def test_close_frees_the_port() -> None:
    running = app.serve(OverlapQA(Article.from_paragraphs("T", ["One sentence."])), port=0)  # type: ignore[arg-type]
    port = int(running.url.rsplit(":", 1)[1])
    running.close()
    socket.create_server(("127.0.0.1", port)).close()


def test_importing_the_program_loads_no_model_library_and_turns_telemetry_off() -> None:
    code = (
        "import app, os, sys\n"
        "assert not {'torch', 'sentence_transformers', 'gradio', 'transformers'} & set(sys.modules)\n"
        "assert os.environ['GRADIO_ANALYTICS_ENABLED'] == 'False' and os.environ['HF_HUB_OFFLINE'] == '1'\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=PATIENCE)


def start(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_the_program_prints_its_address_serves_and_stops_cleanly(how: signal.Signals) -> None:
    """The signal comes twice, as it does under make, which passes on what the terminal has sent already."""
    process = start("--port", "0")
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Footnote is open at http://127.0.0.1:"), process.communicate(timeout=PATIENCE)
        with urllib.request.urlopen(line.split()[4], timeout=30) as response:
            assert response.status == 200
        process.send_signal(how)
        process.send_signal(how)
        rest, errors = process.communicate(timeout=30)
        assert (process.returncode, rest) == (0, "")
        assert "Traceback" not in errors
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("what", ["port", "article"])
def test_a_start_that_cannot_work_is_one_line_and_code_2(what: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        options = ["--port", port] if what == "port" else ["--port", "0", "--article", "no/such.wikitext"]
        process = start(*options)
        output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert output == ""
    assert "Traceback" not in errors
    final = errors.strip().splitlines()[-1]
    assert final.startswith("footnote: ")
    assert (port if what == "port" else "no/such.wikitext") in final
