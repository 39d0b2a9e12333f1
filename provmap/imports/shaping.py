"""Carries out a plan: one foreign table -> tables in the contract's headings, one a dataset or a column.

Lines of the original are kept, so that a problem still names the row that the office has to mend.
"""

import re
from dataclasses import replace

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.codes import fold, year_group
from provmap.imports.delimited import Table
from provmap.imports.plans import Each, Output, Plan
from provmap.imports.values import NO

LINE = "_line"
TERMS = {"autumn": ("autumn", "aut"), "spring": ("spring", "spr"), "summer": ("summer", "sum")}
TERM_WORDS = {word for words in TERMS.values() for word in words}
TICKS = {"✓", "✔", "☑", "x", "y", "yes", "true", "1"}


def lay_out(table: Table, plan: Plan) -> Table:
    """The table with its headings where the plan says, without totals, and with the columns of its steps."""
    table = _with_headings(table, plan.heading_row, plan.heading_rows)
    if plan.ending_rows:
        kept = max(table.rows.height - plan.ending_rows, 0)
        table = replace(table, rows=table.rows.head(kept), lines=table.lines.head(kept))
    for step in plan.steps:
        table = _STEPS[step["do"]](table, step)
    return table


def shape(table: Table, plan: Plan) -> list[Table]:
    """One table for each output of the plan, and for each spread-out column of an output."""
    laid = lay_out(table, plan)
    shaped = []
    for output in plan.outputs:
        if output.rows:
            shaped.append(_given_rows(laid, output))
        elif output.each:
            shaped += [_shape_one(laid, output, each) for each in output.each]
        else:
            shaped.append(_shape_one(laid, output, None))
    return [one for one in shaped if one.rows.height]


def place_of(table: Table, heading: str) -> int:
    """Where a column stands. Raises ImportRefused where the table has none of that heading."""
    for place, name in enumerate(table.headings):
        if fold(name) == fold(heading):
            return place
    raise ImportRefused(
        f"{table.file} has no column {heading}.", "Choose what each column is again for this file."
    )


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
    return replace(table, headings=_different(headings))


def _merged(above: list[str], headings: list[str]) -> list[str]:
    """A merged cell stands over every column until the next one, but for one with a name of its own."""
    lower_names = [fold(heading) for heading in headings]
    last, merged = "", []
    for upper, lower, name in zip(above, headings, lower_names, strict=True):
        last = upper.strip() or last
        needs_more = lower_names.count(name) > 1 or any(word in TERM_WORDS for word in name.split())
        merged.append((f"{last} {lower}" if upper.strip() or needs_more else lower).strip())
    return merged


def _different(headings: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    named = []
    for heading in headings:
        key = fold(heading)
        seen[key] = seen.get(key, 0) + 1
        named.append(heading if seen[key] == 1 or not heading.strip() else f"{heading.strip()} ({seen[key]})")
    return tuple(named)


def _shape_one(table: Table, output: Output, each: Each | None) -> Table:
    columns = {name: place_of(table, heading) for name, heading in output.columns.items()}
    fixed = {**output.set, **(each.set if each else {})}
    rows, lines = table.rows, table.lines
    faults = table.faults
    if each:
        place = place_of(table, each.column)
        if each.to:
            columns[each.to] = place
        text = rows[str(place)].cast(pl.String).fill_null("").str.strip_chars()
        marks = text.str.to_lowercase()
        if each.when == "ticked":
            wanted = marks.is_in(list(TICKS)) | ((marks != "") & ~marks.is_in([*NO, "-"]))
        else:
            wanted = text != ""
        rows, lines, faults = rows.filter(wanted), lines.filter(wanted), {}
    # A column given both ways: what stands in the file counts before what is set for all.
    fixed = {name: text for name, text in fixed.items() if name not in columns}
    made = rows.select(
        *(pl.col(str(place)).alias(f"c{number}") for number, place in enumerate(columns.values())),
        *(pl.lit(text, dtype=pl.String).alias(f"s{number}") for number, text in enumerate(fixed.values())),
    )
    made.columns = [str(place) for place in range(made.width)]
    return replace(
        table, headings=(*columns, *fixed), rows=made, lines=lines, faults=faults,
        dataset=output.dataset,
        origins=(*(table.headings[place] for place in columns.values()), *fixed),
    )  # fmt: skip


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


def _split_name(table: Table, step: dict[str, str]) -> Table:
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


def _split_year_and_class(table: Table, step: dict[str, str]) -> Table:
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


def _split_names(table: Table, step: dict[str, str]) -> Table:
    """A cell with several names (one to a line, or parted by ; or ,) -> a row for each of them."""
    place = str(place_of(table, step["column"]))
    parts = pl.col(place).cast(pl.String).str.replace_all(r"\s*[,;\n\r]+\s*", ";")
    parts = parts.str.strip_chars(" ;").str.split(";")
    rows = table.rows.with_columns(table.lines.alias(LINE), parts.alias(place)).explode(place)
    rows = rows.filter(pl.col(place).is_not_null() & (pl.col(place) != ""))
    return replace(table, rows=rows.drop(LINE), lines=rows[LINE], faults={})


def _number_rows(table: Table, step: dict[str, str]) -> Table:
    """A file without any identifier: its rows are numbered, in the order of the file."""
    numbers = pl.int_range(1, table.rows.height + 1, eager=True).cast(pl.String)
    made = pl.Series([f"{step['prefix']}{number}" for number in numbers], dtype=pl.String)
    return _with_columns(table, {"row number": made}, "")


_STEPS = {
    "split name": _split_name,
    "split year and class": _split_year_and_class,
    "split names": _split_names,
    "number rows": _number_rows,
}


def _text(table: Table, heading: str) -> pl.Series:
    cells = table.rows[str(place_of(table, heading))].cast(pl.String).fill_null("")
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
