"""Provisions named in a file, where the school holds some of them under other identifiers already.

When to write one: for each way in which a file names its provisions.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.imports import Preview, commit, preview
from provmap.imports.plans import Each, Output, Plan
from provmap.imports.provisions import Provision, Provisions, as_written, by_name
from provmap.imports.shaping import IMPORT_DATE
from provmap.store import open_store
from provmap.ui import plan_changes as changes
from provmap.ui.plan_changes import Use
from tests.test_mapping_page import widget
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, tiny_school

HELD = [
    {"provision_id": "T", "name": "Talk Time", "tier": "targeted"},
    {"provision_id": "L1", "name": "Lego", "tier": "specialist"},
]
TWICE = [*HELD, {"provision_id": "L2", "name": "LEGO", "tier": "targeted"}]
MAP = "Intervention,Wave,Led by\n talk  TIME,2,Ms Fox\nGym,3,Mr Ng\n"


@pytest.fixture
def school(data: Path) -> Path:
    """One pupil and two provisions, held."""
    tiny_school(data, provisions=HELD)
    return data


def look(folder: Path, text: str, plan: Plan | None = None, name: str = "map.csv") -> Preview:
    return preview(folder, [(name, text.encode())], DAY, plans={name: plan} if plan else None)


def provisions(folder: Path) -> list[tuple[Any, ...]]:
    query = "select provision_id, name, tier, lead from store.provisions order by all"
    return open_store(folder).cursor().sql(query).fetchall()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Talk Time", ["T"]), ("talktime", ["T"]), (" TALK   time", ["T"]), ("T", ["T"]), ("t", ["T"]),
        ("Lego", ["L1", "L2"]), ("L2", ["L2"]), ("Talk", []), ("Talk Tame", []), ("", []),
    ],
)  # fmt: skip
def test_names_are_compared_without_case_and_spaces(text: str, codes: list[str]) -> None:
    found = Provisions([Provision(one["provision_id"], one["name"]) for one in TWICE]).find(text)
    assert [one.provision_id for one in found] == codes


class TestMap:
    def test_a_held_name_is_the_held_provision(self, school: Path) -> None:
        found = look(school, MAP)
        assert found.foreign[0].questions == []
        told = "map.csv, Intervention: taken to be provision that is held already: talk TIME (T)."
        assert told in found.notices
        assert {name: found.counts["provisions"][name] for name in ("new", "changed")} == {
            "new": 1, "changed": 1,
        }  # fmt: skip
        # It keeps its name: how the file spells it is no change.
        assert found.changed_columns == {"provisions": {"lead": 1}}
        commit(found, "test")
        assert provisions(school) == [
            ("Gym", "Gym", "specialist", "Mr Ng"), ("L1", "Lego", "specialist", None),
            ("T", "Talk Time", "targeted", "Ms Fox"),
        ]  # fmt: skip

    def test_what_is_new_is_one_provision_however_it_is_spelt(self, school: Path) -> None:
        found = look(school, "Intervention,Wave\nGym Trail,2\ngym trail,2\n")
        assert found.rows["provisions"]["provision_id"].to_list() == ["Gym Trail"]

    def test_a_person_can_say_another(self, school: Path) -> None:
        plan = look(school, MAP).foreign[0].plan
        found = look(school, MAP, replace(plan, answers={"provision Gym in Intervention": "L1"}))
        assert found.rows["provisions"]["provision_id"].to_list() == ["T", "L1"]
        assert found.rows["provisions"]["name"].to_list() == ["Talk Time", "Lego"]
        commit(found, "test")
        # That is remembered; a provision that is no longer held is not meant by it.
        again = look(school, MAP.replace("Fox", "Hare"))
        assert again.foreign[0].is_remembered
        assert again.rows["provisions"]["provision_id"].to_list() == ["T", "L1"]
        other = look(school, MAP, replace(plan, answers={"provision Gym in Intervention": "gone"}))
        assert other.rows["provisions"]["provision_id"].to_list() == ["T", "Gym"]

    def test_two_of_one_name_are_a_question(self, data: Path) -> None:
        tiny_school(data, provisions=TWICE)
        text = "Intervention,Wave\nLego,2\nTalk Time,2\n"
        found = look(data, text)
        (question,) = found.foreign[0].questions
        assert question == (
            "More than one provision that is held has that name. Which is meant by Lego in Intervention: "
            "L1 Lego, specialist or L2 LEGO, targeted?"
        )
        assert found.rows == {}
        plan = replace(found.foreign[0].plan, answers={"provision Lego in Intervention": "L2"})
        assert look(data, text, plan).rows["provisions"]["provision_id"].to_list() == ["L2", "T"]

    def test_the_tier_of_what_is_held_is_known(self, school: Path) -> None:
        assert look(school, "Intervention,Led by\nLego,Ms Fox\nTalk Time,Mr Ng\n").foreign[0].questions == []
        text = "Intervention,Led by\nLego,Ms Fox\nGym,Mr Ng\n"
        found = look(school, text)
        assert [one[:10] for one in found.foreign[0].questions] == ["Which tier"]
        plan = changes.with_all(found.foreign[0].plan, "provisions", "tier", "universal")
        commit(look(school, text, plan), "test")
        assert provisions(school)[:2] == [
            ("Gym", "Gym", "universal", "Mr Ng"), ("L1", "Lego", "specialist", "Ms Fox"),
        ]  # fmt: skip

    def test_the_pupils_are_in_the_held_provision(self, school: Path) -> None:
        text = "Intervention,Tier,Pupils,Start\nTALK TIME,targeted,Robin Ash,2026-01-05\n"
        plan = look(school, text).foreign[0].plan
        plan = replace(plan, answers=dict.fromkeys(plan.answers, "1"))
        assert look(school, text, plan).rows["placements"]["provision_id"].to_list() == ["T"]

    def test_a_plan_from_before_is_looked_up_too(self, school: Path) -> None:
        old = Plan(
            (Output("provisions", {"provision_id": "Intervention", "name": "Intervention", "tier": "Wave"}),)
        )
        assert look(school, MAP, old).rows["provisions"]["provision_id"].to_list() == ["T", "Gym"]

    def test_a_list_of_placements_that_names_them(self, school: Path) -> None:
        text = "Adno,Programme,From\n1,talk time,2026-01-05\n"
        columns = {"pupil_id": "Adno", "provision_id": "Programme", "start_date": "From"}
        found = look(school, text, Plan((Output("placements", columns),)))
        assert found.rows["placements"]["provision_id"].to_list() == ["T"]


class TestTicks:
    def test_a_column_is_the_held_provision(self, school: Path) -> None:
        found = look(school, "Adno,Surname,TALKTIME (Y/N)\n1,Ash,y\n", name="ticks.csv")
        assert found.rows["placements"]["provision_id"].to_list() == ["T"]
        assert (
            "ticks.csv: columns taken to be provision that is held already: TALKTIME (Y/N) (T)."
            in found.notices
        )

    def test_two_of_one_name_are_a_question(self, data: Path) -> None:
        tiny_school(data, provisions=TWICE)
        found = look(data, "Adno,Lego\n1,x\n")
        assert found.foreign[0].questions == ["Which provision is meant by the column Lego?"]

    def test_what_a_plan_adds_is_not_added_beside_it(self, school: Path) -> None:
        row = {"provision_id": "talk-time", "name": "Talk Time", "tier": "?"}
        each = Each("TT", "", {"provision_id": "talk-time", "start_date": IMPORT_DATE}, "ticked")
        plan = Plan((
            Output("provisions", set={"tier": "?"}, rows=(row,)),
            Output("placements", {"pupil_id": "Adno"}, {}, (each,)),
        ))  # fmt: skip
        found = look(school, "Adno,TT\n1,x\n", plan)
        assert found.foreign[0].questions == []
        assert list(found.rows) == ["placements"]
        assert found.rows["placements"]["provision_id"].to_list() == ["T"]


class TestPlanChanges:
    PLAN = by_name(Plan((Output("provisions", {"provision_id": "A", "name": "A", "lead": "B"}),)))

    def test_it_can_be_taken_back(self) -> None:
        (output,) = as_written(self.PLAN).outputs
        assert output.columns == {"provision_id": "A", "name": "A", "lead": "B"}
        assert by_name(as_written(self.PLAN)) == self.PLAN

    def test_a_column_of_names_is_still_that(self) -> None:
        assert changes.use_of(self.PLAN, "A").kind == "provisions: name"
        assert changes.use_of(self.PLAN, "B").kind == "provisions: lead"

    def test_another_column_can_be_the_name(self) -> None:
        plan = by_name(changes.become(self.PLAN, "B", Use("provisions: name")))
        assert [step["column"] for step in plan.steps] == ["B"]
        assert plan.outputs[0].columns["provision_id"] == "provision_id (from B)"


class TestPage:
    def test_it_is_said_and_can_be_changed(self, school: Path) -> None:
        app = opened(MAP)
        assert "“talk TIME” as Talk Time in “Intervention” is held already" in words_of(app)
        assert "“Gym” is new" in words_of(app)
        chosen = widget(app, "selectbox", "_meant_provision talk TIME in Intervention")
        assert chosen.value == "T"
        chosen.set_value("L1").run()
        app.button(key="look_again").click().run()
        assert not app.exception
        app.button(key="confirm").click().run()
        assert [row[3] for row in provisions(school)] == ["Mr Ng", "Ms Fox", None]

    def test_several_spellings_are_named_once_and_the_tier_is_of_what_is_new(self, school: Path) -> None:
        app = opened("Intervention,Led by\nTalk Time,A\ntalk time,A\nLego,B\nGym,C\n")
        said = "“Talk Time” and “Lego” in “Intervention” are held already, and are taken to be the same"
        assert f"{said} provisions" in words_of(app)
        label = widget(app, "selectbox", "_set_provisions_tier").label
        assert label == "Of which tier are the provisions that are new?"

    def test_of_two_one_is_chosen(self, data: Path) -> None:
        tiny_school(data, pupils=[PUPIL], provisions=TWICE)
        app = opened("Intervention,Wave\nLego,2\n")
        assert app.button(key="confirm").disabled
        asked = widget(app, "selectbox", "_meant_provision Lego in Intervention").label
        assert asked.startswith("More than one provision that you hold is called “Lego”")
        widget(app, "selectbox", "_meant_provision Lego in Intervention").set_value("L2").run()
        app.button(key="look_again").click().run()
        assert not app.exception
        assert "Only you can say" not in words_of(app)
        assert not app.button(key="confirm").disabled

    def test_a_column_made_a_provision_is_the_held_one(self, school: Path) -> None:
        app = opened("Adno,Surname,Forename,Year,Talk\n1,Ash,Robin,5,x\n")
        widget(app, "multiselect", "_open").set_value(["Talk"]).run()
        widget(app, "selectbox", "_becomes_Talk").set_value(changes.TICK).run()
        widget(app, "selectbox", "_Talk_provision_id").set_value("another").run()
        widget(app, "text_input", "_provision_id_typed").set_value("talktime").run()
        widget(app, "selectbox", "_Talk_from").set_value(IMPORT_DATE).run()
        app.button(key="look_again").click().run()
        assert not app.exception
        app.button(key="confirm").click().run()
        assert len(provisions(school)) == len(HELD)


def opened(text: str) -> AppTest:
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("map.csv", text.encode(), "text/csv")]).run()
    app.date_input(key="dated").set_value(DAY).run()
    app.button(key="look").click().run()
    assert not app.exception
    return app
