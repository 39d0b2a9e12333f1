"""Files that say little of themselves: nothing recognised, a heading twice, sheets to choose from."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from streamlit.testing.v1 import AppTest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview
from provmap.imports.plans import Plan, plan_from, plan_json
from provmap.imports.recognising import open_questions
from provmap.store import datasets, open_store
from provmap.ui import mapping_words as words
from provmap.ui import plan_changes as changes
from provmap.ui.mapping_start import made_of
from provmap.ui.plan_changes import Use
from tests.test_mapping_page import widget
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, tiny_school

TWICE = "pupil_id,surname,forename,year_group,Year Group\np1,Ash,Zoë,5,6\n"
NOTHING = "Kennung,Nachname,Vorname,Stufe\n007,Ash,Zoë,5\n008,Elm,Kit,6\n"
EMPTY = Plan()


def book(**sheets: list[list[str]]) -> bytes:
    """A workbook; a sheet whose name begins with `hidden` is."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        if name.startswith("hidden"):
            sheet.hide()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    workbook.close()
    return content.getvalue()


PUPILS = [["pupil_id", "surname", "forename", "year_group"], ["1", "Ash", "Robin", "5"]]
NEEDS = [["pupil_id", "need_code"], ["1", "SLCN"]]
BOOK = {"Pupils": PUPILS, "Notes": [["remember"], ["milk"]], "hidden needs": NEEDS}


def held(folder: Path, select: str) -> list[tuple[Any, ...]]:
    return open_store(folder).cursor().sql(select).fetchall()


def open_file(name: str, content: bytes) -> AppTest:
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([(name, content, "application/octet-stream")]).run()
    app.date_input(key="dated").set_value(DAY).run()
    app.button(key="look").click().run()
    assert not app.exception
    return app


class TestOneHeadingTwice:
    def look(self, folder: Path, text: str) -> Preview:
        return preview(folder, [("roll.csv", text.encode())], DAY, sheets={})

    def test_without_a_person_it_is_refused(self, data: Path) -> None:
        with pytest.raises(ImportRefused, match="two columns named Year Group"):
            preview(data, [("roll.csv", TWICE.encode())], DAY)

    @pytest.mark.parametrize(("column", "year"), [("year_group", "5"), ("Year Group (2)", "6")])
    def test_a_person_says_which_counts(self, data: Path, column: str, year: str) -> None:
        (foreign,) = self.look(data, TWICE).foreign
        assert list(changes.asked(foreign.plan)) == [("set", ("pupils", "year_group"))]
        plan = changes.become(foreign.plan, column, Use("pupils: year_group"))
        commit(preview(data, [("roll.csv", TWICE.encode())], DAY, plans={"roll.csv": plan}), "test")
        assert held(data, "select pupil_id, year_group from store.pupils") == [("p1", year)]

    def test_a_heading_that_only_looks_like_another(self, data: Path) -> None:
        (foreign,) = self.look(data, TWICE.replace("year_group", "yeargroup")).foreign
        assert list(changes.asked(foreign.plan)) == [("set", ("pupils", "year_group"))]

    def test_twice_in_headings_of_other_systems(self, data: Path) -> None:
        (foreign,) = self.look(data, "Adno,Surname,Forename,Year,Year\n1,Ash,Zoë,5,6\n").foreign
        assert list(changes.asked(foreign.plan)) == [("set", ("pupils", "year_group"))]

    def test_on_the_page(self, data: Path) -> None:
        app = open_file("roll.csv", TWICE.encode())
        question = widget(app, "selectbox", "_set_pupils_year_group")
        assert "the column “Year Group (2)” (6)" in question.options
        question.set_value(("column", "Year Group (2)")).run()
        app.button(key="look_again").click().run()
        app.button(key="confirm").click().run()
        assert held(data, "select year_group from store.pupils") == [("6",)]


