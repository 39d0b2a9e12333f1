"""The parts of "Scales and marks": the scales, what each value means, and what is expected when."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.describing_scales import add_scale, set_marks
from provmap.ui.page import Page, plain
from provmap.ui.tables import show_table
from provmap.words import BETTER, SCALE_KINDS

PARTS = ["Scales", "Expected marks", "Add a scale or marks"]
SCALES = ("scale", "written_as", "better", "minimum", "maximum", "marks", "whose", "valid_from", "results",
          "subjects")  # fmt: skip
VALUES = ("scale_value", "meaning", "value_kind", "valid_from", "origin")
MARKS = ("scale", "subject", "year_group", "term", "expected", "greater_depth", "whose", "valid_from")


def show_part(page: Page) -> None:
    """The part that is chosen."""
    part = choose_one("Part", PARTS, key="scales_part")
    if part == PARTS[0]:
        _scales(page)
    elif part == PARTS[1]:
        _marks(page, page.ask("expected_marks"), "")
    else:
        add_scale(page)
        set_marks(page)


def _scales(page: Page) -> None:
    scales = page.ask("scales_held")
    st.caption("Select a scale to see its values in order, its codes that are no score, and its marks.")
    chosen = show_table(page, "scales_held", scales, SCALES, opens="row", empty="")
    if chosen is None:
        return
    row = scales.row(chosen, named=True)
    st.subheader(plain(row["scale"]), anchor=False)
    said = f"{SCALE_KINDS[row['written_as']].capitalize()}; {BETTER[row['better']]}."
    if row["written_as"] == "ordered":
        said += " No mean is taken over its values: how far apart two of them are is nobody's number."
    if row["age_normed"]:
        said += " It allows for age, so that holding level is keeping up."
    st.markdown(plain(" ".join(part for part in (said, row["note"]) if part)))
    if row["origin"]:
        st.caption(plain(f"Where it comes from: {row['origin']}."))
    values = page.ask("scale_values_held").filter(pl.col("scale") == row["scale"])
    if values.is_empty():
        st.caption("No values are listed for it, and no codes: what is not a number is no score.")
    else:
        # Only bands have a day and a source of their own.
        shown = tuple(name for name in VALUES if values[name].is_not_null().any())
        show_table(page, "scale_values_held", values, shown, opens="", only=row["scale"], empty="")
    _marks(page, page.ask("expected_marks").filter(pl.col("scale") == row["scale"]), row["scale"])


def _marks(page: Page, marks: pl.DataFrame, only: str) -> None:
    if marks.is_empty():
        st.info("No expected mark is set: nothing on this scale is called at expected or below it."
                if only else "No expected mark is set for this year group and subject.")  # fmt: skip
        return
    st.caption(
        "At the expected mark or better is at expected. Where better is lower, the mark is the highest that "
        "is at expected. A mark of the school's own goes before one that ships."
    )
    show_table(page, "expected_marks", marks, MARKS, opens="", only=only, empty="")
