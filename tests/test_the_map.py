"""The provision map: who stands under which column, worked out by hand."""

from pathlib import Path
from typing import Any

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store
from provmap.ui.grids import behind
from tests.test_pages import open_app
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


def test_by_pupil_each_column_is_of_one_pupil_of_one_school(data: Path) -> None:
    elm, fir = {"school_id": "100001"}, {"school_id": "100002"}
    schools = [elm | {"name": "Elm"}, fir | {"name": "Fir"}]
    pupils = [PUPIL | elm, PUPIL | elm | {"pupil_id": "2"}, PUPIL | fir, PUPIL | fir | {"pupil_id": "3"}]
    pupils[3] |= {"forename": "Sam"}
    placed = [
        HAS_IT | {name: pupil[name] for name in ("school_id", "pupil_id")} for pupil in pupils
    ]  # fmt: skip
    tiny_school(data, schools=schools, pupils=pupils, provisions=[TALK | elm, TALK | fir], placements=placed)
    app = open_app("provision_map", by="By pupil", as_at="2026-03-03")
    assert not app.exception
    shown = app.dataframe[0].value.rename(columns=str)
    assert [name for name in shown.columns if name not in ("line", "school")] == [
        "100001\n1", "100001\n2", "100002\n1", "100002\n3",
    ]  # fmt: skip
    app.toggle(key="for_printing").set_value(True).run()
    assert not app.exception
    assert [name for name in app.table[0].value.columns if name != "Provision"] == [
        "Robin Ash", "Robin Ash (2)", "Robin Ash (1)", "Sam Ash",
    ]  # fmt: skip
