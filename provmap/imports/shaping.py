"""Carries out a plan: one foreign table -> tables in the contract's headings, one a dataset or a column.

Lines of the original are kept, so that a problem still names the row that the office has to mend.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from provmap.errors import ImportRefused
from provmap.filters import academic_year_of
from provmap.imports import attended, matching
from provmap.imports.codes import fold, year_group
from provmap.imports.delimited import Table
from provmap.imports.half_terms import Terms, day_of
from provmap.imports.marks import parts_of, rows_with
from provmap.imports.names import Roll, by_pupil, made_by, steps_of
from provmap.imports.needed import with_need
from provmap.imports.plans import Each, Output, Plan
from provmap.imports.provision_lists import fill_down
from provmap.imports.provisions import Provisions, look_up
from provmap.imports.results import clean
from provmap.imports.ticks import CODES, Had, Who, as_held

# In place of a date or an academic year in a plan, so that a remembered plan holds for the next file too.
IMPORT_DATE, IMPORT_YEAR = "day of the import", "year of the import"


@dataclass(frozen=True)
class Known:
    """What a plan leans on: the import's day, and the pupils who are held.

    `pupils` finds them by UPN, or by name and date of birth; `roll` lists them, for cells of names.
    `answers` is what the plan at hand has settled, `school` its column of the school; `in_place` gives what
    pupils have on the import's day in a dataset.
    """

    dated: date
    pupils: matching.Pupils = field(default_factory=matching.Pupils)
    roll: Roll = list
    provisions: Provisions = field(default_factory=Provisions)
    answers: dict[str, str] = field(default_factory=dict)
    school: str = ""
    terms: Terms = field(default_factory=Terms)
    in_place: Callable[[str], dict[Who, Had]] = lambda _dataset: {}

    def said(self, text: str) -> str:
        """What a plan sets, with the import's own day or academic year where it says so."""
        if text == IMPORT_DATE:
            return self.dated.isoformat()
        if day := day_of(text, self.dated, self.terms):
            return day.isoformat()
        return academic_year_of(self.dated) if text == IMPORT_YEAR else text


TERMS = {"autumn": ("autumn", "aut"), "spring": ("spring", "spr"), "summer": ("summer", "sum")}
TERM_WORDS = {word for words in TERMS.values() for word in words}


def lay_out(table: Table, plan: Plan, known: Known) -> Table:
    """The table with its headings where the plan says, without totals, and with the columns of its steps."""
    table = _with_headings(table, plan.heading_row, plan.heading_rows)
    if plan.ending_rows:
        kept = max(table.rows.height - plan.ending_rows, 0)
        table = replace(table, rows=table.rows.head(kept), lines=table.lines.head(kept))
    known = for_plan(plan, known)
    for step in plan.steps:
        table = _STEPS[step["do"]](table, step, known)
    return table


def for_plan(plan: Plan, known: Known) -> Known:
    """What is known, with what a plan has settled and where it has the school of a row."""
    school = next((one.columns["school_id"] for one in plan.outputs if "school_id" in one.columns), "")
    return replace(known, answers=plan.answers, school=school)


def shape(table: Table, plan: Plan, known: Known) -> list[Table]:
    """One table for each output of the plan, and for each spread-out column of an output."""
    whole = lay_out(table, plan, known)
    shaped = []
    for output in plan.outputs:
        laid = whole
        for step in steps_of(plan):
            # Only what is about the pupils has a row for each of them; the rest stays a row a line.
            if made_by(step) in output.columns.values():
                laid = by_pupil(laid, step, plan, known.roll)
        if output.rows:
            shaped.append(_given_rows(laid, output))
        elif output.each:
            # Each has the columns of all, so that a blank in one means the same as in another.
            names = dict.fromkeys(name for each in output.each for name in each.set)
            parts = [part for each in output.each for part in parts_of(each, plan)]
            shaped += [_shape_one(laid, (plan, known), output, each, names) for each in parts]
        else:
            shaped.append(_shape_one(with_need(laid, output), (plan, known), output, None, {}))
    # Where every name is nobody's there are problems to tell of, though no row.
    made = {made_by(step) for step in steps_of(plan)}
    return [
        one for one in shaped
        if one.rows.height or not made.isdisjoint(one.origins) or (one.undated and one.undated.entered)
    ]  # fmt: skip


