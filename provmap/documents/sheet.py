"""The sheet for a family: its parts in order -> a PDF on A4, tagged, in a size that the family can read."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from provmap.documents.letters import printable
from provmap.documents.pdf import pdf_of

# A longer word may be broken, so that none is cut at the edge of the sheet, in the largest letters either.
LONGEST = 20
# Points: usual print, large print, and larger still.
SIZES = {"Usual print (12 pt)": 12, "Large print (16 pt)": 16, "Very large print (20 pt)": 20}


@dataclass(frozen=True)
class Item:
    """A heading of its own, or who said it, with sentences."""

    title: str
    words: Sequence[str]


@dataclass(frozen=True)
class Part:
    """A part of the sheet: sentences, points, things with sentences, what was said, and room to draw."""

    heading: str
    lead: Sequence[str] = ()
    points: Sequence[str] = ()
    items: Sequence[Item] = ()
    quotes: Sequence[Item] = ()
    last: Sequence[str] = ()
    box_mm: int = 0


@dataclass(frozen=True)
class Sheet:
    """One child's sheet. `footer` stands on every page."""

    title: str
    subtitle: str
    footer: str
    parts: Sequence[Part]


def print_sheet(sheet: Sheet, size: int) -> bytes:
    """The sheet as a PDF in letters of so many points."""
    given = _breakable(printable(asdict(sheet))) | {"size": size}
    return pdf_of("sheet.typ", given)


def _breakable(given: Any) -> Any:
    """The same with days kept whole, and places to break in words that no line could hold."""
    if isinstance(given, dict):
        return {name: _breakable(value) for name, value in given.items()}
    if isinstance(given, (list, tuple)):
        return [_breakable(value) for value in given]
    if not isinstance(given, str):
        return given
    given = re.sub(r"(\d) ([A-Z][a-z]{2}) (\d{4})", "\\1\u00a0\\2\u00a0\\3", given)
    return re.sub(rf"\S{{{LONGEST}}}(?=\S)", lambda found: found[0] + "\u200b", given)
