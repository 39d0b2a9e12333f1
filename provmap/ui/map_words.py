"""How the provision map is read, in the words that stand over it and under it."""

from __future__ import annotations

from typing import Any

import polars as pl

from provmap.words import TIERS, count

# Fewer columns than this are seen together on a usual screen.
IN_SIGHT = 7
OF = {"year_group": "year group", "class": "class", "key_stage": "key stage", "group": "group",
      "pupil": "pupil"}  # fmt: skip
NO_AREA = "no broad area"


def how_to_read(cells: pl.DataFrame, by: str, rows: str) -> str:
    """What numbers, signs and headings say: only of what stands in this map."""
    is_of_pupils = by == "pupil"
    most: Any = cells["reaches"].max()
    own = "" if is_of_pupils else "; “(3)”: of them, those for whom something of their own is recorded in it"
    all_of = "all" if is_of_pupils else f"all {most}"
    said = [
        f"Tiers: {', '.join(TIERS.values())}.",
        "✓: recorded for this pupil; select it to see what." if is_of_pupils
        else "Numbers are pupils; select one to see them.",
        f"“{all_of}”: for everybody of its years, whether or not anything is recorded{own}." if most else "",
        "" if is_of_pupils else "A pupil can be in several provisions, so columns do not add up to pupils.",
        "A pupil in several groups stands in each of them." if by == "group" else "",
        "“Nobody”: it runs, and none of those counted here has it." if _has_empty_lines(cells) else "",
        *_of_headings(cells, rows),
    ]  # fmt: skip
    return " ".join(words for words in said if words)


def _has_empty_lines(cells: pl.DataFrame) -> bool:
    return bool(cells["column_key"].is_null().any())


def _of_headings(cells: pl.DataFrame, rows: str) -> list[str]:
    if rows == "need":
        return ["What was recorded for a broad area alone stands under that area."]
    if rows == "area" and NO_AREA in cells["area"].to_list():
        return ["“No broad area”: for needs that belong to none, such as other difficulties, or support "
                "without a specialist's assessment."]  # fmt: skip
    return []


def how_many_columns(cells: pl.DataFrame, by: str) -> str:
    """That there is more than is in sight; empty where all of it is."""
    of_whom = ["school_id", "column_key"] if by == "pupil" else ["column_key"]
    many = cells.drop_nulls("column_key").select(of_whom).n_unique()
    return f"**{count(many, OF[by])}**: scroll sideways for those out of sight." if many > IN_SIGHT else ""


def what_rows_are(cells: pl.DataFrame, by: str) -> str:
    """What a row of the file is: the map has fewer lines than the file has rows."""
    lines = cells.select("area", "school_id", "provision_id").n_unique()
    return (
        f"A row of the file is one provision under one heading for one {OF[by]}: in the "
        f"{count(lines, 'line')} of the map, each cell that is not empty, and each line in which all are."
    )
