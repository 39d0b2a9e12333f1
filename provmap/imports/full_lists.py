"""What a full list does not take away, though no good row of it says so.

A row that is rejected is on the list all the same: what is held of it stays. And a tick for what began in
an earlier year makes the sheet no list of that year.
"""

from datetime import date

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.checks import LINE
from provmap.imports.keys import IS_KNOWN, KEY, key_columns, with_key
from provmap.store.contract import Dataset

MOST_NAMED = 5


def still_listed(
    dataset: Dataset, left: list[tuple[str, pl.DataFrame, int]], before: pl.DataFrame, school: str
) -> pl.Series:
    """The keys of the rejected rows of a full list. `left` is name, rows and how many were rejected, by file.

    Raises ImportRefused where it cannot be read what some are about: they could be anybody's.
    """
    keys = pl.Series(KEY, [], dtype=pl.UInt64)
    for name, rows, rejected in left:
        unknown = rows.filter(~pl.col(IS_KNOWN))
        if not before.is_empty() and (unknown.height or rejected > rows.height):
            lines = unknown[LINE].unique().sort().head(MOST_NAMED).to_list()
            where = f" (such as line {', '.join(map(str, lines))})" if lines else ""
            raise ImportRefused(
                f"{name} cannot replace what is held of {dataset.name}: of rejected rows{where} it cannot be "
                "told whose or what they are, so that what they are about would be taken away.",
                "Mend them first (add and update lists them), or choose add and update.",
            )
        if rows.height:
            keys = keys.append(with_key(dataset, rows.drop(LINE, IS_KNOWN), school)[KEY])
    return keys


def carried(dataset: Dataset, rows: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    """The held rows that stay, as rows of the import that say what is held: so nothing of them changes."""
    keys = [name for name in key_columns(dataset) if name in stays.columns and name != "school_id"]
    needed = [name for name in keys if name not in rows.columns and stays[name].null_count() < stays.height]
    return stays.select(
        *(name for name in dataset.column_names if name in stays.columns
          and (name in rows.columns or name in needed))
    )  # fmt: skip


def first_year(dated: date) -> int:
    """The year in which the academic year of a day begins."""
    return dated.year - (dated.month < 9)
