"""The cells of one column -> typed values, with a mark on every cell that cannot be read.

Work is done a column at a time. What a whole-column cast cannot read is looked at once for each
different text, however many rows repeat it.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from provmap.imports import dates
from provmap.imports.codes import reader_for
from provmap.safe_csv import RUNS_AS_FORMULA
from provmap.store.contract import Column

DTYPES: dict[str, Any] = {
    "text": pl.String,
    "list": pl.List(pl.String),
    "date": pl.Date,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
}
YES = {"y", "yes", "true", "t", "1", "1.0", "eligible"}
NO = {"n", "no", "false", "f", "0", "0.0", "not eligible", "ineligible"}
TICKS, CROSSES = {"\u2713", "\u2714", "\u2611"}, {"\u2717", "\u2718"}
# What the census has besides yes and no: unknown and refused are not recorded, a carer is identified by
# the parent or by the school.
NOT_RECORDED = {"u", "unknown", "not known", "r", "refused"}
WHO_SAYS_SO = {"young_carer": {"p", "s"}}
# How provmap's own files disarm text that a spreadsheet would run; taken off again here.
DISARMED = f"^'({RUNS_AS_FORMULA.removeprefix('^')})"


@dataclass(frozen=True)
class Values:
    """A typed column. `failed` marks the cells that hold something other than what was expected.

    `unsaid` marks those that say that nothing is known: no blank, which can mean "no".
    """

    values: pl.Series
    failed: pl.Series | None
    expected: str
    notices: list[str] = field(default_factory=list)
    unsaid: pl.Series | None = None


def tidy(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells of text without spaces around them; only a blank cell is missing (NA can be a surname)."""
    texts = [name for name, dtype in cells.schema.items() if dtype == pl.String]
    # Another program writes a missing number as NaN.
    cells = cells.with_columns(pl.selectors.float().fill_nan(None))
    cells = cells.with_columns(pl.col(texts).str.strip_chars().replace("", None)) if texts else cells
    armed = cells.select(pl.col(texts).str.starts_with("'").any()) if texts else pl.DataFrame()
    marked = [name for name in texts if armed[name].item()]
    return (
        cells.with_columns(pl.col(marked).str.replace(DISARMED, "$1").str.strip_chars()) if marked else cells
    )


def read_values(column: Column, cells: pl.Series) -> Values:
    """The values of a contract column in cells of text, or of a Parquet file's own type."""
    dtype = DTYPES[column.type]
    if cells.dtype != pl.String:
        if cells.dtype == dtype and column.type not in ("text", "list", "date"):
            return _checked_numbers(column, cells)
        if column.type == "list" and cells.dtype == pl.List(pl.String):
            cells = cells.list.eval(pl.element().drop_nulls()).list.join(";")
        else:
            cells = _as_text(cells)
        cells = tidy(cells.to_frame()).to_series()
    return _READERS[column.type](column, cells)


def expected_of(column: Column) -> str:
    """What a cell of this column may hold, in words that follow "expected"."""
    if column.name in ("year_group", "year_groups"):
        return "a year group: E1, E2, N1, N2, R, 1 to 14, M (mixed) or X (none)"
    if column.name == "academic_year":
        return "an academic year, such as 2025/26"
    if column.allowed:
        return f"one of: {', '.join(column.allowed)}"
    words = {
        "text": "text",
        "list": "a list with ; between its parts",
        "date": dates.EXPECTED,
        "integer": "a whole number",
        "number": "a number",
        "boolean": "yes or no",
    }
    return words[column.type]


def _read_text(column: Column, cells: pl.Series) -> Values:
    read = reader_for(column)
    if read is None:
        return Values(cells, None, expected_of(column))
    return _done(column, cells, _by_text(cells, read, pl.String()))


def _read_list(column: Column, cells: pl.Series) -> Values:
    read = reader_for(column) or str

    def read_all(text: str) -> list[str] | None:
        parts = [part.strip() for part in text.split(";")]
        codes = [read(part) for part in parts if part]
        return None if None in codes else list(dict.fromkeys(code for code in codes if code))

    return _done(column, cells, _by_text(cells, read_all, pl.List(pl.String)))


