"""Who counts in `impact_by_provision`, and what is no answer: leavers, last days, undated tests, grades.

A case is a school of its own in one store of them all, where tests only ask.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from tests.test_impact import (
    END,
    GAINS,
    NOT_TESTED,
    START,
    TWELVE,
    had,
    one_row,
    pupils,
    result,
    row_of,
    school,
    scores_before,
    without_scores,
)
from tests.tiny import DAY, TALK, day, tiny_school, tiny_schools

CASES: dict[str, Any] = {}


def talk(placements: list[dict[str, Any]], many: int = 12, **rows: Any) -> str:
    """Writes a case down: its school in the store."""
    return school(placements, many, CASES, **rows)


def in_school(placements: list[dict[str, Any]], many: int = 12, **rows: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [talk(placements, many, **rows)])


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_schools(tmp_path_factory.mktemp("schools"), CASES)


def told(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def one_by_one(schools: Store, case: str, **choices: Any) -> dict[str, dict[str, Any]]:
    filter = make_filter(schools, as_at=DAY, schools=[case], **choices)
    rows = ask("impact_pupils", filter, schools, of_school=case, provision_id="T").to_dicts()
    return {row["pupil_id"]: row for row in rows}


def leaving(many: int, after: int, on: date) -> list[dict[str, Any]]:
    """So many pupils, of whom those after the first few left the school on that day."""
    return pupils(after) + pupils(many, leaving_date=on)[after:]


class TestWhoHasLeft:
    @in_school(
        TWELVE + [had(n, 80, 70 + n % 2) for n in range(13, 25)], pupils=leaving(24, 12, day("2026-01-31"))
    )
    def test_who_left_since_still_counts(self, schools: Store, case: str) -> None:
        """Twelve rose by 9 on average and twelve fell by 10; those who fell left the school in January."""
        row = row_of(schools, case)
        assert told(row, "placements", "pupils_measured", "left_school") == (24, 24, 12)
        assert row["mean_gain"] == (9.0 - 9.5) / 2
        assert row["verdict"] == "no clear change"

    @in_school(
        [had(1, 80, 0, end_date=None, expected_end_date=END) | NOT_TESTED, had(2, 80, 90)],
        pupils=[*pupils(1, leaving_date=day("2025-10-20")), *pupils(2)[1:]],
    )
    def test_who_left_during_it_ended_early_without_a_score(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert told(row, "ended", "ended_early", "missing_exit", "left_school") == (2, 1, 1, 1)
        pupil = one_by_one(schools, case)["1"]
        assert told(pupil, "end_date", "has_left", "no_score_because") == (
            day("2025-10-20"), True, "no score at the end",
        )  # fmt: skip

    @in_school(
        [had(n, 95, 95 - gain) for n, gain in enumerate(GAINS, 1)]
        + [without_scores(n, end_date=None) for n in range(13, 21)],
        pupils=leaving(20, 12, day("2025-10-20")),
    )
    def test_too_many_who_left_unmeasured_are_too_little_to_say(self, schools: Store, case: str) -> None:
        assert row_of(schools, case)["verdict_because"] == (
            "Too many of those who finished have no score at both ends."
        )

    @in_school(
        [had(1, 80, 85), had(2, 80, 90)],
        pupils=[*pupils(1, leaving_date=day("2025-10-20")), *pupils(2)[1:]],
        enrolments=[
            {"pupil_id": "1", "academic_year": "2025/26", "year_group": "6", "class": "Elm"},
            {"pupil_id": "1", "academic_year": "2024/25", "year_group": "5", "class": "Fir"},
        ],
        needs=[{"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-01-01"),
                "end_date": day("2025-11-01")}],
        memberships=[{"pupil_id": "1", "group_code": "Club", "start_date": day("2025-09-01"),
                      "end_date": day("2025-10-20")}],
    )  # fmt: skip
    def test_the_filter_holds_as_on_the_last_day(self, schools: Store, case: str) -> None:
        """Pupil 1 left in October from Year 6 and Elm, with the speech need that ended in November."""
        for choice in (
            {"year_groups": ["6"]},
            {"classes": ["Elm"]},
            {"needs": ["SLCN"]},
            {"groups": ["Club"]},
        ):
            assert list(one_by_one(schools, case, **choice)) == ["1"], choice
        assert list(one_by_one(schools, case, year_groups=["5"])) == ["2"]
        filter = make_filter(schools, as_at=DAY, schools=[case])
        by = ask("impact_by", filter, schools, by="group").to_dicts()
        assert [told(row, "part", "pairs") for row in by] == [("Club", 1)]

    @in_school(
        [had(1, 80, 85), had(2, 80, 90)],
        pupils=[*pupils(1, leaving_date=START - timedelta(days=1)), *pupils(2)[1:]],
    )
    def test_what_began_after_the_last_day_is_no_time(self, schools: Store, case: str) -> None:
        assert row_of(schools, case)["placements"] == 1


class TestOver:
    @in_school([had(1, 80, 0) | NOT_TESTED], 1)
    def test_on_its_last_day_it_still_runs(self, schools: Store, case: str) -> None:
        assert told(row_of(schools, case, END), "ended", "missing_exit") == (0, 0)
        assert told(row_of(schools, case, END + timedelta(days=1)), "ended", "missing_exit") == (1, 1)

    @in_school(
        [without_scores(1), had(2, 80, 0, exit_value=None), had(3, 80, 85), without_scores(4)], 4,
        assessments=[result(4, 80, START), result(4, 86, END)],
    )  # fmt: skip
    def test_without_any_score_the_end_is_missing_too(self, schools: Store, case: str) -> None:
        """Four are over: one has no score, one only the first, one a pair, one assessments near both ends."""
        assert told(row_of(schools, case), "ended", "missing_exit", "missing_both") == (4, 2, 1)


UNDATED = {"entry_date": None, "exit_date": None}


def apart(odd: dict[str, Any], many: int) -> str:
    """A case of twelve pupils with clear gains and an earlier score, of whom so many are odd."""
    return talk([time | odd for time in TWELVE[:many]] + TWELVE[many:], assessments=scores_before(12))


class TestMonths:
    """Twelve pupils at 80 with clear gains and an earlier score: promising, if their tests are far apart."""

    @pytest.mark.parametrize(("three", "four"), [(apart(UNDATED, 3), apart(UNDATED, 4))])
    def test_most_tests_have_to_be_dated(self, schools: Store, three: str, four: str) -> None:
        assert row_of(schools, three)["verdict"] == "promising"
        row = row_of(schools, four)
        assert told(row, "verdict", "verdict_because") == (
            "too little to say", "Too many of the tests are undated, or too close together.",
        )  # fmt: skip

    @pytest.mark.parametrize("case", [apart({"exit_date": START + timedelta(days=50)}, 4)])
    def test_a_few_far_apart_do_not_stand_for_the_others(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert row["months_between"] > 2
        assert row["verdict"] == "too little to say"

    @pytest.mark.parametrize("case", [apart({"entry_date": END, "exit_date": START}, 1)])
    def test_an_end_before_the_start_has_no_months(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert row["months_between"] == pytest.approx((END - START).days / 30.4375)
        assert row["verdict"] == "promising"


@in_school(
    [had(n, 84, 84 + 1 + n % 2, measure="reading/age", exit_date=START + timedelta(days=152), end_date=None)
     for n in range(1, 13)],
    pupils=pupils(12, date_of_birth=START - timedelta(days=round(84 * 30.4375))),
)  # fmt: skip
def test_clearly_less_than_comes_by_itself_has_its_own_reason(schools: Store, case: str) -> None:
    """A month and a half of reading age in five months, of pupils of the age that they read at."""
    row = row_of(schools, case)
    assert row["gain_low"] > 0
    assert row["gain_beyond_high"] < 0
    assert told(row, "verdict", "verdict_because") == (
        "no clear change", "Scores rose, but less than such scores usually do by themselves.",
    )  # fmt: skip


class TestMeasures:
    @in_school([
        had(n, *((80, 87) if n < 7 else (20, 13)), measure=None) for n in range(1, 13)
    ])  # fmt: skip
    def test_values_of_no_scale_are_no_gain(self, schools: Store, case: str) -> None:
        """Six standardised scores and six difficulties, none with its measure: their mean says nothing."""
        row = row_of(schools, case)
        assert told(row, "measure", "with_entry_and_exit", "mean_gain") == (None, 0, None)
        each = one_by_one(schools, case).values()
        assert {pupil["no_score_because"] for pupil in each} == {"no measure is set"}

    @in_school(
        [had(n, 20, 13, measure="SEMH/SDQ total" if n == 12 else None) for n in range(1, 13)],
        provisions=[TALK | {"quantitative_measure": "SEMH/SDQ total"}],
    )
    def test_the_provision_says_what_its_values_are(self, schools: Store, case: str) -> None:
        """Difficulties fell from 20 to 13: better, on the scale that the provision is measured by."""
        row = row_of(schools, case)
        assert told(row, "measure", "pupils_measured", "mean_gain") == ("SEMH/SDQ total", 12, 7.0)

    @in_school(
        [had(1, 20, 13, measure=None)], 1, provisions=[TALK | {"quantitative_measure": "the termly test"}]
    )
    def test_words_are_no_scale(self, schools: Store, case: str) -> None:
        assert row_of(schools, case)["measure"] is None

    @in_school(
        [without_scores(1, measure="writing/teacher judgement")], 1,
        assessments=[result(1, value, on, subject="writing", scale="teacher judgement")
                     for value, on in (("WTS", START), ("EXS", END))],
    )  # fmt: skip
    def test_grades_near_both_ends_have_no_mean_either(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert told(row, "from_assessments", "assessed_gain", "assessed_low") == (1, None, None)


def aged(days: int, **more: Any) -> str:
    """A case of twelve whose reading ages are so many days apart."""
    ages = {"measure": "reading/age", "exit_date": START + timedelta(days=days)}
    times = [had(n, 84, 84 + gain) | ages for n, gain in enumerate(GAINS, 1)]
    return talk(times, pupils=pupils(12, **more))


class TestAgeScales:
    @pytest.mark.parametrize(
        ("case", "days", "ratio", "short"),
        [
            (aged(60), 60, False, False), (aged(61), 61, True, True), (aged(121), 121, True, True),
            (aged(122), 122, True, False),
        ],
    )  # fmt: skip
    def test_ratio_gain_is_refused_under_two_months_and_warned_on_under_four(
        self, schools: Store, case: str, days: int, ratio: bool, short: bool
    ) -> None:
        row = row_of(schools, case)
        assert row["ratio_gain"] == (pytest.approx(9 / (days / 30.4375)) if ratio else None)
        assert row["is_short"] == short

    @pytest.mark.parametrize("case", [aged(91, date_of_birth=START - timedelta(days=round(108 * 30.4375)))])
    def test_months_that_pass_and_low_reading_ages_that_rise_are_taken_off(
        self, schools: Store, case: str
    ) -> None:
        """Aged 9:00 and reading at 7:00: in three months, 3 months and a quarter of the 24 below."""
        row = row_of(schools, case)
        assert row["gain_beyond"] == pytest.approx(9 - 91 / 30.4375 - 0.25 * 24, abs=0.01)
        assert row["verdict"] == "no clear change"

    @pytest.mark.parametrize("case", [aged(91)])
    def test_without_a_date_of_birth_nothing_is_compared(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert (row["compared_with"], row["verdict"]) == (None, "too little to say")


EARLY, LATE = START - timedelta(days=40), END + timedelta(days=40)
NEAR = [result(n, score, on) for n in range(13, 19) for score, on in ((80, EARLY), (89, END))]
NEAR += [result(n, score, on) for n in range(19, 25) for score, on in ((80, START), (89, LATE))]
ALSO = [without_scores(n, start_date=EARLY, end_date=START - timedelta(days=1)) for n in range(13, 19)]
ALSO += [without_scores(n, start_date=END + timedelta(days=1), end_date=LATE) for n in range(19, 25)]


@pytest.mark.parametrize(
    ("case", "similar"),
    [(talk(TWELVE + ALSO, 24, assessments=NEAR), 0), (talk(TWELVE, 24, assessments=NEAR), 12)],
)
def test_who_had_the_provision_between_own_tests_is_no_comparison(
    schools: Store, case: str, similar: int
) -> None:
    """Six were tested forty days earlier, and had the provision until the day before the first test."""
    assert row_of(schools, case)["similar_pupils"] == similar


PLANNED = {"sessions_planned": 10.0}


@in_school(
    [had(1, 80, 90, **PLANNED), had(2, 80, 90, sessions_attended=5.0, **PLANNED), had(3, 80, 90, **PLANNED)],
    3,
    sessions=[
        {
            "pupil_id": str(n), "provision_id": "T", "held_on": START + timedelta(days=7 * week),
            "status": "attended" if week < 8 else "absent",
        }
        for n, first in ((1, -1), (2, 0)) for week in range(first, 10)
    ],
)  # fmt: skip
def test_sessions_on_record_are_delivered_where_nobody_counted_them(schools: Store, case: str) -> None:
    """Pupil 1: eight of ten by the record; pupil 2: five of ten counted; pupil 3: no record, not known."""
    assert row_of(schools, case)["delivered_share"] == 13 / 20
    assert [row["delivered_share"] for row in one_by_one(schools, case).values()] == [0.8, 0.5, None]


@pytest.mark.parametrize(("said", "effect"), [(None, 9 / 15), (True, 9 / 15), (False, None)])
def test_an_own_scale_with_mean_and_sd_is_normed_unless_said_otherwise(
    tmp_path: Path, said: bool | None, effect: float | None
) -> None:
    own = {"scale": "NGRT SAS", "kind": "number", "mean": 100.0, "sd": 15.0, "age_normed": said}
    times = [had(n, 80, 80 + gain, measure="reading/NGRT SAS") for n, gain in enumerate(GAINS, 1)]
    store = tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK], placements=times, scales=[own])
    row = one_row(store)
    assert (row["compared_with"] == "what low scores regain") == (effect is not None)
    if effect is not None:
        assert row["effect_size"] == pytest.approx(effect)


@in_school([had(1, 80, 86, measure="reading/age", exit_date=START + timedelta(days=134), end_date=None)], 1)
def test_the_words_for_a_ratio_gain_are_those_of_the_number_shown(schools: Store, case: str) -> None:
    """1.36 months a month are shown as 1.4: small and modest."""
    row = row_of(schools, case)
    assert row["ratio_gain"] == pytest.approx(6 / 134 * 30.4375)
    assert row["ratio_gain"] < 1.4
    assert row["ratio_gain_band"] == "small, modest"


def test_two_times_of_one_pupil_have_no_interval(tmp_path: Path) -> None:
    """They are no sample of pupils: a bar from -14 to +24 would look like a finding."""
    again = {"start_date": END + timedelta(days=10), "end_date": END + timedelta(days=60)}
    later = {"entry_date": again["start_date"], "exit_date": again["end_date"]}
    times = [had(1, 80, 90), had(1, 90, 93) | again | later]
    store = tiny_school(tmp_path, pupils=pupils(1), provisions=[TALK], placements=times)
    at = make_filter(store, as_at=DAY)
    row = one_row(store)
    assert (row["with_entry_and_exit"], row["mean_gain"]) == (2, 6.5)
    assert (row["gain_low"], row["gain_high"]) == (None, None)
    (by_tier,) = ask("impact_by", at, store, by="tier").to_dicts()
    assert (by_tier["pairs"], by_tier["mean_gain"], by_tier["gain_low"]) == (2, 6.5, None)
