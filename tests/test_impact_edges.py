"""Who counts in `impact_by_provision`, and what is no answer: leavers, last days, undated tests, grades."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from tests.test_impact import (
    END,
    GAINS,
    START,
    had,
    one_row,
    pupils,
    result,
    scores_before,
    without_scores,
)
from tests.tiny import DAY, TALK, answer, day, tiny_school


def talk(folder: Path, placements: list[dict[str, Any]], many: int = 12, **rows: Any) -> Store:
    rows = {"pupils": pupils(many), "provisions": [TALK]} | rows
    return tiny_school(folder, placements=placements, **rows)


def told(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def one_by_one(store: Store, **choices: Any) -> dict[str, dict[str, Any]]:
    school = answer(store, "pupil_list")[0]["school_id"]
    filter = make_filter(store, as_at=DAY, **choices)
    rows = ask("impact_pupils", filter, store, of_school=school, provision_id="T").to_dicts()
    return {row["pupil_id"]: row for row in rows}


class TestWhoHasLeft:
    def test_who_left_since_still_counts(self, tmp_path: Path) -> None:
        """Twelve rose by 9 on average and twelve fell by 10; those who fell left the school in January."""
        times = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        times += [had(n, 80, 70 + n % 2) for n in range(13, 25)]
        who = pupils(24)
        for pupil in who[12:]:
            pupil["leaving_date"] = day("2026-01-31")
        row = one_row(talk(tmp_path, times, pupils=who))
        assert told(row, "placements", "pupils_measured", "left_school") == (24, 24, 12)
        assert row["mean_gain"] == (9.0 - 9.5) / 2
        assert row["verdict"] == "no clear change"

    def test_who_left_during_it_ended_early_without_a_score(self, tmp_path: Path) -> None:
        who = pupils(2)
        who[0]["leaving_date"] = day("2025-10-20")
        left = had(1, 80, 0, exit_value=None, exit_date=None, end_date=None, expected_end_date=END)
        store = talk(tmp_path, [left, had(2, 80, 90)], pupils=who)
        row = one_row(store)
        assert told(row, "ended", "ended_early", "missing_exit", "left_school") == (2, 1, 1, 1)
        pupil = one_by_one(store)["1"]
        assert told(pupil, "end_date", "has_left", "no_score_because") == (
            day("2025-10-20"), True, "no score at the end",
        )  # fmt: skip

    def test_too_many_who_left_unmeasured_are_too_little_to_say(self, tmp_path: Path) -> None:
        who = pupils(20)
        for pupil in who[12:]:
            pupil["leaving_date"] = day("2025-10-20")
        times = [had(n, 95, 95 - gain) for n, gain in enumerate(GAINS, 1)]
        times += [without_scores(n, end_date=None) for n in range(13, 21)]
        assert one_row(talk(tmp_path, times, pupils=who))["verdict_because"] == (
            "Too many of those who finished have no score at both ends."
        )

    def test_the_filter_holds_as_on_the_last_day(self, tmp_path: Path) -> None:
        """Pupil 1 left in October from Year 6 and Elm, with the speech need that ended in November."""
        who = [*pupils(1, leaving_date=day("2025-10-20")), *pupils(2)[1:]]
        enrolled = [
            {"pupil_id": "1", "academic_year": "2025/26", "year_group": "6", "class": "Elm"},
            {"pupil_id": "1", "academic_year": "2024/25", "year_group": "5", "class": "Fir"},
        ]
        needs = [{"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-01-01"),
                  "end_date": day("2025-11-01")}]  # fmt: skip
        club = [{"pupil_id": "1", "group_code": "Club", "start_date": day("2025-09-01"),
                 "end_date": day("2025-10-20")}]  # fmt: skip
        store = talk(
            tmp_path, [had(1, 80, 85), had(2, 80, 90)], pupils=who, enrolments=enrolled, needs=needs,
            memberships=club,
        )  # fmt: skip
        for choice in (
            {"year_groups": ["6"]},
            {"classes": ["Elm"]},
            {"needs": ["SLCN"]},
            {"groups": ["Club"]},
        ):
            assert list(one_by_one(store, **choice)) == ["1"], choice
        assert list(one_by_one(store, year_groups=["5"])) == ["2"]
        by = ask("impact_by", make_filter(store, as_at=DAY), store, by="group").to_dicts()
        assert [told(row, "part", "pairs") for row in by] == [("Club", 1)]

    def test_what_began_after_the_last_day_is_no_time(self, tmp_path: Path) -> None:
        who = pupils(2)
        who[0]["leaving_date"] = START - timedelta(days=1)
        assert one_row(talk(tmp_path, [had(1, 80, 85), had(2, 80, 90)], pupils=who))["placements"] == 1


class TestOver:
    def test_on_its_last_day_it_still_runs(self, tmp_path: Path) -> None:
        time = had(1, 80, 0, exit_value=None, exit_date=None)
        store = talk(tmp_path, [time], many=1)
        assert told(one_row(store, as_at=END), "ended", "missing_exit") == (0, 0)
        assert told(one_row(store, as_at=END + timedelta(days=1)), "ended", "missing_exit") == (1, 1)

    def test_without_any_score_the_end_is_missing_too(self, tmp_path: Path) -> None:
        """Four are over: one has no score, one only the first, one a pair, one assessments near both ends."""
        times = [without_scores(1), had(2, 80, 0, exit_value=None), had(3, 80, 85), without_scores(4)]
        near = [result(4, 80, START), result(4, 86, END)]
        row = one_row(talk(tmp_path, times, many=4, assessments=near))
        assert told(row, "ended", "missing_exit", "missing_both") == (4, 2, 1)


class TestMonths:
    """Twelve pupils at 80 with clear gains and an earlier score: promising, if their tests are far apart."""

    def row(self, folder: Path, *odd: dict[str, Any]) -> dict[str, Any]:
        times = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        times = [time | other for time, other in zip(times, [*odd, *[{}] * 12], strict=False)]
        return one_row(talk(folder, times, assessments=scores_before(12)))

    def test_most_tests_have_to_be_dated(self, tmp_path: Path) -> None:
        undated = {"entry_date": None, "exit_date": None}
        assert self.row(tmp_path / "a", *[undated] * 3)["verdict"] == "promising"
        row = self.row(tmp_path / "b", *[undated] * 4)
        assert told(row, "verdict", "verdict_because") == (
            "too little to say", "Too many of the tests are undated, or too close together.",
        )  # fmt: skip

    def test_a_few_far_apart_do_not_stand_for_the_others(self, tmp_path: Path) -> None:
        near = {"exit_date": START + timedelta(days=50)}
        row = self.row(tmp_path, *[near] * 4)
        assert row["months_between"] > 2
        assert row["verdict"] == "too little to say"

    def test_an_end_before_the_start_has_no_months(self, tmp_path: Path) -> None:
        mixed_up = {"entry_date": END, "exit_date": START}
        row = self.row(tmp_path, mixed_up)
        assert row["months_between"] == pytest.approx((END - START).days / 30.4375)
        assert row["verdict"] == "promising"


def test_clearly_less_than_comes_by_itself_has_its_own_reason(tmp_path: Path) -> None:
    """A month and a half of reading age in five months, of pupils of the age that they read at."""
    born = START - timedelta(days=round(84 * 30.4375))
    age = {"measure": "reading/age", "exit_date": START + timedelta(days=152), "end_date": None}
    times = [had(n, 84, 84 + 1 + n % 2) | age for n in range(1, 13)]
    row = one_row(talk(tmp_path, times, pupils=pupils(12, date_of_birth=born)))
    assert row["gain_low"] > 0
    assert row["gain_beyond_high"] < 0
    assert told(row, "verdict", "verdict_because") == (
        "no clear change", "Scores rose, but pupils like these usually gain more by themselves.",
    )  # fmt: skip


class TestMeasures:
    def test_values_of_no_scale_are_no_gain(self, tmp_path: Path) -> None:
        """Six standardised scores and six difficulties, none with its measure: their mean says nothing."""
        times = [had(n, 80, 87, measure=None) for n in range(1, 7)]
        times += [had(n, 20, 13, measure=None) for n in range(7, 13)]
        store = talk(tmp_path, times)
        row = one_row(store)
        assert told(row, "measure", "with_entry_and_exit", "mean_gain") == (None, 0, None)
        assert {pupil["no_score_because"] for pupil in one_by_one(store).values()} == {"no measure is set"}

    def test_the_provision_says_what_its_values_are(self, tmp_path: Path) -> None:
        """Difficulties fell from 20 to 13: better, on the scale that the provision is measured by."""
        times = [had(n, 20, 13, measure=None) for n in range(1, 12)]
        times += [had(12, 20, 13, measure="SEMH/SDQ total")]
        measured = TALK | {"quantitative_measure": "SEMH/SDQ total"}
        row = one_row(talk(tmp_path, times, provisions=[measured]))
        assert told(row, "measure", "pupils_measured", "mean_gain") == ("SEMH/SDQ total", 12, 7.0)

    def test_words_are_no_scale(self, tmp_path: Path) -> None:
        measured = TALK | {"quantitative_measure": "the termly test"}
        times = [had(1, 20, 13, measure=None)]
        assert one_row(talk(tmp_path, times, many=1, provisions=[measured]))["measure"] is None

    def test_grades_near_both_ends_have_no_mean_either(self, tmp_path: Path) -> None:
        writing = {"subject": "writing", "scale": "teacher judgement"}
        near = [result(1, "WTS", START, **writing), result(1, "EXS", END, **writing)]
        times = [without_scores(1, measure="writing/teacher judgement")]
        row = one_row(talk(tmp_path, times, many=1, assessments=near))
        assert told(row, "from_assessments", "assessed_gain", "assessed_low") == (1, None, None)


class TestAgeScales:
    def row(self, folder: Path, days: int, gains: list[int], **more: Any) -> dict[str, Any]:
        placements = [
            had(n, 84, 84 + gain, measure="reading/age", exit_date=START + timedelta(days=days))
            for n, gain in enumerate(gains, 1)
        ]
        who = pupils(12, **more)
        return one_row(tiny_school(folder, pupils=who, provisions=[TALK], placements=placements))

    @pytest.mark.parametrize(
        ("days", "ratio", "short"),
        [(60, False, False), (61, True, True), (121, True, True), (122, True, False)],
    )
    def test_ratio_gain_is_refused_under_two_months_and_warned_on_under_four(
        self, tmp_path: Path, days: int, ratio: bool, short: bool
    ) -> None:
        row = self.row(tmp_path, days, GAINS)
        assert row["ratio_gain"] == (pytest.approx(9 / (days / 30.4375)) if ratio else None)
        assert row["is_short"] == short

    def test_months_that_pass_and_low_reading_ages_that_rise_are_taken_off(self, tmp_path: Path) -> None:
        """Aged 9:00 and reading at 7:00: in three months, 3 months and a quarter of the 24 below."""
        born = START - timedelta(days=round(108 * 30.4375))
        row = self.row(tmp_path, 91, GAINS, date_of_birth=born)
        assert row["gain_beyond"] == pytest.approx(9 - 91 / 30.4375 - 0.25 * 24, abs=0.01)
        assert row["verdict"] == "no clear change"

    def test_without_a_date_of_birth_nothing_is_compared(self, tmp_path: Path) -> None:
        row = self.row(tmp_path, 91, GAINS)
        assert (row["compared_with"], row["verdict"]) == (None, "too little to say")


def test_who_had_the_provision_between_own_tests_is_no_comparison(tmp_path: Path) -> None:
    """Six were tested forty days earlier, and had the provision until the day before the first test."""
    early, late = START - timedelta(days=40), END + timedelta(days=40)
    near = [result(n, score, on) for n in range(13, 19) for score, on in ((80, early), (89, END))]
    near += [result(n, score, on) for n in range(19, 25) for score, on in ((80, START), (89, late))]
    also = [without_scores(n, start_date=early, end_date=START - timedelta(days=1)) for n in range(13, 19)]
    also += [without_scores(n, start_date=END + timedelta(days=1), end_date=late) for n in range(19, 25)]
    times = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
    store = talk(tmp_path / "had", times + also, many=24, assessments=near)
    assert one_row(store)["similar_pupils"] == 0
    store = talk(tmp_path / "not", times, many=24, assessments=near)
    assert one_row(store)["similar_pupils"] == 12


def test_sessions_on_record_are_delivered_where_nobody_counted_them(tmp_path: Path) -> None:
    """Pupil 1: eight of ten by the record; pupil 2: five of ten counted; pupil 3: no record, not known."""
    planned = {"sessions_planned": 10.0}
    times = [had(1, 80, 90, **planned), had(2, 80, 90, sessions_attended=5.0, **planned),
             had(3, 80, 90, **planned)]  # fmt: skip
    held = [
        {
            "pupil_id": str(n),
            "provision_id": "T",
            "held_on": START + timedelta(days=7 * week),
            "status": "attended" if week < 8 else "absent",
        }
        for n in (1, 2)
        for week in range(10)
    ]
    held.append(held[0] | {"held_on": START - timedelta(days=7)})
    store = talk(tmp_path, times, many=3, sessions=held)
    assert one_row(store)["delivered_share"] == 13 / 20
    assert [row["delivered_share"] for row in one_by_one(store).values()] == [0.8, 0.5, None]


@pytest.mark.parametrize(("said", "effect"), [(None, 9 / 15), (True, 9 / 15), (False, None)])
def test_an_own_scale_with_mean_and_sd_is_normed_unless_said_otherwise(
    tmp_path: Path, said: bool | None, effect: float | None
) -> None:
    own = {"scale": "NGRT SAS", "kind": "number", "mean": 100.0, "sd": 15.0, "age_normed": said}
    times = [had(n, 80, 80 + gain, measure="reading/NGRT SAS") for n, gain in enumerate(GAINS, 1)]
    row = one_row(talk(tmp_path, times, scales=[own]))
    assert (row["compared_with"] == "what low scores regain") == (effect is not None)
    if effect is not None:
        assert row["effect_size"] == pytest.approx(effect)


def test_the_words_for_a_ratio_gain_are_those_of_the_number_shown(tmp_path: Path) -> None:
    """1.36 months a month are shown as 1.4: small and modest."""
    measure = {"measure": "reading/age", "exit_date": START + timedelta(days=134), "end_date": None}
    row = one_row(talk(tmp_path, [had(1, 80, 86) | measure], many=1))
    assert row["ratio_gain"] == pytest.approx(6 / 134 * 30.4375)
    assert row["ratio_gain"] < 1.4
    assert row["ratio_gain_band"] == "small, modest"
