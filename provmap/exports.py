"""Files out: a frame and its filter become CSV, XLSX, Parquet or JSON, always with notes that say what it is.

The notes travel with the file: a Notes sheet in XLSX, metadata in Parquet, and for CSV and JSON,
which have no room for them, a text file beside it (`export(..., "txt")`).
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import xlsxwriter

from provmap.errors import UsageError
from provmap.filters import FIELDS, Filter, show_date
from provmap.questions import Question, describe_question
from provmap.safe_csv import csv_text, join_lists
from provmap.store import Store

MIME_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}

# Excel's own limit; a sheet cut short without a word would be a wrong list.
XLSX_MAX_ROWS = 1_048_575
XLSX_FORMATS: dict[Any, str] = {pl.Date: "dd mmm yyyy", pl.Int64: "0"}


@dataclass(frozen=True)
class Export:
    """One file to hand over: its name, its bytes, and its media type."""

    name: str
    data: bytes
    mime: str


def export(
    frame: pl.DataFrame, filter: Filter, question: str, format: str, store: Store, *, only: str = ""
) -> Export:
    """Write the rows of `frame` as a file of this format (csv, xlsx, parquet, json; txt: its notes alone).

    `only` says in words which of the question's rows these are, where a page has left some out.
    """
    notes = describe_export(frame, filter, question, store)
    if only:
        notes.insert(3, ("Only", only))
    data = file_of(frame, question, notes, format)
    ending = "-notes.txt" if format == "txt" else f".{format}"
    return Export(file_name(filter, question, only) + ending, data, MIME_TYPES[format])


def file_of(frame: pl.DataFrame, title: str, notes: list[tuple[str, str]], format: str) -> bytes:
    """Rows in a format, with notes that say what they are where it has room; no cell runs as a formula."""
    if format == "csv":
        return csv_text(frame).encode("utf-8-sig")
    if format == "xlsx":
        return _xlsx(frame, title, notes)
    if format == "parquet":
        return _parquet(frame, notes)
    if format == "json":
        return json_text(frame).encode()
    if format == "txt":
        return "".join(f"{label}: {words}\r\n" for label, words in notes).encode("utf-8-sig")
    raise UsageError(f"There is no export format '{format}'.", f"Choose one of {', '.join(MIME_TYPES)}.")


def describe_export(
    frame: pl.DataFrame, filter: Filter, question: str, store: Store
) -> list[tuple[str, str]]:
    """Say what an export holds, as (label, words): enough to read the file without the app."""
    asked = describe_question(question)
    notes = [
        ("Question", asked.words),
        ("One row is", asked.grain),
        ("Counted", _counted(asked, filter)),
        ("As at", show_date(filter.as_at)),
        ("Rows", str(frame.height)),
        ("Source files", "; ".join(store.sources)),
        ("Store version", store.version),
        ("Made on", show_date(date.today())),
    ]
    if not_applied := asked.not_applied(filter):
        notes.insert(4, ("Not applied here", ", ".join(not_applied)))
    if store.is_sample:
        notes.append(("Please note", "This is provmap's sample school: its pupils and staff are invented."))
    return notes


def _counted(asked: Question, filter: Filter) -> str:
    """What is counted, in words; a question about one pupil applies little of the filter but its day."""
    if "pupil_id" not in asked.parameters:
        return filter.describe()
    unused = tuple(name for name in FIELDS if name not in asked.parameters)
    return f"One pupil, {filter.describe(without=unused).removeprefix('All pupils, ')}"


def file_name(chosen: Filter, question: str, only: str = "") -> str:
    """Name an export by question, filter and day; never by a pupil, and safe on every system."""
    years = [f"year-{year}" if year.isdigit() else year for year in chosen.year_groups]
    choices = [*chosen.schools, *years, *chosen.classes, *chosen.groups, *chosen.needs, *chosen.tiers]
    choices = [only, chosen.academic_year or "", *choices, *chosen.subjects]
    words = "-".join(word for word in map(_slug, choices) if word)
    if len(words) > 60:
        words = (words[:60].rpartition("-")[0] or words[:60]) + "-and-more"
    return "-".join(filter(None, ["provmap", _slug(question), words, chosen.as_at.isoformat()]))


def json_text(frame: pl.DataFrame) -> str:
    """Write an array of objects, one a row; lists stay lists."""
    return frame.write_json() + "\n"


def _xlsx(frame: pl.DataFrame, title: str, notes: list[tuple[str, str]]) -> bytes:
    if frame.height > XLSX_MAX_ROWS:
        remedy = "Choose CSV or Parquet, or filter to fewer rows."
        raise UsageError(f"An Excel sheet cannot hold {frame.height:,} rows.", remedy)
    buffer = io.BytesIO()
    # in_memory: pupils' names never pass through the system's folder for temporary files.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        rows = workbook.add_worksheet(title[:31])
        join_lists(frame).write_excel(workbook, rows, dtype_formats=XLSX_FORMATS, freeze_panes=(1, 0))
        rows.autofit(max_width=400)
        sheet = workbook.add_worksheet("Notes")
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 100, workbook.add_format({"text_wrap": True}))
        for row, (label, words) in enumerate(notes):
            sheet.write_row(row, 0, (label, words))
    return buffer.getvalue()


def _parquet(frame: pl.DataFrame, notes: list[tuple[str, str]]) -> bytes:
    buffer = io.BytesIO()
    metadata = {f"provmap:{label.lower().replace(' ', '_')}": words for label, words in notes}
    frame.write_parquet(buffer, metadata=metadata)
    return buffer.getvalue()


def _slug(words: str) -> str:
    ascii_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_words.lower()).strip("-")
