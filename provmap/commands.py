"""What each command does: reads its arguments, calls the layer below, prints. Returns the exit code."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from provmap.errors import StoreError, UsageError
from provmap.exports import Export, export, json_text
from provmap.filters import FIELDS
from provmap.imports import commit, preview, write_rejected
from provmap.questions import ask, describe_question, make_filter, question_names
from provmap.safe_csv import csv_text
from provmap.sample import generate
from provmap.store import Manifest, Store, build, data_folder, datasets, list_imports, open_store, undo

COUNTS = ("read", "new", "changed", "unchanged", "missing", "rejected")
PROBLEMS_SHOWN = 10
SOURCES_SHOWN = 4


def folder_of(arguments: argparse.Namespace) -> Path:
    """The data folder that a command works on."""
    chosen: Path | None = getattr(arguments, "data", None)
    return chosen.expanduser().resolve() if chosen else data_folder()


def answer_question(arguments: argparse.Namespace) -> int:
    """`ask`: print the frame of a question, or write it with its notes to a file."""
    if describe_question(arguments.question).is_for_pages:
        remedy = "Choose one that `python -m provmap questions` lists."
        raise UsageError(
            f"'{arguments.question}' is about one pupil and is answered on the Pupil page.", remedy
        )
    format = arguments.format or _format_of(arguments.out)
    if format in {"xlsx", "parquet"} and not arguments.out and sys.stdout.isatty():
        raise UsageError(f"A screen cannot show {format}.", "Name a file with --out.")
    store = open_store(folder_of(arguments))
    if store.is_sample:
        _tell("nothing has been imported yet: this answer is about the sample school, which is invented")
    choices = {field: getattr(arguments, field) for field in FIELDS}
    filter = make_filter(store, as_at=arguments.as_at, academic_year=arguments.academic_year, **choices)
    frame = ask(arguments.question, filter, store)
    if arguments.out:
        wanted = [format, "txt"] if format in {"csv", "json"} else [format]
        written = [export(frame, filter, arguments.question, each, store) for each in wanted]
        _write_files(arguments.out, written)
        return 0
    if format in {"csv", "json"}:
        sys.stdout.write(csv_text(frame) if format == "csv" else json_text(frame))
    else:
        sys.stdout.buffer.write(export(frame, filter, arguments.question, format, store).data)
    return 0


def list_questions(arguments: argparse.Namespace) -> int:
    """`questions`: print each question's name with what it asks, in a teacher's words."""
    questions = [describe_question(name) for name in question_names()]
    askable = [question for question in questions if not question.is_for_pages]
    print(_table(("question", "asks"), [(question.name, question.words) for question in askable]))
    return 0


def import_files(arguments: argparse.Namespace) -> int:
    """`import`: take files in, or with --dry-run say what would happen; 3 where rows were rejected."""
    folder = folder_of(arguments)
    dated = arguments.dated or date.today()
    show = _progress()
    found = preview(folder, arguments.paths, dated, arguments.blank_flags, show, school_id=arguments.school)
    _print_counts(found.counts)
    for notice in found.notices:
        _tell(notice)
    for file, columns in found.ignored.items():
        _tell(f"{file}: left alone, because provmap does not know them: {', '.join(columns)}")
    _tell_problems(found.problems)
    if arguments.dry_run:
        _tell("this was a dry run: nothing has changed")
    else:
        if found.rejected_rows:
            written = write_rejected(found, folder / "rejected" / f"{datetime.now():%Y-%m-%d-%H%M%S}")
            _tell(f"the rejected rows are listed in {', '.join(map(str, written))}")
        manifest = commit(found, getpass.getuser(), show)
        _tell(f"imported as number {manifest.number}" if manifest else "all of this was held already")
    return 3 if found.rejected_rows else 0


def undo_import(arguments: argparse.Namespace) -> int:
    """`undo`: withdraw the newest import."""
    withdrawn = undo(folder_of(arguments), progress=_progress())
    print(f"Withdrew import {withdrawn.number} of {withdrawn.dated.isoformat()}: {_sources(withdrawn)}")
    return 0


def build_store(arguments: argparse.Namespace) -> int:
    """`build`: make the store again from the kept files."""
    print(f"Built store {build(folder_of(arguments), progress=_progress())}")
    return 0


def write_sample(arguments: argparse.Namespace) -> int:
    """`sample`: write the files of an invented school or trust, and never over files that are there."""
    out: Path = arguments.out
    there = [name for name in datasets() for file in out.glob(f"{name}.*") if file.is_file()]
    if there and not arguments.overwrite:
        raise UsageError(
            f"{out} already holds files of {', '.join(there)}.", "Name another folder, or --overwrite."
        )
    counts = generate(
        out, pupils=arguments.pupils, schools=arguments.schools, years=arguments.years,
        seed=arguments.seed, format=arguments.format, progress=_progress(),
    )  # fmt: skip
    print(_table(("dataset", "rows"), list(counts.items())))
    return 0


def show_status(arguments: argparse.Namespace) -> int:
    """`status`: what the store holds, as words or as JSON."""
    folder = folder_of(arguments)
    store = open_store(folder)
    imports = list_imports(folder)
    contents = [_contents_of(store, name) for name in datasets()]
    if arguments.format == "json":
        print(json.dumps(_status(store, folder, imports, contents), indent=1, ensure_ascii=False))
        return 0
    held = [manifest for manifest in imports if not manifest.withdrawn_at]
    print(f"Data folder    {folder}")
    print(f"Store version  {store.version}{' (the sample school)' if store.is_sample else ''}")
    print(f"Imports        {len(held)} held, {len(imports) - len(held)} withdrawn")
    for manifest in held:
        print(f"  {manifest.number:>4}  {manifest.dated.isoformat()}  {_sources(manifest)}")
    print()
    rows = [(part["dataset"], part["rows"], part["oldest"] or "", part["newest"] or "") for part in contents]
    print(_table(("dataset", "rows", "oldest", "newest"), rows))
    return 0


def _print_counts(counts: dict[str, dict[str, int]]) -> None:
    headings = ("dataset", "rows read", "new", "changed", "unchanged", "missing from this file", "rejected")
    print(_table(headings, [(name, *(counted[word] for word in COUNTS)) for name, counted in counts.items()]))


def _tell_problems(problems: pl.DataFrame) -> None:
    """Say where the first few problems are; the values stay in the files."""
    for problem in problems.head(PROBLEMS_SHOWN).iter_rows(named=True):
        place = f"{problem['file']}, line {problem['line']}"
        column = f", {problem['column']}" if problem["column"] else ""
        _tell(f"{place}{column}: expected {problem['expected']}")
    if problems.height > PROBLEMS_SHOWN:
        _tell(f"and {problems.height - PROBLEMS_SHOWN:,} more such cells or rows")


def _status(
    store: Store, folder: Path, imports: list[Manifest], contents: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "data_folder": str(folder),
        "store_version": store.version,
        "is_sample": store.is_sample,
        "today": store.today.isoformat(),
        "imports": [
            {
                "number": manifest.number,
                "dated": manifest.dated.isoformat(),
                "made_at": manifest.made_at.isoformat(),
                "made_by": manifest.made_by,
                "sources": [source["name"] for source in manifest.sources],
                "withdrawn_at": manifest.withdrawn_at,
                "counts": manifest.counts,
            }
            for manifest in imports
        ],
        "datasets": contents,
    }


def _sources(manifest: Manifest) -> str:
    names = [source["name"] for source in manifest.sources]
    more = [f"and {len(names) - SOURCES_SHOWN} more"] if len(names) > SOURCES_SHOWN else []
    return ", ".join([*names[:SOURCES_SHOWN], *more])


def _contents_of(store: Store, name: str) -> dict[str, Any]:
    """Rows of a dataset, and the oldest and newest of its dates (dates of birth are no records)."""
    rows = store.cursor().table(f"store.{name}")
    days = [
        column.name
        for column in datasets()[name].columns
        if column.type == "date" and column.name != "date_of_birth"
    ]
    spans = [rows.aggregate(f"min({day}), max({day})").fetchone() for day in days]
    known = [day for span in spans if span for day in span if day]
    return {
        "dataset": name,
        "rows": rows.shape[0],
        "oldest": min(known).isoformat() if known else None,
        "newest": max(known).isoformat() if known else None,
    }


def _format_of(out: Path | None) -> str:
    ending = out.suffix.lower().lstrip(".") if out else ""
    return ending if ending in {"csv", "json", "parquet", "xlsx"} else "csv"


def _write_files(out: Path, written: list[Export]) -> None:
    """Write the answer to `out`, or under its own name where that is a folder; the notes go beside it."""
    answer, *notes = written
    path = out / answer.name if out.is_dir() else out
    files = {path: answer.data} | {path.with_name(f"{path.stem}-notes.txt"): note.data for note in notes}
    try:
        for place, data in files.items():
            place.write_bytes(data)
    except OSError as error:
        raise StoreError(f"{path} could not be written: {error.strerror}.") from error
    _tell(f"wrote {' and '.join(map(str, files))}")


def _table(headings: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """Align a few columns: words to the left, numbers to the right."""
    cells = [headings, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
    is_number = [bool(rows) and isinstance(rows[0][place], int) for place in range(len(headings))]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def _tell(words: str) -> None:
    print(f"provmap: {words}", file=sys.stderr)


def _progress() -> Callable[[str, float], None] | None:
    """A line on the screen that says how far long work is; nothing where standard error is no screen."""
    if not sys.stderr.isatty():
        return None

    def show(words: str, share: float) -> None:
        print(f"\r\x1b[K{words} ({share:.0%})", end="", file=sys.stderr, flush=True)

    return show
