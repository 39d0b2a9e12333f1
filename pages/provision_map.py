"""Provision on one sheet, arranged as the reader chooses; each count opens to its pupils."""

import streamlit as st

from provmap.ui.behind import show_behind
from provmap.ui.choices import choose_one
from provmap.ui.grids import show_map
from provmap.ui.map_words import how_many_columns, how_to_read, what_rows_are
from provmap.ui.named import map_of_pupils
from provmap.ui.page import link, open_page
from provmap.ui.paper import on_screen
from provmap.ui.tables import show_exports
from provmap.ui.views import show_views
from provmap.ui.weakness import end_page
from provmap.words import NOBODY

BY = {"year_group": "By year group", "class": "By class", "key_stage": "By key stage", "group": "By group",
      "pupil": "By pupil", "named": "For named pupils"}  # fmt: skip
ROWS = {"area": "Areas of need", "need": "Single needs", "tier": "Tiers", "delivery": "How it is given"}

page = open_page("Provision map", "What do we provide, for which needs, and for whom?")
show_views(page, "provision_map")

rows = choose_one("Rows", ROWS, key="rows")
by = choose_one("By", BY, key="by")
of_pupils = by in ("pupil", "named")
cells = (
    map_of_pupils(page, rows, is_named=by == "named") if of_pupils
    else page.ask("provision_map", by=by, rows=rows)
)  # fmt: skip
named, by = "named pupils" if by == "named" else "", "pupil" if of_pupils else by
if cells is None:
    end_page()
if cells.is_empty():
    st.info("No provision is in place for these pupils on this day." if page.summary["pupils"] else NOBODY)
    end_page()
st.caption(how_to_read(cells, by, rows))
if (more := how_many_columns(cells, by)) and not st.session_state.get("for_printing"):
    with on_screen("how_many"):
        st.markdown(more)
cell = show_map(page, cells, by)
show_exports(page, "provision_map", cells, "provision_map", named)
st.caption(what_rows_are(cells, by))
st.toggle("For printing", key="for_printing", help="A plain table that prints whole, on A4 or A3 across")
link("provision_list", "See it all as a list")
# Once for each selection: it outlives the window, and a change of filter must not bring the window back.
if cell and cell != st.session_state.get("cell_shown"):
    st.dialog(f"{cell['provision']}, {cell['column']}", width="large")(show_behind)(page, cell, by, rows)
st.session_state["cell_shown"] = cell
