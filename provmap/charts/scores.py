"""Results as charts draw them: the axis of a scale, and colour and shape for at or below what is expected."""

from __future__ import annotations

import altair as alt
import polars as pl

from provmap.charts.drawing import AMBER, BLUE, DAY, GREY, legend

AT_EXPECTED = {
    True: ("at expected or above", BLUE, "circle"),
    False: ("below expected", AMBER, "triangle-down"),
}
UNJUDGED = "no expected mark set"


def score_axes(
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


def expected_words(results: pl.DataFrame) -> pl.DataFrame:
    """The results that are scores, each with the words for whether it is at expected."""
    words = {True: AT_EXPECTED[True][0], False: AT_EXPECTED[False][0]}
    said = pl.col("meets_expected").replace_strict(words, default=UNJUDGED, return_dtype=pl.String)
    return results.filter(pl.col("number").is_not_null()).with_columns(result=said)


def expected_colour(with_key: bool = True) -> alt.Color:
    domain = [*(words for words, _, _ in AT_EXPECTED.values()), UNJUDGED]
    colours = [*(colour for _, colour, _ in AT_EXPECTED.values()), GREY]
    scale = alt.Scale(domain=domain, range=colours)
    return alt.Color("result:N", title=None, scale=scale, legend=legend() if with_key else None)


def expected_shape() -> alt.Shape:
    domain = [*(words for words, _, _ in AT_EXPECTED.values()), UNJUDGED]
    shapes = [*(shape for _, _, shape in AT_EXPECTED.values()), "square"]
    return alt.Shape("result:N", title=None, scale=alt.Scale(domain=domain, range=shapes), legend=None)


def result_tooltip(named: bool) -> list[alt.Tooltip]:
    names = [alt.Tooltip("forename:N", title="Forename"), alt.Tooltip("surname:N", title="Surname")]
    return [
        *(names if named else []),
        alt.Tooltip("assessed_on:T", title="Assessed on", format=DAY),
        alt.Tooltip("value:N", title="Result"),
        alt.Tooltip("expected:N", title="Expected"),
    ]
