"""The goal of a class in its meeting: from where, where now, what is expected, how far, and who is near."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, forget_stores, open_store, rows_to_edit, save
from provmap.ui.meeting import whom_it_counts
from provmap.ui.meeting_goal import (
    NO_GOAL,
    NOT_RECORDED,
    Goals,
    figures_of,
    goals_of,
    names_in,
    subjects_in,
    title_of,
)
from provmap.ui.meeting_pack import pack_of
from provmap.ui.meeting_pdf import pack_pdf
from provmap.ui.page import Page
from tests.test_documents import text_of
from tests.tiny import DAY, tiny_school

TJ = "teacher judgement"
AUTUMN, DUE = date(2025, 9, 19), date(2026, 6, 26)
AIM = {"subject": "reading", "scale": TJ, "target": "EXS", "set_on": AUTUMN, "due_on": DUE}
# Of each pupil: the result when the goal was set, the one now, and what the teacher expects.
STOOD = {
    "Ash": ("EXS", "EXS", "GDS"), "Birch": ("EXS", "WTS", "EXS"), "Cole": ("WTS", "EXS", None),
    "O'Brien-Łuć": ("WTS", "WTS", "WTS"), "Dow": (None, "PK1", "WTS"), "Elm": (None, None, None),
}  # fmt: skip


def school(folder: Path, *goals: dict[str, Any]) -> tuple[Page, dict[str, Any]]:
    """Six pupils of Oak and two of Elm, and a meeting about Oak."""
    pupils = [{"pupil_id": name, "surname": name, "forename": "A", "year_group": "5", "class": "Oak"}
              for name in STOOD]  # fmt: skip
    pupils += [
        {"pupil_id": n, "surname": n, "forename": "B", "year_group": "4", "class": "Elm"} for n in "xy"
    ]
    scores, own = [], []
    for name, (start, now, forecast) in STOOD.items():
        about = {"pupil_id": name, "subject": "reading", "scale": TJ}
        scores += [about | {"value": value, "assessed_on": day, "source": "teacher"}
                   for value, day in ((start, AUTUMN), (now, DAY)) if value]  # fmt: skip
        own += [AIM | about | {"forecast": forecast, "forecast_on": DAY}] if forecast else []
    clubs = [{"pupil_id": name, "group_code": "club", "start_date": AUTUMN} for name in ("Ash", "x", "y")]
    store = tiny_school(
        folder, pupils=pupils, assessments=scores, targets=[*own, *goals], memberships=clubs,
        groups=[{"group_code": "club", "name": "Club"}],
    )  # fmt: skip
    meeting = {
        "school_id": "school",
        "meeting_id": "m",
        "held_on": DAY,
        "about": "class",
        "about_code": "Oak",
    }
    save(store, "Head", [Edit("meetings", meeting)])
    return page_of(open_store(folder))


def page_of(store: Store, *, is_met: bool = True) -> tuple[Page, dict[str, Any]]:
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    return page, rows_to_edit(store, "meetings").row(0, named=True) if is_met else {}


@pytest.fixture(scope="module")
def oak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, dict[str, Any]]]:
    """Goals of Oak in reading, of a club of which one pupil is in Oak, and of a class that nobody is in."""
    goals = (
        AIM | {"class": "Oak", "share_needed": 0.5, "words": "Half of us"},
        AIM | {"group_code": "club", "share_needed": 1.0, "due_on": None},
        AIM | {"class": "Oak", "subject": "writing", "share_needed": None, "forecast": "four in six"},
        AIM | {"class": "Fir", "share_needed": 1.0},
    )
    yield school(tmp_path_factory.mktemp("goal"), *goals)
    forget_stores()


def goals(oak: tuple[Page, dict[str, Any]]) -> tuple[Page, Goals]:
    page, meeting = oak
    return page, goals_of(page, whom_it_counts(page, meeting))


def said(oak: tuple[Page, dict[str, Any]], place: int) -> dict[str, tuple[str, str]]:
    page, found = goals(oak)
    return figures_of(page, found.rows.row(place, named=True))


def test_a_goal_has_its_start_the_day_the_forecast_and_the_target(oak: tuple[Page, dict[str, Any]]) -> None:
    assert said(oak, 0) == {
        "Starting point": ("2 of 6", "33%, at the target on 19 Sep 2025, when it was set; 2 had no result "
                                    "by then."),
        "Now": ("2 of 6", "33%, at the target, as at 3 Mar 2026; 1 without a result to judge by."),
        "The teacher's forecast": ("2 of 4", "expected to be at the target, of those with a forecast; 2 "
                                   "without a forecast."),
        "Target": ("3 of 6", "50%, by 26 Jun 2026: 1 more needed."),
    }  # fmt: skip


def test_those_within_reach_are_named_with_how_far(oak: tuple[Page, dict[str, Any]]) -> None:
    page, found = goals(oak)
    assert names_in(page, found.of(found.rows.row(0, named=True))) == [
        "Within reach (1 step or less to go), 2: A Birch; A O'Brien-Łuć (each 1 step to go).",
        "Not yet within reach, 1: A Dow (7 steps to go).",
        "No result to judge by, 1: A Elm.",
    ]


def test_what_is_not_recorded_is_said_to_be_so(oak: tuple[Page, dict[str, Any]]) -> None:
    writing = said(oak, 1)
    assert {value for value, _ in writing.values()} == {NOT_RECORDED}
    assert [words for _, words in writing.values()] == [
        "Nobody counted has a result by 19 Sep 2025, when it was set.",
        "Nobody counted has a result to judge by, as at 3 Mar 2026.",
        "No teacher's forecast for these pupils on this scale, this year. Of them as a whole the teacher "
        "expects four in six.",
        "How many are to reach it is not recorded; by 26 Jun 2026.",
    ]


def test_of_a_goal_for_more_than_are_counted_the_whole_is_said_too(oak: tuple[Page, dict[str, Any]]) -> None:
    club = said(oak, 2)
    assert club["Now"] == ("1 of 1", "at the target, as at 3 Mar 2026.")
    assert club["Target"] == (
        "3 of 3", "of all 3 whom it is for, in other classes too: 1 there now; 100%, no day is set: 2 more "
                  "needed.",
    )  # fmt: skip


def test_a_goal_of_nobody_is_no_goal_of_this_class(oak: tuple[Page, dict[str, Any]]) -> None:
    _, found = goals(oak)
    assert [title_of(row) for row in found.rows.to_dicts()] == [
        f"Oak: reading, EXS ({TJ})", f"Oak: writing, EXS ({TJ})",
        f"Club: reading, EXS ({TJ})",
    ]  # fmt: skip


def test_each_number_is_the_length_of_the_list_below(oak: tuple[Page, dict[str, Any]]) -> None:
    _, found = goals(oak)
    for row in found.rows.to_dicts():
        states = dict(found.of(row)["state"].value_counts().iter_rows())
        assert row["pupils"] == found.of(row).height
        assert [row[name] for name in ("within_reach", "not_yet", "no_result")] == [
            states.get(name, 0) for name in ("within_reach", "not_yet", "no_result")
        ]


def test_the_pack_has_the_goal_with_the_names(oak: tuple[Page, dict[str, Any]], tmp_path: Path) -> None:
    page, meeting = oak
    text = " ".join(text_of(pack_pdf(page, meeting, pack_of(page, meeting)), tmp_path).split())
    for words in ("Starting point", "The teacher's forecast", "Half of us",
                  "2 of 6: 33%, at the target on 19 Sep 2025",
                  "3 of 6: 50%, by 26 Jun 2026", "Within reach (1 step or less to go), 2: A Birch",
                  "not recorded: Nobody counted has a result by"):  # fmt: skip
        assert words in text.replace("\u00a0", " "), words


def test_each_subject_at_the_end_of_last_year_and_now(data: Path) -> None:
    """Of six with a result in summer three were at the mark; writing has none of last year."""
    read = {"subject": "reading", "scale": TJ, "source": "teacher"}
    ids = [str(n) for n in range(6)]
    scores = [read | {"pupil_id": one, "value": value, "assessed_on": on}
              for n, one in enumerate(ids)
              for on, value in ((date(2025, 3, 2), "EXS"), (date(2025, 7, 1), "EXS" if n < 3 else "WTS"),
                                (DAY, "EXS" if n < 4 else "WTS"))]  # fmt: skip
    scores.append(read | {"pupil_id": "0", "subject": "writing", "value": "WTS", "assessed_on": DAY})
    pupils = [
        {"pupil_id": one, "surname": one, "forename": "A", "year_group": "5", "class": "Oak"} for one in ids
    ]
    page, _ = page_of(tiny_school(data, pupils=pupils, assessments=scores), is_met=False)
    assert subjects_in(page, page.filter) == [
        f"Reading ({TJ}): 3 of 6 (50%) in summer 2024/25; 4 of 6 (67%) in spring 2025/26.",
        f"Writing ({TJ}): in 2024/25 not recorded; 0 of 1 in spring 2025/26, "
        "with a result for 1 of 6 pupils.",
    ]


def test_without_a_goal_that_is_said(data: Path, tmp_path: Path) -> None:
    page, meeting = school(data)
    assert goals_of(page, whom_it_counts(page, meeting)).rows.is_empty()
    text = " ".join(text_of(pack_pdf(page, meeting, pack_of(page, meeting)), tmp_path).split())
    assert NO_GOAL in text


def test_the_day_it_falls_due_and_the_day_after(data: Path) -> None:
    for due, words in ((DAY, "Within reach"), (DAY - timedelta(days=1), "Not there, and its day is over")):
        page, meeting = school(
            data / due.isoformat(), AIM | {"class": "Oak", "share_needed": 0.5, "due_on": due}
        )
        found = goals_of(page, whom_it_counts(page, meeting))
        lines = names_in(page, found.pupils)
        assert any(line.startswith(words) and "O'Brien-Łuć" in line for line in lines), lines
        assert any(line.startswith("Within reach") for line in lines) == (due == DAY)
