"""Who may be served twice, and for what? And what runs on from last year without a present reason?"""

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one, pick
from provmap.ui.marking import NOW, none_found, show_finding
from provmap.ui.page import Page, open_page
from provmap.ui.tables import show_table
from provmap.words import CHANGED, DUPLICATIONS, INTENDED

ALWAYS, DRIFT = "At any time", "This year and last"
# What decides comes first, where a narrow screen shows it; a pupil's year and class come after.
PUPIL, WHERE = ("surname", "forename"), ("year_group", "class")


def overlaps(page: Page, when: str) -> None:
    findings = page.ask("duplications")
    if when == NOW:
        findings = findings.filter(pl.col("is_current"))
    findings, kinds = pick(findings, "kind", DUPLICATIONS, key="overlap")
    findings = findings.with_columns(
        mark=pl.when("is_intended").then(pl.lit("intended")).otherwise(pl.lit("open"))
    )
    findings, marks = pick(findings, "mark", INTENDED, key="mark", label="Marked as intended, or not")
    st.caption(
        "A possible overlap is a question to ask, not a fault: two provisions can be meant to work together. "
        "Select a row to open the pupil or to mark it as intended. Spans that only meet, one ending the day "
        "before the other begins, are not listed. Days shared and lesson time twice are counted so far, and "
        "stand only where two overlap: a repeat, and what no need asks for, share no days."
    )
    chosen = show_table(
        page, "duplications", findings.drop("mark"),
        (*PUPIL, "reason", "doubled_minutes", "shared_days", "weekly_minutes", "from_date", "to_date",
         "is_intended", *WHERE, "kind", "provision", "other_provision", "need_code"), opens="row",
        only=" and ".join(part for part in ("now" if when == NOW else "", kinds, marks) if part),
        empty=none_found(page, when, kinds, marks),
    )  # fmt: skip
    if chosen is not None:
        show_finding(page, findings.row(chosen, named=True))


def drift(page: Page) -> None:
    pupils = page.ask("drift").with_columns(
        pl.when("is_drift").then(pl.lit("drift"))
        .when("needs_changed").then(pl.lit("changed"))
        .otherwise(pl.lit("same")).alias("what_changed")
    )  # fmt: skip
    kept, only = pick(pupils, "what_changed", CHANGED, key="drift")
    found = pupils["is_drift"].sum()
    st.caption(
        f"Needs and additional provision a year ago and now. For {found:,} of {pupils.height:,} pupils "
        "something runs on although needs have changed and no present need asks for it."
    )
    show_table(
        page, "drift", kept.drop("what_changed"),
        (*PUPIL, "without_reason", "needs_last_year", "needs_now", "provisions_last_year", "provisions_now",
         *WHERE),
        only=only, empty="Nobody had a need or additional provision, a year ago or now.",
    )  # fmt: skip


page = open_page(
    "Duplication", "Is any pupil served twice for one need, again without gain, or for no need we know of?"
)
shown = choose_one("When", [NOW, ALWAYS, DRIFT], key="when")
if shown == DRIFT:
    drift(page)
else:
    overlaps(page, shown)
