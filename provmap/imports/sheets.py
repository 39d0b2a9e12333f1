"""Which sheets of a workbook are taken: those in sight, unless a person chooses others."""

from dataclasses import dataclass

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
