"""The journal as a file: taken away, or brought in after a look at what that would add."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from provmap.errors import ProvmapError
from provmap.store.handing_over import (
    HandedOver,
    JournalFile,
    hand_over,
    is_asked_about,
    journal_file,
    read_journal_file,
)
from provmap.ui.page import Page, link, plain, say_next, show_error
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
        "Take the journal away", on_click="ignore",
        data=partial(journal_file, page.store.folder, page.labels("schools")),
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
        is_ours = not found.fresh or _is_ours(page, made)
        if found.fresh and st.button(
            f"Bring in {_entries(len(found.fresh))}", type="primary", key="journal_in", disabled=not is_ours
        ):
            added = hand_over(page.store.folder, made, same_school=is_ours)
            st.session_state[MADE] = st.session_state.get(MADE, 0) + 1
            say_next(f"{_entries(len(added.fresh)).capitalize()} brought in; "
                     f"{_entries(added.left_out)} left out.")  # fmt: skip
    except ProvmapError as error:
        show_error(error)


def _is_ours(page: Page, made: JournalFile) -> bool:
    """Whether the file is of this school: of another data folder, somebody has to say so first."""
    if not is_asked_about(page.store.folder, made):
        return True
    here = ", ".join(page.labels("schools").values()) or "the school here"
    st.warning(
        f"**{plain(made.whose)}** The same pupil number can be another child there, and what was written "
        f"would then stand at a child of {plain(here)}.", icon="✋",
    )  # fmt: skip
    return st.checkbox(f"I know that it is about {plain(here)}", key=f"journal_ours_{made.folder}")


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
