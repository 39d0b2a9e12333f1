"""Where in which meeting a window is: a reload comes back to it, and finds what was typed last.

The address has the meeting's number and the place in its list, and never anything of a pupil.
"""

from __future__ import annotations

import streamlit as st

from provmap.store import rows_to_edit
from provmap.ui.meeting import CHOSEN, Meeting
from provmap.ui.page import Page

MEETING, SCREEN = "meeting_id", "screen"
TO_OPEN = "meeting_to_open"


def open_meeting(meeting_id: str) -> None:
    """Goes to a meeting from a list of them: what was said in it, one pupil a screen."""
    st.session_state[TO_OPEN] = meeting_id
    st.rerun()


def go_where_sent() -> None:
    """Before the parts of the page are drawn: the meeting that the last run asked for."""
    if asked := st.session_state.pop(TO_OPEN, None):
        st.session_state[CHOSEN], st.session_state["meeting_part"] = asked, "Run"


def choose_as_before(page: Page) -> None:
    """In a window that has just been loaded: the meeting that its address names, where that is there."""
    asked = st.query_params.get(MEETING)
    if CHOSEN in st.session_state or not asked:
        return
    if rows_to_edit(page.store, "meetings", meeting_id=asked).height:
        st.session_state[CHOSEN] = asked


def keep_meeting(meeting: Meeting | None) -> None:
    """Keeps which meeting is chosen for a reload, on whichever part of the page."""
    if meeting is None or st.query_params.get(MEETING) != meeting["meeting_id"]:
        st.query_params.pop(SCREEN, None)
        st.query_params.pop(MEETING, None)
        if meeting:
            st.query_params[MEETING] = str(meeting["meeting_id"])


def screen_asked_for(meeting: Meeting) -> int:
    """The place in the list of this meeting that the address names; the class where it names none."""
    asked = st.query_params.get(SCREEN, "")
    is_of_this = st.query_params.get(MEETING) == meeting["meeting_id"]
    return int(asked) if is_of_this and asked.isdecimal() and len(asked) < 5 else 0


def keep_in_address(meeting: Meeting, at: int) -> None:
    """Keeps the place for a reload."""
    for name, value in ((MEETING, str(meeting["meeting_id"])), (SCREEN, str(at))):
        if st.query_params.get(name) != value:
            st.query_params[name] = value
