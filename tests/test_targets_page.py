"""The forms of targets: setting one with pupils, looking at it together, and two who change one at once."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from provmap.drafts import Writer, keep, kept
from provmap.store import Edit, entries_of, open_store, rows_to_edit, save
from provmap.ui import changing_targets
from provmap.ui.changing_targets import held_target
from provmap.ui.in_what import ANOTHER
from provmap.ui.setting_targets import record_of
from tests.slow_words import Row
from tests.test_pages import open_app, words_of
from tests.test_targets import ONE, SET, TJ, ago, result, shared
from tests.tiny import DAY, PUPIL, answer, day, tiny_school
from tests.typed import type_in

FIRST, SECOND = ("school", "1"), ("school", "15")
# The record of what is begun about one pupil begins the keys of its fields.
OF_FIRST = record_of(FIRST)


def test_what_came_of_a_target_is_that_it_was_reached_partly_or_not_or_a_grade() -> None:
    offered = changing_targets._came_of_it("EXS", {"WTS": "WTS: working towards", "EXS": "EXS: expected"})
    assert list(offered.items()) == [
        ("EXS", "Reached: EXS: expected"), ("partly reached", "Partly reached"),
        ("not reached", "Not reached"), ("WTS", "WTS: working towards"),
    ]  # fmt: skip


class TestPage:
    @pytest.fixture
    def school(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        shared(data)
        monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
        return data

    def test_a_target_set_for_two_pupils_starts_from_their_latest_results(self, school: Path) -> None:
        app = open_app("targets", target_for="For several pupils alike")
        app.selectbox(key="target_subject").set_value("reading")
        app.multiselect(key="target_pupils").set_value([("school", "1"), ("school", "15")]).run()
        assert "Starting points: A S01 EXS on 26 Feb 2026; A S15 no result" in words_of(app).replace("\\", "")
        app.selectbox(key=f"target_{TJ}_target").set_value("GDS")
        # Words are one pupil's: they are not asked for here, and what was begun for one goes to nobody else.
        type_in(app, "targets/", words="I read chapter books", no_date=True)
        app.text_input(key="writer_target").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Set it").click().run()
        assert not app.exception
        assert [one.value for one in app.success] == ["The target is set for A S01 and A S15\\."]
        rows = rows_to_edit(open_store(school), "targets", subject="reading", target="GDS").sort("pupil_id")
        assert rows["baseline"].to_list() == ["EXS", None]
        assert rows["words"].to_list() == [None] * 2
        assert app.session_state["forms"]["targets/"].given["words"] == "I read chapter books"
        assert {row["state"] for row in answer(open_store(school), "targets")} == {
            "within_reach",
            "no_result",
        }

    def test_words_that_were_begun_stand_there_again_with_their_pupil(self, school: Path) -> None:
        given = {"words": "I read", "subject": "reading", "scale": TJ}
        keep(school, OF_FIRST, Writer("another window", who="Ms Oak"), given, {})
        app = open_app()
        app.session_state["writer"] = "Ms Oak"
        app.switch_page("../../pages/targets.py").run()
        assert "**You began this at" in words_of(app)
        assert app.selectbox(key="target_pupil").value == ("school", "1")
        # The target itself was not chosen yet: the words are still there.
        type_in(app, OF_FIRST, no_date=True)
        next(one for one in app.button if one.label == "Set it").click().run()
        assert "“Target” is needed" in app.error[0].value
        app.selectbox(key=f"{OF_FIRST}_{TJ}_target").set_value("GDS")
        next(one for one in app.button if one.label == "Set it").click().run()
        (row,) = rows_to_edit(open_store(school), "targets", target="GDS").to_dicts()
        assert (row["pupil_id"], row["subject"], row["words"]) == ("1", "reading", "I read")
        assert "You began this" not in words_of(app)

    def test_its_short_fields_are_kept_too_and_stand_there_again(self, school: Path) -> None:
        app = open_app("targets")
        app.selectbox(key="target_subject").set_value("reading")
        app.selectbox(key="target_pupil").set_value(("school", "1")).run()
        app.selectbox(key=f"{OF_FIRST}_{TJ}_target").set_value("GDS").run()
        app.date_input(key=f"{OF_FIRST}_{TJ}_due_on").set_value(day("2026-07-01")).run()
        (draft,) = kept(school, "targets/", Writer(app.session_state["window"]))
        assert (draft.given["target"], draft.given["due_on"]) == ("GDS", "2026-07-01")
        again = open_app()
        # The same window after its server was started again.
        again.session_state["window"] = app.session_state["window"]
        again.switch_page("../../pages/targets.py").run()
        assert again.selectbox(key="target_pupil").value == ("school", "1")
        assert again.selectbox(key=f"{OF_FIRST}_{TJ}_target").value == "GDS"
        assert again.date_input(key=f"{OF_FIRST}_{TJ}_due_on").value == day("2026-07-01")
        # What was begun on one scale is no value of another.
        other = next(one for one in again.selectbox(key="target_scale").options if one != TJ)
        again.selectbox(key="target_scale").set_value(other).run()
        given = again.session_state["forms"][OF_FIRST].given
        assert (given["target"], given["due_on"]) == (None, "2026-07-01")

    def test_once_it_is_set_the_form_is_empty_and_says_so(self, school: Path) -> None:
        app = open_app("targets")
        assert app.selectbox(key="target_scale").value is None
        app.selectbox(key="target_subject").set_value("reading")
        app.selectbox(key="target_pupil").set_value(("school", "1")).run()
        assert app.selectbox(key="target_scale").value == TJ
        app.selectbox(key=f"{OF_FIRST}_{TJ}_target").set_value("GDS")
        type_in(app, OF_FIRST, words="I read chapter books", due_on="2026-07-01")
        app.date_input(key=f"{OF_FIRST}_{TJ}_due_on").set_value(day("2026-07-01"))
        app.text_input(key="writer_target").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Set it").click().run()
        assert not app.exception
        (row,) = rows_to_edit(open_store(school), "targets", target="GDS").to_dicts()
        assert (row["pupil_id"], row["words"]) == ("1", "I read chapter books")
        emptied = ("target_pupil", "target_subject", "target_scale")
        assert [app.selectbox(key=key).value for key in emptied] == [None] * 3
        assert app.session_state["forms"][OF_FIRST].given["words"] is None
        assert [one.value for one in app.toast] == ["The target is set."]
        app.selectbox(key="target_subject").set_value("reading")
        app.selectbox(key="target_pupil").set_value(FIRST).run()
        (target,) = (one for one in app.selectbox if str(one.key).startswith(f"{OF_FIRST}_{TJ}_1_target"))
        assert target.value is None

    def begin_about_first(self) -> AppTest:
        app = open_app("targets")
        app.selectbox(key="target_subject").set_value("reading")
        app.selectbox(key="target_pupil").set_value(FIRST).run()
        app.selectbox(key=f"{OF_FIRST}_{TJ}_target").set_value("GDS").run()
        app.date_input(key=f"{OF_FIRST}_{TJ}_due_on").set_value(day("2026-07-01")).run()
        app.selectbox(key=f"{OF_FIRST}_{TJ}_agreed_with_pupil").set_value(True).run()
        app.session_state["forms"][OF_FIRST].put("words", "I read chapter books")
        return app.run()

    def test_what_was_begun_about_one_pupil_is_never_saved_to_another(self, school: Path) -> None:
        app = self.begin_about_first()
        app.selectbox(key="target_pupil").set_value(SECOND).run()
        of_second = record_of(SECOND)
        # What is in sight is what is saved: both are blank.
        shown = [one.value for one in (*app.selectbox, *app.date_input) if str(one.key).startswith(of_second)]
        assert shown == [None] * 6
        given = app.session_state["forms"][of_second].given
        assert {given[name] for name in given if name not in ("subject", "scale")} == {None}
        assert "not saved yet: what you began about A S01" in words_of(app)
        app.selectbox(key=f"{of_second}_{TJ}_target").set_value("WTS").run()
        app.checkbox(key=f"{of_second}no_date_0").check().run()
        app.text_input(key="writer_target").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Set it").click().run()
        assert [one.value for one in app.success] == ["The target is set for A S15\\."]
        names = ("pupil_id", "target", "due_on", "words", "agreed_with_pupil")
        rows = rows_to_edit(open_store(school), "targets", subject="reading").filter(pl.col("scale") == TJ)
        assert rows.filter(pupil_id="15").select(names).rows() == [("15", "WTS", None, None, None)]
        assert rows.filter(pupil_id="1", target="GDS").is_empty()
        # And what was begun waits, and is there again as it was.
        assert app.selectbox(key="target_pupil").value == FIRST
        next(one for one in app.button if one.label == "Set it").click().run()
        rows = rows_to_edit(open_store(school), "targets", target="GDS").select(names)
        assert rows.rows() == [("1", "GDS", day("2026-07-01"), "I read chapter books", True)]

    def test_what_was_begun_comes_back_with_its_pupil_subject_and_scale(self, school: Path) -> None:
        app = self.begin_about_first()
        app.selectbox(key="target_pupil").set_value(SECOND).run()
        app.selectbox(key="target_subject").set_value("writing")
        other = next(one for one in app.selectbox(key="target_scale").options if one != TJ)
        app.selectbox(key="target_scale").set_value(other).run()
        app.selectbox(key="target_pupil").set_value(FIRST).run()
        assert app.selectbox(key="target_subject").value == "reading"
        assert app.selectbox(key="target_scale").value == TJ
        assert app.selectbox(key=f"{OF_FIRST}_{TJ}_target").value == "GDS"
        assert app.session_state["forms"][OF_FIRST].given["words"] == "I read chapter books"
        for page in ("voices", "targets"):
            app.switch_page(f"../../pages/{page}.py").run()
        assert app.selectbox(key="target_subject").value == "reading"
        assert app.selectbox(key=f"{OF_FIRST}_{TJ}_target").value == "GDS"
        # For many it is neither said nor saved, and waits all the same.
        app.segmented_control(key="target_for").set_value("pupils").run()
        assert app.selectbox(key=f"target_{TJ}_target").value is None
        assert "not saved yet: what you began about A S01" in words_of(app)
        app.segmented_control(key="target_for").set_value("one").run()
        assert app.selectbox(key="target_pupil").value == FIRST
        assert app.selectbox(key=f"{OF_FIRST}_{TJ}_target").value == "GDS"

    def test_a_target_for_a_year_is_a_share_of_its_pupils(self, school: Path) -> None:
        app = open_app("targets", target_for="For a class, a year or a group")
        app.selectbox(key="target_subject").set_value("reading").run()
        app.selectbox(key="shared_for_year_group").set_value("4")
        app.number_input(key="targets/shared/share_0").set_value(50)
        app.checkbox(key="targets/shared/no_date_0").check()
        app.selectbox(key=f"shared_{TJ}_target").set_value("EXS")
        app.text_input(key="writer_shared").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Set it").click().run()
        assert not app.exception
        rows = {row["for_whom"]: row for row in answer(open_store(school), "shared_targets")}
        assert (rows["Year 4"]["needed"], rows["Year 4"]["at_target"], rows["Year 4"]["state"]) == (
            1,
            1,
            "reached",
        )

    @pytest.mark.parametrize(("chosen", "is_part"), [({}, False), ({"group": ["chess"]}, True)])
    def test_the_counted_stand_beside_all_its_pupils_where_they_differ(
        self, school: Path, chosen: dict[str, Any], is_part: bool
    ) -> None:
        app = open_app("targets", targets_part="Classes, years and groups", **chosen)
        shown = app.dataframe[0].value
        assert (list(shown["members"]), list(shown["reached"])) == ([20], [10])
        assert ("at_target" in shown) == is_part
        assert ("whoever is counted" in words_of(app)) == is_part

    def test_a_selected_target_is_the_row_that_is_changed(self, school: Path) -> None:
        store = open_store(school)
        line = answer(store, "shared_targets")[0]
        held = held_target(store, line)
        assert held is not None
        edit = Edit("targets", {"target": "GDS", "share_needed": 0.05}, held["row_key"], held["row_version"])
        save(store, "Head", [edit])
        line = answer(open_store(school), "shared_targets")[0]
        assert (line["target"], line["needed"], line["at_target"]) == ("GDS", 1, 0)
        own = [ONE | SET, ONE | SET | {"set_on": ago(100), "target": "WTS"}]
        store = tiny_school(
            school.parent / "own", targets=[{"year_group": "5"} | SET | {"subject": "reading"}, *own]
        )
        found = [held_target(store, row) for row in answer(store, "targets")]
        assert [row and row["target"] for row in found] == ["WTS", "EXS"]

    def test_what_is_missing_is_said_and_nothing_is_written(self, school: Path) -> None:
        app = open_app("targets")
        next(one for one in app.button if one.label == "Set it").click().run()
        assert [one.value for one in app.error] == ["Choose a pupil."]
        assert entries_of(open_store(school)) == []

    def test_the_scale_is_at_first_the_one_that_most_results_are_on(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
        few, two = [result("104", ago(2)) | {"scale": "age"}], ("1", "2")
        many = [result("WTS", ago(5)) | {"pupil_id": one} for one in two]
        tiny_school(data, pupils=[PUPIL | {"pupil_id": one} for one in two], assessments=[*few, *many])
        app = open_app("targets")
        app.selectbox(key="target_subject").set_value("reading").run()
        assert app.selectbox(key="target_scale").options.index("age") > 0
        assert app.selectbox(key="target_scale").value == TJ

    def test_by_when_is_asked_for_or_said_to_be_open(self, school: Path) -> None:
        app = open_app("targets")
        app.selectbox(key="target_subject").set_value("reading")
        app.selectbox(key="target_pupil").set_value(FIRST).run()
        app.selectbox(key=f"{OF_FIRST}_{TJ}_target").set_value("GDS")
        app.text_input(key="writer_target").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Set it").click().run()
        assert [one.value for one in app.error] == [
            "Say by when it is due, or tick that there is no date yet."
        ]
        assert entries_of(open_store(school)) == []
        app.date_input(key=f"{OF_FIRST}_{TJ}_due_on").set_value(day("2026-07-01")).run()
        # With a day there is nothing to tick.
        assert not app.checkbox
        next(one for one in app.button if one.label == "Set it").click().run()
        (row,) = rows_to_edit(open_store(school), "targets", target="GDS").to_dicts()
        assert (row["pupil_id"], row["due_on"]) == ("1", day("2026-07-01"))

    def test_a_target_that_is_there_is_named_and_offered_before_a_second(self, school: Path) -> None:
        of = {"school_id": "school", "subject": "Reading", "scale": TJ, "set_on": ago(20)}
        one = of | {"pupil_id": "1", "target": "GDS", "due_on": day("2026-07-01")}
        reached = of | {"pupil_id": "15", "target": "GDS", "result": "GDS", "reviewed_on": ago(1)}
        save(open_store(school), "Head", [Edit("targets", one), Edit("targets", reached)])
        app = open_app("targets")
        app.selectbox(key="target_subject").set_value("reading")
        app.selectbox(key="target_pupil").set_value(SECOND).run()
        assert "already" not in " ".join(one.value for one in app.warning)
        app.selectbox(key="target_pupil").set_value(FIRST).run()
        app.session_state["forms"][OF_FIRST].put("words", "I read")
        (said,) = (one.value.replace("\\", "") for one in app.warning if "already" in one.value)
        assert said.startswith("There is a target in reading already. A S01: GDS by 1 Jul 2026, ")
        app.button(key="correct_live").click().run()
        assert not app.exception
        # The target stands below the list, ready to be corrected; what was typed waits.
        assert "A S01\\: Reading" in [one.value for one in app.subheader]
        assert "change_target" in str([one.key for one in app.button])
        assert app.session_state["forms"][OF_FIRST].given["words"] == "I read"
        (form,) = (one for one in app.expander if one.label == "Set a target")
        assert not form.proto.expanded
        app.button(key="close_asked").click().run()
        assert "A S01\\: Reading" not in [one.value for one in app.subheader]

    def test_words_that_were_kept_without_a_name_are_put_with_their_pupil(self, school: Path) -> None:
        """Before a draft had its pupil, all lay in one place."""
        old = {"words": "I read", "parent_words": "At home", "subject": "reading", "scale": TJ}
        keep(school, "targets/", Writer("another window", who="Ms Oak"), old, {})
        keep(school, OF_FIRST, Writer("a third", who="Ms Oak"), {"words": "I try"}, {})
        app = open_app()
        app.session_state["writer"] = "Ms Oak"
        app.switch_page("../../pages/targets.py").run()
        said = words_of(app).replace("\\", "")
        assert "kept without a name" in said
        assert ("“I read”" in said, "“At home”" in said) == (True, True)
        assert "several pupils" not in said
        (whom,) = (one for one in app.selectbox if str(one.key).startswith("nameless_whom"))
        whom.set_value(FIRST).run()
        next(one for one in app.button if one.label == "Put them with this pupil").click().run()
        assert not app.exception
        assert "kept without a name" not in words_of(app)
        given = app.session_state["forms"][OF_FIRST].given
        assert (given["words"], given["parent_words"]) == ("I try\nI read", "At home")
        drafts = kept(school, "targets/", Writer("", who="Ms Oak"))
        assert [(one.record, one.given["words"]) for one in drafts] == [(OF_FIRST, "I try\nI read")]

    def test_once_it_is_set_the_form_is_shut(self, school: Path) -> None:
        app = self.begin_about_first()
        app.text_input(key="writer_target").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Set it").click().run()
        assert [one.value for one in app.success] == ["The target is set for A S01\\."]
        (form,) = (one for one in app.expander if one.label == "Set a target")
        assert not form.proto.expanded

    def choose_other(self, named: str) -> AppTest:
        app = open_app("targets")
        app.selectbox(key="target_subject").set_value(ANOTHER).run()
        return app.text_input(key="target_new_subject").set_value(named).run()

    def test_a_new_subject_is_added_only_where_somebody_says_so(self, school: Path) -> None:
        app = self.choose_other("Read")
        assert "has no subject “Read” so far. Is it Reading? Then choose that above" in words_of(app).replace(
            "\\", ""
        )
        app.selectbox(key="target_pupil").set_value(("school", "1")).run()
        next(one for one in app.button if one.label == "Set it").click().run()
        assert [one.value for one in app.error] == ["Say in which subject, and on which scale."]
        assert entries_of(open_store(school)) == []
        app.checkbox(key="target_add_Read").set_value(True).run()
        app.selectbox(key=f"{OF_FIRST}_{TJ}_target").set_value("GDS")
        app.checkbox(key=f"{OF_FIRST}no_date_0").check()
        app.text_input(key="writer_target").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Set it").click().run()
        (row,) = rows_to_edit(open_store(school), "targets", subject="Read").to_dicts()
        assert (row["pupil_id"], row["target"]) == ("1", "GDS")

    def test_a_subject_of_the_school_is_taken_in_either_case(self, school: Path) -> None:
        app = self.choose_other("READING")
        assert "is one of the school's subjects" in words_of(app).replace("\\", "")
        assert not [one for one in app.checkbox if one.key and one.key.startswith("target_add")]


# The form of the first target alone, as the page shows it once a row is selected.
FORM = """
from provmap.questions import make_filter
from provmap.store import open_store
from provmap.ui.changing_targets import change_target
from provmap.ui.page import Page

