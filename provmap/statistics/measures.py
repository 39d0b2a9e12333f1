"""The published measures: each function names its unit, when it has no answer, and its source.

Numbers may be single or NumPy arrays (a row of a frame each). Where there is no answer the result is NaN,
which a frame shows as empty: never 0. Nothing here rounds but `round_half_up`, which is for showing alone.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

# A number, or an array with one for each row.
Numbers = Any
# The level of every interval: 95%.
LEVEL = 0.95
# A spread smaller than this, beside the numbers it is of, is the noise of floating point.
NOTHING = 1e-9


@cache
def special() -> Any:
    """The distributions of scipy, loaded for the first statistic: a command without any starts sooner."""
    from scipy import special  # noqa: PLC0415

    return special


class Estimate(NamedTuple):
    """A value with the ends of its 95% interval."""

    value: Numbers
    low: Numbers
    high: Numbers


class Group(NamedTuple):
    """What is known of a group: the mean and standard deviation of a score or gain, and how many pupils."""

    mean: Numbers
    sd: Numbers
    n: Numbers


class Gains(NamedTuple):
    """What pupils gained between two tests, in the scale's unit, positive where better."""

    pupils: int
    mean: float
    sd: float
    low: float
    high: float
    median: float


def summarise_gains(entry: ArrayLike, leaving: ArrayLike, higher_is_better: bool = True) -> Gains:
    """Mean and median gain of pupils with both scores, with the 95% interval of the mean.

    Unit: the scale's. On scales where lower is better (SDQ, Boxall II) a fall is a gain. A pupil without one
    of the scores (NaN) does not count: a mean of all entries against a mean of all exits is no gain.
    No interval for one pupil, nor where all gain the same: there is no spread to judge by.
    Source: Student (1908), the paired t interval.
    """
    gains = np.asarray(leaving, float) - np.asarray(entry, float)
    gains = gains[~np.isnan(gains)] * (1 if higher_is_better else -1)
    if not gains.size:
        return Gains(0, np.nan, np.nan, np.nan, np.nan, np.nan)
    sd = float(gains.std(ddof=1)) if gains.size > 1 else np.nan
    mean, low, high = mean_interval(float(gains.mean()), sd, gains.size)
    return Gains(gains.size, float(mean), sd, float(low), float(high), float(np.median(gains)))


