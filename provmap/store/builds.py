"""Builds a new store file from the kept files, verifies it, and only then moves the pointer to it."""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from provmap.errors import ImportRefused, StoreError
from provmap.store.contract import SQL, STATUS_FLAGS, datasets
from provmap.store.fold import fold, prepare_kept
from provmap.store.kept import (
    Manifest,
    Pointer,
    list_imports,
    move_pointer,
    read_manifest,
    read_pointer,
    write_manifest,
    write_whole,
    writing,
)
from provmap.store.replacing import ADD, REPLACE

Progress = Callable[[str, float], None]
KEPT_VERSIONS = 3
# How the folder of an import that is only tried begins its name.
REHEARSAL = "rehearsal-"
# Whose rows are that name no school, where no school was ever imported.
ONLY_SCHOOL = "school"


def keep_import(
    folder: Path,
    *,
    rows: dict[str, pl.DataFrame],
    sources: list[Path | tuple[str, bytes]],
    dated: date,
    made_by: str,
    blank_flags: str = "not supplied",
    school_id: str | None = None,
    counts: dict[str, dict[str, int]] | None = None,
    problems: list[dict[str, Any]] | None = None,
    policy: str = ADD,
    accepted: list[str] | None = None,
    progress: Progress | None = None,
    patience: float = 0.0,
) -> Manifest | None:
    """Keeps the files and rows of one import and builds a store with them; None where nothing changed.

    `policy` is how it merges (see replacing.py), `accepted` the alarms that a person said yes to.

    Raises ImportRefused or StoreError with everything left as it was.
    """
    if not rows:
        raise ImportRefused("There is nothing to import.", "Choose files with at least one good row.")
    if school_id:
        rows = {name: _of_school(name, frame, school_id) for name, frame in rows.items()}
    with writing(folder, patience):
        pointer = read_pointer(folder)
        _sweep(folder, pointer)
        number = max((manifest.number for manifest in list_imports(folder)), default=0) + 1
        manifest = Manifest(
            f"{number:05}-{secrets.token_hex(3)}", number, dated, datetime.now(UTC).replace(tzinfo=None),
            made_by, blank_flags, school_id, [], {name: frame.columns for name, frame in rows.items()},
            counts or {}, problems or [], policy=policy, accepted=accepted or [],
        )  # fmt: skip
        place = folder / "imports" / manifest.id
        try:
            manifest = replace(manifest, sources=_keep_files(place, rows, sources))
            write_manifest(place, manifest)
            imports = (*(pointer.imports if pointer else ()), manifest.id)
            version = _build_version(folder, imports, progress)
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise StoreError(
                f"The import could not be written: {error.strerror}.", "Make room on the disk and try again."
            ) from error
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        if pointer and _contents(folder, version) == _contents(folder, pointer.version):
            shutil.rmtree(place, ignore_errors=True)
            _remove_version(folder, version)
            return None
        move_pointer(folder, Pointer(version, imports, pointer.withdrawn if pointer else {}))
        _prune(folder, version)
        return manifest


def build(folder: Path, progress: Progress | None = None, patience: float = 0.0) -> str:
    """Builds the store again from the kept files and moves the pointer to it; returns its version.

    A lost pointer is made again over all kept imports.
    """
    with writing(folder, patience):
        pointer = _pointer_or_all_kept(folder)
        if pointer is None:
            raise StoreError("There is nothing to build: no file has been imported.", "Import a file first.")
        version = _build_version(folder, pointer.imports, progress)
        move_pointer(folder, replace(pointer, version=version))
        _prune(folder, version)
        return version


def _pointer_or_all_kept(folder: Path) -> Pointer | None:
    if (folder / "current.json").exists():
        return read_pointer(folder)
    kept = sorted(path.parent.name for path in (folder / "imports").glob("*/manifest.json"))
    return Pointer("", tuple(kept), {}) if kept else None


def undo(folder: Path, progress: Progress | None = None) -> Manifest:
    """Withdraws the newest import: what was held before it is held again. Its files stay in the folder."""
    with writing(folder):
        pointer = read_pointer(folder)
        if pointer is None or not pointer.imports:
            raise StoreError("There is no import to undo.")
        *earlier, newest = pointer.imports
        withdrawn = pointer.withdrawn | {newest: datetime.now(UTC).replace(tzinfo=None).isoformat()}
        version = _build_version(folder, tuple(earlier), progress) if earlier else ""
        move_pointer(folder, Pointer(version, tuple(earlier), withdrawn))
        _prune(folder, version)
        return replace(read_manifest(folder, newest), withdrawn_at=withdrawn[newest])


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


def _of_school(name: str, rows: pl.DataFrame, school_id: str) -> pl.DataFrame:
    """The rows with the school that the import is for, where they name none themselves."""
    if datasets()[name].is_global:
        return rows
    own = pl.col("school_id") if "school_id" in rows.columns else pl.lit(None, dtype=pl.String)
    return rows.select(own.fill_null(school_id).alias("school_id"), pl.exclude("school_id"))


