"""Choosing one pupil, and saying who it is. The choice stays in the session: no pupil enters an address."""

from __future__ import annotations

from typing import Any
from unicodedata import combining, normalize

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.ui.page import Page, plain
from provmap.words import percent

# Letters with a stroke are letters of their own to Unicode, and not to a keyboard.
STROKES = str.maketrans("łŁøØđĐ", "lLoOdD")


def choose_pupil(page: Page, pupils: pl.DataFrame) -> dict[str, Any] | None:
    """The pupil picked here or opened from another page; None where there is none or the filter hides it."""
    rows = {(row["school_id"], row["pupil_id"]): row for row in pupils.iter_rows(named=True)}
    opened = st.session_state.get("pupil")
    if "chosen_pupil" not in st.session_state and opened in rows:
        st.session_state["chosen_pupil"] = opened
    chosen = st.selectbox(
        "Pupil", list(rows), index=None, key="chosen_pupil", placeholder="Type a name, or choose one",
        format_func=lambda key: _name(page, rows[key]) if key in rows else "",
    )  # fmt: skip
    if opened and opened not in rows and chosen is None:
        st.info("The pupil you opened is not among those counted here. Clear the filter to see them.")
    st.session_state["pupil"] = chosen or opened
    return rows.get(chosen) if chosen else None


def label_of(page: Page, pupil: dict[str, Any]) -> str:
    """Who a pupil is, in a list to choose from: "Ash, Robin (Year 5, Oak)"."""
    return f"{pupil['surname']}, {pupil['forename']} ({where_of(page, pupil)})"


def name_of(page: Page, pupil: dict[str, Any]) -> str:
    """Who a pupil is, as a title: "Robin Ash (Year 5, Oak)"."""
    return f"{pupil['forename']} {pupil['surname']} ({where_of(page, pupil)})"


def where_of(page: Page, pupil: dict[str, Any]) -> str:
    """The year and class of a pupil: "Year 5, Oak"."""
    year = page.labels("year_groups").get(pupil["year_group"], pupil["year_group"])
    return ", ".join(part for part in (year, pupil["class"]) if part)


def _name(page: Page, pupil: dict[str, Any]) -> str:
    name, label = f"{pupil['surname']}, {pupil['forename']}", label_of(page, pupil)
    # "Araujo" finds Araújo: a keyboard may not have the letters of a name.
    bare = "".join(mark for mark in normalize("NFKD", name) if not combining(mark)).translate(STROKES)
    return label + (f" – {bare}" if bare != name else "")


def describe_pupil(page: Page, pupil: dict[str, Any]) -> None:
    """Name, class, groups and attendance, in two lines."""
    groups = [page.labels("groups").get(code, code) for code in pupil["groups"] or []]
    st.header(f"{pupil['forename']} {pupil['surname']}", anchor=False)
    year = page.labels("year_groups").get(pupil["year_group"], pupil["year_group"])
    parts = [year, pupil["class"], *groups]
    if pupil.get("entry_date"):
        parts.append(f"joined {show_date(pupil['entry_date'])}")
    st.markdown(plain(" · ".join(part for part in parts if part)))
    if pupil["attendance_share"] is not None:
        sessions = f"{pupil['attended']:,.0f} of {pupil['possible']:,.0f} possible sessions"
        attended = percent(pupil["attendance_share"], 1)
        st.markdown(f"Attendance this academic year: **{attended}** ({sessions}).")
