"""The provision map: who stands under which column, worked out by hand."""

from pathlib import Path
from typing import Any

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store
from provmap.ui.grids import behind
from tests.tiny import DAY, PUPIL, TALK, day, tiny_school

HAS_IT = {"pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}


def cells_of(store: Store, by: str, rows: str = "area") -> list[tuple[Any, ...]]:
    cells = ask("provision_map", Filter(as_at=DAY), store, by=by, rows=rows)
    return list(cells.select("area", "provision_id", "column_label", "pupils").iter_rows())


def test_pupils_in_no_group_have_a_column(data: Path) -> None:
    store = tiny_school(data, provisions=[TALK], placements=[HAS_IT])
    filter = Filter(as_at=DAY)
    (cell,) = ask("provision_map", filter, store, by="group", rows="tier").to_dicts()
    assert (cell["column_key"], cell["column_label"], cell["pupils"]) == ("in no group",) * 2 + (1,)
    assert behind(ask("provision_list", filter, store), cell, "group", "tier").height == 1


def test_the_column_of_no_group_comes_last(data: Path) -> None:
    pupils = [PUPIL, PUPIL | {"pupil_id": "2", "fsm": True}]
    placed = [HAS_IT, HAS_IT | {"pupil_id": "2"}]
    store = tiny_school(data, pupils=pupils, provisions=[TALK], placements=placed)
    assert [label for _, _, label, _ in cells_of(store, "group")] == ["Free school meals", "in no group"]
