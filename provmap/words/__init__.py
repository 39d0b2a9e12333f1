"""The words on the screen: what each code and each column is called to a teacher, in one place.

Frames, files and commands keep the codes of the contract; only what is shown uses these words.
"""

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
    STATES,
    TARGETS,
    TIERS,
    VALUES,
    VALUES_OF,
    VERDICTS,
    WHOSE,
    YES_NO,
)
from provmap.words.explained import EXPLAINED
from provmap.words.headings import HEADINGS
from provmap.words.terms import TERMS

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
    "STATES",
    "TARGETS",
    "TERMS",
    "TIERS",
    "VALUES",
    "VALUES_OF",
    "VERDICTS",
    "WHOSE",
    "YES_NO",
    "count",
    "heading",
    "joined",
]


def heading(column: str) -> str:
    """What a column is called on the screen."""
    return HEADINGS.get(column, column.replace("_", " ").capitalize())


def count(number: int, one: str, many: str = "") -> str:
    """ "1 pupil", "14 pupils", "no pupils": a number with its unit, in words."""
    if number == 1:
        return f"1 {one}"
    return f"{number:,} {many or one + 's'}" if number else f"no {many or one + 's'}"


def joined(items: list[str]) -> str:
    """ "reading, writing and mathematics"."""
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)
