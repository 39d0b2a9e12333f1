"""The state of the school on one screen: each number is the length of the list that it opens."""

import streamlit as st

from provmap import charts
from provmap.ui.figures import show_chart
from provmap.ui.page import open_page, tile
from provmap.words import NOBODY, STATES, count

EACH_NEED = "Each pupil's needs"

page = open_page("Overview", "How well are we doing, and what needs our attention first?")
if not page.summary["pupils"]:
    # Six noughts would look like good news.
    st.info(NOBODY)
now = page.headlines()

states = "; ".join(f"{now[state]:,} {words.replace(',', ' with')}" for state, words in STATES.items())
# One row of six, which wraps by the width that there is: three abreast, or two.
first, second, third, fourth, fifth, sixth = st.columns(6)
with first:
    found = f"Of {count(now['pupils_with_needs'], 'pupil')}: {states}."
    tile("Live needs", now["live_needs"], found, "gaps", "See each pupil's needs", part=EACH_NEED)
with second:
    who = count(now["pupils_with_gaps"], "pupil")
    found = f"Found for {who}: something needed that nothing recorded answers."
    tile("Gaps", now["gaps"], found, "gaps", "See the gaps", part="Gaps")
with third:
    who = count(now["pupils_with_duplications"], "pupil")
    found = f"Found for {who}: doubled, repeated without gain, or for no need we know of."
    tile("Possible overlaps", now["duplications"], found, "duplication", "See the possible overlaps")
with fourth:
    found = f"Arranged now for {count(now['pupils_with_provision'], 'pupil')}; some pupils have several."
    tile("Provision in place", now["in_place"], found, "provision_list", "See who gets what")
with fifth:
    found = (
        f"Of the {now['in_place']:,} in place: past the expected end, or not looked at for a long time. "
        "Provisions as a whole stand under Reviews."
    )
    to_review = {"show": "Review overdue"}
    tile(
        "Reviews overdue", now["overdue_reviews"], found, "provision_list", "See what to review", **to_review
    )
with sixth:
    found = "Pupils' subjects without a result, or without a mark to judge it by: neither good news nor bad."
    tile("No data", now["no_data"], found, "gaps", "See who has no data", part="No data")

st.subheader("Progress by subject", anchor=False)
subjects = page.ask("progress_by_subject")
if subjects.is_empty():
    st.info("No results with a mark of what is expected are recorded for these pupils.")
else:
    show_chart(page, charts.progress_by_subject, subjects, key="subjects")
