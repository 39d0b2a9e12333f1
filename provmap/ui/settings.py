"""The thresholds in force on the page's day, as a rule says them."""

from __future__ import annotations

import polars as pl

from provmap.ui.choices import choose_one
from provmap.ui.page import Page, link

# Which page a threshold decides on, by the words before the colon of what it means.
DECIDES = {
    "Where are we": "Where are we?", "Time out of class": "Time out of class", "Targets": "Targets",
    "Progress meeting": "Progress meeting", "Comparisons": "Comparisons",
    "What was tried": "Coverage and gaps", "Coverage over time": "Coverage and gaps",
    "Hours of plans": "How needs are met", "Impact": "Impact of provision",
    "Ratio gain": "Impact of provision", "Cost": "Impact of provision",
    "Reviews of provision": "Reviews of provision",
    "Voices": "Voices of pupils and parents", "Assess, plan, do, review": "Voices of pupils and parents",
    "Lists for the meeting": "Lists for the meeting", "Groups over time": "Progress",
}  # fmt: skip
ALL, SEVERAL = "All", "Several pages"
BY_NAME = {
    "review_after": "Provision list", "break_after": "Pupil", "persistent_absence": "Lists for the meeting",
    "severe_absence": "Lists for the meeting",
}  # fmt: skip
# What decides on a page besides, where it stands under several or under another.
ALSO = {
    "assessment_window": (
        "Coverage and gaps", "Lists for the meeting", "Progress", "Pupil", "Targets", "Time out of class",
        "Where are we?", "Who qualifies",
    ),
    "persistent_absence": ("Comparisons",),
    "review_after": ("Reviews of provision",),
    **dict.fromkeys(
        ("ledger_fall_sd", "ledger_fall_steps", "ledger_fall_months", "ledger_fall_range"),
        ("Lists for the meeting",),
    ),
}  # fmt: skip


def thresholds(page: Page) -> dict[str, str]:
    """Every threshold by name, as a number in words: 84, 0.5."""
    rows = page.ask("thresholds")
    return {name: f"{value:g}" for name, value in rows.select("name", "value").iter_rows()}


def threshold(page: Page, name: str) -> str:
    """One of them."""
    return thresholds(page)[name]


def by_page(rows: pl.DataFrame) -> pl.DataFrame:
    """The thresholds with the page that each decides on, in the order of the pages."""
    pages = [
        BY_NAME.get(name) or DECIDES.get(meaning.split(":", maxsplit=1)[0], SEVERAL)
        for name, meaning in rows.select("name", "meaning").iter_rows()
    ]
    return rows.with_columns(decides_on=pl.Series(pages, dtype=pl.String)).sort(
        "decides_on", maintain_order=True
    )


def of_one_page(rows: pl.DataFrame) -> pl.DataFrame:
    """Those that decide on the page that the reader chooses, or a link from it asks for; else all."""
    pages = {*rows["decides_on"], *(page for also in ALSO.values() for page in also)}
    page = choose_one("Page", [ALL, *sorted(pages - {SEVERAL}), SEVERAL], key="thresholds_of")
    if page == ALL:
        return rows
    also = [name for name, on in ALSO.items() if page in on]
    own = pl.col("decides_on") == page
    # Its own first.
    return pl.concat([rows.filter(own), rows.filter(~own & pl.col("name").is_in(also))])


def to_thresholds(page: str, words: str) -> None:
    """A link to the thresholds that decide on a page."""
    link("enter", words, part="Thresholds", thresholds_of=page)
