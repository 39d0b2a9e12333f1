"""What becomes of each column of a table under a plan, and which are left out, for a person to see."""

import polars as pl

from provmap.imports.attended import COLUMN
from provmap.imports.codes import fold
from provmap.imports.delimited import Table
from provmap.imports.plans import Plan
from provmap.imports.shaping import Known, lay_out
from provmap.imports.values import TICKS

LOOKED_AT = 500
# What a cell says that only says yes. A column of these beside blanks is a list of pupils, and no result.
MARKS = TICKS | {"x", "y", "yes", "1", "true", "tick", "\u2022", "\u221a"}


def describe_columns(table: Table, plan: Plan, known: Known) -> list[dict[str, str]]:
    """A row a column of the laid-out table: what it becomes, and three of its values."""
    laid = lay_out(table, plan, known)
    uses: dict[str, list[str]] = {}
    for output in plan.outputs:
        for name, heading in output.columns.items():
            uses.setdefault(fold(heading), []).append(f"{output.dataset}: {name}")
        for each in output.each:
            said = ", ".join(f"{key} {text}" for key, text in each.set.items())
            uses.setdefault(fold(each.column), []).append(f"{output.dataset}: {said}")
    rows = []
    for place, heading in enumerate(laid.headings):
        cells = laid.rows[str(place)].cast(pl.String).drop_nulls()
        samples = [text for text in cells.head(LOOKED_AT).unique(maintain_order=True) if text.strip()][:3]
        rows.append(
            {
                "column": heading,
                "becomes": "; ".join(uses.get(fold(heading), [])),
                "values": "; ".join(samples),
            }
        )
    return rows


def left_out(table: Table, plan: Plan, known: Known) -> tuple[str, ...]:
    """The columns with anything in them of which a plan makes no use."""
    used = {fold(text) for step in plan.steps for word, text in step.items() if word != "do"}
    for output in plan.outputs:
        for each in output.each:
            used |= {fold(text.removeprefix(COLUMN)) for text in each.set.values() if text.startswith(COLUMN)}
    return tuple(
        row["column"].strip()
        for row in describe_columns(table, plan, known)[: table.rows.width]
        if row["column"].strip() and row["values"] and not row["becomes"] and fold(row["column"]) not in used
    )


def tick_columns(table: Table, plan: Plan, known: Known) -> tuple[str, ...]:
    """Those of the columns left out that hold nothing but ticks: likely a provision or a group each."""
    laid = lay_out(table, plan, known)
    return tuple(one for one in left_out(table, plan, known) if is_ticked(laid, one))


def is_ticked(table: Table, heading: str) -> bool:
    """Whether a column holds ticks beside blanks, and nothing else."""
    cells = table.rows[str(table.place_of(heading))].cast(pl.String).fill_null("").str.strip_chars()
    said = cells.filter(cells != "").str.to_lowercase().unique()
    return 0 < len(said) <= 3 and bool((cells == "").any()) and set(said) <= MARKS