def _with_headings(table: Table, row: int, rows: int) -> Table:
    """Takes the headings from further down: row 1 is the one that the table was read with."""
    headings = list(table.headings)
    above = headings
    if row > 1:
        if table.rows.height < row - 1:
            raise ImportRefused(
                f"{table.file} has no row {row}.", "Say again in which row its headings stand."
            )
        texts = table.rows.cast(pl.String)
        headings = [text or "" for text in texts.row(row - 2)]
        above = headings if row == 1 else ([text or "" for text in texts.row(row - 3)] if row > 2 else above)
        table = replace(
            table, rows=table.rows.slice(row - 1), lines=table.lines.slice(row - 1),
            faults={place - row + 1: words for place, words in table.faults.items() if place >= row - 1},
        )  # fmt: skip
    if rows == 2:
        headings = _merged(above, headings)
    return replace(table, headings=different(headings))


def _merged(above: list[str], headings: list[str]) -> list[str]:
    """A merged cell stands over every column until the next one, but for one with a name of its own."""
    lower_names = [fold(heading) for heading in headings]
    last, merged = "", []
    for upper, lower, name in zip(above, headings, lower_names, strict=True):
        last = upper.strip() or last
        needs_more = lower_names.count(name) > 1 or any(word in TERM_WORDS for word in name.split())
        merged.append((f"{last} {lower}" if upper.strip() or needs_more else lower).strip())
    return merged


def repeated(headings: tuple[str, ...]) -> set[str]:
    """The headings that stand more than once, as the first of each is written."""
    again = {fold(match[1]) for heading in headings if (match := re.match(r"^(.+) \(\d+\)$", heading))}
    return {heading for heading in headings if fold(heading) in again}


def different(headings: list[str]) -> tuple[str, ...]:
    """The headings, with "Year (2)" for the second of one name."""
    seen: dict[str, int] = {}
    named = []
    for heading in headings:
        key = fold(heading)
        seen[key] = seen.get(key, 0) + 1
        named.append(heading if seen[key] == 1 or not heading.strip() else f"{heading.strip()} ({seen[key]})")
    return tuple(named)


def _shape_one(
    table: Table, how: tuple[Plan, Known], output: Output, each: Each | None, names: dict[str, None]
) -> Table:
    plan, known = how
    columns = {name: table.place_of(heading) for name, heading in output.columns.items()}
    fixed = {**dict.fromkeys(names, ""), **output.set, **(each.set if each else {})}
    is_undated = fixed.get("start_date") == IMPORT_DATE and "start_date" not in columns
    if each:
        table = _rows_of(table, plan, each)
        if each.to:
            columns[each.to] = table.place_of(each.column)
        if (possible := fixed.get("possible", "")).startswith(attended.COLUMN):
            columns["possible"] = table.place_of(possible.removeprefix(attended.COLUMN))
    # A column given both ways: what stands in the file counts before what is set for all.
    blanks = {name: known.said(text) for name, text in fixed.items() if name in columns}
    fixed = {name: known.said(text) for name, text in fixed.items() if name not in columns}
    if "tier" in blanks:
        table = _filled(table, str(columns["tier"]), blanks["tier"])
    made = table.rows.select(
        *(pl.col(str(place)).alias(f"c{number}") for number, place in enumerate(columns.values())),
        *(pl.lit(text, dtype=pl.String).alias(f"s{number}") for number, text in enumerate(fixed.values())),
    )
    made.columns = [str(place) for place in range(made.width)]
    shaped = replace(
        table, headings=(*columns, *fixed), rows=made, dataset=output.dataset,
        origins=(*(table.headings[place] for place in columns.values()), *fixed),
    )  # fmt: skip
    is_undated = is_undated and {"pupil_id", CODES.get(output.dataset, "")} <= set(shaped.headings)
    return as_held(shaped, known) if is_undated else shaped


