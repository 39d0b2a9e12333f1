"""How many reach what is expected, which groups lag behind the rest, who moved, and who are they?"""

import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.grades import say_scale
from provmap.ui.page import open_page
from provmap.ui.tracking import PARTS, choose_measure
from provmap.ui.tracking_groups import show_groups
from provmap.ui.tracking_moves import show_moved, show_spread
from provmap.ui.tracking_pupils import show_pupils
from provmap.ui.tracking_years import show_classes, show_two, show_years
from provmap.ui.weakness import end_page
from provmap.words import NOBODY

SHOW = {
    "groups": show_groups,
    "spread": show_spread,
    "moved": show_moved,
    "pupils": show_pupils,
    "classes": show_classes,
    "years": show_years,
    "two": show_two,
}

page = open_page(
    "Progress", "How many reach what is expected, who moved, and which groups are behind the rest?"
)
part = choose_one("Show", PARTS, key="progress_part")
tracked = choose_measure(page)
if tracked is None:
    st.info("No assessments are recorded for these pupils." if page.summary["pupils"] else NOBODY)
    end_page()
else:
    SHOW[part](tracked)
    say_scale(page, tracked.terms["scale"][0])
