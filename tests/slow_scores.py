"""Assessments, what is expected of them, and the criteria of a provision, over the rows of a tiny school."""

from datetime import date
from fractions import Fraction
from typing import Any

from tests.slow_words import (
    Row,
    School,
    academic_year,
    groups_on,
    live_needs,
    low,
    lows,
    number,
    of_pupil,
    within,
    year_and_class,
    year_start,
)

JUDGING_DAYS = 366


def scale_row(school: School, scale: str | None) -> Row:
    return next((s for s in school.get("scales", []) if s["scale"] == scale), {"kind": "number"})


def score(school: School, scale: str, value: Any) -> Fraction | None:
    """The number, or the rank on an ordered scale; nothing for a code that is no score."""
    listed = [v for v in school.get("scale_values", []) if (v["scale"], v["value"]) == (scale, value)]
    if listed or scale_row(school, scale)["kind"] == "ordered":
        return number(listed[0].get("rank")) if listed else None
    return number(value)


def is_better(school: School, scale: str | None) -> int:
    return -1 if scale_row(school, scale).get("better") == "lower" else 1


TERM_STARTS = {"autumn": (9, 1), "spring": (1, 1), "summer": (4, 1)}


def term_of(school: School, assessment: Row) -> str:
    """The term given where there was no day, else the latest of its academic year that had started."""
    if assessment.get("term"):
        return assessment["term"]
    year, day = academic_year(assessment["assessed_on"]), assessment["assessed_on"]
    starts = {t: date(int(year[:4]) + (m < 9), m, d) for t, (m, d) in TERM_STARTS.items()}
    for t in school.get("terms", []):
        if (t.get("school_id"), t["academic_year"]) == (assessment.get("school_id"), year):
            starts[t["term"]] = t["start_date"]
    starts["autumn"] = year_start(year)
    return max((start, "autumn spring summer".index(t), t) for t, start in starts.items() if start <= day)[2]


def expected_for(school: School, pupil: Row, a: Row) -> str | None:
    year = year_and_class(school, pupil, a["assessed_on"])[0]
    term = term_of(school, a)
    for e in school.get("expectations", []):
        same = (e["scale"], low(e["subject"])) == (a["scale"], low(a["subject"]))
        if same and (e["year_group"], e["term"]) == (year, term):
            return e["expected"]
    return None


def meets(school: School, pupil: Row, a: Row) -> bool | None:
    """Whether an assessment meets what is expected of it: nothing when that cannot be judged."""
    expected = expected_for(school, pupil, a)
    bar = None if expected is None else score(school, a["scale"], expected)
    got = score(school, a["scale"], a["value"])
    if got is None or bar is None:
        return None
    return got * is_better(school, a["scale"]) >= bar * is_better(school, a["scale"])


def scored(school: School, pupil: Row, day: date) -> list[Row]:
    """The pupil's scored assessments up to a day, the latest last; test before teacher before none."""
    preferred = {"test": 2, "teacher": 1}
    found = [
        a
        for a in of_pupil(school, "assessments", pupil)
        if a["assessed_on"] <= day and score(school, a["scale"], a["value"]) is not None
    ]
    found = sorted(found, key=lambda a: a["scale"].lower(), reverse=True)
    return sorted(found, key=lambda a: (a["assessed_on"], preferred.get(a.get("source"), 0)))


def latest(school: School, pupil: Row, subject: str, day: date, scale: str | None = None) -> Row | None:
    found = [
        a
        for a in scored(school, pupil, day)
        if low(a["subject"]) == low(subject)
        and within(a["assessed_on"], JUDGING_DAYS, day)
        and scale in (None, a["scale"])
    ]
    return found[-1] if found else None


def below_expected(school: School, pupil: Row, subject: str | None, day: date) -> bool:
    found = latest(school, pupil, subject, day) if subject else None
    return found is not None and meets(school, pupil, found) is False


def entry_criteria(school: School, placement: Row) -> list[Row]:
    what = (placement.get("school_id"), placement["provision_id"], "entry")
    return [
        c for c in school.get("criteria", []) if (c.get("school_id"), c["provision_id"], c["kind"]) == what
    ]


def holds(school: School, pupil: Row, criterion: Row, day: date) -> bool:
    measure, comparator, value = (criterion[c] for c in ("measure", "comparator", "value"))
    if measure == "need":
        codes = lows(n["need_code"] for n in live_needs(school, pupil, day))
        return comparator == "=" and low(value) in codes
    if measure == "group":
        return comparator == "=" and value in groups_on(school, pupil, day)
    if measure == "attendance":
        got, bar = attendance_percent(school, pupil, day), number(value)
        bar = bar * 100 if bar is not None and bar <= 1 else bar
    else:
        subject, scale = measure.split("/", 1)
        found = latest(school, pupil, subject, day, scale)
        got = score(school, scale, found["value"]) if found else None
        bar = score(school, scale, value)
    if got is None or bar is None:
        return False
    return {"<": got < bar, "<=": got <= bar, ">": got > bar, ">=": got >= bar, "=": got == bar}[comparator]


def attendance_percent(school: School, pupil: Row, day: date) -> Fraction | None:
    ended = [
        a
        for a in of_pupil(school, "attendance", pupil)
        if year_start(academic_year(day)) <= a["start_date"] and a["end_date"] <= day
    ]
    possible = sum(Fraction(a["possible"]) for a in ended)
    return sum(Fraction(a["attended"]) for a in ended) * 100 / possible if possible else None
