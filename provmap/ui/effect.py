"""What a change to the data would do to the headline numbers: tried on a copy, which takes as long as it."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.imports import Preview
from provmap.questions import ask, headlines, make_filter
from provmap.store import Store, open_store
from provmap.store.rehearsing import rehearse
from provmap.ui.working import working
from provmap.words import HEADLINES

CANCELLED = "Trying it was cancelled: nothing was changed."


def show_effect(found: Preview) -> None:
    """A button, and once it was pressed the headline numbers of the whole school today, before and after."""
    if open_store(found.folder).is_sample:
        return
    # Of these files only: what is looked at next has not been tried.
    key = f"effect_{st.session_state.get('looks', 0)}"
    if st.button("Try it: what would the headline numbers be?", key="try"):
        with working("trying", "Trying it on a copy", CANCELLED) as work, rehearse(
            found.folder, rows=found.rows, dated=found.dated, blank_flags=found.blank_flags,
            school_id=found.school_id, policy=found.policy, progress=work.show,
        ) as store:  # fmt: skip
            st.session_state[key] = effect(open_store(found.folder), store)
    if key in st.session_state:
        st.table(st.session_state[key], hide_index=True)


def effect(now: Store, then: Store) -> pl.DataFrame:
    """One row a headline number: now, and as it would be."""
    before, after = _numbers(now), _numbers(then)
    rows = [{"Number": HEADLINES[name], "Now": before[name], "After": after[name]} for name in HEADLINES]
    return pl.DataFrame(rows)


def _numbers(store: Store) -> dict[str, Any]:
    filter = make_filter(store)
    pupils = ask("scope_summary", filter, store)["pupils"][0]
    return {"pupils": pupils, **headlines(filter, store)}
