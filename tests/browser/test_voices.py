"""Hearing a pupil, as it is done in a classroom: select who waits, type what was said, save."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from provmap.store import open_store, rows_to_edit
from tests.browser.test_deciding import HEADER, IN_ROW
from tests.browser.test_journeys import see_settled, see_title


def test_a_selected_row_fills_the_form_and_saving_takes_it_off_the_list(
    page: Page, start_app: Callable[[Path], str], tmp_path: Path
) -> None:
    page.goto(f"{start_app(tmp_path)}/voices?view_of=Parent+or+carer")
    see_title(page, "Voices of pupils and parents")
    see_settled(page)
    page.get_by_test_id("stDataFrame").first.click(position={"x": 12, "y": HEADER + IN_ROW})
    see_settled(page)
    # The parents of whoever has waited longest, and what they are asked about.
    expect(page.get_by_role("combobox", name="Pupil (needed)")).to_be_visible()
    page.get_by_role("textbox", name="Parent or carer").fill("Reads to us now.")
    page.get_by_role("textbox", name="Your name").fill("Ms Oak")
    page.get_by_role("button", name="Save what was said").click()
    see_settled(page)
    expect(page.get_by_text("Recorded for Ioan O'Brien: parent or carer.")).to_be_visible()
    # Nothing is selected now: the next to hear is not taken for the one just written down.
    expect(page.get_by_role("button", name="Save what was said")).not_to_be_visible()
    store = open_store(tmp_path)
    (row,) = rows_to_edit(store, "voices", words="Reads to us now.").to_dicts()
    assert (row["pupil_id"], row["voice"], row["stage"], row["heard_on"]) == (
        "P0196", "parent", "planning", store.today,
    )  # fmt: skip
    assert row["provision_id"] == "S04"
