"""The sheet for a family on the screen: what stands on it, chosen by staff, and the PDF of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from provmap.documents.sheet import SIZES, Part, Sheet, print_sheet
from provmap.family_facts import ATTENDANCE, FEELINGS, HOPES, facts
from provmap.family_sheet import sheet_of, texts, titles
from provmap.filters import show_date
from provmap.other_names import other_names
from provmap.ui.page import Page, plain
from provmap.ui.pupils import where_of
from provmap.ui.selected import forget
from provmap.ui.tables import show_table
from provmap.words import joined

ALSO = {
    FEELINGS: "Feelings and well-being", ATTENDANCE: "Attendance",
    HOPES: "What we hope for (as staff wrote it)",
}  # fmt: skip


def choose_from_list(page: Page) -> None:
    """Everybody counted here; a selected row opens the sheet of that child on this very page."""
    rows = page.ask("pupil_list")
    if rows.height:
        st.caption("Type a name above, or select a row.")
    chosen = show_table(
        page, "pupil_list", rows, ("surname", "forename", "year_group", "class"), opens="row",
        key="pupils_for_sheet", empty="No pupils are on roll in what you have chosen to count.",
    )  # fmt: skip
    if chosen is not None:
        forget(page.key("grid_pupils_for_sheet"))
        st.session_state["pupil"] = rows.row(chosen, named=True)["school_id"], rows["pupil_id"][chosen]
        st.rerun()


def show_sheet(page: Page, pupil: dict[str, Any]) -> None:
    """What staff choose for the sheet, the button that prints it, and the sheet as it will read."""
    if st.session_state.get("sheet_of") != (pupil["school_id"], pupil["pupil_id"]):
        # What is asked for on one child's sheet is not asked for on the next.
        st.session_state["sheet_of"] = (pupil["school_id"], pupil["pupil_id"])
        st.session_state["sheet_also"], st.session_state["sheet_left_off"] = [], []
    also = st.multiselect(
        "Put on it too", list(ALSO), format_func=ALSO.__getitem__, key="sheet_also",
        placeholder="Nothing more",
        help="Kept off unless you choose it: what has to do with feelings and well-being, attendance, and "
        "the intended outcomes, which were written for staff.",
    )  # fmt: skip
    known = facts(pupil, page.filter.as_at, page.store, also)
    offered = titles(known)
    kept = st.session_state.get("sheet_left_off", [])
    st.session_state["sheet_left_off"] = [one for one in kept if one in offered]
    left_off = st.multiselect("Leave off", offered, key="sheet_left_off", placeholder="Nothing")
    if known.kept_off:
        st.caption(
            f"Kept off: {known.kept_off} to do with feelings, well-being or attendance. "
            "Behaviour, groups and what staff wrote for themselves never stand on it."
        )
    for text, names in other_names(texts(known, left_off), pupil, page.filter.as_at, page.store).items():
        st.warning(
            plain(f"{joined([f'“{one}”' for one in names])} in “{text}”: another pupil on roll has that "
                  "name. Read it again, and leave it off where it means that pupil."), icon="⚠️",
        )  # fmt: skip
    school = page.labels("schools").get(pupil["school_id"], "School")
    day = show_date(page.filter.as_at)
    sheet = sheet_of(
        known, f"{school}. {where_of(page, pupil)}. {day}", f"{school}, {day}. About {known.name} alone.",
        left_off,
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = st.selectbox("Size of print", list(SIZES), key="sheet_size", width=240)
        st.download_button(
            "Print the sheet (PDF)", data=partial(print_sheet, sheet, SIZES[size]), type="primary",
            file_name="sheet-for-the-family.pdf", mime="application/pdf", on_click="ignore", key="sheet_pdf",
        )  # fmt: skip
    with st.container(border=True, key="family_sheet"):
        _draw(sheet)


def _draw(sheet: Sheet) -> None:
    st.header(plain(sheet.title), anchor=False)
    st.caption(plain(sheet.subtitle))
    for part in sheet.parts:
        st.subheader(part.heading, anchor=False)
        st.markdown("\n\n".join(_lines(part)))
        if part.box_mm:
            st.caption("On paper there is room here to draw and write.")


def _lines(part: Part) -> list[str]:
    lines = [plain(one) for one in part.lead]
    lines += [f"{plain(one.title)} **“{plain(' '.join(one.words))}”**" for one in part.quotes]
    lines += ["\n".join(f"- {plain(one)}" for one in part.points)] if part.points else []
    lines += [f"**{plain(one.title)}** {plain(' '.join(one.words))}" for one in part.items]
    return lines + [plain(one) for one in part.last]
