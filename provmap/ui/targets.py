"""The parts of "Targets": how many are in each state, each pupil's, and those that are shared."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.changing_targets import change_target, say_begun_of_targets
from provmap.ui.choices import choose_one, pick
from provmap.ui.live_targets import asked_for, close_asked
from provmap.ui.lost_drafts import show_lost
from provmap.ui.page import Page, open_pupil, plain
from provmap.ui.said_of_targets import show_said
from provmap.ui.settings import thresholds
from provmap.ui.tables import show_table
from provmap.words import TARGETS, count

PUPIL = ("surname", "forename", "year_group", "class")
ABOUT = ("surname", "forename", "class", "subject", "target")
# Two lists of the same rows: one alone would be too wide for a screen.
VIEWS = {
    "standing": "How it stands",
    "agreed": "What was said and agreed",
}
COLUMNS = {
    "standing": (*ABOUT, "starting_point", "now_value", "forecast", "how_far", "state", "due_on", "because"),
    "agreed": (
        "surname",
        "forename",
        "subject",
        "target",
        "words",
        "parent_words",
        "agreed_with",
        "reviewed_on",
        "reviewed_with",
    ),
}
SHARED = ("for_whom", "subject", "target", "state", "members", "needed", "reached", "more_needed", "pupils",
          "at_target", "now_share", "within_reach", "no_result", "forecast", "needed_share", "at_start",
          "due_on", "scale", "because")  # fmt: skip
# Where all its pupils are counted, the counted are no other numbers.
WHOLE = tuple(name for name in SHARED if name not in ("pupils", "at_target"))
MEMBER = (*PUPIL, "starting_point", "now_value", "now_on", "how_far", "state", "because")
SELECT = "Select a target to look at it together, to record a forecast or what came of it, or to correct it."
WHICH = {"newest": "The newest in each subject", "all": "Earlier ones too"}


def show_own(page: Page) -> None:
    """Targets of pupils, as a rule the newest in each subject; the selected one can be changed."""
    show_lost(page, "target", "target_review")
    rows = page.ask("targets")
    which = choose_one("Which", WHICH, key="which_targets")
    rows = rows if which == "all" else rows.filter(pl.col("is_newest"))
    show_states(rows)
    kept, only = pick(rows, "state", TARGETS, key="target_state")
    view = choose_one("What", VIEWS, key="target_view")
    if kept.height:
        st.caption(_agreed(kept) if view == "agreed" else SELECT)
    columns = COLUMNS[view]
    if kept["because"].null_count():
        # Why there is nothing to judge by, where the list is of those alone.
        columns = tuple(name for name in columns if name != "because")
    chosen = show_table(
        page, "targets", kept, columns, only=", ".join(part for part in (WHICH[which], only) if part),
        opens="row",
        empty="No target of these pupils is so." if only else "No pupil counted here has a target yet.",
    )  # fmt: skip
    if chosen is not None:
        close_asked()
        _open(page, kept.row(chosen, named=True))
    elif asked := asked_for(page):
        _open(page, asked)
        st.button("Close it again", key="close_asked", type="tertiary", on_click=close_asked)
    else:
        say_begun_of_targets(page)


def _agreed(rows: pl.DataFrame) -> str:
    """How many were agreed and looked at with whom; a blank is not taken for a yes."""
    many = {
        (column, whom): rows.filter(pl.col(column).list.contains(whom)).height
        for column in ("agreed_with", "reviewed_with")
        for whom in ("pupil", "parent")
    }
    return (
        f"Of {count(rows.height, 'target')}: agreed with the pupil {many['agreed_with', 'pupil']}, with a "
        f"parent {many['agreed_with', 'parent']}; looked at together since, with the pupil "
        f"{many['reviewed_with', 'pupil']}, with a parent {many['reviewed_with', 'parent']}. Not recorded is "
        f"not agreed. {SELECT}"
    )


def show_states(rows: pl.DataFrame) -> None:
    """A number for each state; each is the length of the list that its name picks below."""
    if rows.is_empty():
        return
    in_state = Counter(rows["state"])
    for column, state in zip(st.columns(len(TARGETS)), TARGETS, strict=True):
        with column, st.container(border=True, height="stretch", key=f"tile_target_{state}"):
            # Above the number, where a long name is not cut off on a narrow screen.
            st.markdown(TARGETS[state].capitalize())
            st.metric(TARGETS[state].capitalize(), f"{in_state[state]:,}", label_visibility="collapsed")


def _open(page: Page, row: dict[str, Any]) -> None:
    name = f"{row['forename']} {row['surname']}"
    st.subheader(plain(f"{name}: {row['subject']}"), anchor=False)
    show_said(page, row)
    if st.button(f"Open {name}", key="open_target_pupil"):
        open_pupil(row["school_id"], row["pupil_id"])
    change_target(page, row)


def show_shared(page: Page) -> None:
    """Targets of a class, a year or a group; a selected one opens the pupils that its numbers count."""
    show_lost(page, "target", "target_review")
    rows = page.ask("shared_targets")
    is_part = rows.filter(pl.col("pupils") < pl.col("members")).height > 0
    if is_part:
        st.caption(
            "The state, how many it is for, how many are needed and how many have reached it are of all its "
            "pupils, whoever is counted; the other numbers are of the pupils counted here."
        )
    if rows.height:
        st.caption("Select a target to see its pupils by name, or to correct it.")
    chosen = show_table(
        page, "shared_targets", rows, SHARED if is_part else WHOLE, opens="row",
        empty="No class, year or group of these pupils has a target yet.",
    )  # fmt: skip
    if chosen is None:
        say_begun_of_targets(page)
        return
    row = rows.row(chosen, named=True)
    st.subheader(plain(f"{row['for_whom']}: {row['subject']}, {row['target']}"), anchor=False)
    if row["words"]:
        st.markdown(plain(f"“{row['words']}”"))
    pupils = page.ask("shared_target_pupils").filter(pl.col("aim") == row["aim"])
    pupils, only = pick(pupils, "state", TARGETS, key="member_state")
    show_table(
        page, "shared_target_pupils", pupils, MEMBER, key="members",
        only=", ".join(part for part in (row["for_whom"], row["subject"], only) if part),
        empty="Nobody counted here is in it.",
    )  # fmt: skip
    change_target(page, row)


def show_rule(page: Page) -> None:
    """How a target is judged, with the thresholds in force."""
    is_ = thresholds(page)
    with st.expander("How a target is judged"):
        st.markdown(
            "A target is judged by the latest result of the subject **on its own scale** in the last "
            f"{is_['assessment_window']} days, a test before a teacher's judgement on one day; or by what "
            "was recorded to have come of it, where that is on the scale. What was reached on the due day "
            "stays reached (*reached, not now* where it has been lost since); on the due day "
            "itself a target is not past due. On some scales lower is better, as with SDQ difficulties, and "
            "then so is the target."
        )
        st.markdown(
            f"**Within reach** is {is_['reach_steps']} step or fewer on a scale of words or grades, "
            f"{is_['reach_months']} months or fewer on an age scale, {is_['reach_sd']} of a standard "
            "deviation where the scale has one (six standardised points, as shipped), and "
            f"{is_['reach_range']} of the range on other numbers; at least {is_['reach_least']} point. "
            "A school can set these under *Enter and correct*."
        )
        st.markdown(
            "**A shared target** counts each of its pupils once: who has no result on the scale is not "
            "there. It is within reach where it would be reached if all within reach of it got there. "
            "**The teacher's forecast** is what a teacher expects; it never changes the state."
        )
