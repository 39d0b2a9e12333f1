"""What the impact page says of one provision in sentences: what was counted, how large it is, beside whom."""

from typing import Any

from provmap.filters import show_date
from provmap.words import count, number, percent

UNMEASURED = "not measured"


def measured_by(row: dict[str, Any]) -> str:
    """What a gain is measured by, as "reading (standardised)"."""
    if row["measure"] is None:
        return UNMEASURED
    subject, _, scale = row["measure"].partition("/")
    return f"{subject} ({scale})" if scale else str(subject)


def compared(row: dict[str, Any]) -> str:
    if row["gain_beyond"] is None:
        return ""
    low, high = row["gain_beyond_low"], row["gain_beyond_high"]
    with_whom = (
        f"{count(row['similar_pupils'], 'similar pupil')} without it"
        if row["compared_with"] == "similar pupils"
        else row["compared_with"] + " by themselves"
    )
    effect = row["effect_beyond"]
    morris = (
        "" if effect is None else f", {number(effect, 2, signed=True)} standard deviations (after Morris)"
    )
    beyond = number(row["gain_beyond"], 1, signed=True)
    return f"Beside {with_whom}, the gain is {beyond}{_between(low, high, 1)}{morris}.{_rule(row)}"


def _rule(row: dict[str, Any]) -> str:
    """Why an interval that lies wholly on one side does not decide: the rule that did."""
    low, high = row["gain_beyond_low"], row["gain_beyond_high"]
    if high is not None and high < 0 and row["verdict"] == "no clear change":
        return (
            " That interval lies wholly below nothing, and still the verdict is no clear change: by our rule "
            "*worse than before* is said only where the scores themselves clearly fell."
        )
    if low is not None and low > 0 and row["verdict"] != "promising":
        return " That interval lies wholly above nothing; what decides is the reason given first."
    return ""


def _between(low: float | None, high: float | None, places: int) -> str:
    """An interval in words; nothing where all gained alike, as there is no spread to judge by."""
    if low is None or high is None:
        return ""
    return (
        f" (95% certain: between {number(low, places, signed=True)} and {number(high, places, signed=True)})"
    )


def nearest(row: dict[str, Any]) -> str:
    """What the assessments nearest to its first and last day say, where no scores were recorded with it."""
    if row["assessed_gain"] is None:
        return ""
    between = _between(row["assessed_low"], row["assessed_high"], 1)
    return (
        f"By the assessments nearest to the first and last day ({count(row['from_assessments'], 'time')}), "
        f"counted apart: **{row['assessed_verdict']}**, mean gain "
        f"{number(row['assessed_gain'], 1, signed=True)}{between}."
    )


def size(row: dict[str, Any]) -> str:
    """How large the gain is in other units, where there are any; each with what it is."""
    said = []
    if row["months_between"] is not None:
        said.append(f"The two tests are {number(row['months_between'], 1)} months apart on average.")
    if row["ratio_gain"] is not None:
        said.append(
            f"Ratio gain {number(row['ratio_gain'], 1)}: months of reading or spelling age gained in each "
            f"month ({row['ratio_gain_band']}, after Singleton 2009)."
        )
    if row["is_short"]:
        said.append("The tests are less than four months apart: read the ratio gain with care.")
    if row["effect_size"] is not None:
        between = _between(row["effect_low"], row["effect_high"], 2)
        said.append(
            f"Effect size {number(row['effect_size'], 2)}{between}: the gain in standard deviations, and not "
            "months of progress."
        )
    if row["cost_per_month"] is not None:
        said.append(f"About £{number(row['cost_per_month'])} for each month gained.")
    return " ".join(said)


def counted(row: dict[str, Any]) -> str:
    """How often it was given, measured and judged, what it was rated and what it cost."""
    neither = (
        f", {row['missing_both']} of them without one at the start either" if row["missing_both"] else ""
    )
    said = [
        f"It was given {count(row['placements'], 'time')} to {count(row['pupils_given'], 'pupil')}: "
        f"{row['with_entry_and_exit']} times have a score at both ends, {row['from_assessments']} have "
        f"assessments near both ends instead, {row['missing_exit']} are over without a score at the "
        f"end{neither}, {row['ended_early']} ended early.",
    ]
    if row["with_entry_and_exit"]:
        said.append(
            f"Of those with both, **{row['rose']}** rose, {row['level']} stayed the same and "
            f"{row['fell']} fell."
        )
    if row["left_school"]:
        said.append(f"{row['left_school']} were of pupils who have left, as on their last day on roll.")
    if row["judged"]:
        said.append(f"{row['reached_target']} of {row['judged']} judged met what was intended.")
    if row["rating"] is None:
        said.append("No review of it as a whole has a rating.")
    else:
        said.append(
            f"Reviewers rated it {row['rating']:+d} (from -2 to 2) on {show_date(row['reviewed_on'])}. "
            f"{row['rating_beside']}"
        )
    if row["delivered_share"] is not None:
        said.append(
            f"{percent(row['delivered_share'])} of the planned sessions were attended, where both are known."
        )
    return " ".join([*said, *_cost(row)])


def _cost(row: dict[str, Any]) -> list[str]:
    """What a finished time cost and what those that run have cost so far, each with how many are known."""
    said = []
    if row["cost_over"] is not None:
        said.append(
            f"A finished time cost about £{number(row['cost_over'])} (known of {row['costed_over']} of "
            f"{row['ended']})."
        )
    if row["cost_running"] is not None:
        running = row["placements"] - row["ended"]
        said.append(
            f"One that still runs has cost about £{number(row['cost_running'])} so far (known of "
            f"{row['costed_running']} of {running})."
        )
    return said
