"""What a school plans and hears: groups, targets, reviews, voices, and figures to compare with."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.chance import stream
from provmap.sample.dates import LAST_YEAR, NONE, TODAY, number_day, terms_of, year_name
from provmap.sample.roll import SUBJECTS, Roll
from provmap.sample.scores import Scores
from provmap.store import SAMPLE_TODAY

Rows = list[dict[str, Any]]


def group_rows() -> Rows:
    """Groups that the school defined for itself."""
    return [
        {
            "group_code": "DISADV",
            "name": "Disadvantaged (governors' definition)",
            "counts_as_disadvantage": True,
            "definition": "Pupil premium, a social worker since 2023, or a young carer",
            "agreed_on": date(2024, 9, 24),
            "agreed_by": "Governing board",
        },
        {
            "group_code": "KEEPUP",
            "name": "Keep-up readers",
            "counts_as_disadvantage": False,
            "definition": "Read one to one with an adult each day",
            "agreed_on": date(2025, 9, 8),
            "agreed_by": "SENCO",
        },
        {
            "group_code": "NEWARR",
            "name": "New this year",
            "counts_as_disadvantage": False,
            "definition": "Joined after the start of the youngest year",
        },
    ]


def membership_rows(roll: Roll, scores: Scores, seed: int) -> Rows:
    """Who belongs to those groups, and free meals that ended; statuses of today come with the pupils."""
    chance = stream(seed, roll.school.number, "memberships")
    rows: Rows = []
    low = scores.level[:, -1, 0] < np.quantile(scores.level[:, -1, 0], 0.12)
    for pupil in range(len(roll)):
        pupil_id, entry = roll.pupil_id[pupil], number_day(int(roll.entry[pupil]))
        end = None if roll.leaving[pupil] == NONE else number_day(int(roll.leaving[pupil]))
        start = max(entry, date(2024, 9, 24))
        social_worker = chance.random_sample() < 0.02 and pupil >= roll.cast
        if (roll.premium[pupil] or roll.carer[pupil] or social_worker) and (end is None or end >= start):
            rows.append({"pupil_id": pupil_id, "group_code": "DISADV", "start_date": start, "end_date": end})
        if pupil < roll.cast:
            continue
        start = max(entry, date(2025, 9, 8))
        if low[pupil] and end is None:
            stopped = (
                date(2025, 12, 12) if start < date(2025, 12, 12) and chance.random_sample() < 0.3 else None
            )
            rows.append(
                {"pupil_id": pupil_id, "group_code": "KEEPUP", "start_date": start, "end_date": stopped}
            )
        if end is None and roll.entry[pupil] > TODAY - 183:
            rows.append({"pupil_id": pupil_id, "group_code": "NEWARR", "start_date": entry})
        stopped = entry + timedelta(days=300 + int(chance.randint(0, 500)))
        if roll.ever_6[pupil] and not roll.fsm[pupil] and stopped < min(end or SAMPLE_TODAY, SAMPLE_TODAY):
            rows.append({"pupil_id": pupil_id, "group_code": "fsm", "start_date": entry, "end_date": stopped})
    return rows


def target_rows(roll: Roll, scores: Scores, seed: int) -> Rows:
    """Targets of pupils with special needs or pupil premium, of a group, and of each class."""
    chance = stream(seed, roll.school.number, "targets")
    doubts = stream(seed, roll.school.number, "forecasts")
    rows: Rows = []
    judgements = scores.judgement()
    on_roll = roll.here(TODAY, LAST_YEAR)
    common = {
        "academic_year": year_name(LAST_YEAR),
        "scale": "teacher judgement",
        "due_on": terms_of(LAST_YEAR)[2].teacher_day,
        "set_on": date(LAST_YEAR, 9, 19),
    }
    before = max(len(scores.terms) - 3, 0)
    for pupil in np.flatnonzero(on_roll & (np.arange(len(roll)) >= roll.cast)):
        if roll.sen[pupil] == "N" and not roll.premium[pupil]:
            continue
        subject = int(chance.randint(0, 3))
        baseline = str(judgements[pupil, before, subject]) if scores.assessed[pupil, before] else None
        now = judgements[pupil, -1, subject]
        target = {"GDS": "GDS", "EXS": "EXS", "WTS": "EXS"}.get(now, "WTS")
        words = f"Reach {target} in {SUBJECTS[subject]} by July" if roll.sen[pupil] != "N" else None
        rows.append(
            {
                "pupil_id": roll.pupil_id[pupil],
                "subject": SUBJECTS[subject],
                "target": target,
                "baseline": baseline,
                "words": words,
                "agreed_with_pupil": bool(chance.random_sample() < 0.7),
                "agreed_with_parent": bool(chance.random_sample() < 0.5),
                "forecast": target if target == now or doubts.random_sample() < 0.6 else str(now),
                "forecast_on": date(LAST_YEAR + 1, 2, 6),
                **common,
            }
        )
        if scores.assessed[pupil, before]:
            who = (int(pupil), str(roll.pupil_id[pupil]))
            rows += _earlier_targets(who, subject, before, doubts, scores)
    for year in roll.school.years:
        for place in range(roll.school.class_count):
            rows.append(
                {
                    "class": roll.school.class_name(year, place),
                    "year_group": year,
                    "subject": "reading",
                    "target": "EXS",
                    "words": "Four in five pupils",
                    "share_needed": 0.8,
                    **common,
                }
            )
    rows.append(
        {
            "group_code": "pupil_premium",
            "subject": "mathematics",
            "target": "EXS",
            "words": "The gap to the rest halves",
            "share_needed": 0.75,
            **common,
        }
    )
    return rows


def _earlier_targets(
    who: tuple[int, str], subject: int, before: int, chance: np.random.RandomState, scores: Scores
) -> Rows:
    """For some: last year's target with what came of it, and one in points that fell due at Christmas."""
    pupil, pupil_id = who
    rows: Rows = []
    drawn = chance.random_sample()
    if drawn < 0.3:
        rows.append(
            {
                "pupil_id": pupil_id,
                "subject": SUBJECTS[subject],
                "scale": "teacher judgement",
                "target": "EXS",
                "set_on": date(LAST_YEAR - 1, 9, 20),
                "due_on": terms_of(LAST_YEAR - 1)[2].teacher_day,
                "academic_year": year_name(LAST_YEAR - 1),
                "result": str(scores.judgement()[pupil, before, subject]),
            }
        )
    if 0.2 < drawn < 0.5:
        # Tests are of reading and mathematics: the one that the other target is not about.
        tested = 2 if subject == 0 else 0
        score = int(scores.test()[pupil, before, tested])
        rows.append(
            {
                "pupil_id": pupil_id,
                "subject": SUBJECTS[tested],
                "scale": "standardised",
                "target": str(score + 4),
                "baseline": str(score),
                "set_on": date(LAST_YEAR, 9, 19),
                "due_on": terms_of(LAST_YEAR)[0].end,
                "academic_year": year_name(LAST_YEAR),
            }
        )
    return rows


