"""Groups beside the rest of the pupils counted, term by term; and two groups crossed."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.page import Page
from provmap.ui.tables import rounded, show_table
from provmap.ui.tracking import (
    MARKS,
    Tracked,
    choose_mark,
    has_no_mark,
    has_no_score,
    in_terms_of,
    say_small,
    say_without_mark,
)
from provmap.words.progress import GAP_SAYS

USUAL = ("all", "pupil_premium", "sen_support", "ehc_plan", "eal")
GAP_COLUMNS = {
    "expected": ("expected_or_above", "expected_share", "rest_share", "gap_points", "gap_low", "gap_high",
                 "gap_says", "gap_since_term", "gap_since_year"),
    "depth": ("greater_depth", "depth_share", "rest_depth_share", "depth_gap_points", "depth_gap_low",
              "depth_gap_high", "depth_gap_says", "depth_gap_since_term", "depth_gap_since_year"),
}  # fmt: skip


def show_groups(tracked: Tracked) -> None:
    """Each group against all others, or two groups crossed."""
    how = choose_one("Look at", {"each": "Each group", "crossed": "Two groups crossed"}, key="groups_how")
    if how == "crossed":
        _crossed(tracked)
    else:
        _each(tracked)


def _each(tracked: Tracked) -> None:
    page = tracked.page
    points = tracked.ask("progress_by_group")
    if has_no_score(points):
        return
    names = dict(points.select("group_code", "group").unique(maintain_order=True).iter_rows())
    usual = [code for code in USUAL if code in names]
    chosen = st.multiselect(
        "Groups", list(names), default=usual, format_func=lambda code: names[code], key="shown_groups",
        max_selections=7, placeholder="Choose groups to compare",
    )  # fmt: skip
    mark = choose_mark(tracked, "groups_mark")
    shown = points.filter(pl.col("group_code").is_in(chosen)).with_columns(group_name="group")
    if shown.is_empty():
        st.info("Choose at least one group.")
        return
    wanted = tuple(names[code] for code in chosen)
    changes = _changes(page, chosen)
    drawn = in_terms_of(shown, mark)
    if has_no_mark(drawn):
        return
    show_chart(page, charts.share_by_term, drawn, wanted, changes, MARKS[mark][0], key="shares",
               choices=(*chosen, mark, tracked.measure))  # fmt: skip
    say_small(shown, "group")
    say_without_mark(shown)
    _say_changes(changes)
    _gaps(page, shown, mark, (*chosen, tracked.measure))
    show_table(
        page, "progress_by_group", shown.sort("term_order", "group", descending=[True, False]),
        ("group", "academic_year", "term", "pupils", "assessed", "in_group_then", *GAP_COLUMNS[mark]),
        only=f"{tracked.name}: {', '.join(wanted)}", empty="", opens="",
    )  # fmt: skip


def _gaps(page: Page, shown: pl.DataFrame, mark: str, choices: tuple[str, ...]) -> None:
    """The latest term: each group beside the rest, with what may be chance said in words."""
    drawn, lines = page.of_rows(("gaps", mark), shown, lambda: _latest_gaps(shown, mark))
    if drawn.is_empty():
        return
    st.subheader(f"The gap to the rest, {drawn['point'][0].replace(',', '')}", anchor=False)
    st.caption(
        "The rest: all other pupils counted here. A small group, or a gap whose interval has 0 in "
        "it, may differ by "
        "chance alone; the gap says nothing about why."
    )
    show_chart(page, charts.gap_to_the_rest, drawn, MARKS[mark][0], key="gaps", choices=(*choices, mark))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _latest_gaps(shown: pl.DataFrame, mark: str) -> tuple[pl.DataFrame, list[str]]:
    """The rows of the latest term as the chart takes them, and a sentence for each."""
    _, _, _, rest, gap = MARKS[mark]
    latest = shown.filter((pl.col("term_order") == pl.col("term_order").max()) & pl.col(rest).is_not_null())
    low = "expected_share" if mark == "expected" else "depth_share"
    drawn = in_terms_of(latest, mark).with_columns(
        rest_share=rest, share_low=f"{low}_low", share_high=f"{low}_high",
        says=pl.col(f"{gap}_says").replace(GAP_SAYS),
    )  # fmt: skip
    before = (pl.col(f"{gap}_points") - pl.col(f"{gap}_since_year")).alias("year_before")
    rows = rounded(latest.with_columns(before)).iter_rows(named=True)
    return drawn, [gap_sentence(row, gap) for row in rows]


def gap_sentence(row: dict[str, Any], gap: str) -> str:
    """ "Pupil premium: 12 points behind the rest, 40 assessed": a gap (rounded), and whether it may be
    chance.
    """
    says, points = row[f"{gap}_says"], _beside_the_rest(row[f"{gap}_points"])
    size = f"**{row['group']}**: {points} the rest, {row['assessed']} assessed"
    if says == "small":
        return f"{size}. Fewer than six pupils on one side: too few to say anything."
    span = _span(*(round(row[f"{gap}_{end}"]) for end in ("low", "high")))
    if says == "chance":
        return f"{size}. The difference may be chance: {span} would fit these numbers."
    before = row["year_before"]
    moved = "" if before is None else f" A year before it was {_beside_the_rest(before)} the rest."
    return f"{size}. As far as chance goes, {span}.{moved}"


def _span(low: int, high: int) -> str:
    """Between which two the gap lies: "from 3 to 29 points behind", "from 9 behind to 16 points ahead"."""
    if low < 0 and high <= 0:
        return f"from {abs(high)} to {abs(low)} points behind"
    if low >= 0:
        return f"from {low} to {high} points ahead"
    return f"from {abs(low)} points behind to {high} ahead"


def _beside_the_rest(points: float) -> str:
    """On which side, by the number that is shown (rounded before): nought is on neither."""
    if points == 0:
        return "level with"
    unit = "point" if abs(points) == 1 else "points"
    return f"{abs(points):.0f} {unit} {'behind' if points < 0 else 'ahead of'}"


def _changes(page: Page, chosen: list[str]) -> pl.DataFrame:
    """When one of the chosen groups was defined anew, or many joined or left it, with the words for it."""
    rows = page.ask("progress_group_changes").filter(pl.col("is_large") & pl.col("group_code").is_in(chosen))
    moved = pl.format("{} joined and {} left, of {}", "joined", "left", "pupils")
    says = pl.when(pl.col("what") == "definition").then(pl.lit("its definition was agreed")).otherwise(moved)
    return rows.with_columns(says=says)


def _say_changes(changes: pl.DataFrame) -> None:
    if changes.height:
        said = [
            f"{row['group']}: {row['on_day']:%-d %b %Y}, {row['says']}"
            for row in changes.iter_rows(named=True)
        ]
        st.caption(
            "Dashed uprights: the group itself changed, so that before and after are not the same "
            "pupils or the same "
            f"meaning. {'; '.join(said)}."
        )


def _crossed(tracked: Tracked) -> None:
    page = tracked.page
    held = tracked.ask("progress_by_group").filter(pl.col("group_code") != "all")
    names = dict(held.select("group_code", "group").unique(maintain_order=True).iter_rows())
    if len(names) < 2:
        st.info("Two groups are needed: fewer have a pupil with a result here.")
        return
    codes = list(names)
    usual = [
        codes.index(code) if code in names else place for place, code in enumerate(("pupil_premium", "eal"))
    ]
    left, right = st.columns(2)
    first = left.selectbox(
        "First group", codes, index=usual[0], format_func=lambda code: names[code], key="first_group"
    )
    others = [code for code in codes if code != first]
    place = others.index("eal") if "eal" in others else 0
    other = right.selectbox(
        "Second group", others, index=place, format_func=lambda code: names[code], key="second_group"
    )
    mark = choose_mark(tracked, "crossed_mark")
    parts = {
        "both": "in both", "first_only": f"only {names[first]}",
        "other_only": f"only {names[other]}", "neither": "in neither",
    }  # fmt: skip
    groups = {"first_group": first, "other_group": other}
    rows = tracked.ask("progress_crossed", **groups).with_columns(group_name=pl.col("who").replace(parts))
    latest = rows.filter(pl.col("term_order") == pl.col("term_order").max()).with_columns(group="group_name")
    st.caption(
        "Each pupil counted here is in exactly one of the four. Each of them is compared with all "
        "the others of the "
        "same pupils."
    )
    drawn = in_terms_of(rows, mark)
    nothing = pl.DataFrame(schema={"point": pl.String})
    choices = (first, other, mark, tracked.measure)
    if has_no_mark(drawn):
        return
    show_chart(page, charts.share_by_term, drawn, tuple(parts.values()), nothing, MARKS[mark][0],
               key="crossed", choices=choices)  # fmt: skip
    say_small(rows.filter(pl.col("assessed") > 0), "group_name")
    say_without_mark(rows)
    _gaps(page, latest, mark, choices)
    st.subheader(f"The pupils, {latest['point'][0]}", anchor=False)
    said = f"{tracked.name}: {names[first]} and {names[other]}, {latest['point'][0]}"
    picked = show_table(
        page, "progress_crossed", latest.with_columns(who="group_name"),
        ("who", "pupils", "assessed", *GAP_COLUMNS[mark]), only=said, empty="", opens="row",
    )  # fmt: skip
    term = f"{latest['academic_year'][0]} {latest['term'][0]}"
    who = tracked.ask("progress_crossed_pupils", at_term=term, **groups)
    part = latest["who"][picked if picked is not None else 0]
    listed = who.filter(pl.col("who") == part)
    st.markdown(f"**{parts[part][:1].upper()}{parts[part][1:]}** (choose a row above for the others)")
    show_table(
        page, "progress_crossed_pupils", listed.with_columns(who=pl.col("who").replace(parts)),
        ("surname", "forename", "year_group", "class", "value", "expected", "standing"),
        only=f"{said}, {parts[part]}", empty="Nobody is in this part.", key="crossed_pupils",
    )  # fmt: skip
