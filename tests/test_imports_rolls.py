"""Which files are rolls, and the one place where a person says what a row of a file is."""

from datetime import date
from pathlib import Path

import pytest

from provmap.imports import Preview, preview
from provmap.ui import plan_changes as changes
from provmap.ui.plan_changes import Use
from tests.test_mapping_page import widget
from tests.test_mapping_start import open_file

ROLL = 'UPN,Full name,DoB,Gender,{},Primary need\nA801200001001,"Ash, Robin",2/3/2016,F,5 Oak,SLCN\n'


def look(folder: Path, text: str) -> Preview:
    return preview(folder, [("roll.csv", text.encode())], date(2026, 9, 4), sheets={})


@pytest.mark.parametrize("heading", ["Year / class", "Year/Class", "Class & year", "Yr-Class"])
def test_year_and_class_in_one_heading(heading: str, data: Path) -> None:
    found = look(data, ROLL.format(heading))
    row = found.rows["pupils"].select("year_group", "class", "forename").row(0)
    assert row == ("5", "Oak", "Robin")
    assert found.counts["needs"]["new"] == 1


def test_a_heading_that_nobody_knows_is_asked_and_costs_no_roll(data: Path) -> None:
    (foreign,) = look(data, ROLL.format("Gruppe")).foreign
    assert list(changes.asked(foreign.plan)) == [("set", ("pupils", "year_group"))]


@pytest.mark.parametrize(
    "text",
    [
        "UPN,Surname,Forename,Class,Reading Aut SS\nA801200001001,Ash,Robin,Oak,101\n",
        "UPN,Surname,Forename,Class,Primary need\nA801200001001,Ash,Robin,Oak,SLCN\n",
        "Surname,Forename,DOB,Reading SS\nAsh,Robin,2/3/2016,101\n",
    ],
)
def test_results_and_needs_beside_a_name_are_no_roll(text: str, data: Path) -> None:
    (foreign,) = look(data, text).foreign
    assert "pupils" not in [output.dataset for output in foreign.plan.outputs]


def test_year_and_class_set_by_hand_keep_the_name_that_was_split(data: Path) -> None:
    text = 'UPN,Full name,Gruppe,Primary need\nA801200001001,"Ash, Robin",5 Oak,SLCN\n'
    (foreign,) = look(data, text).foreign
    plan = changes.become(foreign.plan, "Gruppe", Use(changes.YEAR_AND_CLASS))
    assert list(changes.asked(plan)) == []


def test_a_person_says_that_a_row_is_a_pupil(data: Path) -> None:
    text = 'UPN,Full name,Class,Primary need\nA801200001001,"Ash, Robin",Oak,SLCN\n'
    app = open_file("roll.csv", text.encode())
    assert widget(app, "selectbox", "_rows").value == "needs"
    widget(app, "selectbox", "_rows").set_value("pupils").run()
    assert not app.exception
    assert widget(app, "selectbox", "_rows").value == "pupils"
    assert widget(app, "selectbox", "_set_pupils_year_group")


def test_a_person_says_that_a_roll_is_something_else(data: Path) -> None:
    app = open_file("roll.csv", ROLL.format("Year / class").encode())
    widget(app, "selectbox", "_rows").set_value("needs").run()
    assert not app.exception
    assert widget(app, "selectbox", "_rows").value == "needs"
