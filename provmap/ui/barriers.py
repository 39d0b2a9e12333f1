"""Closing a barrier with what removed it, and taking that back."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.begun import begun_among, save_line, say_begun, show_begun
from provmap.ui.drafted import chosen as kept_choice
from provmap.ui.drafted import open_form, text_field
from provmap.ui.kept_rows import is_waiting
from provmap.ui.page import Page, plain
from provmap.ui.pupils import namesakes
from provmap.ui.seen import as_drawn, save_drawn, sends
from provmap.ui.writing import take_out_or_say, writer

DATASET = "barriers_removed"
# What is begun about barriers lies below this.
RECORDS = "barrier/"
TEXTS = {"what": "What removed it (needed)"}


def close_barrier(page: Page, needs: pl.DataFrame) -> None:
    """A form that closes one of the barriers that stand among live needs (rows of `need_responses`)."""
    standing = needs.filter(pl.col("barrier").is_not_null() & pl.col("barrier_removed_on").is_null())
    if standing.height:
        is_open = is_waiting(page, RECORDS)
        with st.expander("A barrier has gone: say what removed it", expanded=is_open):
            _close(page, standing)


def pupil_barriers(page: Page, who: dict[str, Any]) -> None:
    """The same for one pupil."""
    is_this = [pl.col(name) == value for name, value in who.items()]
    close_barrier(page, page.ask("need_responses").filter(is_this))
    removed_barriers(page, **who)


def _close(page: Page, standing: pl.DataFrame) -> None:
    rows = {tuple(_key(row).values()): row for row in standing.to_dicts()}
    called = told_apart({place: _named(row) for place, row in rows.items()}, *namesakes(page, rows))
    begun = begun_among(page.store.folder, RECORDS, {_record(row): place for place, row in rows.items()})
    if st.session_state.get("removed_whose") not in rows:
        # Of several, nobody is chosen at first: the first of a list is easily the wrong child.
        first = begun or (list(rows) if len(rows) == 1 else [None])
        st.session_state["removed_whose"] = first[0]
    chosen = st.selectbox(
        "Whose", list(rows), index=None, placeholder="Choose one", key="removed_whose",
        format_func=lambda one: called.get(one, ""),
    )  # fmt: skip
    say_begun([called[one] for one in begun if one != chosen])
    if chosen is None:
        st.caption("Choose whose barrier has gone; then say what removed it.")
        return
    row = rows[chosen]
    at_first = {"what": None, "day": page.filter.as_at.isoformat()}
    form = open_form(page.store.folder, _record(row), at_first)
    show_begun(form, TEXTS)
    what = text_field(form, "what", TEXTS["what"]).strip()
    day = kept_choice(form, "day", st.date_input, "Found to be gone on", format="DD/MM/YYYY")
    # It may have gone before and come back, with a need that began later.
    held = {one["row_key"]: one for one in rows_to_edit(page.store, DATASET, **_key(row)).to_dicts()}
    drawn = list(as_drawn("close_barrier", held).values())
    seen = (drawn[0]["row_key"], drawn[0]["row_version"]) if drawn else ("", 0)
    made_by, pressed = save_line(form, "The barrier has gone", "close_barrier", button=sends("close_barrier"))
    if pressed and not what:
        st.error("Say what removed it: that is what others can learn from.", icon="⚠️")
    elif pressed:
        now = {"removed_on": day, "removed_by": what, "is_taken_back": False}
        edit = Edit(DATASET, _key(row) | now, *seen)
        save_drawn(page, made_by, "close_barrier", [edit], "The barrier is recorded as gone.", begun=form)


def _record(row: dict[str, Any]) -> str:
    """What is begun about a barrier is kept under this."""
    return RECORDS + "/".join(str(part) for part in _key(row).values()) + "/"


def _named(row: dict[str, Any]) -> str:
    return f"{row['forename']} {row['surname']}: {row['barrier']} ({row['need']})"


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "school_id": row["school_id"], "pupil_id": row["pupil_id"], "need_code": row["need_code"],
        "barrier": row["barrier"],
    }  # fmt: skip


def removed_barriers(page: Page, **who: Any) -> None:
    """What was recorded as gone (of one pupil where `who` says so), each to be taken back."""
    pupils = page.ask("pupil_list").select("school_id", "pupil_id", "forename", "surname")
    rows = rows_to_edit(page.store, DATASET, **who).filter(~pl.col("is_taken_back").fill_null(False))
    # Only of the pupils counted here: another school's are not for these readers.
    rows = rows.join(pupils, on=["school_id", "pupil_id"], how="inner", maintain_order="left")
    if rows.is_empty():
        return
    st.markdown("**Barriers that have gone**")
    made_by = writer("removed_barriers")
    for row in rows.iter_rows(named=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = plain(f"{row['forename']} {row['surname']}")
            words = f"{name}: **{plain(row['barrier'])}** was removed by {plain(row['removed_by'])}"
            said = f"found on {show_date(row['removed_on'])}, written by {plain(row['written_by'])}"
            st.markdown(f"{words} ({said}).", width="content")
            if st.button("Take back", key=f"take_back_barrier_{row['row_key']}"):
                take_out_or_say(page, made_by, DATASET, row, "The barrier stands again.")
