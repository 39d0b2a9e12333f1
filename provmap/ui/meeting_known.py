"""What is known of a pupil in a few words: on the screen of a meeting, and on the pupil's sheet in print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from provmap.filters import show_date
from provmap.store import rows_to_edit
from provmap.ui.page import Page
from provmap.words import TARGETS as STATES
from provmap.words import VALUES, count, joined, percent

Who = dict[str, str]
# How many of each are shown at a glance; the rest stands on the pupil's page.
AT_A_GLANCE = 5
NOTHING_TO_COME = "Nothing is to begin later."
VOICES = {"pupil": "The pupil", "parent": "Parent or carer", "teacher": "Teacher",
          "other adult": "Another adult", "work scrutiny": "Work looked at",
          "observation": "Observed"}  # fmt: skip
NEEDS, IN_PLACE, TO_COME, RESULTS, TARGETS, ATTENDANCE, VOICES_OF = (
    "Needs", "In place now", "To come", "Latest results", "Targets", "Attendance", "Voices"
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Lines of words, and what is said where there are none."""

    lines: list[str]
    empty: str


def known_of(page: Page, who: Who) -> dict[str, Said]:
    """Needs, what runs now, results, targets, attendance and voices: each in a line or two."""
    return {
        NEEDS: Said(_needs(page, who), "No live need is recorded."),
        IN_PLACE: Said(_running(page, who), "Nothing is in place."),
        TO_COME: Said(_to_come(page, who), NOTHING_TO_COME),
        RESULTS: Said(_results(page, who), "No results are recorded."),
        TARGETS: Said(_targets(page, who), "No target is set."),
        ATTENDANCE: Said(_attended(page, who), "Not recorded."),
        VOICES_OF: Said(_voices(page, who), "Nobody has been heard yet."),
    }


def _shown(lines: list[str], what: str) -> list[str]:
    """The first few, and how many more there are."""
    more = len(lines) - AT_A_GLANCE
    return [*lines[:AT_A_GLANCE], f"And {more} {what}, on the pupil's page."] if more > 0 else lines


def _needs(page: Page, who: Who) -> list[str]:
    rows = page.ask("pupil_needs", **who).filter(pl.col("end_date").is_null() & pl.col("state").is_not_null())
    return [f"{_need(row)}{_begins(row, _planned(page, who))}" for row in rows.to_dicts()]


def _begins(need: dict[str, Any], planned: list[dict[str, Any]]) -> str:
    """What is to begin for a need that something answers already; of others the state says so."""
    code = str(need["need_code"]).lower()
    names = [
        f"{row['provision']} from {show_date(row['start_date'])}" for row in planned
        if code == row["subject"] or code in [str(one).lower() for one in row["need_codes"] or []]
    ]  # fmt: skip
    return f" To come: {joined(names)}." if names else ""


def _need(row: dict[str, Any]) -> str:
    by = f" ({joined(row['provisions'])})" if row["provisions"] else ""
    days = f", for {count(row['days_in_state'], 'day')}" if row["days_in_state"] and not by else ""
    barrier = f" Barrier: {row['barrier']}" if row["barrier"] and not row["barrier_removed_on"] else ""
    return f"{row['need']}: {VALUES['state'].get(row['state'], row['state'])}{by}{days}.{barrier}"


def _running(page: Page, who: Who) -> list[str]:
    rows = page.ask("pupil_placements", **who).filter("is_in_place").to_dicts()
    return [_provision(page, row) for row in rows]


def _to_come(page: Page, who: Who) -> list[str]:
    return [f"{row['provision']}, from {show_date(row['start_date'])}." for row in _planned(page, who)]


def _planned(page: Page, who: Who) -> list[dict[str, Any]]:
    """Provision that begins for the pupil on a later day."""
    rows = page.ask("pupil_placements", **who).filter(pl.col("start_date") > page.filter.as_at)
    return rows.to_dicts()


