"""Files as schools send them, one fault a file: the tests walk the folders.

`must_load` goes in without a word, `must_warn` goes in with a word or without some rows, `must_refuse`
changes nothing and says what to mend. `files/expected.csv` says what each holds and what is to be said.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, csv_bytes, preview, rejected_rows

FILES = Path(__file__).parent / "files"
DAY = date(2026, 3, 3)
with (FILES / "expected.csv").open(encoding="utf-8", newline="") as listed:
    EXPECTED = {(row["folder"], row["file"]): row for row in csv.DictReader(listed)}


def files_of(folder: str) -> Any:
    return pytest.mark.parametrize(
        "file", sorted((FILES / folder).iterdir()), ids=lambda file: Path(file).name
    )


def expected(file: Path) -> dict[str, str]:
    return EXPECTED[file.parent.name, file.name]


def said(found: Preview) -> str:
    """Everything that a person is told about an import."""
    problems = [" ".join(str(cell) for cell in row) for row in found.problems.iter_rows()]
    return " ".join([*found.notices, *map(str, found.ignored.values()), *problems])


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    there = {(file.parent.name, file.name) for file in FILES.glob("must_*/*")}
    assert there == set(EXPECTED)


@files_of("must_load")
def test_loads_without_a_word(file: Path, data: Path) -> None:
    found = preview(data, [file], DAY)
    words = expected(file)
    assert sorted(found.rows) == words["dataset"].split(";")
    assert sum(rows.height for rows in found.rows.values()) == int(words["rows"])
    told = found.problems.filter(pl.col("verdict") == "rejected")
    assert (told.height, found.notices, found.ignored) == (0, [], {})


@files_of("must_warn")
def test_loads_with_a_word(file: Path, data: Path) -> None:
    found = preview(data, [file], DAY)
    words = expected(file)
    assert sorted(found.rows) == words["dataset"].split(";")
    assert sum(rows.height for rows in found.rows.values()) == int(words["rows"])
    assert found.rejected_rows == int(words["rejected"])
    assert words["words"] in said(found)


@files_of("must_refuse")
def test_is_refused_with_a_remedy(file: Path, data: Path) -> None:
    with pytest.raises(ImportRefused) as refusal:
        preview(data, [file], DAY)
    assert expected(file)["words"] in str(refusal.value)
    assert refusal.value.remedy
    assert not data.exists(), "a refused import leaves nothing behind"


@files_of("must_warn")
def test_rejected_rows_come_back_in_the_columns_of_the_file(file: Path, data: Path) -> None:
    found = preview(data, [file], DAY)
    listed = rejected_rows(found)
    assert sum(rows.height for rows in listed.values()) == found.rejected_rows
    for rows in listed.values():
        read = csv_bytes(rows).decode("utf-8-sig").splitlines()
        assert read[0] == file.read_text(encoding="utf-8").splitlines()[0] + ",line,problem"
        assert rows["problem"].null_count() == 0
        told = found.problems.filter(pl.col("verdict") == "rejected")
        assert rows["line"].to_list() == sorted(set(told["line"]))


@pytest.mark.parametrize("name", ["lists.csv", "academic_years.csv", "typed.parquet", "two_files.zip"])
class TestOnceMore:
    def test_the_same_file_twice_changes_nothing(self, name: str, data: Path) -> None:
        file = FILES / "must_load" / name
        first = commit(preview(data, [file], DAY), "tester")
        pointer = (data / "current.json").read_bytes()
        again = preview(data, [file], DAY)
        assert first is not None
        assert again.changes_nothing
        assert commit(again, "tester") is None
        assert (data / "current.json").read_bytes() == pointer

    def test_an_upload_reads_as_the_file_does(self, name: str, data: Path) -> None:
        file = FILES / "must_load" / name
        from_path = preview(data, [file], DAY)
        uploaded = preview(data, [(file.name, file.read_bytes())], DAY)
        assert uploaded.counts == from_path.counts
        assert all(uploaded.rows[name].equals(rows) for name, rows in from_path.rows.items())
