"""DataFrame -> chart. No arithmetic: every number comes from a question.

Each function returns a finished Vega-Lite specification: titles with units, a description for those who
cannot see it, and axes that stay as they are whatever the filter, so that two pictures can be compared.
Colours are named here once; they differ in lightness as well as in hue, and no meaning rests on colour alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt
import polars as pl

from provmap.words import STATES, TIERS

Spec = dict[str, Any]

BLUE, AMBER, GREEN, PLUM, SKY, RUST, GREY = (
    "#0072b2", "#c77700", "#00876a", "#b65c8e", "#2f8fcb", "#a8481c", "#6f6f6f",
)  # fmt: skip
CATEGORIES = [BLUE, AMBER, GREEN, PLUM, SKY, RUST, GREY]
STATE_COLOURS = {
    "covered": "#0072b2",
    "in_class": "#6db3de",
    "planned": "#8d93a1",
    "lapsed": "#e0a03c",
    "unmet": "#a8481c",
}
TIER_COLOURS = {"universal": "#8a94a3", "targeted": "#2f8fcb", "specialist": "#7b4b94"}
AT_EXPECTED = {
    True: ("at expected or above", BLUE, "circle"),
    False: ("below expected", AMBER, "triangle-down"),
}
UNJUDGED = "no expected mark set"

# Below this, one pupil changes a rate a great deal: it is drawn hollow, or says so.
SMALL_GROUP = 6
BAR = 22


def progress_by_subject(subjects: pl.DataFrame) -> Spec:
    """A bar a subject: the share at expected or above at its latest assessment."""
    base = alt.Chart(_labelled(subjects)).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=340)),
        x=_share("expected_share", "At expected or above (% of assessed)"),
    )
    says = (
        "format(datum.expected_share, '.0%') + ' · ' + datum.expected_or_above + ' of ' + datum.assessed"
        f" + (datum.assessed < {SMALL_GROUP} ? ' (small group)' : '')"
    )
    bars = base.mark_bar(color=BLUE, height=BAR)
    words = base.transform_calculate(says=says).mark_text(align="left", dx=6).encode(text="says:N")
    description = "Bar chart: for each subject, the share of assessed pupils at expected or above."
    return _finish(alt.layer(bars, words), description, rows=subjects.height)


def coverage_by_need(needs: pl.DataFrame, largest: int) -> Spec:
    """A bar a need, made of its five states; `largest` is the school's longest bar: the axis stays."""
    order: list[Any] = list(STATES.values())
    chart = (
        alt.Chart(needs.rename(STATES))
        .transform_fold(order, as_=["state", "needs"])
        .transform_calculate(order=f"indexof({order}, datum.state)")
        .transform_filter("datum.needs > 0")
    )
    x = alt.X(
        "needs:Q", title="Live needs (number)", stack="zero",
        scale=alt.Scale(domain=[0, max(largest, 1)], nice=True),
        axis=alt.Axis(format="d", tickMinStep=1),
    )  # fmt: skip
    y = alt.Y("need:N", title=None, sort=None, axis=alt.Axis(labelLimit=340))
    colours = alt.Scale(domain=order, range=list(STATE_COLOURS.values()))
    bars = chart.mark_bar(height=BAR, stroke="white", strokeWidth=1).encode(
        x=x, y=y, order="order:Q",
        color=alt.Color("state:N", title=None, scale=colours, legend=_legend()),
        tooltip=[alt.Tooltip("need:N", title="Need"), alt.Tooltip("state:N", title="State"),
                 alt.Tooltip("needs:Q", title="Live needs")],
    )  # fmt: skip
    description = (
        "Stacked bars: for each need, how many live needs have provision in place, are adjusted in class, "
    )
    return _finish(bars, description + "start soon, stopped with nothing since, or have nothing recorded.",
                   rows=needs.height)  # fmt: skip


