"""Workbooks as schools have them, cell by cell and sheet by sheet, up to the preview of an import."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from provmap.__main__ import main
from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview, rejected_rows
from provmap.imports.delimited import Table
from provmap.imports.workbooks import read_workbook
from provmap.workbooks.cell_text import number_text, read_format

FILES = Path(__file__).parent / "files" / "workbooks"
DAY = date(2026, 3, 3)
PUPILS = [
    ["pupil_id", "surname", "forename", "year_group", "entry_date"],
    ["p1", "Ash", "Robin", 5, datetime(2025, 9, 1)],
    ["p2", "Birch", "Sam", 6, "01/09/2024"],
]
NEEDS = [["pupil_id", "need_code"], ["p1", "SLCN"], ["p2", "SEMH"]]

# What is in line 3 and below of kinds.xls and kinds.ods, which LibreOffice made of what `kinds` writes.
# A blank row stands after the tenth.
KINDS = [
    (3, "text with zeros", "007"),
    (4, "number shown with zeros", "007"),
    (5, "whole number", "116"),
    (6, "whole number shown with decimals", "5"),
    (7, "reading age", "8.10"),
    (8, "rounded on screen", "3.14159"),
    (9, "noise", "0.3"),
    (10, "money", "1234.50"),
    (11, "percentage", "87.5%"),
    (12, "day", "2025-09-02"),
    (14, "day and time", "2025-09-02 14:30:00"),
    (15, "day as text", "03/04/2015"),
    (16, "time", "14:30"),
    (17, "hours", "37:30"),
    (18, "yes", "yes"),
    (19, "no", "no"),
    (20, "error", "#N/A"),
    (21, "formula", "2"),
    (22, "several lines", 'Zoë\n"Ash", O’Neil'),
    (23, "merged", "both"),
]


@dataclass
class Page:
    """A sheet to write into: `at` gives the place for the next cell's value and its number format."""

    sheet: Any
    book: Any

    def put(self, line: int, kind: str, value: object, shown: str = "General") -> None:
        self.sheet.write(line - 1, 0, kind)
        self.sheet.write(line - 1, 1, value, self.book.add_format({"num_format": shown}))


def written(write: Callable[[Any], None]) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy"}) as book:
        write(book)
    return stream.getvalue()


def of_sheets(hidden: tuple[str, ...] = (), **sheets: list[list[Any]]) -> bytes:
    """The bytes of a workbook with these sheets."""

    def write(book: Any) -> None:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
            if name in hidden:
                sheet.hide()

    return written(write)


def kinds() -> bytes:
    def write(book: Any) -> None:
        page = Page(book.add_worksheet("Cells"), book)
        page.put(2, "kind", "cell")
        page.sheet.write(2, 0, "text with zeros")
        page.sheet.write_string(2, 1, "007")
        page.put(4, "number shown with zeros", 7, "000")
        page.put(5, "whole number", 116)
        page.put(6, "whole number shown with decimals", 5, "0.00")
        page.put(7, "reading age", 8.1, "0.00")
        page.put(8, "rounded on screen", 3.14159, "0.0")
        page.put(9, "noise", 0.1 + 0.2)
        page.put(10, "money", 1234.5, "£#,##0.00")
        page.put(11, "percentage", 0.875, "0%")
        page.put(12, "day", datetime(2025, 9, 2), "dd/mm/yyyy")
        page.put(14, "day and time", datetime(2025, 9, 2, 14, 30), "dd/mm/yyyy hh:mm")
        page.put(15, "day as text", "03/04/2015")
        page.put(16, "time", time(14, 30), "hh:mm")
        page.put(17, "hours", 1.5625, "[h]:mm")
        page.put(18, "yes", True)
        page.put(19, "no", False)
        page.sheet.write(19, 0, "error")
        page.sheet.write_formula(19, 1, "=NA()", None, "#N/A")
        page.sheet.write(20, 0, "formula")
        page.sheet.write_formula(20, 1, "=1+1", None, 2)
        page.put(22, "several lines", 'Zoë\n"Ash", O’Neil')
        page.sheet.write(22, 0, "merged")
        page.sheet.merge_range(22, 1, 23, 2, "both")
        book.add_worksheet("Workings").hide()
        book.worksheets()[1].write_row(0, 0, ["a", "b"])
        book.add_worksheet("Nothing")

    return written(write)


