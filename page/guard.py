"""Every HTTP response → the same response with security headers; file uploads → refused, the page has none.

The policy lets the page load and call only its own server, so that nothing in an article could make
the browser fetch anything even if escaping failed. Gradio's own templates need inline and evaluated
scripts, so those stay allowed. Left out: authentication.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self' blob:",
        "form-action 'none'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
UPLOAD_PATH = "/gradio_api/upload"


class Guard:
    """ASGI middleware: adds `HEADERS` to every response and answers 404 to uploads."""

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
            await PlainTextResponse("There is nothing to upload here.", 404)(scope, receive, send_guarded)
        else:
            await self.app(scope, receive, send_guarded)
