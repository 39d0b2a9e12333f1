"""Rows become files in the contract's own headings, one a dataset, school after school."""

from pathlib import Path
from typing import IO, Any, Literal

import polars as pl
import pyarrow.parquet as pq

from provmap.store import Dataset, datasets

Format = Literal["csv", "parquet"]
Table = dict[str, list[Any]]
TYPES: dict[str, Any] = {
    "text": pl.String,
    "list": pl.List(pl.String),
    "date": pl.Date,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
}


class Files:
    """The open files of one output: rows are appended school by school, so that a trust fits in memory."""

    def __init__(self, out: Path, format: Format) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.out, self.format = out, format
        self.counts = dict.fromkeys(datasets(), 0)
        self._csv: dict[str, IO[bytes]] = {}
        self._parquet: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, *_: object) -> None:
        for name in datasets():
            if self.counts[name] == 0:
                self._append(name, frame_of(datasets()[name], {}, None))
        for file in (*self._csv.values(), *self._parquet.values()):
            file.close()

    def add(self, name: str, columns: Table, school_id: str | None) -> None:
        """Append columns of equal length to a dataset, each key once."""
        dataset = datasets()[name]
        frame = frame_of(dataset, columns, school_id)
        keys = dataset.keys[-1]
        self._append(name, frame.unique(subset=list(keys), keep="first", maintain_order=True))

    def _append(self, name: str, frame: pl.DataFrame) -> None:
        self.counts[name] += len(frame)
        if self.format == "csv":
            first = name not in self._csv
            if first:
                self._csv[name] = (self.out / f"{name}.csv").open("wb")
            as_text(frame).write_csv(self._csv[name], include_header=first)
            return
        table = frame.to_arrow()
        if name not in self._parquet:
            self._parquet[name] = pq.ParquetWriter(self.out / f"{name}.parquet", table.schema)
        self._parquet[name].write_table(table)


def table_of(rows: list[dict[str, Any]]) -> Table:
    """Rows as columns; what a row does not say is not recorded."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def joined(blocks: list[Table]) -> Table:
    """Blocks of the same columns, one after another."""
    names = dict.fromkeys(name for block in blocks for name in block)
    return {name: [value for block in blocks for value in block[name]] for name in names}


def frame_of(dataset: Dataset, columns: Table, school_id: str | None) -> pl.DataFrame:
    """The columns in the contract's order and types; empty texts, lists and day numbers become null."""
    length = max((len(values) for values in columns.values()), default=0)
    series = []
    for column in dataset.columns:
        values = columns.get(column.name, [None] * length)
        if column.name == "school_id" and school_id is not None:
            values = [school_id] * length
        series.append(_series(column.name, column.type, values))
    return pl.DataFrame(series)


def _series(name: str, kind: str, values: list[Any]) -> pl.Series:
    if kind == "text":
        return pl.Series(name, [value or None for value in values], dtype=pl.String)
    if kind == "list":
        return pl.Series(name, [value or None for value in values], dtype=TYPES["list"])
    if kind == "date" and values and isinstance(values[0], int):
        days = pl.Series(name, values, dtype=pl.Int32)
        return days.set(days < 0, None).cast(pl.Date)
    return pl.Series(name, values, dtype=TYPES[kind], strict=False)


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """As a CSV shows it: yes and no, lists joined with a semicolon, whole numbers without a point."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.Boolean:
            columns.append(pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no")).alias(name))
        elif kind == pl.Float64:
            columns.append(column.cast(pl.String).str.strip_suffix(".0"))
        elif isinstance(kind, pl.List):
            columns.append(column.list.join(";"))
        else:
            columns.append(column)
    return frame.select(columns)
