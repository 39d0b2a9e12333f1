"""A useless provision is promising in no more than one of twenty invented schools, however pupils are chosen.

Fewer seeds here than `python -m tests.benchmarks.verdicts`; the one-in-twenty is over all of them.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from provmap.statistics import mean_interval
from tests.benchmarks.verdicts import SCHOOLS
from tests.invented_impact import CHOICES, judged, year_group
from tests.invented_schools import SCALES, answers

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


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded scores", "nearest assessments"])
def test_of_whole_schools_a_useless_provision_is_seldom_promising_on_any_scale(
    tmp_path: Path, recorded: bool
) -> None:
    """Forty schools as files, imported and asked: one provision of each works, and three do not."""
    found = answers(tmp_path, range(10 if recorded else 5), recorded=recorded)
    for kind in SCALES:
        useless = found.filter(~pl.col("works"), kind=kind)["verdict"]
        assert useless.len() >= 15
        assert useless.eq("promising").sum() <= useless.len() / 20
    works = found.filter("works")["verdict"]
    assert works.eq("promising").sum() >= 0.4 * works.len()
    assert "worse than before" not in works


def test_growth_alone_makes_no_fall_unseen(tmp_path: Path) -> None:
    """A raw score that rises for all: who fell behind the others was low by chance, though it rose."""
    found = answers(tmp_path, range(9), ["raw score"])
    fell = found.filter(pl.col("way") == "those who fell most", ~pl.col("works"))
    assert fell["gain_low"].gt(0).all()
    assert "promising" not in fell["verdict"]


def test_without_an_earlier_test_nothing_is_promising_through_the_import(tmp_path: Path) -> None:
    found = answers(tmp_path, range(2), earlier=False)
    assert found["gain_low"].gt(0).sum() > found.height / 4
    assert "promising" not in found["verdict"]
