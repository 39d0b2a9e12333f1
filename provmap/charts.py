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

from provmap.words import TIERS

Spec = dict[str, Any]

BLUE, AMBER, GREEN, PLUM, SKY, RUST, GREY = (
    "#0072b2", "#c77700", "#00876a", "#b65c8e", "#2f8fcb", "#a8481c", "#6f6f6f",
)  # fmt: skip
SLATE = "#7d8796"
CATEGORIES = [BLUE, AMBER, GREEN, PLUM, RUST, SKY, GREY]
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
BAR = 12


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
        x=_share("expected_share", "At expected or above (% of assessed)"),
        y=alt.Y("says:N", title=None, sort=None, axis=_named_above()),
    )
    return _finish(bars, "Bar chart: for each subject, the share of assessed pupils at expected or above.")


def share_by_term(points: pl.DataFrame, shown: tuple[str, ...]) -> Spec:
    """A line a group: the share at expected or above, term by term."""
    terms = points.sort("term_order")["point"].unique(maintain_order=True).to_list()
    base = alt.Chart(points).encode(
        x=alt.X("point:O", title="Term", sort=terms, axis=alt.Axis(labelAngle=0, labelExpr=TWO_LINES)),
        y=_share_y("expected_share", "At expected or above (% of assessed)"),
        color=alt.Color("group_name:N", title=None, legend=_legend(columns=1),
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
    return _finish(chart, description, height=420)


def gap_to_the_rest(groups: pl.DataFrame) -> Spec:
    """A row a group: its share and that of the other pupils, with the gap between."""
    y = alt.Y("group_name:N", title=None, sort=None, axis=_named_above())
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
            color=alt.Color("who:N", title=None, scale=key, legend=_legend()),
            shape=alt.Shape("who:N", title=None, scale=shapes),
            tooltip=[alt.Tooltip("group_name:N", title="Group"), alt.Tooltip("who:N", title="Who"),
                     alt.Tooltip("share:Q", title="At expected or above", format=".0%")],
        )
    )  # fmt: skip
    description = (
        "For each group, its share at expected or above beside that of all other pupils in the scope."
    )
    return _finish(alt.layer(between, dots), description)


def pupils_over_time(results: pl.DataFrame, whole: pl.DataFrame) -> Spec:
    """A line a pupil, each result marked as at expected or below; short bars mark what was expected."""
    base = alt.Chart(_expected_words(results))
    x = alt.X("assessed_on:T", title="Assessed on", axis=_DATES)
    y, expected_y = _score_axes(whole, results)
    lines = base.mark_line(color=GREY, opacity=0.35, strokeWidth=1).encode(x=x, y=y, detail="pupil_id:N")
    ticks = base.mark_tick(orient="horizontal", thickness=2, width=16, color=GREY).encode(x=x, y=expected_y)
    dots = base.mark_point(size=46, filled=True, opacity=0.85).encode(
        x=x, y=y, color=_expected_colour(), shape=_expected_shape(), tooltip=_result_tooltip(named=True)
    )
    description = (
        "A line for each pupil's results over time; results below expected are triangles, "
        "short bars mark the expected result."
    )
    return _finish(alt.layer(lines, ticks, dots), description, height=460)


def pupil_panels(frames: dict[str, pl.DataFrame], last: date) -> list[Spec]:
    """One pupil on one time axis, a panel below the other: needs, provision, results by subject, attendance.

    `frames` has `needs`, `breaks`, `placements`, `findings` (overlaps and repeats), `results`, `attendance`,
    and `whole`: everyone's results, so that one pupil's axes are the next pupil's too.
    """
    needs, placements, results = frames["needs"], frames["placements"], frames["results"]
    attendance = frames["attendance"]
    starts = [placements["start_date"], results["assessed_on"], attendance["start_date"]]
    first = min((day for days in starts for day in days if day), default=last)
    # What is still to come stands on the axis too.
    final = max([last, *(placements["drawn_until"] if placements.height else [])])
    time = alt.Scale(domain=[first.isoformat(), final.isoformat()])
    panels: list[Spec] = []
    if needs.height:
        panels.append(_needs_panel(needs, frames["breaks"], time))
    if placements.height:
        panels.append(_timeline(placements, frames["findings"], time))
    scored = results.filter(pl.col("number").is_not_null())
    is_first = True
    for (subject, scale), rows in scored.group_by(["subject", "scale"], maintain_order=True):
        # What was for this subject, or for no one subject.
        during = placements.filter(
            pl.col("is_additional")
            & (pl.col("subject").is_null() | (pl.col("subject") == str(subject).lower()))
        )
        title = f"{str(subject).capitalize()} ({scale})"
        panels.append(_results_panel((rows, during, frames["whole"]), title, time, is_first))
        is_first = False
    if attendance.height:
        panels.append(_attendance_panel(attendance, time))
    return panels


