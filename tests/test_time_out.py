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
from tests.slow_history import fold
from tests.slow_scores import latest, meets
from tests.slow_words import (
    Choice,
    Row,
    School,
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
from tests.tiny import CLASS, DAY, TALK, answer, tiny_school
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
            rows.append({
                **who(pupil), "subject_missed": subject, "weekly_minutes": sum(counted) if counted else None,
                "minutes_unknown": minutes.count(None),
                "provisions": sorted({provision_of(school, p)["name"] for p in some}),
                "pupil_weekly_minutes": sum(known) if known else None,
                "latest_value": result and result["value"], "latest_on": result and result["assessed_on"],
                "meets_expected": result and meets(school, pupil, result),
                "is_over_threshold": sum(known) > 150,
            })  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", range(BULK))
def test_it_agrees_with_its_slow_version(seed: int) -> None:
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
