"""One pupil on one time axis: needs, provision, results and attendance, a panel below the other."""

from __future__ import annotations

from datetime import date

import altair as alt
import polars as pl

from provmap.charts.drawing import (
    BEHIND,
    DAY,
    GREY,
    LEFT,
    READABLE,
    RUST,
    SKY,
    SLATE,
    TIER_COLOURS,
    Spec,
    finish,
    left_axis,
    legend,
    named_above,
    share_y,
    time_axis,
)
from provmap.charts.scores import (
    expected_colour,
    expected_shape,
    expected_words,
    in_pieces,
    missed_marks,
    result_tooltip,
    score_axes,
)
from provmap.words import TIERS


def pupil_panels(
    frames: dict[str, pl.DataFrame], last: date, with_single: bool = True, with_key: bool = True
) -> list[Spec]:
    """One pupil on one time axis, a panel below the other: needs, provision, results by subject, attendance.

    `frames` has `needs`, `breaks`, `placements`, `findings` (overlaps and repeats), `results`, `attendance`,
    and `whole`: everyone's results, so that one pupil's axes are the next pupil's too. A scale with a single
    result has no panel unless `with_single`: one dot on a time axis tells less than a sentence. The first
    panel of results has the key, unless its words stand elsewhere.
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
    is_first = with_key
    for (subject, scale), rows in results.group_by(["subject", "scale"], maintain_order=True):
        scores = rows["number"].count()
        if not scores or (scores == 1 and not with_single):
            continue
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
    rows = alt.Y("need:N", title=None, sort=first_of, axis=named_above(LEFT))
    bars = (
        alt.Chart(needs)
        .mark_bar(height=14, cornerRadius=3, clip=True, color=SLATE)
        .encode(
            x=time_axis("start_date", time), x2="drawn_until:T", y=rows,
            tooltip=[
                alt.Tooltip("need:N", title="Need"), alt.Tooltip("start_date:T", title="From", format=DAY),
                alt.Tooltip("end_date:T", title="Ended", format=DAY),
                alt.Tooltip("barrier:N", title="Barrier to learning"),
            ],
        )
    )  # fmt: skip
    hollow = (
        alt.Chart(breaks.rename({"line": "need"}))
        .mark_bar(height=14, clip=True, color=BEHIND, stroke=RUST, strokeWidth=1.5, strokeDash=[4, 3])
        .encode(x=time_axis("from_date", time), x2="to_date:T", y=rows, tooltip=_span_tooltip())
    )
    chart = alt.layer(bars, hollow) if breaks.height else bars
    words = "Bars over time: when each need was live; hollow where nothing was in place for it."
    title = "Needs (hollow: nothing was in place)" if breaks.height else "Needs"
    return finish(chart, words, title=title)


def _timeline(placements: pl.DataFrame, findings: pl.DataFrame, time: alt.Scale) -> Spec:
    drawn = placements.with_columns(tier_words=pl.col("tier").replace(TIERS))
    colours = alt.Scale(domain=list(TIERS.values()), range=list(TIER_COLOURS.values()))
    first_of = alt.EncodingSortField("start_date", op="min")
    rows = alt.Y("provision:N", title=None, sort=first_of, axis=named_above(LEFT))
    bars = (
        alt.Chart(drawn)
        .mark_bar(height=14, cornerRadius=3, clip=True)
        .encode(
            x=time_axis("start_date", time), x2="drawn_until:T", y=rows,
            color=alt.Color("tier_words:N", title=None, scale=colours, legend=legend()),
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
        .encode(x=time_axis("from_date", time), x2="drawn_until:T", y=rows, tooltip=_span_tooltip())
    )
    chart = alt.layer(bars, outlined) if findings.height else bars
    words = (
        "Bars over time: when each provision began and ended, coloured by tier; outlined where it overlaps."
    )
    title = "Provision (outlined: possible overlap or repeat)" if findings.height else "Provision"
    return finish(chart, words, title=title)


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
    scored, missed = in_pieces(results)
    base = alt.Chart(expected_words(scored))
    x = time_axis("assessed_on", time)
    y, expected_y = score_axes(whole, scored, axis=left_axis(tickCount=4, labelOverlap=False))
    colour, shape = expected_colour(with_key), expected_shape()
    shaded = (
        alt.Chart(during)
        .mark_rect(opacity=0.16, color=SKY, clip=True)
        .encode(
            x=time_axis("start_date", time),
            x2="drawn_until:T",
            tooltip=[alt.Tooltip("provision:N", title="During")],
        )
    )
    chart = alt.layer(
        *([shaded] if during.height else []),
        *(missed_marks(missed, x, WHEN) if missed.height else []),
        base.mark_line(color=GREY, strokeWidth=1.5, clip=True).encode(x=x, y=y, detail="piece:N"),
        base.mark_tick(orient="horizontal", thickness=2, width=16, color=GREY).encode(x=x, y=expected_y),
        base.mark_point(size=80, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=result_tooltip(named=False)
        ),
    )
    words = (
        f"{title}: this pupil's results over time; short bars mark the expected result; "
        "shaded while provision ran."
    ) + _said(missed)
    # A row for each word of the scale; a number needs no more than a strip.
    height = 0 if str(y.shorthand).endswith(":O") else 210 if with_key else 170
    spec = finish(chart, words, height=height, title=title, step=15)
    if missed.height:
        spec["title"] |= {"subtitle": "boxed: no score", "subtitleFontSize": 11, "subtitleColor": READABLE}
    return spec


WHEN = alt.Tooltip("assessed_on:T", title="Assessed on", format=DAY)


def _said(missed: pl.DataFrame) -> str:
    """The tests that were missed, for who cannot see the boxes."""
    told = [f"{row['assessed_on']:%-d %b %Y}: {row['because']}" for row in missed.iter_rows(named=True)]
    return f" The line leaves a hole where there is no score: {'; '.join(told)}." if told else ""


def _attendance_panel(attendance: pl.DataFrame, time: alt.Scale) -> Spec:
    title = "Attendance (% of possible sessions)"
    chart = (
        alt.Chart(attendance)
        .mark_rect(color=SKY, clip=True, stroke=BEHIND, strokeWidth=0.5)
        .encode(
            x=time_axis("start_date", time), x2="end_date:T",
            y=share_y("attended_share", None, axis=left_axis(format=".0%", values=[0, 0.5, 1])),
            y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("start_date:T", title="From", format=DAY),
                alt.Tooltip("end_date:T", title="Until", format=DAY),
                alt.Tooltip("attended_share:Q", title="Attendance", format=".1%"),
                alt.Tooltip("attended:Q", title="Attended sessions"),
                alt.Tooltip("possible:Q", title="Possible sessions"),
            ],
        )
    )  # fmt: skip
    return finish(chart, "Bars over time: the share of possible sessions attended.", height=150, title=title)
