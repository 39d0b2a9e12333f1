"""The chart of "Where are we?", drawn as the other charts are."""

from __future__ import annotations

import altair as alt
import polars as pl

from provmap.charts.drawing import BAR, Spec, finish, legend, named_above
from provmap.words import LEDGER

# Told apart by lightness too; the order of the bars is that of the states.
COLOURS = {
    "in_class": "#6db3de",
    "additional": "#0072b2",
    "persists": "#a8481c",
    "closed": "#00876a",
    "nothing_recorded": "#e0a03c",
    "too_soon": "#8d93a1",
}


def ledger_by(counts: pl.DataFrame, largest: int) -> Spec:
    """A bar a subject, year, class or group (`part`), made of the states of its pupils' subjects."""
    order = list(LEDGER)
    said = pl.col("state").replace(LEDGER)
    place = pl.col("state").replace_strict({state: place for place, state in enumerate(order)})
    x = alt.X(
        "pupils_subjects:Q", title="Pupils' subjects (number)", stack="zero",
        scale=alt.Scale(domain=[0, max(largest, 1)], nice=True),
        axis=alt.Axis(format="d", tickMinStep=1),
    )  # fmt: skip
    colours = alt.Scale(domain=list(LEDGER.values()), range=[COLOURS[state] for state in order])
    chart = alt.Chart(counts.with_columns(said=said, order=place))
    bars = chart.mark_bar(height=BAR, stroke="white", strokeWidth=1, strokeOpacity=0.5).encode(
        x=x, y=alt.Y("part:N", title=None, sort=None, axis=named_above()), order="order:Q",
        color=alt.Color("said:N", title=None, scale=colours, legend=legend(columns=2)),
        tooltip=[alt.Tooltip("part:N", title="Of"), alt.Tooltip("said:N", title="State"),
                 alt.Tooltip("pupils_subjects:Q", title="Pupils' subjects")],
    )  # fmt: skip
    return finish(bars, "Stacked bars: how many pupils' subjects are in each state.")
