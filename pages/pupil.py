"""One pupil: needs, provision over time with progress beneath it, attendance, and this pupil in the map."""

import streamlit as st

from provmap.ui.adjusting import record_adjustment
from provmap.ui.page import link, open_page
from provmap.ui.pupil_print import offer_review_print
from provmap.ui.pupil_story import show_in_the_map, show_over_time, show_records
from provmap.ui.pupils import choose_pupil, describe_pupil
from provmap.ui.tables import show_table
from provmap.ui.weakness import say_what_is_weak_of

page = open_page("Pupil", "What does this pupil need and receive, and is it working?")
pupil = choose_pupil(page)
if pupil is None:
    show_table(
        page, "pupil_list", page.ask("pupil_list"),
        ("surname", "forename", "year_group", "class", "groups", "needs", "provisions", "attendance_share"),
        empty="No pupils are on roll in what you have chosen to count.",
    )  # fmt: skip
    st.stop()

who = {"pupil_id": pupil["pupil_id"], "school_id": pupil["school_id"]}
describe_pupil(page, pupil)
with st.container(horizontal=True, vertical_alignment="center"):
    offer_review_print(page, pupil)
    link("sheet", "Sheet for the family")
say_what_is_weak_of(page, who)
record_adjustment(page, who)
show_over_time(page, who)
show_records(page, who)
show_in_the_map(page, who)
