"""What a placement began with and ended with, and what it added to the pupil's later scores."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.catalogue import Provision
from provmap.sample.dates import Term, number_day
from provmap.sample.roll import SUBJECTS, Roll
from provmap.sample.scores import Scores
from provmap.store import SAMPLE_TODAY


def add_result(
    row: dict[str, Any],
    provision: Provision,
    roll: Roll,
    scores: Scores,
    *,
    chance: np.random.RandomState,
    term: Term,
) -> None:
    """Fill in attendance, entry, exit and outcome as schools do, and note where nothing was gained."""
    pupil, start, end = row["pupil"], row["start_date"], row["end_date"]
    until = min(end or SAMPLE_TODAY, SAMPLE_TODAY)
    weeks = max(0, (until - start).days // 7)
    if provision.weekly and weeks and chance.random_sample() < 0.7:
        planned = int(weeks * provision.weekly)
        share = np.clip(0.95 - 1.2 * roll.missed_share[pupil] + chance.normal(0, 0.05), 0.2, 1)
        row["sessions_planned"], row["sessions_attended"] = planned, round(planned * share)
    if chance.random_sample() < 0.5 and provision.outcome:
        row["intended_outcome"] = provision.outcome
    ended = end is not None and end < SAMPLE_TODAY
    gained = _measured(row, provision, roll, scores, chance=chance, term=term, ended=ended, weeks=weeks)
    if ended and chance.random_sample() < 0.6:
        luck = chance.random_sample() + (0.2 if gained is None or gained else -0.9)
        row["outcome"] = "met" if luck > 0.75 else "partly met" if luck > 0.08 else "not met"
    row["without_gain"] = gained is False or row.get("outcome") == "not met"


def _measured(
    row: dict[str, Any],
    provision: Provision,
    roll: Roll,
    scores: Scores,
    *,
    chance: np.random.RandomState,
    term: Term,
    ended: bool,
    weeks: int,
) -> bool | None:
    """Entry and exit values where they were taken; whether they show a gain, None where nobody can say."""
    measure = provision.measure
    if not measure or row["start_date"] > SAMPLE_TODAY or chance.random_sample() < 0.12:
        return None
    pupil, place = row["pupil"], _term_place(scores, term)
    row["measure"], row["entry_date"] = measure, row["start_date"] - timedelta(days=int(chance.randint(0, 6)))
    subject = "mathematics" if measure.startswith("math") else "reading"
    level = scores.level[pupil, place, SUBJECTS.index(subject)]
    # Weakly more for those who came and those whose need is easier to meet.
    effect = 1.2 - 6 * (roll.missed_share[pupil] - 0.05) - (0.8 if roll.sen[pupil] == "E" else 0)
    if measure.endswith("age"):
        entry = max(
            48, round(_months(roll, pupil, row["start_date"]) + (level - 100) * 0.8 + chance.normal(0, 2))
        )
        change = round(weeks / 4.35 * (1.1 + 0.3 * effect) + chance.normal(0, 2))
    elif measure.endswith("SDQ total"):
        entry, change = (
            int(np.clip(round(chance.normal(18, 4)), 6, 36)),
            -round(effect + chance.normal(0.9, 2.2)),
        )
    else:
        entry, change = round(level + chance.normal(0, 2)), round(effect + chance.normal(0.9, 2.6))
    row["entry_value"] = str(entry)
    if not ended or chance.random_sample() < 0.18:
        return None
    row["exit_value"], row["exit_date"] = str(max(0, entry + change)), row["end_date"]
    if subject in measure:
        scores.gained[pupil, place + 1 :, SUBJECTS.index(subject)] += max(0.0, min(effect, 1.5))
    if measure.endswith("standardised"):
        return bool(change >= 0)
    return bool(change < 0 if measure.endswith("SDQ total") else change > 0)


def _term_place(scores: Scores, term: Term) -> int:
    """The place of the term among those assessed; the last one for a term that has not been."""
    places = [n for n, other in enumerate(scores.terms) if other == term]
    return places[0] if places else len(scores.terms) - 1


def _months(roll: Roll, pupil: int, day: date) -> int:
    """Age in whole months."""
    born = number_day(int(roll.born[pupil]))
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