class TestFromNothing:
    def test_without_a_person_it_is_refused(self, data: Path) -> None:
        with pytest.raises(ImportRefused, match="none of the files"):
            preview(data, [("liste.csv", NOTHING.encode())], DAY)

    def test_every_column_is_given_its_meaning(self, data: Path) -> None:
        app = open_file("liste.csv", NOTHING.encode())
        assert app.button(key="confirm").disabled
        assert "No column becomes anything yet" in " ".join(one.value for one in app.caption)
        widget(app, "selectbox", "_rows").set_value("pupils").run()
        assert "007, 008" in words_of(app)
        for column, name in (("Kennung", "pupil_id"), ("Nachname", "surname"), ("Vorname", "forename"),
                             ("Stufe", "year_group")):  # fmt: skip
            widget(app, "selectbox", f"_start_pupils_{column}").set_value(f"pupils: {name}")
        app.run()
        app.button(key="look_again").click().run()
        assert not app.exception
        app.button(key="confirm").click().run()
        assert held(data, "select pupil_id, surname, year_group from store.pupils order by 1") == [
            ("007", "Ash", "5"), ("008", "Elm", "6"),
        ]  # fmt: skip

    def test_what_is_lacking_is_asked_next(self, data: Path) -> None:
        tiny_school(data)
        app = open_file("liste.csv", b"Wer,Was,Rest\n1,Talk,x\n")
        widget(app, "selectbox", "_rows").set_value("placements").run()
        widget(app, "selectbox", "_start_placements_Was").set_value("placements: provision_id").run()
        app.button(key="look_again").click().run()
        assert "Only you can say this** (2 questions)" in words_of(app)
        widget(app, "selectbox", "_set_placements_pupil_id").set_value(("column", "Wer"))
        widget(app, "selectbox", "_set_placements_start_date").set_value(("all", "day of the import")).run()
        app.button(key="look_again").click().run()
        assert not app.exception
        app.button(key="confirm").click().run()
        assert held(data, "select pupil_id, provision_id, start_date from store.placements") == [
            ("1", "Talk", DAY)
        ]

    @pytest.mark.parametrize("dataset", sorted(datasets()))
    def test_each_dataset_can_be_made(self, dataset: str) -> None:
        """Every column of it is offered, and with all of them chosen nothing is left to ask."""
        columns = datasets()[dataset].column_names
        of = {name: "pupils" if name == "pupil_id" else dataset for name in columns}
        chosen = {f"col {name}": f"{of[name]}: {name}" for name in columns}
        plan = made_of(EMPTY, dataset, chosen)
        assert plan_from(plan_json(plan)) == plan
        assert not open_questions(plan)
        assert dataset == "pupils" or plan.outputs[0].columns.keys() == set(columns)
        assert "pupils: pupil_id" in words.kinds(plan) or "pupil_id" not in columns

    def test_a_map_with_names(self) -> None:
        plan = made_of(EMPTY, "provisions", {"A": "provisions: name", "B": changes.NAMES})
        assert [output.dataset for output in plan.outputs] == ["provisions", "placements"]


class TestSheets:
    def test_hidden_ones_are_off_and_named(self, data: Path) -> None:
        found = preview(data, [("b.xlsx", book(**BOOK))], DAY)
        assert [(one.name, one.is_hidden, one.is_taken) for one in found.reading.sheets] == [
            ("Pupils", False, True), ("Notes", False, True), ("hidden needs", True, False),
        ]  # fmt: skip
        assert list(found.rows) == ["pupils"]
        assert any("hidden needs is a hidden sheet" in notice for notice in found.notices)

    def test_a_hidden_one_can_be_chosen(self, data: Path) -> None:
        wanted = {"b.xlsx": ("pupils", "hidden")}
        content = book(pupils=PUPILS, hidden=[["Adno", "Need"], ["1", "SLCN"]])
        found = preview(data, [("b.xlsx", content)], DAY, sheets=wanted)
        assert found.counts["pupils"]["new"] == found.counts["needs"]["new"] == 1
        assert not any("left out" in notice for notice in found.notices)

    def test_chosen_on_the_page(self, data: Path) -> None:
        app = open_file("b.xlsx", book(**BOOK))
        choice = widget(app, "multiselect", "_b.xlsx")
        assert choice.options == ["Pupils", "Notes", "hidden needs (hidden)"]
        assert choice.value == ["Pupils", "Notes"]
        choice.set_value(["Pupils"]).run()
        app.button(key="read_sheets").click().run()
        assert not app.exception
        assert widget(app, "multiselect", "_b.xlsx").value == ["Pupils"]
        app.button(key="confirm").click().run()
        assert held(data, "select count(*) from store.pupils") == [(1,)]

    def test_a_workbook_of_hidden_sheets_can_be_opened_on_the_page_alone(self, data: Path) -> None:
        content = book(front=[], **{"hidden pupils": PUPILS})
        with pytest.raises(ImportRefused, match="is hidden"):
            preview(data, [("b.xlsx", content)], DAY)
        found = preview(data, [("b.xlsx", content)], DAY, sheets={})
        assert found.rows == {}
        taken = preview(data, [("b.xlsx", content)], DAY, sheets={"b.xlsx": ("hidden pupils",)})
        assert taken.counts["pupils"]["new"] == 1
