"""The days of terms and half-terms: the school's own where they are held, else those that are usual.

A school's `terms` say when a term begins and ends. The half-term holiday is in none of them: the edge inside
a term is the usual one, and a person can say another.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from provmap.filters import academic_year_dates, academic_year_of

# The half-terms in order, as HT1 to HT6, then whole terms: first and last day, as (month, day).
SPANS = {
    "autumn 1": ((9, 1), (10, 31)), "autumn 2": ((11, 1), (12, 31)),
    "spring 1": ((1, 1), (2, 14)), "spring 2": ((2, 15), (3, 31)),
    "summer 1": ((4, 1), (5, 31)), "summer 2": ((6, 1), (8, 31)),
    "autumn": ((9, 1), (12, 31)), "spring": ((1, 1), (3, 31)), "summer": ((4, 1), (8, 31)),
}  # fmt: skip
WHOLE_YEAR = "the year"
FIRST, LAST = "first day of ", "last day of "
Days = tuple[date, date]


@dataclass(frozen=True)
class Terms:
    """The terms of a school by academic year and name, and the first days of the attendance that is held.

    What came in under the usual days stays under them: another first day would count it twice.
    """

    dates: dict[tuple[str, str], Days] = field(default_factory=dict)
    used: frozenset[date] = frozenset()

    def days(self, span: str, year: str) -> Days:
        """First and last day of a span such as "autumn 1" of an academic year."""
        usual = _usual(span, year)
        own = self._own(span, year)
        return usual if own is None or (usual[0] in self.used and own[0] not in self.used) else own

    def _own(self, span: str, year: str) -> Days | None:
        if span == WHOLE_YEAR:
            first, last = self.dates.get((year, "autumn")), self.dates.get((year, "summer"))
            usual = _usual(span, year)
            return (first or usual)[0], (last or usual)[1]
        term, _, half = span.partition(" ")
        held = self.dates.get((year, term))
        if held is None or not half:
            return held
        edge = _usual(f"{term} 1", year)[1]
        if not held[0] <= edge < held[1]:
            edge = held[0] + (held[1] - held[0]) // 2
        return (held[0], edge) if half == "1" else (edge + timedelta(1), held[1])


def _usual(span: str, year: str) -> Days:
    first, last = academic_year_dates(year)
    if span == WHOLE_YEAR:
        return first, last
    years = [first.year if month >= 9 else last.year for month, _ in SPANS[span]]
    days = [date(year, *day) for year, day in zip(years, SPANS[span], strict=True)]
    return days[0], days[1]


def day_of(text: str, dated: date, terms: Terms) -> date | None:
    """The day that a plan means by "first day of autumn 1"; a span under way ends on the import's day."""
    for begins, which in ((FIRST, 0), (LAST, 1)):
        span, _, said = text.removeprefix(begins).partition(" of ")
        if text.startswith(begins) and span in (*SPANS, WHOLE_YEAR):
            first, last = terms.days(span, said or academic_year_of(dated))
            return first if which == 0 else min(last, dated)
    return None
