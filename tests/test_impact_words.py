"""What the impact page says of a provision in sentences, for every kind of answer that there is."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.impact import _drawn, in_order
from provmap.ui.impact_words import (
    beside_whom,
    compared,
    counted,
    in_the_row,
    measured_by,
    nearest,
    size,
)
from provmap.words import NOBODY
from tests.test_impact import END, START, had, one_row, pupils, result
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, TALK, tiny_school

SCORES = ("entry_value", "entry_date", "exit_value", "exit_date")


def test_all_alike_have_no_interval_and_are_still_told(tmp_path: Path) -> None:
    times = [had(n, 80, 95) for n in range(1, 13)]
    row = one_row(tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK], placements=times))
    assert row["gain_beyond"] is not None
    assert row["gain_beyond_low"] is None
    assert "95% certain" not in compared(row)
    assert "Effect size 1.00" in size(row)


def test_the_nearest_assessments_are_told_apart(tmp_path: Path) -> None:
    without = dict.fromkeys(("entry_value", "entry_date", "exit_value", "exit_date", "measure"))
    talk = TALK | {"quantitative_measure": "reading/standardised"}
    times = [had(n, "", "") | without for n in range(1, 13)]
    scores = [result(n, 80 + gain * (on == END), on) for n, gain in enumerate(range(6, 18), 1)
              for on in (START, END)]  # fmt: skip
    store = tiny_school(tmp_path, pupils=pupils(12), provisions=[talk], placements=times, assessments=scores)
    row = one_row(store)
    assert "mean gain +11.5" in nearest(row)
    assert row["assessed_verdict"] in nearest(row)
    drawn = _drawn(ask("impact_by_provision", make_filter(store, as_at=DAY), store))
    assert drawn["mean_gain"].drop_nulls().to_list() == pytest.approx([11.5])
    assert "12 have assessments near both ends" in counted(row)


def test_every_answer_of_the_sample_can_be_told(sample: Store) -> None:
    rows = in_order(ask("impact_by_provision", make_filter(sample), sample)).to_dicts()
    assert rows
    for row in rows:
        said = " ".join([measured_by(row), compared(row), counted(row), size(row), nearest(row)])
        assert "None" not in said
        assert "nan" not in said
        # The counts of a sentence add up to what it begins with.
        given, *parts = map(
            int, re.findall(r"(\d+)(?= times? to| times have| have ass| are over| still)", said)
        )
        assert sum(parts) == given


def test_times_and_pupils_costs_and_grades_are_told_apart(tmp_path: Path) -> None:
    """Thirteen pupils, one of whom has it again and still does; grades are counted, with no mean."""
    staff = {"staff_id": "a", "name": "Ms Bell", "hourly_cost": 20.0}
    given = {"measure": "writing/teacher judgement", "staff_ids": ["a"], "minutes_per_session": 60.0,
             "sessions_per_week": 1.0, "group_name": "all"}  # fmt: skip
    times = [had(n, "WTS", "EXS" if n < 5 else "WTS") | given for n in range(1, 12)]
    times += [had(12, "EXS", "WTS") | given, had(13, "", "") | given | dict.fromkeys(SCORES)]
    running = {"start_date": END + timedelta(days=30), "end_date": None}
    times.append(had(1, "", "") | given | dict.fromkeys(SCORES) | running)
    store = tiny_school(tmp_path, pupils=pupils(13), provisions=[TALK], placements=times, staff=[staff])
    said = counted(one_row(store))
    assert "given 14 times to 13 pupils" in said
    assert (
        "1 are over without a score at the end, 1 of them without one at the start either, and 1 still run"
        in said
    )
    assert "**4** rose, 7 stayed the same and 1 fell" in said
    assert "A finished time cost about £20 (known of 13 of 13)." in said
    assert "One that still runs has cost about £160 so far (known of 1 of 1)." in said


def test_a_pupil_without_provision_is_no_nobody(data: Path) -> None:
    tiny_school(data)
    assert "Nobody counted here has begun anything yet." in words_of(open_app("impact", as_at="2026-03-03"))
    assert NOBODY in words_of(open_app("impact", as_at="2026-03-03", year_group="6"))


@pytest.mark.parametrize(("many", "is_drawn"), [(1, False), (2, True)])
def test_one_pupil_is_told_and_not_drawn(data: Path, many: int, is_drawn: bool) -> None:
    times = [had(n, 80, 90 + n) for n in range(1, many + 1)]
    tiny_school(data, pupils=pupils(2), provisions=[TALK], placements=times)
    said = words_of(open_app("impact", as_at=DAY.isoformat()))
    assert ("Not drawn: 1 measured for one pupil only" in said) == (not is_drawn)
    assert ("A dot is the mean gain" in said) == is_drawn


def test_grades_are_named_as_not_drawn(data: Path) -> None:
    times = [had(n, "WTS", "EXS") | {"measure": "writing/teacher judgement"} for n in range(1, 4)]
    tiny_school(data, pupils=pupils(3), provisions=[TALK], placements=times)
    said = words_of(open_app("impact", as_at=DAY.isoformat()))
    assert "Not drawn: 1 measured in grades, which are steps and have no mean gain." in said


def test_a_row_says_why_beside_whom_and_counts_in_both_units(sample: Store) -> None:
    rows = {row["given_for"]: row | kept for kept, row in _in_rows(sample)}
    promising = rows["New to English: reading (standardised)"]
    assert promising["measured_told"] == "62 times, 28 pupils"
    assert promising["given_told"] == "62 times, 28 pupils"
    assert "Beyond what low scores regain by chance: +4.9 (+4.1 to +5.7)" in promising["verdict_told"]
    assert "Enough similar pupils: for 0 of 62 times." in promising["verdict_told"]
    assert promising["rating_told"] == "-1. Rated unhelpful, and the scores rose."
    unclear = rows["Number Sense: mathematics (standardised)"]
    assert unclear["verdict"] == "no clear change"
    assert unclear["gain_told"] == "+1.7 (+0.8 to +2.6)"
    assert "Scores rose, but less than such scores usually do by themselves." in unclear["verdict_told"]
    assert "Enough similar pupils: for 1 of 27 times." in unclear["verdict_told"]
    assert unclear["verdict_told"].endswith("“Worse” would need scores that fell.")


def _in_rows(store: Store) -> list[tuple[dict[str, object], dict[str, str | None]]]:
    answer = ask("impact_by_provision", make_filter(store), store).to_dicts()
    return [(row, in_the_row(row)) for row in answer]


def test_beside_similar_pupils_they_are_counted(tmp_path: Path) -> None:
    row = one_row(tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK],
                              placements=[had(n, 80, 95) for n in range(1, 13)]))  # fmt: skip
    with_others = row | {"compared_with": "similar pupils", "compared": 12, "similar_pupils": 9,
                         "gain_beyond": 2.0, "gain_beyond_low": -1.0, "gain_beyond_high": 5.0}  # fmt: skip
    said = beside_whom(with_others)
    assert said == "Beyond 9 similar pupils without it (known for 12 of 12 times): +2.0 (-1.0 to +5.0)."
