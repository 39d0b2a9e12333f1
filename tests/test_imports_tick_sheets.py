"""A sheet of ticks: each column is a provision of its own, also one that is not held yet."""

from datetime import date
from pathlib import Path

from provmap.imports import preview
from provmap.ui import mapping_details
from provmap.ui import plan_changes as changes
from provmap.ui.new_provisions import new_provisions
from tests.test_mapping_page import widget
from tests.test_mapping_start import open_file

SHEET = (
    "Name,UPN,Class,Lego therapy,ELSA,Reading buddies,Notes\n"
    "Robin Ash,A801200001001,Oak,x,✓,,see me\nKit Elm,B801200001002,Oak,,Y,✓,\n"
    "Ama Yew,C801200001003,Oak,x,,,\n"
)


def test_ticks_are_provisions_whatever_the_heading(data: Path) -> None:
    found = preview(data, [("ticks.csv", SHEET.encode())], date(2026, 9, 4), sheets={})
    plan = found.foreign[0].plan
    assert [row["name"] for row in new_provisions(plan).values()] == [
        "Lego therapy",
        "ELSA",
        "Reading buddies",
    ]
    assert [what for what, _ in changes.asked(plan) if what == "provision"] == ["provision"] * 3


def test_a_roll_keeps_its_ticks_for_a_person_to_name(data: Path) -> None:
    text = SHEET.replace("Class", "Year").replace("Oak", "5")
    found = preview(data, [("ticks.csv", text.encode())], date(2026, 9, 4), sheets={})
    assert new_provisions(found.foreign[0].plan) == {}


def test_columns_set_to_provisions_keep_their_own_names(data: Path) -> None:
    sheet = "UPN,Year,Surname,Forename,Lego therapy,ELSA\nA801200001001,5,Ash,Robin,a,b\n"
    app = open_file("sheet.csv", sheet.encode())
    widget(app, "multiselect", "_open").set_value(["Lego therapy", "ELSA"]).run()
    for column in ("Lego therapy", "ELSA"):
        widget(app, "selectbox", f"_becomes_{column}").set_value(changes.TICK)
    app.run()
    assert not app.exception
    keys = [one.key for one in app.selectbox]
    assert any(key.endswith("_tier_lego-therapy") for key in keys if key)
    assert any(key.endswith("_tier_elsa") for key in keys if key)


def test_a_column_of_ticks_is_about_what_it_is_called() -> None:
    assert mapping_details.own_details(changes.DAY, " ELSA ") == {"provision_id": "ELSA"}
