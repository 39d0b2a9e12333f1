"""The words on the screen: what each code and each column is called to a teacher, in one place.

Frames, files and commands keep the codes of the contract; only what is shown uses these words.
"""

from decimal import ROUND_HALF_UP, Decimal

from provmap.words.codes import (
    BETTER,
    CHANGED,
    CRITERIA,
    DATASETS,
    DUPLICATIONS,
    FITS,
    GAPS,
    HEADLINES,
    INTENDED,
    LEDGER,
    MEASURES,
    MEETING_LISTS,
    MET,
    MOST_COLUMNS,
    NOBODY,
    NOT_REACHED,
    OF_A_SCALE,
    SCALE_KINDS,
    SHOWN_AS,
    STATES,
    STATES_THEN,
    TARGETS,
    TIERS,
    UNENDED,
    VALUES,
    VALUES_OF,
    VERDICTS,
    WHOSE,
    YES_NO,
)
from provmap.words.explained import EXPLAINED
from provmap.words.headings import HEADINGS
from provmap.words.terms import STATISTICS, TERMS

__all__ = [
    "BETTER",
    "CHANGED",
    "CRITERIA",
    "DATASETS",
    "DUPLICATIONS",
    "EXPLAINED",
    "FITS",
    "GAPS",
    "HEADINGS",
    "HEADLINES",
    "INTENDED",
    "LEDGER",
    "MEASURES",
    "MEETING_LISTS",
    "MET",
    "MOST_COLUMNS",
    "NOBODY",
    "NOT_REACHED",
    "OF_A_SCALE",
    "SCALE_KINDS",
    "SHOWN_AS",
    "STATES",
    "STATES_THEN",
    "STATISTICS",
    "TARGETS",
    "TERMS",
    "TIERS",
    "UNENDED",
    "VALUES",
    "VALUES_OF",
    "VERDICTS",
    "WHOSE",
    "YES_NO",
    "count",
    "heading",
    "joined",
    "number",
    "percent",
]


def heading(column: str) -> str:
    """What a column is called on the screen."""
    return HEADINGS.get(column, column.replace("_", " ").capitalize())


def count(number: int, one: str, many: str = "") -> str:
    """ "1 pupil", "14 pupils", "no pupils": a number with its unit, in words."""
    if number == 1:
        return f"1 {one}"
    return f"{number:,} {many or one + 's'}" if number else f"no {many or one + 's'}"


def number(value: float, places: int = 0, *, signed: bool = False) -> str:
    """A number in a sentence: halves up (away from zero) as DfE prints them, thousands with a comma."""
    # First to more places than are asked for: 28.499999999999996 is a half that floating point fell short of.
    exact = Decimal(repr(round(float(value), places + 9)))
    shown = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{shown:{'+' if signed else ''},.{places}f}"


def percent(share: float, places: int = 0) -> str:
    """A share (0 to 1) as a percentage, rounded so."""
    return f"{number(100 * share, places)}%"


def joined(items: list[str]) -> str:
    """ "reading, writing and mathematics"."""
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)
