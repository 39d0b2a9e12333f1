"""`ask` and `questions`: a question and a filter become a table on standard output, or a file."""

import argparse
import sys
from pathlib import Path

from provmap.commands.folder import folder_of
from provmap.commands.screen import table, tell
from provmap.errors import StoreError, UsageError
from provmap.exports import Export, export, json_text
from provmap.filters import FIELDS
from provmap.questions import Question, ask, describe_question, make_filter, question_names
from provmap.safe_csv import csv_text
from provmap.store import open_store

FORMATS = ("csv", "json", "parquet", "xlsx")
# What an answer can be told apart by: the columns of the provision map, the rows of others.
BY = ("year_group", "class", "key_stage", "group", "pupil", "tier", "need", "year")
# Where a question takes only some of them; the first is the usual one.
BY_OF = {"impact_by": ("tier", "need", "group", "year")}
ROWS = ("area", "need", "tier")


def answer_question(arguments: argparse.Namespace) -> int:
    """`ask`: print the frame of a question, or write it with its notes to a file."""
    question = describe_question(arguments.question)
    if _is_about_one_pupil(question):
        remedy = "Choose one that `python -m provmap questions` lists."
        raise UsageError(f"'{question.name}' is about one pupil and is answered on the Pupil page.", remedy)
    extra = _extra(question, by=arguments.by, rows=arguments.rows)
    format = _format_of(arguments.out, arguments.format)
    if format in {"xlsx", "parquet"} and not arguments.out and sys.stdout.isatty():
        raise UsageError(f"A screen cannot show {format}.", "Name a file with --out.")
    store = open_store(folder_of(arguments))
    if store.is_sample:
        tell("nothing has been imported yet: this answer is about the sample school, which is invented")
    choices = {field: getattr(arguments, field) for field in FIELDS}
    filter = make_filter(store, as_at=arguments.as_at, academic_year=arguments.academic_year, **choices)
    frame = ask(question.name, filter, store, **extra)
    if arguments.out:
        wanted = [format, "txt"] if format in {"csv", "json"} else [format]
        written = [export(frame, filter, question.name, each, store) for each in wanted]
        _write_files(arguments.out, written)
        return 0
    if format in {"csv", "json"}:
        sys.stdout.write(csv_text(frame) if format == "csv" else json_text(frame))
    else:
        sys.stdout.buffer.write(export(frame, filter, question.name, format, store).data)
    return 0


def list_questions(arguments: argparse.Namespace) -> int:
    """`questions`: print each question's name with what it asks, in a teacher's words."""
    questions = [describe_question(name) for name in question_names()]
    askable = [question for question in questions if not _is_about_one_pupil(question)]
    print(table(("question", "asks"), [(question.name, question.words) for question in askable]))
    return 0


def _is_about_one_pupil(question: Question) -> bool:
    return "pupil_id" in question.parameters


def _extra(question: Question, **said: str | None) -> dict[str, str]:
    """What a question takes besides the filter: what its columns and its rows are."""
    by = BY_OF.get(question.name, BY[: BY.index("tier")])
    usual = {"by": by[0], "rows": ROWS[0]}
    for name, value in said.items():
        if value and name not in question.parameters:
            raise UsageError(f"'{question.name}' takes no --{name}.", "Leave it out.")
    if said["by"] and said["by"] not in by:
        raise UsageError(
            f"'{question.name}' cannot be told apart by {said['by']}.", f"Choose from: {', '.join(by)}."
        )
    return {name: said[name] or usual[name] for name in usual if name in question.parameters}


def _format_of(out: Path | None, said: str | None) -> str:
    """The format that is said, else the one that the ending of `out` stands for; never two different ones."""
    ending = out.suffix.lower().lstrip(".") if out and not out.is_dir() else ""
    if ending and ending not in FORMATS:
        raise UsageError(f"'.{ending}' is no format of this program.", f"Choose from: {', '.join(FORMATS)}.")
    if said and ending and said != ending:
        remedy = f"Leave --format out, or choose one ending of: {', '.join(FORMATS)}."
        raise UsageError(f"--format says {said}, and the file ends in .{ending}.", remedy)
    return said or ending or FORMATS[0]


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
