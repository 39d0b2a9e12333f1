"""Common Transfer Files: each element finds its place with its line, and no XML does any harm."""

import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from provmap.errors import ImportRefused
from provmap.imports import commit, preview, rejected_rows
from provmap.imports.ctf import read_ctf
from provmap.imports.delimited import Table
from provmap.imports.safe_xml import OtherXml

DAY = date(2026, 3, 3)
FILES = Path(__file__).parent / "files" / "exchange"
HEADER = (
    "<Header><DateTime>2026-03-03T09:30:00</DateTime><SourceSchool><LEA>801</LEA><Estab>2001</Estab>"
    "<URN>100001</URN></SourceSchool></Header>"
)
PUPIL = "<UPN>B801200005001</UPN><Surname>Ash</Surname><Forename>Robin</Forename>"


def rows_of(table: Table) -> list[dict[str, str]]:
    """Rows by heading, without school and pupil, which the tests name where they matter."""
    names = table.headings
    return [
        {name: cell for name, cell in zip(names, row, strict=True) if name not in ("school_id", "pupil_id")}
        for row in table.rows.iter_rows()
    ]


def by_dataset(tables: list[Table]) -> dict[str, Table]:
    assert len({table.dataset for table in tables}) == len(tables)
    return {table.dataset: table for table in tables}


def read(name: str) -> dict[str, Table]:
    return by_dataset(read_ctf(name, FILES / name))


def read_pupil(inside: str, header: str = HEADER) -> dict[str, Table]:
    details = "<BasicDetails><NCyearActual>5</NCyearActual></BasicDetails>"
    return by_dataset(read_ctf("file.xml", whole(f"<Pupil>{PUPIL}{details}{inside}</Pupil>", header)))


def whole(pupils: str, header: str = HEADER) -> bytes:
    return f"<CTfile>{header}<CTFpupilData>{pupils}</CTFpupilData></CTfile>".encode()


@pytest.fixture(scope="module")
def full() -> dict[str, Table]:
    return read("8012001_CTF_8012001_001.xml")


class TestFullFile:
    def test_datasets(self, full: dict[str, Table]) -> None:
        assert list(full) == ["assessments", "attendance", "memberships", "needs", "pupils", "schools"]

    def test_school(self, full: dict[str, Table]) -> None:
        assert full["schools"].rows.rows() == [("100001", "Elm Primary")]
        for table in full.values():
            assert set(table.rows["0"]) == {"100001"}

    def test_pupils(self, full: dict[str, Table]) -> None:
        first, second = rows_of(full["pupils"])
        assert first == {
            "surname": "Ash", "forename": "Robin", "upn": "B801200005001", "date_of_birth": "2015-04-25",
            "sex": "F", "ethnicity": "WBRI", "first_language": "ENG", "year_group": "6",
            "entry_date": "2021-09-06", "sen_status": "E", "fsm": "Y", "looked_after": "N",
        }  # fmt: skip
        assert {name: cell for name, cell in second.items() if cell} == {
            "surname": "Elm", "forename": "Sam", "upn": "X845212818005", "date_of_birth": "2020-11-02",
            "sex": "M", "year_group": "R",
        }  # fmt: skip

    def test_the_pupil_is_known_by_the_upn(self, full: dict[str, Table]) -> None:
        assert full["pupils"].headings[1] == "pupil_id"
        assert full["pupils"].rows["1"].to_list() == ["B801200005001", "X845212818005"]

    def test_lines_are_those_of_the_file(self, full: dict[str, Table]) -> None:
        lines = (FILES / "8012001_CTF_8012001_001.xml").read_text(encoding="utf-8").splitlines()
        tags = {"pupils": "<Pupil>", "needs": "<SENneed>", "attendance": "<YearData>",
                "assessments": "<StageAssessment>", "schools": "<Header>"}  # fmt: skip
        for dataset, tag in tags.items():
            assert all(tag in lines[line - 1] for line in full[dataset].lines)

    def test_needs(self, full: dict[str, Table]) -> None:
        assert rows_of(full["needs"]) == [
            {"need_code": "SLCN", "rank": "1"}, {"need_code": "SEMH", "rank": "2"},
        ]  # fmt: skip

    def test_history(self, full: dict[str, Table]) -> None:
        spans = [tuple(row.values()) for row in rows_of(full["memberships"])]
        assert spans == [
            ("sen_support", "2022-10-03", "2024-11-03"),
            ("ehc_plan", "2024-11-04", "2026-03-03"),
            ("fsm", "2021-09-06", "2022-07-20"),
            ("fsm", "2025-01-10", "2026-03-03"),
        ]

    def test_attendance(self, full: dict[str, Table]) -> None:
        assert [tuple(row.values()) for row in rows_of(full["attendance"])] == [
            ("2024-09-01", "2025-08-31", "380", "366", "12", "2"),
            # Attended is what is left of 220 after 10 and 0; the year is not over yet.
            ("2025-09-03", "2026-03-03", "220", "210", "10", "0"),
        ]

    def test_results(self, full: dict[str, Table]) -> None:
        assert [tuple(row.values()) for row in rows_of(full["assessments"])] == [
            ("phonics", "phonics check", "34", "2020/21", "summer", "test"),
            ("writing", "teacher judgement", "WTS", "2021/22", "summer", "teacher"),
            # A code that is no score, and known: it is kept, with its reason.
            ("science", "teacher judgement", "HNM", "2021/22", "summer", "teacher"),
            ("mathematics", "multiplication check", "25", "2023/24", "summer", "test"),
            ("reading", "scaled score", "104", "2024/25", "summer", "test"),
        ]

    def test_nothing_is_left_out_in_silence(self, full: dict[str, Table]) -> None:
        told = [words.partition(": ")[2] for table in full.values() for words in table.notices]
        assert sorted(told) == [
            "A preferred surname was left out and the legal one kept.",
            "A result of KS2/MAT/MAT/TA was left out: it is a target.",
            "A result of KS2/MAT/MAT/TT/NM was left out: provmap has no scale for it (a number).",
            "A year's attendance at an earlier school was left out.",
        ]


