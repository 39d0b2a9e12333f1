"""A wide sheet in runs of columns: each column in exactly one run, and no run broader than its sheet."""

import polars as pl
import pytest

from provmap.ui.paper import BREADTHS, LINE, in_runs

NAMES = ("Al Li", "Siân O'Brien-Łuć", "Maximiliana Wolfeschlegelsteinhausenberger", "Ben Fitzgibbon")


def columns(many: int, cell: str) -> pl.DataFrame:
    return pl.DataFrame({f"{NAMES[number % 4]} {number}": [cell, "", "all"] for number in range(many)})


@pytest.mark.parametrize("sheet", BREADTHS)
@pytest.mark.parametrize("cell", ["1", "all 28 (12)"])
def test_each_column_is_in_one_run_and_each_run_fits(sheet: str, cell: str) -> None:
    room = BREADTHS[sheet] - LINE
    for many in range(1, 61):
        given = columns(many, cell)
        runs, is_turned = in_runs(given, room)
        assert [name for run in runs for name in run] == given.columns
        # As even as can be: no run of a column or two at the end.
        assert len(runs) == 1 or min(map(len, runs)) * 2 >= max(map(len, runs)) - len(runs)
        for run in runs:
            # A letter of 8 points is seldom broader than 6 pixels.
            heads = [max(len(word) for word in name.replace("-", " ").split()) for name in run]
            widths = [6 * (len(cell) if is_turned else max(len(cell), head)) + 8 for head in heads]
            assert sum(widths) <= room


def test_heads_are_turned_only_where_that_saves_a_run() -> None:
    room = BREADTHS["A4"] - LINE
    few, many = columns(4, "1"), columns(30, "1")
    assert in_runs(few, room) == ([few.columns], False)
    runs, is_turned = in_runs(many, room)
    assert is_turned
    assert [len(run) for run in runs] == [15, 15]
    assert len(in_runs(many, BREADTHS["A3"] - LINE)[0]) == 1
