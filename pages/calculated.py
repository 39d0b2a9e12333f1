"""What does each number mean, by which rule, and from which source?"""

from provmap.ui.calculated import show_answers, show_statistics, show_thresholds, show_words
from provmap.ui.choices import choose_one
from provmap.ui.page import open_page

PARTS = {
    "What the words mean": show_words,
    "Each list and table": show_answers,
    "Thresholds": show_thresholds,
    "Statistics and sources": show_statistics,
}

page = open_page("How it is calculated", "What does each number mean, by which rule, and from which source?")
PARTS[choose_one("Part", list(PARTS), key="calculated_part")](page)