def _read_date(column: Column, cells: pl.Series) -> Values:
    values, notices = dates.read_dates(cells)
    return _done(column, cells, values, notices)


def _read_number(column: Column, cells: pl.Series) -> Values:
    values = cells.cast(pl.Float64, strict=False)
    values = values.set(~values.is_finite(), None)
    return _done(column, cells, _with_rest(cells, values, _number))


def _read_integer(column: Column, cells: pl.Series) -> Values:
    return _done(column, cells, _with_rest(cells, cells.cast(pl.Int64, strict=False), _integer))


def _read_boolean(column: Column, cells: pl.Series) -> Values:
    """Yes and no. An x is a tick, but beside ticks it can be a cross, and is not read."""
    yes = YES | TICKS | WHO_SAYS_SO.get(column.name, set())
    if not cells.is_in([*TICKS, *CROSSES]).any():
        yes |= {"x"}

    def read(text: str) -> bool | None:
        word = text.casefold()
        return True if word in yes else False if word in NO | CROSSES else None

    unsaid = cells.str.to_lowercase().is_in(list(NOT_RECORDED)).fill_null(False)
    read_as = _done(column, cells.set(unsaid, None), _by_text(cells.set(unsaid, None), read, pl.Boolean()))
    return replace(read_as, unsaid=unsaid) if unsaid.any() else read_as


_READERS: dict[str, Callable[[Column, pl.Series], Values]] = {
    "text": _read_text,
    "list": _read_list,
    "date": _read_date,
    "integer": _read_integer,
    "number": _read_number,
    "boolean": _read_boolean,
}


def _done(column: Column, cells: pl.Series, values: pl.Series, notices: list[str] | None = None) -> Values:
    failed = cells.is_not_null() & values.is_null()
    return Values(
        values.alias(column.name), failed if failed.any() else None, expected_of(column), notices or []
    )


def _by_text(cells: pl.Series, read: Callable[[str], Any], dtype: pl.DataType) -> pl.Series:
    """Each different text read once, then spread over the rows."""
    texts = cells.drop_nulls().unique()
    found = [read(text) for text in texts]
    if dtype == pl.String and found == texts.to_list():
        return cells
    places = cells.replace_strict(
        texts, pl.int_range(len(texts), dtype=pl.UInt32, eager=True), default=None, return_dtype=pl.UInt32
    )
    return pl.Series(cells.name, found, dtype=dtype).gather(places)


def _with_rest(cells: pl.Series, values: pl.Series, read: Callable[[str], Any]) -> pl.Series:
    """The values of a cast, and below them what `read` makes of the cells that it could not read."""
    is_left = cells.is_not_null() & values.is_null()
    if not is_left.any():
        return values
    rest = _by_text(cells.set(~is_left, None), read, values.dtype)
    return values.zip_with(values.is_not_null(), rest)


def _number(text: str) -> float | None:
    bare = text.removeprefix("£").replace("\u2212", "-").strip()
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", bare, re.ASCII):
        return None
    number = float(bare)
    return number if math.isfinite(number) else None


def _integer(text: str) -> int | None:
    number = _number(text)
    return int(number) if number is not None and number == int(number) and abs(number) < 2**53 else None


def _checked_numbers(column: Column, cells: pl.Series) -> Values:
    """A column that came with its own type; an infinite number is no value."""
    values = cells.set(cells.is_infinite(), None) if column.type == "number" else cells
    return _done(column, cells, values)


def _as_text(cells: pl.Series) -> pl.Series:
    """A typed column as a person would write it: 7.0 in a column of identifiers is 7."""
    if cells.dtype.is_float():
        whole = cells.cast(pl.Int64, strict=False)
        text = pl.select(
            pl.when(whole.cast(pl.Float64) == cells)
            .then(whole.cast(pl.String))
            .otherwise(cells.cast(pl.String))
        ).to_series()
        return text.alias(cells.name)
    if cells.dtype == pl.Datetime:
        return cells.dt.strftime("%Y-%m-%d %H:%M:%S")
    if cells.dtype == pl.List:
        return cells.cast(pl.List(pl.String), strict=False).list.join(";")
    return cells.cast(pl.String, strict=False)
