"""What was pressed wrongly in a meeting, undone by a new entry: what was written stays in the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, rows_to_edit
from provmap.ui.meeting import CHOSEN, LAST_MARKED, Meeting, named
from provmap.ui.page import Page, plain
from provmap.ui.seen import as_drawn, save_drawn, sends
from provmap.ui.writing import writer

Action = dict[str, Any]
# What a mark has set.
MARKS = ("done_on", "outcome", "dropped_on", "why_dropped")


def take_up_again(page: Page, actions: dict[str, Action], called_of: Callable[..., dict[str, str]]) -> None:
    """Takes back a wrong "It is done" or "Drop it"; `actions` are those that are done or dropped."""
    if not actions:
        return
    last = st.session_state.get(LAST_MARKED)
    newest = sorted(actions, key=lambda one: (one == last, _marked_on(actions[one])), reverse=True)
    called = called_of(page, actions)
    shown = as_drawn("again", {one: _as_held(page, one) for one in actions})
    with (
        st.expander("It is not done after all, or not dropped", key="again_action", expanded=last in actions),
        st.form("action_again", border=False),
    ):
        chosen = st.selectbox(
            "Action that is done or dropped", newest, index=0 if last in actions else None,
            placeholder="Choose one", key=f"again_{last}",
            format_func=lambda one: f"{called.get(one, '')}: {_in_words(actions[one])}",
        )  # fmt: skip
        made_by = writer("again")
        pressed = st.form_submit_button("It waits again", key=sends("again"))
    if not pressed:
        return
    if chosen is None:
        st.error("Choose the action.", icon="⚠️")
        return
    row = shown[chosen]
    edit = Edit("actions", dict.fromkeys(MARKS), row["row_key"], row["row_version"])
    save_drawn(page, made_by, "again", [edit], f"Waiting again: {row['what']}.")


def _as_held(page: Page, action_id: str) -> Action:
    """The action with what writing to it needs: its key, and the version that is in sight."""
    return rows_to_edit(page.store, "actions", action_id=action_id).row(0, named=True)


def _marked_on(action: Action) -> Any:
    return action["done_on"] or action["dropped_on"]


def _in_words(action: Action) -> str:
    said = action["outcome"] if action["done_on"] else action["why_dropped"]
    how = "done" if action["done_on"] else "dropped"
    return f"{how} on {show_date(_marked_on(action))}{f' ({said})' if said else ''}"


def open_again(page: Page, meeting: Meeting, form: str) -> None:
    """That a meeting is closed, and the way to go on with it."""
    name = f"open_again_{form}"
    (meeting,) = as_drawn(name, {meeting["row_key"]: meeting}).values()
    with st.form(name):
        st.markdown(f"**Closed on {show_date(meeting['closed_on'])}.** What was written stands as it is.")
        made_by = writer(f"again_{form}")
        pressed = st.form_submit_button("Open the meeting again", key=sends(name))
    if pressed:
        edit = Edit("meetings", {"closed_on": None}, meeting["row_key"], meeting["row_version"])
        save_drawn(page, made_by, name, [edit], "The meeting is open again.")


def say_last_closed(page: Page) -> None:
    """Where no meeting is open: which was closed last, and a button to it."""
    schools = page.filter.schools
    closed = [
        row for row in rows_to_edit(page.store, "meetings").to_dicts()
        if row["closed_on"] and (not schools or row["school_id"] in schools)
    ]  # fmt: skip
    if not closed:
        return
    last = max(closed, key=lambda row: (row["closed_on"], row["held_on"]))
    with st.container(horizontal=True, vertical_alignment="center", key="last_closed"):
        st.markdown(
            f"No meeting is chosen. The last one, **{plain(named(page, last | {'closed_on': None}))}**, "
            f"was closed on {show_date(last['closed_on'])}.", width="content",
        )  # fmt: skip
        st.button("Show that meeting", key="show_last_closed", on_click=_choose, args=(last["meeting_id"],))
    st.markdown("Or prepare a new one:")


def _choose(meeting_id: str) -> None:
    st.session_state[CHOSEN] = meeting_id
