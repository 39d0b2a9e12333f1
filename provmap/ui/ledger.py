"""The parts of "Where are we?": how many are in each state, who moved where, and the rule in plain words."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import streamlit as st

from provmap.charts import ledger_by
from provmap.ui.choices import choose_one, pick
from provmap.ui.figures import show_chart
from provmap.ui.page import Page, link, plain
from provmap.ui.settings import thresholds, to_thresholds
from provmap.ui.tables import show_exports, show_table
from provmap.words import LEDGER, count, joined

PICKED = "ledger"
LIST = "The list"
# What decides comes first, where a narrow screen shows it; a pupil's year and class come after.
PUPIL = ("surname", "forename", "subject")
STATE = (*PUPIL, "state", "reason", "running", "not_tried", "year_group", "class", "running_days", "tried",
         "state_before", "latest_value", "latest_on", "mark", "mark_kind", "points_below")  # fmt: skip
NOT_LISTED = "not in this list"
# Over the columns of the grid, where there is little room.
SHORT = {
    LEDGER["in_class"]: "In class", LEDGER["additional"]: "Additional",
    LEDGER["nothing_recorded"]: "Nothing", LEDGER["too_soon"]: "Too soon", NOT_LISTED: "Not listed",
}  # fmt: skip
# What each state means, under its number.
MEANS = {
    "in_class": "Something changed in class, and the gap narrows.",
    "additional": "Additional provision is in place, and the gap narrows.",
    "persists": "A term of provision, and the gap has not narrowed.",
    "closed": "At the mark at two results running, after being below.",
    "nothing_recorded": "Nothing is recorded now for this subject.",
    "too_soon": "Under a term, no result since, or at the mark once.",
}
BY = {"subject": "By subject", "year_group": "By year", "class": "By class", "groups": "By group"}


def in_play(moves: pl.DataFrame) -> pl.DataFrame:
    """The rows of `ledger`: those of `ledger_moves` that are in play now. Asked once, both are there."""
    return moves.filter(pl.col("state").is_not_null())


def show_counts(rows: pl.DataFrame, moves: pl.DataFrame) -> None:
    """A number for each state, with last term's beside it; its button shows that list alone."""
    in_state, before_in = Counter(rows["state"]), Counter(moves["state_before"])
    # One row, which wraps by the width that there is: three abreast, or two.
    for column, state in zip(st.columns(len(LEDGER)), LEDGER, strict=True):
        now, before = in_state[state], before_in[state]
        with column, st.container(border=True, height="stretch", gap="xsmall", key=f"tile_{state}"):
            # Above the number, where a long name is not cut off on a narrow screen.
            st.markdown(LEDGER[state].capitalize())
            st.metric(LEDGER[state].capitalize(), f"{now:,}", label_visibility="collapsed")
            change = f"{now - before:+,}" if now != before else "no change"
            st.caption(f"{MEANS[state]} Last term {before:,} ({change}).")
            st.button(
                "See the list", key=f"see_{state}", on_click=_pick, args=(state,), type="tertiary",
                icon=":material/arrow_downward:" if state in (st.session_state.get(PICKED) or ()) else None,
            )  # fmt: skip
    # Below so many tiles the list may be out of sight.
    picked = [LEDGER[state] for state in st.session_state.get(PICKED) or () if state in LEDGER]
    if picked:
        st.markdown(f"Below stands the list: **{joined(picked)}**. [Go to it](#the-list)")


def _pick(state: str) -> None:
    st.session_state[PICKED] = [state]
    st.session_state["ledger_part"] = LIST


def head_the_list(rows: pl.DataFrame, only: str) -> None:
    """Which list stands here, and how long it is."""
    if rows.is_empty() and not only:
        return
    name = only[:1].upper() + only[1:] if only else "Every state"
    how_many = count(rows.height, "pupil's subject", "pupils' subjects")
    st.subheader(f"{name}: {how_many}", anchor="the-list")


