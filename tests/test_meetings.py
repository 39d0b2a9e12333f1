"""Whom a meeting is proposed to talk about, and what the journal knows of meetings."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from provmap.meetings import WEIGHTS, proposed
from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, open_store, rows_to_edit, save
from tests.tiny import DAY, PUPIL, TALK, answer, day, tiny_school


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Pupil 1 has a need that nothing answers and is often absent; 3 has an overdue review; 2 has nothing."""
    return tiny_school(
        tmp_path,
        pupils=[PUPIL | {"pupil_id": name, "surname": name} for name in ("1", "2", "3")],
        needs=[{"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-01")}],
        attendance=[{"pupil_id": "1", "start_date": day("2025-09-03"), "end_date": day("2025-12-19"),
                     "possible": 100.0, "attended": 80.0}],
        provisions=[TALK],
        placements=[{"pupil_id": "3", "provision_id": "T", "start_date": day("2025-09-01"),
                     "expected_end_date": DAY - timedelta(days=1)}],
    )  # fmt: skip


def meeting(store: Store, *edits: Edit) -> Store:
    school = answer(store, "pupil_list")[0]["school_id"]
    of = {"school_id": school, "meeting_id": "m"}
    held = Edit("meetings", of | {"held_on": DAY, "about": "class", "about_code": "Oak"})
    save(store, "Ms Oak", [held, *(Edit(one.dataset, of | one.now) for one in edits)])
    return open_store(store.folder)


def test_reasons_are_those_of_the_lists_and_the_weightiest_come_first(store: Store) -> None:
    rows = proposed(make_filter(store, as_at=DAY), store).to_dicts()
    assert [(row["pupil_id"], row["weight"]) for row in rows] == [("1", 3), ("3", 2), ("2", 0)]
    assert rows[0]["kinds"] == ["gap", "absent"]
    assert rows[0]["reasons"][0] == answer(store, "gaps")[0]["reason"]
    assert rows[1]["kinds"] == ["overdue", "overlap"] or rows[1]["kinds"] == ["overlap", "overdue"]
    assert rows[2]["reasons"] is None


def test_every_weight_is_of_a_kind_that_is_looked_for(sample: Store) -> None:
    rows = proposed(make_filter(sample), sample)
    # No meeting was held in the sample school.
    of_meetings = {"not_discussed", "agreed"}
    assert set(rows["kinds"].explode().drop_nulls()) == set(WEIGHTS) - of_meetings
    assert rows.height == ask("pupil_list", make_filter(sample), sample).height


@pytest.mark.parametrize(
    ("ends", "is_reason"), [(None, True), (DAY, False), (DAY + timedelta(days=9), False)]
)
def test_what_has_a_last_day_is_no_longer_overdue_for_a_meeting(
    ends: date | None, is_reason: bool, tmp_path: Path
) -> None:
    had = {"pupil_id": "1", "provision_id": "T", "start_date": day("2025-09-01"), "end_date": ends,
           "expected_end_date": DAY - timedelta(days=1)}  # fmt: skip
    store = tiny_school(tmp_path, provisions=[TALK], placements=[had])
    # The list itself keeps to the law: in place through its last day, and past its expected end.
    assert [row["overdue_for_review"] for row in answer(store, "provision_list")] == [True]
    (row,) = proposed(make_filter(store, as_at=DAY), store).to_dicts()
    assert ("overdue" in (row["kinds"] or [])) is is_reason


@pytest.mark.parametrize("delivery", ["one to one", "whole class", None])
def test_nothing_for_a_subject_says_what_is_in_place_besides(delivery: str | None, tmp_path: Path) -> None:
    low = {"pupil_id": "1", "subject": "reading", "scale": "teacher judgement", "value": "WTS",
           "assessed_on": day("2026-02-27"), "source": "teacher"}  # fmt: skip
    expected = {"subject": "reading", "scale": "teacher judgement", "year_group": "5", "term": "spring",
                "expected": "EXS"}  # fmt: skip
    steps = [{"scale": "teacher judgement", "value": value, "rank": rank}
             for rank, value in enumerate(("WTS", "EXS"))]  # fmt: skip
    store = tiny_school(
        tmp_path, provisions=[TALK | {"delivery": delivery}], assessments=[low], expectations=[expected],
        scale_values=steps,
        placements=[{"pupil_id": "1", "provision_id": "T", "start_date": day("2026-01-05")}],
    )  # fmt: skip
    (row,) = proposed(make_filter(store, as_at=DAY), store).to_dicts()
    (gap,) = [words for words in row["reasons"] if "with no need" in words]
    besides = "" if delivery == "whole class" else " In place, and not recorded as for reading: Talk."
    assert gap == answer(store, "gaps")[0]["reason"] + besides


