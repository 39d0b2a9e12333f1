"""Time out of class: minutes a week, by pupil and subject missed, beside how the pupil does in it."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Edit, Store, open_store, save
from provmap.words.codes import SINCE_BEFORE
from tests.slow_history import fold
from tests.slow_scores import is_better, latest, meets, scale_row, score, scored, term_of
from tests.slow_words import (
    Choice,
    Row,
    School,
    academic_year,
    active,
    is_additional,
    low,
    of_pupil,
    provision_of,
    pupils_in_scope,
    weekly_minutes,
    who,
)
from tests.test_pages import open_app, words_of
from tests.test_properties import BULK, REFERENCE, compared, opened
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, tiny_school
from tests.tiny_ledgers import ledger_trust
from tests.tiny_schools import TODAY

HAD = {"pupil_id": "1", "provision_id": "T", "start_date": date(2026, 1, 5), "minutes_per_session": 30.0,
       "sessions_per_week": 2.0, "subject_missed": "reading"}  # fmt: skip
MARK = {"scale": "standardised", "subject": "reading", "year_group": "5", "term": "spring", "expected": "100"}
READ = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "value": "90",
        "assessed_on": date(2026, 2, 10)}  # fmt: skip
COLUMNS = (
    "school_id pupil_id surname forename year_group class subject_missed weekly_minutes minutes_unknown"
    " provisions pupil_weekly_minutes latest_value latest_on meets_expected is_over_threshold"
    " value_before before_on since_before"
)


def school(folder: Path, *placements: dict[str, Any], **more: Any) -> Store:
    rows = {"provisions": [TALK, CLASS], "expectations": [MARK], "assessments": [READ]} | more
    return tiny_school(folder, placements=list(placements), **rows)


def missed(store: Store, day: date = DAY, **choices: Any) -> list[tuple]:
    names = (
        "subject_missed",
        "weekly_minutes",
        "minutes_unknown",
        "pupil_weekly_minutes",
        "is_over_threshold",
    )
    return [tuple(row[name] for name in names) for row in answer(store, "time_out_of_class", day, **choices)]


def test_minutes_of_one_subject_add_up_however_it_is_written(data: Path) -> None:
    later = HAD | {"start_date": date(2026, 1, 6), "subject_missed": "Reading", "sessions_per_week": None}
    art = HAD | {"start_date": date(2026, 1, 7), "subject_missed": "art"}
    store = school(data, HAD, later, art)
    assert missed(store) == [("art", 60, 0, 120, False), ("reading", 60, 1, 120, False)]
    assert missed(store, subjects=["reading"]) == [("reading", 60, 1, 120, False)]


def test_progress_in_the_subject_stands_beside_it(data: Path) -> None:
    row = answer(school(data, HAD), "time_out_of_class")[0]
    assert (row["latest_value"], row["expected"], row["meets_expected"]) == ("90", "100", False)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"subject_missed": None}, ["not recorded"]),
        ({"subject_missed": None, "provision_id": "C"}, []),
        ({"provision_id": "C"}, ["reading"]),
        ({"end_date": DAY - timedelta(days=1)}, []),
        ({"end_date": DAY}, ["reading"]),
        ({"start_date": DAY}, ["reading"]),
        ({"start_date": DAY + timedelta(days=1)}, []),
    ],
)
def test_what_counts(data: Path, change: dict[str, Any], found: list[str]) -> None:
    assert [row[0] for row in missed(school(data, HAD | change))] == found


@pytest.mark.parametrize("what", [{"delivery": "beyond school"}, {"purpose": "adult support"}])
def test_beyond_school_and_beside_the_pupil_no_lesson_is_missed_unless_one_is_named(
    data: Path, what: dict[str, str]
) -> None:
    club = {"provisions": [TALK | what]}
    assert missed(school(data, HAD | {"subject_missed": None}, **club)) == []
    assert len(missed(school(data / "named", HAD, **club))) == 1


@pytest.mark.parametrize(("minutes", "over"), [(149.0, False), (150.0, False), (151.0, True)])
def test_the_limit_is_of_the_whole_pupil(data: Path, minutes: float, over: bool) -> None:
    halves = [
        HAD | {"minutes_per_session": minutes - 50, "sessions_per_week": 1.0},
        HAD | {"minutes_per_session": 50.0, "sessions_per_week": 1.0, "subject_missed": "art",
               "start_date": date(2026, 1, 6)},
    ]  # fmt: skip
    assert [row[4] for row in missed(school(data, *halves))] == [over, over]


def test_the_school_sets_its_limit_from_a_day(data: Path) -> None:
    school(data, HAD)
    save(
        open_store(data),
        "Head",
        [Edit("settings", {"name": "time_out_minutes", "from_date": DAY, "value": 59.0})],
    )
    store = open_store(data)
    assert [missed(store, day)[0][4] for day in (DAY - timedelta(days=1), DAY)] == [False, True]


SCALES = [
    {"scale": "words", "kind": "ordered"},
    {"scale": "months", "kind": "age"},
    {"scale": "worries", "kind": "number", "better": "lower"},
]
STEPS = [
    {"scale": "words", "value": value, "rank": float(rank)} for rank, value in enumerate(("W", "E", "G"))
]
AUTUMN, SPRING = date(2025, 10, 10), date(2026, 2, 10)


def since(data: Path, *results: tuple[str, str, date]) -> tuple[Any, ...]:
    """What stands of these results of reading (scale, value, day) beside the lesson missed."""
    some = [
        READ | {"scale": scale, "value": value, "assessed_on": day, "source": "test"}
        for scale, value, day in results
    ]
    rows = {"assessments": some or [READ | {"subject": "art"}]}
    (row,) = answer(school(data, HAD, scales=SCALES, scale_values=STEPS, **rows), "time_out_of_class")
    return tuple(row[name] for name in ("value_before", "before_on", "latest_value", "since_before"))


# A pupil for each: scale, the result of October, that of four months later, and the word.
MOVES = [
    ("standardised", "90", "91", "rose"), ("standardised", "90", "90", "level"),
    ("standardised", "90", "89.5", "fell"),
    # By their place, not by their letters.
    ("words", "W", "E", "rose"), ("words", "G", "E", "fell"), ("words", "E", "E", "level"),
    ("months", "90", "94", "rose"), ("months", "90", "93", "rose_less"), ("months", "90", "90", "level"),
    ("months", "90", "89", "fell"),
    ("worries", "20", "16", "rose"), ("worries", "16", "20", "fell"), ("worries", "9", "10", "fell"),
]  # fmt: skip


def test_whether_each_pupil_rose_in_what_is_missed(data: Path) -> None:
    who = [str(number) for number in range(len(MOVES))]
    results = [
        READ | {"pupil_id": one, "scale": scale, "value": value, "assessed_on": day}
        for one, (scale, before, now, _) in zip(who, MOVES, strict=True)
        for value, day in ((before, AUTUMN), (now, SPRING))
    ]
    store = school(
        data, *[HAD | {"pupil_id": one} for one in who], pupils=[PUPIL | {"pupil_id": one} for one in who],
        assessments=results, scales=SCALES, scale_values=STEPS,
    )  # fmt: skip
    rows = {row["pupil_id"]: row for row in answer(store, "time_out_of_class")}
    names = ("scale", "value_before", "latest_value", "since_before")
    assert [tuple(rows[one][name] for name in names) for one in who] == MOVES
    assert {row["before_on"] for row in rows.values()} == {AUTUMN}


def test_the_result_before_is_of_an_earlier_term_and_the_same_scale(data: Path) -> None:
    mock, june = date(2026, 1, 20), date(2025, 6, 20)
    first, again = ("standardised", "99", june), ("standardised", "80", mock)
    now, other = ("standardised", "90", SPRING), ("words", "G", AUTUMN)
    assert since(data / "a", first, again, now) == ("99", june, "90", "fell")
    assert since(data / "b", other, now) == (None, None, "90", "one_result")
    assert since(data / "c", ("standardised", "A", AUTUMN), now)[3] == "one_result"
    assert since(data / "d", again, now, other)[3] == "one_result"


def test_no_result_of_the_last_year_is_no_result(data: Path) -> None:
    assert since(data / "a") == (None, None, None, "no_result")
    first = DAY - timedelta(days=366)
    assert since(data / "b", ("standardised", "90", first - timedelta(days=1)))[3] == "no_result"
    assert since(data / "c", ("standardised", "90", first))[3] == "one_result"


def test_where_no_lesson_is_written_down_nothing_is_said(data: Path) -> None:
    (row,) = answer(school(data, HAD | {"subject_missed": None}), "time_out_of_class")
    assert row["since_before"] is None


def before(school: School, pupil: Row, result: Row | None, day: date) -> Row:
    """The last scored result of an earlier term on the scale of the latest, and a word."""
    if result is None:
        return {"value_before": None, "before_on": None, "since_before": "no_result"}
    then = [
        a for a in scored(school, pupil, day)
        if a["assessed_on"] < result["assessed_on"] and a["scale"] == result["scale"]
        and low(a["subject"]) == low(result["subject"]) and in_term(school, a) != in_term(school, result)
    ]  # fmt: skip
    if not then:
        return {"value_before": None, "before_on": None, "since_before": "one_result"}
    was, scale = then[-1], result["scale"]
    numbers = [score(school, scale, each["value"]) or 0 for each in (was, result)]
    up = (numbers[1] - numbers[0]) * is_better(school, scale)
    word = "level" if up == 0 else "fell" if up < 0 else "rose"
    months = (result["assessed_on"] - was["assessed_on"]).days / 30.4375
    if word == "rose" and scale_row(school, scale)["kind"] == "age" and up < round(months):
        word = "rose_less"
    return {"value_before": was["value"], "before_on": was["assessed_on"], "since_before": word}


def in_term(school: School, result: Row) -> tuple[str, str]:
    return academic_year(result["assessed_on"]), term_of(school, result)


def slowly(school: School, day: date) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, Choice()):
        by_subject: dict[str, list[Row]] = {}
        for placement in of_pupil(school, "placements", pupil):
            subject = placement.get("subject_missed")
            if active(placement, day) and (subject or is_additional(school, placement)):
                by_subject.setdefault(low(subject) or "not recorded", []).append(placement)
        whole = [weekly_minutes(school, p) for some in by_subject.values() for p in some]
        known = [minutes for minutes in whole if minutes is not None]
        for subject, some in by_subject.items():
            minutes = [weekly_minutes(school, p) for p in some]
            counted = [one for one in minutes if one is not None]
            result = latest(school, pupil, subject, day)
            nothing = dict.fromkeys(("value_before", "before_on", "since_before"))
            rows.append({
                **who(pupil), "subject_missed": subject, "weekly_minutes": sum(counted) if counted else None,
                "minutes_unknown": minutes.count(None),
                "provisions": sorted({provision_of(school, p)["name"] for p in some}),
                "pupil_weekly_minutes": sum(known) if known else None,
                "latest_value": result and result["value"], "latest_on": result and result["assessed_on"],
                "meets_expected": result and meets(school, pupil, result),
                "is_over_threshold": sum(known) > 150,
                **(nothing if subject == "not recorded" else before(school, pupil, result, day)),
            })  # fmt: skip
    return rows


def test_it_agrees_with_its_slow_version() -> None:
    seen: Counter[str] = Counter()
    for seed in range(BULK):
        compare(seed, seen)
    # The schools drawn are of use only where each word turns up.
    assert not set(SINCE_BEFORE) - set(seen), seen


def compare(seed: int, seen: Counter[str]) -> None:
    choose = random.Random(seed).choice
    imports, _ = ledger_trust(choose, [f"{100001 + n}" for n in range(12)])
    rows = {name: some for name, some in imports[0].rows.items() if name != "targets"}
    for placement in rows["placements"]:
        placement |= {
            "subject_missed": choose((None, "reading", "Reading", "art")),
            "minutes_per_session": choose((None, 30.0, 90.0)), "sessions_per_week": choose((None, 1.0, 2.0)),
        }  # fmt: skip
    one = type(imports[0])(imports[0].dated, rows)
    with opened([one]) as store:
        for day in (TODAY - timedelta(days=40), TODAY, TODAY + timedelta(days=1)):
            found = ask("time_out_of_class", Filter(as_at=day), store).to_dicts()
            assert compared(found, COLUMNS) == compared(slowly(fold([one], REFERENCE), day), COLUMNS), day
            seen.update(row["since_before"] for row in found)
            years = [Filter(as_at=day, year_groups=(year,)) for year in ("4", "5")]
            parts = [compared(ask("time_out_of_class", year, store).to_dicts(), COLUMNS) for year in years]
            assert sum(parts, Counter()) == compared(found, COLUMNS)


def test_the_page_says_how_many_and_lists_as_many(sample: Store) -> None:
    app = open_app("time_out")
    rows = ask("time_out_of_class", Filter(as_at=sample.today), sample)
    over = rows.filter(is_over_threshold=True).select("pupil_id").n_unique()
    assert rows.height
    assert f"**{over}** of them for more than 150 minutes" in words_of(app)
    assert len(app.dataframe[0].value) == rows.height