def share_by_term(points: pl.DataFrame, shown: tuple[str, ...]) -> Spec:
    """A line a group: the share at expected or above, term by term."""
    terms = points.sort("term_order")["point"].unique(maintain_order=True).to_list()
    base = alt.Chart(points).encode(
        x=alt.X("point:O", title="Term", sort=terms, axis=alt.Axis(labelAngle=0, labelExpr=TWO_LINES)),
        y=_share_y("expected_share", "At expected or above (% of assessed)"),
        color=alt.Color("group_name:N", title=None, legend=_legend(),
                        scale=alt.Scale(domain=list(shown), range=CATEGORIES[: len(shown)])),
        shape=alt.Shape("group_name:N", title=None, scale=alt.Scale(domain=list(shown))),
        tooltip=[alt.Tooltip("group_name:N", title="Group"), alt.Tooltip("point:O", title="Term"),
                 alt.Tooltip("expected_share:Q", title="At expected or above", format=".0%"),
                 alt.Tooltip("expected_or_above:Q", title="Pupils at expected or above"),
                 alt.Tooltip("assessed:Q", title="Pupils assessed")],
    )  # fmt: skip
    small = alt.condition(f"datum.assessed < {SMALL_GROUP}", alt.value(0), alt.value(1))
    marks = base.mark_point(size=80, filled=True, strokeWidth=1.5, strokeOpacity=1).encode(fillOpacity=small)
    chart = alt.layer(base.mark_line(strokeWidth=2.5), marks)
    description = "Lines: for each group, the share of assessed pupils at expected or above, term by term."
    return _finish(chart, description, height=420)


def gap_to_the_rest(groups: pl.DataFrame) -> Spec:
    """A row a group: its share and that of the other pupils, with the gap between."""
    y = alt.Y("group_name:N", title=None, sort=None, axis=alt.Axis(labelLimit=220))
    base = alt.Chart(groups)
    title = "At expected or above (% of assessed)"
    between = base.mark_rule(strokeWidth=3, color=GREY).encode(
        y=y, x=_share("expected_share", title), x2="rest_share:Q"
    )
    key = alt.Scale(domain=["the group", "the rest"], range=[BLUE, AMBER])
    shapes = alt.Scale(domain=["the group", "the rest"], range=["circle", "diamond"])
    dots = (
        base.transform_fold(["expected_share", "rest_share"], as_=["who", "share"])
        .transform_calculate(who="datum.who == 'rest_share' ? 'the rest' : 'the group'")
        .mark_point(size=140, filled=True, opacity=1)
        .encode(
            y=y, x=_share("share", title),
            color=alt.Color("who:N", title=None, scale=key, legend=alt.Legend(orient="top")),
            shape=alt.Shape("who:N", title=None, scale=shapes),
            tooltip=[alt.Tooltip("group_name:N", title="Group"), alt.Tooltip("who:N", title="Who"),
                     alt.Tooltip("share:Q", title="At expected or above", format=".0%")],
        )
    )  # fmt: skip
    description = (
        "For each group, its share at expected or above beside that of all other pupils in the scope."
    )
    return _finish(alt.layer(between, dots), description, rows=groups.height)


def pupils_over_time(results: pl.DataFrame, whole: pl.DataFrame) -> Spec:
    """A line a pupil, each result marked as at expected or below; short bars mark what was expected."""
    base = alt.Chart(_expected_words(results))
    x = alt.X("assessed_on:T", title="Assessed on", axis=_DATES)
    y, expected_y = _score_axes(whole, results)
    lines = base.mark_line(color=GREY, opacity=0.35, strokeWidth=1).encode(x=x, y=y, detail="pupil_id:N")
    ticks = base.mark_tick(thickness=2, width=16, color=GREY).encode(x=x, y=expected_y)
    dots = base.mark_point(size=46, filled=True, opacity=0.85).encode(
        x=x, y=y, color=_expected_colour(), shape=_expected_shape(), tooltip=_result_tooltip(named=True)
    )
    description = (
        "A line for each pupil's results over time; results below expected are triangles, "
        "short bars mark the expected result."
    )
    return _finish(alt.layer(lines, ticks, dots), description, height=460)


