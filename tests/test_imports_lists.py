"""Sheets about provision as a school office keeps them: merged waves, a row a pupil, columns of ticks.

When to write one: for each shape of such a sheet that provmap has not met yet.
"""

import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from provmap.__main__ import main
from provmap.imports import Preview, commit, preview
from provmap.imports.plans import Plan
from provmap.store import open_store
from provmap.ui import plan_changes as changes
from tests.test_mapping_page import widget
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, TALK, tiny_school

ROLL = [
    {"pupil_id": number, "surname": surname, "forename": forename, "year_group": "5", "class": "Oak",
     "date_of_birth": date(2015, 10, int(number))}
    for number, surname, forename in (("1", "Ash", "Robin"), ("2", "Elm", "Kit"), ("3", "Fox and Hay", "Jo"))
]  # fmt: skip
REGISTER = """Surname,Forename,DOB,Year,Staff,Programme,Start Date,End Date,Sessions per week,Mins
Ash,Robin,01/10/2015,5,Ms Ng,TALK,15/09/2025,,3,20
Elm,Kit,02/10/2015,5,Mr Lee,Talk ,15/09/2025,12/12/2025,3,20
Elm,Kit,02/10/2015,5,Mr Lee,Rapid Readers,12/01/2026,,2,30
"""
TICKS = """Adno,Pupil name,Class,Talk,ELSA,1:1 Reading,Notes
1,"Ash, Robin",5 Oak,x,✓,1,
2,"Elm, Kit",5 Oak,,Y,1,likes dogs
3,"Fox and Hay, Jo",5 Oak,x,,,
Total,3,,2,2,4,
"""


@pytest.fixture
def school(data: Path) -> Path:
    """Three pupils and one provision, held."""
    tiny_school(data, pupils=ROLL, provisions=[TALK])
    return data


def look(folder: Path, content: str | bytes, plan: Plan | None = None, name: str = "a.csv") -> Preview:
    given = content.encode() if isinstance(content, str) else content
    return preview(folder, [(name, given)], DAY, plans={"*": plan} if plan else None)


def held(folder: Path, query: str) -> list[tuple[Any, ...]]:
    return open_store(folder).cursor().sql(query).fetchall()


