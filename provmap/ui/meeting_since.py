"""What happened between two meetings: since when, which actions are shown again, and what has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from provmap.filters import Filter, academic_year_dates, academic_year_of, show_date
from provmap.questions import ask
from provmap.store import entries_of, rows_to_edit
from provmap.ui.meeting import Meeting, named
from provmap.ui.meeting_decisions import NOT_IN_MAP, OF_PROVISION
from provmap.ui.page import Page
from provmap.ui.pupils import label_of
from provmap.words import VALUES, count, number

WAITS = ("open", "overdue")
ENDED_COLUMNS = ("surname", "forename", "provision", "end_date", "outcome", "entry_value", "exit_value",
                 "gain", "measure", "intended_outcome")  # fmt: skip
NOTHING_ENDED = "Nothing has ended."
NOT_RECORDED = "not recorded"
LAST_TIME = "Said and decided last time"
NOT_TALKED_ABOUT = "No earlier meeting talked about this pupil."


@dataclass(frozen=True)
class Since:
    """From which day on a meeting looks back, and why from then: "the last meeting (Oak, 3 Feb 2026)"."""

    first_day: date
    words: str
    year_begins: date
    # What the class was to reach and what concerned it, as the last meeting wrote it.
    goal: str = ""
    note: str = ""


def since_of(page: Page, meeting: Meeting, counted: Filter) -> Since:
    """The last meeting about the same in the same school year; else of the same kind; else about the pupils.

    One that was prepared and never held is none. Where there is none, the school year's first day.
    """
    year = academic_year_of(meeting["held_on"])
    year_begins = academic_year_dates(year)[0]
    held = [row for row in ask("meetings_held", counted, page.store).to_dicts() if _is_before(row, meeting)]
    if not held:
        words = f"{show_date(year_begins)}, as no earlier meeting about these pupils is recorded"
        return Since(year_begins, words, year_begins)

    def how_near(row: dict[str, Any]) -> tuple[bool, bool, date]:
        is_kind = row["about"] == meeting["about"]
        is_same = is_kind and row["about_code"] == meeting["about_code"]
        return is_same and academic_year_of(row["held_on"]) == year, is_kind, row["held_on"]

    last = max(held, key=how_near)
    written = rows_to_edit(page.store, "meetings", meeting_id=last["meeting_id"])
    return Since(
        last["held_on"], f"the last meeting ({named(page, last | {'closed_on': None})})", year_begins,
        *("; ".join(written[name].drop_nulls()) for name in ("goal", "note")),
    )  # fmt: skip


def of_class(since: Since) -> list[str]:
    """What the class was to reach and what concerned it, as the last meeting wrote it, where it did."""
    said = {"What the class was to reach": since.goal, "What concerned the class as a whole": since.note}
    day = show_date(since.first_day)
    return [f"{called} ({day}): {words}" for called, words in said.items() if words]


def _is_before(row: dict[str, Any], meeting: Meeting) -> bool:
    took_place = row["closed_on"] or row["discussed"] or row["decisions"] or row["actions"]
    is_other = row["meeting_id"] != meeting["meeting_id"] and row["school_id"] == meeting["school_id"]
    return bool(is_other and took_place and row["held_on"] < meeting["held_on"])


def earlier(meeting: Meeting, day: str) -> pl.Expr:
    """What another meeting agreed or decided by the day of this one."""
    is_other = pl.col("meeting_id").ne_missing(meeting["meeting_id"])
    is_by_then: pl.Expr = pl.col(day) <= meeting["held_on"]
    return is_other & is_by_then


def shown_again(since: Since) -> pl.Expr:
    """Actions that wait, and those done or dropped since."""
    is_since: pl.Expr = pl.coalesce("done_on", "dropped_on") >= since.first_day
    return pl.col("state").is_in(WAITS) | is_since


def still_or_since(since: Since) -> pl.Expr:
    """Provision that is still in place, or ended since."""
    return pl.col("end_date").is_null() | (pl.col("end_date") >= since.first_day)


def this_year(since: Since) -> pl.Expr:
    """Decisions for the class of this school year, and since the last meeting."""
    return pl.col("decided_on") >= min(since.first_day, since.year_begins)


def not_shown(actions: pl.DataFrame, since: Since) -> str:
    """How many of a pupil's actions are left out as older; empty where none is."""
    older = actions.height - actions.filter(shown_again(since)).height
    return f"Older ones, done or dropped before {since.words}: {older}, under All meetings." if older else ""


def left_out(since: Since, actions: int, begun: int, decided: int) -> str:
    """The rule by which older ones are left out, how many are, and where they stand."""
    rule = (
        "What is open or overdue is always here; what was done or dropped, and what ended, since "
        f"{since.words}; decisions for the class of this school year."
    )
    parts = [
        count(many, one, many_of)
        for many, one, many_of in (
            (actions, "action", "actions"),
            (begun, "decision about provision", "decisions about provision"),
            (decided, "decision for the class", "decisions for the class"),
        )
        if many
    ]
    if not parts:
        return f"{rule} Nothing older is left out."
    return f"{rule} Left out as older: {', '.join(parts)}. They stand under All meetings."


def ended_since(page: Page, counted: Filter, since: Since) -> pl.DataFrame:
    """Provision of those counted that was in place on that day or began later, and has ended."""
    return ask("provision_ended", counted, page.store).filter(pl.col("end_date") >= since.first_day)


