"""Every HTTP response → the same response with security headers; what the page does not need → refused.

The policy lets the page run its own files, use its own style sheets and call its own server, and nothing
else. Gradio asks for three things more: it makes functions out of templates and of its events' `js`
(`unsafe-eval`), it writes styles into elements (`unsafe-inline`, for styles alone), and its document has
inline scripts: each is allowed by its hash, as the server wrote it. So neither an inline script nor an
`onerror=` could run, nor anything be fetched from elsewhere, even if escaping an article failed.

Requests that change something are refused when another site's page sends them, and so are Gradio's own
uploads, which the page has no use for. Where only this computer can reach the page, it answers to this
computer's own names alone: another site could let its name lead here, and would be the same site then.
A browser that opens the page gets a random key in a cookie, by which it finds the articles it brought.
Left out: authentication.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "footnote"
#: The key in the cookie: 32 random bytes, url-safe; and the days that a browser keeps it, the most it may.
KEY_BYTES, KEY_LENGTH, KEY_DAYS = 32, 43, 400
UPLOAD_PATH = "/gradio_api/upload"
WRONG_NAME = "Open this page as 127.0.0.1 or localhost: only its own computer can reach it, so it has no other name."
READING = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
#: What this computer is called in its own browsers' addresses.
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def policy(inline_scripts: Iterable[bytes] = ()) -> str:
    """The Content-Security-Policy of a document with these inline scripts."""
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in inline_scripts]
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self' 'unsafe-eval'", *hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        )
    )


def browser_key(cookies: Mapping[str, str]) -> str:
    """The key of the browser that sends `cookies`, "" without one that the page could have given."""
    key = cookies.get(COOKIE, "")
    return key if len(key) == KEY_LENGTH else ""


class Guard:
    """ASGI middleware: adds `HEADERS` and a policy; other sites' requests get 403, Gradio's uploads 404.

    `names` are the hosts that the page answers to, whatever the port; None for any.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str] | None = None) -> None:
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({**HEADERS, "Content-Security-Policy": policy()})
            await send(message)

        headers = Headers(scope=scope)
        if self.names is not None and _host(headers) not in self.names:
            await PlainTextResponse(WRONG_NAME, 403)(scope, receive, send_guarded)
        elif scope["path"].startswith(UPLOAD_PATH):
            await PlainTextResponse("Bring articles through the page.", 404)(scope, receive, send_guarded)
        elif scope["method"] not in READING and _is_foreign(headers):
            await PlainTextResponse("Only this page itself may do that.", 403)(scope, receive, send_guarded)
        elif scope["path"] == "/":
            await self._document(scope, receive, send)
        else:
            await self.app(scope, receive, send_guarded)

    async def _document(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page itself: held back until it is whole, since its headers depend on its scripts."""
        start: dict[str, Any] = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        headers = Headers(scope=scope)
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, collect)
        changed = MutableHeaders(scope=start)
        changed.update({**HEADERS, "Content-Security-Policy": policy(_INLINE_SCRIPT.findall(bytes(body)))})
        changed["Cache-Control"] = "no-store"
        key = browser_key(cookie_parser(headers.get("cookie", ""))) or secrets.token_urlsafe(KEY_BYTES)
        changed.append("Set-Cookie", _cookie(key))
        await send(start)
        await send({"type": "http.response.body", "body": bytes(body)})


def _cookie(key: str) -> str:
    # "lax": sent when a link on another site is followed, so that no new key is given over the old one.
    return f"{COOKIE}={key}; Max-Age={KEY_DAYS * 86400}; Path=/; HttpOnly; SameSite=lax"


def _host(headers: Headers) -> str:
    """The name that the page was asked for, without its port; "" when there is none."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser sent it for a page of another site; programs that are no browsers send no origin."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