def comparator_rows() -> Rows:
    """Figures shaped like the published ones; invented, and so not for comparing a real school with."""
    rows: Rows = []
    shares = {"reading": 75, "writing": 72, "mathematics": 74}
    for year in (LAST_YEAR - 2, LAST_YEAR - 1):
        for subject, share in shares.items():
            for group, less in (
                (None, 0),
                ("pupil_premium", 13),
                ("sen_support", 36),
                ("ehc_plan", 58),
                ("eal", 1),
            ):
                rows.append(
                    {
                        "measure": "expected_share",
                        "subject": subject,
                        "scale": "teacher judgement",
                        "year_group": "6",
                        "group_code": group,
                        "academic_year": year_name(year),
                        "source": "national",
                        "value": f"{(share - less + year % 2) / 100:.2f}",
                    }
                )
            rows.append(
                {
                    "measure": "mean_value",
                    "subject": subject,
                    "scale": "scaled score",
                    "year_group": "6",
                    "group_code": None,
                    "academic_year": year_name(year),
                    "source": "national",
                    "value": "x" if subject == "writing" else str(105 + (subject == "reading")),
                }
            )
            rows.append(
                {
                    "measure": "expected_share",
                    "subject": subject,
                    "scale": "teacher judgement",
                    "year_group": "6",
                    "group_code": "looked_after",
                    "academic_year": year_name(year),
                    "source": "local",
                    "value": "c",
                }
            )
            rows.append(
                {
                    "measure": "expected_share",
                    "subject": subject,
                    "scale": "teacher judgement",
                    "year_group": "6",
                    "academic_year": year_name(year),
                    "source": "similar schools",
                    "value": f"{(share - 6 + year % 2) / 100:.2f}",
                }
            )
        for measure, value in (("attendance_share", "0.945"), ("persistent_absence_share", "0.146")):
            common = {"measure": measure, "academic_year": year_name(year), "source": "national"}
            rows.append({**common, "value": value})
            rows.append({**common, "group_code": "ehc_plan", "source": "local", "value": "x"})
    return rows
