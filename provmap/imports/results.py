"""Cells of results as systems print them, and the questions about them that only a person can answer."""

import re
from dataclasses import replace

import polars as pl

from provmap.imports.delimited import Table
from provmap.imports.plans import Each, Plan

OPEN = "?"
# What a reading age with a point can mean, and a zero after real scores.
AGE_FORMS = ("years.months", "decimal years", "months")
ZERO_FORMS = ("no score", "score")
_WITH_PERCENTILE = r"^\s*(-?\d+(?:\.\d+)?)\s*\(\s*\d+(?:\.\d+)?\s*%\s*\)\s*$"
_YEARS_AND_MONTHS = re.compile(r"(\d{1,2})\s*(?:[:;]|y(?:ea)?rs?|y)\s*(\d{1,2})?\s*(?:m(?:on)?ths?|mths?|m)?")


def raised(table: Table, plan: Plan) -> Plan:
    """The plan with the questions that its columns of results raise, as answers that are still open.

    A reading age such as 8.10 or 8.5: no rule decides what it means. A zero after real scores in the same
    subject and scale: often "did not sit", and then no score.
    """
    answers = dict(plan.answers)
    for output in plan.outputs:
        if output.dataset != "assessments":
            continue
        before: dict[tuple[str, str], list[pl.Series]] = {}
        for each in output.each:
            cells = _texts(table, each.column)
            if each.set.get("scale") == "age" and cells.str.contains(r"^\d+\.\d+$").any():
                answers.setdefault(f"reading age in {each.column}", OPEN)
            numbers = cells.cast(pl.Float64, strict=False)
            of = (each.set.get("subject", ""), each.set.get("scale", ""))
            earlier = before.setdefault(of, [])
            if any(((numbers == 0) & (one > 0)).any() for one in earlier):
                answers.setdefault(f"zeros in {each.column}", OPEN)
            earlier.append(numbers)
    return replace(plan, answers=answers) if answers != plan.answers else plan


def clean(cells: pl.Series, each: Each, plan: Plan) -> pl.Series:
    """Results as the contract has them: the score of "101 (53%)", ages in months, zeros as answered."""
    texts = cells.cast(pl.String).str.strip_chars()
    texts = texts.str.replace(_WITH_PERCENTILE, "${1}")
    if each.set.get("scale") == "age":
        form = plan.answers.get(f"reading age in {each.column}", "")
        distinct = texts.drop_nulls().unique()
        months = [_months(text, form) for text in distinct]
        texts = texts.replace_strict(distinct, pl.Series(months, dtype=pl.String), default=None)
    if plan.answers.get(f"zeros in {each.column}") == "no score":
        texts = texts.set(texts.cast(pl.Float64, strict=False) == 0, "")
    return texts


def _months(text: str, form: str) -> str:
    """A reading age in months; what cannot be read stays as it is, for the check of values to name."""
    if match := _YEARS_AND_MONTHS.fullmatch(text.casefold()):
        return str(int(match[1]) * 12 + int(match[2] or 0))
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", text):
        return text
    if form == "decimal years":
        return str(round(float(text) * 12))
    if form == "years.months" and "." in text:
        years, months = text.split(".")
        return str(int(years) * 12 + int(months)) if int(months) <= 11 else text
    if form == "years.months":
        return str(int(text) * 12)
    return text


def _texts(table: Table, heading: str) -> pl.Series:
    return table.rows[str(table.place_of(heading))].cast(pl.String).fill_null("").str.strip_chars()
