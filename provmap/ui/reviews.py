"""Reviews of provision: what is due and overdue, whether a change met the need, and all that were held."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.choices import choose_one
from provmap.ui.correcting_reviews import change_review
from provmap.ui.lost_drafts import show_lost
from provmap.ui.page import Page
from provmap.ui.pupils import label_of, namesakes
from provmap.ui.reviewing import review
from provmap.ui.seen import as_drawn, is_sent, let_go, save_drawn, sends
from provmap.ui.settings import threshold, thresholds, to_thresholds
from provmap.ui.tables import show_table
from provmap.ui.writing import writer
from provmap.words import NOBODY, count
from provmap.words.reviews import CHECKED

Row = dict[str, Any]
PARTS = {"overdue": "Overdue", "due": "Due", "no day": "No day set", "to come": "To come"}
WHO = ("provision", "surname", "forename", "class")
COLUMNS = {
    "overdue": (*WHO, "days_overdue", "reason"),
    "due": (*WHO, "due_on", "reason"),
    "no day": ("provision", "pupils", "reason", "heard"),
    "to come": (*WHO, "due_on", "reason"),
}
NONE_OF = {
    "overdue": "No review is overdue.",
    "due": "No review is due.",
    "no day": "Every provision that runs has a day for its next review.",
    "to come": "No review is to come.",
}
# The sentence above each list.
RULES = {
    "overdue": "Past its day. For a pupil: past the day it was expected to end; without one, neither begun "
    "nor reviewed for this pupil in the last {review_after} days. A provision as a whole: past the day that "
    "its own latest review set for the next. What has a last day already stands at the end.",
    "due": "Its day is at most {review_soon} days ahead; or the day that a pupil's latest review set has "
    "come; or it was decided to stop it and it is still in place.",
    "no day": "Provisions as a whole that were never reviewed, or whose latest review set no day. That is "
    "not the same as fine.",
    "to come": "Everything else: provision in place, and provisions as a whole, whose day is further ahead.",
}


def show_due(page: Page) -> None:
    """What is due, each list with its rule, and the form for the review that is chosen."""
    rows = page.ask("reviews_due")
    if rows.is_empty() and not page.summary["pupils"]:
        st.info(NOBODY)
        return
    many = dict(rows["state"].value_counts().iter_rows())
    late = rows.filter(state="overdue")
    of_pupils = late.filter(about="pupil").height
    st.markdown(
        f"**{late.height}** overdue ({of_pupils} of a pupil's provision, as on the Overview, and "
        f"{late.height - of_pupils} of a provision as a whole), **{many.get('due', 0)}** due, "
        f"**{many.get('no day', 0)}** with no day set, **{many.get('to come', 0)}** to come: provision in "
        "place for each pupil counted here, and each provision as a whole, whole-class provision included."
    )
    # Above the list: below a long one, the form that a selected row opens would be out of sight.
    form = st.container()
    state = choose_one("State", PARTS, key="reviews_state")
    st.caption(RULES[state].format(**thresholds(page)))
    # What has a last day is decided, and waits for nobody.
    some = rows.filter(state=state).sort(pl.col("end_date").is_not_null(), maintain_order=True)
    if some.height:
        st.caption("Select a row to review it.")
    chosen = show_table(page, "reviews_due", some, COLUMNS[state], opens="row", only=PARTS[state].lower(),
                        empty=NONE_OF[state], key="reviews_due")  # fmt: skip
    if chosen is None:
        st.session_state.pop("review_row", None)
    elif st.session_state.get("review_row") != (state, chosen):
        # Once for each new choice: the row stays selected while the form below is filled in.
        st.session_state["review_row"] = (state, chosen)
        st.session_state["review_asked"] = some.row(chosen, named=True)
    with form:
        review(page, rows)
    to_thresholds("Reviews of provision", "How many days, and since when: the thresholds")


def show_changes(page: Page) -> None:
    """What reviews agreed to change, due to be checked until somebody says whether it met the need."""
    held = page.ask("reviews_held").filter(pl.col("check_state").is_not_null())
    due = held.filter(check_state="due")
    st.markdown(f"**{count(due.height, 'change')}** to check, of {count(held.height, 'change')} agreed.")
    st.caption(
        "A review that changes a provision is not finished until somebody says whether the change met the "
        "need: due from the day set for the next review (without one, "
        f"{threshold(page, 'adaptation_check')} days after), until it is checked."
    )
    columns = ("provision", "surname", "forename", "class", "reviewed_on", "adaptation", "check_on")
    show_table(page, "reviews_held", due, columns, empty="No change waits to be checked.", opens="",
               only="to check", key="changes_due")  # fmt: skip
    if due.height or is_sent("check"):
        _check(page, due)
    st.subheader("All other changes", anchor=False)
    show_table(
        page, "reviews_held", held.filter(pl.col("check_state") != "due"),
        ("check_state", *columns, "checked_on"), empty="No review has agreed another change yet.", opens="",
        only="other changes", key="changes_other",
    )  # fmt: skip


def _check(page: Page, due: pl.DataFrame) -> None:
    """Whether a change met the need: kept beside the review that agreed it."""
    changes = as_drawn("check", {_which(row): row | _as_held(page, row) for row in due.to_dicts()})
    called = told_apart({one: in_words(page, row) for one, row in changes.items()}, *namesakes(page, changes))
    if st.session_state.pop("has_checked", False):
        # The next change stands first now: what was found of this one is not found of that.
        st.session_state["check_which"], st.session_state["check_found"] = None, None
    with st.form("check_change"):
        st.markdown("**Did it meet the need?**")
        at = st.selectbox("Change", list(changes), index=None, placeholder="Choose one", key="check_which",
                          format_func=lambda one: called[one])  # fmt: skip
        found = st.radio("What was found", list(CHECKED), index=None, key="check_found", horizontal=True,
                         format_func=lambda one: f"It {CHECKED[one]}")  # fmt: skip
        made_by = writer("check")
        pressed = st.form_submit_button("Save", type="primary", key=sends("check"))
    if not pressed:
        return
    if at is None or found is None:
        st.error("Choose the change, and say what was found.", icon="⚠️")
        return
    now = {"adaptation_met": found, "adaptation_checked_on": page.filter.as_at}
    edit = Edit("reviews", now, changes[at]["row_key"], changes[at]["row_version"])
    st.session_state["has_checked"] = True
    said = "Saved. The review now says whether its change met the need."
    save_drawn(page, made_by, "check", [edit], said)
    st.session_state["has_checked"] = False


def _which(row: Row) -> tuple[Any, ...]:
    return row["school_id"], row["provision_id"], row["pupil_id"], row["reviewed_on"]


def _as_held(page: Page, row: Row) -> Row:
    """What writing to a review needs: its key and version."""
    key = {name: row[name] for name in ("school_id", "provision_id", "pupil_id", "reviewed_on")}
    held = rows_to_edit(page.store, "reviews", **key).row(0, named=True)
    return {name: held[name] for name in ("row_key", "row_version")}


def in_words(page: Page, row: Row) -> str:
    """A change in a list to choose from."""
    whom = label_of(page, row) if row["surname"] else "as a whole"
    change = f": {row['adaptation']}" if row["adaptation"] else ""
    return f"{row['provision']}, {whom}, {show_date(row['reviewed_on'])}{change}"


def show_held(page: Page) -> None:
    """Every review, newest first; the selected one can be corrected or taken back."""
    st.caption(
        "Every review on record of the pupils counted here and of provisions as a whole, newest first. "
        "Select one to correct it or to take it back."
    )
    show_lost(page, "review_held")
    rows = page.ask("reviews_held")
    # Above the list: below a long one, the form that a selected row opens would be out of sight.
    form = st.container()
    chosen = show_table(
        page, "reviews_held", rows,
        ("reviewed_on", "provision", "surname", "forename", "rating", "decision", "adaptation",
         "next_review_on", "check_state"),
        empty="No review is on record.", opens="row", key="reviews_all",
    )  # fmt: skip
    if chosen is None:
        let_go("reviews")
        return
    with form:
        change_review(page, rows.row(chosen, named=True))
