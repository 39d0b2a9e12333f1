"""One pupil: needs, provision over time with progress beneath it, and attendance."""

import streamlit as st

from provmap import charts
from provmap.ui.figures import show_panels
from provmap.ui.page import open_page
from provmap.ui.pupils import choose_pupil, describe_pupil
from provmap.ui.tables import show_table

# What the files say; never which pupil, as file names are seen by others.
ONE = "one pupil"

page = open_page("Pupil", "What does this pupil need and receive, and is it working?")
pupils = page.ask("pupil_list")
pupil = choose_pupil(page, pupils)
if pupil is None:
    show_table(
        page, "pupil_list", pupils,
        ("surname", "forename", "year_group", "class", "groups", "needs", "provisions", "attendance_share"),
        empty="No pupils are on roll in what you have chosen to count.",
    )  # fmt: skip
    st.stop()

who = {"pupil_id": pupil["pupil_id"], "school_id": pupil["school_id"]}
describe_pupil(page, pupil)

st.subheader("Needs", anchor=False)
show_table(
    page, "pupil_needs", page.ask("pupil_needs", **who),
    ("need", "area", "state", "provisions", "start_date", "end_date", "required_by", "barrier"),
    empty="No needs are recorded.", opens="", only=ONE,
)  # fmt: skip

st.subheader("Provision, progress and attendance over time", anchor=False)
placements = page.ask("pupil_placements", **who)
results = page.ask("pupil_results", **who)
attendance = page.ask("pupil_attendance", **who)
if placements.is_empty() and results.is_empty() and attendance.is_empty():
    st.info("Nothing else is recorded for this pupil.")
    st.stop()
everyone = page.ask_school("pupil_progress")
show_panels(
    page, charts.pupil_panels, placements, results, attendance, everyone, page.filter.as_at,
    key="story", choices=tuple(who.values()),
)  # fmt: skip

st.subheader("Provision", anchor=False)
show_table(
    page, "pupil_placements", placements,
    ("provision", "tier", "start_date", "expected_end_date", "end_date", "weekly_minutes", "staff",
     "entry_value", "exit_value", "outcome", "overdue_for_review"),
    empty="No provision is recorded.", opens="", only=ONE,
)  # fmt: skip
st.subheader("Results", anchor=False)
show_table(
    page, "pupil_results", results,
    ("subject", "scale", "assessed_on", "value", "expected", "meets_expected"),
    empty="No results are recorded.", opens="", only=ONE,
)  # fmt: skip
