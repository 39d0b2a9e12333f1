"""What people wrote, newest first, with who and when; and what an import has since overruled."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from math import ceil
from typing import Any

import polars as pl
import streamlit as st

from provmap.exports import MIME_TYPES, file_of
from provmap.filters import show_date
from provmap.store import entries_of, key_of, written_conflicts
from provmap.ui.choices import pick
from provmap.ui.entering import schools
from provmap.ui.line_words import KINDS, Called, about, called_in, changes_of, in_words, pupil_of
from provmap.ui.page import Page, plain
from provmap.ui.pupils import label_of
from provmap.ui.seen import as_drawn, let_drawn_go, sends
from provmap.ui.selected import forget, selected
from provmap.ui.tables import MISSING
from provmap.ui.taken_back import TakenBack, taken_back
from provmap.ui.widths import LETTER, LINE_PIXELS, ROW_PIXELS, WRAPPED_PIXELS
from provmap.ui.writing import take_back_or_say, writer
from provmap.words import count, heading

# A line of the journal, as `entries_of` gives it.
Entry = Any
# How many lines the list shows.
MOST = 300
# How wide its columns of words are, in pixels; how many lines of a text and rows of the list are in sight.
WIDE = {"What": 120, "About": 190, "Change": 440}
MOST_LINES, ROWS_IN_SIGHT = 3, 10
# What does not fit into these lines is read where the line is selected, and in the files.
MOST_LETTERS = 165
AWAY = {"csv": "CSV", "xlsx": "Excel"}


def show_written(page: Page) -> None:
    """Every line, newest first; a selected one can be taken back. Then what an import has overruled."""
    here = page.filter.schools
    every = [one for one in entries_of(page.store)[::-1] if _is_of(one.subject, here)]
    st.caption(
        "Nothing written here is ever changed or lost. Select a line to take it back: what it is about is "
        "then as it was before, and that stands in this list as a new line. Both lines say so."
    )
    if not every:
        st.info("Nobody has written anything in the app yet.")
        return
    called = page.remembered("called in lines", lambda: called_in(page, every, **schools(page)))
    back = taken_back(every[::-1])
    kept = _choose(page, every, called)
    entries = kept[:MOST]
    if len(entries) < len(every):
        st.caption(f"{count(len(entries), 'line').capitalize()} of {len(every):,}, the newest first.")
    if entries:
        # Above the list: below a long one, what a selected line opens would be out of sight.
        opened = st.container()
        shown = _shown(kept, called, back)
        chosen = _list(entries, shown.head(MOST))
        _take_away(page, shown)
        if chosen:
            with opened:
                _open(page, chosen, called, back, every)
    else:
        st.info("No line is so.")
    _show_conflicts(page, called)


def _choose(page: Page, every: list[Entry], called: Called) -> list[Entry]:
    """The lines about one pupil, or of some kinds, where the reader asks for these."""
    whose = [pupil_of(one.subject, one.body, called) for one in every]
    names = {one: called.pupils[one] for one in whose if one in called.pupils}
    pupil = st.selectbox(
        "Lines about", sorted(names, key=names.__getitem__), index=None, key="written_pupil",
        placeholder="Everybody; type a name", format_func=lambda one: _label(page, one, names),
    )  # fmt: skip
    kept = [one for one, who in zip(every, whose, strict=True) if pupil in (None, who)]
    kinds = {one.kind: KINDS.get(one.kind, heading(one.kind)) for one in every}
    rows, _ = pick(
        pl.DataFrame({"place": range(len(kept)), "kind": [one.kind for one in kept]},
                     schema={"place": pl.Int64, "kind": pl.String}),
        "kind", dict(sorted(kinds.items(), key=lambda one: one[1])), key="written_kind",
    )  # fmt: skip
    return [kept[place] for place in rows["place"]]


def _label(page: Page, pupil: Any, names: dict[Any, str]) -> str:
    """A pupil with year and class: two may have one name."""
    rows = page.ask_school("pupil_list").filter(school_id=pupil[0], pupil_id=pupil[1])
    return label_of(page, rows.row(0, named=True)) if rows.height else names[pupil]


def _shown(entries: list[Entry], called: Called, back: TakenBack) -> pl.DataFrame:
    """The lines in words."""
    return pl.DataFrame(
        [
            {
                "When": when(entry.made_at),
                "Who": entry.made_by,
                "What": KINDS.get(entry.kind, heading(entry.kind)),
                "About": about(entry.subject, entry.body, called, entry.kind),
                "Change": _change(entry, called, back),
            }
            for entry in entries
        ]
    )


def _change(entry: Entry, called: Called, back: TakenBack) -> str:
    """What a line says; first, where it was undone (taken back, or out) or undoes others, whose and when."""
    said = changes_of(entry.kind, entry.subject, entry.body, called)
    if others := back.of.get(entry.id):
        first = others[0]
        said = f"Undoes what {_whose(first)}: "
        said += changes_of(entry.kind, first.subject, first.body, called) or "nothing else"
        if len(others) > 1:
            said += f"; and {count(len(others) - 1, 'later line')}"
    if by := back.by.get(entry.id):
        said = f"UNDONE by {by.made_by}, {when(by.made_at)}. It said: {said}"
    return said


def _whose(entry: Entry) -> str:
    return f"{entry.made_by} wrote, {when(entry.made_at)}"


def _list(entries: list[Entry], shown: pl.DataFrame) -> Entry | None:
    """The lines as a list; returns the one that is selected, which stays that one when others are written."""
    change = pl.col("Change")
    cut = pl.concat_str(change.str.head(MOST_LETTERS).str.replace(r"[\s,;:]+\S*$", ""), pl.lit(" …"))
    shown = shown.with_columns(
        pl.when(change.str.len_chars() > MOST_LETTERS).then(cut).otherwise(change).alias("Change")
    )

    def draw(table: str, at_first: list[int]) -> list[int]:
        height = _height(shown)
        event = st.dataframe(
            shown, hide_index=True, on_select="rerun", selection_mode="single-row", key=table,
            row_height=height, height=ROW_PIXELS + min(shown.height, ROWS_IN_SIGHT) * height + 3,
            selection_default={"selection": {"rows": at_first, "columns": [], "cells": []}},
            column_config={name: st.column_config.TextColumn(width=wide) for name, wide in WIDE.items()},
        )  # fmt: skip
        return list(event.selection.rows)

    places = selected("written", [str(entry.id) for entry in entries], draw)
    return entries[places[0]] if places and places[0] < len(entries) else None


def _height(shown: pl.DataFrame) -> int:
    """Room for the lines into which most of what is said falls; a selected line is read whole above."""
    lines = 1
    for name, wide in WIDE.items():
        letters = shown[name].str.len_chars().quantile(0.9, "higher") or 0
        lines = max(lines, ceil(LETTER * letters / (wide - 18)))
    lines = min(lines, MOST_LINES)
    return ROW_PIXELS if lines == 1 else max(WRAPPED_PIXELS, ROW_PIXELS + LINE_PIXELS * (lines - 1))


def _take_away(page: Page, shown: pl.DataFrame) -> None:
    """The lines as files: all that were chosen, also those below the list's end."""
    notes = [("One row is", "something that was written in the app"), ("Rows", str(shown.height)),
             ("Made on", show_date(date.today()))]  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="take_away_written"):
        st.caption(f"{count(shown.height, 'row').capitalize()}. Take away as", width="content")
        for ending, words in AWAY.items():
            st.download_button(
                words, data=partial(file_of, shown, "written", notes, ending), type="tertiary",
                file_name=f"provmap-what-was-written-{page.filter.as_at.isoformat()}.{ending}",
                mime=MIME_TYPES[ending], key=f"{ending}_written", on_click="ignore",
            )  # fmt: skip


