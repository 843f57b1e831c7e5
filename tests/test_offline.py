"""Indexing, asking and serving open no connection beyond this machine, in this process or in any that they start.

A hook in every Python process writes down, and refuses, each address that is looked up, connected to or
sent to and is not this machine's own. Not seen: what a library does in C without Python's sockets.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

#: Runs at the start of every Python process that finds it on PYTHONPATH, whoever starts it.
SITECUSTOMIZE = """
import ipaddress, os, sys

def _note(line):
    with open(os.environ["NETWORK_LOG"], "a", encoding="utf-8") as log:
        log.write(line + "\\n")

def _is_here(host):
    if isinstance(host, bytes):
        host = host.decode()
    if not isinstance(host, str) or host in ("", "localhost"):
        return True  # no host at all, or a netlink address
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False

def _hook(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        here = not isinstance(address, tuple) or _is_here(address[0])  # a path: a socket of this machine
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        address = args[0]
        here = _is_here(address)
    else:
        return
    if not here:
        _note(f"refused {event} {address!r} in {sys.orig_argv!r}")
        raise PermissionError(f"the test allows no connection: {event} {address!r}")

_note(f"started {sys.orig_argv!r}")
sys.addaudithook(_hook)
"""

#: Ways for a library to learn that it should stay offline, or to go by another machine: none is given.
HINTS = ("HF_", "HUGGINGFACE_", "TRANSFORMERS_", "SENTENCE_TRANSFORMERS_", "GRADIO_", "DO_NOT_TRACK")

SERVE = """
import sys
import app
from gradio_client import Client
from qa import QA

qa = QA.load(sys.argv[1])
assert "6 July 2014" in qa.ask("When did the fire start?").text
running = app.serve(qa, port=0)
client = Client(running.url, verbose=False)
answer = client.predict("When did the fire start?", api_name="/ask")
assert "6 July 2014" in answer["text"], answer
client.close()
running.close()
print("served")
"""


@dataclass(frozen=True)
class Watched:
    """Runs Python with the hook, in a folder with a cache of its own."""

    folder: Path

    @property
    def log(self) -> list[str]:
        """What the hook wrote so far, a line for each process and for each address refused."""
        path = self.folder / "network.log"
        return path.read_text("utf-8").splitlines() if path.exists() else []

    @property
    def refused(self) -> list[str]:
        return [line for line in self.log if line.startswith("refused")]

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(HINTS) and not name.lower().endswith("_proxy")
        }
        watched = {
            "PYTHONPATH": str(self.folder / "hook"),
            "NETWORK_LOG": str(self.folder / "network.log"),
            "FOOTNOTE_CACHE": str(self.folder / "cache"),
            "HF_HOME": str(self.folder / "hub"),  # no model that somebody downloaded before
        }
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=self.folder, env={**kept, **watched}
        )


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(SITECUSTOMIZE, "utf-8")
    return Watched(tmp_path)


def test_indexing_asking_and_serving_open_no_connection(watched: Watched) -> None:
    """A file is indexed with a fresh cache, model export and all; asked by command and in Python; served and asked."""
    (watched.folder / "Paint.wikitext").write_text(
        "'''Paint''' is a shop in [[Delft]].<ref>{{cite web |url=https://example.org |title=X}}</ref>\n\n"
        "== Fire ==\nThe fire started on 6 July 2014.",
        "utf-8",
    )
    for arguments in (
        ["-m", "qa.cli", "index", "Paint.wikitext", "--out", "made"],
        ["-m", "qa.cli", "ask", "When did the fire start?", "--article", "made"],
        ["-m", "qa.cli", "ask", "When did the fire start?", "--article", "Paint.wikitext"],
        ["-c", SERVE, "made"],
    ):
        done = watched.python(*arguments)
        assert (done.returncode, watched.refused) == (0, []), done.stderr
    assert done.stdout.splitlines()[-1] == "served"
    # The model was exported for real, by a process that was watched like the others.
    assert any("index.export" in line for line in watched.log)
    assert len(list((watched.folder / "cache" / "encoders").iterdir())) == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.getaddrinfo('example.org', 443)",
        "socket.gethostbyname('example.org')",
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.socket().connect(('192.0.2.1', 80))",
        "socket.getaddrinfo('2001:db8::1', 80)",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "urllib.request.urlopen('http://example.org', timeout=1)",
    ],
)
def test_a_connection_would_be_noticed(watched: Watched, attempt: str) -> None:
    """Also from a process that a process started, and also when the error is swallowed: this test can fail."""
    code = f"import socket, urllib.request\ntry: {attempt}\nexcept OSError: pass"
    starter = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}], check=True)"
    assert watched.python("-c", starter).returncode == 0
    assert len(watched.refused) == 1
    assert "example.org" in watched.refused[0] or "192.0.2.1" in watched.refused[0] or "2001:db8" in watched.refused[0]


def test_this_machine_may_talk_to_itself(watched: Watched) -> None:
    """Loopback in both families, by name or number, and sockets that are files: nothing of it is refused."""
    code = (
        "import socket\n"
        "socket.getaddrinfo('localhost', 80), socket.getaddrinfo(None, 80), socket.getaddrinfo('::1', 80)\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\n"
        "first, second = socket.socketpair()\n"
    )
    done = watched.python("-c", code)
    assert (done.returncode, watched.refused) == (0, []), done.stderr
    assert len(watched.log) == 1
