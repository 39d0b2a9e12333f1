"""A review that was held is corrected where it is listed, and taken back, each by a new entry."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.store import Edit, entries_of, open_store, rows_to_edit, save
from provmap.ui import reviews
from tests.test_pages import words_of
from tests.tiny import DAY, PUPIL, TALK, tiny_school

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
    assert "Mr Elm: Decision: keep" in said
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
