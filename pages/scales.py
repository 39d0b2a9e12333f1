"""Which scales are there, which way is better, and what is expected on them?"""

from provmap.ui.page import open_page
from provmap.ui.scales import show_part

page = open_page(
    "Scales and marks", "Which scales do we use, what does each value mean, and what is expected?"
)
show_part(page)
