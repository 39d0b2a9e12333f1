"""What a meeting sees of a pupil: at a glance beside the form, and more of it below."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import Filter, show_date
from provmap.questions import ask
from provmap.store import rows_to_edit
from provmap.ui.deciding import show_options
from provmap.ui.grades import grades_in
from provmap.ui.meeting import Meeting, whom_it_counts
from provmap.ui.meeting_day import agreed_by
from provmap.ui.meeting_decisions import ENDED
from provmap.ui.meeting_goal import goals_of, show_goals
from provmap.ui.meeting_known import RESULTS, TARGETS, TO_COME, known_of
from provmap.ui.meeting_sheets import days_of, it_ends
from provmap.ui.meeting_since import (
    LAST_TIME,
    NOT_TALKED_ABOUT,
    earlier,
    last_time,
    not_shown,
    of_class,
    shown_again,
    since_of,
    this_year,
)
from provmap.ui.page import Page, open_pupil, plain
from provmap.ui.pupil_story import show_over_time, show_records

Pupil = dict[str, Any]
Who = dict[str, str]
NO_DAYS = {"start_date": None, "end_date": None}
MORE = ("Over time", "What could be tried", "Needs, provision and results")


def show_card(page: Page, meeting: Meeting, pupil: Pupil) -> None:
    """What was said and agreed before, needs, what runs now, results, voices: each in a line or two."""
    who = _who(pupil)
    before = [plain(line) for line in last_time(page, meeting, who)]
    _lines(LAST_TIME, before, NOT_TALKED_ABOUT)
    _lines("Agreed before", _agreed(page, meeting, who), "No action was agreed for this pupil yet.")
    known = known_of(page, who)
    for title, said in known.items():
        if title == TO_COME and not said.lines:
            continue
        _lines(title, [plain(words) for words in said.lines], said.empty)
        if title == TARGETS and (grades := grades_in(page, *known[RESULTS].lines, *said.lines)):
            st.caption(plain(grades))


def show_decided(page: Page, meeting: Meeting, about: dict[str, Any]) -> None:
    """What this meeting has decided and agreed by now about one pupil, or its class (no pupil_id)."""
    of = {"school_id": about["school_id"], "meeting_id": meeting["meeting_id"]}
    of_pupil = pl.col("pupil_id").eq_missing(pl.lit(about["pupil_id"], pl.String))
    decided = rows_to_edit(page.store, "decisions", **of).filter(of_pupil).to_dicts()
    agreed = rows_to_edit(page.store, "actions", **of).filter(of_pupil).to_dicts()
    if not (decided or agreed):
        return
    placed = rows_to_edit(page.store, "placements", **about).sort("start_date").to_dicts()
    names = _names(page, of["school_id"])
    lines = [
        plain(_decision(row, names.get(row["provision_id"]), _placement(row, placed))) for row in decided
    ]
    lines += [
        plain(f"{row['what']} ({row['owner']}, by {show_date(row['due_on'])}){_hoped(row)}") for row in agreed
    ]
    _lines("Saved in this meeting", lines, "")


def ends_decided(page: Page, meeting: Meeting, pupil: Pupil) -> list[str]:
    """What this meeting has given a last day, which the reason of the list cannot know yet."""
    who = _who(pupil)
    ended = rows_to_edit(page.store, "decisions", meeting_id=meeting["meeting_id"], kind=ENDED, **who)
    placed = rows_to_edit(page.store, "placements", **who).sort("start_date").to_dicts()
    names = _names(page, who["school_id"])
    found = [(names.get(row["provision_id"]), _placement(row, placed)) for row in ended.to_dicts()]
    return [
        f"{name} {it_ends(row['end_date'], page.filter.as_at)}, decided in this meeting."
        for name, row in found
        if name and row and row["end_date"]
    ]


def _names(page: Page, school_id: str) -> dict[str, str]:
    offered = rows_to_edit(page.store, "provisions", school_id=school_id)
    return dict(offered.select("provision_id", "name").iter_rows())


def _placement(decision: dict[str, Any], placed: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What a decision began, ended or changed in the map: by its number, else by its first day."""
    by = ("placement_id",) if decision["placement_id"] else ("provision_id", "start_date")
    of = decision | {"start_date": decision["placement_start"]}
    found = [row for row in placed if all(of[name] and row[name] == of[name] for name in by)]
    return found[-1] if found else None


def _decision(row: dict[str, Any], provision: str | None, placed: dict[str, Any] | None) -> str:
    """ "Provision ended: Talk, last day 3 Mar 2026. Stop Talk"; the days are those in the map."""
    days = days_of((placed or NO_DAYS) | {"decision_kind": row["kind"]})
    named = ", ".join(part for part in (provision, days) if part)
    return f"{row['kind'].capitalize()}{f': {named}' if named else ''}. {row['words']}{_hoped(row)}"


