"""Files cut anywhere, with letters changed and zero bytes put in, of every format: each ends in a sentence.

The places are drawn from a seed, so that a failure can be made again.
"""

import io
import zipfile
from pathlib import Path
from random import Random

import polars as pl
import pytest
import xlsxwriter

from provmap.errors import ProvmapError
from provmap.imports import preview, rejected_rows
from tests.tiny import DAY

FILES = Path(__file__).parent / "files"
ROLL = "pupil_id,surname,forename,year_group,class,note\r\n" + "".join(
    f'p{number},Ash,Zoë,5,Oak,"a, ""b"""\r\n' for number in range(6)
)
EACH = 12


def parquet() -> bytes:
    made = io.BytesIO()
    pl.read_csv(ROLL.encode()).write_parquet(made)
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("pupils")
    for row, line in enumerate(ROLL.splitlines()):
        sheet.write_row(row, 0, line.split(",")[:5])
    book.close()
    return made.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


TRANSFER = (FILES / "exchange" / "8012001_CTF_8012001_001.xml").read_bytes()
SOUND = {
    "pupils.csv": ROLL.encode(), "pupils.txt": ROLL.encode("utf-16"), "old pupils.csv": ROLL.encode("cp850"),
    "pupils.parquet": parquet(), "pupils.xlsx": workbook(), "transfer.xml": TRANSFER,
    "kinds.ods": (FILES / "workbooks" / "kinds.ods").read_bytes(),
    "kinds.xls": (FILES / "workbooks" / "kinds.xls").read_bytes(),
    "all.zip": zipped({"pupils.csv": ROLL.encode(), "../../x/transfer.xml": TRANSFER}),
}  # fmt: skip


def is_told(name: str, content: bytes, data: Path) -> None:
    """It is read, or refused with a remedy; nothing else may come out of it, and nothing stays behind."""
    try:
        rejected_rows(preview(data, [(name, content)], DAY))
    except ProvmapError as error:
        refusal = error
    else:
        refusal = ProvmapError("Read.", "Nothing to do.")
    assert refusal.message
    assert refusal.remedy
    assert not data.exists()


@pytest.mark.parametrize("name", SOUND)
def test_cut_anywhere(name: str, data: Path) -> None:
    random = Random(name)
    for _ in range(EACH):
        is_told(name, SOUND[name][: random.randrange(len(SOUND[name]))], data)


@pytest.mark.parametrize("name", SOUND)
def test_bytes_changed_and_zeros_put_in(name: str, data: Path) -> None:
    random = Random(name)
    for number in range(EACH):
        content = bytearray(SOUND[name])
        for _ in range(random.choice((1, 3, 20))):
            content[random.randrange(len(content))] = random.choice((0, 34, 60, 255, random.randrange(256)))
        place = random.randrange(len(content))
        is_told(name, bytes(content[:place]) + b"\0" * (number % 3) + bytes(content[place:]), data)


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".xml", ".parquet", ".zip", ".ods", ".xls", ".txt", ""])
def test_under_any_ending(name: str, ending: str, data: Path) -> None:
    is_told(f"file{ending}", SOUND[name], data)


@pytest.mark.parametrize(
    "path",
    ["../../x/pupils.csv", "/etc/pupils.csv", "C:\\x\\pupils.csv", "a\0b/pupils.csv", "..", "p\nupils.csv",
     f"{'x' * 3000}/pupils.csv", "$(id).csv", "\u202epupils.csv"],
)  # fmt: skip
def test_a_path_in_a_zip_is_a_name_and_no_path(path: str, data: Path, tmp_path: Path) -> None:
    is_told("all.zip", zipped({path: ROLL.encode()}), data)
    assert list(tmp_path.iterdir()) == []
