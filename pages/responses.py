"""How are needs met besides what is put in place for one pupil, and whom does the offer to everybody miss?"""

from provmap.ui.choices import choose_one
from provmap.ui.page import open_page
from provmap.ui.responses import aimed_at, matrix, not_reached, plan_hours, whole_class_only

PARTS = {
    "matrix": "Needs and responses", "beyond": "Nothing beyond whole class", "hours": "Hours of plans",
    "missed": "Who misses the offer", "aimed": "Whom provision is aimed at",
}  # fmt: skip
SHOW = {
    "matrix": matrix,
    "beyond": whole_class_only,
    "hours": plan_hours,
    "missed": not_reached,
    "aimed": aimed_at,
}

page = open_page(
    "How needs are met", "In what ways is each need met, are plans kept, and who misses what all get?"
)
SHOW[choose_one("Part", PARTS, key="responses_part")](page)
