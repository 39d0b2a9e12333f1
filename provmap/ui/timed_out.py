"""What the numbers of "Time out of class" rest on: a lesson nobody wrote down cannot be one that suffers."""

from __future__ import annotations

import polars as pl

from provmap.words import count

NOT_RECORDED = "not recorded"


def summed_up(rows: pl.DataFrame, limit: str) -> str:
    """How many pupils miss something, how many much, and how many a subject in which they are weak."""
    pupils = rows.unique(["school_id", "pupil_id"])
    much = pupils.filter(pl.col("is_over_threshold")).height
    below, fell = (
        rows.filter(which).select("school_id", "pupil_id").n_unique()
        for which in (~pl.col("meets_expected"), pl.col("since_before") == "fell")
    )
    return (
        f"{count(pupils.height, 'pupil').capitalize()}: something in place takes them out of a lesson, or "
        f"may (nobody wrote down which); **{much:,}** of them for more than {limit} minutes a week in all; "
        f"**{below:,}** out of a subject in which they are below expected, **{fell:,}** out of one in which "
        "they fell since the result before."
    )


def judged_of(rows: pl.DataFrame) -> str:
    """Of how many lessons missed it can be said whether the pupil is behind in them, or fell."""
    known = rows.filter(pl.col("subject_missed") != NOT_RECORDED)
    behind = known["meets_expected"].count()
    moved = known.filter(~pl.col("since_before").is_in(["one_result", "no_result"])).height
    unsaid = rows.height - known.height
    said = [f"Of {count(rows.height, 'row')} below, **{behind:,}** can be judged against the mark and "
            f"**{moved:,}** against the result before: the numbers say nothing of the rest."]  # fmt: skip
    if unsaid:
        said.append(f"In {unsaid:,} nobody wrote down which lesson is missed.")
    if without := known.height - behind:
        said.append(f"In {without:,} there is no result of the last year, or no mark to judge it by.")
    return " ".join(said)
