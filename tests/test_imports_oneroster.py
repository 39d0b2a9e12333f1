"""OneRoster bundles: each file's rows find their place with their lines; a delta clears nothing."""

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview, rejected_rows
from provmap.imports.delimited import Table
from provmap.imports.oneroster import read_bundle

DAY = date(2026, 3, 3)
FILES = Path(__file__).parent / "files" / "exchange"
Bundle = dict[str, str]


def bundle_of(folder: str) -> Bundle:
    return {file.name: file.read_text(encoding="utf-8") for file in (FILES / folder).iterdir()}


def read(bundle: Bundle) -> dict[str, Table]:
    def loads(text: str) -> Callable[[], bytes]:
        return text.encode

    tables = read_bundle("roster", {name: loads(text) for name, text in bundle.items()})
    return {table.dataset: table for table in tables}


def rows_of(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.headings, row, strict=True)) for row in table.rows.iter_rows()]


def told(tables: dict[str, Table]) -> list[str]:
    return [words.removeprefix("roster: ") for table in tables.values() for words in table.notices]


@pytest.fixture
def older() -> Bundle:
    return bundle_of("oneroster_1_1")


@pytest.fixture
def newer() -> Bundle:
    return bundle_of("oneroster_1_2")


class TestOlder:
    def test_schools(self, older: Bundle) -> None:
        assert rows_of(read(older)["schools"]) == [{"school_id": "100001", "name": "Elm Primary"}]

    def test_terms_end_the_day_before(self, older: Bundle) -> None:
        terms = [tuple(row.values()) for row in rows_of(read(older)["terms"])]
        assert terms == [
            # Two half terms of one name are one term.
            ("100001", "2025/26", "autumn", "2025-09-03", "2025-12-19"),
            ("100001", "2025/26", "spring", "2026-01-05", "2026-03-27"),
            ("100001", "2025/26", "summer", "2026-04-13", "2026-07-21"),
        ]

    def test_pupils(self, older: Bundle) -> None:
        table = read(older)["pupils"]
        assert table.lines.to_list() == [2, 3]
        assert table.file == "roster: users.csv"
        assert rows_of(table) == [
            {"school_id": "100001", "pupil_id": "u1", "surname": "Ash", "forename": "Robin",
             "upn": "B801200005001", "date_of_birth": "2015-10-02", "sex": "F", "ethnicity": "Asian, White",
             "year_group": "05", "class": "5 Oak"},
            {"school_id": "100001", "pupil_id": "u2", "surname": "Elm", "forename": "Sam",
             "upn": "X845212818005", "date_of_birth": "2020-11-30", "sex": "U", "ethnicity": None,
             "year_group": "R", "class": "R Ash"},
        ]  # fmt: skip

    def test_an_enrolment_that_has_ended_gives_no_class(self, older: Bundle) -> None:
        row = "e3,,,k1,s1,u1,student,,2025-11-03,"
        ended = older | {"enrollments.csv": older["enrollments.csv"].replace(row, f"{row}2026-03-03")}
        loads = {name: text.encode for name, text in ended.items()}

        def class_on(day: date) -> str:
            tables = {table.dataset: table for table in read_bundle("roster", loads, day)}
            return rows_of(tables["pupils"])[0]["class"]

        # The end of OneRoster is the first day that is no longer in it.
        assert class_on(date(2026, 3, 2)) == "5 Oak"
        assert class_on(date(2026, 3, 3)) != "5 Oak"

    def test_staff(self, older: Bundle) -> None:
        table = read(older)["staff"]
        assert table.lines.to_list() == [4, 5]
        assert [tuple(row.values()) for row in rows_of(table)] == [
            ("100001", "u3", "Jo Fir", "teacher"), ("100001", "u4", "Mo Bay", "teaching assistant"),
        ]  # fmt: skip

    def test_what_is_left_out_is_told(self, older: Bundle) -> None:
        assert told(read(older)) == [
            "users.csv: 1 marked tobedeleted, and left out. A pupil who has left needs a leaving date.",
            "Nothing is read from courses: provmap has no place for it.",
            "Grade KG was read as R, counting back from 01 as Year 1; "
            "in an American file it would be a year later.",
            "users.csv: 1 left out as neither pupil nor staff (parent).",
        ]  # fmt: skip


