"""Targets: each state by hand, with the day before, on and after each limit; and against the slow version."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.imports import commit, preview
from provmap.questions import ask
from provmap.store import Edit, Store, forget_stores, open_store, save
from tests.slow_history import Import, fold
from tests.slow_targets import shared_pupils, targets
from tests.slow_words import Choice, Row
from tests.test_properties import BULK, REFERENCE, compared, opened
from tests.tiny import DAY, answer, tiny_school
from tests.tiny_ledgers import SCORES
from tests.tiny_schools import Choose, add

TJ, SS, SDQ, AGE = "teacher judgement", "standardised", "SDQ total", "age"
SET = {"target": "EXS", "scale": TJ, "set_on": date(2025, 9, 19), "due_on": date(2026, 6, 26)}


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


# Each is a pupil: the result (value and day), the target beyond the usual one, and what comes of it.
CASES: dict[str, tuple[Any, dict[str, Any], str, float | None]] = {
    "at the target": (("EXS", ago(9)), {}, "reached", 0),
    "beyond it": (("GDS", ago(9)), {}, "reached", -1),
    "one step away": (("WTS", ago(9)), {}, "within_reach", 1),
    "two steps away": (("PK6", ago(9)), {}, "not_yet", 2),
    "due today": (("WTS", ago(9)), {"due_on": DAY}, "within_reach", 1),
    "due yesterday": (("WTS", ago(9)), {"due_on": ago(1)}, "overdue", 1),
    "due yesterday, at it": (("EXS", ago(9)), {"due_on": ago(1)}, "reached", 0),
    "never due": (("WTS", ago(9)), {"due_on": None}, "within_reach", 1),
    "no result": (None, {}, "no_result", None),
    "no result, past due": (None, {"due_on": ago(1)}, "no_result", None),
    "absent": (("A", ago(9)), {}, "no_result", None),
    "366 days old": (("EXS", ago(366)), {"set_on": ago(366)}, "reached", 0),
    "367 days old": (("EXS", ago(367)), {"set_on": ago(366)}, "no_result", None),
    "of another scale": (("100", ago(9), SS), {}, "no_result", None),
    "no value of the scale": (("EXS", ago(9)), {"target": "Four in five"}, "no_result", None),
    "result of today": (("EXS", DAY), {}, "reached", 0),
    "result of tomorrow": (("EXS", ago(-1)), {}, "no_result", None),
    "six points away": (("94", ago(9), SS), {"scale": SS, "target": "100"}, "within_reach", 6),
    "more than six": (("93.9", ago(9), SS), {"scale": SS, "target": "100"}, "not_yet", 6.1),
    "lower is better": (("15", ago(9), SDQ), {"scale": SDQ, "target": "15"}, "reached", 0),
    "lower still": (("10", ago(9), SDQ), {"scale": SDQ, "target": "15"}, "reached", -5),
    "four above": (("19", ago(9), SDQ), {"scale": SDQ, "target": "15"}, "within_reach", 4),
    "five above": (("20", ago(9), SDQ), {"scale": SDQ, "target": "15"}, "not_yet", 5),
    "three months": (("93", ago(9), AGE), {"scale": AGE, "target": "96"}, "within_reach", 3),
    "four months": (("92", ago(9), AGE), {"scale": AGE, "target": "96"}, "not_yet", 4),
    "no ends": (("9", ago(9), "our own"), {"scale": "our own", "target": "10"}, "within_reach", 1),
    "no ends, further": (("8", ago(9), "our own"), {"scale": "our own", "target": "10"}, "not_yet", 2),
    "scale not named": (("WTS", ago(9)), {"scale": None}, "within_reach", 1),
    "neither scale nor result": (None, {"scale": None}, "no_result", None),
    "recorded as reached": (("WTS", ago(9)), {"result": "EXS"}, "reached", 0),
    "recorded as not": (("EXS", ago(9)), {"result": "WTS", "due_on": ago(1)}, "overdue", 1),
    "recorded in words": (("EXS", ago(9)), {"result": "He did it"}, "reached", 0),
    "letters of either case": (("exs", ago(9), "Teacher Judgement"), {"target": "Exs"}, "reached", 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A pupil for each case."""
    pupils, results, aims = [], [], []
    for name, (result, more, *_) in CASES.items():
        pupils.append({"pupil_id": name, "surname": name, "forename": "A", "year_group": "5", "class": "Oak"})
        aims.append({"pupil_id": name, "subject": "Reading"} | SET | more)
        if result:
            value, day, *scale = result
            results.append(
                {"pupil_id": name, "subject": "reading", "scale": (scale or [TJ])[0], "value": value,
                 "assessed_on": day}
            )  # fmt: skip
    folder = tmp_path_factory.mktemp("targets")
    yield tiny_school(folder, pupils=pupils, assessments=results, targets=aims)
    forget_stores()


