"""Columns of ticks: which of their cells are a tick, which a day, and which only a person can read."""

from dataclasses import replace

import polars as pl

from provmap.imports.dates import read_dates
from provmap.imports.delimited import Table
from provmap.imports.plans import Each, Plan
from provmap.imports.problems import NOTICE, problem_rows
from provmap.imports.values import CROSSES, NO, TICKS, YES

OPEN = "?"
TICKED = "ticked"
# Of a column that a plan takes both ways, the part that has days. No plan says so itself.
DATED = "dated"
NOTHING = NO | CROSSES | {"-", "\u2013"}
MARKS = YES | TICKS | {"x", "tick", "ticked", "\u2022", "\u221a"}
# What a day among ticks can be.
DAY_FORMS = ("first day", "tick")


def read_marks(cells: pl.Series) -> pl.Series:
    """What each cell is: "no" (also a blank one), "yes", "day", or "unread"."""
    texts = cells.cast(pl.String).fill_null("").str.strip_chars()
    words = texts.str.to_lowercase()
    days = read_dates(texts.replace("", None))[0].is_not_null()
    is_no = words.is_in(["", *NOTHING])
    read = pl.when(is_no).then(pl.lit("no")).when(words.is_in(list(MARKS))).then(pl.lit("yes"))
    return pl.select(read.when(days).then(pl.lit("day")).otherwise(pl.lit("unread"))).to_series()


def has_only_days(table: Table, heading: str) -> bool:
    """Whether a column has a day wherever it has anything to say."""
    kinds = set(read_marks(table.rows[str(table.place_of(heading))]))
    return "day" in kinds and kinds <= {"day", "no"}


def proposed(table: Table, heading: str, of: dict[str, str], otherwise: str) -> Each:
    """The rows of a column of ticks: from the days in it, where it has nothing else, or from one day."""
    if has_only_days(table, heading):
        return Each(heading, "start_date", of)
    return Each(heading, "", of | {"start_date": otherwise}, TICKED)


def with_days(table: Table, plan: Plan) -> Plan:
    """The plan with a question for each column of ticks that has days too."""
    answers = dict(plan.answers)
    for each in _ticked(plan):
        if (read_marks(table.rows[str(table.place_of(each.column))]) == "day").any():
            answers.setdefault(f"days in {each.column}", OPEN)
    return replace(plan, answers=answers) if answers != plan.answers else plan


def parts_of(each: Each, plan: Plan) -> list[Each]:
    """A column of ticks, and beside it its days as first days where a person has said that they are."""
    if each.when != TICKED or plan.answers.get(f"days in {each.column}") != DAY_FORMS[0]:
        return [each]
    said = {name: text for name, text in each.set.items() if name != "start_date"}
    return [each, Each(each.column, "start_date", said, DATED)]


def rows_with(cells: pl.Series, each: Each, plan: Plan) -> pl.Series:
    """Which rows a spread-out column makes."""
    if each.when == DATED:
        return read_marks(cells) == "day"
    if each.when == TICKED:
        is_tick = plan.answers.get(f"days in {each.column}") == DAY_FORMS[1]
        return read_marks(cells).is_in(["yes", "day"] if is_tick else ["yes"])
    if each.to == "start_date":
        return read_marks(cells) != "no"
    return cells.cast(pl.String).fill_null("").str.strip_chars() != ""


def unread(table: Table, plan: Plan) -> list[pl.DataFrame]:
    """A notice for each cell of a column of ticks that is neither yes nor no: nothing is made of it."""
    listed = []
    for output in plan.outputs:
        for each in output.each:
            cells = table.rows[str(table.place_of(each.column))].cast(pl.String)
            is_unread = read_marks(cells) == "unread"
            if each.when == TICKED and is_unread.any():
                listed.append(
                    problem_rows(
                        file=table.file, lines=table.lines.filter(is_unread), dataset=output.dataset,
                        column=each.column, values=cells.filter(is_unread), expected="a tick, yes or no",
                        remedy="Nothing was read from it. Put a tick or clear it, then import it again.",
                        verdict=NOTICE,
                    )
                )  # fmt: skip
    return listed


def _ticked(plan: Plan) -> list[Each]:
    return [each for output in plan.outputs for each in output.each if each.when == TICKED]
