"""What a reader has found, written out a piece at a time, so that no sheet stands in memory as a whole.

A row is only its filled cells: one cell in the last corner of a sheet costs one cell.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from provmap.errors import ImportRefused

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
# Cells of a whole workbook, blank ones between filled ones included: each costs 16 bytes once it is read.
MOST_CELLS = 30_000_000
# Letters of a whole workbook; a short text that a million cells share counts a million times.
MOST_LETTERS = 500_000_000
LONGEST_CELL = 131_072
CELLS_AT_A_TIME = 250_000
# The file that says how many rows were found so far.
FOUND = "found"
SAVE_AS = "Open it in Excel, choose Save as, then CSV UTF-8 (a file for each sheet), and import that."


class SheetRefused(ImportRefused):
    """One sheet that cannot be read; the others of the workbook can."""


@dataclass
class Sheet:
    """One sheet as found: `pieces` files of it were written; `refused` says why it was given up."""

    name: str
    is_hidden: bool
    pieces: int = 0
    rows: int = 0
    refused: tuple[str, str] | None = None


class Workbook:
    """Takes the rows of each sheet in turn and writes them into a folder as JSON."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.notices: list[str] = []
        self._folder = folder
        self._sheets: list[Sheet] = []
        self._cells = self._letters = 0

    def begin(self, name: str, is_hidden: bool) -> None:
        """The rows that follow are of this sheet."""
        self._sheets.append(Sheet(name, is_hidden))
        self._columns: set[int] = set()
        self._rest()

    def add(self, line: int, cells: dict[int, str]) -> None:
        """One row: its line in the sheet, from 1, and its filled cells by column, from 0."""
        if not cells:
            return
        sheet = self._sheets[-1]
        sheet.rows += 1
        self._letters += sum(map(len, cells.values()))
        if self._letters > MOST_LETTERS:
            raise ImportRefused(f"{self.name} holds more text than provmap can read.", SAVE_AS)
        self._columns.update(cells)
        if self._cells + sheet.rows * len(self._columns) > MOST_CELLS:
            raise SheetRefused(
                f"{self.shown} is too large: {sheet.rows:,} rows and {len(self._columns):,} columns so far.",
                "Split it, or keep only the columns that you need.",
            )
        self._lines.append(line)
        self._rows.append(cells)
        self._piece_columns.update(cells)
        if len(self._lines) * len(self._piece_columns) >= CELLS_AT_A_TIME:
            self._write()

    def end(self) -> None:
        """The sheet is complete."""
        self._write()
        self._cells += self._sheets[-1].rows * len(self._columns)

    def give_up(self, refusal: SheetRefused) -> None:
        """The sheet cannot be read; what was written of it is not to be used."""
        self._rest()
        self._sheets[-1].refused = (refusal.message, refusal.remedy)

    @property
    def shown(self) -> str:
        """The sheet in hand, as people are told of it."""
        return f"{self.name}: {self._sheets[-1].name}"

    def too_long(self, line: int) -> SheetRefused:
        """What to raise at a cell that no spreadsheet can hold."""
        return SheetRefused(
            f"Line {line:,} of {self.shown} has a cell of more than {LONGEST_CELL:,} letters.",
            "Look at that cell.",
        )

    def finish(self) -> None:
        """Writes the list of what was written, which says that all of it is there."""
        found = {"sheets": [asdict(sheet) for sheet in self._sheets], "notices": self.notices}
        (self._folder / "contents.json").write_text(json.dumps(found), encoding="ascii")

    def _rest(self) -> None:
        self._lines: list[int] = []
        self._rows: list[dict[int, str]] = []
        self._piece_columns: set[int] = set()

    def _write(self) -> None:
        if not self._lines:
            return
        sheet = self._sheets[-1]
        columns = {
            str(column): [row.get(column, "") for row in self._rows] for column in sorted(self._piece_columns)
        }
        path = self._folder / f"{len(self._sheets)}-{sheet.pieces}.json"
        path.write_text(json.dumps({"lines": self._lines, "columns": columns}), encoding="ascii")
        sheet.pieces += 1
        (self._folder / FOUND).write_text(str(sum(each.rows for each in self._sheets)), encoding="ascii")
        self._rest()