def pupil_story(
    placements: pl.DataFrame, results: pl.DataFrame, attendance: pl.DataFrame, whole: pl.DataFrame, last: date
) -> Spec:
    """One pupil on one time axis: provision as bars, results beneath it, attendance at the foot.

    `whole` is everyone's results, so that one pupil's axes are the next pupil's too.
    """
    panels: list[Any] = []
    starts = [placements["start_date"], results["assessed_on"], attendance["start_date"]]
    first = min((day for days in starts for day in days if day), default=last)
    time = alt.Scale(domain=[first.isoformat(), last.isoformat()])
    if placements.height:
        panels.append(_timeline(placements, time, last))
    for (subject, scale), rows in results.group_by(["subject", "scale"], maintain_order=True):
        panels.append(_results_panel(rows, whole, f"{str(subject).capitalize()} ({scale})", time))
    if attendance.height:
        panels.append(_attendance_panel(attendance, time))
    chart = alt.vconcat(*panels, spacing=18).resolve_scale(color="independent", shape="independent")
    description = "On one time axis: this pupil's provision as bars, results by subject, and attendance."
    spec: Spec = chart.properties(description=description).to_dict()
    return spec


def _timeline(placements: pl.DataFrame, time: alt.Scale, last: date) -> Any:
    drawn = placements.with_columns(
        until=pl.coalesce("end_date", pl.lit(last)), tier_words=pl.col("tier").replace(TIERS)
    )
    colours = alt.Scale(domain=list(TIERS.values()), range=list(TIER_COLOURS.values()))
    return (
        alt.Chart(drawn, title=alt.TitleParams("Provision", anchor="start"))
        .mark_bar(height=14, cornerRadius=3, clip=True)
        .encode(
            x=alt.X("start_date:T", title=None, scale=time, axis=_DATES), x2="until:T",
            y=alt.Y("provision:N", title=None, sort=alt.EncodingSortField("start_date", op="min"),
                    axis=alt.Axis(labelLimit=190)),
            color=alt.Color("tier_words:N", title=None, scale=colours, legend=alt.Legend(orient="top")),
            tooltip=[alt.Tooltip("provision:N", title="Provision"), alt.Tooltip("tier_words:N", title="Tier"),
                     alt.Tooltip("start_date:T", title="From", format=DAY),
                     alt.Tooltip("end_date:T", title="Ended", format=DAY)],
        )
        .properties(width="container", height=alt.Step(24))
    )  # fmt: skip


def _results_panel(results: pl.DataFrame, whole: pl.DataFrame, title: str, time: alt.Scale) -> Any:
    base = alt.Chart(_expected_words(results), title=alt.TitleParams(title, anchor="start"))
    x = alt.X("assessed_on:T", title=None, scale=time, axis=_DATES)
    y, expected_y = _score_axes(whole, results)
    layers = alt.layer(
        base.mark_line(color=GREY, strokeWidth=1.5, clip=True).encode(x=x, y=y),
        base.mark_tick(thickness=2, width=18, color=GREY, clip=True).encode(x=x, y=expected_y),
        base.mark_point(size=80, filled=True, opacity=1, clip=True).encode(
            x=x, y=y, color=_expected_colour(), shape=_expected_shape(), tooltip=_result_tooltip(named=False)
        ),
    )
    return layers.properties(width="container", height=110)


def _attendance_panel(attendance: pl.DataFrame, time: alt.Scale) -> Any:
    return (
        alt.Chart(attendance, title=alt.TitleParams("Attendance (% of possible sessions)", anchor="start"))
        .mark_bar(color=SKY, clip=True, stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("start_date:T", title=None, scale=time, axis=_DATES), x2="end_date:T",
            y=_share_y("attended_share", None),
            tooltip=[alt.Tooltip("start_date:T", title="From", format=DAY),
                     alt.Tooltip("end_date:T", title="Until", format=DAY),
                     alt.Tooltip("attended_share:Q", title="Attendance", format=".1%"),
                     alt.Tooltip("attended:Q", title="Attended sessions"),
                     alt.Tooltip("possible:Q", title="Possible sessions")],
        )
        .properties(width="container", height=80)
    )  # fmt: skip


