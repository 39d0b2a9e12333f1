"""The data folder: kept files, their manifests, and the pointer that says which of them count.

    imports/<id>/manifest.json   source/<file as it came>   rows/<dataset>.parquet
    stores/<version>.duckdb      stores/<version>.json
    current.json                 the pointer: the version in use and the imports it holds

The pointer is replaced in one step, and is the only word on what is held: an import that it does not
name was never made, whatever a killed process left behind.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from provmap.errors import StoreError

# Beside the contract's columns, kept rows can have this list of those that a row says nothing about. What is
# null there is no blank: it changes nothing that is held.
ABSENT = "_absent"


@dataclass(frozen=True)
class Manifest:
    """One import: what came, when, from whom, and what it did. Counts are rows, by dataset."""

    id: str
    number: int
    dated: date
    made_at: datetime
    made_by: str
    blank_flags: str
    school_id: str | None
    sources: list[dict[str, Any]]
    columns: dict[str, list[str]]
    counts: dict[str, dict[str, int]]
    problems: list[dict[str, Any]] = field(default_factory=list)
    withdrawn_at: str | None = None
    # How it merges with what was held, and the alarms that its maker saw and accepted.
    policy: str = "add and update"
    accepted: list[str] = field(default_factory=list)
    # What its sheets are lists of pupils for, such as "placements ticked T".
    lists: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Pointer:
    """Which store is in use, the imports in it (oldest first), and those withdrawn with the time."""

    version: str
    imports: tuple[str, ...]
    withdrawn: dict[str, str]


def data_folder() -> Path:
    """The folder that holds the school's data: PROVMAP_DATA, else `data` where provmap was started."""
    return Path(os.environ.get("PROVMAP_DATA") or "data").expanduser().resolve()


def read_pointer(folder: Path) -> Pointer | None:
    """The pointer, or None where nothing has been imported. Raises StoreError where it was lost."""
    path = folder / "current.json"
    if not path.exists():
        # A finished store without a pointer to it: the pointer was lost. What a killed first import leaves
        # behind has no finished store.
        if any((folder / "stores").glob("*.json")):
            raise StoreError(
                f"The file current.json is missing from {folder}, although files were imported there.",
                "Bring it back from your backup, or take up all kept imports again with "
                "`python -m provmap build`.",
            )
        return None
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
        return Pointer(words["version"], tuple(words["imports"]), dict(words["withdrawn"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"The file current.json in {folder} cannot be read.",
            "Bring it back from your backup; the imported files beside it are untouched.",
        ) from error


def move_pointer(folder: Path, pointer: Pointer) -> None:
    write_whole(folder / "current.json", json.dumps(asdict(pointer), indent=1).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that a reader, or a power cut, finds the old one or the new one and never half."""
    half = path.with_name(path.name + ".new")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    words = asdict(manifest) | {"dated": manifest.dated.isoformat(), "made_at": manifest.made_at.isoformat()}
    write_whole(folder / "manifest.json", json.dumps(words, indent=1, ensure_ascii=False).encode())


def read_manifest(folder: Path, import_id: str) -> Manifest:
    path = folder / "imports" / import_id / "manifest.json"
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise StoreError(
            f"The record of import {import_id} cannot be read.", f"Bring {path} back from your backup."
        ) from error
    words["dated"] = date.fromisoformat(words["dated"])
    words["made_at"] = datetime.fromisoformat(words["made_at"])
    return Manifest(**words)


def rows_file(folder: Path, import_id: str, dataset: str) -> Path:
    """The kept rows of one dataset from one import."""
    return folder / "imports" / import_id / "rows" / f"{dataset}.parquet"


def list_imports(folder: Path) -> list[Manifest]:
    """Every import that was made, oldest first; those withdrawn since say when."""
    pointer = read_pointer(folder)
    if pointer is None:
        return []
    manifests = [read_manifest(folder, import_id) for import_id in (*pointer.imports, *pointer.withdrawn)]
    dated = [
        Manifest(**(vars(manifest) | {"withdrawn_at": pointer.withdrawn.get(manifest.id)}))
        for manifest in manifests
    ]
    return sorted(dated, key=lambda manifest: manifest.number)


@contextmanager
def writing(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Lets one process at a time change the folder; the lock goes when its process does, however it ends.

    Waits for `patience` seconds where somebody else has it, then raises StoreError.
    """
    with _lock_file(folder) as file:
        give_up = time.monotonic() + patience
        while True:
            try:
                _lock(file)
                break
            except OSError as error:
                if time.monotonic() >= give_up:
                    raise StoreError(
                        "Somebody else is importing into this school's data at this moment.",
                        "Wait until it has finished and try again.",
                    ) from error
                time.sleep(0.1)
        yield


def _lock_file(folder: Path) -> BinaryIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / "lock").open("a+b")
    except OSError as error:
        raise StoreError(
            f"Nothing can be written to the data folder {folder}: {error.strerror}.",
            "Look whether it is a folder and you may write to it, or name another one.",
        ) from error


if sys.platform == "win32":
    import msvcrt

    def _lock(file: Any) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: Any) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
