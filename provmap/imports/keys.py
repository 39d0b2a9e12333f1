"""Which rows are the same thing, and which of those say the same: by hashes of their columns.

Two rows with one hash are taken to be equal. Of ten million rows, the chance that any two differ and
still share one is about three in a million, and the harm a wrong count or one row listed as rejected.
"""

import polars as pl

from provmap.imports.values import DTYPES
from provmap.store.contract import Dataset

KEY, CONTENT = "_key", "_content"
# Whether it can be read what a rejected row is about.
IS_KNOWN = "_is_known"


def key_columns(dataset: Dataset) -> set[str]:
    """The columns that say which thing a row is about."""
    return {name for key in dataset.keys for name in key}


def known_by(dataset: Dataset, columns: list[str]) -> list[str]:
    """The columns by which people know a row; the school only where it is the whole key."""
    names = [name for name in dataset.keys[-1] if name in columns and name != "school_id"]
    return names or ["school_id"]


def keys_of(dataset: Dataset, bad: pl.DataFrame, line: str, unread: pl.Series) -> pl.DataFrame:
    """What rejected rows are about, and whether that is known; `unread` is the lines where a key is not."""
    names = [name for name in dataset.column_names if name in bad.columns and name in key_columns(dataset)]
    must = [name for name in names if dataset.column(name).required]
    known = ~pl.col(line).is_in(unread.implode()) if len(unread) else pl.lit(True)
    filled = pl.all_horizontal(pl.col(name).is_not_null() for name in must) if must else pl.lit(True)
    return bad.select(*names, line, (known & filled).alias(IS_KNOWN))


def with_key(dataset: Dataset, rows: pl.DataFrame, school: str) -> pl.DataFrame:
    """The rows with `_key`. `school` is whose rows are that name no school."""
    parts = rows.select(_key_parts(dataset, rows, school))
    return rows.with_columns(parts.hash_rows().alias(KEY))


def with_content(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The rows with `_content`, which is equal where all these columns are."""
    chosen = rows.select(sorted(columns))
    hashes = chosen.hash_rows() if columns else pl.Series([0], dtype=pl.UInt64).new_from_index(0, rows.height)
    return rows.with_columns(hashes.alias(CONTENT))


def _key_parts(dataset: Dataset, rows: pl.DataFrame, school: str) -> list[pl.Expr]:
    """The columns of all keys, each emptied in the rows where its key is not the one that counts."""
    columns = {name: _column(dataset, rows, name) for key in dataset.keys for name in key}
    if not dataset.is_global:
        columns["school_id"] = columns["school_id"].fill_null(school)
    if dataset.name == "enrolments":
        # An enrolment without a start and one from 1 September are the same.
        first_day = pl.concat_str(columns["academic_year"].str.slice(0, 4), pl.lit("-09-01")).str.to_date(
            "%Y-%m-%d"
        )
        columns["start_date"] = pl.when(columns["start_date"] != first_day).then(columns["start_date"])
    if len(dataset.keys) == 1:
        return [columns[name].alias(name) for name in dataset.keys[0]]
    chosen = _chosen_key(dataset, columns)
    parts = [chosen.alias("which")]
    for number, key in enumerate(dataset.keys):
        parts += [pl.when(chosen == number).then(columns[name]).alias(f"{number} {name}") for name in key]
    return parts


def _chosen_key(dataset: Dataset, columns: dict[str, pl.Expr]) -> pl.Expr:
    """The number of the first key whose columns are all given; the last key is for all other rows."""
    last = len(dataset.keys) - 1
    chosen = pl.lit(last, dtype=pl.UInt8)
    for number in range(last - 1, -1, -1):
        own = [columns[name].is_not_null() for name in dataset.keys[number] if name != "school_id"]
        chosen = pl.when(pl.all_horizontal(own)).then(pl.lit(number, dtype=pl.UInt8)).otherwise(chosen)
    return chosen


def _column(dataset: Dataset, rows: pl.DataFrame, name: str) -> pl.Expr:
    dtype = DTYPES[dataset.column(name).type]
    return pl.col(name) if name in rows.columns else pl.lit(None, dtype=dtype)
