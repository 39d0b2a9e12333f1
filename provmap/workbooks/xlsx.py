"""XLSX and XLSM: the sheets of a zipped workbook of Excel's. Macros are not looked at."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO

from provmap.errors import ImportRefused
from provmap.workbooks.cell_text import BUILT_IN, PLAIN, Format, number_text, read_format
from provmap.workbooks.parts import Attributes, CellTooLongError, Letters, Parts, local, parse
from provmap.workbooks.sheets import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_ROWS,
    SAVE_AS,
    SheetRefused,
    Workbook,
)

DIGITS = "0123456789"
# The elements of a sheet as nearly every program names them, without a prefix; others are looked at longer.
NAMES = {name: name for name in ("c", "v", "row", "f", "is", "t", "r", "rPh", "sheetData")}
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass
class Book:
    """What the sheets of a workbook share."""

    sheets: list[tuple[str, bool, str]]
    is_1904: bool
    strings: list[str] = field(default_factory=list)
    formats: list[Format] = field(default_factory=lambda: [PLAIN])


def read_xlsx(parts: Parts, workbook: Workbook) -> None:
    """Every sheet of cells, in the workbook's order."""
    main, links = _main_part(parts)
    book = _read_book(parts, main, links)
    if any(name.endswith("vbaProject.bin") for name in parts.names):
        workbook.notices.append(f"{workbook.name} holds macros. They were not run.")
    for kind, target in links.values():
        if kind == "sharedStrings":
            book.strings = _read_strings(parts, target, workbook)
        elif kind == "styles":
            book.formats = _read_formats(parts, target)
    for name, is_hidden, part in book.sheets:
        workbook.begin(name, is_hidden)
        try:
            with parts.open(part) as stream:
                SheetReader(book, workbook).read(stream)
            workbook.end()
        except SheetRefused as refusal:
            workbook.give_up(refusal)


def _main_part(parts: Parts) -> tuple[str, dict[str, tuple[str, str]]]:
    main = next(target for kind, target in _links(parts, "").values() if kind == "officeDocument")
    return main, _links(parts, main)


def _links(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """What a part points to: kind and part, by the name of the link."""
    folder, _, own = part.rpartition("/")
    links: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Attributes) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            links[attributes["Id"]] = (kind, parts.beside(part, attributes["Target"]))

    with parts.open(f"{folder}/_rels/{own}.rels".lstrip("/")) as stream:
        parse(stream, start)
    return links


def _read_book(parts: Parts, main: str, links: dict[str, tuple[str, str]]) -> Book:
    book = Book([], is_1904=False)

    def start(name: str, attributes: Attributes) -> None:
        if local(name) == "workbookPr":
            book.is_1904 = attributes.get("date1904") in ("1", "true")
        elif local(name) == "sheet":
            link = next(value for key, value in attributes.items() if local(key) == "id" and ":" in key)
            kind, part = links[link]
            # A chart or a dialog has no cells.
            if kind == "worksheet":
                is_hidden = attributes.get("state", "visible") != "visible"
                book.sheets.append((attributes["name"], is_hidden, part))

    with parts.open(main) as stream:
        parse(stream, start)
    return book


def _read_strings(parts: Parts, part: str, workbook: Workbook) -> list[str]:
    """The texts that cells share. How a text is pronounced (rPh) is no part of it."""
    strings: list[str] = []
    letters = Letters()
    is_text = is_sound = False
    total = 0

    def start(name: str, _: Attributes) -> None:
        nonlocal is_text, is_sound
        name = local(name)
        is_sound = is_sound or name == "rPh"
        is_text = name == "t" and not is_sound

    def end(name: str) -> None:
        nonlocal is_text, is_sound, total
        is_text = False
        name = local(name)
        if name == "rPh":
            is_sound = False
        elif name == "si":
            strings.append(unescape(letters.take()))
            total += len(strings[-1])
            if total > MOST_LETTERS:
                raise ImportRefused(f"{workbook.name} holds more text than provmap can read.", SAVE_AS)

    def text(words: str) -> None:
        if is_text:
            letters.add(words)

    with parts.open(part) as stream:
        try:
            parse(stream, start, end, text)
        except CellTooLongError:
            raise ImportRefused(f"{workbook.name} has a cell that is too long to be one.", SAVE_AS) from None
    return strings


