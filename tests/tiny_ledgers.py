"""Tiny schools for the ledger: several results a subject over two years, and provision around its limits."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests.slow_history import Import
from tests.slow_words import Row, School
from tests.tiny_schools import TODAY, Choose, add

DATED = date(2025, 9, 10)
RESULT_DAYS = [
    date(2024, 10, 1), date(2025, 1, 31), date(2025, 3, 1), date(2025, 3, 2), date(2025, 3, 3),
    date(2025, 6, 15), date(2025, 10, 10), date(2025, 11, 20), date(2025, 12, 31), date(2026, 1, 1),
    date(2026, 2, 10), date(2026, 3, 2), TODAY, date(2026, 3, 4),
]  # fmt: skip
# A term of provision is 84 days, its first and last included; what ended 366 days ago still counts.
STARTS = [TODAY - timedelta(days=n) for n in (500, 400, 120, 84, 83, 82, 40, 30, 1, 0, -5)]
ENDS = [TODAY - timedelta(days=n) for n in (367, 366, 100, 40, 1, 0)]
SCORES = {
    "standardised": ("90", "97.5", "99", "100", "107", "110"),
    "teacher judgement": ("PK6", "WTS", "EXS", "GDS", "A"),
    "age": ("110", "111", "120"),
    "SDQ total": ("12", "15", "16", "17", "20"),
    "our own": ("15", "16", "20"),
}
MARKS = {
    "standardised": ("100", "110"), "teacher judgement": ("EXS", "GDS"), "age": ("111", None),
    "SDQ total": ("16", "12"), "our own": ("16", None),
}  # fmt: skip
SUBJECTS = ("reading", "mathematics")
CODES = (None, ["reading"], ["MLD"], ["Cognition and Learning"], ["SLCN"], ["mathematics", "SPLD"], ["SPLD"])


def ledger_trust(choose: Choose, schools: Sequence[str]) -> tuple[list[Import], list[Row]]:
    """One import of a trust, and its targets beside it."""
    rows: School = {"expectations": [one for one in marks() if choose((True,) * 5 + (False,))]}
    for school_id in schools:
        add(rows, "provisions", [provision(choose, f"v{n}") for n in range(4)], school_id)
        if choose((True, False)):
            add(rows, "terms", [{"academic_year": "2025/26", "term": "spring",
                                 "start_date": choose((date(2026, 1, 5), TODAY)),
                                 "end_date": date(2026, 4, 1)}], school_id)  # fmt: skip
        for pupil_id in ("p1", "p2", "p3"):
            pupil(rows, choose, school_id, pupil_id)
    targets = rows.pop("targets", [])
    return [Import(DATED, rows | ({"targets": targets} if targets else {}))], targets


def pupil(rows: School, choose: Choose, school_id: str, pupil_id: str) -> None:
    roll = {
        "pupil_id": pupil_id, "surname": f"Surname {pupil_id}", "forename": "Amira",
        "year_group": choose(("4", "5")), "class": choose(("Ash", "Oak")),
        "more_able": choose((None, False, False, True)),
        "entry_date": None, "leaving_date": None,
    }  # fmt: skip
    add(rows, "pupils", [roll], school_id)
    scales = {subject: choose(sorted(SCORES)) for subject in SUBJECTS}
    some = [result(choose, scales) for _ in range(choose((2, 5, 8)))]
    add(rows, "assessments", some, school_id, pupil_id)
    add(rows, "needs", [need(choose) for _ in range(choose((0, 1, 2)))], school_id, pupil_id)
    add(rows, "placements", [placement(choose) for _ in range(choose((0, 1, 2, 4)))], school_id, pupil_id)
    for _ in range(choose((0, 0, 1))):
        rows.setdefault("targets", []).append(
            {"school_id": school_id, "pupil_id": pupil_id} | target(choose, scales)
        )


def marks() -> list[Row]:
    return [
        {"scale": scale, "expected": expected, "greater_depth": deeper, "subject": subject,
         "year_group": year, "term": term}
        for scale, (expected, deeper) in MARKS.items() for subject in SUBJECTS for year in ("4", "5")
        for term in ("autumn", "spring", "summer")
    ]  # fmt: skip


def provision(choose: Choose, provision_id: str) -> Row:
    return {
        "provision_id": provision_id, "name": f"Provision {provision_id}",
        "tier": choose(("universal", "universal", "targeted", "specialist")),
        "subject": choose((None, None, "Reading", "mathematics")), "need_codes": choose(CODES),
        "year_groups": choose((None, None, ["4"])), "start_date": None,
        "end_date": choose((None, None, None, TODAY, TODAY - timedelta(days=1))),
    }  # fmt: skip


def result(choose: Choose, scales: dict[str, str]) -> Row:
    subject = choose(SUBJECTS)
    scale = choose((scales[subject],) * 5 + (choose(sorted(SCORES)),))
    return {
        "subject": subject, "scale": scale, "value": choose(SCORES[scale]),
        "assessed_on": choose(RESULT_DAYS),
        "academic_year": None, "term": None, "source": choose((None, "teacher", "test")),
    }  # fmt: skip


def need(choose: Choose) -> Row:
    return {
        "need_code": choose(("MLD", "SPLD", "SLCN", "MORE_ABLE", "reading")),
        "start_date": choose((date(2025, 9, 1), date(2026, 1, 1), TODAY)),
        "end_date": choose((None, None, None, TODAY, date(2026, 3, 4))),
    }  # fmt: skip


def placement(choose: Choose) -> Row:
    start, end = choose(STARTS), choose([None] * 5 + ENDS)
    return {
        "provision_id": choose(("v0", "v1", "v2", "v3")), "start_date": start,
        "end_date": end if end is not None and end >= start else None,
        "need_codes": choose((None, None, *CODES)),
    }  # fmt: skip


def target(choose: Choose, scales: dict[str, str]) -> dict[str, Any]:
    subject = choose(SUBJECTS)
    scores = SCORES[scales[subject]]
    return {
        "subject": subject, "scale": choose((None, scales[subject])), "target": choose(scores),
        "baseline": choose((None, *scores)), "set_on": choose((date(2025, 9, 15), date(2026, 2, 10), TODAY)),
        "due_on": choose((None, TODAY - timedelta(days=1), TODAY, date(2026, 7, 1))),
        "agreed_with_pupil": choose((None, True, False)), "agreed_with_parent": choose((None, True, False)),
    }  # fmt: skip
