"""A review that was held: corrected where it is listed, or taken back, with who wrote what and when."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from provmap.filters import show_date
from provmap.store import entries_of, rows_to_edit
from provmap.ui.begun import is_clash, save_line, show_begun, show_both
from provmap.ui.drafted import Form, chosen, open_form, text_field
from provmap.ui.line_words import changes_of
from provmap.ui.page import Page, plain
from provmap.ui.pupils import name_of
from provmap.ui.seen import let_go, save_seen, seen
from provmap.ui.writing import take_back_or_say, take_out_or_say
from provmap.ui.written import when
from provmap.words.reviews import CHECKED, DECISIONS, RATINGS

Row = dict[str, Any]
DATASET = "reviews"
TEXTS = {"adaptation": "What is to change (needed where it changes)"}
DAYS = {"reviewed_on": "Reviewed on", "next_review_on": "Next review"}
CHOICES: dict[str, tuple[str, dict[Any, str]]] = {
    "rating": ("How helpful was it?", RATINGS),
    "decision": ("Decision (needed)", DECISIONS),
    "adaptation_met": (
        "Did the change meet the need?",
        {one: f"It {words}" for one, words in CHECKED.items()},
    ),
}


def change_review(page: Page, row: Row) -> None:
    """The form for the review of one line, and what was written about it."""
    wanted = {name: row[name] for name in ("school_id", "pupil_id", "provision_id", "reviewed_on")}
    found = rows_to_edit(page.store, DATASET, **wanted).to_dicts()
    if not found:
        return
    held = seen(DATASET, found[0])
    with st.container(border=True):
        whom = f"for {name_of(page, row)}" if row["pupil_id"] else "as a whole"
        called = f"{row['provision']}, {whom}, {show_date(row['reviewed_on'])}"
        st.markdown(f"**Correct this review: {plain(called)}**")
        _say_who(page, held)
        form = open_form(page.store.folder, f"review_held/{held['row_key']}/", _as_saved(found[0]))
        show_begun(form, TEXTS)
        given, is_held_up = _fields(page, form, found[0])
        made_by, pressed = save_line(form, "Save the correction", "change_review", is_held_up=is_held_up)
        _take_back(page, held, made_by)
    if pressed and (given["decision"] is None or (given["decision"] == "adapt" and not given["adaptation"])):
        st.error("Choose the decision; where it changes, say what is to change.", icon="⚠️")
    elif pressed:
        save_seen(page, made_by, DATASET, held, given, begun=form)


def _say_who(page: Page, held: Row) -> None:
    """Who wrote what about it and when, the newest last."""
    lines = [
        f"- {when(one.made_at)}, {plain(one.made_by)}: "
        f"{plain(changes_of(DATASET, one.subject, one.body)) or 'nothing else'}"
        for one in entries_of(page.store)
        if (one.kind, one.subject) == (DATASET, held["row_key"])
    ]
    st.markdown("\n".join(lines) or "As it was imported: nobody has written about it here.")


def _as_saved(row: Row) -> Row:
    days = {name: row[name].isoformat() if row[name] else None for name in DAYS}
    return {name: row[name] for name in (*CHOICES, *TEXTS)} | days


def _fields(page: Page, form: Form, now: Row) -> tuple[Row, bool]:
    """What stands in the form, and whether somebody saved other words meanwhile."""
    given: Row = {}
    columns = st.columns(len(CHOICES))
    for column, (name, (label, offered)) in zip(columns, CHOICES.items(), strict=True):
        with column:
            given[name] = chosen(form, name, st.selectbox, label, options=list(offered),
                                 placeholder="Not said", format_func=offered.__getitem__)  # fmt: skip
    ((name, label),) = TEXTS.items()
    if is_twice := is_clash(form, name, now):
        show_both(form, name, label, now)
    given[name] = text_field(form, name, label, lines=2).strip() or None
    for column, (day, words) in zip(st.columns(2), DAYS.items(), strict=True):
        with column:
            most: dict[str, date] = {"max_value": page.filter.as_at} if day == "reviewed_on" else {}
            given[day] = chosen(form, day, st.date_input, words, format="DD/MM/YYYY", **most)
    return given, is_twice


def _take_back(page: Page, held: Row, made_by: str) -> None:
    """Undoes what was written last, by a new entry; what the review did in the map is another row.

    The buttons are those of this review: where the list has moved on meanwhile, they undo no other.
    """
    st.caption(
        "What it ended or put off in the map stays so: that is corrected under *Enter and correct*, or taken "
        "back there under *What was written*."
    )
    if held["row_version"]:
        if st.button("Take back what was written last", key=f"take_back_{held['row_key']}"):
            let_go(DATASET)
            take_back_or_say(page, made_by, DATASET, held, "Taken back: the review is as it was before.")
    elif st.button("Take it out", key=f"take_out_{held['row_key']}"):
        let_go(DATASET)
        take_out_or_say(page, made_by, DATASET, held, "The review is taken out.")
