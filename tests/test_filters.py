"""What a filter means, and how it says so."""

from datetime import date
from pathlib import Path

import pytest

from provmap.errors import UsageError
from provmap.filters import Filter, academic_year_dates, academic_year_of, as_at_of, show_date
from provmap.questions import ask, describe_question, make_filter, options, question_names
from provmap.store import SAMPLE_TODAY, Store
from tests.tiny import DAY, PUPIL, answer, day, tiny_school


@pytest.mark.parametrize(
    ("on", "year"), [("2025-08-31", "2024/25"), ("2025-09-01", "2025/26"), ("1999-09-01", "1999/00")]
)
def test_an_academic_year_begins_on_1_september(on: str, year: str) -> None:
    assert academic_year_of(day(on)) == year
    first, last = academic_year_dates(year)
    assert first <= day(on) <= last


@pytest.mark.parametrize("wrong", ["2025", "2025/27", "25/26", "2025-26", "next"])
def test_an_academic_year_is_written_one_way(wrong: str) -> None:
    with pytest.raises(UsageError, match="is not an academic year"):
        academic_year_dates(wrong)


@pytest.mark.parametrize(
    ("as_at", "year", "expected"),
    [
        (None, None, DAY),
        ("01-05", None, date(2026, 1, 5)),
        # A year alone: the earlier of today and its last day.
        (None, "2025/26", DAY),
        (None, "2024/25", date(2025, 8, 31)),
        ("2024-09-01", "2024/25", date(2024, 9, 1)),
    ],
)
def test_the_day_that_is_meant(as_at: str | None, year: str | None, expected: date) -> None:
    assert as_at_of(day(as_at) if as_at else None, year, DAY) == expected


@pytest.mark.parametrize("on", ["2024-08-31", "2025-09-01"])
def test_a_day_outside_the_year_is_a_usage_error(on: str) -> None:
    with pytest.raises(UsageError, match="is not in the academic year 2024/25"):
        as_at_of(day(on), "2024/25", DAY)


def test_words() -> None:
    assert show_date(DAY) == "3 Mar 2026"
    assert Filter(DAY).describe() == "All pupils, as at 3 Mar 2026"


def test_a_filter_takes_values_as_people_write_them(sample: Store) -> None:
    chosen = make_filter(sample, year_groups=["Year 5"], groups=["PUPIL_PREMIUM"], needs=["slcn"])
    assert (chosen.year_groups, chosen.groups, chosen.needs) == (("5",), ("pupil_premium",), ("SLCN",))
    assert chosen.as_at == SAMPLE_TODAY
    words = "Year 5, Pupil premium, need Speech, language and communication needs"
    assert chosen.describe() == f"{words}, as at 3 Mar 2026"


@pytest.mark.parametrize(
    ("field", "value", "near"),
    [
        ("groups", "pupil_premum", "pupil_premium"),
        ("needs", "SLNC", "SLCN"),
        ("tiers", "targetted", "targeted"),
    ],
)
def test_an_unknown_value_names_the_near_ones(sample: Store, field: str, value: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_filter(sample, **{field: [value]})
    assert near in caught.value.remedy


def test_an_unknown_question_names_the_near_ones() -> None:
    with pytest.raises(UsageError) as caught:
        describe_question("coverge")
    assert "coverage" in caught.value.remedy


def test_or_within_a_filter_and_across(tmp_path: Path) -> None:
    pupils = [
        PUPIL | {"pupil_id": "1", "year_group": "4", "fsm": True},
        PUPIL | {"pupil_id": "2", "year_group": "5", "fsm": True},
        PUPIL | {"pupil_id": "3", "year_group": "5", "eal": True},
        PUPIL | {"pupil_id": "4", "year_group": "6", "class": "1E5"},
    ]
    store = tiny_school(tmp_path, pupils=pupils)
    found = {
        str(choices): [row["pupil_id"] for row in answer(store, "pupil_list", **choices)]
        for choices in (
            {"year_groups": ["4", "5"]}, {"year_groups": ["5"], "groups": ["fsm"]},
            {"groups": ["fsm", "eal"]}, {"classes": ["1E5"]}, {"year_groups": ["6"], "groups": ["fsm"]},
        )
    }  # fmt: skip
    assert list(found.values()) == [["1", "2", "3"], ["2"], ["1", "2", "3"], ["4"], []]


def test_on_roll_from_the_first_day_to_the_last(tmp_path: Path) -> None:
    store = tiny_school(tmp_path, pupils=[PUPIL | {"entry_date": day("01-05"), "leaving_date": DAY}])
    counts = [len(answer(store, "pupil_list", day(on))) for on in ("01-04", "01-05", "03-03", "03-04")]
    assert counts == [0, 1, 1, 0]


def test_choices_narrow_each_other_and_a_chosen_value_stays(tmp_path: Path) -> None:
    pupils = [PUPIL, PUPIL | {"pupil_id": "2", "year_group": "6", "class": "Elm", "fsm": True}]
    store = tiny_school(tmp_path, pupils=pupils)
    offered = options(store, make_filter(store, as_at=DAY, year_groups=["5"], groups=["fsm"]))
    assert [value for value, _ in offered["year_groups"]] == ["5", "6"]
    assert [value for value, _ in offered["classes"]] == []
    assert offered["groups"] == [("fsm", "Free school meals")]


def test_tier_and_subject_are_named_where_they_do_not_apply(sample: Store) -> None:
    chosen = make_filter(sample, tiers=["targeted"], subjects=["reading"])
    assert describe_question("coverage").not_applied(chosen) == ["tier", "subject"]
    assert describe_question("provision_list").not_applied(chosen) == ["subject"]
    assert describe_question("gaps").not_applied(chosen) == ["tier"]


REFERENCE = ("comparisons", "eef_cost_bands", "eef_months", "expected_marks", "scale_values_held",
             "scales_held")  # fmt: skip


@pytest.mark.parametrize("name", question_names())
def test_every_question_says_what_it_is_and_answers_when_nobody_is_in_scope(sample: Store, name: str) -> None:
    question = describe_question(name)
    assert question.title
    assert question.words.endswith("?")
    assert question.grain
    extra = {"pupil_id": "nobody", "school_id": "nowhere", "by": "class", "rows": "area", "need_code": "SLCN"}
    extra |= {"of_school": "nowhere", "provision_id": "none", "began": date(1990, 1, 1)}
    extra |= {"first_group": "eal", "other_group": "fsm"}
    given = {key: value for key, value in extra.items() if key in question.parameters}
    nobody = make_filter(sample, as_at=date(1990, 1, 1))
    rows = ask(name, nobody, sample, **given)
    if name in ("scope_summary", "provision_map", "group_definitions", "ledger_summary"):
        assert rows["pupils"].sum() == 0
    elif name == "provision_criteria":
        # The school's provisions are described whoever is in scope.
        assert rows.select("waits", "attends_without", "met_exit_stays").sum().sum_horizontal().sum() == 0
    elif name in REFERENCE:
        # Scales, marks, figures to compare with and the EEF's tables are there whoever is in scope.
        assert rows.height
        assert "pupil_id" not in rows.columns
    elif name == "thresholds":
        assert set(rows["from_date"]) == {None}
    elif name.startswith("data_quality"):
        # Provisions and datasets are looked at whoever is in scope.
        assert "pupil_id" not in rows.columns or rows["pupil_id"].is_null().all()
    else:
        assert rows.is_empty()


def test_a_question_takes_only_what_it_names(sample: Store) -> None:
    with pytest.raises(UsageError, match="takes no pupil_id"):
        ask("coverage", make_filter(sample), sample, pupil_id="1")