def mean_interval(
    mean: Numbers, sd: Numbers, n: Numbers, freedom: Numbers | None = None, sd_is_known: bool = False
) -> Estimate:
    """A mean with its 95% interval: mean ± t × SD / √n, on n - 1 degrees of freedom unless said otherwise.

    Unit: that of the mean. Where the SD is a published one, not that of these pupils, the normal
    distribution holds (DfE's interval of Progress 8). None for one pupil or without spread.
    Source: Student (1908); SciPy's quantiles.
    """
    mean, sd, n = (np.asarray(each, float) for each in (mean, sd, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = n - 1 if freedom is None else np.asarray(freedom, float)
        t = special().stdtrit(np.where(freedom > 0, freedom, np.nan), 0.5 + LEVEL / 2)
        half = (special().ndtri(0.5 + LEVEL / 2) if sd_is_known else t) * _spread(sd, mean) / np.sqrt(n)
    half = np.where(np.isfinite(half), half, np.nan)
    return Estimate(mean, mean - half, mean + half)


def difference_interval(group: Group, other: Group) -> Estimate:
    """The difference between the means of two groups (first less second), with its 95% interval.

    Unit: that of the means. The groups may differ in spread and size. None where a group has one pupil.
    Source: Welch (1947), with Satterthwaite's degrees of freedom; SciPy's quantile.
    """
    mean, sd, n = (np.asarray(each, float) for each in group)
    other_mean, other_sd, other_n = (np.asarray(each, float) for each in other)
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = sd**2 / n, other_sd**2 / other_n
        freedom = (one + two) ** 2 / (one**2 / (n - 1) + two**2 / (other_n - 1))
        half = special().stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(one + two)
    return Estimate(mean - other_mean, mean - other_mean - half, mean - other_mean + half)


def ratio_gain(gain_months: Numbers, months: Numbers, least_months: Numbers = 2) -> Numbers:
    """Months gained on an age scale for each month between the tests; 1 is the gain of an average reader.

    Refused (NaN) where the tests are too close together (two months, unless a school says otherwise): the
    error of a test, divided by a month, is no result. For age scales alone. Source: Brooks, *What works for
    pupils with literacy difficulties?* (2002, 2007).
    """
    months = np.asarray(months, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(months >= least_months, np.asarray(gain_months, float) / months, np.nan)[()]


def ratio_gain_band(ratio: float) -> str:
    """The words for a ratio gain to one decimal, as Brooks prints it and as it is shown.

    Each band begins with its lower bound (the printed edges overlap).

    Source: Singleton, *Intervention for Dyslexia* (2009), page 70.
    """
    shown = round_half_up(ratio, 1)
    bands = ((3.0, "large, substantial"), (2.0, "medium, useful"), (1.4, "small, modest"))
    return next((words for lowest, words in bands if shown >= lowest), "very small, doubtful")


def small_sample_factor(freedom: Numbers) -> Numbers:
    """Hedges' correction J of a standardised difference, by the degrees of freedom of its SD: exact.

    No unit, below 1. NaN under two degrees of freedom. Not the shortcut 1 - 3 / (4 df - 1).
    Source: Hedges (1981), J = Γ(df/2) / (√(df/2) Γ((df - 1)/2)); SciPy's gamma function.
    """
    freedom = np.asarray(freedom, float)
    enough = np.where(freedom >= 2, freedom, np.nan)
    return np.exp(special().gammaln(enough / 2) - special().gammaln((enough - 1) / 2)) / np.sqrt(enough / 2)


def standardised(difference: Numbers, sd: Numbers, freedom: Numbers) -> Numbers:
    """A difference in standard deviations, corrected for small samples: J × difference / SD.

    NaN without spread. Source: Hedges (1981); with the SD at entry it is the one called SMCR in metafor, with
    that of the changes SMCC.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return small_sample_factor(freedom) * np.asarray(difference, float) / _spread(sd, difference)


def group_effect(group: Group, other: Group) -> Estimate:
    """Hedges' g between two groups (first less second), by their pooled SD, with its 95% interval.

    In standard deviations. NaN where there are fewer than four pupils in all, or no spread.
    Source: Hedges (1981); Borenstein et al. (2009), variance J² (N / (n₁ n₂) + d² / 2N).
    """
    n, other_n = np.asarray(group.n, float), np.asarray(other.n, float)
    factor = small_sample_factor(n + other_n - 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.subtract(group.mean, other.mean) / _spread(_pooled(group, other), group.mean)
        error = factor * np.sqrt((n + other_n) / (n * other_n) + raw**2 / (2 * (n + other_n)))
    return _normal(factor * raw, error)


def change_effect(
    mean_gain: Numbers, sd_gain: Numbers, n: Numbers, *, sd_entry: Numbers, sd_exit: Numbers,
    scale_sd: Numbers = np.nan,
) -> Estimate:  # fmt: skip
    """The gain of one group in standard deviations, before and after, with its 95% interval.

    Where the scale has a known SD (15 for standardised scores) the gain and its t interval are divided by
    that, and nothing is corrected, as no SD was estimated. Else by the pooled SD of entry and exit, with the
    exact J on 2(n - 1) degrees of freedom. Without a control it says how large a gain was, not what caused
    it. Source: Hedges (1981); variance 2(1 - r)/n + d²/2n of Harrer et al., *Doing Meta-Analysis in R*
    (2021).
    """
    mean_gain, n, scale_sd = (np.asarray(each, float) for each in (mean_gain, n, scale_sd))
    sd_gain, sd_entry, sd_exit = (np.asarray(each, float) for each in (sd_gain, sd_entry, sd_exit))
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = _spread(np.sqrt((sd_entry**2 + sd_exit**2) / 2), mean_gain)
        raw = mean_gain / pooled
        # 2(1 - r) with the pooled SD as its unit: the variance of the changes themselves.
        error = np.sqrt((sd_gain / pooled) ** 2 / n + raw**2 / (2 * n))
        own = _normal(small_sample_factor(2 * (n - 1)) * raw, small_sample_factor(2 * (n - 1)) * error)
        known = [each / scale_sd for each in mean_interval(mean_gain, sd_gain, n)]
    return Estimate(*(np.where(scale_sd > 0, k, o)[()] for k, o in zip(known, own, strict=True)))


def morris_effect(group: Group, control: Group, correlation: Numbers = np.nan) -> Estimate:
    """Pre/post against a control: the gain beyond the control's, by the pooled SD at entry.

    In standard deviations. Of each group: the mean gain, the SD of the scores **at entry**, and how many
    pupils. The interval needs the correlation between entry and exit; without it, NaN.
    Source: Morris (2008), equations 8 to 10 and 25, with the exact J on n + n' - 2 degrees of freedom.
    """
    n, other_n, correlation = (np.asarray(each, float) for each in (group.n, control.n, correlation))
    freedom = n + other_n - 2
    effect = standardised(np.subtract(group.mean, control.mean), _pooled(group, control), freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        noise = 2 * (1 - correlation) * (n + other_n) / (n * other_n)
        factor = small_sample_factor(freedom) ** 2 * freedom / (freedom - 2)
        variance = factor * (noise + effect**2) - effect**2
        return _normal(effect, np.sqrt(np.where(variance >= 0, variance, np.nan)))


def share_interval(count: int, of: int) -> Estimate:
    """A share (0 to 1) with its 95% interval, which stays within 0 and 1. NaN of nobody.

    Source: Wilson (1927), as SciPy works it out.
    """
    # Imported here: it takes longer than the rest of the program, and few commands need it.
    from scipy.stats import binomtest  # noqa: PLC0415

    if not of:
        return Estimate(np.nan, np.nan, np.nan)
    low, high = binomtest(count, of).proportion_ci(LEVEL, method="wilson")
    return Estimate(count / of, float(low), float(high))


def absence_band(possible: float | None, attended: float | None) -> str:
    """ "severe" (half or more of the possible sessions missed), "persistent" (a tenth or more), or "neither".

    In sessions. "not applicable" where none were possible, "not recorded" where nothing is known: neither is
    0%. Source: DfE, *Pupil absence in schools in England*: methodology (2024/25).
    """
    if possible is None or attended is None:
        return "not recorded"
    if possible <= 0:
        return "not applicable"
    # Sessions worked out from a percentage carry floating-point noise: 90.0% must not become
    # 90.00000000000001%.
    missed = possible - attended + NOTHING * possible
    return "severe" if missed * 2 >= possible else "persistent" if missed * 10 >= possible else "neither"


def round_half_up(value: float, places: int = 0) -> float:
    """A number as DfE prints it: halves go up (away from zero). Places may be negative: -1 is the nearest 10.

    For showing alone: never calculate with what it gives. Source: DfE's R package dfeR, `round_five_up`.
    """
    if not np.isfinite(value):
        return value
    # First to more places than are asked for: 28.499999999999996 is a half that floating point fell short of.
    exact = Decimal(repr(round(float(value), places + 10)))
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def _pooled(group: Group, other: Group) -> Numbers:
    """The SD of two groups taken together, each about its own mean."""
    n, other_n = np.asarray(group.n, float), np.asarray(other.n, float)
    squares = (n - 1) * np.asarray(group.sd, float) ** 2 + (other_n - 1) * np.asarray(other.sd, float) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(squares / (n + other_n - 2))


def _spread(sd: Numbers, beside: Numbers) -> Numbers:
    """A standard deviation, or NaN where there is none: all numbers are equal."""
    sd = np.asarray(sd, float)
    return np.where(sd > NOTHING * np.maximum(1, np.abs(beside)), sd, np.nan)


def _normal(value: Numbers, error: Numbers) -> Estimate:
    half = special().ndtri(0.5 + LEVEL / 2) * error
    return Estimate(value, value - half, value + half)


def columns(estimate: Estimate | Sequence[Numbers], names: Sequence[str]) -> dict[str, Numbers]:
    """The parts of an estimate under the names that a frame gives them."""
    return dict(zip(names, estimate, strict=True))
