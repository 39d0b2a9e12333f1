"""What is printed is right in every alphabet, in reading order, tagged, and never read as an instruction."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap.charts import progress_by_subject
from provmap.documents import Document, Section, print_pdf
from provmap.documents.charts import drawn
from provmap.documents.columns import ACROSS, INSET, POINT, UPRIGHT, breadth, fitted, in_lines
from provmap.documents.letters import LETTERS, MISSING, SAYS_WHY
from provmap.documents.pdf import PLACE
from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.page import Page
from provmap.ui.tables import _printed, in_words
from provmap.words import TIERS

NAMES = ["O'Brien-Łuć", "Nguyễn", "مريم", "=1+1", "#panic[x] $y$ \\ @label `raw` <b>"]


def text_of(pdf: bytes, folder: Path, *how: str) -> str:
    """What a reader that speaks would say, in its order; with `-layout` as it stands on the sheet."""
    if not shutil.which("pdftotext") and not os.environ.get("CI"):
        pytest.skip("pdftotext is not installed")
    file = folder / "made.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", *how, str(file), "-"], capture_output=True, text=True, check=True)
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
    said = " ".join(text.split())
    assert sum(said.count(name) for name in rows["provision"].unique()) >= rows.height


def test_a_document_of_nothing_is_still_one() -> None:
    assert made(sections=()).startswith(b"%PDF-")


WIDE = ("surname", "forename", "year_group", "class", "groups", "provision", "tier", "need_codes",
        "start_date", "expected_end_date", "weekly_minutes", "staff", "overdue_for_review")  # fmt: skip


def test_days_and_minutes_of_a_wide_list_neither_wrap_nor_touch(sample: Store, tmp_path: Path) -> None:
    filter = make_filter(sample, year_groups=["5"])
    page = Page(sample, filter, ask("scope_summary", filter, sample).row(0, named=True))
    rows = ask("provision_list", filter, sample)
    pdf = _printed(page, "provision_list", in_words(page, rows.select(WIDE)), "")
    text = text_of(pdf, tmp_path, "-layout").replace("\u00a0", " ")
    both = rows.filter(pl.col("expected_end_date").is_not_null() & pl.col("weekly_minutes").is_not_null())
    for row in both.iter_rows(named=True):
        days = [f"{row[name]:%-d %b %Y}" for name in ("start_date", "expected_end_date")]
        beside = " {2,}".join([*map(re.escape, days), f"{row['weekly_minutes']:.0f}"])
        assert re.search(beside, text), (days, row["weekly_minutes"])
    # The groups of a pupil do not make a row of six lines for two words of the rest.
    assert text.count("\f") <= 3


@pytest.mark.parametrize("many", [1, 3, 8, 14])
def test_every_word_has_room_and_no_table_leaves_the_sheet(many: int) -> None:
    words = ["O'Brien-Łuć", "15 Sep 2025", "Speech and language needs", "60", ""]
    rows = [[words[(place + line) % len(words)] for place in range(many)] for line in range(9)]
    fit = fitted([f"Column {place}" for place in range(many)], rows)
    assert sum(fit.widths) <= ACROSS + 0.01
    assert sum(fit.widths) <= fit.room + 0.01
    for place, width in enumerate(fit.widths):
        longest = max(breadth(word) for row in rows for word in re.split("[ -]", row[place]))
        assert width >= longest * fit.size * POINT + INSET - 0.01


def test_a_word_longer_than_any_column_can_be_broken(tmp_path: Path) -> None:
    assert in_lines("short words all stay") == "short words all stay"
    assert in_lines("15 Sep 2025") == "15\u00a0Sep\u00a02025"
    assert in_lines("x" * 60).replace("\u200b", "") == "x" * 60
    made = print_pdf(Document("A", "", "", [Section(columns=list("abcdefgh"), rows=[["y" * 400] * 8])]))
    text = text_of(made, tmp_path, "-layout")
    assert sum(map(text.count, "y")) == 3200


def test_a_chart_is_printed_as_lines_and_letters_with_its_words(tmp_path: Path) -> None:
    bars = pl.DataFrame({"subject": ["Łuć"], "expected_share": [0.5], "term": ["spring"],
                         "academic_year": ["2025/26"], "scale": ["test"], "expected_or_above": [1],
                         "assessed": [2]})  # fmt: skip
    picture = drawn(progress_by_subject(bars), 640)
    assert "Noto Sans" in picture[0]
    assert "sans-serif" not in picture[0]
    pdf = print_pdf(Document("A", "", "", [Section("First", charts=[picture] * 2, charts_beside=2)]))
    assert b"/Subtype/Image" not in pdf.replace(b" ", b"")
    assert "Bar chart: for each subject" in picture[1]
    assert "Łuć" in text_of(pdf, tmp_path)


def test_a_wide_list_within_a_longer_document_lies_across_its_own_sheets(tmp_path: Path) -> None:
    wide = Section(
        "Annex", columns=[f"Column {n}" for n in range(12)], rows=[["15 Sep 2025"] * 12] * 60, new_page=True
    )
    made = print_pdf(Document("A", "", "Foot", [Section("First", paragraphs=["Begins."]), wide]))
    boxes = set(re.findall(rb"/MediaBox ?\[([^\]]+)\]", made))
    assert len(boxes) == 2
    text = text_of(made, tmp_path)
    assert text.index("Begins.") < text.index("Annex")
    assert text.count("Column 11") == text.count("\f") - 1


@pytest.mark.parametrize("many", [1, 4, *range(40, 47)])
def test_the_last_row_of_a_list_never_stands_alone(many: int, tmp_path: Path) -> None:
    table = Section(
        "List", columns=("No.", "What"), rows=[(f"row{n}", "two lines " * 14) for n in range(many)]
    )
    text = text_of(print_pdf(Document("A", "", "Foot", [table])), tmp_path)
    sheets = [len(re.findall(r"row\d+", sheet)) for sheet in text.split("\f")[:-1]]
    assert sum(sheets) == many
    assert min(sheets) >= min(many, 3)


def test_charts_beside_each_other_are_of_one_height_and_have_no_key() -> None:
    def spec(keyed: bool) -> dict[str, Any]:
        colour = {"color": {"field": "c", "type": "nominal"}} if keyed else {}
        x = {"field": "day", "type": "temporal", "axis": {"minExtent": 76}}
        return {"data": {"values": [{"day": "2026-03-03", "c": "kind", "n": 1}]}, "mark": "point",
                "encoding": {"x": x, "y": {"field": "n", "type": "quantitative"}} | colour}  # fmt: skip

    found = [drawn(spec(keyed), 290, 90)[0] for keyed in (True, False)]
    assert len({re.search(r'height="([\d.]+)"', svg)[1] for svg in found}) == 1  # type: ignore[index]
    assert not any(">kind<" in svg for svg in found)
    assert ">kind<" in drawn(spec(True), 640)[0]


class TestLetters:
    """A letter that our fonts do not have stops no print."""

    def test_every_letter_that_is_said_to_be_held_is_printed(self) -> None:
        runs = [line.split(",") for line in LETTERS.read_text(encoding="ascii").splitlines()[1:]]
        letters = [chr(one) for first, last in runs for one in range(int(first, 16), int(last, 16) + 1)]
        assert len(letters) > 5000
        # typst refuses a tagged PDF with a letter that it has no shape for.
        some = ["".join(letters[at : at + 60]) for at in range(0, len(letters), 60)]
        assert print_pdf(Document("All", "", "", [Section(paragraphs=some)])).startswith(b"%PDF")

    @pytest.mark.parametrize("said", ["I like it 😀", "李小龙", "bell\x07", "👨‍👩‍👧"])
    def test_what_cannot_be_printed_is_a_sign_with_its_reason(self, said: str, tmp_path: Path) -> None:
        pdf = print_pdf(Document("Words", "", "provmap", [Section(paragraphs=[said, "and so on"])]))
        words = text_of(pdf, tmp_path)
        assert "and so on" in words
        assert (SAYS_WHY in " ".join(words.split())) == (said != "bell\x07")

    @pytest.mark.parametrize("name", ["ਹਰਪ੍ਰੀਤ", "রহমান", "கவின்", "પટેલ", "ሰላም", "גולדברג", "ნინო"])
    def test_names_in_other_alphabets_are_printed(self, name: str, tmp_path: Path) -> None:
        words = text_of(print_pdf(Document("Names", "", "provmap", [Section(paragraphs=[name])])), tmp_path)
        assert name[0] in words
        assert MISSING not in words

    def test_the_signs_of_tiers_are_left_to_their_words_and_the_footer_ends_once(
        self, tmp_path: Path
    ) -> None:
        said = [" ".join(TIERS.values())]
        text = text_of(print_pdf(Document("T", "", "Keep it safe.", [Section(paragraphs=said)])), tmp_path)
        assert "universal targeted specialist" in text
        assert MISSING not in text
        both = text_of(print_pdf(Document("T", "", "Keep it safe.", [Section(paragraphs=["😀"])])), tmp_path)
        assert f"Keep it safe. {SAYS_WHY}" in " ".join(both.split())


def test_one_long_note_does_not_stand_in_a_narrow_column() -> None:
    """A note of 400 characters among many short rows has the room that saves most lines."""
    note = ("She reads well and waits to be asked; a partner helps. " * 8)[:400]
    rows = [["Overdue, 3 days", note if n == 4 else "Ring home", "Mrs Featherstonehaugh-Cholmondeley",
             "28 Feb 2026", "Wolfeschlegelsteinhausen, Maximiliana (Year 5, Oak)",
             "reading WTS (24 Sep 2025, teacher judgement), now WTS (26 Feb 2026): no change"]
            for n in range(12)]  # fmt: skip
    fit = fitted(("How it stands", "Action", "Who", "By", "For", "Since then"), rows, rooms=(UPRIGHT,))
    lines = breadth(note) * fit.size * POINT / (fit.widths[1] - INSET)
    assert lines < 14


def test_typst_is_called_in_one_place() -> None:
    calling = [
        path.name for path in PLACE.glob("*.py") if "typst.compile" in path.read_text(encoding="utf-8")
    ]
    assert calling == ["pdf.py"]
