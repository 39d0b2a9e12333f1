"""Folding: kept rows of all imports become current rows, field by field in the order of import.

The SQL here is put together from names of the contract alone; every value is bound.
A blank in a later import clears a value (hence arg_max_null), a missing column leaves it; so does a column
that a row names as absent.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from provmap.store.contract import DUCKDB_TYPES, STATUS_FLAGS, Dataset, datasets
from provmap.store.kept import ABSENT
from provmap.store.replacing import KeptRows, with_leavers, without_replaced

# A pupils import also records the enrolment of its academic year; a row of `enrolments` in the same
# import is the better word on it, so it comes later in the order.
ENROLMENT_COLUMNS = ("school_id", "pupil_id", "academic_year", "year_group", "class", "start_date")


def fold(
    store: duckdb.DuckDBPyConnection, dataset: Dataset, kept: list[KeptRows], school: str | None
) -> None:
    """Creates the dataset's table in the store. `school` is whose rows are that name no school."""
    if not kept:
        columns = ", ".join(
            f'null::{DUCKDB_TYPES[column.type]} as "{column.name}"' for column in dataset.columns
        )
        store.execute(f'create table store."{dataset.name}" as select {columns} limit 0')
        return
    is_uneven = len(kept) > 1 and any(ABSENT in part.columns for part in kept)
    rows = " union all ".join(_rows_of(dataset, part, is_uneven) for part in kept)
    params: dict[str, object] = {"school": school} if not dataset.is_global else {}
    if len(kept) == 1:
        chosen = ", ".join(f'"{name}"' for name in dataset.column_names)
        body = f"select {chosen} from ({rows})"
    else:
        replaces = any(part.replaces_before is not None for part in kept)
        is_roll = replaces and dataset.name == "pupils"
        if replaces and not is_roll:
            rows = without_replaced(dataset, rows, _own_key(dataset), kept)
        body, present = _folded(dataset, kept, rows, "max(import_order) as import_order" if is_roll else "")
        if is_roll:
            body = with_leavers(body, rows, kept)
        params |= present
    order = ", ".join(f'"{name}"' for name in dataset.keys[-1])
    store.execute(f'create table store."{dataset.name}" as {body} order by {order}', params)


def _rows_of(dataset: Dataset, part: KeptRows, is_uneven: bool) -> str:
    columns = []
    if is_uneven:
        columns.append(ABSENT if ABSENT in part.columns else f"[]::varchar[] as {ABSENT}")
    for column in dataset.columns:
        if column.name == "school_id" and not dataset.is_global:
            given = "school_id" if "school_id" in part.columns else "null::varchar"
            columns.append(f"coalesce({given}, $school) as school_id")
        elif column.name in part.columns:
            columns.append(f'"{column.name}"')
        else:
            columns.append(f'null::{DUCKDB_TYPES[column.type]} as "{column.name}"')
    return f"select {', '.join(columns)}, {part.order} as import_order from {part.view}"


def _folded(
    dataset: Dataset, kept: list[KeptRows], rows: str, also: str = ""
) -> tuple[str, dict[str, list[int]]]:
    present: dict[str, list[int]] = {}
    columns = [also] if also else []
    uneven = any(ABSENT in part.columns for part in kept)
    for number, column in enumerate(dataset.columns):
        holders = [part.order for part in kept if column.name in part.columns]
        if dataset.name == "pupils" and column.name in STATUS_FLAGS:
            # A blank status flag says nothing ("not supplied"; where it means "no" the import wrote "no").
            columns.append(f'arg_max("{column.name}", import_order) as "{column.name}"')
            continue
        said = []
        if column.name != "school_id" and len(holders) < len(kept):
            present[f"present_{number}"] = holders
            said.append(f"list_contains($present_{number}, import_order)")
        if column.name != "school_id" and uneven and not column.required:
            said.append(f"not list_contains({ABSENT}, '{column.name}')")
        only = f" filter (where {' and '.join(said)})" if said else ""
        columns.append(f'arg_max_null("{column.name}", import_order){only} as "{column.name}"')
    return f"select {', '.join(columns)} from ({rows}) group by {_key(dataset)}", present


def _key(dataset: Dataset) -> str:
    return _own_key(dataset) if dataset.is_global else f"school_id, {_own_key(dataset)}"


def _own_key(dataset: Dataset) -> str:
    """The key of a row within its school."""
    parts: list[str] = []
    for key in dataset.keys:
        own = [f'"{name}"::varchar' for name in key if name != "school_id"]
        parts.append(f"[{', '.join(own)}]")
    whole = parts[0]
    if len(parts) > 1:
        given = " and ".join(f'"{name}" is not null' for name in dataset.keys[0] if name != "school_id")
        whole = f"case when {given} then {parts[0]} else {parts[1]} end"
    return whole


def prepare_kept(
    store: duckdb.DuckDBPyConnection,
    imports: list[tuple[int, date, Path, dict[str, list[str]], bool]],
) -> dict[str, list[KeptRows]]:
    """A view over each kept Parquet file: what there is to fold, by dataset, oldest first.

    An import is its number, date, folder of rows, columns by dataset, and whether it replaces.
    """
    kept: dict[str, list[KeptRows]] = {name: [] for name in datasets()}
    for number, dated, folder, columns, replaces in imports:
        before = 2 * number if replaces else None
        for name, present in columns.items():
            view = f"kept_{number}_{name}"
            store.read_parquet(str(folder / f"{name}.parquet")).create_view(view)
            kept[name].append(KeptRows(view, 2 * number + 1, dated, tuple(present), before))
            if name == "pupils" and "year_group" in present:
                kept["enrolments"].append(_enrolments_of(store, number, dated, present))
    for parts in kept.values():
        parts.sort(key=lambda part: part.order)
    _undated_start(store, kept["enrolments"])
    return kept


def _enrolments_of(
    store: duckdb.DuckDBPyConnection, number: int, dated: date, present: list[str]
) -> KeptRows:
    start = dated.year if dated.month >= 9 else dated.year - 1
    school = "school_id" if "school_id" in present else "null::varchar as school_id"
    form = "class" if "class" in present else "null::varchar as class"
    view = f"enrolled_{number}"
    store.execute(
        f"""create view {view} as
            select {school}, pupil_id, '{start}/{(start + 1) % 100:02}' as academic_year, year_group, {form},
                null::date as start_date{f", {ABSENT}" if ABSENT in present else ""}
            from kept_{number}_pupils"""
    )
    columns = tuple(name for name in ENROLMENT_COLUMNS if name != "class" or "class" in present)
    columns += (ABSENT,) if ABSENT in present else ()
    return KeptRows(view, 2 * number, dated, columns)


def _undated_start(store: duckdb.DuckDBPyConnection, parts: list[KeptRows]) -> None:
    """An enrolment from 1 September and one without a start are the same: both are kept as undated."""
    for place, part in enumerate(parts):
        if "start_date" in part.columns:
            view = f"{part.view}_undated"
            store.execute(
                f"""create view {view} as select * replace (
                        nullif(start_date, make_date(left(academic_year, 4)::integer, 9, 1)) as start_date)
                    from {part.view}"""
            )
            parts[place] = replace(part, view=view)
