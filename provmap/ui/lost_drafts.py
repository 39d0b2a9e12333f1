"""What was begun about a row that is there no more: shown without a form until it is thrown away."""

from __future__ import annotations

import streamlit as st

from provmap import drafts
from provmap.drafts import Draft
from provmap.store import entries_of, row_now
from provmap.ui.begun import value_in_words
from provmap.ui.drafted import name_here, writer_here
from provmap.ui.line_words import about, called_in
from provmap.ui.page import Page, plain
from provmap.words import heading

# What is begun about rows of a dataset is kept under its name, but for these.
DATASETS = {"target": "targets", "target_review": "targets", "review_held": "reviews"}


def show_lost(page: Page, *begins: str) -> None:
    """Corrections that were begun here and whose row somebody has taken out since."""
    folder = page.store.folder
    here = writer_here(folder)
    lost = [
        (one, DATASETS.get(begin, begin), key)
        for begin in begins
        # The key of a row begins so; what is begun about a new one is kept under other words.
        for one in drafts.kept(folder, f"{begin}/{{", here)
        if (key := _key_of(one, begin)) and row_now(page.store, DATASETS.get(begin, begin), key) is None
    ]
    if not lost:
        return
    called = called_in(page, entries_of(page.store)[::-1])
    for place, (one, dataset, key) in enumerate(lost):
        with st.container(border=True, key=f"lost_{begins[0]}_{place}"):
            # Another person may have begun it in this browser.
            is_mine = one.who in ("", name_here())
            who, typed = ("You", "you typed") if is_mine else (one.who, "was typed")
            st.markdown(
                f"**{plain(who)} began to change {plain(about(key, {}, called, dataset))}, and it is no "
                f"longer recorded.** What {typed} is not saved. Where somebody took it out, *What was "
                "written* (Enter and correct) says who, and that can be taken back there: then the words are "
                "here again."
            )
            for line in _said(one):
                st.markdown(line)
            st.button(
                f"Throw away what {'I typed' if is_mine else typed}", key=f"lost_away_{begins[0]}_{place}",
                on_click=_throw_away, args=(page, one),
            )  # fmt: skip


def _key_of(draft: Draft, begin: str) -> str:
    return draft.record.removeprefix(f"{begin}/").removesuffix("/")


def _said(draft: Draft) -> list[str]:
    """What was typed or chosen otherwise than it was."""
    return [
        f"{heading(name)}: {plain(value_in_words(name, value)) or '(nothing)'}"
        for name, value in draft.given.items()
        if (value or None) != (draft.based_on.get(name) or None)
    ]


def _throw_away(page: Page, draft: Draft) -> None:
    drafts.throw_away(page.store.folder, [draft])
    st.session_state.get("forms", {}).pop(draft.record, None)
