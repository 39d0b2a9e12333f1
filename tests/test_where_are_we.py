"""Where are we? on the page: every number is as long as its list; a change in class counts at once."""

from pathlib import Path
from urllib.parse import parse_qs

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from provmap.drafts import Writer, keep
from provmap.filters import Filter
from provmap.questions import ask, make_filter
from provmap.store import Store, open_store, rows_to_edit
from provmap.ui.deciding import with_verdicts
from provmap.ui.ledger import NOT_LISTED, behind_move, grid_of
from provmap.ui.navigation import NAVIGATION
from provmap.ui.settings import ALSO, SEVERAL, by_page
from provmap.words import LEDGER
from tests.test_ledger import MARKS, results
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, answer, tiny_school

# What is chosen, and its name in an address.
CHOICES = [
    ({}, {}), ({"year_groups": ["5"]}, {"year_group": "5"}), ({"classes": ["Oak"]}, {"class": "Oak"}),
    ({"subjects": ["reading"]}, {"subject": "reading"}),
    ({"groups": ["sen_support"], "subjects": ["writing"]}, {"group": "sen_support", "subject": "writing"}),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "address"), CHOICES)
def test_each_number_is_as_long_as_its_list(sample: Store, chosen: dict, address: dict) -> None:
    app = open_app("where_are_we", **address)
    rows = ask("ledger", make_filter(sample, **chosen), sample)
    numbers = {one.label: int(one.value.replace(",", "")) for one in app.metric}
    assert numbers == {words.capitalize(): rows.filter(state=state).height for state, words in LEDGER.items()}
    assert len(app.dataframe[0].value) == rows.height


def test_a_number_opens_its_list(sample: Store) -> None:
    app = open_app("where_are_we")
    number = next(int(one.value) for one in app.metric if one.label == "Persists")
    app.button(key="see_persists").click().run()
    assert not app.exception
    assert all(one.endswith(": persists") for one in app.dataframe[0].value["where_it_stands"])
    assert len(app.dataframe[0].value) == number > 0


def test_a_number_leads_to_its_list_from_any_part(sample: Store) -> None:
    app = open_app("where_are_we", ledger_part="Who moved where")
    app.button(key="see_closed").click().run()
    number = next(int(one.value) for one in app.metric if one.label == "Closed")
    assert "Below stands the list: **closed**. [Go to it](#the-list)" in words_of(app)
    assert f"Closed: {number} pupils' subjects" in [one.value for one in app.subheader]
    assert all(one.endswith(": closed") for one in app.dataframe[0].value["where_it_stands"])


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("Where are we?", "Where are we"), ("Time out of class", "Time out of class"),
        ("Several pages", "How far back an assessment"),
    ],
)  # fmt: skip
def test_thresholds_stand_by_the_page_that_they_decide_on(sample: Store, page: str, words: str) -> None:
    every = open_app("enter", part="Thresholds").dataframe[0].value
    shown = open_app("enter", part="Thresholds", thresholds_of=page).dataframe[0].value
    assert 0 < len(shown) < len(every)
    assert shown["decides_on"].iloc[0] in (page, "Several pages")
    # Its own come first; what decides on other pages besides says where it stands.
    is_own = [of == page for of in shown["decides_on"]]
    assert is_own == sorted(is_own, reverse=True)
    assert any(meaning.startswith(words) for meaning in shown["meaning"])


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("where_are_we", "Where are we?"), ("time_out", "Time out of class"), ("criteria", "Who qualifies"),
    ],
)  # fmt: skip
def test_pages_lead_to_the_thresholds_that_decide_them(sample: Store, page: str, asked: str) -> None:
    links = [parse_qs(one.proto.query_string) for one in open_app(page).get("page_link")]
    assert {"part": ["Thresholds"], "thresholds_of": [asked]} in links


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("Lists for the meeting", "year_ago_least year_ago_most year_ago_months late_share disagree_days"
         " disagree_sd disagree_range persistent_absence severe_absence"),
        ("Impact of provision", "cost_weeks around_days"),
        ("Targets", "reach_steps reach_months reach_sd reach_range reach_least"),
    ],
)  # fmt: skip
def test_each_threshold_stands_under_its_page(sample: Store, page: str, names: str) -> None:
    rows = by_page(ask("thresholds", Filter(as_at=sample.today), sample))
    found = rows.filter(decides_on=page)["name"]
    assert set(names.split()) <= set(found)


def test_no_threshold_that_says_its_page_stands_under_several(sample: Store) -> None:
    rows = by_page(ask("thresholds", Filter(as_at=sample.today), sample))
    assert rows.filter(decides_on=SEVERAL)["name"].to_list() == ["assessment_window"]
    assert set(ALSO) <= set(rows["name"])
    pages = {name for part in NAVIGATION.values() for name in part.values()}
    assert {*rows["decides_on"], *(page for some in ALSO.values() for page in some)} <= pages | {SEVERAL}


@pytest.mark.parametrize("part", ["By subject, year, class or group", "Who moved where"])
def test_each_part_runs(sample: Store, part: str) -> None:
    app = open_app("where_are_we", ledger_part=part)
    assert not app.exception
    assert not app.error


