"""`import`: what the files would change, dataset by dataset, and unless it is a dry run the change itself."""

import argparse
import getpass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from provmap.commands.folder import folder_of
from provmap.commands.screen import progress, table, tell
from provmap.imports import Preview, commit, preview, write_rejected

COUNTS = ("read", "new", "changed", "unchanged", "missing", "rejected")
PROBLEMS_SHOWN = 10


def import_files(arguments: argparse.Namespace) -> int:
    """`import`: take files in, or with --dry-run say what would happen; 3 where rows were rejected."""
    folder = folder_of(arguments)
    dated = arguments.dated or date.today()
    with progress() as show:
        found = preview(
            folder, arguments.paths, dated, arguments.blank_flags, show, school_id=arguments.school
        )
    _print_counts(found.counts)
    for notice in found.notices:
        tell(notice)
    for file, columns in found.ignored.items():
        tell(f"{file}: left alone, because provmap does not know them: {', '.join(columns)}")
    _tell_problems(found.problems)
    if arguments.dry_run:
        tell("this was a dry run: nothing has changed")
    else:
        _make(found, folder)
    return 3 if found.rejected_rows else 0


def _make(found: Preview, folder: Path) -> None:
    if found.rejected_rows:
        # In the data folder, because these rows are about pupils too.
        written = write_rejected(found, folder / "rejected" / f"{datetime.now():%Y-%m-%d-%H%M%S}")
        tell(f"the rejected rows are listed in {', '.join(map(str, written))}")
    with progress() as show:
        manifest = commit(found, _user(), show)
    tell(f"imported as number {manifest.number}" if manifest else "all of this was held already")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "unknown"  # a container whose user has no name


def _print_counts(counts: dict[str, dict[str, int]]) -> None:
    headings = ("dataset", "rows read", "new", "changed", "unchanged", "missing from this file", "rejected")
    print(table(headings, [(name, *(counted[word] for word in COUNTS)) for name, counted in counts.items()]))


def _tell_problems(problems: pl.DataFrame) -> None:
    """Say where the first few problems are; the values stay in the files."""
    for problem in problems.head(PROBLEMS_SHOWN).iter_rows(named=True):
        place = f"{problem['file']}, line {problem['line']}"
        column = f", {problem['column']}" if problem["column"] else ""
        tell(f"{place}{column}: expected {problem['expected']}")
    if problems.height > PROBLEMS_SHOWN:
        tell(f"and {problems.height - PROBLEMS_SHOWN:,} more such cells or rows")
