"""How needs are met: the matrix of needs and responses, hours of plans, and whom the offer misses."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.barriers import close_barrier, removed_barriers
from provmap.ui.choices import choose_one, pick
from provmap.ui.page import Page, link
from provmap.ui.tables import capital, show_table
from provmap.words import MET, NOT_REACHED, count, heading
from provmap.words.grounds import KEPT

ROWS = {"area": "Areas of need", "need": "Needs", "barrier": "Barriers"}
WAYS = ("whole_class", "guided_group", "in_group", "individually", "beyond_school")
PUPIL = ("surname", "forename", "year_group", "class")
BEYOND = "Nothing beyond whole class"


def matrix(page: Page) -> None:
    """Needs or barriers down, ways to meet them across; a row opens the needs behind it."""
    kind = choose_one("Rows", ROWS, key="matrix_rows")
    rows = page.ask("response_matrix").filter(pl.col("row_kind") == kind)
    rows = rows.with_columns(capital(pl.col("name"))) if kind == "area" else rows
    st.caption(
        "Numbers are needs: a need met in two ways counts in both. Whole class counts what everybody in the "
        "year gets. Select a row to see the needs behind it."
    )
    _say_whole_class_only(page)
    shown = [name for name in (*WAYS, "unsaid") if name != "unsaid" or rows["unsaid"].sum()]
    chosen = show_table(
        page, "response_matrix", rows,
        ("name", "live_needs", "whole_class_only", "adjusted_only", "without", *shown, "pupils"),
        key=f"matrix_{kind}", only=ROWS[kind].lower(), opens="row",
        none_for=(*WAYS, "unsaid", "whole_class_only", "adjusted_only", "without"),
        empty="No barrier is recorded." if kind == "barrier" else "No needs are recorded for these pupils.",
    )  # fmt: skip
    if chosen is not None:
        row = rows.row(chosen, named=True)
        st.subheader(row["name"], anchor=False)
        needs = behind(page.ask("need_responses"), row)
        show_table(
            page, "need_responses", needs, (*PUPIL, "need", "state", *shown, "barrier"), empty="",
            only=row["name"], key="behind_matrix",
        )  # fmt: skip
        if kind == "barrier":
            close_barrier(page, needs)
    if kind == "barrier":
        removed_barriers(page)


def not_beyond(needs: pl.DataFrame) -> pl.DataFrame:
    """The needs met in no way besides the whole class, and by nothing additional."""
    return needs.filter(pl.col("met_by") != "more")


def _say_whole_class_only(page: Page) -> None:
    needs = page.ask("need_responses")
    if needs.is_empty():
        return
    kinds = not_beyond(needs)
    of = {kind: kinds.filter(met_by=kind).height for kind in MET}
    st.markdown(
        f"Of {count(needs.height, 'live need')}, **{of['offer']:,}** get only what everybody in class gets, "
        f"**{of['adjusted']:,}** are adjusted in class for this pupil and get nothing beyond, and "
        f"**{of['nothing']:,}** get nothing at all."
    )
    with st.container(horizontal=True):
        for kind, words in MET.items():
            if of[kind]:
                link("responses", f"See {words} ({of[kind]:,})", met=words, responses_part=BEYOND)


def beside_coverage(needs: pl.DataFrame) -> str:
    """Why *nothing at all* here and *nothing recorded* on Coverage are two numbers."""
    unmet = needs.filter(state="unmet")
    none, offered = unmet.filter(met="nothing").height, unmet.filter(met="whole_class").height
    other = needs.filter(met="nothing").height - none
    return (
        f"*Nothing recorded* on Coverage is {unmet.height:,}: there, what everybody gets is no answer. "
        f"Of these, {offered:,} get what everybody gets, and {none:,} nothing at all"
        + (
            f". Of the needs that are starting soon or have stopped, {other:,} more get nothing."
            if other
            else "."
        )
    )


def whole_class_only(page: Page) -> None:
    """Needs that nothing answers but what the whole class gets, and those that nothing answers at all."""
    every = page.ask("need_responses")
    st.caption(
        "What everybody in the year gets, or a change in class, may be enough for a need: it is a "
        "question to ask, not a fault. Where a change in class is recorded for this very pupil, that is said."
    )
    if every.height:
        st.markdown(beside_coverage(every))
    needs, only = pick(not_beyond(every), "met_by", MET, key="met")
    show_table(
        page, "need_responses", needs,
        (*PUPIL[:2], "need", "met_by", "whole_class", "state", *PUPIL[2:], "barrier"),
        only=only or "nothing beyond whole class", key="whole_class_only",
        empty="Every recorded need of these pupils has something beyond what the whole class gets.",
    )  # fmt: skip


def behind(needs: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    """The live needs that a row of the matrix counts."""
    if row["row_kind"] == "area":
        return needs.filter(pl.col("area").fill_null("no broad area") == row["row_key"])
    if row["row_kind"] == "need":
        return needs.filter(pl.col("need_code") == row["row_key"])
    words = pl.col("barrier").str.strip_chars(" ").str.to_lowercase()
    return needs.filter((words == row["row_key"]) & pl.col("barrier_removed_on").is_null())


def plan_hours(page: Page) -> None:
    """What plans require beside what is timetabled and what is delivered."""
    st.caption(
        "Minutes a week. Delivered is what was attended in the last school weeks by the record of sessions, "
        "else the timetabled minutes times sessions attended of those planned; empty is not known."
    )
    rows = page.ask("plan_hours")
    if rows.height:
        st.markdown(delivered_words(rows))
    rows, only = pick(rows, "kept", KEPT, key="hours_kept")
    show_table(
        page, "plan_hours", rows,
        ("surname", "forename", "need", "specified", "timetabled", "delivered", "timetabled_share",
         "delivered_share", "delivered_from", "provisions", "required_by", "year_group", "class"),
        only=only, empty="None of these." if only else "No plan of these pupils requires minutes a week.",
    )  # fmt: skip


def say_hours(page: Page) -> None:
    """Beside the gaps: plans whose hours are arranged, and recorded as delivered for less."""
    short = page.ask("plan_hours").filter(kept="short").height
    if short:
        words = f"Not among the gaps where it is arranged: hours {KEPT['short']} ({short:,})"
        link("responses", words, responses_part="Hours of plans", hours_kept=KEPT["short"])


def delivered_words(rows: pl.DataFrame) -> str:
    """How many plans were kept, and how many only look broken because sessions may not be written down."""
    short = rows.filter(kept="short")
    by_register = short.filter(delivered_from="sessions").height
    planned_short = rows.filter(pl.col("timetabled") < pl.col("specified")).height
    unknown = rows.filter(pl.col("delivered").is_null()).height
    said = [
        f"A plan asks for hours for {count(rows.height, 'need')}: **{planned_short:,}** are timetabled "
        f"for less, and **{short.height:,}** are recorded as delivered for less."
    ]
    if by_register:
        said.append(
            f"In {by_register:,} of these the record of sessions says so: a session that was held and not "
            "written down counts as not held, so look at the register first."
        )
    if unknown:
        said.append(f"Of **{unknown:,}** nobody can say: neither sessions nor attendance is recorded.")
    return " ".join(said)


def not_reached(page: Page) -> None:
    """Pupils who miss what everybody else gets."""
    st.caption(
        "Pupils who are taken out of a lesson, have an agreed part-time timetable, or are elsewhere for some "
        "of their provision. Without a subject: it may touch any."
    )
    rows, only = pick(page.ask("offer_not_reached"), "kind", NOT_REACHED, key="missed")
    show_table(
        page, "offer_not_reached", rows,
        (*PUPIL, "subject", "reason", "weekly_minutes", "since", "kind"), only=only,
        empty="What everybody gets reaches all of these pupils, as far as is recorded.",
    )  # fmt: skip


def aimed_at(page: Page) -> None:
    """Whom each provision is aimed at, and how many of them have it."""
    st.caption("Information, not a gap: being in a group is no need. Select a provision to see the pupils.")
    rows = page.ask("aimed_at")
    chosen = show_table(
        page, "aimed_at", rows,
        ("provision", "group_codes", "aimed_at", "have_it", "have_share", "others", "tier"), opens="row",
        empty="No provision that runs on this day is aimed at a group.",
    )  # fmt: skip
    if chosen is not None:
        provision = rows.row(chosen, named=True)
        st.subheader(provision["provision"], anchor=False)
        is_this = [pl.col(name) == provision[name] for name in ("school_id", "provision_id")]
        show_table(
            page, "aimed_at_pupils", page.ask("aimed_at_pupils").filter(is_this), (*PUPIL, "has_it"),
            only=provision["provision"], empty=f"{heading('aimed_at')} nobody who is counted here.",
        )  # fmt: skip
