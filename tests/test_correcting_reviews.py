"""A review that was held is corrected where it is listed, and taken back, each by a new entry."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.errors import UsageError
from provmap.filters import show_date
from provmap.store import Edit, entries_of, keep_import, key_of, open_store, rows_to_edit, save, take_back
from provmap.store.handing_over import hand_over, journal_file, read_journal_file
from provmap.ui import reviews
from tests.test_pages import words_of
from tests.tiny import DAY, PUPIL, TALK, rows_of, tiny_school

HELD = {"provision_id": "T", "pupil_id": "1", "reviewed_on": DAY - timedelta(days=50), "decision": "adapt",
        "adaptation": "Smaller group", "rating": 1}  # fmt: skip
# The list of reviews.
LIST = """
from datetime import date
from provmap.questions import ask, make_filter
from provmap.store import open_store
from provmap.ui import reviews
from provmap.ui.page import Page

store = open_store()
filter = make_filter(store, as_at=date(2026, 3, 3))
page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
reviews.show_held(page)
"""


@pytest.fixture
def school(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pupil with a review of Talk, whose line is selected, as a click on it would."""
    monkeypatch.setattr(reviews, "show_table", lambda page, question, rows, *_, **more: 0)
    has = {"pupil_id": "1", "provision_id": "T", "start_date": DAY - timedelta(days=90)}
    tiny_school(data, provisions=[TALK], reviews=[HELD], pupils=[PUPIL], placements=[has])
    return data


def shown() -> AppTest:
    app = AppTest.from_string(LIST, default_timeout=60).run()
    assert not app.exception
    return app


def choose(app: AppTest, label: str, value: Any) -> None:
    next(one for one in app.selectbox if one.label.startswith(label)).set_value(value).run()


def press(app: AppTest, label: str) -> AppTest:
    app.text_input(key="writer_change_review").set_value("Mr Elm")
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def held(folder: Path) -> list[dict[str, Any]]:
    return rows_to_edit(open_store(folder), "reviews").to_dicts()


def test_a_wrong_review_is_corrected_and_says_who_wrote_what(school: Path) -> None:
    app = shown()
    said = words_of(app).replace("\\", "")
    assert "**Correct this review: Talk, for Robin Ash (Year 5, Oak), 12 Jan 2026**" in said
    assert "As it was imported" in said
    choose(app, "Decision", "keep")
    press(app, "Save the correction")
    (row,) = held(school)
    assert (row["decision"], row["rating"], row["written_by"]) == ("keep", 1, "Mr Elm")
    said = words_of(app).replace("\\", "")
    assert "Mr Elm: Decision: Keep it as it is" in said
    assert len(entries_of(open_store(school))) == 1


def test_half_a_review_is_refused(school: Path) -> None:
    app = shown()
    (form,) = app.session_state["forms"].values()
    form.put("adaptation", "")
    press(app, "Save the correction")
    assert "Choose the decision" in words_of(app)
    assert held(school)[0]["decision"] == "adapt"


def test_what_was_written_last_is_taken_back_and_an_imported_review_taken_out(school: Path) -> None:
    app = shown()
    choose(app, "How helpful", -1)
    press(app, "Save the correction")
    assert held(school)[0]["rating"] == -1
    press(app, "Take back what was written last")
    assert (held(school)[0]["rating"], held(school)[0]["decision"]) == (1, "adapt")
    save(open_store(school), "Ms Oak", [Edit("reviews", {}, held(school)[0]["row_key"], 2, removed=True)])
    assert held(school) == []


def test_of_two_who_correct_one_review_the_second_is_told(school: Path) -> None:
    app = shown()
    choose(app, "How helpful", -1)
    save(open_store(school), "Ms Oak", [Edit("reviews", {"rating": 2}, held(school)[0]["row_key"], 0)])
    press(app, "Save the correction")
    assert "Ms Oak changed this while you had it open" in words_of(app)
    assert held(school)[0]["rating"] == 2
    press(app, "Save the correction")
    assert held(school)[0]["rating"] == -1


