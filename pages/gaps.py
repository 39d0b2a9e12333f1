"""For each need, is anything in place? And what does a pupil need that nothing recorded answers?"""

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.figures import show_chart
from provmap.ui.page import Page, open_page, pick
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
        only=only, empty="No needs are recorded for these pupils on this day.", key=key,
    )  # fmt: skip


def gaps(page: Page) -> None:
    findings, only = pick(page.ask("gaps"), "kind", GAPS, key="gap")
    show_table(
        page, "gaps", findings, (*PUPIL, "kind", "need_code", "subject", "since", "reason"), only=only,
        empty="No gaps were found: every need that is recorded is answered by something recorded.",
    )  # fmt: skip


def no_data(page: Page) -> None:
    st.caption("Pupils without a result in the last year. This is neither good news nor bad.")
    show_table(
        page, "no_data", page.ask("no_data"), (*PUPIL, "subject", "last_assessed_on", "reason"),
        empty="Every pupil has been assessed in each subject in the last year.",
    )  # fmt: skip


page = open_page("Coverage and gaps", "What does each pupil need, and is anything in place for it?")
part = st.segmented_control(
    "Part",
    PARTS,
    default=PARTS[0],
    required=True,
    key="part",
    bind="query-params",
    label_visibility="collapsed",
)
if part == "By need":
    by_need(page)
elif part == "Each pupil's needs":
    each_need(page, *pick(page.ask("coverage"), "state", STATES, key="state"))
elif part == "Gaps":
    gaps(page)
else:
    no_data(page)
