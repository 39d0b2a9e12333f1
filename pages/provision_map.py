"""Provision on one sheet: needs down, year groups or classes across; each count opens to its pupils."""

from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.grids import show_map
from provmap.ui.page import link, open_page
from provmap.ui.tables import show_table
from provmap.words import TIERS

BY = {"year_group": "By year group", "class": "By class"}

page = open_page("Provision map", "What do we provide, for which needs, and for whom?")

by = st.segmented_control(
    "By", list(BY), format_func=BY.get, default="year_group", required=True, key="by", bind="query-params",
    label_visibility="collapsed",
)  # fmt: skip
cells = page.ask("provision_map", by=by)
if cells.is_empty():
    st.info("No provision is in place for these pupils on this day.")
    st.stop()
st.caption(f"Tiers: {', '.join(TIERS.values())}. Numbers are pupils; select one to see them. "
           "A pupil can be in several provisions, so columns do not add up to pupils.")  # fmt: skip


def show_pupils(cell: dict[str, Any]) -> None:
    """The pupils behind one count, over the map: below so long a sheet nobody would see them."""
    behind = page.ask("provision_list").filter(
        (pl.col("school_id") == cell["school_id"])
        & (pl.col("provision_id") == cell["provision_id"])
        & (pl.col(by).fill_null("not recorded") == cell["column_key"])
        & pl.col("need_areas").list.contains(cell["area"])
    )
    show_table(
        page, "provision_list", behind,
        ("surname", "forename", "year_group", "class", "start_date", "expected_end_date",
         "staff", "need_codes"),
        only=f"{cell['provision']}, {cell['column']}, {cell['area']}", empty="", key="behind_the_map",
    )  # fmt: skip


cell = show_map(page, cells)
link("provision_list", "See it all as a list")
# Once for each selection: it outlives the window, and a change of filter must not bring the window back.
if cell and cell != st.session_state.get("cell_shown"):
    st.dialog(f"{cell['provision']}, {cell['column']}", width="large")(show_pupils)(cell)
st.session_state["cell_shown"] = cell
