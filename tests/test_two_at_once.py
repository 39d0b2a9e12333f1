"""Two people at one form at once: the second to save is told what the first wrote, and then chooses."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap import drafts
from provmap.drafts import Writer
from provmap.store import Edit, dataset_of, open_store, rows_to_edit, save
from provmap.store.written import subject_of
from provmap.ui import comparing
from provmap.ui.meeting_all import record_of
from tests.test_meeting_page import came_of_it
from tests.test_meeting_run import MEETING, begin, form_of, run
from tests.test_pages import words_of
from tests.tiny import PUPIL, TALK, tiny_school
from tests.typed import type_in

TODAY = date.today()
LONG_AGO = TODAY - timedelta(days=90)
FIRST = {"school_id": "school", "pupil_id": "1"}
FIGURE = {"measure": "attendance_share", "academic_year": "2024/25", "source": "national", "value": "0.94"}
CHANGE = {
    "provision_id": "T",
    "pupil_id": "1",
    "reviewed_on": TODAY - timedelta(days=60),
    "decision": "adapt",
}
FINDING = FIRST | {"kind": "same provision twice", "provision_id": "T", "first_time": "a", "other_time": "b"}

# Part of a page, as it stands there.
PART = """
import polars as pl
from provmap.questions import ask, make_filter
from provmap.store import open_store, rows_to_edit
from provmap.ui import comparing, marking, meeting_all, meeting_close, meeting_pupils, reviews, stopping
from provmap.ui.meeting import listed
from provmap.ui.page import Page

store = open_store()
filter = make_filter(store)
page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
meeting = lambda: rows_to_edit(store, "meetings").row(0, named=True)
FINDING = {"need_code": None, "other_provision_id": None, "forename": "Robin", "surname": "Ash", "reason": "",
           "is_intended": None, "marked_by": None, "marked_at": None, "intended_because": None}
"""


@pytest.fixture
def school(data: Path) -> Path:
    """Two pupils with Talk, one who left with it; a change of it to check; both on a meeting's list."""
    pupils = [PUPIL | {"pupil_id": one, "surname": name} for one, name in (("1", "Ash"), ("2", "Birch"))]
    gone = PUPIL | {"pupil_id": "3", "leaving_date": TODAY - timedelta(days=30)}
    talks = [{"pupil_id": one, "provision_id": "T", "start_date": LONG_AGO} for one in ("1", "2", "3")]
    tiny_school(data, TODAY, pupils=[*pupils, gone], provisions=[TALK], placements=talks, reviews=[CHANGE],
                comparators=[FIGURE])  # fmt: skip
    meeting = {"held_on": TODAY, "about": "class", "about_code": "Oak"}
    places = [Edit("discussions", MEETING | {"pupil_id": one, "place": int(one)}) for one in ("1", "2")]
    save(open_store(data), "Head", [Edit("meetings", MEETING | meeting), *places])
    return data


def shown(show: str) -> AppTest:
    app = AppTest.from_string(PART + show, default_timeout=60).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    for field in app.text_input:
        if str(field.key).startswith("writer_") and not field.value:
            field.set_value("Mr Elm")
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def held(folder: Path, dataset: str, **of: Any) -> dict[str, Any]:
    return rows_to_edit(open_store(folder), dataset, **of).row(0, named=True)


def write(folder: Path, dataset: str, now: dict[str, Any], **of: Any) -> None:
    """What the other one saves meanwhile."""
    row = held(folder, dataset, **of)
    save(open_store(folder), "Ms Oak", [Edit(dataset, now, row["row_key"], row["row_version"])])


def is_told(app: AppTest) -> bool:
    return "Ms Oak changed this while you had it open" in words_of(app)


def test_who_closes_a_meeting_sees_first_what_was_written_of_it_meanwhile(school: Path) -> None:
    app = shown("meeting_close.show_close(page, meeting())")
    write(school, "meetings", {"note": "Wait for Mr Fir"})
    press(app, "Close the meeting")
    assert is_told(app)
    assert "Wait for Mr Fir" in str(app.table[0].value)
    assert held(school, "meetings")["closed_on"] is None
    press(app, "Close the meeting")
    assert held(school, "meetings")["closed_on"] == TODAY


