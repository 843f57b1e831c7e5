"""Every HTTP response → the same response with security headers; what the page does not need → refused.

The policy lets the page run its own script file, use its own style sheet and call its own server, and
nothing else: nothing in an article could run, or make the browser fetch anything, even if escaping
failed. Requests that change something are refused when another site's page sends them, and so are
Gradio's own uploads, which the page has no use for. Left out: authentication.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
UPLOAD_PATH = "/gradio_api/upload"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """ASGI middleware: adds `HEADERS`, answers 403 to other sites' requests and 404 to Gradio's uploads."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["path"].startswith(UPLOAD_PATH):
            await PlainTextResponse("Bring articles through the page.", 404)(scope, receive, send_guarded)
        elif scope["method"] not in READING and _is_foreign(Headers(scope=scope)):
            await PlainTextResponse("Only this page itself may do that.", 403)(scope, receive, send_guarded)
        else:
            await self.app(scope, receive, send_guarded)


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser sent it for a page of another site; programs that are no browsers send no origin."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
