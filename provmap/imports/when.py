"""When things were: terms that had begun on an import's day, and an import older than one that is held."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from provmap.filters import show_date
from provmap.imports.plans import Each, Plan
from provmap.imports.references import Import
from provmap.imports.results import OPEN
from provmap.imports.shaping import IMPORT_YEAR, Known
from provmap.store import datasets, list_imports
from provmap.store.kept import Manifest, rows_file

ORDER = (
    "Statuses and needs follow these days. All else, such as a class or a name, is as the import made last "
    "says, so the older values would stand. Where the newer ones should, import the newer files once more "
    "after these."
)


def term_starts(year: int) -> dict[str, date]:
    """When the terms of the academic year that begins in `year` begin at the earliest."""
    return {"autumn": date(year, 9, 1), "spring": date(year + 1, 1, 1), "summer": date(year + 1, 3, 20)}


def with_begun_terms(plan: Plan, known: Known, *, is_new: bool) -> Plan:
    """The plan in which it is asked when results were made whose term had not begun on the import's day.

    A year that a person has confirmed (in a plan that is not new) stands; the import's own year does not.
    """

    def settled(each: Each) -> Each:
        year = each.set.get("academic_year", "")
        first = known.said(year)[:4]
        if not first.isdigit() or not (is_new or year == IMPORT_YEAR):
            return each
        begins = term_starts(int(first)).get(each.set.get("term", ""))
        if begins is None or begins <= known.dated:
            return each
        others = {name: text for name, text in each.set.items() if name not in ("academic_year", "term")}
        return replace(each, set=others | {"assessed_on": OPEN})

    outputs = tuple(replace(output, each=tuple(map(settled, output.each))) for output in plan.outputs)
    return replace(plan, outputs=outputs)


def older_than_held(
    imported: Import, counts: dict[str, dict[str, int]], folder: Path, dated: date
) -> list[str]:
    """What it means that an import with a later date is held of the same rows, and the way out."""
    held = [one for one in list_imports(folder) if not one.withdrawn_at and one.dated > dated]
    told = []
    for dataset, rows in imported.rows.items():
        is_said = counts[dataset]["changed"] or dataset in ("pupils", "needs")
        if not is_said or datasets()[dataset].is_global:
            continue
        schools = _schools(imported, rows)
        same = [one for one in held if dataset in one.columns]
        later = [one for one in same if schools & _kept(imported, folder, one, dataset)]
        if later:
            newer = f"import {later[-1].number} is already held, which shows {show_date(later[-1].dated)}"
            told.append(f"{dataset}: these files show {show_date(dated)}, and {newer}. {ORDER}")
    return told


def _schools(imported: Import, rows: pl.DataFrame) -> set[str]:
    if "school_id" not in rows.columns:
        return {imported.school}
    return set(rows["school_id"].fill_null(imported.school).unique())


def _kept(imported: Import, folder: Path, manifest: Manifest, dataset: str) -> set[str]:
    """The schools of the rows that an import has kept."""
    own = manifest.school_id or imported.school
    if "school_id" not in manifest.columns[dataset]:
        return {own}
    kept = pl.scan_parquet(rows_file(folder, manifest.id, dataset)).select(pl.col("school_id").unique())
    return set(kept.collect()["school_id"].fill_null(own))
