"""Saving a note and seeing it: the meeting's form in a browser, beside a form on an empty page.

Both are timed by the browser itself, from the press of Save to the words that say it is saved.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, expect, sync_playwright

from provmap.store import Edit, open_store, save
from tests.benchmarks.timing import Row
from tests.browser.chromium import find_chromium

ROOT = Path(__file__).resolve().parents[2]
TIMES = 12
FLOOR = """
import streamlit as st
with st.form("form"):
    st.text_area("What was said", key="note")
    pressed = st.form_submit_button("Save")
if pressed:
    st.success("Saved for " + st.session_state["note"])
"""
# From the press to the first time that the words of `said` stand on the page.
PRESS = """said => new Promise(done => {
    const saved = () => [...document.querySelectorAll('[data-testid=stAlert]')]
        .some(one => one.innerText.includes(said));
    const began = performance.now();
    const watch = new MutationObserver(() => {
        if (saved()) { watch.disconnect(); done(performance.now() - began); } });
    watch.observe(document.body, {childList: true, subtree: true, characterData: true});
    [...document.querySelectorAll('button')].find(one => one.innerText.trim() === 'Save').click();
})"""


def measure_saving(folder: Path) -> list[Row]:
    """One row: the median of each, and how often the floor ours takes. On the sample school."""
    folder.mkdir(parents=True, exist_ok=True)
    floor = folder / "floor.py"
    floor.write_text(FLOOR, encoding="utf-8")
    data = folder / "saving-data"
    _prepare(data)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        with _served(floor, data) as empty, _served(ROOT / "app.py", data) as ours:
            plain, meeting = browser.new_page(), browser.new_page()
            plain.goto(empty)
            meeting.goto(f"{ours}/meeting?class=Oak&meeting_part=Run")
            meeting.get_by_role("button", name="Next").click()
            expect(meeting.get_by_text("1 of 1 pupils")).to_be_visible(timeout=60_000)
            meeting.get_by_role("textbox", name="Your name").fill("Ms Oak")
            # In turn, so that a busy machine is as busy for both.
            taken = [(_save(plain, f"{n}", f"Saved for {n}"), _save(meeting, f"{n}", "Saved for "))
                     for n in range(TIMES + 2)][2:]  # fmt: skip
        browser.close()
    lowest, saving = (median(one[place] for one in taken) for place in (0, 1))
    return [("a note of a meeting", f"{lowest:.0f} ms", f"{saving:.0f} ms", f"{saving / lowest:.2f}")]


def _prepare(data: Path) -> None:
    """A meeting of the sample school about one pupil of Oak."""
    store = open_store(data)
    (found,) = store.cursor().sql(
        "select school_id, pupil_id from store.pupils where class = 'Oak' order by pupil_id limit 1"
    ).fetchall()  # fmt: skip
    of = {"school_id": found[0], "meeting_id": "m"}
    meeting = {"held_on": store.today, "about": "class", "about_code": "Oak"}
    save(store, "Head", [Edit("meetings", of | meeting), Edit("discussions", of | {"pupil_id": found[1]})])


def _save(page: Page, words: str, said: str) -> float:
    field = page.get_by_role("textbox", name="What was said")
    field.click()
    field.press("Control+A")
    field.press_sequentially(words)
    field.press("Tab")
    # What was typed has arrived, and the words of the last time are gone.
    if said == "Saved for ":
        expect(page.get_by_text("Kept, not saved yet.")).to_be_visible(timeout=60_000)
        expect(page.get_by_text(re.compile("^Saved for"))).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(700)
    return float(page.evaluate(PRESS, said))


@contextmanager
def _served(script: Path, data: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    server = subprocess.Popen(
        [*command, "--server.port", address.rpartition(":")[2]], cwd=ROOT,
        env=os.environ | {"PROVMAP_DATA": str(data)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.kill()
        server.wait()
