"""Totals at the end of a file: left out where they are nobody's, and found afresh in the next file.

When to write one: for each row that could be a total and a pupil.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from provmap.imports import commit, preview
from provmap.imports.plans import signature
from tests.test_imports_foreign import held, look, one_foreign
from tests.tiny import DAY

HEADINGS = "Surname,Adno,Forename,Year\n"
TWO = "Ash,001,Robin,5\nElm,002,Kit,5\n"
NAMES = "select surname from store.pupils order by pupil_id"


def test_the_next_file_without_totals_keeps_its_last_pupil(tmp_path: Path) -> None:
    first = look(tmp_path, f"{HEADINGS}{TWO}Total,2,,\n")
    assert "export.csv: line 4 is left out, as a total and nobody's row." in first.notices
    commit(first, "test")
    found = look(tmp_path, f"{HEADINGS}{TWO}Oak,003,Sam,5\n")
    assert one_foreign(found).is_remembered
    assert found.counts["pupils"]["new"] == 1
    commit(found, "test")
    assert held(tmp_path, NAMES) == [("Ash",), ("Elm",), ("Oak",)]
    # And one with totals again is read without them, however many.
    again = look(tmp_path, f"{HEADINGS}{TWO}Oak,003,Sam,5\nAverage,,,5\nTotal,3,,\n")
    assert again.counts["pupils"]["unchanged"] == 3
    assert again.rejected_rows == 0
    assert "export.csv: lines 5 and 6 are left out, as totals and nobody's rows." in again.notices


def test_how_many_rows_are_left_out_is_not_remembered(tmp_path: Path) -> None:
    commit(look(tmp_path, f"{HEADINGS}{TWO}Total,2,,\n"), "test")
    kept = tmp_path / "mappings" / f"{signature(('Surname', 'Adno', 'Forename', 'Year'))}.json"
    assert json.loads(kept.read_text())["ending_rows"] == 0


@pytest.mark.parametrize("surname", ["Mean", "Sum", "Count", "Total"])
def test_a_last_pupil_of_such_a_name_stays(tmp_path: Path, surname: str) -> None:
    found = look(tmp_path, f"{HEADINGS}{TWO}{surname},003,Sam,5\n")
    assert one_foreign(found).plan.ending_rows == 0
    assert found.counts["pupils"]["new"] == 3
    # The file's own number is the number of rows, but the row has all that a pupil must have.
    assert one_foreign(look(tmp_path, f"{HEADINGS}{TWO}{surname},2,Sam,5\n")).plan.ending_rows == 0


@pytest.mark.parametrize(
    "row", ["Sub total,,,", "Sub-total: 2,,,", "Class average,,,5.0", "% of pupils,,,50"]
)
def test_other_totals(tmp_path: Path, row: str) -> None:
    found = look(tmp_path, f"{HEADINGS}{TWO}{row}\n")
    assert one_foreign(found).plan.ending_rows == 1
    assert found.rejected_rows == 0


def test_a_sub_total_is_no_provision(tmp_path: Path) -> None:
    found = look(tmp_path, "Intervention,Tier,Cost\nTalk,targeted,20\nMean maths,targeted,9\nSub total,,29\n")
    assert found.rows["provisions"]["name"].to_list() == ["Talk", "Mean maths"]


def test_a_mapping_cuts_nobody(tmp_path: Path) -> None:
    """A number of rows that a mapping says, made for another file."""
    text = f"{HEADINGS}{TWO}"
    plan = replace(one_foreign(look(tmp_path, text)).plan, ending_rows=1)
    for name in ("export.csv", "*"):
        found = preview(tmp_path, [("export.csv", text.encode())], DAY, plans={name: plan})
        assert found.counts["pupils"]["new"] == 2
    # A line that is of nobody is left out as said.
    found = preview(
        tmp_path, [("export.csv", f"{text}Printed 3 March,,,\n".encode())], DAY, plans={"*": plan}
    )
    assert (found.counts["pupils"]["new"], found.rejected_rows) == (2, 0)
