"""How do our figures stand beside those of the country, similar schools and our own past?"""

import streamlit as st

from provmap.ui.comparing import choose_measure, choose_year, enter_comparator, show_figures, show_list
from provmap.ui.page import open_page
from provmap.ui.weakness import end_page
from provmap.words import MEASURES

page = open_page(
    "Comparisons", "How do our figures stand beside the country's, similar schools' and our own past?"
)
rows = page.ask("comparisons")
if rows.is_empty():
    st.info("There is no figure to compare with for these pupils. Enter one here, or import a file of them.")
    enter_comparator(page)
    end_page()
kept, measure, scale = choose_measure(page, rows)
kept = choose_year(page, kept)
show_figures(page, kept, measure, scale)
show_list(page, kept, ", ".join(part for part in (MEASURES.get(measure, measure), scale) if part))
enter_comparator(page)
