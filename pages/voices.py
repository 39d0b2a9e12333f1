"""Who has been heard, whose view is missing, and where does each pupil with SEN stand?"""

import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.hearing import record_voices
from provmap.ui.page import open_page
from provmap.ui.voices import show_cycle, show_heard, show_provisions, show_to_hear

PARTS = {
    "Whom to hear": show_to_hear,
    "What was heard": show_heard,
    "Each provision": show_provisions,
    "Assess, plan, do, review": show_cycle,
}

page = open_page(
    "Voices of pupils and parents", "Who has been heard, whose view is missing, and what comes next?"
)
part = choose_one("Part", list(PARTS), key="voices_part")
# The form stands above the list that fills it.
form = st.container()
row = PARTS[part](page)
with form:
    record_voices(page, row)
