"""Cells that a plan cannot make anything of, kept as they stand in the file, with what was expected there.

The mark is a letter that no eye sees and no number has. It never leaves the check of values.
"""

import polars as pl

MARK = "\u2060"


def unread(text: str, expected: str) -> str:
    """The cell, marked as one that could not be read."""
    return f"{MARK}{text}{MARK}{expected}"


def unread_all(texts: pl.Series, expected: str) -> pl.Series:
    """Each of these cells, marked so."""
    return MARK + texts + f"{MARK}{expected}"


def are_unread(cells: pl.Series) -> pl.Series | None:
    """Which cells are marked; None where none is."""
    if cells.dtype != pl.String:
        return None
    marked = cells.str.starts_with(MARK).fill_null(False)
    return marked if marked.any() else None


def told(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Of marked cells, the text of the file and what was expected."""
    parts = cells.str.split(MARK)
    return parts.list.get(1), parts.list.get(2)