def test_who_was_discussed_longest_ago_comes_first_among_equals(store: Store) -> None:
    edits = [Edit("discussions", {"pupil_id": name, "discussed_on": DAY}) for name in ("1", "2")]
    after = meeting(store, *edits)
    rows = {row["pupil_id"]: row for row in answer(after, "discussed")}
    assert (rows["1"]["times_discussed"], rows["1"]["last_discussed"], rows["1"]["days_since"]) == (1, DAY, 0)
    assert (rows["3"]["times_discussed"], rows["3"]["last_discussed"]) == (0, None)


def test_what_was_decided_or_is_open_speaks_for_a_pupil_before_never_talked_about(tmp_path: Path) -> None:
    """1 has a decision, 2 an open action, 3 one that is done, 4 was never talked about, 5 was again since."""
    names = "12345"
    store = tiny_school(
        tmp_path, pupils=[PUPIL | {"pupil_id": one, "surname": one} for one in names], provisions=[TALK]
    )
    then = DAY - timedelta(days=20)

    def agreed(name: str, **more: object) -> Edit:
        usual = {"action_id": name, "pupil_id": name, "what": "Ring home", "owner": "Ms Oak", "set_on": then,
                 "due_on": day("2026-03-09")}  # fmt: skip
        return Edit("actions", usual | more)

    def decided(name: str, on: date) -> Edit:
        row = {"decision_id": name, "pupil_id": name, "decided_on": on, "kind": "family contact",
               "words": "Ring home"}  # fmt: skip
        return Edit("decisions", row)

    talked = [Edit("discussions", {"pupil_id": one, "discussed_on": then}) for one in "123"]
    talked.append(Edit("discussions", {"pupil_id": "5", "discussed_on": DAY - timedelta(days=1)}))
    after = meeting(
        store, *talked, decided("1", then), agreed("2"), agreed("3", done_on=then), decided("5", then),
        decided("3", DAY),
    )  # fmt: skip
    rows = proposed(make_filter(after, as_at=DAY), after).to_dicts()
    found = {row["pupil_id"]: (row["reasons"] or [], row["weight"]) for row in rows}
    assert found == {
        "1": (["To look at again, decided on 11 Feb 2026: family contact."], 3),
        "2": (["Agreed and still open: 1 action, due on 9 Mar 2026."], 3),
        # What a meeting that is going on has decided today is being talked about.
        "3": ([], 0), "4": (["Not talked about in a meeting yet."], 1), "5": ([], 0),
    }  # fmt: skip
    held = rows_to_edit(after, "meetings").row(0, named=True)
    save(after, "Ms Oak", [Edit("meetings", {"closed_on": DAY}, held["row_key"], held["row_version"])])
    after = open_store(after.folder)
    again = {row["pupil_id"]: row["reasons"]
             for row in proposed(make_filter(after, as_at=DAY), after).to_dicts()}  # fmt: skip
    assert again["3"] == ["To look at again, decided on 3 Mar 2026: family contact."]


def test_a_decision_that_is_not_in_the_map_and_reviews_that_are_overdue_are_said_once(tmp_path: Path) -> None:
    then = DAY - timedelta(days=20)
    provisions = [TALK, TALK | {"provision_id": "S", "name": "Sound"}]
    runs = {"pupil_id": "1", "start_date": DAY - timedelta(days=200), "expected_end_date": then}
    store = tiny_school(
        tmp_path, provisions=provisions, placements=[runs | {"provision_id": one} for one in "TS"]
    )
    decided = {"decision_id": "d", "pupil_id": "1", "decided_on": then, "kind": "provision started",
               "provision_id": "T", "words": "Talk"}  # fmt: skip
    talked = Edit("discussions", {"pupil_id": "1", "discussed_on": then})
    after = meeting(store, talked, Edit("decisions", decided))
    (row,) = proposed(make_filter(after, as_at=DAY), after).to_dicts()
    assert (
        "To look at again, decided on 11 Feb 2026: provision started, Talk (not in the map yet)."
        in (row["reasons"])
    )
    assert [one for one in row["reasons"] if "verdue" in one] == ["Overdue for review: Sound, Talk."]


