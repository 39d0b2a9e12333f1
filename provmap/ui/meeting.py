"""A progress meeting before it begins: which one, about whom, and what its pack says."""

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
from provmap.ui.page import Page, plain
from provmap.ui.pupils import label_of
from provmap.ui.tables import show_table
from provmap.ui.writing import save_or_say, writer
from provmap.words import count

CHOSEN = "meeting"
JUST_MADE = "meeting_made"
AT_FIRST = 6
SCHOOL = ("school", None)
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
        # The newest that is open; who wants a new one empties the field.
        st.session_state[CHOSEN] = next((one for one, row in known.items() if not row["closed_on"]), None)
    elif st.session_state[CHOSEN] not in known:
        st.session_state[CHOSEN] = None
    picked = st.selectbox(
        "Meeting", list(known), index=None, key=CHOSEN, placeholder="A new one, or choose one",
        format_func=lambda one: named(page, known[one]) if one in known else "", persist_state="session",
    )  # fmt: skip
    return known.get(picked) if picked else None


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


def prepare_new(page: Page) -> None:
    """One click: the meeting with the six pupils for whom most speaks, each with the reasons."""
    offered = _offered(page)
    with st.form("new_meeting"):
        left, right = st.columns(2)
        whom = left.selectbox(
            "About", offered, index=_usual(page, offered), key="meeting_about",
            placeholder="Choose a class, year or group",
            format_func=lambda one: about_in_words(page, *one),
        )  # fmt: skip
        held_on = right.date_input("Day", value=page.filter.as_at, format="DD/MM/YYYY", key="meeting_day")
        people = st.text_input(
            "Who takes part", key="meeting_people", placeholder="Such as: head, SENCO, class teacher"
        )
        made_by = writer("meeting")
        pressed = st.form_submit_button("Prepare the meeting", type="primary")
    st.caption(rule())
    if not pressed:
        return
    if whom is None:
        st.error("Say which class, year or group the meeting is about.", icon="⚠️")
        return
    about, code = whom
    rows = ask_proposed(page, about, code)
    if rows.is_empty():
        st.error("Nobody is counted in it on this day.", icon="⚠️")
        return
    school, identity = rows["school_id"][0], uuid4().hex[:12]
    of = {"school_id": school, "meeting_id": identity}
    edits = [Edit("meetings", of | {"held_on": held_on, "about": about, "about_code": code,
                                    "people": people.strip() or None})]  # fmt: skip
    edits += [entry(of, row, place) for place, row in enumerate(_first(rows, AT_FIRST), 1)]
    st.session_state[JUST_MADE] = identity
    save_or_say(page, made_by, edits, f"Prepared, with {count(len(edits) - 1, 'pupil')} to talk about.")


def rule() -> str:
    """How pupils are proposed, in a sentence."""
    return (
        "Six pupils are proposed at first: those for whom most speaks. Below the mark in spite of "
        f"provision counts {WEIGHTS['persists']}; a gap or a sudden fall {WEIGHTS['gap']}; often absent, a "
        "possible overlap or an overdue review 1. Among equals, who was talked about longest ago, or "
        "never, comes first. You change the list."
    )


def _offered(page: Page) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for about, field in KINDS.items():
        found += [(about, code) for code in page.labels(field)]
    return [*found, SCHOOL]


def _usual(page: Page, offered: list[tuple[str, str | None]]) -> int | None:
    """What the filter has chosen, where that is one class, year or group."""
    for about, field in KINDS.items():
        chosen = getattr(page.filter, field)
        if len(chosen) == 1 and (about, chosen[0]) in offered:
            return offered.index((about, chosen[0]))
    return None


def ask_proposed(page: Page, about: str, code: str | None) -> pl.DataFrame:
    """The pupils of a meeting, in the order in which they are proposed."""
    return proposed(filter_of(page, about, code, page.filter.as_at), page.store)


def _first(rows: pl.DataFrame, many: int) -> list[dict[str, Any]]:
    return rows.filter(pl.col("weight") > 0).head(many).to_dicts()


def entry(of: dict[str, Any], pupil: dict[str, Any], place: int) -> Edit:
    """A pupil on a meeting's list, with why."""
    reason = " ".join(pupil.get("reasons") or []) or None
    return Edit("discussions", of | {"pupil_id": pupil["pupil_id"], "place": place, "reason": reason})


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


def show_pack(page: Page, meeting: Meeting) -> None:
    """What the meeting opens with: what was decided and what came of it, the goal, the pupils, good news."""
    counted = filter_of(page, meeting["about"], meeting["about_code"], page.filter.as_at)
    show_actions(page, ask("actions", counted, page.store), "What was agreed before, and what came of it")
    _goal(page, ask("shared_targets", counted, page.store))
    rows = ask_proposed(page, meeting["about"], meeting["about_code"])
    _the_list(page, meeting, rows)
    good = rows.filter(pl.col("good_news").is_not_null())
    st.subheader("Good news to pass on", anchor=False)
    for row in good.head(AT_FIRST).to_dicts():
        st.markdown(f"- **{plain(label_of(page, row))}**: {plain(' '.join(row['good_news']))}")
    if good.is_empty():
        st.caption("No clear step up is recorded. That may be for want of results.")