def rows_of(table: Table) -> list[tuple[Any, ...]]:
    return [(line, *row) for line, row in zip(table.lines, table.rows.rows(), strict=True)]


class TestCells:
    @pytest.mark.parametrize("name", ["kinds.xlsx", "kinds.xls", "kinds.ods"])
    def test_each_kind_is_text_as_a_careful_person_would_write_it(self, name: str) -> None:
        content = FILES / name if (FILES / name).exists() else kinds()
        table = read_workbook(name, content)[0]
        assert (table.file, table.headings[:2]) == (f"{name}: Cells", ("kind", "cell"))
        # LibreOffice's own format keeps 1234.5 and how many decimals its currency has apart.
        expected = [(line, kind, "1234.5" if name.endswith("ods") and kind == "money" else text)
                    for line, kind, text in KINDS]  # fmt: skip
        assert [row[:3] for row in rows_of(table)] == expected

    @pytest.mark.parametrize("name", ["kinds.xlsx", "kinds.xls", "kinds.ods"])
    def test_hidden_sheets_are_marked_and_empty_ones_left_out(self, name: str) -> None:
        tables = read_workbook(name, FILES / name if (FILES / name).exists() else kinds())
        assert [(table.sheet, table.is_hidden) for table in tables] == [("Cells", False), ("Workings", True)]

    @pytest.mark.parametrize(
        ("number", "code", "text"),
        [
            (45902, "dd/mm/yyyy", "2025-09-02"),
            (45902, "[$-809]dd mmmm yyyy;@", "2025-09-02"),
            (45902, 'd"th of" mmm', "2025-09-02"),
            (45902, "mmm\\-yy", "2025-09-02"),
            (45902.6041666667, "dd/mm/yyyy", "2025-09-02 14:30:00"),
            (45902.99999999, "dd/mm/yyyy hh:mm", "2025-09-03"),
            (0.6041666667, "h:mm AM/PM", "14:30"),
            (0.5, "hh:mm:ss", "12:00"),
            (0.00001157407, "mm:ss", "00:00:01"),
            (45902.5, "hh:mm", "2025-09-02 12:00:00"),
            (2.5, "[hh]:mm", "60:00"),
            (1, "dd/mm/yyyy", "1900-01-01"),
            (61, "dd/mm/yyyy", "1900-03-01"),
            (0, "dd/mm/yyyy", "0"),
            (-1, "dd/mm/yyyy", "-1"),
            (1e9, "dd/mm/yyyy", "1000000000"),
            (0.07, "0%", "7%"),
            (7, '"Year" 0', "7"),
            (7, "[Red]0;[Blue]-0", "7"),
            (12.5, "_-£* #,##0.00_-", "12.50"),
            (1234567, "#,##0", "1234567"),
            (-3.5, "0.0", "-3.5"),
            (-0.0, "General", "0"),
            (8206123, "0000000", "8206123"),
            (1e-7, "0.00E+00", "0.0000001"),
            (123456789012345, "General", "123456789012345"),
            (1e20, "General", "100000000000000000000"),
        ],
    )
    def test_number_formats(self, number: float, code: str, text: str) -> None:
        assert number_text(number, read_format(code)) == text

    def test_days_counted_from_1904(self) -> None:
        assert number_text(44440, read_format("dd/mm/yyyy"), is_1904=True) == "2025-09-02"
        assert number_text(0.5, read_format("hh:mm"), is_1904=True) == "12:00"


