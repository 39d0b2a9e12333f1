"""The parts of the impact page: what each provision was followed by, and for whom."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.impact_parts import BY, PUPIL, around, measured, parts, show_gains, subject_of
from provmap.ui.impact_words import (
    IN_THE_ROW,
    compared,
    counted,
    in_the_row,
    measured_by,
    nearest,
    size,
)
from provmap.ui.page import Page, plain
from provmap.ui.settings import threshold
from provmap.ui.tables import show_table
from provmap.words import NOBODY, VERDICTS, count

AFTER = "**After is not because.** A gain that follows a provision may have come without it."
MEASURED = ("given_for", "verdict", "gain_told", "verdict_told", "measured_told", "rating_told", "given_told",
            "gain_beyond", "median_gain", "months_between", "effect_size", "assessed_verdict",
            "assessed_gain", "rose", "level", "fell", "reached_share", "judged",
            "delivered_share", "cost_over", "cost_running")  # fmt: skip
UNMEASURED = ("given_for", "given_told", "ended", "missing_exit", "missing_both", "reached_share", "judged",
              "rating_told", "cost_over", "cost_running")  # fmt: skip
DETAILS = ["Pupil by pupil", "Attendance, behaviour and voices", "By group", "By need", "By school year"]


def by_provision(page: Page) -> None:
    """Each provision and measure with its gain and verdict; a selected one opens to the pupils behind it."""
    rows = in_order(page.ask("impact_by_provision"))
    if rows.is_empty():
        st.info("Nobody counted here has begun anything yet." if page.summary["pupils"] else NOBODY)
        return
    looked_at = (pl.col("with_entry_and_exit") + pl.col("from_assessments")) > 0
    seen, never = rows.filter(looked_at), rows.filter(~looked_at)
    _say_verdicts(seen)
    chosen = None
    if seen.height:
        st.caption("Select a row to see the pupils behind its numbers.")
        chosen = _table(page, "impact_by_provision", seen, MEASURED)
    if chosen is None and seen.height:
        show_gains(page, _drawn(seen), _drawn(page.ask_school("impact_by_provision")), "provision")
    picked = _never(page, never) if never.height else None
    row = seen.row(chosen, named=True) if chosen is not None else None
    if row is None and picked is not None:
        row = never.row(picked, named=True)
    if row is not None:
        one_provision(page, row)


def _table(page: Page, key: str, rows: pl.DataFrame, columns: tuple[str, ...]) -> int | None:
    return show_table(
        page, "impact_by_provision", rows, columns, key=key, empty="", opens="row",
        told=pl.DataFrame([in_the_row(row) for row in rows.to_dicts()], schema=IN_THE_ROW),
    )  # fmt: skip


def _never(page: Page, rows: pl.DataFrame) -> int | None:
    """What was given and never measured: one line, with its list beneath."""
    several = f"{rows.height} were given and never measured at both ends"
    with st.expander("1 was given and never measured at both ends" if rows.height == 1 else several):
        st.caption("No time of these has a score or an assessment at both ends, so nothing can be said.")
        return _table(page, "impact_never", rows, UNMEASURED)


def _drawn(rows: pl.DataFrame) -> pl.DataFrame:
    """The gains of a chart: those recorded with the provision, and apart those of the nearest assessments."""
    about = ("provision", "measure", "school_id")
    own = rows.select(*about, "verdict", "pupils_measured", "mean_gain", "gain_low", "gain_high")
    nearest = rows.filter(pl.col("assessed_gain").is_not_null()).select(
        *about, verdict=pl.col("assessed_verdict") + ", by nearest assessments",
        pupils_measured="from_assessments", mean_gain="assessed_gain", gain_low="assessed_low",
        gain_high="assessed_high",
    )  # fmt: skip
    named = pl.concat_str("provision", pl.lit(", "), subject_of(), pl.lit(": "), "verdict", *measured())
    both = pl.concat([own, nearest.cast({"pupils_measured": own.schema["pupils_measured"]})])
    return both.with_columns(named=named)


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """What is measured first; then what is not, the most used first."""
    return rows.sort(
        pl.col("mean_gain").is_null(), pl.col("pupils_measured") + pl.col("from_assessments"), "placements",
        descending=[False, True, True], maintain_order=True,
    )  # fmt: skip


def _say_verdicts(rows: pl.DataFrame) -> None:
    """How many of each verdict there are among what is measured: the rows of the list below."""
    if rows.is_empty():
        st.markdown("Nothing here has a score or an assessment at both ends yet.")
        return
    own = rows.filter(pl.col("with_entry_and_exit") > 0)
    if own.height:
        said = count(own.height, "provision and measure", "provisions and measures")
        st.markdown(f"Of {said} measured at both ends: {_each(own['verdict'])}.")
    near = rows.filter(pl.col("from_assessments") > 0)
    if near.height:
        st.markdown(
            "By the assessments nearest to the first and last day, where none were recorded "
            f"({count(near.height, 'provision and measure', 'provisions and measures')}): "
            f"{_each(near['assessed_verdict'])}."
        )


def _each(verdicts: pl.Series) -> str:
    many = dict(verdicts.value_counts().iter_rows())
    return ", ".join(f"**{many.get(verdict, 0)}** {verdict}" for verdict in VERDICTS)


def one_provision(page: Page, row: dict[str, Any]) -> None:
    """What a provision was followed by, on one measure, for whom, and why the verdict is what it is."""
    st.subheader(plain(f"{row['provision']}: {measured_by(row)}"), anchor=False)
    st.markdown(f"**{VERDICTS[row['verdict']]}.** {row['verdict_because']} {compared(row)}")
    if near := nearest(row):
        st.markdown(near)
    st.markdown(counted(row))
    if large := size(row):
        st.markdown(large)
    part = choose_one("Details", DETAILS, key="impact_details")
    who = {"of_school": row["school_id"], "provision_id": row["provision_id"]}
    if part == DETAILS[0]:
        pupils(page, row, who)
    elif part == DETAILS[1]:
        around(page, row, who)
    else:
        by = {"By group": "group", "By need": "need", "By school year": "year"}[part]
        parts(page, by, who, f"{row['provision']}, {BY[by].lower()}")


def pupils(page: Page, row: dict[str, Any], who: dict[str, str]) -> None:
    """Each pupil's gain beside that of similar pupils, who are shown one by one."""
    rows = page.ask("impact_pupils", **who)
    measure = row["measure"]
    rows = rows.filter(pl.col("measure").eq_missing(pl.lit(measure, pl.String)))
    drawn = rows.filter(pl.col("gain").is_not_null() & ~pl.col("is_ordered"))
    if drawn.height:
        unit = charts.AGE if (measure or "").endswith("/age") else charts.POINTS
        show_chart(
            page, charts.gain_by_start, drawn, unit, key="gain_by_start", choices=(*who.values(), measure)
        )
        st.caption(_by_itself(drawn))
    if rows.height:
        st.markdown(similar_known(rows, threshold(page, "impact_least_similar")))
    rows = rows.sort("similar", descending=True, nulls_last=True, maintain_order=True)
    st.caption(
        "Select a row to see the similar pupils one by one. Who has most of them comes first. *Beyond* "
        "counts from where a pupil stood before the start too (half-way to the score before), so it is not "
        "always the gain less that of similar pupils."
    )
    chosen = show_table(
        page, "impact_pupils", rows,
        (*PUPIL[:2], "gain", "similar", "similar_gain", "beyond", "start_value", "end_value", *PUPIL[2:],
         "start_date", "end_date", "months", "outcome", "delivered_share", "staff_cost", "no_score_because"),
        empty="Nobody counted here has had it.", opens="row",
        only=f"{row['provision']}, {measured_by(row)}",
    )  # fmt: skip
    if chosen is not None:
        similar(page, rows.row(chosen, named=True), who["provision_id"])


