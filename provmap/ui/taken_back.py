"""Which lines of the journal stand, and which a later one takes back: read from what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from provmap.store.written import REMOVED

# A line of the journal, as `entries_of` gives it, and what some of them come to by column.
Entry = Any
Columns = dict[str, Any]


@dataclass(frozen=True)
class TakenBack:
    """By the number of a line: the one that takes it back; and those that a line takes back."""

    by: dict[int, Entry] = field(default_factory=dict)
    of: dict[int, list[Entry]] = field(default_factory=dict)

    def counts(self, entry: Entry) -> bool:
        """Whether a line still says something: it is not taken back, and does not only take back."""
        return entry.id not in self.by and entry.id not in self.of


def taken_back(entries: Sequence[Entry]) -> TakenBack:
    """Of all lines, oldest first, which take back which: all is then as it was before those."""
    found = TakenBack()
    about: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        about.setdefault((entry.kind, entry.subject), []).append(entry)
    for lines in about.values():
        if any(REMOVED in line.body for line in lines[1:]):
            _of_one(lines, found)
    return found


def _of_one(lines: list[Entry], found: TakenBack) -> None:
    """The lines about one row: what they came to after each, and which of them no longer stood then."""
    columns: Columns = {}
    came_to: list[Columns] = [{}]
    gone: list[dict[int, Entry]] = [{}]
    for many, line in enumerate(lines):
        said = {name: (change["was"], change["now"]) for name, change in line.body.items()}
        columns = said if REMOVED in said else columns | said
        first = _as_before(came_to, columns) if REMOVED in said and many else None
        now = gone[-1]
        if first is not None:
            back = lines[first:many]
            now = gone[first] | {one.id: gone[-1].get(one.id, line) for one in back}
            found.of[line.id] = [one for one in back if now[one.id] is line]
        came_to.append(_standing(columns))
        gone.append(now)
    found.by.update(gone[-1])


def _as_before(came_to: list[Columns], columns: Columns) -> int | None:
    """After how many lines it was as it is now, leaving out the line before; none where it never was."""
    standing = _standing(columns)
    many = (many for many in range(len(came_to) - 2, -1, -1) if came_to[many] == standing)
    # What no import has was not there before its first line.
    was_never = standing == {REMOVED: True} and columns[REMOVED][0] is None
    return next(many, 0 if was_never else None)


def _standing(columns: Columns) -> Columns:
    _, is_out = columns.get(REMOVED, (None, False))
    return {REMOVED: True} if is_out else {name: said for name, said in columns.items() if name != REMOVED}
