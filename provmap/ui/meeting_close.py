"""A progress meeting at its end: who does what by when, what was decided, and a list for each adult."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.questions import ask
from provmap.store import Edit
from provmap.ui.meeting import Meeting, filter_of, listed
from provmap.ui.meeting_again import open_again
from provmap.ui.meeting_day import counted_of, proposed_again, reasons_by_pupil
from provmap.ui.meeting_decisions import OF_PROVISION, not_in_map
from provmap.ui.meeting_form import OF_CLASS
from provmap.ui.meeting_sheets import adults_of, adults_pdf, recap
from provmap.ui.page import Page, plain
from provmap.ui.seen import as_drawn, save_drawn, sends
from provmap.ui.tables import show_table
from provmap.ui.writing import writer
from provmap.words import count

ACTION = ("action", "owner", "due_on", "for_whom", "hoped_for", "state")
GIVES = ("adult", "provision", "surname", "forename", "decision_kind", "start_date", "end_date",
         "minutes_per_session", "sessions_per_week", "group_name", "expected_end_date",
         "subject_missed")  # fmt: skip
EVERYBODY = "Everybody"
# Letters of a decision that its cell shows whole.
LONG = 40


def show_close(page: Page, meeting: Meeting) -> None:
    """The recap on one page, to print and take away; a list for each adult; and closing the meeting."""
    actions, decisions = _of(page, meeting, "actions"), _of(page, meeting, "decisions_made")
    timetable = _of(page, meeting, "meeting_timetable")
    st.subheader("Who does what by when", anchor=False)
    show_table(page, "actions", actions, ACTION, empty="Nothing was agreed.", opens="", only="one meeting",
               key="recap_actions")  # fmt: skip
    day = _day(page, meeting)
    if actions.height and day != page.filter.as_at:
        st.caption(f"How each stands is said as at {show_date(day)}: what was agreed later counts too.")
    st.subheader("What was decided", anchor=False)
    waiting = decisions.filter(not_in_map())
    if waiting.height:
        st.warning(
            plain(
                f"Not in the map yet: {count(waiting.height, 'decision')} about provision: "
                f"{'; '.join(_whose(row) for row in waiting.to_dicts())}. Nobody is asked to give it, and it "
                "counts nowhere else. Put it into the map under Run, or under Enter and correct."
            ),
            icon="⚠️",
        )
    show_table(
        page, "decisions_made", decisions,
        ("for_whom", "decision_kind", "decision", "provision", "in_the_map", "start_date", "end_date",
         "hoped_for"), told=_in_the_map(decisions),
        empty="Nothing was decided.", opens="", only="one meeting", key="recap_decisions",
    )  # fmt: skip
    _in_full(decisions)
    _for_class(meeting)
    st.download_button(
        "Print the recap", data=partial(recap, page, meeting, actions, decisions, timetable),
        file_name="recap.pdf", mime="application/pdf", on_click="ignore", key="recap_pdf",
    )  # fmt: skip
    show_adults(page, actions, timetable, "one meeting", day)
    _close(page, meeting)


def _for_class(meeting: Meeting) -> None:
    """What was said of the class as a whole."""
    said = [f"- **{label}:** {plain(meeting[name])}" for name, label in OF_CLASS.items() if meeting[name]]
    if said:
        st.subheader("For the class", anchor=False)
        st.markdown("\n".join(said))


def _whose(row: dict[str, Any]) -> str:
    """ "Ash, Robin, Talk (provision started)"."""
    named = f", {row['provision']}" if row["provision"] else ""
    return f"{row['for_whom']}{named} ({row['decision_kind']})"


def _in_the_map(decisions: pl.DataFrame) -> pl.DataFrame:
    """Row by row whether what was decided about provision is in the map; a dash for other decisions."""
    about_provision = pl.col("decision_kind").is_in(OF_PROVISION)
    said = pl.when(not_in_map()).then(pl.lit("Not yet")).when(about_provision).then(pl.lit("Yes"))
    return decisions.select(in_the_map=said.otherwise(pl.lit("–")))


def _in_full(decisions: pl.DataFrame) -> None:
    """Decisions whose words a cell of the list would cut."""
    long = decisions.filter(pl.col("decision").str.len_chars() > LONG).to_dicts()
    # Of one decision alone the row is as high as its words need.
    if long and decisions.height > 1:
        lines = [f"- **{plain(row['for_whom'])}:** {plain(row['decision'])}" for row in long]
        st.markdown("\n".join(["Longer decisions in full:", "", *lines]))


def show_adults(page: Page, actions: pl.DataFrame, timetable: pl.DataFrame, only: str, day: date) -> None:
    """What each adult does by when and gives to whom: one adult on the screen, or all, a sheet each."""
    adults = adults_of(actions, timetable)
    if not adults:
        return
    st.subheader("For each adult", anchor=False)
    st.caption(
        "What is new, changed or ended for the timetable stands here with its first day, minutes and group. "
        "No weekday or hour is recorded: the printed sheet leaves room for them."
    )
    adult = st.selectbox("Adult", [EVERYBODY, *adults], key=f"adult_{only}")
    if adult != EVERYBODY:
        actions = actions.filter(pl.col("owner") == adult)
        timetable = timetable.filter(pl.col("adult") == adult)
        only = "one adult"
    show_table(page, "actions", actions, ACTION, empty="No actions.", opens="", only=only,
               key="adult_actions")  # fmt: skip
    show_table(page, "meeting_timetable", timetable, GIVES, empty="No provision that a meeting decided on.",
               opens="", only=only, key="adult_timetable")  # fmt: skip
    st.download_button(
        "Print a sheet for each adult" if adult == EVERYBODY else "Print the sheet",
        data=partial(adults_pdf, page, actions, timetable, day), file_name="for-each-adult.pdf",
        mime="application/pdf", on_click="ignore", key="adults_pdf",
    )  # fmt: skip


def _close(page: Page, meeting: Meeting) -> None:
    if meeting["closed_on"]:
        open_again(page, meeting, "close")
        return
    (meeting,) = as_drawn("close", {meeting["row_key"]: meeting}).values()
    waiting = sum(row["discussed_on"] is None for row in listed(page, meeting))
    with st.form("close_meeting"):
        if waiting:
            st.caption(f"{count(waiting, 'pupil').capitalize()} on the list not discussed yet.")
        made_by = writer("close")
        pressed = st.form_submit_button("Close the meeting", type="primary", key=sends("close"))
    if pressed:
        edit = Edit("meetings", {"closed_on": page.store.today}, meeting["row_key"], meeting["row_version"])
        # Why those who were not reached stood on the list stays as it stands now.
        now = reasons_by_pupil(counted_of(page, meeting))
        edits = [edit, *proposed_again(meeting, listed(page, meeting), now, page.filter.as_at)]
        said = "The meeting is closed. Its actions stay in sight until done or dropped."
        save_drawn(page, made_by, "close", edits, said)


def _day(page: Page, meeting: Meeting) -> date:
    """By when a meeting's own lists count: what is written up afterwards belongs to it too."""
    day: date = max(page.store.today, page.filter.as_at, meeting["held_on"])
    return day


def _of(page: Page, meeting: Meeting, question: str) -> pl.DataFrame:
    # What a meeting on a day to come decides counts from that day.
    everybody = filter_of(page, "school", None, _day(page, meeting))
    rows = ask(question, everybody, page.store)
    return rows.filter(meeting_id=meeting["meeting_id"], school_id=meeting["school_id"])
