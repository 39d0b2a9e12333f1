"""One file -> the table of cells in it."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.ctf import read_ctf
from provmap.imports.delimited import Table, read_delimited
from provmap.imports.oneroster import read_bundle
from provmap.imports.sources import PARQUET, WORKBOOKS, XML, File
from provmap.imports.workbooks import read_workbook

MOST_PARQUET_ROWS = 50_000_000
# A zip or an OLE container: how the workbooks of today and of before 2007 begin.
WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What a file is by its first bytes, whatever its name says.
SIGNATURES = {
    b"%pdf": "a PDF",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"<meta": "a web page",
    b"<!--": "a web page",
}


def read_file(file: File) -> list[Table]:
    """The tables of a file: one, or one a sheet or dataset. Raises ImportRefused where it cannot be read."""
    if file.members:
        loads = {name: member.load for name, member in file.members}
        tables = read_bundle(file.base_name, loads, file.dated)
        return [table for table in tables if file.sheet in ("", table.sheet)]
    content = file.load()
    first = content[:64] if isinstance(content, bytes) else _first_bytes(content)
    if first.startswith(WORKBOOK_STARTS):
        tables = read_workbook(file.base_name, content, file.told)
        return [table for table in tables if file.sheet in ("", table.sheet)]
    if first.startswith(b"PAR1"):
        return [_read_parquet(file.name, content)]
    if file.ending == XML or _plain_start(first).startswith((b"<?xml", b"<ctfile")):
        tables = read_ctf(file.base_name, content)
        return [table for table in tables if file.sheet in ("", table.sheet)]
    for signature, kind in SIGNATURES.items():
        if _plain_start(first).startswith(signature):
            raise ImportRefused(
                f"{file.name} is not a file of rows: it is {kind}.",
                "Open it in the program that made it, and save or export it as CSV.",
            )
    if file.ending in PARQUET:
        raise ImportRefused(f"{file.name} is not a Parquet file.", "Export it again.")
    text = content if isinstance(content, bytes) else content.read_bytes()
    table = read_delimited(file.name, text, letters=file.letters, told=file.told)
    if file.ending in WORKBOOKS:
        words = f"{file.name} is no workbook, whatever its name says: it is plain text, and was read as such."
        table = replace(table, notices=(words, *table.notices))
    return [table]


def _plain_start(first: bytes) -> bytes:
    """The first letters of a text in any encoding, in small letters."""
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        first = first[: len(first) // 2 * 2].decode("utf-16", errors="ignore").encode()
    return first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()


def _read_parquet(name: str, content: bytes | Path) -> Table:
    try:
        # Packed rows can be many more than a file's size lets one think.
        rows = pl.scan_parquet(content, glob=False).select(pl.len()).collect().item()
        if rows > MOST_PARQUET_ROWS:
            raise ImportRefused(f"{name} has more than {MOST_PARQUET_ROWS:,} rows.", "Split it.")
        frame = pl.read_parquet(content, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise ImportRefused(f"{name} is damaged or cut short.", "Export it again.") from error
    headings = tuple(frame.columns)
    if within := [heading for heading, kind in frame.schema.items() if not _is_plain(kind)]:
        raise ImportRefused(
            f"{name} has cells that hold tables or bytes, in {', '.join(within)}.",
            "Leave these columns out, or make plain ones of them.",
        )
    frame.columns = [str(place) for place in range(frame.width)]
    lines = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True).alias("line")
    return Table(name, headings, frame, lines)


def _is_plain(kind: pl.DataType) -> bool:
    """Whether cells of this kind are one value, or a list of such."""
    one = kind.inner if isinstance(kind, pl.List) else kind
    return not (one.is_nested() or one in (pl.Binary, pl.Object))


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(64)
