"""On which day a meeting is judged, and why each pupil is on its list as the data stand on that day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import Filter, show_date
from provmap.meetings import proposed
from provmap.questions import ask
from provmap.store import Edit
from provmap.ui.meeting import Meeting, day_of, whom_it_counts
from provmap.ui.page import Page

Row = dict[str, Any]
WAITS = ("open", "overdue")
NOW = "meeting_reasons_now"
BY_HAND = "Added by hand."
NO_LONGER = "Nothing recorded speaks for this pupil now."


def on_its_day(page: Page, meeting: Meeting) -> Page:
    """The page as at the day on which the meeting is judged, whatever day the side of the page says."""
    day = day_of(page, meeting["held_on"])
    return replace(page, filter=replace(page.filter, as_at=day, academic_year=None))


def day_in_words(page: Page, meeting: Meeting) -> str:
    """As at which day a meeting is judged; while it is still ahead, that this will be another day."""
    day = show_date(page.filter.as_at)
    is_ahead = page.filter.as_at < meeting["held_on"] and not meeting["closed_on"]
    later = " (it is still ahead)" if is_ahead else ""
    return f"as the data stand on {day}{later}"


def counted_of(page: Page, meeting: Meeting) -> pl.DataFrame:
    """Who is counted, with what speaks for each on the day of the page (see `proposed`)."""
    counted = whom_it_counts(page, meeting)
    rows: pl.DataFrame = page.remembered(("proposed", counted), lambda: proposed(counted, page.store))
    return rows


def reasons_once(page: Page, meeting: Meeting, rows: pl.DataFrame | None = None) -> dict[str, list[str]]:
    """What speaks for each pupil while a meeting runs: as when it was opened here, prepared or new data came.

    What the meeting itself saves does not change why it talks about a pupil, and no child waits for it.
    """
    of = (meeting["meeting_id"], page.filter.as_at, page.store.version)
    held: tuple[Any, dict[str, list[str]]] | None = st.session_state.get(NOW)
    if rows is None and held and held[0] == of:
        return held[1]
    now = reasons_by_pupil(counted_of(page, meeting) if rows is None else rows)
    st.session_state[NOW] = (of, now)
    return now


def why(meeting: Meeting, row: Row, now: list[str]) -> list[str]:
    """Why a pupil is on the list: what speaks for it now, and what it was proposed for that no longer holds.

    Once the pupil was talked about, or the meeting is closed, as it was then.
    """
    if is_fixed(meeting, row):
        return [row["reason"] or BY_HAND]
    if not row["reason"]:
        return [f"{BY_HAND} {' '.join(now)}".strip()]
    return [" ".join(now) or NO_LONGER, *no_longer(row, now)]


def points(meeting: Meeting, row: Row, now: list[str]) -> list[str]:
    """What `why` says, reason by reason where they are known apart."""
    said, *gone = why(meeting, row, now)
    return [*now, *gone] if said == " ".join(now) else [said, *gone]


def is_fixed(meeting: Meeting, row: Row) -> bool:
    """Whether the reason stays as it was: the pupil was talked about, or the meeting is closed."""
    return bool(meeting["closed_on"] or row["discussed_on"])


def no_longer(row: Row, now: list[str]) -> list[str]:
    """Sentences for which a pupil was proposed and that are not said now, in one."""
    said = {_unnumbered(one) for one in _sentences(" ".join(now))}
    gone = [one for one in _sentences(row["reason"] or "") if _unnumbered(one) not in said]
    on = f"on {show_date(row['proposed_on'])}" if row["proposed_on"] else "before"
    return [f"Proposed {on} for what no longer holds: {' '.join(gone)}"] if gone else []


def is_other(row: Row, now: list[str]) -> bool:
    """Whether something else speaks for a pupil than stands on the list; days that went by are nothing."""
    then, later = (
        {_undated(one) for one in _sentences(words)} for words in (row["reason"] or "", " ".join(now))
    )
    return then != later


def _undated(sentence: str) -> str:
    """A sentence without its days: "for 126 days" and "for 204 days" are the same reason."""
    return re.sub(r"\d+ [A-Z][a-z]{2} \d{4}|\d+ days?\b", "#", sentence)


def _unnumbered(sentence: str) -> str:
    """Without its numbers too: below the mark once more is no reason that no longer holds."""
    return re.sub(r"\d+", "#", _undated(sentence))


def _sentences(words: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", words) if words else []


def proposed_again(meeting: Meeting, on_list: list[Row], now: dict[str, list[str]], day: date) -> list[Edit]:
    """The reasons of those on the list as they are now; the list itself and what is noted stay."""
    return [
        Edit("discussions", {"reason": " ".join(now[row["pupil_id"]]), "proposed_on": day}, row["row_key"],
             row["row_version"])
        for row in on_list
        if not is_fixed(meeting, row) and now.get(row["pupil_id"])
        and row["reason"] != " ".join(now[row["pupil_id"]])
    ]  # fmt: skip


def reasons_by_pupil(rows: pl.DataFrame) -> dict[str, list[str]]:
    """What speaks for each of those counted, in sentences."""
    return {one: reasons or [] for one, reasons in rows.select("pupil_id", "reasons").iter_rows()}


def agreed_by(page: Page, meeting: Meeting, counted: Filter) -> pl.DataFrame:
    """Actions as they stand on the day of the page; in a meeting that is open, as marked since then too."""
    rows = ask("actions", counted, page.store)
    if meeting["closed_on"] or page.store.today <= counted.as_at:
        return rows
    today = ask("actions", replace(counted, as_at=page.store.today), page.store)
    by = ["school_id", "action_id"]
    marks = ("state", "done_on", "outcome", "dropped_on", "why_dropped")
    marked = today.filter(~pl.col("state").is_in(WAITS)).select(*by, *marks)
    late = pl.when(pl.col("state").is_in(WAITS)).then("days_overdue")
    return rows.update(marked, on=by).with_columns(days_overdue=late)