def test_who_opens_a_closed_meeting_sees_first_what_was_written_of_it_meanwhile(school: Path) -> None:
    write(school, "meetings", {"closed_on": TODAY - timedelta(days=1)})
    app = shown("meeting_close.show_close(page, meeting())")
    write(school, "meetings", {"closed_on": TODAY})
    assert is_told(press(app, "Open the meeting again"))
    assert held(school, "meetings")["closed_on"] == TODAY
    press(app, "Open the meeting again")
    assert held(school, "meetings")["closed_on"] is None


def test_the_order_of_the_list_is_not_changed_over_another_persons(school: Path) -> None:
    app = shown("""
on_list = [row | {"why": ["Added by hand."]} for row in listed(page, meeting())]
rows = pl.DataFrame(on_list).with_columns(reasons=pl.lit([""]), weight=pl.lit(0))
meeting_pupils.show_list(page, meeting(), rows, on_list)
""")
    for one, place in (("1", 2), ("2", 1)):
        write(school, "discussions", {"place": place}, pupil_id=one)
    app.text_input(key="writer_list").set_value("Mr Elm")
    app.button(key="Take off_2").click().run()
    (said,) = (one.value.replace("\\", "") for one in app.warning)
    assert "Ms Oak changed the list meanwhile." in said
    assert "You asked for: Ash, Robin (Year 5, Oak)." in said
    assert not held(school, "discussions", pupil_id="2")["is_left_out"]
    app.button(key="Take off_2").click().run()
    assert held(school, "discussions", pupil_id="2")["is_left_out"]


@pytest.mark.parametrize("button", ["It is done", "Drop it"])
def test_who_finishes_an_action_that_another_dropped_is_told_and_keeps_the_words(
    school: Path, button: str
) -> None:
    action = {"action_id": "a", "pupil_id": "1", "what": "Ring home", "owner": "Ms Oak", "set_on": TODAY}
    hoped = {"due_on": TODAY, "expected": "Early"}
    save(open_store(school), "Head", [Edit("actions", MEETING | action | hoped)])
    app = shown("""meeting_all.finish(page, page.ask("actions"))""")
    app.selectbox(key="finish_which").set_value("a").run()
    came_of_it(app, "a", "They came at once")
    write(school, "actions", {"dropped_on": TODAY, "why_dropped": "Moved away"})
    assert is_told(press(app, button))
    assert "Moved away" in str(app.table[0].value)
    assert app.session_state["forms"][record_of("a")].given["words"] == "They came at once"
    assert held(school, "actions")["why_dropped"] == "Moved away"
    assert held(school, "actions")["done_on"] is None


def test_an_action_does_not_wait_again_over_what_another_wrote_of_it(school: Path) -> None:
    action = {"action_id": "a", "pupil_id": "1", "what": "Ring home", "owner": "Ms Oak", "set_on": TODAY}
    done = {"due_on": TODAY, "expected": "Early", "done_on": TODAY, "outcome": "They came"}
    save(open_store(school), "Head", [Edit("actions", MEETING | action | done)])
    app = shown("""meeting_all.finish(page, page.ask("actions"))""")
    app.selectbox(key="again_None").set_value("a")
    write(school, "actions", {"outcome": "They came, and brought her books"})
    assert is_told(press(app, "It waits again"))
    assert held(school, "actions")["done_on"] == TODAY
    press(app, "It waits again")
    assert held(school, "actions")["done_on"] is None


def test_of_two_who_check_a_change_the_second_is_told(school: Path) -> None:
    app = shown("reviews.show_changes(page)")
    app.selectbox(key="check_which").select_index(0)
    app.radio(key="check_found").set_value("met")
    write(school, "reviews", {"adaptation_met": "not met", "adaptation_checked_on": TODAY})
    assert is_told(press(app, "Save"))
    assert "not met" in str(app.table[0].value)
    assert held(school, "reviews")["adaptation_met"] == "not met"


