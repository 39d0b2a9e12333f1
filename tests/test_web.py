"""What stands between the browser and Streamlit, without either: plain ASGI calls."""

import asyncio
from collections.abc import Callable
from typing import Any

from provmap.ui.web import COOKIE, GuardedDownloads, SafeHeaders, content_security_policy

FILE = "/media/abc123.csv"


async def answer_html(scope: Any, receive: Any, send: Any) -> None:
    """Stands for Streamlit: a page, with a header that ours replaces."""
    headers = [(b"content-type", b"text/html"), (b"cache-control", b"public")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"page"})


def ask(app: Any, path: str, browser: str = "") -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """One request, and what came back."""
    cookie = [(b"cookie", f"odd cookie; {COOKIE}={browser}".encode())] if browser else []
    scope = {"type": "http", "path": path, "headers": cookie, "scheme": "http"}
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, None, send))
    return sent[0]["status"], sent[0]["headers"], sent[1]["body"]


def connect(guard: GuardedDownloads, browser: str, inside: Callable[[], None]) -> None:
    """A page's connection that tells its browser of FILE; `inside` runs while it is open."""

    async def streamlit(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.send", "bytes": b"\x0a\x07" + FILE.encode() + b"\x12"})

    async def send(message: dict[str, Any]) -> None:
        guard.app = answer_html
        await asyncio.to_thread(inside)

    guard.app = streamlit
    scope = {"type": "websocket", "headers": [(b"cookie", f"{COOKIE}={browser}".encode())]}
    asyncio.run(guard(scope, None, send))


class TestHeaders:
    def test_nothing_is_loaded_from_elsewhere(self) -> None:
        policy = content_security_policy()
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert "unsafe-eval" not in policy

    def test_every_answer_has_them_once(self) -> None:
        _, headers, _ = ask(SafeHeaders(answer_html), "/gaps")
        found = dict(headers)
        assert len(found) == len(headers)
        assert found[b"x-content-type-options"] == b"nosniff"
        assert found[b"referrer-policy"] == b"no-referrer"
        assert b"frame-ancestors 'none'" in found[b"content-security-policy"]

    def test_data_is_not_kept_and_scripts_may_be(self) -> None:
        assert dict(ask(SafeHeaders(answer_html), "/media/x.csv")[1])[b"cache-control"] == b"no-store"
        assert dict(ask(SafeHeaders(answer_html), "/static/js/x.js")[1])[b"cache-control"] == b"public"


class TestDownloads:
    def test_a_new_browser_gets_a_cookie_that_scripts_cannot_read(self) -> None:
        headers = dict(ask(GuardedDownloads(answer_html), "/")[1])
        assert headers[b"set-cookie"].startswith(f"{COOKIE}=".encode())
        assert b"HttpOnly; SameSite=Strict" in headers[b"set-cookie"]
        assert b"set-cookie" not in dict(ask(GuardedDownloads(answer_html), "/", browser="known")[1])

    def test_the_browser_that_was_told_gets_the_file(self) -> None:
        guard = GuardedDownloads(answer_html)
        statuses: list[int] = []
        connect(guard, "ours", lambda: statuses.append(ask(guard, FILE, browser="ours")[0]))
        assert statuses == [200]

    def test_nobody_else_does(self) -> None:
        guard = GuardedDownloads(answer_html)
        statuses: list[int] = []

        def others() -> None:
            statuses.append(ask(guard, FILE)[0])
            statuses.append(ask(guard, FILE, browser="another")[0])
            statuses.append(ask(guard, "/media/other.csv", browser="ours")[0])

        connect(guard, "ours", others)
        assert statuses == [404, 404, 404]

    def test_it_ends_with_the_page(self) -> None:
        guard = GuardedDownloads(answer_html)
        connect(guard, "ours", lambda: None)
        status, _, body = ask(guard, FILE, browser="ours")
        assert status == 404
        assert b"has ended" in body
        assert guard.told == {}

    def test_fonts_are_no_downloads(self) -> None:
        assert ask(GuardedDownloads(answer_html), "/static/media/font.woff2")[0] == 200
