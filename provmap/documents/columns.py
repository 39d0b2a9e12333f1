"""How wide the columns of a printed table are: no day or number is broken, and rows are low.

Breadths are reckoned in ems from what letters of our font measure: an estimate on the wide side.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Millimetres of A4 between the margins, upright and across; of one point; and left and right in a cell.
UPRIGHT, ACROSS, POINT, INSET = 178.0, 265.0, 0.3528, 3.0
# Sizes of text that are tried, the largest first; the smallest only where words would not fit.
SIZES = (9.0, 8.0, 7.0)
# Wider than this no word has to fit in one line; it may be broken then.
LONGEST_WORD = 24
# A table whose rows would be higher than this many lines, on average, is laid across, or in smaller text.
LINES, LINES_ACROSS = 2.2, 2.8
# Letters that a cell keeps on one line: a day, a tier with its sign.
SHORT = 14
# Rows that are looked at, and how finely the room is given out (mm).
LOOKED_AT, STEP = 150, 2.0
NARROW, BROAD = set("ijlI.,:;'|!()[]ftr "), set("mwMW@%—–QO")


@dataclass(frozen=True)
class Fitted:
    """The breadth of each column in millimetres, the size of its text in points, and its room."""

    widths: list[float]
    size: float
    room: float


def fitted(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    sizes: Sequence[float] = SIZES,
    rooms: Sequence[float] = (UPRIGHT, ACROSS),
) -> Fitted:
    """The first of the rooms, in the largest text, in which every word has room and no row is too high."""
    cells = [list(row) for row in (columns, *rows[:LOOKED_AT])]
    usable = None
    for size in sizes:
        if usable and size == sizes[-1]:
            return usable
        for room in rooms:
            widths = _shared_out(cells, size, room)
            if widths and _mean_lines(cells, widths, size) <= (LINES if room == UPRIGHT else LINES_ACROSS):
                return Fitted(widths, size, room)
            usable = Fitted(widths, size, room) if widths else usable
    if usable:
        return usable
    least, room = _least(cells, sizes[-1]), rooms[-1]
    # Still too much for a sheet: each gives way by its share, and long words are broken.
    return Fitted([one * room / sum(least) for one in least], sizes[-1], room)


def in_lines(text: str) -> str:
    """Text that breaks where it may: not what is short, such as a day, and a word longer than a column."""
    if len(text) <= SHORT:
        return text.replace(" ", "\u00a0")
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", lambda found: found[0] + "\u200b", text)


def breadth(text: str, *, bold: bool = False) -> float:
    """How wide a text is in one line, in ems."""
    ems = sum(
        0.36 if letter in NARROW else 0.95 if letter in BROAD else 0.7 if letter.isupper() else 0.6
        for letter in text
    )
    return ems * (1.08 if bold else 1.0)


def _least(cells: list[list[str]], size: float) -> list[float]:
    """The breadth that the longest word of each column needs."""
    return [
        max(
            breadth(word[:LONGEST_WORD], bold=place == 0)
            for place, cell in enumerate(column) for word in [*re.split(r"[ \n-]", cell), ""]
        ) * size * POINT + INSET
        for column in zip(*cells, strict=True)
    ]  # fmt: skip


def _shared_out(cells: list[list[str]], size: float, room: float) -> list[float]:
    """What is left over goes, bit by bit, to what makes rows high, very high above all. Empty: no room."""
    widths = _least(cells, size)
    left = room - sum(widths)
    if left < 0:
        return []
    wanted = [[breadth(cell, bold=place == 0) * size * POINT for cell in row]
              for place, row in enumerate(cells)]  # fmt: skip
    while left > STEP:
        blame = [0.0] * len(widths)
        for row in wanted:
            lines = [one / (width - INSET) for one, width in zip(row, widths, strict=True)]
            most = max(lines)
            if most > 1:
                # Squared: one long note in a narrow column is worse than a line more in some rows.
                highest = lines.index(most)
                blame[highest] += most**2
        if not any(blame):
            break
        widths[blame.index(max(blame))] += STEP
        left -= STEP
    spare = left / len(widths) if left > 0 else 0.0
    return [width + spare for width in widths]


def _mean_lines(cells: list[list[str]], widths: list[float], size: float) -> float:
    """How many lines a row has, on average."""
    highest = [
        max(-(-breadth(cell) * size * POINT // (width - INSET))
            for cell, width in zip(row, widths, strict=True))
        for row in cells
    ]  # fmt: skip
    return sum(highest) / len(highest)
