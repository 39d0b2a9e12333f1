"""Files out: what a spreadsheet, a parser and a person find in them. Tiny frames, read back in full."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provmap.errors import UsageError
from provmap.exports import export, file_name
from provmap.filters import Filter
from provmap.questions import ask, make_filter
from provmap.safe_csv import csv_text
from provmap.store import Store

DAY = date(2026, 3, 3)
FILTER = Filter(as_at=DAY, year_groups=("5",), groups=("pupil_premium",))
FRAME = pl.DataFrame(
    {
        "surname": ["Ash", 'O\'Neill, "Sam"', None],
        "groups": [["pupil_premium", "eal"], [], None],
        "weekly_minutes": [90.0, 37.5, None],
        "start_date": [date(2026, 1, 6), None, date(2025, 9, 1)],
        "overdue_for_review": [True, False, None],
    }
)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Workbook:
    """An XLSX file as far as these tests need to read it: cells as written, by sheet and place."""

    def __init__(self, data: bytes) -> None:
        self.parts = zipfile.ZipFile(io.BytesIO(data))
        strings = self._xml("xl/sharedStrings.xml").iter(f"{SHEET}si")
        self.strings = ["".join(text.text or "" for text in string.iter(f"{SHEET}t")) for string in strings]
        self.names = [sheet.get("name") for sheet in self._xml("xl/workbook.xml").iter(f"{SHEET}sheet")]

    def _xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.parts.read(name))

    def sheet(self, name: str) -> ElementTree.Element:
        return self._xml(f"xl/worksheets/sheet{self.names.index(name) + 1}.xml")

    def rows(self, name: str) -> list[list[str | None]]:
        return [[self._value(cell) for cell in row] for row in self.sheet(name).iter(f"{SHEET}row")]

    def _value(self, cell: ElementTree.Element) -> str | None:
        value = cell.findtext(f"{SHEET}v")
        return self.strings[int(value)] if value is not None and cell.get("t") == "s" else value


def in_csv(text: str) -> str:
    return next(csv.DictReader(io.StringIO(csv_text(pl.DataFrame({"words": [text]})))))["words"]


class TestCsv:
    def test_lists_dates_booleans_and_what_is_missing(self) -> None:
        assert csv_text(FRAME) == (
            "surname,groups,weekly_minutes,start_date,overdue_for_review\n"
            "Ash,pupil_premium;eal,90.0,2026-01-06,true\n"
            '"O\'Neill, ""Sam""",,37.5,,false\n'
            ",,,2025-09-01,\n"
        )

    def test_a_file_opens_with_a_byte_order_mark(self, one_pupil: Store) -> None:
        written = export(FRAME, FILTER, "coverage", "csv", one_pupil)
        assert written.data == b"\xef\xbb\xbf" + csv_text(FRAME).encode()
        assert written.mime.startswith("text/csv")

    @pytest.mark.parametrize(
        "text",
        [
            '=HYPERLINK("http://example.com")', "+SUM(A1)", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
            "\tplain", " =1", "\u00a0=1", "\u3000=1", "\ufeff=1", "＝1", "＋1", "－1", "＠x", " ＝1",
            "-", "--5", "+44 20 7946",
        ],
    )  # fmt: skip
    def test_text_that_a_spreadsheet_would_run_is_held_back(self, text: str) -> None:
        assert in_csv(text) == "'" + text

    @pytest.mark.parametrize(
        "text",
        ["-5", "+44", "-5.25", "0", "Ash", "a=b", "Smith-Jones", "'=1", "x@y.example", "10 - 20", "100%"],
    )
    def test_plain_text_and_plain_numbers_stay_as_they_are(self, text: str) -> None:
        assert in_csv(text) == text

    def test_numbers_below_zero_stay_numbers(self) -> None:
        frame = pl.DataFrame({"gain": [-2.5], "rating": [-2]})
        assert csv_text(frame) == "gain,rating\n-2.5,-2\n"

    def test_headings_are_held_back_too(self) -> None:
        assert csv_text(pl.DataFrame({"=1+1": ["x"]})) == "'=1+1\nx\n"

    def test_a_list_that_opens_with_a_formula_is_held_back(self) -> None:
        assert csv_text(pl.DataFrame({"staff": [["=1+1", "T2"]]})) == "staff\n'=1+1;T2\n"

    @given(st.text())
    def test_no_text_comes_out_able_to_run(self, text: str) -> None:
        written = in_csv(text)
        is_number = re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", written)
        first = written.lstrip()[:1]
        assert is_number or (first not in tuple("=+-@＝＋－＠") and written[:1] not in tuple("\t\r\n"))

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")), min_size=1))
    def test_whatever_the_text_it_is_read_back(self, texts: list[str]) -> None:
        """Any text but the marked ones comes back as it went in, line breaks and quotes and all."""
        written = csv_text(pl.DataFrame({"words": texts, "after": ["x"] * len(texts)}))
        read = list(csv.DictReader(io.StringIO(written, newline="")))
        assert [row["words"] in (text, "'" + text) for row, text in zip(read, texts, strict=True)] == [
            True for _ in texts
        ]
        assert {row["after"] for row in read} == {"x"}


