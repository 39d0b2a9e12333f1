"""Whom should a progress meeting talk about, and by which rule?"""

import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.meeting_lists import PICKED, overdue_targets, say_counts, show_list
from provmap.ui.page import link, open_page
from provmap.ui.weakness import end_page
from provmap.words import MEETING_LISTS, NOBODY

page = open_page("Lists for the meeting", "Whom should we talk about, and why?")
rows = page.ask("meeting_lists")
missing = page.ask("no_data").height
if not page.summary["pupils"]:
    st.info(NOBODY)
    end_page()
say_counts(rows, overdue_targets(page).height)
st.caption(
    "Each number counts rows of its list: a pupil counts once for each subject. The lists overlap; "
    "in each, who is on most of them comes first."
)
link("meeting", "Prepare a progress meeting: six pupils are proposed, most reasons first")
show_list(page, rows, choose_one("List", MEETING_LISTS, key=PICKED))
if missing:
    link("gaps", f"No data to judge by: {missing:,}", part="No data")
