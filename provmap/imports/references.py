"""Rows that name something nobody has told of: kept all the same, and listed.

A placement may well arrive before its pupil. So nothing here rejects a row.
"""

from dataclasses import dataclass

import polars as pl

from provmap.imports.checks import LINE
from provmap.imports.codes import known_codes
from provmap.imports.comparing import FILE
from provmap.imports.held import Held
from provmap.imports.problems import NOTICE, problem_rows
from provmap.store.contract import datasets

# Column -> the dataset and column where its values are told, and the kind of code that ships.
TOLD_IN = {
    "pupil_id": ("pupils", "pupil_id", None),
    "provision_id": ("provisions", "provision_id", None),
    "staff_id": ("staff", "staff_id", None),
    "staff_ids": ("staff", "staff_id", None),
    "group_code": ("groups", "group_code", "group"),
    "group_codes": ("groups", "group_code", "group"),
    "need_code": ("need_codes", "need_code", "need"),
    "need_codes": ("need_codes", "need_code", "need"),
    "scale": ("scales", "scale", "scale"),
}
# Stands for every pupil where a code of a group is asked for, as in national figures.
ALL = "all"


@dataclass(frozen=True)
class Import:
    """The rows of an import by dataset, with what it takes to judge the names in them."""

    rows: dict[str, pl.DataFrame]
    files: list[str]
    held: Held
    school: str


def unknown_references(imported: Import) -> list[pl.DataFrame]:
    """A notice for each different value that is told nowhere, with the first line that has it."""
    problems = []
    known: dict[str, pl.DataFrame] = {}
    for name, rows in imported.rows.items():
        for column, (target, target_column, kind) in TOLD_IN.items():
            if column in rows.columns and target != name:
                if target not in known:
                    known[target] = _known(imported, target, target_column)
                shipped = [*known_codes()[kind].values(), ALL] if kind else []
                problems += _unknown(imported, name, column, known[target], shipped)
    return problems


def _known(imported: Import, target: str, column: str) -> pl.DataFrame:
    """Every school and value that the target dataset holds, or gets in this import."""
    schools = {imported.school}
    for rows in imported.rows.values():
        if "school_id" in rows.columns:
            schools |= set(rows["school_id"].drop_nulls().unique())
    parts = [imported.held.rows(datasets()[target], [column], sorted(schools))]
    if target in imported.rows:
        parts.append(imported.rows[target])
    return pl.concat([_named(part, column, target, imported.school) for part in parts]).unique()


def _named(rows: pl.DataFrame, column: str, target: str, school: str, *others: str) -> pl.DataFrame:
    """Which school names which value; a value of a dataset that belongs to no school counts for all."""
    has_school = "school_id" in rows.columns and not datasets()[target].is_global
    owner = pl.col("school_id").fill_null(school) if has_school else pl.lit(school)
    named = rows.select(owner.alias("school"), pl.col(column).alias("told"), *others)
    return named.explode("told") if named.schema["told"] == pl.List(pl.String) else named


def _unknown(
    imported: Import, dataset: str, column: str, known: pl.DataFrame, shipped: list[str]
) -> list[pl.DataFrame]:
    target = TOLD_IN[column][0]
    rows = imported.rows[dataset]
    areas = _known(imported, target, "area")["told"].to_list() if column == "need_codes" else []
    unknown = (
        _named(rows, column, target, imported.school)
        .unique()
        .drop_nulls("told")
        .filter(~pl.col("told").is_in(shipped))
        # A list may name an area of the school's own, in letters of any case; areas are held in small ones.
        .filter(~pl.col("told").str.to_lowercase().is_in(areas))
        .join(known, on=["school", "told"], how="anti")
    )
    if unknown.is_empty():
        return []
    found = (
        _named(rows, column, target, imported.school, LINE, FILE)
        .join(unknown, on=["school", "told"], how="semi", maintain_order="left")
        .group_by("told", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col(LINE).first(), pl.col(FILE).first())
    )
    once = pl.lit("1 row names it, and is kept: ")
    often = pl.concat_str(pl.col("rows"), pl.lit(" rows name it, and are kept: "))
    count = pl.when(pl.col("rows") == 1).then(once).otherwise(often)
    remedy = pl.concat_str(count, pl.lit(f"import {target} with a row for it, or mend what names it."))
    return [
        problem_rows(
            file=pl.Series(imported.files).gather(found[FILE]), lines=found[LINE], dataset=dataset,
            column=column, values=found["told"], expected=f"something that {target} has a row for",
            remedy=found.select(remedy).to_series(), verdict=NOTICE,
        )
    ]  # fmt: skip
