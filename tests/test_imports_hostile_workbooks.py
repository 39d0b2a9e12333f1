"""Odd, damaged and hostile workbooks, made of hand-written parts: each is read, or refused in a sentence."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provmap.errors import ImportRefused
from provmap.imports import preview, workbooks
from provmap.imports.delimited import Table
from provmap.imports.workbooks import read_workbook

FILES = Path(__file__).parent / "files" / "workbooks"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HONEST = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>pupil_id</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>need_code</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>p1</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>SLCN</t></is></c></row>'
)
ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">'
    '<office:automatic-styles><style:style style:name="off"><style:table-properties table:display="false"/>'
    "</style:style></office:automatic-styles><office:body><office:spreadsheet>{}"
    "</office:spreadsheet></office:body></office:document-content>"
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def xlsx_parts(*sheets: str, **others: str) -> dict[str, str | bytes]:
    """The parts of a workbook whose sheets hold these rows; `strings` and `styles` besides."""
    listed = "".join(
        f'<sheet name="S{place}" sheetId="{place}" r:id="r{place}"/>' for place in range(1, len(sheets) + 1)
    )
    links = "".join(
        f'<Relationship Id="r{place}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    links += f'<Relationship Id="t" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{OFFICE}/officeDocument" '
        'Target="/xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/sharedStrings.xml": f"<sst>{others.get('strings', '')}</sst>",
        "xl/styles.xml": f"<styleSheet>{others.get('styles', '')}</styleSheet>",
        **{
            f"xl/worksheets/sheet{place}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'
            "</worksheet>"
            for place, rows in enumerate(sheets, 1)
        },
    }  # fmt: skip


def xlsx(*sheets: str, **others: str) -> bytes:
    return zipped(xlsx_parts(*sheets, **others))


def ods(sheets: str) -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": ODS.format(sheets)})


def only(content: bytes, name: str = "x.xlsx") -> Table:
    (table,) = read_workbook(name, content)
    return table


def refusal_of(content: bytes, name: str = "x.xlsx") -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        read_workbook(name, content)
    assert name in refused.value.message
    assert refused.value.remedy
    return refused.value


class TestOddXlsx:
    def test_places_may_go_without_saying(self) -> None:
        table = only(xlsx("<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>"))
        assert (table.headings, table.rows.rows(), table.lines.to_list()) == (
            ("1", "", "2"), [("3", "", "")], [3]
        )  # fmt: skip

    def test_names_may_have_a_prefix(self) -> None:
        parts = xlsx_parts("")
        parts["xl/worksheets/sheet1.xml"] = (
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2"><x:v>7</x:v></x:c></x:row>'
            "</x:sheetData></x:worksheet>"
        )
        assert only(zipped(parts)).headings == ("", "7")

    def test_shared_texts(self) -> None:
        strings = (
            "<si><t>plain</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si>"
            "<si><t>漢</t><rPh><t>かん</t></rPh></si><si><t>two_x000D_\nlines_x0041__x0000_</t></si><si/>"
        )
        cells = "".join(f'<c t="s"><v>{place}</v></c>' for place in range(5))
        table = only(xlsx(f"<row>{cells}</row>", strings=strings))
        assert table.headings == ("plain", "rich", "漢", "two\r\nlinesA")

    def test_a_formula_without_its_result_is_told(self) -> None:
        table = only(xlsx(f'{HONEST}<row r="3"><c r="A3"><f>1+1</f></c><c r="B3"><v>1</v></c></row>'))
        assert table.rows.row(1) == ("", "1")
        assert table.notices[0].startswith("x.xlsx: S1: 1 cells hold a formula without its result")

    def test_other_kinds_of_cell(self) -> None:
        cells = (
            '<c t="d"><v>2026-03-03T00:00:00</v></c><c t="d"><v>2026-03-03T14:30:00</v></c>'
            '<c t="e"><v>#REF!</v></c><c t="str"><f>x</f><v>text</v></c><c s="99"><v>5</v></c>'
            "<c><v> 6 </v></c>"
        )
        assert only(xlsx(f"<row>{cells}</row>")).headings == (
            "2026-03-03", "2026-03-03 14:30:00", "#REF!", "text", "5", "6"
        )  # fmt: skip

    def test_macros_are_not_run(self) -> None:
        content = zipped({**xlsx_parts(HONEST), "xl/vbaProject.bin": b"\xcc\x61"})
        assert only(content, "x.xlsm").notices == ("x.xlsm holds macros. They were not run.",)

    def test_a_formula_is_only_text(self) -> None:
        cell = '<c t="inlineStr"><is><t>=cmd|calc!A1</t></is></c>'
        assert only(xlsx(f"<row>{cell}</row>")).headings == ("=cmd|calc!A1",)


class TestFarCells:
    FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    def test_a_far_cell_costs_a_cell(self) -> None:
        table = only(xlsx(HONEST + self.FAR))
        assert table.headings == ("pupil_id", "need_code", "")
        assert table.rows.rows() == [("p1", "SLCN", ""), ("", "", "1")]
        assert table.lines.to_list() == [2, 1_048_576]
        assert table.notices == (
            "x.xlsx: S1 has a cell far to the right of the others: look at column 16,384.",
        )

    def test_an_honest_sheet_beside_one(self, tmp_path: Path) -> None:
        found = preview(tmp_path, [("needs.xlsx", xlsx(HONEST, self.FAR))], date(2026, 3, 3))
        assert found.counts["needs"]["new"] == 1

    def test_empty_cells_with_a_look_of_their_own_are_no_cells(self) -> None:
        painted = "".join(f'<row r="{line}"><c r="XFD{line}" s="0"/></row>' for line in range(3, 5_000))
        assert only(xlsx(HONEST + painted)).rows.shape == (1, 2)

    def test_too_many_columns_refuse_a_sheet_and_not_its_neighbour(self) -> None:
        wide = f"<row>{'<c><v>1</v></c>' * 2_001}</row>"
        table = only(xlsx(HONEST, wide))
        assert table.headings == ("pupil_id", "need_code")
        assert table.notices[0].startswith("x.xlsx: S2 has 2,001 columns. It was left out.")
        assert "2,001 columns" in refusal_of(xlsx(wide)).message

    def test_a_sheet_that_would_fill_the_memory_is_refused(self) -> None:
        # 2,000 columns by 20,000 rows, of which only the edges are written.
        wide = f"<row>{'<c><v>1</v></c>' * 2_000}</row>{'<row><c><v>1</v></c></row>' * 20_000}"
        table = only(xlsx(wide, HONEST))
        assert table.sheet == "S2"
        assert "S1 is too large" in table.notices[0]

    @pytest.mark.parametrize("where", ["XFE1", "AAAA1", "1", "É1", "[1", ""])
    def test_a_place_that_no_sheet_has(self, where: str) -> None:
        content = xlsx(f'<row r="1"><c r="{where}"><v>1</v></c></row>')
        if where:
            assert "damaged" in refusal_of(content).message
        else:
            assert only(content).headings == ("1",)

    @pytest.mark.parametrize("line", ["0", "-1", "1048577", "x", "9" * 5_000])
    def test_a_row_that_no_sheet_has(self, line: str) -> None:
        assert "damaged" in refusal_of(xlsx(f'<row r="{line}"><c><v>1</v></c></row>')).message


class TestBombs:
    def test_a_zip_that_unpacks_to_a_thousand_times_its_size(self) -> None:
        content = xlsx(HONEST + " " * 150_000_000)
        assert len(content) < 1_000_000
        assert "unpacks to far more than its size" in refusal_of(content).message

    def test_a_zip_of_a_million_members(self) -> None:
        parts = {**xlsx_parts(HONEST), **{f"x{number}": "" for number in range(10_001)}}
        assert "unpacks to far more" in refusal_of(zipped(parts)).message

    def test_a_long_text_that_every_cell_shares(self) -> None:
        content = xlsx('<row><c t="s"><v>0</v></c></row>' * 5_000, strings=f"<si><t>{'x' * 120_000}</t></si>")
        assert "more text than provmap can read" in refusal_of(content).message

    @pytest.mark.parametrize("place", ["strings", "inline", "number"])
    def test_a_cell_of_three_megabytes(self, place: str) -> None:
        long = "1" * 3_000_000
        content = {
            "strings": xlsx(HONEST, strings=f"<si><t>{long}</t></si>"),
            "inline": xlsx(f'<row><c t="inlineStr"><is><t>{long}</t></is></c></row>'),
            "number": xlsx(f"<row><c><v>{long}</v></c></row>"),
        }[place]
        refusal_of(content)

    def test_elements_in_elements_in_elements(self) -> None:
        with suppress(ImportRefused):
            read_workbook("x.xlsx", xlsx(HONEST, strings="<si>" * 500_000))

    @pytest.mark.parametrize(
        "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
    )
    def test_entities_are_never_expanded(self, part: str, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("secret")
        parts = xlsx_parts(HONEST)
        doctype = f'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "{secret.as_uri()}">]>'
        parts[part] = doctype + str(parts[part]).replace("p1", "&a;&b;")
        assert "damaged" in refusal_of(zipped(parts)).message


class TestPaths:
    @pytest.mark.parametrize(
        "target", ["../../../etc/passwd", "file:///etc/passwd", "/etc/passwd", "..\\x", "."]
    )
    def test_a_path_is_only_the_name_of_a_part(self, target: str) -> None:
        parts = xlsx_parts(HONEST)
        links = str(parts["xl/_rels/workbook.xml.rels"])
        parts["xl/_rels/workbook.xml.rels"] = links.replace("worksheets/sheet1.xml", target)
        assert "damaged" in refusal_of(zipped(parts)).message

    def test_parts_outside_are_left_alone(self) -> None:
        content = zipped({**xlsx_parts(HONEST), "../../x": "x", "/etc/x": "x", "..\\..\\x": "x"})
        assert only(content).rows.height == 1

    def test_a_name_that_is_no_path(self) -> None:
        name = "../../x\0.xlsx\n"
        (table,) = read_workbook(name, xlsx(HONEST))
        assert table.file == f"{name}: S1"


class TestOtherFiles:
    def test_a_password(self) -> None:
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + "EncryptedPackage".encode("utf-16-le")
        assert refusal_of(content).message == "x.xlsx has a password."

    def test_a_password_of_libreoffice(self) -> None:
        content = zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/>'
                "</m:file-entry></m:manifest>",
                "content.xml": b"\x12\x34",
            }
        )
        assert refusal_of(content, "x.ods").message == "x.ods has a password."

    @pytest.mark.parametrize(
        ("member", "kind"),
        [
            ("word/document.xml", "a Word document"),
            ("xl/workbook.bin", "XLSB"),
            ("pupils.csv", "no workbook"),
        ],
    )
    def test_other_zips(self, member: str, kind: str) -> None:
        assert kind in refusal_of(zipped({member: "x"})).message


class TestOds:
    def cells(self, rows: str) -> Table:
        return only(ods(f'<table:table table:name="S1">{rows}</table:table>'), "x.ods")

    def test_repeats(self) -> None:
        table = self.cells(
            '<table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>a</text:p>'
            '</table:table-cell><table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
            '<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" '
            'office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
            '<table:table-row table:number-rows-repeated="1048572"><table:table-cell/></table:table-row>'
        )
        assert table.headings == ("a", "a")
        assert table.lines.to_list() == [2, 3, 4]

    def test_comments_and_covered_cells_are_no_text(self) -> None:
        table = self.cells(
            "<table:table-row><table:table-cell><office:annotation><text:p>why</text:p></office:annotation>"
            '<text:p>a<text:s text:c="2"/><text:span>b</text:span><text:tab/>c</text:p><text:p>d</text:p>'
            "</table:table-cell><table:covered-table-cell><text:p>under</text:p></table:covered-table-cell>"
            "<table:table-cell><text:p>e</text:p></table:table-cell></table:table-row>"
        )
        assert table.headings == ("a  b\tc\nd", "", "e")

    def test_hidden_sheets(self) -> None:
        sheet = "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>"
        tables = read_workbook(
            "x.ods",
            ods(
                f'<table:table table:name="S1" table:style-name="off">{sheet}</table:table>'
                f'<table:table table:name="S2">{sheet}</table:table>'
            ),
        )
        assert [(table.sheet, table.is_hidden) for table in tables] == [("S1", True), ("S2", False)]

    @pytest.mark.parametrize("repeats", ["16385", "0", "-5", "9999999999", "x"])
    def test_repeats_that_no_sheet_has(self, repeats: str) -> None:
        cell = f'<table:table-cell table:number-columns-repeated="{repeats}"><text:p>a</text:p>'
        row = f"<table:table-row>{cell}</table:table-cell></table:table-row>"
        content = ods(f'<table:table table:name="S1">{row}</table:table>')
        assert "damaged" in refusal_of(content, "x.ods").message

    def test_a_full_sheet_in_two_lines(self) -> None:
        cell = '<table:table-cell table:number-columns-repeated="2000"><text:p>a</text:p></table:table-cell>'
        row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
        content = ods(f'<table:table table:name="S1">{row}</table:table>')
        assert "is too large" in refusal_of(content, "x.ods").message


class TestTheOtherProcess:
    def test_one_that_takes_too_long_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbooks, "SECONDS", 0)
        assert "took longer than 0 seconds" in refusal_of(xlsx(HONEST)).message

    @pytest.mark.parametrize("end", ["import os; os.abort()", "raise SystemExit(3)", "x = bytearray(2**50)"])
    def test_one_that_falls_over_costs_a_sentence(
        self, end: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        package = tmp_path / "provmap" / "workbooks"
        package.mkdir(parents=True)
        (package / "__main__.py").write_text(end)
        monkeypatch.setattr(workbooks, "PROGRAM", tmp_path)
        assert "could not be read" in refusal_of(xlsx(HONEST)).message

    def test_nothing_is_left_behind(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        only(xlsx(HONEST))
        refusal_of(b"PK\x03\x04")
        assert list(tmp_path.iterdir()) == []


WHOLE = {"x.xlsx": xlsx(HONEST), **{f"x{path.suffix}": path.read_bytes() for path in FILES.iterdir()}}


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(part=st.floats(0, 1, exclude_max=True))
def test_one_cut_anywhere_is_read_or_refused(name: str, part: float) -> None:
    with suppress(ImportRefused):
        read_workbook(name, WHOLE[name][: int(len(WHOLE[name]) * part)])


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=9)
)
def test_one_with_wrong_bytes_is_read_or_refused(name: str, places: list[tuple[float, int]]) -> None:
    content = bytearray(WHOLE[name])
    for part, byte in places:
        content[int(len(content) * part)] = byte
    with suppress(ImportRefused):
        read_workbook(name, bytes(content))
