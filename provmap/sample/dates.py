"""The invented schools' calendar: terms, half-terms, teaching days, and the day that counts as today."""

from dataclasses import dataclass
from datetime import date, timedelta

from provmap.store import SAMPLE_TODAY

LAST_YEAR = 2025  # the academic year 2025/26 holds SAMPLE_TODAY


@dataclass(frozen=True)
class Term:
    """One term, its two halves, and the days on which its assessments are dated."""

    year: int
    name: str
    start: date
    end: date
    half_term: date  # the Monday of the week off
    test_day: date
    teacher_day: date

    @property
    def academic_year(self) -> str:
        return year_name(self.year)

    @property
    def halves(self) -> tuple[tuple[date, date], tuple[date, date]]:
        before = (self.start, self.half_term - timedelta(days=3))
        return before, (self.half_term + timedelta(days=7), self.end)


def year_name(year: int) -> str:
    """2025 -> 2025/26."""
    return f"{year}/{(year + 1) % 100:02d}"


def first_weekday(year: int, month: int, day: int, weekday: int = 0) -> date:
    """The first such weekday (Monday is 0) on or after the date."""
    start = date(year, month, day)
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def terms_of(year: int) -> tuple[Term, Term, Term]:
    """The three terms of the academic year that begins in September of `year`."""
    after = year + 1
    autumn_half = first_weekday(year, 10, 23)
    spring_half = first_weekday(after, 2, 12)
    summer_half = first_weekday(after, 5, 25)
    week = timedelta(days=7)
    return (
        Term(
            year,
            "autumn",
            first_weekday(year, 9, 1),
            first_weekday(year, 12, 15, 4),
            autumn_half,
            first_weekday(year, 12, 1),
            first_weekday(year, 12, 1) + timedelta(days=4),
        ),
        Term(
            year,
            "spring",
            first_weekday(after, 1, 4),
            first_weekday(after, 3, 27, 4),
            spring_half,
            spring_half + week,
            spring_half + week + timedelta(days=4),
        ),
        Term(
            year,
            "summer",
            first_weekday(after, 4, 13),
            first_weekday(after, 7, 20, 1),
            summer_half,
            first_weekday(after, 6, 15),
            first_weekday(after, 6, 15) + timedelta(days=11),
        ),
    )


def all_terms(years: int) -> list[Term]:
    """The terms of the last `years` academic years, the current one whole."""
    return [term for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1) for term in terms_of(year)]


def assessed_terms(years: int) -> list[Term]:
    """The terms whose assessments have been made by today."""
    return [term for term in all_terms(years) if term.teacher_day <= SAMPLE_TODAY]


def day_number(day: date) -> int:
    """Days since 1 January 1970, as NumPy and Polars count them."""
    return day.toordinal() - 719163


def number_day(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(int(number) + 719163)


def on_weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


TODAY = day_number(SAMPLE_TODAY)
NONE = -1  # a date that is not recorded, in an array of day numbers