def test_each_case_by_hand(store: Store) -> None:
    found = {row["pupil_id"]: row for row in answer(store, "targets")}
    stated = {name: (found[name]["state"], found[name]["away"]) for name in CASES}
    for name, (_, _, state, away) in CASES.items():
        assert stated[name][0] == state, name
        assert stated[name][1] == (None if away is None else pytest.approx(away)), name


def test_every_target_is_in_one_state_and_says_why_it_cannot_be_judged(store: Store) -> None:
    rows = answer(store, "targets")
    assert len(rows) == len(CASES)
    assert {row["because"] is None for row in rows if row["state"] == "no_result"} == {False}
    assert {row["because"] is None for row in rows if row["state"] != "no_result"} == {True}


def test_how_far_is_said_in_the_scales_own_unit(store: Store) -> None:
    said = {row["pupil_id"]: row["how_far"] for row in answer(store, "targets")}
    assert said["two steps away"] == "2 steps to go"
    assert said["one step away"] == "1 step to go"
    assert said["more than six"] == "6.1 points to go"
    assert said["three months"] == "3 months to go"
    assert said["lower still"] == "5 points beyond"
    assert said["at the target"] == "at the target"
    assert said["no result"] is None


def test_a_file_of_targets_comes_in_with_its_new_columns(data: Path) -> None:
    tiny_school(data)
    content = (
        b"pupil_id,Class,subject,scale,target,Set on,due_on,forecast,Forecast on,share_needed\n"
        b"1,,reading,teacher judgement,EXS,19/09/2025,26/06/2026,GDS,06/02/2026,\n"
        b",Oak,reading,teacher judgement,EXS,19/09/2025,26/06/2026,,,0.8\n"
    )
    commit(preview(data, [("targets.csv", content)], DAY), "test")
    row = answer(open_store(data), "targets")[0]
    assert (row["forecast"], row["forecast_meets"], row["due_on"]) == ("GDS", True, date(2026, 6, 26))
    assert answer(open_store(data), "shared_targets")[0]["needed_share"] == 0.8


ONE = {"pupil_id": "1", "subject": "reading", "scale": TJ}


def result(value: str, day: date, source: str = "teacher", **more: Any) -> Row:
    return ONE | {"value": value, "assessed_on": day, "source": source} | more


def one(folder: Path, *results: Row, **more: Any) -> Row:
    school = tiny_school(folder, assessments=list(results), targets=[ONE | SET | more])
    return answer(school, "targets")[0]


def test_a_fall_after_the_due_day_does_not_undo_what_was_reached(data: Path) -> None:
    row = one(data, result("EXS", ago(40)), result("WTS", ago(5)), due_on=ago(30))
    assert (row["state"], row["now_value"], row["away"]) == ("reached_then", "WTS", 1)
    assert row["how_far"] == "1 step below"


def test_what_was_reached_when_due_and_has_no_result_since_stays_reached(data: Path) -> None:
    row = one(data, result("EXS", ago(380)), set_on=ago(400), due_on=ago(370))
    assert (row["state"], row["now_value"], row["away"]) == ("reached", None, None)


def test_a_result_after_the_due_day_counts_too(data: Path) -> None:
    row = one(data, result("WTS", ago(40)), result("EXS", ago(5)), due_on=ago(30))
    assert (row["state"], row["now_on"]) == ("reached", ago(5))


def test_of_one_day_the_test_counts(data: Path) -> None:
    row = one(data, result("EXS", ago(5)), result("WTS", ago(5), "test"))
    assert (row["state"], row["now_value"]) == ("within_reach", "WTS")