class TestNewer:
    def test_roles_say_who_is_who_and_where(self, newer: Bundle) -> None:
        tables = read(newer)
        (pupil,) = rows_of(tables["pupils"])
        # The primary role counts, the legal name is kept, and a school without a URN has its sourcedId.
        assert (pupil["school_id"], pupil["forename"], pupil["year_group"]) == ("s2", "Robin", "11")
        assert "class" not in pupil
        assert "sex" not in pupil
        assert [row["staff_id"] for row in rows_of(tables["staff"])] == ["u2"]
        assert told(tables) == ["users.csv: 1 left out as neither pupil nor staff (guardian)."]

    def test_a_role_that_has_ended_is_none(self, newer: Bundle) -> None:
        row = "r3,,,u2,primary,teacher,,,s1,"
        ended = newer | {"roles.csv": newer["roles.csv"].replace(row, row.replace(",,s1", ",2020-01-01,s1"))}
        tables = read(ended)
        assert "staff" not in tables
        assert any(words.startswith("roles.csv: 1 role has ended by") for words in told(tables))

    def test_schools(self, newer: Bundle) -> None:
        assert [row["school_id"] for row in rows_of(read(newer)["schools"])] == ["100001", "s2"]


def as_delta(bundle: Bundle, *names: str) -> Bundle:
    manifest = bundle["manifest.csv"]
    for name in names:
        manifest = manifest.replace(f"file.{name},bulk", f"file.{name},delta")
    return {**bundle, "manifest.csv": manifest}


@pytest.mark.parametrize("name", ["classes", "enrollments"])
def test_a_delta_of_classes_gives_no_class(older: Bundle, name: str) -> None:
    tables = read(as_delta(older, name))
    assert "class" not in tables["pupils"].headings
    assert "Pupils get no class from this bundle: a delta names only some." in told(tables)


def test_a_delta_of_demographics_counts_only_for_all(older: Bundle) -> None:
    assert "sex" in read(as_delta(older, "demographics"))["pupils"].headings
    one = "\n".join(older["demographics.csv"].splitlines()[:2])
    tables = read(as_delta({**older, "demographics.csv": one}, "demographics"))
    assert "sex" not in tables["pupils"].headings
    assert "demographics.csv was left out: it names only some of the pupils (delta)." in told(tables)


def test_a_delta_of_terms_is_left_out(older: Bundle) -> None:
    assert "terms" not in read(as_delta(older, "academicSessions"))


def test_a_file_that_the_manifest_calls_absent_is_left_out(older: Bundle) -> None:
    manifest = older["manifest.csv"].replace("file.demographics,bulk", "file.demographics,absent")
    tables = read({**older, "manifest.csv": manifest})
    assert "sex" not in tables["pupils"].headings
    assert "demographics.csv was left out: the manifest says that it is absent." in told(tables)


def test_no_homeroom_gives_no_class(older: Bundle) -> None:
    tables = read({**older, "classes.csv": older["classes.csv"].replace("homeroom", "scheduled")})
    assert "class" not in tables["pupils"].headings
    assert "Pupils get no class from this bundle: no class is a homeroom." in told(tables)


def test_two_homerooms_at_once_are_told(older: Bundle) -> None:
    text = older["enrollments.csv"].replace(
        "e4,,,k2,s1,u2", "e6,,,k1,s1,u2,student,,2025-09-03,\ne4,,,k2,s1,u2"
    )
    tables = read({**older, "enrollments.csv": text})
    assert rows_of(tables["pupils"])[1]["class"] == "5 Oak"
    assert any("1 pupil is in two homerooms at once" in words for words in told(tables))


@pytest.mark.parametrize(
    ("grade", "year"),
    [("01", "01"), ("13", "13"), ("R", "R"), ("KG", "R"), ("PK", "N2"), ("PR", "N1"), ("UG", "UG"), ("", "")],
)
def test_grades(older: Bundle, grade: str, year: str) -> None:
    text = older["users.csv"].replace(",g1,05,", f",g1,{grade},")
    assert rows_of(read({**older, "users.csv": text})["pupils"])[0]["year_group"] == year


