"""Invented year groups in which it is known whether a provision works, and the comparison of pupils in NumPy.

Each pupil has a true level that drifts, and every test an error, so that whoever is chosen by a low score or
a fall rises again by itself. Nothing here is shared with the SQL: `facts` works out what the question hands
to the statistics a second time, from three tests of one year group (before the start, at the start, at the
end).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from provmap.statistics import verdicts

LEAST = {"least_pupils": 10, "least_share": 0.75}
NEAR, SIMILAR, REGAINED = 0.4 * 15, 3, 0.25
Choose = Callable[[np.random.Generator, "Year"], np.ndarray]


@dataclass(frozen=True)
class Year:
    """A year group: the true level at the start, the score before, at the start and at the end, and need."""

    level: np.ndarray
    before: np.ndarray
    start: np.ndarray
    end: np.ndarray
    has_need: np.ndarray


def year_group(chance: np.random.Generator, pupils: int, mean: float) -> Year:
    """SD 13 in truth, an error of 5 a test (reliability 0.87), a drift of 3 between tests, unlike classes."""
    spread, error, drift = 13.0, 5.0, 3.0
    kept = np.sqrt(1 - (drift / spread) ** 2)
    levels = [chance.normal(mean, spread, pupils)]
    for _ in range(2):
        levels.append(mean + (levels[-1] - mean) * kept + chance.normal(0, drift, pupils))
    classes = np.arange(pupils) % max(1, pupils // 30)
    levels[2] = levels[2] + chance.normal(0, 1, classes.max() + 1)[classes]
    before, start, end = (level + chance.normal(0, error, pupils) for level in levels)
    has_need = chance.random(pupils) < 1 / (1 + np.exp((levels[0] - 85) / 6))
    return Year(levels[1], before, start, end, has_need)


# How pupils come to a provision. Every one of these is useless unless `effect` says otherwise.
CHOICES: dict[str, Choose] = {
    "the lowest quarter by score": lambda _, year: year.start <= np.quantile(year.start, 0.25),
    "most of the low scorers": lambda chance, year: (
        chance.random(year.start.size) < np.where(year.start <= np.quantile(year.start, 0.35), 0.6, 0.05)
    ),
    "those who fell most": lambda _, year: (
        year.start - year.before <= np.quantile(year.start - year.before, 0.2)
    ),
    "low scorers who had fallen": lambda _, year: (year.start - year.before <= -5) & (year.start < 100),
    "by the teacher's knowledge": lambda chance, year: (
        year.level + chance.normal(0, 4, year.level.size) <= np.quantile(year.level, 0.25)
    ),
    "by lot": lambda chance, year: chance.random(year.start.size) < 0.3,
}


def judged(
    seed: int, choose: Choose, pupils: int, *, mean: float, effect: float = 0, alone: bool = False,
    earlier: bool = True,
) -> str:  # fmt: skip
    """The verdict on a provision of one invented year group.

    `alone`: the school tests nobody else; `earlier`: it holds the test before the start.
    """
    chance = np.random.default_rng(seed)
    year = year_group(chance, pupils, mean)
    has = choose(chance, year)
    found = facts(year, has, effect, alone, earlier)
    rows = {name: np.array([float(value)]) for name, value in found.items()}
    return str(verdicts(rows, {name: np.array([value]) for name, value in LEAST.items()})["verdict"][0])


def facts(
    year: Year, has: np.ndarray, effect: float = 0, alone: bool = False, earlier: bool = True
) -> dict[str, float]:
    """What the question works out of the pairs of those who have the provision (six months apart)."""
    end = year.end + effect * has
    starting = (year.start + year.before) / 2 if earlier else year.start
    gain, from_start = (end - year.start)[has], (end - starting)[has]
    beyond_norm = from_start - REGAINED * np.maximum(0, 100 - starting[has])
    pairs = int(has.sum())
    found = {
        "pairs": pairs, "pupils": pairs, "ended": pairs, "far_apart": pairs, "is_ordered": 0, "scale_sd": 15,
        "mean": mean(gain), "sd": sd(gain), "norm_pairs": pairs, "norm_pupils": pairs,
        "norm_mean": mean(beyond_norm), "norm_sd": sd(beyond_norm), "norm_before": pairs * earlier,
    }  # fmt: skip
    beside = compared(starting, end - starting, has, year.has_need, alone)
    return found | beside | {"similar_before": beside["similar_pairs"] * earlier}


def compared(
    starting: np.ndarray, gains: np.ndarray, has: np.ndarray, needs: np.ndarray, alone: bool
) -> dict[str, float]:
    """Each pupil with the provision against the similar ones without it."""
    distance = starting[~has][None, :] - starting[has][:, None]
    alike = (np.abs(distance) <= NEAR) & (needs[has][:, None] == needs[~has][None, :]) & (not alone)
    enough = alike.sum(1) >= SIMILAR
    alike, distance = alike[enough], distance[enough]
    share = alike / alike.sum(1, keepdims=True)
    beyond = gains[has][enough] - (share * (gains[~has] + REGAINED * np.maximum(0, distance))).sum(1)
    weights = share.sum(0)
    return {
        "similar_pairs": int(enough.sum()), "similar_pupils": int(enough.sum()),
        "similar_mean": mean(beyond), "similar_sd": sd(beyond),
        "similar_weight": weights.sum() ** 2 / (weights**2).sum() if enough.any() else np.nan,
        "similar_sd_entry": np.nan, "similar_other_sd_entry": np.nan,
    }  # fmt: skip


def mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else np.nan


def sd(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) if values.size > 1 else np.nan
