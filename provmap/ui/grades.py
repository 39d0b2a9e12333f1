"""What grades such as WTS and EXS stand for, beside a list that shows them."""

import polars as pl
import streamlit as st

from provmap.ui.page import Page, plain


def say_grades(page: Page, rows: pl.DataFrame, columns: tuple[str, ...]) -> None:
    """The meaning of each grade in these columns of a list, for the scales that the list names."""
    shown = [rows[name].cast(pl.String) for name in columns if name in rows.columns and rows.height]
    if not shown:
        return
    values = pl.concat(shown).drop_nulls().unique()
    held = page.ask("scale_values_held").filter(
        pl.col("value_kind") == "step", pl.col("meaning").is_not_null(),
        pl.col("scale_value").is_in(values.implode()),
    )  # fmt: skip
    of_scales = held.join(rows.select("scale").unique(), on="scale", how="semi")
    told = of_scales.unique(["scale_value", "meaning"], maintain_order=True)
    if told.height:
        said = "; ".join(f"**{plain(value)}** {plain(meaning[:1].lower() + meaning[1:])}"
                         for value, meaning in told.select("scale_value", "meaning").iter_rows())  # fmt: skip
        st.caption(f"{said}.")