def test_a_transfer_belongs_to_the_receiver() -> None:
    tables = read("transfer_to_another_school.xml")
    assert list(tables) == ["memberships", "pupils"]
    assert all("school_id" not in table.headings for table in tables.values())
    # The sender's dates are not the receiver's.
    assert "entry_date" not in tables["pupils"].headings
    assert "leaving_date" not in tables["pupils"].headings
    assert tables["memberships"].notices == (
        "transfer_to_another_school.xml: It was sent by Elsewhere Infants to another one, "
        "and is read as the receiver's.",
    )


def test_results_alone() -> None:
    tables = read("multiplication_check.xml")
    assert list(tables) == ["assessments", "schools"]
    assert [(row["value"], row["academic_year"]) for row in rows_of(tables["assessments"])] == [
        ("0", "2025/26"), ("A", "2025/26"),
    ]  # fmt: skip
    assert "no year groups" in tables["assessments"].notices[0]


@pytest.mark.parametrize(
    ("history", "status", "spans"),
    [
        # One letter for another of the same group is one stay.
        ([("2013-09-02", "A"), ("2014-09-01", "K")], "K", [("sen_support", "2013-09-02", "2026-03-03")]),
        # What begins after the file's day is no status yet.
        ([("2026-01-05", "K"), ("2026-04-13", "E")], "K", [("sen_support", "2026-01-05", "2026-03-03")]),
        ([("2022-09-01", "K"), ("2024-09-01", "N")], "N", [("sen_support", "2022-09-01", "2024-08-31")]),
        ([("", "K")], "K", []),
        ([], None, []),
    ],
)
def test_sen_history(
    history: list[tuple[str, str]], status: str | None, spans: list[tuple[str, ...]]
) -> None:
    entries = "".join(
        f"<SEN><StartDate>{day}</StartDate><SENprovision>{code}</SENprovision></SEN>" for day, code in history
    )
    tables = read_pupil(f"<SENhistory>{entries}</SENhistory>")
    assert rows_of(tables["pupils"])[0].get("sen_status") == status
    found = rows_of(tables["memberships"]) if "memberships" in tables else []
    assert [tuple(row.values()) for row in found] == spans


@pytest.mark.parametrize(
    ("start", "end", "flag"),
    [
        ("2025-09-01", "", "Y"), ("2025-09-01", "2026-03-03", "Y"), ("2025-09-01", "2026-03-02", "N"),
        ("2026-03-04", "", "N"),
    ],
)  # fmt: skip
def test_free_meals_on_the_files_day(start: str, end: str, flag: str) -> None:
    period = f"<FSMinstance><FSMstartDate>{start}</FSMstartDate><FSMendDate>{end}</FSMendDate></FSMinstance>"
    tables = read_pupil(f"<FSMhistory>{period}</FSMhistory>")
    assert rows_of(tables["pupils"])[0]["fsm"] == flag