def _filled(table: Table, place: str, text: str) -> Table:
    """The tier of what is held is known; what is new has the one that is set for all."""
    cells = table.rows[place].cast(pl.String).fill_null("")
    return replace(table, rows=table.rows.with_columns(cells.replace("", text).alias(place)))


def _rows_of(table: Table, plan: Plan, each: Each) -> Table:
    """The rows in which a spread-out column says something, its cells as the contract has them."""
    place = str(table.place_of(each.column))
    cells = _cells(table, place, each, plan)
    wanted = rows_with(cells, each, plan)
    return replace(
        table, rows=table.rows.with_columns(cells.alias(place)).filter(wanted),
        lines=table.lines.filter(wanted), faults={},
    )  # fmt: skip


def _cells(table: Table, place: str, each: Each, plan: Plan) -> pl.Series:
    """The cells of a spread-out column as the contract has them."""
    cells = table.rows[place]
    if each.to == "value":
        return clean(cells, each, plan)
    if each.when != attended.PERCENTAGE:
        return cells.cast(pl.String)
    possible = each.set.get("possible", "")
    if possible.startswith(attended.COLUMN):
        counted = table.rows[str(table.place_of(possible.removeprefix(attended.COLUMN)))]
    else:
        counted = pl.Series([possible]).new_from_index(0, len(cells))
    return attended.sessions(cells, counted)


def _given_rows(table: Table, output: Output) -> Table:
    names = list(dict.fromkeys(name for row in output.rows for name in row))
    rows = pl.DataFrame(
        [[row.get(name, "") for name in names] for row in output.rows],
        schema={str(place): pl.String for place in range(len(names))}, orient="row",
    )  # fmt: skip
    return replace(
        table, headings=tuple(names), rows=rows, faults={}, dataset=output.dataset, origins=tuple(names),
        lines=pl.Series("line", [1] * rows.height, dtype=pl.UInt32),
    )  # fmt: skip


def _split_name(table: Table, step: dict[str, str], _known: Known) -> Table:
    """ "Łuć, Aneta" or "Aneta Łuć" -> surname and forename. With a comma the surname always comes first."""
    cells = _text(table, step["column"])
    has_comma = cells.str.contains(",", literal=True)
    first, rest = _halves(cells, ",")
    one, others = _halves(cells, " ")
    if step["order"] == "surname first":
        surname, forename = one, others
    else:
        forename, surname = one, others
    return _with_columns(
        table,
        {
            "surname": first.zip_with(has_comma, surname),
            "forename": rest.zip_with(has_comma, forename),
        },
        step["column"],
    )


def _split_year_and_class(table: Table, step: dict[str, str], _known: Known) -> Table:
    """ "5 Oak" or "Year 5 - Oak" -> year_group 5 and class Oak; a class such as 5B keeps its whole name."""

    def read(text: str) -> tuple[str | None, str | None]:
        match = re.fullmatch(
            r"(?i)((?:year|yr|y)?\s*(?:\d{1,2}|r|rec|reception|n[12]))\s*([-/:]?)\s*(.*)", text
        )
        year = year_group(match[1].strip()) if match else None
        if not match or year is None:
            return None, text or None
        rest = match[3].strip()
        # "5B" is a class's own name; "5 Oak" is a year and a name.
        joined = not match[2] and rest and not text[len(match[1]) : len(match[1]) + 1].isspace()
        return year, (text if joined or not rest else rest)

    cells = _text(table, step["column"])
    found = [read(text) for text in cells]
    return _with_columns(
        table,
        {
            "year_group": pl.Series([year for year, _ in found], dtype=pl.String),
            "class": pl.Series([name for _, name in found], dtype=pl.String),
        },
        step["column"],
    )


