"""How long is each pupil out of class, from which subject, and how is the pupil doing in it?"""

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.grades import say_grades
from provmap.ui.page import open_page
from provmap.ui.settings import threshold, to_thresholds
from provmap.ui.tables import show_table
from provmap.ui.timed_out import judged_of, summed_up

EVERYONE, MUCH = "All", "Above the limit"
BEHIND, FELL = "Missing a subject they are behind in", "Missing a subject they fell in"

page = open_page("Time out of class", "What do pupils miss while they get something else, and at what price?")
rows = page.ask("time_out_of_class")
limit = threshold(page, "time_out_minutes")
if rows.height:
    for words in page.of_rows(("time out", limit), rows, lambda: (summed_up(rows, limit), judged_of(rows))):
        st.markdown(words)
shown = choose_one("Show", [EVERYONE, MUCH, BEHIND, FELL], key="out")
if shown == MUCH:
    rows = rows.filter(pl.col("is_over_threshold"))
elif shown in (BEHIND, FELL):
    rows = rows.filter(~pl.col("meets_expected")) if shown == BEHIND else rows.filter(since_before="fell")
show_table(
    page, "time_out_of_class", rows,
    ("surname", "forename", "subject_missed", "weekly_minutes", "pupil_weekly_minutes", "provisions",
     "value_before", "latest_value", "since_before", "expected", "meets_expected", "year_group", "class",
     "minutes_unknown"),
    only="" if shown == EVERYONE else shown.lower(),
    empty="Nothing in place takes these pupils out of class, as far as is recorded." if shown == EVERYONE
    else "None of these pupils.",
)  # fmt: skip
say_grades(page, rows, ("value_before", "latest_value", "expected"))
st.caption(
    f"One row for each subject that a pupil misses. The limit of {limit} minutes a week for one pupil is the "
    "school's to set. Minutes that nobody wrote down add nothing, so the time "
    "is at least this. Additional provision for which nobody wrote down what is missed stands under *not "
    "recorded*; provision beyond school takes no lesson and is left out. *Before* is the last result of "
    "an earlier term on the same scale, however long ago; where a lower score is better, a lower one rose."
)
to_thresholds("Time out of class", "Change the limit")
