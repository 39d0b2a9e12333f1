"""The thresholds, each with what is in force on the day, and the form to set another from a day on."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.begun import begun_among, save_line, say_begun
from provmap.ui.kept_rows import enter
from provmap.ui.page import Page
from provmap.ui.seen import as_drawn, save_drawn, sends
from provmap.ui.settings import by_page, of_one_page
from provmap.ui.widths import WRAPPED_PIXELS

ASKED = ("value", "from_date", "agreed_by", "reason")
CALLED = {"value": "New value", "from_date": "From", "agreed_by": "Agreed by", "reason": "Why"}
# What is begun about thresholds lies below this.
RECORDS = "threshold/"


def show_thresholds(page: Page) -> None:
    """Every threshold with what is in force on the day, and a form to set another from a day on."""
    thresholds = of_one_page(by_page(page.ask("thresholds")))
    st.caption("Numbers that decide what is listed. A school sets its own, from a day on; earlier days stay.")
    _show(thresholds)
    meanings = dict(thresholds.select("name", "meaning").iter_rows())
    begun = begun_among(page.store.folder, RECORDS, {f"{RECORDS}{name}/": name for name in meanings})
    if st.session_state.get("threshold") not in meanings:
        st.session_state["threshold"] = begun[0] if begun else None
    name = st.selectbox(
        "Set another value for", list(meanings), index=None, key="threshold", placeholder="Choose one",
        format_func=lambda one: meanings.get(one, ""),
    )  # fmt: skip
    say_begun([meanings[one] for one in begun if one != name])
    if name is not None:
        _set(page, name, dict(thresholds.select("name", "value").iter_rows())[name])


def _show(thresholds: pl.DataFrame) -> None:
    shown = thresholds.select("decides_on", "meaning", "value", "unit", "from_date", "agreed_by")
    st.dataframe(
        shown, hide_index=True, placeholder="As shipped", key="thresholds", row_height=WRAPPED_PIXELS,
        column_config={
            "decides_on": "Page", "meaning": st.column_config.TextColumn("What it decides", width="large"),
            "value": "In force", "unit": "Unit", "agreed_by": "Agreed by",
            "from_date": st.column_config.DateColumn("Since", format="D MMM YYYY"),
        },
    )  # fmt: skip


def _set(page: Page, name: str, in_force: float) -> None:
    """The form of one threshold; it saves on what was in sight of that day when it was drawn."""
    with st.container(border=True):
        at_first = {"value": in_force, "from_date": page.filter.as_at}
        opened = enter(page, f"{RECORDS}{name}/", "settings", ASKED, at_first, choices={},
                       key=f"threshold_{name}", called=CALLED)  # fmt: skip
        given = opened.given
        rows = rows_to_edit(page.store, "settings", name=name).to_dicts()
        drawn: dict[Any, Any] = as_drawn("save_threshold", {row["from_date"]: row for row in rows})
        made_by, pressed = save_line(opened.form, "Save", "threshold", button=sends("save_threshold"))
    if not pressed:
        return
    held = drawn.get(given["from_date"], {"row_key": "", "row_version": 0})
    edit = Edit("settings", given | {"name": name}, held["row_key"], held["row_version"])
    save_drawn(page, made_by, "save_threshold", [edit], "The threshold is set.", begun=opened.form)
