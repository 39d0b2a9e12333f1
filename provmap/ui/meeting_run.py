"""A progress meeting while it runs: the class as a whole, then one pupil a screen, each with its form."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.questions import ask
from provmap.ui.begun import say_begun
from provmap.ui.meeting import Meeting, about_in_words, listed, named, whom_it_counts
from provmap.ui.meeting_again import open_again
from provmap.ui.meeting_card import ends_decided, show_card, show_class, show_decided, show_more
from provmap.ui.meeting_day import day_in_words, reasons_once
from provmap.ui.meeting_form import AT, Told, begun, show_form
from provmap.ui.meeting_pack import with_why
from provmap.ui.meeting_place import keep_in_address, screen_asked_for
from provmap.ui.meeting_since import noted_by
from provmap.ui.page import Page, count_instead, plain
from provmap.ui.pupils import names_of
from provmap.words import count

WHICH = "meeting_at_of"
Pupil = dict[str, Any]
# On a narrow screen the form stands above what is known, both in the whole width.
STACKED = """<style>
@media (max-width: 1100px) {
    [data-testid="stColumn"]:has(.st-key-meeting_form), [data-testid="stColumn"]:has(.st-key-meeting_card) {
        flex: 1 1 100%; min-width: 100%; }
}
/* The page itself takes the arrow keys once it was clicked; a frame round all of it marks nothing. */
[data-testid="stMain"]:focus-visible::before, [data-testid="stMain"]:focus-visible::after { display: none; }
</style>"""


def show_run(page: Page, meeting: Meeting) -> None:
    """The screen whose turn it is, with next and back (also by the arrow keys). The first is the class."""
    screens: list[Pupil | None] = [
        None,
        *with_why(meeting, listed(page, meeting), reasons_once(page, meeting)),
    ]
    if st.session_state.get(WHICH) != meeting["meeting_id"]:
        st.session_state[WHICH], st.session_state[AT] = meeting["meeting_id"], screen_asked_for(meeting)
    at = min(st.session_state[AT], len(screens) - 1)
    keep_in_address(meeting, at)
    _lead(at, len(screens))
    told = _told(meeting, screens[at])
    _not_saved(page, meeting, screens, told)
    called = names_of(page, {one["pupil_id"]: one for one in screens if one})
    _screen(page, meeting, screens[at], told, called.get(told.pupil_id or "", ""))
    if len(screens) == 1:
        st.info("No pupil is on the list yet. Put pupils on it under Prepare.")


def say_whom(page: Page, meeting: Meeting) -> None:
    """Whom the meeting counts, where a page says whom it counts: the filter at the side is not asked."""
    pupils = ask("scope_summary", whom_it_counts(page, meeting), page.store)["pupils"][0]
    on = "" if meeting["held_on"] == page.filter.as_at else f", {day_in_words(page, meeting)}"
    words = f"{named(page, meeting)}: {count(pupils, 'pupil')}{on}"
    count_instead(f"**{plain(words)}**, whoever else the filter at the side chooses.")


def _lead(at: int, many: int) -> None:
    back, where, onward = st.columns([1, 3, 1], vertical_alignment="center")
    back.button("Back", key="meeting_back", disabled=at == 0, on_click=_go, args=(at - 1,), shortcut="Left",
                width="stretch")  # fmt: skip
    where.markdown(f"**{at} of {many - 1} pupils**" if at else f"**First the class, then {many - 1} pupils**")
    onward.button("Next", key="meeting_onward", disabled=at == many - 1, on_click=_go, args=(at + 1,),
                  shortcut="Right", width="stretch")  # fmt: skip


def _go(to: int) -> None:
    st.session_state[AT] = to


def _told(meeting: Meeting, pupil: Pupil | None) -> Told:
    if pupil is None:
        return Told(meeting["school_id"], None, "the class as a whole", meeting["row_key"])
    name = f"{pupil['forename']} {pupil['surname']}"
    return Told(pupil["school_id"], pupil["pupil_id"], name, pupil["row_key"], " ".join(pupil["why"]))


def _not_saved(page: Page, meeting: Meeting, screens: list[Pupil | None], here: Told) -> None:
    """What was begun on other screens of the meeting: going on loses nothing, and that is said."""
    waiting = begun(page, meeting) - {here.pupil_id or ""}
    tolds = [_told(meeting, screen) for screen in screens]
    at = {place: told for place, told in enumerate(tolds) if (told.pupil_id or "") in waiting}
    if not at:
        return
    say_begun([told.name for told in at.values()])
    with st.container(horizontal=True, key="meeting_go_back"):
        for place, told in at.items():
            st.button(f"Go on about {plain(told.name)}", key=f"go_on_{place}", on_click=_go, args=(place,))


def _screen(page: Page, meeting: Meeting, pupil: Pupil | None, told: Told, called: str) -> None:
    if pupil:
        st.header(plain(called), anchor=False)
        points = [plain(words) for words in pupil["points"]]
        st.markdown("\n".join(f"- {words}" for words in points) if len(points) > 1 else points[0])
        for words in ends_decided(page, meeting, pupil):
            st.markdown(f"**{plain(words)}**")
        if pupil["teacher_note"]:
            by = plain(noted_by(page, pupil))
            st.markdown(f"**Noted beforehand by {by}:** {plain(pupil['teacher_note'])}")
    else:
        st.header(plain(about_in_words(page, meeting["about"], meeting["about_code"])), anchor=False)
        st.markdown("The class as a whole: what concerns everybody, before the pupils one by one.")
    st.html(STACKED)
    form, card = st.columns([6, 5], gap="medium")
    with form, st.container(key="meeting_form"):
        st.subheader("What we say and decide", anchor=False)
        if meeting["closed_on"]:
            open_again(page, meeting, "run")
            _as_written(meeting, pupil, told)
        else:
            show_form(page, meeting, told)
    with card, st.container(key="meeting_card"):
        st.subheader("What we know", anchor=False)
        show_decided(page, meeting, told.about)
        if pupil:
            show_card(page, meeting, pupil)
        else:
            show_class(page, meeting)
    if pupil:
        show_more(page, pupil)


def _as_written(meeting: Meeting, pupil: Pupil | None, told: Told) -> None:
    """What was said, once the meeting is closed."""
    row = pupil or meeting
    for name, label in told.notes.items():
        st.markdown(f"**{label}:** {plain(row[name] or '–')}")
