"""`journal export` and `journal import`: what people wrote, as a file to keep or to hand on."""

import argparse
from pathlib import Path

from provmap.commands.folder import folder_of
from provmap.commands.screen import table, tell
from provmap.errors import StoreError, UsageError
from provmap.store.handing_over import HandedOver, hand_over, journal_file, read_journal_file

CLASHES_SHOWN = 10


def export_journal(arguments: argparse.Namespace) -> int:
    """`journal export`: write everything that people wrote to a file that is not there yet."""
    file: Path = arguments.file
    data = journal_file(folder_of(arguments))
    many = len(data.splitlines()) - 1
    try:
        with file.open("xb") as out:
            out.write(data)
    except FileExistsError:
        raise UsageError(f"{file} is there already.", "Name another file.") from None
    except OSError as error:
        raise StoreError(f"{file} could not be written: {error.strerror}.") from error
    tell(f"wrote {many} entries to {file}; it is about children: keep it safe")
    return 0


def import_journal(arguments: argparse.Namespace) -> int:
    """`journal import`: add what a file has that is not here; 3 where something was left out."""
    try:
        data = arguments.file.read_bytes()
    except OSError as error:
        raise UsageError(f"{arguments.file} could not be read: {error.strerror}.") from error
    found = hand_over(folder_of(arguments), read_journal_file(data), dry_run=arguments.dry_run)
    print(table(("entries", "rows"), _counted(found)))
    for clash in found.clashes[:CLASHES_SHOWN]:
        # What it is about may name a pupil: a terminal keeps that to itself.
        said = f"by {clash.ours.made_by}" if clash.ours else "an entry before it is missing"
        tell(f"line {clash.line}: {clash.theirs.kind}, by {clash.theirs.made_by}; here: {said}")
    if found.clashes:
        tell("where the two differ, what is here stays")
    if found.together:
        tell(f"{found.together} more left out, being saved together with one of these: such a save "
             "comes whole or not at all")  # fmt: skip
    if arguments.dry_run:
        tell("this was a dry run: nothing has changed")
    return 3 if found.clashes else 0


def _counted(found: HandedOver) -> list[tuple[str, int]]:
    return [("added", len(found.fresh)), ("here already", found.known), ("left out", found.left_out)]
