"""The provision map: who stands under which column, worked out by hand."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Multiselect

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store, open_store, rows_to_edit
from provmap.ui.grids import behind
from tests.test_pages import open_app, words_of
from tests.tiny import CLASS, DAY, PUPIL, TALK, day, tiny_school
from tests.typed import type_in

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
    assert list(app.table[0].value.columns) == [
        "Provision", "School", "Robin Ash", "Robin Ash (2)", "Robin Ash (1)", "Sam Ash",
    ]  # fmt: skip


FOR_ALL = CLASS | {"year_groups": ["4", "5"], "delivery": "whole class"}
THREE = [PUPIL, PUPIL | {"pupil_id": "2"}, PUPIL | {"pupil_id": "3", "year_group": "6"}]


class TestEverybody:
    """A universal provision for Years 4 and 5, in a school with two pupils in Year 5 and one in Year 6."""

    def found(self, data: Path, rows: str = "area", **change: Any) -> list[tuple[Any, ...]]:
        had = HAS_IT | {"provision_id": "C"}
        store = tiny_school(data, pupils=THREE, provisions=[FOR_ALL | change], placements=[had])
        cells = ask("provision_map", Filter(as_at=DAY), store, by="year_group", rows=rows)
        reached = ask("universal_reach", Filter(as_at=DAY), store)
        for cell in cells.filter(column_key="5").iter_rows(named=True):
            assert behind(reached, cell, "year_group", rows).height == cell["reaches"]
        return list(cells.select("area", "column_key", "pupils", "reaches").iter_rows())

    def test_it_reaches_its_years_beside_what_is_recorded(self, data: Path) -> None:
        assert self.found(data) == [("communication and interaction", "5", 1, 2)]

    def test_with_no_years_of_its_own_it_reaches_all(self, data: Path) -> None:
        assert [cell[1:] for cell in self.found(data, year_groups=None)] == [("5", 1, 2), ("6", 0, 1)]

    @pytest.mark.parametrize(
        ("change", "reaches"),
        [
            ({"start_date": day("03-03")}, 2), ({"start_date": day("03-04")}, 0),
            ({"end_date": day("03-03")}, 2), ({"end_date": day("03-02")}, 0),
            ({"tier": "targeted"}, 0),
        ],
    )  # fmt: skip
    def test_it_reaches_them_while_it_runs(self, data: Path, change: dict[str, Any], reaches: int) -> None:
        assert [cell[1:] for cell in self.found(data, **change)] == [("5", 1, reaches)]

    def test_for_two_needs_of_one_area_each_pupil_counts_once(self, data: Path) -> None:
        assert self.found(data, need_codes=["SLCN", "ASD"]) == [("communication and interaction", "5", 1, 2)]

    @pytest.mark.parametrize(("delivery", "area"), [("whole class",) * 2, (None, "way not recorded")])
    def test_it_stands_under_how_it_is_given(self, data: Path, delivery: str | None, area: str) -> None:
        assert self.found(data, "delivery", delivery=delivery) == [(area, "5", 1, 2)]

    def test_changes_made_for_single_pupils_are_for_nobody_else(self, data: Path) -> None:
        own = CLASS | {"provision_id": "class_adjustment"}
        placed = [HAS_IT | {"provision_id": "class_adjustment"}]
        store = tiny_school(data, pupils=THREE, provisions=[own], placements=placed)
        (cell,) = ask("provision_map", Filter(as_at=DAY), store, by="year_group", rows="area").to_dicts()
        assert (cell["pupils"], cell["reaches"]) == (1, 0)

    def test_the_sheet_tells_them_apart(self, data: Path) -> None:
        self.found(data, year_groups=None)
        app = open_app("provision_map", as_at="2026-03-03")
        app.toggle(key="for_printing").set_value(True).run()
        assert not app.exception
        line = app.table[0].value.iloc[1]
        assert (line["Y5"], line["Y6"]) == ("all 2 (1)", "all 1")
        app.button_group(key="by").set_value("pupil").run()
        assert sorted(app.table[0].value.iloc[1][1:]) == ["all", "all", "✓"]

    def test_the_page_says_what_its_signs_rows_and_columns_are(self, data: Path) -> None:
        self.found(data, year_groups=None)
        said = words_of(open_app("provision_map", as_at="2026-03-03"))
        # The largest number that stands there, and no other.
        assert "“all 2”: for everybody" in said
        assert "in the 1 line of the map" in said
        assert "scroll sideways" not in said
        assert "“Nobody”" not in said

    def test_the_list_behind_a_cell_has_everybody(self, data: Path) -> None:
        self.found(data)
        app = AppTest.from_function(open_behind).run(timeout=60)
        assert not app.exception
        assert [len(one.value) for one in app.dataframe] == [1, 2]
        assert "Recorded pupil by pupil: 1 pupil, 1 row." in words_of(app)
        assert "it reaches 2 pupils here" in words_of(app)


def open_behind() -> None:
    """The window of the first cell of the map, on 3 March 2026."""
    from datetime import date  # noqa: PLC0415

    from provmap.filters import Filter  # noqa: PLC0415
    from provmap.store import open_store  # noqa: PLC0415
    from provmap.ui.behind import show_behind  # noqa: PLC0415
    from provmap.ui.page import Page  # noqa: PLC0415

    page = Page(open_store(), Filter(as_at=date(2026, 3, 3)), {"pupils": 3})
    cell = page.ask("provision_map", by="year_group", rows="area").row(0, named=True)
    show_behind(page, cell | {"column": "Y5"}, "year_group", "area")


def test_a_line_that_nobody_has_says_so(data: Path) -> None:
    more = TALK | {"provision_id": "M", "name": "More talk"}
    tiny_school(data, provisions=[TALK, more], placements=[HAS_IT])
    app = open_app("provision_map", as_at="2026-03-03")
    assert list(app.dataframe[0].value["line"])[1:] == ["◐ More talk – nobody", "◐ Talk"]
    assert "“Nobody”: it runs" in words_of(app)


def test_by_pupil_more_names_are_in_sight_and_who_are_out_of_it_is_said(data: Path) -> None:
    names = ["Ana Ash", "Ana Abel", "Ben Ash", "Cy Ash", "Dee Ash", "Eve Ash", "Flo Ash", "Gus Ash"]
    pupils = [PUPIL | {"pupil_id": str(number), "forename": name.split()[0], "surname": name.split()[1]}
              for number, name in enumerate(names)]  # fmt: skip
    tiny_school(data, pupils=pupils, provisions=[TALK],
                placements=[HAS_IT | {"pupil_id": str(number)} for number in range(8)])  # fmt: skip
    app = open_app("provision_map", by="By pupil", as_at="2026-03-03")
    assert "**8 pupils**: scroll sideways" in words_of(app)
    settings = app.dataframe[0].proto.columns
    printed = app.toggle(key="for_printing").set_value(True).run()
    assert "scroll sideways" not in words_of(printed)
    assert {"**Ready to print**", "**Not ready to print**"} <= {
        one.value.partition(",")[0].partition(":")[0] for one in printed.markdown
    }
    # Two who would be called the same are called in full.
    assert all(f'"label": "{name}"' in settings for name in ("Ana Ash", "Ana Abel", "Ben A", "Gus A"))


def test_no_heading_of_the_map_is_cut_off(data: Path) -> None:
    tiny_school(data, provisions=[TALK], placements=[HAS_IT])
    app = open_app("provision_map", rows="Single needs", as_at="2026-03-03")
    settings = json.loads(app.dataframe[0].proto.columns)
    heading = app.dataframe[0].value["line"].iloc[0]
    assert heading == "Speech, language and communication needs"
    # A bold letter is nearly nine pixels wide.
    assert settings["line"]["width"] > 8.5 * len(heading)


def test_single_needs_and_no_broad_area_are_explained(data: Path) -> None:
    tiny_school(data, provisions=[TALK | {"need_codes": ["OTH"]}], placements=[HAS_IT])
    assert "“No broad area”: for needs that belong to none" in words_of(open_app("provision_map"))
    said = words_of(open_app("provision_map", rows="Single needs"))
    assert "for a broad area alone" in said
    assert "“No broad area”" not in said


SIX = [PUPIL | {"pupil_id": str(number), "forename": f"Sam {number}"} for number in range(1, 7)]


def names(app: AppTest) -> Multiselect:
    return next(one for one in app.multiselect if one.label == "Pupils")


class TestNamedPupils:
    def open_map(self, data: Path, *named: str) -> AppTest:
        more = TALK | {"provision_id": "M", "name": "More talk"}
        placed = [HAS_IT | {"pupil_id": str(number)} for number in range(1, 6)]
        placed.append(HAS_IT | {"provision_id": "M", "pupil_id": "3"})
        tiny_school(data, pupils=SIX, provisions=[TALK, more], placements=placed)
        app = open_app("provision_map", by="For named pupils", as_at="2026-03-03")
        if named:
            names(app).set_value([("school", who) for who in named]).run()
        assert not app.exception
        return app

    def test_first_it_asks_whom_to_show(self, data: Path) -> None:
        app = self.open_map(data)
        assert not app.dataframe
        assert "Name the pupils" in app.info[0].value

    @pytest.mark.parametrize(
        ("named", "lines"),
        [(("2", "4"), ["◐ Talk"]), (("3",), ["◐ More talk", "◐ Talk"]), (("6", "1"), ["◐ Talk"])],
    )
    def test_it_has_their_columns_and_what_they_have(
        self, data: Path, named: tuple[str, ...], lines: list[str]
    ) -> None:
        app = self.open_map(data, *named)
        shown = app.dataframe[0].value.rename(columns=str)
        having = [who for who in named if who != "6"]
        assert [name for name in shown.columns if name != "line"] == [f"school\n{who}" for who in having]
        assert list(shown["line"])[1:] == lines
        empty = "Nothing of their own is in place for Sam 6 Ash" in words_of(app)
        assert empty == ("6" in named)
        assert f"**{len(named)} named pupils** of 6 pupils" in words_of(app) or len(named) == 1
        assert "of 6 pupils**" not in words_of(app)
        app.toggle(key="for_printing").set_value(True).run()
        assert list(app.table[0].value.columns) == ["Provision", *(f"Sam {who} Ash" for who in having)]

    def test_a_name_is_found_without_its_accents_and_enter_takes_one_pupil(self, data: Path) -> None:
        tiny_school(data, pupils=[PUPIL | {"surname": "Araújo"}], provisions=[TALK], placements=[HAS_IT])
        chooser = names(open_app("provision_map", by="For named pupils", as_at="2026-03-03"))
        assert chooser.options == ["Araújo, Robin (Year 5, Oak) – Araujo, Robin"]
        assert not chooser.proto.select_all

    def test_their_names_enter_no_address_and_no_saved_view(self, data: Path) -> None:
        app = self.open_map(data, "2", "3")
        assert set(dict(app.query_params)) <= {"by", "as_at"}
        type_in(app, "view/provision_map/", name="My four")
        app.text_input(key="writer_view").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Save the view").click().run()
        (view,) = rows_to_edit(open_store(data), "saved_views").to_dicts()
        assert set(parse_qs(view["address"])) == {"by", "as_at"}
        assert "Sam" not in str(view)

    def test_they_stay_while_other_pages_are_open(self, data: Path) -> None:
        app = self.open_map(data, "2", "3")
        app.switch_page("../../pages/overview.py").run()
        app.switch_page("../../pages/provision_map.py").run()
        app.button_group(key="by").set_value("named").run()
        assert names(app).value == [("school", "2"), ("school", "3")]


def one_pupil(data: Path, **rows: Any) -> list[tuple[Any, ...]]:
    store = tiny_school(data, **({"provisions": [TALK]} | rows))
    who = {"school_id": "school", "pupil_id": "1"}
    found = ask("pupil_map", Filter(as_at=DAY), store, **who)
    return list(found.select("area", "has", "pupils").iter_rows())


def test_what_a_pupil_has_stands_where_its_own_needs_put_it(data: Path) -> None:
    placed = [HAS_IT | {"need_codes": ["SEMH"]}]
    assert one_pupil(data, placements=placed) == [("social, emotional and mental health", True, 1)]


def test_a_pupil_of_no_known_year_is_counted_too(data: Path) -> None:
    pupils = [PUPIL | {"year_group": None}]
    assert one_pupil(data, pupils=pupils, placements=[HAS_IT]) == [("communication and interaction", True, 1)]


def test_the_phase_of_a_year_is_not_one_that_begins_after_the_day(data: Path) -> None:
    spans = [
        {"pupil_id": "1", "academic_year": "2025/26", "year_group": year, "start_date": day(start)}
        for year, start in (("2", "2025-09-01"), ("3", "03-04"))
    ]
    pupils = [PUPIL | {"fsm": True, "entry_date": day("2025-09-01")}]
    store = tiny_school(data, pupils=pupils, enrolments=spans)
    stages = ask("groups_held", Filter(as_at=DAY), store)["key_stage"].unique().to_list()
    assert set(stages) == {"all", "Key stage 1"}
