"""Rows are selected, ended together, and what was written is taken back: only a browser can select."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_journeys import see_settled, see_title

# A grid is a picture: its rows are found by where they are drawn.
HEADING, CHECKBOX, FRAME = 35, 17, 3
ROWS_IN_SIGHT = 10


def select_rows(grid: Locator, *rows: int) -> None:
    """Clicks the boxes of these rows, which are all as high as the words in them need."""
    counted = int(grid.locator("[aria-rowcount]").first.get_attribute("aria-rowcount") or 0) - 1
    box = grid.bounding_box()
    assert box
    high = (box["height"] - HEADING - FRAME) / min(counted, ROWS_IN_SIGHT)
    for row in rows:
        grid.click(position={"x": CHECKBOX, "y": HEADING + high * (row + 0.5)})


def test_two_rows_are_ended_together_and_one_is_taken_back(
    page: Page, start_app: Callable[[Path], str], tmp_path: Path
) -> None:
    address = start_app(tmp_path)
    page.goto(f"{address}/enter?class=Oak")
    see_title(page, "Enter and correct")
    see_settled(page)
    select_rows(page.get_by_test_id("stDataFrame").first, 0, 1)
    expect(page.get_by_text("2 rows selected")).to_be_visible()
    see_settled(page)
    page.get_by_role("textbox", name="Your name").last.fill("Ms Oak")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved for 2 rows.")).to_be_visible()

    page.goto(f"{address}/enter?part=What%20was%20written")
    see_settled(page)
    expect(page.get_by_text("Nobody has written anything")).to_have_count(0)
    select_rows(page.get_by_test_id("stDataFrame").first, 0)
    see_settled(page)
    page.get_by_role("textbox", name="Your name").fill("Mr Ash")
    page.get_by_role("button", name="Take this back").click()
    expect(page.get_by_text("Taken back: ")).to_be_visible()


def test_a_half_filled_form_outlives_a_click_elsewhere_and_a_reload(
    page: Page, start_app: Callable[[Path], str], tmp_path: Path
) -> None:
    page.goto(f"{start_app(tmp_path)}/enter?part=Groups")
    see_title(page, "Enter and correct")
    page.get_by_role("textbox", name="Who belongs").fill("Lost somebody close this year")
    page.get_by_text("Put pupils into a group").click()
    see_settled(page)
    belongs = page.get_by_role("textbox", name="Who belongs")
    expect(belongs).to_have_value("Lost somebody close this year")
    page.get_by_role("textbox", name="Agreed by").press_sequentially("Govern")
    # At once: the last letters have not been sent yet.
    page.reload()
    see_title(page, "Enter and correct")
    expect(belongs).to_have_value("Lost somebody close this year")
    expect(page.get_by_role("textbox", name="Agreed by")).to_have_value("Govern")
    expect(page.get_by_text("You began this at")).to_be_visible()
