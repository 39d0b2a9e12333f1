"""One pupil over time: what was needed and provided on one axis with what came of it, and what stands out."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap import charts
from provmap.filters import show_date
from provmap.ui.barriers import pupil_barriers
from provmap.ui.figures import show_panels
from provmap.ui.grades import say_grades
from provmap.ui.page import Page, plain
from provmap.ui.paper import on_paper_too, on_screen
from provmap.ui.tables import (
    MISSING,
    as_text,
    column_settings,
    in_words,
    rounded,
    show_exports,
    show_table,
)
from provmap.words import count, heading

# What the files say; never which pupil, as file names are seen by others.
ONE = "one pupil"
NEEDS = ("need", "area", "state", "provisions", "start_date", "end_date", "required_by", "barrier",
         "barrier_removed_on", "barrier_removed_by")  # fmt: skip
PLACEMENTS = ("provision", "tier", "start_date", "expected_end_date", "end_date", "weekly_minutes", "staff",
              "entry_value", "exit_value", "outcome", "overdue_for_review")  # fmt: skip
RESULTS = ("subject", "scale", "assessed_on", "value", "expected", "meets_expected")
Who = dict[str, str]


def show_over_time(page: Page, who: Who) -> None:
    """Needs, provision, results and attendance on one time axis, and what is marked on it in words."""
    st.subheader("Over time", anchor=False)
    frames = story_of(page, who)
    if not frames:
        st.info("Nothing else is recorded for this pupil.")
        return
    show_panels(
        page, charts.pupil_panels, frames, page.filter.as_at, False, key="story",
        choices=tuple(who.values()),
    )  # fmt: skip
    _say_single_results(frames["results"])
    if marked := what_stands_out(frames):
        st.markdown("**What stands out**\n\n" + "\n".join(f"- {plain(words)}" for words in marked))


def story_of(page: Page, who: Who) -> dict[str, pl.DataFrame]:
    """What the charts of one pupil are drawn of; empty where nothing is recorded."""
    frames = {
        "needs": page.ask("pupil_needs", **who),
        "breaks": _breaks(page, who),
        "placements": page.ask("pupil_placements", **who),
        "findings": _findings(page, who),
        "results": page.ask("pupil_results", **who),
        "attendance": page.ask("pupil_attendance", **who),
    }
    if all(rows.is_empty() for rows in frames.values()):
        return {}
    frames["results"] = _with_holes(frames["results"], page.ask("pupil_missed", **who))
    return frames | {"whole": page.ask_school("pupil_progress")}


def _with_holes(results: pl.DataFrame, missed: pl.DataFrame) -> pl.DataFrame:
    """The results, and between two scores the terms in which there is none though others have one."""
    day, test = pl.col("missed_on"), ("subject", "scale")
    scored = results.filter(pl.col("number").is_not_null()).group_by(test)
    spans = scored.agg(first=pl.col("assessed_on").min(), last=pl.col("assessed_on").max())
    between = missed.join(spans, on=test).filter((day > pl.col("first")) & (day < pl.col("last")))
    holes = between.select(*test, day.alias("assessed_on"))
    return pl.concat([results, holes], how="diagonal_relaxed").sort(test, maintain_order=True)


def _say_single_results(results: pl.DataFrame) -> None:
    """The results that are the only one of their kind, in a sentence."""
    scored = results.filter(pl.col("number").is_not_null())
    once = scored.filter(pl.len().over("subject", "scale") == 1).sort("assessed_on", descending=True)
    if once.height:
        said = [
            f"{plain(row['subject'])} ({plain(row['scale'])}) **{plain(row['value'])}** on "
            f"{show_date(row['assessed_on'])}"
            + {True: ", at expected or above", False: ", below expected", None: ""}[row["meets_expected"]]
            for row in once.iter_rows(named=True)
        ]
        st.markdown(f"**Assessed once only:** {'; '.join(said)}.")


def _breaks(page: Page, who: Who) -> pl.DataFrame:
    """When nothing was in place for a live need: breaks that are over, and what goes on to the day."""
    over = page.ask("pupil_breaks", **who)
    day = pl.lit(page.filter.as_at)
    going_on = (
        page.ask("pupil_needs", **who)
        .filter(pl.col("state").is_in(["lapsed", "planned", "unmet"]))
        .select(
            line="need",
            from_date=day - pl.duration(days=pl.col("days_in_state")),
            to_date=day,
            days=pl.col("days_in_state").cast(over.schema["days"]),
            reason="Nothing is in place for " + pl.col("need") + ", so far for",
        )
    )
    return pl.concat([over, going_on])


def _findings(page: Page, who: Who) -> pl.DataFrame:
    """Overlaps and repeats of this pupil, as the page Duplication has them, with the end of their outline."""
    day = pl.lit(page.filter.as_at)
    return (
        page.ask_school("duplications")
        .filter((pl.col("pupil_id") == who["pupil_id"]) & (pl.col("school_id") == who["school_id"]))
        .filter(pl.col("from_date") <= day)
        .with_columns(drawn_until=pl.min_horizontal(pl.col("to_date").fill_null(day), day))
    )


def what_stands_out(frames: dict[str, pl.DataFrame]) -> list[str]:
    """The reasons behind the marks, the latest first: a picture alone tells nobody who cannot see it."""
    said = [
        (row["from_date"], f"{row['reason']}{' Marked as intended.' if row['is_intended'] else ''}")
        for row in frames["findings"].iter_rows(named=True)
    ]
    said += [
        (row["from_date"], f"{row['reason']} {count(row['days'], 'day')}.")
        for row in frames["breaks"].iter_rows(named=True)
    ]
    return [f"{show_date(day)}: {words}" for day, words in sorted(said, reverse=True)]


def show_records(page: Page, who: Who) -> None:
    """The same in lists, newest first where days order them; each of them whole on paper."""
    st.subheader("Needs", anchor=False)
    _show_list(page, "pupil_needs", page.ask("pupil_needs", **who), NEEDS, "No needs are recorded.")
    pupil_barriers(page, who)
    st.subheader("Provision", anchor=False)
    placements = page.ask("pupil_placements", **who).reverse()
    _show_list(page, "pupil_placements", placements, PLACEMENTS, "No provision is recorded.")
    st.subheader("Results", anchor=False)
    results = page.ask("pupil_results", **who).sort("assessed_on", descending=True)
    _show_list(page, "pupil_results", results, RESULTS, "No results are recorded.")
    say_grades(page, results, ("value", "expected"))


def _show_list(page: Page, question: str, rows: pl.DataFrame, columns: tuple[str, ...], empty: str) -> None:
    if rows.is_empty():
        st.info(empty)
        return
    with on_screen(question):
        show_table(page, question, rows, columns, empty=empty, opens="", only=ONE)
    cells = as_text(rounded(in_words(page, rows.select(columns), question)))
    on_paper_too(cells.rename({name: heading(name) for name in cells.columns}), question)


def show_in_the_map(page: Page, who: Who) -> None:
    """The map of the pupil's key stage with this pupil's own lines marked: ready to print for a review."""
    lines = page.ask("pupil_map", **who)
    if lines.is_empty():
        return
    st.subheader(title_of_map(lines), anchor=False)
    st.caption(RULE_OF_MAP)
    is_own = lines["has"].to_list()
    shown = map_lines(page, lines)
    styled = shown.to_pandas().style.apply(lambda row: [OWN if is_own[row.name] else ""] * len(row), axis=1)
    # As wide as their words, in rows of one line: a name that is cut off tells nobody what it is.
    settings = {name: one | {"width": None} for name, one in column_settings(shown).items()}
    with on_screen("in_the_map"):
        st.dataframe(styled, hide_index=True, column_config=settings, placeholder=MISSING, key="in_the_map",
                     height=(shown.height + 1) * 35 + 3)  # fmt: skip
    cells = as_text(shown)
    on_paper_too(cells.rename({name: heading(name) for name in cells.columns}), "in_the_map")
    show_exports(page, "pupil_map", lines, "pupil_map", ONE)


RULE_OF_MAP = (
    "What the school offers this pupil's year, with what this pupil has marked. Whole-class provision "
    "reaches everybody in the year; it is marked where something was adjusted for this pupil."
)


def title_of_map(lines: pl.DataFrame) -> str:
    """What the map of a pupil is called: "In the provision map of key stage 2"."""
    stage = lines["key_stage"][0] or "this pupil's year"
    return f"In the provision map of {stage[:1].lower()}{stage[1:]}"


def map_lines(page: Page, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines of the map in words, with what this pupil has of each."""
    return in_words(page, lines.select("area", "provision", "tier", "pupils")).with_columns(
        this_pupil=_has(lines), start_date=lines["start_date"], expected_end_date=lines["expected_end_date"]
    )


# A tint and weight for the pupil's own lines, which a word in them says too.
OWN = "background-color: #2f8fcb33; font-weight: 600"


def _has(lines: pl.DataFrame) -> pl.Expr:
    has, before, tier = (pl.lit(lines[name]) for name in ("has", "had_before", "tier"))
    return (
        pl.when(has).then(pl.lit("has it now"))
        .when(before).then(pl.lit("had it before"))
        .when(tier == "universal").then(pl.lit("whole class"))
        .otherwise(pl.lit(None, dtype=pl.String))
    )  # fmt: skip
