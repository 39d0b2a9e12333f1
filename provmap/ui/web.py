"""What stands between the browser and Streamlit: headers on every answer, and a guard on downloads.

Both are plain ASGI middleware, so that nothing of a page's data is copied or held up on its way.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from importlib.resources import files

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "provmap_browser"
MEDIA_ADDRESS = re.compile(rb"/media/([0-9A-Za-z]+)")
GONE = b"This download has ended with the page that made it. Go back to the page and press its button again."


def middleware() -> list[Middleware]:
    """The middleware that `app.py` hands to Streamlit, outermost first."""
    return [Middleware(SafeHeaders), Middleware(GuardedDownloads)]


def content_security_policy() -> str:
    """Everything from this server and nothing from anywhere else.

    Streamlit's page has one inline script. Its hash is worked out from the page as installed, so that a new
    version of Streamlit needs no edit here.
    """
    page = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in inline)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class SafeHeaders:
    """Adds the headers that keep a browser from loading, framing, guessing or keeping what it should not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", content_security_policy().encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Streamlit's own scripts and styles carry a hash in their names and may be kept; all else may not.
        keep = "/static/" in scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = self.headers if keep else [*self.headers, (b"cache-control", b"no-store")]
                names = {name for name, _ in ours}
                theirs = [(name, value) for name, value in message["headers"] if name.lower() not in names]
                message = {**message, "headers": [*theirs, *ours]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class GuardedDownloads:
    """Gives a file only to the browser that was told its address, and only while it has a page open.

    Streamlit itself serves `/media/<hash>` to whoever asks, also after the session. Each browser therefore
    gets a random cookie that scripts cannot read. The addresses that a page's own connection sends to it are
    noted with that cookie, and forgotten when the last connection of the browser closes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.connections: dict[str, int] = {}
        self.told: dict[str, set[str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._watch(scope, receive, send)
        elif scope["type"] == "http" and "/media/" in scope["path"] and "/static/" not in scope["path"]:
            await self._guard(scope, receive, send)
        elif scope["type"] == "http":
            await self._greet(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _greet(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a browser without a cookie one, with the page itself."""
        has_cookie = bool(_browser(scope))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and not has_cookie and _is_page(message):
                secure = "; Secure" if scope.get("scheme") == "https" else ""
                value = f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Strict{secure}"
                message = {**message, "headers": [*message["headers"], (b"set-cookie", value.encode())]}
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    async def _watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note which downloads a page's connection announces to its browser."""
        browser = _browser(scope)
        if not browser:
            await self.app(scope, receive, send)
            return

        async def send_and_note(message: Message) -> None:
            sent = message.get("bytes") if message["type"] == "websocket.send" else None
            if sent and b"/media/" in sent:
                found = {name.decode() for name in MEDIA_ADDRESS.findall(sent)}
                self.told.setdefault(browser, set()).update(found)
            await send(message)

        self.connections[browser] = self.connections.get(browser, 0) + 1
        try:
            await self.app(scope, receive, send_and_note)
        finally:
            self.connections[browser] -= 1
            if not self.connections[browser]:
                del self.connections[browser]
                self.told.pop(browser, None)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].rpartition("/media/")[2].partition(".")[0]
        if name in self.told.get(_browser(scope), ()):
            await self.app(scope, receive, send)
            return
        await send(
            {
                "type": "http.response.start",
                "status": 404,
                "headers": [(b"content-type", b"text/plain; charset=utf-8")],
            }
        )
        await send({"type": "http.response.body", "body": GONE})


def _browser(scope: Scope) -> str:
    """The browser's random name. Read by hand: one odd cookie of another local program must not hide ours."""
    for header, value in scope["headers"]:
        if header == b"cookie":
            for cookie in value.decode("latin-1").split(";"):
                name, _, content = cookie.strip().partition("=")
                if name == COOKIE:
                    return str(content)
    return ""


def _is_page(message: Message) -> bool:
    headers = message["headers"]
    return any(name.lower() == b"content-type" and b"text/html" in value for name, value in headers)
