"""A list in which several rows are selected: they stay the same rows when the list changes under them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.narrow import in_few_columns
from provmap.ui.page import Page
from provmap.ui.tables import MISSING, column_settings, in_words

# What each list showed last: the key of its table, its rows, and the places selected as it was first drawn.
LISTS = "lists_to_choose_from"
Shown = tuple[str, Sequence[str], list[int]]
# Draws the table of that key, with the rows at these places selected at first; returns those that are now.
Draw = Callable[[str, list[int]], list[int]]


def choose_rows(page: Page, rows: pl.DataFrame, columns: tuple[str, ...], key: str) -> list[dict[str, Any]]:
    """A list in which several rows can be selected; returns the rows that are."""
    shown = in_few_columns(in_words(page, rows.select(columns)))

    def draw(table: str, at_first: list[int]) -> list[int]:
        event = st.dataframe(
            shown, hide_index=True, column_config=column_settings(shown), placeholder=MISSING, key=table,
            on_select="rerun", selection_mode="multi-row",
            selection_default={"selection": {"rows": at_first, "columns": [], "cells": []}},
        )  # fmt: skip
        return list(event.selection.rows)

    places = selected(page.key(key), tuple(rows["row_key"]), draw)
    return [rows.row(place, named=True) for place in places if place < rows.height]


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
