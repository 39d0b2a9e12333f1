"""What a progress meeting opens with: the pupils, what was decided and what came of it, the goal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import Filter, show_date
from provmap.questions import ask
from provmap.ui.meeting import AT_FIRST, Meeting, listed, whom_it_counts
from provmap.ui.meeting_all import finish
from provmap.ui.meeting_day import agreed_by, counted_of, points, reasons_by_pupil, reasons_once, why
from provmap.ui.meeting_decisions import ENDED
from provmap.ui.meeting_goal import BY_SUBJECT, Goals, goals_of, show_goals, subjects_in
from provmap.ui.meeting_pupils import show_list
from provmap.ui.meeting_since import (
    ENDED_COLUMNS,
    NOTHING_ENDED,
    Since,
    earlier,
    ended_rule,
    ended_since,
    left_out,
    of_class,
    shown_again,
    since_of,
    still_or_since,
    this_year,
)
from provmap.ui.page import Page, plain
from provmap.ui.pupils import label_of
from provmap.ui.tables import show_table
from provmap.words import number

AGREED = ("state", "action", "owner", "due_on", "for_whom", "hoped_for", "subject", "value_then",
          "value_now", "better_by", "outcome", "why_dropped")  # fmt: skip
BEGUN = ("surname", "forename", "provision", "decision_kind", "start_date", "hoped_for", "subject",
         "value_then", "value_now", "better_by", "scale")  # fmt: skip
NO_NEWS = "No clear step up is recorded. That may be for want of results."
NOT_AGREED = "No action of an earlier meeting is open, or was done or dropped since."
NOT_BEGUN = "No decision of an earlier meeting has begun provision for these pupils."


# Beside the button, which takes no second click while it works: the words go some seconds after it is done.
BEING_MADE = """<style>
.st-key-pack_pdf::after { content: "Done: the pack is among your downloads."; opacity: 0; font-size: .875rem;
    transition: opacity .4s 10s; }
.st-key-pack_pdf:has([data-testid="stSpinnerIcon"])::after { opacity: 1; transition: none;
    content: "The pack is being made: that takes some seconds."; }
