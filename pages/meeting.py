"""Whom do we talk about, what do we decide, and who does what by when?"""

from functools import partial

from provmap.ui.choices import choose_one
from provmap.ui.meeting import choose_meeting, prepare_new
from provmap.ui.meeting_again import say_last_closed
from provmap.ui.meeting_all import show_all
from provmap.ui.meeting_close import show_close
from provmap.ui.meeting_day import on_its_day
from provmap.ui.meeting_pack import show_pack
from provmap.ui.meeting_pdf import pack_pdf
from provmap.ui.meeting_place import choose_as_before, go_where_sent, keep_meeting
from provmap.ui.meeting_run import say_whom, show_run
from provmap.ui.page import open_page

PARTS = {"Prepare": partial(show_pack, pdf=pack_pdf), "Run": show_run, "Close": show_close}
ALL = "All meetings"

page = open_page("Progress meeting", "Whom do we talk about, what do we decide, and who does what by when?")
go_where_sent()
part = choose_one("Part", [*PARTS, ALL], key="meeting_part")
if part == ALL:
    show_all(page)
else:
    choose_as_before(page)
    meeting = choose_meeting(page)
    keep_meeting(meeting)
    if meeting is None:
        if part != "Prepare":
            say_last_closed(page)
        prepare_new(page)
    else:
        judged = on_its_day(page, meeting)
        say_whom(judged, meeting)
        PARTS[part](judged, meeting)
