"""Cells that cannot be read and cost no pupil: what is held stays as it is, and it is said.

When to write one: for each code of the census, or spelling of an office, that once cost a whole row.
"""

from pathlib import Path
from typing import Any

import pytest

from provmap.imports import Preview, commit, preview
from provmap.imports.problems import NOTICE
from provmap.store import open_store
from tests.tiny import DAY

HEAD = "pupil_id,surname,forename,year_group"


def look(data: Path, text: str, **how: Any) -> Preview:
    return preview(data, [("pupils.csv", text.encode())], DAY, **how)


def held(data: Path, columns: str) -> list[tuple[Any, ...]]:
    return open_store(data).cursor().sql(f"select {columns} from store.pupils order by pupil_id").fetchall()


def test_a_cell_that_cannot_be_read_costs_no_pupil(data: Path) -> None:
    rows = "1,Ash,Al,5,maybe,K,2015-09-03\n2,Elm,Bo,5,Y,?,soon\n"
    found = look(data, f"{HEAD},fsm,sen_status,date_of_birth\n{rows}")
    assert found.counts["pupils"]["rejected"] == 0
    told = found.problems.select("line", "column", "value", "verdict").rows()
    assert set(told) == {
        (2, "fsm", "maybe", NOTICE), (3, "sen_status", "?", NOTICE), (3, "date_of_birth", "soon", NOTICE),
    }  # fmt: skip
    commit(found, "test")
    assert held(data, "pupil_id, fsm, sen_status") == [("1", None, "K"), ("2", True, None)]


@pytest.mark.parametrize("blank_flags", ["not supplied", "no"])
def test_what_cannot_be_read_clears_nothing(data: Path, blank_flags: str) -> None:
    commit(look(data, f"{HEAD},fsm,sex,service_child\n1,Ash,Al,5,Y,F,Y\n"), "test")
    found = look(data, f"{HEAD},fsm,sex,service_child\n1,Ash,Ali,5,perhaps,girl,R\n", blank_flags=blank_flags)
    commit(found, "test")
    assert held(data, "forename, fsm, sex, service_child") == [("Ali", True, "F", True)]


def test_unknown_and_refused_are_no_answer_and_no_problem(data: Path) -> None:
    found = look(data, f"{HEAD},service_child\n1,Ash,Al,M,U\n2,Elm,Bo,X,R\n3,Oak,Cy,5,\n", blank_flags="no")
    assert found.problems.is_empty()
    commit(found, "test")
    assert held(data, "year_group, service_child") == [("M", None), ("X", None), ("5", False)]


def test_whether_a_pupil_is_on_roll_must_be_readable(data: Path) -> None:
    found = look(data, f"{HEAD},leaving_date\n1,Ash,Al,5,\n2,Elm,Bo,5,soon\n")
    assert found.counts["pupils"]["rejected"] == 1


def test_who_has_no_need_gives_no_row(data: Path) -> None:
    cells = ["SLCN", "", "None", "N", "No SEN", "n/a", "our own"]
    rows = "".join(f"{number},Ash,Al,5,{cell}\n" for number, cell in enumerate(cells, 1))
    text = f"Adno,Surname,Forename,Year,Primary SEN type\n{rows}"
    found = preview(data, [("roll.csv", text.encode())], DAY)
    assert found.rejected_rows == 0
    assert found.counts["pupils"]["new"] == len(cells)
    assert found.rows["needs"].select("pupil_id", "need_code").rows() == [("1", "SLCN"), ("7", "our own")]
