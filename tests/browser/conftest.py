"""A real browser before the real server. A test here is for what only a browser can show:
links, keys, downloads, uploads, focus, and that nothing leaves the machine. All else is tested a layer below.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.browser.chromium import find_chromium
from tests.browser.server import running_app
from tests.conftest import put_sample

# Milliseconds. Long, because nothing here is about speed and a busy machine is no failure.
PATIENCE = 30_000
# Streamlit asks for these two beside a deep link before it finds them at the root.
PERMITTED_404 = re.compile(r"^/[^/]+/_stcore/(health|host-config)$")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium. Without one, these tests fail in CI and are skipped elsewhere."""
    path = find_chromium()
    if path is None:
        reason = "no Chrome, Chromium or Edge found: install one, or name its path in PROVMAP_CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    # Chromium refuses its sandbox to root, as whom containers run.
    is_root = sys.platform == "linux" and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if is_root else [])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sample_data(session_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of `sample_app`."""
    folder = tmp_path_factory.mktemp("sample")
    put_sample(session_folder, folder)
    return folder


@pytest.fixture(scope="package")
def sample_app(browser: Browser, sample_data: Path) -> Iterator[str]:
    """The address of the app with no data of its own: the sample school. For tests that only look."""
    with running_app(sample_data) as address:
        yield address


@pytest.fixture
def start_app(browser: Browser, session_folder: Path) -> Iterator[Callable[[Path], str]]:
    """Start a server of the test's own: `address = start_app(data_folder)`; the sample is made already."""

    def start(data: Path) -> str:
        if not (data / "current.json").exists():
            put_sample(session_folder, data)
        return servers.enter_context(running_app(data))

    with ExitStack() as servers:
        yield start


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    # Tall enough for the whole sidebar: a list that opens closes again when the page scrolls to it.
    context = browser.new_context(
        viewport={"width": 1440, "height": 1400}, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test on a request to another host, an error in the console or in a script."""
    problems: list[str] = []

    def watch_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            problems.append(f"a request left the machine: {request.url}")

    def watch_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not PERMITTED_404.match(urlsplit(message.location["url"]).path):
            problems.append(f"console error: {message.text} ({message.location['url']})")

    context.on("request", watch_request)
    context.on("console", watch_console)
    context.on("weberror", lambda error: problems.append(f"page error: {error.error}"))
    page = context.new_page()
    page.on("websocket", lambda socket: None if _is_local(socket.url) else problems.append(socket.url))
    yield page
    assert problems == []


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1"
