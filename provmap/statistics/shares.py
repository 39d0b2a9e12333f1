"""Shares and the gaps between them: how sure they are, and when a gap may be chance.

Source of the interval of a share: Wilson (1927). Of the difference of two: Newcombe (1998), *Interval
estimation for the difference between independent proportions*, method 10, which puts the two Wilson intervals
together.
"""

from typing import Any

import numpy as np
import polars as pl

from provmap.statistics.measures import LEVEL, Estimate, Numbers, special

# Below this one pupil moves a share far: nothing is said of a gap.
SMALL = 6
SMALL_GROUP, CHANCE, BEHIND, AHEAD = "small", "chance", "behind", "ahead"
# The two marks that pupils are judged by, with the names of their columns: counts, shares, and of the gap.
MARKS = {
    "": ("expected_or_above", "rest_expected_or_above", "expected", "rest", "gap"),
    "depth_": ("greater_depth", "rest_greater_depth", "depth", "rest_depth", "depth_gap"),
}


def shares_interval(count: Numbers, of: Numbers) -> Estimate:
    """Shares (0 to 1) with their 95% intervals, for a row of a frame each; NaN of nobody.

    The same as for one share. Source: Wilson (1927).
    """
    count, of = np.asarray(count, float), np.asarray(of, float)
    z = special().ndtri(0.5 + LEVEL / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        n = np.where(of > 0, of, np.nan)
        share = count / n
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    # Of none and of all the end is exact; floating point would miss it by a hair.
    return Estimate(
        share, np.where(count == 0, 0.0 * share, middle - half), np.where(count == of, share, middle + half)
    )


def shares_difference(count: Numbers, of: Numbers, other_count: Numbers, other_of: Numbers) -> Estimate:
    """The first share less the second with its 95% interval, as a part of one; NaN where one is of nobody.

    The pupils of the two must not overlap. Source: Newcombe (1998), method 10.
    """
    one, other = shares_interval(count, of), shares_interval(other_count, other_of)
    difference = one.value - other.value
    below = np.sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = np.sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(difference, difference - below, difference + above)


def judge_shares(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a question of shares with the interval of each share and gap, and what the gap says.

    `gap_says` and `depth_gap_says`: small (fewer than six assessed on one side), chance (the interval of
    the gap has nought in it), behind, ahead; empty where there is no gap.
    """
    added: list[pl.Series] = []
    of, rest_of = _column(rows, "assessed"), _column(rows, "rest_assessed")
    for prefix, (met, rest_met, share, rest, gap) in MARKS.items():
        own = shares_interval(_column(rows, met), of)
        beside = shares_interval(_column(rows, rest_met), rest_of)
        found = shares_difference(_column(rows, met), of, _column(rows, rest_met), rest_of)
        numbers = {
            f"{share}_share_low": own.low, f"{share}_share_high": own.high,
            f"{rest}_share_low": beside.low, f"{rest}_share_high": beside.high,
            f"{gap}_low": 100 * found.low, f"{gap}_high": 100 * found.high,
        }  # fmt: skip
        added += [pl.Series(name, values, pl.Float64).fill_nan(None) for name, values in numbers.items()]
        says = _says(found, np.fmin(of, rest_of))
        added.append(pl.Series(f"{prefix}gap_says", says, pl.String).replace("", None))
    return rows.with_columns(added)


def _says(gap: Estimate, fewest: np.ndarray) -> Any:
    conditions = [np.isnan(gap.value), fewest < SMALL, gap.high < 0, gap.low > 0]
    return np.select(conditions, ["", SMALL_GROUP, BEHIND, AHEAD], CHANCE)


def _column(rows: pl.DataFrame, name: str) -> np.ndarray:
    return rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
