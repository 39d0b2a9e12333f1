"""A progress meeting while it runs: one pupil a screen, and what is written about the pupil."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import polars as pl
import streamlit as st

from provmap.questions import ask
from provmap.store import Edit, journal_datasets
from provmap.ui.meeting import Meeting, filter_of, listed
from provmap.ui.page import Page, open_pupil, plain
from provmap.ui.pupil_story import show_over_time
from provmap.ui.pupils import name_of
from provmap.ui.tables import show_table
from provmap.ui.writing import save_or_say, writer
from provmap.words import count

AT = "meeting_at"
# What the files say; never which pupil, as file names are seen by others.
ONE = "one pupil"
DUE_AFTER = timedelta(weeks=6)
STARTS = "provision started"
# What a pupil's card shows: the question, its heading, its columns, and what an empty one says.
CARD = {
    "coverage": ("Needs, and what answers them", ("need", "state", "provisions", "days_in_state"),
                 "No live need is recorded."),
    "provision_list": ("In place now", ("provision", "tier", "start_date", "expected_end_date",
                                        "weekly_minutes", "staff", "overdue_for_review"),
                       "Nothing is in place."),
    "meeting_lists": ("On the lists", ("kind", "subject", "reason"), "On none of the lists."),
    "actions": ("Agreed before", ("state", "action", "owner", "due_on", "value_then", "value_now", "outcome"),
                "Nothing was agreed for this pupil yet."),
}  # fmt: skip


def show_run(page: Page, meeting: Meeting) -> None:
    """The pupil whose turn it is, with next and back (also by the arrow keys)."""
    on_list = listed(page, meeting)
    if not on_list:
        st.info("Nobody is on the list yet. Put pupils on it under Prepare.")
        return
    at = min(st.session_state.get(AT, 0), len(on_list) - 1)
    back, where, onward = st.columns([1, 3, 1], vertical_alignment="center")
    back.button("Back", key="meeting_back", disabled=at == 0, on_click=_go, args=(at - 1,), shortcut="Left")
    done = sum(row["discussed_on"] is not None for row in on_list)
    where.markdown(f"**{at + 1} of {len(on_list)}** · {count(done, 'pupil')} discussed so far")
    onward.button("Next", key="meeting_onward", disabled=at == len(on_list) - 1, on_click=_go, args=(at + 1,),
                  shortcut="Right")  # fmt: skip
    pupil = on_list[at]
    _who(page, pupil)
    if not meeting["closed_on"]:
        _form(page, meeting, pupil)
    _card(page, pupil)
    who = {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}
    show_over_time(page, who)


def _go(to: int) -> None:
    st.session_state[AT] = to


def _who(page: Page, pupil: dict[str, Any]) -> None:
    """Whose turn it is, why they are on the list, and what is written of them so far."""
    st.header(plain(name_of(page, pupil)), anchor=False)
    st.markdown(plain(pupil["reason"] or "Added by hand."))
    told = {
        "The teacher beforehand": pupil["teacher_note"],
        "Changed in class": pupil["changed_in_class"],
        "Said": pupil["note"],
    }
    for label, words in told.items():
        if words:
            st.markdown(f"**{label}:** {plain(words)}")
    if st.button("Open the pupil's page", key="meeting_open_pupil", type="tertiary"):
        open_pupil(pupil["school_id"], pupil["pupil_id"])


def _card(page: Page, pupil: dict[str, Any]) -> None:
    """What is known of the pupil: needs, what runs, the lists, what was agreed."""
    everybody = filter_of(page, "school", None, page.filter.as_at)
    for question, (title, columns, empty) in CARD.items():
        rows = ask(question, everybody, page.store).filter(
            pl.col("pupil_id").eq_missing(pupil["pupil_id"]) & (pl.col("school_id") == pupil["school_id"])
        )
        st.subheader(title, anchor=False)
        show_table(page, question, rows, columns, empty=empty, opens="", only=ONE, key=f"card_{question}")


def _form(page: Page, meeting: Meeting, pupil: dict[str, Any]) -> None:
    """What has been changed, what was said, one decision and one action; each can be given again."""
    key = f"{meeting['meeting_id']}_{pupil['pupil_id']}_{pupil['row_version']}"
    st.subheader("What we say and decide", anchor=False)
    with st.form(f"discuss_{key}"):
        made_by = writer(f"discuss_{key}")
        changed = st.text_area(
            "What has been changed in class", pupil["changed_in_class"] or "", key=f"changed_{key}"
        )
        said = st.text_area("What was said", pupil["note"] or "", key=f"said_{key}")
        decision = _decision_fields(page, key)
        action = _action_fields(page, key)
        pressed = st.form_submit_button("Save", type="primary")
        st.caption("Save before you go on: what is not saved is not kept.")
    if not pressed:
        return
    if problem := _problem(decision, action):
        st.error(problem, icon="⚠️")
        return
    texts = {"changed_in_class": changed, "note": said}
    # Typed up later, it still belongs to the day of the meeting; before that day, to today.
    day = min(meeting["held_on"], page.store.today)
    edits = _edits(meeting, pupil, texts, decision, action, day=day)
    save_or_say(page, made_by, edits, f"Saved for {pupil['forename']} {pupil['surname']}.")


def _decision_fields(page: Page, key: str) -> dict[str, Any]:
    st.markdown("**A decision**")
    kinds = journal_datasets()["decisions"].column("kind").allowed
    left, right = st.columns(2)
    kind = left.selectbox("Kind", kinds, index=None, placeholder="None", key=f"kind_{key}")
    words = right.text_input("What we decide", key=f"words_{key}")
    provision = left.selectbox(
        "Provision to begin, end or change", list(_offered(page)), index=None, placeholder="None",
        format_func=lambda one: _offered(page)[one], key=f"provision_{key}",
    )  # fmt: skip
    starts = right.date_input("From", value=page.store.today, format="DD/MM/YYYY", key=f"from_{key}")
    expected = left.text_input("What it should bring about", key=f"expected_{key}")
    begin = right.checkbox("Begin it in the map from that day", key=f"begin_{key}")
    return {"kind": kind, "words": words.strip(), "provision_id": provision, "start_date": starts,
            "expected": expected.strip() or None, "begin": begin}  # fmt: skip


def _offered(page: Page) -> dict[str, str]:
    rows = page.ask_school("provision_criteria")
    return dict(rows.select("provision_id", "provision").iter_rows())


def _action_fields(page: Page, key: str) -> dict[str, Any]:
    st.markdown("**An action**")
    left, right = st.columns(2)
    what = left.text_input("What", key=f"what_{key}")
    owner = right.text_input("Who", key=f"owner_{key}")
    due = left.date_input(
        "By when", value=page.store.today + DUE_AFTER, format="DD/MM/YYYY", key=f"due_{key}"
    )
    subject = right.selectbox(
        "Subject in which it should show", list(page.labels("subjects")), index=None, placeholder="None",
        key=f"subject_{key}",
    )  # fmt: skip
    return {"what": what.strip(), "owner": owner.strip(), "due_on": due, "subject": subject}


def _problem(decision: dict[str, Any], action: dict[str, Any]) -> str:
    if bool(decision["kind"]) != bool(decision["words"]):
        return "Say both which kind of decision it is and what we decide, or neither."
    if decision["begin"] and not (decision["kind"] == STARTS and decision["provision_id"]):
        return f"To begin it in the map, choose the kind “{STARTS}” and the provision."
    if bool(action["what"]) != bool(action["owner"]):
        return "Say both what is to be done and who does it, or neither."
    return ""


def _edits(
    meeting: Meeting, pupil: dict[str, Any], said: dict[str, str], decision: dict[str, Any],
    action: dict[str, Any], *, day: date,
) -> list[Edit]:  # fmt: skip
    """All that is saved together: what was said, the decision with what it begins in the map, the action."""
    of = {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}
    in_meeting = of | {"meeting_id": meeting["meeting_id"]}
    written = {name: words.strip() or None for name, words in said.items()}
    edits = [Edit("discussions", written | {"discussed_on": pupil["discussed_on"] or day}, pupil["row_key"],
                  pupil["row_version"])]  # fmt: skip
    placement_id = f"decided-{uuid4().hex[:12]}" if decision["begin"] else None
    if decision["begin"]:
        placement = {name: decision[name] for name in ("provision_id", "start_date")}
        known = {"placement_id": placement_id, "intended_outcome": decision["expected"]}
        edits.append(Edit("placements", of | placement | known))
    if decision["kind"]:
        made = {name: decision[name] for name in ("kind", "words", "provision_id", "expected")}
        new = {"decision_id": uuid4().hex[:12], "decided_on": day, "placement_id": placement_id}
        edits.append(Edit("decisions", in_meeting | made | new))
    if action["what"]:
        edits.append(Edit("actions", in_meeting | action | {"action_id": uuid4().hex[:12], "set_on": day}))
    return edits
