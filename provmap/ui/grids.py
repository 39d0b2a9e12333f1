"""The two lists that spread over columns: the provision map, and results pupil by pupil."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st
from pandas.io.formats.style import Styler

from provmap.charts import TIER_COLOURS
from provmap.ui.narrow import in_few_columns, short
from provmap.ui.page import Page, open_pupil
from provmap.ui.paper import as_it_stands, say_when_ready, show_on_paper
from provmap.ui.short_names import shortened
from provmap.ui.tables import show_exports
from provmap.ui.widths import ROW_PIXELS
from provmap.words import TIERS, count, heading

PROVISION = ["school_id", "provision_id", "provision", "tier"]
SYMBOLS = {tier: words[0] for tier, words in TIERS.items()}
NARROW, WIDE, WIDEST_LINE = 54, 200, 375
# What stands after a provision that runs and that none of those counted has.
NOBODY_NOW = " – nobody"
LINE = (
    pl.when(pl.col("provision_id").is_null())
    .then(pl.col("area").str.head(1).str.to_uppercase() + pl.col("area").str.slice(1))
    .otherwise(
        pl.concat_str(pl.col("tier").replace(SYMBOLS), "provision", separator=" ", ignore_nulls=True)
        + pl.when("is_empty").then(pl.lit(NOBODY_NOW)).otherwise(pl.lit(""))
    )
    .alias("line")
)
# The column of those who are in none of the groups.
NO_GROUP = "in no group"
# Between the school and the pupil, where a column is of one school.
WITHIN = "\n"
BELOW, REACHED, HAS_IT = "▼", "●", "✓"


def show_map(page: Page, cells: pl.DataFrame, by: str) -> dict[str, Any] | None:
    """One sheet: under each area of need its provisions, with pupils counted by column; the cell selected."""
    schools = page.labels("schools")
    sheet, columns, seen = page.of_rows(("map", by), cells, lambda: _laid_out(cells, by, schools))
    keys = list(columns)
    names = pl.col("school_id").replace(schools).alias("school")
    shown = sheet.select(LINE, *([names] if len(schools) > 1 else []), *keys)
    is_heading = sheet["provision_id"].is_null()
    wide = _line_width(shown["line"], is_heading)
    settings: dict[str, Any] = {
        "line": st.column_config.TextColumn("Provision", width=wide, pinned=True),
        "school": st.column_config.TextColumn("School"),
    }
    settings |= {
        key: st.column_config.TextColumn(
            name,
            width=min(max(NARROW, int(7.5 * max(len(name), _longest(sheet[key]))) + 24), WIDE),
            alignment="center",
            help=columns[key] if by == "pupil" else page.labels("groups").get(key) if by == "group" else None,
        )
        for key, name in seen.items()
    }
    if st.session_state.get("for_printing"):
        # The grid is a picture of what is on the screen; a table goes on over as many sheets as it needs.
        say_when_ready()
        show_on_paper(
            *_for_printing(shown, is_heading, columns),
            of="pupils" if by == "pupil" else "columns",
        )
        return None
    event = st.dataframe(
        _tinted(page, sheet, shown, keys),
        hide_index=True,
        column_config=settings,
        placeholder="",
        on_select="rerun",
        selection_mode="single-cell",
        key=page.key("map"),
        height=(shown.height + 1) * ROW_PIXELS + 3,
        alt="Pupils in each provision, under its area of need",
    )
    for row, column in event.selection.cells:
        if column in columns and row < sheet.height and sheet[row, column]:
            chosen = sheet.select("area", *PROVISION).row(row, named=True)
            return chosen | {"column_key": column.rpartition(WITHIN)[2], "column": columns[column]}
    return None


def _laid_out(
    cells: pl.DataFrame, by: str, schools: dict[str, str]
) -> tuple[pl.DataFrame, dict[str, str], dict[str, str]]:
    """The sheet, what stands over each column of it, and the same where there is little room."""
    cells = by_school(cells) if by == "pupil" else cells
    columns = column_names(cells, by, schools)
    seen = _in_sight(cells, columns) if by == "pupil" else columns
    return _sheet(cells.with_columns(told(by)), list(columns)), columns, seen


def told(by: str) -> pl.Expr:
    """What a cell of the map says: "3" recorded one by one, "all 28" reached as everybody is, or both.

    Of one pupil: "✓" where something is recorded.
    """
    recorded = pl.col("pupils").cast(pl.String)
    if by == "pupil":
        return pl.when(pl.col("pupils") > 0).then(pl.lit(HAS_IT)).otherwise(pl.lit("all")).alias("told")
    everybody = pl.format("all {}", "reaches")
    return (
        pl.when(pl.col("reaches") == 0)
        .then(recorded)
        .when(pl.col("pupils") == 0)
        .then(everybody)
        .otherwise(pl.format("{} ({})", everybody, "pupils"))
        .alias("told")
    )


def _in_sight(cells: pl.DataFrame, columns: dict[str, str]) -> dict[str, str]:
    """Pupils by forename and first letter, where no two are alike: so that more of them are in sight."""
    labels = dict(cells.drop_nulls("column_key").select("column_key", "column_label").iter_rows())
    parts = {key: str(labels[key]).partition(" ") for key in columns}
    return shortened({key: (first, last) for key, (first, _, last) in parts.items()}, columns)


def _longest(cells: pl.Series) -> int:
    longest: Any = cells.str.len_chars().max()
    return longest or 0


def _line_width(lines: pl.Series, is_heading: pl.Series) -> int:
    """As wide as the longest name of a provision or need: what is pinned must leave room for the columns."""
    bold, usual = (_longest(lines.filter(which)) for which in (is_heading, ~is_heading))
    return min(max(220, int(max(8.8 * bold, 7.9 * usual)) + 20), WIDEST_LINE)


def by_school(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells with the school in the key of their column: a pupil's identifier is one school's own."""
    return cells.with_columns(pl.concat_str("school_id", "column_key", separator=WITHIN).alias("column_key"))


