"""The charts of impact: mean gains with their intervals, gain by starting point, before and after."""

from __future__ import annotations

import altair as alt
import polars as pl

from provmap.charts.drawing import AMBER, BLUE, GREY, SKY, SMALL_GROUP, Spec, finish, legend, named_above

AGE = "months of age"
POINTS = "points"
FEW, ENOUGH = f"fewer than {SMALL_GROUP} pupils", f"{SMALL_GROUP} pupils or more"


def mean_gains(rows: pl.DataFrame) -> list[Spec]:
    """A panel a scale: each mean gain, with the interval in which it lies with 95% certainty.

    `rows` has `named` (whose gain it is), `scale`, `mean_gain`, `gain_low`, `gain_high`, `pupils_measured`;
    `end_low` and `end_high` are the ends of its scale's axis.
    """
    return [
        _panel(rows.filter(scale=scale), scale)
        for scale in rows["scale"].unique(maintain_order=True).to_list()
    ]


def _panel(rows: pl.DataFrame, scale: str) -> Spec:
    unit = AGE if scale == "age" else POINTS
    many = pl.when(pl.col("pupils_measured") < SMALL_GROUP).then(pl.lit(FEW)).otherwise(pl.lit(ENOUGH))
    base = alt.Chart(rows.with_columns(many=many))
    y = alt.Y("named:N", title=None, sort=None, axis=named_above())
    x = alt.X(
        "mean_gain:Q", title=f"Mean gain ({unit}; to the right is better)",
        axis=alt.Axis(tickCount=8, format="+"),
        scale=alt.Scale(domain=[rows["end_low"][0], rows["end_high"][0]], nice=True),
    )  # fmt: skip
    filled = alt.Scale(domain=[ENOUGH, FEW], range=[SKY, "transparent"])
    # In each row, and not through the words above it.
    nothing = base.mark_tick(color=GREY, size=12, thickness=1.5).encode(y=y, x=alt.datum(0))
    bars = base.mark_rule(strokeWidth=3, color=SKY, opacity=0.7, clip=True).encode(
        y=y, x="gain_low:Q", x2="gain_high:Q"
    )
    dots = base.mark_point(size=120, opacity=1, stroke=SKY, strokeWidth=2, filled=True).encode(
        y=y, x=x, fill=alt.Fill("many:N", title=None, scale=filled, legend=None),
        tooltip=[alt.Tooltip("named:N", title="Of"),
                 alt.Tooltip("mean_gain:Q", title=f"Mean gain ({unit})", format="+.1f"),
                 alt.Tooltip("gain_low:Q", title="From", format="+.1f"),
                 alt.Tooltip("gain_high:Q", title="To", format="+.1f"),
                 alt.Tooltip("pupils_measured:Q", title="Pupils with both scores")],
    )  # fmt: skip
    description = (
        f"On the scale {scale}: each mean gain as a dot with its 95% interval as a bar; an upright "
        "stroke marks no gain."
    )
    chart = alt.layer(bars, nothing, dots)
    title = "Reading or spelling age" if scale == "age" else scale[:1].upper() + scale[1:]
    return finish(chart, description, title=title, step=40)


