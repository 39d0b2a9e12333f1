"""A column of needs beside a roll: who has nothing in it has no need, and gives no row."""

from dataclasses import replace

import polars as pl

from provmap.imports.codes import fold
from provmap.imports.delimited import Table
from provmap.imports.plans import Output

# What an office writes for "no need", folded.
NONE = ("", "none", "n", "no", "no sen", "no need", "n/a", "na", "nil", "0", "not applicable")


def with_need(table: Table, output: Output) -> Table:
    """The rows that name a need, for an output of needs; every row for the others."""
    if output.dataset != "needs" or "need_code" not in output.columns:
        return table
    cells = table.rows[str(table.place_of(output.columns["need_code"]))].cast(pl.String).fill_null("")
    words = cells.unique()
    nothing = [word for word in words if fold(word) in NONE]
    kept = ~cells.is_in(nothing)
    places = kept.arg_true().to_list()
    faults = {new: table.faults[old] for new, old in enumerate(places) if old in table.faults}
    return replace(table, rows=table.rows.filter(kept), lines=table.lines.filter(kept), faults=faults)