def test_the_starting_point_is_what_was_recorded_else_the_latest_result_by_then(data: Path) -> None:
    day = SET["set_on"]
    scores = [
        result("PK6", day - timedelta(days=30)),
        result("WTS", day),
        result("EXS", day + timedelta(days=1)),
    ]
    assert one(data / "a", *scores)["starting_point"] == "WTS"
    assert one(data / "b", *scores, baseline="PK5")["starting_point"] == "PK5"
    assert one(data / "c", scores[2])["starting_point"] is None


@pytest.mark.parametrize(("made", "shown"), [(None, "GDS"), (DAY, "GDS"), (ago(-1), None)])
def test_a_forecast_counts_from_its_day_and_changes_no_state(
    data: Path, made: date | None, shown: str | None
) -> None:
    row = one(data, result("WTS", ago(5)), forecast="GDS", forecast_on=made)
    assert (row["forecast"], row["state"]) == (shown, "within_reach")
    assert row["forecast_meets"] == (True if shown else None)


def test_the_newest_of_a_subject_stands_and_older_ones_are_history(data: Path) -> None:
    own = [
        ONE | SET | {"set_on": ago(400), "due_on": ago(100)}, ONE | SET,
        ONE | SET | {"subject": "mathematics"}, ONE | SET | {"set_on": ago(-1)},
    ]  # fmt: skip
    rows = answer(tiny_school(data, targets=own), "targets")
    assert [(row["subject"], row["set_on"], row["is_newest"]) for row in rows] == [
        ("mathematics", SET["set_on"], True), ("reading", SET["set_on"], True), ("reading", ago(400), False)
    ]  # fmt: skip


def test_a_school_can_set_what_is_within_reach_from_a_day_on(data: Path) -> None:
    assert one(data, result("PK6", ago(5)))["state"] == "not_yet"
    save(
        open_store(data), "Head", [Edit("settings", {"name": "reach_steps", "from_date": DAY, "value": 2.0})]
    )
    assert answer(open_store(data), "targets")[0]["state"] == "within_reach"
    assert answer(open_store(data), "targets", ago(1))[0]["state"] == "not_yet"


CLASS_OF = [
    {"pupil_id": str(n), "surname": f"S{n:02}", "forename": "A", "year_group": "5" if n <= 20 else "4",
     "class": "Oak"} for n in range(1, 23)
]  # fmt: skip
# Of twenty in Year 5: ten at the target, two one step away, two further, six with nothing.
STAND = {**dict.fromkeys(range(1, 11), "EXS"), 11: "WTS", 12: "WTS", 13: "PK1", 14: "PK1", 21: "EXS"}


def shared(folder: Path, *extra: Row, share: float | None = 0.55, **more: Any) -> Store:
    target = {"year_group": "5", "class": "Oak", "subject": "reading", "share_needed": share} | SET | more
    results = [result(value, ago(5), pupil_id=str(n)) for n, value in STAND.items()]
    groups = [{"pupil_id": "1", "group_code": "chess", "start_date": ago(50), "end_date": DAY}]
    return tiny_school(
        folder, pupils=CLASS_OF, assessments=results, targets=[target, *extra], memberships=groups,
        groups=[{"group_code": "chess", "name": "Chess"}],
    )  # fmt: skip


COUNTS = ("pupils", "needed", "at_target", "more_needed", "within_reach", "not_yet", "no_result", "state")


@pytest.mark.parametrize(
    ("share", "needed", "more", "state"),
    [(0.5, 10, 0, "reached"), (0.55, 11, 1, "within_reach"), (0.6, 12, 2, "within_reach"),
     (0.61, 13, 3, "not_yet"), (None, None, None, "no_result")],
)  # fmt: skip
def test_a_shared_target_by_hand(
    data: Path, share: float | None, needed: int | None, more: int | None, state: str
) -> None:
    row = answer(shared(data, share=share), "shared_targets")[0]
    assert [row[name] for name in COUNTS] == [20, needed, 10, more, 2, 2, 6, state]
    assert (row["for_whom"], row["now_share"]) == ("Year 5, Oak", 0.5)


