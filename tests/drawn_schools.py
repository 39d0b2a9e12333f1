"""The tiny drawn schools of tests/tiny_schools.py with sizes, years, skills and sessions."""

from datetime import date, timedelta

from tests.slow_history import Import
from tests.tiny_schools import (
    DAYS,
    GROUPS,
    PROVISIONS,
    TODAY,
    YEAR_GROUPS,
    Choose,
    add,
    criterion,
    tiny_trust,
)

DELIVERIES = (None, "whole class", "guided group", "group", "group", "one to one", "beyond school")


def deciding_trust(choose: Choose, schools: list[str]) -> list[Import]:
    """A trust as imported, with more written down about its provisions and who gives them."""
    imports = tiny_trust(choose, schools)
    rows = imports[0].rows
    for row in rows["provisions"]:
        row |= {
            "delivery": choose(DELIVERIES), "group_size": choose((None, 1, 2, 4)),
            "year_groups": choose((None, None, [], ["4"], ["4", "5"])),
            "group_codes": choose((None, [], ["fsm"], ["FSM", "chess"])),
            "skills_required": choose((None, [], ["talk"], ["Talk", "number"])),
            "lead": choose((None, " ", "Zoe")), "monitoring": choose((None, "termly")),
            "quantitative_measure": "reading/age", "qualitative_measure": choose((None, "voices")),
            "start_date": choose((None, None, TODAY, TODAY + timedelta(days=1))),
            "end_date": choose((None, None, TODAY + timedelta(days=1))),
        }  # fmt: skip
    for row in rows.get("placements", []):
        row |= {
            "group_name": choose((None, "A", "B")),
            "subject_missed": choose((None, None, "art", "Reading")),
        }
    for row in rows.get("attendance", []):
        row |= {"agreed_part_time": choose((None, 0.0, 2.0))}
    for row in [row for one in imports for row in one.rows.get("needs", [])]:
        row |= {"barrier": choose((None, "words", "Words", "memory"))}
    for school_id in schools:
        add_to(rows, "criteria", [criterion(choose) for _ in range(choose((1, 3, 5)))], school_id)
        add_to(rows, "training", [trained(choose) for _ in range(choose((0, 2, 5)))], school_id)
        sessions = [session(choose) for _ in range(choose((0, 10, 25)))]
        add_to(rows, "sessions", sessions, school_id)
    return imports


def add_to(rows: dict, dataset: str, made: list[dict], school_id: str) -> None:
    """Adds rows, the last of each key over those that were there."""
    held = [row for row in rows.get(dataset, []) if row["school_id"] == school_id]
    rows[dataset] = [row for row in rows.get(dataset, []) if row["school_id"] != school_id]
    bare = [{name: value for name, value in row.items() if name != "school_id"} for row in held]
    add(rows, dataset, [*bare, *made], school_id)
    if not rows[dataset]:
        del rows[dataset]


def trained(choose: Choose) -> dict:
    return {
        "staff_id": choose(("s1", "s2", "s3")), "skill": choose(("talk", "Number", "ELSA")),
        "gained_on": choose((date(2025, 9, 1), TODAY, TODAY + timedelta(days=1))),
        "expires_on": choose((None, TODAY - timedelta(days=1), TODAY)),
    }  # fmt: skip


def session(choose: Choose) -> dict:
    return {
        "pupil_id": choose(("p1", "p2", "p3")), "provision_id": choose(PROVISIONS),
        "held_on": TODAY - timedelta(days=choose(range(40))),
        "status": choose(("attended", "attended", "absent")),
        "minutes": choose((None, 10.0, 20.0)),
    }  # fmt: skip


__all__ = ["DAYS", "GROUPS", "YEAR_GROUPS", "deciding_trust"]
