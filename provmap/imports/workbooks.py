"""A workbook -> a table for each of its sheets. It is parsed by a process of its own (see provmap.workbooks).

A workbook of five kilobytes can ask for all the memory there is. So whatever reads one may be stopped, run
out of memory or fall over, and costs no more than a sentence.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.delimited import MOST_COLUMNS, Table
from provmap.imports.telling import Told, silent
from provmap.workbooks.sheets import FOUND, MOST_CELLS, SAVE_AS

# Any workbook has a minute, and a large one some seconds more for each megabyte.
SECONDS, SECONDS_PER_MEGABYTE, MOST_SECONDS = 60, 5, 600
# Seconds from one word on how far it is to the next.
BETWEEN = 0.25
PROGRAM = Path(__file__).resolve().parents[2]


def read_workbook(name: str, content: bytes | Path, told: Told = silent) -> list[Table]:
    """The sheets that hold anything, hidden ones included. Raises ImportRefused where none can be read."""
    with tempfile.TemporaryDirectory(prefix="provmap-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        path = content if isinstance(content, Path) else folder / "workbook"
        if isinstance(content, bytes):
            path.write_bytes(content)
        _run(name, path.resolve(), folder, told)
        found = json.loads((folder / "contents.json").read_bytes())
        tables, refusals = [], []
        for number, sheet in enumerate(found["sheets"], 1):
            try:
                if sheet["refused"]:
                    raise ImportRefused(*sheet["refused"])
                if sheet["pieces"]:
                    pieces = [folder / f"{number}-{piece}.json" for piece in range(sheet["pieces"])]
                    tables.append(_table(name, sheet, pieces))
            except ImportRefused as refusal:
                refusals.append(refusal)
    if refusals and not tables:
        raise refusals[0]
    if not tables:
        raise ImportRefused(f"{name} is empty.", "Export it again.")
    others = [f"{refusal.message} It was left out. {refusal.remedy}" for refusal in refusals]
    # What is to be said of the workbook as a whole is said with the first sheet that people will see.
    first = next((place for place, table in enumerate(tables) if not table.is_hidden), 0)
    words = (*found["notices"], *others, *tables[first].notices)
    tables[first] = replace(tables[first], notices=words)
    return tables


def _run(name: str, path: Path, folder: Path, told: Told) -> None:
    """Lets the other process read. Raises ImportRefused in its words, or in our own if it has none left."""
    seconds = min(SECONDS + path.stat().st_size * SECONDS_PER_MEGABYTE // 1024**2, MOST_SECONDS)
    command = [sys.executable, "-P", "-m", "provmap.workbooks", str(path), str(folder), str(seconds)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROGRAM)},
    ) as process:
        try:
            _wait(process, name, folder, seconds, told)
        finally:
            # Also when the person who waits for it has given up.
            process.kill()
    if (folder / "refused.json").exists():
        raise ImportRefused(*json.loads((folder / "refused.json").read_bytes()))
    if not (folder / "contents.json").exists():
        raise ImportRefused(
            f"{name} could not be read: it is damaged, or needs too much of the computer.", SAVE_AS
        )


def _wait(process: subprocess.Popen[bytes], name: str, folder: Path, seconds: int, told: Told) -> None:
    """Waits for the process, and says every moment how many rows it has found."""
    given_up = time.monotonic() + seconds
    words: bytes | None = name.encode(errors="replace")
    while (remaining := given_up - time.monotonic()) > 0:
        try:
            process.communicate(words, timeout=min(BETWEEN, remaining))
        except subprocess.TimeoutExpired:
            words = None
        else:
            return
        found = folder / FOUND
        rows = found.read_text(encoding="ascii") if found.exists() else ""
        told(f"{int(rows):,} rows so far" if rows else "", 0.0)
    raise ImportRefused(f"{name} took longer than {seconds} seconds to read.", SAVE_AS)


def _table(name: str, sheet: dict[str, Any], pieces: list[Path]) -> Table:
    """One sheet: its first filled row is the heading, whatever it holds."""
    shown = f"{name}: {sheet['name']}"
    cells = pl.concat([_piece(path) for path in pieces], how="diagonal")
    columns = sorted(int(column) for column in cells.columns if column != "line")
    if len(columns) > MOST_COLUMNS:
        raise ImportRefused(
            f"{shown} has {len(columns):,} columns.",
            f"Keep the columns you need; {MOST_COLUMNS:,} is the most.",
        )
    notices: tuple[str, ...] = ()
    places = list(range(columns[-1] + 1))
    if len(places) > MOST_COLUMNS or len(places) * cells.height > MOST_CELLS:
        notices = (f"{shown} has a cell far to the right of the others: look at column {columns[-1] + 1:,}.",)
        places = columns
    filled = set(columns)
    rows = cells.select(
        (pl.col(str(place)).fill_null("") if place in filled else pl.lit("")).alias(str(number))
        for number, place in enumerate(places)
    )
    return Table(
        shown, rows.row(0), rows.slice(1), cells["line"].slice(1),
        notices=notices, sheet=sheet["name"], is_hidden=sheet["is_hidden"],
    )  # fmt: skip


def _piece(path: Path) -> pl.DataFrame:
    piece = json.loads(path.read_bytes())
    schema = {"line": pl.UInt32, **dict.fromkeys(piece["columns"], pl.String)}
    return pl.DataFrame({"line": piece["lines"], **piece["columns"]}, schema=schema)
