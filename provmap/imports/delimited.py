"""A CSV, TSV or semicolon file -> its cells as text, exactly as they stand.

Two ways, with the same result: a fast one for the clean file, and an exact one that finds the line of
every fault. The fast one is trusted only after the delimiters and line ends of the file add up.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.codes import fold
from provmap.imports.letters import read_letters
from provmap.imports.telling import READ, Told, silent

if TYPE_CHECKING:
    from provmap.imports.ticks import Undated

DELIMITERS = (",", ";", "\t", "|")
LONGEST_HEADING_LINE = 1_000_000
MOST_COLUMNS = 2_000
LONGEST_CELL = 131_072
ROWS_AT_A_TIME = 20_000
# How far down a table is looked for under lines of title.
LINES_LOOKED_AT = 40
# Put after the last line: if it does not come back as a row of its own, a quote was never closed.
END = "\ue000provmap-end\ue000"


@dataclass(frozen=True)
class Doubt:
    """Why it cannot be told whose a row is: the column and cell in the file, and what to do about it."""

    column: str
    value: str
    expected: str
    remedy: str


# How a step names the column that it makes of another.
MADE = re.compile(r"(?:pupil_id|surname|forename|year_group|class|provision_id) \(from (.+)\)")


@dataclass(frozen=True)
class Table:
    """The cells of one file. Columns of `rows` are named by position: 0, 1, 2 …

    `lines` gives each row's line in the original; `faults` what is wrong with a row as such. `dataset` is
    set where the file itself says what its rows are; `sheet` and `is_hidden` are a workbook's.
    """

    file: str
    headings: tuple[str, ...]
    rows: pl.DataFrame
    lines: pl.Series
    faults: dict[int, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    is_exact: bool = False
    sheet: str = ""
    dataset: str = ""
    is_hidden: bool = False
    # The file's own heading of each column, where a plan has put the contract's in its place.
    origins: tuple[str, ...] = ()
    # Of a file that knows its pupils by UPN alone: the former UPNs of those who have any, by UPN.
    former_upns: dict[str, tuple[str, ...]] | None = None
    # Whether a null is a cell that the file leaves out, which changes nothing, and no blank one.
    tells_absent: bool = False
    # Whether it is our own list of rejected rows, mended (see mended.py).
    is_mended: bool = False
    # The letters of a text file that is not UTF-8, as it was read (see letters.py).
    letters: str = ""
    # Why a row has no pupil, by its line (see matching.py).
    doubts: dict[int, Doubt] = field(default_factory=dict)
    # Of ticks without a day: how many begin something (see ticks.py).
    undated: "Undated | None" = None

    def place_of(self, heading: str) -> int:
        """Where a column stands. Raises ImportRefused where the table has none of that heading."""
        for place, name in enumerate(self.headings):
            if fold(name) == fold(heading):
                return place
        raise ImportRefused(
            f"{self.file} has no column {heading}.", "Choose what each column is again for this file."
        )

    def heading(self, place: int) -> str:
        """What the file calls a column."""
        heading = (self.origins or self.headings)[place].strip()
        # Problems speak of the columns of the file, and not of those that a step makes of them.
        made = MADE.fullmatch(heading)
        return made[1] if made else heading


@dataclass(frozen=True)
class _Layout:
    """Where the heading is and what parts the cells."""

    delimiter: str
    headings: tuple[str, ...]
    skipped_lines: int
    titles: int


def read_delimited(
    file: str, data: bytes, *, exact: bool = False, letters: str = "", told: Told = silent
) -> Table:
    """Reads a text file of rows; `exact` asks for the slow way even where the fast one would do.

    `letters` is what a person has said of a file that is not UTF-8 (see letters.py).
    """
    read = read_letters(file, data, letters)
    data, notices = read.text, read.notices
    _check_text(file, data)
    layout = _find_layout(file, data)
    if layout.titles:
        titles = "1 line" if layout.titles == 1 else f"{layout.titles} lines"
        notices = (*notices, f"{file} begins with {titles} of title, which were left out.")
    found = None if exact or layout.skipped_lines else _read_fast(data, layout)
    if found:
        rows, lines = found
        table = Table(file, layout.headings, rows, lines, {}, notices)
    else:
        table = _read_exactly(file, data, layout, notices, told)
    return replace(_without_blank_rows(table), letters=read.kind)


def _check_text(file: str, data: bytes) -> None:
    if (place := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, place) + 1
        raise ImportRefused(
            f"{file} is not plain text: line {line:,} holds a zero byte.", "Export it again as CSV UTF-8."
        )
    if not data or data.isspace():
        raise ImportRefused(f"{file} is empty.", "Export it again.")


def _find_layout(file: str, data: bytes) -> _Layout:
    head = data[:LONGEST_HEADING_LINE].decode(errors="ignore")
    skipped = len(head) - len(head.lstrip("\r\n"))
    skipped_lines = head[:skipped].count("\n") or skipped
    head = head[skipped:]
    delimiter = ""
    if head[:4].lower() == "sep=" and len(head) > 5:
        # Excel writes this line to tell itself what parts the cells.
        delimiter, (_, _, head), skipped_lines = head[4], head.partition("\n"), skipped_lines + 1
    titles, guessed = _title_lines(head, delimiter)
    for _line in range(titles):
        _title, _, head = head.partition("\n")
    skipped_lines += titles
    delimiter = delimiter or guessed
    try:
        cells = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        raise ImportRefused(
            f"The heading line of {file} cannot be read.", "Look at its first line."
        ) from error
    if len(cells) > MOST_COLUMNS:
        raise ImportRefused(
            f"{file} has {len(cells):,} columns.", f"Keep the columns you need; {MOST_COLUMNS:,} is the most."
        )
    return _Layout(delimiter, tuple(cells), skipped_lines, titles)


def _title_lines(head: str, delimiter: str) -> tuple[int, str]:
    """How many lines of title stand above the table, and what parts its cells.

    A title is a line of one cell above lines of three or more. Where the first line has several cells it is
    the heading, whatever follows.
    """
    first = delimiter or _guess_delimiter(head)
    lines = head.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT]
    if first in lines[0] or len(lines) < 3 or '"' in lines[0]:
        return 0, first
    best, titles = 0, 0
    for mark in [delimiter] if delimiter else DELIMITERS:
        counts = [line.count(mark) for line in lines]
        wide = [count for count in counts if count >= 2]
        if len(wide) > best and len(wide) * 2 > sum(bool(line.strip()) for line in lines):
            best, first = len(wide), mark
            titles = next(place for place, count in enumerate(counts) if count >= 2)
    return titles, first


def _guess_delimiter(head: str) -> str:
    counts = dict.fromkeys(DELIMITERS, 0)
    is_quoted = False
    for letter in head:
        if letter == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif letter in "\r\n":
            break
        elif letter in counts:
            counts[letter] += 1
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])


def _read_fast(data: bytes, layout: _Layout) -> tuple[pl.DataFrame, pl.Series] | None:
    """The rows and their lines; None where the file is not clean enough to be sure of them."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    try:
        rows = pl.read_csv(data, separator=layout.delimiter, infer_schema=False, empty_string_is_null=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if rows.width != len(layout.headings):
        return None
    rows.columns = [str(place) for place in range(rows.width)]
    # A short row is filled up in silence, and a last one of too many blanks cut: every delimiter and line end
    # must be accounted for.
    last = data.rstrip(b"\r\n").rpartition(b"\n")[2]
    if last.count(layout.delimiter.encode()) > rows.width - 1 and b'"' not in last:
        return None
    has_quotes = b'"' in data
    delimiters = _count_in_cells(rows, layout, layout.delimiter) if has_quotes else 0
    breaks = _count_in_cells(rows, layout, "\n") if has_quotes else 0
    adds_up = (
        data.count(layout.delimiter.encode()) == (rows.height + 1) * (rows.width - 1) + delimiters
        and data.count(b"\n") + (not data.endswith(b"\n")) == rows.height + 1 + breaks
        and (rows.select(pl.all().str.len_bytes().max()).max_horizontal().item() or 0) <= LONGEST_CELL
    )
    return (rows, _lines_of(rows, layout, bool(breaks))) if adds_up else None


def _count_in_cells(rows: pl.DataFrame, layout: _Layout, text: str) -> int:
    counts = rows.select(pl.all().str.count_matches(text, literal=True).sum())
    return int(counts.sum_horizontal().item() or 0) + sum(name.count(text) for name in layout.headings)


def _lines_of(rows: pl.DataFrame, layout: _Layout, has_breaks: bool) -> pl.Series:
    first = 2 + sum(name.count("\n") for name in layout.headings)
    lines = pl.int_range(first, first + rows.height, dtype=pl.UInt32, eager=True).alias("line")
    if not has_breaks:
        return lines
    breaks = rows.select(
        pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True)).cum_sum().shift(1, fill_value=0)
    ).to_series()
    return (lines + breaks).cast(pl.UInt32).alias("line")


