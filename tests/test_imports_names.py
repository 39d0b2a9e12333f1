"""Cells of pupils' names in a map kept by hand: proposed letter for letter, confirmed by a person.

When to write one: for each way in which a hand-kept map names its pupils.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview, rejected_rows
from provmap.imports.names import Names, Pupil
from provmap.imports.plans import Plan
from provmap.store import open_store
from provmap.ui import plan_changes as changes
from provmap.ui.mapping_names import IS_MEANT, chosen, chosen_twice
from tests.test_mapping_page import widget
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, tiny_school

ROLL = [
    Pupil("1", "Smith", "Ava", "5", "Oak"),
    Pupil("2", "Jones", "Ben", "5", "Oak"),
    Pupil("3", "Łuć", "Aneta", "5", "Oak"),
    Pupil("4", "Smith", "Ava", "3", "Elm"),
    Pupil("5", "Quill", "Zed", "3", "Elm"),
    Pupil("6", "Quay", "Zed", "4", "Elm"),
]
MAP = """Intervention,Wave,Class,Pupils,Start
Talk Time,2,Oak,"Ava Smith, Ben Jones; Łuć Aneta",05/01/2026
Lego,3,3 Elm,"Zed
Ava Smith
Jo Nobody",12/01/2026
Gym,2,,Zed,12/01/2026
"""


@pytest.fixture
def school(data: Path) -> Path:
    """The pupils of ROLL, held."""
    rows = [
        {"pupil_id": one.pupil_id, "surname": one.surname, "forename": one.forename,
         "year_group": one.year_group, "class": one.class_name}
        for one in ROLL
    ]  # fmt: skip
    tiny_school(data, pupils=rows)
    return data


def look(folder: Path, text: str = MAP, plan: Plan | None = None) -> Preview:
    return preview(folder, [("map.csv", text.encode())], DAY, plans={"map.csv": plan} if plan else None)


def agreed(found: Preview, **said: str) -> Plan:
    """The plan in which the first pupil who is proposed is meant, but for what is said by name."""
    plan = found.foreign[0].plan
    answers = {key: text.split()[1] if text.startswith("?") else text for key, text in plan.answers.items()}
    return replace(plan, answers=answers | {f"pupil {name} in Pupils": text for name, text in said.items()})


def placements(folder: Path) -> list[tuple[Any, ...]]:
    query = "select provision_id, pupil_id, start_date::varchar from store.placements order by all"
    return open_store(folder).cursor().sql(query).fetchall()


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "places", "pupils"),
        [
            ("Ben Jones", "", ["2"]),
            ("jones  BEN", "", ["2"]),
            ("Jones, Ben", "", ["2"]),
            ("Ava Smith", "", ["1", "4"]),
            ("Ava Smith", "Year 3", ["4"]),
            ("Ava Smith", "5 Oak", ["1"]),
            ("Ava Smith", "Oak and Elm", ["1", "4"]),
            # A whole name that only one pupil has, whatever class stands beside it.
            ("Ben Jones", "Elm", ["2"]),
            # A forename alone: only where one pupil of the classes named has it.
            ("Ben", "Oak", ["2"]),
            ("Ben", "Elm", []),
            ("Ben", "", []),
            ("Zed", "Elm", []),
            ("Zed", "3, Elm", ["5"]),
            # Nothing that is only like it.
            ("Aneta Luc", "", []),
            ("Bennn Jones", "", []),
            ("Ben J", "Oak", []),
            ("", "Oak", []),
        ],
    )
    def test_letter_for_letter(self, text: str, places: str, pupils: list[str]) -> None:
        _key, found = Names(ROLL).find(text, places)
        assert [pupil.pupil_id for pupil in found] == pupils

    @pytest.mark.parametrize(
        ("cell", "names"),
        [
            ("Ava Smith, Ben Jones; Łuć Aneta", ["Ava Smith", "Ben Jones", "Łuć Aneta"]),
            ("Ava Smith\r\nBen Jones\n", ["Ava Smith", "Ben Jones"]),
            ("Smith, Ava; Jones, Ben", ["Smith, Ava", "Jones, Ben"]),
            ("Ava,,; ,Ben", ["Ava", "Ben"]),
            (" ; ", []),
        ],
    )
    def test_a_cell_is_split(self, cell: str, names: list[str]) -> None:
        assert list(Names(ROLL).split(cell)) == names


class TestImport:
    def test_each_name_is_asked_and_nothing_is_taken_before(self, school: Path) -> None:
        found = look(school)
        assert found.foreign[0].plan.answers == {
            "pupil Ava Smith (Oak) in Pupils": "? 1 Ava Smith, Year 5, Oak",
            "pupil Ben Jones in Pupils": "? 2 Ben Jones, Year 5, Oak",
            "pupil Łuć Aneta in Pupils": "? 3 Aneta Łuć, Year 5, Oak",
            "pupil Zed (3 Elm) in Pupils": "? 5 Zed Quill, Year 3, Elm",
            "pupil Ava Smith (3 Elm) in Pupils": "? 4 Ava Smith, Year 3, Elm",
        }
        assert found.foreign[0].questions == ["Which pupils are meant by the names in Pupils (5 to say)?"]
        assert found.rows == {}
        with pytest.raises(ImportRefused, match="only you can say"):
            commit(found, "test")

    def test_what_is_agreed_is_imported_and_the_rest_listed(self, school: Path) -> None:
        found = look(school, plan=agreed(look(school), **{"Ben Jones": "nobody"}))
        told = found.problems.select("line", "value", "column", "verdict").rows()
        assert told == [
            (2, "Ben Jones", "Pupils", "rejected"),
            (3, "Jo Nobody", "Pupils", "rejected"),
            (6, "Zed", "Pupils", "rejected"),
        ]
        assert found.problems["remedy"].str.contains("as they are on roll").all()
        assert found.counts["placements"] == {
            "read": 7, "new": 4, "changed": 0, "unchanged": 0, "missing": 0, "rejected": 3,
        }  # fmt: skip
        assert rejected_rows(found)["map_rejected"]["line"].to_list() == [2, 3, 6]
        commit(found, "test", accept_alarms=True)
        assert placements(school) == [
            ("Lego", "4", "2026-01-12"), ("Lego", "5", "2026-01-12"),
            ("Talk Time", "1", "2026-01-05"), ("Talk Time", "3", "2026-01-05"),
        ]  # fmt: skip

    def test_two_pupils_of_one_name_are_a_choice(self, school: Path) -> None:
        text = "Intervention,Tier,Pupils,Start\nTalk,targeted,Ava Smith,2026-01-05\n"
        found = look(school, text)
        (answer,) = found.foreign[0].plan.answers.values()
        assert answer == "? 1 Ava Smith, Year 5, Oak or 4 Ava Smith, Year 3, Elm"
        commit(look(school, text, agreed(found, **{"Ava Smith": "1"})), "test")
        assert placements(school) == [("Talk", "1", "2026-01-05")]

    @pytest.mark.parametrize("answer", ["yes", "99", ""])
    def test_an_answer_that_is_no_pupil_takes_nobody_in(self, school: Path, answer: str) -> None:
        text = "Intervention,Tier,Pupils,Start\nTalk,targeted,Ben Jones,2026-01-05\n"
        found = look(school, text, agreed(look(school, text), **{"Ben Jones": answer}))
        assert found.counts["placements"]["rejected"] == 1
        assert "placements" not in found.rows

    def test_no_name_is_remembered(self, school: Path) -> None:
        commit(look(school, plan=agreed(look(school))), "test", accept_alarms=True)
        (kept,) = (school / "mappings").iterdir()
        assert json.loads(kept.read_text())["answers"] == {}
        assert not any(name in kept.read_text() for name in ("Ava", "Jones", "Łuć"))
        manifests = "".join(path.read_text() for path in school.rglob("*.json"))
        assert not any(name in manifests for name in ("Ava", "Jones", "Łuć", "Nobody"))
        # The next file of this kind asks again.
        again = look(school, MAP.replace("12/01/2026", "13/01/2026"))
        assert again.foreign[0].is_remembered
        assert len(again.foreign[0].questions) == 1

    def test_one_row_a_pupil(self, school: Path) -> None:
        rows = 'Talk,targeted,Ben Jones,2026-01-05\nTalk,targeted,"Łuć, Aneta",2026-01-05\n'
        text = f"Intervention,Tier,Pupil,Start\n{rows}"
        commit(look(school, text, agreed(look(school, text))), "test")
        assert placements(school) == [("Talk", "2", "2026-01-05"), ("Talk", "3", "2026-01-05")]

    def test_without_a_day_it_is_asked(self, school: Path) -> None:
        text = "Intervention,Tier,Pupils\nTalk,targeted,Ben Jones\n"
        assert any("From which day" in question for question in look(school, text).foreign[0].questions)


class TestPage:
    def test_left_out_and_put_back(self, school: Path) -> None:
        plan = look(school).foreign[0].plan
        step = next(one for one in plan.steps if one["do"] == "split names")
        without = changes.without_step(plan, step)
        assert [output.dataset for output in without.outputs] == ["provisions"]
        assert without.answers == {}
        again = changes.with_step(without, step)
        assert [output.dataset for output in again.outputs] == ["provisions", "placements"]
        assert list(changes.asked(again)) == [("set", ("placements", "start_date"))]

    def test_ticks_become_answers(self) -> None:
        rows = pl.DataFrame({
            IS_MEANT: [True, False, False, True, True], "name": ["A", "A", "B", "C", "C"],
            "key": ["A", "A", "B", "C", "C"], "pupil_id": ["1", "2", "3", "4", "5"],
        })  # fmt: skip
        assert chosen(rows.head(3)) == {"A": "1", "B": "nobody"}
        assert chosen_twice(rows) == ["C"]

    def test_names_are_confirmed_on_the_page(self, school: Path) -> None:
        app = open_map(MAP)
        assert any("Jo Nobody and Zed" in one.value for one in app.caption)
        assert app.button(key="confirm").disabled
        widget(app, "checkbox", "_names_right_Pupils").check().run()
        app.button(key="look_again").click().run()
        assert not app.exception
        assert "Only you can say" not in words_of(app)
        for box in app.checkbox:
            if box.key and box.key.startswith("accept_alarms"):
                box.check().run()
        app.button(key="confirm").click().run()
        assert not app.exception
        assert len(placements(school)) == 5

    def test_a_day_that_no_column_gives_is_said(self, school: Path) -> None:
        app = open_map("Intervention,Tier,Pupils\nTalk,targeted,Ben Jones\n")
        widget(app, "selectbox", "_set_placements_start_date").set_value(("day", "")).run()
        widget(app, "date_input", "_first_day").set_value(DAY).run()
        widget(app, "checkbox", "_names_right_Pupils").check().run()
        app.button(key="look_again").click().run()
        assert not app.exception
        app.button(key="confirm").click().run()
        assert placements(school) == [("Talk", "2", DAY.isoformat())]


def open_map(text: str) -> AppTest:
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("map.csv", text.encode(), "text/csv")]).run()
    app.date_input(key="dated").set_value(DAY).run()
    app.button(key="look").click().run()
    assert not app.exception
    return app
