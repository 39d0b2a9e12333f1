"""`import`: what the files would change, dataset by dataset, and unless it is a dry run the change itself."""

import argparse
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import polars as pl

from provmap.commands.folder import folder_of
from provmap.commands.screen import changing, progress, table, tell
from provmap.errors import UsageError
from provmap.imports import Preview, commit, preview, write_rejected
from provmap.imports.described import left_out, tick_columns
from provmap.imports.foreign import Foreign
from provmap.imports.people import user_name
from provmap.imports.plans import Plan, plan_from, plan_json
from provmap.imports.policies import LEFT_OUT
from provmap.imports.problems import REJECTED, in_a_sentence

COUNTS = ("read", "new", "changed", "unchanged", "missing", "rejected")
PROBLEMS_SHOWN = 10
VERDICTS = {REJECTED: "row rejected", LEFT_OUT: "row left out"}


def import_files(arguments: argparse.Namespace) -> int:
    """`import`: take files in, or with --dry-run say what would happen; 3 where rows were rejected."""
    folder = folder_of(arguments)
    dated = arguments.dated or date.today()
    with changing(folder), progress() as show:
        found = preview(
            folder, arguments.paths, dated, arguments.blank_flags, show, school_id=arguments.school,
            plans=_mapping(arguments.mapping), policy=arguments.policy, letters=arguments.letters,
            only_sheets=tuple(arguments.sheet),
        )  # fmt: skip
    # The proposal of a dry run is to be read back as it is printed: nothing else may stand beside it.
    _print_counts(found.counts, sys.stderr if arguments.dry_run and found.foreign else sys.stdout)
    for one in found.foreign:
        _tell_foreign(one)
    for notice in found.notices:
        tell(notice)
    for file, columns in found.ignored.items():
        tell(f"{file}: left alone, because provmap does not know them: {', '.join(columns)}")
    for dataset, changed in found.changed_columns.items():
        cells = ", ".join(f"{column} {count:,}" for column, count in changed.items())
        tell(f"{dataset}: values that change: {cells}")
    _tell_problems(found.problems)
    if arguments.dry_run or arguments.accept_alarms:
        for alarm in found.alarms:
            tell(f"{'accepted' if arguments.accept_alarms else 'ALARM'}: {alarm}")
    if arguments.dry_run:
        if found.foreign:
            plans = {one.name: plan_json(one.plan) for one in found.foreign}
            print(json.dumps(plans, indent=1, ensure_ascii=False))
        tell("this was a dry run: nothing has changed")
    else:
        _make(found, folder, accept_alarms=arguments.accept_alarms)
    return 3 if found.rejected_rows else 0


def _mapping(path: Path | None) -> dict[str, Plan] | None:
    """The plans of a mapping file: by the name of the table, or one for all tables."""
    if path is None:
        return None
    try:
        words = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The mapping {path} cannot be read.", "Print one with `import --dry-run`."
        ) from error
    if isinstance(words, dict) and "outputs" in words:
        return {"*": plan_from(words, path.name)}
    if not isinstance(words, dict) or not words:
        raise UsageError(f"The mapping {path} holds no plan.", "Print one with `import --dry-run`.")
    return {name: plan_from(plan, path.name) for name, plan in words.items()}


def _tell_foreign(one: Foreign) -> None:
    """Say what a table in headings of its own was taken for."""
    made = ", ".join(dict.fromkeys(output.dataset for output in one.plan.outputs))
    known = "as before" if one.is_remembered else f"{one.plan.sure:.0%} of its columns recognised"
    tell(f"{one.name}: its headings are its own ({known}); taken for {made}")
    for step in one.plan.steps:
        tell(f"{one.name}: {step['do']} ({', '.join(text for word, text in step.items() if word != 'do')})")
    for question in one.questions:
        tell(f"{one.name}: {question}")
    ticks = tick_columns(one.table, one.plan, one.known)
    if others := [column for column in left_out(one.table, one.plan, one.known) if column not in ticks]:
        tell(f"{one.name}: columns left out: {', '.join(others)}")
    if ticks:
        words = "columns left out that hold only ticks (are they provisions? the page asks)"
        tell(f"{one.name}: {words}: {', '.join(ticks)}")


def _make(found: Preview, folder: Path, *, accept_alarms: bool) -> None:
    written: list[Path] = []
    if found.rejected_rows:
        # In the data folder, because these rows are about pupils too.
        written = write_rejected(found, folder / "rejected" / f"{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        with changing(folder), progress() as show:
            manifest = commit(found, user_name(), show, accept_alarms=accept_alarms)
    except BaseException:
        # A try that was refused leaves no list of pupils behind, but where the list is what has to be mended.
        if found.rows:
            for file in written:
                file.unlink()
            if written:
                written[0].parent.rmdir()
        else:
            _tell_written(written)
        raise
    _tell_written(written)
    tell(f"imported as number {manifest.number}" if manifest else "all of this was held already")


def _tell_written(written: list[Path]) -> None:
    if written:
        tell(f"the rejected rows are listed in {', '.join(map(str, written))}")


def _print_counts(counts: dict[str, dict[str, int]], to: TextIO) -> None:
    headings = ("dataset", "rows read", "new", "changed", "unchanged", "missing from this file", "rejected")
    rows = [(name, *(counted[word] for word in COUNTS)) for name, counted in counts.items()]
    print(table(headings, rows), file=to)


def _tell_problems(problems: pl.DataFrame) -> None:
    """Say of the first few problems where they are and how to mend them; rejections first.

    A terminal is often written to a log: the values stay in the list of rejected rows and on the page.
    """
    first = problems.sort(pl.col("verdict") != REJECTED, maintain_order=True).head(PROBLEMS_SHOWN)
    for problem in first.with_columns(in_a_sentence()).iter_rows(named=True):
        place = f"{problem['file']}, line {problem['line']}"
        column = f", {problem['column']}" if problem["column"] else ""
        verdict = VERDICTS.get(problem["verdict"], "row kept")
        tell(f"{place}{column}: {problem['told'].rstrip('.')}; {verdict}. {problem['remedy']}")
    if problems.height > PROBLEMS_SHOWN:
        tell(f"and {problems.height - PROBLEMS_SHOWN:,} more such cells or rows")
