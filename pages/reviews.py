"""Which provision is due for review, did changes help, and what was given enough and did not help?"""

from provmap.ui.choices import choose_one
from provmap.ui.page import open_page
from provmap.ui.reviews import show_changes, show_due, show_held
from provmap.ui.stopping import show_stopping

PARTS = {
    "Due and overdue": show_due,
    "Changes to check": show_changes,
    "Offered for stopping": show_stopping,
    "Reviews held": show_held,
}

page = open_page("Reviews of provision", "What is due for review, did changes help, and what should stop?")
PARTS[choose_one("Part", list(PARTS), key="reviews_part")](page)
