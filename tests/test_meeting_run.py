"""A meeting while it runs: what is begun is kept, what is saved stands, and two who write choose."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap import drafts
from provmap.drafts import Writer
from provmap.questions import make_filter
from provmap.store import Edit, open_store, rows_to_edit, save
from provmap.ui.drafted import Form
from provmap.ui.meeting_pack import pack_of
from provmap.ui.meeting_since import last_time
from provmap.ui.page import Page
from tests.test_meeting_page import press, rows
from tests.test_pages import app_at, open_app, words_of
from tests.tiny import DAY, PUPIL, TALK, answer, day, made_once, tiny_school

MEETING = {"school_id": "school", "meeting_id": "m"}
TALKS = {"pupil_id": "1", "provision_id": "T", "start_date": day("2026-01-05")}
BEFORE = Writer("another window", who="Ms Oak")
Run = Callable[..., AppTest]


@pytest.fixture
def school(data: Path) -> Path:
    """Two pupils on the list of a meeting of Oak; the first has Talk."""
    return made_once(data, listed)


def listed(data: Path) -> None:
    pupils = [
        PUPIL | {"pupil_id": number, "surname": name} for number, name in (("1", "Ash"), ("2", "Birch"))
    ]
    pupils[0]["forename"] = "O'Brien-Łuć"
    staff = [{"staff_id": "s", "name": "Mr Elm"}]
    here = {"start_date": day("2026-01-05"), "end_date": day("2026-02-13"), "possible": 50, "attended": 45}
    tiny_school(data, pupils=pupils, provisions=[TALK], placements=[TALKS], staff=staff,
                attendance=[here | {"pupil_id": "1"}])  # fmt: skip
    meeting = {"held_on": DAY, "about": "class", "about_code": "Oak"}
    both = [Edit("discussions", MEETING | {"pupil_id": one, "place": int(one)}) for one in ("1", "2")]
    save(open_store(data), "Head", [Edit("meetings", MEETING | meeting), *both])


def run(screen: int = 1) -> AppTest:
    """The meeting at a screen, as its address opens it: 0 is the class as a whole."""
    at = {"meeting_id": "m", "screen": str(screen)}
    app = app_at("meeting", meeting_part="Run", as_at=DAY.isoformat(), **at, **{"class": "Oak"})
    app.session_state["writer"] = "Ms Oak"
    app.run()
    assert not app.exception
    return app


def form_of(app: AppTest, pupil: str = "1") -> Form:
    return app.session_state["forms"][f"meeting/m/{pupil}/"]


def give(app: AppTest, pupil: str = "1", **values: Any) -> None:
    """What was typed and chosen in the form; a browser test shows that typing brings it there."""
    form_of(app, pupil).given |= values
    app.run()
    assert not app.exception


def begin(folder: Path, pupil: str = "1", **values: Any) -> None:
    """Something begun in another window of the same person."""
    drafts.keep(folder, f"meeting/m/{pupil}/", BEFORE, values, {})


def kept(folder: Path) -> list[dict[str, Any]]:
    return [one.given for one in drafts.kept(folder, "meeting/m/", BEFORE)]


def saved(folder: Path, dataset: str, **of: Any) -> dict[str, Any]:
    return rows_to_edit(open_store(folder), dataset, **of).row(0, named=True)


def said(app: AppTest) -> str:
    return "\n".join([words_of(app), *(one.value for one in app.success)])


class TestScreens:
    def test_the_class_comes_first_then_each_pupil(self, school: Path) -> None:
        app = run(0)
        titles = [[one.value for one in app.header]]
        for label in ("Next", "Next", "Back"):
            titles.append([one.value for one in press(app, label).header])
        assert [one[0].split(" ")[0] for one in titles] == ["Oak", "O'Brien\\-Łuć", "Robin", "O'Brien\\-Łuć"]

    def test_the_card_says_what_is_in_place_and_that_nobody_was_heard(self, school: Path) -> None:
        words = words_of(run()).replace("\\", "")
        assert "- Talk, since 5 Jan 2026" in words
        assert "90.0% this academic year (45 of 50 possible sessions)" in words
        assert "Nobody has been heard yet" in words

    def test_a_closed_meeting_has_no_form(self, school: Path) -> None:
        row = saved(school, "meetings")
        save(open_store(school), "Head", [Edit("meetings", {"closed_on": DAY}, row["row_key"], 1)])
        app = open_app("meeting", meeting_part="Run", as_at=DAY.isoformat(), **{"class": "Oak"})
        app.selectbox(key="meeting").set_value("m").run()
        assert "**What concerns the class as a whole:**" in said(app)
        assert "Save" not in [one.label for one in app.button]


class TestBegun:
    def test_what_another_window_began_stands_in_the_form_and_is_said(self, school: Path) -> None:
        begin(school, note="Half a note")
        app = run()
        assert form_of(app).given["note"] == "Half a note"
        assert "**You began this at" in words_of(app)
        press(app, "Throw it away")
        assert (form_of(app).given["note"], kept(school)) == (None, [])

    def test_going_on_says_what_is_kept_and_going_back_finds_it(self, school: Path) -> None:
        begin(school, note="Half a note")
        app = press(run(), "Next")
        assert "not saved yet: what you began about O'Brien\\-Łuć Ash" in words_of(app)
        assert form_of(press(app, "Back")).given["note"] == "Half a note"

    def test_two_windows_with_other_words_are_both_shown(self, school: Path) -> None:
        begin(school, note="Of another window")
        app = run()
        press(app, "Keep it")
        give(app, note="Of this window")
        begin(school, note="Typed on in the other")
        assert "What was said: Typed on in the other" in words_of(app.run())
        press(app, "Put both together")
        assert form_of(app).given["note"] == "Of this window\nTyped on in the other"
        assert [one["note"] for one in kept(school)] == ["Of this window\nTyped on in the other"]

    def test_nobody_else_finds_it(self, school: Path) -> None:
        drafts.keep(school, "meeting/m/1/", Writer("w", who="Mr Ash"), {"note": "His"}, {})
        assert form_of(run()).given["note"] is None


class TestSaved:
    def test_a_note_is_saved_and_its_draft_is_gone(self, school: Path) -> None:
        begin(school, note="Half a note", changed_in_class="Sits in front")
        app = press(run(), "Save")
        assert "Saved for O'Brien\\-Łuć Ash at" in said(app)
        row = saved(school, "discussions", pupil_id="1")
        assert (row["note"], row["changed_in_class"], row["discussed_on"]) == (
            "Half a note",
            "Sits in front",
            DAY,
        )
        assert kept(school) == []
        assert form_of(app).given["note"] == "Half a note"

    def test_the_name_is_asked_for_once(self, school: Path) -> None:
        app = run(0)
        app.session_state["writer"] = ""
        app.run()
        give(app, "", note="All sit too far back")
        press(app, "Save")
        assert "Give your name first" in words_of(app)
        app.text_input(key="writer_run").set_value("Ms Oak")
        press(app, "Save")
        assert saved(school, "meetings")["written_by"] == "Ms Oak"
        assert [one.label for one in app.text_input] == []

    def test_what_was_saved_otherwise_meanwhile_is_shown_beside_it(self, school: Path) -> None:
        app = run()
        give(app, note="Mine")
        row = saved(school, "discussions", pupil_id="1")
        save(open_store(school), "Mr Elm", [Edit("discussions", {"note": "His"}, row["row_key"], 1)])
        press(app, "Save")
        assert saved(school, "discussions", pupil_id="1")["note"] == "His"
        words = words_of(app)
        assert "**Mr Elm saved “What was said” meanwhile.**" in words
        assert ("Theirs: His" in words, "Yours: Mine" in words) == (True, True)
        press(press(app, "Keep both"), "Save")
        assert saved(school, "discussions", pupil_id="1")["note"] == "Mr Elm: His\nMs Oak: Mine"

    def test_a_change_of_the_list_meanwhile_is_in_nobodys_way(self, school: Path) -> None:
        app = run()
        give(app, note="Mine")
        row = saved(school, "discussions", pupil_id="1")
        save(open_store(school), "Mr Elm", [Edit("discussions", {"place": 2}, row["row_key"], 1)])
        press(app, "Save")
        row = saved(school, "discussions", pupil_id="1")
        assert (row["note"], row["place"]) == ("Mine", 2)


class TestActions:
    def test_an_action_says_what_it_should_bring_about(self, school: Path) -> None:
        app = run()
        give(app, what="Ring home", owner="Ms Oak", note="Late again")
        press(app, "Save")
        assert "Say what it should bring about" in str(form_of(app).refused)
        assert (rows(school, "actions"), saved(school, "discussions", pupil_id="1")["note"]) == ([], None)
        give(app, hoped_for="Here by nine", subject="reading")
        press(app, "Save")
        (action,) = rows(school, "actions")
        assert [action[name] for name in ("what", "owner", "expected", "subject", "pupil_id")] == [
            "Ring home", "Ms Oak", "Here by nine", "reading", "1",
        ]  # fmt: skip

    def test_the_class_as_a_whole_has_notes_decisions_and_actions(self, school: Path) -> None:
        app = run(0)
        give(app, "", note="Noisy after lunch", kind="class teaching", words="Read aloud at one",
             what="Choose the books", owner="Ms Oak", hoped_for="Calm by ten past")  # fmt: skip
        press(app, "Save")
        assert (rows(school, "meetings")[0]["note"], rows(school, "decisions")[0]["pupil_id"]) == (
            "Noisy after lunch", None,
        )  # fmt: skip
        assert rows(school, "actions")[0]["pupil_id"] is None
        assert "- Choose the books" in words_of(app)


class TestDecisions:
    def decide(self, **values: Any) -> AppTest:
        app = run()
        give(app, **{"words": "As agreed", "in_map": True} | values)
        return press(app, "Save")

    def talk(self, school: Path) -> dict[str, Any]:
        return saved(school, "placements", start_date=TALKS["start_date"])

    def shown(self, school: Path, column: str) -> list[Any]:
        """What the list of decisions and the timetable say of the one row that was decided about."""
        store = open_store(school)
        return [row[column] for question in ("decisions_made", "meeting_timetable")
                for row in answer(store, question, as_at=store.today)]  # fmt: skip

    def test_half_a_decision_is_refused_beside_its_field(self, school: Path) -> None:
        app = self.decide(kind="referral", words="")
        assert form_of(app).refused == {"words": "Say what we decide."}
        assert "What you wrote is kept" in words_of(app)
        assert rows(school, "decisions") == []

    def test_provision_begins_with_what_it_should_bring_about(self, school: Path) -> None:
        start = {"kind": "provision started", "provision_id": "T", "from_day": "2026-03-09"}
        app = self.decide(**start)
        assert list(form_of(app).refused) == ["expected"]
        give(app, expected="Speaks in class", until="2026-05-22", shows_in="reading")
        press(app, "Save")
        new = saved(school, "placements", start_date=day("2026-03-09"))
        assert (new["intended_outcome"], new["expected_end_date"]) == ("Speaks in class", day("2026-05-22"))
        decided = saved(school, "decisions")
        assert (decided["placement_id"], decided["subject"]) == (new["placement_id"], "reading")

    def test_what_is_decided_and_not_ticked_is_said_not_to_be_in_the_map(self, school: Path) -> None:
        """Talk is in place: the days of that one are not those of what was decided without the tick."""
        app = self.decide(kind="provision started", provision_id="T", from_day="2026-03-09",
                          expected="Speaks", in_map=False)  # fmt: skip
        said = words_of(app).replace("\\", "")
        assert "Provision started: Talk, not in the map yet. As agreed" in said
        close = open_app("meeting", meeting_part="Close", as_at=DAY.isoformat(), **{"class": "Oak"})
        (told,) = [one.value for one in close.warning]
        said = told.replace("\\", "")
        assert said.startswith(
            "Not in the map yet: 1 decision about provision: Ash, O'Brien-Łuć, Talk (provision"
        )
        recap = next(one.value for one in close.dataframe if "in_the_map" in one.value.columns)
        assert recap["in_the_map"].to_list() == ["Not yet"]

    def test_all_meetings_and_the_next_one_say_that_it_is_not_in_the_map(self, school: Path) -> None:
        self.decide(kind="provision started", provision_id="T", from_day="2026-03-09", in_map=False)
        every = open_app("meeting", meeting_part="All meetings", as_at=DAY.isoformat())
        assert "1 decision about provision is not in the map yet" in words_of(every)
        store = open_store(school)
        page = Page(store, make_filter(store, as_at=DAY), {})
        held = rows_to_edit(store, "meetings").row(0, named=True)
        later = held | {"meeting_id": "next", "held_on": day("2026-05-20")}
        said = last_time(page, later, {"school_id": held["school_id"], "pupil_id": "1"})
        assert "3 Mar 2026, provision started, not in the map yet, Talk: As agreed" in said

    def test_what_was_chosen_for_another_kind_is_not_saved(self, school: Path) -> None:
        """The field is out of sight then: nobody would see the provision that the record names."""
        app = self.decide(kind="provision started", provision_id="T", from_day="2026-03-09")
        assert list(form_of(app).refused) == ["expected"]
        give(app, kind="family contact", words="Ring home")
        press(app, "Save")
        (decided,) = rows(school, "decisions")
        assert [decided[name] for name in ("kind", "provision_id", "placement_id")] == [
            "family contact", None, None,
        ]  # fmt: skip

    def test_without_the_tick_what_ends_is_named(self, school: Path) -> None:
        self.decide(kind="provision ended", placement=self.talk(school)["row_key"], in_map=None)
        (decided,) = rows(school, "decisions")
        assert [decided[name] for name in ("provision_id", "placement_id")] == ["T", None]

    def test_notes_that_nobody_typed_are_not_said_to_be_saved(self, school: Path) -> None:
        app = self.decide(kind="referral", words="Speech and language", in_map=None)
        (said,) = [one.value for one in app.success]
        assert said.endswith(": the decision.")

    def test_what_begins_has_an_adult_minutes_and_a_group_for_the_timetable(self, school: Path) -> None:
        how = {"staff_ids": ["s"], "minutes_per_session": 15.0, "sessions_per_week": 3.0}
        app = self.decide(kind="provision started", provision_id="T", from_day="2026-03-09",
                          expected="Speaks in class", group_name="Owls", **how)  # fmt: skip
        assert form_of(app).refused == {}
        new = saved(school, "placements", start_date=day("2026-03-09"))
        assert {name: new[name] for name in how} == how
        given = answer(open_store(school), "meeting_timetable", as_at=day("2026-03-10"))
        assert [(row["adult"], row["weekly_minutes"], row["group_name"]) for row in given] == [
            ("Mr Elm", 45.0, "Owls")
        ]

    def test_who_leads_it_is_proposed_and_another_can_be_named(self, school: Path) -> None:
        row = saved(school, "provisions")
        save(open_store(school), "Head", [Edit("provisions", {"lead": "Mr Elm"}, row["row_key"], 0)])
        begin(school, kind="provision started", provision_id="T", from_day="2026-03-09")
        app = run()
        (who,) = (one for one in app.multiselect if "staff_ids" in str(one.key))
        assert (who.value, form_of(app).given["staff_ids"]) == (["s"], ["s"])
        who.set_value([]).run()
        assert form_of(app.run()).given["staff_ids"] == []

    def test_who_leads_it_is_proposed_for_the_next_decision_too(self, school: Path) -> None:
        row = saved(school, "provisions")
        save(open_store(school), "Head", [Edit("provisions", {"lead": "Mr Elm"}, row["row_key"], 0)])
        begin(school, kind="provision started", provision_id="T", words="As agreed")
        app = press(run(), "Save")
        assert saved(school, "decisions")["provision_id"] == "T"
        assert form_of(app).given["staff_ids"] is None
        for label, value in (("A decision", "provision started"), ("Provision", "T")):
            next(one for one in app.selectbox if one.label == label).set_value(value).run()
        assert form_of(app).given["staff_ids"] == ["s"]
        # Where none is chosen any more, its lead goes with it.
        next(one for one in app.selectbox if one.label == "Provision").set_value(None).run()
        assert not form_of(app).given["staff_ids"]

    def test_it_is_not_expected_to_end_before_it_begins(self, school: Path) -> None:
        app = self.decide(kind="provision started", provision_id="T", from_day="2026-03-09",
                          expected="Speaks in class", until="2026-03-08")  # fmt: skip
        assert list(form_of(app).refused) == ["until"]
        give(app, until="2026-03-09")
        press(app, "Save")
        assert len(rows(school, "placements")) == 2

    def test_a_second_time_in_what_runs_is_named_before_it_begins(self, school: Path) -> None:
        begin(school, kind="provision started", provision_id="T", from_day="2026-03-09")
        assert "In place already: Talk, since 5 Jan 2026" in words_of(run())

    def test_what_ended_is_in_the_timetable_also_without_an_identifier_of_its_own(self, school: Path) -> None:
        self.decide(kind="provision ended", placement=self.talk(school)["row_key"], from_day="2026-03-20")
        assert self.shown(school, "end_date") == [day("2026-03-20")] * 2

    def test_another_end_is_in_the_timetable_also_without_an_identifier(self, school: Path) -> None:
        key = self.talk(school)["row_key"]
        self.decide(kind="provision changed", placement=key, from_day="2026-03-09", until="2026-05-22")
        assert self.shown(school, "start_date") == [day("2026-01-05")] * 2

    def test_a_decision_keeps_its_row_when_the_file_comes_again_and_when_its_start_is_mended(
        self, school: Path
    ) -> None:
        key = self.talk(school)["row_key"]
        self.decide(kind="provision ended", placement=key, from_day="2026-03-20")
        tiny_school(school, day("2026-03-04"), provisions=[TALK], placements=[TALKS | {"note": "Quiet"}])
        row = self.talk(school)
        assert (row["row_key"], row["note"], row["end_date"]) == (key, "Quiet", day("2026-03-20"))
        assert rows_to_edit(open_store(school), "placements").height == 1
        mended = {"start_date": day("2026-01-07")}
        save(open_store(school), "Mr Elm", [Edit("placements", mended, key, row["row_version"])])
        assert self.shown(school, "start_date") == [day("2026-01-07")] * 2

    def test_what_has_a_last_day_is_not_made_longer_by_ending_it(self, school: Path) -> None:
        row, last = self.talk(school), open_store(school).today + timedelta(days=5)
        save(open_store(school), "Mr Elm", [Edit("placements", {"end_date": last}, row["row_key"], 0)])
        later = (last + timedelta(days=1)).isoformat()
        app = self.decide(kind="provision ended", placement=row["row_key"], from_day=later)
        assert list(form_of(app).refused) == ["from_day"]
        give(app, from_day=last.isoformat())
        press(app, "Save")
        assert (self.talk(school)["end_date"], len(rows(school, "decisions"))) == (last, 1)

    def test_what_ended_is_not_among_what_began(self, school: Path) -> None:
        self.decide(kind="provision ended", placement=self.talk(school)["row_key"], from_day="2026-03-20")
        store = open_store(school)
        page = Page(store, make_filter(store, as_at=DAY), {})
        later = rows_to_edit(store, "meetings").row(0, named=True) | {"meeting_id": "next"}
        assert pack_of(page, later).begun.is_empty()

    def test_without_the_tick_the_map_stays_as_it_is(self, school: Path) -> None:
        key = self.talk(school)["row_key"]
        self.decide(kind="provision ended", placement=key, in_map=None)
        assert (self.talk(school)["end_date"], len(rows(school, "decisions"))) == (None, 1)

    def test_provision_ends_on_its_last_day(self, school: Path) -> None:
        key = self.talk(school)["row_key"]
        self.decide(kind="provision ended", placement=key, from_day="2026-03-20", outcome="met")
        row = self.talk(school)
        assert (row["end_date"], row["outcome"]) == (day("2026-03-20"), "met")
        assert saved(school, "decisions")["provision_id"] == "T"

    @pytest.mark.parametrize(("last", "is_refused"), [("2026-01-04", True), ("2026-01-05", False)])
    def test_it_cannot_end_before_it_began(self, school: Path, last: str, is_refused: bool) -> None:
        app = self.decide(kind="provision ended", placement=self.talk(school)["row_key"], from_day=last)
        assert bool(form_of(app).refused) == is_refused

    def test_a_change_is_from_a_day_on_and_what_was_so_before_stays_so(self, school: Path) -> None:
        key = self.talk(school)["row_key"]
        self.decide(kind="provision changed", placement=key, from_day="2026-03-09", minutes_per_session=20.0,
                    staff_ids=["s"], group_name="Fox")  # fmt: skip
        before, after = self.talk(school), saved(school, "placements", start_date=day("2026-03-09"))
        assert (before["end_date"], before["minutes_per_session"]) == (day("2026-03-08"), None)
        assert (after["minutes_per_session"], after["staff_ids"], after["group_name"]) == (20.0, ["s"], "Fox")
        assert (after["end_date"], saved(school, "decisions")["placement_id"]) == (
            None,
            after["placement_id"],
        )

    @pytest.mark.parametrize(
        "change",
        [
            {"from_day": "2026-03-09", "until": "2026-05-22"},
            {"from_day": "2026-01-05", "until": "2026-05-22", "minutes_per_session": 20.0},
        ],
    )
    def test_another_end_or_a_change_from_the_first_day_makes_no_second_row(
        self, school: Path, change: dict[str, Any]
    ) -> None:
        self.decide(kind="provision changed", placement=self.talk(school)["row_key"], **change)
        assert len(rows(school, "placements")) == 1
        assert self.talk(school)["expected_end_date"] == date(2026, 5, 22)

    def test_a_change_that_says_nothing_is_refused(self, school: Path) -> None:
        app = self.decide(kind="provision changed", placement=self.talk(school)["row_key"])
        assert list(form_of(app).refused) == ["in_map"]
        assert len(rows(school, "placements")) == 1
