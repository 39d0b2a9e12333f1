"""What a teacher changed in class for one pupil, recorded in twenty seconds: what, for what, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import polars as pl
import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.begun import begun_among, save_line, say_begun, show_begun
from provmap.ui.drafted import Form, chosen, open_form, text_field
from provmap.ui.page import Page
from provmap.ui.pupils import people, people_called
from provmap.ui.writing import save_or_say

Pupil = tuple[str, str]
TEXTS = {"what": "What I changed (needed)"}
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
    row = row or {}
    pupils = people(page)
    records = page.remembered("changes in class", lambda: {record_of(one): one for one in pupils})
    begun = begun_among(page.store.folder, "adjust/", records)
    who = (row.get("school_id"), row.get("pupil_id"))
    # On one pupil's page, what is begun about another waits there.
    is_open = bool(row.get("subject") or (who in begun if who in pupils else begun))
    # Not a window over the page: a click beside one would lose what was typed.
    with st.expander("Record a change in class", expanded=is_open, icon="✏️"):
        _form(page, row, pupils, begun)


def record_of(pupil: Pupil) -> str:
    """What the draft about a pupil is kept under."""
    return f"adjust/{pupil[0]}/{pupil[1]}/"


def _form(page: Page, row: dict[str, Any], pupils: dict[Pupil, dict[str, Any]], begun: list[Pupil]) -> None:
    who, subject = (row.get("school_id"), row.get("pupil_id")), row.get("subject")
    codes, called, key = _codes(page), people_called(page), f"adjust_pupil_{who}_{subject}"
    if st.session_state.get(key) not in pupils:
        st.session_state[key] = who if who in pupils else begun[0] if begun else None
    pupil = st.selectbox(
        "Pupil (needed)", list(pupils), index=None, placeholder="Type a name", key=key,
        format_func=lambda one: called.get(one, ""),
    )  # fmt: skip
    say_begun([called[one] for one in begun if one != pupil])
    if pupil is None:
        st.caption("Choose the pupil; then write what you changed.")
        return
    at_first = {"code": subject if pupil == who and subject in codes else None, "what": None,
                "until": (page.store.today + HALF_TERM).isoformat()}  # fmt: skip
    form = open_form(page.store.folder, record_of(pupil), at_first)
    show_begun(form, TEXTS)
    given = _fields(page, form, codes)
    made_by, pressed = save_line(form, "Record it", "adjust")
    if not pressed:
        return
    if not given["need_codes"] or not given["note"]:
        st.error("Say for which subject or need, and what you changed.", icon="⚠️")
        return
    name = f"{pupils[pupil]['forename']} {pupils[pupil]['surname']}"
    edits = edits_of(page, *pupil, given, pupils[pupil]["year_group"])
    save_or_say(page, made_by, edits, f"Recorded for {name}, from today. {NOT_YET}", form)


def _fields(page: Page, form: Form, codes: dict[str, str]) -> dict[str, Any]:
    """What was changed, for what, until when; kept as it is typed."""
    left, right = st.columns(2)
    with left:
        code = chosen(form, "code", st.selectbox, "For which subject or need (needed)", options=list(codes),
                      placeholder="Choose one", format_func=codes.__getitem__)  # fmt: skip
    with right:
        until = chosen(form, "until", st.date_input, "Until when", min_value=page.store.today,
                       format="DD/MM/YYYY")  # fmt: skip
    what = text_field(form, "what", TEXTS["what"], lines=2, help="Such as: a seat near me").strip()
    return {"need_codes": [code] if code else [], "note": what, "expected_end_date": until}


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
