"""A progress meeting on its page: prepared in one click, run, closed, and its actions kept in sight."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, open_store, rows_to_edit, save
from provmap.ui.meeting import Meeting
from provmap.ui.meeting_all import on_time, record_of
from provmap.ui.meeting_pack import pack_of, since_in_words
from provmap.ui.meeting_pdf import pack_pdf
from provmap.ui.meeting_sheets import adults_pdf
from provmap.ui.page import Page
from tests.test_documents import text_of
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


def came_of_it(app: AppTest, action: str, words: str) -> None:
    """What was typed about an action; a browser test shows that typing brings it there."""
    app.session_state["forms"][record_of(action)].given["words"] = words


def prepared() -> AppTest:
    app = opened()
    app.text_input(key="writer_meeting").set_value("Ms Oak")
    return press(app, "Prepare the meeting")


def done(app: AppTest) -> str:
    """What the page says was done."""
    return " ".join(str(one.value) for one in app.success).replace("\\", "")


def rows(folder: Path, dataset: str) -> list[dict[str, object]]:
    store: Store = open_store(folder)
    return rows_to_edit(store, dataset).to_dicts()


def test_one_click_prepares_it_with_those_for_whom_something_speaks(school: Path) -> None:
    said = done(prepared())
    assert "Prepared, with 2 pupils to talk about; nothing recorded speaks for anybody else." in said
    assert [row["pupil_id"] for row in rows(school, "discussions")] == ["1", "2"]
    (meeting,) = rows(school, "meetings")
    assert (meeting["about"], meeting["about_code"], meeting["held_on"]) == ("class", "Oak", DAY)


def order(folder: Path) -> list[object]:
    listed = [row for row in rows(folder, "discussions") if not row["is_left_out"]]
    return [row["pupil_id"] for row in sorted(listed, key=lambda row: str(row["place"]))]


def test_the_order_is_changed_and_pupils_are_put_on_and_taken_off(school: Path) -> None:
    app = prepared()
    assert order(school) == ["1", "2"]
    assert [one.disabled for one in app.button if one.label in ("Earlier", "Later")] == [
        True,
        False,
        False,
        True,
    ]
    press(app, "Later")
    assert order(school) == ["2", "1"]
    next(one for one in app.multiselect if one.label == "Add pupils").set_value(["3"])
    press(app, "Add to the list")
    assert order(school) == ["2", "1", "3"]
    press(app, "Take off")
    assert order(school) == ["1", "3"]
    next(one for one in app.multiselect if one.label == "Add pupils").set_value(["2"])
    press(app, "Add to the list")
    assert order(school) == ["1", "3", "2"]


def test_who_is_left_to_propose_is_said_and_so_is_that_nobody_is(school: Path) -> None:
    app = prepared()
    labels = {one.label for one in app.button}
    assert not any(label.startswith("Propose") for label in labels)
    said = words_of(app)
    assert "Nobody else is proposed: nothing recorded speaks for the 1 pupil not on the list." in said
    press(app, "Take off")
    taken = "something speaks for 1 more pupil (1 of them taken off, and not proposed again); for 1 nothing"
    assert f"Not on the list: {taken} recorded does" in words_of(app)
    # Who was taken off on purpose does not come back by itself.
    assert not any(one.label.startswith("Propose") for one in app.button)
    next(one for one in app.multiselect if one.label == "Add pupils").set_value(["1", "3"])
    press(app, "Add to the list")
    assert "Everybody counted is on the list" in words_of(app)


def test_seven_of_whom_something_speaks_are_proposed_six_and_one(data: Path) -> None:
    pupils = [PUPIL | {"pupil_id": str(n), "surname": f"S{n}"} for n in range(7)]
    needs = [{"pupil_id": str(n), "need_code": "SLCN", "start_date": day("2025-09-01")} for n in range(7)]
    tiny_school(data, pupils=pupils, needs=needs, provisions=[TALK])
    app = prepared()
    assert (len(order(data)), "Prepared, with 6 pupils to talk about." in done(app)) == (6, True)
    press(app, "Propose 1 more")
    assert len(order(data)) == 7


def test_nothing_recorded_proposes_nobody_and_a_class_of_nobody_says_so(data: Path) -> None:
    tiny_school(data, pupils=[PUPIL, PUPIL | {"pupil_id": "2", "class": "Elm"}], provisions=[TALK])
    said = done(prepared())
    assert "Prepared, with no pupils to talk about; nothing recorded speaks for anybody: add pupils" in said
    store = open_store(data)
    of = {"school_id": "school", "meeting_id": "fir", "held_on": DAY, "about": "class", "about_code": "Fir"}
    save(store, "Head", [Edit("meetings", of)])
    store = open_store(data)
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    meeting = rows_to_edit(store, "meetings", meeting_id="fir").row(0, named=True)
    pack = pack_of(page, meeting)
    assert (pack.pupils.height, pack.on_list, pack.ended.height) == (0, [], 0)
    assert pack_pdf(page, meeting, pack).startswith(b"%PDF")
    empty = open_app("meeting", meeting_part="Prepare", as_at=DAY.isoformat())
    empty.selectbox(key="meeting").set_value("fir").run()
    assert not empty.exception
    assert "Nobody is counted in it" in words_of(empty)


def test_it_says_whom_it_counts_and_can_be_tomorrow(school: Path) -> None:
    app = open_app("meeting", meeting_part="Prepare", as_at=DAY.isoformat())
    assert app.selectbox(key="meeting_about").value is None
    app.text_input(key="writer_meeting").set_value("Ms Oak")
    press(app, "Prepare the meeting")
    assert "Say which class" in app.error[0].value
    app.selectbox(key="meeting_about").set_value(("class", "Oak"))
    app.date_input(key="meeting_day").set_value(DAY + timedelta(days=1))
    said = words_of(press(app, "Prepare the meeting"))
    assert "Oak, 4 Mar 2026: 3 pupils" in said.replace("\\", "")
    # From one that is prepared already, a click leads to the next.
    press(app, "A new meeting")
    assert "Prepare the meeting" in [button.label for button in app.button]


def test_of_two_who_write_the_note_beforehand_the_second_is_shown_both(school: Path) -> None:
    app = prepared()
    app.selectbox(key="note_for").set_value("1").run()
    row = next(one for one in rows(school, "discussions") if one["pupil_id"] == "1")
    form = app.session_state["forms"][f"note/{row['meeting_id']}/1/"]
    form.put("teacher_note", "Mine")
    his = Edit("discussions", {"teacher_note": "His"}, str(row["row_key"]), 1)
    save(open_store(school), "Mr Elm", [his])
    press(app, "Save the note")
    words = words_of(app)
    assert "**Mr Elm saved “What the meeting should know” meanwhile.**" in words
    assert ("Theirs: His" in words, "Yours: Mine" in words) == (True, True)
    press(press(app, "Keep both"), "Save the note")
    notes = {one["pupil_id"]: one["teacher_note"] for one in rows(school, "discussions")}
    assert notes == {"1": "Mr Elm: His\nMs Oak: Mine", "2": None}
    assert not form.is_begun()


@pytest.fixture
def second(school: Path) -> tuple[Page, Meeting]:
    """A meeting with pupil 1 on the list; an earlier one agreed an action, began Talk and decided for Oak."""
    store = open_store(school)
    of = {"school_id": "school", "meeting_id": "m"}
    early = DAY - timedelta(days=60)
    has = {"school_id": "school", "pupil_id": "1", "provision_id": "T", "start_date": early,
           "placement_id": "p", "staff_ids": ["Miss Malik"], "group_name": "Blue"}  # fmt: skip
    note = {"pupil_id": "1", "place": 1, "reason": "Nothing answers SLCN.", "teacher_note": "مريم helps."}
    meeting = {"held_on": DAY, "about": "class", "about_code": "Oak"}
    save(store, "Ms Oak", [
        Edit("meetings", of | meeting | {"held_on": early}),
        Edit("meetings", of | meeting | {"meeting_id": "n", "goal": "Everybody speaks up."}),
        Edit("placements", has),
        Edit("actions", of | {"action_id": "a", "pupil_id": "1", "what": "Ring home", "owner": "Ms Tregear",
                              "set_on": early, "due_on": DAY - timedelta(days=3), "subject": "reading"}),
        Edit("decisions", of | {"decision_id": "d", "pupil_id": "1", "decided_on": early, "placement_id": "p",
                                "kind": "provision started", "words": "Talk", "provision_id": "T",
                                "expected": "Speaks in sentences"}),
        Edit("decisions", of | {"decision_id": "e", "decided_on": early, "kind": "class teaching",
                                "words": "Words on the wall"}),
        Edit("discussions", of | note | {"meeting_id": "n"}),
    ])  # fmt: skip
    store = open_store(school)
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    return page, rows_to_edit(store, "meetings", meeting_id="n").row(0, named=True)


def test_the_pack_is_printed_in_order_with_what_came_of_the_last_meeting(
    second: tuple[Page, Meeting], tmp_path: Path
) -> None:
    page, meeting = second
    text = text_of(pack_pdf(page, meeting, pack_of(page, meeting)), tmp_path, "-layout").replace(
        "\u00a0", " "
    )
    inorder = ["Progress meeting: Oak, 3 Mar 2026", "Counts 3 pupils of Oak", "What was agreed before",
               "Ring home", "Provision that earlier meetings began", "Speaks in sentences",
               "What was decided for the class", "Words on the wall", "Everybody speaks up.",
               "The goal for the class", "Whom to talk about", "Nothing answers SLCN.",
               "Good news to pass on", "1. Ash, O'Brien-Łuć (Year 5, Oak)", "Noted beforehand by",
               "Agreed before", "Needs", "In place now", "Reading (standardised)",
               "Provision list: Oak"]  # fmt: skip
    places = [text.index(words) for words in inorder]
    assert places == sorted(places)
    assert "Overdue, 3 days" in text
    assert "Page 1 of" in text


def test_what_this_meeting_agreed_is_not_what_was_agreed_before(second: tuple[Page, Meeting]) -> None:
    page, meeting = second
    earlier = rows_to_edit(page.store, "meetings", meeting_id="m").row(0, named=True)
    assert pack_of(page, meeting).actions.height == 1
    assert pack_of(page, meeting).begun["hoped_for"].to_list() == ["Speaks in sentences"]
    pack = pack_of(page, earlier)
    assert (pack.actions.height, pack.begun.height, pack.for_class.height) == (0, 0, 0)


def test_a_sheet_for_each_adult(second: tuple[Page, Meeting], tmp_path: Path) -> None:
    page, _ = second
    pdf = adults_pdf(page, page.ask("actions"), page.ask("meeting_timetable"), page.filter.as_at)
    text = text_of(pdf, tmp_path, "-layout").replace("\u00a0", " ")
    assert text.index("Miss Malik") < text.index("For the timetable") < text.index("Ms Tregear")
    assert text.index("Ms Tregear") < text.index("Ring home")
    assert "Talk (started)" in text
    assert "Blue" in text
    assert "Day and time" in text
    assert text.count("\f") == 2


@pytest.mark.parametrize(("states", "said"), [
    ([], "No action is done or past its day yet. 0 done late, 0 overdue, 0 open and 0 dropped."),
    (["done", "overdue"], "**1 of 2 actions** that are done or past their day were done by it. 0 done late, "
                          "1 overdue, 0 open and 0 dropped."),
    (["done"] * 3 + ["done late"] * 2 + ["overdue", "open", "dropped"],
     "**3 of 6 actions** that are done or past their day were done by it (50%). 2 done late, 1 overdue, "
     "1 open and 1 dropped."),
])  # fmt: skip
def test_actions_on_time_are_counted_and_few_have_no_rate(states: list[str], said: str) -> None:
    assert on_time(pl.DataFrame({"state": states}, schema={"state": pl.String})) == said


def test_all_meetings_show_decisions_by_kind_and_who_was_never_talked_about(
    second: tuple[Page, Meeting],
) -> None:
    app = opened("All meetings")
    said = words_of(app)
    assert "class teaching **1** and provision started **1**. 1 of 2 for the class as a whole." in said
    assert any(one.value == "Never talked about: 3 pupils" for one in app.subheader)
    app.selectbox(key="adult_what waits").set_value("Miss Malik").run()
    assert not app.exception
    assert any(one.label == "Print the sheet" for one in app.get("download_button"))


def test_closing_and_finishing_an_action(school: Path) -> None:
    prepared()
    agreed(school)
    close = opened("Close")
    close.text_input(key="writer_close").set_value("Ms Oak")
    press(close, "Close the meeting")
    assert rows(school, "meetings")[0]["closed_on"] is not None
    after = opened("All meetings")
    (action,) = rows(school, "actions")
    after.selectbox(key="finish_which").set_value(action["action_id"]).run()
    after.text_input(key="writer_finish").set_value("Ms Oak")
    press(after, "Drop it")
    assert any("say why" in error.value for error in after.error)
    came_of_it(after, action["action_id"], "Moved away")
    press(after, "Drop it")
    assert rows(school, "actions")[0]["why_dropped"] == "Moved away"


def test_close_has_what_was_said_of_the_class_and_the_day_of_its_states(
    school: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared()
    agreed(school)
    row = rows(school, "meetings")[0]
    said = {"note": "Late starts", "goal": "24 of 30 at EXS"}
    save(open_store(school), "Ms Oak", [Edit("meetings", said, row["row_key"], row["row_version"])])
    assert "- **What concerns the class as a whole:** Late starts" in words_of(opened("Close"))
    # Looked at a week later, with the day of the meeting at the side: what is late by then is said to be so.
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY + timedelta(days=7))
    assert "How each stands is said as at 10 Mar 2026" in words_of(opened("Close"))
    (action,) = rows(school, "actions")
    done = Edit("actions", {"done_on": DAY + timedelta(days=2)}, action["row_key"], action["row_version"])
    assert "dropped since" not in words_of(opened("All meetings"))
    save(open_store(school), "Ms Oak", [done])
    assert "1 action that waited on 3 Mar 2026 has been done or dropped since" in words_of(
        opened("All meetings")
    )


@pytest.mark.parametrize(("value", "scale", "said"), [
    ("EXS", "teacher judgement", "1 step"), ("96", "age", "1 month"), ("101.5", "standardised", "1 point"),
])  # fmt: skip
def test_a_change_is_said_in_what_its_scale_counts(value: str, scale: str, said: str) -> None:
    row = {"subject": "reading", "value_then": "x", "day_then": DAY, "day_now": DAY, "value_now": value,
           "scale": scale, "better_by": 1.0}  # fmt: skip
    assert since_in_words(row).endswith(f": better by {said}")
    assert since_in_words(row | {"better_by": -2.0}).endswith(f": worse by 2 {said[2:]}s")


def agreed(folder: Path) -> None:
    """An action of the meeting, as its form saves it (tests/test_meeting_run.py)."""
    store = open_store(folder)
    of = {name: rows(folder, "meetings")[0][name] for name in ("school_id", "meeting_id")}
    action = {"action_id": "a", "what": "Ring home", "owner": "Ms Oak", "set_on": DAY, "due_on": DAY}
    save(store, "Ms Oak", [Edit("actions", of | action)])
