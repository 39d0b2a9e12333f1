"""The rows of an import beside each other, and beside what is held: repeats, new, changed, unchanged."""

from dataclasses import dataclass

import polars as pl

from provmap.imports.checks import LINE, ROW
from provmap.imports.held import Held
from provmap.imports.keys import CONTENT, KEY, known_by, with_content, with_key
from provmap.imports.problems import no_problems, problem_rows
from provmap.imports.uneven import filled, join_rows
from provmap.store.contract import STATUS_FLAGS, Dataset
from provmap.store.kept import ABSENT
from provmap.store.replacing import YEAR_OF

# Which file of the import a row is from.
FILE = "_file"
OWN = (FILE, ROW, LINE, KEY, CONTENT, ABSENT)


@dataclass(frozen=True)
class Unique:
    """Rows with one of each key. `repeats` is how many identical rows were dropped, `joined` how many became
    part of another row that says the rest of the same thing."""

    rows: pl.DataFrame
    repeats: int
    rejected: pl.DataFrame
    problems: pl.DataFrame
    joined: int = 0


@dataclass(frozen=True)
class Comparison:
    """How many rows are new, changed and unchanged, and how many held ones the files do not have.

    `before` is the held rows with their key, `changed_keys` whose of them say something else now, `after`
    the rows as they will be held.
    """

    new: int
    changed: int
    unchanged: int
    missing: int
    before: pl.DataFrame
    changed_keys: pl.Series
    after: pl.DataFrame


def columns_of(rows: pl.DataFrame) -> list[str]:
    """The contract's columns among those of a frame."""
    return [name for name in rows.columns if name not in OWN]


def keep_first(dataset: Dataset, rows: pl.DataFrame, files: list[str], school: str) -> Unique:
    """Drops a row that repeats another, and rejects one that says something else of the same thing."""
    rows = with_key(dataset, rows, school)
    if rows[KEY].n_unique() == rows.height:
        return Unique(rows, 0, rows.clear(), no_problems())
    read = rows.height
    if ABSENT in rows.columns:
        rows = join_rows(dataset, rows)
    joined = read - rows.height
    rows = with_content(rows, columns_of(rows)).with_row_index("_place")
    again = rows.filter(pl.col(KEY).is_duplicated())
    first = again.unique(KEY, keep="first", maintain_order=True).select(
        KEY, pl.col("_place").alias("_first"), pl.col(CONTENT).alias("_first_content"),
        pl.col(LINE).alias("_first_line"), pl.col(FILE).alias("_first_file"),
    )  # fmt: skip
    later = again.join(first, on=KEY, maintain_order="left").filter(pl.col("_place") != pl.col("_first"))
    conflicting = later.filter(pl.col(CONTENT) != pl.col("_first_content"))
    kept = rows.filter(~pl.col("_place").is_in(later["_place"].implode())).drop("_place", CONTENT)
    problems = _conflicts(dataset, conflicting, files)
    return Unique(kept, later.height - conflicting.height, conflicting, problems, joined)


def compare(dataset: Dataset, rows: pl.DataFrame, held: Held, school: str) -> Comparison:
    """Counts rows (which have their key) against the held rows of the schools they belong to."""
    schools = [school] if dataset.is_global or "school_id" not in rows.columns else (
        rows["school_id"].fill_null(school).unique().to_list())  # fmt: skip
    # What else it takes to say which held rows a full list replaces.
    others = ["entry_date", "leaving_date"] if dataset.name == "pupils" else YEAR_OF.get(dataset.name, ())
    before = held.rows(dataset, [*columns_of(rows), *others], schools)
    if before.is_empty():
        return Comparison(rows.height, 0, 0, 0, before, pl.Series([], dtype=pl.UInt64), rows)
    flags = [name for name in STATUS_FLAGS if dataset.name == "pupils" and name in rows.columns]
    columns = [name for name in columns_of(rows) if name != "school_id" and name not in flags]
    before = with_key(dataset, before, school)
    rows = filled(rows, before, [name for name in columns_of(rows) if name != "school_id"])
    before, after = with_content(before, columns), with_content(rows, columns)
    pairs = after.select(KEY, CONTENT, *flags).join(
        before.select(KEY, CONTENT, *flags, pl.lit(True).alias("is_held")), on=KEY, how="left", suffix="_held"
    )
    is_new = pl.col("is_held").is_null()
    is_changed = pl.col(CONTENT) != pl.col(f"{CONTENT}_held")
    for name in flags:
        # A blank flag is "not supplied" (where it means "no", the reader has written "no").
        is_changed |= pl.col(name).is_not_null() & pl.col(name).ne_missing(pl.col(f"{name}_held"))
    counts = pairs.select(
        is_new.sum().alias("new"), (~is_new & is_changed).sum().alias("changed"), pl.len().alias("all")
    )
    new, changed, all_rows = counts.row(0)
    changed_keys = pairs.filter(~is_new & is_changed)[KEY] if changed else pairs.clear()[KEY]
    missing = before.height - (all_rows - new)
    return Comparison(new, changed, all_rows - new - changed, missing, before, changed_keys, rows)


def _conflicts(dataset: Dataset, rows: pl.DataFrame, files: list[str]) -> pl.DataFrame:
    if rows.is_empty():
        return no_problems()
    names = pl.Series(files)
    key = known_by(dataset, rows.columns)
    told = pl.concat_str(pl.col(key).cast(pl.String), separator=", ", ignore_nulls=True)
    first = pl.concat_str(pl.lit("The first is line "), pl.col("_first_line"), pl.lit(" of "))
    return problem_rows(
        file=names.gather(rows[FILE]),
        lines=rows[LINE],
        dataset=dataset.name,
        column=", ".join(key),
        values=rows.select(told).to_series(),
        expected="a row of its own; an earlier row says something else of the same one",
        remedy=rows.select(first).to_series() + names.gather(rows["_first_file"]) + ". Keep the right one.",
    )
