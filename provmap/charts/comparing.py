"""Our figures and others' on one axis: a row for each subject, year and group, a mark for each source."""

from __future__ import annotations

import altair as alt
import polars as pl

from provmap.charts.drawing import AMBER, BLUE, GREEN, GREY, PLUM, SKY, Spec, finish, legend, named_above

OURS, PAST = "ours", "our own past"
SHAPES = ["circle", "cross", "diamond", "square", "triangle-up", "triangle-down"]
COLOURS = [BLUE, SKY, AMBER, GREEN, PLUM, GREY]


def beside_others(figures: pl.DataFrame, title: str, ends: list[float], is_share: bool) -> Spec:
    """`figures`: named, who (ours, our own past, or a source), academic_year, figure, shown, is_small.

    `ends` are those of the measure over the whole school, so that the axis stays whatever is chosen.
    """
    others = [one for one in figures["who"].unique(maintain_order=True) if one not in (OURS, PAST)]
    who = [OURS, PAST, *sorted(others)]
    marks = [*SHAPES, *["triangle-down"] * len(who)][: len(who)]
    colours = [*COLOURS, *[GREY] * len(who)][: len(who)]
    names = figures["named"].unique(maintain_order=True).to_list()
    base = alt.Chart(figures).encode(
        x=alt.X(
            "figure:Q", title=title, scale=alt.Scale(domain=ends, nice=True, zero=False),
            axis=alt.Axis(format=(".0%" if ends == [0, 1] else ".1%") if is_share else "", tickCount=10),
        ),
        y=alt.Y("named:N", title=None, sort=names, axis=named_above()),
        color=alt.Color("who:N", title=None, scale=alt.Scale(domain=who, range=colours), legend=legend(4)),
        shape=alt.Shape("who:N", title=None, scale=alt.Scale(domain=who, range=marks), legend=legend(4)),
        tooltip=[alt.Tooltip("named:N", title="What"), alt.Tooltip("who:N", title="Whose"),
                 alt.Tooltip("academic_year:N", title="Academic year"),
                 alt.Tooltip("shown:N", title="Figure")],
    )  # fmt: skip
    rest = base.transform_filter(f"datum.who != '{OURS}'").mark_point(filled=True, size=80, opacity=0.9)
    ours = base.transform_filter(f"datum.who == '{OURS}' && !datum.is_small")
    small = base.transform_filter(f"datum.who == '{OURS}' && datum.is_small")
    layers = [
        rest,
        ours.mark_point(filled=True, size=150, opacity=1),
        small.mark_point(size=150, strokeWidth=2),
    ]
    description = (
        f"{title}: in each row a circle for our own latest figure (hollow for fewer than six pupils), "
        "crosses for our own past years, and another shape for each source that it is set beside."
    )
    return finish(alt.layer(*layers), description)
