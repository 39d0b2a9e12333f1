"""Reviews of provision: each state by hand, the day before, on and after; and against the slow version."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask, make_filter
from provmap.store import Store, forget_stores
from tests import slow_reviews
from tests.drawn_schools import deciding_trust
from tests.slow_history import Import, fold
from tests.slow_words import Choice, Row
from tests.test_properties import BULK, REFERENCE, SCHOOLS, compared, near_a_boundary, opened, who_is_counted
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, tiny_school
from tests.tiny_schools import DAYS, PROVISIONS, TODAY, Choose


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def reviewed(days: int, **more: Any) -> Row:
    return {"reviewed_on": ago(days), "decision": "keep"} | more


# A pupil each: when it began, when it is expected to end, the reviews; the state, its day, days overdue.
PUPILS: dict[str, tuple[date, date | None, list[Row], tuple[str, date | None, int | None]]] = {
    "ended yesterday": (ago(60), ago(1), [], ("overdue", ago(1), 1)),
    "ends today": (ago(60), DAY, [], ("due", DAY, None)),
    "ends in fourteen days": (ago(60), ago(-14), [], ("due", ago(-14), None)),
    "ends in fifteen days": (ago(60), ago(-15), [], ("to come", ago(-15), None)),
    "began 120 days ago": (ago(120), None, [], ("due", DAY, None)),
    "began 121 days ago": (ago(121), None, [], ("overdue", ago(1), 1)),
    "reviewed 120 days ago": (ago(200), None, [reviewed(120)], ("due", DAY, None)),
    "reviewed 121 days ago": (ago(200), None, [reviewed(121)], ("overdue", ago(1), 1)),
    "reviewed lately": (ago(200), None, [reviewed(10)], ("to come", ago(-110), None)),
    "its day has passed": (ago(200), None, [reviewed(50, next_review_on=ago(1))], ("due", ago(1), None)),
    "its day is near": (ago(60), ago(-90), [reviewed(50, next_review_on=ago(-14))], ("due", ago(-14), None)),
    "its day is far": (ago(60), ago(-90), [reviewed(50, next_review_on=ago(-15))],
                       ("to come", ago(-15), None)),
    "to be stopped": (ago(60), ago(-90), [reviewed(1, decision="stop")], ("due", ago(-90), None)),
    # A review of an earlier time in it sets no day for this one, and puts none off.
    "of an earlier time": (ago(60), ago(-90), [reviewed(61, next_review_on=ago(1))],
                           ("to come", ago(-90), None)),
    "past its end, another day set": (ago(60), ago(1), [reviewed(9, next_review_on=ago(-30))],
                                      ("overdue", ago(1), 1)),
}  # fmt: skip
# A provision each, as a whole.
WHOLES: dict[str, tuple[list[Row], tuple[str, date | None, int | None]]] = {
    "never": ([], ("no day", None, None)),
    "no day set": ([reviewed(9)], ("no day", None, None)),
    "yesterday": ([reviewed(90, next_review_on=ago(1))], ("overdue", ago(1), 1)),
    "today": ([reviewed(90, next_review_on=DAY)], ("due", DAY, None)),
    "in fourteen days": ([reviewed(90, next_review_on=ago(-14))], ("due", ago(-14), None)),
    "in fifteen days": ([reviewed(90, next_review_on=ago(-15))], ("to come", ago(-15), None)),
    "only the latest counts": (
        [reviewed(90, next_review_on=ago(1)), reviewed(30, next_review_on=ago(-50))],
        ("to come", ago(-50), None),
    ),
    "a review to come does not count": ([reviewed(90, next_review_on=ago(1)), reviewed(-1)],
                                        ("overdue", ago(1), 1)),
    "to be stopped": ([reviewed(9, decision="stop")], ("due", None, None)),
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    pupils = [PUPIL | {"pupil_id": name, "surname": name} for name in PUPILS]
    placements = [
        {"pupil_id": name, "provision_id": "T", "start_date": start, "expected_end_date": end}
        for name, (start, end, _, _) in PUPILS.items()
    ]
    reviews = [
        {"pupil_id": name, "provision_id": "T"} | review
        for name, (_, _, held, _) in PUPILS.items() for review in held
    ]  # fmt: skip
    reviews += [{"provision_id": name} | one for name, (held, _) in WHOLES.items() for one in held]
    provisions = [TALK, *(CLASS | {"provision_id": name, "name": name} for name in WHOLES)]
    yield tiny_school(
        tmp_path_factory.mktemp("reviews"), pupils=pupils, placements=placements, reviews=reviews,
        provisions=provisions,
    )  # fmt: skip
    forget_stores()


def test_a_time_with_a_last_day_ends_and_is_not_still_in_place(tmp_path: Path) -> None:
    # Each is a pupil: the expected end, the last day, the review; and how the reason ends.
    stop = reviewed(5, decision="stop")
    cases: dict[str, tuple[date, date | None, list[Row], str]] = {
        "late": (ago(74), None, [], "Expected to end on 19 Dec 2025, and still in place."),
        "late, ends today": (ago(74), DAY, [], "Expected to end on 19 Dec 2025. Ends 3 Mar 2026."),
        "late, ends tomorrow": (ago(74), ago(-1), [], "Expected to end on 19 Dec 2025. Ends 4 Mar 2026."),
        "not late, ends today": (ago(-60), DAY, [], "Expected to end on 2 May 2026. Ends 3 Mar 2026."),
        "to stop": (ago(-60), None, [stop], "it was decided to stop it. It is still in place."),
        "to stop, ends today": (ago(-60), DAY, [stop], "it was decided to stop it. Ends 3 Mar 2026."),
    }
    store = tiny_school(
        tmp_path, pupils=[PUPIL | {"pupil_id": name} for name in cases], provisions=[TALK],
        placements=[
            {"pupil_id": name, "provision_id": "T", "start_date": ago(100), "expected_end_date": expected,
             "end_date": end} for name, (expected, end, _, _) in cases.items()
        ],
        reviews=[{"pupil_id": name, "provision_id": "T"} | one
                 for name, (_, _, held, _) in cases.items() for one in held],
    )  # fmt: skip
    rows = {row["pupil_id"]: row for row in answer(store, "reviews_due") if row["about"] == "pupil"}
    for name, (_, end, _, reason) in cases.items():
        assert rows[name]["reason"].endswith(reason), rows[name]["reason"]
        assert rows[name]["end_date"] == end
        # Whether it is overdue is said by its expected end alone.
        assert (rows[name]["state"] == "overdue") == name.startswith("late"), name


def stands(row: Row) -> tuple[str, date | None, int | None]:
    return row["state"], row["due_on"], row["days_overdue"]


def test_each_pupils_provision_by_hand(store: Store) -> None:
    rows = {row["pupil_id"]: row for row in answer(store, "reviews_due") if row["about"] == "pupil"}
    assert {name: stands(row) for name, row in rows.items()} == {n: case[3] for n, case in PUPILS.items()}


def test_each_provision_as_a_whole_by_hand(store: Store) -> None:
    rows = {row["provision_id"]: row for row in answer(store, "reviews_due") if row["about"] == "whole"}
    wanted = {name: case[1] for name, case in WHOLES.items()}
    assert {name: stands(row) for name, row in rows.items() if name != "T"} == wanted
    assert (rows["T"]["state"], rows["T"]["pupils"]) == ("no day", len(PUPILS))
    assert all(row["reason"] for row in rows.values())


def test_overdue_for_pupils_is_what_the_provision_list_says(store: Store, sample: Store) -> None:
    for one in (store, sample):
        listed = ask("provision_list", make_filter(one), one).filter("overdue_for_review")
        overdue = ask("reviews_due", make_filter(one), one).filter(about="pupil", state="overdue")
        of = ("pupil_id", "provision_id", "start_date")
        assert listed.height > 0
        assert sorted(listed.select(of).iter_rows()) == sorted(overdue.select(of).iter_rows())


def test_who_was_heard_since_the_latest_review(tmp_path: Path) -> None:
    heard = [("pupil", 20), ("parent", 10), ("teacher", 9), ("observation", -1)]
    store = tiny_school(
        tmp_path, provisions=[TALK],
        placements=[{"pupil_id": "1", "provision_id": "T", "start_date": ago(60)}],
        reviews=[reviewed(10) | {"pupil_id": "1", "provision_id": "T"}],
        voices=[{"pupil_id": "1", "provision_id": "T", "voice": voice, "heard_on": ago(days)}
                for voice, days in heard]
        + [{"pupil_id": "1", "voice": "work scrutiny", "heard_on": ago(10)},
           {"pupil_id": "1", "voice": "other adult", "heard_on": ago(11)}],
    )  # fmt: skip
    by = {row["about"]: row["heard"] for row in answer(store, "reviews_due")}
    assert by == {"pupil": ["parent", "teacher", "work scrutiny"], "whole": ["parent", "pupil", "teacher"]}


def test_a_provision_as_a_whole_is_there_for_its_years_and_for_who_had_it(tmp_path: Path) -> None:
    for_years = [TALK | {"provision_id": name, "name": name, "year_groups": years, "start_date": start}
                 for name, years, start in (("of 5", ["5"], None), ("of 4", ["4"], None), ("all", None, None),
                                            ("had", ["4"], None), ("not yet", ["5"], ago(-1)))]  # fmt: skip
    had = {"pupil_id": "1", "provision_id": "had", "start_date": ago(90), "end_date": ago(60)}
    store = tiny_school(tmp_path, provisions=for_years, placements=[had])
    assert [row["provision_id"] for row in answer(store, "reviews_due")] == ["all", "had", "of 5"]
    assert {row["pupils"] for row in answer(store, "reviews_due")} == {0}


# What a review agreed, and what became of it: (reviews, is it in place, state of the first, its day).
CHECKS: dict[str, tuple[list[Row], bool, str | None, date | None]] = {
    "kept": ([reviewed(50)], True, None, None),
    "42 days ago": ([reviewed(42, decision="adapt")], True, "due", DAY),
    "41 days ago": ([reviewed(41, decision="adapt")], True, "to come", ago(-1)),
    "day set, today": ([reviewed(9, decision="adapt", next_review_on=DAY)], True, "due", DAY),
    "day set, tomorrow": ([reviewed(90, decision="adapt", next_review_on=ago(-1))], True, "to come", ago(-1)),
    "met": ([reviewed(50, decision="adapt", adaptation_met="met", adaptation_checked_on=DAY)], True, "met",
            ago(8)),
    "seen tomorrow": (
        [reviewed(50, decision="adapt", adaptation_met="met", adaptation_checked_on=ago(-1))], True, "due",
        ago(8),
    ),
    "not met": ([reviewed(9, decision="adapt", adaptation_met="not met")], True, "not met", ago(-33)),
    "changed again": ([reviewed(50, decision="adapt"), reviewed(9, decision="adapt")], True, "replaced",
                      ago(8)),
    "kept since": ([reviewed(50, decision="adapt"), reviewed(9)], True, "due", ago(8)),
    "over": ([reviewed(50, decision="adapt")], False, "over", ago(8)),
}  # fmt: skip


def test_a_change_is_due_to_be_checked_until_somebody_did(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path, provisions=[TALK], pupils=[PUPIL | {"pupil_id": name} for name in CHECKS],
        placements=[{"pupil_id": name, "provision_id": "T", "start_date": ago(90),
                     "end_date": None if has_it else ago(1)} for name, (_, has_it, _, _) in CHECKS.items()],
        reviews=[{"pupil_id": name, "provision_id": "T"} | review
                 for name, (reviews, _, _, _) in CHECKS.items() for review in reviews],
    )  # fmt: skip
    found = {row["pupil_id"]: row for row in answer(store, "reviews_held")}
    oldest = {name: (row["check_state"], row["check_on"]) for name, row in found.items()}
    assert oldest == {name: (state, on) for name, (_, _, state, on) in CHECKS.items()}


DUE = ("school_id pupil_id surname year_group class provision_id about state due_on days_overdue reviewed_on"
       " decision next_review_on pupils")  # fmt: skip
HELD = (
    "school_id pupil_id surname year_group class provision_id about reviewed_on decision check_on check_state"
)


def drawn(choose: Choose) -> list[Import]:
    """Schools whose reviews crowd around the limits."""
    imports = deciding_trust(choose, list(SCHOOLS))
    near = [None, *DAYS, *(TODAY + timedelta(days=days) for days in (13, 14, 15, 42))]
    whole = [{"provision_id": name, "pupil_id": None} for name in PROVISIONS]
    imports[0].rows.setdefault("reviews", []).extend(
        {"school_id": school, "reviewed_on": choose(DAYS)} | row for school in SCHOOLS for row in whole * 2
    )
    for row in imports[0].rows.get("reviews", []):
        back = choose((None, 41, 42, 43))
        row |= {
            "decision": choose((None, "keep", "adapt", "adapt", "stop")), "next_review_on": choose(near),
            "adaptation_met": choose((None, None, "met", "not met")),
            "adaptation_checked_on": choose((None, *DAYS)),
        }  # fmt: skip
        row["reviewed_on"] = TODAY - timedelta(days=back) if back else row["reviewed_on"]
    key = ("school_id", "pupil_id", "provision_id", "reviewed_on")
    kept = {tuple(row.get(name) for name in key): row for row in imports[0].rows.get("reviews", [])}
    imports[0].rows["reviews"] = list(kept.values())
    return imports


def test_they_agree_with_their_slow_versions_and_narrowing_only_takes_away() -> None:
    seen: Counter[Any] = Counter()
    for seed in range(BULK):
        choose = random.Random(seed).choice
        imports = drawn(choose)
        whole = fold(imports, REFERENCE)
        with opened(imports) as one:
            for chosen in ({}, {}, {}, who_is_counted(choose), who_is_counted(choose)):
                on = near_a_boundary(choose)
                filter, choice = Filter(as_at=on, **chosen), Choice(**chosen)
                due = ask("reviews_due", filter, one).to_dicts()
                slow = slow_reviews.due(whole, on, choice)
                assert compared(due, DUE) == compared(slow, DUE), (on, chosen)
                held = ask("reviews_held", filter, one).to_dicts()
                slow = slow_reviews.held(whole, on, choice)
                assert compared(held, HELD) == compared(slow, HELD), (on, chosen)
                everybody = ask("reviews_due", Filter(as_at=on), one).to_dicts()
                assert not compared(due, DUE) - compared(everybody, DUE)
                seen.update((row["about"], row["state"]) for row in due)
                seen.update(row["check_state"] for row in held)
    wanted = [(about, state) for about in ("pupil", "whole") for state in ("overdue", "due", "to come")]
    assert not {*wanted, "due", "met", "to come", "replaced"} - set(seen), seen
