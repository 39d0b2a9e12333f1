"""Who qualifies, provision by provision: where no criterion is written down there is no number to show."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.ui.page import Page, plain
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


def most_wait_first(provisions: pl.DataFrame) -> pl.DataFrame:
    """The provisions in the order of the list."""
    rows = judged_alone(provisions)
    return rows.sort("waits", descending=True, nulls_last=True, maintain_order=True)


def say_what_is_known(page: Page, provisions: pl.DataFrame) -> None:
    """What the numbers of the provisions rest on, and what nobody can say."""
    not_judged, unknown, unread = page.remembered(
        "what is known of criteria",
        lambda: (_not_judged(provisions), _unknown(page, provisions), _unread(provisions)),
    )
    if not_judged:
        st.markdown(not_judged)
    if unknown:
        st.caption(unknown)
    if unread:
        st.warning(unread)


def _not_judged(provisions: pl.DataFrame) -> str:
    """How many of the provisions have no criterion to judge by, and what that means for their numbers."""
    parts = []
    for name, words in (("entry", "to start"), ("exit", "to finish")):
        without = provisions.filter(pl.col(name).list.len() == 0).height
        if without:
            parts.append(f"**{without}** with no criterion {words}")
    of = count(provisions.height, "provision")
    dash = "There a dash stands, and not 0: nobody was looked at."
    return f"Of {of}, {joined(parts)}. {dash}" if parts else ""


def _unknown(page: Page, provisions: pl.DataFrame) -> str:
    """How many pupils could not be judged: they may qualify or not."""
    unknown = int(provisions["cannot_judge"].sum() or 0)
    if not unknown:
        return ""
    findings = page.ask("criteria_status").filter(kind="cannot_judge")
    who = count(findings.select("school_id", "pupil_id").n_unique(), "pupil")
    return (
        f"Not known: {count(unknown, 'time')}, {who}. A result that the criteria ask for is not recorded, "
        "so they could qualify or not. They stand under *Pupils*."
    )


def _unread(provisions: pl.DataFrame) -> str:
    """Which provisions have a criterion by which nobody can be judged."""
    is_unread = [
        pl.col(name).list.eval(pl.element().str.ends_with(UNREAD)).list.any() for name in ("entry", "exit")
    ]
    unread = provisions.filter(pl.any_horizontal(is_unread))
    which = plain(joined(unread["provision"].to_list()))
    return (
        "⚠️ Nobody can be judged by a mark that is no number or grade of its scale: see "
        f"{which}. Take that condition out under *Enter and correct*."
        if unread.height
        else ""
    )