def _keep_files(
    place: Path, rows: dict[str, pl.DataFrame], sources: list[Path | tuple[str, bytes]]
) -> list[dict[str, Any]]:
    (place / "source").mkdir(parents=True)
    (place / "rows").mkdir()
    for name, frame in rows.items():
        frame.write_parquet(place / "rows" / f"{name}.parquet")
        _to_disk(place / "rows" / f"{name}.parquet")
    kept = []
    for number, source in enumerate(sources, 1):
        name, content = (source.name, source.read_bytes()) if isinstance(source, Path) else source
        # The number keeps apart two files of one name; the name itself is data, so only its letters are used.
        safe = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in Path(name).name)
        (place / "source" / f"{number:03}-{safe[-100:]}").write_bytes(content)
        _to_disk(place / "source" / f"{number:03}-{safe[-100:]}")
        kept.append({"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})
    return kept


def _to_disk(path: Path) -> None:
    """Waits until a file is on the disk: the pointer must never name one that a power cut can still take."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _build_version(folder: Path, imports: tuple[str, ...], progress: Progress | None) -> str:
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    stores = folder / "stores"
    stores.mkdir(exist_ok=True)
    file = stores / f"{version}.duckdb"
    try:
        contents = _write_store(file, [read_manifest(folder, name) for name in imports], folder, progress)
        _verify(file, contents)
    except BaseException as error:
        _remove_version(folder, version)
        if isinstance(error, duckdb.Error):
            raise StoreError(
                "The store could not be built from the kept files; the one in use is untouched.",
                f"({type(error).__name__}) Undo the last import, or ask for help with this message.",
            ) from error
        raise
    words = {"contents": contents, "imports": imports, "recipe": recipe(), "built_at": version[:15]}
    write_whole(stores / f"{version}.json", json.dumps(words, indent=1).encode())
    return version


def _write_store(
    file: Path, manifests: list[Manifest], folder: Path, progress: Progress | None
) -> dict[str, list[str | int]]:
    # What does not fit in memory is put down beside the stores, never in the folder provmap was started in.
    connection = duckdb.connect(config={"temp_directory": str(folder / "stores" / "spilled")})
    try:
        # Attached rather than opened, so that the helper views stay out of the file.
        connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as store")
        kept = prepare_kept(
            connection,
            [
                (m.number, m.dated, folder / "imports" / m.id / "rows", m.columns, m.policy == REPLACE)
                for m in manifests
            ],
        )
        school = _school_of_unnamed(connection, manifests, bool(kept["schools"]))
        for done, (name, dataset) in enumerate(datasets().items()):
            if progress:
                progress(f"Building {name}", done / len(datasets()))
            fold(connection, dataset, kept[name], school)
        connection.execute("set variable only_school = $school", {"school": school})
        _derive(connection, manifests)
        connection.execute("checkpoint store")
        return _count(connection)
    finally:
        connection.close()


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


def _derive(connection: duckdb.DuckDBPyConnection, manifests: list[Manifest]) -> None:
    """The tables that follow from others and from the history of imports, in SQL."""
    connection.execute("create table import_dates (import_number integer, dated date)")
    for manifest in manifests:
        connection.execute(
            "insert into import_dates values ($number, $dated)",
            {"number": manifest.number, "dated": manifest.dated},
        )
    for name in ("pupils", "needs"):
        _gather_history(connection, name, [m for m in manifests if name in m.columns])
    for name in ("schools", "needs", "statuses"):
        _run(connection, SQL / "schema" / "derived" / f"{name}.sql")
    for path in sorted((SQL / "reference").glob("*.csv")):
        connection.read_csv(str(path), header=True, all_varchar=True).create(f"shipped_{path.stem}")
    _run(connection, SQL / "views" / "10_words.sql")
    for name in ("codes", "provided", "results"):
        _run(connection, SQL / "schema" / "derived" / f"{name}.sql")


def _run(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    for statement in duckdb.extract_statements(file.read_text(encoding="utf-8")):
        connection.execute(statement)


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


def _count(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str | int]]:
    """Rows and a content hash of every table; those of the schema `codes` have it before their name."""
    tables = connection.sql(
        """select schema_name, table_name from duckdb_tables()
           where database_name = 'store' order by schema_name, table_name"""
    ).fetchall()
    contents: dict[str, list[str | int]] = {}
    for schema, name in tables:
        row = connection.sql(
            f'select count(*), sum(hash(t)::hugeint)::varchar from store.{schema}."{name}" as t'
        ).fetchone()
        contents[name if schema == "main" else f"{schema}.{name}"] = (
            [row[0], row[1] or ""] if row else [0, ""]
        )
    return contents


def _verify(file: Path, contents: dict[str, list[str | int]]) -> None:
    """Reads the finished file back: it must hold what was written."""
    connection = duckdb.connect()
    try:
        connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as store (read_only)")
        if _count(connection) != contents:
            raise StoreError(
                "The new store did not read back as it was written; the one in use is untouched.",
                "Check the disk and try again.",
            )
    finally:
        connection.close()


def _contents(folder: Path, version: str) -> dict[str, Any] | None:
    if not version:
        return None
    try:
        return dict(read_version(folder, version)["contents"])
    except FileNotFoundError:
        return None


def _sweep(folder: Path, pointer: Pointer | None) -> None:
    """Removes what a killed import left behind: folders and stores that the pointer does not name."""
    for place in folder.glob(f"{REHEARSAL}*"):
        shutil.rmtree(place, ignore_errors=True)
    known = {*pointer.imports, *pointer.withdrawn} if pointer else set()
    for place in (folder / "imports").glob("*"):
        if place.name not in known:
            shutil.rmtree(place, ignore_errors=True)
    for file in (folder / "stores").glob("*.duckdb*"):
        if not (folder / "stores" / f"{file.name.split('.')[0]}.json").exists():
            file.unlink(missing_ok=True)


def _prune(folder: Path, version: str) -> None:
    versions = sorted(path.stem for path in (folder / "stores").glob("*.json"))
    for old in [name for name in versions if name != version][: 1 - KEPT_VERSIONS]:
        _remove_version(folder, old)


def _remove_version(folder: Path, version: str) -> None:
    for path in (folder / "stores").glob(f"{version}.*"):
        try:
            path.unlink(missing_ok=True)
        except PermissionError:
            # Windows keeps a file that a running page has open; the next import removes it.
            continue
