"""A progress meeting before it begins: which one, and about whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import polars as pl
import streamlit as st

from provmap.filters import Filter, show_date
from provmap.meetings import WEIGHTS, proposed
from provmap.questions import ask
from provmap.store import Edit, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.begun import save_line, show_begun
from provmap.ui.drafted import Form, open_form, text_field
from provmap.ui.page import Page, plain
from provmap.ui.pupils import school_of
from provmap.ui.writing import save_or_say
from provmap.words import count

CHOSEN = "meeting"
JUST_MADE = "meeting_made"
ANOTHER = "meeting_another"
# The action that was marked last in this window: its mark is the likely one to be wrong.
LAST_MARKED = "action_marked"
AT_FIRST = 6
SCHOOL = ("school", None)
# Who takes part in a new meeting, kept as it is typed.
WHO = {"people": "Who takes part"}
KINDS = {"class": "classes", "year group": "year_groups", "group": "groups"}
Meeting = dict[str, Any]


def choose_meeting(page: Page) -> Meeting | None:
    """The meeting picked here, the newest first; None for a new one."""
    rows = rows_to_edit(page.store, "meetings").sort("held_on", descending=True).to_dicts()
    schools = page.filter.schools
    known = {row["meeting_id"]: row for row in rows if not schools or row["school_id"] in schools}
    made = st.session_state.pop(JUST_MADE, None)
    if made in known:
        st.session_state[CHOSEN] = made
    elif CHOSEN not in st.session_state:
        # The newest that is open.
        st.session_state[CHOSEN] = next((one for one, row in known.items() if not row["closed_on"]), None)
    elif st.session_state[CHOSEN] not in known:
        st.session_state[CHOSEN] = None
    called = _called(page, known)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox(
            "Meeting", list(known), index=None, key=CHOSEN, placeholder="A new one, or choose one",
            format_func=lambda one: called.get(one, ""), persist_state="session",
        )  # fmt: skip
        if picked:
            st.button(
                "A new meeting", key="meeting_new", icon=":material/add:", on_click=_set, args=(CHOSEN, None)
            )
    return known.get(picked) if picked else None


def _called(page: Page, meetings: dict[str, Meeting]) -> dict[str, str]:
    """What each is called: two about the same on one day are told apart by school and who takes part."""
    names = {one: named(page, meeting) for one, meeting in meetings.items()}
    return told_apart(
        names, school_of(page, meetings), lambda one: f"the {meetings[one]['about']}",
        lambda one: _with(meetings[one]) or "nobody named",
    )  # fmt: skip


def _with(meeting: Meeting) -> str:
    return f"taking part: {meeting['people']}" if meeting["people"] else ""


def named(page: Page, meeting: Meeting) -> str:
    """A meeting in words: "Oak, 3 Mar 2026"."""
    closed = " (closed)" if meeting["closed_on"] else ""
    about = about_in_words(page, meeting["about"], meeting["about_code"])
    return f"{about}, {show_date(meeting['held_on'])}{closed}"


def about_in_words(page: Page, about: str, code: str | None) -> str:
    """Whom a meeting is about, as the school calls them."""
    field = KINDS.get(about)
    return page.labels(field).get(code or "", str(code)) if field else "The whole school"


def filter_of(page: Page, about: str, code: str | None, day: date) -> Filter:
    """Whom a meeting counts: those it is about, as at its day."""
    nobody: dict[str, Any] = dict.fromkeys(
        ("classes", "year_groups", "groups", "needs", "tiers", "subjects"), ()
    )
    if about in KINDS and code:
        nobody[KINDS[about]] = (code,)
    return replace(page.filter, as_at=day, academic_year=None, labels=(), **nobody)


def day_of(page: Page, held_on: date) -> date:
    """The day on which a meeting is judged: its own once that has come, today or as at the side says."""
    return min(held_on, max(page.store.today, page.filter.as_at))


def prepare_new(page: Page) -> None:
    """One click: the meeting with the six pupils for whom most speaks, each with the reasons."""
    offered = _offered(page)
    with st.container(border=True):
        left, right = st.columns(2)
        whom = left.selectbox(
            "About", list(offered), index=_usual(page, list(offered)), key="meeting_about",
            placeholder="Choose a class, year or group", format_func=lambda one: offered[one],
        )  # fmt: skip
        held_on = right.date_input("Day", value=page.filter.as_at, format="DD/MM/YYYY", key="meeting_day")
        form = open_form(page.store.folder, "meeting_new/", dict.fromkeys(WHO))
        show_begun(form, WHO)
        people = text_field(form, "people", WHO["people"], help="Such as: head, SENCO, class teacher")
        made_by, pressed = save_line(form, "Prepare the meeting", "meeting")
    st.caption(
        "The meeting counts the pupils of what you choose here, whatever else the filter at the side says. "
        "It can be on a day to come."
    )
    st.caption(rule())
    is_another = st.session_state.pop(ANOTHER, False)
    if not (pressed or is_another):
        return
    if whom is None:
        st.error("Say which class, year or group the meeting is about.", icon="⚠️")
        return
    rows = ask_proposed(page, *whom, day_of(page, held_on))
    if rows.is_empty():
        st.error("Nobody is counted in it on this day.", icon="⚠️")
        return
    if rows["school_id"].n_unique() > 1:
        st.error("It stands for more than one school. Choose the school at the side first.", icon="⚠️")
        return
    meeting = {"school_id": rows["school_id"][0], "held_on": held_on, "about": whom[0], "about_code": whom[1]}
    if is_another or not _is_there(page, meeting):
        _prepare(page, made_by, meeting | {"people": people.strip() or None}, rows, form)


def _is_there(page: Page, meeting: Meeting) -> bool:
    """Whether one about the same is there for that day: it is offered, and another is made only if wanted."""
    held = rows_to_edit(page.store, "meetings", **meeting).to_dicts()
    if not held:
        return False
    called = f"{named(page, held[0])}{', ' if held[0]['people'] else ''}{_with(held[0])}"
    is_one = len(held) == 1
    st.warning(
        f"{'One is' if is_one else f'{len(held)} are'} there already: {plain(called)}"
        f"{'.' if is_one else ', and others.'}", icon="✋",
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Open it", key="meeting_open", type="primary", on_click=_set, args=(CHOSEN, held[0]["meeting_id"])
        )
        st.button("Prepare another", key="meeting_second", on_click=_set, args=(ANOTHER, True))
    return True


def _set(name: str, value: Any) -> None:
    st.session_state[name] = value


def _prepare(page: Page, made_by: str, meeting: Meeting, rows: pl.DataFrame, form: Form) -> None:
    identity = uuid4().hex[:12]
    of = {"school_id": meeting["school_id"], "meeting_id": identity}
    edits = [Edit("meetings", of | meeting)]
    day = day_of(page, meeting["held_on"])
    edits += [entry(of, row, place, day) for place, row in enumerate(first(rows, AT_FIRST), 1)]
    st.session_state[JUST_MADE] = identity
    # The next meeting does not open with what was marked in the last.
    st.session_state.pop(LAST_MARKED, None)
    save_or_say(page, made_by, edits, _prepared(len(edits) - 1), form)


def _prepared(many: int) -> str:
    """How many are proposed; where they are fewer than six, why."""
    said = f"Prepared, with {count(many, 'pupil')} to talk about"
    if many == AT_FIRST:
        return f"{said}."
    anybody = "anybody else" if many else "anybody: add pupils by name"
    return f"{said}; nothing recorded speaks for {anybody}."


def rule() -> str:
    """How pupils are proposed, in a sentence."""
    return (
        "Six pupils are proposed at first: those for whom most speaks. Below the mark in spite of "
        "provision, and what was decided last time or is open still, count "
        f"{WEIGHTS['persists']} each; a gap and a sudden fall {WEIGHTS['gap']}; often absent, a possible "
        "overlap, an overdue review, and never or long not talked about (once there were meetings) 1. Among "
        "equals, who was talked about longest ago, or never, comes first. You change the list."
    )


def _offered(page: Page) -> dict[tuple[str, str | None], str]:
    """What a meeting can be about; a class that is called as a year group is called is told apart."""
    found = [(about, code) for about, field in KINDS.items() for code in page.labels(field)]
    called = {one: about_in_words(page, *one) for one in (*found, SCHOOL)}
    return told_apart(called, lambda one: f"the {one[0]}", lambda one: one[1])


def _usual(page: Page, offered: list[tuple[str, str | None]]) -> int | None:
    """What the filter has chosen, where that is one class, year or group."""
    for about, field in KINDS.items():
        chosen = getattr(page.filter, field)
        if len(chosen) == 1 and (about, chosen[0]) in offered:
            return offered.index((about, chosen[0]))
    return None


def ask_proposed(page: Page, about: str, code: str | None, day: date) -> pl.DataFrame:
    """The pupils of a meeting, in the order in which they are proposed on that day."""
    return proposed(filter_of(page, about, code, day), page.store)


def first(rows: pl.DataFrame, many: int) -> list[dict[str, Any]]:
    return rows.filter(pl.col("weight") > 0).head(many).to_dicts()


def whom_it_counts(page: Page, meeting: Meeting) -> Filter:
    """The pupils whom a meeting counts on the day of the page, of its school alone."""
    counted = filter_of(page, meeting["about"], meeting["about_code"], page.filter.as_at)
    return replace(counted, schools=(str(meeting["school_id"]),))


def entry(of: dict[str, Any], pupil: dict[str, Any], place: int, day: date) -> Edit:
    """A pupil on a meeting's list, with why, as the data stand on that day."""
    reason = " ".join(pupil.get("reasons") or []) or None
    now = {"pupil_id": pupil["pupil_id"], "place": place, "reason": reason, "proposed_on": day}
    return Edit("discussions", of | now)


def listed(page: Page, meeting: Meeting) -> list[dict[str, Any]]:
    """The pupils on a meeting's list in their order: what is written of each, with name, year and class."""
    rows = rows_to_edit(page.store, "discussions", meeting_id=meeting["meeting_id"])
    rows = rows.filter(~pl.col("is_left_out").fill_null(False)).sort("place", "pupil_id", nulls_last=True)
    everybody = replace(
        filter_of(page, "school", None, page.filter.as_at), schools=(str(meeting["school_id"]),)
    )
    pupils = ask("pupil_list", everybody, page.store)
    named_rows = pupils.select("school_id", "pupil_id", "surname", "forename", "year_group", "class")
    # Who has left since is not shown: a meeting is about who is on roll.
    return rows.join(named_rows, on=["school_id", "pupil_id"], maintain_order="left").to_dicts()
