"""A half-written note is never lost: only a browser can reload, open a second window, outlive its server."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from provmap.store import Edit, open_store, rows_to_edit, save
from tests.browser.server import ROOT
from tests.browser.test_journeys import choose, see_settled, see_title
from tests.tiny import PUPIL, tiny_school

MEETING = {"school_id": "school", "meeting_id": "m"}
SECONDS_TO_START = 60
NOTE = "Hears well in front, and O'Brien-Łuć"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A meeting of Oak about two pupils."""
    pupils = [PUPIL | {"pupil_id": one, "surname": name} for one, name in (("1", "Ash"), ("2", "Birch"))]
    folder = tmp_path / "data"
    tiny_school(folder, pupils=pupils)
    meeting = {"held_on": date.today(), "about": "class", "about_code": "Oak"}
    listed = [Edit("discussions", MEETING | {"pupil_id": one, "place": int(one)}) for one in ("1", "2")]
    save(open_store(folder), "Head", [Edit("meetings", MEETING | meeting), *listed])
    return folder


def open_pupil(page: Page, address: str) -> Locator:
    """The field for what was said about the first pupil."""
    page.goto(f"{address}/meeting?class=Oak&meeting_part=Run")
    see_title(page, "Progress meeting")
    return go(page, "Next", "Ash")


def go(page: Page, button: str, name: str) -> Locator:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    see_settled(page)
    return said(page)


def come_back(page: Page, name: str) -> Locator:
    """After a reload: the same child, without a step."""
    see_title(page, "Progress meeting")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    see_settled(page)
    return said(page)


HOPED = "What it should bring about"


def said(page: Page) -> Locator:
    return page.get_by_role("textbox", name="What was said")


def see_said(page: Page, words: str) -> None:
    """Wait until a field has these words: the one that was drawn before it can stand until the next run."""
    page.wait_for_function(
        """words => [...document.querySelectorAll(".kept-text")].some(
            one => one.querySelector("label").textContent.startsWith("What was said")
                && one.querySelector("textarea").value === words)""",
        arg=words,
    )


def test_a_half_written_note_outlives_reload_next_back_and_a_second_window(
    page: Page, context: BrowserContext, start_app: Callable[[Path], str], data: Path
) -> None:
    address = start_app(data)
    open_pupil(page, address).press_sequentially(NOTE)
    # At once: the last words have not been sent yet.
    page.reload()
    expect(come_back(page, "Ash")).to_have_value(NOTE)
    expect(page.get_by_text("Kept, not saved yet.")).to_be_visible()

    # Neither the arrow keys of the page nor going on take it away while somebody types.
    said(page).press("End")
    said(page).press_sequentially("!")
    said(page).press("ArrowLeft")
    expect(page.get_by_role("heading", name="Ash")).to_be_visible()
    expect(go(page, "Next", "Birch")).to_have_value("")
    expect(page.get_by_text("not saved yet: what you began about Robin Ash")).to_be_visible()
    expect(go(page, "Back", "Ash")).to_have_value(f"{NOTE}!")

    # A second window goes on with it; once they say two things, both are shown.
    other = context.new_page()
    expect(open_pupil(other, address)).to_have_value(f"{NOTE}!")
    expect(other.get_by_text("You began this at")).to_be_visible()
    said(other).fill("Of the second window")
    expect(other.get_by_text("Kept, not saved yet.")).to_be_visible()
    said(page).fill("Of the first window")
    expect(page.get_by_text("What was said: Of the second window")).to_be_visible()
    page.get_by_role("button", name="Put both together").click()
    see_said(page, "Of the first window\nOf the second window")

    # Saved: nothing is begun any more, here or after a reload.
    page.get_by_role("textbox", name="Your name").fill("Ms Oak")
    see_settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved for Robin Ash")).to_be_visible()
    other.close()
    page.reload()
    expect(come_back(page, "Ash")).to_have_value("Of the first window\nOf the second window")
    expect(page.get_by_text("You began this")).to_have_count(0)
    # The name was asked for once in this browser, and no word of a pupil is in an address.
    expect(page.get_by_role("textbox", name="Your name")).to_have_count(0)
    assert "window" not in page.url
    # What a field asks for follows the kind of decision that is chosen beside it.
    for kind, asked in (
        ("Provision started", f"{HOPED} (needed to begin it in the map)"),
        ("Referral", HOPED),
    ):
        choose(page, "A decision", kind)
        expect(page.get_by_role("textbox", name=asked, exact=True)).to_be_visible()


