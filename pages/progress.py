"""How many reach what is expected, which groups lag behind the rest, and who are they?"""

import polars as pl
import streamlit as st

from provmap import charts
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.grids import show_results_grid
from provmap.ui.page import Page, open_page
from provmap.ui.tables import show_table
from provmap.ui.weakness import end_page

PARTS = ["Groups", "Pupils over time", "Pupil by pupil"]


def groups(page: Page, points: pl.DataFrame) -> None:
    names = dict(points.select("group_code", "group").unique(maintain_order=True).iter_rows())
    usual = [code for code in ("all", "pupil_premium", "sen_support", "ehc_plan", "eal") if code in names]
    chosen = st.multiselect("Groups", list(names), default=usual, format_func=names.get, key="shown_groups",
                            max_selections=7, placeholder="Choose groups to compare")  # fmt: skip
    shown = points.filter(pl.col("group_code").is_in(chosen)).with_columns(group_name="group")
    if shown.is_empty():
        st.info("Choose at least one group.")
        return
    wanted = tuple(names[code] for code in chosen)
    show_chart(page, charts.share_by_term, shown, wanted, key="shares", choices=(*chosen, *shown.row(0)[2:4]))
    if shown.filter(pl.col("assessed") < charts.SMALL_GROUP).height:
        st.caption(
            f"Hollow marks: fewer than {charts.SMALL_GROUP} pupils assessed, so one pupil moves them far."
        )
    latest = shown.filter(
        (pl.col("term_order") == pl.col("term_order").max()) & pl.col("rest_share").is_not_null()
    )
    if latest.height:
        st.subheader(f"The gap to the rest, {latest['point'][0]}", anchor=False)
        show_chart(page, charts.gap_to_the_rest, latest, key="gaps", choices=(*chosen, *shown.row(0)[2:4]))
    show_table(
        page, "progress_by_group", shown.sort("term_order", "group", descending=[True, False]),
        ("group", "academic_year", "term", "pupils", "assessed", "expected_or_above", "expected_share",
         "rest_share", "gap_points", "mean_value"),
        only=f"{shown['subject'][0]}, {shown['scale'][0]}: {', '.join(wanted)}", empty="", opens="",
    )  # fmt: skip


def over_time(page: Page, subject: str, scale: str) -> None:
    results = page.ask("pupil_progress").filter((pl.col("subject") == subject) & (pl.col("scale") == scale))
    if results.height:
        whole = page.ask_school("pupil_progress")
        show_chart(page, charts.pupils_over_time, results, whole, key="pupils", choices=(subject, scale))
    show_table(
        page, "pupil_progress", results,
        ("surname", "forename", "year_group", "class", "assessed_on", "value", "expected", "meets_expected"),
        only=f"{subject}, {scale}", empty="No results on this scale are recorded for these pupils.",
    )  # fmt: skip


page = open_page("Progress", "How many reach what is expected, and which groups are behind the rest?")
points = page.ask("progress_by_group")
if points.is_empty():
    st.info("No assessments are recorded for these pupils.")
    end_page()
part = choose_one("Show", PARTS, key="progress_part")
if part == "Pupil by pupil":
    show_results_grid(page, page.ask("progress_grid"))
    end_page()
measures = list(points.select("subject", "scale").unique(maintain_order=True).iter_rows())
by_size = page.ask("progress_by_subject").sort("assessed", descending=True)
usual = by_size.select("subject", "scale").row(0) if by_size.height else measures[0]
subject, scale = st.selectbox(
    "Subject and scale", measures, index=measures.index(usual), key="measure",
    format_func=lambda pair: f"{pair[0].capitalize()} ({pair[1]})",
)  # fmt: skip
if part == "Groups":
    groups(page, points.filter((pl.col("subject") == subject) & (pl.col("scale") == scale)))
else:
    over_time(page, subject, scale)
