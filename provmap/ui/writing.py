"""What every form does: know who writes, save all of it or nothing, and show both where two wrote at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from provmap.drafts import remembered_name
from provmap.errors import NotPossible, Overwritten, ProvmapError
from provmap.store import Edit, open_store, save, take_back
from provmap.ui.drafted import Form, browser_here, name_here, remember
from provmap.ui.page import Page, say_next, show_error
from provmap.words import heading

# What a label says besides what the field is called.
PART_OF_LABEL = re.compile(r" \([^()]*\)$")


def writer(form: str) -> str:
    """Who writes: asked for once a day in a browser, because nobody signs in yet. Empty until it is given.

    The name of before stands in the field, where everybody sees it and the next person changes it; given in
    one form it stands in all. `form` keeps the fields of several forms on one page apart.
    """
    key, known = f"writer_{form}", _given_anywhere(form)
    stands = st.session_state.get(key, "")
    # Set again only where it changed: setting it takes away what somebody is typing there.
    if stands != known and stands in ("", st.session_state.get(f"{key}_filled")):
        st.session_state[key] = st.session_state[f"{key}_filled"] = known
    typed = st.text_input(
        "Your name" if known else "Your name (needed)", key=key,
        help="Stands beside what you write, so that others know whom to ask. It is asked for once a day.",
    )  # fmt: skip
    return typed.strip()


def _given_anywhere(form: str) -> str:
    """The name that is known here, or was just given in a form of this page or in another window."""
    forms: set[str] = st.session_state.setdefault("forms_with_writer", set())
    forms.add(form)
    for one in forms:
        key = f"writer_{one}"
        typed = st.session_state.get(key, "").strip()
        if typed and typed != st.session_state.get(f"{key}_filled"):
            st.session_state[f"{key}_filled"] = typed
            _know(typed)
    if not name_here() and (elsewhere := remembered_name(open_store().folder, browser_here(), date.today())):
        _know(elsewhere)
    return name_here()


def _know(name: str) -> None:
    """Takes a name for this window and its browser; where the disk is full, for the window alone."""
    try:
        remember(open_store().folder, name)
    except ProvmapError as error:
        st.caption(f"⚠️ Your name is known in this window alone. {error.message}")


def save_or_say(
    page: Page, made_by: str, edits: Sequence[Edit], words: str, begun: Form | None = None
) -> bool:
    """Saves and starts the page afresh with `words` on it; else says what is wrong and leaves the form.

    `begun` is the form that kept what is saved now: it begins anew.
    """
    if not made_by:
        st.error("Give your name first: it stands beside what you write.", icon="⚠️")
        return False
    try:
        changed = save(page.store, made_by, edits)
    except ProvmapError as error:
        show_refusal(error, begun)
        return False
    said = words if changed else "Nothing was changed: it was recorded just so already."
    try:
        if begun:
            begun.start_again(begun.based_on)
        remember(page.store.folder, made_by)
    except ProvmapError as error:
        # It is saved; who is not told so would save it once more.
        said += f" What you had begun could not be put away, and stands here still. {error.remedy}"
    say_next(said)
    return True


def show_refusal(error: ProvmapError, begun: Form | None = None) -> None:
    """Why nothing was saved, in the words of the form; and what the other one wrote, where two did."""
    called = {name: field_of(label) for name, label in begun.called.items()} if begun else {}
    if isinstance(error, Overwritten):
        show_error(error)
        _show_theirs(error, called)
    elif isinstance(error, NotPossible):
        said = [_fault(column, words, called) for column, words in error.faults]
        show_error(ProvmapError(f"This cannot be saved: {' '.join(said)}", error.remedy))
        for column, words in error.faults:
            if begun and column in begun.places:
                begun.places[column].markdown(f"⚠️ **This {words}**")
    else:
        show_error(ProvmapError(_in_headings(error.message, called), _in_headings(error.remedy, called)))


def field_of(label: str) -> str:
    """What a field is called, without what its label says besides, such as that it is needed."""
    return PART_OF_LABEL.sub("", label)


def _fault(column: str, words: str, called: dict[str, str]) -> str:
    """What is wrong with a field, by the name that stands on it."""
    return f"“{called.get(column, heading(column))}” {words}" if column else _in_headings(words, called)


def take_back_or_say(
    page: Page, made_by: str, dataset: str, row: dict[str, Any], words: str, *, before: int | None = None
) -> bool:
    """Gives a row as it was before a version of it (the last), and starts the page afresh."""
    if not made_by:
        st.error("Give your name first: it stands beside what you write.", icon="⚠️")
        return False
    try:
        take_back(page.store, made_by, dataset, row["row_key"], row["row_version"], before=before)
    except ProvmapError as error:
        show_refusal(error)
        return False
    remember(page.store.folder, made_by)
    say_next(words)
    return True


def take_out_or_say(page: Page, made_by: str, dataset: str, row: dict[str, Any], words: str) -> bool:
    """Takes out a row of `rows_to_edit` whole, and starts the page afresh."""
    out = Edit(dataset, {}, row["row_key"], row["row_version"], removed=True)
    return save_or_say(page, made_by, [out], words)


def _in_headings(words: str, called: dict[str, str]) -> str:
    """A refusal in the words of the form: a column by what it is called there, else by its heading."""
    return re.sub(
        r"\b[a-z]+(?:_[a-z]+)+\b", lambda found: f"“{called.get(found[0], heading(found[0]))}”", words
    )


def _show_theirs(error: Overwritten, called: dict[str, str]) -> None:
    """What the other one wrote, so that the two can be compared with what stands in the form."""
    theirs = [
        {"What": called.get(name, heading(name)), "Theirs": _words(change.get("now")),
         "Before": _words(change.get("was"))}
        for name, change in error.body.items()
    ]  # fmt: skip
    st.table(pl.DataFrame(theirs, schema=["What", "Theirs", "Before"]), hide_index=True)


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else "–" if value is None else str(value)
