"""A list on the screen as part of a document to print."""

from __future__ import annotations

import polars as pl

from provmap.documents import Document, Section, print_pdf
from provmap.filters import show_date
from provmap.questions import describe_question
from provmap.ui.page import Page
from provmap.words import count, heading

HEADINGS = {"surname": "Pupil"}
# The columns of the provision list, on its page and in a meeting's pack.
PROVISION_LIST = (
    "surname", "forename", "year_group", "class", "provision", "tier", "start_date", "expected_end_date",
    "weekly_minutes", "staff", "overdue_for_review", "need_codes", "groups",
)  # fmt: skip
# As a missing value is shown.
MISSING = "–"
KEEP_SAFE = "About children: keep it safe."


def list_section(words: pl.DataFrame, title: str = "", *, empty: str = "", new_page: bool = False) -> Section:
    """A list as a table; `words` are its cells as on the screen, text alone."""
    cells = _one_name(words.with_columns(pl.all().replace("", MISSING)))
    if cells.is_empty():
        return Section(heading=title, paragraphs=[empty], new_page=new_page)
    return Section(
        heading=title, columns=[HEADINGS.get(name, heading(name)) for name in cells.columns],
        new_page=new_page,
        rows=[list(row) for row in cells.iter_rows()],
    )  # fmt: skip


def _one_name(cells: pl.DataFrame) -> pl.DataFrame:
    """Surname and forename in one column: a sheet has less room than a screen."""
    if not {"surname", "forename"} <= set(cells.columns):
        return cells
    both = pl.when(pl.col("surname") == MISSING).then(pl.lit(MISSING)).otherwise(
        pl.col("surname") + ", " + pl.col("forename"))  # fmt: skip
    return cells.with_columns(surname=both).drop("forename")


def printed_list(page: Page, question: str, words: pl.DataFrame, only: str) -> bytes:
    """The list on the screen as a PDF."""
    return print_pdf(
        Document(
            title=describe_question(question).title + (f": {only}" if only else ""),
            subtitle=f"{page.filter.describe()}. {count(words.height, 'row').capitalize()}.",
            footer=footer(page),
            sections=[list_section(words)],
        )
    )


def footer(page: Page) -> str:
    """What stands beneath every sheet."""
    return f"provmap, as at {show_date(page.filter.as_at)}. {KEEP_SAFE}"
