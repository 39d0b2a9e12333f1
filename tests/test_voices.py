"""Who has been heard, and where pupils with SEN stand: by hand, and against slow versions."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask
from tests.slow_history import Import, fold
from tests.slow_voices import provision_voices, sen_cycle, to_hear
from tests.slow_words import Choice, Row
from tests.test_properties import BULK, REFERENCE, compared, opened
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, tiny_school
from tests.tiny_schools import DAYS, Choose, tiny_trust

READ = TALK | {"provision_id": "R", "name": "Read", "need_codes": ["SPLD"]}
OTHERS = ("work scrutiny", "observation", "teacher", "other adult")
NO_REPLY = "invited, no reply"
BEGAN = DAY - timedelta(days=50)
STATES = ("pupil_at_planning", "parent_at_planning", "pupil_at_review", "parent_at_review")


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def voice(whose: str, on: date, stage: str | None = "planning", **more: Any) -> Row:
    return {"pupil_id": "1", "heard_on": on, "voice": whose, "stage": stage} | more


def talk(start: date = BEGAN, **more: Any) -> Row:
    return {"pupil_id": "1", "provision_id": "T", "start_date": start} | more


def reviewed(on: date, **more: Any) -> Row:
    return {"pupil_id": "1", "provision_id": "T", "reviewed_on": on} | more


NOBODY = ("to_hear", "to_hear", "not_yet", "not_yet")
PUPIL_HEARD = ("heard", "to_hear", "not_yet", "not_yet")
PARENT_HEARD = ("to_hear", "heard", "not_yet", "not_yet")
NO_ANSWER = ("to_hear", "no_answer", "not_yet", "not_yet")
AT_REVIEW = ("not_heard", "not_heard", "to_hear", "to_hear")
NONE_YET = ("not_heard", "not_heard", "heard", "to_hear")
# Each is a pupil who has Talk since 50 days: what was said, what was reviewed, more about the provision, and
# how pupil and parent stand at planning and at review.
HEARD: dict[str, tuple[list[Row], list[Row], Row, tuple[str, ...]]] = {
    "nobody was heard": ([], [], {}, NOBODY),
    "43 days before": ([voice("pupil", ago(93))], [], {}, NOBODY),
    "42 days before": ([voice("pupil", ago(92))], [], {}, PUPIL_HEARD),
    "today": ([voice("pupil", DAY)], [], {}, PUPIL_HEARD),
    "tomorrow": ([voice("pupil", ago(-1))], [], {}, NOBODY),
    "about it": ([voice("parent", ago(49), provision_id="T")], [], {}, PARENT_HEARD),
    "about another": ([voice("parent", ago(49), provision_id="R")], [], {}, NOBODY),
    "about it as a whole": ([voice("parent", ago(49), pupil_id=None, provision_id="T")], [], {}, NOBODY),
    "no stage": ([voice("parent", ago(49), None)], [], {}, NOBODY),
    "the other stage": ([voice("parent", ago(49), "review")], [], {}, NOBODY),
    "no reply": ([voice("parent", ago(49), reply=NO_REPLY)], [], {}, NO_ANSWER),
    "not to say": ([voice("parent", ago(49), reply="chose not to say")], [], {}, NO_ANSWER),
    "heard in the end": ([voice("parent", ago(49), reply=NO_REPLY), voice("parent", ago(9))], [], {},
                         PARENT_HEARD),
    "had a say": ([], [], {"pupil_involved": True, "parent_involved": False}, PUPIL_HEARD),
    "other kinds": ([voice(kind, ago(50)) for kind in OTHERS], [], {}, NOBODY),
    "after a review": ([voice("pupil", ago(11), "review")], [reviewed(ago(10))], {}, NONE_YET),
    "43 days before it": ([voice("pupil", ago(53), "review")], [reviewed(ago(10))], {}, AT_REVIEW),
    "42 days before it": ([voice("pupil", ago(52), "review")], [reviewed(ago(10))], {}, NONE_YET),
    "reviewed today": ([], [reviewed(DAY)], {}, AT_REVIEW),
    "reviewed tomorrow": ([], [reviewed(ago(-1))], {}, NOBODY),
    "reviewed as a whole": ([], [reviewed(ago(10), pupil_id=None)], {}, NOBODY),
    "reviewed before it began": ([], [reviewed(ago(51))], {}, NOBODY),
    "expected to end today": ([], [], {"expected_end_date": DAY}, NOBODY),
    "expected to end yesterday": ([], [], {"expected_end_date": ago(1)}, AT_REVIEW),
    "ends today": ([], [], {"end_date": DAY}, AT_REVIEW),
    "ends tomorrow": ([], [], {"end_date": ago(-1)}, NOBODY),
    "ends today, heard": ([voice("pupil", ago(1), "review")], [], {"end_date": DAY}, NONE_YET),
    "reviewed and ends today": ([voice("pupil", ago(43), "review")], [reviewed(ago(10))], {"end_date": DAY},
                                AT_REVIEW),
    "120 days": ([], [], {"start_date": ago(120)}, NOBODY),
    "121 days": ([], [], {"start_date": ago(121)}, AT_REVIEW),
}  # fmt: skip


@pytest.fixture(scope="module")
def stood(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    rows: dict[str, list[Row]] = {"pupils": [], "placements": [], "voices": [], "reviews": []}
    for name, (voices, reviews, more, _) in HEARD.items():
        rows["pupils"].append(PUPIL | {"pupil_id": name})
        rows["placements"].append(talk(pupil_id=name) | more)
        rows["voices"] += [one | {"pupil_id": one["pupil_id"] and name} for one in voices]
        rows["reviews"] += [one | {"pupil_id": one["pupil_id"] and name} for one in reviews]
    school = tiny_school(tmp_path_factory.mktemp("heard"), provisions=[TALK, READ, CLASS], **rows)
    return {row["pupil_id"]: row for row in answer(school, "provision_voices")}


@pytest.mark.parametrize("name", HEARD)
def test_who_was_heard_at_planning_and_at_review(stood: dict[str, Row], name: str) -> None:
    assert stands(stood[name]) == HEARD[name][3]


def test_the_review_in_question_is_the_latest_or_the_one_that_is_due(stood: dict[str, Row]) -> None:
    said = {name: (row["review_on"], row["is_review_due"]) for name, row in stood.items()}
    assert said["nobody was heard"] == (None, False)
    assert said["after a review"] == (ago(10), False)
    assert said["expected to end yesterday"] == (ago(1), True)
    assert said["ends today"] == (DAY, False)
    assert said["ends tomorrow"] == (None, False)
    assert said["120 days"] == (None, False)
    assert said["121 days"] == (ago(1), True)


def test_the_other_kinds_are_named_and_nobody_is_asked_for_them(stood: dict[str, Row]) -> None:
    assert stood["other kinds"]["others_at_planning"] == sorted(OTHERS)
    assert stood["nobody was heard"]["others_at_planning"] == []


def stands(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in STATES)


class TestWhomToHear:
    @pytest.fixture
    def rows(self, tmp_path: Path) -> list[Row]:
        """Talk and Read began, Clear words is an adjustment in class; those of 2 never replied."""
        pupils = [PUPIL, PUPIL | {"pupil_id": "2", "surname": "Birch"}]
        times = [talk(), talk(ago(40), provision_id="R"), talk(ago(60), provision_id="C"),
                 talk(pupil_id="2", expected_end_date=ago(3))]  # fmt: skip
        said = [voice("parent", ago(39), provision_id="R"), voice("parent", ago(2), "review", pupil_id="2",
                                                                  reply=NO_REPLY)]  # fmt: skip
        school = tiny_school(tmp_path, pupils=pupils, provisions=[TALK, READ, CLASS], placements=times,
                             voices=said)  # fmt: skip
        return answer(school, "to_hear")

    def test_a_row_for_each_view_with_what_it_is_about(self, rows: list[Row]) -> None:
        found = {
            (r["pupil_id"], r["view_of"], r["stage"]): (r["provisions"], r["days_waiting"]) for r in rows
        }
        assert found == {
            ("1", "pupil", "planning"): (["Read", "Talk"], 50),
            ("1", "parent", "planning"): (["Talk"], 50),
            ("2", "pupil", "review"): (["Talk"], 3),
        }

    def test_who_waits_longest_comes_first(self, rows: list[Row]) -> None:
        waiting = [row["days_waiting"] for row in rows]
        assert waiting == sorted(waiting, reverse=True)


def test_what_was_heard_is_of_pupils_counted_and_of_provision_they_have(tmp_path: Path) -> None:
    pupils = [PUPIL, PUPIL | {"pupil_id": "2", "class": "Elm"}]
    said = [voice("pupil", ago(3), words="I like it", rating=2), voice("parent", ago(-1)),
            voice("teacher", ago(2), None, pupil_id="2"),
            voice("observation", ago(1), "review", pupil_id=None, provision_id="T", words="Quiet"),
            voice("observation", ago(1), "review", pupil_id=None, provision_id="R")]  # fmt: skip
    school = tiny_school(
        tmp_path, pupils=pupils, provisions=[TALK, READ], placements=[talk()], voices=said
    )  # fmt: skip
    rows = answer(school, "voices_heard")
    assert [(r["pupil_id"], r["voice"], r["provision"], r["said"], r["rating"]) for r in rows] == [
        (None, "observation", "Talk", "Quiet", None),
        ("2", "teacher", None, None, None),
        ("1", "pupil", None, "I like it", 2),
    ]
    assert [row["pupil_id"] for row in answer(school, "voices_heard", classes=["Elm"])] == ["2"]


SPEECH = {"need_code": "SLCN", "start_date": ago(300)}
ON_SUPPORT = PUPIL | {"sen_status": "K", "entry_date": ago(400)}
ENDED, TO_COME = talk(ago(100), end_date=ago(8)), talk(ago(-6))
LATE = [talk(expected_end_date=ago(1)), talk(provision_id="R", expected_end_date=ago(5))]
AIM = {"subject": "reading", "target": "EXS", "set_on": ago(90), "reviewed_on": ago(5)}
MANY = [voice("parent", ago(9), "review"), voice("parent", ago(9), "review", provision_id="T"),
        voice("parent", ago(30)), voice("pupil", ago(40), "review"), voice("parent", ago(364), "review"),
        voice("parent", ago(365), "review"), voice("parent", ago(50), "review", reply=NO_REPLY),
        voice("parent", ago(9), "review", provision_id="R", reply=NO_REPLY),
        voice("parent", ago(-1), "review")]  # fmt: skip
# Each is a pupil on SEN support since 400 days: what is recorded, and what is said of it.
CYCLE: dict[str, tuple[dict[str, list[Row]], Row]] = {
    "nothing": ({}, {"sen": "sen_support", "step": "assess", "since": ago(400), "days_in_step": 400,
                     "what_next": "Find out and record the type of need"}),
    "a need that ended": ({"needs": [SPEECH | {"end_date": ago(20)}, SPEECH | {"need_code": "reading"}]},
                          {"step": "assess", "since": ago(19)}),
    "a need": ({"needs": [SPEECH]}, {
        "step": "plan", "since": ago(300), "provisions": [],
        "what_next": "Plan for Speech, language and communication needs"}),
    "after an end": ({"needs": [SPEECH], "placements": [ENDED]}, {"step": "plan", "since": ago(7)}),
    "to come": ({"needs": [SPEECH], "placements": [TO_COME]},
                {"step": "plan", "since": ago(300), "what_next": "Starts on 9 Mar 2026"}),
    "in place": ({"needs": [SPEECH], "placements": [talk(expected_end_date=DAY)]},
                 {"step": "do", "since": BEGAN, "what_next": "Review by 3 Mar 2026"}),
    "in class": ({"needs": [SPEECH], "placements": [talk(provision_id="C", expected_end_date=DAY)]},
                 {"step": "do", "since": BEGAN, "provisions": ["Clear words"]}),
    "without a need": ({"placements": [talk(expected_end_date=DAY)]},
                       {"what_next": "Review by 3 Mar 2026; record the type of need"}),
    "reviewed": ({"needs": [SPEECH], "placements": [talk()], "reviews": [reviewed(ago(10))]},
                 {"step": "do", "since": ago(10), "what_next": "Review by 21 Jun 2026"}),
    "reviewed on the first day": (
        {"placements": [talk(ago(50)), talk(ago(10), provision_id="R")],
         "reviews": [reviewed(ago(10)) | {"provision_id": "R"}]},
        {"since": ago(10)}),
    "reviewed before it began again": (
        {"placements": [talk(ago(50)), talk(ago(200), provision_id="R", end_date=ago(30)),
                        talk(ago(11), provision_id="R", expected_end_date=ago(-30))],
         "reviews": [reviewed(ago(32)) | {"provision_id": "R"}]},
        {"step": "do", "since": ago(50)}),
    "overdue": ({"needs": [SPEECH], "placements": LATE},
                {"step": "review", "since": ago(4), "days_in_step": 4,
                 "what_next": "Review: Read, Talk"}),
    "days count": ({"voices": MANY}, {"reviews_with_parents": 2, "asked_in_vain": 1,
                                      "with_parents": "no_answer", "last_with_parents": ago(9)}),
    "with a parent": ({"targets": [AIM | {"reviewed_with_parent": True}]},
                      {"reviews_with_parents": 1, "targets_running": 1, "with_parents": "short"}),
    "without one": ({"targets": [AIM | {"reviewed_with_parent": False, "due_on": ago(1)}]},
                    {"reviews_with_parents": 0, "targets_running": 0}),
    "not said": ({"targets": [AIM | {"due_on": DAY}]}, {"reviews_with_parents": 0, "targets_running": 1}),
    "three": ({"voices": [voice("parent", ago(n), "review") for n in (9, 100, 200)]},
              {"reviews_with_parents": 3, "due_by_now": 3, "with_parents": "enough"}),
}  # fmt: skip
# Days since the support began, and how many reviews with parents are due by then.
DUE = {0: 0, 121: 0, 122: 1, 243: 1, 244: 2, 364: 2, 365: 3, 900: 3}


def spans(pupil_id: str, *of: tuple[str, int, int | None]) -> list[Row]:
    return [{"pupil_id": pupil_id, "group_code": code, "start_date": ago(start),
             "end_date": None if end is None else ago(end)} for code, start, end in of]  # fmt: skip


@pytest.fixture(scope="module")
def cycle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    rows: dict[str, list[Row]] = {"pupils": []}
    for name, (recorded, _) in CYCLE.items():
        rows["pupils"].append(ON_SUPPORT | {"pupil_id": name})
        for dataset, some in recorded.items():
            rows.setdefault(dataset, []).extend(one | {"pupil_id": name} for one in some)
    for days in DUE:
        rows["pupils"].append(ON_SUPPORT | {"pupil_id": f"{days} days", "entry_date": ago(days)})
    rows["pupils"] += [PUPIL | {"pupil_id": status, "sen_status": status} for status in "NKESAP"]
    rows["pupils"] += [PUPIL | {"pupil_id": name} for name in ("went on", "a break", "over")]
    rows["memberships"] = [
        *spans("went on", ("sen_support", 300, 201), ("ehc_plan", 200, None)),
        *spans("a break", ("sen_support", 300, 202), ("ehc_plan", 200, None)),
        *spans("over", ("sen_support", 300, 1)),
    ]
    school = tiny_school(tmp_path_factory.mktemp("cycle"), provisions=[TALK, READ, CLASS], **rows)
    return {row["pupil_id"]: row for row in answer(school, "sen_cycle")}


@pytest.mark.parametrize("name", CYCLE)
def test_where_a_pupil_stands(cycle: dict[str, Row], name: str) -> None:
    expected = CYCLE[name][1]
    assert {column: cycle[name][column] for column in expected} == expected


def test_how_many_reviews_are_due_grows_over_the_first_year(cycle: dict[str, Row]) -> None:
    rows = {days: cycle[f"{days} days"] for days in DUE}
    assert {days: row["due_by_now"] for days, row in rows.items()} == DUE
    assert {days: row["with_parents"] for days, row in rows.items()} == {
        days: "short" if due else "too_soon" for days, due in DUE.items()
    }


def test_who_is_supported_by_now_and_since_when(cycle: dict[str, Row]) -> None:
    support, plan = "sen_support", "ehc_plan"
    assert {one: cycle[one]["sen"] for one in "NKESAP" if one in cycle} == {
        "K": support, "A": support, "P": support, "E": plan, "S": plan,
    }  # fmt: skip
    assert "over" not in cycle
    assert (cycle["K"]["sen_since"], cycle["K"]["due_by_now"]) == (None, 3)
    assert (cycle["went on"]["sen"], cycle["went on"]["sen_since"]) == (plan, ago(300))
    assert (cycle["a break"]["sen"], cycle["a break"]["sen_since"]) == (plan, ago(200))


KEYS = "school_id pupil_id provision_id start_date"
COLUMNS = {
    "provision_voices": f"{KEYS} {' '.join(STATES)} others_at_planning others_at_review"
    " review_on is_review_due",
    "to_hear": "school_id pupil_id view_of stage since days_waiting provision_ids",
    "sen_cycle": "school_id pupil_id sen sen_since step since reviews_with_parents asked_in_vain due_by_now"
    " with_parents",
}  # fmt: skip
SLOW = {"provision_voices": provision_voices, "to_hear": to_hear, "sen_cycle": sen_cycle}


def drawn(choose: Choose) -> tuple[list[Import], dict[str, list[Row]]]:
    """A trust whose pupils have provision, reviews and voices on days that crowd around the limits."""
    imports = tiny_trust(choose, ("100001", "100002"))
    for row in imports[0].rows["placements"]:
        row |= {"pupil_involved": choose((None, None, True, False)), "parent_involved": None}
    days = [*DAYS, *(day - timedelta(days=42) for day in DAYS), *(day - timedelta(days=43) for day in DAYS)]
    voices, targets = {}, {}
    for pupil in imports[0].rows["pupils"]:
        who = {name: pupil[name] for name in ("school_id", "pupil_id")}
        for _ in range(choose((0, 3, 8))):
            row = who | {
                "provision_id": choose((None, "v1", "v2")), "heard_on": choose(days),
                "voice": choose(("pupil", "parent", "parent", "teacher", "observation")),
                "stage": choose((None, "planning", "review", "review")),
                "reply": choose((None, None, NO_REPLY)), "rating": None,
            }  # fmt: skip
            voices[tuple(row[name] for name in (*who, "provision_id", "heard_on", "voice"))] = row
        if choose((True, False)):
            on = choose(DAYS)
            targets[tuple(who.values())] = who | {
                "subject": "reading", "target": "EXS", "set_on": on, "reviewed_on": choose((None, *DAYS)),
                "reviewed_with_parent": choose((None, True, True, False)),
            }  # fmt: skip
    return imports, {"voices": list(voices.values()), "targets": list(targets.values())}


@pytest.mark.parametrize("seed", range(BULK + 2))
def test_they_agree_with_their_slow_versions(seed: int) -> None:
    imports, more = drawn(random.Random(seed).choice)
    school = fold(imports, REFERENCE) | more
    rows = {name: some for name, some in more.items() if some}
    with opened([Import(imports[0].dated, imports[0].rows | rows), *imports[1:]]) as store:
        for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1), DAY + timedelta(days=31)):
            for chosen in ({}, {"year_groups": ("5",)}, {"tiers": ("targeted",)}):
                for question, slowly in SLOW.items():
                    found = ask(question, Filter(as_at=day, **chosen), store).to_dicts()
                    names = COLUMNS[question]
                    expected = compared(slowly(school, day, Choice(**chosen)), names)
                    assert compared(found, names) == expected, (question, day, chosen)


def test_the_schools_drawn_have_every_state() -> None:
    seen: Counter[str] = Counter()
    for seed in range(BULK + 2):
        imports, more = drawn(random.Random(seed).choice)
        school = fold(imports, REFERENCE) | more
        for row in provision_voices(school, DAY, Choice()):
            seen.update(stands(row))
        for row in sen_cycle(school, DAY, Choice()):
            seen.update((row["step"], row["with_parents"]))
    assert {"heard", "no_answer", "to_hear", "not_heard", "not_yet", "do", "review", "short"} <= set(seen)
