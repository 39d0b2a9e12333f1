"""Choosing one pupil, and saying who it is. The choice stays in the session: no pupil enters an address."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar
from unicodedata import combining, normalize

import streamlit as st

from provmap.filters import show_date
from provmap.ui.apart import told_apart
from provmap.ui.page import Page, plain
from provmap.words import percent

# Letters with a stroke are letters of their own to Unicode, and not to a keyboard.
STROKES = str.maketrans("łŁøØđĐ", "lLoOdD")
Pupil = tuple[str, str]
Option = TypeVar("Option", bound=Hashable)


def people(page: Page) -> dict[Pupil, dict[str, Any]]:
    """The pupils counted, in their order: the rows of `pupil_list`, not to be changed."""

    def read() -> dict[Pupil, dict[str, Any]]:
        return {(row["school_id"], row["pupil_id"]): row for row in page.ask("pupil_list").to_dicts()}

    return page.remembered("people", read)


def people_called(page: Page) -> dict[Pupil, str]:
    """What each of them is called in a list to choose from: no two are called the same."""
    return page.remembered("people called", lambda: labels_of(page, people(page)))


def choose_pupil(page: Page) -> dict[str, Any] | None:
    """The pupil picked here or opened from another page; None where there is none or the filter hides it."""
    rows = people(page)
    opened = st.session_state.get("pupil")
    # Opened from another page, or from the list on this very page: there the chooser holds "nobody" already.
    is_new = "chosen_pupil" not in st.session_state or opened != st.session_state.get("pupil_shown")
    if opened in rows and is_new:
        st.session_state["chosen_pupil"] = opened
    called = people_typed(page)
    chosen = st.selectbox(
        "Pupil", list(rows), index=None, key="chosen_pupil", placeholder="Type a name, or choose one",
        format_func=lambda key: called.get(key, ""),
    )  # fmt: skip
    if opened and opened not in rows and chosen is None:
        st.info("The pupil you opened is not among those counted here. Clear the filter to see them.")
    # Who is cleared here stays cleared; who is hidden by the filter comes back with it.
    kept = chosen or (opened if opened not in rows else None)
    st.session_state["pupil"] = st.session_state["pupil_shown"] = kept
    return rows.get(chosen) if chosen else None


def people_typed(page: Page) -> dict[Pupil, str]:
    """What each is called, with the name as a keyboard may have it beside one that it may not."""

    def read() -> dict[Pupil, str]:
        rows = people(page)
        return {one: label + _bare(rows[one]) for one, label in people_called(page).items()}

    return page.remembered("people typed", read)


def label_of(page: Page, pupil: dict[str, Any]) -> str:
    """Who a pupil is, in a list to choose from: "Ash, Robin (Year 5, Oak)"."""
    return f"{pupil['surname']}, {pupil['forename']} ({where_of(page, pupil)})"


def labels_of(page: Page, rows: Mapping[Option, dict[str, Any]]) -> dict[Option, str]:
    """`label_of` each in a list to choose from, where two of one name are told apart: never two equal."""
    return told_apart({one: label_of(page, row) for one, row in rows.items()}, *namesakes(page, rows))


def names_of(page: Page, rows: Mapping[Option, dict[str, Any]]) -> dict[Option, str]:
    """`name_of` each of those who stand together, where two of one name are told apart."""
    return told_apart({one: name_of(page, row) for one, row in rows.items()}, *namesakes(page, rows))


def namesakes(
    page: Page, rows: Mapping[Option, dict[str, Any]]
) -> tuple[Callable[[Option], str | None], ...]:
    """What tells pupils of one name, year and class apart: the school, the date of birth, the number."""

    def born(one: Option) -> str | None:
        row = rows[one]
        day = page.store.born_on().get((row["school_id"], row["pupil_id"]))
        return f"born {show_date(day)}" if day else None

    def numbered(one: Option) -> str | None:
        return f"pupil number {rows[one]['pupil_id']}" if rows[one]["pupil_id"] else None

    return school_of(page, rows), born, numbered


def school_of(page: Page, rows: Mapping[Option, dict[str, Any]]) -> Callable[[Option], str | None]:
    """The school of each row, as it is called: what tells two schools' rows of one name apart."""
    schools = page.labels("schools")
    return lambda one: schools.get(rows[one]["school_id"], rows[one]["school_id"])


def name_of(page: Page, pupil: dict[str, Any]) -> str:
    """Who a pupil is, as a title: "Robin Ash (Year 5, Oak)"."""
    return f"{pupil['forename']} {pupil['surname']} ({where_of(page, pupil)})"


def where_of(page: Page, pupil: dict[str, Any]) -> str:
    """The year and class of a pupil: "Year 5, Oak"."""
    year = page.labels("year_groups").get(pupil["year_group"], pupil["year_group"])
    return ", ".join(part for part in (year, pupil["class"]) if part)


def _bare(pupil: dict[str, Any]) -> str:
    """The name once more where a keyboard may not have its letters: "Araujo" finds Araújo."""
    name = f"{pupil['surname']}, {pupil['forename']}"
    bare = "".join(mark for mark in normalize("NFKD", name) if not combining(mark)).translate(STROKES)
    return f" – {bare}" if bare != name else ""


def describe_pupil(page: Page, pupil: dict[str, Any]) -> None:
    """Name, class, groups and attendance, in two lines."""
    st.header(f"{pupil['forename']} {pupil['surname']}", anchor=False)
    where, attended = about_pupil(page, pupil)
    st.markdown(plain(where))
    if attended:
        st.markdown(plain(attended))


def about_pupil(page: Page, pupil: dict[str, Any]) -> tuple[str, str]:
    """Class, groups and since when; and the attendance of this academic year, where it is known."""
    groups = [page.labels("groups").get(code, code) for code in pupil["groups"] or []]
    year = page.labels("year_groups").get(pupil["year_group"], pupil["year_group"])
    parts = [year, pupil["class"], *groups]
    if pupil.get("entry_date"):
        parts.append(f"joined {show_date(pupil['entry_date'])}")
    where = " · ".join(part for part in parts if part)
    if pupil["attendance_share"] is None:
        return where, ""
    sessions = f"{pupil['attended']:,.0f} of {pupil['possible']:,.0f} possible sessions"
    attended = percent(pupil["attendance_share"], 1)
    return where, f"Attendance this academic year: {attended} ({sessions})."
