"""Barriers of needs: they stand in the matrix until somebody writes that one has gone, and by what."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Edit, open_store, rows_to_edit, save, take_back
from tests.test_coverage_parts import NEED, case, school
from tests.test_pages import open_app
from tests.tiny import DAY, PUPIL, answer, day, tiny_schools
from tests.typed import type_in

CLOSING = """
from datetime import date
from provmap.questions import make_filter
from provmap.store import open_store
from provmap.ui.barriers import close_barrier
from provmap.ui.page import Page

store = open_store()
page = Page(store, make_filter(store, as_at=date(2026, 3, 3)), {"pupils": 2})
close_barrier(page, page.ask("need_responses"))
"""
BARRED = NEED | {"barrier": "New words"}
BARRIERS = {
    "one": case(needs=[BARRED]),
    "gone on 03-03": case(needs=[BARRED]),
    "gone on 03-04": case(needs=[BARRED]),
    "seen with its need": case(needs=[BARRED]),
    "two": case(needs=[BARRED, BARRED | {"start_date": day("2025-10-01"), "barrier": "Noise"}]),
    "corrected": case(needs=[BARRED]),
    "begun after it went": case(needs=[BARRED | {"start_date": day("03-03")}]),
    "taken back": case(needs=[BARRED]),
}


@pytest.fixture(scope="module")
def barred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Schools of one store with a barrier each, where each test writes of its own school."""
    return tiny_schools(tmp_path_factory.mktemp("barred"), BARRIERS).folder


class TestBarriers:
    def gone(self, data: Path, case: str, on: date, barrier: str = "New words", by: str = "Pictures") -> None:
        now = {
            "school_id": case, "pupil_id": "1", "need_code": "SLCN", "barrier": barrier,
            "removed_on": on, "removed_by": by, "is_taken_back": False,
        }  # fmt: skip
        save(open_store(data), "Ms Oak", [Edit("barriers_removed", now)])

    def lines(self, data: Path, case: str) -> list[str]:
        rows = answer(open_store(data), "response_matrix", schools=[case])
        return [row["name"] for row in rows if row["row_kind"] == "barrier"]

    def written(self, data: Path, dataset: str, case: str) -> dict[str, Any]:
        rows = rows_to_edit(open_store(data), dataset)
        return rows.filter(rows["school_id"] == case).row(0, named=True)

    def test_empty_cells_are_counted(self, barred: Path) -> None:
        rows = {
            row["row_kind"]: row for row in answer(open_store(barred), "response_matrix", schools=["one"])
        }
        assert {rows[kind]["without"] for kind in ("area", "need", "barrier")} == {1}

    @pytest.mark.parametrize(("on", "left"), [("03-03", []), ("03-04", ["New words"])])
    def test_closed_with_what_removed_it(self, barred: Path, on: str, left: list[str]) -> None:
        self.gone(barred, f"gone on {on}", day(on))
        assert self.lines(barred, f"gone on {on}") == left
        (row,) = answer(open_store(barred), "need_responses", schools=[f"gone on {on}"])
        assert row["barrier_removed_by"] == (None if left else "Pictures")

    def test_stands_in_the_pupils_needs(self, barred: Path) -> None:
        self.gone(barred, "seen with its need", DAY)
        who = {"school_id": "seen with its need", "pupil_id": "1"}
        (row,) = ask("pupil_needs", Filter(as_at=DAY), open_store(barred), **who).to_dicts()
        assert (row["barrier_removed_on"], row["barrier_removed_by"]) == (DAY, "Pictures")

    def test_is_closed_and_taken_back_in_the_app(self, data: Path) -> None:
        school(data, needs=[BARRED])
        app = open_app("responses", matrix_rows="Barriers", as_at="2026-03-03")
        assert not app.exception
        app = open_app("pupil", as_at="2026-03-03")
        app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
        type_in(app, "barrier/school/1/SLCN/New words/", what="Pictures")
        app.text_input(key="writer_close_barrier").set_value("Ms Oak")
        next(button for button in app.button if button.label == "The barrier has gone").click().run()
        assert not app.exception
        assert self.lines(data, "school") == []
        next(button for button in app.button if button.label == "Take back").click().run()
        assert self.lines(data, "school") == ["New words"]

    def test_of_several_whose_it_is_has_to_be_chosen(self, data: Path) -> None:
        """The first of a list is easily the wrong child."""
        ben = PUPIL | {"pupil_id": "2", "forename": "Ben", "surname": "Birch"}
        school(data, pupils=[PUPIL, ben], needs=[BARRED, BARRED | {"pupil_id": "2"}])
        app = AppTest.from_string(CLOSING, default_timeout=30).run()
        # Nothing can be written before it is known about whom.
        assert "The barrier has gone" not in [one.label for one in app.button]
        app.selectbox(key="removed_whose").set_value(("school", "2", "SLCN", "New words")).run()
        type_in(app, "barrier/school/2/SLCN/New words/", what="Pictures")
        app.text_input(key="writer_close_barrier").set_value("Ms Oak")
        next(button for button in app.button if button.label == "The barrier has gone").click().run()
        rows = answer(open_store(data), "need_responses")
        assert {row["pupil_id"]: row["barrier_removed_by"] for row in rows} == {"1": None, "2": "Pictures"}

    def test_another_barrier_of_the_need_can_go_too(self, barred: Path) -> None:
        self.gone(barred, "two", DAY)
        self.gone(barred, "two", DAY, "Noise", "Screens")
        assert self.lines(barred, "two") == []

    def test_it_stays_gone_when_the_first_day_of_the_need_is_corrected(self, barred: Path) -> None:
        self.gone(barred, "corrected", DAY)
        row = self.written(barred, "needs", "corrected")
        now = {"start_date": day("2025-09-08")}
        save(open_store(barred), "Ms Oak", [Edit("needs", now, row["row_key"], row["row_version"])])
        assert self.lines(barred, "corrected") == []

    def test_a_need_that_began_after_it_went_has_it_anew(self, barred: Path) -> None:
        self.gone(barred, "begun after it went", day("03-02"))
        assert self.lines(barred, "begun after it went") == ["New words"]

    def test_taken_back(self, barred: Path) -> None:
        self.gone(barred, "taken back", DAY)
        row = self.written(barred, "barriers_removed", "taken back")
        take_back(open_store(barred), "Ms Oak", "barriers_removed", row["row_key"], row["row_version"])
        assert self.lines(barred, "taken back") == ["New words"]
