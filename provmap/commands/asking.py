"""`ask` and `questions`: a question and a filter become a table on standard output, or a file."""

import argparse
import sys
from pathlib import Path

from provmap.commands.folder import folder_of
from provmap.commands.screen import table, tell
from provmap.errors import StoreError, UsageError
from provmap.exports import Export, export, json_text
from provmap.filters import FIELDS
from provmap.questions import ask, describe_question, make_filter, question_names
from provmap.safe_csv import csv_text
from provmap.store import open_store


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
        tell("nothing has been imported yet: this answer is about the sample school, which is invented")
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
    print(table(("question", "asks"), [(question.name, question.words) for question in askable]))
    return 0


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
    tell(f"wrote {' and '.join(map(str, files))}")