def test_left_out_or_not_yet_discussed_is_not_discussed(store: Store) -> None:
    after = meeting(
        store,
        Edit("discussions", {"pupil_id": "1", "discussed_on": DAY, "is_left_out": True}),
        Edit("discussions", {"pupil_id": "2"}),
        Edit("discussions", {"pupil_id": "3", "discussed_on": DAY + timedelta(days=1)}),
    )
    assert [row["times_discussed"] for row in answer(after, "discussed")] == [0, 0, 0]


def test_actions_are_open_until_done_or_dropped_and_overdue_after_their_day(store: Store) -> None:
    def action(name: str, **more: object) -> Edit:
        usual = {"action_id": name, "pupil_id": "1", "what": "Ring home", "owner": "Ms Oak", "set_on": DAY,
                 "due_on": DAY + timedelta(days=7)}  # fmt: skip
        return Edit("actions", usual | more)

    after = meeting(
        store, action("a"), action("b", done_on=DAY), action("c", dropped_on=DAY, why_dropped="Moved away"),
        action("d", due_on=DAY),
    )  # fmt: skip
    found = [answer(after, "discussed", as_at=on)[0]
             for on in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=8))]  # fmt: skip
    assert [(row["open_actions"], row["overdue_actions"]) for row in found] == [(2, 0), (2, 1), (2, 2)]


AGREED = day("2026-01-15")


@pytest.fixture
def held(tmp_path: Path) -> Store:
    def scored(value: str, on: str) -> dict[str, object]:
        return {"pupil_id": "1", "subject": "Reading", "scale": "standardised", "value": value,
                "assessed_on": day(on), "source": "test"}  # fmt: skip

    pupils = [PUPIL, PUPIL | {"pupil_id": "2", "class": "Elm", "year_group": "4"}]
    store = tiny_school(tmp_path, pupils=pupils, assessments=[scored("90", "01-10"), scored("95", "03-02")])
    school = answer(store, "pupil_list")[0]["school_id"]
    of = {"school_id": school, "meeting_id": "m"}
    agreed = of | {"what": "Ring home", "owner": "Ms Oak", "set_on": AGREED, "due_on": DAY}
    save(store, "Ms Oak", [
        Edit("meetings", of | {"held_on": AGREED, "about": "class", "about_code": "Oak"}),
        Edit("actions", agreed | {"action_id": "a", "pupil_id": "1", "subject": "reading"}),
        Edit("actions", agreed | {"action_id": "b"}),
        Edit("decisions", of | {"decision_id": "d", "decided_on": AGREED, "kind": "other",
                                "words": "Sit by the window"}),
        Edit("discussions", of | {"pupil_id": "1", "discussed_on": AGREED}),
    ])  # fmt: skip
    return open_store(store.folder)


class TestActions:
    """An action for pupil 1 and one for the class, agreed on 15 January; a result before, and one since."""

    def states(self, store: Store, on: date) -> list[str]:
        return [row["state"] for row in answer(store, "actions", as_at=on)]

    def test_what_has_been_measured_since(self, held: Store) -> None:
        row = next(row for row in answer(held, "actions") if row["action_id"] == "a")
        assert (row["value_then"], row["value_now"], row["better_by"]) == ("90", "95", 5)
        assert (row["scale"], row["held_on"]) == ("standardised", AGREED)
        before = next(row for row in answer(held, "actions", as_at=day("03-01")) if row["action_id"] == "a")
        assert (before["value_then"], before["value_now"], before["better_by"]) == ("90", None, None)

    def test_states_on_the_day_and_after(self, held: Store) -> None:
        assert self.states(held, AGREED - timedelta(days=1)) == []
        assert self.states(held, DAY) == ["open", "open"]
        assert self.states(held, DAY + timedelta(days=1)) == ["overdue", "overdue"]

    def test_done_late_and_dropped(self, held: Store) -> None:
        keys = {row["action_id"]: row for row in rows_to_edit(held, "actions").to_dicts()}
        save(held, "Ms Oak", [
            Edit("actions", {"done_on": DAY + timedelta(days=1)}, keys["a"]["row_key"],
                 keys["a"]["row_version"]),
            Edit("actions", {"dropped_on": DAY, "why_dropped": "Moved"}, keys["b"]["row_key"],
                 keys["b"]["row_version"]),
        ])  # fmt: skip
        after = open_store(held.folder)
        assert sorted(self.states(after, DAY)) == ["dropped", "open"]
        assert sorted(self.states(after, DAY + timedelta(days=1))) == ["done late", "dropped"]

    def test_of_the_class_as_a_whole_only_where_it_is_counted(self, held: Store) -> None:
        assert len(answer(held, "actions", classes=["Oak"])) == 2
        assert answer(held, "actions", classes=["Elm"]) == []
        assert [row["decision"] for row in answer(held, "decisions_made", classes=["Oak"])] == [
            "Sit by the window"
        ]
        assert answer(held, "decisions_made", classes=["Elm"]) == []

    def test_a_meeting_counts_what_came_of_it(self, held: Store) -> None:
        (row,) = answer(held, "meetings_held", as_at=DAY + timedelta(days=1))
        counted = {
            name: row[name] for name in ("proposed", "discussed", "decisions", "actions", "done", "overdue")
        }
        assert counted == {
            "proposed": 1,
            "discussed": 1,
            "decisions": 1,
            "actions": 2,
            "done": 0,
            "overdue": 2,
        }
        assert answer(held, "meetings_held", as_at=AGREED - timedelta(days=1)) == []
        assert answer(held, "meetings_held", classes=["Elm"]) == []


