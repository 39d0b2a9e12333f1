"""What people write: provision, criteria, needs and groups, entered and corrected; and who wrote what."""

from provmap.ui.choices import choose_one
from provmap.ui.entering import show_past_end, show_placements
from provmap.ui.entering_lists import show_groups, show_needs, show_provisions
from provmap.ui.page import open_page
from provmap.ui.thresholds import show_thresholds
from provmap.ui.written import show_written

PARTS = {
    "Provision for pupils": show_placements,
    "Past the expected end": show_past_end,
    "Provisions": show_provisions,
    "Needs": show_needs,
    "Groups": show_groups,
    "Thresholds": show_thresholds,
    "What was written": show_written,
}

page = open_page("Enter and correct", "What has changed since the last import, and who says so?")
PARTS[choose_one("Part", list(PARTS), key="part")](page)
