"""The command line: `python -m provmap COMMAND`. Results go to standard output, messages to standard error.

Exit codes: 0 done; 1 refused, nothing changed; 2 not asked rightly; 3 imported, but with rejected rows;
130 stopped with Ctrl-C, and what it was doing is undone.
"""

import argparse
import io
import os
import sys
import traceback
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

try:
    from provmap import commands
    from provmap.commands.screen import listen, was_stopped
    from provmap.errors import ProvmapError, UsageError
except KeyboardInterrupt:
    # Loading the libraries takes long enough for somebody to change their mind.
    print("provmap: Stopped.", file=sys.stderr)
    sys.exit(130)

Command = Callable[[argparse.Namespace], int]
# argparse has no public name for what `add_subparsers` returns.
Commands = Any
# Examples keep their lines, and no option pushes its words to the next line.
Layout = partial(argparse.RawDescriptionHelpFormatter, max_help_position=32)


def main(words: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # On Windows a redirected stream would else use the machine's code page and line ends.
            stream.reconfigure(encoding="utf-8", newline="\n")
    arguments = _parser().parse_args(words)
    listen()
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except ProvmapError as error:
        _say(f"{error.message} {error.remedy}".strip())
        return 2 if isinstance(error, UsageError) else 1
    except BrokenPipeError:
        # The reader (such as `head`) has seen enough. Python flushes once more at exit: let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt as stopped:
        _say(str(stopped) or "Stopped.")
        return 130
    except Exception as error:
        if was_stopped(error):
            # DuckDB answers Ctrl-C with an error of its own.
            _say("Stopped.")
            return 130
        if os.environ.get("PROVMAP_DEBUG"):
            raise
        _say(_fault(error, commands.folder_of(arguments)))
        return 1


def _say(words: str) -> None:
    print(f"provmap: {words}", file=sys.stderr)


def _fault(error: Exception, folder: Path) -> str:
    """Record where the program failed, and never with what value: that might be about a pupil."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    record = "\n  ".join([f"{datetime.now():%Y-%m-%d %H:%M:%S} {type(error).__name__}", *lines])
    sentence = f"The program failed through a fault of its own ({type(error).__name__})."
    try:
        with (folder / "faults.log").open("a", encoding="utf-8") as log:
            log.write(record + "\n")
    except OSError:
        return f"{sentence} Please report this:\n{record}"
    return f"{sentence} Where it failed, without any pupil's data, is noted in {log.name}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m provmap",
        description="Provision maps for schools: import files, ask questions, take away lists.",
        formatter_class=Layout,
    )
    adding = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_import(adding)
    _add_ask(adding)
    _add(
        adding, "questions", "list the questions that can be asked",
        example="python -m provmap questions", run=commands.list_questions,
    )  # fmt: skip
    _add_status(adding)
    undo = _add(
        adding, "undo", "withdraw the newest import, or go back to before an earlier one",
        example="python -m provmap undo --before 7 --dry-run", run=commands.undo_import,
    )  # fmt: skip
    words = "withdraw import N and every later one (default: the newest alone); `status` lists them"
    undo.add_argument("--before", type=_count, metavar="N", help=words)
    words = "list the imports that would go, and the headline numbers after; change nothing"
    undo.add_argument("--dry-run", action="store_true", help=words)
    _add_sample(adding)
    _add_journal(adding)
    build = _add(
        adding, "build", "build the store again from the kept files",
        example="python -m provmap build", run=commands.build_store,
    )  # fmt: skip
    _add_data(undo)
    _add_data(build)
    return parser


def _add(adding: Commands, name: str, words: str, *, example: str, run: Command) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = adding.add_parser(
        name,
        help=words,
        description=f"{words[0].upper()}{words[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=Layout,
    )
    command.set_defaults(run=run)
    return command


def _add_data(command: argparse.ArgumentParser) -> None:
    words = "the folder of the school's data (otherwise PROVMAP_DATA, otherwise ./data)"
    command.add_argument("--data", type=Path, metavar="DIR", help=words)


def _add_import(adding: Commands) -> None:
    command = _add(
        adding, "import", "take in files, folders or zips from a school's systems",
        example="python -m provmap import autumn-data.zip --dated 2025-09-05", run=commands.import_files,
    )  # fmt: skip
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, a folder or a zip")
    _add_data(command)
    words = "the day from which changes hold (YYYY-MM-DD; today unless said)"
    command.add_argument("--dated", type=_day, metavar="DATE", help=words)
    words = "the school of rows that name none, where the data hold several"
    command.add_argument("--school", metavar="ID", help=words)
    words = "what a blank in a yes-or-no status column of pupils means (default: not supplied)"
    command.add_argument("--blank-flags", choices=["not supplied", "no"], default="not supplied", help=words)
    words = "the letters of text that is not UTF-8: windows, or dos for old programs (default: by its words)"
    command.add_argument("--letters", choices=["windows", "dos"], default="", help=words)
    words = "what to do with files in headings of their own: JSON, as `--dry-run` prints it"
    command.add_argument("--mapping", type=Path, metavar="FILE", help=words)
    words = "only this sheet of a workbook; may be given again (default: every sheet that is not hidden)"
    command.add_argument("--sheet", action="append", default=[], metavar="NAME", help=words)
    words = "how to merge with what is held (default: add and update); replace: the file is the full list"
    policies = ["add and update", "replace", "update only"]
    command.add_argument("--policy", choices=policies, default=policies[0], help=words)
    words = "import all the same where alarms are raised, such as many pupils missing"
    command.add_argument("--accept-alarms", action="store_true", help=words)
    command.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")


def _add_ask(adding: Commands) -> None:
    command = _add(
        adding, "ask", "answer a question as a table",
        example="python -m provmap ask gaps --year-group 5 --group pupil_premium --as-at 2026-03-03",
        run=commands.answer_question,
    )  # fmt: skip
    command.add_argument("question", metavar="QUESTION", help="one that `python -m provmap questions` lists")
    command.add_argument("--as-at", type=_day, metavar="DATE", help="the day asked about (default: today)")
    command.add_argument("--academic-year", metavar="YEAR", help="such as 2025/26")
    # Several values of one option mean any of them; several options mean all of them.
    for option, field, example in (
        ("--school", "schools", "ID"),
        ("--year-group", "year_groups", "5"),
        ("--class", "classes", "Oak"),
        ("--group", "groups", "pupil_premium"),
        ("--need", "needs", "SLCN"),
        ("--tier", "tiers", "targeted"),
        ("--subject", "subjects", "reading"),
    ):
        words = f"only this {option[2:].replace('-', ' ')}; may be given again"
        command.add_argument(option, dest=field, action="append", default=[], metavar=example, help=words)
    words = "a column or row for each of these, where a question asks for it (default: year_group)"
    command.add_argument("--by", choices=commands.BY, help=words)
    words = "what the rows of provision_map stand under (default: area)"
    command.add_argument("--rows", choices=commands.ROWS, help=words)
    for option, example, words in (
        (
            "--measure",
            "SUBJECT/SCALE",
            "one subject and scale of a question of progress: reading/standardised",
        ),
        ("--other-measure", "SUBJECT/SCALE", "the other one of progress_two_subjects"),
        ("--from-term", "TERM", "the first term of transitions, such as '2024/25 summer'"),
        ("--to-term", "TERM", "the second term of transitions (default: the latest with results)"),
        ("--at-term", "TERM", "the term of progress_at_term (default: the latest with results)"),
        ("--provision", "ID", "the one provision that impact_pupils and around_provision are about"),
        ("--first-group", "GROUP", "of two groups crossed, the one"),
        ("--other-group", "GROUP", "and the other"),
    ):
        command.add_argument(option, metavar=example, help=words)
    words = "csv unless said, or as the ending of --out says"
    command.add_argument("--format", choices=commands.FORMATS, help=words)
    words = "write to this file (or folder) instead of standard output"
    command.add_argument("--out", type=Path, metavar="FILE", help=words)
    _add_data(command)


def _add_status(adding: Commands) -> None:
    command = _add(
        adding, "status", "say what the store holds: rows, imports, version, dates",
        example="python -m provmap status --format json", run=commands.show_status,
    )  # fmt: skip
    command.add_argument("--format", choices=["text", "json"], default="text", help="text unless said")
    _add_data(command)


def _add_sample(adding: Commands) -> None:
    command = _add(
        adding, "sample", "write the files of an invented school or trust",
        example="python -m provmap sample somewhere --pupils 2000 --years 3 --seed 7",
        run=commands.write_sample,
    )  # fmt: skip
    command.add_argument("out", type=Path, metavar="OUT", help="the folder to write into")
    command.add_argument("--pupils", type=_count, default=210, metavar="N", help="pupils in all")
    command.add_argument("--schools", type=_count, default=1, metavar="N", help="schools they go to")
    command.add_argument("--years", type=_count, default=3, metavar="N", help="academic years of records")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed, the same school")
    command.add_argument("--format", choices=["csv", "parquet"], default="csv")
    command.add_argument("--overwrite", action="store_true", help="write over files that are there")


def _add_journal(adding: Commands) -> None:
    words = "what people wrote in the app, as a file to keep, or such a file brought in"
    parts = adding.add_parser("journal", help=words, description=f"{words[0].upper()}{words[1:]}.")
    inner = parts.add_subparsers(title="commands", metavar="COMMAND", required=True)
    out = _add(
        inner, "export", "write everything that people wrote to a file",
        example="python -m provmap journal export autumn.jsonl", run=commands.export_journal,
    )  # fmt: skip
    back = _add(
        inner, "import", "add what such a file has that is not here; nothing is overwritten",
        example="python -m provmap journal import autumn.jsonl --dry-run", run=commands.import_journal,
    )  # fmt: skip
    for command in (out, back):
        command.add_argument("file", type=Path, metavar="FILE", help="the file")
        _add_data(command)
    back.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    back.add_argument(
        "--same-school", action="store_true",
        help="the file is of another data folder, and I know that it is about the same school",
    )  # fmt: skip


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{words}' is no date such as 2026-03-03") from None


def _count(words: str) -> int:
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError(f"'{words}' is no whole number above zero")
    return int(words)


if __name__ == "__main__":
    sys.exit(main())