def _provision(page: Page, row: dict[str, Any]) -> str:
    parts = [f"since {show_date(row['start_date'])}"]
    if row["end_date"]:
        is_last = row["end_date"] == page.filter.as_at
        parts.append("ends today" if is_last else f"ends on {show_date(row['end_date'])}")
    elif row["expected_end_date"]:
        parts.append(f"expected until {show_date(row['expected_end_date'])}")
    if row["weekly_minutes"]:
        parts.append(f"{row['weekly_minutes']:.0f} minutes a week")
    if row["staff"]:
        parts.append(f"led by {joined(row['staff'])}")
    late = "; overdue for review" if row["overdue_for_review"] and not row["end_date"] else ""
    return f"{row['provision']}, {', '.join(parts)}{late}."


def _results(page: Page, who: Who) -> list[str]:
    """The latest of each subject and scale, with the one before it."""
    rows = page.ask("pupil_results", **who).sort("assessed_on", maintain_order=True)
    latest = rows.group_by("subject", "scale", maintain_order=True).agg(
        pl.col("value", "meets_expected", "expected").last(), on=pl.col("assessed_on").last(),
        before=pl.col("value").slice(-2, 1), times=pl.len(),
    )  # fmt: skip
    newest = latest.sort("on", descending=True, maintain_order=True)
    return _shown([_result(row) for row in newest.to_dicts()], "more, of other subjects and scales")


def _result(row: dict[str, Any]) -> str:
    before = f"; before that {row['before'][0]}" if row["times"] > 1 else ""
    verdict = {True: ", at the expected mark or above", False: ", below the expected mark", None: ""}
    return (
        f"{row['subject'].capitalize()} ({row['scale']}): {row['value']} on {show_date(row['on'])}"
        f"{verdict[row['meets_expected']]}{before}."
    )


def _attended(page: Page, who: Who) -> list[str]:
    """Of this academic year, as on the pupil's page."""
    rows = page.ask_school("pupil_list").filter(**who).filter(pl.col("attendance_share").is_not_null())
    return [
        f"{percent(row['attendance_share'], 1)} this academic year "
        f"({row['attended']:,.0f} of {row['possible']:,.0f} possible sessions)."
        for row in rows.to_dicts()
    ]


def _targets(page: Page, who: Who) -> list[str]:
    rows = page.ask_school("targets").filter(**who).sort("set_on", descending=True, maintain_order=True)
    return _shown([_target(row) for row in rows.to_dicts()], "older")


def _target(row: dict[str, Any]) -> str:
    """ "Reading: EXS by 26 Jun 2026, from WTS: within reach (1 step to go); the teacher expects EXS."."""
    by = f" by {show_date(row['due_on'])}" if row["due_on"] else ""
    start = f", from {row['starting_point']}" if row["starting_point"] else ""
    far = row["how_far"] or row["because"]
    stands = f"{STATES[row['state']]}{f' ({far})' if far else ''}"
    forecast = f"; the teacher expects {row['forecast']}" if row["forecast"] else ""
    words = f" “{row['words']}”" if row["words"] else ""
    return f"{row['subject'].capitalize()}: {row['target']}{by}{start}: {stands}{forecast}.{words}"


def _voices(page: Page, who: Who) -> list[str]:
    """What was said last; and where the pupil or a parent was never heard, that."""
    rows = rows_to_edit(page.store, "voices", **who).filter(pl.col("heard_on") <= page.filter.as_at)
    heard = rows.sort("heard_on", descending=True, maintain_order=True).to_dicts()
    if not heard:
        return []
    missing = [
        f"{VOICES[voice]}: nothing recorded." for voice in ("pupil", "parent") if voice not in rows["voice"]
    ]
    return [*_shown([_voice(row) for row in heard], "older"), *missing]


def _voice(row: dict[str, Any]) -> str:
    said = row["words"] or row["reply"] or "heard, no words recorded"
    return f"{VOICES.get(row['voice'], row['voice'])}, {show_date(row['heard_on'])}: {said}"