def _hoped(row: dict[str, Any]) -> str:
    return f" (should bring about: {row['expected']})" if row["expected"] else ""


@st.fragment
def show_more(page: Page, pupil: Pupil) -> None:
    """One part at a time, so that the meeting does not wait for what it does not look at."""
    who = _who(pupil)
    part = st.segmented_control(
        "More about this pupil", MORE, default=MORE[0], key="meeting_more", required=True
    )
    if part == MORE[0]:
        show_over_time(page, who)
    elif part == MORE[1]:
        _options(page, who, pupil["why"][0])
    else:
        show_records(page, who)
    if st.button("Open the pupil's page", key="meeting_open_pupil", type="tertiary"):
        open_pupil(pupil["school_id"], pupil["pupil_id"])


def _who(pupil: Pupil) -> Who:
    return {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}


def _lines(title: str, lines: list[str], empty: str) -> None:
    words = "\n".join(f"- {line}" for line in lines) if lines else plain(empty)
    st.markdown(f"**{title}**\n\n{words}")


def _agreed(page: Page, meeting: Meeting, who: Who) -> list[str]:
    """Of this pupil, whatever class that was in and is in now."""
    of_school = Filter(as_at=page.filter.as_at, schools=(who["school_id"],))
    rows = agreed_by(page, meeting, of_school).filter(earlier(meeting, "set_on"), **who)
    since = since_of(page, meeting, whom_it_counts(page, meeting))
    lines = [_action(row) for row in rows.filter(shown_again(since)).to_dicts()]
    return [plain(line) for line in (*lines, not_shown(rows, since)) if line]


def _action(row: dict[str, Any]) -> str:
    since = (
        f"; {row['subject']} was {row['value_then']}, is now {row['value_now']}" if row["value_now"] else ""
    )
    came = f"; {row['outcome']}" if row["outcome"] else ""
    return f"{row['action']} ({row['owner']}, by {show_date(row['due_on'])}): {row['state']}{since}{came}."


def _options(page: Page, who: Who, reason: str) -> None:
    """What was tried and could be tried for a live need, or for a subject in which the pupil has results.

    That for which the pupil is on the list stands there at first.
    """
    needs = page.ask("pupil_needs", **who).filter(pl.col("state").is_not_null())
    asked = dict(needs.select("need_code", "need").iter_rows())
    asked |= {one: one.capitalize() for one in page.ask("pupil_results", **who)["subject"].unique().sort()}
    if not asked:
        st.info("No need and no result is recorded: what could be tried depends on them.")
        return
    about = st.selectbox(
        "For which need or subject", list(asked), index=listed_for(list(asked.values()), reason),
        format_func=lambda one: asked[one], key=f"meeting_option_{who['school_id']}_{who['pupil_id']}",
    )  # fmt: skip
    show_options(page, who | {"need_code": about})


def listed_for(words: list[str], reason: str) -> int:
    """Which of these the reason names first, as the weightiest stands first; else the first of them."""
    found = [
        (at.start(), place) for place, one in enumerate(words)
        if (at := re.search(rf"\b{re.escape(one)}\b", reason, re.IGNORECASE))
    ]  # fmt: skip
    return min(found)[1] if found else 0


def show_class(page: Page, meeting: Meeting) -> None:
    """What the class as a whole is aimed at, and what was agreed for it before."""
    counted = whom_it_counts(page, meeting)
    since = since_of(page, meeting, counted)
    for_class = pl.col("pupil_id").is_null()
    rows = agreed_by(page, meeting, counted).filter(for_class, earlier(meeting, "set_on"))
    agreed = [f"{row['for_whom']}: {_action(row)}" for row in rows.filter(shown_again(since)).to_dicts()]
    agreed = [plain(line) for line in (*agreed, not_shown(rows, since)) if line]
    _lines("Agreed before for the class", agreed, "Nothing yet.")
    decided = ask("decisions_made", counted, page.store).filter(
        for_class, earlier(meeting, "decided_on"), this_year(since)
    )
    said = [
        plain(
            f"{row['for_whom']}: {row['decision']} ({row['decision_kind']}, {show_date(row['decided_on'])})"
        )
        for row in decided.to_dicts()
    ]
    said += [plain(words) for words in of_class(since)]
    _lines("Decided before for the class", said, "Nothing yet.")
    st.markdown("**The goal for the class**")
    show_goals(page, goals_of(page, counted), "run_goal")
