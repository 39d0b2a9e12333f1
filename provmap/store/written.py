"""What people wrote, laid over what was imported: questions read `records.<dataset>`, which holds both.

`written.<dataset>` has the rows that somebody wrote or changed, as they now stand, and
`written.replaced_<dataset>` the imported rows that they stand for. An edit of a column counts while the
imported value still is what it was; once an import brings another value, the import counts and
`written.conflicts` has both. The SQL here is put together from names of the contract alone; values are bound.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from provmap import journal
from provmap.journal import Entry
from provmap.store.contract import DUCKDB_TYPES, Dataset, datasets, journal_datasets

# The datasets of the contract whose rows people can also write in the app.
EDITABLE = (
    "comparators", "criteria", "groups", "memberships", "needs", "placements", "provisions", "reviews",
    "staff", "targets", "training", "voices",
)  # fmt: skip
# What is known of a written row besides its columns.
ABOUT = {"row_key": "varchar", "row_version": "integer", "written_by": "varchar", "written_at": "timestamp",
         "is_removed": "boolean"}  # fmt: skip
POLARS_TYPES = {
    "text": pl.String(), "list": pl.List(pl.String()), "date": pl.Date(), "integer": pl.Int64(),
    "number": pl.Float64(), "boolean": pl.Boolean(),
}  # fmt: skip
CONFLICTS = {"dataset": pl.String(), "subject": pl.String(), "column_name": pl.String(),
             "imported": pl.String(), "written": pl.String(), "written_by": pl.String(),
             "written_at": pl.Datetime("us")}  # fmt: skip
# A pseudo column of an entry: whether the row is out. `was` is the imported row that was taken out (none: no
# import had it); an entry with it starts afresh, so that nothing written earlier comes back with the row.
REMOVED = "is_removed"


@dataclass(frozen=True)
class State:
    """What the entries about one row come to: by column, what it was when it was changed, and what to."""

    columns: dict[str, tuple[Any, Any]]
    version: int
    written_by: str
    written_at: datetime


def prepare(root: duckdb.DuckDBPyConnection) -> None:
    """The views `records.<dataset>` over an attached store, with nothing written yet."""
    root.execute("create schema records")
    root.execute("create schema written")
    about = ", ".join(f"null::{kind} as {name}" for name, kind in ABOUT.items())
    for name in EDITABLE:
        root.execute(f'create table written."{name}" as select *, {about} from store."{name}" limit 0')
        root.execute(f'create table written."replaced_{name}" (row_id bigint)')
        root.execute(
            f"""create view records."{name}" as
                select imported.* from store."{name}" as imported
                anti join written."replaced_{name}" as replaced on replaced.row_id = imported.rowid
                union all by name
                select * exclude ({", ".join(ABOUT)}) from written."{name}" where not is_removed"""
        )
    for name in set(datasets()) - set(EDITABLE):
        root.execute(f'create view records."{name}" as from store."{name}"')
    for name, dataset in journal_datasets().items():
        columns = [f'"{one.name}" {DUCKDB_TYPES[one.type]}' for one in dataset.columns]
        columns += [f"{column} {kind}" for column, kind in ABOUT.items()]
        root.execute(f'create table written."{name}" ({", ".join(columns)})')
        root.execute(f'create view records."{name}" as select * from written."{name}" where not is_removed')
    root.execute(
        """create table written.conflicts (dataset varchar, subject varchar, column_name varchar,
            imported varchar, written varchar, written_by varchar, written_at timestamp)"""
    )


def lay(root: duckdb.DuckDBPyConnection, folder: Path, after: int) -> set[str]:
    """Lays the entries after one of that number over the records; returns the datasets that they touched."""
    fresh = journal.entries(folder, after)
    known = {*EDITABLE, *journal_datasets()}
    touched: dict[str, set[str]] = {}
    for entry in fresh:
        if entry.kind in known:
            touched.setdefault(entry.kind, set()).add(entry.subject)
    if not touched:
        return set()
    cursor = root.cursor()
    cursor.execute("begin")
    for kind, subjects in sorted(touched.items()):
        about = [(kind, one) for one in journal.alike(folder, kind, subjects)] if after else []
        all_of = journal.about(folder, about) if after else fresh
        _lay_dataset(cursor, kind, states_of(entry for entry in all_of if entry.kind == kind))
    cursor.execute("commit")
    return set(touched)


def states_of(entries: Iterable[Entry]) -> dict[str, State]:
    """By subject, what entries of one kind, oldest first, come to."""
    states: dict[str, State] = {}
    for entry in entries:
        is_afresh = entry.subject not in states or REMOVED in entry.body
        before = {} if is_afresh else states[entry.subject].columns
        said = {name: (change["was"], change["now"]) for name, change in entry.body.items()}
        states[entry.subject] = State(before | said, entry.version, entry.made_by, entry.made_at)
    return states


def imported_rows(
    cursor: duckdb.DuckDBPyConnection, name: str, subjects: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """The imported rows of some subjects, by subject, with their `row_id`; no row where no import has one.

    None either for what was begun again under a key: see `imported_of`.
    """
    dataset = datasets()[name]
    by_key: dict[tuple[str, ...], list[tuple[str, dict[str, Any]]]] = {}
    for subject in subjects:
        if journal.first_of(subject) != subject:
            continue
        key = journal.key_of(subject)
        by_key.setdefault(tuple(key), []).append((subject, key))
    found: dict[str, dict[str, Any]] = {}
    for columns, wanted in by_key.items():
        frame = pl.DataFrame(
            [
                [subject, *(typed(dataset, column, key[column]) for column in columns)]
                for subject, key in wanted
            ],
            schema={"row_key": pl.String()}
            | {column: POLARS_TYPES[dataset.column(column).type] for column in columns},
            orient="row",
        )
        cursor.register("wanted", frame.to_arrow())
        same = " and ".join(
            f'{_imported(name, column)} is not distinct from wanted."{column}"' for column in columns
        )
        rows = cursor.execute(
            f'select wanted.row_key, imported.rowid as row_id, imported.* from store."{name}" as imported '
            f"inner join wanted on {same}"
        ).to_arrow_table()
        cursor.unregister("wanted")
        found |= _one_each(rows.to_pylist())
    return found


def imported_of(
    cursor: duckdb.DuckDBPyConnection, name: str, states: Mapping[str, State]
) -> dict[str, dict[str, Any]]:
    """By subject, the imported row that it is about: one of those begun under the row's key, where there are
    several."""
    begun: dict[str, list[str]] = {}
    for subject in sorted(states, key=journal.time_of):
        begun.setdefault(journal.first_of(subject), []).append(subject)
    about: dict[str, dict[str, Any]] = {}
    for first, row in imported_rows(cursor, name, begun).items():
        subjects = begun[first]
        meant = (one for one in subjects if _is_about(datasets()[name], states[one], row))
        about[next(meant, subjects[0])] = row
    return about


def _is_about(dataset: Dataset, state: State, imported: dict[str, Any]) -> bool:
    """Whether nothing that was said of a row speaks against its being an imported one of its first key."""
    was_out, is_out = state.columns.get(REMOVED, (None, False))
    if is_out and was_out != snapshot(dataset, imported):
        return False
    return all(
        plain(imported[name]) in state.columns[name]
        for columns in dataset.keys for name in columns if name in state.columns
    )  # fmt: skip


def _one_each(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of several rows of one subject, the one without an identifier of its own; none where a choice is left.

    A pupil can begin a provision twice on one day, under two identifiers: an edit never moves between them.
    """
    by_subject: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_subject.setdefault(row["row_key"], []).append(row)
    chosen = {}
    for subject, found in by_subject.items():
        bare = [row for row in found if row.get("placement_id") is None] or found
        if len(found) == 1 or len(bare) == 1:
            chosen[subject] = bare[0]
    return chosen


