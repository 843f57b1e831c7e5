"""A wiki on this machine: speaks as much of the MediaWiki API as an export by title takes."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

TEXT = "Hulme has a mill that was built in 1874."


class LocalWiki:
    """Has one article, "Hulme", to which "Old" leads; "Limited" and "Down" fail. `seen`: path and user agent."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        wiki = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                wiki.seen.append((address.path, self.headers["User-Agent"]))
                status, body = _answer({name: values[0] for name, values in parse_qs(address.query).items()})
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> LocalWiki:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


def _answer(query: dict[str, str]) -> tuple[int, str]:
    if (query["action"], query["export"], query["exportnowrap"]) != ("query", "1", "1"):
        return 400, ""
    title = query["titles"]
    if title == "Limited":
        return 200, json.dumps({"error": {"code": "ratelimited", "info": "You have exceeded your rate limit."}})
    if title == "Down":
        return 503, ""
    if title == "Old" and query.get("redirects"):
        title = "Hulme"
    page = f"<page><title>{title}</title><ns>0</ns><revision><id>9</id><text>{TEXT}</text></revision></page>"
    site = "<siteinfo><base>http://wiki.example/wiki/Main</base></siteinfo>"
    return 200, f"<mediawiki>{site}{page if title == 'Hulme' else ''}</mediawiki>"
