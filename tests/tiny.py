"""A school small enough to see: rows written in the test become a store, the way an import does."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from provmap.questions import ask, make_filter
from provmap.store import Store, datasets, keep_import, open_store, opened

DAY = date(2026, 3, 3)
TYPES = {
    "text": pl.String, "list": pl.List(pl.String), "date": pl.Date, "integer": pl.Int64,
    "number": pl.Float64, "boolean": pl.Boolean,
}  # fmt: skip
PUPIL = {"pupil_id": "1", "surname": "Ash", "forename": "Robin", "year_group": "5", "class": "Oak"}
# Where the folders made so far are kept, and which is of which rows.
_kept = tempfile.TemporaryDirectory(prefix="provmap-tiny-")
_made = Path(_kept.name)
_places: dict[str, int] = {}
# A targeted provision for speech and language, and a universal one.
TALK = {"provision_id": "T", "name": "Talk", "tier": "targeted", "need_codes": ["SLCN"]}
CLASS = {"provision_id": "C", "name": "Clear words", "tier": "universal", "need_codes": ["SLCN"]}


def day(text: str) -> date:
    """A date, from 2026-03-03 or from 03-03 of 2026."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def rows_of(dataset: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a dataset as typed as an import leaves them; columns that no row names are missing."""
    named = [column for column in datasets()[dataset].columns if any(column.name in row for row in rows)]
    return pl.DataFrame(
        [[row.get(column.name) for column in named] for row in rows],
        schema={column.name: TYPES[column.type] for column in named},
        orient="row",
    )


def tiny_school(folder: Path, dated: date = DAY, **rows: list[dict[str, Any]]) -> Store:
    """One import of these rows into the folder; pupil 1 of Year 5 is there unless pupils are given.

    What one test has made, the next has a copy of, where it begins with the same rows in an empty folder.
    """
    rows = {"pupils": [PUPIL]} | rows
    is_first = not (folder / "current.json").exists()
    same = _made / str(_places.setdefault(repr((dated, rows)), len(_places)))
    if is_first and same.exists():
        shutil.copytree(same, folder, dirs_exist_ok=True)
        return open_store(folder)
    frames = {name: rows_of(name, some) for name, some in rows.items() if some}
    keep_import(folder, rows=frames, sources=[("rows.csv", b"")], dated=dated, made_by="test")
    if is_first:
        for part in ("imports", "stores"):
            shutil.copytree(folder / part, same / part)
        shutil.copy(folder / "current.json", same)
    return open_store(folder)


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A copy, in an empty folder, of a school that is more than one import; `make` makes it once."""
    first = _made / f"{make.__module__}.{make.__qualname__}"
    if not first.exists():
        make(first)
        opened.forget_store(first)
    return Path(shutil.copytree(first, folder, dirs_exist_ok=True))


def tiny_schools(
    folder: Path, cases: dict[str, dict[str, list[dict[str, Any]]]], dated: date = DAY, **shared: Any
) -> Store:
    """One import of many small schools: each case is a school, to be asked with `schools=[case]`.

    Pupil 1 is in each, as in `tiny_school`. What is `shared` belongs to no school, such as expectations; a
    case that needs its own of these needs a store of its own.
    """
    rows = {"schools": [{"school_id": case, "name": case} for case in cases]}
    for case, given in cases.items():
        for name, some in ({"pupils": [PUPIL]} | given).items():
            assert "school_id" in datasets()[name].column_names, f"{name} is the same for every school"
            rows.setdefault(name, []).extend({"school_id": case} | row for row in some)
    return tiny_school(folder, dated, **rows, **shared)


def answer(store: Store, question: str, as_at: date = DAY, **choices: Any) -> list[dict[str, Any]]:
    """The rows that answer a question as at a day."""
    return ask(question, make_filter(store, as_at=as_at, **choices), store).to_dicts()
