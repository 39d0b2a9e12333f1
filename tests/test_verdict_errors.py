"""A useless provision is promising in no more than one of twenty invented schools, however pupils are chosen.

Fewer seeds here than `python -m tests.benchmarks.verdicts`; the one-in-twenty is over all of them.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from provmap.statistics import mean_interval
from tests.benchmarks.verdicts import SCHOOLS
from tests.invented_impact import CHOICES, judged, year_group
from tests.test_impact import END, START, had, result
from tests.tiny import PUPIL, TALK, answer, tiny_school

SEEDS = range(60)


@pytest.mark.parametrize("how", CHOICES)
def test_a_useless_provision_is_seldom_promising(how: str) -> None:
    for school in SCHOOLS.values():
        said = Counter(judged(seed, CHOICES[how], **school) for seed in SEEDS)
        assert said["promising"] <= len(SEEDS) / 20


def test_one_that_works_is_often_promising() -> None:
    said = [judged(seed, CHOICES["the lowest quarter by score"], 180, mean=100, effect=6) for seed in SEEDS]
    assert said.count("promising") >= 0.7 * len(SEEDS)


def test_the_gain_alone_would_have_called_most_useless_ones_promising() -> None:
    """What the rule is there for: chosen after a fall, a useless provision has a clear gain nearly always."""
    misled = 0
    for seed in SEEDS:
        year = year_group(np.random.default_rng(seed), 180, 100)
        has = CHOICES["those who fell most"](np.random.default_rng(seed), year)
        gains = (year.end - year.start)[has]
        misled += bool(mean_interval(gains.mean(), gains.std(ddof=1), gains.size).low > 0)
    assert misled >= 0.8 * len(SEEDS)


@pytest.mark.parametrize("earlier", [True, False], ids=["an earlier test is held", "no earlier test"])
def test_a_useless_provision_is_not_promising_through_the_import(tmp_path: Path, earlier: bool) -> None:
    """Four schools of one store, in each of which those who fell most had a provision that did nothing."""
    rows: dict[str, list[dict[str, Any]]] = {"schools": [], "pupils": [], "provisions": []}
    rows |= {"placements": [], "assessments": []}
    for seed in range(4):
        add_useless(rows, seed, earlier)
    found = answer(tiny_school(tmp_path, **rows), "impact_by_provision")
    assert len(found) == 4
    assert sum(row["gain_low"] > 0 for row in found) >= 3
    assert "promising" not in [row["verdict"] for row in found]
    told = [row["verdict_because"] for row in found if "chance low score" in row["verdict_because"]]
    assert bool(told) != earlier


def add_useless(rows: dict[str, list[dict[str, Any]]], seed: int, earlier: bool) -> None:
    """A school with a year group that was tested in June, in September and in December."""
    school = {"school_id": f"S{seed}"}
    chance = np.random.default_rng(seed)
    year = year_group(chance, 120, 100)
    has = CHOICES["those who fell most"](chance, year)
    rows["schools"].append(school | {"name": f"School {seed}"})
    rows["provisions"].append(TALK | school)
    tests = [(year.start, START), (year.end, END)]
    tests += [(year.before, START - timedelta(days=90))] if earlier else []
    for n in range(year.start.size):
        rows["pupils"].append(PUPIL | school | {"pupil_id": str(n)})
        rows["assessments"] += [result(n, round(scores[n]), on, **school) for scores, on in tests]
        if has[n]:
            rows["placements"].append(had(n, round(year.start[n]), round(year.end[n]), **school))
