"""What a meeting writes about one pupil, or about the class as a whole, in a form that loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import streamlit as st

from provmap.drafts import Values, kept
from provmap.errors import ProvmapError, UsageError
from provmap.filters import show_date
from provmap.store import Edit, open_store, row_now, rows_to_edit, save
from provmap.ui import meeting_decisions
from provmap.ui.begun import is_clash, show_begun, show_both
from provmap.ui.drafted import Form, chosen, name_here, open_form, remember, text_field, writer_here
from provmap.ui.meeting import CHOSEN, Meeting
from provmap.ui.meeting_decisions import EXPECTED, decision_edits, decision_fields, decision_problems
from provmap.ui.page import Page, plain
from provmap.ui.seen import let_all_go
from provmap.ui.sidebar import NAMES
from provmap.ui.writing import show_refusal
from provmap.words import joined

DUE_AFTER = timedelta(weeks=6)
# The notes of a form: column and label. A pupil's are kept with the discussion, the class's with the meeting.
OF_PUPIL = {"changed_in_class": "What has been changed in class", "note": "What was said"}
OF_CLASS = {"goal": "What the class is to reach", "note": "What concerns the class as a whole"}
ACTION = {"what": "Say what is to be done.", "owner": "Say who does it.", "due_on": "Say by when.",
          "hoped_for": "Say what it should bring about: the next meeting looks at it."}  # fmt: skip
# Which screen of the meeting is shown.
AT = "meeting_at"
# What is saved, by where it is kept.
PARTS = {"discussions": "the notes", "meetings": "the notes", "placements": "the map",
         "decisions": "the decision", "actions": "the action"}  # fmt: skip
SAVED, REFUSED, ANEW = "meeting_saved", "meeting_refused", "meeting_anew"


@dataclass(frozen=True)
class Told:
    """Whom or what a form is about: a pupil of the meeting, or its class as a whole (no pupil_id)."""

    school_id: str
    pupil_id: str | None
    name: str
    row_key: str
    # Why a pupil is on the list, as the screen says it.
    why: str = ""

    @property
    def notes(self) -> dict[str, str]:
        return OF_PUPIL if self.pupil_id else OF_CLASS

    @property
    def dataset(self) -> str:
        return "discussions" if self.pupil_id else "meetings"

    @property
    def about(self) -> dict[str, Any]:
        return {"school_id": self.school_id, "pupil_id": self.pupil_id}


def record_of(meeting: Meeting, pupil_id: str | None) -> str:
    """What the drafts of a form are kept under."""
    return f"meeting/{meeting['meeting_id']}/{pupil_id or ''}/"


def show_form(page: Page, meeting: Meeting, told: Told) -> None:
    """The form. Typing runs this part of the page again and no other."""
    _form(page, meeting, told, _asked_for())


@st.fragment
def _form(page: Page, meeting: Meeting, told: Told, drawn_for: list[Any]) -> None:
    if _asked_for() != drawn_for:
        # A click elsewhere comes along with the last words of a field, and Streamlit runs this part alone.
        st.rerun()
    row = _row(page, told)
    form = open_form(
        page.store.folder, record_of(meeting, told.pupil_id), _at_first(page, meeting, row, told)
    )
    clashes = {name for name in told.notes if is_clash(form, name, row)}
    _say_what_came(row)
    show_begun(form, told.notes)
    for name, label in told.notes.items():
        if name in clashes:
            show_both(form, name, label, row)
        text_field(form, name, label, lines=4 if name == "note" else 2)
    decision_fields(page, form, told.about)
    with st.expander("An action: who does what by when", expanded=form.is_begun(*ACTION, "subject")):
        _action_fields(page, form, told)
    _save_line(page, meeting, told, form, bool(clashes))


def _asked_for() -> list[Any]:
    """What the whole page is drawn for: its filter, its part, its meeting, and the screen."""
    return [st.session_state.get(name) for name in (*NAMES, "meeting_part", CHOSEN, AT)]


def _row(page: Page, told: Told) -> dict[str, Any]:
    """What is saved by now, also by others since the page was drawn."""
    row = row_now(page.store, told.dataset, told.row_key)
    if row is None:
        raise UsageError("This meeting or its list was changed meanwhile.", "Choose the meeting again.")
    return row


def _at_first(page: Page, meeting: Meeting, row: dict[str, Any], told: Told) -> Values:
    """Every field of the form as it stands when nothing has been begun: from the day of the meeting on."""
    day = meeting["held_on"]
    due = (max(page.store.today, day) + DUE_AFTER).isoformat()
    action = dict.fromkeys([*ACTION, "subject"]) | {"due_on": due}
    decision = meeting_decisions.at_first(page) | {"from_day": day.isoformat()}
    return {name: row[name] for name in told.notes} | decision | action


def _say_what_came(row: dict[str, Any]) -> None:
    if st.session_state.pop(ANEW, False):
        # What was decided stands in other parts of the page too.
        st.rerun()
    if row.get("discussed_on"):
        st.caption(f"Talked about on {show_date(row['discussed_on'])}.")


def _say_what_became(form: Form) -> None:
    """Over the button, where the eye is and no screen ends: what was saved, or why nothing was."""
    if said := st.session_state.pop(SAVED, ""):
        st.success(said, icon="✔️")
    if refused := st.session_state.pop(REFUSED, None):
        show_refusal(refused)
    if form.refused:
        st.error(f"**Not saved yet.** {' '.join(form.refused.values())} What you wrote is kept.", icon="⚠️")


def _action_fields(page: Page, form: Form, told: Told) -> None:
    text_field(form, "what", needed("What"))
    left, right = st.columns(2)
    with left:
        text_field(form, "owner", needed("Who"), offers=_adults(page, told))
        chosen(form, "subject", st.selectbox, "Subject in which it should show",
               options=list(page.labels("subjects")), placeholder="None")  # fmt: skip
    with right:
        chosen(form, "due_on", st.date_input, needed("By when"), format="DD/MM/YYYY")
        text_field(form, "hoped_for", needed(EXPECTED))


def _adults(page: Page, told: Told) -> list[str]:
    """The school's staff, and who else an action was given to: one name for one adult."""
    staff, actions = (
        rows_to_edit(page.store, name, school_id=told.school_id) for name in ("staff", "actions")
    )
    return sorted({*staff["name"].drop_nulls(), *actions["owner"].drop_nulls()})


