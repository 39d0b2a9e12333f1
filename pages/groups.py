"""Groups: what the school means by them and who agreed it, who is in several, and how many over the years."""

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one
from provmap.ui.defined import not_agreed, own_first
from provmap.ui.page import Page, link, open_page
from provmap.ui.tables import show_table

PUPIL = ("surname", "forename", "year_group", "class")
PARTS = ["What they mean", "Pupils in several", "Over the years"]


def definitions(page: Page) -> None:
    st.caption(
        "Statuses come with the roll; a school adds groups of its own, says who belongs, and who agreed that "
        "and when. Being in a group says nothing about any one pupil's need or risk."
    )
    groups = own_first(page.ask("group_definitions"))
    if unsaid := not_agreed(groups):
        st.markdown(unsaid)
    show_table(
        page, "group_definitions", groups,
        ("group", "pupils", "definition", "agreed_on", "agreed_by", "not_written", "is_own",
         "counts_as_disadvantage"),
        opens="",
        empty="No pupil counted here is in a group, and the school has defined none.",
    )  # fmt: skip
    link("enter", "Define a group, or change what it means", part="Groups")


def several(page: Page) -> None:
    st.caption("Two who each coordinate a group may plan for one child: these pupils are seen together here.")
    pairs = page.ask("group_pairs")
    chosen = show_table(
        page, "group_pairs", pairs, ("group", "other_group", "pupils"), opens="row",
        empty="No pupil counted here is in two groups at once.",
    )  # fmt: skip
    if chosen is None:
        return
    pair = pairs.row(chosen, named=True)
    both = pl.col("groups").list.contains(pair["group_code"]) & pl.col("groups").list.contains(
        pair["other_group_code"]
    )
    show_table(
        page, "pupil_list", page.ask("pupil_list").filter(both), (*PUPIL, "needs", "provisions", "groups"),
        only=f"{pair['group']} and {pair['other_group']}", empty="", key="both",
    )  # fmt: skip


def over_the_years(page: Page) -> None:
    held = page.ask("groups_held")
    if held.is_empty():
        st.info("No academic year with pupils in a group is held.")
        return
    phases = ["all", *sorted(set(held["key_stage"]) - {"all"})]
    phase = choose_one("Phase", {one: one if one != "all" else "All phases" for one in phases}, key="phase")
    st.caption(
        "Pupils on roll on any day of the year while in the group, of all on roll that year; who has left "
        "since is counted too. What a group means can change: see what it means, and since when."
    )
    show_table(
        page, "groups_held", held.filter(pl.col("key_stage") == phase),
        ("group", "academic_year", "pupils", "on_roll", "pupils_share"), opens="",
        only="" if phase == "all" else phase, empty="No pupil of this phase was in a group.",
    )  # fmt: skip


page = open_page("Groups", "Who belongs to which group, who says so, and how has that changed?")
part = choose_one("Part", PARTS, key="part")
{PARTS[0]: definitions, PARTS[1]: several, PARTS[2]: over_the_years}[part](page)
