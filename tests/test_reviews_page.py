"""Reviews of provision on their page: recorded, written in the map, a change checked, a provision stopped."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.filters import show_date
from provmap.questions import ask, make_filter
from provmap.store import Store, open_store, rows_to_edit
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, TALK, answer, tiny_school

NAMES = ("Ash", "Birch", "Cole")


@pytest.fixture
def school(data: Path) -> Path:
    """Talk, for three pupils: overdue for Ash; a change of it for Birch that nobody has checked."""
    pupils = [PUPIL | {"pupil_id": str(n), "surname": name} for n, name in enumerate(NAMES, 1)]
    pupils[2] |= {"class": "Elm"}
    times = [{"pupil_id": str(n), "provision_id": "T", "start_date": DAY - timedelta(days=90),
              "expected_end_date": DAY + timedelta(days=20)} for n in (1, 2, 3)]  # fmt: skip
    times[0]["expected_end_date"] = DAY - timedelta(days=1)
    change = {"pupil_id": "2", "provision_id": "T", "reviewed_on": DAY - timedelta(days=50),
              "decision": "adapt", "adaptation": "Smaller group"}  # fmt: skip
    voices = [{"pupil_id": "1", "provision_id": "T", "heard_on": DAY, "voice": "pupil",
               "words": "It is *fun*", "rating": 1}]  # fmt: skip
    tiny_school(data, pupils=pupils, provisions=[TALK], placements=times, reviews=[change], voices=voices)
    return data


def opened(part: str = "Due and overdue", **more: str) -> AppTest:
    app = open_app("reviews", reviews_part=part, as_at=DAY.isoformat(), **more)
    assert not app.exception
    return app


def rows(folder: Path, dataset: str) -> list[dict[str, Any]]:
    return rows_to_edit(open_store(folder), dataset).to_dicts()


def choose(app: AppTest, folder: Path, pupil: str | None) -> AppTest:
    """Choose the review of a pupil's Talk, or of Talk as a whole."""
    row = next(one for one in answer(open_store(folder), "reviews_due") if one["pupil_id"] == pupil)
    key = (row["school_id"], row["provision_id"], row["pupil_id"], row["start_date"])
    app.selectbox(key="review_which").set_value(key).run()
    assert not app.exception
    return app


def field(app: AppTest, name: str) -> Any:
    """A field of the form of the review, whatever the review is about."""
    fields = [*app.selectbox, *app.date_input, *app.radio, *app.checkbox]
    return next(one for one in fields if re.fullmatch(rf"review/.*/{name}_\d+", str(one.key)))


def save(app: AppTest, label: str, form: str) -> AppTest:
    name = [one for one in app.text_input if one.key == f"writer_{form}"]
    if name:
        name[0].set_value("Ms Oak")
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_a_review_is_kept_with_its_rating_and_the_pupil_goes_on(school: Path) -> None:
    app = choose(opened(), school, "1")
    assert "It is \\*fun\\*" in words_of(app)
    assert "Parent or carer:** not on record" in words_of(app)
    field(app, "rating").set_value(1)
    field(app, "decision").set_value("keep")
    field(app, "next").set_value(DAY + timedelta(days=40))
    save(app, "Save the review", "review")
    (review,) = [row for row in rows(school, "reviews") if row["pupil_id"] == "1"]
    assert (review["rating"], review["decision"], review["reviewed_on"]) == (1, "keep", DAY)
    assert review["next_review_on"] == DAY + timedelta(days=40)
    (time,) = [row for row in rows(school, "placements") if row["pupil_id"] == "1"]
    assert (time["expected_end_date"], time["end_date"]) == (DAY + timedelta(days=40), None)
    state = {row["pupil_id"]: row["state"] for row in answer(open_store(school), "reviews_due")}
    assert state["1"] == "to come"
    told = show_date(DAY + timedelta(days=40))
    assert f"and in the map it is expected to go on until {told}" in app.success[0].value


def test_the_next_who_writes_sees_whose_name_stands_there_and_changes_it(school: Path) -> None:
    app = choose(opened(), school, "1")
    field(app, "rating").set_value(1)
    field(app, "decision").set_value("keep")
    save(app, "Save the review", "review")
    choose(app, school, None)
    assert app.text_input(key="writer_review").value == "Ms Oak"
    field(app, "rating").set_value(1)
    field(app, "decision").set_value("keep")
    app.text_input(key="writer_review").set_value("Mr Elm")
    next(button for button in app.button if button.label == "Save the review").click().run()
    assert not app.exception
    assert {row["written_by"] for row in rows(school, "reviews")} - {None} == {"Ms Oak", "Mr Elm"}