def show_parts(page: Page, rows: pl.DataFrame) -> None:
    """The states by subject, year, class or group, drawn and as numbers that open their pupils."""
    by = choose_one("Shown by", BY, key="ledger_by")
    counts = counted(page, rows, by)
    whole = counted(page, in_play(page.ask_school("ledger_moves")), by)
    largest = whole.group_by("part").agg(pl.col("pupils_subjects").sum())["pupils_subjects"].max()
    show_chart(page, ledger_by, counts, largest, key="ledger", choices=(by,))
    st.caption(
        ("A pupil in several groups is in each of their bars and rows, so groups do not add up. "
         if by == "groups" else "") + "Select a row to see the pupils behind it."
    )  # fmt: skip
    parts = page.ask("ledger_by", by="group" if by == "groups" else by)
    chosen = show_table(
        page, "ledger_by", parts, ("name", "pupils_subjects", *LEDGER, "pupils"), opens="row",
        key=f"ledger_by_{by}", only=BY[by].lower(), empty="Nothing is below the mark or has fallen.",
    )  # fmt: skip
    if chosen is not None:
        part = parts.row(chosen, named=True)
        _show_behind(page, behind_part(rows, by, part), str(part["name"]))


def _show_behind(page: Page, rows: pl.DataFrame, name: str) -> None:
    """The pupils' subjects that a row counts; a state alone gives the list behind that number."""
    how_many = count(rows.height, "pupil's subject", "pupils' subjects")
    st.subheader(plain(f"{name}: {how_many}"), anchor=False)
    rows, state = pick(rows, "state", LEDGER, key="ledger_part_state")
    show_table(
        page, "ledger", rows, STATE, key="behind_the_part",
        only=", ".join(part for part in (name, state) if part), empty="None of these is in this state.",
    )  # fmt: skip


def behind_part(rows: pl.DataFrame, by: str, part: dict[str, Any]) -> pl.DataFrame:
    """The rows of `ledger` that a row of `ledger_by` counts."""
    if part["is_all"]:
        return rows
    if by == "groups":
        return rows.filter(pl.col("groups").list.contains(part["by_key"]))
    key = pl.col("subject").str.to_lowercase() if by == "subject" else pl.col(by).fill_null("not recorded")
    of_school = pl.col("school_id") == part["school_id"] if by == "class" else pl.lit(True)
    return rows.filter((key == part["by_key"]) & of_school)


