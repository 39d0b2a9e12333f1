"""Charts of how pupils get on: shares of classes and cohorts, results of each pupil, their spread, two
subjects.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from provmap.charts.drawing import (
    AMBER,
    BLUE,
    DAY,
    GREEN,
    GREY,
    READABLE,
    SKY,
    SMALL_GROUP,
    TWO_LINES,
    Spec,
    finish,
    legend,
    share_y,
)
from provmap.charts.scores import code_and_reason, missed_marks

# Nothing is drawn, in either theme.
HOLLOW = "rgba(128,128,128,0.08)"
# Words, colour and shape of how a result stands to its mark; no meaning rests on the colour alone.
STOOD = {
    "below": ("▼ below expected", AMBER, "triangle-down"),
    "at_expected": ("● at expected", BLUE, "circle"),
    "greater_depth": ("▲ greater depth", GREEN, "triangle-up"),
    "no_mark": ("no mark set", "#9aa1ad", "square"),
    "no_score": ("not a score", HOLLOW, "cross"),
    "not_assessed": ("nothing recorded", HOLLOW, "cross"),
}
SCORED = ("below", "at_expected", "greater_depth", "no_mark")
PANEL = 190


def _stood(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        stood=pl.col("standing").replace({key: words for key, (words, *_) in STOOD.items()})
    )


def _domain(place: int, of: tuple[str, ...]) -> list[str]:
    return [STOOD[key][place] for key in of]


def _heights(axis: dict[str, Any]) -> tuple[alt.Scale, alt.Axis]:
    """Where results are drawn: by the number of the scale, or by the place of a grade, called what the
    grade is.
    """
    grades = axis["grades"]
    if not grades:
        span = alt.Scale(domain=[axis["lowest"], axis["highest"]], nice=True, zero=False)
        return span, alt.Axis(tickCount=5)
    named = alt.Axis(
        values=list(range(1, len(grades) + 1)), labelExpr=f"{grades}[datum.value - 1]", grid=True
    )
    return alt.Scale(domain=[0.5, len(grades) + 0.5], nice=False, zero=False), named


def _height(axis: dict[str, Any], field: str, title: str | None) -> alt.Y:
    scale, named = _heights(axis)
    return alt.Y(f"{field}:Q", title=title, scale=scale, axis=named)


def distribution(rows: pl.DataFrame, terms: list[str]) -> Spec:
    """A bar a term, made of the results from the weakest to the strongest; who has none is a hollow end."""
    y = alt.Y(
        "point:N", title=None, sort=terms, axis=alt.Axis(labelExpr=TWO_LINES), scale=alt.Scale(domain=terms)
    )
    x = alt.X("band_share:Q", title="Pupils (% of those who were here)", stack="zero",
              scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=10))  # fmt: skip
    base = alt.Chart(_stood(rows))
    tooltip = [
        alt.Tooltip("point:N", title="Term"), alt.Tooltip("band:N", title="Result"),
        alt.Tooltip("stood:N", title="Stands"), alt.Tooltip("pupils:Q", title="Pupils"),
        alt.Tooltip("out_of:Q", title="Of"),
    ]  # fmt: skip
    colours = alt.Scale(domain=_domain(0, tuple(STOOD)), range=_domain(1, tuple(STOOD)))
    bars = base.mark_bar(height=26, stroke=GREY, strokeWidth=0.8).encode(
        x=x, y=y, order="place:Q", tooltip=tooltip,
        color=alt.Color("stood:N", title=None, scale=colours,
                        legend=alt.Legend(orient="top", columns=3, symbolStrokeColor=GREY,
                                          symbolStrokeWidth=1, symbolSize=140)),
        strokeDash=alt.condition("datum.standing == 'no_score' || datum.standing == 'not_assessed'",
                                 alt.value([3, 2]), alt.value([1, 0])),
    )  # fmt: skip
    named = (
        base.transform_calculate(
            says="({below: '▼ ', at_expected: '● ', greater_depth: '▲ '}[datum.standing] || '') + datum.band"
        )
        .transform_calculate(is_dark="datum.standing != 'no_mark' && datum.band_place !== null")
        # Narrow pieces have no room for their name; the list has them all.
        .transform_calculate(room="datum.band_share >= 0.075 ? datum.says : ''")
        .mark_text(fontSize=11, limit=90)
        .encode(
            x=alt.X("band_share:Q", stack="zero", bandPosition=0.5), y=y, order="place:Q", text="room:N",
            color=alt.condition("datum.is_dark", alt.value("#ffffff"), alt.value("#222222")),
        )
    )  # fmt: skip
    words = (
        "Bars of 100%, one a term: the share of pupils with each result, from the weakest to the "
        "strongest, marked as "
        "below expected, at expected or at greater depth; hollow at the end: no score or nothing recorded."
    )
    return finish(alt.layer(bars, named), words, step=44)


def share_panels(parts: pl.DataFrame, points: list[str], what: str) -> list[Spec]:
    """A panel a class, year or cohort (`panel`), over the same points; `share` of `assessed`, with the
    count.
    """
    base = alt.Chart(alt.NamedData("rows"))
    x = alt.X("point:O", title=None, sort=points, scale=alt.Scale(domain=points),
              axis=alt.Axis(labelAngle=0, labelExpr=TWO_LINES, labelOverlap=True))  # fmt: skip
    y = share_y("share", "% of assessed", alt.Axis(format=".0%", values=[0, 0.5, 1]))
    tooltip = [
        alt.Tooltip("point:O", title="When"), alt.Tooltip("share:Q", title=what, format=".0%"),
        alt.Tooltip("reached:Q", title="Pupils"), alt.Tooltip("assessed:Q", title="Assessed"),
    ]  # fmt: skip
    many = base.transform_filter(f"datum.assessed >= {SMALL_GROUP}")
    small = base.transform_filter(f"datum.assessed < {SMALL_GROUP}").mark_point(
        color=BLUE, filled=False, fill="transparent", size=60, opacity=1
    )
    counts = (
        base.transform_filter("isValid(datum.share)")
        .transform_calculate(says="datum.reached + '/' + datum.assessed")
        .mark_text(dy=-11, fontSize=10, color=READABLE)
    )
    chart = alt.layer(
        many.mark_line(color=BLUE, strokeWidth=2).encode(x=x, y=y),
        many.mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(x=x, y=y, tooltip=tooltip),
        small.encode(x=x, y=y, tooltip=tooltip),
        counts.encode(x=x, y=y, text="says:N"),
    )
    one = finish(chart, "", height=PANEL, title=" ")
    panels = []
    for (name,), rows in parts.select("panel", "point", "share", "reached", "assessed").group_by(
        ["panel"], maintain_order=True
    ):
        known = rows.filter(pl.col("share").is_not_null())
        said = [
            f"{row['point']} {row['reached']} of {row['assessed']}" for row in known.iter_rows(named=True)
        ]
        words = f"{name}: {what.lower()}: {'; '.join(said) or 'no mark is set'}."
        panels.append(_filled(one, str(name), words, rows=rows))
    return panels


def _filled(one: Spec, name: str, words: str, **frames: pl.DataFrame) -> Spec:
    """The same chart of other rows: drawing each panel afresh would take many times as long."""
    days = pl.selectors.date().dt.strftime("%Y-%m-%dT00:00:00")
    datasets = {key: rows.with_columns(days).to_dicts() for key, rows in frames.items()}
    return one | {"title": one["title"] | {"text": name}, "description": words, "datasets": datasets}


def result_panels(
    rows: pl.DataFrame, during: pl.DataFrame, axis: dict[str, Any], days: list[str]
) -> list[Spec]:
    """A panel a pupil (`panel`): results on one time line, marks as bars, provision shaded, a hole where
    none is.
    """
    base = alt.Chart(alt.NamedData("rows"))
    span = alt.Scale(domain=days)
    x = alt.X(
        "drawn_on:T", title=None, scale=span, axis=alt.Axis(format="%b %Y", labelOverlap=True, tickCount=4)
    )
    y = _height(axis, "height", None)
    shaded = (
        alt.Chart(alt.NamedData("during"))
        .mark_rect(opacity=0.18, color=SKY, clip=True)
        .encode(
            x=alt.X("start_date:T", scale=span), x2="drawn_until:T",
            tooltip=[alt.Tooltip("provision:N", title="During"),
                     alt.Tooltip("start_date:T", title="From", format=DAY)],
        )
    )  # fmt: skip
    marks = base.mark_tick(orient="horizontal", thickness=2, width=16, color=GREY).encode(
        x=x, y=_height(axis, "expected_height", None)
    )
    band = (
        base.transform_filter("isValid(datum.depth_height)")
        .mark_bar(width=16, color=GREY, opacity=0.16)
        .encode(x=x, y=_height(axis, "expected_height", None), y2="depth_height:Q")
    )
    line = base.mark_line(color=GREY, strokeWidth=1.4, invalid="break-paths-show-path-domains").encode(
        x=x, y=y, order="drawn_on:T"
    )
    dots = base.transform_filter("isValid(datum.height)").mark_point(size=70, filled=True, opacity=1).encode(
        x=x, y=y,
        color=alt.Color("stood:N", title=None, legend=None,
                        scale=alt.Scale(domain=_domain(0, SCORED), range=_domain(1, SCORED))),
        shape=alt.Shape("stood:N", title=None, legend=None,
                        scale=alt.Scale(domain=_domain(0, SCORED), range=_domain(2, SCORED))),
        tooltip=[alt.Tooltip("point:N", title="Term"), alt.Tooltip("value:N", title="Result"),
                 alt.Tooltip("expected:N", title="Expected"), alt.Tooltip("stood:N", title="Stands")],
    )  # fmt: skip
    missed = missed_marks(alt.NamedData("missed"), x, alt.Tooltip("point:N", title="Term"))
    one = finish(alt.layer(shaded, band, *missed, line, marks, dots), "", height=PANEL, title=" ")
    drawn = ("panel", "point", "drawn_on", "value", "expected", "stood", "height", "expected_height",
             "depth_height", "no_score_because")  # fmt: skip
    panels = []
    for (name,), results in _stood(rows).select(drawn).group_by(["panel"], maintain_order=True):
        own = during.filter(pl.col("panel") == name).select("provision", "start_date", "drawn_until")
        said = [
            f"{row['point']} {row['value'] if row['height'] is not None else _no_result(row)}"
            for row in results.iter_rows(named=True)
        ]
        words = f"{name}: {'; '.join(said)}. Short bars mark what is expected; shaded while provision ran."
        holes = code_and_reason(results.filter(pl.col("height").is_null()))
        panels.append(_filled(one, str(name), words, rows=results, during=own, missed=holes))
    return panels


def middle_over_time(points: pl.DataFrame, axis: dict[str, Any], terms: list[str]) -> Spec:
    """The middle result and the middle half of all, term by term: no line a pupil where they would be a
    tangle.
    """
    base = alt.Chart(points)
    x = alt.X("point:O", title="Term", sort=terms, scale=alt.Scale(domain=terms),
              axis=alt.Axis(labelAngle=0, labelExpr=TWO_LINES))  # fmt: skip
    y = _height(axis, "lower_quartile", f"Result ({axis['scale']})")
    tooltip = [
        alt.Tooltip("point:O", title="Term"), alt.Tooltip("assessed:Q", title="Pupils assessed"),
        alt.Tooltip("upper_quartile_value:N", title="A quarter is at or above"),
        alt.Tooltip("median_value:N", title="The middle pupil"),
        alt.Tooltip("lower_quartile_value:N", title="A quarter is at or below"),
    ]  # fmt: skip
    half = base.mark_bar(width=22, color=SKY, opacity=0.35, cornerRadius=2, minBandSize=22).encode(
        x=x, y=y, y2="upper_quartile:Q", tooltip=tooltip
    )
    band = base.mark_area(color=SKY, opacity=0.2).encode(x=x, y=y, y2="upper_quartile:Q")
    middle = base.mark_line(
        color=BLUE, strokeWidth=2.5, point=alt.OverlayMarkDef(size=70, color=BLUE)
    ).encode(x=x, y=_height(axis, "median", f"Result ({axis['scale']})"), tooltip=tooltip)
    marks = base.mark_tick(orient="horizontal", thickness=2, width=30, color=GREY).encode(
        x=x, y=_height(axis, "lowest_mark", f"Result ({axis['scale']})")
    )
    higher = base.mark_tick(orient="horizontal", thickness=2, width=30, color=GREY).encode(
        x=x, y=_height(axis, "highest_mark", f"Result ({axis['scale']})")
    )
    words = (
        "Term by term: a line for the result of the middle pupil, a band that holds the middle half "
        "of the pupils, "
        "and bars for the lowest and the highest expected mark among them."
    )
    return finish(alt.layer(band, half, middle, marks, higher), words, height=420)


def _no_result(row: dict[str, Any]) -> str:
    return f"no result ({row['no_score_because']})" if row["no_score_because"] else "no result"


def two_subjects(
    places: pl.DataFrame, marks: pl.DataFrame, first: dict[str, Any], second: dict[str, Any]
) -> Spec:
    """A mark where pupils stand in two subjects, larger for more (`pupils`); lines where the expected marks
    lie.

    `marks` has a row for each mark that is set: `expected_height` of the first, `other_expected_height` of
    the second.
    """

    def titled(axis: dict[str, Any]) -> str:
        return f"{str(axis['subject']).capitalize()} ({axis['scale']})"

    across_scale, across_axis = _heights(first)
    up_scale, _ = _heights(second)
    x = alt.X("height:Q", title=titled(first), scale=across_scale, axis=across_axis)
    y = _height(second, "other_height", titled(second))
    order = ["at expected in both", "only in the first", "only in the second", "below in both", "no mark set"]
    colours = alt.Scale(domain=order, range=[BLUE, GREEN, SKY, AMBER, "#9aa1ad"])
    shapes = alt.Scale(
        domain=order, range=["circle", "triangle-right", "triangle-up", "triangle-down", "square"]
    )
    dots = alt.Chart(places).mark_point(filled=True, opacity=0.8).encode(
        x=x, y=y,
        size=alt.Size("pupils:Q", title="Pupils", scale=alt.Scale(range=[45, 700], zero=True), legend=None),
        color=alt.Color("stood:N", title=None, scale=colours, legend=legend()),
        shape=alt.Shape("stood:N", title=None, scale=shapes),
        tooltip=[alt.Tooltip("value:N", title=titled(first)),
                 alt.Tooltip("other_value:N", title=titled(second)),
                 alt.Tooltip("stood:N", title="Stand"), alt.Tooltip("pupils:Q", title="Pupils")],
    )  # fmt: skip
    lines = alt.Chart(marks)
    across = lines.mark_rule(color=GREY, strokeDash=[5, 4]).encode(
        x=alt.X("expected_height:Q", scale=across_scale)
    )
    up = lines.mark_rule(color=GREY, strokeDash=[5, 4]).encode(
        y=alt.Y("other_expected_height:Q", scale=up_scale)
    )
    words = (
        f"Each pupil's latest {titled(first)} against {titled(second)}: shapes tell who is at "
        "expected in both, in one "
        "or in neither; a larger mark stands for more pupils; dashed lines are the expected marks."
    )
    return finish(alt.layer(across, up, dots), words, height=460)
