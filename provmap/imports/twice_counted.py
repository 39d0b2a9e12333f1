"""Spans of attendance that share a day: their sessions would count twice.

Within a file it is asked which columns count; against what is held, an alarm waits for a yes.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from provmap.imports.alarms import Alarm
from provmap.imports.plans import Each, Output, Plan
from provmap.imports.references import Import
from provmap.store import datasets
from provmap.store.replacing import REPLACE

OPEN = "?"
COUNTED = "attendance"
# What becomes of a column whose days others have too.
LEAVE_OUT, ALONE = "leave it out", "it alone"
SPAN_FORMS = (LEAVE_OUT, ALONE)
Said = Callable[[str], str]


def with_spans(plan: Plan, said: Said) -> Plan:
    """The plan with a question for each column of attendance that shares days with narrower ones.

    Once it is answered, the columns that do not count are no part of the plan any more.
    """
    answers, outputs = dict(plan.answers), []
    for output in plan.outputs:
        each = output.each
        for wide, others in _shared(output, said):
            said_of_it = answers.setdefault(f"{COUNTED} in {wide.column}", OPEN)
            gone = {LEAVE_OUT: [wide], ALONE: others}.get(said_of_it, [])
            each = tuple(one for one in each if one not in gone)
        outputs.append(replace(output, each=each))
    return replace(plan, outputs=tuple(outputs), answers=answers)


def twice_counted(imported: Import, policy: str) -> list[Alarm]:
    """An alarm where attendance of this import shares days with other attendance of the same pupil."""
    rows = imported.rows.get("attendance", pl.DataFrame())
    if rows.is_empty():
        return []
    new = _spans(rows, imported.school)
    held = imported.held.rows(datasets()["attendance"], ["end_date"], new["school"].unique().to_list())
    others = _spans(held, imported.school).join(new, on=["school", "pupil_id", "start_date"], how="anti")
    together = new if policy == REPLACE else pl.concat([new, others])
    found = _pupils_with_two(together) - _pupils_with_two(others)
    if not found:
        return []
    pupils = "1 pupil" if len(found) == 1 else f"{len(found):,} pupils"
    return [
        Alarm(
            "attendance twice",
            f"Attendance of {pupils} would count twice: its days are in more than one span.",
            "Leave out the year so far where half-terms are held (or the other way round), or import with "
            "replace.",
        )
    ]


def _shared(output: Output, said: Said) -> Iterator[tuple[Each, list[Each]]]:
    """Each column of attendance that shares days with shorter ones, and those."""
    if output.dataset != "attendance":
        return
    spans = [
        (each, said(each.set.get("start_date", OPEN)), said(each.set.get("end_date", OPEN)))
        for each in output.each
    ]
    known = [one for one in spans if OPEN not in one]
    for wide, first, last in known:
        others = [
            one for one, begins, ends in known
            if first <= begins and ends <= last and (first, last) != (begins, ends)
        ]  # fmt: skip
        if others:
            yield wide, others


def _spans(rows: pl.DataFrame, school: str) -> pl.DataFrame:
    own = pl.col("school_id").fill_null(school) if "school_id" in rows.columns else pl.lit(school)
    return rows.select(own.alias("school"), "pupil_id", "start_date", "end_date")


def _pupils_with_two(spans: pl.DataFrame) -> set[tuple[str, str]]:
    """The pupils of whom two spans share a day."""
    before = pl.col("end_date").cum_max().shift(1).over("school", "pupil_id")
    again = spans.sort("start_date").filter(pl.col("start_date") <= before)
    return set(again.select("school", "pupil_id").unique().iter_rows())
