"""Import, beside DuckDB reading the same files straight into tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from provmap.imports import commit, preview
from provmap.store import forget_stores
from tests.benchmarks.timing import Row, seconds

DAY = date(2026, 3, 3)


def bring_in(files: Path, data: Path) -> None:
    """Import a folder as the command does: read, check, compare, keep, build, verify, move the pointer."""
    # A file of one row looks like a cut-off roll: that alarm is not what is measured.
    commit(preview(data, [files], DAY), "benchmark", accept_alarms=True)


def read_raw(files: Path, database: Path) -> None:
    """What DuckDB alone needs to read the same files into tables, unchecked."""
    connection = duckdb.connect(str(database))
    for file in sorted(files.glob("*.csv")):
        connection.read_csv(str(file), header=True).create(file.stem)
    connection.close()


def measure_import(name: str, files: Path, data: Path) -> Row:
    """Import `files` into the empty folder `data`, and compare."""
    rows = sum(
        pl.scan_csv(file, infer_schema=False).select(pl.len()).collect().item()
        for file in files.glob("*.csv")
    )
    with TemporaryDirectory() as place:
        raw = seconds(lambda: read_raw(files, Path(place) / "raw.duckdb"))
    own = seconds(lambda: bring_in(files, data))
    return (name, f"{rows:,}", f"{raw:.2f} s", f"{own:.2f} s", f"{own / raw:.1f}")


def measure_one_row(name: str, files: Path, data: Path) -> Row:
    """Import one changed pupil into what `data` holds, and take it back."""
    pupil = pl.scan_csv(files / "pupils.csv", infer_schema=False).head(1).collect()
    with changed_file(pupil.with_columns(forename=pl.lit("Changed"))) as file:
        own = seconds(lambda: bring_in(file, data))
    forget_stores()
    return (f"one row into {name}", "1", "", f"{own:.2f} s", "")


@contextmanager
def changed_file(pupils: pl.DataFrame) -> Iterator[Path]:
    with TemporaryDirectory() as place:
        file = Path(place) / "pupils.csv"
        pupils.write_csv(file)
        yield file


def files_of_school(trust: Path, school_id: str, out: Path) -> None:
    """The files of one school of a trust, as that school alone would have them."""
    out.mkdir(parents=True)
    for file in trust.glob("*.csv"):
        rows = pl.scan_csv(file, infer_schema=False)
        if "school_id" in rows.collect_schema():
            rows = rows.filter(school_id=school_id)
        rows.collect().write_csv(out / file.name)
