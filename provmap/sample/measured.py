"""Scores that a school took with some provisions, so that each verdict on impact stands somewhere.

Since autumn 2024 New to English is followed by a clear gain in reading, Number Sense by a small one and Talk
Time, which takes pupils out of reading, by a loss; Writing Workshop is judged in grades. All else is mostly
too little to say. Number Sense is scored in the tests of the whole school, so that similar pupils are known.
A random stream of its own: nothing else of the sample changes with it.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.chance import stream
from provmap.sample.roll import SUBJECTS, Roll
from provmap.sample.scores import Scores
from provmap.store import SAMPLE_TODAY

SINCE = date(2024, 9, 1)
# The measure, and the mean and standard deviation of what is gained.
TAKEN = {
    "T04": ("mathematics/standardised", 1.2, 2.0),
    "T05": ("writing/teacher judgement", 0.0, 0.0),
    "T07": ("reading/standardised", -5.5, 2.0),
    "T08": ("reading/standardised", 5.5, 2.5),
}
# Scored in the tests that the whole school takes, so that pupils without it can be set beside those with it.
BY_TERM_TESTS = {"T04"}
GRADES = ["PK2", "PK4", "WTS", "EXS", "GDS"]


def measure_more(rows: list[dict[str, Any]], roll: Roll, scores: Scores, seed: int) -> None:
    """Fill in entry and exit of what is over and has none."""
    chance = stream(seed, roll.school.number, "measured")
    judged = scores.judgement()
    latest: dict[tuple[int, str], date] = {}
    for row in rows:
        key = row["pupil"], row["provision_id"]
        latest[key] = max(row["start_date"], latest.get(key, row["start_date"]))
    for row in rows:
        end = row["end_date"]
        if row["provision_id"] not in TAKEN or row["start_date"] < SINCE or not end or end >= SAMPLE_TODAY:
            continue
        luck, noise, missing = chance.normal(0, 1), chance.normal(0, 1.5), chance.random_sample() < 0.1
        again = latest[row["pupil"], row["provision_id"]] > end
        # Staying at a grade is no gain: that too the school does not give again.
        if missing or row.get("exit_value") or (again and row["provision_id"] == "T05"):
            continue
        measure, entry, leaving = _scores(row, scores, judged, luck=luck, noise=noise, again=again)
        before = row["start_date"] - timedelta(days=2 if noise > 0 else 0)
        row |= {"measure": measure, "entry_value": entry, "entry_date": row.get("entry_date") or before}
        row |= {"exit_value": leaving, "exit_date": end}
    for row in rows:
        if row["provision_id"] in BY_TERM_TESTS and row.get("exit_value"):
            row.update(_on_test_days(row, scores))


def _on_test_days(row: dict[str, Any], scores: Scores) -> dict[str, date]:
    """The last test of the school before it began and before it ended, where both were."""
    days = [term.test_day for term in scores.terms]
    before = [day for day in days if day < row["start_date"]]
    during = [day for day in days if row["start_date"] < day <= row["end_date"]]
    return {"entry_date": before[-1], "exit_date": during[-1]} if before and during else {}


def _scores(
    row: dict[str, Any], scores: Scores, judged: Any, *, luck: float, noise: float, again: bool
) -> tuple[str, str, str]:
    """The measure, and the scores at the start and at the end."""
    measure, mean, spread = TAKEN[row["provision_id"]]
    pupil, subject = row["pupil"], SUBJECTS.index(measure.partition("/")[0])
    tested = [n for n, term in enumerate(scores.terms) if term.test_day < row["start_date"]]
    place = tested[-1] if tested else 0
    if measure.endswith("teacher judgement"):
        grade = GRADES.index(judged[pupil, place, subject])
        return measure, GRADES[grade], GRADES[min(len(GRADES) - 1, grade + int(luck > 0.7))]
    level = scores.level[pupil, place, subject] + scores.gained[pupil, place, subject]
    entry = int(row.get("entry_value") or np.rint(level + noise))
    change = mean + spread * luck
    if again:
        # Where a pupil fell far, the school does not give the same again.
        change = max(change, 1.3 * luck) if mean < 0 else max(0.0, change)
    return measure, str(entry), str(entry + round(change))