class TestXlsx:
    @pytest.fixture
    def workbook(self, one_pupil: Store) -> Workbook:
        return Workbook(export(FRAME, FILTER, "coverage", "xlsx", one_pupil).data)

    def test_cells(self, workbook: Workbook) -> None:
        assert workbook.names == ["coverage", "Notes"]
        headings, first, second, _ = workbook.rows("coverage")
        assert headings == FRAME.columns
        # 46028 days after 30 Dec 1899 is 6 Jan 2026.
        assert first == ["Ash", "pupil_premium;eal", "90", "46028", "1"]
        assert second == ['O\'Neill, "Sam"', None, "37.5", None, "0"]

    def test_dates_are_dates(self, workbook: Workbook) -> None:
        assert b"dd mmm yyyy" in workbook.parts.read("xl/styles.xml")

    def test_the_header_is_frozen_and_columns_have_widths(self, workbook: Workbook) -> None:
        sheet = workbook.sheet("coverage")
        pane = next(sheet.iter(f"{SHEET}pane"))
        assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
        # Neighbours of one width share an element.
        spans = [int(col.get("max", 0)) - int(col.get("min", 0)) + 1 for col in sheet.iter(f"{SHEET}col")]
        assert sum(spans) == len(FRAME.columns)

    def test_text_is_never_a_formula_or_a_link(self, one_pupil: Store) -> None:
        texts = [
            "=1+1",
            "+1",
            "-1+2",
            "@SUM(A1)",
            "http://example.com",
            "00123",
            "{=1}",
            "mailto:a@example.com",
        ]
        frame = pl.DataFrame({"words": texts})
        workbook = Workbook(export(frame, FILTER, "coverage", "xlsx", one_pupil).data)
        assert [row[0] for row in workbook.rows("coverage")] == ["words", *texts]
        sheet = workbook.sheet("coverage")
        assert not list(sheet.iter(f"{SHEET}f"))
        assert not list(sheet.iter(f"{SHEET}hyperlink"))

    def test_an_answer_without_rows_still_has_its_headings_and_notes(self, one_pupil: Store) -> None:
        workbook = Workbook(export(FRAME.clear(), FILTER, "coverage", "xlsx", one_pupil).data)
        assert workbook.rows("coverage") == [FRAME.columns]
        assert ["Rows", "0"] in workbook.rows("Notes")

    def test_too_many_rows_are_refused_and_not_cut(self, one_pupil: Store) -> None:
        frame = pl.DataFrame({"a": pl.repeat(1, 1_048_576, eager=True)})
        with pytest.raises(UsageError, match="cannot hold"):
            export(frame, FILTER, "coverage", "xlsx", one_pupil)


class TestParquet:
    def test_rows_and_types_are_unaltered(self, one_pupil: Store) -> None:
        frame = FRAME.with_columns(note=pl.lit("=1+1"))
        data = export(frame, FILTER, "coverage", "parquet", one_pupil).data
        assert pl.read_parquet(io.BytesIO(data)).equals(frame)

    def test_the_notes_are_in_the_metadata(self, one_pupil: Store) -> None:
        data = export(FRAME, FILTER, "coverage", "parquet", one_pupil).data
        metadata = pl.read_parquet_metadata(io.BytesIO(data))
        assert metadata["provmap:as_at"] == "3 Mar 2026"
        assert metadata["provmap:rows"] == "3"


