"""Closing a barrier with what removed it, and taking that back."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.page import Page, plain
from provmap.ui.pupils import namesakes
from provmap.ui.writing import save_or_say, take_out_or_say, writer

DATASET = "barriers_removed"


def close_barrier(page: Page, needs: pl.DataFrame) -> None:
    """A form that closes one of the barriers that stand among live needs (rows of `need_responses`)."""
    standing = needs.filter(pl.col("barrier").is_not_null() & pl.col("barrier_removed_on").is_null())
    if standing.height:
        with st.expander("A barrier has gone: say what removed it"):
            _close(page, standing)


def pupil_barriers(page: Page, who: dict[str, Any]) -> None:
    """The same for one pupil."""
    is_this = [pl.col(name) == value for name, value in who.items()]
    close_barrier(page, page.ask("need_responses").filter(is_this))
    removed_barriers(page, **who)


def _close(page: Page, standing: pl.DataFrame) -> None:
    rows = {tuple(_key(row).values()): row for row in standing.to_dicts()}
    called = told_apart({place: _named(row) for place, row in rows.items()}, *namesakes(page, rows))
    with st.form("close_barrier", border=False):
        # Of several, nobody is chosen at first: the first of a list is easily the wrong child.
        chosen = st.selectbox(
            "Whose", list(rows), index=0 if len(rows) == 1 else None, placeholder="Choose one",
            key="removed_whose", format_func=lambda one: called.get(one, ""),
        )  # fmt: skip
        what = st.text_input("What removed it", key="removed_by")
        day = st.date_input("Found to be gone on", page.filter.as_at, format="DD/MM/YYYY", key="removed_on")
        made_by = writer("close_barrier")
        if st.form_submit_button("The barrier has gone", type="primary"):
            if chosen is None:
                st.error("Choose whose barrier has gone.", icon="⚠️")
            elif not what.strip():
                st.error("Say what removed it: that is what others can learn from.", icon="⚠️")
            else:
                row = rows[chosen]
                now = {"removed_on": day, "removed_by": what.strip(), "is_taken_back": False}
                # It may have gone before and come back, with a need that began later.
                held = rows_to_edit(page.store, DATASET, **_key(row)).to_dicts()
                seen = (held[0]["row_key"], held[0]["row_version"]) if held else ("", 0)
                edit = Edit(DATASET, _key(row) | now, *seen)
                save_or_say(page, made_by, [edit], "The barrier is recorded as gone.")


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
