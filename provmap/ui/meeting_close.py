"""A progress meeting at its end and after: who does what by when, what came of it, and all meetings."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.documents import Document, Section, print_pdf
from provmap.filters import show_date
from provmap.questions import ask
from provmap.store import Edit, rows_to_edit
from provmap.ui.meeting import Meeting, filter_of, listed, named
from provmap.ui.page import Page
from provmap.ui.pupils import label_of
from provmap.ui.tables import show_table
from provmap.ui.writing import save_or_say, writer
from provmap.words import count

ACTION = ("action", "owner", "due_on", "surname", "forename", "state")


def show_close(page: Page, meeting: Meeting) -> None:
    """The recap on one page, to print and take away; and closing the meeting."""
    actions, decisions = _of(page, meeting, "actions"), _of(page, meeting, "decisions_made")
    st.subheader("Who does what by when", anchor=False)
    show_table(page, "actions", actions, ACTION, empty="Nothing was agreed.", opens="", only="one meeting",
               key="recap_actions")  # fmt: skip
    st.subheader("What was decided", anchor=False)
    show_table(
        page, "decisions_made", decisions,
        ("surname", "forename", "kind", "decision", "provision", "hoped_for"),
        empty="Nothing was decided.", opens="", only="one meeting", key="recap_decisions",
    )  # fmt: skip
    st.download_button(
        "Print the recap", data=lambda: recap(page, meeting, actions, decisions), file_name="recap.pdf",
        mime="application/pdf", on_click="ignore", key="recap_pdf",
    )  # fmt: skip
    if meeting["closed_on"]:
        st.caption(f"Closed on {show_date(meeting['closed_on'])}.")
        return
    waiting = sum(row["discussed_on"] is None for row in listed(page, meeting))
    with st.form("close_meeting"):
        if waiting:
            st.caption(f"{count(waiting, 'pupil').capitalize()} on the list not discussed yet.")
        made_by = writer("close")
        pressed = st.form_submit_button("Close the meeting", type="primary")
    if pressed:
        edit = Edit("meetings", {"closed_on": page.store.today}, meeting["row_key"], meeting["row_version"])
        save_or_say(
            page, made_by, [edit], "The meeting is closed. Its actions stay in sight until done or dropped."
        )


def _of(page: Page, meeting: Meeting, question: str) -> pl.DataFrame:
    everybody = filter_of(page, "school", None, page.filter.as_at)
    rows = ask(question, everybody, page.store)
    return rows.filter(meeting_id=meeting["meeting_id"], school_id=meeting["school_id"])


def recap(page: Page, meeting: Meeting, actions: pl.DataFrame, decisions: pl.DataFrame) -> bytes:
    """One page: each adult with what they do by when, then what was decided."""
    adults = actions.sort("owner", "due_on").to_dicts()
    people = f" With {meeting['people']}." if meeting["people"] else ""
    return print_pdf(
        Document(
            title="Progress meeting", subtitle=f"{named(page, meeting)}.{people}",
            footer="provmap. About children: keep it safe.",
            sections=[
                Section("Who does what by when", columns=("Who", "What", "By", "For"), widths=(2, 5, 2, 3),
                        rows=[[row["owner"], row["action"], show_date(row["due_on"]), _whom(page, row)]
                              for row in adults]),
                Section("What was decided", widths=(3, 5, 4),
                        columns=("For", "What", "It should bring about"),
                        rows=[[_whom(page, row), row["decision"], row["hoped_for"] or "–"]
                              for row in decisions.to_dicts()]),
            ],
        )
    )  # fmt: skip


def _whom(page: Page, row: dict[str, Any]) -> str:
    return label_of(page, row) if row["surname"] else "The class"


def show_all(page: Page) -> None:
    """Every meeting with what came of it, the actions that wait, and who was never talked about."""
    st.subheader("Meetings", anchor=False)
    show_table(
        page, "meetings_held", page.ask("meetings_held"),
        ("held_on", "about", "about_code", "proposed", "discussed", "decisions", "actions", "done", "overdue",
         "dropped", "closed_on"),
        empty="No meeting about these pupils was held yet.", opens="",
    )  # fmt: skip
    st.subheader("Actions", anchor=False)
    st.caption(
        "Overdue actions stay in sight until they are done, or dropped with a reason. Nobody is ranked by "
        "them."
    )
    actions = page.ask("actions")
    show_table(page, "actions", actions, (*ACTION, "days_overdue", "value_then", "value_now", "outcome"),
               empty="No actions are recorded yet.", opens="", key="all_actions")  # fmt: skip
    if actions.filter(pl.col("state").is_in(["open", "overdue"])).height:
        _finish(page, actions)
    never = page.ask("discussed").filter(times_discussed=0)
    st.subheader(f"Never talked about: {count(never.height, 'pupil')}", anchor=False)
    show_table(page, "discussed", never, ("surname", "forename", "year_group", "class"), only="never",
               empty="Everybody counted here has been talked about.")  # fmt: skip


def _finish(page: Page, actions: pl.DataFrame) -> None:
    """Mark an action as done, with what came of it, or drop it with a reason."""
    waiting = {row["action_id"]: row for row in actions.to_dicts() if row["state"] in ("open", "overdue")}
    with (
        st.expander("Mark an action as done, or drop it", key="finish_action"),
        st.form("finish", border=False),
    ):
        chosen = st.selectbox(
            "Action", list(waiting), index=None, placeholder="Choose one", key="finish_which",
            format_func=lambda one: _in_words(waiting[one]),
        )  # fmt: skip
        words = st.text_input("What came of it, or why it is dropped", key="finish_words")
        made_by = writer("finish")
        done, drop = st.columns(2)
        is_done = done.form_submit_button("It is done", type="primary")
        is_dropped = drop.form_submit_button("Drop it")
    if not (is_done or is_dropped):
        return
    if chosen is None or (is_dropped and not words.strip()):
        st.error("Choose the action; to drop it, say why.", icon="⚠️")
        return
    today, said = page.store.today, words.strip() or None
    now = {"done_on": today, "outcome": said} if is_done else {"dropped_on": today, "why_dropped": said}
    row = rows_to_edit(page.store, "actions", action_id=chosen).row(0, named=True)
    save_or_say(page, made_by, [Edit("actions", now, row["row_key"], row["row_version"])], "Saved.")


def _in_words(action: dict[str, Any]) -> str:
    return f"{action['action']} ({action['owner']}, by {show_date(action['due_on'])})"