def _read_formats(parts: Parts, part: str) -> list[Format]:
    """The number format of each cell style."""
    codes = dict(BUILT_IN)
    styles: list[int] = []
    within = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal within
        name = local(name)
        if name in ("numFmts", "cellXfs", "cellStyleXfs", "dxfs"):
            within = name
        elif name == "numFmt" and within == "numFmts":
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "xf" and within == "cellXfs":
            styles.append(int(attributes.get("numFmtId", 0)))

    with parts.open(part) as stream:
        parse(stream, start)
    return [read_format(codes.get(number, "General")) for number in styles] or [PLAIN]


class SheetReader:
    """Reads one sheet: called back for every element, so it does as little as it can for each."""

    def __init__(self, book: Book, workbook: Workbook) -> None:
        self._book, self._workbook = book, workbook
        self._row: dict[int, str] = {}
        self._line = self._column = 0
        self._type, self._style = "n", "0"
        # The text in hand, and where to put more of it: nowhere, outside of a value.
        self._letters: list[str] = []
        self._is_text = self._is_sound = self._has_formula = False
        self._without_result = 0
        self._number = lru_cache(maxsize=10_000)(self._number_text)

    def read(self, stream: IO[bytes]) -> None:
        """All rows of the sheet."""
        try:
            parse(stream, self._start, self._end, self._text)
        except CellTooLongError:
            raise self._workbook.too_long(self._line) from None
        if self._without_result:
            self._workbook.notices.append(
                f"{self._workbook.shown}: {self._without_result:,} cells hold a formula without its result "
                "and count as blank. Open the workbook in Excel and save it, to have them."
            )

    def _start(self, name: str, attributes: Attributes) -> None:
        name = NAMES.get(name) or local(name)
        if name == "c":
            reference = attributes.get("r")
            self._column = column_of(reference.rstrip(DIGITS)) if reference else self._column + 1
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._has_formula = False
        elif name in ("v", "t"):
            self._is_text = not self._is_sound
        elif name == "row":
            self._line = int(attributes["r"]) if "r" in attributes else self._line + 1
            self._column = -1
            if not 0 < self._line <= MOST_ROWS:
                raise ValueError("a row that no sheet has")
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._is_sound = True

    def _text(self, words: str) -> None:
        if self._is_text:
            self._letters.append(words)
            # Text comes in pieces of thousands of letters.
            if len(self._letters) > 10 and sum(map(len, self._letters)) > LONGEST_CELL:
                raise CellTooLongError

    def _end(self, name: str) -> None:
        name = NAMES.get(name) or local(name)
        self._is_text = False
        if name == "c":
            if self._letters:
                text = self._cell("".join(self._letters))
                self._letters.clear()
                if text and not text.isspace():
                    self._row[self._column] = text
            elif self._has_formula and self._type != "str":
                self._without_result += 1
        elif name == "row":
            self._workbook.add(self._line, self._row)
            self._row = {}
        elif name == "rPh":
            self._is_sound = False

    def _cell(self, raw: str) -> str:
        if self._type == "s":
            return self._book.strings[int(raw)]
        if self._type == "n":
            return self._number(raw, self._style)
        if self._type == "b":
            return "yes" if raw.strip() in ("1", "true") else "no"
        if self._type == "d":
            return iso_text(raw)
        return unescape(raw)

    def _number_text(self, raw: str, style: str) -> str:
        place = int(style)
        # A style that the workbook does not list is shown as plain.
        shown = self._book.formats[place] if place < len(self._book.formats) else PLAIN
        return number_text(float(raw), shown, is_1904=self._book.is_1904)


@lru_cache(maxsize=MOST_COLUMNS)
def column_of(letters: str) -> int:
    """The column that letters such as AB name, from 0."""
    number = 0
    for letter in letters[:4].upper() if letters.isalpha() and letters.isascii() else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    if not 0 < number <= MOST_COLUMNS:
        raise ValueError("a column that no sheet has")
    return number - 1


def iso_text(moment: str) -> str:
    """2026-03-03T00:00:00 as 2026-03-03, and 2026-03-03T14:30:00 with a space for the T."""
    return moment.strip().removesuffix("Z").replace("T", " ").removesuffix(" 00:00:00")


def unescape(text: str) -> str:
    """Takes off Excel's way of writing letters that XML cannot hold, such as _x000D_."""
    if "_x" not in text:
        return text

    def letter(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        is_odd = (code < 32 and code not in (9, 10, 13)) or 0xD800 <= code <= 0xDFFF or code >= 0xFFFE
        return "" if is_odd else chr(code)

    return ESCAPED.sub(letter, text)
