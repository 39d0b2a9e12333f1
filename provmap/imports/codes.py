"""Codes as schools write them -> the one form in which provmap holds them.

Each reader takes the text of a cell and gives its canonical form, or None where it is no such code.
Codes that a school makes up itself are kept as they are.
"""

import csv
import re
from collections.abc import Callable
from functools import cache

from provmap.store.contract import SQL, Column

# How many standard deviations from the mean a score still is one.
FARTHEST = 4
Reader = Callable[[str], str | None]
YEAR_GROUPS = ("E1", "E2", "N1", "N2", "R", *(str(year) for year in range(1, 15)), "M", "X")
# Other words for an allowed value, by column.
SYNONYMS = {
    "tier": {"wave 1": "universal", "wave 2": "targeted", "wave 3": "specialist",
             "tier 1": "universal", "tier 2": "targeted", "tier 3": "specialist",
             "1": "universal", "2": "targeted", "3": "specialist"},
    "sex": {"male": "M", "female": "F", "unknown": "U"},
    "term": {"autumn term": "autumn", "spring term": "spring", "summer term": "summer"},
    "delivery": {"1:1": "one to one", "1 1": "one to one"},
}  # fmt: skip
# Which column is one of which codes; a list column is read code by code.
KINDS = {
    "need_code": "one need", "need_codes": "need", "area": "area", "subject": "subject",
    "subject_missed": "subject", "scale": "scale", "group_code": "group", "group_codes": "group",
    "value": "value", "expected": "value", "greater_depth": "value", "target": "value",
    "baseline": "value", "entry_value": "value", "exit_value": "value", "result": "value",
}  # fmt: skip


def reader_for(column: Column) -> Reader | None:
    """How to read one code of this column; None where any text is a value."""
    named: dict[str, Reader] = {
        "year_group": year_group, "year_groups": year_group, "academic_year": academic_year,
        "measure": _measure, "upn": str.upper,
    }  # fmt: skip
    if column.name in named:
        return named[column.name]
    if column.allowed:
        return _one_of(column)
    if kind := KINDS.get(column.name):
        return lambda text: _known(kind, text)
    return None


def year_group(text: str) -> str | None:
    """ "Year 5", "Y5", "05" and 5.0 are "5"; "Reception" and "0" are "R"."""
    word = re.sub(r"^(nc\s*)?(year|yr|y)?\s*", "", text.casefold()).removesuffix(".0")
    if word in ("0", "00", "r", "rec", "reception"):
        return "R"
    word = word.lstrip("0")
    return word.upper() if word.upper() in YEAR_GROUPS else None


def academic_year(text: str) -> str | None:
    """ "2025-26", "202526" and "2025/2026" are "2025/26"; the two years must follow each other."""
    match = re.fullmatch(r"(\d{4})\s*[/\-\u2013]?\s*(\d{2}|\d{4})", text)
    if not match or (int(match[1]) + 1) % (100 if len(match[2]) == 2 else 10_000) != int(match[2]):
        return None
    return f"{match[1]}/{match[2][-2:]}"


def fold(text: str) -> str:
    """Text without regard to case, and with any run of spaces, hyphens and underscores as one space."""
    return re.sub(r"[\s_\-]+", " ", text).strip().casefold()


def _one_of(column: Column) -> Reader:
    forms = (
        {fold(value): value for value in column.allowed}
        | _written(column.name)
        | SYNONYMS.get(column.name, {})
    )

    def read(text: str) -> str | None:
        # Signs such as >= and <= fold to themselves.
        if found := forms.get(fold(text)):
            return found
        # "K - SEN Support" says its code itself, where the words are not those of another one.
        code, dash, words = (part.strip() for part in re.sub(r"\s[\u2013:]\s", " - ", text).partition(" - "))
        value = forms.get(fold(code)) if dash else None
        return value if value and forms.get(fold(words), value) == value else None

    return read


def _known(kind: str, text: str) -> str:
    if kind == "value":
        # Hyphens count here: -5 is a score, and another one than 5.
        return known_codes()["value"].get(text.casefold(), text)
    if kind == "area":
        return known_codes()["area"].get(fold(text), text.lower())
    if kind in ("need", "one need") and (match := re.fullmatch(r".*\(([A-Za-z]+)\)", text)):
        # "Autistic spectrum disorder (ASD)" says its code itself.
        return known_codes()[kind].get(fold(match[1]), text)
    found = known_codes()[kind].get(fold(text), text)
    if kind == "need" and text.casefold() != found.casefold():
        # "more able" is the area as it is written, and not the need MORE_ABLE, which stands for itself alone.
        return known_codes()["area"].get(text.casefold(), found)
    return found


def _measure(text: str) -> str:
    subject, slash, scale = (part.strip() for part in text.partition("/"))
    return _known("subject", subject) + slash + (_known("scale", scale) if slash else "")


@cache
def known_codes() -> dict[str, dict[str, str]]:
    """The codes that ship with provmap, by kind: how each may be written, and its one form."""
    needs = _reference("need_codes")
    names = {fold(row["name"]): row["need_code"] for row in needs}
    retired = _written("need")
    areas = {fold(row["area"]): row["area"] for row in needs}
    codes = {fold(row["need_code"]): row["need_code"] for row in needs}
    subjects = _written("subject") | {
        fold(row["need_code"]): row["need_code"] for row in needs if row["area"] == "subjects"
    }
    return {
        # In a list an area stands for its needs; a single need is never an area, though one bears its name.
        "need": names | retired | areas | codes,
        "one need": names | retired | codes,
        "area": areas,
        "subject": subjects,
        "scale": {fold(row["scale"]): row["scale"] for row in _reference("scales")},
        "group": {fold(row["group_code"]): row["group_code"] for row in _reference("status_groups")},
        "value": {row["value"].casefold(): row["value"] for row in _reference("scale_values")},
    }


@cache
def shipped_scores() -> dict[str, frozenset[str]]:
    """The scales of numbers and ages that ship, each with its codes that are no number, in small letters."""
    codes: dict[str, set[str]] = {}
    for row in _reference("scale_values"):
        codes.setdefault(row["scale"].casefold(), set()).add(row["value"].casefold())
    scales = [row["scale"].casefold() for row in _reference("scales") if row["kind"] in ("number", "age")]
    return {scale: frozenset(codes.get(scale, ())) for scale in scales}


@cache
def limits_of_scales() -> dict[str, tuple[float | None, float | None]]:
    """The lowest and the highest score of each scale that ships and has any; names in small letters.

    Of a scale with a mean and no ends, scores further away than four standard deviations are nobody's.
    """
    limits: dict[str, tuple[float | None, float | None]] = {}
    for row in _reference("scales"):
        low, high, mean, sd = (
            float(row[name]) if row[name] else None for name in ("minimum", "maximum", "mean", "sd")
        )
        if low is None and high is None and mean is not None and sd is not None:
            low, high = mean - FARTHEST * sd, mean + FARTHEST * sd
        if low is not None or high is not None:
            limits[row["scale"].casefold()] = (low, high)
    return limits


def _written(kind: str) -> dict[str, str]:
    """Codes that are retired or written in words, by how they are written."""
    return {fold(row["written"]): row["code"] for row in _reference("retired_codes") if row["kind"] == kind}


def _reference(name: str) -> list[dict[str, str]]:
    path = SQL / "reference" / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
