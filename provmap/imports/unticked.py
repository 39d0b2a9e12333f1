"""Who was ticked or named in an earlier sheet of the same kind, has it still, and is ticked no longer.

A sheet says that something has stopped by saying nothing, and never when. So nothing is ended: each such
pupil is listed, and a person ends it. Only pupils are listed of whom the sheet speaks: those with a row in
it, and of a map of names those in the classes that it names pupils of.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from provmap.filters import show_date
from provmap.imports.delimited import Table
from provmap.imports.foreign import Foreign
from provmap.imports.names import STEP as NAMES
from provmap.imports.names import made_by, read_names
from provmap.imports.plans import Each, Output
from provmap.imports.problems import NOTICE, no_problems, problem_rows
from provmap.imports.shaping import Known, lay_out
from provmap.imports.ticks import CODES, OWN, Who
from provmap.store import list_imports
from provmap.store.kept import rows_file

TICKED, NAMED = "ticked", "named"
WHERE = "on the page Enter and correct if it has stopped"


@dataclass(frozen=True)
class Sheet:
    """What one column of ticks, or one provision of a map of names, is a list of.

    `lines` gives the line of each pupil who can be in it; those of a map all have that of the provision.
    """

    file: str
    column: str
    dataset: str
    code: str
    how: str
    lines: dict[str, int]

    @property
    def kind(self) -> str:
        """What an import keeps of it, so that a later one knows where its rows came from."""
        return f"{self.dataset} {self.how} {self.code}"


def lists_of(foreign: list[Foreign]) -> list[Sheet]:
    """Every list of pupils that the tables of an import are."""
    found: list[Sheet] = []
    for one in foreign:
        if one.questions:
            continue
        laid = lay_out(one.table, one.plan, one.known)
        for output in one.plan.outputs:
            if output.dataset in CODES and "pupil_id" in output.columns:
                ticks = [each for each in output.each if each.when == "ticked"]
                found += [_of_ticks(laid, output, each) for each in ticks]
                found += [] if output.each else _of_names(laid, output, one)
    return found


def unticked(
    sheets: list[Sheet],
    rows: dict[str, pl.DataFrame],
    entered: list[tuple[str, Who]],
    known: Known | None,
    folder: Path,
) -> tuple[list[str], pl.DataFrame]:
    """Who is in place, came with an earlier list, and is not in this one: sentences, and a row for each.

    `rows` is what the import brings, `entered` what it speaks of and people entered in the app.
    """
    if known is None or not sheets:
        return [], no_problems()
    roll = {pupil.pupil_id: pupil for pupil in known.roll() if not pupil.has_left}
    told, listed = [], [no_problems()]
    for sheet in sheets:
        now = _pupils(rows.get(sheet.dataset), sheet)
        now |= {pupil for name, (_, pupil, code) in entered if (name, code) == (sheet.dataset, sheet.code)}
        had = known.in_place(sheet.dataset)
        gone = {
            pupil: had[OWN, pupil, sheet.code].start_date
            for pupil in sorted(_from_before(folder, sheet) - now)
            if pupil in roll
            and pupil in sheet.lines
            and (OWN, pupil, sheet.code) in had
            and not had[OWN, pupil, sheet.code].is_later
        }
        if not gone:
            continue
        held = known.provisions.held.get(sheet.code)
        name = held.name if held and sheet.dataset == "placements" else sheet.code
        pupils = "1 pupil is" if len(gone) == 1 else f"{len(gone):,} pupils are"
        what = "their provision" if sheet.dataset == "placements" else "their time in the group"
        told.append(f"{pupils} no longer {sheet.how} for {name}: end {what} {WHERE}.")
        lines = pl.Series("line", [sheet.lines[pupil] for pupil in gone], dtype=pl.UInt32)
        said = [
            f"No longer {sheet.how} for {name}, in place since {show_date(day)}." for day in gone.values()
        ]
        listed.append(
            problem_rows(
                file=sheet.file, lines=lines, dataset=sheet.dataset, column=sheet.column,
                values=pl.Series([roll[pupil].words for pupil in gone], dtype=pl.String),
                expected=pl.Series(said, dtype=pl.String), remedy=f"End it {WHERE}.", verdict=NOTICE,
            )
        )  # fmt: skip
    return told, pl.concat(listed)


def _of_ticks(laid: Table, output: Output, each: Each) -> Sheet:
    code = (output.set | each.set).get(CODES[output.dataset], "")
    pupils = _texts(laid, output.columns["pupil_id"])
    lines = dict(zip(pupils, laid.lines.to_list(), strict=True))
    return Sheet(laid.file, each.column, output.dataset, code, TICKED, lines)


def _of_names(laid: Table, output: Output, one: Foreign) -> list[Sheet]:
    heading = output.columns["pupil_id"]
    step = next((step for step in one.plan.steps if step["do"] == NAMES and made_by(step) == heading), None)
    if step is None or CODES[output.dataset] not in output.columns:
        return []
    roll = one.known.roll()
    meant = {one.plan.answers.get(name.key) for name in read_names(laid, step, roll)}
    classes = {(pupil.year_group, pupil.class_name) for pupil in roll if pupil.pupil_id in meant}
    pupils = [pupil.pupil_id for pupil in roll if (pupil.year_group, pupil.class_name) in classes]
    codes = dict(zip(reversed(_texts(laid, output.columns[CODES[output.dataset]])),
                     reversed(laid.lines.to_list()), strict=True))  # fmt: skip
    return [
        Sheet(laid.file, step["column"], output.dataset, code, NAMED, dict.fromkeys(pupils, line))
        for code, line in codes.items() if code
    ]  # fmt: skip


def _from_before(folder: Path, sheet: Sheet) -> set[str]:
    """The pupils whom earlier imports of such a list brought in."""
    found: set[str] = set()
    for made in list_imports(folder):
        if sheet.kind in made.lists and sheet.dataset in made.columns and not made.withdrawn_at:
            kept = rows_file(folder, made.id, sheet.dataset)
            found |= _pupils(pl.read_parquet(kept, columns=["pupil_id", CODES[sheet.dataset]]), sheet)
    return found


def _pupils(rows: pl.DataFrame | None, sheet: Sheet) -> set[str]:
    """The pupils who are in something, among rows of a dataset."""
    if rows is None or rows.is_empty():
        return set()
    return set(rows.filter(pl.col(CODES[sheet.dataset]) == sheet.code)["pupil_id"])


def _texts(laid: Table, heading: str) -> list[str]:
    return laid.rows[str(laid.place_of(heading))].cast(pl.String).fill_null("").str.strip_chars().to_list()
