"""One file's table -> its good rows, typed, and a problem for every cell or row that is not good."""

import re
from dataclasses import dataclass

import duckdb
import polars as pl

from provmap.imports.delimited import Table
from provmap.imports.headings import Match
from provmap.imports.keys import key_columns, keys_of
from provmap.imports.problems import NOTICE, no_problems, problem_rows
from provmap.imports.scores import score_notices
from provmap.imports.telling import READ, Told, silent
from provmap.imports.uneven import mark_absent, say_nothing
from provmap.imports.unread import are_unread
from provmap.imports.unread import told as told_unread
from provmap.imports.upns import upn_notices
from provmap.imports.values import DTYPES, Values, read_values, tidy
from provmap.store.contract import STATUS_FLAGS, Dataset

# Whether a pupil is on roll hangs on these: what cannot be read there must be mended.
ON_ROLL = {"entry_date", "leaving_date"}
LEFT_BLANK = {
    "remedy": "This cell was left out and the rest of the row kept. Mend the cell and import the row again.",
    "verdict": NOTICE,
}
# The place of a row in its file, kept beside its values until the import is made.
ROW, LINE = "_row", "_line"


@dataclass(frozen=True)
class Checked:
    """`rows` has the contract columns of the file, with `_row` and `_line`, and no rejected row.

    `rejected` holds the lines of those, `left` what they are about.
    """

    rows: pl.DataFrame
    rejected: pl.Series
    problems: pl.DataFrame
    notices: list[str]
    left: pl.DataFrame


def check_table(table: Table, match: Match, blank_flags: str, told: Told = silent) -> Checked:
    """Reads every cell that the contract knows, and applies the contract's rules to each row."""
    dataset = match.dataset
    names = {str(place): name for name, place in match.places.items()}
    cells = tidy(table.rows.select(names.keys()).rename(names))
    read, problems, notices = _read_columns(table, match, cells, told)
    rows = pl.DataFrame([one.values for one in read]).with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW), table.lines.alias(LINE)
    )
    unread = _unread(dataset, read)
    if table.tells_absent:
        rows = mark_absent(rows, table.rows.select(names.keys()).rename(names))
    elif blank_flags == "no":
        rows = _blank_is_no(rows, unread)
    rows = say_nothing(rows, unread)
    left_blank = [problem for problem in problems if problem["verdict"].first() == NOTICE]
    problems = [problem for problem in problems if problem["verdict"].first() != NOTICE]
    if dataset.name == "assessments" and "assessed_on" in rows.columns:
        rows = _day_before_term(rows)
    problems += _blank_cells(table, match, cells)
    # A row that has a fault already is not blamed again for what follows from it.
    faulty = _lines_of(problems)
    is_good = ~pl.col(LINE).is_in(faulty.implode()) if len(faulty) else pl.lit(True)
    problems += _broken_rules(table.file, dataset, rows.filter(is_good), match, table)
    problems += _faults(table, dataset)
    rejected = rows.filter(pl.col(LINE).is_in(_lines_of(problems).implode()))
    bad, left = rejected[LINE], _left(table, match, rejected, problems)
    good = rows.filter(~pl.col(LINE).is_in(bad.implode())) if len(bad) else rows
    if dataset.name == "assessments":
        problems += score_notices(table.file, table.heading(match.places["value"]), good, good[LINE])
    if dataset.name == "pupils" and "upn" in match.places:
        problems += upn_notices(table.file, table.headings[match.places["upn"]].strip(), good, good[LINE])
    problems += left_blank
    return Checked(good, bad, pl.concat(problems) if problems else no_problems(), notices, left)


def _left(table: Table, match: Match, bad: pl.DataFrame, problems: list[pl.DataFrame]) -> pl.DataFrame:
    """What the rejected rows are about, as far as their keys could be read."""
    own = key_columns(match.dataset)
    headings = [table.heading(place) for name, place in match.places.items() if name in own]
    unread = [one.filter(pl.col("column").is_in([*headings, ""])) for one in problems]
    return keys_of(match.dataset, bad, LINE, _lines_of(unread))