def test_blank_is_not_supplied() -> None:
    tables = read_pupil("<LookedAfter><InCare/></LookedAfter><FSMhistory/>")
    assert tables["pupils"].headings == (
        "school_id", "pupil_id", "surname", "forename", "upn", "year_group",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "result", "found"),
    [
        ("ENG REA TA", "EXS", ("reading", "teacher judgement")),
        ("MAT MAT TA", "GDS", ("mathematics", "teacher judgement")),
        ("SCI SCI TA", "PK3", ("science", "teacher judgement")),
        ("ENG GPS TT NS", "111", ("grammar, punctuation and spelling", "scaled score")),
        ("MAT MAT TT NS", "80", ("mathematics", "scaled score")),
        ("MAT MAT TT NS", "N", ("mathematics", "scaled score")),
        ("MAT MAT TT NS", "79", None),
        ("MAT MAT TT", "100", None),
        ("MAT MAT FM NS", "100", None),
        ("MAT MTC TT MT", "26", None),
        ("MAT MTC TT MT", "B", ("mathematics", "multiplication check")),
        ("PHO PHO TA NM", "0", ("phonics", "phonics check")),
        ("PHO PHO TA NM", "41", None),
        ("COM E01 FA FD", "2", None),
    ],
)
def test_result_codes(codes: str, result: str, found: tuple[str, str] | None) -> None:
    subject, component, method, qualifier = [*codes.split(), ""][:4]
    tables = read_pupil(
        "<StageAssessments><KeyStage><Stage>KS2</Stage><StageAssessment><Year>2025</Year>"
        f"<Subject>{subject}</Subject><Component>{component}</Component><Method>{method}</Method>"
        f"<ResultQualifier>{qualifier}</ResultQualifier><Result>{result}</Result>"
        "</StageAssessment></KeyStage></StageAssessments>"
    )
    rows = rows_of(tables["assessments"]) if "assessments" in tables else []
    assert [(row["subject"], row["scale"]) for row in rows] == ([found] if found else [])
    told = " ".join(words for table in tables.values() for words in table.notices)
    assert ("provmap has no scale for it" in told) == (found is None)


@pytest.mark.parametrize("element", ["Sex", "Gender"])
def test_sex_by_either_name(element: str) -> None:
    assert rows_of(read_pupil(f"<{element}>M</{element}>")["pupils"])[0]["sex"] == "M"


def test_no_urn_names_no_school() -> None:
    tables = read_pupil("", HEADER.replace("<URN>100001</URN>", ""))
    assert list(tables) == ["pupils"]
    assert "school_id" not in tables["pupils"].headings


def test_a_wrong_learner_number_is_told() -> None:
    tables = read_pupil("<UniqueLearnerNumber>0000000043</UniqueLearnerNumber>")
    assert "should be 2, not 3" in tables["pupils"].notices[0]


def test_rows_of_a_file_without_line_breaks_are_counted() -> None:
    pupil = f"<Pupil>{PUPIL}<BasicDetails><NCyearActual>5</NCyearActual></BasicDetails></Pupil>"
    (table,) = read_ctf("a.xml", whole(pupil * 3, header=""))
    assert table.lines.to_list() == [1, 2, 3]
    assert "a line here is a count of them" in " ".join(table.notices)


def test_a_namespace_is_no_hindrance() -> None:
    data = whole(f"<Pupil>{PUPIL}<BasicDetails><NCyearActual>5</NCyearActual></BasicDetails></Pupil>")
    named = data.replace(b"<CTfile>", b'<CTfile xmlns="http://www.dfe.gov.uk/ctf">')
    assert rows_of(read_ctf("a", named)[0]) == rows_of(read_ctf("a", data)[0])


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE CTfile [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(10))
    + "]><CTfile><Pupil><UPN>&a9;</UPN></Pupil></CTfile>"
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB.encode(), "declares a document type"),
        (b'<!DOCTYPE CTfile SYSTEM "file:///etc/passwd"><CTfile/>', "declares a document type"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://a.example/">]><CTfile>&e;</CTfile>', "document type"),
        (b"<!DOCTYPE CTfile><CTfile/>", "declares a document type"),
        (b"<CTfile>&unknown;</CTfile>", "line 1 is not XML"),
        (b"<CTfile>" + b"<a>" * 10_000, "more than 32 deep"),
        (b"<CTfile><Pupil>" + b"<a>" * 10_000, "more than 32 deep"),
        (b"<CTfile><Pupil>" + b"<a/>" * 60_000 + b"</Pupil></CTfile>", "more than 50,000 parts"),
        (b"<CTfile><Pupil><UPN>" + b"x" * 3_000_000, "more than 100,000 letters"),
        (b"<CTfile>\n<Pupil>\n<UPN>B80", "cut short: it ends on line 3"),
        (b"", "cut short"),
        (b"<CTfile>\n<Pupil></CTfile>", "line 2 is not XML (mismatched tag)"),
        (b"<CTfile>\0</CTfile>", "line 1 is not XML"),
        ('<?xml version="1.0" encoding="utf-8"?><CTfile>Zoë</CTfile>'.encode("cp1252"), "is not XML"),
        (b'<?xml version="1.0" encoding="utf-16"?><CTfile/>', "not in the encoding"),
        (b'<?xml version="1.0" encoding="klingon"?><CTfile/>', "encoding that nobody knows"),
        (b"<CTfile/>", "without a pupil"),
        (b"<CTfile><Pupil><UPN>B801200005001</UPN></Pupil></CTfile>", "nothing that provmap reads"),
    ],
    ids=range(18),
)
def test_hostile_and_broken_files_end_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words.replace("(", r"\(").replace(")", r"\)")) as refused:
        read_ctf("file.xml", data)
    assert "file.xml" in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize("data", [b"<html><p>a</p></html>", b'<?xml version="1.0"?><ATfile/>'])
