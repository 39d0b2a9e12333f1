"""Totals and averages at the end of a table: rows that are of nobody, found afresh in each file.

A row is left out only where it says so ("Total"), has no identifier and lacks what its dataset must have: a
pupil whose surname is Mean or Count stays a pupil.
"""

import re
from dataclasses import replace

import polars as pl

from provmap.imports.delimited import Table
from provmap.imports.plans import Output, Plan
from provmap.imports.upns import WELL_FORMED
from provmap.store.contract import datasets

TOTALS = re.compile(
    r"(?i)((grand|sub|overall|class|year|group|school|cohort)[\s-]*)?"
    r"(totals?|averages?|means?|counts?|sums?|percentages?|%)"
    r"([\s\d:.,%()=-]|\b(of|for|no|numbers?|in|on|pupils?|children|students?|costs?|scores?|hours|roll|records?"
    r"|rows)\b)*"
)
# How many rows at the end are looked at.
LOOKED_AT = 20
IDENTIFIERS = ("pupil_id", "upn")


def total_rows(table: Table, plan: Plan) -> int:
    """How many rows of totals and averages stand at the end of a table whose headings are in place."""
    last = _rows(table.rows.tail(LOOKED_AT))
    are_totals = [bool(TOTALS.fullmatch(_first(row))) for row in last]
    counted = table.rows.height - sum(are_totals)
    ending = 0
    for row, is_total in zip(reversed(last), reversed(are_totals), strict=True):
        if not is_total or _is_somebody(row, table, plan, counted):
            break
        ending += 1
    return ending


def without_own(table: Table, plan: Plan) -> Plan:
    """The plan that leaves out as many rows as it says, but none that is somebody's."""
    rows = _rows(table.rows.tail(plan.ending_rows)) if plan.ending_rows else []
    counted = table.rows.height - len(rows)
    ending = 0
    for row in reversed(rows):
        if _is_somebody(row, table, plan, counted):
            break
        ending += 1
    return replace(plan, ending_rows=ending)


def told(table: Table, plan: Plan) -> list[str]:
    """Which lines of the file are left out at its end."""
    lines = table.lines.tail(plan.ending_rows).to_list() if plan.ending_rows else []
    if not lines:
        return []
    if len(lines) == 1:
        return [f"{table.file}: line {lines[0]} is left out, as a total and nobody's row."]
    listed = f"{', '.join(map(str, lines[:-1]))} and {lines[-1]}"
    return [f"{table.file}: lines {listed} are left out, as totals and nobody's rows."]


def _is_somebody(row: list[str], table: Table, plan: Plan, counted: int) -> bool:
    """Whether a row has an identifier, or all else that its dataset must have.

    The word itself is neither, and nor is how many rows there are, which stands beside "Total".
    """
    cells = dict(zip(table.headings, row, strict=True))
    word = next((heading for heading, text in cells.items() if text), "")
    own = {heading: text for heading, text in cells.items() if text and heading != word}
    for heading in _identifiers(plan):
        text = own.get(heading, "")
        if re.fullmatch(WELL_FORMED, cells.get(heading, "").upper()) or (text and text != str(counted)):
            return True
    return any(_has_what_it_must(output, own, word) for output in plan.outputs)


def _identifiers(plan: Plan) -> set[str]:
    """The columns of the file that say whose a row is."""
    named = {output.columns[name] for output in plan.outputs for name in IDENTIFIERS
             if name in output.columns}  # fmt: skip
    for step in plan.steps:
        if step["do"] in ("match by UPN", "follow former UPN", "split names"):
            named |= {step[word] for word in ("column", "else", "upn") if word in step}
    return named


def _has_what_it_must(output: Output, own: dict[str, str], word: str) -> bool:
    """Whether a row fills the other columns that its dataset must have, and not with numbers alone."""
    must = [
        output.columns[column.name] for column in datasets()[output.dataset].columns
        if column.required and column.name in output.columns and column.name not in IDENTIFIERS
    ]  # fmt: skip
    others = [own.get(heading, "") for heading in dict.fromkeys(must) if heading != word]
    return bool(others) and all(others) and any(text[0].isalpha() for text in others)


def _rows(rows: pl.DataFrame) -> list[list[str]]:
    return [[(text or "").strip() for text in row] for row in rows.cast(pl.String).iter_rows()]


def _first(row: list[str]) -> str:
    return next((text for text in row if text), "")