store = open_store()
page = Page(store, make_filter(store), {"pupils": 1})
change_target(page, page.ask("targets").row(0, named=True))
"""


SAID = FORM.replace("changing_targets import change_target", "said_of_targets import show_said").replace(
    "change_target(", "show_said("
)


class TestTwoEditors:
    """A target of one pupil, with the form open in two windows."""

    @pytest.fixture
    def school(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
        tiny_school(data, targets=[ONE | SET], assessments=[result("WTS", ago(5))])
        return data

    def opened(self, how: str = "Correct it") -> AppTest:
        app = AppTest.from_string(FORM, default_timeout=30)
        app.query_params["change_how"] = how
        return app.run()

    def write(self, app: AppTest, name: str, **typed: Any) -> AppTest:
        (form,) = app.session_state["forms"].values()
        form.given |= {text: typed[text] for text in form.given if text in typed}
        for field in (*app.text_area, *app.text_input, *app.selectbox, *app.date_input):
            column = next((one for one in typed if str(field.key).endswith(f"}}_{one}")), None)
            if column:
                field.set_value(typed[column])
        if asked := [one for one in app.text_input if one.key == "writer_change_target"]:
            asked[0].set_value(name)
        return next(one for one in app.button if one.label == "Save").click().run()

    def held(self, school: Path) -> Row:
        (row,) = rows_to_edit(open_store(school), "targets").to_dicts()
        return row

    def test_the_second_is_shown_both_versions_and_loses_nothing(self, school: Path) -> None:
        first, second = self.opened(), self.opened()
        self.write(first, "Ms Oak", target="GDS", words="I read to my nan")
        self.write(second, "Mr Elm", target="WTS")
        assert not second.exception
        assert "Ms Oak changed this while you had it open" in words_of(second)
        theirs = second.table[0].value.to_dict("list")
        assert dict(zip(theirs["What"], theirs["Theirs"], strict=True))["Target"] == "GDS"
        target = next(one for one in second.selectbox if str(one.key).endswith("}_target"))
        assert (self.held(school)["target"], target.value) == ("GDS", "WTS")
        # Saved again, it is a choice: and only what the second changed takes the place of the first's.
        next(one for one in second.button if one.label == "Save").click().run()
        assert (self.held(school)["target"], self.held(school)["words"]) == ("WTS", "I read to my nan")
        assert [entry.made_by for entry in entries_of(open_store(school))] == ["Ms Oak", "Mr Elm"]

    def test_looked_at_together_with_both_and_what_came_of_it(self, school: Path) -> None:
        app = self.opened("Look at it together")
        self.write(app, "Ms Oak", result="EXS", reviewed_with_pupil=True, reviewed_with_parent=True,
                   parent="We read at home")  # fmt: skip
        (row,) = answer(open_store(school), "targets")
        assert (row["reviewed_on"], row["reviewed_with"], row["state"]) == (
            DAY,
            ["pupil", "parent"],
            "reached",
        )
        (voice,) = rows_to_edit(open_store(school), "voices").to_dicts()
        assert (voice["voice"], voice["words"], voice["stage"]) == ("parent", "We read at home", "review")
        assert (voice["pupil_id"], voice["provision_id"], voice["heard_on"]) == ("1", None, DAY)

    def test_what_is_said_at_a_review_stands_beside_the_first_words(self, school: Path) -> None:
        first = self.held(school)
        words = {"words": "I want to read the long books", "parent_words": "She reads to us"}
        save(open_store(school), "Ms Oak", [Edit("targets", words, first["row_key"], first["row_version"])])
        for said in ("I read two", "I am proud"):
            # The second is said on the same day: neither takes the place of the other.
            app = self.opened("Look at it together")
            self.write(app, "Ms Oak", pupil=said)
            assert not app.exception
        held = self.held(school)
        assert {name: held[name] for name in words} == words
        (voice,) = rows_to_edit(open_store(school), "voices").to_dicts()
        assert voice["words"] == "I read two\nI am proud"
        told = words_of(AppTest.from_string(SAID, default_timeout=30).run())
        for one in (*words.values(), "Pupil, 3 Mar 2026: “I read two” “I am proud”"):
            assert one in told.replace("\\", "")

    def test_the_words_of_both_are_shown_beside_each_other(self, school: Path) -> None:
        first, second = self.opened(), self.opened()
        self.write(first, "Ms Oak", words="I read to my nan")
        self.write(second, "Mr Elm", words="I read aloud")
        assert self.held(school)["words"] == "I read to my nan"
        said = words_of(second).replace("\\", "")
        assert ("Theirs: I read to my nan" in said, "Yours: I read aloud" in said) == (True, True)
        next(one for one in second.button if one.label == "Keep both").click().run()
        for _ in range(2):
            next(one for one in second.button if one.label == "Save").click().run()
        assert self.held(school)["words"] == "I read to my nan\nI read aloud"

    def test_who_saves_once_more_is_not_told_of_themselves(self, school: Path) -> None:
        app = self.opened()
        self.write(app, "Ms Oak", words="I read")
        self.write(app, "Ms Oak", words="I read aloud")
        assert not app.error
        assert self.held(school)["words"] == "I read aloud"