def _imported(name: str, column: str) -> str:
    # An undated need is known by having no date, whatever day was worked out for it.
    if name == "needs" and column == "start_date":
        return "case when imported.is_start_recorded then imported.start_date end"
    return f'imported."{column}"'


def typed(dataset: Dataset, column: str, value: Any) -> Any:
    """A value of the journal as the store has it: dates are text there."""
    if value is not None and dataset.column(column).type == "date":
        return date.fromisoformat(value)
    return value


def plain(value: Any) -> Any:
    """A value of the store as the journal has it."""
    return value.isoformat() if isinstance(value, date) else value


def _lay_dataset(cursor: duckdb.DuckDBPyConnection, name: str, states: dict[str, State]) -> None:
    is_imported = name in datasets()
    dataset = datasets()[name] if is_imported else journal_datasets()[name]
    imported = imported_of(cursor, name, states) if is_imported else {}
    caught_up = _caught_up(cursor, dataset, states, imported) if is_imported else {}
    rows, conflicts = [], []
    for subject, state in states.items():
        row, differing = current_row(dataset, state, imported.get(subject))
        if subject in caught_up:
            row, differing = current_row(dataset, without_key(dataset, state), caught_up[subject])
        about = (subject, state.version, state.written_by, state.written_at)
        conflicts += [(name, subject, *one, state.written_by, state.written_at) for one in differing]
        if row is not None:
            rows.append((*(row[column.name] for column in dataset.columns), *about, row[REMOVED]))
            if name == "needs":
                rows[-1] = (*rows[-1], is_start_recorded(state, imported.get(subject)))
    replaced = {row["row_id"] for row in (*imported.values(), *caught_up.values())}
    _forget(cursor, name, states, replaced)
    _insert(cursor, f'written."{name}"', rows, _schema(dataset))
    _insert(cursor, "written.conflicts", conflicts, CONFLICTS)
    if is_imported:
        _insert(cursor, f'written."replaced_{name}"', [(one,) for one in replaced], {"row_id": pl.Int64()})


