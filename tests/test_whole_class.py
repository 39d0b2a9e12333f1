"""The verdict on provision for the whole class: only what other years do not bring by themselves counts."""

import math

import numpy as np
import polars as pl
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from provmap.statistics import judge_whole_class, usual_range

BEFORE = (4.0, 5.0, 6.5)


def years(
    gain: float | None, *before: float | None, pupils: int = 30, earlier: int = 30, ordered: bool = False
) -> pl.DataFrame:
    """The rows of one provision as the question hands them over: the year it began, then those before."""
    gains = [gain, *before]
    many = [pupils, *(earlier for _ in before)]
    return pl.DataFrame(
        {
            "school_id": "100001", "provision_id": "T", "subject": "reading", "scale": "standardised",
            "is_with": [place == 0 for place in range(len(gains))], "pupils": many, "mean_gain": gains,
            "gain_low": None, "gain_high": None, "usual_low": None, "usual_high": None, "verdict": None,
            "verdict_because": None, "own_sd": 5.0, "own_is_ordered": ordered, "own_pairs": many,
            "least_pupils": 10.0,
        },
        schema_overrides={"mean_gain": pl.Float64},
    )  # fmt: skip


def verdict(rows: pl.DataFrame) -> tuple[str, str]:
    row = judge_whole_class(rows).row(0, named=True)
    return row["verdict"], row["verdict_because"]


def test_the_usual_range_is_that_of_one_more_observation() -> None:
    """The formula written out, and statsmodels' interval of a constant regression's next observation."""
    mean, sd = np.mean(BEFORE), np.std(BEFORE, ddof=1)
    half = stats.t.ppf(0.975, 2) * sd * math.sqrt(1 + 1 / 3)
    found = usual_range(mean, sd, 3)
    assert (found.low, found.high) == pytest.approx((mean - half, mean + half))
    of_mean = DescrStatsW(BEFORE).tconfint_mean()
    # The interval of the mean, widened from √(1/3) to √(1 + 1/3).
    assert (found.high - mean) / (of_mean[1] - mean) == pytest.approx(2)


@pytest.mark.parametrize(
    ("gain", "said"),
    [(11.5, "promising"), (11.4, "no clear change"), (-1.0, "no clear change"), (-1.1, "worse than before")],
)
def test_only_outside_the_usual_range_is_anything_said(gain: float, said: str) -> None:
    # The range of 4, 5 and 6.5 is -1.1 to 11.4 (mean 5.17, SD 1.26, t 4.30).
    low, high = judge_whole_class(years(gain, *BEFORE)).select("usual_low", "usual_high").row(0)
    assert (round(low, 2), round(high, 2)) == (-1.08, 11.42)
    assert verdict(years(gain, *BEFORE))[0] == said


def test_the_years_before_get_no_verdict() -> None:
    rows = judge_whole_class(years(12.0, *BEFORE))
    assert rows["verdict"].to_list() == ["promising", None, None, None]
    assert rows["usual_low"].null_count() == 3
    assert not [name for name in rows.columns if name.startswith(("own_", "least_"))]


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        (years(12.0, *BEFORE, pupils=9), "Too few pupils"),
        (years(12.0, 4.0, 5.0), "Three years before it"),
        (years(12.0, *BEFORE, earlier=9), "Three years before it"),
        (years(12.0, 5.0, 5.0, 5.0), "The years before gained alike"),
        (years(None, None, None, None, ordered=True), "Grades are steps"),
    ],
)
def test_too_little_to_say_says_why(rows: pl.DataFrame, because: str) -> None:
    said, reason = verdict(rows)
    assert said == "too little to say"
    assert reason.startswith(because)


def test_a_small_class_that_rose_by_chance_is_not_promising() -> None:
    """Above the usual range, and its own interval reaches down to the mean of the years before."""
    alike = (5.0, 5.1, 5.2)
    assert verdict(years(6.0, *alike, pupils=400))[0] == "promising"
    assert verdict(years(6.0, *alike, pupils=12))[0] == "no clear change"


def test_two_provisions_are_judged_by_their_own_years() -> None:
    other = years(5.0, 4.9, 5.0, 5.1).with_columns(provision_id=pl.lit("U"))
    rows = judge_whole_class(pl.concat([years(12.0, *BEFORE), other]))
    assert rows.filter("is_with")["verdict"].to_list() == ["promising", "no clear change"]


@pytest.mark.parametrize("differ", [0.0, 1.0, 3.0])
def test_a_useless_provision_is_promising_in_at_most_one_of_twenty(differ: float) -> None:
    """Two thousand schools in which nothing changed, years differing by `differ` points beside chance."""
    chance = np.random.default_rng(7)
    gains = chance.normal(3, np.hypot(differ, 5 / math.sqrt(30)), (2000, 4))
    rows = pl.concat(
        [years(*row).with_columns(provision_id=pl.lit(str(place))) for place, row in enumerate(gains)]
    )
    said = judge_whole_class(rows).filter("is_with")["verdict"]
    assert (said == "promising").mean() <= 0.05
    # And the range is no wider than it has to be: one of forty is above it, one of forty below.
    assert 0.015 <= (said == "worse than before").mean() <= 0.04
