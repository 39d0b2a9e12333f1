"""The parts of the impact page: what each provision was followed by, and for whom."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap import charts
from provmap.filters import show_date
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.impact_parts import BY, PUPIL, around, measured, parts, show_gains, subject_of
from provmap.ui.page import Page, plain
from provmap.ui.tables import show_table
from provmap.words import VERDICTS, count, number, percent

AFTER = "**After is not because.** A gain that follows a provision may have come without it."
UNMEASURED = "not measured"
DETAILS = ["Pupil by pupil", "Attendance, behaviour and voices", "By group", "By need", "By school year"]


def by_provision(page: Page) -> None:
    """Each provision and measure with its gain and verdict; a selected one opens to the pupils behind it."""
    rows = in_order(page.ask("impact_by_provision"))
    _say_verdicts(rows)
    st.caption("Select a row to see the pupils behind its numbers.")
    chosen = show_table(
        page, "impact_by_provision", rows,
        ("provision", "measure", "verdict", "pupils_measured", "placements", "mean_gain", "gain_low",
         "gain_high", "gain_beyond", "assessed_verdict", "assessed_gain", "reached_share", "judged", "rating",
         "cost_per_pupil"),
        empty="Nobody counted here has begun anything yet.", opens="row",
    )  # fmt: skip
    if chosen is not None:
        one_provision(page, rows.row(chosen, named=True))
        return
    show_gains(page, _drawn(rows), _drawn(page.ask_school("impact_by_provision")), "provision")


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
    """How many of each verdict there are: the rows of the list below."""
    many = dict(rows["verdict"].value_counts().iter_rows())
    if many:
        said = ", ".join(f"**{many.get(verdict, 0)}** {verdict}" for verdict in VERDICTS)
        st.markdown(f"Of {count(rows.height, 'provision and measure', 'provisions and measures')}: {said}.")
    nearest = rows.filter(pl.col("from_assessments") > 0)
    if nearest.height:
        told = dict(nearest["assessed_verdict"].value_counts().iter_rows())
        said = ", ".join(f"**{told.get(verdict, 0)}** {verdict}" for verdict in VERDICTS)
        st.markdown(
            f"By the assessments nearest to the first and last day, where none were recorded: {said}."
        )


def one_provision(page: Page, row: dict[str, Any]) -> None:
    """What a provision was followed by, on one measure, for whom, and why the verdict is what it is."""
    st.subheader(plain(f"{row['provision']}: {measured_by(row)}"), anchor=False)
    st.markdown(f"**{VERDICTS[row['verdict']]}.** {row['verdict_because']} {_compared(row)}")
    if nearest := _nearest(row):
        st.markdown(nearest)
    st.markdown(_counted(row))
    if size := _size(row):
        st.markdown(size)
    part = choose_one("Details", DETAILS, key="impact_details")
    who = {"of_school": row["school_id"], "provision_id": row["provision_id"]}
    if part == DETAILS[0]:
        pupils(page, row, who)
    elif part == DETAILS[1]:
        around(page, row, who)
    else:
        by = {"By group": "group", "By need": "need", "By school year": "year"}[part]
        parts(page, by, who, f"{row['provision']}, {BY[by].lower()}")


def measured_by(row: dict[str, Any]) -> str:
    """What a gain is measured by, as "reading (standardised)"."""
    if row["measure"] is None:
        return UNMEASURED
    subject, _, scale = row["measure"].partition("/")
    return f"{subject} ({scale})" if scale else str(subject)


def _compared(row: dict[str, Any]) -> str:
    if row["gain_beyond"] is None:
        return ""
    low, high = row["gain_beyond_low"], row["gain_beyond_high"]
    with_whom = (
        f"{count(row['similar_pupils'], 'similar pupil')} without it"
        if row["compared_with"] == "similar pupils"
        else row["compared_with"] + " by themselves"
    )
    effect = row["effect_beyond"]
    morris = (
        "" if effect is None else f", {number(effect, 2, signed=True)} standard deviations (after Morris)"
    )
    beyond = number(row["gain_beyond"], 1, signed=True)
    return f"Beside {with_whom}, the gain is {beyond}{_between(low, high, 1)}{morris}."


def _between(low: float | None, high: float | None, places: int) -> str:
    """An interval in words; nothing where all gained alike, as there is no spread to judge by."""
    if low is None or high is None:
        return ""
    return (
        f" (95% certain: between {number(low, places, signed=True)} and {number(high, places, signed=True)})"
    )


def _nearest(row: dict[str, Any]) -> str:
    """What the assessments nearest to its first and last day say, where no scores were recorded with it."""
    if row["assessed_gain"] is None:
        return ""
    between = _between(row["assessed_low"], row["assessed_high"], 1)
    return (
        f"By the assessments nearest to the first and last day ({count(row['from_assessments'], 'time')}), "
        f"counted apart: **{row['assessed_verdict']}**, mean gain "
        f"{number(row['assessed_gain'], 1, signed=True)}{between}."
    )


def _size(row: dict[str, Any]) -> str:
    """How large the gain is in other units, where there are any; each with what it is."""
    said = []
    if row["months_between"] is not None:
        said.append(f"The two tests are {number(row['months_between'], 1)} months apart on average.")
    if row["ratio_gain"] is not None:
        said.append(
            f"Ratio gain {number(row['ratio_gain'], 1)}: months of reading or spelling age gained in each "
            f"month ({row['ratio_gain_band']}, after Singleton 2009)."
        )
    if row["is_short"]:
        said.append("The tests are less than four months apart: read the ratio gain with care.")
    if row["effect_size"] is not None:
        between = _between(row["effect_low"], row["effect_high"], 2)
        said.append(
            f"Effect size {number(row['effect_size'], 2)}{between}: the gain in standard deviations, and not "
            "months of progress."
        )
    if row["cost_per_month"] is not None:
        said.append(f"About £{number(row['cost_per_month'])} for each month gained.")
    return " ".join(said)


def _counted(row: dict[str, Any]) -> str:
    said = [
        f"It was given {count(row['placements'], 'time')}: {row['with_entry_and_exit']} have a score at "
        f"both ends, {row['from_assessments']} have assessments near both ends instead, "
        f"{row['missing_exit']} are over without a score at the end, {row['ended_early']} ended early.",
    ]
    if row["left_school"]:
        said.append(f"{row['left_school']} were of pupils who have left, as on their last day on roll.")
    if row["judged"]:
        said.append(f"{row['reached_target']} of {row['judged']} judged met what was intended.")
    if row["rating"] is None:
        said.append("No review of it as a whole has a rating.")
    else:
        said.append(
            f"Reviewers rated it {row['rating']:+d} (from -2 to 2) on {show_date(row['reviewed_on'])}. "
            f"{row['rating_beside']}"
        )
    if row["delivered_share"] is not None:
        said.append(
            f"{percent(row['delivered_share'])} of the planned sessions were attended, where both are known."
        )
    if row["cost_per_pupil"] is not None:
        said.append(
            f"It cost about £{number(row['cost_per_pupil'])} each time, as far as the cost is known "
            f"({row['costed']} of {row['placements']} times)."
        )
    return " ".join(said)


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
        st.caption(
            "Scores that are very low at the start rise again a little by chance alone, and very high ones "
            "fall (regression to the mean): the dashed line draws how much. Who had just fallen starts "
            "half-way to the score before, with what others gained since. A provision does more only where "
            "the dots lie above the line and above the diamonds."
        )
        if drawn["similar_gain"].count() == 0:
            st.caption("No diamonds: for none of these pupils are enough similar pupils known.")
    st.caption("Select a row to see the similar pupils one by one.")
    chosen = show_table(
        page, "impact_pupils", rows,
        (*PUPIL, "start_date", "end_date", "start_value", "end_value", "gain", "months", "similar",
         "similar_gain", "beyond", "outcome", "delivered_share", "staff_cost", "no_score_because"),
        empty="Nobody counted here has had it.", opens="row",
        only=f"{row['provision']}, {measured_by(row)}",
    )  # fmt: skip
    if chosen is not None:
        similar(page, rows.row(chosen, named=True), who["provision_id"])


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
