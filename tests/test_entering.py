"""The forms: what is entered counts at once, stands in the journal, and can be taken back."""

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.drafts import Writer, keep, kept
from provmap.errors import UsageError
from provmap.store import Edit, datasets, entries_of, open_store, rows_to_edit, save
from provmap.ui import entering, entering_lists
from tests.test_pages import open_app, words_of
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, day, tiny_school
from tests.typed import form_in, type_in

BEN = {"pupil_id": "2", "surname": "O'Brien-Łuć", "forename": "Ben", "year_group": "5", "class": "1E5"}
NEED = {"need_code": "SLCN", "start_date": day("01-05")}


@pytest.fixture
def school(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    needs = [{"pupil_id": one} | NEED for one in ("1", "2")]
    tiny_school(data, pupils=[PUPIL, BEN], needs=needs, provisions=[TALK, CLASS])
    # The form's own day is today's; the school is always on DAY.
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
    return data


def enter(part: str) -> AppTest:
    return open_app("enter", part=part)


def states(folder: Path) -> list[str]:
    return [row["state"] for row in answer(open_store(folder), "coverage")]


def start_talk(pupils: list[tuple[str, str]]) -> AppTest:
    app = enter("Provision for pupils")
    app.selectbox(key="start_provision").set_value(("school", "T")).run()
    app.multiselect(key="start_pupils_start/school/T/").set_value(pupils).run()
    app.text_input(key="writer_start").set_value("Ms Oak")
    next(one for one in app.button if one.label == "Start it").click().run()
    return app


def test_provision_started_for_two_pupils_counts_at_once(school: Path) -> None:
    app = start_talk([("school", "1"), ("school", "2")])
    assert not app.exception
    assert [one.value for one in app.success] == ["Talk starts for 2 pupils\\."]
    assert states(school) == ["covered", "covered"]
    assert {entry.made_by for entry in entries_of(open_store(school))} == {"Ms Oak"}
    rows = rows_to_edit(open_store(school), "placements")
    assert rows["expected_end_date"].to_list() == [day("05-26")] * 2


def test_nobody_chosen_is_said_and_nothing_is_written(school: Path) -> None:
    app = start_talk([])
    assert [one.value for one in app.error] == ["Choose at least one pupil."]
    assert entries_of(open_store(school)) == []


def test_what_is_past_its_expected_end_is_listed(school: Path) -> None:
    row = {"school_id": "school", "pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
    late = row | {"pupil_id": "2", "expected_end_date": day("03-02")}
    save(
        open_store(school),
        "Ms Oak",
        [Edit("placements", row | {"expected_end_date": DAY}), Edit("placements", late)],
    )
    app = enter("Past the expected end")
    assert [list(one.value["pupil"]) for one in app.dataframe] == [["O'Brien-Łuć, Ben"]]


CONDITION = {"school_id": "school", "provision_id": "T", "kind": "exit", "measure": "reading/age",
             "comparator": ">=", "value": "96"}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": "ninety"}, "must be a number on this scale, such as 90"),
        ({"measure": "reading/teacher judgement", "value": "expected"}, "must be one of: PK1"),
        ({"measure": "attendance", "value": "good"}, "must be a percentage, such as 90"),
        (
            {"measure": "need", "value": "SLCN"},
            "must be “the same as” for a need or a group",
        ),
        ({"measure": "group", "value": "eal"}, "must be “the same as” for a need or a group"),
    ],
)
def test_a_condition_by_which_nobody_can_be_judged_is_refused(
    school: Path, given: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        save(open_store(school), "Ms Oak", [Edit("criteria", CONDITION | given)])
    assert save(open_store(school), "Ms Oak", [Edit("criteria", CONDITION)]) == 1


FIGURE = {"school_id": "school", "measure": "expected_share", "subject": "reading", "scale": "standardised",
          "academic_year": "2024/25", "source": "national"}  # fmt: skip


@pytest.mark.parametrize("value", ["seventy", "170", "101%", "-3%", "7o%", ""])
def test_a_figure_that_cannot_be_read_is_refused(school: Path, value: str) -> None:
    with pytest.raises(UsageError, match=r"must be a share from 0% to 100%|is needed"):
        save(open_store(school), "Ms Oak", [Edit("comparators", FIGURE | {"value": value})])


@pytest.mark.parametrize("value", ["74%", "74", "0.74", "0", "100", "c", "X", "low", "SUPP"])
def test_a_figure_as_its_source_writes_it_is_taken(school: Path, value: str) -> None:
    assert save(open_store(school), "Ms Oak", [Edit("comparators", FIGURE | {"value": value})]) == 1
    mean = FIGURE | {"measure": "mean_value", "value": "101.3"}
    assert save(open_store(school), "Ms Oak", [Edit("comparators", mean)]) == 1


def test_a_condition_for_finishing_that_a_low_score_meets_is_questioned(school: Path) -> None:
    app = enter("Provisions")
    held = rows_to_edit(open_store(school), "provisions", provision_id="T").row(0, named=True)
    app.selectbox(key="provision_chosen").set_value(held["row_key"]).run()
    key = "criterion_criteria/school/T/"
    app.selectbox(key=f"{key}_kind").set_value("exit")
    app.selectbox(key=f"{key}_measure").set_value("attendance")
    for comparator, is_said in (("<=", True), (">=", False)):
        app.selectbox(key=f"{key}_comparator").set_value(comparator).run()
        assert ("So whoever is this low is done" in words_of(app)) == is_said


def test_a_mark_that_came_with_a_file_and_cannot_be_read_is_named(data: Path) -> None:
    bad = CONDITION | {"kind": "entry", "value": "ninety"}
    bad.pop("school_id")
    tiny_school(data, provisions=[TALK], criteria=[bad])
    (said,) = [one.value for one in open_app("criteria", as_at=DAY.isoformat()).warning]
    assert "Nobody can be judged by a mark that is no number or grade of its scale: see Talk." in said


def ask_for_a_subject() -> None:
    import streamlit as st  # noqa: PLC0415 (a script imports what it uses)

    from provmap.ui.fields import say_alike  # noqa: PLC0415

    say_alike(st.query_params["typed"], {"Reading": "Reading", "Writing": "Writing"})


@pytest.mark.parametrize(("typed", "said"), [
    ("read", ["⚠️ “read” is new. Did you mean Reading? Then choose that."]),
    ("maths club", []),
])  # fmt: skip
def test_a_word_of_their_own_that_begins_as_a_known_one_is_questioned(typed: str, said: list[str]) -> None:
    """Of a field to which a school can add words; a test can choose nothing there that is not offered."""
    app = AppTest.from_function(ask_for_a_subject)
    app.query_params["typed"] = typed
    assert [one.value for one in app.run().caption] == said


def test_a_new_provision_has_every_column_of_the_contract(school: Path) -> None:
    app = enter("Provisions")
    type_in(app, "provisions/new/", name="Nurture group")
    app.selectbox(key="provision_None_tier").set_value("targeted")
    app.multiselect(key="provision_None_need_codes").set_value(["SEMH"])
    app.text_input(key="writer_provision").set_value("Ms Oak")
    next(one for one in app.button if one.label == "Save the provision").click().run()
    row = rows_to_edit(open_store(school), "provisions", name="Nurture group").row(0, named=True)
    assert (row["provision_id"], row["tier"], row["need_codes"]) == ("nurture_group", "targeted", ["SEMH"])
    # It is chosen now: who gets it is asked for next.
    assert app.selectbox(key="provision_chosen").value == row["row_key"]
    key = "criterion_criteria/school/nurture_group/"
    app.selectbox(key=f"{key}_kind").set_value("exit")
    app.selectbox(key=f"{key}_measure").set_value("attendance")
    app.selectbox(key=f"{key}_comparator").set_value(">=")
    type_in(app, "criteria/school/nurture_group/", value="95")
    next(one for one in app.button if one.label == "Add the condition").click().run()
    held = rows_to_edit(open_store(school), "criteria").select("kind", "measure", "comparator", "value")
    assert held.rows() == [("exit", "attendance", ">=", "95")]
    # Once more under the same name is refused in words, and beside the name.
    app.selectbox(key="provision_chosen").set_value(None).run()
    type_in(app, "provisions/new/", name="nurture GROUP")
    next(one for one in app.selectbox if "_None_tier" in str(one.key)).set_value("targeted")
    next(one for one in app.button if one.label == "Save the provision").click().run()
    assert [one.value for one in app.error] == [
        "There is a provision of this name already: choose it at the top to change it."
    ]


def test_the_form_of_a_provision_asks_for_every_column_of_the_contract(school: Path) -> None:
    app = enter("Provisions")
    columns = set(datasets()["provisions"].column_names) - {"school_id", "provision_id"}
    kinds = ("selectbox", "multiselect", "number_input", "date_input")
    drawn = {str(one.key) for kind in kinds for one in app.get(kind)}
    chosen = {name for name in columns if f"provision_None_{name}" in drawn}
    # The fields for words are those that keep them.
    assert len(app.get("bidi_component")) == len(columns - chosen)
    assert set(form_in(app, "provisions/new/").given) == columns


def test_a_provision_without_its_tier_is_refused_in_words(school: Path) -> None:
    app = enter("Provisions")
    type_in(app, "provisions/new/", name="Nurture group")
    app.text_input(key="writer_provision").set_value("Ms Oak")
    next(one for one in app.button if one.label == "Save the provision").click().run()
    assert "“Tier” is needed" in app.error[0].value
    # Beside the field too: the form is long, and its button stands at the end.
    assert [one.value for one in app.markdown if "This is needed" in one.value] == ["⚠️ **This is needed.**"]
    assert entries_of(open_store(school)) == []


def test_a_group_with_its_definition_and_a_pupil_in_it_for_a_while(school: Path) -> None:
    app = enter("Groups")
    words = {"name": "Bereaved", "agreed_by": "Governors", "definition": "Lost somebody close this year"}
    type_in(app, "groups/new/", **words)
    app.text_input(key="writer_group").set_value("Ms Oak")
    next(one for one in app.button if one.label == "Save the group").click().run()
    app.multiselect(key="who_memberships").set_value([("school", "2")])
    app.selectbox(key="add_memberships_group_code").set_value("bereaved")
    app.date_input(key="add_memberships_end_date").set_value(day("04-01"))
    app.button(key="add_save").click().run()
    assert not app.exception
    assert len(answer(open_store(school), "coverage", groups=["bereaved"])) == 1
    assert answer(open_store(school), "coverage", day("04-02"), groups=["bereaved"]) == []


def test_enter_takes_nobody_but_the_pupil_who_is_typed(school: Path) -> None:
    """Streamlit would offer everybody of a like name first, and put them all into the group."""
    pupils = enter("Groups").multiselect(key="who_memberships")
    assert pupils.proto.select_all == 0


def test_what_was_begun_about_a_row_that_is_taken_out_since_is_said_and_can_be_thrown_away(
    school: Path,
) -> None:
    time = {"school_id": "school", "pupil_id": "2", "provision_id": "T", "start_date": day("01-05")}
    save(open_store(school), "Mr Elm", [Edit("placements", time)])
    (row,) = rows_to_edit(open_store(school), "placements").to_dicts()
    given = {"note": "In the quiet corner", "group_name": None}
    me = Writer("another window", who="Ms Oak")
    keep(school, f"placements/{row['row_key']}/", me, given, dict.fromkeys(given))
    app = enter("Provision for pupils")
    app.session_state["writer"] = "Ms Oak"
    # As long as the row is there, so is its form.
    assert "no longer recorded" not in words_of(app.run())
    save(open_store(school), "Mr Elm", [Edit("placements", {}, row["row_key"], 1, removed=True)])
    browser = app.session_state["browser"] = "one at the desk"
    keep(school, f"placements/{row['row_key']}/", Writer("third", browser, "Mrs Fir"), given, {})
    said = words_of(app.run()).replace("\\", "")
    # What somebody else began in this browser is not said to be one's own.
    assert said.count("Mrs Fir began to change Ben O'Brien-Łuć, Talk, since 5 Jan 2026") == 1
    assert said.count("You began to change") == 1
    assert "You began to change Ben O'Brien-Łuć, Talk, since 5 Jan 2026, and it is no longer recorded" in said
    assert "Note: In the quiet corner" in said
    next(one for one in app.button if one.label == "Throw away what I typed").click().run()
    assert not app.exception
    assert "You began to change" not in words_of(app)
    assert kept(school, "placements/", me) == []


def test_a_group_that_was_entered_is_chosen_and_no_other_choice_is_lost(school: Path) -> None:
    app = enter("Groups")
    app.text_input(key="writer_group").set_value("Ms Oak")
    type_in(app, "groups/new/", name="Bereaved", definition="Lost somebody this year")
    next(one for one in app.button if one.label == "Save the group").click().run()
    (row,) = rows_to_edit(open_store(school), "groups").to_dicts()
    assert app.selectbox(key="group_chosen").value == row["row_key"]
    assert "just_entered" not in app.session_state


def test_a_name_given_in_one_form_stands_in_every_other(school: Path) -> None:
    app = enter("Groups")
    assert {one.label for one in app.text_input if one.key.startswith("writer_")} == {"Your name (needed)"}
    app.text_input(key="writer_add").set_value("Ms Oak").run()
    asked = [one for one in app.text_input if one.key.startswith("writer_")]
    assert [(one.label, one.value) for one in asked] == [("Your name", "Ms Oak")] * len(asked)
    assert len(asked) > 1
    # The next person changes it where they write.
    app.text_input(key="writer_group").set_value("Mr Elm").run()
    assert {one.value for one in app.text_input if one.key.startswith("writer_")} == {"Mr Elm"}


def test_a_threshold_is_set_from_a_day(school: Path) -> None:
    app = enter("Thresholds")
    app.selectbox(key="threshold").set_value("review_after").run()
    app.number_input(key="threshold_review_after_value").set_value(60.0)
    type_in(app, "threshold/review_after/", agreed_by="Governors")
    app.text_input(key="writer_threshold").set_value("Ms Oak")
    next(one for one in app.button if one.label == "Save").click().run()
    rows = {row["name"]: row for row in answer(open_store(school), "thresholds")}
    assert (rows["review_after"]["value"], rows["review_after"]["from_date"]) == (60.0, DAY)
    assert answer(open_store(school), "thresholds", day("03-02"))[0]["value"] != 60.0
    earlier = {row["name"]: row["value"] for row in answer(open_store(school), "thresholds", day("03-02"))}
    assert earlier["review_after"] == 120.0


def test_what_was_written_says_who_and_what(school: Path) -> None:
    start_talk([("school", "2")])
    app = enter("What was written")
    shown = app.dataframe[0].value
    assert list(shown["Who"]) == ["Ms Oak"]
    assert "Ben O'Brien-Łuć" in shown["About"][0]
    assert "Nobody" not in words_of(app)


def write(app: AppTest, label: str, form: str, name: str) -> AppTest:
    if asked := [one for one in app.text_input if one.key == f"writer_{form}"]:
        asked[0].set_value(name)
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def test_of_two_who_change_a_provision_the_second_is_shown_both(school: Path) -> None:
    (row,) = [
        one for one in rows_to_edit(open_store(school), "provisions").to_dicts() if one["name"] == "Talk"
    ]
    first, second = enter("Provisions"), enter("Provisions")
    for app in (first, second):
        app.selectbox(key="provision_chosen").set_value(row["row_key"]).run()
    record = f"provisions/{row['row_key']}/"
    type_in(first, record, intended_outcome="Speaks up")
    write(first, "Save the provision", "provision", "Ms Oak")
    type_in(second, record, intended_outcome="Speaks in sentences")
    write(second, "Save the provision", "provision", "Mr Elm")

    def held() -> Any:
        return rows_to_edit(open_store(school), "provisions", name="Talk")["intended_outcome"][0]

    said = words_of(second)
    assert "Ms Oak saved “Intended outcome” meanwhile" in said
    assert ("Theirs: Speaks up" in said, "Yours: Speaks in sentences" in said) == (True, True)
    assert (held(), form_in(second, record).given["intended_outcome"]) == ("Speaks up", "Speaks in sentences")
    write(second, "Keep yours", "provision", "Mr Elm")
    write(second, "Save the provision", "provision", "Mr Elm")
    assert held() == "Speaks in sentences"
    # The first goes on from what stands there now, and takes nothing back.
    first.run()
    type_in(first, record, name="Talk more")
    write(first, "Save the provision", "provision", "Ms Oak")
    write(first, "Save the provision", "provision", "Ms Oak")
    assert rows_to_edit(open_store(school), "provisions", name="Talk more")["intended_outcome"].to_list() == [
        "Speaks in sentences"
    ]


# A list and the forms of its rows.
ROWS = """
from provmap.questions import make_filter
from provmap.store import open_store
from provmap.ui import entering, entering_lists
from provmap.ui.page import Page

store = open_store()
page = Page(store, make_filter(store), {"pupils": 2})
"""


@pytest.fixture
def first_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first row of each list is selected, as a click would, until the test is over and no longer."""
    for module in (entering, entering_lists):
        monkeypatch.setattr(module, "choose_rows", lambda page, rows, *_: rows.head(1).to_dicts())


@pytest.mark.usefixtures("first_selected")
@pytest.mark.parametrize(
    ("show", "dataset"),
    [("entering.show_placements(page)", "placements"), ("entering_lists.show_needs(page)", "needs")],
)
def test_of_two_who_end_the_same_row_the_second_is_told(school: Path, show: str, dataset: str) -> None:
    start_talk([("school", "1")])
    second = AppTest.from_string(ROWS + show, default_timeout=30).run()
    row = rows_to_edit(open_store(school), dataset).to_dicts()[0]
    edit = Edit(dataset, {"end_date": day("05-01")}, row["row_key"], row["row_version"])
    save(open_store(school), "Ms Oak", [edit])
    end = next(one for one in second.date_input if re.match("end/.*day|change_.*_end_date", str(one.key)))
    end.set_value(day("05-02"))
    # The form of the row comes after the one that adds rows, before the one that corrects them all.
    place = 0 if dataset == "placements" else -1
    for name, held in (("Mr Elm", day("05-01")), ("", day("05-02"))):
        for asked in second.text_input:
            if name and str(asked.key).startswith("writer_"):
                asked.set_value(name)
        [one for one in second.button if one.label == "Save"][place].click().run()
        assert not second.exception
        assert rows_to_edit(open_store(school), dataset)["end_date"][0] == held
        if name:
            assert "Ms Oak changed this while you had it open" in words_of(second)
