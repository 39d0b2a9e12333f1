"""Cells of results as systems print them, and the questions about them that only a person can answer."""

import re
from dataclasses import replace

import polars as pl

from provmap.imports.delimited import Table
from provmap.imports.plans import Each, Plan
from provmap.imports.unread import unread, unread_all

OPEN = "?"
# What a reading age with a point can mean, and a zero after real scores.
AGE_FORMS = ("years.months", "decimal years", "months")
ZERO_FORMS = ("no score", "score")
_WITH_PERCENTILE = r"^\s*(-?\d+(?:\.\d+)?)\s*\(\s*\d+(?:\.\d+)?\s*%\s*\)\s*$"
_YEARS_AND_MONTHS = re.compile(
    r"(\d{1,2})\s*(?:[:;\-\u2013]|y(?:ea)?rs?|y)\s*(?:,|and|&)?\s*(\d{1,2})?\s*(?:m(?:on)?ths?|mths?|m)?"
)
_SHARE = r"^(-?\d+(?:\.\d+)?)\s*%$"
_POWER = r"^[+-]?[\d.]+[eE][+-]?\d+$"
A_SHARE = "a percentage with its sign: here it can be a part of 1 too"
A_SCORE = "a score in figures"
# A reading age outside of these is a slip, or months taken for years.
YOUNGEST, OLDEST = 3 * 12, 25 * 12
AN_AGE = "a reading age from 3 to 25 years, with 0 to 11 months"


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
    texts = _percentages(texts.str.replace(_WITH_PERCENTILE, "${1}"))
    if plan.answers.get(f"zeros in {each.column}") == "no score":
        texts = texts.set(texts.cast(pl.Float64, strict=False) == 0, "")
    if each.set.get("scale") == "age":
        form = plan.answers.get(f"reading age in {each.column}", "")
        distinct = texts.drop_nulls().unique()
        months = [_age(text, form) for text in distinct]
        texts = texts.replace_strict(distinct, pl.Series(months, dtype=pl.String), default=None)
    return texts


def _percentages(texts: pl.Series) -> pl.Series:
    """Percentages of one kind: 87.5 for "87.5%", and for the 0.875 that a spreadsheet makes of it.

    Beside 87.5 without a sign a 0.875 can be either, and is marked; so is 1e3, which nobody wrote as a score.
    """
    texts = unread_all(texts, A_SCORE).zip_with(texts.str.contains(_POWER).fill_null(False), texts)
    has_sign = texts.str.contains(_SHARE).fill_null(False)
    if not has_sign.any():
        return texts
    numbers = texts.cast(pl.Float64, strict=False)
    is_part = ((numbers > 0) & (numbers <= 1)).fill_null(False)
    if (numbers > 1).any():
        parts = unread_all(texts, A_SHARE)
    else:
        parts = (numbers * 100).round(6).cast(pl.String).str.strip_suffix(".0")
    return parts.zip_with(is_part, texts.str.replace(_SHARE, "${1}"))


def told(table: Table, plan: Plan) -> list[str]:
    """What a person should look at again: a spreadsheet shows 8.10 as 8.1."""
    sentences = []
    for output in plan.outputs:
        for each in output.each:
            if plan.answers.get(f"reading age in {each.column}") != AGE_FORMS[0]:
                continue
            cells = _texts(table, each.column)
            count = int(cells.str.contains(r"^\d+\.1$").sum())
            if count and not cells.str.contains(r"^\d+\.10$").any():
                ages = "1 age ends" if count == 1 else f"{count:,} ages end"
                sentences.append(
                    f"{table.file}, {each.column}: {ages} in .1, read as 1 month. A spreadsheet shows 8.10 "
                    "(10 months) so too: where that was meant, write 8:10."
                )
    return sentences


def _age(text: str, form: str) -> str:
    """A reading age in months; a number that can be none is marked, and a code stays as it is."""
    months = _months(text, form)
    match = _YEARS_AND_MONTHS.fullmatch(text.casefold())
    if not text or not (match or re.fullmatch(r"-?\d*\.?\d+", months)):
        return months
    is_written = match is None or int(match[2] or 0) <= 11
    return months if is_written and YOUNGEST <= float(months) <= OLDEST else unread(text, AN_AGE)


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
