"""Writing down what pupils, parents and adults said: several kinds at once, for one pupil, in seconds."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.begun import begun_among, save_line, say_begun, show_begun
from provmap.ui.drafted import Form, chosen, open_form, text_field
from provmap.ui.kept_rows import correct, save_correction
from provmap.ui.page import Page, plain
from provmap.ui.pupils import people, people_called
from provmap.ui.seen import save_drawn, sends
from provmap.ui.writing import save_or_say, writer
from provmap.words.families import STAGES
from provmap.words.reviews import RATINGS, VOICES

Row = dict[str, Any]
Pupil = tuple[str, str]
# Counts what was saved: the fields of the form are others then, and so empty.
TURN = "voices_turn"
FAMILY = ("pupil", "parent")
REPLIES = {"invited, no reply": "Invited, no reply", "chose not to say": "Chose not to say"}
WHOLE = "The pupil as a whole"
CORRECTING = ("heard_on", "stage", "rating", "reply", "words")
CALLED = {"heard_on": "Day", "stage": "When", "words": "What was said or seen"}


def record_voices(page: Page, row: Row | None) -> None:
    """The form; `row` is the pupil with stage and provision that it starts from, where one is chosen."""
    if not page.summary["pupils"]:
        return
    begun = begun_among(page.store.folder, "voices/", {record_of(one): one for one in people(page)})
    # Another key for another row: a window that is told to open where it stood closed stays closed.
    names = ("school_id", "pupil_id", "stage", "provision_ids")
    key = f"record_voices_{row and [row.get(name) for name in names]}"
    is_open = bool(row or begun)
    with st.expander("Write down what was said", icon="✏️", expanded=is_open, key=key):
        _form(page, row or {}, begun)


def record_of(pupil: Pupil) -> str:
    """What the draft about a pupil is kept under."""
    return f"voices/{pupil[0]}/{pupil[1]}/"


def _form(page: Page, row: Row, begun: list[Pupil]) -> None:
    who = (row.get("school_id"), row.get("pupil_id"))
    start = f"{st.session_state.get(TURN, 0)}_{who}_{row.get('stage')}_{row.get('provision_ids')}"
    key = f"hear_pupil_{start}"
    known, called = people(page), people_called(page)
    if st.session_state.get(key) not in known:
        st.session_state[key] = who if who in known else begun[0] if begun else None
    pupil = st.selectbox(
        "Pupil (needed)", list(known), index=None, placeholder="Type a name", key=key,
        format_func=lambda one: called.get(one, ""),
    )  # fmt: skip
    say_begun([_named(known[one]) for one in begun if one != pupil])
    if pupil is None:
        st.caption("Choose the pupil; then write what was said.")
        return
    has = _provisions(page, pupil)
    form = open_form(
        page.store.folder, record_of(pupil),
        _at_first(page, row if pupil == who else _asked(page, pupil), has),
    )  # fmt: skip
    show_begun(form, VOICES)
    of = {"school_id": pupil[0], "pupil_id": pupil[1]} | _about(page, form, has)
    told = _kinds(form)
    made_by, pressed = save_line(form, "Save what was said", "hear")
    if pressed:
        rows = [of | {"voice": voice} | one for voice, one in told.items() if set(one.values()) != {None}]
        _save(page, made_by, form, _named(known[pupil]), rows)


def _named(pupil: Row) -> str:
    return f"{pupil['forename']} {pupil['surname']}"


def _save(page: Page, made_by: str, form: Form, name: str, rows: list[Row]) -> None:
    if not rows:
        st.error("Write what at least one of them said.", icon="⚠️")
        return
    if there := _there_already(page, rows):
        st.error(plain(there), icon="⚠️")
        return
    said = ", ".join(VOICES[row["voice"]].lower() for row in rows)
    turn = st.session_state.get(TURN, 0)
    st.session_state[TURN] = turn + 1
    save_or_say(page, made_by, [Edit("voices", row) for row in rows], f"Recorded for {name}: {said}.", form)
    st.session_state[TURN] = turn


def _there_already(page: Page, given: list[Row]) -> str:
    """What stands in the way: of one day there is one row for each of them and what it is about."""
    wanted = {name: given[0][name] for name in ("school_id", "pupil_id", "provision_id", "heard_on")}
    voices = tuple(row["voice"] for row in given)
    rows = rows_to_edit(page.store, "voices", voice=voices, **wanted).to_dicts()
    said = [f"{VOICES[row['voice']]}: {row['words'] or row['reply'] or 'a rating'}" for row in rows]
    if not said:
        return ""
    return (
        f"Of this day and about this, it is recorded already ({'; '.join(said)}). Correct it under “What was "
        "heard”, or choose another day or what it is about."
    )


def _provisions(page: Page, pupil: Pupil) -> dict[str, str]:
    """What the pupil has, by identifier."""
    rows = page.ask("provision_list").filter(school_id=pupil[0], pupil_id=pupil[1])
    return {row["provision_id"]: row["provision"] for row in rows.iter_rows(named=True)}


def _asked(page: Page, pupil: Pupil) -> Row:
    """What has waited longest to be heard of a pupil who was chosen by name."""
    rows = page.ask("to_hear").filter(school_id=pupil[0], pupil_id=pupil[1])
    return next(rows.iter_rows(named=True), {})


def _at_first(page: Page, row: Row, has: dict[str, str]) -> Row:
    """Every field as it stands when nothing has been begun: filled from the row that is selected."""
    asked = row.get("provision_ids") or []
    return {
        "about": asked[0] if len(asked) == 1 and asked[0] in has else None,
        "stage": row.get("stage") or "review",
        "day": page.filter.as_at.isoformat(),
        **{name: None for voice in VOICES for name in (voice, f"{voice}_how")},
    }


def _about(page: Page, form: Form, has: dict[str, str]) -> Row:
    """What it is about, when, and the day."""
    about = chosen(
        form, "about", st.selectbox, "About", options=[None, *has],
        format_func=lambda one: WHOLE if one is None else has[one],
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        stage = chosen(form, "stage", st.selectbox, "When", options=list(STAGES),
                       format_func=lambda one: STAGES[one].capitalize())  # fmt: skip
    with right:
        day = chosen(form, "day", st.date_input, "Day", max_value=page.filter.as_at, format="DD/MM/YYYY")
    return {"provision_id": about, "stage": stage, "heard_on": day}


def _kinds(form: Form) -> dict[str, Row]:
    """A field for the words of each kind, and one for how helpful it was or why nobody was heard."""
    told = {}
    for column, voice in zip(st.columns(2), FAMILY, strict=True):
        with column:
            told[voice] = _kind(form, voice, RATINGS | REPLIES)
    others = [voice for voice in VOICES if voice not in FAMILY]
    with st.expander("Other evidence: teacher, other adults, pupil's work, observation",
                     expanded=form.is_begun(*others, *(f"{voice}_how" for voice in others))):  # fmt: skip
        for place in range(0, len(others), 2):
            for column, voice in zip(st.columns(2), others[place : place + 2], strict=True):
                with column:
                    told[voice] = _kind(form, voice, dict(RATINGS))
    return told


def _kind(form: Form, voice: str, choices: dict[Any, str]) -> Row:
    words = text_field(form, voice, VOICES[voice], lines=2).strip() or None
    label = f"{VOICES[voice]}: how helpful" + (", or not heard" if voice in FAMILY else "")
    how = chosen(form, f"{voice}_how", st.selectbox, label, options=list(choices), placeholder="Not said",
                 format_func=lambda one: choices[one])  # fmt: skip
    reply = how if how in REPLIES else None
    return {"words": words, "rating": None if reply else how, "reply": reply}


def change_voice(page: Page, row: Row) -> None:
    """Correct one of the rows, or take it out."""
    wanted = {name: row[name] for name in ("school_id", "pupil_id", "provision_id", "heard_on", "voice")}
    found = rows_to_edit(page.store, "voices", **wanted).to_dicts()
    if not found:
        return
    with st.container(border=True):
        name = f"{row['forename']} {row['surname']}" if row["pupil_id"] else row["provision"]
        st.markdown(f"**Correct what was written: {plain(name)}, {plain(VOICES[row['voice']].lower())}**")
        opened = correct(page, "change_voice", "voices", CORRECTING, found[0], choices={}, called=CALLED)
        made_by = writer("change_voice")
        with st.container(horizontal=True):
            saved = st.button("Save", type="primary", key=sends("change_voice"), disabled=opened.is_held_up)
            removed = st.button("Take it out", key=sends("change_voice", second=True))
    if saved and not opened.is_held_up:
        save_correction(page, made_by, "voices", opened)
    if removed:
        held = opened.held
        out = Edit("voices", {}, held["row_key"], held["row_version"], removed=True)
        save_drawn(page, made_by, "change_voice", [out], "It is taken out.", begun=opened.form)
