"""What is counted: one frozen object that every question takes, and the dates it is made of."""

import re
from dataclasses import dataclass
from datetime import date

from provmap.errors import UsageError

# The filter's lists, in the order in which people read them, with the word for one choice.
FIELDS = {
    "schools": "school",
    "year_groups": "year group",
    "classes": "class",
    "groups": "group",
    "needs": "need",
    "tiers": "tier",
    "subjects": "subject",
}


@dataclass(frozen=True)
class Filter:
    """What is counted, as at a day. An empty tuple means all. Make one with `questions.make_filter`.

    `labels` holds the plain words for the choices, and takes no part in what is counted.
    """

    as_at: date
    academic_year: str | None = None
    schools: tuple[str, ...] = ()
    year_groups: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def params(self) -> dict[str, object]:
        """The values that questions bind."""
        return {"as_at": self.as_at} | {name: list(getattr(self, name)) for name in FIELDS}

    def describe(self, without: tuple[str, ...] = ()) -> str:
        """What is counted, in words: "Year 5, Pupil premium, as at 3 Mar 2026"."""
        labels = dict(label.split("=", 1) for label in self.labels)
        words = []
        for name, kind in FIELDS.items():
            if getattr(self, name) and name not in without:
                chosen = " or ".join(labels.get(f"{name}:{value}", value) for value in getattr(self, name))
                # "Reading" can be a need and a subject: these say which they are.
                words.append(f"{kind} {chosen}" if name in ("needs", "subjects", "tiers") else chosen)
        return ", ".join([*(words or ["All pupils"]), f"as at {show_date(self.as_at)}"])


def show_date(day: date) -> str:
    """A date as people read it: 3 Mar 2026."""
    return f"{day.day} {day:%b} {day.year}"


def academic_year_of(day: date) -> str:
    """The academic year (1 September to 31 August) that holds a day, such as 2025/26."""
    start = day.year if day.month >= 9 else day.year - 1
    return f"{start}/{(start + 1) % 100:02}"


def academic_year_dates(year: str) -> tuple[date, date]:
    """The first and last day of an academic year. Raises UsageError where it is not written as 2025/26."""
    match = re.fullmatch(r"(\d{4})/(\d{2})", year.strip())
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise UsageError(f"'{year}' is not an academic year.", "Write it like 2025/26.")
    start = int(match[1])
    return date(start, 9, 1), date(start + 1, 8, 31)


def as_at_of(as_at: date | None, academic_year: str | None, today: date) -> date:
    """The day that is meant: a year alone means the earlier of today and its last day."""
    if academic_year is None:
        return as_at or today
    first, last = academic_year_dates(academic_year)
    if as_at is None:
        return min(today, last)
    if not first <= as_at <= last:
        raise UsageError(
            f"{show_date(as_at)} is not in the academic year {academic_year}.",
            f"Choose a date from {show_date(first)} to {show_date(last)}, or leave the year out.",
        )
    return as_at
