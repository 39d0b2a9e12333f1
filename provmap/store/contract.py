"""The data contract, read from `sql/schema/`: which datasets there are, their columns, keys and rules."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

SQL = Path(__file__).resolve().parents[2] / "sql"
# DuckDB's type of a contract column, and the plain word for it that the rest of the program uses.
TYPES = {
    "VARCHAR": "text",
    "VARCHAR[]": "list",
    "DATE": "date",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
}
DUCKDB_TYPES = {word: name for name, word in TYPES.items()}
# Datasets that belong to no school.
GLOBAL = frozenset({"schools", "need_codes", "scales", "scale_values", "expectations"})
# Columns of `pupils` that are short for memberships: kept as dated spans, never overwritten.
STATUS_FLAGS = (
    "sen_status", "pupil_premium", "fsm", "ever_6", "eal", "looked_after",
    "previously_looked_after", "service_child", "young_carer", "more_able",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a dataset. `allowed` is empty where any value of the type will do."""

    name: str
    type: str
    required: bool
    allowed: tuple[str, ...]
    comment: str


@dataclass(frozen=True)
class Dataset:
    """One dataset. A row's key is the first of `keys` whose columns (but school_id) are all given."""

    name: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]
    comment: str
    is_global: bool
    checks: tuple[tuple[str, str], ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@cache
def datasets() -> dict[str, Dataset]:
    """Every dataset of the contract by name, in the order of their file names."""
    return _read(SQL / "schema")


@cache
def journal_datasets() -> dict[str, Dataset]:
    """Every dataset that is kept in the journal alone, by name: people write it, no file brings it."""
    return _read(SQL / "schema" / "journal")


def _read(folder: Path) -> dict[str, Dataset]:
    contract = duckdb.connect()
    for file in sorted(folder.glob("*.sql")):
        contract.execute(file.read_text(encoding="utf-8"))
    tables = contract.sql("select table_name, comment from duckdb_tables() order by table_name").fetchall()
    return {name: _dataset(contract, name, comment) for name, comment in tables}


def _dataset(contract: duckdb.DuckDBPyConnection, name: str, comment: str) -> Dataset:
    constraints = contract.sql(
        """select constraint_type, constraint_column_names, expression from duckdb_constraints()
           where table_name = $name order by constraint_index""",
        params={"name": name},
    ).fetchall()
    allowed = {
        columns[0]: tuple(re.findall(r"'([^']*)'", expression))
        for kind, columns, expression in constraints
        if kind == "CHECK" and " IN (" in expression
    }
    columns = contract.sql(
        """select column_name, data_type, not is_nullable, comment from duckdb_columns()
           where table_name = $name order by column_index""",
        params={"name": name},
    ).fetchall()
    return Dataset(
        name,
        tuple(
            Column(column, TYPES[type_], required, allowed.get(column, ()), words or "")
            for column, type_, required, words in columns
        ),
        tuple(tuple(columns) for kind, columns, _ in constraints if kind == "UNIQUE"),
        comment,
        "school_id" not in {column for column, *_ in columns} or name in GLOBAL,
        tuple(
            (expression, _in_words(expression))
            for kind, _, expression in constraints
            if kind == "CHECK" and " IN (" not in expression
        ),
    )


def _in_words(condition: str) -> str:
    """A rule of the schema as a sentence for the person who has to mend the row."""
    bare = re.sub(r'[()"]', "", condition)
    if match := re.fullmatch(r"(\w+) >= (\w+_date)", bare):
        return f"{match[1]} must be on or after {match[2]}."
    if match := re.fullmatch(r"(\w+) (>=|<=) (\w+)", bare):
        return f"{match[1]} must be {'at least' if match[2] == '>=' else 'at most'} {match[3]}."
    if match := re.fullmatch(r"(\w+) BETWEEN (-?\d+) AND (-?\d+)", bare):
        return f"{match[1]} must be from {match[2]} to {match[3]}."
    if match := re.match(r"regexp_full_match(\w+),", bare):
        return f"{match[1]} must be written like 2026/27."
    given = re.findall(r"(\w+) IS NOT NULL", bare)
    return f"At least one of these must be given: {', '.join(dict.fromkeys(given))}."
