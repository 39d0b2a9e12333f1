"""Writing down what pupils, parents and adults said: several kinds at once, for one pupil, in seconds."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.store import Edit, datasets, rows_to_edit
from provmap.ui.fields import fields
from provmap.ui.page import Page, plain
from provmap.ui.pupils import label_of
from provmap.ui.seen import let_go, save_seen, seen
from provmap.ui.writing import save_or_say, writer
from provmap.words.families import STAGES
from provmap.words.reviews import RATINGS, VOICES

Row = dict[str, Any]
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
    # Another key for another row: a window that is told to open where it stood closed stays closed.
    names = ("school_id", "pupil_id", "stage", "provision_ids")
    key = f"record_voices_{row and [row.get(name) for name in names]}"
    with st.expander("Write down what was said", icon="✏️", expanded=bool(row), key=key):
        _form(page, row or {})


def _form(page: Page, row: Row) -> None:
    people = {(one["school_id"], one["pupil_id"]): one for one in page.ask("pupil_list").to_dicts()}
    who = (row.get("school_id"), row.get("pupil_id"))
    start = f"{st.session_state.get(TURN, 0)}_{who}_{row.get('stage')}_{row.get('provision_ids')}"
    # Outside the form: what the pupil has is offered once the pupil is known.
    pupil = st.selectbox(
        "Pupil (needed)", list(people), index=list(people).index(who) if who in people else None,
        placeholder="Type a name", key=f"hear_pupil_{start}",
        format_func=lambda one: label_of(page, people[one]) if one in people else "",
    )  # fmt: skip
    has = _provisions(page, pupil)
    with st.form(f"hear_{start}_{pupil}", border=False):
        common = _about(page, row if pupil == who else _asked(page, pupil), has, f"{start}_{pupil}")
        told = _kinds(f"{start}_{pupil}")
        made_by = writer("hear")
        pressed = st.form_submit_button("Save what was said", type="primary")
    if not pressed:
        return
    given = {voice: one for voice, one in told.items() if any(value is not None for value in one.values())}
    if pupil is None or not given:
        st.error("Choose the pupil and write what at least one of them said.", icon="⚠️")
        return
    of = {"school_id": pupil[0], "pupil_id": pupil[1]} | common
    if there := _there_already(page, of, list(given)):
        st.error(plain(there), icon="⚠️")
        return
    edits = [Edit("voices", of | {"voice": voice} | one) for voice, one in given.items()]
    name = f"{people[pupil]['forename']} {people[pupil]['surname']}"
    said = ", ".join(VOICES[voice].lower() for voice in given)
    turn = st.session_state.get(TURN, 0)
    st.session_state[TURN] = turn + 1
    save_or_say(page, made_by, edits, f"Recorded for {name}: {said}.")
    st.session_state[TURN] = turn


def _there_already(page: Page, of: Row, voices: list[str]) -> str:
    """What stands in the way: of one day there is one row for each of them and what it is about."""
    wanted = {name: of[name] for name in ("school_id", "pupil_id", "provision_id", "heard_on")}
    rows = rows_to_edit(page.store, "voices", voice=tuple(voices), **wanted).to_dicts()
    said = [f"{VOICES[row['voice']]}: {row['words'] or row['reply'] or 'a rating'}" for row in rows]
    if not said:
        return ""
    return (
        f"Of this day and about this, it is recorded already ({'; '.join(said)}). Correct it under “What was "
        "heard”, or choose another day or what it is about."
    )


def _provisions(page: Page, pupil: tuple[str, str] | None) -> dict[str, str]:
    """What the pupil has, by identifier."""
    if pupil is None:
        return {}
    rows = page.ask("provision_list").filter(school_id=pupil[0], pupil_id=pupil[1])
    return {row["provision_id"]: row["provision"] for row in rows.iter_rows(named=True)}


def _asked(page: Page, pupil: tuple[str, str] | None) -> Row:
    """What has waited longest to be heard of a pupil who was chosen by name."""
    if pupil is None:
        return {}
    rows = page.ask("to_hear").filter(school_id=pupil[0], pupil_id=pupil[1])
    return next(rows.iter_rows(named=True), {})


def _about(page: Page, row: Row, has: dict[str, str], key: str) -> Row:
    """What it is about, when, and the day; filled from the row that is selected."""
    asked = row.get("provision_ids") or []
    offered = [None, *has]
    about = st.selectbox(
        "About", offered, key=f"hear_about_{key}",
        index=offered.index(asked[0]) if len(asked) == 1 and asked[0] in has else 0,
        format_func=lambda one: WHOLE if one is None else has[one],
    )  # fmt: skip
    left, right = st.columns(2)
    stages = list(STAGES)
    stage = left.selectbox(
        "When", stages, index=stages.index(row.get("stage") or "review"), key=f"hear_stage_{key}",
        format_func=lambda one: STAGES[one].capitalize(),
    )  # fmt: skip
    day = right.date_input(
        "Day",
        value=page.filter.as_at,
        max_value=page.filter.as_at,
        format="DD/MM/YYYY",
        key=f"hear_day_{key}",
    )
    return {"provision_id": about, "stage": stage, "heard_on": day}


def _kinds(key: str) -> dict[str, Row]:
    """A field for the words of each kind, and one for how helpful it was or why nobody was heard."""
    told = {}
    for column, voice in zip(st.columns(2), FAMILY, strict=True):
        with column:
            told[voice] = _kind(voice, key, RATINGS | REPLIES)
    others = [voice for voice in VOICES if voice not in FAMILY]
    with st.expander("Other evidence: teacher, other adults, pupil's work, observation"):
        for place in range(0, len(others), 2):
            for column, voice in zip(st.columns(2), others[place : place + 2], strict=True):
                with column:
                    told[voice] = _kind(voice, key, dict(RATINGS))
    return told


def _kind(voice: str, key: str, choices: dict[Any, str]) -> Row:
    words = st.text_area(VOICES[voice], key=f"hear_{voice}_{key}", height=68).strip() or None
    label = f"{VOICES[voice]}: how helpful" + (", or not heard" if voice in FAMILY else "")
    how = st.selectbox(
        label, list(choices), index=None, key=f"how_{voice}_{key}", placeholder="Not said",
        format_func=lambda one: choices[one],
    )  # fmt: skip
    reply = how if how in REPLIES else None
    return {"words": words, "rating": None if reply else how, "reply": reply}


def change_voice(page: Page, row: Row) -> None:
    """Correct one of the rows, or take it out."""
    wanted = {name: row[name] for name in ("school_id", "pupil_id", "provision_id", "heard_on", "voice")}
    found = rows_to_edit(page.store, "voices", **wanted).to_dicts()
    if not found:
        return
    held = seen("voices", found[0])
    with st.form("change_voice"):
        name = f"{row['forename']} {row['surname']}" if row["pupil_id"] else row["provision"]
        st.markdown(f"**Correct what was written: {plain(name)}, {plain(VOICES[row['voice']].lower())}**")
        given = fields(datasets()["voices"], CORRECTING, held, {}, f"voice_{held['row_key']}", called=CALLED)
        made_by = writer("change_voice")
        first, second = st.columns(2)
        saved = first.form_submit_button("Save", type="primary")
        removed = second.form_submit_button("Take it out")
    if saved:
        save_seen(page, made_by, "voices", held, given)
    if removed:
        out = Edit("voices", {}, held["row_key"], held["row_version"], removed=True)
        let_go("voices")
        save_or_say(page, made_by, [out], "It is taken out.")
