"""Targets that are still to be reached, named where another is set in the same subject."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.ui.page import Page, plain
from provmap.words import TARGETS

# The target that is to be corrected, as it stands in `targets`; and how often the form was shut for it.
ASKED, SHUT = "target_asked", "set_target_shut"
IDENTITY = ("school_id", "pupil_id", "subject", "set_on", "target")
REACHED = ("reached", "reached_then")
MOST = 6


def live_targets(page: Page, who: list[tuple[str, str]], subject: str | None) -> list[dict[str, Any]]:
    """The targets of these pupils in a subject that are not reached, and without a result."""
    if not subject or not who:
        return []
    rows = page.ask("targets").filter(
        (pl.col("subject").str.to_lowercase() == subject.lower())
        & ~pl.col("state").is_in(REACHED) & pl.col("result").is_null()
    )  # fmt: skip
    return [row for row in rows.to_dicts() if (row["school_id"], row["pupil_id"]) in who]


def warn_of_live(page: Page, who: list[tuple[str, str]], subject: str | None) -> None:
    """Whoever has a target in the subject already: that one is corrected, or a second is set on purpose."""
    rows = live_targets(page, who, subject)
    if not rows:
        return
    named = "; ".join(f"{row['forename']} {row['surname']}: {_said(row)}" for row in rows[:MOST])
    more = f"; and {len(rows) - MOST} more" if len(rows) > MOST else ""
    st.warning(
        plain(
            f"There is a target in {subject} already. {named}{more}. Correct that one, or set a second here."
        ),
        icon="☝️",
    )
    if len(rows) == 1:
        identity = tuple(rows[0][name] for name in IDENTITY)
        st.button("Correct that one", key="correct_live", on_click=_ask_for, args=(identity,))


def _said(row: dict[str, Any]) -> str:
    by = f" by {show_date(row['due_on'])}" if row["due_on"] else ", no date yet"
    return f"{row['target']}{by}, {TARGETS[row['state']]}"


def _ask_for(identity: tuple[Any, ...]) -> None:
    """Shuts the form, which keeps what was typed, and opens the target below the list."""
    st.session_state[ASKED] = identity
    st.session_state[SHUT] = st.session_state.get(SHUT, 0) + 1
    st.session_state["targets_part"] = "Pupils' own"


def asked_for(page: Page) -> dict[str, Any] | None:
    """The target that somebody asked to correct, where it is there still."""
    asked = st.session_state.get(ASKED)
    rows = page.ask("targets").to_dicts() if asked else []
    return next((row for row in rows if tuple(row[name] for name in IDENTITY) == asked), None)


def close_asked() -> None:
    """Nothing is asked for any more."""
    st.session_state.pop(ASKED, None)