def similar_known(rows: pl.DataFrame, least: str) -> str:
    """For how many times similar pupils are known, and for how many enough of them to compare with."""
    both = rows.filter(pl.col("gain").is_not_null())
    some, enough = both.filter(pl.col("similar") > 0).height, both["similar_gain"].count()
    if not both.height:
        return "No time has a score at both ends, so no similar pupils are looked for."
    said = (
        f"Of {count(both.height, 'time')} scored at both ends, similar pupils are known for "
        f"**{some:,}**, and enough of them ({least} or more) to compare with for **{enough:,}**"
    )
    return said + (": a diamond each." if enough else ": there are no diamonds.")


def _by_itself(drawn: pl.DataFrame) -> str:
    """What the chart says of what comes by itself."""
    said = (
        "Scores that are very low at the start rise again a little by chance alone, and very high ones fall "
        "(regression to the mean). "
    )
    if drawn["norm_gain"].count():
        said += "The dashed marks draw how much low ones regain; nothing is expected of high ones. "
    else:
        said += "On this scale nobody knows how much, so that only similar pupils can be set beside it. "
    return said + (
        "Who had just fallen starts half-way to the score before, with what others gained since. A provision "
        "does more only where the dots lie above what is drawn beside them."
    )


def similar(page: Page, pupil: dict[str, Any], provision_id: str) -> None:
    """The similar pupils of one pupil."""
    rows = page.ask(
        "impact_similar", school_id=pupil["school_id"], pupil_id=pupil["pupil_id"], provision_id=provision_id,
        began=pupil["start_date"],
    )  # fmt: skip
    st.subheader(plain(f"Similar to {pupil['forename']} {pupil['surname']}"), anchor=False)
    st.caption(
        "Pupils of the same year group who started near the same score, had a need in a same area (or "
        "none), had tests near the same days, and did not have this provision between them."
    )
    show_table(
        page, "impact_similar", rows,
        ("surname", "forename", "start_value", "end_value", "gain", "expected_gain"),
        empty="Nobody is similar enough."
        if pupil["gain"] is not None
        else "This pupil has no score at both ends to compare.",
        only="one pupil", opens="",
    )  # fmt: skip
