"""What a teacher changed in class for one pupil, recorded in twenty seconds: what, for what, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import polars as pl
import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.page import Page
from provmap.ui.pupils import label_of
from provmap.ui.writing import save_or_say, writer

# A change in class is looked at again after about half a term.
HALF_TERM = timedelta(weeks=6)
# Where no universal provision of the school fits: one that is made with the first such change.
FALLBACK = {"provision_id": "class_adjustment", "name": "Adjusted in class", "tier": "universal"}

# Said after recording: who looks for the pupil under "being handled in class" does not find them yet.
NOT_YET = "“Where are we?” calls it handled in class once a result after today shows that the gap narrows."


def record_adjustment(page: Page, row: dict[str, Any] | None = None) -> None:
    """The form; `row` is the pupil (and subject) that it starts from, where one is selected."""
    if not page.summary["pupils"]:
        return
    # Not a window over the page: a click beside one would lose what was typed.
    with st.expander("Record a change in class", expanded=bool(row and row.get("subject")), icon="✏️"):
        _form(page, row or {})


def _form(page: Page, row: dict[str, Any]) -> None:
    pupils = {(one["school_id"], one["pupil_id"]): one for one in page.ask("pupil_list").to_dicts()}
    codes = _codes(page)
    who, subject = (row.get("school_id"), row.get("pupil_id")), row.get("subject")
    key = f"{who}_{subject}"
    with st.form(f"adjust_{key}", border=False):
        left, right = st.columns(2)
        pupil = left.selectbox(
            "Pupil", list(pupils), index=list(pupils).index(who) if who in pupils else None,
            placeholder="Type a name", key=f"adjust_pupil_{key}",
            format_func=lambda one: label_of(page, pupils[one]) if one in pupils else "",
        )  # fmt: skip
        code = right.selectbox(
            "For which subject or need", list(codes), placeholder="Choose one", key=f"adjust_code_{key}",
            index=list(codes).index(subject) if subject in codes else None,
            format_func=lambda one: codes[one],
        )  # fmt: skip
        changed = left.text_input(
            "What I changed", key=f"adjust_what_{key}", placeholder="Such as: a seat near me"
        )
        until = right.date_input(
            "Until when", value=page.store.today + HALF_TERM, min_value=page.store.today, format="DD/MM/YYYY",
            key=f"adjust_until_{key}",
        )  # fmt: skip
        made_by = writer("adjust")
        pressed = st.form_submit_button("Record it", type="primary")
    if not pressed:
        return
    if pupil is None or code is None or not changed.strip():
        st.error("Say which pupil, for which subject or need, and what you changed.", icon="⚠️")
        return
    given = {"need_codes": [code], "note": changed.strip(), "expected_end_date": until}
    name = f"{pupils[pupil]['forename']} {pupils[pupil]['surname']}"
    edits = edits_of(page, *pupil, given, pupils[pupil]["year_group"])
    save_or_say(page, made_by, edits, f"Recorded for {name}, from today. {NOT_YET}")


def edits_of(
    page: Page, school_id: str, pupil_id: str, given: dict[str, Any], year: str | None
) -> list[Edit]:
    """What one change writes: time in a universal provision, and that provision where it is new."""
    provision = _provision(page, school_id, given["need_codes"][0], year)
    edits = []
    if provision is None:
        edits.append(Edit("provisions", {"school_id": school_id} | FALLBACK))
    placement = {
        "school_id": school_id, "pupil_id": pupil_id, "provision_id": provision or FALLBACK["provision_id"],
        # Two changes on one day are two: the day alone does not tell them apart.
        "placement_id": f"adjusted-{uuid4().hex[:12]}", "start_date": page.store.today,
    }  # fmt: skip
    return [*edits, Edit("placements", placement | given)]


def _provision(page: Page, school_id: str, code: str, year: str | None) -> str | None:
    """A universal provision that runs today for the year and fits; else the usual one, where it is there."""
    today = page.store.today
    offered = rows_to_edit(page.store, "provisions", school_id=school_id, tier="universal").filter(
        pl.col("start_date").is_null() | (pl.col("start_date") <= today),
        pl.col("end_date").is_null() | (pl.col("end_date") >= today),
        (pl.col("year_groups").list.len().fill_null(0) == 0)
        | pl.col("year_groups").list.contains(year or ""),
    )
    codes = pl.col("need_codes").list.eval(pl.element().str.to_lowercase()).list.contains(code.lower())
    is_subject = pl.col("subject").str.to_lowercase() == code.lower()
    fits = offered.filter(is_subject.fill_null(False) | codes.fill_null(False))
    named = [*fits["provision_id"], *offered.filter(provision_id=FALLBACK["provision_id"])["provision_id"]]
    return str(named[0]) if named else None


def _codes(page: Page) -> dict[str, str]:
    """Subjects first, then needs, by code."""
    subjects = {code: f"{label[:1].upper()}{label[1:]}" for code, label in page.labels("subjects").items()}
    return subjects | {code: label for code, label in page.labels("needs").items() if code not in subjects}