def test_a_second_review_of_one_day_is_told_where_the_first_is_corrected(school: Path) -> None:
    app = AppTest.from_string(
        LIST.replace("reviews.show_held(page)", """
import streamlit as st
from provmap.ui.reviewing import review
rows = page.ask("reviews_due").filter(about="pupil")
row = rows.row(0, named=True)
which = (row["school_id"], "T", "1", row["start_date"])
st.session_state.setdefault("review_which", which)
review(page, rows)
"""), default_timeout=60,
    ).run()  # fmt: skip
    choose(app, "Decision", "keep")
    next(one for one in app.date_input if one.label == "Reviewed on").set_value(HELD["reviewed_on"]).run()
    next(one for one in app.button if one.label == "Save the review").click().run()
    assert "Correct it under “Reviews held”" in words_of(app)
    assert len(held(school)) == 1


class TestOneDayTwice:
    """A review saved under a wrong day and corrected leaves that day free for the one that was held then."""

    THEN, OTHER = DAY - timedelta(days=20), DAY - timedelta(days=9)
    OF = {"school_id": "school", "provision_id": "T", "pupil_id": "1"}  # noqa: RUF012

    def enter(self, folder: Path, day: date, decision: str) -> None:
        new = self.OF | {"reviewed_on": day, "decision": decision}
        save(open_store(folder), "Ms Oak", [Edit("reviews", new)])

    def move(self, folder: Path, day: date, to: date) -> None:
        (row,) = rows_to_edit(open_store(folder), "reviews", reviewed_on=day).to_dicts()
        edit = Edit("reviews", {"reviewed_on": to}, row["row_key"], row["row_version"])
        save(open_store(folder), "Ms Oak", [edit])

    def back(self, folder: Path, row: dict[str, Any], **more: int) -> None:
        take_back(open_store(folder), "Ms Oak", "reviews", row["row_key"], row["row_version"], **more)

    def days(self, folder: Path) -> dict[date, str]:
        rows = held(folder)
        found = {row["reviewed_on"]: row["decision"] for row in rows}
        assert len(found) == len(rows)
        return {day: said for day, said in found.items() if day != HELD["reviewed_on"]}

    def at(self, folder: Path, day: date) -> dict[str, Any]:
        return next(row for row in held(folder) if row["reviewed_on"] == day)

    @pytest.fixture
    def twice(self, school: Path) -> Path:
        """The review of DAY was one of `OTHER`; then another is held on DAY."""
        self.enter(school, DAY, "keep")
        self.move(school, DAY, self.OTHER)
        self.enter(school, DAY, "stop")
        return school

    def test_the_true_review_of_that_day_is_saved_and_each_is_its_own(self, twice: Path) -> None:
        assert self.days(twice) == {self.OTHER: "keep", DAY: "stop"}
        row = self.at(twice, DAY)
        assert key_of(row["row_key"]) == key_of(self.at(twice, self.OTHER)["row_key"])
        edit = Edit("reviews", {"decision": "adapt"}, row["row_key"], row["row_version"])
        save(open_store(twice), "Ms Oak", [edit])
        assert self.days(twice) == {self.OTHER: "keep", DAY: "adapt"}
        self.back(twice, self.at(twice, DAY))
        self.back(twice, self.at(twice, DAY), before=1)
        assert self.days(twice) == {self.OTHER: "keep"}
        self.enter(twice, DAY, "stop")
        self.move(twice, DAY, self.THEN)
        self.enter(twice, DAY, "adapt")
        assert self.days(twice) == {self.OTHER: "keep", self.THEN: "stop", DAY: "adapt"}
        with pytest.raises(UsageError, match="It is there already"):
            self.enter(twice, DAY, "keep")

    def test_the_days_of_two_are_exchanged(self, school: Path) -> None:
        self.enter(school, DAY, "keep")
        self.enter(school, self.OTHER, "stop")
        for day, to in ((DAY, self.THEN), (self.OTHER, DAY), (self.THEN, self.OTHER)):
            self.move(school, day, to)
        assert self.days(school) == {self.OTHER: "keep", DAY: "stop"}

    def test_what_was_moved_to_a_day_stands_there_for_the_next(self, school: Path) -> None:
        self.enter(school, DAY, "keep")
        self.move(school, DAY, self.OTHER)
        with pytest.raises(UsageError, match=f"It is there already: .* reviewed on {show_date(self.OTHER)}"):
            self.enter(school, self.OTHER, "stop")

    def test_taking_back_never_makes_two_of_one_day(self, twice: Path) -> None:
        with pytest.raises(UsageError, match=f"one like it already: .* reviewed on {show_date(DAY)}"):
            self.back(twice, self.at(twice, self.OTHER))
        out = self.at(twice, DAY)
        save(open_store(twice), "Ms Oak", [Edit("reviews", {}, out["row_key"], 1, removed=True)])
        self.move(twice, self.OTHER, DAY)
        with pytest.raises(UsageError, match=f"one like it already: .* reviewed on {show_date(DAY)}"):
            self.back(twice, out | {"row_version": 2})
        assert self.days(twice) == {DAY: "keep"}
        self.move(twice, DAY, self.OTHER)
        self.back(twice, out | {"row_version": 2})
        assert self.days(twice) == {DAY: "stop", self.OTHER: "keep"}

    def test_an_imported_review_that_was_moved_stays_so_and_the_new_one_is_no_import(
        self, school: Path
    ) -> None:
        first = HELD["reviewed_on"]
        self.move(school, first, self.OTHER)
        self.enter(school, first, "stop")
        for _ in range(2):
            assert {row["reviewed_on"]: (row["decision"], row["rating"]) for row in held(school)} == {
                self.OTHER: ("adapt", 1), first: ("stop", None)}  # fmt: skip
            imported = {"reviews": rows_of("reviews", [HELD])}
            keep_import(school, rows=imported, sources=[], dated=DAY, made_by="test")

    def test_an_import_that_brings_the_true_one_too_is_one_row(self, twice: Path) -> None:
        brought = {"reviews": rows_of("reviews", [HELD | {"reviewed_on": DAY, "rating": 2}])}
        keep_import(twice, rows=brought, sources=[], dated=DAY, made_by="test")
        assert self.days(twice) == {self.OTHER: "keep", DAY: "adapt"}
        row = self.at(twice, DAY)
        assert row["rating"] == 2
        save(
            open_store(twice), "Ms Oak", [Edit("reviews", {"rating": 1}, row["row_key"], row["row_version"])]
        )
        assert (self.at(twice, DAY)["rating"], self.days(twice)[self.OTHER]) == (1, "keep")

    def test_it_goes_with_the_journal_to_another_folder(self, twice: Path, tmp_path: Path) -> None:
        there = tmp_path / "there"
        tiny_school(there, provisions=[TALK], reviews=[HELD], pupils=[PUPIL])
        made = read_journal_file(journal_file(twice))
        found = hand_over(there, made, same_school=True)
        assert (len(found.fresh), self.days(there)) == (3, self.days(twice))

    def test_it_does_not_come_where_the_move_does_not(self, twice: Path, tmp_path: Path) -> None:
        there = tmp_path / "there"
        tiny_school(there, provisions=[TALK], reviews=[HELD], pupils=[PUPIL])
        self.enter(there, DAY, "adapt")
        found = hand_over(there, read_journal_file(journal_file(twice)), same_school=True)
        assert (found.left_out, self.days(there)) == (3, {DAY: "adapt"})

    @pytest.mark.parametrize("mark", ["1", "true", '"2"', "2.0", "-2", "null"])
    def test_a_mark_that_this_program_does_not_write_is_refused(self, twice: Path, mark: str) -> None:
        text = journal_file(twice).decode()
        assert '\\"again\\":2' in text
        broken = text.replace('\\"again\\":2', '\\"again\\":' + mark.replace('"', '\\"'))
        with pytest.raises(UsageError, match="Line 4"):
            read_journal_file(broken.encode())
