"""Ticks and names without a day: what the pupil has already, else what begins on the day the files show.

The same sheet comes again next month. A pupil who is still ticked has the provision still, and gets no second
one; who is ticked no longer is listed, and ended by a person, because a sheet does not say when.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from provmap.filters import show_date
from provmap.imports.delimited import Table
from provmap.store.versions import ONLY_SCHOOL

if TYPE_CHECKING:
    from provmap.imports.shaping import Known

# What a pupil is ticked for, by dataset.
CODES = {"placements": "provision_id", "memberships": "group_code"}
# The school of a row that names none.
OWN = ""
# School, pupil, and what they are in.
Who = tuple[str, str, str]


@dataclass(frozen=True)
class Had:
    """What is in place for a pupil: its first day and identifier as an import knows them, if one does."""

    start_date: date
    placement_id: str | None = None
    is_imported: bool = True
    # It begins after the day: an older sheet than the one that brought it.
    is_later: bool = False


@dataclass(frozen=True)
class Undated:
    """Rows without a day: how many begin something and are of what is in place, and whose people entered."""

    begin: int = 0
    again: int = 0
    entered: tuple[Who, ...] = ()
    later: int = 0

    def __add__(self, other: "Undated") -> "Undated":
        return Undated(self.begin + other.begin, self.again + other.again, self.entered + other.entered,
                       self.later + other.later)  # fmt: skip


def as_held(table: Table, known: "Known") -> Table:
    """The rows of a shaped table with the first day of what is in place, where that is so.

    What people entered in the app stands as they wrote it: such rows are counted, and left out.
    """
    place = {name: str(number) for number, name in enumerate(table.headings)}
    in_place = known.in_place(table.dataset)
    schools = _texts(table, place["school_id"]) if "school_id" in place else [OWN] * table.rows.height
    pupils, codes = _texts(table, place["pupil_id"]), _texts(table, place[CODES[table.dataset]])
    whos = list(zip(schools, pupils, codes, strict=True))
    # What was held before the school had a number is that of the only one.
    found = [in_place.get(who) or in_place.get((ONLY_SCHOOL, *who[1:])) for who in whos]
    entered = tuple(who for who, one in zip(whos, found, strict=True) if one and not one.is_imported)
    kept = pl.Series([one is None or one.is_imported for one in found], dtype=pl.Boolean)
    again = [one for one in found if one and one.is_imported]
    later = sum(one.is_later for one in again)
    counted = Undated(found.count(None), len(again) - later, entered, later)
    starts = [one.start_date.isoformat() if one else known.dated.isoformat() for one in found]
    made = {place["start_date"]: pl.Series(starts, dtype=pl.String)}
    headings, origins = table.headings, table.origins
    if any(one.placement_id for one in again) and "placement_id" not in place:
        numbers = [one.placement_id if one else None for one in found]
        made[str(len(headings))] = pl.Series(numbers, dtype=pl.String)
        headings, origins = (*headings, "placement_id"), (*origins, "placement_id")
    rows = table.rows.with_columns(cells.alias(name) for name, cells in made.items()).filter(kept)
    return replace(
        table, rows=rows, lines=table.lines.filter(kept), headings=headings, origins=origins, undated=counted
    )


def told(dataset: str, counted: Undated, dated: date) -> list[str]:
    """What rows without a day came to, as sentences of the preview."""
    day = show_date(dated)
    counts = {
        f"in place already on {day}, so nothing new begins": counted.again,
        f"in place already on {day}, as entered in the app: left as it stands there": len(counted.entered),
        f"held with a first day after {day}, which stands; if it began earlier, correct that on the page "
        "Enter and correct": counted.later,
        f"not in place yet, so taken to begin on {day}": counted.begin,
    }
    return [
        f"{dataset}: {'1 row' if number == 1 else f'{number:,} rows'} without a first day: {words}."
        for words, number in counts.items() if number
    ]  # fmt: skip


def _texts(table: Table, place: str) -> list[str]:
    cells = table.rows[place].cast(pl.String).fill_null("").str.strip_chars()
    return cells.to_list()
