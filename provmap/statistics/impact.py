"""The verdict on a provision, in words, from stated rules: what `impact_by_provision` adds to its counts.

Some of a gain comes by itself: low scores rise again, age scales rise with age, and a year group can do well
for other reasons. So a gain counts only for what it is **beyond** that: beyond what similar pupils of the
school gained without the provision, or, where there are too few of them, beyond what low scores regain by
themselves. "Promising" needs the whole 95% interval of what is beyond to lie above nothing, and for most
pupils a score before the one at the start: without it, who was chosen for a chance low score cannot be
told from who gained. After is still not because.
"""

from typing import Any

import numpy as np
import polars as pl

from provmap.statistics.measures import (
    Estimate,
    Group,
    Numbers,
    change_effect,
    columns,
    mean_interval,
    morris_effect,
    ratio_gain,
    ratio_gain_band,
)

PROMISING = "promising"
NO_CHANGE = "no clear change"
WORSE = "worse than before"
TOO_LITTLE = "too little to say"
SIMILAR = "similar pupils"
NORMS = "what low scores regain"
# Columns that the question hands over and no reader needs: facts about the pairs, and the thresholds.
HANDED_OVER = ("own_", "assessed_own_", "least_")


def judge_impact(rows: pl.DataFrame) -> pl.DataFrame:
    """The answer to `impact_by_provision` with its statistics; its order of columns and its counts stay.

    `rows` holds for each provision and measure what the question worked out of the pairs of scores: `own_…`
    of the scores recorded with the provision, `assessed_own_…` of the nearest assessments, `least_…` the
    thresholds.
    """
    recorded, assessed = facts(rows, "own_"), facts(rows, "assessed_own_")
    thresholds = {name: _numbers(rows, name) for name in rows.columns if name.startswith("least_")}
    found = verdicts(recorded, thresholds)
    from_assessments = verdicts(assessed, thresholds)
    effect = change_effect(
        recorded["mean"], recorded["sd"], recorded["pairs"],
        sd_entry=recorded["sd_entry"], sd_exit=recorded["sd_exit"], scale_sd=recorded["scale_sd"],
    )  # fmt: skip
    is_ordered = (recorded["is_ordered"] > 0) | (assessed["is_ordered"] > 0)
    is_age = rows["own_is_age"].to_numpy().astype(bool)
    ratio = ratio_gain(recorded["dated_mean"], recorded["months"], thresholds["least_ratio_months"])
    numbers = {
        **columns(found["gain"][1:], ("gain_low", "gain_high")),
        "ratio_gain": np.where(is_age, ratio, np.nan),
        **columns(effect, ("effect_size", "effect_low", "effect_high")),
        "median_gain": recorded["median"],
        **columns(found["beyond"], ("gain_beyond", "gain_beyond_low", "gain_beyond_high")),
        "effect_beyond": found["effect"],
        "assessed_gain": assessed["mean"],
        **columns(from_assessments["gain"][1:], ("assessed_low", "assessed_high")),
        "assessed_months": assessed["months"],
    }
    # Grades are steps, not distances: a mean or an effect of them would be a number of nothing.
    without_grades = ("median_gain", "assessed_gain", "gain_low", "gain_high", "effect_size", "effect_low",
                      "effect_high", "assessed_low", "assessed_high", "effect_beyond")  # fmt: skip
    for name in without_grades:
        numbers[name] = np.where(is_ordered, np.nan, numbers[name])
    words: dict[str, Any] = {
        "verdict": found["verdict"],
        "verdict_because": found["because"],
        "compared_with": found["compared_with"],
        "assessed_verdict": from_assessments["verdict"],
        "rating_beside": rating_beside(rows, found["verdict"]),
        "ratio_gain_band": np.array(
            ["" if np.isnan(one) else ratio_gain_band(one) for one in numbers["ratio_gain"]], object
        ),
    }
    filled = rows.with_columns(
        *(pl.Series(name, values, pl.Float64).fill_nan(None) for name, values in numbers.items()),
        *(pl.Series(name, values, pl.String).replace("", None) for name, values in words.items()),
    )
    return filled.drop([name for name in rows.columns if name.startswith(HANDED_OVER)])