FORECASTS: dict[str, tuple[dict[str, Any], bool | None]] = {
    "beyond": ({"forecast": "GDS"}, True), "at it": ({"forecast": "EXS"}, True),
    "below": ({"forecast": "WTS"}, False), "none": ({}, None), "no target of her own": ({}, None),
    "made today": ({"forecast": "EXS", "forecast_on": DAY}, True),
    "made tomorrow": ({"forecast": "EXS", "forecast_on": ago(-1)}, None),
    "no value": ({"forecast": "well"}, None), "no scale": ({"forecast": "EXS", "scale": None}, None),
    "another scale": ({"forecast": "110", "scale": SS}, None),
    "another subject": ({"forecast": "EXS", "subject": "writing"}, None),
    "last year's": ({"forecast": "EXS", "set_on": date(2025, 8, 31)}, None),
    "named as this year's": (
        {"forecast": "EXS", "set_on": date(2025, 8, 31), "academic_year": "2025/26"}, True
    ),
}  # fmt: skip


def test_the_forecasts_and_the_starting_point_of_a_shared_target(data: Path) -> None:
    """A forecast is the teacher's, made by the day with the pupil's own target of that subject and scale."""
    pupils = [{"pupil_id": name, "surname": name, "forename": "A", "year_group": "5", "class": "Oak"}
              for name in FORECASTS]  # fmt: skip
    aim = {"subject": "reading"} | SET
    own = [aim | {"pupil_id": name, "target": "GDS", "subject": "Reading"} | more
           for name, (more, _) in FORECASTS.items() if name != "no target of her own"]  # fmt: skip
    # The newer forecast counts, whichever target it stands with.
    own += [aim | {"pupil_id": "below", "set_on": ago(30), "forecast": "EXS", "forecast_on": ago(30)},
            aim | {"pupil_id": "below", "set_on": ago(20), "forecast": "WTS", "forecast_on": ago(20)},
            aim | {"pupil_id": "below", "set_on": ago(9), "forecast": "EXS",
                   "forecast_on": ago(25)}]  # fmt: skip
    scores = [
        result("EXS", SET["set_on"], pupil_id="beyond"),
        result("WTS", SET["set_on"], pupil_id="below"),
        result("EXS", SET["set_on"] + timedelta(days=1), pupil_id="none"),
        result("EXS", SET["set_on"] - timedelta(days=367), pupil_id="at it"),
    ]
    shared = aim | {"class": "Oak", "share_needed": 0.5, "forecast": "EXS", "forecast_on": ago(-1)}
    store = tiny_school(data, pupils=pupils, assessments=scores, targets=[*own, shared])
    found = {row["pupil_id"]: row["forecast_meets"] for row in answer(store, "shared_target_pupils")}
    assert found == {name: meets for name, (_, meets) in FORECASTS.items()}
    (row,) = answer(store, "shared_targets")
    assert (row["forecast_at_target"], row["with_forecast"]) == (4, 5)
    assert (row["at_start"], row["known_at_start"], row["at_target"]) == (1, 2, 2)
    # What the teacher expects of the class as a whole counts from its own day.
    assert (row["forecast"], answer(store, "shared_targets", ago(-1))[0]["forecast"]) == (None, "EXS")


def test_the_state_of_a_shared_target_is_of_all_its_pupils_whoever_is_counted(data: Path) -> None:
    """Of a class of ten, two are at 100 and eight of them are needed: a filter on the two changes nothing."""
    target = (
        {"class": "Oak", "subject": "reading", "share_needed": 0.8} | SET | {"scale": SS, "target": "100"}
    )
    there = {1, 2}
    scores = [result("100" if n in there else "80", ago(5), pupil_id=str(n), scale=SS) for n in range(1, 11)]
    club = [{"pupil_id": str(n), "group_code": "club", "start_date": ago(50)} for n in there]
    school = tiny_school(
        data, pupils=CLASS_OF[:10], assessments=scores, targets=[target], memberships=club,
        groups=[{"group_code": "club", "name": "Club"}],
    )  # fmt: skip
    whole = ("members", "needed", "reached", "more_needed", "state")
    for chosen, counted in (({}, (10, 2)), ({"groups": ("club",)}, (2, 2))):
        (row,) = answer(school, "shared_targets", **chosen)
        assert [row[name] for name in whole] == [10, 8, 2, 6, "not_yet"]
        assert (row["pupils"], row["at_target"]) == counted


