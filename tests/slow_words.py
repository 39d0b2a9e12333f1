"""What the words of the data contract mean, one plain function a word, over the rows of a tiny school."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
School = dict[str, list[Row]]
DAY = timedelta(days=1)
REVIEW_DAYS = 120


@dataclass(frozen=True)
class Choice:
    """What is counted: the filter, in this file's own form. Empty means all."""

    schools: tuple[str, ...] = ()
    year_groups: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


def low(text: str | None) -> str | None:
    return None if text is None else text.lower()


def lows(texts: Iterable[str] | None) -> set[str | None]:
    return {low(text) for text in texts or ()}


def number(value: Any) -> Fraction | None:
    """A number exactly as written, so that 90 in 100 is never 89.999."""
    try:
        return Fraction(Decimal(str(value).strip()))
    except (ArithmeticError, ValueError):
        return None


def academic_year(day: date) -> str:
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def year_start(year: str) -> date:
    return date(int(year[:4]), 9, 1)


def active(span: Row, day: date) -> bool:
    return span["start_date"] <= day and (span.get("end_date") is None or day <= span["end_date"])


def within(day: date | None, days: int, on_date: date) -> bool:
    return day is not None and on_date - timedelta(days=days) <= day <= on_date


def of_pupil(school: School, dataset: str, pupil: Row) -> list[Row]:
    who = (pupil.get("school_id"), pupil["pupil_id"])
    return [r for r in school.get(dataset, []) if (r.get("school_id"), r.get("pupil_id")) == who]


def provision_of(school: School, placement: Row) -> Row:
    what = (placement.get("school_id"), placement["provision_id"])
    return next(r for r in school["provisions"] if (r.get("school_id"), r["provision_id"]) == what)


def on_roll(pupil: Row, day: date) -> bool:
    entry, leaving = pupil.get("entry_date"), pupil.get("leaving_date")
    return (entry is None or entry <= day) and (leaving is None or day <= leaving)


def year_and_class(school: School, pupil: Row, day: date) -> tuple[str, str | None]:
    """From the latest enrolment of the day's academic year begun by the day, else from `pupils`."""
    best, began = pupil.get("roll", pupil), date.min
    for row in of_pupil(school, "enrolments", pupil):
        start = row.get("start_date") or year_start(row["academic_year"])
        if row["academic_year"] == academic_year(day) and began <= start <= day:
            best, began = row, start
    return best["year_group"], best.get("class")


def groups_on(school: School, pupil: Row, day: date) -> list[str]:
    return sorted({m["group_code"] for m in of_pupil(school, "memberships", pupil) if active(m, day)})


def live_needs(school: School, pupil: Row, day: date) -> list[Row]:
    return [n for n in of_pupil(school, "needs", pupil) if active(n, day)]


def need_code_row(school: School, code: str) -> Row:
    return next((r for r in school["need_codes"] if low(r["need_code"]) == low(code)), {})


def pupils_in_scope(school: School, day: date, choice: Choice) -> Iterator[Row]:
    for pupil in school["pupils"]:
        year, its_class = year_and_class(school, pupil, day)
        groups = groups_on(school, pupil, day)
        needs = lows(n["need_code"] for n in live_needs(school, pupil, day))
        if (
            on_roll(pupil, day)
            and (not choice.schools or pupil.get("school_id") in choice.schools)
            and (not choice.year_groups or year in choice.year_groups)
            and (not choice.classes or its_class in choice.classes)
            and (not choice.groups or set(groups) & set(choice.groups))
            and (not choice.needs or needs & lows(choice.needs))
        ):
            yield {**pupil, "roll": pupil, "year_group": year, "class": its_class, "groups": groups}


def who(pupil: Row) -> Row:
    names = ("school_id", "pupil_id", "surname", "forename", "year_group", "class")
    return {name: pupil.get(name) for name in names}


def codes_of(school: School, placement: Row) -> list[str]:
    return placement.get("need_codes") or provision_of(school, placement).get("need_codes") or []


def addresses(school: School, placement: Row, need: Row) -> bool:
    codes = lows(codes_of(school, placement))
    area = low(need_code_row(school, need["need_code"]).get("area"))
    broad = area is not None and area != "sensory and physical" and area in codes
    return low(need["need_code"]) in codes or broad


def is_additional(school: School, placement: Row) -> bool:
    return provision_of(school, placement)["tier"] in ("targeted", "specialist")


def weekly_minutes(school: School, placement: Row) -> float | None:
    provision, parts = provision_of(school, placement), []
    for column in ("minutes_per_session", "sessions_per_week"):
        own = placement.get(column)
        parts.append(provision.get(column) if own is None else own)
    return None if None in parts else parts[0] * parts[1]


def overdue(school: School, placement: Row, day: date) -> bool:
    if placement.get("expected_end_date") is not None:
        return placement["expected_end_date"] < day
    reviewed = [
        r["reviewed_on"]
        for r in of_pupil(school, "reviews", placement)
        if r["provision_id"] == placement["provision_id"]
    ]
    return not any(within(d, REVIEW_DAYS, day) for d in [placement["start_date"], *reviewed])


def state_on(school: School, need: Row, answering: list[Row], day: date) -> tuple[str, list[str]]:
    """The first state that holds, and the names of the provisions that give it."""
    now = [p for p in answering if active(p, day)]
    states = [
        ("covered", [p for p in now if is_additional(school, p)]),
        ("in_class", [p for p in now if not is_additional(school, p)]),
        ("planned", [p for p in answering if p["start_date"] > day]),
        (
            "lapsed",
            [
                p
                for p in answering
                if p.get("end_date") is not None and need["start_date"] <= p["end_date"] < day
            ],
        ),
    ]
    for state, placements in states:
        if placements:
            return state, sorted({provision_of(school, p)["name"] for p in placements})
    return "unmet", []


def days_in_state(school: School, pupil: Row, need: Row, answering: list[Row], day: date) -> int:
    first = max(need["start_date"], pupil.get("entry_date") or date.min)
    state, days = state_on(school, need, answering, day)[0], 0
    while day - DAY >= first and state_on(school, need, answering, day - DAY)[0] == state:
        day, days = day - DAY, days + 1
    return days