def _read_exactly(file: str, data: bytes, layout: _Layout, notices: tuple[str, ...], told: Told) -> Table:
    all_lines = max(data.count(b"\n"), data.count(b"\r")) + (not data.endswith((b"\n", b"\r")))
    names = [str(place) for place in range(len(layout.headings))]
    faults: dict[int, str] = {}
    parts = []
    lines: list[int] = []
    cells: list[list[str]] = []
    for number, (line, row) in enumerate(_rows_of(file, data, layout)):
        lines.append(line)
        cells.append(_make_even(row, len(names), number, faults, layout.delimiter))
        if len(cells) == ROWS_AT_A_TIME:
            done = min(line, all_lines)
            told(f"{done:,} of {all_lines:,} lines", READ * done / all_lines)
            parts.append(_frame(cells, names))
            cells = []
    parts.append(_frame(cells, names))
    return Table(
        file, layout.headings, pl.concat(parts), pl.Series("line", lines, pl.UInt32), faults, notices, True
    )


def _frame(cells: list[list[str]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")


def _rows_of(file: str, data: bytes, layout: _Layout) -> Iterator[tuple[int, list[str]]]:
    """Each row below the heading that is not an empty line, with the line on which it begins."""

    def text_lines() -> Iterator[str]:
        yield from io.StringIO(data.decode(), newline="")
        yield END

    reader = csv.reader(text_lines(), delimiter=layout.delimiter)
    before, is_heading, row = 0, True, [END]
    try:
        for row in reader:
            began, before = before + 1, reader.line_num
            if began <= layout.skipped_lines or not row or row == [END]:
                continue
            if is_heading:
                is_heading = False
                continue
            if END not in row[-1]:
                yield began, row
    except csv.Error as error:
        raise ImportRefused(
            f"Line {reader.line_num:,} of {file} has a cell of more than {LONGEST_CELL:,} letters.",
            "Look for a quotation mark that is never closed.",
        ) from error
    if row != [END]:
        raise ImportRefused(
            f"{file} opens a quotation mark on or after line {began:,} and never closes it.",
            "Export it again, or mend that line.",
        )


def _make_even(row: list[str], width: int, number: int, faults: dict[int, str], delimiter: str) -> list[str]:
    """A row of the heading's length; a fault unless it is blank, or only blank cells are too many."""
    if len(row) == width:
        return row
    if any(cell.strip() for cell in row[width:]) or (len(row) < width and any(cell.strip() for cell in row)):
        faults[number] = f"{width} cells, as in the heading line; this line has {len(row)}"
        row = [*row[: width - 1], delimiter.join(row[width - 1 :])]
    return (row + [""] * width)[:width]


def _without_blank_rows(table: Table) -> Table:
    blank = pl.all().str.strip_chars() == ""
    # Few files have such rows, and their first cell tells: the other columns are looked at only then.
    if table.rows.is_empty() or not table.rows.select(pl.first().str.strip_chars() == "").to_series().any():
        return table
    is_blank = table.rows.select(pl.all_horizontal(blank)).to_series()
    if not is_blank.any():
        return table
    kept = table.rows.with_row_index("place").filter(~is_blank)
    moved = {int(old): new for new, old in enumerate(kept["place"])} if table.faults else {}
    return Table(
        table.file, table.headings, kept.drop("place"), table.lines.filter(~is_blank),
        {moved[old]: words for old, words in table.faults.items() if old in moved},
        table.notices, table.is_exact,
    )  # fmt: skip
