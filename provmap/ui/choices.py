"""Choices within a page, each bound to the address; a value there that cannot be chosen is refused aloud.

Streamlit drops what it does not know from an address without a word, and the page would show something else.
"""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from provmap.errors import UsageError
from provmap.ui.page import show_error
from provmap.words import joined


def choose_one(label: str, offered: dict[str, str] | list[str], key: str) -> str:
    """Which of its parts the page shows, the first unless chosen; `offered` may have words for the values."""
    words = offered if isinstance(offered, dict) else {value: value for value in offered}
    _given(key, list(words.values()), at_most=1)
    chosen: str = st.segmented_control(
        label, list(words), format_func=lambda value: words[value], default=next(iter(words)), required=True,
        key=key, bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return chosen


def pick(
    rows: pl.DataFrame, column: str, words: dict[str, str], key: str, label: str = "Show only"
) -> tuple[pl.DataFrame, str]:
    """Let the reader keep some of the kinds that the rows are of (none picked means all); and say which."""
    given = _given(key, list(words.values()), at_most=len(words))
    kinds = rows[column].unique().to_list()
    # A kind that a link asks for is offered though no row is of it: its list is empty, not everything.
    offered = [kind for kind in words if kind in kinds or words[kind] in given]
    if len(offered) < 2 and not given:
        return rows, ""
    picked = st.pills(
        label, offered, selection_mode="multi", format_func=lambda kind: words[kind], key=key,
        bind="query-params",
    )  # fmt: skip
    if not picked:
        return rows, ""
    return rows.filter(pl.col(column).is_in(picked)), joined([words[kind] for kind in picked])


def asked_for(key: str, known: list[str]) -> str | None:
    """What a link asks a page to show, where it asks for anything."""
    return next(iter(_given(key, known, at_most=1)), None)


def _given(key: str, known: list[str], at_most: int) -> list[str]:
    """What the address says for a choice. Ends the page with the reason where that cannot be chosen."""
    given = [value for value in st.query_params.get_all(key) if value]
    unknown = [value for value in given if value not in known]
    if not unknown and len(given) <= at_most:
        return given
    said = f"This link asks for '{', '.join(unknown or given)}', which this page cannot show."
    show_error(UsageError(said, f"It can show: {', '.join(known)}."))
    st.button("Show the page without it", on_click=partial(_leave_out, key), type="primary", key="leave_out")
    st.stop()


def _leave_out(key: str) -> None:
    st.query_params.pop(key)
