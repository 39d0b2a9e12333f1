"""Where in which meeting a window is: a reload comes back to it, and finds what was typed last.

The address has the meeting's number and the place in its list, and never anything of a pupil.
"""

from __future__ import annotations

import time
from datetime import datetime

import streamlit as st

from provmap.drafts import kept
from provmap.store import rows_to_edit
from provmap.ui.drafted import writer_here
from provmap.ui.meeting import CHOSEN, Meeting
from provmap.ui.page import Page

MEETING, SCREEN = "meeting_id", "screen"
# Words that were on their way while the page was loaded again come in this soon (seconds).
LONG_ENOUGH = 8.0
LOOKED, KNOWN, TO_OPEN = "meeting_looked", "meeting_known", "meeting_to_open"
# A record, and when what is begun about it was last kept.
Seen = tuple[str, datetime]


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


def take_in_late(page: Page, meeting: Meeting) -> bool:
    """For some seconds after a window is loaded: what another had still to send comes in, once it is kept.

    A form that was opened before the words came opens again, with them; one with which somebody has gone on
    stays. Returns whether that time still runs, so that a field is to ask once more.
    """
    began = st.session_state.setdefault(LOOKED, time.monotonic())
    now = _elsewhere(page, meeting)
    new = now - st.session_state.setdefault(KNOWN, now)
    if time.monotonic() - began >= LONG_ENOUGH:
        return False
    st.session_state[KNOWN] = now
    forms = st.session_state.get("forms", {})
    for record, _ in new:
        form = forms.get(record)
        if form and (form.found or not form.is_begun()):
            del forms[record]
    return True


def _elsewhere(page: Page, meeting: Meeting) -> set[Seen]:
    """What is begun in other windows of this browser or person about this meeting, as it was kept."""
    here = writer_here(page.store.folder)
    found = kept(page.store.folder, f"meeting/{meeting['meeting_id']}/", here)
    return {(one.record, one.saved_at) for one in found if one.place != here.place}
