"""`impact_by_provision` answered slowly, in plain Python (see tests/slow.py)."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.slow_duplications import gain_of
from tests.slow_scores import is_better, scale_row, score, scored
from tests.slow_words import Choice, Row, School, low, of_pupil, provision_of, pupils_in_scope


def impact_by_provision(school: School, day: date, choice: Choice) -> list[Row]:
    begun = [
        p
        for pupil, seen_on in ever_in_scope(school, day, choice)
        for p in until(school, of_pupil(school, "placements", pupil), seen_on, day)
    ]
    rows = []
    for key in {(p.get("school_id"), p["provision_id"], p.get("measure")) for p in begun}:
        placements = [p for p in begun if (p.get("school_id"), p["provision_id"], p.get("measure")) == key]
        both = [p for p in placements if counts_as_pair(school, p, day)]
        gains = [gain_of(school, p) for p in both]
        months = [
            (p["exit_date"] - p["entry_date"]).days / 30.4375
            for p in both
            if p.get("exit_date") and p.get("entry_date") and p["exit_date"] > p["entry_date"]
        ]
        rows.append(
            {
                "school_id": key[0],
                "provision_id": key[1],
                "measure": key[2],
                "provision": provision_of(school, placements[0])["name"],
                "placements": len(placements),
                "with_entry_and_exit": len(both),
                "mean_gain": sum(gains) / len(gains) if gains and not is_graded(school, both[0]) else None,
                "months_between": sum(months) / len(months) if months else None,
                "delivered_share": delivered_share(placements),
                **what_else_is_counted(school, placements, both, day),
            }
        )
    return rows


def ever_in_scope(school: School, day: date, choice: Choice) -> Iterator[tuple[Row, date]]:
    """Who is on roll as on the day; who has left as on the last day."""
    yield from ((pupil, day) for pupil in pupils_in_scope(school, day, choice))
    for pupil in school["pupils"]:
        left = pupil.get("leaving_date")
        if left and left < day:
            yield from ((p, left) for p in pupils_in_scope({**school, "pupils": [pupil]}, left, choice))


def until(school: School, placements: list[Row], seen_on: date, day: date) -> Iterator[Row]:
    """Placements begun while on roll; who has left has none after the last day."""
    for p in placements:
        if p["start_date"] <= seen_on:
            end = min(p.get("end_date") or seen_on, seen_on) if seen_on < day else p.get("end_date")
            found = {"measure": measure_of(school, p), "sessions_attended": attended(school, p, day)}
            yield {**p, **found, "end_date": end, "has_left": seen_on < day}


def attended(school: School, placement: Row, day: date) -> float | None:
    """As counted; else by the record of sessions, where there is one."""
    if placement.get("sessions_attended") is not None:
        return placement["sessions_attended"]
    last = min(placement.get("end_date") or day, day)
    held = [
        row
        for row in of_pupil(school, "sessions", placement)
        if row["provision_id"] == placement["provision_id"]
        and placement["start_date"] <= row["held_on"] <= last
    ]
    return sum(row["status"] == "attended" for row in held) if held else None


def measure_of(school: School, placement: Row) -> str | None:
    """What it is measured by: its own, else the provision's where its scale is known."""
    offered = provision_of(school, placement).get("quantitative_measure") or ""
    scale = low(offered.split("/", 1)[-1])
    known = {low(row["scale"]) for row in (*school["scales"], *school.get("assessments", []))}
    return placement.get("measure") or (offered if scale in known else None)


def what_else_is_counted(school: School, placements: list[Row], both: list[Row], day: date) -> Row:
    """Medians, ends, and the gains by the nearest assessments of those without scores of their own."""
    gains = sorted(gain_of(school, p) for p in both)
    graded = is_graded(school, placements[0])
    middle = len(gains) // 2
    over = [p for p in placements if p.get("end_date") and p["end_date"] < day]
    assessed = [gain for p in over if (gain := gain_by_assessments(school, p, day)) is not None]
    return {
        "median_gain": (gains[middle] + gains[-1 - middle]) / 2 if gains and not graded else None,
        "pupils_measured": len({p["pupil_id"] for p in both}),
        "ended": len(over),
        "left_school": sum(p["has_left"] for p in placements),
        "from_assessments": len(assessed),
        "assessed_gain": sum(assessed) / len(assessed) if assessed and not graded else None,
    }


def gain_by_assessments(school: School, placement: Row, day: date) -> Fraction | None:
    """From the score nearest to the first day to the one nearest to the last, each at most 42 days away."""
    if gain_of(school, placement) is not None or "/" not in (placement.get("measure") or ""):
        return None
    subject, scale = placement["measure"].split("/", 1)
    # The latest of a day comes last and stays.
    by_day = {
        a["assessed_on"]: score(school, a["scale"], a["value"])
        for a in scored(school, placement, day)
        if (low(a["subject"]), low(a["scale"])) == (low(subject), low(scale))
    }

    def nearest(to: date, after: date, latest_first: int) -> date | None:
        near = [d for d in by_day if abs((d - to).days) <= 42 and d > after]
        return min(near, key=lambda d: (abs((d - to).days), -latest_first * d.toordinal()), default=None)

    first = nearest(placement["start_date"], date.min, -1)
    last = nearest(placement["end_date"], first, 1) if first else None
    return (by_day[last] - by_day[first]) * is_better(school, scale) if last else None


def counts_as_pair(school: School, placement: Row, day: date) -> bool:
    by_then = placement.get("exit_date") is None or placement["exit_date"] <= day
    return by_then and bool(placement["measure"]) and gain_of(school, placement) is not None


def is_graded(school: School, placement: Row) -> bool:
    """Steps, of which there is no mean."""
    scale = (placement["measure"] or "").split("/", 1)[-1]
    return bool(scale) and scale_row(school, scale)["kind"] == "ordered"


def delivered_share(placements: list[Row]) -> float | None:
    known = [
        p
        for p in placements
        if p.get("sessions_planned") is not None and p.get("sessions_attended") is not None
    ]
    planned = sum(p["sessions_planned"] for p in known)
    return sum(p["sessions_attended"] for p in known) / planned if planned else None
