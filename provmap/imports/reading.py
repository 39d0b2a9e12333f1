"""Files -> checked rows, one file at a time, so that only one stands in memory as text."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.checks import check_table
from provmap.imports.comparing import FILE
from provmap.imports.headings import recognise
from provmap.imports.readers import read_file
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
        return list(dict.fromkeys(read.file.source for read in self.files))

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
            read.append(_read_one(file, blank_flags, notices))
        except NoRows as nothing:
            # Among other files, a list that is empty says no more than that; alone it is surely a mistake.
            if len(files) == 1:
                raise
            notices.append(nothing.message)
        except ImportRefused as refusal:
            # A note beside the data is no data; anything else that cannot be read stops the import.
            if file.was_listed or file.ending != ".txt":
                raise
            notices.append(f"{file.name} was left out: {refusal.message}")
    if not read:
        raise ImportRefused(
            "There is no file to import.", "Choose CSV or Parquet files, or a folder of them."
        )
    _refuse_uneven(read)
    return Reading(read, notices)


def _read_one(file: File, blank_flags: str, notices: list[str]) -> ReadFile:
    table = read_file(file)
    match = recognise(table, file.stem)
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
