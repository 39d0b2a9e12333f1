"""Files -> checked rows, one file at a time, so that only one stands in memory as text."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.checks import check_table
from provmap.imports.comparing import FILE
from provmap.imports.delimited import Table
from provmap.imports.foreign import Foreign, Mappings
from provmap.imports.headings import Match, Misfit, NoDataset, SameHeading, recognise
from provmap.imports.mended import without_ours
from provmap.imports.readers import read_file
from provmap.imports.safe_xml import OtherXml
from provmap.imports.sheets import Sheet, check_named, named, sheets_of
from provmap.imports.sources import File, Source, find_files
from provmap.imports.telling import Told, silent
from provmap.imports.ticks import Undated
from provmap.imports.uneven import together
from provmap.store.contract import datasets

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
    # Of ticks without a day (see ticks.py).
    undated: Undated | None
    # Of a file that knows its pupils by UPN alone (see transfers.py).
    former_upns: dict[str, tuple[str, ...]] | None = None
    # What the rejected rows are about (see full_lists.py).
    left: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True)
class Reading:
    """Every file of an import, read and checked row by row; `foreign` are those in headings of their own."""

    files: list[ReadFile]
    notices: list[str]
    foreign: list[Foreign] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    # Which letters the files that are not UTF-8 were read with, by file.
    letters: dict[str, str] = field(default_factory=dict)
    # Whether all of it is rows that were rejected before and are mended now: a part, and no list.
    is_mended: bool = False

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
        return together(datasets()[dataset], parts)

    def datasets(self) -> list[str]:
        """The datasets that the files hold, each once."""
        return sorted({read.dataset for read in self.files})


class NoRows(ImportRefused):
    """A file in the contract's headings that holds nothing."""


@dataclass(frozen=True)
class _Options:
    """How to read, and where what there is to say about it is put."""

    blank_flags: str
    mappings: Mappings | None
    notices: list[str]
    foreign: list[Foreign]
    letters: dict[str, str]
    chosen: dict[str, tuple[str, ...]] | None
    sheets: list[Sheet]
    only_sheets: tuple[str, ...] = ()
    mended: list[bool] = field(default_factory=list)


def read_paths(
    paths: list[Source],
    blank_flags: str = "not supplied",
    progress: Progress | None = None,
    mappings: Mappings | None = None,
    *,
    letters: str = "",
    sheets: dict[str, tuple[str, ...]] | None = None,
    only_sheets: tuple[str, ...] = (),
) -> Reading:
    """Reads files, folders, zips and uploads; without `mappings` only what is in the contract's headings.

    `letters` is what a person says of text that is not UTF-8, `sheets` which sheets of which workbook to
    take. Where these are given, and be they none, a person can be asked: what is not recognised is offered.
    `only_sheets` are names of sheets to take from every workbook, where nobody can be asked.
    Raises ImportRefused where a file cannot be read or recognised.
    """
    files, notices = find_files(paths)
    read: list[ReadFile] = []
    foreign: list[Foreign] = []
    options = _Options(blank_flags, mappings, notices, foreign, {}, sheets, [], only_sheets)
    for number, found in enumerate(files):
        day = mappings.context.known.dated if mappings else None
        told = _teller(progress, found.name, number, len(files))
        file = replace(found, letters=letters, dated=day, told=told)
        file.told("", 0.0)
        try:
            read += _read_file(file, options)
        except NoRows as nothing:
            # Among other files, a list that is empty says no more than that; alone it is surely a mistake.
            if len(files) == 1:
                raise
            notices.append(nothing.message)
        except ImportRefused as refusal:
            # In a folder or zip, what is no data of ours lies beside it; anything else stops the import.
            if file.was_listed or not (file.ending == ".txt" or isinstance(refusal, OtherXml | NoDataset)):
                raise
            notices.append(f"{file.name} was left out: {refusal.message} {refusal.remedy}")
    check_named(options.sheets, only_sheets)
    is_choice = sheets is not None and any(not sheet.is_taken for sheet in options.sheets)
    if not read and not foreign and not is_choice:
        raise ImportRefused(
            "There is no file to import.", "Choose CSV files or workbooks, or a folder of them."
        )
    is_mended = bool(options.mended) and all(options.mended)
    return Reading(read, notices, foreign, options.sheets, options.letters, is_mended)


def _teller(progress: Progress | None, name: str, number: int, of: int) -> Told:
    """What tells how far one of the files is, as a share of them all."""
    place = f" ({number + 1} of {of} files)" if of > 1 else ""

    def told(words: str, share: float) -> None:
        if progress:
            progress(f"Reading {name}{': ' if words else ''}{words}{place}", (number + share) / of)

    return told


