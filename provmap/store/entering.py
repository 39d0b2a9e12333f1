"""Rows that people write in the app: what they see before they change it, and the entries that keep it.

An entry's body is `{column: {was, now}}`, where `was` is the imported value (none where no import has
the row): see written.py for how long it counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from provmap import journal
from provmap.errors import UsageError
from provmap.journal import Entry, Writing
from provmap.store.contract import DUCKDB_TYPES, Dataset, datasets, journal_datasets
from provmap.store.opened import Store
from provmap.store.written import REMOVED, State, current_row, imported_rows, plain, states_of


@dataclass(frozen=True)
class Edit:
    """A row to write. `now` has the columns that its writer gives; `subject` and `seen` are those of the row
    that they had before them, or empty and 0 for a new one. `removed` takes the row out."""

    dataset: str
    now: dict[str, Any]
    subject: str = ""
    seen: int = 0
    removed: bool = False


def dataset_of(name: str) -> Dataset:
    """A dataset of the contract, or one of the journal's own."""
    return datasets()[name] if name in datasets() else journal_datasets()[name]


def rows_to_edit(store: Store, name: str, /, **wanted: Any) -> pl.DataFrame:
    """The rows of a dataset whose columns equal what is wanted (a list: are in it), with what editing needs.

    Adds `row_key` and `row_version` (0: as imported), `written_by` and `written_at` (empty: as imported).
    """
    dataset = dataset_of(name)
    conditions = ["true"]
    for column, value in wanted.items():
        is_many = isinstance(value, (list, tuple)) and dataset.column(column).type != "list"
        conditions.append(
            f'list_contains(${column}, "{column}")'
            if is_many
            else f'"{column}" is not distinct from ${column}'
        )
    where = " and ".join(conditions)
    columns = ", ".join(f'"{column.name}"' for column in dataset.columns)
    recorded = ", is_start_recorded" if name == "needs" else ""
    parts = [
        f'select {columns}{recorded}, row_key, row_version, written_by, written_at from written."{name}" '
        f"where not is_removed and {where}"
    ]
    if name in datasets():
        parts.append(
            f'select {columns}{recorded}, null, 0, null, null from store."{name}" as imported '
            f'where {where} and imported.rowid not in (select row_id from written."replaced_{name}")'
        )
    order = ", ".join(f'"{column}"' for column in dataset.keys[-1])
    params = {column: list(value) if isinstance(value, tuple) else value for column, value in wanted.items()}
    found = store.cursor().execute(f"{' union all '.join(parts)} order by {order}", params).to_arrow_table()
    rows = pl.DataFrame(pl.from_arrow(found))
    subjects = [row["row_key"] or subject_of(dataset, row) for row in rows.iter_rows(named=True)]
    return rows.with_columns(pl.Series("row_key", subjects, dtype=pl.String))


def subject_of(dataset: Dataset, row: dict[str, Any]) -> str:
    """The subject of a row: the first of its keys that it has in full."""
    keys = [
        key for key in dataset.keys if all(row.get(name) is not None for name in key if name != "school_id")
    ]
    key = (keys or dataset.keys[-1:])[0]
    values = {name: plain(row.get(name)) for name in key}
    if dataset.name == "needs" and row.get("is_start_recorded") is False:
        values["start_date"] = None
    return journal.subject_of(values)


def save(store: Store, made_by: str, edits: Sequence[Edit]) -> int:
    """Writes rows, all of them or none; returns how many of them changed anything.

    Raises UsageError where a row is not complete or not possible, Overwritten where somebody else has written
    about one of them since it was seen.
    """
    writings = [one for edit in edits if (one := _writing(store, edit)) is not None]
    if writings:
        journal.write(store.folder, made_by, writings)
    return len(writings)


def take_back(store: Store, made_by: str, dataset: str, subject: str, seen: int) -> None:
    """Takes out a row that was written in the app, or brings an imported row back to what was imported."""
    state = _states(store, dataset, [subject]).get(subject)
    if state is None:
        return
    imported = dataset in datasets() and imported_rows(store.cursor(), dataset, [subject])
    body = {name: {"was": was, "now": was} for name, (was, _) in state.columns.items() if name != REMOVED}
    body[REMOVED] = {"was": False, "now": not imported}
    journal.write(
        store.folder,
        made_by,
        [Writing(dataset, subject, seen, body if imported else {REMOVED: body[REMOVED]})],
    )


def entries_of(store: Store) -> list[Entry]:
    """Everything that people wrote, oldest first."""
    return journal.entries(store.folder)


def written_conflicts(store: Store) -> pl.DataFrame:
    """One row a column that somebody wrote and of which an import has since said otherwise: that counts."""
    found = store.cursor().sql(
        """select dataset, subject, column_name, imported, written, written_by, written_at
           from written.conflicts order by written_at desc, dataset, subject, column_name"""
    )
    return found.pl()


def _states(store: Store, name: str, subjects: Sequence[str]) -> dict[str, State]:
    return states_of(journal.about(store.folder, [(name, subject) for subject in subjects]))


def _writing(store: Store, edit: Edit) -> Writing | None:
    dataset = dataset_of(edit.dataset)
    subject = edit.subject or subject_of(dataset, edit.now)
    state = _states(store, edit.dataset, [subject]).get(subject)
    imported = imported_rows(store.cursor(), edit.dataset, [subject]) if edit.dataset in datasets() else {}
    held, _ = current_row(dataset, state, imported.get(subject))
    is_gone = held is None or held[REMOVED]
    if edit.removed:
        return (
            Writing(edit.dataset, subject, edit.seen, {REMOVED: {"was": False, "now": True}})
            if held
            else None
        )
    row = {column.name: None for column in dataset.columns} | ({} if is_gone else held or {}) | edit.now
    _check(store, dataset, row)
    body = {}
    for name, value in edit.now.items():
        before = None if is_gone else plain((held or {}).get(name))
        if plain(value) != before or is_gone:
            was = plain((imported.get(subject) or {}).get(name))
            body[name] = {"was": was, "now": plain(value)}
    if is_gone and state is not None:
        body[REMOVED] = {"was": False, "now": False}
    # What was taken out and is entered again is no clash with the one who took it out.
    seen = state.version if state is not None and is_gone else edit.seen
    return Writing(edit.dataset, subject, seen, body) if body else None


def _check(store: Store, dataset: Dataset, row: dict[str, Any]) -> None:
    """Raises UsageError with everything that is wrong with a row."""
    faults = [
        f"{column.name.replace('_', ' ')} is needed." for column in dataset.columns
        if column.required and row[column.name] in (None, "")
    ]  # fmt: skip
    faults += [
        f"{column.name.replace('_', ' ')} can be: {', '.join(column.allowed)}." for column in dataset.columns
        if column.allowed and row[column.name] is not None and row[column.name] not in column.allowed
    ]  # fmt: skip
    faults += [
        words for condition, words in dataset.checks if not _holds(store.cursor(), dataset, condition, row)
    ]
    if faults:
        raise UsageError(f"This cannot be saved: {' '.join(faults)}", "Change it and save again.")


def _holds(cursor: duckdb.DuckDBPyConnection, dataset: Dataset, condition: str, row: dict[str, Any]) -> bool:
    named = [column for column in dataset.columns if column.name in condition]
    given = ", ".join(f'${column.name}::{DUCKDB_TYPES[column.type]} as "{column.name}"' for column in named)
    found = cursor.execute(
        f"select coalesce({condition}, true) from (select {given})",
        {column.name: row[column.name] for column in named},
    ).fetchone()
    return bool(found and found[0])
