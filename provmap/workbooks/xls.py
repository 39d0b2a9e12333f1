"""XLS: the workbooks of Excel before 2007, through xlrd."""

import os
from pathlib import Path

import xlrd
from xlrd.biffh import error_text_from_code

from provmap.errors import ImportRefused
from provmap.workbooks.cell_text import PLAIN, Format, number_text, read_format
from provmap.workbooks.sheets import LONGEST_CELL, SAVE_AS, SheetRefused, Workbook

DATE = read_format("dd/mm/yyyy")


def read_xls(path: Path, workbook: Workbook) -> None:
    """Every sheet of cells, in the workbook's order."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        book = _open(path, workbook, nowhere)
        for number in range(book.nsheets):
            sheet = book.sheet_by_index(number)
            workbook.begin(sheet.name, sheet.visibility != 0)
            try:
                _read_sheet(book, sheet, workbook)
                workbook.end()
            except SheetRefused as refusal:
                workbook.give_up(refusal)
            book.unload_sheet(number)


def _open(path: Path, workbook: Workbook, nowhere: object) -> "xlrd.Book":
    try:
        return xlrd.open_workbook(
            str(path), logfile=nowhere, on_demand=True, ragged_rows=True, formatting_info=True
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise ImportRefused(
                f"{workbook.name} has a password.", "Open it, save it without one, and import that."
            ) from error
        if "find workbook" in str(error):
            raise ImportRefused(
                f"{workbook.name} is not a workbook, but another document of Office.", SAVE_AS
            ) from error
        raise


def _read_sheet(book: "xlrd.Book", sheet: "xlrd.sheet.Sheet", workbook: Workbook) -> None:
    formats = [read_format(book.format_map[style.format_key].format_str) for style in book.xf_list]
    for row in range(sheet.nrows):
        cells = {}
        for column, cell in enumerate(sheet.row(row)):
            shown = formats[cell.xf_index] if cell.xf_index is not None else PLAIN
            text = _text(cell, shown, is_1904=book.datemode == 1)
            if len(text) > LONGEST_CELL:
                raise workbook.too_long(row + 1)
            if text and not text.isspace():
                cells[column] = text
        workbook.add(row + 1, cells)


def _text(cell: "xlrd.sheet.Cell", shown: Format, *, is_1904: bool) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        # Letters that no text can hold come from damaged files.
        return str(cell.value).replace("\0", "").encode(errors="replace").decode()
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return number_text(cell.value, shown, is_1904=is_1904)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "yes" if cell.value else "no"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(error_text_from_code.get(cell.value, "#VALUE!"))
    return ""
