"""A row as its writer saw it when the form was opened: who saves second is shown what the first one wrote."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.page import Page
from provmap.ui.writing import save_or_say

Row = dict[str, Any]
OPENED = "row_as_seen"


def seen(dataset: str, now: Row) -> Row:
    """The row as it stood when its form was opened; from `now` where it is opened just now.

    A page runs again when a form is sent: read afresh then, what somebody else saved meanwhile would look
    as if it had been seen, and would be overwritten without a word.
    """
    opened: dict[str, Row] = st.session_state.setdefault(OPENED, {})
    if opened.get(dataset, {}).get("row_key") != now["row_key"]:
        opened[dataset] = now
    return opened[dataset]


def let_go(dataset: str) -> None:
    """The next form of the dataset starts from what is saved by then."""
    st.session_state.get(OPENED, {}).pop(dataset, None)


def save_seen(page: Page, made_by: str, dataset: str, held: Row, given: Row) -> None:
    """Saves what differs from what was seen. Where somebody else was first, saving again is a choice."""
    now = {name: value for name, value in given.items() if value != held[name]}
    edit = Edit(dataset, now, held["row_key"], held["row_version"])
    let_go(dataset)
    save_or_say(page, made_by, [edit], "Saved.")
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
