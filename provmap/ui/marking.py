"""A finding that is meant to be so: marked as intended with a reason, which can be taken back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.store import Edit, dataset_of, rows_to_edit
from provmap.store.written import subject_of
from provmap.ui.begun import show_begun
from provmap.ui.drafted import open_form, text_field
from provmap.ui.page import Page, open_pupil, plain
from provmap.ui.seen import as_drawn, save_drawn, sends
from provmap.ui.writing import writer
from provmap.ui.written import when

FINDING = ("school_id", "pupil_id", "kind", "provision_id", "other_provision_id", "need_code", "first_time",
           "other_time")  # fmt: skip
WHY = {"reason": "Why it is intended (needed)"}
NOW = "Now"


def none_found(page: Page, when: str, kinds: str, marks: str) -> str:
    """What an empty list says: where nothing is in place, finding nothing is no good news."""
    if marks:
        return f"None that is listed here is {marks}: take the choice of marks away to see the others."
    if kinds:
        return "None of this kind was found."
    if when == NOW and not page.headlines()["in_place"]:
        return "Nothing is in place for these pupils on this day, so nothing can overlap."
    return "No possible overlaps were found."


def show_finding(page: Page, finding: dict[str, Any]) -> None:
    """What can be done about one finding: look at the pupil, mark it as intended, or take the mark back."""
    with st.container(border=True):
        st.markdown(plain(f"{finding['forename']} {finding['surname']}: {finding['reason']}"))
        if finding["is_intended"]:
            said = f"{finding['marked_by']}, {when(finding['marked_at'])}: {finding['intended_because']}"
            st.markdown(f"**Intended.** {plain(said)}")
        if st.button("Open the pupil", key="open_finding"):
            open_pupil(finding["school_id"], finding["pupil_id"])
        _mark(page, finding)


def _mark(page: Page, finding: dict[str, Any]) -> None:
    key = {name: finding[name] for name in FINDING}
    # A new mark is of its finding too: two who make it at once have written about the same.
    subject = subject_of(dataset_of("marks"), key)
    held = rows_to_edit(page.store, "marks", **key).to_dicts()
    row: dict[str, Any] = held[0] if held else {"row_key": subject, "row_version": 0}
    name = f"mark_{subject}"
    (finding,) = as_drawn(name, {subject: finding | row}).values()
    form = open_form(page.store.folder, f"mark/{subject}/", {"reason": None})
    if finding["is_intended"]:
        reason = finding["intended_because"]
    else:
        show_begun(form, WHY)
        reason = text_field(form, "reason", WHY["reason"]).strip()
    made_by = writer("mark")
    words = "Take the mark back" if finding["is_intended"] else "Mark as intended"
    if st.button(words, type="primary", key=sends(name)):
        now = key | {"reason": reason or None, "is_taken_back": finding["is_intended"]}
        done = (
            "The mark was taken back." if finding["is_intended"] else "Marked as intended. It stays listed."
        )
        edit = Edit("marks", now, finding["row_key"], finding["row_version"])
        save_drawn(page, made_by, name, [edit], done, begun=form)
