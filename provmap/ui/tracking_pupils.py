"""Pupil by pupil: a panel each for a class or a small group, the middle of many, and the lists."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.grids import show_results_grid
from provmap.ui.tables import show_table
from provmap.ui.tracking import Tracked, show_side_by_side
from provmap.words import count

# A class at most has a panel a pupil; of more, single lines are a tangle.
MOST_PANELS = 36
# As many terms as fit on one screen.
TERMS_SHOWN = 6


def show_pupils(tracked: Tracked) -> None:
    """Each pupil over time, or everybody's latest results in all subjects."""
    ways = {"time": "Over time", "latest": "Latest, in all subjects"}
    if choose_one("Show", ways, key="pupils_how") == "latest":
        show_results_grid(tracked.page, tracked.page.ask("progress_grid"))
        return
    page, subject = tracked.page, tracked.terms["subject"][0]
    every = page.ask("pupil_progress")
    results = every.filter((pl.col("subject") == subject) & (pl.col("scale") == tracked.terms["scale"][0]))
    # One pupil on roll at two schools is two.
    pupils = results.select("school_id", "pupil_id").n_unique()
    if pupils <= MOST_PANELS:
        _panels(tracked, subject)
    else:
        _middle(tracked, pupils)
    show_table(
        page, "pupil_progress", results,
        ("surname", "forename", "year_group", "class", "assessed_on", "value", "no_score_because", "expected",
         "meets_expected"),
        only=tracked.name, empty="No results on this scale are recorded for these pupils.",
    )  # fmt: skip


def _panels(tracked: Tracked, subject: str) -> None:
    """A panel a pupil on the same axes: with what was expected, and when provision for it ran."""
    page, axis = tracked.page, tracked.axis()
    name = pl.format("{} {}", "forename", "surname")
    rows = tracked.ask("progress_pupils").with_columns(panel=name)
    # Two of one name are told apart by their number.
    double = rows.select("school_id", "pupil_id", "panel").unique().filter(pl.col("panel").is_duplicated())
    twins = pl.col("panel").is_in(double["panel"].to_list())
    told = pl.when(twins).then(pl.format("{} ({})", "panel", "pupil_id")).otherwise("panel")
    during = page.ask("progress_provisions").with_columns(panel=name)
    during = during.filter(pl.col("subject").is_null() | (pl.col("subject") == subject.lower()))
    rows, during = (each.with_columns(panel=told) for each in (rows, during))
    st.caption(
        "▼ below expected, ● at expected, ▲ greater depth; short bars: what was expected, with a "
        "band up to greater depth; a gap in the line: no score in a term in which others of the year "
        "have one (in the box its code; –: nothing recorded); shaded: additional provision for this "
        "subject, or for none in particular. After is not because."
    )
    days = [axis["first_day"].isoformat(), page.filter.as_at.isoformat()]
    show_side_by_side(page, charts.result_panels, rows, during, axis, days, key="pupil_panels",
                      choices=(tracked.measure,), one="pupils")  # fmt: skip


def _middle(tracked: Tracked, pupils: int) -> None:
    """The middle and the middle half where lines of all would be a tangle; of grades, how many have each."""
    st.markdown(
        f"{count(pupils, 'pupil')} are too many for a picture each. **Choose a class, or a group of at most "
        f"{MOST_PANELS}**, to see each pupil."
    )
    if tracked.axis()["grades"]:
        st.caption("All of them, term by term: how many have each grade. A hollow end: no score.")
        terms = tracked.points()[-TERMS_SHOWN:]
        spread = tracked.ask("progress_distribution").filter(pl.col("point").is_in(terms))
        show_chart(tracked.page, charts.distribution, spread, terms, key="grades", choices=(tracked.measure,))
        return
    st.caption(
        "The line is the result of the middle pupil, the band holds the middle half; short bars are the "
        "lowest and the highest expected mark. The middle is a result that a pupil has, and no mean."
    )
    show_chart(
        tracked.page, charts.middle_over_time, tracked.ask("progress_spread"), tracked.axis(),
        tracked.points(), key="middle", choices=(tracked.measure,),
    )  # fmt: skip
