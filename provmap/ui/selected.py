"""What is selected in a list are rows, and never places: they stay the same when it changes under them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

# What each list showed last: the key of its table, its rows, and the places selected as it was first drawn.
LISTS = "lists_to_choose_from"
Shown = tuple[str, Sequence[str], list[int]]
# Draws the table of that key, with the rows at these places selected at first; returns those that are now.
Draw = Callable[[str, list[int]], list[int]]
# The columns that say which row one is, and that do not change with what is written of it.
IDENTITY = (
    "school_id", "pupil_id", "provision_id", "other_provision_id", "placement_id", "need_code", "kind",
    "subject", "scale", "measure", "set_on", "start_date", "first_time", "other_time", "reviewed_on",
    "heard_on", "voice", "stage", "for_whom", "title", "name", "group", "other_group",
)  # fmt: skip


def identities(rows: pl.DataFrame) -> tuple[str, ...]:
    """Which row each is; where those columns do not tell two apart, by all that they say."""
    names = [name for name in IDENTITY if name in rows.columns]
    if "set_on" in names and "reviewed_on" in names:
        # A target is the same one after it was looked at, by whomever.
        names.remove("reviewed_on")
    if not names or rows.select(names).is_duplicated().any():
        names = rows.columns
    return tuple(str(row) for row in rows.select(names).iter_rows())


def forget(name: str) -> None:
    """Nothing is selected in a list when it is shown next."""
    st.session_state.get(LISTS, {}).pop(name, None)


def selected(name: str, rows: Sequence[str], draw: Draw) -> list[int]:
    """The places of the rows that are selected in a list of these rows, each by its key.

    Streamlit keeps places: where somebody else writes a row above, the same place is another child's. So a
    list that has changed is another table, with the rows selected that were selected in the one before.
    """
    lists: dict[str, Shown] = st.session_state.setdefault(LISTS, {})
    table = f"{name}_{abs(hash(tuple(rows)))}"
    before = lists.get(name)
    if before is None:
        lists[name] = (table, rows, [])
    elif before[0] != table:
        state = st.session_state.get(before[0])
        places = state["selection"]["rows"] if state else before[2]
        chosen = {before[1][place] for place in places if place < len(before[1])}
        lists[name] = (table, rows, [place for place, one in enumerate(rows) if one in chosen])
    return draw(table, lists[name][2])
