"""Rows of one dataset that do not all speak of the same columns: what a row does not say changes nothing.

Files of different systems have different columns, and a transfer file leaves out what it does not know of a
pupil. Such rows carry `_absent`, the names of the columns they say nothing about; there a null is no blank.
"""

import polars as pl

from provmap.imports.keys import KEY
from provmap.store.contract import Dataset
from provmap.store.kept import ABSENT


def together(dataset: Dataset, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The rows of several files as one frame, with `_absent` only where one of them needs it."""
    if all(set(part.columns) == set(parts[0].columns) for part in parts):
        return pl.concat(part.select(parts[0].columns) for part in parts)
    held = [name for name in dataset.column_names if any(name in part.columns for part in parts)]
    marked = []
    for part in parts:
        missing = [name for name in held if name not in part.columns]
        others = pl.lit(missing, dtype=pl.List(pl.String))
        absent = pl.col(ABSENT).list.concat(others) if ABSENT in part.columns else others
        marked.append(part.with_columns(absent.alias(ABSENT)))
    return pl.concat(marked, how="diagonal").select(*held, pl.exclude(held))


def mark_absent(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The rows of a file that tells a cell it leaves out (null) from a blank one; `cells` as in the file."""
    names = [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in cells.columns]
    absent = cells.select(pl.concat_list(names).list.drop_nulls().alias(ABSENT)).to_series()
    return rows.with_columns(absent) if absent.list.len().sum() else rows


def say_nothing(rows: pl.DataFrame, unread: dict[str, pl.Series]) -> pl.DataFrame:
    """The rows with these cells (marked per column) among those that they say nothing about."""
    marks = [pl.when(marked).then(pl.lit(name)) for name, marked in unread.items() if marked.any()]
    if not marks:
        return rows
    more = pl.concat_list(marks).list.drop_nulls()
    absent = pl.col(ABSENT).list.concat(more).list.unique() if ABSENT in rows.columns else more
    return rows.with_columns(absent.alias(ABSENT))


def kept_columns(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """These columns, and what a row says nothing about where there is such a row."""
    is_uneven = ABSENT in rows.columns and bool(rows[ABSENT].list.len().sum())
    return rows.select(*columns, *([ABSENT] if is_uneven else []))


def join_rows(dataset: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    """One row for those of one key that nowhere contradict each other; the first says where it stands."""
    again = rows.filter(pl.col(KEY).is_duplicated())
    columns = [name for name in dataset.column_names if name in rows.columns]
    said = [_said(again, name) for name in columns]
    agrees = pl.all_horizontal(said_of.n_unique() <= 1 for said_of in said)
    agreeing = again.group_by(KEY).agg(agrees.alias("agrees")).filter("agrees")[KEY]
    if agreeing.is_empty():
        return rows
    groups = again.filter(pl.col(KEY).is_in(agreeing.implode())).group_by(KEY, maintain_order=True)
    others = [name for name in rows.columns if name not in (*columns, KEY, ABSENT)]
    nobody = [pl.when(~_is_said(name).any()).then(pl.lit(name)) for name in columns]
    joined = groups.agg(
        *(pl.col(name).filter(_is_said(name)).first() for name in columns), pl.col(others).first(),
        *(unsaid.alias(f"_{number}") for number, unsaid in enumerate(nobody)),
    )  # fmt: skip
    unsaid = [f"_{number}" for number in range(len(nobody))]
    joined = joined.with_columns(pl.concat_list(unsaid).list.drop_nulls().alias(ABSENT)).select(rows.columns)
    first = rows.filter(~pl.col(KEY).is_in(agreeing.implode()))
    return pl.concat([first, joined])


def filled(rows: pl.DataFrame, before: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The rows as they will be held: what they say nothing of is as it was. Both have their key."""
    if ABSENT not in rows.columns:
        return rows
    were = before.select(KEY, *(pl.col(name).alias(f"was {name}") for name in columns))
    pairs = rows.join(were, on=KEY, how="left", maintain_order="left")
    return pairs.with_columns(
        pl.when(_is_said(name)).then(pl.col(name)).otherwise(pl.col(f"was {name}")).alias(name)
        for name in columns
    ).select(rows.columns)


def _is_said(name: str) -> pl.Expr:
    return ~pl.col(ABSENT).list.contains(name)


def _said(rows: pl.DataFrame, name: str) -> pl.Expr:
    """What the rows of a group say in a column; lists as text, because only that can be counted."""
    cells = pl.col(name)
    if rows.schema[name] == pl.List(pl.String):
        cells = cells.list.join("\x1f")
    return cells.filter(_is_said(name))
