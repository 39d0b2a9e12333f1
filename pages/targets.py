"""What is each pupil, class, year and group aiming for, and who is within reach of it?"""

from provmap.ui.choices import choose_one
from provmap.ui.page import open_page
from provmap.ui.setting_targets import set_target
from provmap.ui.targets import show_own, show_rule, show_shared

PARTS = {"Pupils' own": show_own, "Classes, years and groups": show_shared}

page = open_page("Targets", "What is each pupil, class and group aiming for, and who is within reach of it?")
part = choose_one("Part", list(PARTS), key="targets_part")
set_target(page)
PARTS[part](page)
show_rule(page)