def _caught_up(
    cursor: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    states: dict[str, State],
    imported: dict[str, dict[str, Any]],
) -> dict[str, dict[str, Any]]:
    """By subject, the imported row that has the key to which somebody corrected the subject's row.

    A start corrected in the app and then in the office's system is one row, not two.
    """
    moved = {}
    for subject, state in states.items():
        row, _ = current_row(dataset, state, imported.get(subject))
        if row is not None and (now := subject_of(dataset, row)) != subject and now not in states:
            moved[now] = subject
    # What stands for itself already, in another lot of entries, is not what somebody else's row became.
    query = f'select row_key from written."{dataset.name}" where list_contains($keys, row_key)'
    for (known,) in cursor.execute(query, {"keys": list(moved)}).fetchall():
        del moved[known]
    found = imported_rows(cursor, dataset.name, moved)
    return {moved[now]: row for now, row in found.items()}


def without_key(dataset: Dataset, state: State) -> State:
    """A state without what it says of the key's own columns."""
    key = {name for columns in dataset.keys for name in columns}
    return replace(state, columns={name: said for name, said in state.columns.items() if name not in key})


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


def snapshot(dataset: Dataset, imported: dict[str, Any] | None) -> dict[str, Any] | None:
    """An imported row as an entry keeps it."""
    if imported is None:
        return None
    return {column.name: plain(imported[column.name]) for column in dataset.columns}


def current_row(
    dataset: Dataset, state: State | None, imported: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, list[tuple[str, str, str]]]:
    """The row with what was written, and (column, imported, written) where an import has said otherwise.

    No row where too little is left to make one: an import that was undone took the rest of it away.
    """
    row: dict[str, Any] = {column.name: (imported or {}).get(column.name) for column in dataset.columns}
    columns = dict(state.columns) if state else {}
    was_out, is_out = columns.pop(REMOVED, (None, False))
    row[REMOVED] = is_out and imported is not None and snapshot(dataset, imported) == was_out
    if is_out and not row[REMOVED]:
        # Gone altogether; or an import has since brought it, or changed it: then that counts, and is said.
        return (row, [("", "the row as imported", "taken out")]) if imported else (None, [])
    differing = []
    for name, (was, now) in columns.items():
        held = plain(row[name])
        if held == was:
            row[name] = typed(dataset, name, now)
        elif held != now:
            differing.append((name, _words(held), _words(now)))
    if any(row[column.name] is None for column in dataset.columns if column.required):
        return None, differing
    return row, differing


def _words(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else "" if value is None else str(value)


def is_start_recorded(state: State | None, imported: dict[str, Any] | None) -> bool:
    """Whether a need has a first day that somebody gave."""
    is_given = state is not None and "start_date" in state.columns
    return is_given or imported is None or imported["is_start_recorded"]


def _schema(dataset: Dataset) -> dict[str, pl.DataType]:
    schema: dict[str, pl.DataType] = {column.name: POLARS_TYPES[column.type] for column in dataset.columns}
    schema |= {"row_key": pl.String(), "row_version": pl.Int64(), "written_by": pl.String(),
               "written_at": pl.Datetime("us"), "is_removed": pl.Boolean()}  # fmt: skip
    return schema | ({"is_start_recorded": pl.Boolean()} if dataset.name == "needs" else {})


def _forget(
    cursor: duckdb.DuckDBPyConnection, name: str, states: dict[str, State], replaced: set[int]
) -> None:
    """Takes away what was laid before for these subjects."""
    subjects = list(states)
    cursor.execute(
        f'delete from written."{name}" where list_contains($subjects, row_key)', {"subjects": subjects}
    )
    cursor.execute(
        "delete from written.conflicts where dataset = $name and list_contains($subjects, subject)",
        {"name": name, "subjects": subjects},
    )
    if name in datasets():
        cursor.execute(
            f'delete from written."replaced_{name}" where list_contains($ids, row_id)',
            {"ids": list(replaced)},
        )


def _insert(
    cursor: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]], schema: dict[str, pl.DataType]
) -> None:
    if rows:
        cursor.register("fresh", pl.DataFrame(rows, schema=schema, orient="row").to_arrow())
        cursor.execute(f"insert into {table} by name select * from fresh")
        cursor.unregister("fresh")
