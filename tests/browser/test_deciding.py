"""A leader's walk, counted in clicks.

Which Year 4 pupils with speech and language needs have nothing now, what did they have before, and who could
take them?
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_journeys import ROOT, provmap, see_settled, see_title

MOST_CLICKS = 5
# A click this far down from the edge of a row is in it, whether its words take one line or four.
HEADER, IN_ROW = 35, 15


def two_with_nothing(folder: Path) -> list[str]:
    """Files that give two pupils of the sample's Year 4 a need: one had Talk Time for it, one nothing."""
    with (ROOT / "sample_data/needs.csv").open(encoding="utf-8") as file:
        known = {row["pupil_id"] for row in csv.DictReader(file)}
    with (ROOT / "sample_data/pupils.csv").open(encoding="utf-8") as file:
        pupils = [row for row in csv.DictReader(file) if row["year_group"] == "4"]
    first, second = [row for row in pupils if row["pupil_id"] not in known and not row["leaving_date"]][:2]
    folder.mkdir()
    school = first["school_id"]
    needs = [f"{school},{row['pupil_id']},SLCN,2025-09-08" for row in (first, second)]
    lines = ["school_id,pupil_id,need_code,start_date", *needs]
    (folder / "needs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "placements.csv").write_text(
        "school_id,pupil_id,provision_id,start_date,end_date,outcome\n"
        f"{school},{first['pupil_id']},T07,2025-09-15,2025-12-12,partly met\n",
        encoding="utf-8",
    )
    return [f"{row['forename']} {row['surname']}" for row in (first, second)]


class Hand:
    """Clicks, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, target: Locator, **where: int) -> None:
        self.clicks += 1
        target.click(position={"x": where["x"], "y": where["y"]} if where else None)

    def choose(self, field: str, typed: str) -> None:
        self.click(self.page.get_by_role("combobox", name=field))
        self.page.keyboard.type(typed)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Escape")
        see_settled(self.page)


def test_who_has_nothing_and_who_could_take_them(
    page: Page, start_app: Callable[[Path], str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    names = two_with_nothing(tmp_path / "more")
    provmap(data, "import", str(ROOT / "sample_data"), "--dated", "2026-03-03")
    provmap(data, "import", str(tmp_path / "more"), "--dated", "2026-03-03", "--accept-alarms")
    page.goto(f"{start_app(data)}/?as_at=2026-03-03")
    see_title(page, "Overview")
    see_settled(page)

    hand = Hand(page)
    hand.choose("Year group", "Year 4")
    hand.choose("Need", "Speech")
    hand.click(page.get_by_role("link", name="See the gaps"))
    see_title(page, "Coverage and gaps")
    see_settled(page)
    expect(page.get_by_text(re.compile(r"^2 rows\. Take away as$"))).to_be_visible()
    page.screenshot(path=tmp_path / "gaps.png")

    said = []
    grid = page.get_by_test_id("stDataFrame").first
    for row in (0, 1):
        hand.click(grid, x=16, y=HEADER + row * 65 + IN_ROW)
        window = page.get_by_role("dialog")
        expect(
            window.get_by_role("heading", name="What was tried for pupils like this one here")
        ).to_be_visible()
        see_settled(page)
        expect(window.get_by_role("heading", name="Who could take them?")).to_be_visible()
        page.screenshot(path=tmp_path / f"gap_{row}.png")
        said.append(window.inner_text())
        page.keyboard.press("Escape")
        expect(window).to_have_count(0)

    assert hand.clicks <= MOST_CLICKS
    assert {name for name in names for words in said if name in words} == set(names)
    before = {name: words for name in names for words in said if name in words}
    assert "Nothing is recorded that this pupil had for this need." not in before[names[0]]
    assert "since Talk Time ended" in before[names[0]]
    assert "So since 13 Dec 2025, for 80 days." in before[names[0]]
    assert "Nothing is recorded that this pupil had for this need." in before[names[1]]
    assert "So since 8 Sep 2025" in before[names[1]]


def test_a_subject_that_persists_opens_to_decide_from(page: Page, sample_app: str, tmp_path: Path) -> None:
    page.goto(f"{sample_app}/where_are_we?ledger=persists")
    see_title(page, "Where are we?")
    see_settled(page)
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": HEADER + IN_ROW})
    window = page.get_by_role("dialog")
    for title in ("What runs, and what was tried before", "Who could take them?"):
        expect(window.get_by_role("heading", name=title)).to_be_visible()
    expect(window.get_by_role("heading", name="What was tried for pupils like this one here")).to_be_visible()
    see_settled(page)
    said = window.inner_text()
    assert ": persists." in said
    assert "In place now:" in said
    assert "Not tried yet:" in said
    page.screenshot(path=tmp_path / "persists.png")
    window.get_by_role("button", name="Record a change in class").click()
    expect(window).to_have_count(0)
    # The form over the list is filled in for the pupil whose row is selected.
    expect(page.get_by_label("What I changed")).to_be_visible()
