"""What grades such as WTS and EXS stand for, beside a list that shows them."""

import re

import polars as pl
import streamlit as st

from provmap.ui.page import Page, plain


def say_grades(page: Page, rows: pl.DataFrame, columns: tuple[str, ...]) -> None:
    """The meaning of each grade in these columns of a list, for the scales that it names, else for all."""
    graded = rows.select(name for name in (*columns, "scale") if name in rows.columns)
    if rows.height and set(columns) & set(graded.columns):
        _say(page.of_rows(("grades", columns), graded, lambda: _grades_of(page, graded, columns)))


def _grades_of(page: Page, rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    shown = [rows[name].cast(pl.String) for name in columns if name in rows.columns]
    values = pl.concat(shown).drop_nulls().unique()
    held = page.ask("scale_values_held").filter(
        pl.col("value_kind") == "step", pl.col("meaning").is_not_null(),
        pl.col("scale_value").is_in(values.implode()),
    )  # fmt: skip
    named = "scale" in rows.columns
    of_scales = held.join(rows.select("scale").unique(), on="scale", how="semi") if named else held
    return of_scales.unique(["scale_value", "meaning"], maintain_order=True)


def say_scale(page: Page, scale: str) -> None:
    """The meaning of every grade of one scale, for charts of it."""
    _say(page.remembered(("grades of", scale), lambda: _grades_on(page, scale)))


def _grades_on(page: Page, scale: str) -> pl.DataFrame:
    held = page.ask("scale_values_held").filter(
        pl.col("value_kind") == "step", pl.col("meaning").is_not_null(), pl.col("scale") == scale
    )
    return held.unique(["scale_value", "meaning"], maintain_order=True)


def grades_in(page: Page, *texts: str) -> str:
    """ "EXS: working at the expected standard; WTS: …", of the grades that these words name; empty: none."""
    held = page.ask("scale_values_held").filter(
        pl.col("value_kind") == "step", pl.col("meaning").is_not_null(),
        # A number, or one letter, is as likely to be a word or a count as a grade.
        pl.col("scale_value").str.contains(r"^[A-Z][A-Z0-9+\-]+$"),
    )  # fmt: skip
    named = set(re.findall(r"[A-Z][A-Z0-9+\-]+", " ".join(texts)))
    told = held.filter(pl.col("scale_value").is_in(list(named))).unique(
        ["scale_value", "meaning"], maintain_order=True
    )
    said = [f"{value}: {meaning[:1].lower()}{meaning[1:]}"
            for value, meaning in told.select("scale_value", "meaning").iter_rows()]  # fmt: skip
    return f"{'; '.join(said)}." if said else ""


def _say(told: pl.DataFrame) -> None:
    if told.height:
        said = "; ".join(f"**{plain(value)}** {plain(meaning[:1].lower() + meaning[1:])}"
                         for value, meaning in told.select("scale_value", "meaning").iter_rows())  # fmt: skip
        st.caption(f"{said}.")