def test_what_was_chosen_for_one_review_is_not_there_in_the_next(school: Path) -> None:
    app = choose(opened(), school, "1")
    field(app, "rating").set_value(-2)
    field(app, "decision").set_value("keep")
    save(app, "Save the review", "review")
    assert app.selectbox(key="review_which").value is None
    app = choose(app, school, "2")
    assert (field(app, "rating").value, field(app, "decision").value) == (
        None,
        None,
    )


def test_stopping_for_a_pupil_ends_it_for_that_pupil_alone(school: Path) -> None:
    app = choose(opened(), school, "1")
    field(app, "decision").set_value("stop")
    save(app, "Save the review", "review")
    assert f"and in the map it ended on {show_date(DAY)}" in app.success[0].value
    assert {row["pupil_id"]: row["end_date"] for row in rows(school, "placements")} == {
        "1": DAY, "2": None, "3": None,
    }  # fmt: skip


def test_a_review_of_an_earlier_day_ends_it_on_that_day(school: Path) -> None:
    app = choose(opened(), school, "1")
    field(app, "decision").set_value("stop")
    field(app, "reviewed_on").set_value(DAY - timedelta(days=10))
    save(app, "Save the review", "review")
    (time,) = [row for row in rows(school, "placements") if row["pupil_id"] == "1"]
    assert time["end_date"] == DAY - timedelta(days=10)


def test_stopping_makes_no_time_longer_and_leaves_who_has_left_alone(data: Path) -> None:
    pupils = [PUPIL | {"pupil_id": str(n)} for n in (1, 2, 3)]
    pupils[2]["leaving_date"] = DAY - timedelta(days=30)
    start = {"provision_id": "T", "start_date": DAY - timedelta(days=90)}
    soon = DAY + timedelta(days=5)
    times = [start | {"pupil_id": "1", "end_date": soon}, *(start | {"pupil_id": n} for n in ("2", "3"))]
    stop_talk = {"provision_id": "T", "reviewed_on": DAY, "decision": "stop"}
    tiny_school(data, pupils=pupils, provisions=[TALK], placements=times, reviews=[stop_talk])
    app = stop(opened("Offered for stopping"))
    assert "Talk is in place for **2 pupils**" in words_of(app)
    app.date_input(key="stop_day").set_value(DAY + timedelta(days=20))
    app.checkbox(key="stop_yes").check()
    save(app, "Stop it", "stop")
    ends = {row["pupil_id"]: row["end_date"] for row in rows(data, "placements")}
    assert ends == {"1": soon, "2": DAY + timedelta(days=20), "3": None}


@pytest.mark.parametrize("decision", ["keep", "stop"])
def test_a_time_that_has_a_last_day_is_not_offered_to_be_prolonged(data: Path, decision: str) -> None:
    time = {"pupil_id": "1", "provision_id": "T", "start_date": DAY - timedelta(days=90),
            "expected_end_date": DAY - timedelta(days=1), "end_date": DAY + timedelta(days=1)}  # fmt: skip
    tiny_school(data, provisions=[TALK], placements=[time])
    app = choose(opened(), data, "1")
    said = words_of(app).replace("\\", "")
    assert "Ends 4 Mar 2026." in said
    assert "In the map it ends on 4 Mar 2026: the review leaves that as it is." in said
    assert "Write it in the map too" not in " ".join(one.label for one in app.checkbox)
    field(app, "decision").set_value(decision)
    save(app, "Save the review", "review")
    assert [row["decision"] for row in rows(data, "reviews")] == [decision]
    (kept,) = rows(data, "placements")
    assert {name: kept[name] for name in time} == time


def test_a_change_without_words_is_refused_and_nothing_is_saved(school: Path) -> None:
    app = choose(opened(), school, "1")
    field(app, "decision").set_value("adapt")
    save(app, "Save the review", "review")
    assert any("say what is to change" in error.value for error in app.error)
    assert len(rows(school, "reviews")) == 1


def test_the_next_review_asks_whether_the_last_change_met_the_need(school: Path) -> None:
    app = choose(opened(), school, "2")
    field(app, "decision").set_value("keep")
    field(app, "found").set_value("partly met")
    save(app, "Save the review", "review")
    held = {row["decision"]: row for row in rows(school, "reviews")}
    assert (held["adapt"]["adaptation_met"], held["adapt"]["adaptation_checked_on"]) == ("partly met", DAY)
    assert held["keep"]["adaptation_met"] is None


def test_a_change_is_checked_on_its_own_list(school: Path) -> None:
    app = opened("Changes to check")
    assert "**1 change** to check, of 1 change agreed." in words_of(app)
    app.selectbox(key="check_which").select_index(0)
    app.radio(key="check_found").set_value("not met")
    save(app, "Save", "check")
    assert rows(school, "reviews")[0]["adaptation_met"] == "not met"
    assert "No change waits to be checked." in words_of(opened("Changes to check"))


