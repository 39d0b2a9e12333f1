"""Setting a target with pupils, in their own words, or for a class, a year or a group."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, datasets
from provmap.ui.begun import begun_among, say_begun, show_begun
from provmap.ui.choices import choose_one
from provmap.ui.drafted import Form, open_form, text_field
from provmap.ui.fields import WHO, kept_fields, kept_people
from provmap.ui.in_what import IN_WHAT, choose_in_what, go_on, scale_choices
from provmap.ui.live_targets import SHUT, warn_of_live
from provmap.ui.nameless import offer_nameless
from provmap.ui.page import Page, plain
from provmap.ui.pupils import people, people_called
from provmap.ui.shared_targets import (
    CALLED,
    NO_DATE,
    TEXTS,
    TURN,
    ask_no_date,
    common_of,
    is_complete,
    key_of,
    set_shared,
    shared_form,
)
from provmap.ui.writing import save_or_say, writer
from provmap.words import joined

FOR = {
    "one": "For one pupil",
    "pupils": "For several pupils alike",
    "shared": "For a class, a year or a group",
}
SAID = ("target", "due_on", "agreed_with_pupil", "agreed_with_parent", "forecast", "forecast_on")
NOTHING = dict.fromkeys([*TEXTS, *IN_WHAT, *SAID, NO_DATE, WHO])
# What is begun about one pupil lies below this, and what is begun for many just here.
MANY = "targets/"
MOST_NAMES = 6
PUPIL = "target_pupil"
Pupil = tuple[str, str]


def record_of(pupil: Pupil) -> str:
    """What the draft about a pupil is kept under."""
    return f"{MANY}{pupil[0]}/{pupil[1]}/"


def set_target(page: Page) -> None:
    """The form for a new target: for whom, in what, and where they stand on that scale now."""
    if not page.summary["pupils"]:
        return
    folder = page.store.folder
    if done := st.session_state.pop("has_set", None):
        _begin_anew(done)
    many, shared = open_form(folder, MANY, NOTHING), shared_form(folder)
    offer_nameless(page, many)
    begun = begun_among(folder, MANY, {record_of(one): one for one in people(page)})
    of_many = {"several pupils": many, "a class, a year or a group": shared}
    # Words without a name are no target for several.
    is_begun = {"several pupils": many.is_begun(WHO, *SAID)}
    waiting = [words for words, form in of_many.items() if is_begun.get(words, form.is_begun())]
    # Said of the whole time until one is set: it would close under whoever chooses another pupil.
    turn = f"{st.session_state.get(TURN, 0)}_{st.session_state.get(SHUT, 0)}"
    is_open = st.session_state.setdefault(f"open_{turn}", turn == "0_0" and bool(begun or waiting))
    place = st.container()
    with st.expander("Set a target", icon="✏️", key=f"set_target_{turn}", expanded=is_open):
        whom = choose_one("For whom", FOR, key="target_for")
        pupil = _pupil(page, begun) if whom == "one" else None
        form = {"one": None, "pupils": many, "shared": shared}[whom]
        if pupil:
            form = open_form(folder, record_of(pupil), NOTHING)
        with place:
            others = [words for words in waiting if of_many[words] is not form]
            say_begun([*(_name(people(page)[one]) for one in begun if one != pupil), *others])
        go_on(page, form)
        if form:
            show_begun(form, TEXTS)
        subject, scale = choose_in_what(page, form)
        if whom == "shared":
            set_shared(page, shared, subject, scale)
        elif form is None:
            _for_nobody_yet()
        else:
            _for_pupils(page, form, pupil, subject, scale)


def _begin_anew(record: str) -> None:
    """What was just saved would stand there as if it were still to do: the form is empty, and closed."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[PUPIL] = None
    form: Form = st.session_state["forms"][record]
    if form.is_begun(*TEXTS):
        # Words that were kept without a name stay until somebody says about whom they are.
        form.set(**dict.fromkeys(name for name in form.given if name not in TEXTS))
    else:
        form.start_again(form.based_on)
    for key in IN_WHAT.values():
        st.session_state[key] = None
    # Wherever on the page the button was, this is in sight.
    st.toast("The target is set.", icon="✔️")