def show_actions(page: Page, rows: pl.DataFrame, title: str) -> None:
    st.subheader(title, anchor=False)
    show_table(
        page, "actions", rows,
        ("state", "action", "owner", "due_on", "surname", "forename", "days_overdue", "subject",
         "value_then",
         "value_now", "hoped_for", "outcome", "why_dropped"),
        empty="No actions are recorded yet.", opens="", only=title.lower(), key="meeting_actions",
    )  # fmt: skip


def _goal(page: Page, rows: pl.DataFrame) -> None:
    st.subheader("The goal for the class", anchor=False)
    show_table(
        page, "shared_targets", rows.filter("is_newest"),
        ("for_whom", "subject", "target", "members", "needed", "reached", "pupils", "at_target",
         "within_reach", "not_yet", "no_result", "due_on", "state"),
        empty="No target is set for the class, year or group. Targets are set on the page Targets.", opens="",
        only="one meeting", key="meeting_goal",
    )  # fmt: skip


def _the_list(page: Page, meeting: Meeting, rows: pl.DataFrame) -> None:
    on_list = listed(page, meeting)
    st.subheader(f"Whom to talk about: {count(len(on_list), 'pupil')}", anchor=False)
    for row in on_list:
        st.markdown(
            f"{row['place'] or '–'}. **{plain(label_of(page, row))}** "
            f"{plain(row['reason'] or 'Added by hand.')}"
        )
        if row["teacher_note"]:
            st.caption(plain(f"The teacher: {row['teacher_note']}"))
    if meeting["closed_on"]:
        return
    _change_list(page, meeting, rows, on_list)
    _teachers_note(page, on_list)


def _change_list(page: Page, meeting: Meeting, rows: pl.DataFrame, on_list: list[dict[str, Any]]) -> None:
    """Who is on the list and in which order: the order of the names in the field is that of the meeting."""
    known = {row["pupil_id"]: row for row in [*on_list, *rows.to_dicts()]}
    with (
        st.expander("Change the list or its order", key="change_list"),
        st.form("meeting_list", border=False),
    ):
        order = st.multiselect(
            "Pupils in the order of the meeting", list(known), default=[row["pupil_id"] for row in on_list],
            format_func=lambda one: label_of(page, known[one]),
            key=f"order_{meeting['row_version']}_{len(on_list)}",
        )  # fmt: skip
        made_by = writer("list")
        save, more = st.columns(2)
        saved = save.form_submit_button("Save the list", type="primary")
        added = more.form_submit_button("Propose six more")
    if added:
        waiting = rows.filter(~pl.col("pupil_id").is_in([row["pupil_id"] for row in on_list]))
        order = [row["pupil_id"] for row in [*on_list, *_first(waiting, AT_FIRST)]]
    if saved or added:
        save_or_say(page, made_by, _reordered(meeting, order, known, on_list), "The list is changed.")


def _reordered(
    meeting: Meeting, order: list[str], known: dict[str, Any], on_list: list[dict[str, Any]]
) -> list[Edit]:
    of = {"school_id": meeting["school_id"], "meeting_id": meeting["meeting_id"]}
    there = {row["pupil_id"]: row for row in on_list}
    edits = []
    for place, pupil_id in enumerate(order, 1):
        row = there.get(pupil_id)
        if row is None:
            new = entry(of, known[pupil_id], place)
            edits.append(replace(new, now=new.now | {"is_left_out": None}))
        elif row["place"] != place:
            edits.append(Edit("discussions", {"place": place}, row["row_key"], row["row_version"]))
    gone = [row for pupil_id, row in there.items() if pupil_id not in order]
    return edits + [
        Edit("discussions", {"is_left_out": True}, row["row_key"], row["row_version"]) for row in gone
    ]


def _teachers_note(page: Page, on_list: list[dict[str, Any]]) -> None:
    """What the teacher writes beforehand about one pupil."""
    with st.expander("Write a note beforehand", key="note_beforehand"), st.form("teacher_note", border=False):
        rows = {row["pupil_id"]: row for row in on_list}
        who = st.selectbox(
            "Pupil", list(rows), index=None, placeholder="Choose one", key="note_for",
            format_func=lambda one: label_of(page, rows[one]),
        )  # fmt: skip
        words = st.text_area("What the meeting should know", key="note_words")
        made_by = writer("note")
        pressed = st.form_submit_button("Save the note", type="primary")
    if pressed and (who is None or not words.strip()):
        st.error("Choose the pupil and write the note.", icon="⚠️")
    elif pressed:
        row = rows[who]
        edit = Edit("discussions", {"teacher_note": words.strip()}, row["row_key"], row["row_version"])
        save_or_say(page, made_by, [edit], "The note is saved.")
