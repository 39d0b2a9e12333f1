"""A row as its writer saw it when the form was opened: who saves second is shown what the first one wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.drafted import Form
from provmap.ui.page import Page
from provmap.ui.writing import save_or_say

Row = dict[str, Any]
# What each form had before it was sent.
DRAWN = "rows_as_drawn"
OPENED = "row_as_seen"
MANY = "rows_as_seen"
# The version that the fields of a form were filled from: part of their key, so that the next starts anew.
FILLED = "filled_from"


def as_drawn(form: str, now: Mapping[Any, Row]) -> dict[Any, Row]:
    """The rows as the form showed them when it was sent; in a run that sends nothing, as they are now.

    The button of the form has the key `sends(form)`.
    """
    drawn: dict[str, dict[Any, Row]] = st.session_state.setdefault(DRAWN, {})
    if form not in drawn or not is_sent(form):
        drawn[form] = dict(now)
    return drawn[form]


def let_drawn_go(form: str) -> None:
    """The next run shows the rows of `as_drawn` as they are by then."""
    st.session_state.get(DRAWN, {}).pop(form, None)


def sends(form: str, *, second: bool = False) -> str:
    """The key of the button that sends a form of `as_drawn`; of its second one, where it has two."""
    return f"{form}_send{'_second' if second else ''}"


def is_sent(form: str) -> bool:
    """Whether this run is the one that sends the form; also before its button is drawn."""
    return any(st.session_state.get(sends(form, second=which)) for which in (False, True))


def save_drawn(
    page: Page, made_by: str, form: str, edits: Sequence[Edit], words: str, *, begun: Form | None = None
) -> None:
    """Saves a form of `as_drawn`. Where somebody else was first, saving again is a choice."""
    if made_by:
        let_drawn_go(form)
    save_or_say(page, made_by, edits, words, begun)


def seen(dataset: str, now: Row) -> Row:
    """The row as it stood when its form was opened; from `now` where it is opened just now.

    A page runs again when a form is sent: read afresh then, what somebody else saved meanwhile would look
    as if it had been seen, and would be overwritten without a word.
    """
    opened: dict[str, Row] = st.session_state.setdefault(OPENED, {})
    if opened.get(dataset, {}).get("row_key") != now["row_key"]:
        opened[dataset] = now | {FILLED: now["row_version"]}
    return opened[dataset]


def all_seen(dataset: str, rows: Sequence[Row]) -> list[Row]:
    """Rows as they stood when each was selected."""
    many: dict[str, dict[str, Row]] = st.session_state.setdefault(MANY, {})
    before = many.get(dataset, {})
    many[dataset] = {row["row_key"]: before.get(row["row_key"], row) for row in rows}
    return list(many[dataset].values())


def let_all_go(dataset: str) -> None:
    """The next rows of `all_seen` are seen as they are by then."""
    st.session_state.get(MANY, {}).pop(dataset, None)


def save_all_seen(
    page: Page, made_by: str, edits: Sequence[Edit], words: str, begun: Form | None = None
) -> None:
    """Saves rows of `all_seen`. Where somebody else was first, saving again is a choice."""
    if made_by:
        let_all_go(edits[0].dataset)
    save_or_say(page, made_by, edits, words, begun)


def let_go(dataset: str) -> None:
    """The next form of the dataset starts from what is saved by then."""
    st.session_state.get(OPENED, {}).pop(dataset, None)


def save_seen(
    page: Page,
    made_by: str,
    dataset: str,
    held: Row,
    given: Row,
    *,
    begun: Form | None = None,
    also: Sequence[Edit] = (),
) -> None:
    """Saves what differs from what was seen, with `also` or not at all.

    Where somebody else was first, saving again is a choice.
    """
    now = {name: value for name, value in given.items() if value != held[name]}
    edit = Edit(dataset, now, held["row_key"], held["row_version"])
    let_go(dataset)
    save_or_say(page, made_by, [edit, *also], "Saved.", begun)
    # Not saved: the form goes on from what it showed, and knows now what stands there.
    newest = rows_to_edit(page.store, dataset, school_id=held["school_id"])
    versions = {row["row_key"]: row["row_version"] for row in newest.to_dicts()}
    is_newer = versions.get(held["row_key"], 0) > held["row_version"]
    st.session_state[OPENED][dataset] = held | {"row_version": versions.get(held["row_key"], 0)}
    if is_newer:
        st.warning(
            "What you typed still stands in the form. Change it, or save again to put yours in its place.",
            icon="✋",
        )
