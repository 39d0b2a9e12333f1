"""Work that takes long enough to be given up, and going back: what only a browser can click in time."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
from playwright.sync_api import Page, expect

from provmap.store import list_imports
from tests.browser.test_journeys import file_field, go_to, provmap, see_settled, see_title

StartApp = Callable[[Path], str]
NOTHING = "was cancelled: nothing was changed."


def held(data: Path) -> dict[str, str]:
    """Every file of a data folder with a hash of what is in it; the lock is there to stay."""
    files = [path for path in data.rglob("*") if path.is_file() and path.name != "lock"]
    return {
        path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def write_pupils(folder: Path, pupils: int, year: str = "5") -> Path:
    file = folder / "pupils.csv"
    rows = pl.DataFrame({"pupil_id": [str(number) for number in range(pupils)]})
    names = {"surname": "Ash", "forename": "Kit", "year_group": year}
    rows.with_columns(**{name: pl.lit(value) for name, value in names.items()}).write_csv(file)
    return file


def write_assessments(folder: Path, rows: int, pupils: int) -> Path:
    """So many results on as many days that each is one of its own."""
    file = folder / "assessments.csv"
    numbers = pl.DataFrame({"number": range(rows)}).with_columns(
        pl.col("number").mod(pupils).cast(pl.String).alias("pupil_id"),
        (pl.date(2015, 1, 1) + pl.duration(days=pl.col("number") // pupils)).alias("assessed_on"),
    )
    constants = {"subject": "reading", "scale": "standardised", "value": "100"}
    constant = [pl.lit(value).alias(name) for name, value in constants.items()]
    numbers.select("pupil_id", "assessed_on", *constant).write_csv(file)
    return file


def look_at(page: Page, file: Path) -> None:
    see_title(page, "Import and data")
    see_settled(page)
    file_field(page).set_input_files(file)
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_role("button", name="Import these rows")).to_be_enabled()
    see_settled(page)


def test_a_long_import_is_cancelled_and_nothing_has_changed(
    page: Page, start_app: StartApp, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    provmap(data, "import", str(write_pupils(tmp_path, 100)), "--dated", "2026-03-03")
    before = held(data)
    page.goto(f"{start_app(data)}/import_and_data")
    file = write_assessments(tmp_path, 300_000, 100)
    look_at(page, file)

    page.get_by_role("button", name="Import these rows").click()
    # It says how far it is, with a count, while the button stands beside it.
    expect(page.get_by_text(re.compile(r"^Writing \d+ of 24 datasets|^Working out \d of 6"))).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text(f"The import {NOTHING}")).to_be_visible()
    see_settled(page)
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(0)
    assert held(data) == before

    # Any other click stops it too, and wherever it leads, that is said.
    page.get_by_role("button", name="Import these rows").click()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
    go_to(page, "How well are we", "Overview")
    see_title(page, "Overview")
    expect(page.get_by_text(f"The import {NOTHING}")).to_be_visible()
    expect(page.get_by_text("100 of 100 pupils")).to_be_visible()
    see_settled(page)
    assert held(data) == before

    # And once it is left alone, it comes in.
    go_to(page, "The school's files", "Import and data")
    look_at(page, file)
    page.get_by_role("button", name="Import these rows").click()
    expect(page.get_by_text("Every page now shows your school.")).to_be_visible()
    expect(page.get_by_text(NOTHING)).to_have_count(0)
    assert [manifest.counts["assessments"]["new"] for manifest in list_imports(data)[1:]] == [300_000]


def test_looking_at_a_large_file_is_cancelled(page: Page, start_app: StartApp, tmp_path: Path) -> None:
    data = tmp_path / "data"
    page.goto(f"{start_app(data)}/import_and_data")
    see_title(page, "Import and data")
    see_settled(page)
    before = held(data)
    file = tmp_path / "pupils.csv"
    # Line ends of old make provmap read line by line, which takes its time.
    lines = "".join(f"{number},Ash,Robin,5\r" for number in range(700_000))
    file.write_bytes(f"pupil_id,surname,forename,year_group\r{lines}".encode())
    file_field(page).set_input_files(file)
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text(re.compile(r"^Reading pupils\.csv: [\d,]+ of 700,001 lines"))).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text(f"Looking at the files {NOTHING}")).to_be_visible()
    see_settled(page)
    expect(page.get_by_role("button", name="Import these rows")).to_have_count(0)
    assert held(data) == before


def test_going_back_past_later_imports_says_what_goes_with_it(
    page: Page, start_app: StartApp, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for number, pupils in enumerate((10, 20, 30), 1):
        file = str(write_pupils(tmp_path, pupils))
        provmap(data, "import", file, "--dated", f"2026-03-0{number}", "--accept-alarms")
    page.goto(f"{start_app(data)}/import_and_data")
    see_title(page, "Import and data")
    expect(page.get_by_text("30 of 30 pupils")).to_be_visible()
    page.get_by_role("combobox", name="Go back to before import").click()
    page.get_by_role("option", name=re.compile("^2, as on 2 Mar 2026")).click()
    page.get_by_role("button", name="Go back to before import 2").click()
    expect(page.get_by_text("Import 2 is taken back together with 1 later import:")).to_be_visible()
    box = page.locator(".st-key-confirm_undo")
    for words in ("2 Mar 2026", "3 Mar 2026", "pupils.csv"):
        expect(box.get_by_role("cell", name=words, exact=True).first).to_be_visible()
    row = box.get_by_role("row").filter(has=page.get_by_role("cell", name="Pupils on roll", exact=True))
    expect(row.get_by_role("cell")).to_have_text(["Pupils on roll", "30", "10"])
    page.screenshot(path=tmp_path / "going-back.png", full_page=True)
    page.get_by_role("button", name="Take these 2 imports back").click()
    expect(page.get_by_text("Imports 2, 3 were undone.")).to_be_visible()
    expect(page.get_by_text("10 of 10 pupils")).to_be_visible()
    expect(page.locator(".st-key-confirm_undo")).to_have_count(0)
