"""Did pupils reach more, or less, than others in the country who had started where they did?"""

import polars as pl
import streamlit as st

from provmap.ui.page import link, open_page
from provmap.ui.tables import show_table
from provmap.ui.weakness import end_page
from provmap.words import NOBODY

# What is asked for comes first, where a narrow screen shows it.
GROUP = ("group", "progress_8", "progress_low", "progress_high", "differs", "with_attainment_8", "with_both",
         "caution")  # fmt: skip
PUPIL = ("surname", "forename", "progress_8", "attainment_8", "expected_attainment_8", "ks2_mean",
         "ks2_reading", "ks2_mathematics", "class", "not_scored_because")  # fmt: skip
SECONDARY = [str(year) for year in range(7, 15)]

page = open_page("Value added", "Did pupils reach more, or less, than others who had started where they did?")
rows = page.ask("progress_8")
if not page.summary["pupils"]:
    st.info(NOBODY)
    end_page()
if rows.is_empty() and not page.ask("pupil_list")["year_group"].is_in(SECONDARY).any():
    st.info("Nothing to see for a primary school: Progress 8 is for pupils in Year 11.")
    end_page()
if rows.is_empty():
    st.info(
        "Progress 8 is for secondary schools, and no pupil counted here has an Attainment 8 score: import "
        "the results of Key Stage 4 with a column “Attainment 8”, and the Key Stage 2 scaled scores in "
        "reading and mathematics (“KS2 reading”, “KS2 maths”)."
    )
    link("import_and_data", "Import results")
    end_page()
groups = page.ask("progress_8_by_group")
st.markdown(
    "**Progress 8:** a pupil's Attainment 8, less what pupils in England with the same Key Stage 2 mean "
    "reached on average, divided by 10. What they reached is DfE's table for **the cohort of "
    f"{groups['cohort'][0]}**; pupils of other years are set beside that cohort too."
)
st.caption(
    "A mean is called above or below 0 only where its whole 95% interval is. It says how these pupils did, "
    "and not why. Select a group to see its pupils."
)
chosen = show_table(page, "progress_8_by_group", groups, GROUP, opens="row", empty="")
group = groups.row(chosen or 0, named=True)
name = "" if group["group_code"] == "all" else group["group"]
if name:
    rows = rows.filter(pl.col("groups").list.contains(group["group_code"]))
st.subheader("Pupils" + (f": {name}" if name else ""), anchor=False)
show_table(page, "progress_8", rows, PUPIL, only=name, empty="")
st.caption(
    "A Key Stage 2 test below the scale (N) is taken as 79, as in DfE's ready reckoner. No tests were held "
    "in 2020 and 2021: most of those in Year 11 in 2025 and 2026 have none, and are listed and not scored. "
    "Who has left is not counted: for a Year 11 that has gone, choose its last day."
)
