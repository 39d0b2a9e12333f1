"""Provision on one sheet: needs down, year groups or classes across; each count opens to its pupils."""

from typing import Any

import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.grids import behind, pupils_and_rows, show_map
from provmap.ui.page import link, open_page
from provmap.ui.tables import show_table
from provmap.words import TIERS

BY = {"year_group": "By year group", "class": "By class"}

page = open_page("Provision map", "What do we provide, for which needs, and for whom?")

by = choose_one("By", BY, key="by")
cells = page.ask("provision_map", by=by)
if cells.is_empty():
    st.info("No provision is in place for these pupils on this day.")
    st.stop()
st.caption(f"Tiers: {', '.join(TIERS.values())}. Numbers are pupils; select one to see them. "
           "A pupil can be in several provisions, so columns do not add up to pupils.")  # fmt: skip


def show_pupils(cell: dict[str, Any]) -> None:
    """The pupils behind one count, over the map: below so long a sheet nobody would see them."""
    rows = behind(page.ask("provision_list"), cell, by)
    pupils = rows.unique(["school_id", "pupil_id"], keep="first", maintain_order=True)
    only = f"{cell['provision']}, {cell['column']}, {cell['area']}"
    st.caption(pupils_and_rows(rows))
    if pupils.height < rows.height and st.toggle("Each pupil once", key="each_once"):
        rows, only = pupils, f"{only}, each pupil once"
    show_table(
        page, "provision_list", rows,
        ("surname", "forename", "year_group", "class", "start_date", "expected_end_date",
         "staff", "need_codes"),
        only=only, empty="", key="behind_the_map",
    )  # fmt: skip


cell = show_map(page, cells)
link("provision_list", "See it all as a list")
# Once for each selection: it outlives the window, and a change of filter must not bring the window back.
if cell and cell != st.session_state.get("cell_shown"):
    st.dialog(f"{cell['provision']}, {cell['column']}", width="large")(show_pupils)(cell)
st.session_state["cell_shown"] = cell
