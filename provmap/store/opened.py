"""Opens a version of the store, read-only: its views, its macros, and one cursor for each query.

Opening makes a new in-memory database and attaches the file under the name `store`; the file itself
holds tables only. A macro kept in the file would silently read another version.
"""

import threading
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from provmap.errors import StoreError
from provmap.journal import newest
from provmap.store.builds import build
from provmap.store.contract import SQL, datasets
from provmap.store.kept import data_folder, read_manifest, read_pointer
from provmap.store.memory import forget, remembered
from provmap.store.sample_store import PATIENCE, SAMPLE_TODAY, ensure_sample
from provmap.store.versions import read_version, recipe
from provmap.store.written import lay, prepare

# The column of a dataset that says which day a row speaks of: the first that it has.
SPOKEN_OF = (
    "assessed_on", "held_on", "happened_on", "heard_on", "reviewed_on", "set_on", "gained_on", "agreed_on",
    "start_date", "entry_date",
)  # fmt: skip
# What is made again when somebody writes.
RECORDS = SQL / "views" / "15_records.sql"
# One thread alone answers from a store of fewer bytes sooner than several that wait for each other.
WORTH_SHARING = 4 * 1024**2
_opened: dict[Path, "Store"] = {}
_opening = threading.Lock()


@dataclass(frozen=True)
class Store:
    """An open version of the store. `folder` is where its files are; `is_sample`: the invented school's.

    `journal` is the number of the last entry that people wrote which it counts.
    """

    version: str
    is_sample: bool
    folder: Path
    root: duckdb.DuckDBPyConnection
    journal: int = 0

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own for one query."""
        return self.root.cursor()

    @property
    def today(self) -> date:
        """Today; the sample school has a today of its own, so that it looks the same every day."""
        return SAMPLE_TODAY if self.is_sample else date.today()

    def born_on(self) -> dict[tuple[str | None, str], date]:
        """The date of birth of each pupil of whom it is held: what tells two of one name apart."""

        def read() -> dict[tuple[str | None, str], date]:
            query = (
                "select school_id, pupil_id, date_of_birth from store.pupils where date_of_birth is not null"
            )
            rows = self.cursor().execute(query).fetchall()
            return {(school, pupil): born for school, pupil, born in rows}

        return remembered(self, "born on", read)

    @property
    def sources(self) -> list[str]:
        """The names of the files that this version was built from."""
        imports = read_version(self.folder, self.version)["imports"]
        return [source["name"] for one in imports for source in read_manifest(self.folder, one).sources]

    def contents(self) -> list[tuple[str, int, date | None, date | None]]:
        """For each dataset: its name, its rows, and the oldest and newest day that it speaks of."""
        return remembered(self, "contents", self._contents)

    def _contents(self) -> list[tuple[str, int, date | None, date | None]]:
        parts = []
        for name, dataset in datasets().items():
            day = next(
                (f'"{column}"' for column in SPOKEN_OF if column in dataset.column_names), "null::date"
            )
            parts.append(f"select '{name}', count(*), min({day}), max({day}) from store.\"{name}\"")
        return self.cursor().sql(" union all ".join(parts) + " order by 1").fetchall()


def open_store(folder: Path | None = None) -> Store:
    """The store in use, or the sample school where nothing has been imported. Cheap when nothing changed.

    Raises StoreError where the files are there but cannot be opened.
    """
    folder = folder or data_folder()
    pointer = read_pointer(folder)
    held = _opened.get(folder)
    if held and pointer and held.version == pointer.version:
        return _with_entries(held)
    with _opening:
        is_sample = pointer is None or not pointer.imports
        place = ensure_sample(folder) if is_sample else folder
        pointer = read_pointer(place)
        assert pointer is not None
        held = _opened.get(place)
        if held and held.version == pointer.version:
            return _with_entries(held, is_locked=True)
        version = pointer.version
        if not _is_current(place, version):
            # Made by another edition of provmap, perhaps by another process at this moment: wait for that.
            version = build(place, patience=PATIENCE)
        root = _open_file(place / "stores" / f"{version}.duckdb")
        _opened[place] = Store(version, is_sample, place, root)
        return _with_entries(_opened[place], is_locked=True)


def as_laid(store: Store) -> Store:
    """The store with all that was laid over it since it was given: a part of a page can outlive that."""
    held = _opened.get(store.folder)
    return held if held and held.version == store.version else store


def _with_entries(held: Store, is_locked: bool = False) -> Store:
    """The store with all that people have written by now."""
    written = newest(held.folder)
    if written == held.journal:
        return held
    with nullcontext() if is_locked else _opening:
        held = _opened.get(held.folder, held)
        if written > held.journal:
            try:
                lay(held.root, held.folder, held.journal)
                held.root.execute(RECORDS.read_text(encoding="utf-8"))
                _settle_settings(held.root)
            except duckdb.Error as error:
                raise StoreError(
                    "What people wrote in the app cannot be read into the store.",
                    f"Nothing of it is lost. ({type(error).__name__})",
                ) from error
            held = _opened[held.folder] = replace(held, journal=written)
        return held


def forget_store(folder: Path) -> None:
    """Closes the store of a folder that is about to go."""
    with _opening:
        if held := _opened.pop(folder, None):
            held.root.close()
    forget(folder)


def forget_stores() -> None:
    """Opens everything afresh at the next call: after a full disk, DuckDB refuses the whole process."""
    with _opening:
        _opened.clear()


def _is_current(folder: Path, version: str) -> bool:
    try:
        return bool(read_version(folder, version)["recipe"] == recipe())
    except FileNotFoundError:
        return False


@cache
def _views() -> list[tuple[Path, list[duckdb.Statement]]]:
    """What is made at each opening, by file, in order: read once, as that takes as long as a question."""
    paths = sorted((SQL / "views").glob("*.sql"))
    return [(path, duckdb.extract_statements(path.read_text(encoding="utf-8"))) for path in paths]


def _open_file(file: Path) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(file.parent / "spilled"),
    }
    if file.exists() and file.stat().st_size < WORTH_SHARING:
        config["threads"] = 1
    root = duckdb.connect(config=config)
    try:
        root.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as store (read_only)")
        prepare(root)
        for path, statements in _views():
            for statement in statements:
                root.execute(statement)
            if path == RECORDS:
                _settle_settings(root)
        # From here on the database can read nothing but what it has open.
        root.execute("set enable_external_access = false")
        root.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise StoreError(
            f"The store {file.name} cannot be opened.",
            "Run `python -m provmap build` to make it again from the kept files."
            f" ({type(error).__name__}: {error})",
        ) from error
    return root


def _settle_settings(root: duckdb.DuckDBPyConnection) -> None:
    """A macro for each setting, such as `setting_ledger_fall_sd(some_day)`, numbers and days written out.

    Looked up in a table, a number is unknown when a question is planned, and the plan reads a whole trust's
    results to answer for one school; all of them in one macro made planning take twice as long. Names are
    those that ship; a school sets numbers and days.
    """
    thresholds = root.sql(
        """select name, from_date, value from records.thresholds
           where name in (select name from store.codes.settings)
           order by name, from_date desc"""
    ).fetchall()
    for name, rows in groupby(thresholds, key=itemgetter(0)):
        words = " ".join(f"when on_date >= date '{day}' then {value!r}" for _, day, value in rows)
        root.execute(f"create or replace macro setting_{name}(on_date) as case {words} end")
