"""What the impact page says of one provision in sentences: what was counted, how large it is, beside whom."""

from typing import Any

import polars as pl

from provmap.filters import show_date
from provmap.words import count, number, percent

UNMEASURED = "not measured"


def measured_by(row: dict[str, Any]) -> str:
    """What a gain is measured by, as "reading (standardised)"."""
    if row["measure"] is None:
        return UNMEASURED
    subject, _, scale = row["measure"].partition("/")
    return f"{subject} ({scale})" if scale else str(subject)


# What a row of the list says of several columns together.
TOLD = ("given_for", "gain_told", "verdict_told", "measured_told", "rating_told", "given_told")
IN_THE_ROW = dict.fromkeys(TOLD, pl.String)


def in_the_row(row: dict[str, Any]) -> dict[str, str | None]:
    """Each in one unit or with both said; the verdict with its reason and what the gain was compared with."""
    return {
        "given_for": f"{row['provision']}: {measured_by(row)}",
        "gain_told": _gain(row),
        "verdict_told": " ".join([row["verdict_because"] or "", beside_whom(row)]).strip() or None,
        "measured_told": _times_and_pupils(row["with_entry_and_exit"], row["pupils_measured"]),
        "rating_told": _rated(row),
        "given_told": _times_and_pupils(row["placements"], row["pupils_given"]),
    }


def _times_and_pupils(times: int, pupils: int) -> str | None:
    return f"{count(times, 'time')}, {count(pupils, 'pupil')}" if times else None


def _rated(row: dict[str, Any]) -> str | None:
    """As "-1. Rated unhelpful, and the scores rose."; where they differ, a reader sees it."""
    if row["rating"] is None:
        return None
    return f"{row['rating']:+d}. {row['rating_beside'] or ''}".strip()


def _gain(row: dict[str, Any]) -> str | None:
    """As "+1.7 (+0.8 to +2.6)"; a gain of few pupils has no interval."""
    if row["mean_gain"] is None:
        return None
    return number(row["mean_gain"], 1, signed=True) + _in_brackets(row["gain_low"], row["gain_high"])


def _in_brackets(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f" ({number(low, 1, signed=True)} to {number(high, 1, signed=True)})"


def beside_whom(row: dict[str, Any]) -> str:
    """What the gain was compared with, and of how many times similar pupils are known; short, for a row."""
    if row["gain_beyond"] is None:
        return ""
    beyond = number(row["gain_beyond"], 1, signed=True)
    between = _in_brackets(row["gain_beyond_low"], row["gain_beyond_high"])
    times = f"{row['compared']} of {count(row['with_entry_and_exit'], 'time')}"
    if row["compared_with"] == "similar pupils":
        who = f"Beyond {count(row['similar_pupils'], 'similar pupil')} without it (known for {times})"
        return f"{who}: {beyond}{between}.{_in_short(row)}"
    return (
        f"Beyond what low scores regain by chance: {beyond}{between}. Enough similar pupils: for {times}."
        f"{_in_short(row)}"
    )


def _in_short(row: dict[str, Any]) -> str:
    high = row["gain_beyond_high"]
    if high is not None and high < 0 and row["verdict"] == "no clear change":
        return " “Worse” would need scores that fell."
    return ""


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
        f"end{neither}{_others(row)}. {row['ended_early']} ended early.",
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


def _others(row: dict[str, Any]) -> str:
    """The times that are none of those, so that the counts add up to all."""
    told = row["with_entry_and_exit"] + row["from_assessments"] + row["missing_exit"]
    others = row["placements"] - told
    return f", and {others} still run or have no score at the start" if others else ""


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
