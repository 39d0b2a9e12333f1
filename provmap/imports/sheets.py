"""Which sheets of a workbook are taken: those in sight, unless a person chooses others."""

from dataclasses import dataclass

from provmap.errors import UsageError
from provmap.imports.codes import fold
from provmap.imports.delimited import Table


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook that holds anything, and whether it is taken."""

    file: str
    name: str
    is_hidden: bool
    is_taken: bool


def sheets_of(file: str, tables: list[Table], chosen: dict[str, tuple[str, ...]]) -> list[Sheet]:
    """The sheets of a file; none where it has no sheets."""
    wanted = chosen.get(file, tuple(table.sheet for table in tables if not table.is_hidden))
    return [
        Sheet(file, table.sheet, table.is_hidden, table.sheet in wanted)
        for table in tables if table.sheet and not table.dataset
    ]  # fmt: skip


def named(file: str, tables: list[Table], names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The choice of the sheets that a person names once for all files, hidden ones too."""
    wanted = {fold(name) for name in names}
    return {file: tuple(table.sheet for table in tables if fold(table.sheet) in wanted)}


def check_named(sheets: list[Sheet], names: tuple[str, ...]) -> None:
    """Raises UsageError for a sheet that no workbook has."""
    there = {fold(sheet.name) for sheet in sheets}
    if unknown := [name for name in names if fold(name) not in there]:
        listed = ", ".join(dict.fromkeys(sheet.name for sheet in sheets))
        raise UsageError(
            f"There is no sheet {' and none '.join(unknown)} in these files.",
            f"There are: {listed}." if listed else "None of them is a workbook.",
        )