def judge_gains(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of mean gains with the 95% interval of each: `impact_by`, and to begin with `whole_class_impact`.

    `rows` holds `mean_gain`, how many gains it is the mean of (`pairs`, or `own_pairs`), and `own_sd`.
    """
    many = _numbers(rows, "own_pairs" if "own_pairs" in rows.columns else "pairs")
    people = _numbers(rows, "pupils_measured" if "pupils_measured" in rows.columns else "own_pairs")
    gain = mean_interval(_numbers(rows, "mean_gain"), _sd_of_several(_numbers(rows, "own_sd"), people), many)
    is_ordered = rows["own_is_ordered"].to_numpy().astype(bool)
    ends = columns(gain[1:], ("gain_low", "gain_high"))
    filled = rows.with_columns(
        pl.Series(name, np.where(is_ordered, np.nan, values), pl.Float64).fill_nan(None)
        for name, values in ends.items()
    )
    without = pl.col("own_is_ordered")
    return filled.with_columns(mean_gain=pl.when(~without).then("mean_gain")).drop(
        [name for name in rows.columns if name.startswith(HANDED_OVER)]
    )


def _sd_of_several(sd: np.ndarray, pupils: np.ndarray) -> np.ndarray:
    """The spread over pupils; two times of one pupil have none to judge others by."""
    return np.where(pupils > 1, sd, np.nan)


def rating_beside(rows: pl.DataFrame, verdict: Any) -> Any:
    """What the reviewers' rating (-2 to 2) says beside the verdict; empty where nobody has rated it."""
    rating = _numbers(rows, "rating")
    likes, dislikes = rating >= 1, rating <= -1
    unclear = (verdict == NO_CHANGE) | (verdict == WORSE)
    told = (
        (np.isnan(rating), ""),
        (verdict == TOO_LITTLE, "The scores say too little to set beside the rating."),
        (likes & unclear, "Rated helpful, and the scores do not show it."),
        (dislikes & (verdict == PROMISING), "Rated unhelpful, and the scores rose."),
        (likes | (dislikes & unclear), "Rating and scores agree."),
    )
    said = np.select([where for where, _ in told], [words for _, words in told], "The rating takes no side.")
    return said.astype(object)


def facts(rows: pl.DataFrame, prefix: str) -> dict[str, np.ndarray]:
    """The question's facts under one prefix as numbers: empty is NaN."""
    names = [name for name in rows.columns if name.startswith(prefix)]
    return {name.removeprefix(prefix): _numbers(rows, name) for name in names}


def _numbers(rows: pl.DataFrame, name: str) -> np.ndarray:
    return rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def verdicts(of: dict[str, np.ndarray], least: dict[str, np.ndarray]) -> dict[str, Any]:
    """The verdict of each row with its reason, and the two intervals that it rests on.

    The first rule that holds counts, in the order below. Facts of each row: `pairs` and `pupils` with both
    scores, `ended` (times that are over), `far_apart` (pairs with the least
    months between their tests), `mean` and `sd` of the gain; `similar_…` of pairs
    compared with similar pupils, `norm_…` of pairs compared with what low scores regain (`mean` and `sd` of
    what is beyond, `before` how many of them have a score before the one at the start).
    """
    gain = mean_interval(of["mean"], _sd_of_several(of["sd"], of["pupils"]), of["pairs"])
    by_similar = (of["similar_pupils"] >= least["least_pupils"]) & (
        of["similar_pairs"] >= least["least_share"] * of["pairs"]
    )
    by_norms = ~by_similar & (of["norm_pupils"] >= least["least_pupils"])
    beyond = _beyond(of, by_similar, by_norms)
    too_few = np.array(
        [
            f"Too few pupils with a score at both ends: fewer than {least:.0f}."
            for least in least["least_pupils"]
        ],
        object,
    )
    told = (
        (of["is_ordered"] > 0, TOO_LITTLE, "Grades are steps, not equal distances."),
        (~(of["pupils"] >= least["least_pupils"]), TOO_LITTLE, too_few),
        (~(of["pairs"] >= least["least_share"] * of["ended"]), TOO_LITTLE,
         "Too many of those who finished have no score at both ends."),
        (~(of["far_apart"] >= least["least_share"] * of["pairs"]), TOO_LITTLE,
         "Too many of the tests are undated, or too close together."),
        (np.isnan(gain.low), TOO_LITTLE, "All changed alike: there is no spread to judge by."),
        ((gain.high < 0) & ~(beyond.value > 0), WORSE, "The whole interval of the gain is below nothing."),
        ((beyond.high < 0) & (gain.low > 0), NO_CHANGE,
         np.where(by_similar, "Scores rose, but those of similar pupils without it rose more.",
                  "Scores rose, but less than such scores usually do by themselves.")),
        (beyond.high < 0, NO_CHANGE, "The gain is clearly less than what comes by itself."),
        (~(gain.low > 0), NO_CHANGE, "The interval of the gain includes no change."),
        (~by_similar & ~by_norms, TOO_LITTLE,
         "There is a gain, and nothing to compare it with: some of it may come by itself."),
        ((beyond.low > 0) & ~_has_before(of, by_similar, least), TOO_LITTLE,
         "There is a gain, and too few have a score before the first: "
         "a chance low score cannot be told apart."),
        (beyond.low > 0, PROMISING, "The gain is clear, and beyond what comes by itself."),
    )  # fmt: skip
    conditions = [condition for condition, _, _ in told]
    otherwise = np.where(
        gain.low > 0,
        np.where(
            by_similar,
            "Scores rose, but not clearly more than those of similar pupils without it.",
            "Scores rose, but not clearly more than such scores do by themselves.",
        ),
        "The gain is no clearer than what comes by itself.",
    )
    return {
        "gain": gain,
        "beyond": beyond,
        "effect": np.where(by_similar, _effect_beyond(of), np.nan),
        "compared_with": np.select([by_similar, by_norms], [SIMILAR, NORMS], ""),
        "verdict": np.select(conditions, [verdict for _, verdict, _ in told], NO_CHANGE),
        "because": np.select(conditions, [words for _, _, words in told], otherwise),
    }


def _has_before(of: dict[str, np.ndarray], by_similar: np.ndarray, least: dict[str, np.ndarray]) -> Any:
    """Whether enough of the compared pairs have a score before the one at the start."""
    before = np.where(by_similar, of["similar_before"], of["norm_before"])
    return before >= least["least_share"] * np.where(by_similar, of["similar_pairs"], of["norm_pairs"])


def _beyond(of: dict[str, np.ndarray], by_similar: np.ndarray, by_norms: np.ndarray) -> Estimate:
    """The mean gain beyond what comes by itself, with its interval; empty where nothing can be compared.

    The similar pupils are a sample too, with an error of their own: one who stands in for many of those with
    the provision counts less (`similar_weight` is how many different ones they amount to), and the degrees
    of freedom are those of the smaller side.
    """
    pairs, others = of["similar_pairs"], of["similar_weight"]
    with np.errstate(divide="ignore", invalid="ignore"):
        similar = mean_interval(
            of["similar_mean"], of["similar_sd"], 1 / (1 / pairs + 1 / others), np.fmin(pairs, others) - 1
        )
    norms = mean_interval(of["norm_mean"], of["norm_sd"], of["norm_pairs"])
    return Estimate(*(
        np.where(by_similar, one, np.where(by_norms, other, np.nan))
        for one, other in zip(similar, norms, strict=True)
    ))  # fmt: skip


def _effect_beyond(of: dict[str, np.ndarray]) -> Numbers:
    """What is beyond similar pupils in standard deviations: the scale's, else after Morris."""
    morris = morris_effect(
        Group(of["similar_mean"], of["similar_sd_entry"], of["similar_pairs"]),
        Group(0, of["similar_other_sd_entry"], of["similar_weight"]),
    ).value
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(of["scale_sd"] > 0, of["similar_mean"] / of["scale_sd"], morris)
