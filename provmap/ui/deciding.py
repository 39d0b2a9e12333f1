"""What helps to decide about a gap: how long it lasts, what ran before, what could answer it now."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.filters import show_date
from provmap.ui.page import Page, open_pupil, plain
from provmap.ui.pupils import where_of
from provmap.ui.tables import show_table
from provmap.words import count

# What the files say; never which pupil, as file names are seen by others.
ONE = "one pupil"


def open_gap(page: Page, gap: dict[str, Any] | None) -> None:
    """Open a window on the gap that was selected, once: a rerun must not bring a closed window back."""
    shown = gap and (gap["school_id"], gap["pupil_id"], gap["kind"], gap["need_code"], gap["subject"])
    if gap and shown != st.session_state.get("gap_shown"):
        st.dialog(_who(page, gap), width="large")(_help_to_decide)(page, gap)
    st.session_state["gap_shown"] = shown


def _who(page: Page, gap: dict[str, Any]) -> str:
    return plain(f"{gap['forename']} {gap['surname']} ({where_of(page, gap)})")


def _help_to_decide(page: Page, gap: dict[str, Any]) -> None:
    st.markdown(f"**{plain(gap['reason'])}** {_how_long(gap)}")
    if st.button("Open the pupil", key="open_the_pupil"):
        open_pupil(gap["school_id"], gap["pupil_id"])
    need = gap["need_code"] or gap["subject"]
    if need is None:
        st.info("Record the type of need first: what could answer it depends on that.")
        return
    who = {"school_id": gap["school_id"], "pupil_id": gap["pupil_id"], "need_code": need}
    _before(page, who)
    _now(page, who)
    _alike(page, who)


def _how_long(gap: dict[str, Any]) -> str:
    if gap["since"] is None:
        return "Since when is not recorded."
    return f"So since {show_date(gap['since'])}, for {count(gap['days'], 'day')}."


def _before(page: Page, who: dict[str, Any]) -> None:
    st.subheader("What ran before", anchor=False)
    show_table(
        page, "tried_with_this_pupil", page.ask("tried_with_this_pupil", **who),
        ("provision", "start_date", "end_date", "outcome", "entry_value", "exit_value", "measure", "tier"),
        empty="Nothing is recorded that this pupil had for this need.", opens="", only=ONE,
    )  # fmt: skip


def _now(page: Page, who: dict[str, Any]) -> None:
    st.subheader("Who could take them?", anchor=False)
    st.caption("Provisions that run now, are for the pupil's year and address the need or are for the "
               "subject. A broad match names the whole area of need. Trained: an adult has every skill it "
               "asks for, today.")  # fmt: skip
    show_table(
        page, "gap_options", page.ask("gap_options", **who),
        ("provision", "could_take", "free_places", "qualifies", "trained_staff", "skills_required", "match",
         "times_before", "lead", "tier"),
        empty="No provision that runs now addresses this need for this year.", opens="", only=ONE,
    )  # fmt: skip


def _alike(page: Page, who: dict[str, Any]) -> None:
    st.subheader("What was tried for pupils like this one here", anchor=False)
    tried = page.ask("tried_for_pupils_like_this", **who)
    st.caption("Other pupils of this school in the same key stage with the same need, or with something for "
               "the subject, in all years so far; ranked by the share with a measured gain. After is not "
               "because.")  # fmt: skip
    if tried.height and not tried["is_ranked"].all():
        st.caption("Without a place: measured too seldom to rank.")
    show_table(
        page, "tried_for_pupils_like_this", tried,
        ("place", "provision", "times", "measured", "gained", "gain_share", "judged", "outcome_met",
         "outcome_met_share", "runs_now"),
        empty="Nothing is recorded yet for another pupil with this need in this key stage.",
        opens="", only=ONE,
    )  # fmt: skip