def _open(page: Page, entry: Entry, called: Called, back: TakenBack, every: list[Entry]) -> None:
    """The whole of a line, and the way to take it back; what was taken back already is not offered again."""
    whom = about(entry.subject, entry.body, called, entry.kind)
    with st.container(border=True):
        st.markdown(f"**{plain(whom)}**, {when(entry.made_at)}, by {plain(entry.made_by)}")
        st.markdown(plain(_change(entry, called, back)) or "Nothing else is said.")
        if entry.id in back.by:
            st.caption("It is taken back already. Should it stand again, take back the line that did that.")
            return
        lines = [one for one in every if (one.kind, one.subject) == (entry.kind, entry.subject)]
        _offer_taking_back(page, entry, whom, lines, back)


def when(made_at: datetime) -> str:
    """A moment of the journal, which is kept in UTC, by the clock of this machine: 3 Mar 2026, 14:05."""
    here = made_at.replace(tzinfo=UTC).astimezone()
    return f"{show_date(here.date())}, {here:%H:%M}"


def _offer_taking_back(page: Page, entry: Entry, about: str, lines: list[Entry], back: TakenBack) -> None:
    """A line is undone by a new one: what it is about is again as it was before that line."""
    newest = max(one.version for one in lines)
    later = sum(one.version > entry.version and back.counts(one) for one in lines)
    now = {"newest": newest, "later": later}
    shown = as_drawn("take_back", {entry.id: now}).get(entry.id, now)
    made_by = writer("take_back")
    if shown["later"]:
        it = "goes with it" if shown["later"] == 1 else "go with it"
        st.caption(f"{count(shown['later'], 'later line')} about {plain(about)} {it}.")
    words = f"Take this back: {about} as it was before" if entry.version > 1 else f"Take this back: {about}"
    if st.button(plain(words), key=sends("take_back")):
        # What was written since it was in sight is not taken back unseen.
        let_drawn_go("take_back")
        # The list has a new line then, and nothing is selected in it; a refusal leaves the line selected.
        forget("written")
        row = {"row_key": entry.subject, "row_version": shown["newest"]}
        said = f"Taken back: {about} is as it was before."
        take_back_or_say(page, made_by, entry.kind, row, said, before=entry.version)


def _show_conflicts(page: Page, called: Called) -> None:
    conflicts = written_conflicts(page.store).filter(
        pl.col("subject").map_elements(lambda one: _is_of(one, page.filter.schools), return_dtype=pl.Boolean)
    )
    if conflicts.is_empty():
        return
    st.subheader("An import has since said otherwise", anchor=False)
    st.caption("The imported value counts. If yours should stand, enter it again.")
    shown = pl.DataFrame([_conflict(row, called) for row in conflicts.iter_rows(named=True)])
    st.dataframe(shown, hide_index=True, key="conflicts", placeholder=MISSING)


def _conflict(row: dict[str, Any], called: Called) -> dict[str, str]:
    name = row["column_name"]
    return {
        "What": KINDS.get(row["dataset"], row["dataset"]),
        "About": about(row["subject"], {}, called, row["dataset"]),
        "Column": heading(name),
        "Imported": in_words(name, row["imported"], called),
        "Written": in_words(name, row["written"], called),
        "By": row["written_by"],
        "When": when(row["written_at"]),
    }


def _is_of(subject: str, schools: tuple[str, ...]) -> bool:
    """Whether a row is of the schools chosen; what belongs to no school is of them all."""
    return not schools or key_of(subject).get("school_id") in (None, *schools)
