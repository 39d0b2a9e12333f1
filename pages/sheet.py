"""One child's sheet for pupil and parents: what we do, why, how it is going, how to help, what you said."""

from provmap.ui.page import open_page
from provmap.ui.pupils import choose_pupil
from provmap.ui.sheet import show_sheet
from provmap.ui.tables import show_table

page = open_page("Sheet for the family", "What do we do for this child, why, and how is it going?")
pupil = choose_pupil(page)
if pupil is None:
    show_table(
        page, "pupil_list", page.ask("pupil_list"), ("surname", "forename", "year_group", "class"), opens="",
        empty="No pupils are on roll in what you have chosen to count.",
    )  # fmt: skip
else:
    show_sheet(page, pupil)