def ended_rule(since: Since) -> str:
    """What the list of ended provision has, in a sentence."""
    return (
        f"What ended since {since.words}. Outcome is whether what was intended was met, as recorded; the "
        "scores are those recorded with the provision. What came after did not come of it for certain."
    )


def ended_in_words(page: Page, row: dict[str, Any]) -> list[str]:
    """A row of the list as it is printed: whose, what, when, meant for what, and what came of it."""
    left = " (has left)" if row["has_left"] else ""
    days = f"{show_date(row['start_date'])} to {show_date(row['end_date'])}"
    return [
        f"{label_of(page, row)}{left}", row["provision"], days, row["intended_outcome"] or NOT_RECORDED,
        f"Outcome: {VALUES.get('outcome', {}).get(row['outcome'], row['outcome']) or NOT_RECORDED}. "
        f"Score: {_score(row)}.",
    ]  # fmt: skip


def _score(row: dict[str, Any]) -> str:
    """ "reading (age) 90, then 96: better by 6"; what is missing is said to be."""
    if row["entry_value"] is None and row["exit_value"] is None:
        return NOT_RECORDED
    measure = row["measure"] or ""
    subject, _, scale = measure.partition("/")
    of = f"{subject} ({scale}) " if scale else ""
    scores = (
        f"{of}{row['entry_value'] or f'{NOT_RECORDED} at the start'}, then "
        f"{row['exit_value'] or f'{NOT_RECORDED} at the end'}"
    )
    by = row["gain"]
    if by is None:
        return scores
    amount = number(abs(by), 0 if float(by).is_integer() else 1)
    return (
        f"{scores}: {'no change' if by == 0 else f'better by {amount}' if by > 0 else f'worse by {amount}'}"
    )


def last_time(page: Page, meeting: Meeting, who: dict[str, str]) -> list[str]:
    """What was said of a pupil when it was last talked about, and what has been decided since that day.

    In any earlier meeting, whatever class the pupil was in then. Each line has its day.
    """
    discussed = rows_to_edit(page.store, "discussions", **who).filter(
        pl.col("discussed_on").is_not_null() & earlier(meeting, "discussed_on")
        & ~pl.col("is_left_out").fill_null(False)
    )  # fmt: skip
    of_school = Filter(as_at=page.filter.as_at, schools=(who["school_id"],))
    decided = ask("decisions_made", of_school, page.store).filter(earlier(meeting, "decided_on"), **who)
    days: list[Any] = [day for rows, name in ((discussed, "discussed_on"), (decided, "decided_on"))
            if (day := rows[name].max()) is not None]  # fmt: skip
    not_reached = _noted_in_vain(page, meeting, who, max(days, default=None))
    if not days:
        return not_reached
    last = discussed.sort("discussed_on").tail(1).to_dicts()
    lines = [_noted(page, row, row["discussed_on"]) for row in last if row["teacher_note"]]
    lines += [
        f"{show_date(row['discussed_on'])}, {words}: {row[name]}"
        for row in last
        for name, words in (("note", "what was said"), ("changed_in_class", "changed in class"))
        if row[name]
    ]
    since = last[0]["discussed_on"] if last else max(days)
    later = decided.filter(pl.col("decided_on") >= since).sort("decided_on", maintain_order=True)
    return lines + [_decided(row) for row in later.to_dicts()] + not_reached


def _noted_in_vain(page: Page, meeting: Meeting, who: dict[str, str], after: date | None) -> list[str]:
    """Notes for earlier meetings, since a day, that did not come to talk about the pupil."""
    held = rows_to_edit(page.store, "meetings", school_id=who["school_id"]).select("meeting_id", "held_on")
    rows = rows_to_edit(page.store, "discussions", **who).join(held, on="meeting_id").filter(
        pl.col("teacher_note").is_not_null() & pl.col("discussed_on").is_null()
        & (pl.col("held_on") >= (after or date.min)) & (pl.col("held_on") < meeting["held_on"])
    )  # fmt: skip
    return [
        f"{_noted(page, row, row['held_on'])} (Not talked about then.)"
        for row in rows.sort("held_on").to_dicts()
    ]


def _noted(page: Page, row: dict[str, Any], day: date) -> str:
    return f"{show_date(day)}, noted beforehand by {noted_by(page, row)}: {row['teacher_note']}"


def noted_by(page: Page, row: dict[str, Any]) -> str:
    """Who wrote the note beforehand, as the journal says: the last who wrote that field."""

    def writers() -> dict[str, str]:
        return {one.subject: one.made_by for one in entries_of(page.store)
                if one.kind == "discussions" and "teacher_note" in one.body}  # fmt: skip

    names: dict[str, str] = page.remembered("noted by", writers)
    return names.get(str(row["row_key"]), "somebody whose name is not recorded")


def _decided(row: dict[str, Any]) -> str:
    """ "3 Mar 2026, provision ended, Talk: Too little gain (should bring about: …)."""
    named = f", {row['provision']}" if row["provision"] else ""
    hoped = f" (should bring about: {row['hoped_for']})" if row["hoped_for"] else ""
    waits = row["decision_kind"] in OF_PROVISION and not (row["start_date"] or row["end_date"])
    kind = f"{row['decision_kind']}, {NOT_IN_MAP}" if waits else row["decision_kind"]
    return f"{show_date(row['decided_on'])}, {kind}{named}: {row['decision']}{hoped}"
