"""The charts of progress: shares at expected by subject, term and group, and pupils' results over time."""

from __future__ import annotations

import altair as alt
import polars as pl

from provmap.charts.drawing import (
    AMBER,
    BAR,
    BLUE,
    CATEGORIES,
    DATES,
    GREY,
    SMALL_GROUP,
    TWO_LINES,
    Spec,
    finish,
    legend,
    named_above,
    share_x,
    share_y,
)
from provmap.charts.scores import expected_colour, expected_shape, expected_words, result_tooltip, score_axes


def progress_by_subject(subjects: pl.DataFrame) -> Spec:
    """A bar a subject: the share at expected or above at its latest assessment."""
    says = (
        "datum.subject_name + ', ' + datum.term + ' ' + datum.academic_year + ' (' + datum.scale + '): ' + "
        "format(datum.expected_share, '.0%') + ', ' + datum.expected_or_above + ' of ' + datum.assessed + "
        f"(datum.assessed < {SMALL_GROUP} ? ', a small group' : '')"
    )
    name = pl.col("subject").str.head(1).str.to_uppercase() + pl.col("subject").str.slice(1)
    chart = alt.Chart(subjects.with_columns(subject_name=name)).transform_calculate(says=says)
    bars = chart.mark_bar(color=BLUE, height=BAR).encode(
        x=share_x("expected_share", "At expected or above (% of assessed)"),
        y=alt.Y("says:N", title=None, sort=None, axis=named_above()),
    )
    return finish(bars, "Bar chart: for each subject, the share of assessed pupils at expected or above.")


def share_by_term(points: pl.DataFrame, shown: tuple[str, ...]) -> Spec:
    """A line a group: the share at expected or above, term by term."""
    terms = points.sort("term_order")["point"].unique(maintain_order=True).to_list()
    base = alt.Chart(points).encode(
        x=alt.X("point:O", title="Term", sort=terms, axis=alt.Axis(labelAngle=0, labelExpr=TWO_LINES)),
        y=share_y("expected_share", "At expected or above (% of assessed)"),
        color=alt.Color("group_name:N", title=None, legend=legend(columns=1),
                        scale=alt.Scale(domain=list(shown), range=CATEGORIES[: len(shown)])),
        shape=alt.Shape("group_name:N", title=None, scale=alt.Scale(domain=list(shown))),
        tooltip=[alt.Tooltip("group_name:N", title="Group"), alt.Tooltip("point:O", title="Term"),
                 alt.Tooltip("expected_share:Q", title="At expected or above", format=".0%"),
                 alt.Tooltip("expected_or_above:Q", title="Pupils at expected or above"),
                 alt.Tooltip("assessed:Q", title="Pupils assessed")],
    )  # fmt: skip
    large = base.transform_filter(f"datum.assessed >= {SMALL_GROUP}").mark_point(
        size=80, filled=True, opacity=1
    )
    small = base.transform_filter(f"datum.assessed < {SMALL_GROUP}").mark_point(
        size=110, filled=False, fill="white", strokeWidth=2, opacity=1
    )
    chart = alt.layer(base.mark_line(strokeWidth=2.5), large, small)
    description = "Lines: for each group, the share of assessed pupils at expected or above, term by term."
    return finish(chart, description, height=420)


def gap_to_the_rest(groups: pl.DataFrame) -> Spec:
    """A row a group: its share and that of the other pupils, with the gap between."""
    y = alt.Y("group_name:N", title=None, sort=None, axis=named_above())
    base = alt.Chart(groups)
    title = "At expected or above (% of assessed)"
    between = base.mark_rule(strokeWidth=3, color=GREY).encode(
        y=y, x=share_x("expected_share", title), x2="rest_share:Q"
    )
    key = alt.Scale(domain=["the group", "the rest"], range=[BLUE, AMBER])
    shapes = alt.Scale(domain=["the group", "the rest"], range=["circle", "diamond"])
    dots = (
        base.transform_fold(["expected_share", "rest_share"], as_=["who", "share"])
        .transform_calculate(who="datum.who == 'rest_share' ? 'the rest' : 'the group'")
        .mark_point(size=140, filled=True, opacity=1)
        .encode(
            y=y, x=share_x("share", title),
            color=alt.Color("who:N", title=None, scale=key, legend=legend()),
            shape=alt.Shape("who:N", title=None, scale=shapes),
            tooltip=[alt.Tooltip("group_name:N", title="Group"), alt.Tooltip("who:N", title="Who"),
                     alt.Tooltip("share:Q", title="At expected or above", format=".0%")],
        )
    )  # fmt: skip
    description = (
        "For each group, its share at expected or above beside that of all other pupils in the scope."
    )
    return finish(alt.layer(between, dots), description)


def pupils_over_time(results: pl.DataFrame, whole: pl.DataFrame) -> Spec:
    """A line a pupil, each result marked as at expected or below; short bars mark what was expected."""
    base = alt.Chart(expected_words(results))
    x = alt.X("assessed_on:T", title="Assessed on", axis=DATES)
    y, expected_y = score_axes(whole, results)
    lines = base.mark_line(color=GREY, opacity=0.35, strokeWidth=1).encode(x=x, y=y, detail="pupil_id:N")
    ticks = base.mark_tick(orient="horizontal", thickness=2, width=16, color=GREY).encode(x=x, y=expected_y)
    dots = base.mark_point(size=46, filled=True, opacity=0.85).encode(
        x=x, y=y, color=expected_colour(), shape=expected_shape(), tooltip=result_tooltip(named=True)
    )
    description = (
        "A line for each pupil's results over time; results below expected are triangles, "
        "short bars mark the expected result."
    )
    return finish(alt.layer(lines, ticks, dots), description, height=460)