def test_another_xml_is_named(data: bytes) -> None:
    with pytest.raises(OtherXml, match="no Common Transfer File: it begins with"):
        read_ctf("file.xml", data)


def test_cut_anywhere_ends_in_a_sentence() -> None:
    data = (FILES / "multiplication_check.xml").read_bytes().rstrip()
    for end in range(0, len(data), 37):
        with pytest.raises(ImportRefused):
            read_ctf("file.xml", data[:end])


def test_many_pupils_stay_small(tmp_path: Path) -> None:
    text = (FILES / "8012001_CTF_8012001_001.xml").read_text(encoding="utf-8")
    start, end = text.index("    <Pupil>"), text.index("  </CTFpupilData>")
    file = tmp_path / "large.xml"
    file.write_text(text[:start] + text[start:end] * 200 + text[end:], encoding="utf-8")
    tracemalloc.start()
    tables = by_dataset(read_ctf("large.xml", file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert tables["pupils"].rows.height == 400
    assert tables["assessments"].rows.height == 1000
    assert peak < 4_000_000, f"{peak:,} bytes for a file of {file.stat().st_size:,}"


class TestImport:
    def test_a_file_is_imported_once(self, data: Path) -> None:
        file = FILES / "8012001_CTF_8012001_001.xml"
        found = preview(data, [file], DAY)
        assert {name: counts["new"] for name, counts in found.counts.items()} == {
            "assessments": 5, "attendance": 2, "memberships": 4, "needs": 2, "pupils": 2, "schools": 1,
        }  # fmt: skip
        assert found.rejected_rows == 0
        assert commit(found, "test") is not None
        again = preview(data, [file], DAY)
        assert again.changes_nothing
        assert commit(again, "test") is None

    def test_a_fault_has_the_line_of_the_file(self, data: Path, tmp_path: Path) -> None:
        text = (FILES / "8012001_CTF_8012001_001.xml").read_text(encoding="utf-8")
        file = tmp_path / "faulty.xml"
        file.write_text(text.replace("<NCyearActual>R<", "<NCyearActual>Q<"), encoding="utf-8")
        found = preview(data, [file], DAY)
        (problem,) = found.problems.filter(found.problems["verdict"] == "rejected").rows(named=True)
        assert text.splitlines()[problem["line"] - 1].strip() == "<Pupil>"
        assert (problem["file"], problem["column"], problem["value"]) == (
            "faulty.xml: pupils",
            "year_group",
            "Q",
        )
        (rejected,) = rejected_rows(found).values()
        assert rejected["surname"].to_list() == ["Elm"]

    def test_beside_other_xml_in_a_zip(self, data: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
            archive.write(FILES / "multiplication_check.xml", "mtc.xml")
            archive.writestr("other.xml", "<html/>")
        found = preview(data, [tmp_path / "both.zip"], DAY)
        assert sorted(found.rows) == ["assessments", "schools"]
        assert any("other.xml was left out" in words for words in found.notices)

    def test_another_xml_alone_is_refused(self, data: Path, tmp_path: Path) -> None:
        (tmp_path / "page.xml").write_text("<html/>")
        with pytest.raises(ImportRefused, match=r"page\.xml is an XML file but no Common Transfer File"):
            preview(data, [tmp_path / "page.xml"], DAY)

    def test_in_utf16_and_without_a_declaration(self, data: Path, tmp_path: Path) -> None:
        text = (FILES / "multiplication_check.xml").read_text(encoding="utf-8")
        bare = text.partition("?>")[2].lstrip()
        (tmp_path / "a.xml").write_bytes(bare.encode("utf-16"))
        (tmp_path / "b.dat").write_text(bare, encoding="utf-8")
        for name in ("a.xml", "b.dat"):
            assert preview(data, [tmp_path / name], DAY).rows["assessments"].height == 2
