"""What people wrote, newest first, with who and when; what an import has since overruled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import entries_of, key_of, rows_to_edit, written_conflicts
from provmap.ui.entering import schools
from provmap.ui.page import Page, plain
from provmap.ui.tables import MISSING
from provmap.ui.writing import take_back_or_say, writer
from provmap.words import DATASETS, count, heading

# Columns that say which row it is, and not what was written about it.
IDENTIFYING = ("school_id", "pupil_id", "provision_id", "placement_id", "first_time", "other_time")
# How many entries the list shows.
MOST = 300
# What a row is about, by column, school and identifier.
Names = dict[tuple[str, str | None, str], str]
WHAT = ("pupil_id", "provision_id")


def show_written(page: Page) -> None:
    """Every entry, newest first; a selected one can be taken back. Then what an import has overruled."""
    here = page.filter.schools
    every = [one for one in entries_of(page.store)[::-1] if _is_of(one.subject, here)]
    entries = every[:MOST]
    st.caption(
        "Nothing written here is ever changed or lost. Select a line to take it back: what it is about is "
        "then as it was before, and that stands in this list as a new line."
    )
    if not entries:
        st.info("Nobody has written anything in the app yet.")
        return
    if len(entries) < len(every):
        st.caption(f"The newest {MOST} of {len(every):,} lines. Choose a school to see fewer.")
    names = _names(page)
    shown = pl.DataFrame(
        [
            {
                "When": when(entry.made_at),
                "Who": entry.made_by,
                "What": DATASETS.get(entry.kind, heading(entry.kind)),
                "About": _about(entry.subject, names),
                "Change": changes_of(entry.body),
            }
            for entry in entries
        ]
    )
    event = st.dataframe(
        shown, hide_index=True, on_select="rerun", selection_mode="single-row",
        # With a new line on top the same place is another row.
        key=f"written_{page.store.journal}",
        column_config={"Change": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    if event.selection.rows:
        entry = entries[event.selection.rows[0]]
        _offer_taking_back(page, entry, _about(entry.subject, names))
    _show_conflicts(page, names)


def when(made_at: datetime) -> str:
    """A moment of the journal, which is kept in UTC, by the clock of this machine: 3 Mar 2026, 14:05."""
    here = made_at.replace(tzinfo=UTC).astimezone()
    return f"{show_date(here.date())}, {here:%H:%M}"


def _offer_taking_back(page: Page, entry: Any, about: str) -> None:
    """A line is undone by a new one: what it is about is again as it was before that line."""
    newest = max(
        one.version
        for one in entries_of(page.store)
        if (one.kind, one.subject) == (entry.kind, entry.subject)
    )
    later = newest - entry.version
    made_by = writer("take_back")
    if later:
        st.caption(f"{count(later, 'later line')} about {plain(about)} go with it.")
    words = f"Take this back: {about} as it was before" if entry.version > 1 else f"Take this back: {about}"
    if st.button(plain(words), key="take_back"):
        row = {"row_key": entry.subject, "row_version": newest}
        said = f"Taken back: {about} is as it was before."
        take_back_or_say(page, made_by, entry.kind, row, said, before=entry.version)


def _show_conflicts(page: Page, names: Names) -> None:
    conflicts = written_conflicts(page.store).filter(
        pl.col("subject").map_elements(lambda one: _is_of(one, page.filter.schools), return_dtype=pl.Boolean)
    )
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


def _is_of(subject: str, schools: tuple[str, ...]) -> bool:
    """Whether a row is of the schools chosen; what belongs to no school is of them all."""
    return not schools or key_of(subject).get("school_id") in (None, *schools)


def _names(page: Page) -> Names:
    """What identifiers stand for: the same one may be another pupil's in another school."""
    pupils = page.ask_school("pupil_list")
    provisions = rows_to_edit(page.store, "provisions", **schools(page))
    placements = rows_to_edit(page.store, "placements", **schools(page))
    names = {
        ("pupil_id", row["school_id"], row["pupil_id"]): f"{row['forename']} {row['surname']}"
        for row in pupils.iter_rows(named=True)
    }
    names |= {
        ("provision_id", row["school_id"], row["provision_id"]): row["name"]
        for row in provisions.iter_rows(named=True)
    }
    for row in placements.filter(pl.col("placement_id").is_not_null()).iter_rows(named=True):
        both = (names.get((name, row["school_id"], row[name]), row[name]) for name in WHAT)
        names["placement_id", row["school_id"], row["placement_id"]] = ", ".join(both)
    return names


def _about(subject: str, names: Names) -> str:
    key = key_of(subject)
    return ", ".join(
        names.get((name.removeprefix("other_"), key.get("school_id"), str(value)), str(value))
        for name, value in key.items()
        if value is not None and name not in ("school_id", "first_time", "other_time")
    )


def changes_of(body: dict[str, dict[str, Any]]) -> str:
    """What an entry says, without the blanks of a new row and what identifies it."""
    return "; ".join(
        _change(name, change)
        for name, change in body.items()
        if name == "is_removed" or (change["now"] != change["was"] and name not in IDENTIFYING)
    )


def _change(name: str, change: dict[str, Any]) -> str:
    if name == "is_removed":
        return "taken out" if change["now"] else "put back"
    now = change["now"]
    words = ", ".join(now) if isinstance(now, list) else "blank" if now is None else str(now)
    return f"{heading(name)}: {words}"