class TestImport:
    def look(self, data: Path, content: bytes, name: str = "export.xlsx") -> Preview:
        return preview(data, [(name, content)], DAY)

    def test_several_sheets(self, data: Path) -> None:
        notes = [["Made by the office"], ["on Monday"]]
        content = of_sheets(("Old",), pupils=PUPILS, Sheet2=NEEDS, Notes=notes, Old=PUPILS)
        found = self.look(data, content)
        assert {name: counts["new"] for name, counts in found.counts.items()} == {"needs": 2, "pupils": 2}
        assert found.rows["pupils"]["entry_date"].to_list() == [date(2025, 9, 1), date(2024, 9, 1)]
        assert found.rows["pupils"]["year_group"].to_list() == ["5", "6"]
        assert found.rejected_rows == 0
        words = " ".join(found.notices)
        assert "export.xlsx: Old is a hidden sheet, and was left out." in words
        assert "export.xlsx: Notes is none of the files that provmap reads. It was left out." in words

    def test_the_same_workbook_twice_changes_nothing(self, data: Path) -> None:
        content = of_sheets(pupils=PUPILS, needs=NEEDS)
        manifest = commit(self.look(data, content), "tester")
        assert manifest is not None
        assert [source["name"] for source in manifest.sources] == ["export.xlsx"]
        assert commit(self.look(data, content), "tester") is None

    def test_problems_name_sheet_and_line(self, data: Path) -> None:
        rows = [*PUPILS, [], ["p3", "Cedar", "Lee", "99", ""]]
        found = self.look(data, of_sheets(pupils=rows, needs=NEEDS))
        problem = found.problems.filter(found.problems["verdict"] == "rejected")
        assert problem.select("file", "line", "column", "value").rows() == [
            ("export.xlsx: pupils", 5, "year_group", "99")
        ]
        (rejected,) = rejected_rows(found).values()
        assert rejected.select("pupil_id", "line").rows() == [("p3", 5)]

    def test_the_only_sheet_may_be_named_by_its_file(self, data: Path) -> None:
        ambiguous = [["pupil_id", "need_code", "provision"], ["p1", "SLCN", "Talk Boost"]]
        found = self.look(data, of_sheets(Sheet1=ambiguous), "needs.xlsx")
        assert list(found.rows) == ["needs"]

    def test_a_sheet_that_lacks_a_column_stops_the_import(self, data: Path) -> None:
        # A sheet called pupils is meant: without a column it must not be passed over as if it were a note.
        lacking = [row[:3] for row in PUPILS]
        with pytest.raises(ImportRefused, match=r"export\.xlsx: pupils lacks a column"):
            self.look(data, of_sheets(pupils=lacking, needs=NEEDS))

    def test_two_sheets_of_one_dataset(self, data: Path) -> None:
        more = [PUPILS[0], ["p3", "Cedar", "Lee", 6, ""]]
        assert self.look(data, of_sheets(Year5=PUPILS, Year6=more)).counts["pupils"]["new"] == 3

    @pytest.mark.parametrize(
        ("sheets", "words"),
        [
            ({"Notes": [["hello"], ["you"]], "More": [["a"], ["b"]]}, "Notes is none of the files"),
            ({"pupils": PUPILS[:1]}, "has headings and no rows"),
            ({"pupils": []}, "is empty"),
        ],
    )
    def test_no_sheet_of_ours(self, sheets: dict[str, list[list[Any]]], words: str, data: Path) -> None:
        with pytest.raises(ImportRefused, match=words):
            self.look(data, of_sheets(**sheets))

    def test_every_sheet_hidden(self, data: Path) -> None:
        def write(book: Any) -> None:
            # Excel insists on one sheet in sight; this one is empty.
            book.add_worksheet("Front")
            sheet = book.add_worksheet("pupils")
            for place, row in enumerate(PUPILS):
                sheet.write_row(place, 0, row)
            sheet.very_hidden()

        with pytest.raises(ImportRefused, match=r"Every sheet of export\.xlsx is hidden"):
            self.look(data, written(write))

    @pytest.mark.parametrize("name", ["pupils.csv", "pupils.xls", "pupils.txt", "pupils.zip", "pupils.ods"])
    def test_a_wrong_ending_does_not_matter(self, name: str, data: Path, tmp_path: Path) -> None:
        path = tmp_path / name
        path.write_bytes(of_sheets(pupils=PUPILS))
        assert preview(data, [path], DAY).counts["pupils"]["new"] == 2

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_plain_text_called_a_workbook(self, encoding: str, data: Path) -> None:
        text = "pupil_id\tneed_code\np1\tSLCN\n"
        found = self.look(data, text.encode(encoding), "needs.xls")
        assert found.counts["needs"]["new"] == 1
        assert "needs.xls is no workbook, whatever its name says" in found.notices[0]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize(
        "start", ["<html><table>", "\r\n<TABLE>", "<!DOCTYPE html>", "<meta charset='x'>"]
    )
    def test_a_web_page_called_a_workbook(self, start: str, encoding: str, data: Path) -> None:
        with pytest.raises(ImportRefused, match=r"pupils.xls is not a file of rows: it is a web page"):
            self.look(data, f"{start}<tr><td>pupil_id</td></tr></table>".encode(encoding), "pupils.xls")

    def test_a_workbook_in_a_zip_in_a_folder(self, data: Path, tmp_path: Path) -> None:
        (tmp_path / "deeper").mkdir()
        (tmp_path / "deeper" / "export.xlsx").write_bytes(of_sheets(pupils=PUPILS, needs=NEEDS))
        found = preview(data, [tmp_path], DAY)
        assert found.reading.names == ["deeper/export.xlsx: pupils", "deeper/export.xlsx: needs"]