DAY = "%-d %b %Y"
TWO_LINES = "split(datum.label, ', ')"
_DATES = alt.Axis(format="%b %Y", labelOverlap=True, tickCount=8)


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", labelLimit=320, columns=3)


def _share(field: str, title: str | None) -> alt.X:
    return alt.X(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%"))


def _share_y(field: str, title: str | None) -> alt.Y:
    axis = alt.Axis(format=".0%", tickCount=5)
    return alt.Y(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)


def _score_axes(whole: pl.DataFrame, results: pl.DataFrame) -> tuple[alt.Y, alt.Y]:
    """The axis of a scale for the results and for what was expected: by rank where its values are words.

    It spans the scale where the scale has ends, and otherwise what anyone in the school has scored.
    """
    scale = results["scale"][0]
    scores = whole.filter((pl.col("scale") == scale) & pl.col("number").is_not_null()).sort("number")
    if scores["value"].cast(pl.Float64, strict=False).is_null().any():
        values = scores["value"].unique(maintain_order=True).to_list()
        words = alt.Scale(domain=values[::-1])
        return alt.Y("value:O", title=None, scale=words), alt.Y("expected:O", title=None, scale=words)
    low, high = scores["scale_minimum"][0], scores["scale_maximum"][0]
    ends = [scores["number"][0] if low is None else low, scores["number"][-1] if high is None else high]
    span = alt.Scale(domain=ends, zero=False, nice=True)
    return alt.Y("number:Q", title=None, scale=span), alt.Y("expected_number:Q", title=None, scale=span)


def _expected_words(results: pl.DataFrame) -> pl.DataFrame:
    """The results that are scores, each with the words for whether it is at expected."""
    words = {True: AT_EXPECTED[True][0], False: AT_EXPECTED[False][0]}
    said = pl.col("meets_expected").replace_strict(words, default=UNJUDGED, return_dtype=pl.String)
    return results.filter(pl.col("number").is_not_null()).with_columns(result=said)


def _expected_colour() -> alt.Color:
    domain = [*(words for words, _, _ in AT_EXPECTED.values()), UNJUDGED]
    colours = [*(colour for _, colour, _ in AT_EXPECTED.values()), GREY]
    return alt.Color("result:N", title=None, scale=alt.Scale(domain=domain, range=colours),
                     legend=alt.Legend(orient="top"))  # fmt: skip


def _expected_shape() -> alt.Shape:
    domain = [*(words for words, _, _ in AT_EXPECTED.values()), UNJUDGED]
    shapes = [*(shape for _, _, shape in AT_EXPECTED.values()), "square"]
    return alt.Shape("result:N", title=None, scale=alt.Scale(domain=domain, range=shapes))


def _result_tooltip(named: bool) -> list[alt.Tooltip]:
    names = [alt.Tooltip("forename:N", title="Forename"), alt.Tooltip("surname:N", title="Surname")]
    return [
        *(names if named else []),
        alt.Tooltip("assessed_on:T", title="Assessed on", format=DAY),
        alt.Tooltip("value:N", title="Result"),
        alt.Tooltip("expected:N", title="Expected"),
    ]


def _labelled(subjects: pl.DataFrame) -> pl.DataFrame:
    """Name each bar by subject, scale and term: two scales of one subject are never one bar."""
    label = pl.format(
        "{} ({}, {} {})", pl.col("subject").str.to_titlecase(), "scale", "term", "academic_year"
    )
    return subjects.with_columns(label=label)


def _finish(chart: Any, description: str, rows: int = 0, height: int = 0) -> Spec:
    size = {"height": height} if height else {"height": alt.Step(BAR + 12)}
    spec: Spec = chart.properties(width="container", description=description, **size).to_dict()
    return spec