def needed(label: str) -> str:
    """A field without which nothing is saved, marked as on the other forms."""
    return f"{label} (needed)"


def _save_line(page: Page, meeting: Meeting, told: Told, form: Form, is_clash: bool) -> None:
    """Whose words they are, and the buttons. What is refused says so beside its field."""
    if not name_here():
        st.text_input(
            "Your name", key="writer_run", help="Stands beside what you write. It is asked for once."
        )
        if form.refused.get("writer"):
            st.caption(f"⚠️ **{form.refused['writer']}**")
    _say_what_became(form)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save", type="primary", key="meeting_save", disabled=is_clash, on_click=_save,
                  args=(page, meeting, told, form))  # fmt: skip
        if is_clash:
            st.caption("First choose above which version stays: yours, theirs or both.", width="content")
        if form.is_begun():
            st.button("Throw away what is not saved", key="meeting_away", type="tertiary",
                      on_click=_start_again, args=(page, meeting, told, form))  # fmt: skip
        if name_here():
            st.caption(f"As {plain(name_here())}.", width="content")
            st.button("Somebody else writes", key="meeting_other_writer", type="tertiary",
                      on_click=remember, args=(page.store.folder, ""))  # fmt: skip


def _start_again(page: Page, meeting: Meeting, told: Told, form: Form) -> None:
    let_all_go(form.record)
    form.start_again(_at_first(page, meeting, _row(page, told), told))


def _save(page: Page, meeting: Meeting, told: Told, form: Form) -> None:
    """Saves all of the form or nothing; before the page is drawn, so that what is saved is what it shows."""
    form.take_in()
    if form.given["kind"]:
        # The map as it is at this moment is what a decision changes.
        open_store()
    row = _row(page, told)
    made_by = name_here() or str(st.session_state.get("writer_run", "")).strip()
    form.refused = {} if made_by else {"writer": "Give your name first: it stands beside what you write."}
    form.refused |= decision_problems(page, form.given, told.about) | _action_problems(form)
    if form.refused or any(is_clash(form, name, row) for name in told.notes):
        return
    edits = _edits(page, meeting, told, form, row)
    try:
        save(page.store, made_by, edits)
    except ProvmapError as error:
        # Who is shown that somebody else was first can save again.
        let_all_go(form.record)
        st.session_state[REFUSED] = error
        return
    remember(page.store.folder, made_by)
    what = _what_is_saved(edits, told, row)
    # A sample school has a day of its own, which no clock knows.
    clock = " by this computer's clock" if page.store.is_sample else ""
    at = f"{datetime.now():%H:%M}{clock}"
    st.session_state[SAVED] = f"Saved for {plain(told.name)} at {at}: {what}."
    st.session_state[ANEW] = len(edits) > 1
    _start_again(page, meeting, told, form)


def _what_is_saved(edits: list[Edit], told: Told, row: dict[str, Any]) -> str:
    """ "the notes and the decision": what was not typed is not said to be saved."""
    notes, *others = edits
    has_notes = any(notes.now[name] != row[name] for name in told.notes)
    parts = [*([PARTS[told.dataset]] if has_notes else []), *(PARTS[edit.dataset] for edit in others)]
    return joined(list(dict.fromkeys(parts))) or "that it was talked about"


def _action_problems(form: Form) -> dict[str, str]:
    if not form.is_begun(*ACTION, "subject"):
        return {}
    return {name: words for name, words in ACTION.items() if not (form.given[name] or "").strip()}


def _edits(page: Page, meeting: Meeting, told: Told, form: Form, row: dict[str, Any]) -> list[Edit]:
    """All that is saved together: the notes, the decision with what it does in the map, the action."""
    # Typed up later or before that day, it belongs to the day of the meeting.
    day = meeting["held_on"]
    now: dict[str, Any] = {name: (form.given[name] or "").strip() or None for name in told.notes}
    if told.pupil_id:
        now["discussed_on"] = row["discussed_on"] or day
        # Why it was talked about stays as it stood on the screen.
        now |= {} if row["discussed_on"] else {"reason": told.why or row["reason"]}
    edits = [Edit(told.dataset, now, row["row_key"], row["row_version"])]
    edits += decision_edits(page, form, told.about, meeting["meeting_id"], day)
    if form.is_begun(*ACTION, "subject"):
        action = {name: form.given[name].strip() for name in ("what", "owner")}
        action |= {"due_on": date.fromisoformat(form.given["due_on"]), "set_on": day,
                   "expected": form.given["hoped_for"].strip(), "subject": form.given["subject"]}  # fmt: skip
        identity = {"meeting_id": meeting["meeting_id"], "action_id": uuid4().hex[:12]}
        edits.append(Edit("actions", told.about | identity | action))
    return edits


def begun(page: Page, meeting: Meeting) -> set[str]:
    """The pupils (and "" for the class) of a meeting about whom something is begun and not saved."""
    start = f"meeting/{meeting['meeting_id']}/"
    writer = writer_here(page.store.folder)
    return {one.record[len(start) : -1] for one in kept(page.store.folder, start, writer)}
