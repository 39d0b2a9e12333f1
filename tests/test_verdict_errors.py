"""A useless provision is promising in no more than one of twenty invented schools, however pupils are chosen.

Fewer seeds here than `python -m tests.benchmarks.verdicts`; the one-in-twenty is over all of them.
"""

from collections import Counter

import numpy as np
import pytest

from provmap.statistics import mean_interval
from tests.benchmarks.verdicts import SCHOOLS
from tests.invented_impact import CHOICES, judged, year_group

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
