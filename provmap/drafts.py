"""Half-written forms, kept until they are saved or thrown away: the only thing here that is overwritten.

They lie beside the journal, in the same file, so that a reload, another window or a server that was killed
finds them. Each window has its own, so that two windows never write over each other.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from provmap.journal import FILE, opened

TABLES = """
create table if not exists drafts (
    record text not null,
    place text not null,
    browser text not null,
    who text not null,
    began_at text not null,
    saved_at text not null,
    given text not null,
    based_on text not null,
    primary key (record, place)
);
create table if not exists writers (browser text primary key, who text not null, on_day text not null)"""
DRAFT = "select record, place, who, began_at, saved_at, given, based_on from drafts"
Values = dict[str, Any]


@dataclass(frozen=True)
class Writer:
    """Who types where: the window (`place`), its browser, and the name that was given, each perhaps empty."""

    place: str
    browser: str = ""
    who: str = ""


@dataclass(frozen=True)
class Draft:
    """What stands in a form about `record`, and what was saved when it was begun. Times are UTC."""

    record: str
    place: str
    who: str
    began_at: datetime
    saved_at: datetime
    given: Values
    based_on: Values


def keep(folder: Path, record: str, writer: Writer, given: Values, based_on: Values) -> None:
    """Keeps what stands in a window's form, in place of what it had kept before."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC).replace(tzinfo=None).isoformat()
    row = (record, writer.place, writer.browser, writer.who, now, now, _text(given), _text(based_on))
    with opened(folder) as journal:
        journal.executescript(TABLES)
        journal.execute(
            """insert into drafts (record, place, browser, who, began_at, saved_at, given, based_on)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (record, place) do update set who = excluded.who, browser = excluded.browser,
                saved_at = excluded.saved_at, given = excluded.given, based_on = excluded.based_on""",
            row,
        )


def take_over(folder: Path, draft: Draft, writer: Writer) -> bool:
    """Goes on in this window with what another began; False where the other has changed it since."""
    with opened(folder) as journal:
        done = journal.execute(
            """update or ignore drafts set place = ?, browser = ?, who = ?
            where record = ? and place = ? and given = ?""",
            (writer.place, writer.browser, writer.who, draft.record, draft.place, _text(draft.given)),
        )
        return done.rowcount == 1


def throw_away(folder: Path, drafts: Sequence[Draft]) -> None:
    """Removes drafts as they were seen: what has been typed since stays."""
    if not drafts:
        return
    with opened(folder) as journal:
        journal.executescript(TABLES)
        # A power cut may bring back what was saved anyway: nothing to wait for the disk for.
        journal.execute("pragma synchronous = normal")
        journal.executemany(
            "delete from drafts where record = ? and place = ? and given = ?",
            [(one.record, one.place, _text(one.given)) for one in drafts],
        )


def kept(folder: Path, begins: str, writer: Writer) -> list[Draft]:
    """The drafts of one person or browser whose record begins so, the newest first."""
    found = _read(
        folder,
        f"{DRAFT} where substr(record, 1, ?) = ? and (place = ? or (browser != '' and browser = ?) "
        "or (who != '' and who = ?)) order by saved_at desc, place",
        (len(begins), begins, writer.place, writer.browser, writer.who),
    )
    return [_draft(row) for row in found]


def remember_name(folder: Path, browser: str, who: str, today: date) -> None:
    """Knows the browser's writer by name for the rest of the day; an empty name forgets."""
    if browser:
        with opened(folder) as journal:
            journal.executescript(TABLES)
            journal.execute("insert or replace into writers values (?, ?, ?)", (browser, who, str(today)))


def remembered_name(folder: Path, browser: str, today: date) -> str:
    """The name last given in a browser today; empty where none was. Tomorrow somebody else may sit there."""
    query = "select who from writers where browser = ? and on_day = ?"
    rows = _read(folder, query, (browser, str(today))) if browser else []
    return str(rows[0][0]) if rows else ""


def _read(folder: Path, query: str, given: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    if not (folder / FILE).exists():
        return []
    with opened(folder) as journal:
        if not _has_tables(journal):
            return []
        return journal.execute(query, given).fetchall()


def _has_tables(journal: sqlite3.Connection) -> bool:
    query = "select count(*) from sqlite_master where name in ('drafts', 'writers')"
    return bool(journal.execute(query).fetchone()[0] == 2)


def _text(values: Values) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _draft(row: tuple[Any, ...]) -> Draft:
    record, place, who, began_at, saved_at, given, based_on = row
    times = datetime.fromisoformat(began_at), datetime.fromisoformat(saved_at)
    return Draft(record, place, who, *times, json.loads(given), json.loads(based_on))
