"""What all charts share: colours, axes, the key, and how a chart is finished.

Colours are named here once; they differ in lightness as well as in hue, and no meaning rests on colour alone.
"""

from __future__ import annotations

from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

Spec = dict[str, Any]

# Altair checks each part against the schema as it is made, which takes longer than the question behind it.
# Every chart is checked as a whole in `tests/test_charts.py` instead.
disable_debug_mode()

BLUE, AMBER, GREEN, PLUM, SKY, RUST, GREY = (
    "#0072b2", "#c77700", "#00876a", "#b65c8e", "#2f8fcb", "#a8481c", "#6f6f6f",
)  # fmt: skip
SLATE = "#7d8796"
# The page behind a chart, light or dark: what is hollow is filled with it.
BEHIND = alt.ExprRef("background")
# A grey that can be read in either theme.
READABLE = "#878d98"
CATEGORIES = [BLUE, AMBER, GREEN, PLUM, RUST, SKY, GREY]
STATE_COLOURS = {
    "covered": "#0072b2",
    "in_class": "#6db3de",
    "planned": "#8d93a1",
    "lapsed": "#e0a03c",
    "unmet": "#a8481c",
}
TIER_COLOURS = {"universal": "#8a94a3", "targeted": "#2f8fcb", "specialist": "#7b4b94"}

# Below this, one pupil changes a rate a great deal: it is drawn hollow, or says so.
SMALL_GROUP = 6
BAR = 12
DAY = "%-d %b %Y"
TWO_LINES = "split(datum.label, ', ')"
LEFT = 76
DATES = alt.Axis(format="%b %Y", labelOverlap=True, tickCount=8)


def left_axis(**settings: Any) -> alt.Axis:
    """A vertical axis of one width, so that panels below each other share their time axis."""
    return alt.Axis(minExtent=LEFT, maxExtent=LEFT, labelLimit=LEFT - 10, **settings)


def named_above(extent: int = 0) -> alt.Axis:
    """Each row's name above its bar: no name is cut off, and on a narrow screen the bars keep their width."""
    return alt.Axis(
        labelAlign="left", labelPadding=-2, labelOffset=-BAR - 3, labelLimit=700, labelFontSize=12,
        ticks=False, domain=False, minExtent=extent, maxExtent=extent,
    )  # fmt: skip


def time_axis(field: str, scale: alt.Scale) -> alt.X:
    return alt.X(f"{field}:T", title=None, scale=scale, axis=DATES)


def legend(columns: int = 3) -> alt.Legend:
    return alt.Legend(
        orient="top", labelLimit=320, columns=columns, labelFontSize=12, columnPadding=12, symbolStrokeWidth=0
    )


def share_x(field: str, title: str | None) -> alt.X:
    return alt.X(
        f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=10)
    )


def share_y(field: str, title: str | None, axis: alt.Axis | None = None) -> alt.Y:
    axis = axis or alt.Axis(format=".0%", tickCount=5)
    return alt.Y(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)


def finish(chart: Any, description: str, height: int = 0, title: str = "", step: int = 36) -> Spec:
    """The specification, as wide as its place, and as high as told or as its rows need."""
    size = {"height": height or alt.Step(step)}
    named = {"title": alt.TitleParams(title, anchor="start", frame="group")} if title else {}
    whole = chart.properties(width="container", description=description, **size, **named)
    spec: Spec = whole.to_dict(validate=False)
    _halves_up(spec)
    return spec


def _halves_up(spec: Spec) -> None:
    """Rounded numbers in tooltips as in the tables: a half that floating point fell short of goes up."""
    for part in ("layer", "hconcat", "vconcat", "concat"):
        for inner in spec.get(part, []):
            _halves_up(inner)
    if "spec" in spec:
        _halves_up(spec["spec"])
    tooltips = spec.get("encoding", {}).get("tooltip", [])
    for tooltip in tooltips if isinstance(tooltips, list) else [tooltips]:
        if tooltip.get("type") != "quantitative" or "format" not in tooltip:
            continue
        field = f"datum['{tooltip['field']}']"
        nudged = f"isValid({field}) ? {field} + ({field} < 0 ? -1 : 1) * 1e-9 : null"
        shown = f"{tooltip['field']} shown"
        spec["transform"] = [*spec.get("transform", []), {"calculate": nudged, "as": shown}]
        tooltip["field"] = shown
