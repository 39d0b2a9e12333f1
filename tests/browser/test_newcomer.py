"""A newcomer's first hour: from a workbook as an office keeps it to the right numbers on the Overview."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import choose, file_field, see_settled, see_title, take

StartApp = Callable[[Path], str]
HEADINGS = ["UPN", "Pupil name", "Class", "SEN", "Autumn", "Spring", "Autumn", "Spring", "Pupil premium",
            "Talk Boost", "Primary need"]  # fmt: skip
# Reading and maths in autumn and spring; a tick for Talk Boost; blank where the office has nothing to say.
PUPILS = [
    ("V373910121900", "Ash, Robin", "5 Oak", "K", "WTS", "WTS", "EXS", "EXS", "Y", "✓", "SLCN"),
    ("Y373910120901", "Birch, Sam", "5 Oak", "", "EXS", "EXS", "EXS", "EXS", "N", "", ""),
    ("V373910123902", "Cedar, Jo", "5 Oak", "E", "WTS", "WTS", "WTS", "WTS", "Y", "✓", "SLCN"),
    ("P373910119903", "Elm, Kit", "6 Elm", "", "GDS", "GDS", "EXS", "GDS", "N", "", ""),
    ("M373910122904", "Fir, Max", "6 Elm", "K", "WTS", "", "EXS", "EXS", "N", "✓", "Speech and language"),
    ("E373910120905", "Holly, Bea", "6 Elm", "", "EXS", "EXS", "WTS", "EXS", "Y", "", ""),
]
# Worked out by hand from the rows above, as on 1 April 2026: the results of the spring term count by then.
TILES = {
    # One each for Robin, Jo and Max.
    "Live needs": 3,
    # Nobody has said what Talk Boost is for, so those three needs are not answered. Below expected with no
    # need in that subject: Robin in reading, Jo in reading and maths, Max in reading (in autumn, the latest).
    "Gaps": 7,
    "Possible overlaps": 0,
    # The three ticks.
    "Provision in place": 3,
    "Reviews overdue": 0,
    # Everybody has a judgement in both subjects within the year.
    "No data": 0,
}


def write_tracker(file: Path) -> None:
    """Lines of title, a merged heading over each subject, and a total that is nobody's result."""
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("Tracker")
    bold = book.add_format({"bold": True})
    sheet.write(0, 0, "Elm Primary: pupil tracker 2025/26", bold)
    sheet.write(1, 0, "Updated 2 March 2026 by the office")
    sheet.merge_range(3, 4, 3, 5, "Reading", bold)
    sheet.merge_range(3, 6, 3, 7, "Maths", bold)
    sheet.write_row(4, 0, HEADINGS, bold)
    for number, pupil in enumerate(PUPILS, 5):
        for column, value in enumerate(pupil):
            if value:
                sheet.write(number, column, value)
    sheet.write(5 + len(PUPILS), 1, "Total", bold)
    sheet.write(5 + len(PUPILS), 9, 3)
    book.close()


def say_the_day(page: Page, day: str) -> None:
    field = page.get_by_test_id("stMain").get_by_test_id("stDateInput")
    field.get_by_role("spinbutton").first.click()
    page.keyboard.type(day)
    page.keyboard.press("Escape")
    see_settled(page)


def pick(page: Page, field: str, option: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(f"^{field}"))
    for _ in range(3):
        take(page, box, re.compile(option))
        see_still(page)
        # On a busy machine a run that was still under way takes the choice away; a person sees that and
        # chooses again.
        if re.search(option, box.input_value()):
            return
    pytest.fail(f"{field} does not keep what is chosen.")


def open_column(page: Page, column: str) -> None:
    box = page.get_by_role("combobox", name=re.compile("^becomes"))
    for _ in range(3):
        see_still(page)
        choose(page, "Change these columns", column)
        see_still(page)
        if box.is_visible():
            return
    pytest.fail(f"{column} does not open.")


def see_still(page: Page) -> None:
    """Wait until no run follows the last: what is chosen while one is under way is lost with its field."""
    see_settled(page)
    page.wait_for_timeout(700)
    see_settled(page)


def test_from_a_messy_workbook_to_the_right_numbers(page: Page, start_app: StartApp, tmp_path: Path) -> None:
    write_tracker(tmp_path / "tracker.xlsx")
    address = start_app(tmp_path / "data")
    page.set_viewport_size({"width": 1440, "height": 2600})
    page.goto(f"{address}/import_and_data")
    see_title(page, "Import and data")
    see_settled(page)
    say_the_day(page, "03032026")
    file_field(page).set_input_files(tmp_path / "tracker.xlsx")
    page.get_by_role("button", name="See what would happen").click()

    # What was understood is said, each step with a switch; nothing has been imported.
    expect(page.get_by_text("joined with the merged row above")).to_be_visible()
    expect(page.get_by_text("The last row is left out as a total.")).to_be_visible()
    expect(page.get_by_text("Split “Pupil name” into surname and forename, surname first")).to_be_visible()
    expect(page.get_by_text("Split “Class” (such as 5 Oak) into year group and class")).to_be_visible()
    see_settled(page)
    page.screenshot(path=tmp_path / "understood.png")

    # The ticks are for a provision that provmap does not know yet.
    open_column(page, "Talk Boost")
    pick(page, "becomes", "a provision: a tick or a yes")
    pick(page, "Provision", "a new provision, “Talk Boost”")
    pick(page, "From", "the day the files show")
    pick(page, "Of which tier is the new provision", "targeted")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("button", name="Import these rows")).to_be_enabled()
    see_settled(page)
    for dataset, rows in (("pupils", "6"), ("assessments", "23"), ("placements", "3"), ("provisions", "1")):
        row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=dataset, exact=True)).first
        expect(row.get_by_role("cell").nth(3)).to_have_text(rows)
    expect(page.get_by_text("Every pupil here is invented")).to_be_visible()
    page.screenshot(path=tmp_path / "what-would-happen.png")
    page.get_by_role("button", name="Import these rows").click()
    expect(page.get_by_text("Every page now shows your school.")).to_be_visible()

    page.goto(f"{address}/?as_at=2026-04-01")
    see_title(page, "Overview")
    see_settled(page)
    expect(page.get_by_text("Every pupil here is invented")).to_have_count(0)
    expect(page.get_by_text("6 of 6 pupils")).to_be_visible()
    for tile, number in TILES.items():
        metric = page.get_by_test_id("stMetric").filter(has=page.get_by_text(tile, exact=True))
        expect(metric.get_by_test_id("stMetricValue")).to_have_text(str(number))
    page.screenshot(path=tmp_path / "overview.png")
    page.goto(f"{address}/?as_at=2026-04-01&class=Oak")
    expect(page.get_by_text("3 of 6 pupils")).to_be_visible()
    page.set_viewport_size({"width": 800, "height": 2600})
    see_settled(page)
    page.screenshot(path=tmp_path / "overview-800.png")
