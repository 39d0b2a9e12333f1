"""The lists for a progress meeting: how many are on each, the rule of each, and the pupils."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.ui.grades import say_grades
from provmap.ui.late_classes import show_late_classes
from provmap.ui.page import Page
from provmap.ui.settings import thresholds
from provmap.ui.tables import show_table
from provmap.words import MEETING_LISTS, count

PICKED = "meeting_list"
# What decides comes first, where a narrow screen shows it; a pupil's year and class come after.
PUPIL, WHERE = ("surname", "forename"), ("year_group", "class")
ABOUT_RESULTS = (*PUPIL, "subject", "reason", *WHERE, "value", "value_before", "mark", "on_day", "scale")
COLUMNS = {
    "not_assessed": (*PUPIL, "subject", "reason", *WHERE, "scale", "assessor"),
    "teacher_and_test": (
        *PUPIL, "subject", "reason", *WHERE, "value_before", "value", "mark", "scale", "on_day",
    ),
    "absent": (*PUPIL, "reason", *WHERE, "missed_share", "part_time_share", "on_day"),
}  # fmt: skip
# Who is on each list, in a sentence with the school's own thresholds.
RULES = {
    "below_mark": "The latest result of the last {assessment_window} days is below what is "
    "expected of the year group; for more-able pupils below greater depth, "
    "where that is set. At risk of under-attaining.",
    "below_own_past": "The latest result is lower than one of {year_ago_least} to {year_ago_most} "
    "days before on the same scale by as much as matters: a step, "
    "{ledger_fall_sd} of a standard deviation, else {ledger_fall_range} of the "
    "scale's range; on age scales {year_ago_months} months less than have "
    "passed. A scale whose range nobody described is not judged. At risk of "
    "underachieving, whatever the mark.",
    "behind_own_target": "The latest result is behind the straight line from the starting point to "
    "the newest target that was agreed with the pupil or a parent, on its way "
    "to the day it is due. Grades have no line between two steps and are not "
    "judged here. At risk of underachieving, whatever the mark.",
    "sudden_fall": "The latest result is lower than the one before it, of an earlier term "
    "within {assessment_window} days, by a step, {ledger_fall_sd} of a standard "
    "deviation or {ledger_fall_range} of the scale's range; on age scales by "
    "more than {ledger_fall_months} months.",
    "good_progress": "The latest result is at the mark after being below it about a year ago, or "
    "higher than then by as much as matters for a fall; never lower. Good news "
    "to pass on.",
    "not_assessed": "No score in the latest term in which most classes were assessed on that "
    "scale (half of the class or more). A class that was never assessed on it "
    "is not waited for here, and stands by class beneath. A code such as absent "
    "is no score. This is neither good news nor bad.",
    "teacher_and_test": "The latest teacher's judgement and the latest test, no more than "
    "{disagree_days} days apart, are on two sides of their marks, the test by "
    "at least {disagree_sd} of a standard deviation, or {disagree_range} of its "
    "range. It says nothing about who is right.",
    "absent": "{persistent} or more of the sessions possible this school year were missed "
    "(severe: {severe}). Where nothing was possible it does not apply.",
}


def overdue_targets(page: Page) -> pl.DataFrame:
    """Targets past their day and not reached, the newest in each subject, as *Targets* counts them."""
    return page.ask("targets").filter(pl.col("is_newest"), state="overdue")


def say_counts(rows: pl.DataFrame, overdue: int) -> None:
    """How many are on each list, in one line, so that the chosen list stays in sight."""
    pupil = pl.struct("school_id", "pupil_id")
    counts = {
        kind: (height, pupils)
        for kind, height, pupils in rows.group_by("kind").agg(pl.len(), pupil.n_unique()).iter_rows()
    }
    said = []
    for kind, words in MEETING_LISTS.items():
        height, pupils = counts.get(kind, (0, 0))
        more = f", besides **{overdue:,}** past their day" if kind == "behind_own_target" and overdue else ""
        said.append(f"{words} **{height:,}** ({count(pupils, 'pupil')}){more}")
    st.markdown(" · ".join(said))


def most_lists_first(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the pupils who are on most lists (good news apart) first, otherwise as they stand."""
    who = ["school_id", "pupil_id"]
    many = rows.filter(pl.col("kind") != "good_progress").group_by(who).agg(lists=pl.col("kind").n_unique())
    counted = rows.join(many, on=who, how="left", maintain_order="left")
    return counted.sort("lists", descending=True, nulls_last=True, maintain_order=True).drop("lists")


def show_list(page: Page, rows: pl.DataFrame, kind: str) -> None:
    """One list with its rule, who is on most lists first; a selected row opens the pupil."""
    on_it = page.of_rows("most lists first", rows, lambda: most_lists_first(rows)).filter(kind=kind)
    st.subheader(MEETING_LISTS[kind], anchor=False)
    said = thresholds(page)
    persistent, severe = (f"{float(said[name]):.0%}" for name in ("persistent_absence", "severe_absence"))
    st.caption(RULES[kind].format(**said, persistent=persistent, severe=severe))
    show_table(
        page, "meeting_lists", on_it, COLUMNS.get(kind, ABOUT_RESULTS), only=MEETING_LISTS[kind],
        empty="Nobody counted here is on this list, as far as there are results to judge by.",
        key=f"list_{kind}",
    )  # fmt: skip
    say_grades(page, on_it, ("value", "value_before", "mark"))
    if kind == "behind_own_target":
        _past_their_day(page, on_the_way(page))
    if kind == "not_assessed":
        _beside_no_data(page, on_it)
        show_late_classes(page)


def on_the_way(page: Page) -> int:
    """How many targets are still on the way, with a line to be behind or without one."""
    on_the_way = pl.col("state").is_in(["not_yet", "within_reach"])
    return page.ask("targets").filter(pl.col("is_newest"), on_the_way).height


def _past_their_day(page: Page, running: int) -> None:
    """Targets that nobody reached in time are no line to be behind any more, and are talked about too."""
    overdue = overdue_targets(page)
    st.subheader("Past their day and not reached", anchor=False)
    st.caption(
        "Targets whose day is over, by the newest target in each subject; grades count here too. "
        f"{count(running, 'other target').capitalize()} still on the way: those with a line are judged "
        "above, and grades, which have none, stand on *Targets*."
    )
    show_table(
        page, "targets", overdue,
        (*PUPIL, "subject", "target", "now_value", "how_far", "due_on", *WHERE, "starting_point"),
        only="overdue, not reached", key="targets_past_their_day",
        empty="No target of these pupils is past its day and not reached.",
    )  # fmt: skip
    say_grades(page, overdue, ("target", "now_value", "starting_point"))


def _beside_no_data(page: Page, on_it: pl.DataFrame) -> None:
    """Why *Result missing* and *No data* are two numbers."""
    none = page.ask("no_data").height
    st.caption(
        f"Result missing ({on_it.height:,}) is about the latest term: many here have an earlier result. "
        f"*No data* ({none:,}) is who has no result of the last year at all, or no mark to judge it by."
    )
