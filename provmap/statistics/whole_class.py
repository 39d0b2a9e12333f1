"""The verdict on provision for the whole class: the year in which it began against the years before it.

A whole year group does better in some years than in others, whatever is provided. So the years before are
taken as a sample of years: only a gain outside the range in which another such year would be expected counts,
and three years before it are needed to know that range. After is still not because.
"""

from typing import Any

import numpy as np
import polars as pl

from provmap.statistics.impact import NO_CHANGE, PROMISING, TOO_LITTLE, WORSE, judge_gains
from provmap.statistics.measures import Estimate, Numbers, mean_interval

YEARS_NEEDED = 3
OF = ("school_id", "provision_id", "subject", "scale")


def judge_whole_class(rows: pl.DataFrame) -> pl.DataFrame:
    """The answer to `whole_class_impact` with its intervals, and on the rows `is_with` the verdict.

    Adds `usual_low` and `usual_high`, where another year's mean gain would be expected after those before,
    `verdict` and `verdict_because`; all empty on the rows of the years before. `least_pupils` is a threshold.
    """
    judged = judge_gains(rows)
    is_before = ~pl.col("is_with") & (pl.col("own_pairs") >= pl.col("least_pupils"))
    gain = pl.col("mean_gain").filter(is_before)
    years = rows.select(years=gain.count().over(*OF), mean=gain.mean().over(*OF), sd=gain.std().over(*OF))
    usual = usual_range(*(years[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
                          for name in ("mean", "sd", "years")))  # fmt: skip
    verdict, because = _verdicts(judged, rows, years, usual)
    is_with = pl.col("is_with")
    return judged.with_columns(
        pl.when(is_with).then(pl.Series(name, values).fill_nan(None)).alias(name)
        for name, values in (("usual_low", usual.low), ("usual_high", usual.high))
    ).with_columns(
        pl.when(is_with).then(pl.Series(name, values, pl.String)).alias(name)
        for name, values in (("verdict", verdict), ("verdict_because", because))
    )


def usual_range(mean: Numbers, sd: Numbers, years: Numbers) -> Estimate:
    """Where the mean gain of another year is expected: mean ± t × SD × √(1 + 1 / years), a 95% range.

    Mean and SD are those of the mean gains of the years before, on their number less one degrees of freedom.
    None for fewer than three years, or where all gained alike.
    Source: Hahn and Meeker (1991), Statistical Intervals, section 4.7: one future observation.
    """
    years = np.asarray(years, float)
    enough = np.where(years >= YEARS_NEEDED, years, np.nan)
    return mean_interval(mean, sd, 1 / (1 + 1 / enough), enough - 1)


def _verdicts(judged: pl.DataFrame, rows: pl.DataFrame, years: pl.DataFrame, usual: Estimate) -> Any:
    """The verdict of each row with its reason: the first rule that holds counts."""
    gain, low = (judged[name].fill_null(np.nan).to_numpy() for name in ("mean_gain", "gain_low"))
    told = (
        (rows["own_is_ordered"].to_numpy(), TOO_LITTLE,
         "Grades are steps, not equal distances: compare the shares at expected."),
        ((rows["own_pairs"] < rows["least_pupils"]).to_numpy(), TOO_LITTLE,
         "Too few pupils with a result before it began and one since."),
        ((years["years"] < YEARS_NEEDED).to_numpy(), TOO_LITTLE,
         "Three years before it with enough pupils are needed, to know how much years differ by themselves."),
        (np.isnan(usual.low), TOO_LITTLE, "The years before gained alike: there is no spread to judge by."),
        (gain < usual.low, WORSE, "The gain is below what the years before would lead one to expect."),
        ((gain > usual.high) & (low > usual.value), PROMISING,
         "The gain is above what the years before would lead one to expect."),
    )  # fmt: skip
    conditions = [condition for condition, _, _ in told]
    return (
        np.select(conditions, [verdict for _, verdict, _ in told], NO_CHANGE).astype(object),
        np.select(conditions, [words for _, _, words in told],
                  "The gain is within what another year would be expected to bring.").astype(object),
    )  # fmt: skip