def merged() -> bytes:
    """A map in which a wave is one merged cell beside its interventions."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Autumn")
        sheet.write(0, 0, "PROVISION MAP")
        sheet.write_row(2, 0, ["Wave", "Intervention", "Length of session (mins)", "Pupils", "Start", "Cost"])
        rows = [("Talk", 20, "Robin Ash & Kit Elm"), ("Gym", 30, "Jo Fox and Hay"), ("ELSA", 40, "Kit Elm")]
        for place, (name, minutes, pupils) in enumerate(rows, 3):
            sheet.write_row(place, 1, [name, minutes, pupils])
            sheet.write_datetime(place, 4, datetime(2026, 1, 12), book.add_format({"num_format": "dd/mm/yy"}))
        sheet.merge_range(3, 0, 4, 0, "Wave 2")
        sheet.write(5, 0, "Wave 3")
        sheet.write_row(6, 0, ["Total cost", "", "", "", "", 1200])
    return stream.getvalue()


class TestMap:
    def test_a_merged_wave_is_that_of_each_row(self, school: Path) -> None:
        plan = look(school, merged(), name="map.xlsx").foreign[0].plan
        assert [step["column"] for step in plan.steps if step["do"] == "fill down"] == ["Wave"]
        answers = {key: text.split()[1] for key, text in plan.answers.items()}
        found = look(school, merged(), replace(plan, answers=answers), name="map.xlsx")
        assert found.rejected_rows == 0
        commit(found, "test")
        query = "select provision_id, tier, minutes_per_session from store.provisions order by all"
        assert held(school, query) == [
            ("ELSA", "specialist", 40),
            ("Gym", "targeted", 30),
            ("T", "targeted", 20),
        ]
        # "&" parts two names, and the "and" of a surname none.
        query = "select provision_id, pupil_id from store.placements order by all"
        assert held(school, query) == [("ELSA", "2"), ("Gym", "3"), ("T", "1"), ("T", "2")]

    def test_it_can_be_left_out_and_put_back(self, school: Path) -> None:
        plan = look(school, merged(), name="map.xlsx").foreign[0].plan
        step = next(step for step in plan.steps if step["do"] == "fill down")
        without = changes.without_step(plan, step)
        assert step not in without.steps
        assert changes.with_step(without, step) == plan


class TestRegister:
    def test_a_row_a_pupil_is_provision_and_no_roll(self, school: Path) -> None:
        found = look(school, REGISTER)
        assert [output.dataset for output in found.foreign[0].plan.outputs] == ["provisions", "placements"]
        assert [one.split(" ")[0:2] for one in found.foreign[0].questions] == [
            ["Which", "tier"],
            ["There", "is"],
        ]
        plan = found.foreign[0].plan
        plan = changes.with_step_word(plan, plan.steps[0], "agreed", "yes")
        plan = changes.with_all(plan, "provisions", "tier", "specialist")
        commit(look(school, REGISTER, plan), "test")
        query = """select pupil_id, provision_id, start_date::varchar, end_date::varchar, sessions_per_week,
                          minutes_per_session from store.placements order by all"""
        assert held(school, query) == [
            ("1", "T", "2025-09-15", None, 3, 20), ("2", "Rapid Readers", "2026-01-12", None, 2, 30),
            ("2", "T", "2025-09-15", "2025-12-12", 3, 20),
        ]  # fmt: skip
        assert held(school, "select provision_id, tier from store.provisions order by all") == [
            ("Rapid Readers", "specialist"), ("T", "targeted"),
        ]  # fmt: skip

    def test_by_number_and_without_a_day(self, school: Path) -> None:
        found = look(school, "Adno,Pupil name,Intervention\n1,Robin Ash,Talk\n")
        assert found.foreign[0].questions == ["From which day holds all rows for placements?"]
        plan = changes.with_all(found.foreign[0].plan, "placements", "start_date", "2026-01-12")
        assert (
            look(school, "Adno,Pupil name,Intervention\n1,Robin Ash,Talk\n", plan).counts["placements"]["new"]
            == 1
        )


class TestTicks:
    def test_what_is_left_out_is_said(
        self, school: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "ticks.csv"
        file.write_text(TICKS, encoding="utf-8")
        assert main(["import", str(file), "--dated", DAY.isoformat(), "--dry-run"]) == 0
        said = capsys.readouterr().err
        assert "ticks.csv: columns left out: Notes\n" in said
        # A column of ones is a list of pupils, and no result in reading.
        assert "hold only ticks (are they provisions? the page asks): ELSA, 1:1 Reading\n" in said

    def test_they_become_provisions_on_the_page(self, school: Path) -> None:
        app = open_app("import_and_data")
        app.file_uploader[0].set_value([("ticks.csv", TICKS.encode(), "text/csv")]).run()
        app.date_input(key="dated").set_value(DAY).run()
        app.button(key="look").click().run()
        assert not app.exception
        choice = widget(app, "multiselect", "_ticks")
        assert choice.options == ["ELSA", "1:1 Reading"]
        choice.set_value(["ELSA"]).run()
        assert not app.exception
        assert "Only you can say" in words_of(app)
        widget(app, "selectbox", "_tier_elsa").set_value("targeted").run()
        app.button(key="look_again").click().run()
        assert not app.exception
        assert widget(app, "multiselect", "_ticks").options == ["1:1 Reading"]
        app.button(key="confirm").click().run()
        assert not app.exception
        query = "select provision_id, pupil_id, start_date from store.placements order by all"
        assert held(school, query) == [
            ("T", "1", DAY),
            ("T", "3", DAY),
            ("elsa", "1", DAY),
            ("elsa", "2", DAY),
        ]
