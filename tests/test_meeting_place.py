"""A meeting that is loaded again comes back to the same child; what it decided is not asked about anew."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from provmap.store import Edit, open_store, rows_to_edit, save
from tests.test_meeting_page import press
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, TALK, day, tiny_school

FIRST, SECOND = ({"school_id": "school", "meeting_id": one} for one in ("first", "second"))
LOW = {"pupil_id": "1", "subject": "reading", "scale": "teacher judgement", "value": "WTS",
       "assessed_on": day("2026-02-27"), "source": "teacher"}  # fmt: skip
MEANS = {"WTS": "Working towards", "EXS": "Expected"}
STEPS = [{"scale": "teacher judgement", "value": value, "rank": rank, "meaning": means}
         for rank, (value, means) in enumerate(MEANS.items())]  # fmt: skip
TALKS = {"pupil_id": "1", "provision_id": "T", "placement_id": "t1", "start_date": day("2026-01-05"),
         "expected_end_date": DAY - timedelta(days=9)}  # fmt: skip


@pytest.fixture
def school(data: Path) -> Path:
    """Two open meetings of Oak with two pupils on each list; the first pupil has Talk, the second nothing."""
    pupils = [
        PUPIL | {"pupil_id": number, "surname": name} for number, name in (("1", "Ash"), ("2", "Birch"))
    ]
    tiny_school(
        data, pupils=pupils, provisions=[TALK], placements=[TALKS], assessments=[LOW], scale_values=STEPS
    )
    about = {"about": "class", "about_code": "Oak"}
    edits = [Edit("meetings", of | about | {"held_on": on})
             for of, on in ((FIRST, DAY - timedelta(days=1)), (SECOND, DAY))]  # fmt: skip
    edits += [Edit("discussions", of | {"pupil_id": one, "place": int(one)})
              for of in (FIRST, SECOND) for one in ("1", "2")]  # fmt: skip
    save(open_store(data), "Head", edits)
    return data


def run(**address: str) -> AppTest:
    app = open_app("meeting", meeting_part="Run", as_at=DAY.isoformat(), **{"class": "Oak"}, **address)
    assert not app.exception
    return app


def header(app: AppTest) -> str:
    return app.header[0].value


def test_a_window_that_is_loaded_again_is_at_the_same_child_of_the_same_meeting(school: Path) -> None:
    app = press(press(run(), "Next"), "Next")
    assert "Birch" in header(app)
    address = {name: "".join(app.query_params[name]) for name in ("meeting_id", "screen")}
    assert address == {"meeting_id": "second", "screen": "2"}
    assert "Birch" in header(run(**address))
    # The other meeting, though a newer one is open; and one that the address does not name begins anew.
    assert "Ash" in header(run(meeting_id="first", screen="1"))
    assert run(meeting_id="first", screen="1").selectbox(key="meeting").value == "first"


def test_the_address_names_the_meeting_that_is_chosen_on_every_part(school: Path) -> None:
    address = {"as_at": DAY.isoformat(), "meeting_id": "first", "screen": "2"}
    app = open_app("meeting", meeting_part="Prepare", **address)
    assert app.selectbox(key="meeting").value == "first"
    app.selectbox(key="meeting").set_value("second").run()
    assert app.query_params["meeting_id"] in ("second", ["second"])
    assert "screen" not in app.query_params
    press(app, "A new meeting")
    assert "meeting_id" not in app.query_params


@pytest.mark.parametrize(
    "address", [{"meeting_id": "gone", "screen": "2"}, {"meeting_id": "second", "screen": "-1"},
                {"meeting_id": "second", "screen": "x"}, {"screen": "2"}],
)  # fmt: skip
def test_an_address_that_names_nothing_that_is_there_opens_the_class(
    address: dict[str, str], school: Path
) -> None:
    assert header(run(**address)) == "Oak"


def test_a_place_behind_the_end_of_the_list_is_its_last_child(school: Path) -> None:
    assert "Birch" in header(run(meeting_id="second", screen="9"))


def test_where_nothing_is_in_place_nothing_can_be_ended_or_changed(school: Path) -> None:
    kinds = [run(meeting_id="second", screen=one).selectbox for one in ("1", "2")]
    first, second = (next(box for box in boxes if box.label == "A decision").options for boxes in kinds)
    assert {"Provision ended", "Provision changed"} <= set(first)
    assert "Provision started" in second
    assert not {"Provision ended", "Provision changed"} & set(second)


def test_what_ends_today_is_said_to_be_decided_with_what_it_should_bring_about(school: Path) -> None:
    before = words_of(run(meeting_id="second", screen="1")).replace("\\", "")
    assert "overdue for review" in before
    ended = {"decision_id": "d", "pupil_id": "1", "kind": "provision ended", "words": "Stop Talk",
             "expected": "time for reading", "decided_on": DAY, "provision_id": "T",
             "placement_id": "t1"}  # fmt: skip
    action = {"action_id": "a", "pupil_id": "1", "what": "Ring home", "owner": "Mr Elm", "set_on": DAY,
              "due_on": DAY, "expected": "a quiet corner"}  # fmt: skip
    store = open_store(school)
    (row,) = rows_to_edit(store, "placements", pupil_id="1").to_dicts()
    save(store, "Head", [Edit("placements", {"end_date": DAY}, row["row_key"], row["row_version"]),
                         Edit("decisions", SECOND | ended), Edit("actions", SECOND | action)])  # fmt: skip
    said = words_of(run(meeting_id="second", screen="1")).replace("\\", "")
    assert "**Talk ends today, decided in this meeting.**" in said
    assert "overdue for review" not in said
    assert "Stop Talk (should bring about: time for reading)" in said
    assert "(should bring about: a quiet corner)" in said


def test_grades_are_explained_where_they_stand(school: Path) -> None:
    assert "WTS: working towards." in words_of(run(meeting_id="second", screen="1")).replace("\\", "")
    assert "WTS: working towards." not in words_of(run(meeting_id="second", screen="2")).replace("\\", "")


class TestAllMeetings:
    def test_a_meeting_is_called_by_its_class_and_opens_where_it_runs(self, school: Path) -> None:
        app = open_app("meeting", meeting_part="All meetings", as_at=DAY.isoformat())
        held = app.dataframe[0].value
        assert held["for_whom"].to_list() == ["Oak", "Oak"]
        assert not {"about", "about_code"} & set(held.columns)
        # What a selected row asks for; a browser test shows that it does.
        app.session_state["meeting_to_open"] = "first"
        app.run()
        assert not app.exception
        assert (app.selectbox(key="meeting").value, header(app)) == ("first", "Oak")

    def test_who_was_never_talked_about_can_be_that_of_one_meeting_s_class(self, school: Path) -> None:
        more = [PUPIL | {"pupil_id": "3", "surname": "Cole", "class": "Elm"}]
        tiny_school(school, pupils=more)
        app = open_app("meeting", meeting_part="All meetings", as_at=DAY.isoformat())
        assert "Never talked about: 3 pupils" in [one.value for one in app.subheader]
        app.selectbox(key="discussed_of").set_value(("class", "Oak")).run()
        assert not app.exception
        assert "Never talked about: 2 pupils" in [one.value for one in app.subheader]
