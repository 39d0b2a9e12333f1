"""The fast reader and the exact one read the same cells, and no file brings anything but a sentence."""

import csv
import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provmap.errors import ImportRefused
from provmap.imports.delimited import read_delimited
from provmap.imports.readers import read_file
from provmap.imports.reading import read_paths
from provmap.imports.sources import find_files

FILES = Path(__file__).parent / "files"
CELLS = st.text(st.sampled_from("ab1 ,;\"\n\r\té='|"), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)


def read(data: bytes, *, exact: bool) -> object:
    """What a reader makes of a file: its table in plain words, or its refusal."""
    try:
        table = read_delimited("file.csv", data, exact=exact)
    except ImportRefused as refusal:
        return refusal.message
    return table.headings, table.rows.rows(), table.lines.to_list(), table.faults


@given(ROWS, st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from(["\n", "\r\n"]))
def test_both_readers_agree_on_what_a_program_wrote(rows: list[list[str]], quoting: int, end: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([["first", "second", "third"], *rows])
    data = text.getvalue().encode()
    assert read(data, exact=False) == read(data, exact=True)


@given(st.text(st.sampled_from('a1,"\n\r é'), max_size=40))
@example('1,x"y"\n')
@example('1,"y" \n')
@example('"1,2\n3,4\n')
@example("1,2\n\n3,4\n")
@example("1\n2,\n3,4,\n")
def test_both_readers_agree_on_anything(text: str) -> None:
    data = b"first,second\n" + text.encode()
    assert read(data, exact=False) == read(data, exact=True)


def test_what_is_read_is_what_was_written() -> None:
    rows = [["p1", 'said "no"', "two\nlines"], ["p2", "a, b", ""], ["p3", "é", "x"]]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["id", "words", "more"], *rows])
    table = read_delimited("file.csv", text.getvalue().encode())
    assert table.rows.rows() == [tuple(row) for row in rows]
    # The second row begins on line 4, because the first has a line break in a cell.
    assert table.lines.to_list() == [2, 4, 5]
    assert not table.is_exact


@pytest.mark.parametrize("fault", ["p1,a\n", "p1,a,b,c\n", 'p1,"a"b,c\n', "p1,a,b\rp2,c,d\n"])
def test_the_exact_reader_takes_over_at_a_fault(fault: str) -> None:
    table = read_delimited("file.csv", b"id,words,more\np0,x,y\n" + fault.encode())
    assert table.is_exact


def test_a_fault_has_its_line() -> None:
    table = read_delimited("file.csv", b'id,words\np1,"a\nb"\np2\np3,c\n')
    assert table.faults == {1: "2 cells, as in the heading line; this line has 1"}
    assert table.lines.to_list() == [2, 4, 5]


def test_a_very_long_cell_is_refused() -> None:
    with pytest.raises(ImportRefused, match="has a cell of more than 131,072 letters"):
        read_delimited("file.csv", b"id,words\np1," + b"x" * 3_000_000)


def read_or_refuse(name: str, data: bytes) -> None:
    """Any other error than a refusal fails the test."""
    with suppress(ImportRefused):
        for file in find_files([(name, data)])[0]:
            read_file(file)


@pytest.mark.parametrize(
    "name", ["typed.parquet", "two_files.zip", "utf16_with_tabs.txt", "quoted_line_break.csv"]
)
def test_a_file_cut_anywhere_is_read_or_refused(name: str) -> None:
    whole = (FILES / "must_load" / name).read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 150)):
        read_or_refuse(name, whole[:length])


@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.parquet", "x.zip", "x.tsv"]))
def test_rubbish_is_read_or_refused(data: bytes, name: str) -> None:
    read_or_refuse(name, data)


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provmap.imports.sources.LARGEST_FILE", 1_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pupils.csv", "x" * 100_000)
    with pytest.raises(ImportRefused, match="holds more than 2 GB"):
        find_files([("big.zip", packed.getvalue())])


def test_a_zip_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pupils.csv", "x" * 100_000)
    (file,), _ = find_files([("big.zip", packed.getvalue())])
    monkeypatch.setattr("provmap.imports.sources.LARGEST_FILE", 1_000)
    with pytest.raises(ImportRefused, match="unpacks to more than 2 GB"):
        read_file(file)


def test_a_path_in_a_zip_is_only_a_name() -> None:
    files, _ = find_files([FILES / "must_load" / "folders_and_paths.zip"])
    assert [(file.name, file.stem) for file in files] == [("folders_and_paths.zip: pupils.csv", "pupils")]


def test_a_folder_is_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".hidden.csv", "~$open.csv", "notes.md", "deeper/c.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    files, left_out = find_files([tmp_path])
    assert [file.name for file in files] == ["a.csv", "b.csv", "deeper/c.csv"]
    assert left_out == ["notes.md was left out: it is not a file of rows."]


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere.zip"])
def test_a_file_that_is_not_there(name: str, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=f"{name} cannot be opened"):
        read_paths([tmp_path / name])


def test_a_short_row_is_told_also_where_a_long_one_of_blanks_makes_up_for_it() -> None:
    data = b"first,second\n1\n,,"
    assert read(data, exact=False) == read(data, exact=True)