def _needs_panel(needs: pl.DataFrame, breaks: pl.DataFrame, time: alt.Scale) -> Spec:
    first_of = alt.EncodingSortField("start_date", op="min")
    rows = alt.Y("need:N", title=None, sort=first_of, axis=_named_above(LEFT))
    bars = (
        alt.Chart(needs)
        .mark_bar(height=14, cornerRadius=3, clip=True, color=SLATE)
        .encode(
            x=_time("start_date", time), x2="drawn_until:T", y=rows,
            tooltip=[
                alt.Tooltip("need:N", title="Need"), alt.Tooltip("start_date:T", title="From", format=DAY),
                alt.Tooltip("end_date:T", title="Ended", format=DAY),
                alt.Tooltip("barrier:N", title="Barrier to learning"),
            ],
        )
    )  # fmt: skip
    hollow = (
        alt.Chart(breaks.rename({"line": "need"}))
        .mark_bar(height=14, clip=True, color="#ffffff", stroke=RUST, strokeWidth=1.5, strokeDash=[4, 3])
        .encode(x=_time("from_date", time), x2="to_date:T", y=rows, tooltip=_span_tooltip())
    )
    chart = alt.layer(bars, hollow) if breaks.height else bars
    words = "Bars over time: when each need was live; hollow where nothing was in place for it."
    title = "Needs (hollow: nothing was in place)" if breaks.height else "Needs"
    return _finish(chart, words, title=title)


def _timeline(placements: pl.DataFrame, findings: pl.DataFrame, time: alt.Scale) -> Spec:
    drawn = placements.with_columns(tier_words=pl.col("tier").replace(TIERS))
    colours = alt.Scale(domain=list(TIERS.values()), range=list(TIER_COLOURS.values()))
    first_of = alt.EncodingSortField("start_date", op="min")
    rows = alt.Y("provision:N", title=None, sort=first_of, axis=_named_above(LEFT))
    bars = (
        alt.Chart(drawn)
        .mark_bar(height=14, cornerRadius=3, clip=True)
        .encode(
            x=_time("start_date", time), x2="drawn_until:T", y=rows,
            color=alt.Color("tier_words:N", title=None, scale=colours, legend=_legend()),
            tooltip=[
                alt.Tooltip("provision:N", title="Provision"), alt.Tooltip("tier_words:N", title="Tier"),
                alt.Tooltip("start_date:T", title="From", format=DAY),
                alt.Tooltip("expected_end_date:T", title="Expected until", format=DAY),
                alt.Tooltip("end_date:T", title="Ended", format=DAY),
            ],
        )
    )  # fmt: skip
    outlined = (
        alt.Chart(findings)
        .mark_bar(height=20, clip=True, fillOpacity=0, stroke=RUST, strokeWidth=2)
        .encode(x=_time("from_date", time), x2="drawn_until:T", y=rows, tooltip=_span_tooltip())
    )
    chart = alt.layer(bars, outlined) if findings.height else bars
    words = (
        "Bars over time: when each provision began and ended, coloured by tier; outlined where it overlaps."
    )
    title = "Provision (outlined: possible overlap or repeat)" if findings.height else "Provision"
    return _finish(chart, words, title=title)


def _span_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("reason:N", title="Why it is marked"),
        alt.Tooltip("from_date:T", title="From", format=DAY),
        alt.Tooltip("to_date:T", title="Until", format=DAY),
    ]  # fmt: skip


def _results_panel(
    frames: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame], title: str, time: alt.Scale, with_key: bool
) -> Spec:
    """`frames`: the results, the provision that is shaded behind them, and everyone's results."""
    results, during, whole = frames
    base = alt.Chart(_expected_words(results))
    x = _time("assessed_on", time)
    y, expected_y = _score_axes(whole, results, axis=_left(tickCount=4, labelOverlap=False))
    colour, shape = _expected_colour(with_key), _expected_shape()
    shaded = (
        alt.Chart(during)
        .mark_rect(opacity=0.16, color=SKY, clip=True)
        .encode(
            x=_time("start_date", time),
            x2="drawn_until:T",
            tooltip=[alt.Tooltip("provision:N", title="During")],
        )
    )
    chart = alt.layer(
        *([shaded] if during.height else []),
        base.mark_line(color=GREY, strokeWidth=1.5, clip=True).encode(x=x, y=y),
        base.mark_tick(orient="horizontal", thickness=2, width=16, color=GREY).encode(x=x, y=expected_y),
        base.mark_point(size=80, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=_result_tooltip(named=False)
        ),
    )
    words = (
        f"{title}: this pupil's results over time; short bars mark the expected result; "
        "shaded while provision ran."
    )
    # A row for each word of the scale; a number needs no more than a strip.
    height = 0 if str(y.shorthand).endswith(":O") else 210 if with_key else 170
    return _finish(chart, words, height=height, title=title, step=15)


def _attendance_panel(attendance: pl.DataFrame, time: alt.Scale) -> Spec:
    title = "Attendance (% of possible sessions)"
    chart = (
        alt.Chart(attendance)
        .mark_rect(color=SKY, clip=True, stroke="white", strokeWidth=0.5)
        .encode(
            x=_time("start_date", time), x2="end_date:T",
            y=_share_y("attended_share", None, axis=_left(format=".0%", values=[0, 0.5, 1])), y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("start_date:T", title="From", format=DAY),
                alt.Tooltip("end_date:T", title="Until", format=DAY),
                alt.Tooltip("attended_share:Q", title="Attendance", format=".1%"),
                alt.Tooltip("attended:Q", title="Attended sessions"),
                alt.Tooltip("possible:Q", title="Possible sessions"),
            ],
        )
    )  # fmt: skip
    return _finish(chart, "Bars over time: the share of possible sessions attended.", height=150, title=title)


