"""Rows as they stand in the journal at this moment: what is there under a key, and what a new row is called.

A subject keeps the key that its row began with. Where the row was corrected to another key, the first is
free: what is then entered under it is begun again, as a row of its own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from provmap import journal
from provmap.filters import show_date
from provmap.store.contract import Dataset, datasets
from provmap.store.opened import Store
from provmap.store.written import (
    State,
    current_row,
    imported_of,
    imported_rows,
    is_start_recorded,
    states_of,
    subject_of,
    typed,
)

Row = dict[str, Any]
# What people call what a key names by a code.
CALLED = {
    "pupil_id": """select concat_ws(' ', forename, surname) from store.pupils
        where pupil_id = $value and school_id is not distinct from $school""",
    "provision_id": """select name from records.provisions
        where provision_id = $value and school_id is not distinct from $school""",
    "group_code": "select name from records.group_names where group_code = $value",
    "need_code": "select need from store.codes.need_kinds where need_key = lower($value)",
}


@dataclass(frozen=True)
class Standing:
    """What was written about a subject, its imported row, and the row as it stands, where there are such."""

    subject: str
    state: State | None
    imported: Row | None
    row: Row | None


def standing(store: Store, dataset: Dataset, subject: str) -> Standing:
    """What is held of a subject, read from the journal itself."""
    found = (one for one in _begun(store, dataset, subject) if one.subject == subject)
    return next(found, Standing(subject, None, None, None))


def _begun(store: Store, dataset: Dataset, subject: str) -> list[Standing]:
    """What is held of all that began under the key of a subject, the first of it first."""
    subjects = journal.alike(store.folder, dataset.name, [subject])
    states = states_of(journal.about(store.folder, [(dataset.name, one) for one in subjects]))
    imported: dict[str, Row] = {}
    if dataset.name in datasets():
        name, cursor = dataset.name, store.cursor()
        imported = imported_of(cursor, name, states) if states else imported_rows(cursor, name, subjects)
    return [
        Standing(one, state, imported.get(one), row_of(dataset, state, imported.get(one)))
        for one, state in ((one, states.get(one)) for one in subjects)
    ]


def row_of(dataset: Dataset, state: State | None, imported: Row | None) -> Row | None:
    """The row that an imported one and what was written come to; none where it is out."""
    row, _ = current_row(dataset, state, imported)
    if row is None or row["is_removed"]:
        return None
    if dataset.name == "needs":
        row["is_start_recorded"] = is_start_recorded(state, imported)
    return row


def is_held(store: Store, dataset: Dataset, row: Row, but: str = "") -> bool:
    """Whether a row with the same key is there, other than that of the subject `but`."""
    key = subject_of(dataset, row)
    return _is_held(store, dataset, key, _begun(store, dataset, key), but)


def new_one(store: Store, dataset: Dataset, row: Row) -> Standing | None:
    """What a row that is entered is to be: its key, begun again where what began under it is another now.

    None where a row with its key is there.
    """
    key = subject_of(dataset, row)
    begun = _begun(store, dataset, key)
    if _is_held(store, dataset, key, begun, ""):
        return None
    again = journal.subject_of(journal.key_of(key), journal.time_of(begun[-1].subject) + 1)
    return next((one for one in begun if one.row is None), Standing(again, None, None, None))


def _is_held(store: Store, dataset: Dataset, key: str, begun: list[Standing], but: str) -> bool:
    rows = [one.row for one in begun if one.row and one.subject != but]
    rows += _written_like(store, dataset, key, [*(one.subject for one in begun), but])
    return any(subject_of(dataset, one) == key for one in rows)


def in_words(store: Store, dataset: Dataset, row: Row) -> str:
    """The key of a row, as a refusal names it: "Robin Ash, Talk, start date 5 Jan 2026"."""
    key = journal.key_of(subject_of(dataset, row))
    said = {name: typed(dataset, name, value) for name, value in key.items() if value is not None}
    school = said.pop("school_id", row.get("school_id"))
    return ", ".join(_said(store, school, name, value) for name, value in said.items())


def _said(store: Store, school: Any, name: str, value: Any) -> str:
    if isinstance(value, date):
        return f"{name.replace('_', ' ')} {show_date(value)}"
    if name not in CALLED:
        return f"{name.replace('_', ' ')} {value}"
    params = {"value": value} | ({"school": school} if "$school" in CALLED[name] else {})
    found = store.cursor().execute(CALLED[name], params).fetchone()
    return str(found[0] if found else value)


def _written_like(store: Store, dataset: Dataset, key: str, but: list[str]) -> list[Row]:
    """The rows begun under other keys that people wrote or corrected to what may be this one."""
    of = {
        name: typed(dataset, name, value) for name, value in journal.key_of(key).items() if value is not None
    }
    same = "".join(f' and "{name}" = ${name}' for name in of)
    query = (
        f'select * from written."{dataset.name}" where not is_removed '
        f"and not list_contains($but, row_key){same}"
    )
    found: list[Row] = store.cursor().execute(query, of | {"but": but}).to_arrow_table().to_pylist()
    return found