@pytest.fixture
def first_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first figure of the list is selected, as a click would, until the test is over."""
    monkeypatch.setattr(comparing, "choose_rows", lambda page, rows, *_: rows.head(1).to_dicts())


@pytest.mark.usefixtures("first_selected")
def test_of_two_who_correct_a_figure_the_second_is_told(school: Path) -> None:
    app = shown("comparing.enter_comparator(page)")
    type_in(app, f"comparators/{held(school, 'comparators')['row_key']}/", value="0.95")
    write(school, "comparators", {"value": "0.93"})
    said = words_of(press(app, "Save the figure")).replace("\\", "")
    assert ("Theirs: 0.93" in said, "Yours: 0.95" in said) == (True, True)
    assert held(school, "comparators")["value"] == "0.93"
    press(press(app, "Keep yours"), "Save the figure")
    assert held(school, "comparators")["value"] == "0.95"


@pytest.mark.usefixtures("first_selected")
def test_a_figure_is_not_taken_out_over_another_persons(school: Path) -> None:
    app = shown("comparing.enter_comparator(page)")
    write(school, "comparators", {"value": "0.93"})
    assert is_told(press(app, "Take out the selected (1)"))
    assert held(school, "comparators")["value"] == "0.93"
    press(app, "Take out the selected (1)")
    assert rows_to_edit(open_store(school), "comparators").is_empty()


def test_of_two_who_mark_a_finding_the_second_is_told(school: Path) -> None:
    app = shown(f"marking.show_finding(page, FINDING | {FINDING})")
    (form,) = app.session_state["forms"].values()
    form.put("reason", "Mine")
    save(open_store(school), "Ms Oak", [Edit("marks", FINDING | {"reason": "Hers", "is_taken_back": False})])
    assert is_told(press(app, "Mark as intended"))
    assert held(school, "marks")["reason"] == "Hers"
    press(app, "Mark as intended")
    assert held(school, "marks")["reason"] == "Mine"


def test_why_a_finding_is_intended_stands_there_again_after_a_reload(school: Path) -> None:
    record = f"mark/{subject_of(dataset_of('marks'), FINDING)}/"
    drafts.keep(school, record, Writer("window"), {"reason": "Two groups, one after the other"}, {})
    app = AppTest.from_string(PART + f"marking.show_finding(page, FINDING | {FINDING})", default_timeout=60)
    app.session_state["window"] = "window"
    app.run()
    assert "**You began this" in words_of(app)
    press(app, "Mark as intended")
    assert held(school, "marks")["reason"] == "Two groups, one after the other"
    assert drafts.kept(school, record, Writer("window")) == []


def test_who_stops_a_provision_sees_first_what_was_written_of_it_meanwhile(school: Path) -> None:
    app = shown("""stopping._end(page, ("school", "T"), "Talk")""")
    said = words_of(app)
    assert "Talk is in place for **2 pupils**" in said
    assert "It has no last day in the map for 1 pupil who left" in said
    app.checkbox(key="stop_yes").check()
    write(school, "placements", {"end_date": TODAY + timedelta(days=9), "outcome": "met"}, pupil_id="1")
    assert is_told(press(app, "Stop it"))
    assert held(school, "placements", pupil_id="2")["end_date"] is None
    press(app, "Stop it")
    assert [held(school, "placements", pupil_id=one)["end_date"] for one in ("1", "2", "3")] == [
        TODAY, TODAY, None,
    ]  # fmt: skip


def test_a_decision_does_not_end_what_another_has_ended_meanwhile(school: Path) -> None:
    key = held(school, "placements", pupil_id="1")["row_key"]
    begin(school, kind="provision ended", placement=key, words="Stop", in_map=True, from_day=str(TODAY),
          outcome="not met")  # fmt: skip
    app = run()
    write(school, "placements", {"end_date": TODAY, "outcome": "met"}, pupil_id="1")
    press(app, "Save")
    assert is_told(app)
    assert held(school, "placements", pupil_id="1")["outcome"] == "met"
    assert form_of(app).given["outcome"] == "not met"
    press(app, "Save")
    assert held(school, "placements", pupil_id="1")["outcome"] == "not met"


def test_a_review_does_not_put_off_what_another_has_written_meanwhile(school: Path) -> None:
    which = ("school", "T", "2", LONG_AGO)
    app = shown(f"""
import datetime, streamlit as st
from provmap.ui.reviewing import review
st.session_state.setdefault("review_which", {which!r})
review(page, page.ask("reviews_due"))
""")
    next(one for one in app.selectbox if one.label.startswith("Decision")).set_value("keep").run()
    write(school, "placements", {"expected_end_date": TODAY + timedelta(days=9)}, pupil_id="2")
    assert is_told(press(app, "Save the review"))
    row = held(school, "placements", pupil_id="2")
    assert row["expected_end_date"] == TODAY + timedelta(days=9)
    assert rows_to_edit(open_store(school), "reviews").height == 1
    press(app, "Save the review")
    assert rows_to_edit(open_store(school), "reviews").height == 2