def _read_columns(
    table: Table, match: Match, cells: pl.DataFrame, told: Told
) -> tuple[list[Values], list[pl.DataFrame], list[str]]:
    columns, problems, notices = [], [], []
    sound = _sound(table)
    for number, (name, place) in enumerate(match.places.items()):
        rows = "1 row" if cells.height == 1 else f"{cells.height:,} rows"
        part = f"column {number + 1} of {len(match.places)}, {rows}"
        told(part, READ + (1 - READ) * number / len(match.places))
        found = cells[name]
        if (marked := are_unread(found)) is not None:
            problems.append(_unread_cells(table, match, name, found, marked))
            found = found.set(marked, None)
        read = read_values(match.dataset.column(name), found)
        columns.append(read)
        notices += [f"{table.file}, {table.heading(place)}: {words}" for words in read.notices]
        if read.failed is None:
            continue
        failed = read.failed if sound is None else read.failed & sound
        problems.append(
            problem_rows(
                file=table.file, lines=table.lines.filter(failed), dataset=match.dataset.name,
                column=table.heading(place), values=_shown(cells[name].filter(failed)),
                expected=read.expected,
                **(LEFT_BLANK if name in _optional(match.dataset) else {}),
            )
        )  # fmt: skip
    return columns, problems, notices


def _unread_cells(table: Table, match: Match, name: str, cells: pl.Series, marked: pl.Series) -> pl.DataFrame:
    """The cells of which a plan could make nothing, as they stand in the file."""
    texts, expected = told_unread(cells.filter(marked))
    return problem_rows(
        file=table.file, lines=table.lines.filter(marked), dataset=match.dataset.name,
        column=table.heading(match.places[name]), values=_shown(texts), expected=expected,
    )  # fmt: skip


def _optional(dataset: Dataset) -> set[str]:
    """The columns in which a cell that cannot be read costs no pupil: what is held of them stays."""
    if dataset.name != "pupils":
        return set()
    return {column.name for column in dataset.columns if not column.required} - ON_ROLL


def _unread(dataset: Dataset, read: list[Values]) -> dict[str, pl.Series]:
    """Per column the cells that say nothing: not readable where that costs no row, or "not known"."""
    unread = {}
    for one in read:
        name = one.values.name
        marks = [one.unsaid, one.failed if name in _optional(dataset) else None]
        given = [mark for mark in marks if mark is not None]
        if given:
            unread[name] = given[0] if len(given) == 1 else given[0] | given[1]
    return unread


def _blank_cells(table: Table, match: Match, cells: pl.DataFrame) -> list[pl.DataFrame]:
    problems = []
    sound = _sound(table)
    for column in match.dataset.columns:
        if not column.required or not cells[column.name].null_count():
            continue
        is_blank = cells[column.name].is_null() if sound is None else cells[column.name].is_null() & sound
        if column.name == "pupil_id" and table.doubts:
            problems.append(_doubted(table, match, is_blank))
            is_blank = is_blank & ~table.lines.is_in(list(table.doubts))
        problems.append(
            problem_rows(
                file=table.file, lines=table.lines.filter(is_blank), dataset=match.dataset.name,
                column=table.heading(match.places[column.name]), values=None,
                expected="a value: this column must be filled in every row",
                remedy="Fill the cell and import the row again.",
            )
        )  # fmt: skip
    return problems


def _doubted(table: Table, match: Match, is_blank: pl.Series) -> pl.DataFrame:
    """Rows of which it cannot be told whose they are, each with its own reason."""
    lines = table.lines.filter(is_blank & table.lines.is_in(list(table.doubts)))
    found = [table.doubts[line] for line in lines]
    told = pl.DataFrame(found, schema=dict.fromkeys(("column", "value", "expected", "remedy"), pl.String))
    listed = problem_rows(
        file=table.file, lines=lines, dataset=match.dataset.name, column="", values=told["value"],
        expected=told["expected"], remedy=told["remedy"],
    )  # fmt: skip
    return listed.with_columns(told["column"])


