"""What an import would do to the headline numbers: on request, because it takes as long as the import."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.errors import ProvmapError
from provmap.imports import Preview
from provmap.questions import ask, headlines, make_filter
from provmap.store import Store, open_store
from provmap.store.rehearsing import rehearse
from provmap.ui.page import show_error
from provmap.words import HEADLINES


def show_effect(found: Preview) -> None:
    """A button, and once it was pressed the headline numbers of the whole school today, before and after."""
    if open_store(found.folder).is_sample:
        return
    # Of these files only: what is looked at next has not been tried.
    key = f"effect_{st.session_state.get('looks', 0)}"
    if st.button("Try it: what would the headline numbers be?", key="try"):
        with st.spinner("Trying it on a copy"):
            try:
                st.session_state[key] = effect(found)
            except ProvmapError as error:
                show_error(error)
    if key in st.session_state:
        st.table(st.session_state[key], hide_index=True)


def effect(found: Preview) -> pl.DataFrame:
    """One row a headline number: now, and as it would be."""
    now = open_store(found.folder)
    before = _numbers(now)
    with rehearse(
        found.folder, rows=found.rows, dated=found.dated, blank_flags=found.blank_flags,
        school_id=found.school_id, policy=found.policy,
    ) as store:  # fmt: skip
        after = _numbers(store)
    rows = [{"Number": HEADLINES[name], "Now": before[name], "After": after[name]} for name in HEADLINES]
    return pl.DataFrame(rows)


def _numbers(store: Store) -> dict[str, Any]:
    filter = make_filter(store)
    pupils = ask("scope_summary", filter, store)["pupils"][0]
    return {"pupils": pupils, **headlines(filter, store)}
