"""The journal as a file of JSON lines, and such a file brought into a journal.

The first line says what the file is, which data folder and schools it is of, and how many entries follow: a
file of another folder is taken only where somebody says that it is about the same school, as the same
identifier is another child elsewhere. An entry that is there already is passed
over; where the two journals say different things of one subject, ours stays and what the file says of it from
there on is left out and named. What was saved together comes together or not at all. Nothing that was written
is ever changed.
"""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from provmap import journal
from provmap.errors import ImportRefused, UsageError
from provmap.journal import Entry
from provmap.store.contract import Column, Dataset, datasets, journal_datasets
from provmap.store.written import EDITABLE, REMOVED

HEAD = {"provmap": "journal", "format": 1}
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "list": (list,), "date": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,),
}  # fmt: skip
# A version of a subject of a kind, and what one person saved at one time.
Versions = dict[tuple[str, str, int], Entry]
Save = tuple[datetime, str]
WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class JournalFile:
    """What a file of a journal says. `folder` is empty, and `schools` too, in one of an older provmap."""

    entries: list[Entry]
    folder: str = ""
    schools: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        """Where it says it comes from, in words."""
        if not self.folder:
            return "The file does not say which school it is about."
        of = f", of {', '.join(self.schools)}" if self.schools else ""
        return f"The file was made in another data folder{of}."


@dataclass(frozen=True)
class Clash:
    """A subject of which the file says something else. `ours` is none where a line before it is missing."""

    line: int
    theirs: Entry
    ours: Entry | None


@dataclass
class HandedOver:
    """What a file has: entries that are new here, how many are here already, and what is left out and why.

    Of those left out, `together` are new here, and were saved together with something that is left out.
    """

    fresh: list[Entry] = field(default_factory=list)
    known: int = 0
    clashes: list[Clash] = field(default_factory=list)
    left_out: int = 0
    together: int = 0


def journal_file(folder: Path, schools: Mapping[str, str] | None = None) -> bytes:
    """Everything that was written, oldest first, a line each. `schools`: the names of those it is about."""
    written = journal.entries(folder)
    about = {"folder": journal.identity(folder), "schools": sorted((schools or {}).values())}
    lines = [HEAD | about | {"entries": len(written)}, *map(_line, written)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def read_journal_file(data: bytes) -> JournalFile:
    """A file as it was sent. Raises UsageError, with the line, where it is no whole journal."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("This is no text.") from error
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    head = _object(*lines[0]) if lines else {}
    if {name: head.get(name) for name in HEAD} != HEAD:
        raise _refused("This is no journal of provmap.")
    made = [_entry(number, _object(number, line)) for number, line in lines[1:]]
    if head.get("entries") != len(made):
        raise _refused(f"The file says it has {head.get('entries')} entries, and has {len(made)}.")
    folder, schools = head.get("folder", ""), head.get("schools", [])
    if not isinstance(folder, str) or not (isinstance(schools, list) and all_text(schools)):
        raise _refused("Line 1 cannot be read.")
    return JournalFile(made, folder, tuple(schools))


def is_written(folder: Path) -> bool:
    """Whether anybody has written anything there."""
    return journal.newest(folder) > 0


def is_asked_about(folder: Path, made: JournalFile) -> bool:
    """Whether nobody has said yet that a file and this data folder are about the same school."""
    return not made.folder or not journal.is_same_school(folder, made.folder)


def hand_over(
    folder: Path, made: JournalFile, *, dry_run: bool = False, same_school: bool = False
) -> HandedOver:
    """Adds what is new here, all of it or none, as it was written: with who and when.

    Raises ImportRefused where it is of another data folder and nobody says that it is of the `same_school`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    journal.identity(folder)
    is_strange = is_asked_about(folder, made)
    with journal.opened(folder) as held:
        held.execute("begin immediate")
        found = _compared(held, made.entries)
        if found.fresh and is_strange and not (dry_run or same_school):
            raise ImportRefused(
                f"{made.whose} The same identifier can be another child there; nothing was added.",
                "Bring it in only where you know that it is about this school, and say so.",
            )
        for entry in found.fresh if not dry_run else ():
            line = _line(entry)
            line["body"] = json.dumps(entry.body, ensure_ascii=False, sort_keys=True)
            held.execute(
                """insert into entries (made_at, made_by, kind, subject, version, body)
                values (:made_at, :made_by, :kind, :subject, :version, :body)""",
                line,
            )
        held.execute("commit")
    if found.fresh and is_strange and made.folder and not dry_run:
        journal.same_school(folder, made.folder)
    return found


def _compared(held: sqlite3.Connection, made: Sequence[Entry]) -> HandedOver:
    ours: Versions = {}
    rows = held.execute("select id, made_at, made_by, kind, subject, version, body from entries")
    for number, made_at, made_by, kind, subject, version, body in rows:
        day = datetime.fromisoformat(made_at)
        entry = Entry(number, day, made_by, kind, subject, version, json.loads(body))
        ours[entry.kind, entry.subject, entry.version] = entry
    halved: set[Save] = set()
    while True:
        before = len(halved)
        found = _passed(ours, made, halved)
        # A save that is left out takes with it what builds on it, and so perhaps other saves.
        if len(halved) == before:
            return found


def _passed(ours: Versions, made: Sequence[Entry], halved: set[Save]) -> HandedOver:
    """The entries of a file, those of the saves `halved` left out; adds to these what now lacks an entry."""
    found, clashing, here = HandedOver(), set(), dict(ours)
    for line, entry in enumerate(made, 2):
        about, save = (entry.kind, entry.subject), (entry.made_at, entry.made_by)
        there = here.get((*about, entry.version))
        # A row begun again stands beside the first of its key only where that one has moved on.
        family = (entry.kind, journal.first_of(entry.subject))
        if family not in clashing:
            if there and _line(there) == _line(entry):
                found.known += 1
                continue
            if there or (entry.version > 1 and (*about, entry.version - 1) not in here):
                found.clashes.append(Clash(line, entry, there))
            elif save in halved:
                found.together += 1
            else:
                here[*about, entry.version] = entry
                found.fresh.append(entry)
                continue
        clashing.add(family)
        halved.add(save)
        found.left_out += 1
    return found


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "made_at": entry.made_at.isoformat(), "made_by": entry.made_by, "kind": entry.kind,
        "subject": entry.subject, "version": entry.version, "body": entry.body,
    }  # fmt: skip


