"""Results as charts draw them: the axis of a scale, and colour and shape for at or below what is expected."""

from __future__ import annotations

import altair as alt
import polars as pl

from provmap.charts.drawing import AMBER, BEHIND, BLUE, DAY, GREY, READABLE, legend

AT_EXPECTED = {
    True: ("at expected or above", BLUE, "circle"),
    False: ("below expected", AMBER, "triangle-down"),
}
UNJUDGED = "no expected mark set"
# A code that is longer has no room in its box, which is so many pixels wide.
LONGEST_CODE, BOX = 2, 17


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


def in_pieces(results: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The scores, in pieces that a line may join (`piece`), and what was missed between or beside them.

    A test that was missed (absent, a code, a blank) is no nought and no point on the way: the line ends
    before it and begins again after it. One that was sat on the same day after all was not missed.
    """
    is_score = pl.col("number").is_not_null()
    dated = results.filter(pl.col("assessed_on").is_not_null()).sort("assessed_on", maintain_order=True)
    dated = dated.filter(is_score | ~is_score.any().over("assessed_on"))
    dated = dated.with_columns(piece=(~is_score).cum_sum())
    missed = code_and_reason(dated.filter(~is_score))
    return dated.filter(is_score), missed.unique("assessed_on", maintain_order=True)


def code_and_reason(missed: pl.DataFrame) -> pl.DataFrame:
    """What stands in the box of a missed test, and why there is no score."""
    code = pl.col("value").str.strip_chars()
    return missed.with_columns(
        says=pl.when(code.str.len_chars().is_between(1, LONGEST_CODE)).then(code).otherwise(pl.lit("–")),
        because=pl.col("no_score_because").fill_null("Nothing recorded"),
    )


def missed_marks(missed: pl.DataFrame | alt.NamedData, x: alt.X, *titles: alt.Tooltip) -> list[alt.Chart]:
    """Where a test was missed: its code in a hollow box above a dashed line, at the height of no score."""
    base = alt.Chart(missed)
    tooltip = [*titles, alt.Tooltip("says:N", title="No score"), alt.Tooltip("because:N", title="Because")]
    top = alt.value(BOX / 2)
    return [
        base.mark_rule(color=GREY, strokeDash=[2, 3], opacity=0.7).encode(x=x, tooltip=tooltip),
        base.mark_point(
            shape="square", size=BOX**2, filled=False, fill=BEHIND, stroke=GREY, strokeWidth=1, opacity=1
        ).encode(x=x, y=top, tooltip=tooltip),
        base.mark_text(fontSize=10, color=READABLE, baseline="middle").encode(
            x=x, y=top, text="says:N", tooltip=tooltip
        ),
    ]


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
