"""The sample school, open to anybody before a file of their own has been imported.

Its files are in the contract's own form, so that DuckDB's casts are enough to read them.
"""

import hashlib
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from provmap.store.builds import keep_import
from provmap.store.contract import DUCKDB_TYPES, SQL, Dataset, datasets
from provmap.store.kept import read_pointer

# The day on which the sample school always is.
SAMPLE_TODAY = date(2026, 3, 3)
# Seconds to wait for another process that is making the same store.
PATIENCE = 60.0
SAMPLE_FILES = SQL.parent / "sample_data"


def ensure_sample(folder: Path) -> Path:
    """The folder of the sample school's store inside the data folder, made when it is not there yet."""
    files = sorted(SAMPLE_FILES.glob("*.csv"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    place = folder / "sample" / digest
    if read_pointer(place) is None:
        rows = {file.stem: _read(file, datasets()[file.stem]) for file in files}
        # Two that start at once make it once: the second waits, and finds that nothing is new.
        keep_import(
            place, rows=rows, sources=list(files), dated=SAMPLE_TODAY, made_by="provmap", patience=PATIENCE
        )
    return place


def _read(file: Path, dataset: Dataset) -> pl.DataFrame:
    connection = duckdb.connect()
    text = connection.read_csv(str(file), header=True, all_varchar=True)
    columns = []
    for name in text.columns:
        type_ = dataset.column(name).type
        if type_ == "list":
            columns.append(f'string_split("{name}", \';\') as "{name}"')
        else:
            columns.append(f'cast("{name}" as {DUCKDB_TYPES[type_]}) as "{name}"')
    return connection.sql(f"select {', '.join(columns)} from text").pl()
