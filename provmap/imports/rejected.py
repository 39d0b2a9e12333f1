"""Rejected rows as files of their own, in the input's own columns, to be mended and imported again."""

from pathlib import Path

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.checks import LINE
from provmap.imports.mended import without_ours
from provmap.imports.preview import Preview
from provmap.imports.problems import REJECTED
from provmap.imports.readers import read_file
from provmap.safe_csv import csv_text


def rejected_rows(preview: Preview) -> dict[str, pl.DataFrame]:
    """The rejected rows of each file that has any, as text in its own columns, with line and reason."""
    frames: dict[str, pl.DataFrame] = {}
    for file_name in dict.fromkeys(preview.reading.names):
        # A file can feed several datasets; a line that one of them rejects is listed once.
        parts = [place for place, name in enumerate(preview.reading.names) if name == file_name]
        lines = pl.concat([preview.rejected[place] for place in parts]).unique()
        if len(lines):
            name = f"{preview.reading.files[parts[0]].file.stem}_rejected"
            while name in frames:
                name += "_2"
            frames[name] = _rows_of(preview, file_name, lines)
    return frames


def write_rejected(preview: Preview, into: Path) -> list[Path]:
    """Writes a CSV for each file with rejected rows, and returns their paths."""
    written = []
    try:
        for name, rows in rejected_rows(preview).items():
            into.mkdir(parents=True, exist_ok=True)
            path = into / f"{_safe(name)}.csv"
            path.write_bytes(csv_bytes(rows))
            written.append(path)
    except OSError as error:
        raise ImportRefused(
            f"The list of rejected rows could not be written ({error.strerror}).", "Make room on the disk."
        ) from error
    return written


def csv_bytes(rows: pl.DataFrame) -> bytes:
    """CSV for a spreadsheet: UTF-8 with its mark, and no cell that it would run."""
    return b"\xef\xbb\xbf" + csv_text(rows).encode()


def _rows_of(preview: Preview, file_name: str, lines: pl.Series) -> pl.DataFrame:
    """Reads the file again: it is cheaper than holding every file as text until somebody asks."""
    file = next(read.file for read in preview.reading.files if read.file.name == file_name)
    table = without_ours(read_file(file)[0])
    headings = _different(list(table.headings))
    # A blank cell of the file is to stay blank, not become a pair of quotation marks.
    cells = table.rows.with_columns(pl.col(pl.String).replace("", None))
    rows = cells.rename(dict(zip(cells.columns, headings, strict=True))).with_columns(table.lines.alias(LINE))
    column = pl.when(pl.col("column") != "").then(pl.concat_str(pl.col("column"), pl.lit(": ")))
    words = pl.concat_str(column.fill_null(""), pl.lit("expected "))
    reasons = (
        preview.problems.filter((pl.col("file") == file_name) & (pl.col("verdict") == REJECTED))
        .group_by("line")
        .agg(pl.concat_str(words, pl.col("expected")).unique(maintain_order=True).str.join("; ").alias("why"))
    )
    added = [pl.col(LINE).alias(_free("line", headings)), pl.col("why").alias(_free("problem", headings))]
    return (
        rows.filter(pl.col(LINE).is_in(lines.implode()))
        .join(reasons, left_on=LINE, right_on="line", how="left", maintain_order="left")
        .select(*headings, *added)
    )


def _different(headings: list[str]) -> list[str]:
    """Headings with no two alike: a frame cannot have two columns of one name."""
    seen: dict[str, int] = {}
    names = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        names.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return names


def _free(name: str, headings: list[str]) -> str:
    return f"provmap {name}" if name in headings else name


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)[-100:]
