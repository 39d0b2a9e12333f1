"""One pupil on paper, for a review: what is needed, what runs and ran, what came of it, and the map."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from provmap import charts
from provmap.documents import Document, Section, print_pdf
from provmap.documents.charts import drawn, with_names_beside
from provmap.exports import file_name
from provmap.filters import show_date
from provmap.ui.meeting_known import TARGETS, VOICES_OF, known_of
from provmap.ui.page import Page
from provmap.ui.printing import MISSING, footer, list_section
from provmap.ui.pupil_story import ONE, RULE_OF_MAP, map_lines, story_of, title_of_map, what_stands_out
from provmap.ui.pupils import about_pupil
from provmap.ui.tables import as_text, capital, in_words, rounded

Who = dict[str, str]
WHOLE, THIRD, STRIP, BESIDE = 640, 250, 72, 3
RULE_OF_CHARTS = (
    "Results: circles are at expected or above, triangles below, squares have no mark set; short bars mark "
    "what was expected; a box is a test without a score, where the line has a hole; shaded while provision "
    "for the subject, or for none in particular, ran. After is not because."
)
# As many terms as fit beside each other.
TERMS = 6
NEEDS = ("need", "state", "provisions", "start_date", "end_date", "required_by", "barrier",
         "barrier_removed_on", "barrier_removed_by")  # fmt: skip
NOW = ("provision", "tier", "start_date", "expected_end_date", "weekly_minutes", "staff", "intended_outcome",
       "entry_value", "overdue_for_review")  # fmt: skip
BEFORE = ("provision", "tier", "start_date", "end_date", "entry_value", "exit_value", "outcome")
# What the map says of a line that is this pupil's own, now or before.
OWN_LINES = ("has it now", "had it before")
# What a table may leave out where nothing of it is recorded.
NEVER_LEFT_OUT = 3


def offer_review_print(page: Page, pupil: dict[str, Any]) -> None:
    """The button that makes a PDF of this pupil."""
    st.download_button(
        "Print for a review", data=partial(review_pdf, page, pupil), on_click="ignore",
        file_name=f"{file_name(page.filter, 'pupil_review', ONE)}.pdf", mime="application/pdf",
        key="print_review", icon=":material/print:",
        help="A PDF on A4: needs, provision over time, results, targets, voices and this pupil in the map",
    )  # fmt: skip


def review_pdf(page: Page, pupil: dict[str, Any]) -> bytes:
    """All that a review needs of one pupil, on two to four sheets."""
    who = {"pupil_id": pupil["pupil_id"], "school_id": pupil["school_id"]}
    where, attended = about_pupil(page, pupil)
    return print_pdf(
        Document(
            title=f"{pupil['forename']} {pupil['surname']}",
            subtitle=f"{where}. For a review, as at {show_date(page.filter.as_at)}. {attended}".strip(),
            footer=footer(page),
            sections=[*_needs(page, who), *_over_time(page, who), *_provision(page, who),
                      *_results(page, who), *_said(page, who), *_map(page, who)],
        )
    )  # fmt: skip


def _needs(page: Page, who: Who) -> list[Section]:
    rows = page.ask("pupil_needs", **who)
    return [list_section(_cells(page, "pupil_needs", rows, NEEDS), "Needs", empty="No needs are recorded.")]


def _over_time(page: Page, who: Who) -> list[Section]:
    """Needs and provision broad, results and attendance beside each other: all on one axis of time."""
    frames = story_of(page, who)
    if not frames:
        return []
    specs = charts.pupil_panels(frames, page.filter.as_at, with_single=False, with_key=False)
    above = bool(frames["needs"].height) + bool(frames["placements"].height)
    broad, beside = specs[:above], [_lower(spec) for spec in specs[above:]]
    return [
        Section("Over time", charts=[drawn(with_names_beside(spec), WHOLE) for spec in broad]),
        Section(charts=[drawn(spec, THIRD) for spec in beside], charts_beside=BESIDE),
        Section(paragraphs=[RULE_OF_CHARTS] if beside else []),
        *([Section("What stands out", points=said)] if (said := what_stands_out(frames)) else []),
    ]  # fmt: skip


def _lower(spec: dict[str, Any]) -> dict[str, Any]:
    """A strip, as high as the strips beside it; a scale of words keeps a row for each word."""
    title = spec.get("title", {}) | {"frame": "bounds", "fontSize": 11}
    return spec | {"title": title} | ({"height": STRIP} if isinstance(spec["height"], int) else {})


def _provision(page: Page, who: Who) -> list[Section]:
    rows = page.ask("pupil_placements", **who).reverse()
    day = pl.lit(page.filter.as_at)
    parts = {
        "What runs now": (rows.filter("is_in_place"), NOW, "Nothing is in place on this day."),
        "What is to come": (rows.filter(pl.col("start_date") > day), NOW, ""),
        "What ran before": (rows.filter(pl.col("end_date") < day), BEFORE, "Nothing ended before this day."),
    }
    return [
        list_section(_cells(page, "pupil_placements", some, columns), title, empty=empty)
        for title, (some, columns, empty) in parts.items() if some.height or empty
    ]  # fmt: skip


def _results(page: Page, who: Who) -> list[Section]:
    """A row a subject and scale, a column a term: the score and whether it is below, or why there is none."""
    results = page.ask("pupil_results", **who).filter(pl.col("assessed_on").is_not_null())
    if results.is_empty():
        return [Section("Results by term", paragraphs=["No results are recorded."])]
    terms = results.group_by("point").agg(pl.col("assessed_on").max()).sort("assessed_on")["point"].to_list()
    below = (
        pl.when(pl.col("meets_expected").eq_missing(other=False))
        .then(pl.lit(", below"))
        .otherwise(pl.lit(""))
    )
    told = results.sort(pl.col("number").is_not_null(), "assessed_on").with_columns(
        test=capital(pl.col("subject")) + " (" + pl.col("scale") + ")",
        says=pl.coalesce("value", pl.lit(MISSING)) + below,
    )
    wide = told.pivot("point", index="test", values="says", aggregate_function="last", sort_columns=False)
    shown = wide.sort("test").select("test", *terms[-TERMS:])
    shown = shown.filter(pl.any_horizontal(pl.col(terms[-TERMS:]).is_not_null()))
    return [
        Section(
            "Results by term", columns=["Subject", *terms[-TERMS:]],
            paragraphs=["“Below”: below what is expected. –: nothing recorded. A code such as A: no score."],
            rows=[list(row) for row in shown.fill_null(MISSING).iter_rows()],
        )
    ]  # fmt: skip


def _said(page: Page, who: Who) -> list[Section]:
    """Targets and voices, where there are any."""
    known = known_of(page, who)
    return [Section(title, points=known[title].lines) for title in (TARGETS, VOICES_OF) if known[title].lines]


def _map(page: Page, who: Who) -> list[Section]:
    """The map of the key stage, a row an area, a column a tier; tinted where the pupil has something."""
    lines = page.ask("pupil_map", **who)
    if lines.is_empty():
        return []
    cells = as_text(map_lines(page, lines).drop("pupils"))
    has = pl.when(pl.col("this_pupil").is_in(OWN_LINES)).then(
        pl.lit(" (") + pl.col("this_pupil") + ")").otherwise(pl.lit(""))  # fmt: skip
    told = cells.with_columns(told=pl.col("provision") + has, is_own=lines["has"])
    wide = told.group_by("area", "tier", maintain_order=True).agg(pl.col("told").str.join("; ")).pivot(
        "tier", index="area", values="told")  # fmt: skip
    part = list_section(wide.fill_null(MISSING), title_of_map(lines))
    areas = told.filter("is_own")["area"].to_list()
    own = [place for place, area in enumerate(wide["area"]) if area in areas]
    heads = [name[:1].upper() + name[1:] for name in part.columns]
    return [replace(part, paragraphs=[RULE_OF_MAP], marked=own, columns=heads)]


def _cells(page: Page, question: str, rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows in words; a column in which nothing is recorded takes no room from the others."""
    cells = as_text(rounded(in_words(page, rows.select(columns), question)))
    said = [name for place, name in enumerate(cells.columns)
            if place < NEVER_LEFT_OUT or not cells[name].is_in([MISSING, ""]).all()]  # fmt: skip
    return cells.select(said)
