"""The charts of coverage, drawn as the other charts are: the five states of live needs."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from provmap.charts.drawing import BAR, STATE_COLOURS, Spec, finish, legend, named_above
from provmap.words import STATES, STATES_THEN


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
    y = alt.Y("need:N", title=None, sort=None, axis=named_above())
    colours = alt.Scale(domain=order, range=list(STATE_COLOURS.values()))
    bars = chart.mark_bar(height=BAR, stroke="white", strokeWidth=1, strokeOpacity=0.5).encode(
        x=x, y=y, order="order:Q",
        color=alt.Color("state:N", title=None, scale=colours, legend=legend()),
        tooltip=[alt.Tooltip("need:N", title="Need"), alt.Tooltip("state:N", title="State"),
                 alt.Tooltip("needs:Q", title="Live needs")],
    )  # fmt: skip
    description = (
        "Stacked bars: for each need, how many live needs have provision in place, are adjusted in class, "
    )
    return finish(
        bars,
        description + "start soon, stopped with nothing since, or have nothing recorded.",
    )


def coverage_over_time(months: pl.DataFrame) -> Spec:
    """A bar a month, made of the five states of the needs that were live then."""
    order: list[Any] = list(STATES_THEN.values())
    days = months.with_columns(day=pl.col("on_day").dt.strftime("%-d %b %Y")).rename(STATES_THEN)
    bars = (
        alt.Chart(days)
        .transform_fold(order, as_=["state", "needs"])
        .transform_calculate(order=f"indexof({order}, datum.state)")
        .mark_bar(stroke="white", strokeWidth=0.5, strokeOpacity=0.5)
        .encode(
            x=alt.X("day:O", title="A day in each month of a term", sort=None, axis=alt.Axis(labelAngle=-45)),
            y=alt.Y("needs:Q", title="Live needs (number)", stack="zero", axis=alt.Axis(format="d")),
            order="order:Q",
            color=alt.Color("state:N", title=None, legend=legend(),
                            scale=alt.Scale(domain=order, range=list(STATE_COLOURS.values()))),
            tooltip=[alt.Tooltip("day:O", title="Day"), alt.Tooltip("state:N", title="State"),
                     alt.Tooltip("needs:Q", title="Live needs")],
        )
    )  # fmt: skip
    words = "Stacked bars over time: how many live needs were in each of the five states, month by month."
    return finish(bars, words, height=420)
