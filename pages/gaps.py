"""For each need, is anything in place? And what does a pupil need that nothing recorded answers?"""

import streamlit as st

from provmap.ui.choices import choose_one, pick
from provmap.ui.coverage import PUPIL, answered, coverage, each_need, none_found
from provmap.ui.deciding import open_gap
from provmap.ui.page import Page, link, open_page
from provmap.ui.responses import say_hours
from provmap.ui.tables import show_table
from provmap.words import GAPS, STATES

PARTS = ["Coverage", "Each pupil's needs", "Gaps", "No data"]


def gaps(page: Page) -> None:
    every = page.ask("gaps")
    findings, only = pick(every, "kind", GAPS, key="gap")
    if findings.height:
        st.caption("Select a gap to see what ran before, what could answer it, and what was tried here.")
    chosen = show_table(
        page, "gaps", findings,
        (*PUPIL[:2], "reason", "since", "days", *PUPIL[2:], "kind", "need_code", "subject"),
        only=only, opens="row",
        empty=none_found(page, only),
    )  # fmt: skip
    say_hours(page)
    if findings.is_empty() and every.height:
        link("gaps", "See how each need is answered", part="Coverage")
    if every.is_empty():
        answered(page)
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
if part == "Coverage":
    coverage(page)
elif part == "Each pupil's needs":
    each_need(page, *pick(page.ask("coverage"), "state", STATES, key="state"))
elif part == "Gaps":
    gaps(page)
else:
    no_data(page)
