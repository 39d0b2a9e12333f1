"""Tiny schools for property tests: a few pupils each, with dates that crowd around the boundaries.

Everything lies close together on purpose. Days come from a short list around 3 March 2026 (the day
before, the day, and the day after each limit that the contract names), codes and values from shorter
ones, so that spans touch, scores tie and lists meet by chance. What is chosen is left to `choose`: drawn
by hypothesis, which can shrink a failure, or by a seeded random, which spreads better in bulk.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from tests.slow_history import GLOBAL_KEYS, KEYS, Import
from tests.slow_words import Row, School

Choose = Callable[[Sequence[Any]], Any]

TODAY = date(2026, 3, 3)
DAYS = sorted(
    {TODAY + timedelta(days=near - back) for back in (0, 30, 120, 366) for near in (-1, 0, 1)}
    | {date(2025, 8, 31), date(2025, 9, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 4, 1)}
)
SCHOOL_YEAR = [day for day in DAYS if day >= date(2025, 9, 1)]
IMPORT_DAYS = (date(2025, 9, 10), date(2026, 2, 1))
NONE_OR_DAY = [None, *DAYS]
OFTEN_NONE = [None] * len(DAYS) + DAYS
PROVISIONS = ("v1", "v2", "v3")
GROUPS = ("chess", "fsm", "sen_support")
YEAR_GROUPS = ("4", "5", "6")
NEEDS = ("SLCN", "MLD", "VI", "reading", "OTH")
CODE_LISTS = (
    None, ["SLCN"], ["SLCN", "MLD"], ["slcn", "VI"], ["Communication and Interaction"],
    ["sensory and physical", "SLCN"], ["MLD", "reading"], ["cognition and learning", "OTH"],
)  # fmt: skip
EXPECTED = {"standardised": "100", "teacher judgement": "EXS", "SDQ total": "16", "our own": "16"}
SCORES = {
    "standardised": ("99.5", "100", "A"),
    "teacher judgement": ("WTS", "EXS", "A"),
    "SDQ total": ("15", "16", "17"),
    "our own": ("15", "16", "absent"),
}
MEASURES = (
    None, "reading/standardised", "reading/standardised", "reading/SDQ total",
    "mathematics/teacher judgement", "reading/our own",
)  # fmt: skip
CRITERIA = (
    ("attendance", ("<", "<=", "=", ">", ">="), ("90", "0.8", "80")),
    ("reading/standardised", ("<", "<=", "=", ">"), ("99.5", "100")),
    ("need", ("=",), NEEDS),
    ("group", ("=",), GROUPS),
)
MINUTES = (None, 0.0, 10.0, 30.0)
# How many rows of each dataset one pupil may have.
HOW_MANY = {
    "enrolments": (0, 2), "memberships": (0, 2), "needs": (1, 3), "placements": (2, 6),
    "assessments": (1, 4), "attendance": (0, 2), "reviews": (0, 2),
}  # fmt: skip


def tiny_trust(choose: Choose, schools: Sequence[str]) -> list[Import]:
    """The two imports of a trust: all of it in September, a later roll with new needs in February."""
    first: School = {"expectations": [e for e in expectations() if choose((True, True, True, False))]}
    second: School = {}
    for school_id in schools:
        add(first, "provisions", [provision(choose, p) for p in PROVISIONS], school_id)
        add(first, "criteria", [criterion(choose) for _ in range(choose((0, 1, 2)))], school_id)
        add(first, "staff", [{"staff_id": "s1", "name": "Zoe"}, {"staff_id": "s2", "name": "Bo"}], school_id)
        add(first, "terms", [spring(choose) for _ in range(choose((0, 1)))], school_id)
        whole = [review(choose) | {"pupil_id": None} for _ in range(choose((0, 1)))]
        add(first, "reviews", whole, school_id)
        for pupil_id in ("p1", "p2", "p3")[: choose((1, 2, 3))]:
            add(first, "pupils", [on_the_roll(choose, pupil_id) | stay(choose)], school_id)
            if choose((True, False)):
                add(second, "pupils", [on_the_roll(choose, pupil_id)], school_id)
            for dataset, (fewest, most) in HOW_MANY.items():
                rows = [MAKERS[dataset](choose) for _ in range(choose(range(fewest, most + 1)))]
                add(first, dataset, rows, school_id, pupil_id)
            late = [need(choose) for _ in range(choose((0, 1)))]
            add(second, "needs", late, school_id, pupil_id)
    drawn = [Import(day, rows) for day, rows in zip(IMPORT_DAYS, (first, second), strict=True)]
    return [one for one in drawn if one.rows]


def add(rows: School, dataset: str, made: list[Row], school_id: str, pupil_id: str | None = None) -> None:
    """Adds rows of a school, the last of each key, as a file has to give them."""
    who = {"school_id": school_id} | ({"pupil_id": pupil_id} if pupil_id else {})
    key = (KEYS | GLOBAL_KEYS)[dataset]
    kept = {tuple(row.get(column) for column in key): row for row in (who | one for one in made)}
    if kept:
        rows.setdefault(dataset, []).extend(kept.values())


def expectations() -> list[Row]:
    return [
        {"scale": scale, "expected": expected, "subject": subject, "year_group": year, "term": term}
        for scale, expected in EXPECTED.items()
        for subject in ("reading", "Mathematics", "spelling")
        for year in ("4", "5")
        for term in ("autumn", "spring", "summer")
    ]


def span(choose: Choose, ends: Sequence[date | None] = OFTEN_NONE) -> Row:
    first, last = choose(DAYS), choose(ends)
    return {"start_date": min(first, last or first), "end_date": last and max(first, last)}


def provision(choose: Choose, provision_id: str) -> Row:
    return {
        "provision_id": provision_id, "name": f"Provision {provision_id}",
        "tier": choose(("universal", "targeted", "targeted", "specialist")),
        "subject": choose((None, None, "Reading", "mathematics")),
        "purpose": choose((None, "learning", "learning", "therapy", "welfare")),
        "need_codes": choose(CODE_LISTS), "minutes_per_session": choose(MINUTES),
        "sessions_per_week": choose((None, 1.0, 3.0)),
    }  # fmt: skip


def criterion(choose: Choose) -> Row:
    measure, comparators, values = choose(CRITERIA)
    return {
        "provision_id": choose(PROVISIONS), "kind": choose(("entry", "entry", "exit")), "measure": measure,
        "comparator": choose(comparators), "value": choose(values),
    }  # fmt: skip


def spring(choose: Choose) -> Row:
    return {
        "academic_year": "2025/26", "term": "spring", "start_date": choose((date(2026, 1, 2), TODAY)),
        "end_date": choose((TODAY, date(2026, 4, 1))),
    }  # fmt: skip


def on_the_roll(choose: Choose, pupil_id: str) -> Row:
    return {
        "pupil_id": pupil_id, "surname": f"Surname {pupil_id}", "forename": "Amira",
        "year_group": choose(("4", "5")), "class": choose((None, "Ash", "Oak")),
        "sen_status": choose((None, "N", "K", "E", "A")), "fsm": choose((None, True, False)),
        "pupil_premium": choose((None, True, False)),
    }  # fmt: skip


def stay(choose: Choose) -> Row:
    leaving = choose((None, None, None, None, TODAY, DAYS[-1]))
    return {"entry_date": choose(OFTEN_NONE), "leaving_date": leaving}


def enrolment(choose: Choose) -> Row:
    return {
        "academic_year": choose(("2024/25", "2025/26", "2025/26")), "year_group": choose(YEAR_GROUPS),
        "start_date": choose((None, *SCHOOL_YEAR)),
    }  # fmt: skip


def membership(choose: Choose) -> Row:
    return {"group_code": choose(GROUPS)} | span(choose)


def need(choose: Choose) -> Row:
    when = choose((span(choose), {"start_date": None, "end_date": choose(OFTEN_NONE)}))
    minutes = choose((None, 0.0, 30.0, 60.0, 90.5))
    return {"need_code": choose(("SLCN", *NEEDS)), "required_weekly_minutes": minutes} | when


def placement(choose: Choose) -> Row:
    return span(choose, [None] * 6 + DAYS) | {
        "provision_id": choose(PROVISIONS), "expected_end_date": choose(OFTEN_NONE),
        "need_codes": choose((*[None] * 6, [], *CODE_LISTS)),
        "minutes_per_session": choose(MINUTES), "sessions_per_week": choose((None, None, 1.0, 3.0)),
        "staff_ids": choose((None, [], ["s1"], ["s2", "s1"])),
        "required_by": choose((None, None, None, None, "ehcp")),
        "sessions_planned": choose((None, 0.0, 10.0)), "sessions_attended": choose((None, 0.0, 8.0)),
        "measure": choose(MEASURES),
        "entry_value": choose((None, "15", "16", "16", "EXS")), "entry_date": choose(NONE_OR_DAY),
        "exit_value": choose((None, "15", "16", "16", "WTS", "EXS")), "exit_date": choose(NONE_OR_DAY),
        "outcome": choose((None, None, None, "met", "not met")),
    }  # fmt: skip


def assessment(choose: Choose) -> Row:
    scale = choose(sorted(SCORES))
    scored = {"scale": scale, "value": choose(SCORES[scale]), "source": choose((None, "teacher", "test"))}
    dated = {
        "subject": choose(("reading", "mathematics")), "assessed_on": choose(DAYS), "academic_year": None,
        "term": None,
    }  # fmt: skip
    undated = {
        "subject": "spelling", "assessed_on": None, "academic_year": "2025/26",
        "term": choose(("autumn", "spring")),
    }  # fmt: skip
    return scored | choose((dated, dated, undated))


def attendance(choose: Choose) -> Row:
    possible = choose((0.0, 10.0))
    return span(choose, DAYS) | {"possible": possible, "attended": min(possible, choose((8.0, 9.0, 10.0)))}


def review(choose: Choose) -> Row:
    return {"provision_id": choose(PROVISIONS), "reviewed_on": choose(DAYS)}


MAKERS = {
    "enrolments": enrolment, "memberships": membership, "needs": need, "placements": placement,
    "assessments": assessment, "attendance": attendance, "reviews": review,
}  # fmt: skip
