"""Who gets what, as a list."""

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.page import open_page
from provmap.ui.printing import PROVISION_LIST
from provmap.ui.tables import show_table

ALL, OVERDUE = "Everything in place", "Review overdue"
EMPTY = {
    ALL: "No provision is in place for these pupils on this day.",
    OVERDUE: "Nothing is overdue for review.",
}

page = open_page("Provision list", "Who gets what, from whom, and until when?")

show = choose_one("Show", [ALL, OVERDUE], key="show")
placements = page.ask("provision_list")
if show == OVERDUE:
    st.caption(
        "Past its expected end; or with none, and neither begun nor reviewed in the time the school sets."
    )
    placements = placements.filter(pl.col("overdue_for_review"))

show_table(
    page, "provision_list", placements, PROVISION_LIST,
    only=show if show == OVERDUE else "", empty=EMPTY[show],
)  # fmt: skip
