"""What changes the data folder: keeping an import, going back, building again.

Each makes a new version of the store beside the one in use, and only then moves the pointer to it. Until
that moment it can be stopped at any point, by an error, Ctrl-C or a click, and leaves nothing behind.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from provmap.errors import ImportRefused, StoreError
from provmap.store.contract import datasets
from provmap.store.kept import (
    Manifest,
    Pointer,
    list_imports,
    move_pointer,
    read_pointer,
    write_manifest,
    writing,
)
from provmap.store.replacing import ADD
from provmap.store.versions import Progress, make_version, read_version, remove_version

KEPT_VERSIONS = 3
# How the folder of an import that is only tried begins its name.
REHEARSAL = "rehearsal-"


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
    lists: list[str] | None = None,
    progress: Progress | None = None,
    patience: float = 0.0,
) -> Manifest | None:
    """Keeps the files and rows of one import and builds a store with them; None where nothing changed.

    `policy` is how it merges (see replacing.py), `accepted` the alarms that a person said yes to, `lists`
    what its sheets are lists of pupils for.

    Raises ImportRefused or StoreError with everything left as it was; so does whatever `progress` raises.
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
            lists=lists or [],
        )  # fmt: skip
        place = folder / "imports" / manifest.id
        with _leaving_nothing(folder):
            manifest = replace(manifest, sources=_keep_files(place, rows, sources, progress))
            write_manifest(place, manifest)
            imports = (*(pointer.imports if pointer else ()), manifest.id)
            version = make_version(folder, imports, progress)
            if pointer and _contents(folder, version) == _contents(folder, pointer.version):
                shutil.rmtree(place, ignore_errors=True)
                remove_version(folder, version)
                return None
            move_pointer(folder, Pointer(version, imports, pointer.withdrawn if pointer else {}))
        _prune(folder, version)
        return manifest


@contextmanager
def _leaving_nothing(folder: Path) -> Iterator[None]:
    """Whatever stops the work, what it has made goes with it; unless the pointer has moved to it by then."""
    before = {*(folder / "imports").glob("*"), *(folder / "stores").glob("*")}
    try:
        yield
    except BaseException as error:
        _remove_since(folder, before)
        if isinstance(error, OSError):
            raise StoreError(
                f"The store could not be written: {error.strerror}.", "Make room on the disk and try again."
            ) from error
        raise


def _remove_since(folder: Path, before: set[Path]) -> None:
    try:
        pointer = read_pointer(folder)
    except StoreError:
        # There is a store and no pointer yet: the one that was being made.
        pointer = None
    for place in {*(folder / "imports").glob("*")} - before:
        if not pointer or place.name not in pointer.imports:
            shutil.rmtree(place, ignore_errors=True)
    for file in {*(folder / "stores").glob("*")} - before:
        if not pointer or not pointer.version or not file.name.startswith(pointer.version):
            remove_version(folder, file.name.split(".")[0])


def build(folder: Path, progress: Progress | None = None, patience: float = 0.0) -> str:
    """Builds the store again from the kept files and moves the pointer to it; returns its version.

    A lost pointer is made again over all kept imports.
    """
    with writing(folder, patience):
        pointer = _pointer_or_all_kept(folder)
        if pointer is None:
            raise StoreError("There is nothing to build: no file has been imported.", "Import a file first.")
        with _leaving_nothing(folder):
            version = make_version(folder, pointer.imports, progress)
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
    held = [manifest for manifest in list_imports(folder) if not manifest.withdrawn_at]
    if not held:
        raise StoreError("There is no import to undo.")
    return go_back(folder, held[-1].number, progress)[0]


def taken_back(folder: Path, before: int) -> list[Manifest]:
    """The imports that going back to before import number `before` withdraws, oldest first: all from it on.

    Raises StoreError where that import is not held.
    """
    held = [manifest for manifest in list_imports(folder) if not manifest.withdrawn_at]
    if before not in [manifest.number for manifest in held]:
        numbers = ", ".join(str(manifest.number) for manifest in held)
        if not held:
            raise StoreError("There is no import to undo.")
        raise StoreError(f"Import {before} is not held.", f"Held are: {numbers}.")
    return [manifest for manifest in held if manifest.number >= before]


def go_back(folder: Path, before: int, progress: Progress | None = None) -> list[Manifest]:
    """Withdraws import number `before` and every later one, in one step; returns them, oldest first.

    What was held before it is held again, exactly. The files stay, and can be imported again.
    """
    with writing(folder):
        withdrawn = taken_back(folder, before)
        pointer = read_pointer(folder)
        assert pointer is not None
        now = datetime.now(UTC).replace(tzinfo=None).isoformat()
        imports = pointer.imports[: -len(withdrawn)]
        dated = pointer.withdrawn | {manifest.id: now for manifest in withdrawn}
        with _leaving_nothing(folder):
            version = make_version(folder, imports, progress) if imports else ""
            move_pointer(folder, Pointer(version, imports, dated))
        _prune(folder, version)
        return [replace(manifest, withdrawn_at=now) for manifest in withdrawn]


def _of_school(name: str, rows: pl.DataFrame, school_id: str) -> pl.DataFrame:
    """The rows with the school that the import is for, where they name none themselves."""
    if datasets()[name].is_global:
        return rows
    own = pl.col("school_id") if "school_id" in rows.columns else pl.lit(None, dtype=pl.String)
    return rows.select(own.fill_null(school_id).alias("school_id"), pl.exclude("school_id"))


def _keep_files(
    place: Path,
    rows: dict[str, pl.DataFrame],
    sources: list[Path | tuple[str, bytes]],
    progress: Progress | None,
) -> list[dict[str, Any]]:
    (place / "source").mkdir(parents=True)
    (place / "rows").mkdir()
    for name, frame in rows.items():
        if progress:
            progress(f"Keeping {frame.height:,} rows of {name.replace('_', ' ')}", 0.0)
        frame.write_parquet(place / "rows" / f"{name}.parquet")
        _to_disk(place / "rows" / f"{name}.parquet")
    kept = []
    for number, source in enumerate(sources, 1):
        if progress:
            progress(f"Keeping {number:,} of {len(sources):,} files", 0.0)
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
        remove_version(folder, old)
