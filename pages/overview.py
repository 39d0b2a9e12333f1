"""The state of the school on one screen: each number is the length of the list that it opens."""

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.figures import show_chart
from provmap.ui.page import open_page, pupils_in, tile
from provmap.words import STATES, count

page = open_page("Overview", "How well are we doing, and what needs our attention first?")

needs, gaps = page.ask("coverage"), page.ask("gaps")
overlaps = page.ask("duplications").filter(pl.col("is_current"))
in_place, no_data = page.ask("provision_list"), page.ask("no_data")
overdue = in_place.filter(pl.col("overdue_for_review"))

first, second, third = st.columns(3)
states = ", ".join(f"{needs.filter(state=code).height:,} {words}" for code, words in STATES.items())
tile(first, "Live needs", needs, f"{states}.", "gaps", "See needs and what is in place")
tile(second, "Gaps", gaps, f"Found for {pupils_in(gaps)}: something needed that nothing recorded answers.",
     "gaps", "See the gaps", part="Gaps")  # fmt: skip
tile(third, "Possible overlaps", overlaps,
     f"Found for {pupils_in(overlaps)}: doubled, repeated without gain, or for no need we know of.",
     "duplication", "See the possible overlaps")  # fmt: skip

first, second, third = st.columns(3)
tile(first, "Provision in place", in_place, f"Arranged now for {pupils_in(in_place)}.",
     "provision_list", "See who gets what")  # fmt: skip
tile(second, "Reviews overdue", overdue, f"Of {count(in_place.height, 'provision')} in place: past the expected end, "
     "or not looked at for a long time.", "provision_list", "See what to review", show="Review overdue")  # fmt: skip
tile(third, "No data", no_data, f"Subjects of {pupils_in(no_data)} without a result to judge by: neither good nor bad.",
     "gaps", "See who has no data", part="No data")  # fmt: skip

st.subheader("Progress by subject", anchor=False)
subjects = page.ask("progress_by_subject")
if subjects.is_empty():
    st.info("No results with a mark of what is expected are recorded for these pupils.")
else:
    show_chart(page, charts.progress_by_subject, subjects, key="subjects")