.st-key-pack_pdf:has([data-testid="stDownloadButtonError"])::after { content: ""; }
</style>"""


@dataclass(frozen=True)
class Pack:
    """The lists of a meeting. `actions` and `begun` are of earlier ones; `pupils` are all who are counted.

    `older` says what is left out of these, by which rule. `ended` is provision that ended since.
    """

    counted: Filter
    since: Since
    older: str
    actions: pl.DataFrame
    begun: pl.DataFrame
    ended: pl.DataFrame
    for_class: pl.DataFrame
    goals: Goals
    pupils: pl.DataFrame
    on_list: list[dict[str, Any]]

    @property
    def good(self) -> list[dict[str, Any]]:
        return self.pupils.filter(pl.col("good_news").is_not_null()).head(AT_FIRST).to_dicts()


def pack_of(page: Page, meeting: Meeting) -> Pack:
    """The lists of a meeting, on the day of the page."""
    counted = whom_it_counts(page, meeting)
    since = since_of(page, meeting, counted)
    actions = agreed_by(page, meeting, counted).filter(earlier(meeting, "set_on"))
    decided = ask("decisions_made", counted, page.store).filter(earlier(meeting, "decided_on"))
    begun = decided.filter(pl.col("start_date").is_not_null() & (pl.col("decision_kind") != ENDED))
    for_class = decided.filter(pl.col("pupil_id").is_null())
    kept = [actions.filter(shown_again(since)), begun.filter(still_or_since(since)),
            for_class.filter(this_year(since))]  # fmt: skip
    older = [
        all_of.height - some.height for all_of, some in zip((actions, begun, for_class), kept, strict=True)
    ]
    rows = counted_of(page, meeting)
    return Pack(
        counted, since, left_out(since, *older), kept[0], kept[1], ended_since(page, counted, since), kept[2],
        goals_of(page, counted), rows, with_why(meeting, listed(page, meeting), reasons_by_pupil(rows)),
    )  # fmt: skip


def with_why(
    meeting: Meeting, on_list: list[dict[str, Any]], now: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """The pupils on the list, each with `why` (paragraphs) and its `points`; `now`: what speaks for each."""
    return [
        row | {"why": why(meeting, row, reasons), "points": points(meeting, row, reasons)}
        for row in on_list
        for reasons in [now.get(row["pupil_id"], [])]
    ]


def show_pack(page: Page, meeting: Meeting, pdf: Any) -> None:
    """The pack on the page; `pdf` makes of it what is printed."""
    pack = pack_of(page, meeting)
    reasons_once(page, meeting, pack.pupils)
    st.html(BEING_MADE)
    st.download_button(
        "Print the pack", data=lambda: pdf(page, meeting, pack), key="pack_pdf",
        mime="application/pdf",
        file_name=f"progress-meeting-{meeting['held_on'].isoformat()}.pdf", on_click="ignore",
        help="On A4: all of this, a page for each pupil with charts, and the provision list of these pupils",
    )  # fmt: skip
    _before(page, pack)
    st.subheader("The goal for the class", anchor=False)
    _words(meeting)
    show_goals(page, pack.goals, "meeting_goal")
    with st.expander("The class in each subject"):
        st.caption(f"{BY_SUBJECT}; the pupils stand on the page Progress.")
        lines = subjects_in(page, pack.counted)
        st.markdown("\n".join(f"- {plain(line)}" for line in lines) or "No results with a mark are recorded.")
    show_list(page, meeting, pack.pupils, pack.on_list)
    st.subheader("Good news to pass on", anchor=False)
    for row in pack.good:
        st.markdown(f"- **{plain(label_of(page, row))}**: {plain(' '.join(row['good_news']))}")
    if not pack.good:
        st.caption(NO_NEWS)


def _before(page: Page, pack: Pack) -> None:
    """What earlier meetings agreed and began, with what was measured since, and what has ended."""
    st.subheader("What was agreed before, and what came of it", anchor=False)
    st.caption(plain(pack.older))
    show_table(page, "actions", pack.actions, AGREED, empty=NOT_AGREED, opens="",
               only="what was agreed before", key="meeting_actions")  # fmt: skip
    finish(page, pack.actions)
    if pack.begun.height:
        st.subheader("Provision that earlier meetings began", anchor=False)
        show_table(page, "decisions_made", pack.begun, BEGUN, empty=NOT_BEGUN, opens="",
                   only="provision that was begun", key="meeting_begun")  # fmt: skip
    if pack.actions.height or pack.begun.height:
        st.caption(since_rule())
    st.subheader("Provision that has ended since", anchor=False)
    st.caption(plain(f"{ended_rule(pack.since)} A dash is not recorded."))
    show_table(page, "provision_ended", pack.ended, ENDED_COLUMNS, empty=NOTHING_ENDED, opens="",
               only="since the last meeting", key="meeting_ended")  # fmt: skip
    if points := class_points(pack):
        st.subheader("What was decided for the class", anchor=False)
        st.markdown("\n".join(f"- {plain(words)}" for words in points))


def _words(meeting: Meeting) -> None:
    for words in (meeting["goal"], meeting["note"]):
        if words:
            st.markdown(plain(words))


def since_rule() -> str:
    """What is measured, in a sentence."""
    return (
        "Result then is the latest when it was agreed (for provision: when it began), on a scale with a "
        "result since if there is one; result now the latest since, on that scale; empty is no result since. "
        "What came after did not come of it for certain."
    )


def class_points(pack: Pack) -> list[str]:
    """What was decided for the class as a whole, with its day, the class, and its year where that is over."""
    return of_class(pack.since) + [
        f"{row['for_whom']} ({show_date(row['decided_on'])}): {row['decision']}"
        for row in pack.for_class.to_dicts()
    ]


def since_in_words(row: dict[str, Any]) -> str:
    """What has been measured since: "reading 90 (10 Jan 2026), now 95 (2 Mar 2026): better by 5"."""
    if not row["subject"]:
        return "–"
    if row["value_then"] is None:
        return f"{row['subject']}: no result"
    then = f"{row['subject']} {row['value_then']} ({show_date(row['day_then'])}, {row['scale']})"
    if row["value_now"] is None:
        return f"{then}: no result since"
    by = row["better_by"]
    moved = (
        ""
        if by is None
        else "no change"
        if by == 0
        else f"{'better' if by > 0 else 'worse'} by {_amount(by, row)}"
    )
    return f"{then}, now {row['value_now']} ({show_date(row['day_now'])})" + (f": {moved}" if moved else "")


def _amount(by: float, row: dict[str, Any]) -> str:
    """ "1 step", "3 months", "5 points": what a change on the scale is counted in."""
    many = number(abs(by), 0 if float(by).is_integer() else 1)
    is_grade = not re.fullmatch(r"[\d.]+", row["value_now"])
    unit = "step" if is_grade else "month" if row["scale"].split()[-1] == "age" else "point"
    return f"{many} {unit}{'' if many == '1' else 's'}"
