"""A meeting prepared ahead, brought up to what the data say now: the list and what is recorded stay."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import rows_to_edit
from provmap.ui.meeting import AT_FIRST, Meeting, entry, first
from provmap.ui.meeting_day import NO_LONGER, is_other, proposed_again, reasons_by_pupil
from provmap.ui.page import Page, plain
from provmap.ui.pupils import labels_of
from provmap.ui.writing import save_or_say
from provmap.words import count

Rows = list[dict[str, Any]]


def propose_again(page: Page, meeting: Meeting, rows: pl.DataFrame, on_list: Rows, made_by: str) -> None:
    """Where the data say something else than when it was proposed: says so, and brings the list up to them.

    `rows` are those counted, with what speaks for each now.
    """
    day = page.filter.as_at
    now = reasons_by_pupil(rows)
    edits = proposed_again(meeting, on_list, now, day)
    known = {edit.subject for edit in edits}
    changed = [row for row in on_list if row["row_key"] in known and is_other(row, now[row["pupil_id"]])]
    silent = [row for row in on_list if row["why"][0] == NO_LONGER]
    new = _new(page, meeting, rows) if any(row["proposed_on"] != day for row in on_list) else []
    if not (changed or silent or new):
        return
    called = labels_of(page, {row["pupil_id"]: row for row in [*new, *silent]})
    names = [[called[row["pupil_id"]] for row in some] for some in (new, silent)]
    st.info(plain(_says(len(changed), *names)), icon="ℹ️")
    if not (changed or new):
        return
    if st.button(f"Propose again, from the data of {show_date(day)}", key="propose_again"):
        last = max((row["place"] or 0 for row in on_list), default=0)
        of = {"school_id": meeting["school_id"], "meeting_id": meeting["meeting_id"]}
        edits += [entry(of, row, last + place, day) for place, row in enumerate(new, 1)]
        save_or_say(page, made_by, edits, f"Proposed again, from the data of {show_date(day)}.")


def _new(page: Page, meeting: Meeting, rows: pl.DataFrame) -> Rows:
    """Who would be proposed now, and was neither on the list nor taken off it."""
    of = {"school_id": meeting["school_id"], "meeting_id": meeting["meeting_id"]}
    held = rows_to_edit(page.store, "discussions", **of)["pupil_id"].to_list()
    return [row for row in first(rows, AT_FIRST) if row["pupil_id"] not in held]


def _says(changed: int, new: list[str], silent: list[str]) -> str:
    """What is otherwise than when it was proposed, and what proposing again does."""
    parts = ["The data say something else now than when this list was proposed."]
    if changed:
        parts.append(f"Something else speaks now for {count(changed, 'pupil')}.")
    if new:
        parts.append(f"Now among the first six, and not on the list: {'; '.join(new)}.")
    if silent:
        parts.append(f"Nothing speaks any more for: {'; '.join(silent)}. Keep them, or take them off below.")
    if changed or new:
        parts.append(
            "Proposing again keeps the order, who was added or taken off, the notes and all that is "
            "recorded; it brings the reasons up to date and adds new pupils at the end."
        )
    return " ".join(parts)
