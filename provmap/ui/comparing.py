"""The parts of "Comparisons": the chart, the list, and the form for a comparator."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.charts import SMALL_GROUP, beside_others
from provmap.filters import academic_year_of
from provmap.store import Edit, rows_to_edit
from provmap.ui.entering import schools
from provmap.ui.fields import known_choices
from provmap.ui.figures import show_chart
from provmap.ui.kept_rows import Opened, correct, enter, is_waiting, record_of, save_correction, say_waiting
from provmap.ui.lost_drafts import show_lost
from provmap.ui.page import Page
from provmap.ui.seen import all_seen, save_all_seen, sends
from provmap.ui.selecting import choose_rows
from provmap.ui.tables import show_table
from provmap.ui.writing import save_or_say, writer
from provmap.words import MEASURES, count

SHOWN = ("subject", "year_group", "group", "beside", "academic_year", "theirs", "ours", "apart", "caution",
         "own_year", "scale")  # fmt: skip
FIELDS = ("measure", "academic_year", "subject", "scale", "year_group", "group_code", "source", "value")
HELD = ("measure", "subject", "year_group", "group", "academic_year", "beside", "figure", "scale",
        "written_by")  # fmt: skip
CALLED = {
    "measure": "Measure",
    "source": "Whose figure",
    "value": "Figure",
    "group_code": "Group",
    "subject": "Subject (needed, but for attendance)",
    "scale": "Scale (needed, but for attendance)",
}
# What is begun about figures lies below this.
RECORDS = "comparators/"
SOURCES = ("national", "local authority", "similar schools")
# What is measured of results is of a subject and a scale; attendance is of neither.
OF_RESULTS = ("expected_share", "greater_depth_share", "mean_value")


def choose_measure(page: Page, rows: pl.DataFrame) -> tuple[pl.DataFrame, str, str]:
    """The rows of one measure, and of a mean of one scale: nothing else can share an axis."""
    offered = page.of_rows("measures to compare", rows, lambda: _offered(rows))
    measure, scale = st.selectbox(
        "Measure", offered, key="comparison_measure",
        format_func=lambda one: MEASURES.get(one[0], one[0]) + (f", {one[1]}" if one[1] else ""),
    )  # fmt: skip
    return _of_measure(rows, measure, scale), measure, scale or ""


def _offered(rows: pl.DataFrame) -> list[tuple[str, str | None]]:
    """Each measure, and of a mean each scale, in the order in which people look at them."""
    kinds = rows.select("measure", pl.when(measure="mean_value").then("scale").alias("scale"))
    order = list(MEASURES)
    return sorted(
        kinds.unique(maintain_order=True).iter_rows(),
        key=lambda one: order.index(one[0]) if one[0] in order else len(order),
    )


def _of_measure(rows: pl.DataFrame, measure: str, scale: str | None) -> pl.DataFrame:
    rows = rows.filter(pl.col("measure") == measure)
    return rows.filter(pl.col("scale") == scale) if scale else rows


def choose_year(page: Page, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in which ours is of one school year: the newest that is over, unless another is chosen."""
    years = rows["own_year"].drop_nulls().unique().sort(descending=True).to_list()
    if not years:
        return rows
    this_year = academic_year_of(page.filter.as_at)
    over = [year for year in years if year < this_year]
    chosen = st.selectbox(
        "Our figure is of", years, index=years.index(over[0]) if over else 0, key="comparison_year"
    )
    if chosen == this_year:
        st.caption(f"{chosen} is not over: ours is the latest so far, and the others' may be of its end.")
    return rows.filter(pl.col("own_year").eq(chosen) | pl.col("own_year").is_null())


def show_figures(page: Page, rows: pl.DataFrame, measure: str, scale: str) -> None:
    """Every figure as a mark on one axis: ours, our own past, each source; symbols have no place on it."""
    years, called = page.labels("year_groups"), page.labels("schools")
    figures = page.of_rows("figures", rows, lambda: figures_of(rows, years, called))
    if figures.is_empty():
        st.info("None of these figures is a number, so there is nothing to draw: the list has the symbols.")
        return
    is_share = measure.endswith("_share")
    whole = page.ask_school("comparisons")
    ends = page.of_rows(("ends", measure, scale), whole, lambda: _ends(whole, measure, scale, years, called))
    title = MEASURES.get(measure, measure) + (f", {scale}" if scale else "")
    show_chart(page, beside_others, figures, title, ends, is_share, key="beside", choices=(measure, scale))
    if figures["is_small"].any():
        st.caption(f"A hollow circle: fewer than {SMALL_GROUP} of our pupils, so one of them moves it far.")


def _ends(
    whole: pl.DataFrame, measure: str, scale: str, years: dict[str, str], called: dict[str, str]
) -> list[float]:
    """From where to where the axis goes, whoever is counted."""
    if measure in OF_RESULTS and measure.endswith("_share"):
        return [0.0, 1.0]
    numbers = figures_of(_of_measure(whole, measure, scale), years, called)["figure"].to_list()
    return [min(numbers), max(numbers)]


