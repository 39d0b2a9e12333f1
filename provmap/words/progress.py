"""The words on the screen of how pupils get on; the other files of words take them in."""

# Where a result stands to the mark: the symbol says it without its colour.
STANDINGS = {
    "below": "▼ below expected",
    "at_expected": "● at expected",
    "greater_depth": "▲ greater depth",
    "no_mark": "no mark set",
    "no_score": "not a score",
    "not_assessed": "nothing recorded",
}
GAP_SAYS = {
    "small": "too few to say",
    "chance": "may be chance",
    "behind": "behind the rest",
    "ahead": "ahead of the rest",
}
MOVED = {"worse": "▼ fell", "same": "= stayed", "better": "▲ rose"}
# On an age scale a month gained is progress only beside the months that passed.
PACE = {
    "gained_less": "▼ gained fewer months than passed",
    "kept_pace": "= kept pace",
    "gained_more": "▲ gained more months than passed",
}
PAIRS = {
    "both": "result at both",
    "start_only": "no result at the end",
    "end_only": "no result at the start",
    "neither": "no result at either",
}
QUADRANTS = {
    "both": "at expected in both",
    "first_only": "only in the first",
    "second_only": "only in the second",
    "neither": "below in both",
    "no_mark": "no mark set",
    "first_missing": "no result in the first",
    "second_missing": "no result in the second",
}

VALUES = {
    "from_standing": STANDINGS | {"not_here": "not here then"},
    "to_standing": STANDINGS | {"not_here": "not here then"},
    "gap_says": GAP_SAYS,
    "depth_gap_says": GAP_SAYS,
    "pair": PAIRS,
    "quadrant": QUADRANTS,
}
# Where one column's codes are another's too.
VALUES_OF = {
    "transitions": {
        "moved": MOVED | PACE,
        "moved_by": {"bands": "bands", "months": "months passed", "nothing": "no sign"},
    },
    "progress_at_term": {"standing": STANDINGS},
    "progress_crossed_pupils": {"standing": STANDINGS},
    "progress_distribution": {"standing": STANDINGS},
    "progress_pupils": {"standing": STANDINGS},
}
HEADINGS = {
    # What a row of the impact of provision says of several columns together.
    "given_for": "Provision, measure",
    "gain_told": "Mean gain, 95%",
    "verdict_told": "Why, and beside whom",
    "measured_told": "Measured",
    "rating_told": "Reviewers' rating",
    "given_told": "Given",
    "who": "Who",
    "depth_share": "Greater depth (%)",
    "rest_depth_share": "The rest, depth (%)",
    "rest_assessed": "Rest assessed",
    "depth_gap_points": "Depth gap (points)",
    "gap_since_term": "Since last term",
    "gap_since_year": "Since last year",
    "depth_gap_since_term": "Depth, since last term",
    "depth_gap_since_year": "Depth, since last year",
    "gap_low": "Gap, from",
    "gap_high": "Gap, to",
    "depth_gap_low": "Depth gap, from",
    "depth_gap_high": "Depth gap, to",
    "gap_says": "The gap",
    "depth_gap_says": "The depth gap",
    "in_group_then": "In it then too",
    "with_expectation": "With a mark",
    "band": "Result",
    "band_share": "Of pupils (%)",
    "pair": "Results",
    "moved_by": "Judged by",
    "from_value": "At the first",
    "to_value": "At the second",
    "from_standing": "Stood then",
    "to_standing": "Stood after",
    "from_no_score": "First: why none",
    "to_no_score": "Second: why none",
    "stage": "Year then",
    "cohort": "Year now",
    "entered_year_1": "Year 1 in",
    "quadrant": "Stands",
    "other_value": "Second result",
    "other_expected": "Second expected",
}
EXPLAINED = {
    "gap_since_term": "The gap less that of the term before; above 0: the group gained on the rest",
    "gap_since_year": "The gap less that of the same term a year before, in points",
    "gap_low": "The gap lies between these two with 95% certainty, as far as chance goes",
    "gap_says": "Fewer than six: too few to say; where the interval has 0 in it, it may be chance",
    "depth_share": "Pupils at greater depth, of those assessed",
    "in_group_then": "Of those assessed, in the group on the day of the assessment too",
    "with_expectation": "Of those assessed, pupils for whose year group a mark is set",
    "out_of": "All who were here then and whose year was assessed, with a result or without",
}
