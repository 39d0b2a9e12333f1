"""Writing down what was said, on the page: several kinds at once, an answer that ends the chase."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.drafts import Writer, keep, kept
from provmap.store import open_store, rows_to_edit
from provmap.ui.hearing import record_of
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, TALK, answer, tiny_school

WHO = ("school", "1")


@pytest.fixture
def school(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Robin Ash has had Talk for a month; neither the pupil nor a parent was heard about it."""
    began = {"pupil_id": "1", "provision_id": "T", "start_date": date(2026, 2, 3)}
    tiny_school(data, pupils=[PUPIL | {"sen_status": "K"}], provisions=[TALK], placements=[began])
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
    return data


def form() -> AppTest:
    app = open_app("voices")
    app.selectbox(key="hear_pupil_0_(None, None)_None_None").set_value(WHO).run()
    return app


def give(app: AppTest, **values: Any) -> None:
    """What was typed and chosen in the form; a browser test shows that typing brings it there."""
    app.session_state["forms"][record_of(WHO)].given |= values


def press(app: AppTest) -> AppTest:
    return next(one for one in app.button if one.label == "Save what was said").click().run()


def test_several_kinds_are_saved_at_once_and_end_the_chase(school: Path) -> None:
    app = form()
    assert [row["view_of"] for row in answer(open_store(school), "to_hear")] == ["parent", "pupil"]
    # What is asked about stands there already.
    fields = {one.label: one for one in app.selectbox}
    assert (fields["About"].value, fields["When"].value) == ("T", "planning")
    give(app, pupil=" I want to talk more. ", teacher="Rarely puts a hand up.")
    fields["Parent or carer: how helpful, or not heard"].set_value("invited, no reply")
    fields["Teacher: how helpful"].set_value(-1)
    app.text_input(key="writer_hear").set_value("Ms Oak")
    press(app)
    assert not app.exception
    assert [one.value for one in app.success] == [
        "Recorded for Robin Ash\\: pupil, parent or carer, teacher\\."
    ]
    rows = rows_to_edit(open_store(school), "voices").sort("voice").to_dicts()
    assert [(row["voice"], row["words"], row["rating"], row["reply"]) for row in rows] == [
        ("parent", None, None, "invited, no reply"),
        ("pupil", "I want to talk more.", None, None),
        ("teacher", "Rarely puts a hand up.", -1, None),
    ]
    assert {(row["stage"], row["provision_id"], row["heard_on"]) for row in rows} == {("planning", "T", DAY)}
    assert answer(open_store(school), "to_hear") == []
    assert "was heard, or asked" in words_of(app)
    # The form is empty again.
    assert app.session_state["forms"][record_of(WHO)].given["pupil"] is None
    assert app.selectbox(key="hear_pupil_1_(None, None)_None_None").value is None


def test_without_words_nothing_is_written(school: Path) -> None:
    app = press(form())
    assert [one.value for one in app.error] == ["Write what at least one of them said."]
    assert rows_to_edit(open_store(school), "voices").is_empty()


def test_what_is_there_already_is_not_overwritten(school: Path) -> None:
    for words in ("First", "Second"):
        app = form()
        give(app, pupil=words)
        app.text_input(key="writer_hear").set_value("Ms Oak")
        press(app)
    assert [one.value.replace("\\", "") for one in app.error] == [
        "Of this day and about this, it is recorded already (Pupil: First). Correct it under “What was "
        "heard”, or choose another day or what it is about."
    ]
    assert rows_to_edit(open_store(school), "voices")["words"].to_list() == ["First"]
    # What was typed still stands in the form.
    assert app.session_state["forms"][record_of(WHO)].given["pupil"] == "Second"


def test_what_was_begun_opens_with_its_pupil(school: Path) -> None:
    writer = Writer("another window", who="Ms Oak")
    keep(school, record_of(WHO), writer, {"parent": "Reads at home", "stage": "review"}, {"parent": None})
    app = open_app("voices")
    app.session_state["writer"] = "Ms Oak"
    app.run()
    assert app.selectbox(key="hear_pupil_0_(None, None)_None_None").value == WHO
    assert "**You began this at" in words_of(app)
    press(app)
    (row,) = rows_to_edit(open_store(school), "voices").to_dicts()
    assert (row["words"], row["voice"], row["stage"]) == ("Reads at home", "parent", "review")
    assert kept(school, "voices/", writer) == []


def test_the_number_of_views_is_the_length_of_the_list(school: Path) -> None:
    app = open_app("voices")
    assert "**2 views** to hear: 1 of pupils, 1 of parents or carers." in words_of(app)
    assert len(app.dataframe[0].value) == 2


def test_where_nothing_is_in_place_nobody_is_said_to_have_been_heard(data: Path) -> None:
    tiny_school(data)
    said = words_of(open_app("voices", voices_part="Whom to hear", as_at=DAY.isoformat()))
    assert "No additional provision is in place for these pupils" in said
    assert "was heard, or asked" not in said
