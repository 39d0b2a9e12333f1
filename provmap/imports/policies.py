"""How an import merges with what is held: stated, chosen for each import, and kept in its record.

The store does the replacing (see provmap/store/replacing.py); here is what a person is told of it before.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.checks import LINE
from provmap.imports.comparing import FILE, Comparison
from provmap.imports.full_lists import carried, first_year
from provmap.imports.keys import KEY, known_by
from provmap.imports.problems import no_problems, problem_rows
from provmap.store.contract import Dataset
from provmap.store.replacing import ADD, REPLACE, UPDATE, YEAR_OF

POLICIES = {
    ADD: "New rows are added, and those that are held take what the file says. Nothing is taken away.",
    REPLACE: "The file is the full list for its school, and for its academic year where rows belong to one: "
    "what it does not have is withdrawn. Pupils on roll who are not on it leave on the day before its date.",
    UPDATE: "Only rows that are held already change. New rows are left out, and listed.",
}
LEFT_OUT = "left out"


@dataclass(frozen=True)
class Settled:
    """The rows of one dataset under a policy, with what is counted, said and listed because of it."""

    rows: pl.DataFrame
    counts: dict[str, int]
    notices: list[str]
    problems: pl.DataFrame
    # What a full list leaves as it is held (see full_lists.py).
    carried: pl.DataFrame = field(default_factory=pl.DataFrame)


def check_policy(policy: str) -> None:
    """Raises ImportRefused for a policy that there is not."""
    if policy not in POLICIES:
        raise ImportRefused(f"There is no way to merge called {policy}.", f"Choose: {', '.join(POLICIES)}.")


def settle_policy(
    policy: str,
    dataset: Dataset,
    rows: pl.DataFrame,
    found: Comparison,
    *,
    names: list[str],
    dated: date,
    school: str,
    listed: pl.Series,
    undated: list[int],
) -> Settled:
    """What a policy makes of rows compared with those held. `school` is whose rows are that name none.

    `listed` is the keys of rejected rows; `undated` the files of ticks without a day (see full_lists.py).
    """
    if policy == UPDATE:
        return _only_held(dataset, rows, found, names)
    if policy == REPLACE:
        named = withdrawn(dataset, rows, found.before, dated, school)
        # What began in an earlier year and is ticked still does not make the sheet a list of that year.
        is_old = pl.col(FILE).is_in(undated) & (pl.col("_year") < first_year(dated))
        covering = rows
        if _by_year(dataset):
            covering = rows.with_columns(_place(dataset, rows, school)).filter(~is_old)
        gone = withdrawn(dataset, rows, found.before, dated, school, covering=covering)
        gone = gone.filter(~pl.col(KEY).is_in(listed.implode())) if gone.height and len(listed) else gone
        stays = named.filter(~pl.col(KEY).is_in(gone[KEY].implode())) if gone.height else named
        return Settled(
            rows, {"withdrawn": gone.height}, _told(dataset, gone.height), no_problems(),
            carried(dataset, rows, stays),
        )  # fmt: skip
    return Settled(rows, {}, [], no_problems())


def withdrawn(
    dataset: Dataset,
    rows: pl.DataFrame,
    before: pl.DataFrame,
    dated: date,
    school: str,
    *,
    covering: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The held rows that a full list takes away; of pupils, those on roll whom it lets leave.

    `covering` is the rows whose years the list is of, where that is not all of them.
    """
    if before.is_empty():
        return before
    gone = before.filter(~pl.col(KEY).is_in(rows[KEY].implode()))
    if dataset.name == "pupils":
        return on_roll(gone, dated)
    if not _by_year(dataset):
        return gone
    whose = rows if covering is None else covering
    covered = whose.select(*_place(dataset, whose, school)).unique()
    marked = gone.with_columns(_place(dataset, gone, school))
    return marked.join(covered, on=["_school", "_year"], how="semi", nulls_equal=True)


def _by_year(dataset: Dataset) -> bool:
    return dataset.name in YEAR_OF


def on_roll(pupils: pl.DataFrame, day: date) -> pl.DataFrame:
    """The pupils who are on roll on a day."""
    return pupils.filter(
        (pl.col("entry_date") <= day).fill_null(True) & (pl.col("leaving_date") >= day).fill_null(True)
    )


def _place(dataset: Dataset, rows: pl.DataFrame, school: str) -> list[pl.Expr]:
    """The school of a row, and the year in which its academic year begins."""
    years = [
        pl.col(name).str.slice(0, 4).cast(pl.Int32, strict=False) if name == "academic_year"
        else pl.col(name).dt.year() - (pl.col(name).dt.month() < 9).cast(pl.Int32)
        for name in YEAR_OF[dataset.name] if name in rows.columns
    ]  # fmt: skip
    owner = pl.col("school_id").fill_null(school) if "school_id" in rows.columns else pl.lit(school)
    return [owner.alias("_school"), pl.coalesce(*years, pl.lit(0, pl.Int32)).alias("_year")]


def _told(dataset: Dataset, gone: int) -> list[str]:
    if not gone:
        return []
    if dataset.name == "pupils":
        who = "1 pupil on roll is" if gone == 1 else f"{gone:,} pupils on roll are"
        return [f"pupils: {who} not on this full roll, and will have left on the day before its date."]
    rows = "1 row that is" if gone == 1 else f"{gone:,} rows that are"
    return [f"{dataset.name}: {rows} held and not in this full list will be withdrawn."]


def _only_held(dataset: Dataset, rows: pl.DataFrame, found: Comparison, names: list[str]) -> Settled:
    is_held = pl.col(KEY).is_in(found.before[KEY].implode()) if found.before.height else pl.lit(False)
    new = rows.filter(~is_held)
    if new.is_empty():
        return Settled(rows, {"left_out": 0}, [], no_problems())
    words = "1 row is new, and is" if new.height == 1 else f"{new.height:,} rows are new, and are"
    names_of_key = known_by(dataset, rows.columns)
    key = new.select(
        pl.concat_str(pl.col(names_of_key).cast(pl.String), separator=", ", ignore_nulls=True)
    ).to_series()
    listed = problem_rows(
        file=pl.Series(names).gather(new[FILE]), lines=new[LINE], dataset=dataset.name,
        column=", ".join(names_of_key), values=key,
        expected="a row that is held already: this import only updates",
        remedy="Import the row with add and update, if it is to be added.", verdict=LEFT_OUT,
    )  # fmt: skip
    said = f"{dataset.name}: {words} left out, because this import only updates."
    return Settled(rows.filter(is_held), {"new": 0, "left_out": new.height}, [said], listed)
