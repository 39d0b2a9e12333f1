"""Whether needs are answered: by need, by year, class, group or key stage, and month by month."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap import charts
from provmap.filters import show_date
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.page import Page
from provmap.ui.settings import threshold
from provmap.ui.tables import show_table
from provmap.words import STATES, count

BY = {
    "need": "By need", "year_group": "By year", "key_stage": "By key stage", "class": "By class",
    "group": "By group", "time": "Over time",
}  # fmt: skip
PUPIL = ("surname", "forename", "year_group", "class")
NONE_RECORDED = "No needs are recorded for these pupils on this day."


def coverage(page: Page) -> None:
    """The five states of every live need, arranged as the reader chooses."""
    by = choose_one("Coverage", BY, key="coverage_by")
    st.caption(
        "Each live need is in exactly one state. In place means arranged, which is not yet enough or "
        "delivered. What everybody in the class gets stands beside a need, and is no answer to it by itself."
    )
    if by == "need":
        _by_need(page)
    elif by == "time":
        _over_time(page)
    else:
        _by(page, by)


def each_need(page: Page, needs: pl.DataFrame, only: str, key: str = "coverage") -> None:
    """Live needs, a row each."""
    show_table(
        page, "coverage", needs,
        (*PUPIL, "need", "area", "state", "provisions", "days_in_state", "universal_offer"),
        only=only, key=key, empty="No need is in this state." if only else NONE_RECORDED,
    )  # fmt: skip


def answered(page: Page) -> None:
    """Where nothing is missing: what each need has, since when."""
    needs = page.ask("coverage")
    if needs.height:
        st.subheader("What answers each need", anchor=False)
        st.caption(
            "Adjusted in class: recorded for the pupil by name. What everybody gets answers no need alone."
        )
        each_need(page, needs, "", "answered")


def none_found(page: Page, only: str) -> str:
    """What an empty list of gaps says: among how many needs it is that nothing was found."""
    now = page.headlines()
    live, answered = now["live_needs"], now["covered"] + now["in_class"]
    found = "None of this kind was found" if only else "No gaps were found"
    if not live:
        return f"{found}, and no needs are recorded for these pupils: that is no sign that they have none."
    have, are = ("has", "is") if answered == 1 else ("have", "are")
    return (
        f"{found} among {count(live, 'live need')}, of which {answered:,} {have} provision in place or "
        f"{are} adjusted in class."
    )


def _by_need(page: Page) -> None:
    needs = page.ask("coverage_by_need")
    if needs.height:
        whole_school = page.ask_school("coverage_by_need")
        show_chart(page, charts.coverage_by_need, needs, whole_school["live_needs"].max(), key="coverage")
        st.caption("Select a need to see the pupils behind it.")
    chosen = show_table(
        page, "coverage_by_need", needs, ("need", "live_needs", *STATES, "answered_share", "area"),
        empty=NONE_RECORDED, opens="row",
    )  # fmt: skip
    if chosen is not None:
        need = needs.row(chosen, named=True)
        st.subheader(need["need"], anchor=False)
        rows = page.ask("coverage").filter(pl.col("need_code") == need["need_code"])
        each_need(page, rows, need["need"], "behind")


def _by(page: Page, by: str) -> None:
    parts = page.ask("coverage_by", by=by)
    if parts.height:
        largest = page.ask_school("coverage_by", by=by).filter(~pl.col("is_all"))["live_needs"].max() or 1
        shown = parts.filter(~pl.col("is_all")).with_columns(need=pl.col("name"))
        show_chart(page, charts.coverage_by_need, shown, largest, key=f"coverage_{by}", choices=(by,))
        words = (
            "A pupil can be in several groups or in none, so groups do not add up. " if by == "group" else ""
        )
        st.caption(f"{words}Select a row to see the needs behind it.")
    chosen = show_table(
        page, "coverage_by", parts, ("name", "live_needs", *STATES, "answered_share", "pupils"),
        empty=NONE_RECORDED, opens="row", key=f"coverage_by_{by}", only=BY[by].lower(),
    )  # fmt: skip
    if chosen is not None:
        part = parts.row(chosen, named=True)
        st.subheader(part["name"], anchor=False)
        each_need(page, behind(page, by, part), part["name"], "behind")


def behind(page: Page, by: str, part: dict[str, Any]) -> pl.DataFrame:
    """The live needs that a row of `coverage_by` counts."""
    needs = page.ask("coverage")
    if part["is_all"]:
        return needs
    if by == "group":
        return needs.filter(pl.col("groups").list.contains(part["by_key"]))
    same = pl.col(by).fill_null("not recorded") == part["by_key"]
    return needs.filter(same & (pl.col("school_id") == part["school_id"] if by == "class" else pl.lit(True)))


def _over_time(page: Page) -> None:
    months = page.ask("coverage_over_time")
    if months.height and months["live_needs"].sum():
        show_chart(page, charts.coverage_over_time, months, key="coverage_over_time")
        st.markdown(_waited(page, months))
    days = threshold(page, "coverage_before_end")
    st.caption(
        "The pupils counted here, followed back; who has left since is not among them. Each month is judged "
        f"at its last day that lies in a term and is {days} days or more before the term ends: in "
        "holidays, and in a term's last days, provision for the term is over, and a fall there would say "
        "nothing. *Began later* is hindsight: on that day nothing ran, and nobody may have planned it then."
    )
    show_table(
        page, "coverage_over_time", months,
        ("on_day", "live_needs", "answered_share", "covered", "in_class", "planned", "planned_long_after",
         "lapsed", "unmet", "pupils"),
        empty="These pupils have had no needs recorded.", opens="",
    )  # fmt: skip


def _waited(page: Page, months: pl.DataFrame) -> str:
    """What "began later" hides, of the first month shown: how long needs waited."""
    before = months.filter((pl.col("on_day") < page.filter.as_at) & (pl.col("live_needs") > 0))
    if before.is_empty():
        return ""
    first, days = before.row(0, named=True), threshold(page, "ledger_term_days")
    answered, late = first["covered"] + first["in_class"], first["planned_long_after"]
    return (
        f"On {show_date(first['on_day'])}, the first day shown, **{answered:,}** of "
        f"{count(first['live_needs'], 'need')} were answered. For {first['planned']:,} more something "
        f"began later, for **{late:,}** of these only after more than {days} days: until then nothing "
        "ran for that need."
    )