def test_of_two_who_write_about_one_child_the_second_sees_both(
    page: Page, context: BrowserContext, start_app: Callable[[Path], str], data: Path
) -> None:
    address = start_app(data)
    other = context.new_page()
    for window, words in ((page, "Reads with a partner"), (other, "Tired in the mornings")):
        open_pupil(window, address).fill(words)
        expect(window.get_by_text("Kept, not saved yet.")).to_be_visible()
    page.get_by_role("textbox", name="Your name").fill("Ms Oak")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved for Robin Ash")).to_be_visible()
    see_settled(page)

    # The second has not seen it: nothing is overwritten, and both are in sight.
    said(other).press("End")
    said(other).press_sequentially(".")
    expect(other.get_by_text("Theirs: Reads with a partner")).to_be_visible()
    expect(other.get_by_text("Yours: Tired in the mornings.")).to_be_visible()
    expect(other.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    other.get_by_role("button", name="Keep both").click()
    see_said(other, "Ms Oak: Reads with a partner\nTired in the mornings.")
    other.get_by_role("textbox", name="Your name").fill("Mr Elm")
    see_settled(other)
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("Saved for Robin Ash")).to_be_visible()
    kept = rows_to_edit(open_store(data), "discussions", pupil_id="1")["note"].to_list()
    assert kept == ["Ms Oak: Reads with a partner\nTired in the mornings."]


def test_what_a_parent_said_outlives_a_reload_and_a_second_window(
    page: Page, context: BrowserContext, start_app: Callable[[Path], str], data: Path
) -> None:
    """The words of another form, typed in the middle of a talk."""
    address = start_app(data)
    page.goto(f"{address}/voices")
    see_title(page, "Voices of pupils and parents")
    see_settled(page)
    page.get_by_text("Write down what was said").click()
    # A list that opens while its window does closes again. What is drawn anew meanwhile moves no more.
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => null)")
    page.get_by_role("combobox", name="Pupil (needed)").press_sequentially("Birch")
    page.get_by_role("option", name="Birch, Robin (Year 5, Oak)").click()
    parent = page.get_by_role("textbox", name="Parent or carer")
    parent.press_sequentially("Reads at")
    # What was typed is sent in the middle of it, and the cursor stays where it is.
    expect(page.get_by_text("Kept, not saved yet.")).to_be_visible()
    page.keyboard.type(" home")
    expect(parent).to_have_value("Reads at home")
    page.reload()
    see_title(page, "Voices of pupils and parents")
    expect(parent).to_have_value("Reads at home")
    expect(page.get_by_text("Kept, not saved yet.")).to_be_visible()

    other = context.new_page()
    other.goto(f"{address}/voices")
    expect(other.get_by_role("textbox", name="Parent or carer")).to_have_value("Reads at home")
    expect(other.get_by_text("You began this at")).to_be_visible()
    other.close()

    page.get_by_role("textbox", name="Your name").fill("Ms Oak")
    page.get_by_role("button", name="Save what was said").click()
    expect(page.get_by_text("Recorded for Robin Birch: parent or carer.")).to_be_visible()
    (row,) = rows_to_edit(open_store(data), "voices").to_dicts()
    assert (row["pupil_id"], row["voice"], row["words"]) == ("2", "parent", "Reads at home")


@contextmanager
def app_on(port: int, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"PROVMAP_DATA": str(data)}
    with (data.parent / "log").open("ab+") as log:
        running = subprocess.Popen(
            [*command, "--server.headless", "true"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_it_answers(port)
            yield running
        finally:
            running.kill()
            running.wait()


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for POSIX")
def test_a_half_written_note_outlives_a_server_that_is_killed(context: BrowserContext, data: Path) -> None:
    """Not the page of the fixture: that a server goes away is no error here, though the console says so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = context.new_page()
    address = f"http://127.0.0.1:{port}"
    with app_on(port, data) as running:
        field = open_pupil(page, address)
        field.press_sequentially(NOTE)
        expect(page.get_by_text("Kept, not saved yet.")).to_be_visible()
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        # Typed while nobody listens: it waits in the window.
        field.press_sequentially(" and more")
        # What Streamlit says of it is for programmers; ours stands in its place.
        away = page.get_by_role("dialog").get_by_role("heading")
        said = away.evaluate("heading => getComputedStyle(heading, '::after').content")
        assert said == '"The app does not answer"'
    with app_on(port, data):
        page.reload()
        expect(come_back(page, "Ash")).to_have_value(f"{NOTE} and more")
        expect(page.get_by_text("Kept, not saved yet.")).to_be_visible()
        again = context.new_page()
        expect(open_pupil(again, address)).to_have_value(f"{NOTE} and more")