def _broken_rules(
    file: str, dataset: Dataset, rows: pl.DataFrame, match: Match, table: Table
) -> list[pl.DataFrame]:
    """The contract's rules on a row, asked in DuckDB in the words of the schema itself."""
    problems = []
    rules = [(rule, words, _columns_in(rule, dataset)) for rule, words in dataset.checks]
    rules = [(rule, words, used) for rule, words, used in rules if any(name in match.places for name in used)]
    if not rules or rows.is_empty():
        return []
    used_anywhere = {name for _, _, used in rules for name in used}
    typed = {column.name: DTYPES[column.type] for column in dataset.columns if column.name in used_anywhere}
    asked = rows.select(
        LINE, *(pl.col(name) if name in rows.columns else pl.lit(None, dtype=dtype).alias(name)
                for name, dtype in typed.items())
    )  # fmt: skip
    connection = duckdb.connect()
    try:
        facts = connection.from_arrow(asked.to_arrow())
        for rule, words, used in rules:
            broken = facts.filter(f"not ({rule})").order(LINE).pl()
            if broken.height:
                first = next(name for name in used if name in match.places)
                problems.append(
                    problem_rows(
                        file=file, lines=broken[LINE], dataset=dataset.name,
                        column=table.heading(match.places[first]), values=broken[first],
                        expected=words.rstrip("."), remedy="Mend the row and import it again.",
                    )
                )  # fmt: skip
    finally:
        connection.close()
    return problems


def _columns_in(rule: str, dataset: Dataset) -> list[str]:
    words = re.findall(r"[a-z_][a-z_0-9]*", rule)
    return [name for name in dict.fromkeys(words) if name in dataset.column_names]


def _faults(table: Table, dataset: Dataset) -> list[pl.DataFrame]:
    if not table.faults:
        return []
    return [
        problem_rows(
            file=table.file, lines=table.lines.gather(list(table.faults)), dataset=dataset.name, column="",
            values=None, expected=pl.Series(list(table.faults.values()), dtype=pl.String),
            remedy="Look for a missing or extra separator or quotation mark in this line.",
        )
    ]  # fmt: skip


def _sound(table: Table) -> pl.Series | None:
    """Which rows have the right number of cells; in the others the cells have slipped and mean nothing."""
    if not table.faults:
        return None
    return pl.Series("sound", [True]).new_from_index(0, table.rows.height).scatter(list(table.faults), False)


def _blank_is_no(rows: pl.DataFrame, unread: dict[str, pl.Series]) -> pl.DataFrame:
    """A blank status is "no"; what stands there and cannot be read is none."""
    filled = {
        name: rows[name].fill_null("N" if name == "sen_status" else False)
        for name in STATUS_FLAGS if name in rows.columns
    }  # fmt: skip
    return rows.with_columns(
        (cells.set(unread[name], None) if name in unread else cells).alias(name)
        for name, cells in filled.items()
    )


def _day_before_term(rows: pl.DataFrame) -> pl.DataFrame:
    """A result with a day is known by its day: a year and term beside it say nothing more."""
    return rows.with_columns(
        pl.when(pl.col("assessed_on").is_null()).then(pl.col(name)).alias(name)
        for name in ("academic_year", "term") if name in rows.columns
    )  # fmt: skip


def _lines_of(problems: list[pl.DataFrame]) -> pl.Series:
    lines = [problem["line"] for problem in problems]
    return pl.concat(lines).unique() if lines else pl.Series("line", [], pl.UInt32)


def _shown(cells: pl.Series) -> pl.Series:
    if cells.dtype == pl.List:
        return cells.cast(pl.List(pl.String)).list.join("; ")
    # A cell can be very long; its beginning is enough to find it by.
    return cells.cast(pl.String, strict=False).str.slice(0, 100)
