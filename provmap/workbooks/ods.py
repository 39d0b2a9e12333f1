"""ODS: the sheets of a LibreOffice workbook."""

import re
from functools import partial

from provmap.errors import ImportRefused
from provmap.workbooks.cell_text import clock, plain_number
from provmap.workbooks.parts import Attributes, CellTooLongError, Letters, Parts, local, parse
from provmap.workbooks.sheets import MOST_COLUMNS, MOST_ROWS, SheetRefused, Workbook

TIME = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
# White space that is an element: a tab, a line break inside a paragraph.
SPACES = {"tab": "\t", "line-break": "\n"}
# A formula's yes or no is kept as a number and only shown in words.
BOOLEANS = {"TRUE": "yes", "FALSE": "no"}
# What belongs to a cell without being its text.
BESIDE = ("annotation", "shapes", "tracked-changes", "ruby-text")


def read_ods(parts: Parts, workbook: Workbook) -> None:
    """Every sheet, in the workbook's order."""
    if _is_encrypted(parts):
        raise ImportRefused(
            f"{workbook.name} has a password.", "Open it, save it without one, and import that."
        )
    with parts.open("content.xml") as stream:
        reader = SheetReader(workbook)
        try:
            parse(stream, reader.start, reader.end, reader.text)
        except CellTooLongError:
            raise workbook.too_long(reader.line) from None


def _is_encrypted(parts: Parts) -> bool:
    found: list[str] = []
    if "META-INF/manifest.xml" in parts.names:
        with parts.open("META-INF/manifest.xml") as stream:
            parse(stream, partial(lambda into, name, _: into.append(local(name)), found))
    return "encryption-data" in found


class SheetReader:
    """Called back for every element of content.xml."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._tables = 0
        self._is_given_up = False
        self.line = 0
        self._row_repeats = 1
        self._column = 0
        self._row: dict[int, str] = {}
        self._cell: dict[str, str] = {}
        self._letters = Letters()
        self._paragraphs = self._beside = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        name = local(name)
        if name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table":
            self._tables += 1
            # A table inside a cell is no sheet.
            if self._tables == 1:
                is_hidden = attributes.get("table:style-name") in self._hidden_styles
                self._workbook.begin(attributes.get("table:name", ""), is_hidden)
                self._is_given_up, self.line = False, 1
        elif self._tables == 1:
            self._start_in_sheet(name, attributes)

    def _start_in_sheet(self, name: str, attributes: Attributes) -> None:
        if name == "table-row":
            self._row_repeats = int(attributes.get("table:number-rows-repeated", 1))
            self._row, self._column = {}, 0
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = attributes
            self._letters.take()
            self._paragraphs = 0
        elif name in BESIDE:
            self._beside += 1
        elif self._beside:
            return
        elif name == "p":
            if self._paragraphs:
                self._letters.add("\n")
            self._paragraphs += 1
        elif name == "s":
            self._letters.add(" " * min(int(attributes.get("text:c", 1)), 1_000))
        elif name in SPACES:
            self._letters.add(SPACES[name])

    def text(self, words: str) -> None:
        """Text, of a cell where a paragraph is open."""
        if self._tables == 1 and self._paragraphs and not self._beside:
            self._letters.add(words)

    def end(self, name: str) -> None:
        """An element ends."""
        name = local(name)
        if name == "table":
            self._tables -= 1
            if not self._tables and not self._is_given_up:
                self._workbook.end()
        elif self._tables != 1:
            return
        elif name in BESIDE:
            self._beside -= 1
        elif name in ("table-cell", "covered-table-cell"):
            # What a merged cell covers is not to be seen.
            self._end_cell(self._letters.take(), is_covered=name.startswith("covered"))
        elif name == "table-row":
            self._end_row()

    def _end_cell(self, shown: str, *, is_covered: bool) -> None:
        self._paragraphs = 0
        repeats = int(self._cell.get("table:number-columns-repeated", 1))
        if repeats < 1 or self._column + repeats > MOST_COLUMNS:
            raise ValueError("a column that no sheet has")
        text = "" if is_covered else cell_text(self._cell, shown)
        if text and not text.isspace():
            self._row.update(dict.fromkeys(range(self._column, self._column + repeats), text))
        self._column += repeats

    def _end_row(self) -> None:
        if self._row_repeats < 1 or self.line + self._row_repeats - 1 > MOST_ROWS:
            raise ValueError("a row that no sheet has")
        if self._row and not self._is_given_up:
            try:
                for line in range(self.line, self.line + self._row_repeats):
                    self._workbook.add(line, self._row)
            except SheetRefused as refusal:
                self._workbook.give_up(refusal)
                self._is_given_up = True
        self.line += self._row_repeats


def cell_text(cell: Attributes, shown: str) -> str:
    """The text of a cell from its value, or as it is shown where that says the same and more (007, 8.10)."""
    kind = cell.get("office:value-type", "string")
    if kind == "date":
        day, _, time = cell["office:date-value"].partition("T")
        return f"{day} {time[:8]}" if time.strip("0:.Z") else day
    if kind == "time" and (match := TIME.fullmatch(cell["office:time-value"])):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
        return match[1] + clock(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
    if kind == "boolean":
        return "yes" if cell["office:boolean-value"] == "true" else "no"
    if kind == "percentage":
        return f"{plain_number(float(cell['office:value']) * 100)}%"
    if kind in ("float", "currency"):
        return _number(float(cell["office:value"]), shown)
    return shown or cell.get("office:string-value", "")


def _number(value: float, shown: str) -> str:
    if shown in BOOLEANS:
        return BOOLEANS[shown]
    text = plain_number(value)
    is_same = re.fullmatch(r"-?\d+(\.\d+)?", shown) and float(shown) == value
    return shown if is_same and ("." in text or "." not in shown) else text
