"""Who is held as on roll and not in a list of pupils, and what pupils are called: for the page alone."""

import polars as pl

from provmap.imports.held import Held
from provmap.imports.policies import on_roll
from provmap.imports.preview import Preview
from provmap.store import datasets
from provmap.store.versions import ONLY_SCHOOL

WHO = ["school_id", "pupil_id"]


def not_in_file(found: Preview) -> list[str]:
    """The names of the pupils held as on roll whom the files to be imported do not list."""
    rows = found.rows.get("pupils")
    if rows is None:
        return []
    own = found.school_id or ONLY_SCHOOL
    rows = rows if "school_id" in rows.columns else rows.with_columns(school_id=pl.lit(own))
    rows = rows.with_columns(pl.col("school_id").fill_null(own))
    schools = rows["school_id"].unique().to_list()
    held = on_roll(_held(found, schools), found.dated)
    gone = held.join(rows, on=WHO, how="anti").sort("surname", "forename")
    return gone.select(pl.concat_str("forename", "surname", separator=" ")).to_series().to_list()


def called(found: Preview) -> dict[str, str]:
    """What each held pupil is called, by number; nobody of a number that two schools gave."""
    held = _held(found, [])
    once = held.filter(pl.col("pupil_id").is_unique())
    return {
        number: f"{forename} {surname}"
        for number, forename, surname in once.select("pupil_id", "forename", "surname").iter_rows()
    }


def _held(found: Preview, schools: list[str]) -> pl.DataFrame:
    held, pupils = Held(found.folder), datasets()["pupils"]
    columns = [*WHO, "surname", "forename", "entry_date", "leaving_date"]
    return held.rows(pupils, columns, schools or sorted(held.schools()))