def test_json_keeps_lists_dates_and_nulls(one_pupil: Store) -> None:
    rows = json.loads(export(FRAME, FILTER, "coverage", "json", one_pupil).data)
    assert rows[0]["groups"] == ["pupil_premium", "eal"]
    assert rows[1] == {
        "surname": 'O\'Neill, "Sam"',
        "groups": [],
        "weekly_minutes": 37.5,
        "start_date": None,
        "overdue_for_review": False,
    }


class TestNotes:
    def notes(self, store: Store, question: str = "coverage", filter: Filter = FILTER) -> dict[str, str]:
        text = export(FRAME, filter, question, "txt", store).data.decode("utf-8-sig")
        return dict(line.split(": ", 1) for line in text.splitlines())

    def test_they_say_what_the_file_holds(self, one_pupil: Store) -> None:
        notes = self.notes(one_pupil)
        assert notes["Counted"] == FILTER.describe()
        assert notes["As at"] == "3 Mar 2026"
        assert notes["Rows"] == "3"
        assert notes["Store version"] == one_pupil.version
        assert "Please note" not in notes

    def test_they_name_a_choice_that_was_not_applied(self, one_pupil: Store) -> None:
        filter = Filter(as_at=DAY, tiers=("targeted",))
        assert self.notes(one_pupil, "coverage", filter)["Not applied here"] == "tier"
        assert "Not applied here" not in self.notes(one_pupil, "provision_list", filter)

    def test_they_say_which_rows_a_page_has_kept(self, one_pupil: Store) -> None:
        written = export(FRAME, Filter(as_at=DAY), "gaps", "txt", one_pupil, only="nothing recorded")
        assert "Only: nothing recorded" in written.data.decode("utf-8-sig")
        assert written.name == "provmap-gaps-nothing-recorded-2026-03-03-notes.txt"

    def test_the_sample_school_is_said_to_be_invented(self, sample: Store) -> None:
        notes = self.notes(sample)
        assert "invented" in notes["Please note"]
        assert "pupils.csv" in notes["Source files"]


class TestFileName:
    def test_it_names_question_filter_and_day(self) -> None:
        assert file_name(FILTER, "coverage") == "provmap-coverage-year-5-pupil-premium-2026-03-03"

    def test_without_a_filter(self) -> None:
        assert file_name(Filter(as_at=DAY), "gaps") == "provmap-gaps-2026-03-03"

    def test_notes_stand_beside_their_file(self, one_pupil: Store) -> None:
        written = export(FRAME, FILTER, "gaps", "txt", one_pupil)
        assert written.name == "provmap-gaps-year-5-pupil-premium-2026-03-03-notes.txt"

    @given(st.lists(st.text(min_size=1), max_size=20), st.sampled_from(["2025/26", None]))
    def test_it_is_safe_on_every_system(self, classes: list[str], year: str | None) -> None:
        name = file_name(Filter(as_at=DAY, academic_year=year, classes=tuple(classes)), "coverage_by_need")
        assert re.fullmatch(r"provmap-coverage-by-need-([a-z0-9]+-)*2026-03-03", name)
        assert len(name) < 120


def test_every_question_is_exported_in_every_format(sample: Store) -> None:
    filter = make_filter(sample, year_groups=["5"])
    for question in ("provision_list", "coverage", "coverage_by_need", "gaps", "duplications", "no_data",
                     "progress_by_group", "pupil_progress", "impact_by_provision"):  # fmt: skip
        frame = ask(question, filter, sample)
        read = list(csv.reader(io.StringIO(csv_text(frame))))
        assert read[0] == frame.columns
        assert len(read) == frame.height + 1
        assert pl.read_parquet(export(frame, filter, question, "parquet", sample).data).equals(frame)
        assert len(Workbook(export(frame, filter, question, "xlsx", sample).data).rows(question)) == len(read)
        assert len(json.loads(export(frame, filter, question, "json", sample).data)) == frame.height
