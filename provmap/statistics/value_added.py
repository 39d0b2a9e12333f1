"""Value added: what pupils reached beyond others in the country who had started where they did."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from provmap.statistics.measures import Estimate, Numbers, columns, mean_interval

ABOVE, BELOW, LEVEL_WITH = "above 0", "below 0", "not different from 0"
# Columns that the question hands over and no reader needs.
HANDED_OVER = ("own_sd",)


class ValueAdded(NamedTuple):
    """What each pupil reached beyond the national average, and the mean of it with its interval."""

    pupils: Numbers
    mean: Estimate
    differs: str


def value_added(scores: ArrayLike, national: ArrayLike, sd: float | None = None) -> ValueAdded:
    """Each pupil's score less the national average of pupils with the same prior attainment, and their mean.

    Unit: that of the scores. The 95% interval rests on the national standard deviation of pupils'
    value added, where one is published (Progress 8: 1.41628 in 2024), else on that of these pupils. The mean
    is called different from 0 only where the whole interval lies on one side of it. A pupil without a score,
    or whose prior attainment has no national average (NaN), is not counted. Progress 8 is shown. Value added
    of Key Stage 2 is not: for that a school would have to bring in the national average of every
    prior-attainment group, and a figure to compare with holds the mean of a whole cohort, and no prior
    attainment. Source: DfE, *Primary school accountability: technical guidance* (2018), as Upminster Junior
    School works through it.
    """
    beyond = np.asarray(scores, float) - np.asarray(national, float)
    counted = beyond[~np.isnan(beyond)]
    if not counted.size:
        return ValueAdded(beyond, Estimate(np.nan, np.nan, np.nan), "")
    own = counted.std(ddof=1) if sd is None and counted.size > 1 else np.nan
    is_known = sd is not None
    found = mean_interval(counted.mean(), sd if is_known else own, counted.size, sd_is_known=is_known)
    return ValueAdded(beyond, found, str(_differs(found)))


def judge_progress_8(rows: pl.DataFrame) -> pl.DataFrame:
    """The answer to `progress_8_by_group` with each mean's interval, and whether it is different from 0.

    `rows` holds `progress_8` (the mean of `with_both` pupils) and `own_sd`, the national one of its cohort.
    """
    mean, sd, many = (
        rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in ("progress_8", "own_sd", "with_both")
    )
    found = mean_interval(mean, sd, many, sd_is_known=True)
    ends = columns(found[1:], ("progress_low", "progress_high"))
    filled = rows.with_columns(
        *(pl.Series(name, values, pl.Float64).fill_nan(None) for name, values in ends.items()),
        pl.Series("differs", _differs(found).tolist(), pl.String).replace("", None),
    )
    first = ("group_code", "group", "with_attainment_8", "with_both", "progress_8", *ends, "differs")
    rest = [name for name in filled.columns if name not in (*first, *HANDED_OVER)]
    return filled.select(*first, *rest)


def _differs(found: Estimate) -> Numbers:
    """In words: on which side of 0 the whole interval lies; nothing where there is none."""
    low, high = np.asarray(found.low), np.asarray(found.high)
    return np.select([np.isnan(low), low > 0, high < 0], ["", ABOVE, BELOW], LEVEL_WITH)
