"""Imports that replace: a full list, after which what it does not have is no longer held.

A list replaces within its own schools, and of datasets that grow by the year within its own academic years:
last year's attendance is not withdrawn by this year's. A pupil is never withdrawn, because past days would
change with the row: who is not on a full roll left on the day before it.
"""

from dataclasses import dataclass
from datetime import date

from provmap.store.contract import Dataset

ADD, REPLACE, UPDATE = "add and update", "replace", "update only"
# Which year a row is of: the academic year that it names, else that of its day. Other datasets are lists
# of what there is, and are replaced as a whole.
YEAR_OF = {
    "enrolments": ("academic_year",),
    "terms": ("academic_year",),
    "comparators": ("academic_year",),
    "targets": ("academic_year", "set_on"),
    "assessments": ("academic_year", "assessed_on"),
    "attendance": ("start_date",),
    "behaviour": ("happened_on",),
    "sessions": ("held_on",),
    "placements": ("start_date",),
    "reviews": ("reviewed_on",),
    "voices": ("heard_on",),
}


@dataclass(frozen=True)
class KeptRows:
    """The rows of one dataset from one import. `order` says which of two imports came later.

    `replaces_before` is the order of which the rows before it are replaced; None where none are.
    """

    view: str
    order: int
    dated: date
    columns: tuple[str, ...]
    replaces_before: int | None = None


def without_replaced(dataset: Dataset, rows: str, key: str, kept: list[KeptRows]) -> str:
    """A select of `rows` (a select, with import_order) without those that a later list has replaced."""
    own_school = "" if dataset.is_global else "and {other}.school_id = earlier.school_id"
    parts = [f"every_row as (select *, {key} as fold_key, {_year(dataset)} as fold_year from ({rows}))"]
    newest = "every_row"
    for part in kept:
        if part.replaces_before is None:
            continue
        parts.append(
            f"""after_{part.order} as (
                select earlier.* from {newest} as earlier
                where not (
                    earlier.import_order < {part.replaces_before}
                    and exists (
                        select 1 from every_row as scope
                        where scope.import_order = {part.order} {own_school.format(other="scope")}
                            and scope.fold_year is not distinct from earlier.fold_year
                    )
                    and not exists (
                        select 1 from every_row as again
                        where again.import_order = {part.order} {own_school.format(other="again")}
                            and again.fold_key = earlier.fold_key
                    )
                )
            )"""
        )
        newest = f"after_{part.order}"
    return f"with {', '.join(parts)} select * exclude (fold_key, fold_year) from {newest}"


def with_leavers(folded: str, rows: str, kept: list[KeptRows]) -> str:
    """`folded` pupils (a select, with their last import_order): those not on a later full roll have left."""
    dates = " ".join(f"when {part.order} then date '{part.dated.isoformat()}'" for part in kept)
    rolls = ", ".join(str(part.order) for part in kept if part.replaces_before is not None)
    return f"""
        with folded as ({folded}),
        rolls as (
            select distinct school_id, import_order, case import_order {dates} end as dated,
            from ({rows}) where import_order in ({rolls})
        ),
        leavers as (
            select folded.school_id, folded.pupil_id, min(rolls.dated) - 1 as last_day,
            from folded
            inner join rolls
                on rolls.school_id = folded.school_id and rolls.import_order > folded.import_order
            where coalesce(folded.entry_date <= rolls.dated, true)
                and coalesce(folded.leaving_date >= rolls.dated, true)
            group by folded.school_id, folded.pupil_id
        )
        select folded.* exclude (import_order)
            replace (coalesce(leavers.last_day, folded.leaving_date)::date as leaving_date)
        from folded
        left join leavers on leavers.school_id = folded.school_id and leavers.pupil_id = folded.pupil_id"""


def _year(dataset: Dataset) -> str:
    """The year in which a row's academic year begins."""
    parts = [
        "try_cast(left(academic_year, 4) as bigint)" if column == "academic_year"
        else f'year("{column}") - (month("{column}") < 9)::bigint'
        for column in YEAR_OF.get(dataset.name, ())
    ]  # fmt: skip
    return f"coalesce({', '.join(parts)}, 0)" if parts else "0"
