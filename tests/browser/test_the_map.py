"""The provision map on paper, and a view that is saved under a name and opened by its link."""

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.narrow import short
from tests.browser.test_journeys import see_settled, see_title
from tests.test_documents import text_of
from tests.tiny import PUPIL, TALK, day, tiny_school

# Points of the margins of 10 mm, less what a letter may lean over; letters of 7 points are this high.
MARGIN, LEAST_HEIGHT = 27.0, 7.0
WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
HAS_IT = {"provision_id": "T", "start_date": day("01-05")}


def sixty_classes(folder: Path) -> list[str]:
    """A school of sixty classes with a pupil each in one provision; what the classes are called."""
    names = [f"Shaftesbury-Wolstenholme {number:02}" for number in range(60)]
    pupils = [PUPIL | {"pupil_id": str(number), "class": name} for number, name in enumerate(names)]
    placed = [HAS_IT | {"pupil_id": pupil["pupil_id"]} for pupil in pupils]
    tiny_school(folder, pupils=pupils, provisions=[TALK], placements=placed)
    return names


def heads_of(store: Store, by: str, year_groups: list[str]) -> list[str]:
    """What stands over the columns of the map of the sample school."""
    filter = make_filter(store, year_groups=year_groups)
    cells = ask("provision_map", filter, store, by=by, rows="area").drop_nulls()
    return [short(label) for label in cells["column_label"].unique(maintain_order=True)]


def print_map(page: Page, address: str) -> None:
    """The map with its tables for printing, drawn to the end."""
    page.goto(address)
    see_title(page, "Provision map")
    page.get_by_text("For printing").click()
    expect(page.get_by_role("table").first).to_be_visible()
    see_settled(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_text("Ready to print", exact=True)).to_be_visible()
    expect(page.get_by_text("Not ready to print", exact=True)).to_be_hidden()


def see_all_on_paper(page: Page, heads: list[str], folder: Path) -> None:
    """On A4 and on A3 every head is there, within the margins and large enough."""
    for sheet in ("A4", "A3"):
        told = text_of(page.pdf(format=sheet, landscape=True), folder, "-bbox")
        found = []
        for one in told.split("<page ")[1:]:
            wide, high = (float(size) for size in re.findall(r'(?:width|height)="([\d.]+)"', one)[:2])
            for word in WORD.findall(one):
                left, top, right, bottom = (float(place) for place in word[:4])
                assert MARGIN < left < right < wide - MARGIN, (sheet, word)
                assert MARGIN < top < bottom < high - MARGIN, (sheet, word)
                # A head may be turned; its letters are as large as the others.
                assert min(right - left, bottom - top) > LEAST_HEIGHT or len(word[-1]) < 3, (sheet, word)
                found.append(unescape(word[-1]))
        whole = Counter(part for word in found for part in re.split(r"[\s-]", word) if part)
        asked = Counter(part for head in heads for part in re.split(r"[\s-]", head) if part)
        assert asked - whole == Counter(), sheet


@pytest.mark.parametrize("by", ["group", "pupil"])
def test_the_map_prints_with_all_its_columns(
    page: Page, sample: Store, sample_app: str, tmp_path: Path, by: str
) -> None:
    years = ["4"] if by == "pupil" else []
    chosen = "".join(f"&year_group={year}" for year in years)
    print_map(page, f"{sample_app}/provision_map?by=By%20{by}{chosen}")
    heads = heads_of(sample, by, years)
    assert len(heads) > 14
    see_all_on_paper(page, heads, tmp_path)
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    # The headings are said again on every sheet.
    head = page.get_by_role("table").first.locator("thead")
    assert head.evaluate("it => getComputedStyle(it).display") == "table-header-group"


def test_sixty_columns_with_long_names_print_whole(
    page: Page, start_app: Callable[[Path], str], tmp_path: Path
) -> None:
    names = sixty_classes(tmp_path / "data")
    print_map(page, f"{start_app(tmp_path / 'data')}/provision_map?by=By%20class&as_at=2026-03-03")
    expect(page.get_by_text("of 60").first).to_be_visible()
    see_all_on_paper(page, names, tmp_path)


def test_a_pupil_prints_with_all_rows_and_columns(
    page: Page, sample: Store, sample_app: str, tmp_path: Path
) -> None:
    page.goto(f"{sample_app}/pupil")
    see_title(page, "Pupil")
    page.get_by_role("combobox", name="Pupil").fill("Araujo, Chloe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="In the provision map")).to_be_visible()
    see_settled(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    filter = make_filter(sample)
    (pupil,) = ask("pupil_list", filter, sample).filter(surname="Araújo", forename="Chloé").to_dicts()
    who = {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}
    results = ask("pupil_results", filter, sample, **who)["assessed_on"].dt.strftime("%-d-%b-%Y").to_list()
    heads = ["Removed by", "Review overdue", "At expected", "Expected until", *results]
    see_all_on_paper(page, heads, tmp_path)


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