def gain_by_start(pupils: pl.DataFrame, unit: str) -> Spec:
    """Each pupil's gain by the score at the start, beside similar pupils and what low scores regain.

    Who starts low rises again by chance: grey marks draw how much. On an age scale that hangs on the child's
    age and the months that passed too, so that each pupil has a mark and no line joins them.
    """
    x = alt.X("starting:Q", title=f"Starting point ({unit})", scale=alt.Scale(zero=False, nice=True))
    title = f"Gain ({unit}; up is better)"
    kinds = ["with the provision", "similar pupils without it"]
    # The key names nobody who is not drawn.
    named = kinds if pupils["similar_gain"].count() else kinds[:1]
    marks = (
        alt.Chart(pupils)
        .transform_fold(["gain_from_start", "similar_gain"], as_=["who", "gained"])
        .transform_filter("isValid(datum.gained)")
        .transform_calculate(who=f"datum.who == 'gain_from_start' ? '{kinds[0]}' : '{kinds[1]}'")
        .mark_point(size=80, opacity=0.9, filled=True)
        .encode(
            x=x, y=alt.Y("gained:Q", title=title),
            color=alt.Color("who:N", title=None, legend=legend(),
                            scale=alt.Scale(domain=named, range=[BLUE, AMBER][: len(named)])),
            shape=alt.Shape("who:N", title=None,
                            scale=alt.Scale(domain=named, range=["circle", "diamond"][: len(named)])),
            tooltip=[alt.Tooltip("forename:N", title="Forename"), alt.Tooltip("surname:N", title="Surname"),
                     alt.Tooltip("who:N", title="Who"), alt.Tooltip("starting:Q", title="Starting point"),
                     alt.Tooltip("gained:Q", title="Gain", format="+.1f")],
        )
    )  # fmt: skip
    nothing = (
        alt.Chart(pl.DataFrame({"no_gain": [0]})).mark_rule(color=GREY, opacity=0.6).encode(y="no_gain:Q")
    )
    regained = alt.Chart(pupils).transform_filter("isValid(datum.norm_gain)")
    drawn = (
        regained.mark_tick(color=GREY, width=16, thickness=2)
        if unit == AGE
        else regained.mark_line(color=GREY, strokeDash=[5, 4])
    )
    by_itself = drawn.encode(x=x, y=alt.Y("norm_gain:Q", title=title))
    description = (
        "Dots: each pupil's gain by score at the start, with diamonds for what similar pupils gained; "
        "grey dashes show how much low scores regain by themselves."
    )
    return finish(alt.layer(nothing, by_itself, marks), description, height=340)


def whole_class_years(rows: pl.DataFrame) -> Spec:
    """A line a school year: the share at expected at its start and at its end."""
    ends = ["at the start", "at the end"]
    base = (
        alt.Chart(rows)
        .transform_fold(["expected_share_start", "expected_share_end"], as_=["end", "share"])
        .transform_calculate(end=f"datum.end == 'expected_share_start' ? '{ends[0]}' : '{ends[1]}'")
        .encode(
            x=alt.X("end:O", title=None, sort=ends, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("share:Q", title="At expected or above (% of pupils)", axis=alt.Axis(format=".0%"),
                    scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("year_said:N", title=None, sort=None, legend=legend(columns=2)),
            strokeDash=alt.StrokeDash("is_with:N", legend=None,
                                      scale=alt.Scale(domain=[True, False], range=[[1, 0], [4, 3]])),
            tooltip=[alt.Tooltip("year_said:N", title="School year"), alt.Tooltip("end:N", title="When"),
                     alt.Tooltip("share:Q", title="At expected or above", format=".0%"),
                     alt.Tooltip("pupils:Q", title="Pupils with both results")],
        )
    )  # fmt: skip
    description = (
        "A line for each school year from the share at expected before the provision began to the share "
        "after; earlier years are dashed."
    )
    chart = alt.layer(base.mark_line(strokeWidth=2.5), base.mark_point(size=90, filled=True, opacity=1))
    return finish(chart, description, height=320)


def attendance_around(rows: pl.DataFrame) -> Spec:
    """A line a pupil: attendance before, during and after a provision."""
    parts = ["before", "during", "after"]
    base = alt.Chart(rows.filter(pl.col("attendance_share").is_not_null())).encode(
        x=alt.X("part:O", title=None, sort=parts, scale=alt.Scale(domain=parts), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("attendance_share:Q", title="Sessions attended (% of possible)", axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1])),
        detail="time:N",
        tooltip=[alt.Tooltip("forename:N", title="Forename"), alt.Tooltip("surname:N", title="Surname"),
                 alt.Tooltip("part:N", title="When"),
                 alt.Tooltip("attendance_share:Q", title="Attended", format=".1%")],
    )  # fmt: skip
    lines = base.mark_line(color=GREY, opacity=0.4, strokeWidth=1)
    dots = base.mark_point(color=BLUE, filled=True, size=46, opacity=0.8)
    expected = (
        alt.Chart(pl.DataFrame({"mark": [0.9]})).mark_rule(color=AMBER, strokeDash=[4, 3]).encode(y="mark:Q")
    )
    description = (
        "A line for each pupil's attendance before, during and after the provision; a dashed line marks 90%: "
        "at it and below, absence is persistent."
    )
    return finish(alt.layer(expected, lines, dots), description, height=300)
