"""The two lists that spread over columns: the provision map, and results pupil by pupil."""

from __future__ import annotations

from typing import Any

import pandas
import polars as pl
import streamlit as st
from pandas.io.formats.style import Styler

from provmap.charts import TIER_COLOURS
from provmap.ui.page import Page, open_pupil
from provmap.ui.tables import ROW_PIXELS, show_exports
from provmap.words import TIERS, heading

PROVISION = ["school_id", "provision_id", "provision", "tier"]
SYMBOLS = {tier: words[0] for tier, words in TIERS.items()}
NARROW = 60
BELOW, REACHED = "▼", "●"


def show_map(page: Page, cells: pl.DataFrame) -> dict[str, Any] | None:
    """A grid an area of need, each with the same columns; the cell that was selected, if any."""
    found = cells.filter(pl.col("column_key").is_not_null()).sort("column_order", "column_key")
    keys = found["column_key"].unique(maintain_order=True).to_list()
    # "Y1" and "R": short, as people say them, so that a whole school fits across.
    columns = {key: f"Y{key}" if key.isdigit() else key for key in keys}
    chosen = None
    for (area,), rows in cells.group_by(["area"], maintain_order=True):
        st.subheader(str(area).capitalize(), anchor=False)
        chosen = _map_of_area(page, str(area), rows, columns) or chosen
    show_exports(page, "provision_map", cells, "provision_map")
    return chosen


def _map_of_area(page: Page, area: str, rows: pl.DataFrame, columns: dict[str, str]) -> dict[str, Any] | None:
    provisions = rows.select(PROVISION).unique(maintain_order=True)
    counts = rows.filter(pl.col("column_key").is_not_null()).pivot(
        "column_key", index=PROVISION[:2], values="pupils"
    )
    empty = [pl.lit(None, pl.Int64).alias(key) for key in columns if key not in counts.columns]
    wide = provisions.join(counts.with_columns(empty), on=PROVISION[:2], how="left", maintain_order="left")
    schools = page.labels("schools")
    shown = wide.select(
        *([pl.col("school_id").replace(schools)] if len(schools) > 1 else []),
        pl.col("tier").replace(SYMBOLS) + " " + pl.col("provision"),
        *columns,
    )
    settings: dict[str, Any] = {
        "school_id": st.column_config.TextColumn("School", pinned=True),
        "tier": st.column_config.TextColumn("Provision", width=230, pinned=True),
    }
    settings |= {
        key: st.column_config.NumberColumn(name, width=NARROW, alignment="center", format="%d")
        for key, name in columns.items()
    }
    event = st.dataframe(
        _tinted(shown, list(columns)),
        hide_index=True,
        column_config=settings,
        placeholder="",
        on_select="rerun",
        selection_mode="single-cell",
        key=f"map_{area}",
        height=(shown.height + 1) * ROW_PIXELS + 3,
        alt=f"{area}: pupils in each provision",
    )
    for row, column in event.selection.cells:
        if column in columns and row < wide.height and wide[row, column]:
            picked = wide.row(row, named=True)
            return {name: picked[name] for name in PROVISION} | {
                "area": area, "column_key": column, "column": columns[column],
            }  # fmt: skip
    return None


def _tinted(shown: pl.DataFrame, columns: list[str]) -> Styler:
    """Numbers on a tint of their tier, which is also in words and as a symbol."""
    tints = {symbol: f"background-color: {TIER_COLOURS[tier]}40" for tier, symbol in SYMBOLS.items()}

    def tint(row: pandas.Series) -> list[str]:
        of_tier = tints.get(row["tier"][0], "")
        return ["", *("" if pandas.isna(value) else of_tier for value in row[columns])]

    return shown.to_pandas().style.apply(tint, axis="columns", subset=["tier", *columns])


def show_results_grid(page: Page, results: pl.DataFrame) -> None:
    """A row a pupil, a column a subject; a symbol says whether the result is at expected."""
    if results.is_empty():
        st.info("No results of the last year are recorded for these pupils.")
        return
    st.caption(f"Latest result of the last year. {REACHED} at expected or above, {BELOW} below expected. "
               "Empty: no result, which is neither. Select a row to open the pupil.")  # fmt: skip
    symbol = pl.col("meets_expected").replace_strict({True: f"{REACHED} ", False: f"{BELOW} "}, default="")
    name = pl.col("subject").str.head(1).str.to_uppercase() + pl.col("subject").str.slice(1)
    told = results.with_columns(shown=symbol + pl.col("value"), test=pl.format("{} ({})", name, "scale"))
    pupil = ["school_id", "pupil_id", "surname", "forename", "year_group", "class"]
    wide = told.pivot("test", index=pupil, values="shown", aggregate_function="first", sort_columns=True)
    settings = {name: st.column_config.TextColumn(heading(name), pinned=True) for name in pupil}
    event = st.dataframe(
        wide.drop(pupil[:2]), hide_index=True, column_config=settings, placeholder="",
        on_select="rerun", selection_mode="single-row", key="results_grid", height=560,
    )  # fmt: skip
    show_exports(page, "progress_grid", results, "progress_grid")
    if event.selection.rows and event.selection.rows[0] < wide.height:
        row = wide.row(event.selection.rows[0], named=True)
        open_pupil(row["school_id"], row["pupil_id"])
