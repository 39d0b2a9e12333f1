"""Assessments as a school holds them: judgements and tests each term, the national checks, ages and SDQ."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.chance import Bools, Texts, stream
from provmap.sample.dates import SAMPLE_TODAY, Term, day_number
from provmap.sample.needs import Need
from provmap.sample.roll import SUBJECTS, Roll
from provmap.sample.scores import EXPECTED, GREATER_DEPTH, Scores, phonics_check, year_names

Columns = dict[str, Any]
PHASES = np.array([f"Phase {n}" for n in range(1, 7)], dtype=object)


def make_assessments(
    roll: Roll, scores: Scores, needs: list[Need], placements: list[dict[str, Any]], seed: int
) -> list[Columns]:
    """Blocks of columns of the `assessments` dataset."""
    chance = stream(seed, roll.school.number, "assessments")
    blocks = [_from_placements(placements), _wellbeing(roll, scores, needs, seed)]
    tests, judgements = scores.test(), scores.judgement()
    # The cast's marks are facts, so none of its members is ever away on the day.
    can_be_away = np.arange(len(roll)) >= roll.cast
    too_early = np.isin(roll.sen.astype(str), ["E"]) & (chance.random_sample(len(roll)) < 0.2) & can_be_away
    for number, term in enumerate(scores.terms):
        here, years = scores.assessed[:, number], year_names(roll, term.year)
        for place, subject in enumerate(SUBJECTS):
            away = (chance.random_sample(len(roll)) < roll.missed_share * 0.35) & can_be_away
            value = np.where(away, "A", judgements[:, number, place])
            blocks.append(_block(roll, here, subject, "teacher judgement", value, term.teacher_day, "teacher"))
            if subject != "writing":
                sat = here & ~away & ~too_early & (years != "R")
                sat &= (chance.random_sample(len(roll)) > 0.02) | ~can_be_away
                day = term.test_day + timedelta(days=place // 2)
                value = tests[:, number, place].astype(str).astype(object)
                blocks.append(_block(roll, sat, subject, "standardised", value, day, "test"))
        blocks += _checks(roll, scores, number, term, here, years)
    return blocks


def _block(
    roll: Roll, who: Bools, subject: str, scale: str, value: Texts, day: date, source: str
) -> Columns:
    places = np.flatnonzero(who)
    return {
        "pupil_id": roll.pupil_id[places].tolist(), "subject": [subject] * len(places), "scale": [scale] * len(places),
        "value": value[places].tolist(), "assessed_on": [day] * len(places), "source": [source] * len(places),
    }  # fmt: skip


def _checks(roll: Roll, scores: Scores, number: int, term: Term, here: Bools, years: Texts) -> list[Columns]:
    """Phonics phases while phonics is taught, and the national checks of the summer."""
    reading, maths = scores.level[:, number, 0], scores.level[:, number, 2]
    taught = here & ((years == "R") | ((years == "1") & (term.name != "summer")))
    step = {"autumn": 0, "spring": 1, "summer": 2}[term.name] + np.where(years == "1", 3, 0)
    phase = np.clip(step + np.rint((reading - 100) / 14), 0, 5).astype(int)
    blocks = [_block(roll, taught, "phonics", "phonics phase", PHASES[phase], term.teacher_day, "teacher")]
    if term.name != "summer":
        return blocks
    june = term.test_day - timedelta(days=5)
    check = phonics_check(roll, scores, number)
    times = np.clip(np.rint(20.7 + (maths - 103) * 0.35 + scores.luck[:, number, 1]), 0, 25).astype(int)
    met = np.where(scores.level[:, number].mean(axis=1) > 98.5, "met", "not met").astype(object)
    words = ("phonics", "phonics check", check.astype(str).astype(object), june, "test")
    blocks.append(_block(roll, here & (years == "1"), *words))
    words = ("mathematics", "multiplication check", times.astype(str).astype(object), june, "test")
    blocks.append(_block(roll, here & (years == "4"), *words))
    words = ("good level of development", "GLD", met, term.teacher_day - timedelta(days=7), "teacher")
    blocks.append(_block(roll, here & (years == "R"), *words))
    may = term.half_term - timedelta(days=13)
    for subject, level in (("reading", reading), ("mathematics", maths)):
        scaled = np.clip(np.rint(105.5 + (level - 103.5) * 0.65), 80, 120).astype(int).astype(str).astype(object)
        blocks.append(_block(roll, here & (years == "6"), subject, "scaled score", scaled, may, "test"))
    grade = np.clip(np.rint(4.7 + (maths - 100) / 8), 1, 9).astype(int).astype(str).astype(object)
    late = here & np.isin(years.astype(str), ["10", "11"])
    return [*blocks, _block(roll, late, "mathematics", "GCSE", grade, term.teacher_day, "teacher")]


def _from_placements(placements: list[dict[str, Any]]) -> Columns:
    """Reading ages taken when a placement began and ended."""
    rows = [
        (row["pupil_id"], row[f"{end}_value"], row[f"{end}_date"])
        for row in placements if row.get("measure") == "reading/age"
        for end in ("entry", "exit") if row.get(f"{end}_value") and row[f"{end}_date"] <= SAMPLE_TODAY
    ]  # fmt: skip
    return {
        "pupil_id": [row[0] for row in rows], "subject": ["reading"] * len(rows), "scale": ["age"] * len(rows),
        "value": [row[1] for row in rows], "assessed_on": [row[2] for row in rows], "source": ["test"] * len(rows),
    }  # fmt: skip


def _wellbeing(roll: Roll, scores: Scores, needs: list[Need], seed: int) -> Columns:
    """SDQ totals, autumn and summer, of most pupils with a social, emotional or mental health need."""
    chance = stream(seed, roll.school.number, "wellbeing")
    columns: Columns = {name: [] for name in ("pupil_id", "value", "assessed_on")}
    for need in needs:
        if need.code != "SEMH" or chance.random_sample() < 0.2:
            continue
        total = chance.normal(18, 4)
        for number, term in enumerate(scores.terms):
            if term.name == "spring" or day_number(term.test_day) < need.start or not scores.assessed[need.pupil, number]:
                continue
            total += chance.normal(-0.5, 2)
            columns["pupil_id"].append(roll.pupil_id[need.pupil])
            columns["value"].append(str(int(np.clip(round(total), 2, 38))))
            columns["assessed_on"].append(term.test_day + timedelta(days=2))
    count = len(columns["value"])
    return columns | {"subject": ["wellbeing"] * count, "scale": ["SDQ total"] * count, "source": ["teacher"] * count}


def expectation_rows(years: tuple[str, ...]) -> list[dict[str, Any]]:
    """What the schools expect, where provmap ships nothing: standardised scores, ages, and judgements in Reception."""
    rows = []
    for year in years:
        for step, term in enumerate(("autumn", "spring", "summer")):
            if year == "R":
                rows += [{"scale": "teacher judgement", "subject": subject, "year_group": year, "term": term,
                          "expected": "EXS", "greater_depth": "GDS"} for subject in SUBJECTS]
                continue
            rows += [{"scale": "standardised", "subject": subject, "year_group": year, "term": term,
                      "expected": str(EXPECTED), "greater_depth": str(GREATER_DEPTH)}
                     for subject in ("reading", "mathematics")]
            if int(year) <= 9:
                rows.append({"scale": "age", "subject": "reading", "year_group": year, "term": term,
                             "expected": str(12 * (int(year) + 4) + 6 + 4 * step), "greater_depth": None})
    return rows


def scale_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The schools' own ordered scale."""
    meanings = ("Hears sounds", "First letters", "All single sounds", "Blends clusters", "Other spellings", "Fluent")
    values = [{"scale": "phonics phase", "value": value, "rank": float(rank), "meaning": words}
              for rank, (value, words) in enumerate(zip(PHASES, meanings, strict=True), start=1)]
    return [{"scale": "phonics phase", "kind": "ordered", "better": "higher", "age_normed": False}], values