def _pupil(page: Page, begun: list[Pupil]) -> Pupil | None:
    """One pupil, whose own words can be written with it; at first one about whom something is begun."""
    called = people_called(page)
    if st.session_state.get(PUPIL) not in called:
        st.session_state[PUPIL] = begun[0] if begun else None
    chosen: Pupil | None = st.selectbox(
        "Pupil (needed)", list(called), index=None, key=PUPIL, placeholder="Type a name, or choose one",
        format_func=lambda one: called.get(one, ""),
    )  # fmt: skip
    return chosen


def _several(page: Page, form: Form) -> list[Pupil]:
    """Several pupils, for whom the same is set."""
    called = people_called(page)
    st.caption("Each gets the same target. A pupil's own words go with a target for one pupil.")
    return kept_people(form, "Pupils (needed)", list(called), called, "target_pupils")


def _for_nobody_yet() -> None:
    """Nothing is written before it is known about whom: it could go to another."""
    st.caption("Choose the pupil; then write what they aim for.")
    if st.button("Set it", type="primary", key="target_set"):
        st.error("Choose a pupil.", icon="⚠️")


def _for_pupils(page: Page, form: Form, pupil: Pupil | None, subject: str | None, scale: str | None) -> None:
    """The fields of a target for the pupil, or where that is nobody for several alike."""
    who = [pupil] if pupil else _several(page, form)
    warn_of_live(page, who, subject)
    latest = _latest(page, subject, scale)
    if who and subject and scale:
        st.caption(plain(f"Starting points: {_standing(people(page), who, latest)}."))
    given = own_words(form) if pupil else {}
    # Each pupil has fields of their own: nothing that stands in one goes on to the next.
    key = key_of(form.record if pupil else "target", scale)
    given |= kept_fields(form, datasets()["targets"], SAID, scale_choices(page, scale), key, called=CALLED,
                         below={"due_on": partial(ask_no_date, form)})  # fmt: skip
    made_by = writer("target")
    pressed = st.button("Set it", type="primary", key="target_set")
    wanted = bool(who), "Choose at least one pupil."
    if not pressed or not is_complete(form, {"subject": subject, "scale": scale} | given, wanted):
        return
    common = common_of(page, subject, scale) | given
    edits = [
        Edit(
            "targets",
            common | {"school_id": one[0], "pupil_id": one[1], "baseline": latest.get(one, (None,))[0]},
        )
        for one in who
    ]
    st.session_state["has_set"] = form.record
    words = f"The target is set for {_named([people(page)[one] for one in who])}."
    save_or_say(page, made_by, edits, words, form if pupil else None)
    st.session_state["has_set"] = None


def own_words(form: Form) -> dict[str, Any]:
    """What pupil and parent say of it, kept as it is typed."""
    given = {}
    for column, (name, label) in zip(st.columns(2), TEXTS.items(), strict=True):
        with column:
            given[name] = text_field(form, name, label, lines=2).strip() or None
    return given


def _name(pupil: dict[str, Any]) -> str:
    return f"{pupil['forename']} {pupil['surname']}"


def _named(pupils: list[dict[str, Any]]) -> str:
    names = [_name(one) for one in pupils]
    if len(names) <= MOST_NAMES:
        return joined(names)
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def _latest(page: Page, subject: str | None, scale: str | None) -> dict[tuple[str, str], tuple[str, Any]]:
    """Each pupil's latest result on the scale, with its day."""
    if not subject or not scale:
        return {}
    rows = page.ask("progress_grid").filter(
        (pl.col("subject").str.to_lowercase() == subject.lower()) & (pl.col("scale") == scale)
    )
    return {
        (row["school_id"], row["pupil_id"]): (row["value"], row["assessed_on"])
        for row in rows.iter_rows(named=True)
    }


def _standing(known: dict[Any, Any], who: list[Any], latest: dict[Any, Any]) -> str:
    said = []
    for one in who:
        value, day = latest.get(one, (None, None))
        words = f"{value} on {show_date(day)}" if value else "no result on this scale in the last year"
        said.append(f"{_name(known[one])} {words}")
    return "; ".join(said)
