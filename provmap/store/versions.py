"""Makes one version of the store, a DuckDB file, from the kept files, and reads it back to verify it."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from provmap.errors import StoreError
from provmap.store.contract import SQL, STATUS_FLAGS, datasets
from provmap.store.fold import fold, prepare_kept
from provmap.store.kept import Manifest, read_manifest, write_whole
from provmap.store.replacing import REPLACE

# Told what is being done, with a count, and how much of the whole that is. It may raise, to stop the work.
Progress = Callable[[str, float], None]
# Whose rows are that name no school, where no school was ever imported.
ONLY_SCHOOL = "school"
# Each needs those before it.
DERIVED_TABLES = ("schools", "needs", "statuses", "codes", "provided", "results", "points", "doubts")


# Kept rows of fewer bytes are folded by one thread: those of a school of 2,000 take about five times as much.
WORTH_SHARING = 100_000
# The smallest that DuckDB writes, in bytes.
SMALL_BLOCKS = 16_384


@dataclass(frozen=True)
class Stage:
    """A part of the work: how it is told, and from which share of the whole to which it goes."""

    words: str
    begin: float
    end: float


WRITING = Stage("Writing {} of {} datasets", 0.0, 0.4)
DERIVING = Stage("Working out {} of {} lists that follow from them", 0.4, 0.7)
COUNTING = Stage("Counting {} of {} tables", 0.7, 0.85)
VERIFYING = Stage("Checking {} of {} tables", 0.85, 1.0)


def read_version(folder: Path, version: str) -> dict[str, Any]:
    """What a store holds: rows and a content hash per dataset, the imports in it, and when it was built."""
    words: dict[str, Any] = json.loads((folder / "stores" / f"{version}.json").read_text(encoding="utf-8"))
    return words


@cache
def recipe() -> str:
    """A hash of what a store is made with; a store made with another recipe is built again."""
    digest = hashlib.sha256()
    files = [
        *(SQL / "schema").rglob("*.sql"),
        *(SQL / "reference").glob("*.csv"),
        *Path(__file__).parent.glob("*.py"),
    ]
    for path in [SQL / "views" / "10_words.sql", *sorted(files)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def make_version(folder: Path, imports: tuple[str, ...], progress: Progress | None = None) -> str:
    """A new store of these imports, oldest first; returns its version. The pointer is not moved.

    Whatever stops it, nothing of it is left.
    """
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    stores = folder / "stores"
    stores.mkdir(exist_ok=True)
    file = stores / f"{version}.duckdb"
    try:
        contents = _write_store(file, [read_manifest(folder, name) for name in imports], folder, progress)
        _verify(file, contents, progress)
        words = {"contents": contents, "imports": imports, "recipe": recipe(), "built_at": version[:15]}
        write_whole(stores / f"{version}.json", json.dumps(words, indent=1).encode())
    except BaseException as error:
        remove_version(folder, version)
        if isinstance(error, duckdb.Error):
            # A full disk is the usual reason why files cannot be read or written.
            room = (
                "Make room on the disk and try again; else undo"
                if isinstance(error, duckdb.IOException)
                else "Undo"
            )
            raise StoreError(
                "The store could not be built from the kept files; the one in use is untouched.",
                f"({type(error).__name__}) {room} the last import, or ask for help with this message.",
            ) from error
        raise
    return version


def remove_version(folder: Path, version: str) -> None:
    """Removes the files of a version that is not in use."""
    for path in (folder / "stores").glob(f"{version}.*"):
        try:
            path.unlink(missing_ok=True)
        except PermissionError:
            # Windows keeps a file that a running page has open; the next import removes it.
            continue


def _write_store(
    file: Path, manifests: list[Manifest], folder: Path, progress: Progress | None
) -> dict[str, list[str | int]]:
    # What does not fit in memory is put down beside the stores, never in the folder provmap was started in.
    config: dict[str, Any] = {"temp_directory": str(folder / "stores" / "spilled")}
    # Attached rather than opened, so that the helper views stay out of the file. Without a log of
    # every step: what is not finished is thrown away, and each would wait for the disk.
    how = "recovery_mode no_wal_writes"
    if _kept_bytes(folder, manifests) < WORTH_SHARING:
        # One thread alone makes a small store sooner than several that wait for each other, and most of each
        # large block would be empty.
        config["threads"] = 1
        how += f", block_size {SMALL_BLOCKS}"
    connection = duckdb.connect(config=config)
    try:
        _attach(connection, file, how)
        kept = prepare_kept(
            connection,
            [
                (m.number, m.dated, folder / "imports" / m.id / "rows", m.columns, m.policy == REPLACE)
                for m in manifests
            ],
        )
        school = _school_of_unnamed(connection, manifests, bool(kept["schools"]))
        for done, (name, dataset) in enumerate(datasets().items()):
            _tell(progress, WRITING, done, len(datasets()))
            fold(connection, dataset, kept[name], school)
        connection.execute("set variable only_school = $school", {"school": school})
        _derive(connection, manifests, progress)
        connection.execute("checkpoint store")
        return _count(connection, progress, COUNTING)
    finally:
        connection.close()


def _kept_bytes(folder: Path, manifests: list[Manifest]) -> int:
    """How much the kept rows of some imports take on the disk."""
    rows = (folder / "imports" / m.id / "rows" for m in manifests)
    return sum(file.stat().st_size for place in rows for file in place.glob("*.parquet"))


def _attach(connection: duckdb.DuckDBPyConnection, file: Path, how: str) -> None:
    connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as store ({how})")


def _school_of_unnamed(
    connection: duckdb.DuckDBPyConnection, manifests: list[Manifest], has_schools: bool
) -> str:
    """Rows that name no school belong to the one that the first import was for, else the first imported.

    A later import for another school never takes over the rows of those before it.
    """
    named = manifests[0].school_id if manifests else None
    if named or not has_schools:
        return named or ONLY_SCHOOL
    first = min(m.number for m in manifests if "schools" in m.columns)
    row = connection.sql(f"select min(school_id) from kept_{first}_schools").fetchone()
    return row[0] if row and row[0] else ONLY_SCHOOL


def _tell(progress: Progress | None, stage: Stage, done: int, of: int) -> None:
    if progress:
        progress(stage.words.format(done + 1, of), stage.begin + (stage.end - stage.begin) * done / of)


def _derive(
    connection: duckdb.DuckDBPyConnection, manifests: list[Manifest], progress: Progress | None
) -> None:
    """The tables that follow from others and from the history of imports, in SQL."""
    connection.execute("create table import_dates (import_number integer, dated date)")
    for manifest in manifests:
        connection.execute(
            "insert into import_dates values ($number, $dated)",
            {"number": manifest.number, "dated": manifest.dated},
        )
    for name in ("pupils", "needs"):
        _gather_history(connection, name, [m for m in manifests if name in m.columns])
    for name in ("scales", "scale_values", "expectations"):
        _date_rows(connection, name, [m for m in manifests if name in m.columns])
    for done, name in enumerate(DERIVED_TABLES):
        _tell(progress, DERIVING, done, len(DERIVED_TABLES))
        if name == "codes":
            _read_reference(connection)
        _run(connection, SQL / "schema" / "derived" / f"{name}.sql")


def _read_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """The codes that ship with provmap, and the words in which the tables after them are put."""
    for name, rows in _shipped().items():
        connection.register(f"shipped_{name}", rows)
    _run(connection, SQL / "views" / "10_words.sql")


@cache
def _shipped() -> dict[str, pa.Table]:
    with duckdb.connect() as connection:
        return {
            path.stem: connection.read_csv(str(path), header=True, all_varchar=True).to_arrow_table()
            for path in sorted((SQL / "reference").glob("*.csv"))
        }


def _run(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    for statement in _statements(file):
        connection.execute(statement)


@cache
def _statements(file: Path) -> list[duckdb.Statement]:
    return duckdb.extract_statements(file.read_text(encoding="utf-8"))


def _date_rows(connection: duckdb.DuckDBPyConnection, name: str, manifests: list[Manifest]) -> None:
    """A view `<name>_dated`: each key of a dataset, with the date of the last import that had it."""
    key = ", ".join(f'"{column}"' for column in datasets()[name].keys[0])
    parts = [
        f"select {key}, date '{manifest.dated}' as dated from kept_{manifest.number}_{name}"
        for manifest in manifests
    ]
    said = " union all ".join(parts or [f"select {key}, null::date as dated from store.{name} limit 0"])
    connection.execute(
        f"create view {name}_dated as select {key}, max(dated) as dated from ({said}) group by all"
    )


def _gather_history(connection: duckdb.DuckDBPyConnection, name: str, manifests: list[Manifest]) -> None:
    """A view `<name>_history`: what each import said, with its date and number."""
    wanted = ("school_id", "pupil_id", *STATUS_FLAGS) if name == "pupils" else (
        "school_id", "pupil_id", "need_code", "start_date")  # fmt: skip
    parts = []
    for manifest in manifests:
        columns = [
            f'"{column}"::varchar as "{column}"' if column in manifest.columns[name]
            else f'null::varchar as "{column}"'
            for column in wanted
        ]  # fmt: skip
        number = f"{manifest.number} as import_number"
        parts.append(f"select {', '.join(columns)}, {number} from kept_{manifest.number}_{name}")
    if not parts:
        nothing = ", ".join(f'null::varchar as "{column}"' for column in wanted)
        parts = [f"select {nothing}, 0 as import_number limit 0"]
    connection.execute(
        f"""create view {name}_history as
            select said.* replace (coalesce(said.school_id, getvariable('only_school')) as school_id),
                import_dates.dated,
            from ({" union all ".join(parts)}) as said
            left join import_dates using (import_number)"""
    )


def _count(
    connection: duckdb.DuckDBPyConnection, progress: Progress | None, stage: Stage
) -> dict[str, list[str | int]]:
    """Rows and a content hash of every table; those of the schema `codes` have it before their name."""
    tables = connection.sql(
        """select schema_name, table_name, estimated_size = 0 from duckdb_tables()
           where database_name = 'store' order by schema_name, table_name"""
    ).fetchall()
    contents: dict[str, list[str | int]] = {}
    for done, (schema, name, is_empty) in enumerate(tables):
        _tell(progress, stage, done, len(tables))
        # The size has every row that was ever put into the table: where it is nought, there is none to read.
        held = (0, None)
        if not is_empty:
            (held,) = connection.execute(
                f'select count(*), sum(hash(t)::hugeint)::varchar from store.{schema}."{name}" as t'
            ).fetchall()
        contents[name if schema == "main" else f"{schema}.{name}"] = [held[0], held[1] or ""]
    return contents


def _verify(file: Path, contents: dict[str, list[str | int]], progress: Progress | None = None) -> None:
    """Reads the finished file back: it must hold what was written."""
    connection = duckdb.connect()
    try:
        _attach(connection, file, "read_only")
        if _count(connection, progress, VERIFYING) != contents:
            raise StoreError(
                "The new store did not read back as it was written; the one in use is untouched.",
                "Check the disk and try again.",
            )
    finally:
        connection.close()
