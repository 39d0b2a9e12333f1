"""DataFrame -> chart. No arithmetic: every number comes from a question.

Each function returns a finished Vega-Lite specification: titles with units, a description for those who
cannot see it, and axes that stay as they are whatever the filter, so that two pictures can be compared.
"""

from provmap.charts.comparing import beside_others
from provmap.charts.coverage import coverage_by_need, coverage_over_time
from provmap.charts.drawing import CATEGORIES, SMALL_GROUP, STATE_COLOURS, TIER_COLOURS
from provmap.charts.impact import (
    AGE,
    POINTS,
    attendance_around,
    gain_by_start,
    mean_gains,
    whole_class_years,
)
from provmap.charts.ledger import ledger_by
from provmap.charts.progress import gap_to_the_rest, progress_by_subject, share_by_term
from provmap.charts.pupil import pupil_panels
from provmap.charts.tracking import distribution, middle_over_time, result_panels, share_panels, two_subjects

__all__ = [
    "AGE",
    "CATEGORIES",
    "POINTS",
    "SMALL_GROUP",
    "STATE_COLOURS",
    "TIER_COLOURS",
    "attendance_around",
    "beside_others",
    "coverage_by_need",
    "coverage_over_time",
    "distribution",
    "gain_by_start",
    "gap_to_the_rest",
    "ledger_by",
    "mean_gains",
    "middle_over_time",
    "progress_by_subject",
    "pupil_panels",
    "result_panels",
    "share_by_term",
    "share_panels",
    "two_subjects",
    "whole_class_years",
]