def figures_of(rows: pl.DataFrame, years: dict[str, str], called: dict[str, str]) -> pl.DataFrame:
    """A row for each figure: named (what it is of), who, academic_year, figure, shown, is_small."""
    parts_of_name = [pl.col("subject").str.to_titlecase(), pl.col("year_group").replace(years), "group"]
    # Two scales, or two schools, never share a row of the chart.
    if rows["scale"].n_unique() > 1:
        parts_of_name.append("scale")
    if rows["school_id"].n_unique() > 1:
        parts_of_name.append(pl.col("school_id").replace(called))
    rows = rows.with_columns(named=pl.concat_str(parts_of_name, separator=", ", ignore_nulls=True))
    ours = rows.sort("own_year").group_by("named", maintain_order=True).last()
    parts = [
        ours.select("named", pl.lit("ours").alias("who"), pl.col("own_year").alias("academic_year"),
                    pl.col("own_value").alias("figure"), pl.col("ours").alias("shown"),
                    (pl.col("assessed") < SMALL_GROUP).alias("is_small")),
        rows.select("named", pl.col("beside").alias("who"), "academic_year", "figure",
                    pl.col("theirs").alias("shown"), pl.lit(False).alias("is_small")),
    ]  # fmt: skip
    order = rows.select("named").unique(maintain_order=True).with_row_index("place")
    drawn = pl.concat(parts).filter(pl.col("figure").is_not_null())
    return drawn.join(order, on="named").sort("place", maintain_order=True).drop("place")


def show_list(page: Page, rows: pl.DataFrame, only: str) -> None:
    """Each comparator beside our own figure, with what to bear in mind."""
    # Attendance is of no subject and of no scale.
    shown = tuple(name for name in SHOWN if rows[name].is_not_null().any())
    show_table(page, "comparisons", rows, shown, only=only, opens="", empty="")
    st.caption(
        "c: withheld, as so few pupils could be recognised; x: not available; z: not applicable; low: rounds "
        "to 0 and is not 0. A symbol is no number, and nothing is worked out from it."
    )
    st.caption(
        "Ours counts everybody who was in that year group and group then, whoever has left since; a choice "
        "of class or need is not applied."
    )


def enter_comparator(page: Page) -> None:
    """A figure to compare with: a new one, or one that is there to correct or take out."""
    rows = rows_to_edit(page.store, "comparators", **schools(page))
    with st.expander(
        "Enter or correct a figure to compare with",
        icon="✏️",
        key="enter_comparator",
        expanded=is_waiting(page, RECORDS),
    ):
        show_lost(page, "comparators")
        say_waiting(page, RECORDS, {record_of("comparators", row["row_key"]): _named(row)
                                    for row in rows.iter_rows(named=True)})  # fmt: skip
        chosen = _choose(page, rows) if rows.height else []
        out = all_seen("comparators", chosen)
        opened = _fields(page, rows, chosen[0] if len(chosen) == 1 else None)
        school = opened.held.get("school_id") or _school(page)
        made_by = writer("comparator")
        with st.container(horizontal=True):
            saved = st.button("Save the figure", type="primary", key=sends("comparator"),
                              disabled=opened.is_held_up)  # fmt: skip
            removed = st.button(f"Take out the selected ({len(out)})", key="comparator_out", disabled=not out)
        if saved and not opened.is_held_up:
            _save(page, made_by, opened, school)
        if removed:
            edits = [Edit("comparators", {}, one["row_key"], one["row_version"], removed=True) for one in out]
            words = f"{count(len(edits), 'figure').capitalize()} taken out."
            save_all_seen(page, made_by, edits, words)


def _fields(page: Page, rows: pl.DataFrame, row: dict[str, Any] | None) -> Opened:
    """What is asked of a figure, filled from the one that is selected."""
    choices = known_choices(page) | {
        "measure": MEASURES,
        "scale": {one: one for one in page.ask("scales_held")["scale"]},
        "source": {one: one.capitalize() for one in (*SOURCES, *rows["source"].unique(maintain_order=True))},
    }
    st.caption("A share as 74% or 0.74; or c, x, z or low, as the source has it.")
    if row:
        return correct(page, "comparator", "comparators", FIELDS, row, choices=choices, called=CALLED)
    at_first = {"academic_year": academic_year_of(page.filter.as_at)}
    return enter(page, f"{RECORDS}new/", "comparators", FIELDS, at_first, choices=choices,
                 key="comparator_None", called=CALLED)  # fmt: skip


def _named(row: dict[str, Any]) -> str:
    measure = MEASURES.get(row["measure"], row["measure"])
    return f"{measure}, {row['source']}, {row['academic_year']}"


def _in_words(rows: pl.DataFrame, groups: dict[str, str]) -> pl.DataFrame:
    return rows.rename({"source": "beside", "value": "figure"}).with_columns(
        pl.col("measure").replace(MEASURES), group=pl.col("group_code").replace(groups)
    )


def _choose(page: Page, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows that are selected in the list of comparators, which has them in words."""
    groups = page.labels("groups")
    shown = page.of_rows("comparators", rows, lambda: _in_words(rows, groups))
    held = {row["row_key"]: row for row in rows.to_dicts()}
    return [held[row["row_key"]] for row in choose_rows(page, shown, HELD, "comparators")]


def _school(page: Page) -> str:
    """Whose figure it stands beside: asked only where there are several schools."""
    known = {one: name for one, name in page.labels("schools").items()
             if not page.filter.schools or one in page.filter.schools}  # fmt: skip
    if len(known) == 1:
        return next(iter(known))
    return str(st.selectbox("Our school (needed)", list(known), format_func=lambda one: known[one],
                            key="comparator_school"))  # fmt: skip


def _save(page: Page, made_by: str, opened: Opened, school: str) -> None:
    given = opened.given
    if given["measure"] in OF_RESULTS and not (given["subject"] and given["scale"]):
        st.error(
            "Say of which subject, and on which scale: figures of different scales do not compare.", icon="⚠️"
        )
    elif opened.held:
        save_correction(page, made_by, "comparators", opened)
    else:
        edit = Edit("comparators", given | {"school_id": school})
        save_or_say(page, made_by, [edit], "Saved.", opened.form)
