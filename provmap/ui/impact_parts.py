"""More parts of the impact page: around a provision, by tier, need, group or year, for the whole class."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap import charts
from provmap.filters import show_date
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart, show_panels
from provmap.ui.page import Page
from provmap.ui.tables import show_table
from provmap.words import VERDICTS, count, number, percent

PUPIL = ("surname", "forename", "year_group", "class")
BY = {"tier": "By tier", "need": "By need", "group": "By group", "year": "By school year"}


def subject_of() -> pl.Expr:
    return pl.col("measure").str.split("/").list.first()


def measured() -> tuple[pl.Expr, ...]:
    return pl.lit(" ("), pl.col("pupils_measured").cast(pl.String), pl.lit(" measured)")


def show_gains(page: Page, rows: pl.DataFrame, whole: pl.DataFrame, by: str, *choices: Any) -> None:
    """The mean gains with their intervals, a panel a scale; its axis is that of the whole school."""
    scale = pl.col("measure").str.split("/").list.last()
    known = rows.filter(pl.col("mean_gain").is_not_null()).with_columns(scale=scale)
    drawn = known.filter(pl.col("pupils_measured") > 1)
    in_grades = rows.filter(pl.col("mean_gain").is_null(), pl.col("pupils_measured") > 0).height
    _say_not_drawn(known.height - drawn.height, in_grades)
    if drawn.is_empty():
        return
    every = [pl.col(name) for name in ("mean_gain", "gain_low", "gain_high")]
    ends = (
        whole.filter(pl.col("mean_gain").is_not_null(), pl.col("pupils_measured") > 1)
        .group_by(scale=scale)
        .agg(
            end_low=pl.min_horizontal(pl.lit(0.0), *(one.min() for one in every)),
            end_high=pl.max_horizontal(pl.lit(0.0), *(one.max() for one in every)),
        )
    )
    # Never narrower than a point: a hair's breadth must not fill the screen.
    ends = ends.with_columns(pl.col("end_low") - 0.5, pl.col("end_high") + 0.5)
    drawn = drawn.join(ends, on="scale", maintain_order="left").sort("scale", maintain_order=True)
    show_panels(page, charts.mean_gains, drawn, key=f"gains_{by}", choices=(by, *choices))
    st.caption(
        "A dot is the mean gain of the pupils with a score at both ends; with 95% certainty, as far as "
        "chance goes, it lies within the bar. A bar that crosses the upright stroke may be no gain at all; "
        f"one right of it is a rise{_what_says_more(by)}. "
        f"Hollow: fewer than {charts.SMALL_GROUP} pupils."
    )


def _what_says_more(by: str) -> str:
    return ", and only the verdict says whether it is more than comes by itself" if by == "provision" else ""


def _say_not_drawn(single: int, in_grades: int) -> None:
    """A dot for one pupil, with a bar beyond every axis, would look like a finding; grades have no mean."""
    said = []
    if single:
        said.append(f"{single} measured for one pupil only; one pupil's gain says little")
    if in_grades:
        said.append(f"{in_grades} measured in grades, which are steps and have no mean gain")
    if said:
        st.caption(f"Not drawn: {'; '.join(said)}.")


def around(page: Page, row: dict[str, Any], who: dict[str, str]) -> None:
    """Attendance, behaviour and what people said before, during and after a provision."""
    rows = page.ask("around_provision", **who)
    rows = rows.with_columns(time=pl.col("pupil_id") + " " + pl.col("start_date").cast(pl.String))
    st.caption(
        "Before and after are as many days as a threshold says (90 unless the school says otherwise), and "
        "less where it ended lately. Behaviour is a count: set it against the school days of each part."
    )
    if rows["attendance_share"].count():
        show_chart(page, charts.attendance_around, rows, key="attendance_around", choices=tuple(who.values()))
        st.markdown(_pooled(rows))
    show_table(
        page, "around_provision", rows,
        (*PUPIL, "start_date", "part", "attendance_share", "attended", "possible", "negative", "positive",
         "school_days", "voices", "rating"),
        empty="Nobody counted here has had it.", only=str(row["provision"]),
    )  # fmt: skip


def _pooled(rows: pl.DataFrame) -> str:
    """Attendance together, over those of whom it is known before, during and after (else the first two)."""
    known = rows.filter(pl.col("possible") > 0)
    for parts in (["before", "during", "after"], ["before", "during"]):
        times = (
            known.filter(pl.col("part").is_in(parts))
            .group_by("time")
            .len()
            .filter(pl.col("len") == len(parts))
        )
        if times.height:
            break
    else:
        return "Attendance is not known for the same pupil both before and during."
    same = known.join(times, on="time", how="semi").filter(pl.col("part").is_in(parts))
    together = {
        part: rows.select(pl.col("attended").sum() / pl.col("possible").sum()).item()
        for (part,), rows in same.group_by("part", maintain_order=True)
    }
    said = ", ".join(f"{part} **{percent(share, 1)}**" for part, share in together.items())
    times_said = count(times.height, "time")
    return f"Together, over the {times_said} of which each part is known: {said} of sessions attended."


def by_part(page: Page) -> None:
    """What was gained in each tier, for each need, by each group, and year by year, over all provision."""
    by = choose_one("Shown by", BY, key="impact_by")
    parts(page, by, None, BY[by].lower())


def parts(page: Page, by: str, who: dict[str, str] | None, only: str) -> None:
    """What was gained, part by part, over all provision or (`who`) one provision of one school."""
    of = {"only_provision": who["provision_id"], "of_school": who["of_school"]} if who else {}
    rows = page.ask("impact_by", by=by, **of)
    nearest = pl.when(measured_from="assessed").then(pl.lit(", nearest assessments")).otherwise(pl.lit(""))
    named = pl.concat_str("part_name", pl.lit(", "), subject_of(), nearest, *measured())
    show_gains(
        page, rows.with_columns(named=named), page.ask_school("impact_by", by=by, **of), by, *of.values()
    )
    st.caption(
        "A pupil counts in each group and under each need. No verdict stands here: what similar pupils "
        "gained is known for one provision at a time."
    )
    if rows.height:
        st.caption(counted_how(rows))
    show_table(
        page, "impact_by", rows,
        ("part_name", "measure", "measured_from", "pupils_measured", "pairs", "mean_gain", "gain_low",
         "gain_high", "placements", "median_gain", "months_between", "delivered_share"),
        empty="No score at both ends is known.", opens="", only=only, key=f"impact_by_{by}",
    )  # fmt: skip


def counted_how(rows: pl.DataFrame) -> str:
    """Why pupils here are fewer than those of the provisions together: one of two provisions counts once."""
    twice = rows.filter(pl.col("pairs") > pl.col("pupils_measured"))
    said = "Pupils count once in each row, times each time: "
    if twice.is_empty():
        return said + "here nobody was measured twice in one row."
    most = twice.sort("pairs", descending=True).row(0, named=True)
    return said + (
        f"{most['part_name']}, {most['measure'].replace('/', ' (')}) has {most['pairs']:,} times of "
        f"{count(most['pupils_measured'], 'pupil')}, as some had two provisions, or one twice. By provision, "
        "such a pupil counts in each."
    )


def whole_class(page: Page) -> None:
    """Whole-class provision: the year in which it began beside the years before."""
    rows = page.ask("whole_class_impact")
    st.caption(
        "For provision for the whole class that has a first day: how the pupils it reaches moved from "
        "their last result before that day to their latest since, and how the same year groups moved over "
        "the same weeks in the three years before. Pupils of those years count, whatever class they are in "
        "now."
    )
    offered = list(rows.select("provision", "subject", "scale").unique(maintain_order=True).iter_rows())
    if not offered:
        st.info(
            "No whole-class provision with a first day has results on both sides of it. A first day is "
            "written down under Enter and correct, Provisions."
        )
        return
    provision, subject, scale = st.selectbox(
        "Provision, subject and scale", offered, key="whole_class_of",
        format_func=lambda one: f"{one[0]}: {one[1]} ({one[2]})",
    )  # fmt: skip
    rows = rows.filter(provision=provision, subject=subject, scale=scale)
    st.markdown(_moved(rows))
    st.markdown(_judged(rows))
    st.caption(
        "Promising or worse: the mean gain lies outside the range in which another year would be expected "
        "after the three before it, as far as chance goes (19 times of 20). Years differ by themselves, so "
        "this is seldom clear; and after is not because."
    )
    said = pl.when("is_with").then(pl.col("academic_year") + " (it began)").otherwise("academic_year")
    drawn = rows.with_columns(year_said=said).filter(
        pl.col("expected_share_start").is_not_null() & pl.col("expected_share_end").is_not_null()
    )
    if drawn.height:
        show_chart(
            page, charts.whole_class_years, drawn, key="whole_class", choices=(provision, subject, scale)
        )
    show_table(
        page, "whole_class_impact", rows,
        ("academic_year", "pupils", "expected_start", "expected_share_start", "expected_end",
         "expected_share_end", "mean_gain", "gain_low", "gain_high", "usual_low", "usual_high"),
        empty="", opens="", only=f"{provision}, {subject}, {scale}",
    )  # fmt: skip


def _judged(rows: pl.DataFrame) -> str:
    """The verdict on the year in which it began, with what it rests on."""
    with_it = rows.filter("is_with")
    if with_it.is_empty():
        return f"**{VERDICTS['too little to say']}**: no pupil has a result on both sides of its first day."
    row = with_it.row(0, named=True)
    said = f"**{VERDICTS[row['verdict']]}** – {row['verdict_because']}"
    if row["usual_low"] is not None:
        usual = f"{number(row['usual_low'], 1)} to {number(row['usual_high'], 1)}"
        said += (
            f" Mean gain {number(row['mean_gain'], 1, signed=True)} for {count(row['pupils'], 'pupil')}; "
            f"another year would be expected to bring {usual}."
        )
    return said


def _moved(rows: pl.DataFrame) -> str:
    """How the share at expected moved in each year, in a sentence each; the year in which it began first."""
    said = []
    for row in rows.to_dicts():
        if row["expected_start"] is None or row["expected_end"] is None:
            continue
        points = 100 * (row["expected_share_end"] - row["expected_share_start"])
        small = ", a small group" if row["pupils"] < charts.SMALL_GROUP else ""
        said.append(
            f"**{row['academic_year']}**{' (it began)' if row['is_with'] else ''}: from "
            f"{row['expected_start']} to {row['expected_end']} of {count(row['pupils'], 'pupil')} at "
            f"expected ({number(points, signed=True)} points{small})"
        )
    if not said:
        return "No expected mark is set for these results."
    first = rows.row(0, named=True)
    days = [show_date(first[name]) for name in ("from_day", "to_day")]
    until = f"Results up to {days[0]} are before it, later ones up to {days[1]} since."
    before = rows.filter(~pl.col("is_with")).height
    few = "" if before == 3 else f" Only {count(before, 'earlier year')} of three has results on both sides."
    return "; ".join(said) + f". {until}{few}"
