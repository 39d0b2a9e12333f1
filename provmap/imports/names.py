"""Cells of pupils' names -> the pupils who are held, each confirmed by a person.

A map kept by hand names its pupils: "Ava Smith, Ben Jones; Łuć Aneta". Each name is looked up letter for
letter, never by likeness, and what is found is only proposed. What a person says of a name holds for one
import: it is a plan's answer, and is left out of the plan that is remembered.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from provmap.imports.codes import year_group
from provmap.imports.delimited import Table
from provmap.imports.plans import ABOUT_PUPIL, Plan
from provmap.imports.problems import problem_rows

STEP = "split names"
# What a person can say of a name besides a pupil's identifier; a proposal that waits begins with the mark.
NOBODY, OPEN = "nobody", "?"
_LINES, _COMMAS = re.compile(r"[;\n\r]+"), re.compile(r",+")
_JOINED = re.compile(r"\s+(?:&|\+|and)\s+", re.IGNORECASE)
REMEDY = (
    "Write forename and surname as they are on roll, or import the pupil first; for a forename alone, name "
    "the class in a column of its own. Then import this row again."
)


@dataclass(frozen=True)
class Pupil:
    """A pupil who is held, as far as a person has to know which one is meant."""

    pupil_id: str
    surname: str
    forename: str
    year_group: str = ""
    class_name: str = ""
    has_left: bool = False

    @property
    def words(self) -> str:
        """ "Ava Smith, Year 5, Oak"."""
        year = f"Year {self.year_group}" if self.year_group.isdigit() else self.year_group
        parts = [f"{self.forename} {self.surname}", year, self.class_name, "left" if self.has_left else ""]
        return ", ".join(part for part in parts if part)


Roll = Callable[[], list[Pupil]]


@dataclass(frozen=True)
class Name:
    """One name in a cell: its row, how it is written, the answer that settles it, and who may be meant."""

    row: int
    text: str
    key: str
    pupils: tuple[Pupil, ...]


class Names:
    """The pupils of the roll, by each way in which a map may name them."""

    def __init__(self, roll: list[Pupil]) -> None:
        self._full: dict[str, list[Pupil]] = {}
        self._forenames: dict[str, list[Pupil]] = {}
        for pupil in roll:
            forename, surname = same(pupil.forename), same(pupil.surname)
            # As a set: "Ben Ben" is one way of writing and not two pupils.
            for written in {f"{forename} {surname}", f"{surname} {forename}", f"{surname}, {forename}"}:
                self._full.setdefault(written, []).append(pupil)
            self._forenames.setdefault(forename, []).append(pupil)

    def split(self, cell: str) -> Iterator[str]:
        """The names of a cell; "Smith, Ava" is one name where a pupil is called so."""
        for line in _LINES.split(cell):
            whole = " ".join(line.split())
            parts = [whole] if same(whole) in self._full else _COMMAS.split(whole)
            for part in parts:
                names = [part] if same(part) in self._full else _JOINED.split(part)
                yield from (name.strip() for name in names if name.strip())

    def find(self, text: str, places: str) -> tuple[str, tuple[Pupil, ...]]:
        """How a name is asked about, and who may be meant by it in the classes named beside it."""
        full = self._full.get(same(text), [])
        here = [pupil for pupil in full if _is_in(pupil, places)] if places else []
        if len(full) > 1 and here:
            return f"{text} ({places})", tuple(here)
        if full or not places:
            return text, tuple(full)
        forename = [pupil for pupil in self._forenames.get(same(text), []) if _is_in(pupil, places)]
        return f"{text} ({places})", tuple(forename if len(forename) == 1 else ())


def same(text: str) -> str:
    """A name without regard to case and to the number of spaces; every letter and mark counts."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def made_by(step: dict[str, str]) -> str:
    """The heading of the column that the step adds: the pupil of each name."""
    return f"pupil_id (from {step['column']})"