def counted(page: Page, rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Pupils' subjects by part and state; the parts in the order in which people read them."""
    parts = rows.explode("groups") if by == "groups" else rows
    parts = parts.with_columns(part=pl.col(by)).filter(pl.col("part").is_not_null())
    labels = page.labels("groups" if by == "groups" else "year_groups") if by != "class" else {}
    order = {value: place for place, value in enumerate(labels)}
    counts = parts.group_by("part", "state").len("pupils_subjects").with_columns(
        order=pl.col("part").replace_strict(order, default=len(order), return_dtype=pl.Int64),
        pupils_subjects=pl.col("pupils_subjects").cast(pl.Int64),
    )  # fmt: skip
    called = pl.col("part").replace(labels) if by in ("groups", "year_group") else pl.col("part")
    if by == "subject":
        called = called.str.head(1).str.to_uppercase() + called.str.slice(1)
    return counts.sort("order", "part", "state").with_columns(part=called).drop("order")


def show_moves(page: Page, moves: pl.DataFrame) -> pl.DataFrame | None:
    """Who moved where since last term, as a grid of counts; returns the rows of the cell that is selected."""
    st.caption(
        "Down the side: the day before this term began. Across: now. Select a count to see the pupils."
    )
    grid = grid_of(moves)
    columns = [name for name in grid.columns if name != "before"]
    settings: dict[str, Any] = {"before": st.column_config.TextColumn("Last term", width=275, pinned=True)}
    settings |= {
        name: st.column_config.NumberColumn(
            SHORT.get(name, name.capitalize()), format="%d", width=90, help=name
        )
        for name in columns
    }
    event = st.dataframe(
        grid, hide_index=True, column_config=settings, placeholder="", key=page.key("moves"),
        on_select="rerun", selection_mode="single-cell",
        alt="Pupils' subjects by their state last term and now",
    )  # fmt: skip
    show_exports(page, "ledger_moves", moves, "ledger_moves_grid")
    for row, column in event.selection.cells:
        if column in columns and row < grid.height:
            return behind_move(moves, grid["before"][row], column)
    return None


def grid_of(moves: pl.DataFrame) -> pl.DataFrame:
    """A row for each state last term, a column for each now, counts in the cells (empty: none), and sums."""
    states = [*LEDGER.values(), NOT_LISTED]
    lines = []
    for before in [*states, "all"]:
        counts = {now: behind_move(moves, before, now).height or None for now in [*states, "all"]}
        lines.append({"before": before, **counts})
    schema: dict[str, Any] = {"before": pl.String} | dict.fromkeys([*states, "all"], pl.Int64)
    return pl.DataFrame(lines, schema=schema)


def behind_move(moves: pl.DataFrame, before: str, now: str) -> pl.DataFrame:
    """The pupils' subjects that a count of the grid is made of."""
    codes: dict[str, str | None] = {words: state for state, words in LEDGER.items()} | {NOT_LISTED: None}
    for column, words in (("state_before", before), ("state", now)):
        if words != "all":
            moves = moves.filter(pl.col(column).eq_missing(pl.lit(codes[words], dtype=pl.String)))
    return moves


def show_no_data(page: Page) -> None:
    """How many pupils' subjects are not here because there is no result to judge by."""
    missing = page.ask("no_data")
    if missing.height:
        pupils = page.remembered(
            "pupils without data", lambda: missing.select("school_id", "pupil_id").n_unique()
        )
        who = count(pupils, "pupil")
        st.caption(
            f"Not in these lists: {count(missing.height, 'subject')} of {who} without a result, or without a "
            "mark to judge it by. That is neither good news nor bad."
        )
        link("gaps", "See who has no data", part="No data")


def show_rule(page: Page) -> None:
    """What is counted, in plain words, with the thresholds of the page's day."""
    now = thresholds(page)
    loss = float(now["ledger_fall_months"])
    age = f"{loss:g} months of a reading or spelling age" if loss else "any loss of a reading or spelling age"
    with st.expander("How this is worked out"):
        st.markdown(
            f"""
- **Who is here.** For each pupil and subject we take one result a term, on the scale of the latest
  result of the last {now["assessment_window"]} days. A subject is listed when that result is below
  its mark; or was, until a result or two ago; or is worse than the one before by at
  least {now["ledger_fall_sd"]} standard deviations, {now["ledger_fall_steps"]} step of a graded
  scale, {age}, or {float(now["ledger_fall_range"]):.0%} of the range of other scores. The mark is what is
  expected for the year group and term; for more-able pupils, greater depth.
- **For the subject** is what names the subject, or names no subject and answers a need in cognition
  and learning.
- **On course**: since the provision began the gap to the mark has narrowed on at least one scale of
  the subject and widened on none; or the pupil's own target, agreed with pupil or parent, is on course.
- **Closed**: at the mark at two results running, after one below it. **Being solved by additional
  provision**, or **being handled in class**: that is in place now and on course. **Persists**: it
  has run for {now["ledger_term_days"]} days or more in all (what ended in the last
  {now["ledger_look_back"]} days included), there is a result since, and it is not on course. **Too
  soon to say**: less than that, no result since, or at the mark once. **Nothing recorded**: the
  rest. Each subject is in the first of these that holds.
- **Last term** is the day before this term began, for the same pupils.

The school can change these numbers, from a day on."""
        )
        to_thresholds("Where are we?", "Change these numbers")