def _object(number: int, line: str) -> dict[str, Any]:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        found = json.loads(line, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise _refused(f"Line {number} cannot be read.") from error
    if not isinstance(found, dict):
        raise _refused(f"Line {number} cannot be read.")
    return found


def _entry(number: int, line: dict[str, Any]) -> Entry:
    """An entry, looked at closely: whatever is kept here is read again at every start."""
    try:
        made_at = datetime.fromisoformat(line["made_at"])
        kind, subject, body = line["kind"], line["subject"], line["body"]
        dataset = (datasets() | journal_datasets()).get(kind)
        if dataset is None or (kind not in EDITABLE and kind not in journal_datasets()):
            raise _refused(f"Line {number} is about '{kind}', which this provmap does not know.")
        is_right = (
            made_at.tzinfo is None
            and isinstance(line["made_by"], str) and bool(line["made_by"])
            and type(line["version"]) is int and line["version"] > 0
            and _is_key(dataset, journal.key_of(subject))
            and type(time := journal.time_of(subject)) is int and time > 0
            and journal.subject_of(journal.key_of(subject), time) == subject
            and bool(body) and all(_is_change(dataset, *one) for one in body.items())
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused(f"Line {number} is no entry of a journal.") from error
    if not is_right:
        raise _refused(f"Line {number} is no entry of a journal.")
    return Entry(0, made_at, line["made_by"], kind, subject, line["version"], body)


def _is_key(dataset: Dataset, key: Any) -> bool:
    """Whether a subject is one of the dataset's keys, written as this program writes it."""
    return tuple(key) in dataset.keys and all(
        _is_of(dataset.column(name), value) for name, value in key.items()
    )


def _is_change(dataset: Dataset, name: str, change: Any) -> bool:
    if not isinstance(change, dict) or set(change) != {"was", "now"}:
        return False
    if name == REMOVED:
        return isinstance(change["now"], bool) and isinstance(change["was"], (dict, type(None)))
    column = next((one for one in dataset.columns if one.name == name), None)
    return column is not None and _is_of(column, change["now"]) and _is_of(column, change["was"])


def _is_of(column: Column, value: Any) -> bool:
    """Whether a value is of a column's type, and one that it may have."""
    if value is None:
        return True
    # By its very type: a yes is a whole number too, to Python.
    if type(value) not in TYPES[column.type]:
        return False
    if column.type == "list":
        return all_text(value)
    if column.type == "date":
        return bool(WHOLE_DAY.fullmatch(value)) and bool(date.fromisoformat(value))
    return not column.allowed or value in column.allowed


def all_text(values: list[Any]) -> bool:
    """Whether a list has text alone."""
    return all(isinstance(one, str) for one in values)


def _refused(words: str) -> UsageError:
    return UsageError(words, "Choose a whole file that provmap made of a journal; nothing was changed.")
