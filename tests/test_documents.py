"""What is printed is right in every alphabet, in reading order, tagged, and never read as an instruction."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from provmap.documents import Document, Section, print_pdf
from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.page import Page
from provmap.ui.tables import _printed, in_words

NAMES = ["O'Brien-Łuć", "Nguyễn", "مريم", "=1+1", "#panic[x] $y$ \\ @label `raw` <b>"]


def text_of(pdf: bytes, folder: Path) -> str:
    """What a reader that speaks would say, in its order."""
    if not shutil.which("pdftotext") and not os.environ.get("CI"):
        pytest.skip("pdftotext is not installed")
    file = folder / "made.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True)
    return done.stdout


def made(**more: object) -> bytes:
    table = Section(
        heading="Provision", columns=("Pupil", "What"), widths=(1, 2),
        rows=[(name, "Reading Rescue") for name in NAMES * 30],
    )  # fmt: skip
    parts = (Section(heading="First", paragraphs=["Begins here."], points=["one", "two"]), table,
             Section(heading="Your words", lines=3, box_mm=30))  # fmt: skip
    given = {"title": "A sheet", "subtitle": "Year 5", "footer": "Elm Primary, 3 Mar 2026", "sections": parts}
    return print_pdf(Document(**given | more))  # type: ignore[arg-type]


def test_names_come_out_as_they_went_in(tmp_path: Path) -> None:
    text = text_of(made(), tmp_path)
    for name in NAMES:
        assert text.count(name) == 30 or name == "مريم", name
    # Right to left: pdftotext may turn the letters into their joined forms.
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in text)


def test_reading_order_sheets_and_headings(tmp_path: Path) -> None:
    text = text_of(made(), tmp_path)
    places = [
        text.index(words)
        for words in ("A sheet", "Year 5", "First", "Begins here.", "Provision", "Your words")
    ]
    assert places == sorted(places)
    sheets = text.count("Elm Primary, 3 Mar 2026")
    assert sheets > 2
    assert f"Page {sheets} of {sheets}" in text
    # The table's headings stand on each of its sheets.
    assert text.count("What\n") >= sheets - 1


def test_it_is_tagged_and_carries_its_fonts() -> None:
    pdf = made(large=True, landscape=True)
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert b"/MarkInfo" in pdf


def test_a_list_on_the_screen_is_printed_whole(sample: Store, tmp_path: Path) -> None:
    filter = make_filter(sample, year_groups=["5"])
    page = Page(sample, filter, ask("scope_summary", filter, sample).row(0, named=True))
    rows = ask("provision_list", filter, sample)
    shown = in_words(page, rows.select("surname", "provision", "need_codes", "start_date"))
    text = text_of(_printed(page, "provision_list", shown, "Oak"), tmp_path)
    assert "Provision list: Oak" in text
    assert f"Year 5, as at 3 Mar 2026. {rows.height} rows." in text
    assert sum(text.count(name) for name in rows["provision"].unique()) >= rows.height


def test_a_document_of_nothing_is_still_one() -> None:
    assert made(sections=()).startswith(b"%PDF-")