def test_what_was_found_of_one_change_is_not_there_for_the_next(data: Path) -> None:
    tiny_school(
        data, pupils=[PUPIL, PUPIL | {"pupil_id": "2"}], provisions=[TALK],
        placements=[{"pupil_id": one, "provision_id": "T", "start_date": DAY - timedelta(days=90)}
                    for one in ("1", "2")],
        reviews=[{"pupil_id": one, "provision_id": "T", "reviewed_on": DAY - timedelta(days=50),
                  "decision": "adapt"} for one in ("1", "2")],
    )  # fmt: skip
    app = opened("Changes to check")
    app.selectbox(key="check_which").select_index(0)
    app.radio(key="check_found").set_value("met")
    save(app, "Save", "check")
    assert "**1 change** to check, of 2 changes agreed." in words_of(app)
    assert (app.selectbox(key="check_which").value, app.radio(key="check_found").value) == (None, None)


def test_what_was_begun_of_one_review_is_kept_while_another_is_held(school: Path) -> None:
    app = choose(opened(), school, "1")
    field(app, "decision").set_value("adapt").run()
    form = next(one for one in app.session_state["forms"].values() if one.record.startswith("review/"))
    form.put("adaptation", "Half the group")
    app = choose(app, school, "2")
    assert field(app, "decision").value is None
    assert "not saved yet: what you began about Talk, for Robin Ash" in words_of(app)
    field(app, "decision").set_value("keep")
    save(app, "Save the review", "review")
    # What is still begun stands there next.
    assert field(app, "decision").value == "adapt"
    save(app, "Save the review", "review")
    (review,) = [row for row in rows(school, "reviews") if row["pupil_id"] == "1"]
    assert (review["decision"], review["adaptation"]) == ("adapt", "Half the group")


def stop(app: AppTest) -> AppTest:
    which = next(one for one in app.selectbox(key="stop_which").options)
    app.selectbox(key="stop_which").select(which).run()
    assert not app.exception
    return app


def test_stopping_a_provision_names_how_many_and_ends_it_for_all_after_a_yes(school: Path) -> None:
    app = choose(opened(), school, None)
    field(app, "decision").set_value("stop")
    save(app, "Save the review", "review")
    assert all(row["end_date"] is None for row in rows(school, "placements"))
    app = stop(opened("Offered for stopping", **{"class": "Oak"}))
    said = words_of(app)
    assert "A review decided to stop, and still in place: **Talk**" in said
    assert "Talk is in place for **3 pupils**" in said
    assert "1 pupil of them are not counted here" in said
    save(app, "Stop it", "stop")
    assert any("Say yes to ending it for 3 pupils first" in error.value for error in app.error)
    assert all(row["end_date"] is None for row in rows(school, "placements"))
    app.checkbox(key="stop_yes").check()
    save(app, "Stop it", "stop")
    assert {row["end_date"] for row in rows(school, "placements")} == {DAY}
    assert rows(school, "provisions")[0]["end_date"] == DAY
    assert answer(open_store(school), "reviews_due", as_at=DAY + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("state", "part"), [("overdue", "Overdue"), ("due", "Due"), ("no day", "No day set")]
)
def test_the_numbers_are_those_of_the_lists(sample: Store, state: str, part: str) -> None:
    app = open_app("reviews", reviews_state=part)
    many = ask("reviews_due", make_filter(sample), sample).filter(state=state).height
    assert many > 0
    assert f"**{many}** {'with no day set' if state == 'no day' else state}" in words_of(app)
    assert len(app.dataframe[0].value) == many


def test_what_has_a_last_day_stands_behind_what_nobody_has_decided(data: Path) -> None:
    """Overdue through its last day, by the law; what waits for a decision comes first all the same."""
    pupils = [PUPIL | {"pupil_id": str(n), "surname": name} for n, name in enumerate(NAMES[:2], 1)]
    times = [{"pupil_id": str(n), "provision_id": "T", "start_date": DAY - timedelta(days=90),
              "expected_end_date": DAY - timedelta(days=late), "end_date": ends}
             for n, late, ends in ((1, 30, DAY), (2, 5, None))]  # fmt: skip
    tiny_school(data, pupils=pupils, provisions=[TALK], placements=times)
    app = opened()
    assert [row["surname"] for row in answer(open_store(data), "reviews_due")][:2] == ["Ash", "Birch"]
    assert app.dataframe[0].value["reason"].to_list()[1].endswith("Ends 3 Mar 2026.")
    assert "What has a last day already stands at the end." in words_of(app)
