"""Who qualifies, provision by provision: where no criterion is written down there is no number to show."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.ui.page import Page
from provmap.words import count, joined

# The criteria that a number rests on: without any of them nobody was looked at, and nought would say nobody.
RESTS_ON = {
    "waits": ("entry",),
    "attends_without": ("entry",),
    "met_exit_stays": ("exit",),
    "cannot_judge": ("entry", "exit"),
}

# What stands behind a criterion by which nobody can be judged (sql/views/61_qualifying.sql).
UNREAD = "(cannot be read)"


def judged_alone(provisions: pl.DataFrame) -> pl.DataFrame:
    """The rows of `provision_criteria`, empty where no criterion is written down that could be met."""
    has = {name: pl.col(name).list.len() > 0 for name in ("entry", "exit")}
    judged = [
        pl.when(pl.any_horizontal(has[kind] for kind in kinds)).then(pl.col(name)).alias(name)
        for name, kinds in RESTS_ON.items()
    ]
    written = [pl.when(is_there).then(pl.col(name)).alias(name) for name, is_there in has.items()]
    return provisions.with_columns(*judged, *written)


def say_not_judged(provisions: pl.DataFrame) -> None:
    """How many of the provisions have no criterion to judge by, and what that means for their numbers."""
    if provisions.is_empty():
        return
    parts = []
    for name, words in (("entry", "to start"), ("exit", "to finish")):
        without = provisions.filter(pl.col(name).list.len() == 0).height
        if without:
            parts.append(f"**{without}** with no criterion {words}")
    if parts:
        of = count(provisions.height, "provision")
        st.markdown(f"Of {of}, {joined(parts)}. There a dash stands, and not 0: nobody was looked at.")


def say_unknown(page: Page, provisions: pl.DataFrame) -> None:
    """How many pupils could not be judged: they may qualify or not."""
    unknown = int(provisions["cannot_judge"].sum() or 0)
    if unknown:
        findings = page.ask("criteria_status").filter(kind="cannot_judge")
        who = count(findings.select("school_id", "pupil_id").n_unique(), "pupil")
        st.caption(
            f"Not known: {count(unknown, 'time')}, {who}. A result that the criteria ask for is not "
            "recorded, so they could qualify or not. They stand under *Pupils*."
        )
    is_unread = [
        pl.col(name).list.eval(pl.element().str.ends_with(UNREAD)).list.any() for name in ("entry", "exit")
    ]
    unread = provisions.filter(pl.any_horizontal(is_unread))
    if unread.height:
        st.warning(
            f"Nobody can be judged by a mark that is no number or grade of its scale: see "
            f"{joined(unread['provision'].to_list())}. Take that condition out under *Enter and correct*.",
            icon="⚠️",
        )