def column_names(cells: pl.DataFrame, by: str, schools: dict[str, str]) -> dict[str, str]:
    """What stands over each column, no two alike."""
    found = cells.filter(pl.col("column_key").is_not_null()).sort("column_order", "column_key")
    labels = dict(found.select("column_key", "column_label").iter_rows())
    names: dict[str, str] = {}
    for key, label in labels.items():
        school, _, own = key.rpartition(WITHIN)
        # "Y1", "R", "EAL": short, as people say them, so that a whole school fits across.
        said = f"Y{key}" if by == "year_group" and key.isdigit() else short(str(label))
        longer = f"{label} ({own})", f"{label} ({own}, {schools.get(school, school)})"
        names[key] = next(name for name in (said, *longer, key) if name not in names.values())
    return names


def behind(placements: pl.DataFrame, cell: dict[str, Any], by: str, rows: str) -> pl.DataFrame:
    """The times in provision that a count of the map is made of, from the provision list."""
    column, key = cell["column_key"], "pupil_id" if by == "pupil" else by
    in_column = (
        (
            pl.col("groups").list.len().fill_null(0) == 0
            if column == NO_GROUP
            else pl.col("groups").list.contains(column)
        )
        if by == "group"
        else pl.col(key).fill_null("not recorded") == column
    )
    under = {
        "area": pl.col("need_areas").list.contains(cell["area"]),
        "need": pl.col("needs_named").list.contains(cell["area"]),
        "tier": pl.col("tier").fill_null("tier not recorded") == cell["area"],
        "delivery": pl.col("delivery").fill_null("way not recorded") == cell["area"],
    }
    return placements.filter(
        (pl.col("school_id") == cell["school_id"])
        & (pl.col("provision_id") == cell["provision_id"])
        & in_column
        & under[rows]
    )


