"""What a cell of the map opens to: the pupils it reaches, and those with something of their own."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.grids import behind, pupils_and_rows
from provmap.ui.page import Page
from provmap.ui.tables import show_table
from provmap.words import count

PUPIL = ("surname", "forename", "year_group", "class")


def show_behind(page: Page, cell: dict[str, Any], by: str, rows: str) -> None:
    """The pupils behind one cell, over the map: below so long a sheet nobody would see them."""
    only = f"{cell['provision']}, {cell['column']}, {cell['area']}"
    found = behind(page.ask("provision_list"), cell, by, rows)
    if found.height:
        _show_recorded(page, found, only)
    if cell["tier"] == "universal":
        reached = behind(page.ask("universal_reach"), cell, by, rows)
        st.caption(f"For everybody of its years: it reaches {count(reached.height, 'pupil')} here.")
        show_table(
            page, "universal_reach", reached, (*PUPIL, "has_own"),
            only=f"{only}, everybody it reaches", empty="It runs for none of their years on this day.",
            key="reached_in_the_map",
        )  # fmt: skip


def _show_recorded(page: Page, found: pl.DataFrame, only: str) -> None:
    pupils = found.unique(["school_id", "pupil_id"], keep="first", maintain_order=True)
    st.caption(f"Recorded pupil by pupil: {pupils_and_rows(found)}")
    if pupils.height < found.height and st.toggle("Each pupil once", key="each_once"):
        found, only = pupils, f"{only}, each pupil once"
    show_table(
        page, "provision_list", found,
        (*PUPIL, "start_date", "expected_end_date", "staff", "need_codes"),
        only=only, empty="", key="behind_the_map",
    )  # fmt: skip
