"""`ask` and `questions`: a question and a filter become a table on standard output, or a file."""

import argparse
import re
import sys
from pathlib import Path

from provmap.commands.folder import folder_of
from provmap.commands.screen import table, tell
from provmap.errors import StoreError, UsageError
from provmap.exports import Export, export, json_text
from provmap.filters import FIELDS, Filter
from provmap.questions import (
    MAY_BE_LEFT_OUT,
    Question,
    ask,
    describe_question,
    labels,
    make_filter,
    question_names,
)
from provmap.safe_csv import csv_text
from provmap.store import Store, open_store

FORMATS = ("csv", "json", "parquet", "xlsx")
# What an answer can be told apart by: the columns of the provision map, the rows of others.
BY = ("year_group", "class", "key_stage", "group", "pupil", "tier", "need", "year", "subject")
# Where a question takes only some of them; the first is the usual one.
BY_OF = {
    "impact_by": ("tier", "need", "group", "year"),
    "ledger_by": ("subject", "year_group", "class", "group"),
}
ROWS = ("area", "need", "tier", "delivery")
MEASURES_AND_TERMS = ("measure", "other_measure", "from_term", "to_term", "at_term")
TERM = re.compile(r"\d{4}/\d{2} (autumn|spring|summer)")


def answer_question(arguments: argparse.Namespace) -> int:
    """`ask`: print the frame of a question, or write it with its notes to a file."""
    question = describe_question(arguments.question)
    if _is_about_one_pupil(question):
        remedy = "Choose one that `python -m provmap questions` lists."
        raise UsageError(f"'{question.name}' is about one pupil and is answered on the Pupil page.", remedy)
    chosen = ("by", "rows", "first_group", "other_group", *MEASURES_AND_TERMS)
    extra = _extra(question, **{name: getattr(arguments, name) for name in chosen})
    about = arguments.provision
    if bool(about) is not _is_about_one_provision(question):
        raise UsageError(
            f"'{question.name}' {'takes no' if about else 'needs'} --provision.",
            "Leave it out." if about else "Name the provision by its identifier.",
        )
    format = _format_of(arguments.out, arguments.format)
    if format in {"xlsx", "parquet"} and not arguments.out and sys.stdout.isatty():
        raise UsageError(f"A screen cannot show {format}.", "Name a file with --out.")
    store = open_store(folder_of(arguments))
    if store.is_sample:
        tell("nothing has been imported yet: this answer is about the sample school, which is invented")
    choices = {field: getattr(arguments, field) for field in FIELDS}
    filter = make_filter(store, as_at=arguments.as_at, academic_year=arguments.academic_year, **choices)
    _check(extra, filter, store)
    extra |= _provision(about, filter, store) if about else {}
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


def _is_about_one_provision(question: Question) -> bool:
    return "provision_id" in question.parameters and not _is_about_one_pupil(question)


def _provision(said: str, filter: Filter, store: Store) -> dict[str, str | None]:
    """The provision that a question is about, with its school; whose provision it is must be plain."""
    had = ask("impact_by_provision", Filter(as_at=filter.as_at, schools=filter.schools), store)
    known = had.select("school_id", "provision_id").unique(maintain_order=True).rows()
    schools = [school for school, provision in known if provision == said]
    if not schools:
        names = ", ".join(dict.fromkeys(provision for _, provision in known)) or "none"
        raise UsageError(f"Nobody has had a provision '{said}' by then.", f"There are: {names}.")
    if len(schools) > 1:
        raise UsageError(f"{len(schools)} schools have a provision '{said}'.", "Name one with --school.")
    return {"provision_id": said, "of_school": schools[0]}


def _extra(question: Question, **said: str | None) -> dict[str, str | None]:
    """What a question takes besides the filter: its columns and rows, a measure, terms, two groups."""
    by = BY_OF.get(question.name, BY[: BY.index("tier")])
    usual = {"by": by[0], "rows": ROWS[0]}
    for name, value in said.items():
        if value and name not in question.parameters:
            raise UsageError(f"'{question.name}' takes no --{name.replace('_', '-')}.", "Leave it out.")
    if said["by"] and said["by"] not in by:
        raise UsageError(
            f"'{question.name}' cannot be told apart by {said['by']}.", f"Choose from: {', '.join(by)}."
        )
    taken = {name: said[name] or usual.get(name) for name in said if name in question.parameters}
    if missing := [name for name in taken if taken[name] is None and name not in MAY_BE_LEFT_OUT]:
        words = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise UsageError(f"'{question.name}' needs {words}.", "Name the groups by their codes.")
    return taken


def _check(extra: dict[str, str | None], filter: Filter, store: Store) -> None:
    """Refuse a measure, a term or a group that nothing is of: an empty answer would look like news."""
    known = _known(filter, store) if set(extra) - {"by", "rows"} else {}
    for name, value in extra.items():
        if value is None or name in ("by", "rows"):
            continue
        if name.endswith("term"):
            if not TERM.fullmatch(value):
                raise UsageError(f"'{value}' is no term.", "Write it like this: 2025/26 spring.")
        elif (kind := name.removeprefix("other_").removeprefix("first_")) and value not in known[kind]:
            raise UsageError(f"There is no {kind} '{value}'.", f"There are: {', '.join(known[kind])}.")


def _known(filter: Filter, store: Store) -> dict[str, list[str]]:
    """The subjects and scales that anybody counted has results in, and the groups there are."""
    measures = ask("progress_points", filter, store)["measure"].unique(maintain_order=True).to_list()
    return {"measure": measures, "group": list(labels(store)["groups"])}


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
