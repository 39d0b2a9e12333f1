"""A whole term: prepare, run six pupils, close, import results, and find what came of it in the next pack."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import provmap, see_settled, see_title, take
from tests.tiny import PUPIL, TALK, tiny_school

HELD = date.today() - timedelta(days=20)
NAMES = ("Ash", "Birch", "Cole", "Dale", "Elder", "Fenn", "Gale")


def scored(name: str, value: str, on: date) -> dict[str, object]:
    return {"pupil_id": name, "subject": "reading", "scale": "standardised", "value": value,
            "assessed_on": on, "source": "test"}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Seven pupils of Oak, each with a need that nothing answers and a result from before the meeting."""
    pupils = [PUPIL | {"pupil_id": name, "surname": name} for name in NAMES]
    needs = [
        {"pupil_id": name, "need_code": "SLCN", "start_date": HELD - timedelta(days=90)} for name in NAMES
    ]
    scores = [scored(name, "90", HELD - timedelta(days=10)) for name in NAMES]
    folder = tmp_path / "data"
    tiny_school(folder, HELD - timedelta(days=5), pupils=pupils, needs=needs, provisions=[TALK],
                assessments=scores)  # fmt: skip
    return folder


def test_a_term_from_one_meeting_to_the_next(
    page: Page, start_app: Callable[[Path], str], data: Path, tmp_path: Path
) -> None:
    address = start_app(data)
    _prepare(page, address, HELD)
    expect(page.get_by_text("Prepared, with 6 pupils to talk about.")).to_be_visible()
    _run_six(page)
    page.get_by_text("Close", exact=True).click()
    expect(page.get_by_role("button", name="Print a sheet for each adult")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print the recap").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_role("button", name="Close the meeting").click()
    expect(page.get_by_text("The meeting is closed.")).to_be_visible()

    file = tmp_path / "assessments.csv"
    day = (date.today() - timedelta(days=1)).isoformat()
    file.write_text(
        "pupil_id,subject,scale,value,assessed_on,source\n"
        + "".join(f"{name},reading,standardised,97,{day},test\n" for name in NAMES)
    )
    provmap(data, "import", str(file))

    _prepare(page, address, date.today())
    expect(page.get_by_role("heading", name="What was agreed before, and what came of it")).to_be_visible()
    page.get_by_text("Plain table").first.click()
    agreed = page.get_by_role("table").first
    for words in ("Read aloud each evening", "Ms Elm", "open", "95 by next term", "90", "97"):
        expect(agreed.get_by_text(words, exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print the pack").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    # Whom nobody talked about has the most reasons now.
    expect(page.get_by_text("Not talked about in a meeting yet.")).to_have_count(1)
    assert "Ash" not in page.url


def _prepare(page: Page, address: str, day: date) -> None:
    page.goto(f"{address}/meeting?class=Oak&meeting_part=Prepare&as_at={day.isoformat()}")
    see_title(page, "Progress meeting")
    expect(page.get_by_text("Six pupils are proposed at first")).to_be_visible()
    see_settled(page)
    page.get_by_role("textbox", name="Your name").fill("Ms Oak")
    page.get_by_role("button", name="Prepare the meeting").click()
    see_settled(page)


def _run_six(page: Page) -> None:
    """A note about each of the six; for the first an action that should show in reading."""
    page.get_by_text("Run", exact=True).click()
    for place in range(1, 7):
        see_settled(page)
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_text(f"{place} of 6 pupils")).to_be_visible()
        see_settled(page)
        said = page.get_by_role("textbox", name="What was said")
        # That of the pupil before has gone.
        expect(said).to_have_count(1)
        said.fill(f"Note {place}")
        if place == 1:
            _action(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved for Robin")).to_be_visible()


def _action(page: Page) -> None:
    page.get_by_text("An action: who does what by when").click()
    page.get_by_role("textbox", name="What (needed)", exact=True).fill("Read aloud each evening")
    page.get_by_label("Who (needed)", exact=True).fill("Ms Elm")
    page.get_by_role("textbox", name="What it should bring about").fill("95 by next term")
    # What was typed is kept once the field is left.
    page.keyboard.press("Tab")
    last = page.get_by_role("textbox", name="What it should bring about")
    expect(last).to_have_accessible_description("Kept, not saved yet.")
    see_settled(page)
    # Without Escape, which would empty a field of one choice again.
    take(page, page.get_by_role("combobox", name="Subject in which it should show"), "reading")
    see_settled(page)
