"""What the numbers of "Time out of class" rest on: a lesson nobody wrote down cannot be one that suffers."""

from __future__ import annotations

import polars as pl

from provmap.words import count

NOT_RECORDED = "not recorded"


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
