"""The four kinds of possible overlap, found by looking at every pair."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.slow_scores import below_expected, entry_criteria, holds, is_better, scale_row, score
from tests.slow_words import (
    Choice,
    Row,
    School,
    active,
    addresses,
    codes_of,
    is_additional,
    live_needs,
    low,
    lows,
    need_code_row,
    of_pupil,
    provision_of,
    pupils_in_scope,
    weekly_minutes,
    who,
)


def duplications(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        counted = [
            p
            for p in of_pupil(school, "placements", pupil)
            if purpose_of(school, p) in ("learning", "therapy") and codes_of(school, p)
        ]
        for finder in (same_provision, same_need, repeated_without_gain, no_current_need):
            found = finder(school, pupil, counted, day)
            rows += [{**who(pupil), "kind": finder.__name__, **row} for row in found]
    return rows


def purpose_of(school: School, placement: Row) -> str:
    return provision_of(school, placement).get("purpose") or "learning"


def pairs(placements: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Each two whose spans share a day, the earlier start first, then the smaller provision."""
    ordered = sorted(placements, key=lambda p: (p["start_date"], p["provision_id"]))
    for i, first in enumerate(ordered):
        for second in ordered[i + 1 :]:
            if active(first, second["start_date"]):
                yield first, second


def finding(first: Row, second: Row, code: str | None, minutes: float | None, day: date) -> Row:
    ends = [p["end_date"] for p in (first, second) if p.get("end_date") is not None]
    shared = {"start_date": second["start_date"], "end_date": min(ends, default=None)}
    return {
        "provision_id": first["provision_id"],
        "other_provision_id": second["provision_id"],
        "need_code": code,
        "from_date": shared["start_date"],
        "to_date": shared["end_date"],
        "weekly_minutes": minutes,
        "is_current": active(shared, day),
    }


def smaller_minutes(school: School, first: Row, second: Row) -> float | None:
    minutes = [weekly_minutes(school, first), weekly_minutes(school, second)]
    return None if None in minutes else min(minutes)


def same_provision(school: School, pupil: Row, counted: list[Row], day: date) -> Iterator[Row]:
    for first, second in pairs(counted):
        if first["provision_id"] == second["provision_id"]:
            yield finding(first, second, None, smaller_minutes(school, first, second), day)


def same_need(school: School, pupil: Row, counted: list[Row], day: date) -> Iterator[Row]:
    now = [p for p in counted if active(p, day) and is_additional(school, p) and not p.get("required_by")]
    for first, second in pairs(now):
        subjects = {low(provision_of(school, p).get("subject")) for p in (first, second)} - {None}
        different = first["provision_id"] != second["provision_id"]
        if different and purpose_of(school, first) == purpose_of(school, second) and len(subjects) < 2:
            needs = live_needs(school, pupil, day)
            both = [n for n in needs if addresses(school, first, n) and addresses(school, second, n)]
            for code in sorted({n["need_code"] for n in both}):
                yield finding(first, second, code, smaller_minutes(school, first, second), day)


def repeated_without_gain(school: School, pupil: Row, counted: list[Row], day: date) -> Iterator[Row]:
    for later in counted:
        before = [
            p
            for p in counted
            if p["provision_id"] == later["provision_id"]
            and p.get("end_date") is not None
            and p["end_date"] < later["start_date"]
        ]
        last = max(before, key=lambda p: (p["end_date"], p["start_date"]), default=None)
        if last and purpose_of(school, later) == "learning" and did_not_gain(school, last):
            yield finding(later, later, None, weekly_minutes(school, later), day)


def scale_of(placement: Row) -> str | None:
    measure = placement.get("measure")
    return measure.split("/", 1)[1] if measure and "/" in measure else measure


def gain_of(school: School, placement: Row) -> Fraction | None:
    """From entry to exit, positive in the better direction; nothing unless both are scores."""
    scale = scale_of(placement)
    entry, after = (score(school, scale, placement.get(c)) for c in ("entry_value", "exit_value"))
    return None if entry is None or after is None else (after - entry) * is_better(school, scale)


def did_not_gain(school: School, placement: Row) -> bool:
    if placement.get("outcome") == "not met":
        return True
    gain = gain_of(school, placement) if placement.get("measure") else None
    if gain is None:
        return False
    return gain < 0 if scale_row(school, scale_of(placement)).get("age_normed") else gain <= 0


def no_current_need(school: School, pupil: Row, counted: list[Row], day: date) -> Iterator[Row]:
    needs = live_needs(school, pupil, day)
    areas = {low(need_code_row(school, n["need_code"]).get("area")) for n in needs} - {None, "none"}
    for p in counted:
        answers = any(addresses(school, p, n) for n in needs) or lows(codes_of(school, p)) & areas
        excused = (
            p.get("required_by")
            or below_expected(school, pupil, provision_of(school, p).get("subject"), day)
            or any(holds(school, pupil, c, day) for c in entry_criteria(school, p))
        )
        if active(p, day) and is_additional(school, p) and not answers and not excused:
            yield finding(p, p, None, weekly_minutes(school, p), day) | {"other_provision_id": None}