def _split_names(table: Table, step: dict[str, str], _known: Known) -> Table:
    """The place of the pupils' column; there is a row for each of them only where one is used (`shape`)."""
    return _with_columns(table, {"pupil_id": _text(table, step["column"])}, step["column"])


def _match_provisions(table: Table, step: dict[str, str], known: Known) -> Table:
    """The provision of each name: the held one, else a new one that is called so."""
    found = look_up(_text(table, step["column"]), step, known.answers, known.provisions)
    return _with_columns(table, {name: found[name] for name in found.columns}, step["column"])


def _fill_down(table: Table, step: dict[str, str], _known: Known) -> Table:
    """A merged cell, which a sheet holds in its first row alone."""
    return fill_down(table, step["column"])


def _number_rows(table: Table, step: dict[str, str], _known: Known) -> Table:
    """A file without any identifier: its rows are numbered, in the order of the file."""
    numbers = pl.int_range(1, table.rows.height + 1, eager=True).cast(pl.String)
    made = pl.Series([f"{step['prefix']}{number}" for number in numbers], dtype=pl.String)
    return _with_columns(table, {"row number": made}, "")


def _match_by_upn(table: Table, step: dict[str, str], known: Known) -> Table:
    """The held pupil with this UPN; where there is none, what the other column says (or the UPN itself)."""
    found = matching.by_upn(table, step["column"], known.pupils, known.school)
    return _with_pupils(table, found, step, known)


def _with_pupils(table: Table, found: pl.Series, step: dict[str, str], known: Known) -> Table:
    pupils, doubts = matching.settled(table, found, step, known.pupils, known.school)
    return _with_columns(replace(table, doubts=table.doubts | doubts), {"pupil_id": pupils}, step["column"])


def _follow_former_upn(table: Table, step: dict[str, str], known: Known) -> Table:
    """A pupil held under a former UPN is the same pupil; the others stay who they are."""
    found = matching.by_former_upn(table, step, known.pupils, known.school)
    return _with_pupils(table, found, step, known)


def _match_by_name(table: Table, step: dict[str, str], known: Known) -> Table:
    """The held pupil of this name and birth, where a person has agreed to that and only one has them."""
    pupils = known.pupils if step["agreed"] == "yes" else matching.Pupils()
    found = matching.by_birth(table, step, pupils, known.school)
    return _with_columns(table, {"pupil_id": found}, "name and date of birth")


_STEPS = {
    "split name": _split_name,
    "split year and class": _split_year_and_class,
    "split names": _split_names,
    "match provisions": _match_provisions,
    "fill down": _fill_down,
    "number rows": _number_rows,
    "match by UPN": _match_by_upn,
    "follow former UPN": _follow_former_upn,
    "match by name and date of birth": _match_by_name,
}


def _text(table: Table, heading: str) -> pl.Series:
    cells = table.rows[str(table.place_of(heading))].cast(pl.String).fill_null("")
    return cells.str.strip_chars().str.replace_all(r"\s+", " ")


def _halves(cells: pl.Series, mark: str) -> tuple[pl.Series, pl.Series]:
    parts = (
        cells.to_frame("text")
        .select(pl.col("text").str.splitn(mark, 2).struct.rename_fields(["one", "two"]))
        .unnest("text")
    )
    return parts["one"].str.strip_chars(), parts["two"].fill_null("").str.strip_chars()


def _with_columns(table: Table, made: dict[str, pl.Series], source: str) -> Table:
    """The table with new columns at its end, named for what they are and where they came from."""
    rows = table.rows.with_columns(
        cells.alias(str(table.rows.width + number)) for number, cells in enumerate(made.values())
    )
    headings = [*table.headings, *(f"{name} (from {source})" if source else name for name in made)]
    return replace(table, rows=rows, headings=tuple(headings))
