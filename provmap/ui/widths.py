"""How wide the columns of a list are, and how high its rows: what decides is read without a click."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from textwrap import wrap
from typing import Any

import polars as pl

from provmap.words import heading

ROW_PIXELS = 35
LONG = ("reason", "caution", "meaning", "intended_outcome", "what", "why")
# Wider text than this is wrapped over lines of its own, in rows that are all as high as most of them need.
WIDE, WIDEST = 150, 330
# Texts that decide, and have to stand beside each other.
WIDTHS = {
    "pupil": 135, "need": 138, "measure": 132, "where_it_stands": 135, "state": 110, "what_next": 320,
    "said": 255, "words": 165, "parent_words": 165, "entry": 185, "exit": 180, "for_need": 190,
    "verdict_told": 325, "measured_told": 95, "given_told": 95, "rating_told": 130,
    "caution": 290, "definition": 240, "provisions": 175, "not_written": 165, "groups": 260, "needs": 210,
}  # fmt: skip
# Columns are as wide as the first rows need.
LOOKED_AT = 300
LETTER, PADDING, LINE_PIXELS, MOST_LINES = 6.9, 18, 19, 6
# A column in rows of one line may be this many times as wide, rather than cut off what few rows say.
CUT_OFF = 1.7
# A browser ends lines sooner than the letters alone would, to be sure that they fit.
BROKEN = 1.1
# A row is as high as this share of the rows needs.
NEARLY_ALL = 0.9
# As "24 Sep 2026" needs.
DAY = 105
# How many rows a browser measures; with more than a few it leaves out the widest.
MEASURED, FEW = 10, 5
# Streamlit wraps no text in rows that are lower than this.
WRAPPED_PIXELS = 65


def widths(shown: pl.DataFrame) -> dict[str, int | None]:
    """The width of each column of text; None: as wide as its longest cell."""
    letters = _letters(shown)
    is_low = _row_height(letters) == ROW_PIXELS
    return {name: _shown_width(shown, name, longest, is_low) for name, (longest, _) in letters.items()}


def date_width(days: pl.Series) -> int | None:
    """A day in full where some are empty, which would make the browser's column too narrow."""
    return DAY if days.head(MEASURED).null_count() else None


def _shown_width(shown: pl.DataFrame, name: str, longest: int, is_low: bool) -> int | None:
    """In low rows what would be cut off by a little is shown whole; a name is nowhere broken within."""
    if name == "pupil":
        return None if is_low else _longest_word(shown[name])
    width = _width(name, longest)
    if width is None:
        return _below_the_first(shown, name, longest)
    if is_low and width:
        is_little = _pixels(longest) <= CUT_OFF * width
        return _below_the_first(shown, name, longest) if is_little else int(CUT_OFF * width)
    return width


def _below_the_first(shown: pl.DataFrame, name: str, longest: int) -> int | None:
    """Wide enough where the browser would not make it so.

    It makes a column as wide as its first rows, but for those more than twice as wide as the others: a longer
    word further down, or beside empty cells, would be broken.
    """
    first = shown[name].head(MEASURED).cast(pl.String).str.len_chars().fill_null(1).to_list()
    usual = sum(_pixels(letters) for letters in first) / len(first) if first else 0
    seen = [letters for letters in first if len(first) <= FEW or _pixels(letters) <= 2 * usual]
    if longest <= max([len(heading(name)), *seen]):
        return None
    return int(LETTER * longest + PADDING)


def _letters(shown: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Of each column of text, how many letters its longest has, and the lines that nearly all keep to."""
    names = [name for name, kind in shown.schema.items() if kind != pl.Date and not kind.is_numeric()]
    told = {}
    for cells in shown.head(LOOKED_AT).select(pl.col(names).cast(pl.String).fill_null("")):
        longest: Any = cells.str.len_chars().max()
        width = _width(cells.name, longest or 0)
        lines = [_lines(words, width) for words in cells] if width else []
        told[cells.name] = longest or 0, sorted(lines)[ceil(NEARLY_ALL * len(lines)) - 1] if lines else 1
    return told


@lru_cache(4096)
def _lines(words: str, width: int) -> int:
    """Over how many lines a browser breaks words in a column: it breaks between them, and early."""
    return len(wrap(words, int((width - PADDING) / (LETTER * BROKEN)))) or 1


def _width(name: str, longest: int) -> int | None:
    """How wide a column of text is made; None where its text is short, and the column as wide as that."""
    most = WIDTHS.get(name, WIDEST if name in LONG else WIDE)
    heading_fits = len(heading(name)) * LETTER + PADDING
    return int(max(most, heading_fits)) if _pixels(longest) > most else None


def _longest_word(names: pl.Series) -> int:
    """As wide as the longest part of a name, so that none is broken within."""
    longest: Any = names.head(LOOKED_AT).drop_nulls().str.split(" ").explode().str.len_chars().max()
    return max(WIDTHS["pupil"], int(7.4 * (longest or 0)) + PADDING)


def row_height(shown: pl.DataFrame) -> int:
    """Room for the lines into which nearly all rows fall, at most six; a double click shows the rest."""
    return _row_height(_letters(shown))


def _row_height(letters: dict[str, tuple[int, int]]) -> int:
    # A long name is no reason for high rows.
    lines = max((many for name, (_, many) in letters.items() if name != "pupil"), default=1)
    if lines == 1:
        return ROW_PIXELS
    return max(WRAPPED_PIXELS, ROW_PIXELS + LINE_PIXELS * (min(lines, MOST_LINES) - 1))


def _pixels(letters: Any) -> float:
    return LETTER * (letters or 0) + PADDING


# What a page has beside the filter on a screen of 1440 pixels, in a list and its frame.
ROOM = 1030
# A heading is bold and has a place for its menu; the narrowest column of a browser, and its widest.
BOLD, MENU, NARROWEST, BROADEST = 7.3, 24, 50, 500
FIGURES = 8.0


def in_sight(shown: pl.DataFrame, room: int = ROOM) -> list[str]:
    """The first columns, as many as stand beside each other with nothing cut off; the rest are asked for."""
    taken, names = 0.0, list[str]()
    for name, pixels in _breadths(shown).items():
        taken += pixels
        if names and taken > room:
            break
        names.append(name)
    return names


def _breadths(shown: pl.DataFrame) -> dict[str, float]:
    """How broad a browser makes each column."""
    wide = widths(shown)
    return {name: _breadth(shown[name], wide.get(name)) for name in shown.columns}


def _breadth(column: pl.Series, told: int | None) -> float:
    if told:
        return float(told)
    head = BOLD * len(heading(column.name)) + MENU
    if column.dtype == pl.Date:
        return max(head, date_width(column) or DAY)
    letters, cells = (FIGURES, 6) if column.dtype.is_numeric() else (LETTER, _seen(column))
    return min(max(head, letters * cells + PADDING, NARROWEST), BROADEST)


def _seen(column: pl.Series) -> int:
    """The letters of the longest cell that the browser measures."""
    longest: int | None = column.head(MEASURED).cast(pl.String).str.len_chars().max()  # type: ignore[assignment]
    return longest or 1
