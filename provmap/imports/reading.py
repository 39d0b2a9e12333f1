"""Files -> checked rows, one file at a time, so that only one stands in memory as text."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.checks import check_table
from provmap.imports.comparing import FILE
from provmap.imports.delimited import Table
from provmap.imports.headings import NoDataset, recognise
from provmap.imports.readers import read_file
from provmap.imports.safe_xml import OtherXml
from provmap.imports.sources import File, Source, find_files

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class ReadFile:
    """One file as read: its good rows, and the places of its rejected ones."""

    file: File
    dataset: str
    rows: pl.DataFrame
    rejected: pl.Series
    problems: pl.DataFrame
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """Every file of an import, read and checked row by row."""

    files: list[ReadFile]
    notices: list[str]

    @property
    def names(self) -> list[str]:
        """The names of the files, in the order of `files`."""
        return [read.file.name for read in self.files]

    @property
    def sources(self) -> list[Source]:
        """What the files came from, each once: a zip stands for all of its members."""
        return list(dict.fromkeys(source for read in self.files for source in read.file.sources))

    def rows_of(self, dataset: str) -> pl.DataFrame:
        """The good rows of all files of a dataset, with `_file` for the place of their file."""
        parts = [
            read.rows.with_columns(pl.lit(number, dtype=pl.UInt32).alias(FILE))
            for number, read in enumerate(self.files) if read.dataset == dataset
        ]  # fmt: skip
        return pl.concat(part.select(parts[0].columns) for part in parts)

    def datasets(self) -> list[str]:
        """The datasets that the files hold, each once."""
        return sorted({read.dataset for read in self.files})


class NoRows(ImportRefused):
    """A file in the contract's headings that holds nothing."""


def read_paths(
    paths: list[Source], blank_flags: str = "not supplied", progress: Progress | None = None
) -> Reading:
    """Reads files, folders, zips and uploads. Raises ImportRefused where one cannot be read or recognised."""
    files, notices = find_files(paths)
    read: list[ReadFile] = []
    for number, file in enumerate(files):
        if progress:
            progress(f"Reading {file.name}", number / len(files))
        try:
            read += _read_file(file, blank_flags, notices)
        except NoRows as nothing:
            # Among other files, a list that is empty says no more than that; alone it is surely a mistake.
            if len(files) == 1:
                raise
            notices.append(nothing.message)
        except ImportRefused as refusal:
            # A note beside the data is no data; anything else that cannot be read stops the import.
            if file.was_listed or not (file.ending == ".txt" or isinstance(refusal, OtherXml)):
                raise
            notices.append(f"{file.name} was left out: {refusal.message}")
    if not read:
        raise ImportRefused(
            "There is no file to import.", "Choose CSV files or workbooks, or a folder of them."
        )
    _refuse_uneven(read)
    return Reading(read, notices)


def _read_file(file: File, blank_flags: str, notices: list[str]) -> list[ReadFile]:
    """What a file holds: one thing, or in a workbook one a sheet that is in sight and holds rows of ours."""
    tables = read_file(file)
    seen = [table for table in tables if not table.is_hidden]
    notices += [f"{table.file} is a hidden sheet, and was left out." for table in tables if table.is_hidden]
    if not seen:
        raise ImportRefused(
            f"Every sheet of {file.name} is hidden.", "Open it, unhide the sheet, and save it."
        )
    if len(seen) == 1:
        # The only sheet is what the file is called, if its own name (Sheet1) says nothing.
        return [_read_table(file.part(seen[0].sheet), seen[0], blank_flags, notices, file.own_stem)]
    read: list[ReadFile] = []
    left_out: list[ImportRefused] = []
    for table in seen:
        try:
            read.append(_read_table(file.part(table.sheet), table, blank_flags, notices))
        except (NoRows, NoDataset) as refusal:
            left_out.append(refusal)
    if not read:
        raise left_out[0]
    # Among sheets that are data, notes and workings are no mistake.
    notices += [f"{refusal.message} It was left out. {refusal.remedy}" for refusal in left_out]
    return read


def _read_table(
    file: File, table: Table, blank_flags: str, notices: list[str], *other_stems: str
) -> ReadFile:
    match = recognise(table, table.dataset or file.stem, *other_stems)
    if table.rows.is_empty():
        raise NoRows(f"{file.name} has headings and no rows.", "Export it again, or leave it out.")
    checked = check_table(table, match, blank_flags)
    notices += [*table.notices, *checked.notices]
    return ReadFile(file, match.dataset.name, checked.rows, checked.rejected, checked.problems, match.ignored)


def _refuse_uneven(files: list[ReadFile]) -> None:
    """Two files of one dataset in one import must have the same columns.

    Put together, a column that one file lacks would look blank there, and a blank clears what is held.
    """
    for place, later in enumerate(files):
        for first in files[:place]:
            if first.dataset == later.dataset and set(first.rows.columns) != set(later.rows.columns):
                raise ImportRefused(
                    f"{first.file.name} and {later.file.name} hold different columns of {first.dataset}.",
                    "Import them one after the other, the newest last.",
                )
