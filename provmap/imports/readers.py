"""One file -> the table of cells in it."""

from pathlib import Path

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.delimited import Table, read_delimited
from provmap.imports.sources import PARQUET, WORKBOOKS, File

MOST_PARQUET_ROWS = 50_000_000
# What a file is by its first bytes, whatever its name says.
SIGNATURES = {
    b"pk\x03\x04": "a workbook or a zip",
    b"\xd0\xcf\x11\xe0": "an older Excel workbook",
    b"%pdf": "a PDF",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"<?xml": "an XML file",
}


def read_file(file: File) -> Table:
    """The table that a file holds. Raises ImportRefused where it cannot be read."""
    if file.ending in WORKBOOKS:
        raise ImportRefused(
            f"{file.name} is a workbook, which this version does not read.",
            "Open it, choose Save as, then CSV UTF-8, and import that.",
        )
    content = file.load()
    first = content[:16] if isinstance(content, bytes) else _first_bytes(content)
    if first.startswith(b"PAR1"):
        return _read_parquet(file.name, content)
    for signature, kind in SIGNATURES.items():
        if first.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(signature):
            raise ImportRefused(
                f"{file.name} is not a file of rows: it is {kind}.",
                "Open it in the program that made it, and save or export it as CSV.",
            )
    if file.ending in PARQUET:
        raise ImportRefused(f"{file.name} is not a Parquet file.", "Export it again.")
    return read_delimited(file.name, content if isinstance(content, bytes) else content.read_bytes())


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
    frame.columns = [str(place) for place in range(frame.width)]
    lines = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True).alias("line")
    return Table(name, headings, frame, lines)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(16)
