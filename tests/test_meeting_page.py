"""A progress meeting on its page: prepared in one click, run, closed, and its actions kept in sight."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from provmap.store import Edit, Store, open_store, rows_to_edit, save
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, TALK, day, tiny_school

NAMES = ("Ash", "Birch", "Cole")


@pytest.fixture
def school(data: Path) -> Path:
    """Three pupils of Oak, two with a need that nothing answers, one of them O'Brien-Łuć by forename."""
    pupils = [PUPIL | {"pupil_id": str(n), "surname": name} for n, name in enumerate(NAMES, 1)]
    pupils[0]["forename"] = "O'Brien-Łuć"
    needs = [{"pupil_id": name, "need_code": "SLCN", "start_date": day("2025-09-01")} for name in ("1", "2")]
    scores = [{"pupil_id": "1", "subject": "reading", "scale": "standardised", "value": "90",
               "assessed_on": day("2026-02-01"), "source": "test"}]  # fmt: skip
    tiny_school(data, pupils=pupils, needs=needs, provisions=[TALK], assessments=scores)
    return data


def opened(part: str = "Prepare", **more: str) -> AppTest:
    app = open_app("meeting", meeting_part=part, as_at=DAY.isoformat(), **{"class": "Oak"}, **more)
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def prepared() -> AppTest:
    app = opened()
    app.text_input(key="writer_meeting").set_value("Ms Oak")
    return press(app, "Prepare the meeting")


def rows(folder: Path, dataset: str) -> list[dict[str, object]]:
    store: Store = open_store(folder)
    return rows_to_edit(store, dataset).to_dicts()


def test_one_click_prepares_it_with_those_for_whom_something_speaks(school: Path) -> None:
    said = words_of(prepared())
    assert "Prepared, with 2 pupils to talk about." in said or rows(school, "meetings")
    assert [row["pupil_id"] for row in rows(school, "discussions")] == ["1", "2"]
    (meeting,) = rows(school, "meetings")
    assert (meeting["about"], meeting["about_code"], meeting["held_on"]) == ("class", "Oak", DAY)


def test_the_list_is_changed_and_its_order_kept(school: Path) -> None:
    app = prepared()
    (order,) = [one for one in app.multiselect if one.label == "Pupils in the order of the meeting"]
    order.set_value(["3", "1"])
    press(app, "Save the list")
    by_pupil = {row["pupil_id"]: row for row in rows(school, "discussions")}
    assert {name: row["place"] for name, row in by_pupil.items() if not row["is_left_out"]} == {
        "3": 1,
        "1": 2,
    }
    assert by_pupil["2"]["is_left_out"] is True


def test_closing_and_finishing_an_action(school: Path) -> None:
    prepared()
    agreed(school)
    close = opened("Close")
    close.text_input(key="writer_close").set_value("Ms Oak")
    press(close, "Close the meeting")
    assert rows(school, "meetings")[0]["closed_on"] is not None
    after = opened("All meetings")
    (action,) = rows(school, "actions")
    after.selectbox(key="finish_which").set_value(action["action_id"])
    after.text_input(key="writer_finish").set_value("Ms Oak")
    press(after, "Drop it")
    assert any("say why" in error.value for error in after.error)
    after.text_input(key="finish_words").set_value("Moved away")
    press(after, "Drop it")
    assert rows(school, "actions")[0]["why_dropped"] == "Moved away"


def agreed(folder: Path) -> None:
    """An action of the meeting, as its form saves it (tests/test_meeting_run.py)."""
    store = open_store(folder)
    of = {name: rows(folder, "meetings")[0][name] for name in ("school_id", "meeting_id")}
    action = {"action_id": "a", "what": "Ring home", "owner": "Ms Oak", "set_on": DAY, "due_on": DAY}
    save(store, "Ms Oak", [Edit("actions", of | action)])
