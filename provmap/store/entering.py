"""Rows that people write in the app: what they see before they change it, and the entries that keep it.

An entry's body is `{column: {was, now}}`, where `was` is the imported value (none where no import has
the row): see written.py for how long it counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import duckdb
import polars as pl

from provmap import journal
from provmap.errors import NotPossible, UsageError
from provmap.journal import Entry, Writing
from provmap.store.contract import DUCKDB_TYPES, Dataset, datasets, journal_datasets
from provmap.store.memory import remembered
from provmap.store.opened import Store, as_laid
from provmap.store.standing import Row, Standing, in_words, is_held, new_one, row_of, standing
from provmap.store.written import REMOVED, State, plain, snapshot, states_of, subject_of


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
    wanted = {column: list(value) if isinstance(value, tuple) else value for column, value in wanted.items()}
    # A form that is drawn again by itself has the store of its page, and is to see what was written since.
    store = as_laid(store)
    return remembered(store, ("rows to edit", name, str(wanted)), lambda: _rows_to_edit(store, name, wanted))


def _rows_to_edit(store: Store, name: str, wanted: dict[str, Any]) -> pl.DataFrame:
    dataset = dataset_of(name)
    conditions = ["true"]
    for column, value in wanted.items():
        is_many = isinstance(value, list) and dataset.column(column).type != "list"
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
    found = store.cursor().execute(f"{' union all '.join(parts)} order by {order}", wanted).to_arrow_table()
    rows = pl.DataFrame(pl.from_arrow(found))
    subjects = [row["row_key"] or subject_of(dataset, row) for row in rows.iter_rows(named=True)]
    return rows.with_columns(pl.Series("row_key", subjects, dtype=pl.String))


def row_now(store: Store, name: str, row_key: str) -> dict[str, Any] | None:
    """One row as it stands at this moment, with what editing needs; none where it is not there any more.

    Read from the journal itself, so that a form that is open need not bring the whole store up to date.
    """
    found = standing(store, dataset_of(name), row_key)
    state, held = found.state, found.row
    if held is None:
        return None
    written = (state.version, state.written_by, state.written_at) if state else (0, None, None)
    about = zip(("row_version", "written_by", "written_at"), written, strict=True)
    return held | {"row_key": row_key} | dict(about)


def save(store: Store, made_by: str, edits: Sequence[Edit]) -> int:
    """Writes rows, all of them or none; returns how many of them changed anything.

    Raises UsageError where a row is not complete or not possible, Overwritten where somebody else has written
    about one of them since it was seen.
    """
    offered = {
        (edit.now.get("school_id"), edit.now["provision_id"])
        for edit in edits
        if edit.dataset == "provisions" and "provision_id" in edit.now
    }
    writings = [one for edit in edits if (one := _writing(store, edit, offered)) is not None]
    if writings:
        journal.write(store.folder, made_by, writings)
    return len(writings)


def take_back(
    store: Store, made_by: str, dataset: str, subject: str, seen: int, *, before: int | None = None
) -> None:
    """Gives a row as it was before its version `before`, or before the last one that was seen.

    What was added then goes out; an imported row is as it was imported before the first change of it. Raises
    UsageError where it would come to have the key of another row that is there.
    """
    history = journal.history(store.folder, dataset, subject)
    earlier = [entry for entry in history if entry.version < (seen if before is None else before)]
    if len(earlier) == len(history):
        return
    held = standing(store, dataset_of(dataset), subject)
    state = states_of(earlier).get(subject)
    columns = state.columns if state else {}
    # What it begins afresh with is all that had been said by then, and nothing since.
    was_out, is_out = columns.get(REMOVED, (None, not state and held.imported is None))
    said = columns | {REMOVED: (was_out, is_out)}
    then = State(said, seen, made_by, history[-1].made_at)
    row = row_of(dataset_of(dataset), then, held.imported)
    if row is not None:
        _check_alike(store, dataset_of(dataset), subject, held.row, row)
    body = {name: {"was": was, "now": now} for name, (was, now) in said.items()}
    journal.write(store.folder, made_by, [Writing(dataset, subject, seen, body)])


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


def _writing(store: Store, edit: Edit, offered: set[tuple[Any, Any]]) -> Writing | None:
    """The entry that an edit makes; none where it changes nothing. `offered`: provisions of the same save."""
    dataset = dataset_of(edit.dataset)
    if edit.subject or edit.removed:
        known = standing(store, dataset, edit.subject or subject_of(dataset, edit.now))
    elif (new := new_one(store, dataset, edit.now)) is not None:
        return _afresh(store, dataset, edit, new, offered)
    else:
        raise UsageError(
            f"It is there already: {in_words(store, dataset, edit.now)}.",
            "Choose it in the list, and change it there.",
        )
    subject = known.subject
    imported, held = known.imported, known.row
    if edit.removed:
        out = {REMOVED: {"was": snapshot(dataset, imported), "now": True}}
        return Writing(edit.dataset, subject, edit.seen, out) if held else None
    if held is None:
        return _afresh(store, dataset, edit, known, offered)
    row = held | edit.now
    _check(store, dataset, row)
    body = {
        name: {"was": plain((imported or {}).get(name)), "now": plain(value)}
        for name, value in edit.now.items()
        if plain(value) != plain(held[name])
    }
    if "start_date" in body:
        row["is_start_recorded"] = True
    _check_alike(store, dataset, subject, held, row)
    return Writing(edit.dataset, subject, edit.seen, body) if body else None


def _check_alike(store: Store, dataset: Dataset, subject: str, held: Row | None, row: Row) -> None:
    """Raises UsageError where a row comes to have the key of another that is there."""
    is_kept = held is not None and subject_of(dataset, held) == subject_of(dataset, row)
    if not is_kept and is_held(store, dataset, row, but=subject):
        raise UsageError(
            f"There is one like it already: {in_words(store, dataset, row)}.", "Change that one."
        )


def _afresh(
    store: Store, dataset: Dataset, edit: Edit, known: Standing, offered: set[tuple[Any, Any]]
) -> Writing:
    """The entry of a row that is not there: every column is said, so that nothing older comes back."""
    row: Row = {column.name: None for column in dataset.columns} | edit.now
    _check(store, dataset, row)
    _check_provision(store, dataset, row, offered)
    was = known.imported or {}
    body = {name: {"was": plain(was.get(name)), "now": plain(row[name])} for name in row}
    if known.state is None:
        return Writing(edit.dataset, known.subject, edit.seen, body)
    # What was taken out and is entered again is no clash with the one who took it out.
    body[REMOVED] = {"was": None, "now": False}
    return Writing(edit.dataset, known.subject, known.state.version, body)


def _check_provision(store: Store, dataset: Dataset, row: dict[str, Any], offered: set[Any]) -> None:
    """Raises UsageError where a new row speaks of a provision that its school does not have."""
    if dataset.name not in ("placements", "criteria") or (row["school_id"], row["provision_id"]) in offered:
        return
    of = {"school_id": row["school_id"], "provision_id": row["provision_id"]}
    if rows_to_edit(store, "provisions", **of).is_empty():
        raise UsageError(
            f"This school has no provision {row['provision_id']}.",
            "Enter the provision first, or choose another.",
        )


def _check(store: Store, dataset: Dataset, row: dict[str, Any]) -> None:
    """Raises UsageError with everything that is wrong with a row."""
    faults = [
        (column.name, "is needed.") for column in dataset.columns
        if column.required and row[column.name] in (None, "")
    ]  # fmt: skip
    faults += [
        (column.name, f"can be: {', '.join(column.allowed)}.") for column in dataset.columns
        if column.allowed and row[column.name] is not None and row[column.name] not in column.allowed
    ]  # fmt: skip
    faults += [
        (column.name, "must be a number from 0.") for column in dataset.columns
        if column.type == "number" and row[column.name] is not None
        and not (isfinite(row[column.name]) and (row[column.name] >= 0 or dataset.name == "comparators"))
    ]  # fmt: skip
    if dataset.name == "criteria" and not faults:
        faults += _mark_faults(store, row)
    if dataset.name == "comparators" and not faults:
        faults += _figure_faults(store, row)
    if dataset.name == "settings" and rows_of_threshold(store, row["name"]) == 0:
        faults.append(("", f"there is no threshold {row['name']}."))
    faults += [
        ("", words)
        for condition, words in dataset.checks
        if not _holds(store.cursor(), dataset, condition, row)
    ]
    if faults:
        raise NotPossible(faults)


def _mark_faults(store: Store, row: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with a criterion by which nobody could be judged."""
    said = "select $school_id as school_id, $measure as measure, $comparator as comparator, $value as value"
    found = (
        store.cursor()
        .execute(
            f"""with one as ({said})
                select is_readable, looks_at, (
                    select list(steps.value order by rank) from store.codes.scale_values as steps
                    where scale_key = lower(substring(measure, instr(measure, '/') + 1)) and rank is not null
                ) from criteria_read_of('one')""",
            {name: row[name] for name in ("school_id", "measure", "comparator", "value")},
        )
        .fetchone()
    )
    assert found is not None
    is_readable, looks_at, steps = found
    if is_readable:
        return []
    if looks_at in ("need", "group"):
        return [("comparator", "must be “the same as” for a need or a group.")]
    if looks_at == "attendance":
        return [("value", "must be a percentage, such as 90.")]
    if steps:
        return [("value", f"must be one of: {', '.join(steps)}.")]
    return [("value", "must be a number on this scale, such as 90.")]


