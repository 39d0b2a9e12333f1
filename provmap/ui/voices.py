"""Voices: whom to hear, what was heard and about what, and where pupils with SEN stand."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one, pick
from provmap.ui.hearing import TURN, change_voice
from provmap.ui.lost_drafts import show_lost
from provmap.ui.page import Page
from provmap.ui.settings import threshold
from provmap.ui.tables import show_table
from provmap.words import count
from provmap.words.families import HEARD, STEPS, WITH_PARENTS
from provmap.words.reviews import VOICES

Row = dict[str, Any]
PUPIL = ("surname", "forename", "class")
MISSING = (*PUPIL, "view_of", "stage", "provisions", "since", "days_waiting")
SAID = ("surname", "forename", "heard_on", "voice", "said", "provision", "stage", "reply")
STAGES = {
    "planning": ("pupil_at_planning", "parent_at_planning", "others_at_planning"),
    "review": ("pupil_at_review", "parent_at_review", "others_at_review", "review_on"),
}
WHEN = {"planning": "At planning", "review": "At review"}
STANDS = (*PUPIL, "step", "since", "what_next", "reviews_with_parents", "with_parents")

NONE_TO_HEAR = "Every pupil and every parent was heard, or asked, about what is in place."
# No good news: where nothing is in place, nobody was asked.
NOTHING_IN_PLACE = "No additional provision is in place for these pupils, so nobody is waited for."


def show_to_hear(page: Page) -> Row | None:
    """The list to chase, who has waited longest first; the selected row fills the form."""
    rows = page.ask("to_hear")
    many = {one: rows.filter(view_of=one).height for one in ("pupil", "parent")}
    st.markdown(
        f"**{count(rows.height, 'view')}** to hear: {many['pupil']} of pupils, {many['parent']} of parents "
        "or carers."
        if rows.height
        else ""
    )
    st.caption(
        "Additional provision in place about which the pupil, or a parent or carer, was not heard: at "
        "planning, until a review is held or falls due, or its last day has come; then at review. What has "
        "ended is asked about no more. “Invited, no reply” and "
        f"“chose not to say” are answers. A view counts from {threshold(page, 'heard_before')} days before; "
        "said about the pupil as a whole, it counts for everything in place. Select a row to write it down."
    )
    kept, only = pick(rows, "view_of", {one: VOICES[one] for one in many}, key="view_of", label="Whose view")
    return _selected(
        page, "to_hear", kept, MISSING, only=only,
        empty=NONE_TO_HEAR if page.ask("provision_voices").height else NOTHING_IN_PLACE,
    )  # fmt: skip


def show_heard(page: Page) -> None:
    """What was said and seen, the newest first; the selected row can be corrected or taken out."""
    show_lost(page, "voices")
    rows = page.ask("voices_heard")
    st.caption(
        "Six kinds of evidence: pupil voice, parent and carer voice, work scrutiny, observation, the "
        "teacher's evaluation, and other adults. Without a pupil's name it is about the provision as a "
        "whole; without a provision, about the pupil as a whole. Select a row to correct it."
    )
    kept, only = pick(rows, "voice", VOICES, key="voice")
    row = _selected(
        page, "voices_heard", kept, SAID, only=only, empty="Nothing that was said or seen is recorded yet."
    )
    if row is not None:
        change_voice(page, row)


def show_provisions(page: Page) -> Row | None:
    """Each additional provision in place, with who was heard about it at the stage that is chosen."""
    rows = page.ask("provision_voices")
    stage = choose_one("When", WHEN, key="heard_when")
    columns = STAGES[stage]
    pupils, parents = (rows.filter(pl.col(name).is_in(["heard", "no_answer"])).height for name in columns[:2])
    st.caption(
        f"Additional provisions in place: {rows.height}. {WHEN[stage]}, the pupil was heard or asked about "
        f"{pupils} of them, a parent or carer about {parents}. “Was not heard”: planning is over, the review "
        "is asked about now. The other kinds of evidence are there to be used; nobody is asked for them "
        "here. Select a row to write down what was said."
    )
    kept, only = pick(rows, columns[1], HEARD, key="parent_heard", label="The parent or carer")
    chosen = _selected(
        page, "provision_voices", kept, (*PUPIL, "provision", *columns),
        only=", ".join(part for part in (WHEN[stage], only) if part),
        empty="No pupil counted here has additional provision in place.",
    )  # fmt: skip
    return chosen and chosen | {"stage": stage, "provision_ids": [chosen["provision_id"]]}


def show_cycle(page: Page) -> Row | None:
    """Where each pupil with SEN stands: the step, since when, what is next, and reviews with parents."""
    rows = page.ask("sen_cycle")
    if rows.height:
        steps = ", ".join(f"{STEPS[step]} **{rows.filter(step=step).height}**" for step in STEPS)
        short = rows.filter(with_parents="short").height
        st.markdown(
            f"{count(rows.height, 'pupil')} on SEN support or an EHC plan: {steps}. **{short}** "
            f"of them fall short of {threshold(page, 'parent_reviews')} reviews a year with parents."
        )
    st.caption(
        "**Assess**: no type of need is recorded. **Plan**: a need, and nothing in place. **Do**: something "
        "is in place, adjusted in class included. **Review is due**: something in place is overdue for "
        "review. Reviews with parents are the days in the last 365 on which a parent was heard at review, or "
        "a target was reviewed with one; in the first year of support, fewer are due, in proportion."
    )
    kept, first = pick(rows, "step", STEPS, key="step", label="Step")
    kept, second = pick(kept, "with_parents", WITH_PARENTS, key="with_parents", label="Reviews with parents")
    chosen = _selected(
        page, "sen_cycle", kept, STANDS, only=", ".join(part for part in (first, second) if part),
        empty="No pupil counted here is so." if rows.height
        else "No pupil counted here has SEN support or an EHC plan.",
    )  # fmt: skip
    return chosen and chosen | {"stage": "review"}


def _selected(
    page: Page, question: str, rows: pl.DataFrame, columns: tuple[str, ...], *, only: str, empty: str
) -> Row | None:
    # After saving the same row number is another row: nothing is selected then.
    key = f"{question}_{st.session_state.get(TURN, 0)}"
    place = show_table(page, question, rows, columns, only=only, empty=empty, opens="row", key=key)
    return None if place is None else rows.row(place, named=True)