def test_the_counts_of_the_grid_are_of_the_rows_behind_them(sample: Store) -> None:
    moves = ask("ledger_moves", Filter(as_at=sample.today), sample)
    grid = grid_of(moves)
    states = [*LEDGER.values(), NOT_LISTED]
    cells = grid.filter(pl.col("before") != "all").select(states).fill_null(0)
    assert cells.to_numpy().sum() == moves.height == grid["all"][-1]
    for row in grid.iter_rows(named=True):
        for now in [*states, "all"]:
            assert (row[now] or 0) == behind_move(moves, row["before"], now).height


def test_the_rule_stands_there_with_the_schools_thresholds(sample: Store) -> None:
    said = words_of(open_app("where_are_we"))
    assert "84 days or more in all" in said
    said = " ".join(said.split())
    assert "is worse than the one before by at least 0.5" in said


@pytest.fixture
def school(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    need = {"pupil_id": "1", "need_code": "reading", "start_date": DAY}
    tiny_school(data, expectations=MARKS, assessments=results("90", "90"), needs=[need])
    # The form's own day is today's; the school is always on DAY.
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
    return data


def fill(page: str, key: str, what: str = "A seat near me") -> AppTest:
    app = open_app(page)
    if page == "pupil":
        app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
    else:
        app.selectbox(key=f"adjust_pupil_{key}").set_value(("school", "1")).run()
    form = app.session_state["forms"]["adjust/school/1/"]
    app.selectbox(key=form.key("code")).set_value("reading")
    form.put("what", what)
    app.text_input(key="writer_adjust").set_value("Ms Oak")
    next(one for one in app.button if one.label == "Record it").click().run()
    return app


def now(folder: Path, question: str, column: str) -> list:
    return [row[column] for row in answer(open_store(folder), question)]


@pytest.mark.parametrize(
    ("page", "key"), [("where_are_we", "(None, None)_None"), ("pupil", "('school', '1')_None")]
)
def test_a_change_in_class_counts_at_once(school: Path, page: str, key: str) -> None:
    assert now(school, "ledger", "state") == ["nothing_recorded"]
    app = fill(page, key)
    assert not app.exception
    (said,) = [one.value.replace("\\", "") for one in app.success]
    assert said.startswith("Recorded for Robin Ash, from today. ")
    assert "once a result after today shows that the gap narrows" in said
    assert now(school, "ledger", "state") == ["too_soon"]
    assert now(school, "ledger", "running") == [["Adjusted in class"]]
    assert now(school, "coverage", "state") == ["in_class"]
    row = rows_to_edit(open_store(school), "placements").row(0, named=True)
    assert (row["note"], row["need_codes"], row["start_date"], row["written_by"]) == (
        "A seat near me", ["reading"], DAY, "Ms Oak"
    )  # fmt: skip
    assert (row["expected_end_date"] - DAY).days == 42


def test_two_changes_on_one_day_are_two(school: Path) -> None:
    fill("where_are_we", "(None, None)_None")
    app = fill("where_are_we", "(None, None)_None", "A reading partner")
    assert not app.error
    notes = rows_to_edit(open_store(school), "placements")["note"].to_list()
    assert sorted(notes) == ["A reading partner", "A seat near me"]
    assert rows_to_edit(open_store(school), "provisions").height == 1


def test_a_change_that_was_begun_stands_there_again(school: Path) -> None:
    keep(school, "adjust/school/1/", Writer("another window", who="Ms Oak"), {"what": "A seat near"}, {})
    for page in ("where_are_we", "pupil"):
        app = open_app(page)
        app.session_state["writer"] = "Ms Oak"
        if page == "pupil":
            app.selectbox(key="chosen_pupil").set_value(("school", "1"))
        app.run()
        assert "**You began this at" in words_of(app)
        assert app.session_state["forms"]["adjust/school/1/"].given["what"] == "A seat near"


def test_a_universal_provision_for_the_subject_is_used(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
    reading = {"provision_id": "U", "name": "Reading for all", "tier": "universal", "subject": "Reading"}
    other = {"provision_id": "M", "name": "Maths for all", "tier": "universal", "subject": "mathematics"}
    young = reading | {"provision_id": "A", "name": "Reading for Year 2", "year_groups": ["2"]}
    tiny_school(data, expectations=MARKS, assessments=results("90"), provisions=[young, other, reading])
    fill("where_are_we", "(None, None)_None")
    assert now(data, "ledger", "running") == [["Reading for all"]]


def test_what_is_missing_is_said_and_nothing_is_written(school: Path) -> None:
    app = fill("where_are_we", "(None, None)_None", " ")
    assert "what you changed" in app.error[0].value
    assert now(school, "ledger", "state") == ["nothing_recorded"]


def test_what_was_tried_bears_the_verdict_of_the_page_impact() -> None:
    tried = pl.DataFrame(
        {"school_id": ["1"] * 3, "provision_id": ["T", "U", "V"], "gain_share": [0.9, 0.5, 0]}
    )
    impact = pl.DataFrame({
        "school_id": ["1", "1", "2"], "provision_id": ["T", "T", "U"], "pupils_measured": [2, 12, 9],
        "verdict": ["too little to say", "no clear change", "promising"],
    })  # fmt: skip
    assert with_verdicts(tried, impact)["verdict"].to_list() == ["no clear change", None, None]
