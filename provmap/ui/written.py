"""What people wrote, newest first, with who and when; what an import has since overruled; thresholds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, entries_of, key_of, rows_to_edit, written_conflicts
from provmap.ui.page import Page
from provmap.ui.tables import MISSING
from provmap.ui.writing import save_or_say, take_back_or_say, writer
from provmap.words import DATASETS, heading

# How many entries the list shows.
MOST = 300


def show_written(page: Page) -> None:
    """Every entry, newest first; a selected one can be taken back. Then what an import has overruled."""
    entries = entries_of(page.store)[::-1][:MOST]
    st.caption(
        "Nothing written here is ever changed or lost: what is taken back stays in this list, as a new line."
    )
    if not entries:
        st.info("Nobody has written anything in the app yet.")
        return
    names = _pupil_names(page)
    shown = pl.DataFrame(
        [
            {
                "When": when(entry.made_at),
                "Who": entry.made_by,
                "What": DATASETS.get(entry.kind, heading(entry.kind)),
                "About": _about(entry.subject, names),
                "Change": "; ".join(_change(name, change) for name, change in entry.body.items()),
            }
            for entry in entries
        ]
    )
    event = st.dataframe(
        shown, hide_index=True, key="written", on_select="rerun", selection_mode="single-row",
        column_config={"Change": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    if event.selection.rows:
        _offer_taking_back(page, entries[event.selection.rows[0]])
    _show_conflicts(page, names)


def when(made_at: datetime) -> str:
    """A moment of the journal, which is kept in UTC, by the clock of this machine: 3 Mar 2026, 14:05."""
    here = made_at.replace(tzinfo=UTC).astimezone()
    return f"{show_date(here.date())}, {here:%H:%M}"


def _offer_taking_back(page: Page, entry: Any) -> None:
    made_by = writer("take_back")
    if st.button("Take back all that was written about this row", key="take_back"):
        newest = max(
            one.version
            for one in entries_of(page.store)
            if (one.kind, one.subject) == (entry.kind, entry.subject)
        )
        row = {"row_key": entry.subject, "row_version": newest}
        take_back_or_say(page, made_by, entry.kind, row, "Taken back: what was imported counts again.")


def _show_conflicts(page: Page, names: dict[str, str]) -> None:
    conflicts = written_conflicts(page.store)
    if conflicts.is_empty():
        return
    st.subheader("An import has since said otherwise", anchor=False)
    st.caption("The imported value counts. If yours should stand, enter it again.")
    shown = pl.DataFrame(
        [
            {"What": DATASETS.get(row["dataset"], row["dataset"]), "About": _about(row["subject"], names),
             "Column": heading(row["column_name"]), "Imported": row["imported"], "Written": row["written"],
             "By": row["written_by"], "When": when(row["written_at"])}
            for row in conflicts.iter_rows(named=True)
        ]
    )  # fmt: skip
    st.dataframe(shown, hide_index=True, key="conflicts", placeholder=MISSING)


def _pupil_names(page: Page) -> dict[str, str]:
    pupils = page.ask("pupil_list").select("pupil_id", "forename", "surname")
    return {pupil: f"{forename} {surname}" for pupil, forename, surname in pupils.iter_rows()}


def _about(subject: str, names: dict[str, str]) -> str:
    key = key_of(subject)
    return ", ".join(
        names.get(str(value), str(value))
        for name, value in key.items()
        if value is not None and name != "school_id"
    )


def _change(name: str, change: dict[str, Any]) -> str:
    if name == "is_removed":
        return "taken out" if change["now"] else "put back"
    now = change["now"]
    words = ", ".join(now) if isinstance(now, list) else "blank" if now is None else str(now)
    return f"{heading(name)}: {words}"


def show_thresholds(page: Page) -> None:
    """Every threshold with what is in force on the day, and a form to set another from a day on."""
    thresholds = page.ask("thresholds")
    st.caption("Numbers that decide what is listed. A school sets its own, from a day on; earlier days stay.")
    shown = thresholds.select("meaning", "value", "unit", "from_date", "agreed_by")
    st.dataframe(
        shown, hide_index=True, placeholder="Ours", key="thresholds",
        column_config={
            "meaning": st.column_config.TextColumn("What it decides", width="large"), "value": "In force",
            "unit": "Unit", "from_date": st.column_config.DateColumn("Since", format="D MMM YYYY"),
            "agreed_by": "Agreed by",
        },
    )  # fmt: skip
    meanings = dict(thresholds.select("name", "meaning").iter_rows())
    values = dict(thresholds.select("name", "value").iter_rows())
    name = st.selectbox(
        "Set another value for", list(meanings), index=None, key="threshold", placeholder="Choose one",
        format_func=lambda one: meanings[one],
    )  # fmt: skip
    if name is None:
        return
    with st.form("threshold_form"):
        value = st.number_input("New value", value=values[name], key=f"threshold_value_{name}", format="%g")
        day = st.date_input("From", value=page.filter.as_at, format="DD/MM/YYYY", key="threshold_from")
        agreed = st.text_input("Agreed by", key="threshold_agreed")
        reason = st.text_input("Why", key="threshold_reason")
        made_by = writer("threshold")
        pressed = st.form_submit_button("Save", type="primary")
    if pressed:
        now = {
            "name": name,
            "from_date": day,
            "value": value,
            "agreed_by": agreed or None,
            "reason": reason or None,
        }
        held = {
            row["row_key"]: row
            for row in rows_to_edit(page.store, "settings", name=name, from_date=day).to_dicts()
        }
        seen = next((row["row_version"] for row in held.values()), 0)
        save_or_say(
            page, made_by, [Edit("settings", now, next(iter(held), ""), seen)], "The threshold is set."
        )