def test_each_number_of_a_shared_target_is_a_list_of_that_length(data: Path) -> None:
    school = shared(data, {"group_code": "chess", "subject": "reading", "share_needed": 1.0} | SET)
    for year in ((), ("5",), ("4",)):
        rows = answer(school, "shared_targets", year_groups=year)
        pupils = answer(school, "shared_target_pupils", year_groups=year)
        assert len(rows) == (0 if year == ("4",) else 2)
        for row in rows:
            states = Counter(one["state"] for one in pupils if one["aim"] == row["aim"])
            states["reached"] += states.pop("reached_then", 0)
            named = {"at_target": "reached", "past_due": "overdue"}
            for name in ("at_target", "within_reach", "not_yet", "past_due", "no_result"):
                assert row[name] == states[named.get(name, name)]
            assert row["pupils"] == states.total()
            of = [one for one in pupils if one["aim"] == row["aim"]]
            assert row["at_start"] == sum(one["was_there"] for one in of)
            assert row["known_at_start"] == sum(one["starting_point"] is not None for one in of)


def test_who_was_there_when_it_fell_due_counts_as_there(data: Path) -> None:
    target = {"year_group": "5", "subject": "reading", "share_needed": 1.0} | SET | {"due_on": ago(30)}
    results = [result("EXS", ago(40)), result("WTS", ago(5))]
    school = tiny_school(data, pupils=CLASS_OF[:1], assessments=results, targets=[target])
    (row,) = answer(school, "shared_targets")
    assert (row["reached"], row["at_target"], row["state"]) == (1, 1, "reached")
    assert [one["state"] for one in answer(school, "shared_target_pupils")] == ["reached_then"]


def test_past_due_a_shared_target_is_not_within_reach(data: Path) -> None:
    row = answer(shared(data, due_on=ago(1)), "shared_targets")[0]
    assert (row["state"], row["past_due"], row["within_reach"]) == ("overdue", 4, 0)


def test_a_group_has_its_pupils_up_to_their_last_day(data: Path) -> None:
    school = shared(data, {"group_code": "chess", "subject": "reading", "share_needed": 1.0} | SET)
    sizes = {row["for_whom"]: row["pupils"] for row in answer(school, "shared_targets")}
    assert sizes == {"Year 5, Oak": 20, "Chess": 1}
    sizes = {row["for_whom"]: row for row in answer(school, "shared_targets", ago(-1))}
    assert (sizes["Chess"]["pupils"], sizes["Chess"]["state"]) == (0, "no_result")


def test_a_target_of_last_year_follows_its_cohort(data: Path) -> None:
    last = {"year_group": "4", "academic_year": "2024/25", "set_on": date(2024, 9, 20)}
    school = tiny_school(
        data, pupils=CLASS_OF[:2], assessments=[result("EXS", ago(5))],
        targets=[{"subject": "reading", "share_needed": 1.0} | SET | last],
        enrolments=[{"pupil_id": "1", "academic_year": "2024/25", "year_group": "4"}],
    )  # fmt: skip
    row = answer(school, "shared_targets")[0]
    assert (row["for_whom"], row["pupils"], row["state"]) == ("Year 4", 1, "reached")


COLUMNS = "school_id pupil_id year_group subject target set_on due_on scale starting_point now_value now_on" \
    " state away is_newest"  # fmt: skip
MEMBERS = "school_id pupil_id subject target set_on scale starting_point now_value state away forecast" \
    " forecast_meets"  # fmt: skip
DAYS = [DAY + timedelta(days=n) for n in (-1, 0, 1, 100)]


