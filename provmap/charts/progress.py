"""The charts of progress: shares at expected by subject, term and group."""

from __future__ import annotations

import altair as alt
import polars as pl

from provmap.charts.drawing import (
    AMBER,
    BAR,
    BLUE,
    CATEGORIES,
    DAY,
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


def progress_by_subject(subjects: pl.DataFrame) -> Spec:
    """A bar a subject: the share at expected or above at its latest assessment.

    What few are assessed in (a small group, or a tenth of the most assessed) comes last and is hollow.
    """
    says = (
        "datum.subject_name + ', ' + datum.term + ' ' + datum.academic_year + ' (' + datum.scale + '): ' + "
        "format(datum.expected_share + 1e-9, '.0%') + ', ' + datum.expected_or_above + ' of ' + "
        "datum.assessed + (datum.is_few ? ': only a few are assessed so' : '')"
    )
    name = pl.col("subject").str.head(1).str.to_uppercase() + pl.col("subject").str.slice(1)
    is_few = (pl.col("assessed") < SMALL_GROUP) | (pl.col("assessed") * 10 <= pl.col("assessed").max())
    rows = subjects.with_columns(subject_name=name, is_few=is_few).sort("is_few", maintain_order=True)
    chart = alt.Chart(rows).transform_calculate(says=says)
    filled = alt.Scale(domain=[False, True], range=[BLUE, "transparent"])
    bars = chart.mark_bar(height=BAR, stroke=BLUE).encode(
        x=share_x("expected_share", "At expected or above (% of assessed)"),
        y=alt.Y("says:N", title=None, sort=None, axis=named_above()),
        fill=alt.Fill("is_few:N", legend=None, scale=filled),
    )
    return finish(bars, "Bar chart: for each subject, the share of assessed pupils at expected or above.")


def share_by_term(points: pl.DataFrame, shown: tuple[str, ...], changes: pl.DataFrame, what: str) -> Spec:
    """A line a group (`group_name`): its `share`, term by term; dashed uprights where a group itself changed.

    A point of few pupils is hollow and in no line: it is no trend.
    """
    terms = points.sort("term_order")["point"].unique(maintain_order=True).to_list()
    x = alt.X("point:O", title="Term", sort=terms, scale=alt.Scale(domain=terms),
              axis=alt.Axis(labelAngle=0, labelExpr=TWO_LINES))  # fmt: skip
    base = alt.Chart(points).encode(
        x=x,
        y=share_y("share", f"{what} (% of assessed)"),
        color=alt.Color("group_name:N", title=None, legend=legend(columns=1),
                        scale=alt.Scale(domain=list(shown), range=CATEGORIES[: len(shown)])),
        shape=alt.Shape("group_name:N", title=None, scale=alt.Scale(domain=list(shown))),
        tooltip=[alt.Tooltip("group_name:N", title="Group"), alt.Tooltip("point:O", title="Term"),
                 alt.Tooltip("share:Q", title=what, format=".0%"),
                 alt.Tooltip("reached:Q", title="Pupils who are"),
                 alt.Tooltip("assessed:Q", title="Pupils assessed")],
    )  # fmt: skip
    many = base.transform_filter(f"datum.assessed >= {SMALL_GROUP}")
    large = many.mark_point(size=110, filled=True, opacity=1)
    small = base.transform_filter(f"datum.assessed < {SMALL_GROUP}").mark_point(
        size=110, filled=False, fill="transparent", strokeWidth=2, opacity=1
    )
    layers = [many.mark_line(strokeWidth=2.5), large, small]
    marked = changes.filter(pl.col("point").is_in(terms))
    if marked.height:
        tooltip = [alt.Tooltip("group:N", title="Group"), alt.Tooltip("says:N", title="What changed"),
                   alt.Tooltip("on_day:T", title="On", format=DAY)]  # fmt: skip
        uprights = alt.Chart(marked).mark_rule(color=GREY, strokeDash=[4, 4], strokeWidth=1.5)
        layers.insert(0, uprights.encode(x=x, tooltip=tooltip))
    description = (
        f"Lines: for each group, the share of assessed pupils {what.lower()}, term by term; dashed "
        "uprights mark where "
        "a group was defined anew or many joined or left it."
    )
    return finish(alt.layer(*layers), description, height=420)


def gap_to_the_rest(groups: pl.DataFrame, what: str) -> Spec:
    """A row a group (`group_name`): its `share` with its 95% interval, and that of all others
    (`rest_share`).
    """
    y = alt.Y("group_name:N", title=None, sort=None, axis=named_above())
    base = alt.Chart(groups)
    title = f"{what} (% of assessed); the line: 95% interval"
    interval = base.mark_rule(strokeWidth=5, color=BLUE, opacity=0.5).encode(
        y=y, x=share_x("share_low", title), x2="share_high:Q"
    )
    key = alt.Scale(domain=["the group", "the rest"], range=[BLUE, AMBER])
    shapes = alt.Scale(domain=["the group", "the rest"], range=["circle", "diamond"])
    dots = (
        base.transform_fold(["share", "rest_share"], as_=["who", "part"])
        .transform_calculate(who="datum.who == 'rest_share' ? 'the rest' : 'the group'")
        .mark_point(size=140, filled=True, opacity=1)
        .encode(
            y=y, x=share_x("part", title),
            color=alt.Color("who:N", title=None, scale=key, legend=legend()),
            shape=alt.Shape("who:N", title=None, scale=shapes),
            tooltip=[alt.Tooltip("group_name:N", title="Group"), alt.Tooltip("who:N", title="Who"),
                     alt.Tooltip("part:Q", title=what, format=".0%"),
                     alt.Tooltip("assessed:Q", title="Of the group assessed"),
                     alt.Tooltip("says:N", title="The gap")],
        )
    )  # fmt: skip
    share = f"For each group, the share {what.lower()} with its 95% interval, "
    description = share + "beside that of all other pupils counted."
    return finish(alt.layer(interval, dots), description)
