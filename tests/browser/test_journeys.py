"""What a person does, from the first start to a list taken away. Things are found by role and name only."""

import csv
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import polars as pl
import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from provmap.sample import generate
from tests.browser.server import running_app

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "": "Overview",
    "progress": "Progress",
    "pupil": "Pupil",
    "gaps": "Coverage and gaps",
    "provision_map": "Provision map",
    "provision_list": "Provision list",
    "duplication": "Duplication",
    "import_and_data": "Import and data",
}
# A tile of the overview, and the link to the list that it counts.
TILES = {
    "Gaps": "See the gaps",
    "Possible overlaps": "See the possible overlaps",
    "Provision in place": "See who gets what",
    "Reviews overdue": "See what to review",
    "No data": "See who has no data",
}
StartApp = Callable[[Path], str]


def see_title(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, level=1, exact=True)).to_be_visible()


def see_settled(page: Page) -> None:
    """Wait until the script has run to its end: half a page is not yet an answer."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def go_to(page: Page, question: str, title: str) -> None:
    """Open a page by the menu of its question."""
    page.get_by_role("navigation").get_by_role("button", name=question).click()
    page.get_by_role("menuitem", name=title, exact=True).click()


def file_field(page: Page) -> Locator:
    """The field for the school's files; a journal has one of its own."""
    return page.get_by_role("region", name=re.compile("^Files from")).locator("input[type=file]")


