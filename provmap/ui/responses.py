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

ROWS = {"area": "Areas of need", "need": "Needs", "barrier": "Barriers"}
WAYS = ("whole_class", "guided_group", "in_group", "individually", "beyond_school")
PUPIL = ("surname", "forename", "year_group", "class")


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
        ("name", "live_needs", "whole_class_only", "without", *shown, "pupils"),
        key=f"matrix_{kind}", only=ROWS[kind].lower(), opens="row",
        none_for=(*WAYS, "unsaid", "whole_class_only", "without"),
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


def _say_whole_class_only(page: Page) -> None:
    needs = page.ask("need_responses")
    if needs.is_empty():
        return
    only, nothing = needs.filter(met="whole_class").height, needs.filter(met="nothing").height
    st.markdown(
        f"Nothing beyond whole class: **{only:,}** of {count(needs.height, 'live need')}. "
        f"Nothing at all: **{nothing:,}**."
    )
    link("responses", "See these needs", responses_part="Nothing beyond whole class")


def whole_class_only(page: Page) -> None:
    """Needs that nothing answers but what the whole class gets, and those that nothing answers at all."""
    st.caption(
        "What everybody in the year gets may be enough for a need; nobody has recorded anything more for "
        "these. It is a question to ask, not a fault."
    )
    needs = page.ask("need_responses").filter(pl.col("met") != "beyond")
    needs, only = pick(needs, "met", MET, key="met")
    show_table(
        page, "need_responses", needs,
        (*PUPIL[:2], "need", "met", "whole_class", "state", *PUPIL[2:], "barrier"),
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
    show_table(
        page, "plan_hours", page.ask("plan_hours"),
        ("surname", "forename", "year_group", "specified", "timetabled", "delivered", "timetabled_share",
         "delivered_share", "need", "required_by", "provisions", "class"),
        empty="No plan of these pupils requires minutes a week.",
    )  # fmt: skip


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
