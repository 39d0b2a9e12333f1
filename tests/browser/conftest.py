"""A real browser before the real server. A test here is for what only a browser can show:
links, keys, downloads, uploads, focus, and that nothing leaves the machine. All else is tested a layer below.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    WebError,
    WebSocket,
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
# Tall enough for the whole sidebar: a list that opens closes again when the page scrolls to it.
SCREEN: ViewportSize = {"width": 1440, "height": 1400}
# A page lives for seconds: its scripts are gone before it pays to translate them into fast ones.
JS_FLAGS = "--js-flags=--no-opt --no-maglev"


@pytest.fixture(scope="package")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """The machine's own Chromium. Without one, these tests fail in CI and are skipped elsewhere.

    One for all tests, with a profile as a school's has: what it has loaded once it does not load again.
    """
    path = find_chromium()
    if path is None:
        reason = "no Chrome, Chromium or Edge found: install one, or name its path in PROVMAP_CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    # Chromium refuses its sandbox to root, as whom containers run.
    is_root = sys.platform == "linux" and os.geteuid() == 0
    with sync_playwright() as playwright:
        window = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=path,
            args=[JS_FLAGS, *(["--no-sandbox"] if is_root else [])],
            viewport=SCREEN, locale="en-GB", reduced_motion="reduce",
        )  # fmt: skip
        window.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        yield window
        window.close()


@pytest.fixture
def context(window: BrowserContext) -> Iterator[BrowserContext]:
    """The browser, in which nobody has done anything yet: one empty page, no cookie, nothing stored.

    That page is the same one for all tests: to open the app in a new one takes twice the work. It leaves by
    itself; sent away from outside, it would be as slow as a new one.
    """
    kept = window.pages[0]
    yield window
    for page in window.pages:
        if page is not kept:
            page.close()
    kept.evaluate(
        "if (location.protocol != 'about:') { sessionStorage.clear(); location.replace('about:blank') }"
    )
    kept.wait_for_url("about:blank")
    kept.set_viewport_size(SCREEN)
    kept.emulate_media(media="null")
    session = window.new_cdp_session(kept)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "cookies,local_storage"})
    session.detach()


@pytest.fixture(scope="package")
def sample_data(session_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of `sample_app`."""
    folder = tmp_path_factory.mktemp("sample")
    put_sample(session_folder, folder)
    return folder


@pytest.fixture(scope="package")
def show(window: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """One server for all tests, as its start takes longer than most of them: `address = show(data_folder)`.

    Its data folder is a link, so that it meets each folder as if it had been started on it.
    """
    link = tmp_path_factory.mktemp("shown") / "data"
    with running_app(link) as address:

        def show(data: Path) -> str:
            link.unlink(missing_ok=True)
            link.symlink_to(data, target_is_directory=True)
            return address

        yield show


@pytest.fixture
def sample_app(show: Callable[[Path], str], sample_data: Path) -> str:
    """The address of the app with no data of its own: the sample school. For tests that only look."""
    return show(sample_data)


@pytest.fixture
def start_app(show: Callable[[Path], str], session_folder: Path) -> Callable[[Path], str]:
    """The app on a folder of the test's own, where the sample is made already: `start_app(data_folder)`."""

    def start(data: Path) -> str:
        if not (data / "current.json").exists():
            put_sample(session_folder, data)
        return show(data)

    return start


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

    def watch_error(error: WebError) -> None:
        problems.append(f"page error: {error.error}")

    watches = {"request": watch_request, "console": watch_console, "weberror": watch_error}
    for event, watch in watches.items():
        context.on(event, watch)

    def watch_socket(socket: WebSocket) -> None:
        if not _is_local(socket.url):
            problems.append(socket.url)

    page = context.pages[0]
    page.on("websocket", watch_socket)
    yield page
    page.remove_listener("websocket", watch_socket)
    for event, watch in watches.items():
        context.remove_listener(event, watch)
    assert problems == []


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1"