def _read_file(file: File, options: _Options) -> list[ReadFile]:
    """What a file holds: one thing, or in a workbook one a sheet that is in sight and holds rows of ours."""
    tables = [without_ours(table) for table in read_file(file)]
    options.mended.extend(table.is_mended for table in tables)
    options.letters.update({table.file: table.letters for table in tables if table.letters})
    chosen = options.chosen or {}
    if options.only_sheets:
        chosen = named(file.base_name, tables, options.only_sheets)
    sheets = sheets_of(file.base_name, tables, chosen)
    options.sheets.extend(sheets)
    left = {sheet.name for sheet in sheets if not sheet.is_taken}
    seen = [table for table in tables if table.sheet not in left]
    options.notices.extend(
        [f"{table.file} is a hidden sheet, and was left out." for table in tables
         if table.is_hidden and table.sheet in left]
    )  # fmt: skip
    if not seen and (options.only_sheets or options.chosen is not None):
        return []
    if not seen:
        raise ImportRefused(
            f"Every sheet of {file.name} is hidden.", "Open it, unhide the sheet, and save it."
        )
    if len(seen) == 1:
        # The only sheet is what the file is called, if its own name (Sheet1) says nothing.
        part = file.part(seen[0].sheet)
        is_offered = options.chosen is not None and file.was_listed
        return _read_table(part, seen[0], options, file.own_stem, is_offered=is_offered)
    read: list[ReadFile] = []
    left_out: list[ImportRefused] = []
    is_chosen = file.base_name in (options.chosen or {})
    for table in seen:
        try:
            read += _read_table(file.part(table.sheet), table, options, is_offered=is_chosen)
        except (NoRows, NoDataset) as refusal:
            left_out.append(refusal)
    if not read and len(left_out) == len(seen):
        raise left_out[0]
    # Among sheets that are data, notes and workings are no mistake.
    options.notices.extend([f"{refusal.message} It was left out. {refusal.remedy}" for refusal in left_out])
    return read


def _read_table(
    file: File, table: Table, options: _Options, *other_stems: str, is_offered: bool
) -> list[ReadFile]:
    """In the contract's headings one thing; in headings of its own whatever its plan makes of it.

    A table of which nothing is known is refused, unless it can be offered to a person.
    """
    is_given = options.mappings is not None and options.mappings.has_plan(table)
    try:
        if not is_given:
            match = recognise(table, table.dataset or file.stem, *other_stems)
            if table.rows.is_empty():
                raise NoRows(f"{file.name} has headings and no rows.", "Export it again, or leave it out.")
            options.notices.extend(table.notices)
            return [_check(file, table, match, options)]
    except (NoDataset, Misfit, SameHeading) as refusal:
        is_left = isinstance(refusal, SameHeading) and options.chosen is None
        if options.mappings is None or table.dataset or is_left:
            raise
        found = options.mappings.settle(table, file.stem)
        if not found.plan.outputs and not is_offered:
            raise
    else:
        assert options.mappings is not None
        found = options.mappings.settle(table)
    options.foreign.append(found)
    options.notices.extend(table.notices)
    if found.questions:
        return []
    read = [
        _check(file, shaped, recognise(shaped, shaped.dataset), options)
        for shaped in options.mappings.tables_of(found)
    ]
    options.notices.extend(options.mappings.notices(found))
    for problems in options.mappings.unread(found):
        read = _with_listed(read, problems)
    for problems in options.mappings.unmatched(found):
        read = [_with_unmatched(one, problems) if one.dataset == "placements" else one for one in read]
    return read


def _with_listed(read: list[ReadFile], problems: pl.DataFrame) -> list[ReadFile]:
    """With cells of which nothing is made, beside the rows of their dataset."""
    dataset = problems["dataset"].first()
    place = next((number for number, one in enumerate(read) if one.dataset == dataset), 0)
    return [
        replace(one, problems=pl.concat([one.problems, problems])) if number == place else one
        for number, one in enumerate(read)
    ]


def _with_unmatched(read: ReadFile, problems: pl.DataFrame) -> ReadFile:
    """With names that are no pupil's: each is a row that is left out, beside the others of its line."""
    rejected = pl.concat([read.rejected, problems["line"].alias(read.rejected.name)])
    return replace(read, rejected=rejected, problems=pl.concat([read.problems, problems]))


def _check(file: File, table: Table, match: Match, options: _Options) -> ReadFile:
    checked = check_table(table, match, options.blank_flags, file.told)
    options.notices.extend(checked.notices)
    # Whoever reads it again later tells nobody: the progress that was shown is gone by then.
    return ReadFile(
        replace(file, told=silent), match.dataset.name, checked.rows, checked.rejected, checked.problems,
        match.ignored, table.undated, table.former_upns, checked.left,
    )  # fmt: skip
