"""One child's sheet for pupil and parents: what we do, why, how it is going, how to help, what you said."""

from provmap.ui.page import open_page
from provmap.ui.pupils import choose_pupil
from provmap.ui.sheet import choose_from_list, show_sheet

page = open_page("Sheet for the family", "What do we do for this child, why, and how is it going?")
pupil = choose_pupil(page)
if pupil is None:
    choose_from_list(page)
else:
    show_sheet(page, pupil)
