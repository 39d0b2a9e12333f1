"""The provision map on paper, and a view that is saved under a name and opened by its link."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_journeys import see_settled, see_title

# The width of a sheet across less its margins of 10 mm, in CSS pixels (96 to the inch).
SHEETS = {"A4": 1047, "A3": 1512}


@pytest.mark.parametrize("columns", ["By year group", "By group"])
def test_the_map_prints_with_all_its_columns(page: Page, sample_app: str, columns: str) -> None:
    page.goto(f"{sample_app}/provision_map?by={columns.replace(' ', '%20')}")
    see_title(page, "Provision map")
    page.get_by_text("For printing").click()
    table = page.get_by_role("table")
    expect(table).to_be_visible()
    see_settled(page)
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    # The headings are said again on every sheet.
    assert table.locator("thead").evaluate("it => getComputedStyle(it).display") == "table-header-group"
    for sheet, width in SHEETS.items():
        page.set_viewport_size({"width": width, "height": 740})
        box = table.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width, sheet
        assert page.pdf(format=sheet, landscape=True).startswith(b"%PDF")


def test_a_view_is_saved_and_its_link_brings_it_back(
    page: Page, context: BrowserContext, start_app: Callable[[Path], str], tmp_path: Path
) -> None:
    address = start_app(tmp_path)
    page.goto(f"{address}/provision_map?rows=Tiers&class=Oak")
    see_title(page, "Provision map")
    page.get_by_text("Saved views").click()
    page.get_by_label("Save what is on the screen as").fill("Oak (by tier) & more")
    page.get_by_label("For whom").fill("Year leader")
    page.get_by_role("textbox", name="Your name").fill("Ms Oak")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_text("View saved")).to_be_visible()
    page.get_by_text("Saved views").first.click()
    saved = page.get_by_role("link", name="Year leader: Oak (by tier) & more")
    expect(saved).to_be_visible()
    target = str(saved.get_attribute("href"))
    assert parse_qs(urlsplit(target).query) == {"class": ["Oak"], "rows": ["Tiers"]}
    other = context.new_page()
    other.goto(f"{address}/{target}")
    see_title(other, "Provision map")
    expect(other.get_by_text("Oak, as at")).to_be_visible()
    expect(other.get_by_role("radio", name="Tiers")).to_be_checked()
