"""Is provision followed by a gain, and by more than comes by itself?"""

import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.impact import AFTER, by_provision
from provmap.ui.impact_parts import by_part, whole_class
from provmap.ui.page import open_page

PARTS = {
    "By provision": by_provision,
    "By tier, need, group or year": by_part,
    "Whole-class provision": whole_class,
}

page = open_page("Impact of provision", "Is provision followed by a gain, and by more than comes by itself?")
st.markdown(AFTER)
PARTS[choose_one("Part", list(PARTS), key="impact_part")](page)
