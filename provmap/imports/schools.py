"""Whose rows are those that name no school."""

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.checks import LINE
from provmap.imports.comparing import FILE
from provmap.imports.held import Held
from provmap.imports.problems import no_problems, problem_rows
from provmap.store.contract import datasets
from provmap.store.versions import ONLY_SCHOOL


def only_school(frames: dict[str, pl.DataFrame], held: Held, chosen: str | None) -> str | None:
    """The school of rows that name none: the one chosen, else the only one known; None with several."""
    known = held.schools()
    for frame in frames.values():
        if "school_id" in frame.columns:
            known |= set(frame["school_id"].drop_nulls().unique())
    if chosen and known and chosen not in known:
        raise ImportRefused(
            f"There is no school {chosen} in the data or in these files.",
            f"There {'are' if len(known) > 1 else 'is'}: {', '.join(sorted(known)[:10])}.",
        )
    if chosen:
        return chosen
    if len(known) > 1:
        return None
    return known.pop() if known else ONLY_SCHOOL


def settle_school(
    dataset: str, rows: pl.DataFrame, files: list[str], school: str | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The rows with their school; those rejected because it cannot be told; and the problems of these."""
    if datasets()[dataset].is_global:
        return rows, rows.clear(), no_problems()
    if "school_id" not in rows.columns:
        if school == ONLY_SCHOOL:
            # The store gives these rows to the school whose number comes later.
            return rows, rows.clear(), no_problems()
        rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias("school_id"))
    if school is not None and school != ONLY_SCHOOL:
        rows = rows.with_columns(pl.col("school_id").fill_null(school))
    if school is not None:
        return rows, rows.clear(), no_problems()
    homeless = rows.filter(pl.col("school_id").is_null())
    if homeless.is_empty():
        return rows, homeless, no_problems()
    problems = problem_rows(
        file=pl.Series(files).gather(homeless[FILE]), lines=homeless[LINE], dataset=dataset,
        column="school_id", values=None, expected="the school of this row, because several schools are held",
        remedy="Add a school_id column with the school's number, or choose the school for the whole import.",
    )  # fmt: skip
    return rows.filter(pl.col("school_id").is_not_null()), homeless, problems