@pytest.fixture
def began(held: Store) -> Store:
    """A decision of 15 January that began Reading Rescue on 2 February, and one about no provision."""
    school = answer(held, "pupil_list")[0]["school_id"]
    of = {"school_id": school, "provision_id": "R"}
    has = {"placement_id": "p", "pupil_id": "1", "start_date": day("02-02"), "staff_ids": ["s", "t"],
           "minutes_per_session": 20.0, "intended_outcome": "95 by Easter"}  # fmt: skip
    made = {"decision_id": "r", "meeting_id": "m", "pupil_id": "1", "decided_on": AGREED, "placement_id": "p",
            "kind": "provision started", "words": "Daily reading"}  # fmt: skip
    save(held, "Ms Oak", [
        Edit("provisions", of | {"name": "Reading Rescue", "tier": "targeted", "subject": "Reading",
                                 "sessions_per_week": 3.0}),
        Edit("staff", {"school_id": school, "staff_id": "s", "name": "Miss Malik"}),
        Edit("placements", of | has),
        Edit("decisions", of | made),
    ])  # fmt: skip
    return open_store(held.folder)


def test_what_is_agreed_for_the_class_before_the_day_of_the_meeting_counts_at_once(held: Store) -> None:
    of = {"school_id": answer(held, "pupil_list")[0]["school_id"], "meeting_id": "next"}
    save(held, "Ms Oak", [
        Edit("meetings", of | {"held_on": DAY + timedelta(days=1), "about": "class", "about_code": "Oak"}),
        Edit("actions", of | {"action_id": "c", "what": "Move the desks", "owner": "Ms Oak", "set_on": DAY,
                              "due_on": DAY}),
        Edit("decisions", of | {"decision_id": "w", "decided_on": DAY, "kind": "class teaching",
                                "words": "Talk first"}),
    ])  # fmt: skip
    after = open_store(held.folder)
    assert "Move the desks" in {row["action"] for row in answer(after, "actions")}
    assert "Talk first" in {row["decision"] for row in answer(after, "decisions_made", classes=["Oak"])}
    assert "Move the desks" not in {row["action"] for row in answer(after, "actions", classes=["Elm"])}
    assert [row["meeting_id"] for row in answer(after, "meetings_held")] == ["m"]
    later = answer(after, "meetings_held", as_at=DAY + timedelta(days=1))
    assert [row["meeting_id"] for row in later] == ["next", "m"]


