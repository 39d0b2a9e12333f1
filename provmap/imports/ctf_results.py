"""The results in a Common Transfer File -> assessments, by the table of codes that ships.

A statutory result is dated to the summer term of its year. A number is taken only where its qualifier says
what number it is: 95 can be a mark or a scaled score. Whatever finds no place is told, never dropped.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from provmap.imports.safe_xml import Element
from provmap.store.contract import SQL

CODES = ("Subject", "Component", "Method", "ResultQualifier")
KEYS = ("stage", "ctf_subject", "component", "method", "qualifier")
STATUSES = {"E": "an estimate", "T": "a target", "P": "a prediction", "I": "an interim result"}


def results_of(pupil: Element, left_out: Counter[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each result of a pupil with its line; counts in `left_out` those on no scale that provmap knows."""
    for key_stage in pupil.all("StageAssessments", "KeyStage"):
        stage = key_stage.get("Stage").upper()
        for result in key_stage.all("StageAssessment"):
            codes = [stage, *(result.get(name).upper() for name in CODES)]
            value = result.get("Result").upper()
            if value and not (why := _why_not(result, codes, value)):
                yield result.line, _assessment(result, codes, value)
            elif value:
                left_out[f"A result of {'/'.join(code for code in codes if code)} was left out: {why}"] += 1


def _why_not(result: Element, codes: list[str], value: str) -> str:
    status, year = result.get("ResultStatus").upper(), result.get("Year")
    if status not in ("", "R"):
        return f"it is {STATUSES.get(status, f'of status {status}')}"
    if not re.fullmatch("(19|20)[0-9]{2}", year):
        return "it has no year"
    if _row_for(codes, value) is None:
        told = "a number" if value.replace(".", "").isdigit() else value[:20]
        return f"provmap has no scale for it ({told})"
    return ""


def _assessment(result: Element, codes: list[str], value: str) -> dict[str, str]:
    row, year = _row_for(codes, value) or {}, int(result.get("Year"))
    own = {name: row[name] for name in ("subject", "scale", "source")}
    return {**own, "value": value, "academic_year": f"{year - 1}/{year % 100:02}", "term": "summer"}


def _row_for(codes: list[str], value: str) -> dict[str, str] | None:
    """The row of the shipped table that says what these codes mean, where the value is on its scale."""
    fitting = (
        row
        for row in _known()
        if all(row[name] in ("*", code) for name, code in zip(KEYS, codes, strict=True))
    )
    return next((row for row in fitting if _is_on(row["scale"], value)), None)


def _is_on(scale: str, value: str) -> bool:
    """Whether a value is a mark or a code of the scale."""
    if value.casefold() in _codes().get(scale, ()):
        return True
    low, high = _limits().get(scale, (1, 0))
    return value.isdecimal() and low <= int(value) <= high


@cache
def _known() -> list[dict[str, str]]:
    return _rows("ctf_results")


@cache
def _codes() -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for row in _rows("scale_values"):
        codes.setdefault(row["scale"], set()).add(row["value"].casefold())
    return codes


@cache
def _limits() -> dict[str, tuple[float, float]]:
    return {
        row["scale"]: (float(row["minimum"]), float(row["maximum"]))
        for row in _rows("scales") if row["minimum"] and row["maximum"]
    }  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    with (SQL / "reference" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
