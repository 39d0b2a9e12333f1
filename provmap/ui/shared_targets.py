"""Setting a target for a class, a year or a group, and what every form of a new target asks for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from provmap.filters import academic_year_of
from provmap.store import Edit, datasets
from provmap.ui.drafted import Form, chosen, open_form, text_field
from provmap.ui.fields import kept_fields, known_choices
from provmap.ui.in_what import IN_WHAT, scale_choices
from provmap.ui.page import Page
from provmap.ui.writing import save_or_say, writer
from provmap.words import heading

TEXTS = {name: heading(name) for name in ("words", "parent_words")}
CALLED = {"due_on": f"{heading('due_on')} (needed)"}
# A tick that nobody has said by when: a day that is left out is easily forgotten.
NO_DATE = "no_date"
# Goes up with each target that is set: its fields are empty for the next.
TURN = "targets_set"
RECORD = "targets/shared/"
WHOSE = ("year_group", "class", "group_code")
ASKED = ("target", "due_on", "forecast", "forecast_on")
AT_FIRST = dict.fromkeys([*IN_WHAT, *WHOSE, *ASKED, "words", NO_DATE]) | {"share": 80}


def shared_form(folder: Path) -> Form:
    """What is begun for a class, a year or a group."""
    return open_form(folder, RECORD, AT_FIRST)


def set_shared(page: Page, form: Form, subject: str | None, scale: str | None) -> None:
    """The fields of a target for a class, a year or a group."""
    choices = known_choices(page) | scale_choices(page, scale) | {"class": page.labels("classes")}
    st.caption("Whoever is in all that you name: Year 5, or the pupils of Oak who are in a group.")
    words = text_field(form, "words", TEXTS["words"], lines=2).strip() or None
    whom = kept_fields(form, datasets()["targets"], WHOSE, choices, key_of("shared", "for"))
    share = chosen(form, "share", st.number_input, "How many of them are to reach it (%)", min_value=0,
                   max_value=100)  # fmt: skip
    given = kept_fields(form, datasets()["targets"], ASKED, choices, key_of("shared", scale), called=CALLED,
                        below={"due_on": partial(ask_no_date, form)})  # fmt: skip
    school = _school(page)
    made_by = writer("shared")
    pressed = st.button("Set it", type="primary", key="shared_set")
    wanted = any(whom.values()), "Name a class, a year or a group."
    if not pressed or not is_complete(form, {"subject": subject, "scale": scale} | given, wanted):
        return
    row = common_of(page, subject, scale) | whom | given | {"school_id": school, "words": words}
    st.session_state["has_set"] = RECORD
    edit = Edit("targets", row | {"share_needed": (share or 0) / 100})
    save_or_say(page, made_by, [edit], "The target is set.", form)
    st.session_state["has_set"] = None


def _school(page: Page) -> str:
    schools = page.labels("schools")
    if len(schools) == 1:
        return next(iter(schools))
    return str(st.selectbox(
        "School (needed)", list(schools), format_func=lambda one: schools[one], key="shared_school"
    ))  # fmt: skip


def ask_no_date(form: Form) -> None:
    """By when is asked for: that there is no day yet is said, and not left out."""
    if not form.given.get("due_on"):
        chosen(form, NO_DATE, st.checkbox, "There is no date yet")


def is_complete(form: Form, given: dict[str, Any], whom: tuple[bool, str]) -> bool:
    """Whether all is said that is needed; `whom` is whether it is known for whom, and what to say if not."""
    has_whom, words = whom
    if not has_whom:
        st.error(words, icon="⚠️")
    elif not (given["subject"] and given["scale"]):
        st.error("Say in which subject, and on which scale.", icon="⚠️")
    elif not given["due_on"] and not form.given.get(NO_DATE):
        words = "Say by when it is due, or tick that there is no date yet."
        st.error(words, icon="⚠️")
        form.places["due_on"].markdown(f"⚠️ **{words}**")
    else:
        return True
    return False


def key_of(whose: str, what: str | None) -> str:
    """The key of the fields of one target: the next has others, which are empty."""
    turn = st.session_state.get(TURN, 0)
    return f"{whose}_{what}{f'_{turn}' if turn else ''}"


def common_of(page: Page, subject: str | None, scale: str | None) -> dict[str, Any]:
    """What a target says of itself, whoever it is for."""
    day = page.filter.as_at
    return {"subject": subject, "scale": scale, "set_on": day, "academic_year": academic_year_of(day)}
