"""`journal export` and `journal import`: what people wrote, as a file to keep or to hand on."""

import argparse
from pathlib import Path

from provmap.commands.folder import folder_of
from provmap.commands.screen import table, tell
from provmap.errors import StoreError, UsageError
from provmap.questions import labels
from provmap.store import list_imports, open_store
from provmap.store.handing_over import (
    HandedOver,
    hand_over,
    is_asked_about,
    is_written,
    journal_file,
    read_journal_file,
)

CLASHES_SHOWN = 10


def export_journal(arguments: argparse.Namespace) -> int:
    """`journal export`: write everything that people wrote to a file that is not there yet."""
    file: Path = arguments.file
    folder, whose = _written_in(folder_of(arguments))
    schools = {} if whose else labels(open_store(folder))["schools"]
    data = journal_file(folder, schools)
    many = len(data.splitlines()) - 1
    try:
        with file.open("xb") as out:
            out.write(data)
    except FileExistsError:
        raise UsageError(f"{file} is there already.", "Name another file.") from None
    except OSError as error:
        raise StoreError(f"{file} could not be written: {error.strerror}.") from error
    tell(f"wrote {many} entries{whose} to {file}; it is about children: keep it safe")
    return 0


def _is_imported(folder: Path) -> bool:
    return any(one.withdrawn_at is None for one in list_imports(folder))


def _written_in(folder: Path) -> tuple[Path, str]:
    """Where that was written which the screen shows, and whose it is where it is no imported school's.

    Raises UsageError where nothing is imported and nothing written: an empty file would look like a copy.
    """
    if _is_imported(folder):
        return folder, ""
    if is_written(folder):
        return folder, " about your school, of which nothing is imported at present,"
    in_sample = any(is_written(place) for place in folder.glob("sample/*"))
    sample = open_store(folder).folder if in_sample else folder
    if not is_written(sample):
        raise UsageError(
            f"Nothing is imported into {folder}, and nobody has written anything there: there is no journal.",
            "Name the data folder of your school with --data.",
        )
    return sample, " about the sample school, as no school is imported,"


def import_journal(arguments: argparse.Namespace) -> int:
    """`journal import`: add what a file has that is not here; 3 where something was left out."""
    try:
        data = arguments.file.read_bytes()
    except OSError as error:
        raise UsageError(f"{arguments.file} could not be read: {error.strerror}.") from error
    folder, made = folder_of(arguments), read_journal_file(data)
    if is_asked_about(folder, made) and not arguments.same_school:
        tell(f"{made.whose} With --same-school it is brought in all the same")
    found = hand_over(folder, made, dry_run=arguments.dry_run, same_school=arguments.same_school)
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
    if not _is_imported(folder):
        tell("nothing is imported there: the screen shows the sample school until something is, and what a "
             "journal brings counts from then on")  # fmt: skip
    if arguments.dry_run:
        tell("this was a dry run: nothing has changed")
    return 3 if found.clashes else 0


def _counted(found: HandedOver) -> list[tuple[str, int]]:
    return [("added", len(found.fresh)), ("here already", found.known), ("left out", found.left_out)]
