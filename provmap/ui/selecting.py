"""A list in which several rows are selected: they stay the same rows when the list changes under them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.narrow import in_few_columns
from provmap.ui.page import Page
from provmap.ui.selected import selected
from provmap.ui.tables import MISSING, column_settings, in_words
from provmap.ui.widths import MEASURED, PADDING, WIDEST
from provmap.words import heading

# As broad as the letters of a word with few narrow ones, so that none is cut.
BROAD_LETTER = 7.4


def choose_rows(
    page: Page,
    rows: pl.DataFrame,
    columns: tuple[str, ...],
    key: str,
    *,
    called: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """A list in which several rows can be selected; returns the rows that are.

    `called` has other words for columns whose usual heading says something else here.
    """
    rows_shown = rows.select(columns)
    shown = page.of_rows("to choose from", rows_shown, lambda: in_few_columns(in_words(page, rows_shown)))
    settings = page.of_rows("settings of columns", shown, lambda: _settings(shown))
    settings = settings | {name: settings[name] | {"label": words} for name, words in (called or {}).items()}

    def draw(table: str, at_first: list[int]) -> list[int]:
        event = st.dataframe(
            shown, hide_index=True, column_config=settings, placeholder=MISSING, key=table,
            on_select="rerun", selection_mode="multi-row",
            selection_default={"selection": {"rows": at_first, "columns": [], "cells": []}},
        )  # fmt: skip
        return list(event.selection.rows)

    places = selected(page.key(key), tuple(rows["row_key"]), draw)
    return [rows.row(place, named=True) for place in places if place < rows.height]


def _settings(shown: pl.DataFrame) -> dict[str, Any]:
    """The settings of the columns: in low rows, of which many are in sight, a text has the width it needs."""
    settings = column_settings(shown)
    for name in shown.columns:
        if shown.schema[name] != pl.String:
            continue
        first = shown[name].head(MEASURED)
        letters: Any = shown[name].str.len_chars().max() or 0
        wide = BROAD_LETTER * max(letters, len(heading(name))) + PADDING
        # Beside empty cells a browser makes a column too narrow for its words.
        if settings[name].get("width") is not None or 0 < first.null_count() < first.len():
            settings[name] = settings[name] | {"width": int(min(wide, WIDEST))}
    return settings