class TestSheetsOnTheCommandLine:
    """`--sheet NAME`, which may be given again; without it every sheet in sight."""

    BOOK = of_sheets(
        hidden=("Needs",), Pupils=PUPILS, Needs=NEEDS, Other=[["pupil_id", "need_code"], ["p1", "HI"]],
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("names", "read"),
        [
            ((), {"pupils": 2, "needs": 1}),
            (("Pupils",), {"pupils": 2}),
            # A hidden sheet that is named is meant; case and spaces are no matter.
            (("needs ", "PUPILS"), {"pupils": 2, "needs": 2}),
        ],
    )
    def test_which_are_read(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
        names: tuple[str, ...], read: dict[str, int],
    ) -> None:  # fmt: skip
        file = tmp_path / "book.xlsx"
        file.write_bytes(self.BOOK)
        words = [word for name in names for word in ("--sheet", name)]
        assert main(["import", str(file), "--dry-run", *words]) == 0
        printed = capsys.readouterr()
        rows = [line.split() for line in printed.out.splitlines()[1:]]
        assert {row[0]: int(row[1]) for row in rows} == read
        assert ("hidden sheet, and was left out" in printed.err) == (names != ("needs ", "PUPILS"))

    def test_one_that_there_is_not(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "book.xlsx"
        file.write_bytes(self.BOOK)
        assert main(["import", str(file), "--sheet", "Pupil", "--dry-run"]) == 2
        said = "There is no sheet Pupil in these files. There are: Pupils, Needs, Other."
        assert said in capsys.readouterr().err

    def test_in_a_folder_each_workbook_gives_what_it_has(self, data: Path, tmp_path: Path) -> None:
        (tmp_path / "a.xlsx").write_bytes(of_sheets(Roll=PUPILS, Notes=[["x"]]))
        (tmp_path / "b.xlsx").write_bytes(of_sheets(Needs=NEEDS))
        (tmp_path / "schools.csv").write_text("school_id,name\n1,Elm\n", encoding="utf-8")
        found = preview(data, [tmp_path], DAY, only_sheets=("roll",))
        assert sorted(found.rows) == ["pupils", "schools"]
