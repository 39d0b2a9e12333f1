"""Our figures beside others', in words: rounded half up for show, the numbers themselves left as they are."""

from typing import Any

import polars as pl

from provmap.statistics.measures import round_half_up

# The shares that are commonly given to one place: a tenth of a point of attendance is many sessions.
ONE_PLACE = ("attendance_share", "persistent_absence_share", "mean_value")
WORDS = {"ours": pl.String(), "theirs": pl.String(), "apart": pl.String()}


def compare_in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `ours`, `theirs` and `apart` to the rows of `comparisons`, after what they are made of."""
    said = [(_ours(row), _theirs(row), _apart(row)) for row in rows.iter_rows(named=True)]
    words = pl.DataFrame(said, schema=WORDS, orient="row")
    last = ["caution", "is_own_past", "school_id"]
    return pl.concat([rows.drop(last), words, rows.select(last)], how="horizontal")


def _ours(row: dict[str, Any]) -> str | None:
    if row["own_value"] is None:
        return None
    shown = _number(row["measure"], row["own_value"])
    if row["own_counted"] is None:
        return f"{shown} ({row['own_of']:,.0f} {'score' if row['own_of'] == 1 else 'scores'})"
    what = " sessions" if row["measure"] == "attendance_share" else ""
    return f"{shown} ({row['own_counted']:,.0f} of {row['own_of']:,.0f}{what})"


def _theirs(row: dict[str, Any]) -> str | None:
    """As a number where it is one, else as the source gives it: c stays c."""
    return _number(row["measure"], row["figure"]) if row["figure"] is not None else row["value"]


def _number(measure: str, value: float) -> str:
    places = 1 if measure in ONE_PLACE else 0
    share = measure.endswith("_share")
    return f"{round_half_up(100 * value if share else value, places):.{places}f}{'%' if share else ''}"


def _apart(row: dict[str, Any]) -> str | None:
    if row["difference"] is None:
        return None
    places = 1 if row["measure"] in ONE_PLACE else 0
    gap = round_half_up(abs(row["difference"]), places)
    if gap == 0:
        return "level"
    is_above = row["difference"] > 0
    unit = ("month" if row["unit"] == "month" else "point") + ("" if gap == 1 else "s")
    better = "better" if is_above == (row["better"] == "higher") else "behind"
    return f"{gap:.{places}f} {unit} {'above' if is_above else 'below'}: {better}"
