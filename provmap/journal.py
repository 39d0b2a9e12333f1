"""What people write in the app: one append-only table that is its own audit trail.

An entry is about one `subject` of one `kind` (for a dataset: the row's key) and is its next `version`. Two
people who write the same version of one subject never overwrite each other: the second is told. Nothing is
changed or deleted; taking something back is a new entry.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from provmap.errors import Overwritten, StoreError

FILE = "journal.sqlite"
# Seconds to wait for another process that is writing.
PATIENCE = 10.0
TABLE = """
create table if not exists entries (
    id integer primary key autoincrement,
    made_at text not null,
    made_by text not null,
    kind text not null,
    subject text not null,
    version integer not null,
    body text not null,
    unique (kind, subject, version)
)"""
# Which data folder this is, and which others write about the same school: a file of another is asked about.
FOLDERS = "create table if not exists folders (identity text primary key, is_own integer not null)"
# What a subject says first where a row was begun under its key before.
AGAIN = "again"
BEGUN_AGAIN = f'{{"{AGAIN}":'
ENTRY = "select id, made_at, made_by, kind, subject, version, body from entries"


@dataclass(frozen=True)
class Entry:
    """One thing that somebody wrote. `made_at` is UTC; `body` is plain data."""

    id: int
    made_at: datetime
    made_by: str
    kind: str
    subject: str
    version: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Writing:
    """An entry still to be made. `seen` is the version that its writer had before them; 0 for none."""

    kind: str
    subject: str
    seen: int
    body: dict[str, Any]


def subject_of(key: dict[str, Any], time: int = 1) -> str:
    """The subject of a row: the columns of its key, as text.

    A subject keeps its key while the row is corrected to another; what is then entered under the first key
    is a row of its own, the second `time` that it is begun, and says so.
    """
    again = {AGAIN: time} if time > 1 else {}
    return json.dumps(again | key, ensure_ascii=False, separators=(",", ":"))


def key_of(subject: str) -> dict[str, Any]:
    """The columns of the key that a subject says."""
    key: dict[str, Any] = json.loads(subject)
    return {name: value for name, value in key.items() if name != AGAIN}


def time_of(subject: str) -> int:
    """The how-manieth row begun under its key a subject is."""
    time: int = json.loads(subject).get(AGAIN, 1)
    return time


def first_of(subject: str) -> str:
    """The subject of the first row begun under the same key."""
    return subject_of(key_of(subject)) if subject.startswith(BEGUN_AGAIN) else subject


def write(folder: Path, made_by: str, writings: Sequence[Writing]) -> list[Entry]:
    """Adds entries, all of them or none. Raises Overwritten where somebody else wrote first."""
    folder.mkdir(parents=True, exist_ok=True)
    made_at = datetime.now(UTC).replace(tzinfo=None)
    made = []
    with opened(folder) as journal:
        # Taken at once, so that what is checked here is still so when it is written.
        journal.execute("begin immediate")
        for one in writings:
            text = json.dumps(one.body, ensure_ascii=False, sort_keys=True)
            given = (made_at.isoformat(), made_by, one.kind, one.subject, one.seen + 1, text)
            newest = _newest_of(journal, one)
            if newest and newest.version > one.seen:
                raise Overwritten(newest.made_by, newest.made_at, newest.body)
            row = journal.execute(
                """insert into entries (made_at, made_by, kind, subject, version, body)
                values (?, ?, ?, ?, ?, ?)""",
                given,
            )
            number = row.lastrowid or 0
            made.append(Entry(number, made_at, made_by, one.kind, one.subject, one.seen + 1, one.body))
        journal.execute("commit")
    return made


def newest(folder: Path) -> int:
    """The number of the last entry; 0 where nothing was written. Cheap: asked at every run of a page."""
    if not (folder / FILE).exists():
        return 0
    with opened(folder) as journal:
        row = journal.execute("select max(id) from entries").fetchone()
        return row[0] or 0


def entries(folder: Path, after: int = 0) -> list[Entry]:
    """The entries made after one of that number, oldest first."""
    if not (folder / FILE).exists():
        return []
    with opened(folder) as journal:
        return [_entry(row) for row in journal.execute(f"{ENTRY} where id > ? order by id", (after,))]


def history(folder: Path, kind: str, subject: str) -> list[Entry]:
    """All that was written about one subject, oldest first."""
    return about(folder, [(kind, subject)])


def about(folder: Path, subjects: Iterable[tuple[str, str]]) -> list[Entry]:
    """All that was written about some (kind, subject), oldest first."""
    found: list[Entry] = []
    if not (folder / FILE).exists():
        return found
    with opened(folder) as journal:
        for kind, subject in subjects:
            rows = journal.execute(f"{ENTRY} where kind = ? and subject = ?", (kind, subject))
            found += [_entry(row) for row in rows]
    return sorted(found, key=lambda entry: entry.id)


def alike(folder: Path, kind: str, subjects: Iterable[str]) -> list[str]:
    """Some subjects with all others that were begun under their keys, the first of each first."""
    wanted = {first_of(subject) for subject in subjects}
    if not wanted or not (folder / FILE).exists():
        return sorted(wanted)
    with opened(folder) as journal:
        # By its beginning, which the index knows: most subjects are begun once.
        rows = journal.execute(
            "select distinct subject from entries where kind = ? and subject >= ? and subject < ?",
            (kind, BEGUN_AGAIN, BEGUN_AGAIN + "\U0010ffff"),
        ).fetchall()
    found = wanted | {subject for (subject,) in rows if first_of(subject) in wanted}
    return sorted(found, key=lambda subject: (first_of(subject), time_of(subject)))


def identity(folder: Path) -> str:
    """What tells this data folder from every other; made once, and kept with the journal."""
    folder.mkdir(parents=True, exist_ok=True)
    with opened(folder) as journal:
        journal.execute("begin immediate")
        journal.execute(FOLDERS)
        own = journal.execute("select identity from folders where is_own").fetchone()
        if own is None:
            own = (uuid4().hex,)
            journal.execute("insert into folders values (?, 1)", own)
        journal.execute("commit")
        return str(own[0])


def is_same_school(folder: Path, other: str) -> bool:
    """Whether somebody said that another data folder, or this one itself, is about the same school."""
    if not (folder / FILE).exists():
        return False
    with opened(folder) as journal:
        journal.execute(FOLDERS)
        return journal.execute("select 1 from folders where identity = ?", (other,)).fetchone() is not None


def same_school(folder: Path, other: str) -> None:
    """Keeps that another data folder is about the same school."""
    with opened(folder) as journal:
        journal.execute(FOLDERS)
        journal.execute("insert or ignore into folders values (?, 0)", (other,))


def copy(folder: Path, to: Path) -> None:
    """Copies the journal into another folder, whole, also while somebody writes in it."""
    if (folder / FILE).exists():
        with opened(folder) as journal, opened(to) as copied:
            journal.backup(copied)


def _newest_of(journal: sqlite3.Connection, one: Writing) -> Entry | None:
    row = journal.execute(
        f"{ENTRY} where kind = ? and subject = ? order by version desc limit 1", (one.kind, one.subject)
    ).fetchone()
    return _entry(row) if row else None


def _entry(row: tuple[Any, ...]) -> Entry:
    number, made_at, made_by, kind, subject, version, body = row
    return Entry(number, datetime.fromisoformat(made_at), made_by, kind, subject, version, json.loads(body))


def _prepare(journal: sqlite3.Connection) -> None:
    """A writer does not hold up readers, and a power cut loses nothing that was committed.

    While somebody writes to a new journal, SQLite refuses to change its mode at once, without waiting as it
    does for everything else: so it is asked again here, for as long.
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            journal.execute("pragma journal_mode = wal")
            journal.execute("pragma synchronous = full")
            journal.execute(TABLE)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.02)


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The journal, made when it is not there. What was begun and not committed is as if it never was."""
    try:
        journal = sqlite3.connect(folder / FILE, timeout=PATIENCE, isolation_level=None)
        try:
            _prepare(journal)
            yield journal
        finally:
            journal.close()
    except sqlite3.Error as error:
        raise StoreError(
            "What you wrote could not be kept, or what was written could not be read.",
            f"Make room on the disk and try again; nothing that was kept before is lost. ({error})",
        ) from error
