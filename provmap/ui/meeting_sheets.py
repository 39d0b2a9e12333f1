"""What people take away from a progress meeting, to print: the recap, and a sheet for each adult."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from provmap.documents import Document, Section, print_pdf
from provmap.filters import show_date
from provmap.ui.apart import told_apart
from provmap.ui.meeting import Meeting, named
from provmap.ui.meeting_decisions import ENDED, NOT_IN_MAP, OF_PROVISION
from provmap.ui.meeting_form import OF_CLASS
from provmap.ui.page import Page
from provmap.ui.printing import footer
from provmap.ui.pupils import labels_of, name_of, namesakes
from provmap.words import VALUES_OF, joined

Who = tuple[str, str]
NOBODY_NAMED = "Nobody named yet"
TO_DO = ("What", "For", "By", "It should bring about", "How it stands")
TO_GIVE = ("Provision", "Pupils", "Group", "From", "Until", "Minutes", "Lesson missed", "Day and time")
AGREED = ("Who", "What", "By", "For", "It should bring about")
DECIDED = ("For", "Kind of decision", "What we decided", "Provision", "First or last day", "Who gives it",
           "It should bring about")  # fmt: skip
NOT_SAID = "–"
# A decision changes the map only where that was ticked.
WHO = ("school_id", "pupil_id", "surname", "forename", "year_group", "class")
# Room to write in.
ROOM = "\u00a0" * 24
TOGETHER = ("provision", "group_name", "decision_kind", "start_date", "expected_end_date", "end_date",
            "minutes_per_session", "sessions_per_week", "subject_missed")  # fmt: skip


def recap(
    page: Page, meeting: Meeting, actions: pl.DataFrame, decisions: pl.DataFrame, timetable: pl.DataFrame
) -> bytes:
    """One page: each adult with what they do by when, what was decided, and what was said of the class."""
    people = f" With {meeting['people']}." if meeting["people"] else ""
    called = _called(page, actions, decisions)
    agreed = [
        [row["owner"], row["action"], show_date(row["due_on"]), whom(called, row),
         row["hoped_for"] or NOT_SAID]
        for row in actions.sort("owner", "due_on").to_dicts()
    ]  # fmt: skip
    gives = who_gives(timetable)
    decided = [_decided(called, row, gives) for row in decisions.to_dicts()]
    said = [f"{label}: {meeting[name]}" for name, label in OF_CLASS.items() if meeting[name]]
    return print_pdf(
        Document(
            title="Progress meeting", subtitle=f"{named(page, meeting)}.{people}", footer=footer(page),
            landscape=True,
            sections=[
                _table("Who does what by when", AGREED, agreed, "Nothing was agreed."),
                _table("What was decided", DECIDED, decided, "Nothing was decided."),
                *([Section("For the class", points=said)] if said else []),
            ],
        )
    )  # fmt: skip


def _decided(called: dict[Who, str], row: dict[str, Any], gives: dict[str, str]) -> list[str]:
    return [
        whom(called, row), row["decision_kind"].capitalize(), row["decision"] or NOT_SAID,
        row["provision"] or NOT_SAID, days_of(row) or NOT_SAID,
        gives.get(row["decision_id"], NOT_SAID), row["hoped_for"] or NOT_SAID,
    ]  # fmt: skip


def who_gives(timetable: pl.DataFrame) -> dict[str, str]:
    """The adults who give what a decision is about, by decision."""
    known = timetable.filter(pl.col("adult").is_not_null()).group_by("decision_id", maintain_order=True)
    return {one: joined(adults) for one, adults in known.agg(pl.col("adult").unique().sort()).iter_rows()}


def days_of(row: dict[str, Any]) -> str:
    """The last day of provision that ends, the first of what begins or changes; with its end, where known.

    What was decided about provision and is not in the map is said to be so.
    """
    if row["decision_kind"] in OF_PROVISION and not (row["start_date"] or row["end_date"]):
        return NOT_IN_MAP
    last = f"last day {show_date(row['end_date'])}" if row["end_date"] else ""
    if row["decision_kind"] == ENDED or not row["start_date"]:
        return last
    return ", ".join(part for part in (f"from {show_date(row['start_date'])}", last) if part)


def it_ends(last_day: date, today: date) -> str:
    """ "ends today", "ended on 3 Mar 2026": provision is in place through its last day."""
    if last_day == today:
        return "ends today"
    return f"{'ended' if last_day < today else 'ends'} on {show_date(last_day)}"


def until_of(row: dict[str, Any]) -> str:
    """When provision ends: its last day where that is known, else when it is expected to."""
    if row["end_date"]:
        return f"last day {show_date(row['end_date'])}"
    if row["expected_end_date"]:
        return f"expected {show_date(row['expected_end_date'])}"
    return NOT_SAID


def adults_of(actions: pl.DataFrame, timetable: pl.DataFrame) -> list[str]:
    """Everybody who has something to do or to give, by name."""
    return sorted({*actions["owner"], *timetable["adult"].drop_nulls()})


def adults_pdf(page: Page, actions: pl.DataFrame, timetable: pl.DataFrame, day: date) -> bytes:
    """A sheet for each adult: what to do by when, and what to give to whom; last what nobody gives yet.

    `day` is the one as at which the actions stand.
    """
    sections: list[Section] = []
    for adult in adults_of(actions, timetable):
        gives = timetable.filter(pl.col("adult") == adult)
        sections += _sheet(page, adult, actions.filter(pl.col("owner") == adult), gives)
    nobody = timetable.filter(pl.col("adult").is_null())
    if nobody.height:
        sections += _sheet(page, NOBODY_NAMED, actions.clear(), nobody)
    # The first stands below the title.
    sections[:1] = [replace(one, new_page=False) for one in sections[:1]]
    return print_pdf(
        Document(
            title="Who does what by when", subtitle=f"As at {show_date(day)}.",
            footer=footer(page), sections=sections,
        )
    )  # fmt: skip


def _sheet(page: Page, adult: str, actions: pl.DataFrame, gives: pl.DataFrame) -> list[Section]:
    states = VALUES_OF.get("actions", {}).get("state", {})
    called = _called(page, actions)
    agreed = [
        [row["action"], whom(called, row), show_date(row["due_on"]), row["hoped_for"] or "–",
         states.get(row["state"], row["state"])]
        for row in actions.sort("due_on").to_dicts()
    ]  # fmt: skip
    parts = [Section(adult, new_page=True)]
    if agreed:
        parts.append(Section("To do", columns=TO_DO, rows=agreed))
    if gives.height:
        parts.append(Section("For the timetable", columns=TO_GIVE, rows=_together(page, gives)))
    return parts


def _together(page: Page, gives: pl.DataFrame) -> list[list[str]]:
    """One line for pupils who have it together: the same provision, group, first day and minutes."""
    called = _short(page, gives)
    who = pl.struct("school_id", "pupil_id")
    lines = gives.group_by(TOGETHER, maintain_order=True).agg(pupils=who.unique(maintain_order=True))
    return [
        [
            f"{row['provision']} ({row['decision_kind'].removeprefix('provision ')})",
            _listed([called[one["school_id"], one["pupil_id"]] for one in row["pupils"]]),
            row["group_name"] or "–", show_date(row["start_date"]), until_of(row), _minutes(row),
            row["subject_missed"] or "–", ROOM,
        ]
        for row in lines.to_dicts()
    ]  # fmt: skip


def _minutes(row: dict[str, Any]) -> str:
    minutes, times = row["minutes_per_session"], row["sessions_per_week"]
    if minutes is None:
        return "not recorded"
    return f"{minutes:g}, {times:g} times a week" if times is not None else f"{minutes:g} a session"


def _with_namesakes(page: Page, *frames: pl.DataFrame) -> dict[Who, dict[str, Any]]:
    """The pupils of these rows, and who else in the school has one of their names."""
    rows = pl.concat([frame.select(WHO) for frame in frames]).filter(pl.col("surname").is_not_null())
    everybody = page.ask_school("pupil_list").select(WHO)
    alike = everybody.join(rows, on=["school_id", "surname", "forename"], how="semi")
    return {(row["school_id"], row["pupil_id"]): row for row in pl.concat([rows, alike]).to_dicts()}


def _called(page: Page, *frames: pl.DataFrame) -> dict[Who, str]:
    return labels_of(page, _with_namesakes(page, *frames))


def _short(page: Page, gives: pl.DataFrame) -> dict[Who, str]:
    """Forename and surname; with year and class, and more where needed, where two are called the same."""
    rows = _with_namesakes(page, gives)
    names = {one: f"{row['forename']} {row['surname']}" for one, row in rows.items()}
    often = Counter(names.values())
    wanted = {one: name_of(page, rows[one]) if often[name] > 1 else name for one, name in names.items()}
    return told_apart(wanted, *namesakes(page, rows))


def _listed(names: list[str]) -> str:
    return ("; " if any("," in name for name in names) else ", ").join(names)


def whom(called: dict[Who, str], row: dict[str, Any]) -> str:
    """Whom an action or decision is for."""
    if not row["surname"]:
        return str(row["for_whom"] or "The class")
    return called[row["school_id"], row["pupil_id"]] + (" (has left)" if row["has_left"] else "")


def _table(title: str, columns: tuple[str, ...], rows: list[list[str]], empty: str) -> Section:
    return Section(title, columns=columns, rows=rows) if rows else Section(title, paragraphs=[empty])
