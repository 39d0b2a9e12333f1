"""For each need, is anything in place? And what does a pupil need that nothing recorded answers?"""

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.choices import choose_one, pick
from provmap.ui.deciding import open_gap
from provmap.ui.figures import show_chart
from provmap.ui.page import Page, open_page
from provmap.ui.tables import show_table
from provmap.words import GAPS, STATES

PARTS = ["By need", "Each pupil's needs", "Gaps", "No data"]
PUPIL = ("surname", "forename", "year_group", "class")


def by_need(page: Page) -> None:
    needs = page.ask("coverage_by_need")
    if needs.height:
        whole_school = page.ask_school("coverage_by_need")
        show_chart(page, charts.coverage_by_need, needs, whole_school["live_needs"].max(), key="coverage")
        st.caption("Select a need to see the pupils behind it.")
    chosen = show_table(
        page, "coverage_by_need", needs,
        ("need", "live_needs", *STATES, "answered_share", "area"),
        empty="No needs are recorded for these pupils on this day.", opens="row",
    )  # fmt: skip
    if chosen is not None:
        need = needs.row(chosen, named=True)
        st.subheader(need["need"], anchor=False)
        each_need(
            page,
            page.ask("coverage").filter(pl.col("need_code") == need["need_code"]),
            need["need"],
            "behind",
        )


def each_need(page: Page, needs: pl.DataFrame, only: str, key: str = "coverage") -> None:
    show_table(
        page, "coverage", needs, (*PUPIL, "need", "area", "state", "provisions", "days_in_state"),
        only=only, key=key,
        empty="No need is in this state." if only else "No needs are recorded for these pupils on this day.",
    )  # fmt: skip


def gaps(page: Page) -> None:
    findings, only = pick(page.ask("gaps"), "kind", GAPS, key="gap")
    if findings.height:
        st.caption("Select a gap to see what ran before, what could answer it, and what was tried here.")
    chosen = show_table(
        page, "gaps", findings, (*PUPIL, "reason", "since", "days", "kind", "need_code", "subject"),
        only=only, opens="row",
        empty="None of this kind was found." if only
        else "No gaps were found: every need that is recorded is answered by something recorded.",
    )  # fmt: skip
    open_gap(page, findings.row(chosen, named=True) if chosen is not None else None)


def no_data(page: Page) -> None:
    st.caption("Pupils without a result in the last year, or whose latest result has no mark of what is "
               "expected to judge it by. This is neither good news nor bad.")  # fmt: skip
    show_table(
        page, "no_data", page.ask("no_data"), (*PUPIL, "reason", "last_assessed_on", "subject"),
        empty="Every pupil has a result of the last year in each subject, with a mark to judge it by.",
    )  # fmt: skip


page = open_page("Coverage and gaps", "What does each pupil need, and is anything in place for it?")
part = choose_one("Part", PARTS, key="part")
if part == "By need":
    by_need(page)
elif part == "Each pupil's needs":
    each_need(page, *pick(page.ask("coverage"), "state", STATES, key="state"))
elif part == "Gaps":
    gaps(page)
else:
    no_data(page)