@pytest.mark.parametrize(
    ("title", "start", "term"),
    [
        ("Fall 2025", "2025-08-20", "autumn"), ("Term 1", "2025-09-03", "autumn"),
        ("T2", "2026-01-05", "spring"),
        ("T3", "2026-04-13", "summer"), ("Summer", "2026-03-30", "summer"),
    ],
)  # fmt: skip
def test_terms_by_title_else_by_month(older: Bundle, title: str, start: str, term: str) -> None:
    heading = older["academicSessions.csv"].splitlines()[0]
    text = f"{heading}\nx,,,{title},term,{start},2026-07-22,y,2026\n"
    assert rows_of(read({**older, "academicSessions.csv": text})["terms"])[0]["term"] == term


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"users.csv": None}, "names users.csv, which is not there"),
        ({"users.csv": "sourcedID,givenName,familyName\nu,a,b\n"}, "It has sourcedID: capitals count"),
        ({"users.csv": "sourcedId,givenName\nu,a\n"}, "has no column familyName"),
        ({"users.csv": ""}, "users.csv is empty"),
        ({"manifest.csv": "propertyName,value\noneroster.version,1.0\n"}, "of version 1.0"),
        ({"manifest.csv": "propertyName,value\noneroster.version,1.1\n"}, "without a school, term or pupil"),
        ({"manifest.csv": "property,value\noneroster.version,1.1\n"}, "has no column propertyName"),
    ],
)
def test_a_bundle_that_cannot_be_read_is_refused(
    older: Bundle, changed: dict[str, str | None], words: str
) -> None:
    bundle = {name: text for name, text in {**older, **changed}.items() if text is not None}
    with pytest.raises(ImportRefused, match=re.escape(words)):
        read(bundle)


COUNTS = {"pupils": 2, "schools": 1, "staff": 2, "terms": 3}


class TestImport:
    def new(self, found: Preview) -> dict[str, int]:
        return {name: counts["new"] for name, counts in found.counts.items()}

    def test_a_folder_and_then_the_same_as_a_zip(self, data: Path, tmp_path: Path) -> None:
        found = preview(data, [FILES / "oneroster_1_1"], DAY)
        assert self.new(found) == COUNTS
        assert found.rows["pupils"]["year_group"].to_list() == ["5", "R"]
        assert found.rejected_rows == 0
        manifest = commit(found, "test")
        assert manifest is not None
        assert len(manifest.sources) == 8
        again = preview(data, [self.zipped(tmp_path, "")], DAY)
        assert again.changes_nothing

    def zipped(self, tmp_path: Path, folder: str, **others: str) -> Path:
        with zipfile.ZipFile(tmp_path / "roster.zip", "w") as archive:
            for file in (FILES / "oneroster_1_1").iterdir():
                archive.write(file, folder + file.name)
            for name, text in others.items():
                archive.writestr(f"{folder}{name}.csv", text)
        return tmp_path / "roster.zip"

    def test_in_a_folder_of_a_zip_beside_a_file_of_ours(self, data: Path, tmp_path: Path) -> None:
        file = self.zipped(tmp_path, "export/", needs="pupil_id,need_code\nu1,SLCN\n")
        found = preview(data, [file], DAY)
        assert self.new(found) == {**COUNTS, "needs": 1}
        assert "roster.zip: export: users.csv" in found.reading.names

    def test_uploads(self, data: Path) -> None:
        uploads = [(file.name, file.read_bytes()) for file in (FILES / "oneroster_1_1").iterdir()]
        assert self.new(preview(data, list(uploads), DAY)) == COUNTS

    def test_a_rejected_pupil_has_the_line_of_users(self, data: Path, tmp_path: Path) -> None:
        for file in (FILES / "oneroster_1_1").iterdir():
            text = file.read_text(encoding="utf-8")
            (tmp_path / file.name).write_text(text.replace(",KG,\n", ",UG,\n"), encoding="utf-8")
        found = preview(data, [tmp_path], DAY)
        (problem,) = found.problems.filter(found.problems["verdict"] == "rejected").rows(named=True)
        assert (problem["line"], problem["column"], problem["value"]) == (3, "year_group", "UG")
        assert problem["file"].endswith("users.csv")
        (rejected,) = rejected_rows(found).values()
        assert rejected["pupil_id"].to_list() == ["u2"]

    def test_a_manifest_of_something_else_is_a_file_like_any_other(self, data: Path, tmp_path: Path) -> None:
        (tmp_path / "manifest.csv").write_text("pupil_id,need_code\np1,SLCN\n")
        assert list(preview(data, [tmp_path], DAY).rows) == ["needs"]
