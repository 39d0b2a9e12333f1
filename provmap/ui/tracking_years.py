"""Classes side by side, cohorts over the years, and one subject against another."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.tables import show_table
from provmap.ui.tracking import (
    MARKS,
    Tracked,
    choose_mark,
    has_no_mark,
    in_terms_of,
    measure_names,
    say_small,
    say_without_mark,
    show_side_by_side,
)
from provmap.words import count
from provmap.words.progress import QUADRANTS

BY = {"class": "By class", "year_group": "By year group", "key_stage": "By key stage"}
# As many terms or years as a narrow panel can name.
TERMS_SHOWN = 6
SHARES = (
    "assessed",
    "with_expectation",
    "expected_or_above",
    "expected_share",
    "greater_depth",
    "depth_share",
)


def show_classes(tracked: Tracked) -> None:
    """A panel a class (or year group) on the same axes."""
    page = tracked.page
    by = choose_one("By", BY, key="classes_by")
    mark = choose_mark(tracked, "classes_mark")
    rows = tracked.ask("progress_by_part", by=by).with_columns(panel="name")
    schools = page.labels("schools")
    if by == "class" and len(schools) > 1:
        school = pl.col("school_id").replace(schools)
        rows = rows.with_columns(panel=pl.format("{}, {}", "name", school))
    st.caption(
        "The pupils of each now, followed back: in another class then, they count in the one of now. "
        "Counts stand above "
        "the points: pupils at the mark of those assessed."
    )
    terms = tracked.points()[-TERMS_SHOWN:]
    drawn = in_terms_of(rows, mark).filter(pl.col("point").is_in(terms))
    if has_no_mark(drawn):
        return
    show_side_by_side(
        page, charts.share_panels, drawn, terms, MARKS[mark][0], key="class_panels",
        choices=(tracked.measure, mark, by), one="classes",
    )  # fmt: skip
    say_small(rows, "panel")
    say_without_mark(rows)
    listed = rows.sort("term_order", descending=True, maintain_order=True)
    picked = show_table(
        page, "progress_by_part", listed, ("name", "academic_year", "term", "pupils", *SHARES),
        only=f"{tracked.name}, {BY[by].lower()}", empty="", opens="row" if by != "key_stage" else "",
    )  # fmt: skip
    if picked is not None:
        _pupils_of(tracked, listed.row(picked, named=True), by)


def _pupils_of(tracked: Tracked, row: dict[str, object], by: str) -> None:
    """Those of a class or year with a score at a term: as many as were assessed."""
    at = tracked.ask("progress_at_term", at_term=f"{row['academic_year']} {row['term']}")
    own = pl.col(by).fill_null("not recorded") == row["by_key"]
    if by == "class":
        own &= pl.col("school_id") == row["school_id"]
    rows = at.filter(own & pl.col("number").is_not_null())
    said = f"{row['name']}, {row['point']}"
    st.markdown(f"**{said}**: {count(rows.height, 'pupil')} assessed")
    show_table(
        tracked.page, "progress_at_term", rows,
        ("surname", "forename", "year_group", "class", "value", "expected", "standing", "assessed_on"),
        only=f"{tracked.name}, {said}", empty="Nobody.", key="class_pupils",
    )  # fmt: skip


def show_years(tracked: Tracked) -> None:
    """Each cohort followed over its years, or each year group with other pupils every year."""
    how = choose_one(
        "Follow",
        {"cohort": "The same pupils over the years", "stage": "The same year group, each year"},
        key="years_how",
    )
    mark = choose_mark(tracked, "years_mark")
    question = "progress_by_cohort" if how == "cohort" else "progress_by_year_group"
    rows = tracked.ask(question)
    if how == "cohort":
        st.caption(
            "The pupils who are here now, by their year group now, at the end of each year (or at "
            "its last term with "
            "results): who has left since is not among them, so this is no league table of years."
        )
        # When its Year 1 was follows from that, and stands in the list: over a narrow panel it is cut off.
        rows = rows.with_columns(panel=pl.format("Now {}", "cohort"))
    else:
        st.caption(
            "Everybody who was in the year group then, also those who have left: other pupils each "
            "year, so a change can "
            "be the pupils'. A class, group or need chosen in the filter is not applied here."
        )
        rows = rows.with_columns(panel="stage")
    if rows.is_empty():
        st.info("No results on this scale are recorded for these pupils.")
        return
    years = sorted({point.split(", ")[1] for point in tracked.points()} | set(rows["academic_year"]))[
        -TERMS_SHOWN:
    ]
    drawn = in_terms_of(rows, mark).with_columns(point="academic_year")
    if has_no_mark(drawn):
        return
    show_side_by_side(
        tracked.page, charts.share_panels, drawn.filter(pl.col("point").is_in(years)), years, MARKS[mark][0],
        key="year_panels", choices=(tracked.measure, mark, how), one="cohorts",
    )  # fmt: skip
    say_small(rows, "panel")
    show_table(
        tracked.page, question, rows,
        ("cohort", "entered_year_1", "stage", "academic_year", "term", "pupils", *SHARES) if how == "cohort"
        else ("stage", "academic_year", "term", *SHARES),
        only=tracked.name, empty="", opens="",
    )  # fmt: skip


def show_two(tracked: Tracked) -> None:
    """One subject against another: where each pupil stands, and the pupils of each quarter."""
    page = tracked.page
    names = measure_names(page.ask("progress_points").filter(pl.col("assessed") > 0))
    others = [measure for measure in names if measure != tracked.measure]
    if not others:
        st.info("Results in a second subject, or on a second scale, are needed.")
        return
    scale = tracked.measure.split("/", 1)[1]
    alike = [measure for measure in others if measure.split("/", 1)[1] == scale]
    usual = others.index(alike[0]) if alike else 0
    second = st.selectbox(
        "Against", others, index=usual, format_func=lambda code: names[code], key="other_measure"
    )
    rows = tracked.ask("progress_two_subjects", other_measure=second)
    st.caption(
        f"The latest results of the last 366 days in {tracked.name} (across) and {names[second]} "
        "(up). Exactly at the "
        "mark is at expected. Each scale keeps its own axis: no distance is compared between them."
    )
    placed = rows.filter(pl.col("height").is_not_null() & pl.col("other_height").is_not_null())
    if placed.is_empty():
        st.info("No pupil counted here has a result in both.")
    else:
        grouped = placed.group_by(
            "value", "other_value", "height", "other_height", "quadrant", maintain_order=True
        )
        places = grouped.len("pupils").with_columns(stood=pl.col("quadrant").replace(QUADRANTS))
        marks = placed.select("expected_height", "other_expected_height").unique(maintain_order=True)
        show_chart(page, charts.two_subjects, places, marks, tracked.axis(), tracked.axis(second), key="two",
                   choices=(tracked.measure, second))  # fmt: skip
    sizes = {kind: rows.filter(quadrant=kind).height for kind in QUADRANTS}
    kinds = {kind: words for kind, words in QUADRANTS.items() if sizes[kind]}
    if not kinds:
        return
    st.markdown("; ".join(f"**{sizes[kind]}** {words}" for kind, words in kinds.items()))
    kind = choose_one("Pupils", kinds, key="quadrant")
    show_table(
        page, "progress_two_subjects", rows.filter(quadrant=kind),
        ("surname", "forename", "year_group", "class", "value", "expected", "other_value", "other_expected"),
        only=f"{tracked.name} and {names[second]}, {kinds[kind]}", empty="Nobody.",
    )  # fmt: skip