DAY = "%-d %b %Y"
TWO_LINES = "split(datum.label, ', ')"
LEFT = 76
_DATES = alt.Axis(format="%b %Y", labelOverlap=True, tickCount=8)


def _left(**settings: Any) -> alt.Axis:
    """A vertical axis of one width, so that panels below each other share their time axis."""
    return alt.Axis(minExtent=LEFT, maxExtent=LEFT, labelLimit=LEFT - 10, **settings)


def _named_above(extent: int = 0) -> alt.Axis:
    """Each row's name above its bar: no name is cut off, and on a narrow screen the bars keep their width."""
    return alt.Axis(
        labelAlign="left", labelPadding=-2, labelOffset=-BAR - 3, labelLimit=700, labelFontSize=12,
        ticks=False, domain=False, minExtent=extent, maxExtent=extent,
    )  # fmt: skip


def _time(field: str, scale: alt.Scale) -> alt.X:
    return alt.X(f"{field}:T", title=None, scale=scale, axis=_DATES)


def _legend(columns: int = 3) -> alt.Legend:
    return alt.Legend(
        orient="top", labelLimit=320, columns=columns, labelFontSize=12, columnPadding=12, symbolStrokeWidth=0
    )


def _share(field: str, title: str | None) -> alt.X:
    return alt.X(
        f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=10)
    )


def _share_y(field: str, title: str | None, axis: alt.Axis | None = None) -> alt.Y:
    axis = axis or alt.Axis(format=".0%", tickCount=5)
    return alt.Y(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)


def _score_axes(
    whole: pl.DataFrame, results: pl.DataFrame, axis: alt.Axis | None = None
) -> tuple[alt.Y, alt.Y]:
    """The axis of a scale for the results and for what was expected: by rank where its values are words.

    It spans the scale where the scale has ends, and otherwise what anyone in the school has scored.
    """
    scale = results["scale"][0]
    scores = whole.filter((pl.col("scale") == scale) & pl.col("number").is_not_null()).sort("number")
    if scores["value"].cast(pl.Float64, strict=False).is_null().any():
        values = scores["value"].unique(maintain_order=True).to_list()
        words = alt.Scale(domain=values[::-1])
        return _scored("value:O", words, axis), _scored("expected:O", words, axis)
    low, high = scores["scale_minimum"][0], scores["scale_maximum"][0]
    ends = [scores["number"][0] if low is None else low, scores["number"][-1] if high is None else high]
    span = alt.Scale(domain=ends, zero=False, nice=True)
    return _scored("number:Q", span, axis), _scored("expected_number:Q", span, axis)


def _scored(field: str, scale: alt.Scale, axis: alt.Axis | None) -> alt.Y:
    return alt.Y(field, title=None, scale=scale, axis=axis or alt.Axis())


def _expected_words(results: pl.DataFrame) -> pl.DataFrame:
    """The results that are scores, each with the words for whether it is at expected."""
    words = {True: AT_EXPECTED[True][0], False: AT_EXPECTED[False][0]}
    said = pl.col("meets_expected").replace_strict(words, default=UNJUDGED, return_dtype=pl.String)
    return results.filter(pl.col("number").is_not_null()).with_columns(result=said)


def _expected_colour(with_key: bool = True) -> alt.Color:
    domain = [*(words for words, _, _ in AT_EXPECTED.values()), UNJUDGED]
    colours = [*(colour for _, colour, _ in AT_EXPECTED.values()), GREY]
    scale = alt.Scale(domain=domain, range=colours)
    return alt.Color("result:N", title=None, scale=scale, legend=_legend() if with_key else None)


def _expected_shape() -> alt.Shape:
    domain = [*(words for words, _, _ in AT_EXPECTED.values()), UNJUDGED]
    shapes = [*(shape for _, _, shape in AT_EXPECTED.values()), "square"]
    return alt.Shape("result:N", title=None, scale=alt.Scale(domain=domain, range=shapes), legend=None)


def _result_tooltip(named: bool) -> list[alt.Tooltip]:
    names = [alt.Tooltip("forename:N", title="Forename"), alt.Tooltip("surname:N", title="Surname")]
    return [
        *(names if named else []),
        alt.Tooltip("assessed_on:T", title="Assessed on", format=DAY),
        alt.Tooltip("value:N", title="Result"),
        alt.Tooltip("expected:N", title="Expected"),
    ]


def _finish(chart: Any, description: str, height: int = 0, title: str = "", step: int = 36) -> Spec:
    """The specification, as wide as its place, and as high as told or as its rows need."""
    size = {"height": height or alt.Step(step)}
    named = {"title": alt.TitleParams(title, anchor="start", frame="group")} if title else {}
    spec: Spec = chart.properties(width="container", description=description, **size, **named).to_dict()
    return spec