def _for_printing(
    shown: pl.DataFrame, is_heading: pl.Series, columns: dict[str, str]
) -> tuple[pl.DataFrame, list[str]]:
    """The sheet as text, its empty cells empty; and the columns that say what a line is."""
    line = {"line": "Provision"} | ({"school": "School"} if "school" in shown.columns else {})
    names = {key: as_it_stands(name) for key, name in (line | columns).items()}
    texts = shown.select(pl.col(list(names)).map_elements(as_it_stands, pl.String).fill_null(""))
    line_of = pl.when(is_heading).then("**" + pl.col("line") + "**").otherwise("line")
    return texts.with_columns(line=line_of).rename(names), list(line.values())


def pupils_and_rows(placements: pl.DataFrame) -> str:
    """Why a list is longer than the count that it belongs to: "6 pupils, 7 rows: one is in it twice"."""
    times = placements.group_by("school_id", "pupil_id").len("times").filter(pl.col("times") > 1)
    words = f"{count(placements.select('school_id', 'pupil_id').n_unique(), 'pupil')}, " + count(
        placements.height, "row"
    )
    if times.is_empty():
        return f"{words}."
    who = "one is" if times.height == 1 else f"{times.height:,} are"
    often = "twice" if times["times"].max() == 2 else "more than once"
    return f"{words}: {who} in it {often}."


def _sheet(cells: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """A row a provision with a column a key, and above the rows of an area one that only names it."""
    line = ["area", *PROVISION]
    counts = cells.filter(pl.col("column_key").is_not_null()).pivot(
        "column_key", index=line[:3], values="told"
    )
    provisions = cells.group_by(line, maintain_order=True).agg(is_empty=pl.col("column_key").is_null().all())
    wide = provisions.join(counts.select(*line[:3], *keys), on=line[:3], how="left", maintain_order="left")
    blocks: list[pl.DataFrame] = []
    for (area,), rows in wide.group_by(["area"], maintain_order=True):
        blocks += [pl.DataFrame({"area": [area]}), rows]
    return pl.concat(blocks, how="diagonal")


def _tinted(page: Page, sheet: pl.DataFrame, shown: pl.DataFrame, keys: list[str]) -> Styler:
    """Numbers on a tint of their tier, which the symbol says too; names of areas on a band."""
    # A Styler keeps what it works out, so each session has its own; what it is made of can be shared.
    words, styles = page.of_rows(
        ("tinted", *shown.columns), sheet, lambda: (shown.to_pandas(), _tints(sheet, shown, keys).to_pandas())
    )
    return words.style.apply(lambda _: styles, axis=None)


def _tints(sheet: pl.DataFrame, shown: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The style of each cell."""
    tints = {tier: f"background-color: {colour}40" for tier, colour in TIER_COLOURS.items()}
    tint = pl.col("tier").replace(tints)
    band = pl.lit("background-color: #8a94a326; font-weight: 600")
    return sheet.select(
        pl.when(pl.col("provision_id").is_null())
        .then(band)
        # What reaches everybody is left plain: what is recorded pupil by pupil stands out.
        .when(pl.col(name).str.contains(rf"^\d|\(|{HAS_IT}") if name in keys else pl.lit(False))
        .then(tint)
        .otherwise(pl.lit(""))
        .alias(name)
        for name in shown.columns
    )


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
    settings = {name: st.column_config.TextColumn(heading(name), pinned=True) for name in ("pupil", "class")}
    event = st.dataframe(
        in_few_columns(wide.drop(pupil[:2])), hide_index=True, column_config=settings, placeholder="",
        on_select="rerun", selection_mode="single-row", key=page.key("results_grid"), height=560,
    )  # fmt: skip
    show_exports(page, "progress_grid", results, "progress_grid")
    if event.selection.rows and event.selection.rows[0] < wide.height:
        row = wide.row(event.selection.rows[0], named=True)
        open_pupil(row["school_id"], row["pupil_id"])
