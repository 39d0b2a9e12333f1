"""The journal as a file: taken away, or brought in after a look at what that would add."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from provmap.errors import ProvmapError
from provmap.store.handing_over import HandedOver, hand_over, journal_file, read_journal_file
from provmap.ui.page import Page, link, say_next, show_error
from provmap.ui.written import when
from provmap.words import DATASETS, count, heading

MADE = "journals_brought_in"


def show_journal_files(page: Page) -> None:
    """Take the journal away, or bring one in: nothing that is here is overwritten."""
    st.caption(
        "What people wrote in the app is kept beside the imports, in a journal that only grows. Take it away "
        "to keep or to hand on; bring one in to add what is not here. Nothing that is here is overwritten."
    )
    st.download_button(
        "Take the journal away", data=partial(journal_file, page.store.folder), on_click="ignore",
        file_name=f"provmap-journal-{page.store.today.isoformat()}.jsonl", mime="application/jsonl",
        key="journal_away", help="With who wrote what and when. About children: keep it safe.",
    )  # fmt: skip
    link("enter", "See what was written, and take an entry back", part="What was written")
    file = st.file_uploader(
        "A journal to bring in", type=["jsonl"], key=f"journal_{st.session_state.get(MADE, 0)}"
    )
    if file is None:
        return
    if page.store.is_sample:
        st.info(
            "This is the sample school, and what is brought in here stays with it. Bring in your school's "
            "own files first if the journal is your school's.", icon="ℹ️",
        )  # fmt: skip
    try:
        made = read_journal_file(file.getvalue())
        found = hand_over(page.store.folder, made, dry_run=True)
        _say(found)
        if found.fresh and st.button(
            f"Bring in {_entries(len(found.fresh))}", type="primary", key="journal_in"
        ):
            added = hand_over(page.store.folder, made)
            st.session_state[MADE] = st.session_state.get(MADE, 0) + 1
            say_next(f"{_entries(len(added.fresh)).capitalize()} brought in; "
                     f"{_entries(added.left_out)} left out.")  # fmt: skip
    except ProvmapError as error:
        show_error(error)


def _say(found: HandedOver) -> None:
    """What would be added, what is here already, and what says something else than what is here."""
    st.markdown(
        f"**{_entries(len(found.fresh)).capitalize()}** not here yet, {found.known:,} here already, "
        f"{found.left_out:,} left out."
    )
    if not found.clashes:
        return
    st.caption("Of these the file says something else than the journal here. What is here stays.")
    if found.together:
        st.caption(
            f"{_entries(found.together).capitalize()} more left out: saved together with something that is "
            "left out. What was saved together is brought in whole or not at all."
        )
    rows = [
        {"Line": one.line, "What": DATASETS.get(one.theirs.kind, heading(one.theirs.kind)),
         "In the file": f"{one.theirs.made_by}, {when(one.theirs.made_at)}",
         "Here": f"{one.ours.made_by}, {when(one.ours.made_at)}" if one.ours else "the one before is missing"}
        for one in found.clashes
    ]  # fmt: skip
    st.dataframe(pl.DataFrame(rows), hide_index=True, key="journal_clashes")


def _entries(many: int) -> str:
    return count(many, "entry", "entries")
