"""A progress meeting on its page: prepared in one click, run, closed, and its actions kept in sight."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from provmap.store import Store, open_store, rows_to_edit
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


def run_one() -> AppTest:
    prepared()
    return opened("Run")


def test_a_decision_begins_provision_in_the_map_and_an_action_is_kept(school: Path) -> None:
    app = run_one()
    assert any("O'Brien" in header.value for header in app.header)
    fill(app, "What was said", "Hears well in front")
    fill(app, "What we decide", "Talk from tomorrow")
    fill(app, "What", "Ring home")
    fill(app, "Who", "Ms Oak")
    choose(app, "Kind", "provision started")
    choose(app, "Provision to begin, end or change", "T")
    next(box for box in app.checkbox if "Begin it in the map" in box.label).check()
    press(app, "Save")
    (placement,) = rows(school, "placements")
    assert (placement["pupil_id"], placement["provision_id"]) == ("1", "T")
    (decision,) = rows(school, "decisions")
    assert (decision["placement_id"], decision["pupil_id"]) == (placement["placement_id"], "1")
    (action,) = rows(school, "actions")
    assert (action["what"], action["owner"], action["pupil_id"]) == ("Ring home", "Ms Oak", "1")
    said = {row["pupil_id"]: row["note"] for row in rows(school, "discussions")}
    assert said == {"1": "Hears well in front", "2": None}


def test_half_a_decision_is_refused_and_nothing_is_saved(school: Path) -> None:
    app = run_one()
    fill(app, "What we decide", "Talk from tomorrow")
    press(app, "Save")
    assert any("Say both which kind" in error.value for error in app.error)
    assert rows(school, "decisions") == []
    assert all(row["discussed_on"] is None for row in rows(school, "discussions"))


def test_next_and_back(school: Path) -> None:
    app = press(run_one(), "Next")
    assert any("Birch" in header.value for header in app.header)
    assert any("Ash" in header.value for header in press(app, "Back").header)


def test_closing_and_finishing_an_action(school: Path) -> None:
    app = run_one()
    fill(app, "What", "Ring home")
    fill(app, "Who", "Ms Oak")
    press(app, "Save")
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


def fill(app: AppTest, label: str, words: str) -> None:
    field = next(one for one in [*app.text_input, *app.text_area] if one.label == label)
    field.set_value(words)
    if any(one.label == "Your name" for one in app.text_input):
        next(one for one in app.text_input if one.label == "Your name").set_value("Ms Oak")


def choose(app: AppTest, label: str, value: str) -> None:
    next(one for one in app.selectbox if one.label == label).set_value(value)