class TestWhatADecisionBegan:
    def test_it_carries_what_was_expected_and_what_was_measured_since_it_began(self, began: Store) -> None:
        row = next(row for row in answer(began, "decisions_made") if row["decision_id"] == "r")
        assert (row["hoped_for"], row["start_date"]) == ("95 by Easter", day("02-02"))
        assert (row["subject"], row["value_then"], row["value_now"], row["better_by"]) == (
            "reading",
            "90",
            "95",
            5,
        )
        assert (row["day_then"], row["day_now"]) == (day("01-10"), day("03-02"))
        other = next(row for row in answer(began, "decisions_made") if row["decision_id"] == "d")
        assert (other["subject"], other["value_then"]) == (None, None)

    def test_a_result_of_its_first_day_is_from_before_it(self, began: Store) -> None:
        row = rows_to_edit(began, "placements").row(0, named=True)
        moved = Edit("placements", {"start_date": day("03-02")}, row["row_key"], row["row_version"])
        save(began, "Ms Oak", [moved])
        after = answer(open_store(began.folder), "decisions_made")
        row = next(row for row in after if row["decision_id"] == "r")
        assert (row["value_then"], row["value_now"]) == ("95", None)

    def test_the_timetable_has_a_row_for_each_adult(self, began: Store) -> None:
        rows = answer(began, "meeting_timetable")
        assert [row["adult"] for row in rows] == ["Miss Malik", "t"]
        assert (rows[0]["minutes_per_session"], rows[0]["sessions_per_week"], rows[0]["weekly_minutes"]) == (
            20, 3, 60,
        )  # fmt: skip
        assert (rows[0]["start_date"], rows[0]["decision_kind"]) == (day("02-02"), "provision started")
        assert answer(began, "meeting_timetable", as_at=AGREED - timedelta(days=1)) == []
        assert answer(began, "meeting_timetable", classes=["Elm"]) == []

    def test_who_gives_it_may_not_be_known_yet(self, began: Store) -> None:
        row = rows_to_edit(began, "placements").row(0, named=True)
        save(began, "Ms Oak", [Edit("placements", {"staff_ids": None}, row["row_key"], row["row_version"])])
        assert [row["adult"] for row in answer(open_store(began.folder), "meeting_timetable")] == [None]


@pytest.mark.parametrize(("days", "is_long"), [(366, False), (367, True)])
def test_not_talked_about_for_long(store: Store, days: int, is_long: bool) -> None:
    spoken = Edit("discussions", {"pupil_id": "1", "discussed_on": DAY - timedelta(days=days)})
    after = meeting(store, spoken)
    assert [row["is_long_ago"] for row in answer(after, "discussed")] == [is_long, True, True]


def test_good_news_names_its_scale_and_a_target_that_is_missed(tmp_path: Path) -> None:
    def scored(scale: str, value: str, on: str) -> dict[str, object]:
        return {"pupil_id": "1", "subject": "Mathematics", "scale": scale, "value": value,
                "assessed_on": day(on), "source": "test"}  # fmt: skip

    target = {"pupil_id": "1", "subject": "mathematics", "scale": "standardised", "target": "98",
              "set_on": day("2025-09-19"), "due_on": day("2025-12-19")}  # fmt: skip
    scores = [scored("teacher judgement", "WTS", "2025-02-28"), scored("teacher judgement", "EXS", "02-27"),
              scored("standardised", "91", "02-20")]  # fmt: skip
    for targets, but in ([], ""), ([target], " But the target of 98 (standardised) is not reached: 91 now."):
        school = tiny_school(tmp_path / str(len(targets)), assessments=scores, targets=targets)
        (row,) = proposed(make_filter(school, as_at=DAY), school).to_dicts()
        (told,) = row["good_news"]
        assert told.startswith("EXS in mathematics (teacher judgement) after WTS on 28 Feb 2025")
        assert told.endswith(f"at it now.{but}")


def test_reasons_say_when_last_talked_about_once_there_are_meetings(store: Store) -> None:
    assert "Not talked" not in str(proposed(make_filter(store, as_at=DAY), store)["reasons"].to_list())
    ago = DAY - timedelta(days=400)
    after = meeting(store, Edit("discussions", {"pupil_id": "1", "discussed_on": ago}))
    rows = {row["pupil_id"]: row for row in proposed(make_filter(after, as_at=DAY), after).to_dicts()}
    assert rows["1"]["reasons"][-1] == f"Last talked about on {ago:%-d %b %Y}."
    assert rows["3"]["reasons"][-1] == "Not talked about in a meeting yet."
    # Pupil 2 has no other reason: that nobody talked about them is one.
    assert (rows["2"]["reasons"], rows["2"]["weight"]) == (["Not talked about in a meeting yet."], 1)
    of = {"school_id": answer(after, "pupil_list")[0]["school_id"], "meeting_id": "n", "discussed_on": DAY}
    save(after, "Ms Oak", [Edit("discussions", of | {"pupil_id": name}) for name in "23"])
    spoken = open_store(after.folder)
    lately = {row["pupil_id"]: row for row in proposed(make_filter(spoken, as_at=DAY), spoken).to_dicts()}
    assert (lately["2"]["reasons"], lately["2"]["weight"]) == (None, 0)
