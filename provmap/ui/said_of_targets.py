"""What a pupil and a parent say when a target is looked at together: beside the words it was set with."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, Store, rows_to_edit
from provmap.ui.drafted import Form, text_field
from provmap.ui.page import Page, plain
from provmap.words.reviews import VOICES

SAID_NOW = {"pupil": "What the pupil says now", "parent": "What a parent or carer says now"}
MOST = 6


def show_said(page: Page, row: dict[str, Any]) -> None:
    """The words a target was set with, and below them what was said at reviews since."""
    for name, whose in (("words", ""), ("parent_words", "Parent or carer: ")):
        if row[name]:
            st.markdown(plain(f"{whose}“{row[name]}”"))
    heard = page.ask("voices_heard").filter(
        (pl.col("school_id") == row["school_id"]) & (pl.col("pupil_id") == row["pupil_id"])
        & pl.col("voice").is_in(list(SAID_NOW)) & (pl.col("stage") == "review")
        & pl.col("provision_id").is_null() & pl.col("said").is_not_null()
        & (pl.col("heard_on") >= row["set_on"])
    )  # fmt: skip
    if heard.height:
        st.markdown("**Said at reviews since**, about this or the pupil as a whole:")
    for one in heard.head(MOST).iter_rows(named=True):
        # What was said to two people on one day is no one sentence.
        said = "” “".join(one["said"].splitlines())
        st.markdown(plain(f"{VOICES[one['voice']]}, {show_date(one['heard_on'])}: “{said}”"))
    if heard.height > MOST:
        st.caption(f"And {heard.height - MOST} earlier, under *Voices of pupils and parents*.")


def said_now(form: Form) -> dict[str, str | None]:
    """The fields for what is said now, kept as they are typed."""
    told = {}
    for column, (voice, label) in zip(st.columns(2), SAID_NOW.items(), strict=True):
        with column:
            told[voice] = text_field(form, voice, label, lines=2).strip() or None
    return told


def voices_of(store: Store, target: dict[str, Any], day: date | None, told: dict[str, Any]) -> list[Edit]:
    """What keeps it, as heard at review on the day; below what the same person said that day already."""
    edits = []
    of = {"school_id": target["school_id"], "pupil_id": target["pupil_id"], "heard_on": day}
    for voice, words in told.items():
        if not words:
            continue
        held = rows_to_edit(store, "voices", **of, voice=voice).filter(pl.col("provision_id").is_null())
        if held.is_empty():
            edits.append(Edit("voices", of | {"voice": voice, "stage": "review", "words": words}))
            continue
        one = held.row(0, named=True)
        both = "\n".join(part for part in (one["words"], words) if part)
        edits.append(
            Edit(
                "voices",
                {"words": both, "stage": "review", "reply": None},
                one["row_key"],
                one["row_version"],
            )
        )
    return edits
