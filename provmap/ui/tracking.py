"""The parts of the Progress page, and what they share: the subject and scale, the mark, panels side by
side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from provmap.charts import SMALL_GROUP
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_spec, specs_of
from provmap.ui.page import Page

PARTS = {
    "groups": "Groups",
    "spread": "How results are spread",
    "moved": "Who moved",
    "pupils": "Pupils",
    "classes": "Classes",
    "years": "Year by year",
    "two": "Two subjects",
}
# A class: as many panels as can be looked at together, and how many stand on one sheet.
PANELS_A_SHEET = 12
# Lines are filled up to a multiple of two and of three.
LINE = 6
# What a share is of: its words, and the columns of a question that hold it.
MARKS = {
    "expected": ("At expected or above", "expected_or_above", "expected_share", "rest_share", "gap"),
    "depth": ("At greater depth", "greater_depth", "depth_share", "rest_depth_share", "depth_gap"),
}


@dataclass(frozen=True)
class Tracked:
    """What the parts look at: one subject on one scale, with its terms and its axis in the whole school."""

    page: Page
    measure: str
    name: str
    terms: pl.DataFrame
    school_terms: pl.DataFrame

    def ask(self, question: str, **extra: Any) -> pl.DataFrame:
        """The rows of a question for this subject and scale."""
        return self.page.ask(question, measure=self.measure, **extra)

    def axis(self, measure: str = "") -> dict[str, Any]:
        """From where to where results are drawn, whoever is counted."""
        found = self.page.ask_school("progress_axes", measure=measure or self.measure)
        return found.row(0, named=True) if found.height else {}

    def points(self) -> list[str]:
        """The terms of the whole school, in order: the axis of time stays when the filter changes."""
        scored = self.school_terms.filter((pl.col("measure") == self.measure) & (pl.col("assessed") > 0))
        return scored.sort("term_order")["point"].to_list()


def choose_measure(page: Page) -> Tracked | None:
    """The subject and scale, which stays while the parts change; None where nothing is recorded."""
    school_terms = page.ask_school("progress_points")
    scored, names, usual = page.remembered("measures to choose from", lambda: _offered(page, school_terms))
    if not names:
        return None
    chosen = st.selectbox(
        "Subject and scale",
        list(names),
        index=list(names).index(usual),
        key="measure",
        format_func=lambda code: names[code],
    )
    own = scored.filter(pl.col("measure") == chosen)
    return Tracked(page, chosen, names[chosen], own, school_terms)


def _offered(page: Page, school_terms: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str], str]:
    """The school's terms with results, each measure of these pupils by name, and that of most of them."""
    scored = school_terms.filter(pl.col("assessed") > 0).sort("measure", "term_order")
    terms = page.ask("progress_points").filter(pl.col("assessed") > 0)
    offered = pl.concat([terms, _missed(page, scored, terms)])
    if offered.is_empty():
        return scored, {}, ""
    by_size = offered.group_by("measure").agg(pl.col("term_order").max(), pl.col("assessed").last())
    usual = by_size.sort("term_order", "assessed", "measure", descending=[True, True, False])["measure"][0]
    return scored, measure_names(offered), usual


def _missed(page: Page, scored: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Terms of what others of their years were assessed in, and none of these pupils: never hidden."""
    others = scored.join(terms, on="measure", how="anti")
    if others.is_empty():
        return others
    holes = page.ask("progress_distribution").filter(standing="not_assessed")
    return others.join(holes, on=["subject", "scale", "academic_year", "term"], how="semi").with_columns(
        assessed=pl.lit(0, pl.Int64), results=pl.lit(0, pl.Int64), with_expectation=pl.lit(0, pl.Int64)
    )


def measure_names(terms: pl.DataFrame) -> dict[str, str]:
    """What each subject and scale is called."""
    rows = terms.select("measure", "subject", "scale").unique("measure", maintain_order=True).iter_rows()
    return {measure: f"{subject[:1].upper()}{subject[1:]} ({scale})" for measure, subject, scale in rows}


def choose_mark(tracked: Tracked, key: str) -> str:
    """At expected or at greater depth: which of the two shares are of."""
    return choose_one("Share", {mark: words for mark, (words, *_) in MARKS.items()}, key=key)


def in_terms_of(rows: pl.DataFrame, mark: str) -> pl.DataFrame:
    """The rows with `share` and `reached` of the chosen mark, as the charts take them."""
    _, reached, share, _, _ = MARKS[mark]
    return rows.with_columns(share=share, reached=reached)


def has_no_score(rows: pl.DataFrame) -> bool:
    """Whether none of these pupils has a score here, though others of the school have."""
    if rows.is_empty():
        st.info(
            "None of these pupils has a score on this scale. How results are spread shows who was missed."
        )
    return rows.is_empty()


def has_no_mark(rows: pl.DataFrame) -> bool:
    """Whether nobody here can be judged by the chosen mark: said instead of an empty picture."""
    if has_no_score(rows):
        return True
    if rows["share"].is_null().all():
        st.info(
            "No mark is set on this scale for these pupils, so nobody is above or below one. How "
            "results are spread "
            "shows what they have."
        )
        return True
    return False


def say_without_mark(rows: pl.DataFrame) -> None:
    """Where some of those assessed have no mark to be judged by, their share says less than it seems to."""
    part = rows.filter((pl.col("with_expectation") > 0) & (pl.col("with_expectation") < pl.col("assessed")))
    if part.height:
        st.caption(
            "Some of those assessed are in a year group for which no mark is set in this subject and "
            "scale. They count "
            "among the assessed and cannot be at expected: compare year groups that have a mark."
        )


def say_small(rows: pl.DataFrame, name: str) -> None:
    """Name those of whom fewer than six were assessed at a point: no trend can be read there."""
    few = rows.filter(pl.col("assessed") < SMALL_GROUP)[name].unique(maintain_order=True).to_list()
    if few:
        st.caption(
            f"Hollow marks and no line: fewer than {SMALL_GROUP} pupils assessed, so one pupil moves "
            "them far and no "
            f"trend can be read ({', '.join(few[:6])}{' and others' if len(few) > 6 else ''})."
        )


def show_side_by_side(
    page: Page, draw: Any, rows: pl.DataFrame, *others: Any, key: str, choices: tuple[Any, ...], one: str
) -> None:
    """A panel for each `panel` of the rows, a sheet of twelve at a time, each on the same axes."""
    names = rows["panel"].unique(maintain_order=True).to_list()
    sheets = [names[start : start + PANELS_A_SHEET] for start in range(0, len(names), PANELS_A_SHEET)]
    shown = 0
    if len(sheets) > 1:
        shown = st.selectbox(
            f"Show {one}", range(len(sheets)), key=page.key(f"{key}_sheet"),
            format_func=lambda place: f"{place * PANELS_A_SHEET + 1} to "
            f"{place * PANELS_A_SHEET + len(sheets[place])} of {len(names)}: {sheets[place][0]} to "
            f"{sheets[place][-1]}",
        )  # fmt: skip
    kept = rows.filter(pl.col("panel").is_in(sheets[shown]))
    specs = specs_of(page, draw, kept, *others, choices=(*choices, shown))
    # Tiles of one line: three beside each other on a wide screen, two on a narrow one, all equally wide.
    places = st.columns(-(-len(specs) // LINE) * LINE)
    for place, column in enumerate(places):
        with column, st.container(key=f"tile_{key}_{place}"):
            if place < len(specs):
                show_spec(specs[place], f"{key}_{place}")
            else:
                st.markdown("&nbsp;")
