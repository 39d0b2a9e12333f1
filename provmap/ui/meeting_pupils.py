"""Whom a progress meeting talks about and in which order, and what is noted beforehand."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.begun import begun_among, is_clash, save_line, say_begun, show_begun, show_both
from provmap.ui.drafted import Form, open_form, text_field
from provmap.ui.grades import grades_in
from provmap.ui.meeting import AT_FIRST, Meeting, entry, first
from provmap.ui.meeting_proposed import propose_again
from provmap.ui.meeting_since import noted_by
from provmap.ui.page import Page, plain
from provmap.ui.pupils import labels_of
from provmap.ui.writing import save_or_say, writer
from provmap.words import count

Rows = list[dict[str, Any]]
NOBODY_IN_IT = "Nobody is counted in it on this day, so there is nobody to propose and nothing to judge."
NOTE = {"teacher_note": "What the meeting should know"}


def show_list(page: Page, meeting: Meeting, rows: pl.DataFrame, on_list: Rows) -> None:
    """Each pupil with why; while the meeting is open the order is changed, and pupils put on or taken off."""
    is_open = not meeting["closed_on"]
    st.subheader(f"Whom to talk about: {count(len(on_list), 'pupil')}", anchor=False)
    made_by = writer("list") if is_open else ""
    order = [row["pupil_id"] for row in on_list]
    wanted = order
    if is_open:
        propose_again(page, meeting, rows, on_list, made_by)
    known = {row["pupil_id"]: row for row in [*on_list, *rows.to_dicts()]}
    called = labels_of(page, known)
    for place, row in enumerate(on_list):
        noted = {"noted_by": noted_by(page, row) if row["teacher_note"] else ""}
        wanted = _line(row | noted, called[row["pupil_id"]], place, order, is_open) or wanted
    if grades := grades_in(page, *(" ".join(row["why"]) for row in on_list)):
        st.caption(plain(grades))
    if rows.is_empty():
        st.info(NOBODY_IN_IT)
    if not is_open:
        return
    off = rows_to_edit(page.store, "discussions", meeting_id=meeting["meeting_id"]).filter("is_left_out")
    wanted = _add(rows, order, off["pupil_id"].to_list(), called) or wanted
    is_theirs = _as_drawn(meeting, order) != order
    if wanted != order and is_theirs:
        _say_changed(page, meeting, [called[one] for one in wanted])
    elif wanted != order:
        edits = _reordered(page, meeting, wanted, known)
        save_or_say(page, made_by, edits, "The list is changed.")
    _teachers_note(page, meeting, on_list, called)


def _as_drawn(meeting: Meeting, order: list[str]) -> list[str]:
    """The order that stood on the screen before this run, in which it is drawn as it is now."""
    drawn: dict[str, list[str]] = st.session_state.setdefault("lists_as_drawn", {})
    before = drawn.get(meeting["row_key"], order)
    drawn[meeting["row_key"]] = order
    return before


def _say_changed(page: Page, meeting: Meeting, wanted: list[str]) -> None:
    """Somebody else was first: their list stands above, and what was asked for here is said."""
    of = {"school_id": meeting["school_id"], "meeting_id": meeting["meeting_id"]}
    rows = rows_to_edit(page.store, "discussions", **of).drop_nulls("written_at").sort("written_at")
    who = rows["written_by"][-1] if rows.height else "Somebody"
    st.warning(
        f"**{plain(who)} changed the list meanwhile.** It stands above as it is now, and nothing of yours is "
        f"saved. You asked for: {plain('; '.join(wanted))}. Press again where it should still be so.",
        icon="✋",
    )


def _line(row: dict[str, Any], called: str, place: int, order: list[str], is_open: bool) -> list[str] | None:
    """One pupil; returns the order that a button asks for."""
    one = row["pupil_id"]
    asked = None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{place + 1}. **{plain(called)}**", width="content")
        others = [other for other in order if other != one]
        # Where a pupil stands after each button; None takes the pupil off.
        offered = {"Earlier": place - 1, "Later": place + 1, "Take off": None} if is_open else {}
        for label, to in offered.items():
            is_out = to is not None and not 0 <= to < len(order)
            if st.button(label, key=f"{label}_{one}", type="tertiary", disabled=is_out):
                asked = others if to is None else [*others[:to], one, *others[to:]]
    said, *gone = row["why"]
    st.markdown(plain(said))
    for words in gone:
        st.caption(plain(words))
    if row["teacher_note"]:
        st.caption(plain(f"Noted beforehand by {row['noted_by']}: {row['teacher_note']}"))
    return asked


def _add(rows: pl.DataFrame, order: list[str], off: list[str], called: dict[str, str]) -> list[str] | None:
    """Put pupils on the list: those chosen, or the next six for whom most speaks.

    Who was taken off (`off`) is not proposed again, and can be chosen.
    """
    waiting = rows.filter(~pl.col("pupil_id").is_in(order))
    more = first(waiting.filter(~pl.col("pupil_id").is_in(off)), AT_FIRST)
    if not rows.is_empty():
        st.caption(who_is_left(waiting, off))
    if waiting.is_empty():
        return None
    by_name = waiting.sort("surname", "forename", "pupil_id")["pupil_id"].to_list()
    with st.form("add_pupils", border=False):
        chosen = st.multiselect(
            "Add pupils", by_name, format_func=lambda one: called[one],
            key=f"add_{len(order)}", placeholder="Choose one or more", select_all=False,
        )  # fmt: skip
        with st.container(horizontal=True):
            is_added = st.form_submit_button("Add to the list")
            many = "six" if len(more) == AT_FIRST else len(more)
            is_more = bool(more) and st.form_submit_button(f"Propose {many} more")
    if is_more:
        return order + [row["pupil_id"] for row in more]
    if is_added and not chosen:
        st.error("Nobody is chosen yet: choose a pupil under Add pupils, then add.", icon="⚠️")
    return order + chosen if is_added else None


def who_is_left(waiting: pl.DataFrame, off: list[str]) -> str:
    """Who is not on the list: for how many something speaks, and who of them was taken off."""
    if waiting.is_empty():
        return "Everybody counted is on the list: there is nobody left to propose or add."
    spoken_for = waiting.filter(pl.col("weight") > 0)
    spoken = spoken_for.height
    rest = waiting.height - spoken
    if not spoken:
        return (
            f"Nobody else is proposed: nothing recorded speaks for the {count(rest, 'pupil')} not on the "
            "list. They can be added by name."
        )
    others = f"; for {rest} nothing recorded does, and they can be added by name" if rest else ""
    taken = spoken_for.filter(pl.col("pupil_id").is_in(off)).height
    not_again = f" ({taken} of them taken off, and not proposed again)" if taken else ""
    return f"Not on the list: something speaks for {count(spoken, 'more pupil')}{not_again}{others}."


def _reordered(page: Page, meeting: Meeting, order: list[str], known: dict[str, Any]) -> list[Edit]:
    """What is written so that the list has this order; who was taken off before is put on again."""
    of = {"school_id": meeting["school_id"], "meeting_id": meeting["meeting_id"]}
    held = {row["pupil_id"]: row for row in rows_to_edit(page.store, "discussions", **of).to_dicts()}
    edits = []
    for place, pupil_id in enumerate(order, 1):
        row, new = held.pop(pupil_id, None), entry(of, known[pupil_id], place, page.filter.as_at)
        if row is None:
            edits.append(new)
        elif row["is_left_out"]:
            again = {"place": place, "is_left_out": None}
            again |= {name: new.now[name] for name in ("reason", "proposed_on")}
            edits.append(Edit("discussions", again, row["row_key"], row["row_version"]))
        elif row["place"] != place:
            edits.append(Edit("discussions", {"place": place}, row["row_key"], row["row_version"]))
    gone = [row for row in held.values() if not row["is_left_out"] and row["pupil_id"] in known]
    return edits + [
        Edit("discussions", {"is_left_out": True}, row["row_key"], row["row_version"]) for row in gone
    ]


def _teachers_note(page: Page, meeting: Meeting, on_list: Rows, called: dict[str, str]) -> None:
    """What is written beforehand about one pupil; it is kept as it is typed."""
    rows = {row["pupil_id"]: row for row in on_list}
    start = f"note/{meeting['meeting_id']}/"
    begun = begun_among(page.store.folder, start, {f"{start}{one}/": one for one in rows})
    with st.expander("Write a note beforehand", key="note_beforehand", expanded=bool(begun)):
        if st.session_state.get("note_for") not in rows:
            st.session_state["note_for"] = begun[0] if begun else None
        who = st.selectbox(
            "Pupil", list(rows), index=None, placeholder="Choose one", key="note_for",
            format_func=lambda one: called[one],
        )  # fmt: skip
        say_begun([f"{rows[one]['forename']} {rows[one]['surname']}" for one in begun if one != who])
        if who is not None:
            _note(page, open_form(page.store.folder, f"{start}{who}/", _saved(rows[who])), rows[who])


def _saved(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NOTE}


def _note(page: Page, form: Form, row: dict[str, Any]) -> None:
    ((name, label),) = NOTE.items()
    show_begun(form, NOTE)
    is_twice = is_clash(form, name, row)
    if is_twice:
        show_both(form, name, label, row)
    words = text_field(form, name, label, lines=3).strip()
    made_by, pressed = save_line(form, "Save the note", "note", is_held_up=is_twice)
    if pressed:
        edit = Edit("discussions", {name: words or None}, row["row_key"], row["row_version"])
        save_or_say(page, made_by, [edit], "The note is saved.", form)