def _figure_faults(store: Store, row: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with a figure to compare with that is neither a number nor a symbol of a source."""
    found = (
        store.cursor()
        .execute(
            """with asked as (select $value as said, ends_with(measure_key($measure), '_share') as is_share)
                select symbol_in_words(said) is not null, is_share,
                    figure_of(said, is_share, coalesce(try_cast(said as double) > 1, false)) from asked""",
            {"value": row["value"], "measure": row["measure"]},
        )
        .fetchone()
    )
    assert found is not None
    is_symbol, is_share, figure = found
    if is_symbol or (figure is not None and (not is_share or 0 <= figure <= 1)):
        return []
    such = "a share from 0% to 100%, such as 74%" if is_share else "a number"
    return [("value", f"must be {such}; or c, x, z, low or u, as the source has it.")]


def rows_of_threshold(store: Store, name: str | None) -> int:
    """How many thresholds of that name ship: one, or none."""
    found = store.cursor().execute(
        "select count(*) from store.codes.settings where name = $name", {"name": name}
    )
    row = found.fetchone()
    return int(row[0]) if row else 0


def _holds(cursor: duckdb.DuckDBPyConnection, dataset: Dataset, condition: str, row: dict[str, Any]) -> bool:
    named = [column for column in dataset.columns if column.name in condition]
    given = ", ".join(f'${column.name}::{DUCKDB_TYPES[column.type]} as "{column.name}"' for column in named)
    found = cursor.execute(
        f"select coalesce({condition}, true) from (select {given})",
        {column.name: row[column.name] for column in named},
    ).fetchone()
    return bool(found and found[0])
