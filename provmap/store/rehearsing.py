"""A change made beside the data folder and thrown away: what the numbers would be, with nothing changed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from provmap import journal
from provmap.store.builds import REHEARSAL, go_back, keep_import
from provmap.store.kept import read_pointer
from provmap.store.opened import Store, forget_store, open_store
from provmap.store.replacing import ADD
from provmap.store.versions import Progress


@contextmanager
def rehearse(
    folder: Path,
    *,
    rows: dict[str, pl.DataFrame],
    dated: date,
    blank_flags: str = "not supplied",
    school_id: str | None = None,
    policy: str = ADD,
    progress: Progress | None = None,
) -> Iterator[Store]:
    """The store as it would be after an import; the one in use is not touched, and this one goes afterwards.

    Made inside the data folder, because it holds the same pupils. Kept rows are linked, not copied.
    """
    with _copy_of(folder) as place:
        keep_import(
            place, rows=rows, sources=[], dated=dated, made_by="", blank_flags=blank_flags,
            school_id=school_id, policy=policy, progress=progress,
        )  # fmt: skip
        try:
            yield open_store(place)
        finally:
            forget_store(place)


@contextmanager
def rehearse_going_back(folder: Path, before: int, progress: Progress | None = None) -> Iterator[Store]:
    """The store as it would be after going back to before an import; for where an earlier one is held."""
    with _copy_of(folder) as place:
        go_back(place, before, progress)
        try:
            yield open_store(place)
        finally:
            forget_store(place)


@contextmanager
def _copy_of(folder: Path) -> Iterator[Path]:
    """A data folder with the same imports in it, for as long as it is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=REHEARSAL, dir=folder, ignore_cleanup_errors=True) as name:
        place = Path(name)
        pointer = read_pointer(folder)
        for import_id in (*pointer.imports, *pointer.withdrawn) if pointer else ():
            shutil.copytree(
                folder / "imports" / import_id,
                place / "imports" / import_id,
                copy_function=_link,
                ignore=shutil.ignore_patterns("source"),
            )
        if pointer:
            shutil.copy(folder / "current.json", place)
        journal.copy(folder, place)
        yield place


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        # A disk that has no links.
        shutil.copy(source, target)