def provmap(data: Path, *words: str) -> bytes:
    """The output of a command over the same data as the server's."""
    environment = os.environ | {"PROVMAP_DATA": str(data)}
    command = [sys.executable, "-m", "provmap", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def take(page: Page, box: Locator, option: str | re.Pattern[str]) -> None:
    """Opens a list and chooses from it; a run that was still under way closes it, and it is opened again."""
    for patience in (5_000, 5_000, 30_000):
        box.click()
        try:
            page.get_by_role("option", name=option, exact=True).click(timeout=patience)
        except TookTooLong:
            if patience == 30_000:
                raise
        else:
            return


def choose(page: Page, field: str, option: str) -> None:
    take(page, page.get_by_role("combobox", name=field), option)
    # A list of several choices closes when its field is left. Escape would close a window around it too.
    page.keyboard.press("Tab")


def test_first_start_shows_the_sample_school_and_the_way_out(page: Page, tmp_path: Path) -> None:
    """Over an empty folder: the server itself makes the sample school."""
    with running_app(tmp_path) as address:
        page.goto(address)
        see_title(page, "Overview")
        expect(page.get_by_role("heading", name="Filter")).to_be_visible()
        expect(page.get_by_text("Every pupil here is invented")).to_be_visible()
        expect(page.get_by_text("210 of 210 pupils")).to_be_visible()
        page.get_by_role("link", name="Use my school's files").click()
        see_title(page, "Import and data")


@pytest.mark.parametrize("name", ["gaps", "provision_list"])
def test_a_deep_link_on_a_fresh_server_meets_the_frame_with_its_filter(
    page: Page, sample_data: Path, name: str
) -> None:
    """The first request after a start once ran the page alone: hence a new process for each."""
    with running_app(sample_data) as address:
        page.goto(f"{address}/{name}?year_group=Year+5")
        see_title(page, PAGES[name])
        expect(page.get_by_role("heading", name="Filter")).to_be_visible()
        expect(page.get_by_role("button", name="Remove Year 5")).to_be_visible()
        expect(page.get_by_text("Year 5, as at 3 Mar 2026:")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_from_its_link(page: Page, sample_app: str, name: str) -> None:
    page.goto(f"{sample_app}/{name}")
    see_title(page, PAGES[name])
    see_settled(page)
    expect(page.get_by_text("Every pupil here is invented")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_link_with_an_unknown_value_is_refused_aloud(page: Page, sample_app: str) -> None:
    page.goto(f"{sample_app}/gaps?year_group=Year+55")
    expect(page.get_by_role("alert")).to_contain_text("There is no year group")
    page.get_by_role("button", name="Clear the filter").click()
    see_title(page, "Coverage and gaps")


def test_a_filter_narrows_the_others_stands_in_the_address_and_clears(page: Page, sample_app: str) -> None:
    page.goto(sample_app)
    see_title(page, "Overview")
    choose(page, "Year group", "Year 5")
    expect(page.get_by_text("Year 5, as at 3 Mar 2026:")).to_be_visible()
    expect(page).to_have_url(re.compile(r"year_group=Year(\+|%20)5"))
    page.get_by_role("combobox", name="Class").click()
    classes = page.get_by_role("option")
    expect(classes.first).to_be_visible()
    assert classes.count() < 7
    page.keyboard.press("Escape")
    go_to(page, "What more can we", "Coverage and gaps")
    see_title(page, "Coverage and gaps")
    expect(page.get_by_text("Year 5, as at 3 Mar 2026:")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Year 5, as at 3 Mar 2026:")).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("All pupils, as at 3 Mar 2026:")).to_be_visible()
    expect(page).not_to_have_url(re.compile("year_group"))


@pytest.mark.parametrize(
    ("filter", "who"),
    [("", "All pupils,"), ("?year_group=Year+5&group=Pupil+premium", "Year 5, Pupil premium,")],
)
def test_the_list_behind_a_tile_has_as_many_rows_as_the_tile_says(
    page: Page, sample_app: str, filter: str, who: str
) -> None:
    page.goto(f"{sample_app}/{filter}")
    for tile, link in TILES.items():
        see_title(page, "Overview")
        expect(page.get_by_text(f"{who} as at 3 Mar 2026:")).to_be_visible()
        see_settled(page)
        metric = page.get_by_test_id("stMetric").filter(has=page.get_by_text(tile, exact=True))
        number = int(metric.get_by_test_id("stMetricValue").inner_text().replace(",", ""))
        page.get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", name="Overview")).to_have_count(0)
        see_settled(page)
        if number:
            expect(page.get_by_text(re.compile(rf"^{number:,} rows?\. Take away as$"))).to_be_visible()
        else:
            expect(page.get_by_text("Take away as")).to_have_count(0)
        go_to(page, "How well are we", "Overview")


def test_an_export_is_what_ask_prints(page: Page, sample_app: str, sample_data: Path) -> None:
    data = sample_data
    page.goto(f"{sample_app}/provision_list?year_group=Year+5&year_group=Year+6")
    expect(page.get_by_text("Take away as")).to_be_visible()
    asked = ["ask", "provision_list", "--year-group", "5", "--year-group", "6"]
    taken = {}
    for button in ("CSV", "Excel", "Parquet", "Notes"):
        with page.expect_download() as download:
            page.get_by_role("button", name=button, exact=True).click()
        taken[button] = (download.value.suggested_filename, Path(download.value.path()).read_bytes())

    name, content = taken["CSV"]
    assert name == "provmap-provision-list-year-5-year-6-2026-03-03.csv"
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == list(
        csv.reader(io.StringIO(provmap(data, *asked).decode("utf-8")))
    )
    name, content = taken["Parquet"]
    from_ask = pl.read_parquet(io.BytesIO(provmap(data, *asked, "--format", "parquet")))
    assert pl.read_parquet(io.BytesIO(content)).equals(from_ask)
    name, content = taken["Excel"]
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == from_ask.height + 1
    name, content = taken["Notes"]
    assert f"Rows: {from_ask.height}" in content.decode("utf-8-sig")


def test_a_download_is_for_the_browser_that_asked_for_it(page: Page, sample_app: str) -> None:
    page.goto(f"{sample_app}/provision_list")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    # Somebody who has no cookie of this browser.
    with pytest.raises(HTTPError) as refused:
        urlopen(download.value.url)
    refused.value.close()
    assert refused.value.code == 404


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_files_are_imported_through_the_page_and_taken_back(
    page: Page, start_app: StartApp, tmp_path: Path, form: str
) -> None:
    files = tmp_path / "from the office"
    counts = generate(files, pupils=30, years=1, seed=5)
    page.goto(f"{start_app(tmp_path / 'data')}/import_and_data")
    see_title(page, "Import and data")
    see_settled(page)
    if form == "folder":
        page.get_by_text("Choose a whole folder").click()
        page.locator("input[type=file][webkitdirectory]").set_input_files(files)
    else:
        archive = tmp_path / "everything.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            for file in sorted(files.iterdir()):
                packed.write(file, file.name)
        file_field(page).set_input_files(archive)
    page.get_by_role("button", name="See what would happen").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name="pupils", exact=True))
    expect(row).to_contain_text(str(counts["pupils"]))
    page.get_by_role("button", name="Import these rows").click()
    expect(page.get_by_text("Every page now shows your school.")).to_be_visible()
    expect(page.get_by_text("Every pupil here is invented")).to_have_count(0)
    go_to(page, "How well are we", "Overview")
    see_title(page, "Overview")
    expect(page.get_by_text(re.compile(r"(\d+) of \1 pupils"))).to_be_visible()
    go_to(page, "The school's files", "Import and data")
    page.get_by_role("button", name="Undo the newest import").click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("Every pupil here is invented")).to_be_visible()


def test_a_page_follows_an_import_from_the_command_line(
    page: Page, start_app: StartApp, tmp_path: Path
) -> None:
    data, files = tmp_path / "data", tmp_path / "files"
    generate(files, pupils=30, years=1, seed=5)
    page.goto(start_app(data))
    expect(page.get_by_text("210 of 210 pupils")).to_be_visible()
    provmap(data, "import", str(files), "--dated", "2026-03-03")
    go_to(page, "What must we do", "Provision map")
    see_title(page, "Provision map")
    expect(page.get_by_text("Every pupil here is invented")).to_have_count(0)


class TestKeyboardOnly:
    def tab_to(self, page: Page, role: str, name: str) -> None:
        target = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        for _ in range(60):
            page.keyboard.press("Tab")
            if target.evaluate_all("found => found.includes(document.activeElement)"):
                return
        pytest.fail(f"Tab does not reach the {role} {name}")

    def test_a_list_is_filtered_and_taken_away(self, page: Page, sample_app: str) -> None:
        page.goto(sample_app)
        see_title(page, "Overview")
        see_settled(page)
        self.tab_to(page, "button", "What must we do to make it happen?")
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="Provision map")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        see_title(page, "Provision list")
        see_settled(page)
        self.tab_to(page, "combobox", "Year group")
        page.keyboard.type("Year 5")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Year 5, as at 3 Mar 2026:")).to_be_visible()
        page.keyboard.press("Escape")
        see_settled(page)
        self.tab_to(page, "button", "CSV")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == "provmap-provision-list-year-5-2026-03-03.csv"
