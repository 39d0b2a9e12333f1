"""Gains, intervals, effect sizes and verdicts, each with its source: what numbers about progress may say."""

from provmap.statistics.comparing import compare_in_words
from provmap.statistics.impact import judge_gains, judge_impact, verdicts
from provmap.statistics.measures import (
    Estimate,
    Group,
    absence_band,
    change_effect,
    difference_interval,
    group_effect,
    mean_interval,
    morris_effect,
    ratio_gain,
    ratio_gain_band,
    round_half_up,
    share_interval,
    small_sample_factor,
    standardised,
    summarise_gains,
)
from provmap.statistics.shares import SMALL, judge_shares, shares_difference, shares_interval
from provmap.statistics.sources import Measure, explained
from provmap.statistics.value_added import judge_progress_8, value_added
from provmap.statistics.whole_class import judge_whole_class, usual_range

__all__ = [
    "SMALL",
    "Estimate",
    "Group",
    "Measure",
    "absence_band",
    "change_effect",
    "compare_in_words",
    "difference_interval",
    "explained",
    "group_effect",
    "judge_gains",
    "judge_impact",
    "judge_progress_8",
    "judge_shares",
    "judge_whole_class",
    "mean_interval",
    "morris_effect",
    "ratio_gain",
    "ratio_gain_band",
    "round_half_up",
    "share_interval",
    "shares_difference",
    "shares_interval",
    "small_sample_factor",
    "standardised",
    "summarise_gains",
    "usual_range",
    "value_added",
    "verdicts",
]