def read_names(table: Table, step: dict[str, str], roll: list[Pupil]) -> list[Name]:
    """Every name in the step's column, in the order of the file."""
    names = Names(roll)
    cells = _texts(table, step["column"])
    beside = [_texts(table, step[word]) for word in ("year", "class") if step.get(word)]
    places = [", ".join(filter(None, map(str.strip, row))) for row in zip(*beside, strict=True)]
    found = []
    for row, cell in enumerate(cells):
        for text in names.split(cell):
            asked, pupils = names.find(text, places[row] if places else "")
            found.append(Name(row, text, f"{ABOUT_PUPIL}{asked} in {step['column']}", pupils))
    return found


def named(table: Table, plan: Plan, roll: Roll) -> Plan:
    """The plan with a question for each name that pupils have, as answers that are still open."""
    answers = dict(plan.answers)
    for step in steps_of(plan):
        for name in read_names(table, step, roll()):
            proposed = " or ".join(f"{one.pupil_id} {one.words}" for one in name.pupils)
            if name.pupils and name.key not in answers:
                answers[name.key] = f"{OPEN} {proposed}"
    return replace(plan, answers=answers) if answers != plan.answers else plan


def steps_of(plan: Plan) -> list[dict[str, str]]:
    """The steps of a plan that read names."""
    return [step for step in plan.steps if step["do"] == STEP]


def open_names(plan: Plan, column: str) -> list[str]:
    """The answers about names in a column that a person has still to give."""
    ending = f" in {column}"
    return [
        key for key, text in plan.answers.items()
        if key.startswith(ABOUT_PUPIL) and key.endswith(ending) and text.startswith(OPEN)
    ]  # fmt: skip


def by_pupil(table: Table, step: dict[str, str], plan: Plan, roll: Roll) -> Table:
    """A row for each name that a person has matched with a pupil, with the other cells beside it."""
    found = [(name.row, plan.answers.get(name.key, "")) for name in read_names(table, step, roll())]
    held = {pupil.pupil_id for pupil in roll()}
    matched = [(row, answer) for row, answer in found if answer in held]
    places = pl.Series([row for row, _ in matched], dtype=pl.UInt32)
    made = pl.Series([pupil for _, pupil in matched], dtype=pl.String)
    column = str(table.place_of(made_by(step)))
    rows = table.rows.select(pl.all().gather(places)).with_columns(made.alias(column))
    return replace(table, rows=rows, lines=table.lines.gather(places), faults={})


def unmatched(table: Table, step: dict[str, str], plan: Plan, roll: Roll) -> pl.DataFrame:
    """A problem for each name that is no pupil's, with its line: nobody is left out in silence."""
    names = read_names(table, step, roll())
    held = {pupil.pupil_id for pupil in roll()}
    left = [name for name in names if plan.answers.get(name.key) not in held]
    told = ["the name of one pupil who is held", "the name of a pupil: nobody was chosen for it"]
    return problem_rows(
        file=table.file, lines=table.lines.gather([name.row for name in left]), dataset="placements",
        column=step["column"], values=pl.Series([name.text for name in left], dtype=pl.String),
        expected=pl.Series([told[bool(name.pupils)] for name in left], dtype=pl.String), remedy=REMEDY,
    )  # fmt: skip


def _is_in(pupil: Pupil, places: str) -> bool:
    """Whether "Oak", "5 Oak", "Year 5" or one of several such is where a pupil is."""
    own = {same(pupil.class_name), same(f"{pupil.year_group} {pupil.class_name}")} - {""}
    parts = [part.strip() for part in re.split(r"[,;/&\n]|\band\b", places) if part.strip()]
    years = [year for part in parts if (year := year_group(part))]
    classes = [same(part) for part in parts if not year_group(part)]
    in_class = not classes or not own.isdisjoint(classes)
    return in_class and (not years or pupil.year_group in years)


def _texts(table: Table, heading: str) -> list[str]:
    cells = table.rows[str(table.place_of(heading))].cast(pl.String).fill_null("")
    return cells.str.strip_chars().to_list()