def drawn(choose: Choose) -> tuple[list[Import], list[Row]]:
    """A trust of pupils with a few results and targets whose days and values lie at the limits."""
    rows: dict[str, list[Row]] = {}
    aims: list[Row] = []
    for number in range(40):
        who = f"{100001 + number % 4}", f"p{number}"
        roll = {"pupil_id": who[1], "surname": "S", "forename": "A", "year_group": choose("45"),
                "class": "Oak", "entry_date": None, "leaving_date": None}  # fmt: skip
        add(rows, "pupils", [roll], who[0])
        scale = choose(sorted(SCORES))
        days = [ago(n) for n in (400, 367, 366, 160, 1, 0, -1)]
        held: dict[Any, Row] = {}
        for _ in range(choose((0, 1, 3, 5))):
            one = {"subject": choose(("reading", "Reading", "mathematics")),
                   "scale": choose((scale, scale, choose(sorted(SCORES)))), "assessed_on": choose(days),
                   "academic_year": None, "term": None,
                   "source": choose((None, "teacher", "test"))}  # fmt: skip
            # A file holds one row of each key.
            key = one["subject"].lower(), one["scale"], one["assessed_on"], one["source"]
            held[key] = one | {"value": choose(SCORES[one["scale"]])}
        add(rows, "assessments", list(held.values()), *who)
        set_on = {choose(days) for _ in range(choose((1, 1, 2)))}
        aims += [
            {"school_id": who[0], "pupil_id": who[1], "subject": choose(("reading", "mathematics")),
             "scale": choose((None, scale, scale)), "target": choose((*SCORES[scale], "well")),
             "baseline": choose((None, None, "15")), "result": choose((None, None, None, *SCORES[scale])),
             "forecast": choose((None, *SCORES[scale])), "forecast_on": choose((None, day, DAY, ago(-1))),
             "set_on": day, "due_on": choose((None, ago(30), ago(1), DAY, ago(-1)))}
            for day in sorted(set_on)
        ]  # fmt: skip
    # One who was there when it fell due and is not now: drawn by chance, too few are.
    fell = {"pupil_id": "p0", "scale": TJ, "subject": "writing"}
    add(rows, "assessments", [fell | {"value": value, "assessed_on": ago(days), "source": None,
                                      "academic_year": None, "term": None}
                              for value, days in (("EXS", 40), ("WTS", 5))], "100001")  # fmt: skip
    aims.append({"school_id": "100001"} | fell | {"target": "EXS", "baseline": None, "result": None,
                                                  "set_on": ago(90), "due_on": ago(30)})  # fmt: skip
    aims += [
        {"school_id": school, "pupil_id": None, "year_group": year, "subject": "reading", "scale": scale,
         "target": choose(SCORES[scale]), "baseline": None, "result": None,
         "share_needed": choose((None, 0.5)),
         "set_on": choose((ago(160), ago(1), DAY)), "due_on": choose((None, ago(1), DAY))}
        for school in ("100001", "100002") for year in ("4", "5")
        for scale in (choose(sorted(SCORES)),)
    ]  # fmt: skip
    for one in aims:
        one |= {"forecast": one.get("forecast"), "forecast_on": one.get("forecast_on")}
        one |= {"year_group": one.get("year_group"), "share_needed": one.get("share_needed")}
    # The folding of tests knows nothing of targets: they are as they were imported.
    return [Import(DAY, rows)], aims


@pytest.mark.parametrize("seed", range(BULK))
def test_targets_agree_with_their_slow_version(seed: int) -> None:
    imports, aims = drawn(random.Random(seed).choice)
    school = fold(imports, REFERENCE) | {"targets": aims}
    seen: Counter[str] = Counter()
    with opened([Import(DAY, imports[0].rows | {"targets": aims})]) as store:
        for day in DAYS:
            found = ask("targets", Filter(as_at=day), store).to_dicts()
            seen.update(row["state"] for row in found)
            assert compared(found, COLUMNS) == compared(targets(school, day, Choice()), COLUMNS), day
            found = ask("shared_target_pupils", Filter(as_at=day), store).to_dicts()
            assert compared(found, MEMBERS) == compared(shared_pupils(school, day, Choice()), MEMBERS), day
            sums = ask("shared_targets", Filter(as_at=day), store)
            states = sums.select("at_target", "within_reach", "not_yet", "past_due", "no_result")
            assert states.sum_horizontal().fill_null(0).sum() == sums["pupils"].sum() == len(found)
        for chosen in ({"year_groups": ("4",)}, {"subjects": ("reading",)}):
            found = ask("targets", Filter(as_at=DAY, **chosen), store).to_dicts()
            assert compared(found, COLUMNS) == compared(targets(school, DAY, Choice(**chosen)), COLUMNS)
    # The schools drawn are of use only where every state turns up.
    assert len(seen) == 6, seen
