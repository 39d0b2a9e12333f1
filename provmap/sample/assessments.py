"""Assessments as a school holds them: judgements and tests each term, the national checks, ages and SDQ."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.chance import Bools, Floats, Ints, Texts, stream
from provmap.sample.dates import day_number
from provmap.sample.needs import Need
from provmap.sample.roll import SUBJECTS, Roll
from provmap.sample.scores import EXPECTED, GREATER_DEPTH, Scores, phases_ahead, phonics_check, year_names
from provmap.store import SAMPLE_TODAY

Columns = dict[str, Any]
PHASES = np.array([f"Phase {n}" for n in range(1, 7)], dtype=object)
BY_TEACHER = {"teacher judgement", "phonics phase", "GCSE"}
TERMS = ("autumn", "spring", "summer")


def make_assessments(
    roll: Roll, scores: Scores, needs: list[Need], placements: list[dict[str, Any]], seed: int
) -> list[Columns]:
    """Blocks of columns of the `assessments` dataset."""
    chance = stream(seed, roll.school.number, "assessments")
    blocks = [_from_placements(placements), _wellbeing(roll, scores, needs, seed)]
    tests, judgements = _as_texts(scores.test()), scores.judgement()
    # The cast's marks are facts, so none of its members is ever away on the day.
    can_be_away = np.arange(len(roll)) >= roll.cast
    too_early = (roll.sen == "E") & (chance.random_sample(len(roll)) < 0.2) & can_be_away
    for number, term in enumerate(scores.terms):
        here, years = scores.assessed[:, number], year_names(roll, term.year)
        for place, subject in enumerate(SUBJECTS):
            away = (chance.random_sample(len(roll)) < roll.missed_share * 0.35) & can_be_away
            judged = np.where(away, "A", judgements[:, number, place])
            blocks.append(_block(roll, here, (subject, "teacher judgement"), judged, term.teacher_day))
            if subject != "writing":
                sat = here & ~away & ~too_early & (years != "R")
                sat &= (chance.random_sample(len(roll)) > 0.02) | ~can_be_away
                day = term.test_day + timedelta(days=place // 2)
                blocks.append(_block(roll, sat, (subject, "standardised"), tests[:, number, place], day))
        blocks += _phonics(roll, scores, number, here, years)
        if term.name == "summer":
            blocks += _national(roll, scores, number, here, years)
    return blocks


def _as_texts(numbers: Floats | Ints) -> Texts:
    """Whole numbers as a source gives them."""
    texts: Texts = np.rint(numbers).astype(np.int64).astype(str).astype(object)
    return texts


def _block(roll: Roll, who: Bools, words: tuple[str, str], values: Texts, day: date) -> Columns:
    """The results of some pupils on one day; `words` are the subject and the scale."""
    places = np.flatnonzero(who)
    subject, scale = words
    return {
        "pupil_id": roll.pupil_id[places].tolist(),
        "subject": [subject] * len(places),
        "scale": [scale] * len(places),
        "value": values[places].tolist(),
        "assessed_on": [day] * len(places),
        "source": ["teacher" if scale in BY_TEACHER else "test"] * len(places),
    }


def _phonics(roll: Roll, scores: Scores, number: int, here: Bools, years: Texts) -> Iterator[Columns]:
    """Phases while phonics is taught, and the check in the summer of year 1."""
    term = scores.terms[number]
    checked = here & (years == "1") & (term.name == "summer")
    taught = here & ((years == "R") | (years == "1")) & ~checked
    ahead = phases_ahead(scores.level[:, number, 0])
    phase = np.clip(TERMS.index(term.name) + np.where(years == "1", 3, 0) + ahead, 0, 5)
    yield _block(roll, taught, ("phonics", "phonics phase"), PHASES[phase], term.teacher_day)
    marks = _as_texts(phonics_check(roll, scores, number))
    yield _block(roll, checked, ("phonics", "phonics check"), marks, term.test_day - timedelta(days=5))


def _national(roll: Roll, scores: Scores, number: int, here: Bools, years: Texts) -> Iterator[Columns]:
    """The multiplication check of year 4, the tests of year 6, and forecasts of years 10 and 11."""
    term, reading, maths = scores.terms[number], scores.level[:, number, 0], scores.level[:, number, 2]
    times = _as_texts(np.clip(20.7 + (maths - 103) * 0.35 + scores.luck[:, number, 1], 0, 25))
    june, may = term.test_day - timedelta(days=5), term.half_term - timedelta(days=13)
    yield _block(roll, here & (years == "4"), ("mathematics", "multiplication check"), times, june)
    for subject, level in (("reading", reading), ("mathematics", maths)):
        scaled = _as_texts(np.clip(105.5 + (level - 103.5) * 0.65, 80, 120))
        yield _block(roll, here & (years == "6"), (subject, "scaled score"), scaled, may)
    late = here & ((years == "10") | (years == "11"))
    grades = _as_texts(np.clip(4.7 + (maths - 100) / 8, 1, 9))
    yield _block(roll, late, ("mathematics", "GCSE"), grades, term.teacher_day)


def _from_placements(placements: list[dict[str, Any]]) -> Columns:
    """Reading ages taken when a placement began and ended."""
    rows = [
        (row["pupil_id"], row[f"{end}_value"], row[f"{end}_date"])
        for row in placements
        if row.get("measure") == "reading/age"
        for end in ("entry", "exit")
        if row.get(f"{end}_value") and row[f"{end}_date"] <= SAMPLE_TODAY
    ]
    return {
        "pupil_id": [row[0] for row in rows],
        "subject": ["reading"] * len(rows),
        "scale": ["age"] * len(rows),
        "value": [row[1] for row in rows],
        "assessed_on": [row[2] for row in rows],
        "source": ["test"] * len(rows),
    }


def _wellbeing(roll: Roll, scores: Scores, needs: list[Need], seed: int) -> Columns:
    """SDQ totals, autumn and summer, of most pupils with a social, emotional or mental health need."""
    chance = stream(seed, roll.school.number, "wellbeing")
    columns: Columns = {name: [] for name in ("pupil_id", "value", "assessed_on")}
    for need in needs:
        if need.code != "SEMH" or chance.random_sample() < 0.2:
            continue
        total = chance.normal(18, 4)
        for number, term in enumerate(scores.terms):
            if (
                term.name == "spring"
                or day_number(term.test_day) < need.start
                or not scores.assessed[need.pupil, number]
            ):
                continue
            total += chance.normal(-0.5, 2)
            columns["pupil_id"].append(roll.pupil_id[need.pupil])
            columns["value"].append(str(int(np.clip(round(total), 2, 38))))
            columns["assessed_on"].append(term.test_day + timedelta(days=2))
    count = len(columns["value"])
    return columns | {
        "subject": ["wellbeing"] * count,
        "scale": ["SDQ total"] * count,
        "source": ["teacher"] * count,
    }


def expectation_rows(years: tuple[str, ...]) -> list[dict[str, Any]]:
    """What the schools expect, where provmap ships nothing: test scores, ages, Reception, phonics phases."""
    rows = []
    for year in years:
        for step, term in enumerate(TERMS):
            if year in ("R", "1"):
                # One phase behind the teaching is still on track.
                rows.append(
                    {
                        "scale": "phonics phase",
                        "subject": "phonics",
                        "year_group": year,
                        "term": term,
                        "expected": PHASES[max(0, step - 1 + (3 if year == "1" else 0))],
                    }
                )
            if year == "R":
                rows += [
                    {
                        "scale": "teacher judgement",
                        "subject": subject,
                        "year_group": year,
                        "term": term,
                        "expected": "EXS",
                        "greater_depth": "GDS",
                    }
                    for subject in SUBJECTS
                ]
                continue
            rows += [
                {
                    "scale": "standardised",
                    "subject": subject,
                    "year_group": year,
                    "term": term,
                    "expected": str(EXPECTED),
                    "greater_depth": str(GREATER_DEPTH),
                }
                for subject in ("reading", "mathematics")
            ]
            if int(year) <= 9:
                rows.append(
                    {
                        "scale": "age",
                        "subject": "reading",
                        "year_group": year,
                        "term": term,
                        "expected": str(12 * (int(year) + 4) + 6 + 4 * step),
                        "greater_depth": None,
                    }
                )
    return rows


def scale_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The schools' own ordered scale."""
    meanings = (
        "Hears sounds",
        "First letters",
        "All single sounds",
        "Blends clusters",
        "Other spellings",
        "Fluent",
    )
    values = [
        {"scale": "phonics phase", "value": value, "rank": float(rank), "meaning": words}
        for rank, (value, words) in enumerate(zip(PHASES, meanings, strict=True), start=1)
    ]
    return [{"scale": "phonics phase", "kind": "ordered", "better": "higher", "age_normed": False}], values
