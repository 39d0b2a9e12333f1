"""`impact_by_provision` by hand: its statistics, the nearest assessments, similar pupils and the verdict."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from provmap.store import Edit, Store, open_store, save
from tests.slow_history import Import, fold
from tests.test_properties import REFERENCE, opened, really, slowly
from tests.tiny import DAY, PUPIL, TALK, answer, day, tiny_school

START, END = date(2025, 9, 8), date(2025, 12, 8)
READING = {"subject": "reading", "scale": "standardised", "source": "test"}
GAINS = [7, 9, 8, 12, 10, 6, 11, 9, 10, 8, 7, 11]


def had(pupil_id: int, entry: object, leaving: object, **more: Any) -> dict[str, Any]:
    """A time in the provision with a score at both ends, three months apart."""
    return {
        "pupil_id": str(pupil_id), "provision_id": "T", "start_date": START, "end_date": END,
        "measure": "reading/standardised", "entry_value": str(entry), "entry_date": START,
        "exit_value": str(leaving), "exit_date": END,
    } | more  # fmt: skip


def without_scores(pupil_id: int, **more: Any) -> dict[str, Any]:
    scores = dict.fromkeys(("entry_value", "entry_date", "exit_value", "exit_date"))
    return had(pupil_id, "", "") | scores | more


def result(pupil_id: int, value: object, on: date, **more: Any) -> dict[str, Any]:
    return READING | {"pupil_id": str(pupil_id), "value": str(value), "assessed_on": on} | more


def scores_before(many: int, value: object = 80) -> list[dict[str, Any]]:
    """A score three months before the start: as low as at the start, unless said otherwise."""
    return [result(n, value, START - timedelta(days=90)) for n in range(1, many + 1)]


def pupils(many: int, **more: Any) -> list[dict[str, Any]]:
    return [PUPIL | {"pupil_id": str(n)} | more for n in range(1, many + 1)]


def one_row(store: Store, **choices: Any) -> dict[str, Any]:
    (row,) = answer(store, "impact_by_provision", **choices)
    return row


def verdict(folder: Path, placements: list[dict[str, Any]], many: int = 12, **rows: Any) -> tuple[str, str]:
    rows = {"assessments": scores_before(many)} | rows
    store = tiny_school(folder, pupils=pupils(many), provisions=[TALK], placements=placements, **rows)
    row = one_row(store)
    return row["verdict"], row["verdict_because"]


def test_the_numbers_of_twelve_pupils(tmp_path: Path) -> None:
    placements = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
    row = one_row(
        tiny_school(
            tmp_path, pupils=pupils(12), provisions=[TALK], placements=placements,
            assessments=scores_before(12),
        )
    )  # fmt: skip
    low, high = stats.ttest_1samp(GAINS, 0).confidence_interval()
    assert row["mean_gain"] == 9.0
    assert (row["gain_low"], row["gain_high"]) == pytest.approx((low, high))
    assert (row["median_gain"], row["pupils_measured"], row["ended"]) == (9.0, 12, 12)
    assert (row["effect_size"], row["effect_low"]) == pytest.approx((9 / 15, low / 15))
    assert row["ratio_gain"] is None
    # Nobody to compare with: a score of 80 regains a quarter of its distance to 100 by itself.
    assert row["compared_with"] == "what low scores regain"
    assert row["gain_beyond"] == pytest.approx(9 - 0.25 * 20)
    assert row["verdict"] == "promising"


def test_what_a_reader_needs_not_is_left_out(tmp_path: Path) -> None:
    row = one_row(tiny_school(tmp_path, provisions=[TALK], placements=[had(1, 80, 90)]))
    assert list(row)[:15] == [
        "provision_id", "provision", "measure", "placements", "with_entry_and_exit", "mean_gain", "gain_low",
        "gain_high", "months_between", "ratio_gain", "effect_size", "effect_low", "effect_high",
        "delivered_share", "verdict",
    ]  # fmt: skip
    assert list(row)[-1] == "school_id"
    assert not [name for name in row if name.startswith(("own_", "assessed_own_", "least_"))]


def test_one_pupil_has_a_gain_and_no_interval(tmp_path: Path) -> None:
    row = one_row(tiny_school(tmp_path, provisions=[TALK], placements=[had(1, 80, 90)]))
    assert (row["mean_gain"], row["effect_size"]) == (10.0, pytest.approx(10 / 15))
    assert (row["gain_low"], row["gain_high"], row["effect_low"]) == (None, None, None)
    assert (row["verdict"], row["verdict_because"]) == (
        "too little to say", "Too few pupils with a score at both ends.",
    )  # fmt: skip


class TestVerdicts:
    def test_a_gain_that_low_scores_make_by_themselves_is_no_clear_change(self, tmp_path: Path) -> None:
        placements = [had(n, 80, 80 + gain - 5) for n, gain in enumerate(GAINS, 1)]
        assert verdict(tmp_path, placements) == (
            "no clear change",
            "Scores rose, but no more clearly than those of pupils like these do by themselves.",
        )  # fmt: skip

    def test_a_gain_whose_interval_includes_nothing(self, tmp_path: Path) -> None:
        placements = [had(n, 95, 95 + gain - 9) for n, gain in enumerate(GAINS, 1)]
        assert verdict(tmp_path, placements)[0] == "no clear change"

    def test_a_fall_is_worse_than_before(self, tmp_path: Path) -> None:
        placements = [had(n, 95, 95 - gain) for n, gain in enumerate(GAINS, 1)]
        assert verdict(tmp_path, placements)[0] == "worse than before"

    @pytest.mark.parametrize(("many", "said"), [(9, "too little to say"), (10, "promising")])
    def test_ten_pupils_are_the_least(self, tmp_path: Path, many: int, said: str) -> None:
        placements = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS[:many], 1)]
        assert verdict(tmp_path, placements)[0] == said

    def test_one_pupil_ten_times_is_one_pupil(self, tmp_path: Path) -> None:
        placements = [
            had(1, 80, 80 + gain, start_date=START + timedelta(days=n)) for n, gain in enumerate(GAINS)
        ]
        assert verdict(tmp_path, placements)[0] == "too little to say"

    @pytest.mark.parametrize(("missing", "said"), [(4, "promising"), (5, "too little to say")])
    def test_a_quarter_of_those_who_finished_may_be_unmeasured(
        self, tmp_path: Path, missing: int, said: str
    ) -> None:
        """12 of 16 are enough, 12 of 17 are not: who left without a score may have done worst."""
        measured = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        left = [had(n, 80, 0, exit_value=None, exit_date=None) for n in range(13, 13 + missing)]
        assert verdict(tmp_path, measured + left, many=20)[0] == said

    def test_what_still_runs_is_not_missing(self, tmp_path: Path) -> None:
        measured = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        running = [without_scores(n, end_date=None) for n in range(13, 20)]
        assert verdict(tmp_path, measured + running, many=20)[0] == "promising"

    @pytest.mark.parametrize(("days", "said"), [(60, "too little to say"), (61, "promising")])
    def test_two_months_between_the_tests_are_the_least(self, tmp_path: Path, days: int, said: str) -> None:
        placements = [
            had(n, 80, 80 + gain, exit_date=START + timedelta(days=days)) for n, gain in enumerate(GAINS, 1)
        ]
        assert verdict(tmp_path, placements)[0] == said

    @pytest.mark.parametrize(("before", "said"), [(9, "promising"), (8, "too little to say")])
    def test_most_need_a_score_before_the_first(self, tmp_path: Path, before: int, said: str) -> None:
        """9 of 12 are the stated three quarters; a test of two years ago is none."""
        placements = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        old = [result(12, 80, START - timedelta(days=730))]
        found, because = verdict(tmp_path, placements, assessments=scores_before(before) + old)
        assert found == said
        assert ("a chance low score cannot be told apart" in because) == (said != "promising")

    def test_all_alike_says_nothing(self, tmp_path: Path) -> None:
        assert verdict(tmp_path, [had(n, 80, 95) for n in range(1, 13)])[0] == "too little to say"

    def test_without_anything_to_compare_with_a_gain_is_too_little_to_say(self, tmp_path: Path) -> None:
        """A fall in SDQ difficulties is a gain; how much of it comes by itself is not known."""
        placements = [had(n, 25, 25 - gain, measure="wellbeing/SDQ total") for n, gain in enumerate(GAINS, 1)]
        store = tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK], placements=placements)
        row = one_row(store)
        assert row["mean_gain"] == 9.0
        assert row["gain_low"] > 0
        assert (row["verdict"], row["compared_with"]) == ("too little to say", None)
        spread = np.std(GAINS, ddof=1) / np.sqrt(2)
        assert row["effect_size"] == pytest.approx(9 / spread * 0.9655, rel=1e-3)

    def test_grades_have_no_interval_and_no_verdict(self, tmp_path: Path) -> None:
        placements = [
            had(n, "WTS", "EXS" if n % 3 else "GDS", measure="writing/teacher judgement")
            for n in range(1, 13)
        ]
        store = tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK], placements=placements)
        row = one_row(store)
        assert (row["gain_low"], row["effect_size"], row["verdict"]) == (None, None, "too little to say")
        assert (row["with_entry_and_exit"], row["mean_gain"], row["median_gain"]) == (12, None, None)

    def test_the_schools_own_threshold_counts(self, tmp_path: Path) -> None:
        placements = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        store = tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK], placements=placements)
        own = {"name": "impact_least_pupils", "from_date": day("2025-01-01"), "value": 13.0}
        save(store, "Head", [Edit("settings", own)])
        assert one_row(open_store(tmp_path))["verdict"] == "too little to say"


class TestNearestAssessments:
    def row(self, folder: Path, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
        return one_row(
            tiny_school(
                folder, provisions=[TALK], placements=[without_scores(1, **more)], assessments=[*results]
            )
        )

    @pytest.mark.parametrize(("before", "after", "counted"), [(42, 42, 1), (43, 42, 0), (42, 43, 0)])
    def test_stand_in_within_the_window_and_are_counted_apart(
        self, tmp_path: Path, before: int, after: int, counted: int
    ) -> None:
        row = self.row(
            tmp_path,
            result(1, 80, START - timedelta(days=before)),
            result(1, 86, END + timedelta(days=after)),
        )
        assert row["from_assessments"] == counted
        assert row["assessed_gain"] == (6.0 if counted else None)
        assert (row["with_entry_and_exit"], row["mean_gain"], row["gain_low"]) == (0, None, None)

    def test_the_nearest_counts(self, tmp_path: Path) -> None:
        row = self.row(
            tmp_path,
            result(1, 70, START - timedelta(days=20)), result(1, 80, START + timedelta(days=3)),
            result(1, 86, END - timedelta(days=5)), result(1, 99, END + timedelta(days=30)),
        )  # fmt: skip
        assert row["assessed_gain"] == 6.0
        assert row["assessed_months"] == pytest.approx((END - START).days / 30.4375 - 8 / 30.4375)

    def test_one_test_is_not_both_ends(self, tmp_path: Path) -> None:
        row = self.row(
            tmp_path, result(1, 80, START + timedelta(days=5)), end_date=START + timedelta(days=20)
        )
        assert row["from_assessments"] == 0

    def test_not_where_scores_were_recorded_nor_while_it_runs_nor_on_another_scale(
        self, tmp_path: Path
    ) -> None:
        results = [result(n, value, on) for n in (1, 2, 3) for value, on in ((80, START), (90, END))]
        other = [row | {"scale": "scaled score"} if row["pupil_id"] == "3" else row for row in results]
        placements = [had(1, 80, 82), without_scores(2, end_date=DAY + timedelta(days=1)), without_scores(3)]
        store = tiny_school(
            tmp_path, pupils=pupils(3), provisions=[TALK], placements=placements, assessments=other
        )
        row = one_row(store)
        assert (row["with_entry_and_exit"], row["mean_gain"], row["from_assessments"]) == (1, 2.0, 0)

    def test_a_provision_can_say_what_it_is_measured_by(self, tmp_path: Path) -> None:
        measured = TALK | {"quantitative_measure": "Reading/standardised"}
        store = tiny_school(
            tmp_path, provisions=[measured], placements=[without_scores(1, measure=None)],
            assessments=[result(1, 80, START), result(1, 86, END)],
        )  # fmt: skip
        row = one_row(store)
        assert (row["measure"], row["from_assessments"]) == ("Reading/standardised", 1)
        assert row["assessed_gain"] == 6.0


@pytest.mark.parametrize("seed", range(3))
def test_the_nearest_assessments_agree_with_their_slow_version(seed: int) -> None:
    """Sixty pupils whose tests crowd around the edges of the window, some with scores of their own."""
    choose = random.Random(seed).choice
    shifts = [timedelta(days=n) for n in (-43, -42, -41, -5, -1, 0, 1, 5, 41, 42, 43)]
    rows: dict[str, list[dict[str, Any]]] = {"pupils": pupils(60), "provisions": [TALK]}
    rows |= {"placements": [], "assessments": []}
    for n in range(1, 61):
        measure = choose(("reading/standardised", "reading/SDQ total", None))
        ends = {"measure": measure, "end_date": choose((END, END, START + timedelta(days=20), None))}
        made = had(n, 80, choose(("84", "A")), **ends) if choose((True, False)) else without_scores(n, **ends)
        rows["placements"].append(made)
        for shift in shifts:
            for end in (START, END):
                if choose((True, False, False)):
                    scale = choose(("standardised", "standardised", "SDQ total"))
                    source = choose((None, "teacher", "test"))
                    extra = {"scale": scale, "source": source}
                    rows["assessments"].append(result(n, choose((15, 16, 17, "A")), end + shift, **extra))
    imports = [Import(DAY, rows)]
    with opened(imports) as store:
        for as_at in (DAY, END + timedelta(days=41), END + timedelta(days=42)):
            found = really("impact_by_provision", store, as_at)
            assert found == slowly("impact_by_provision", fold(imports, REFERENCE), as_at)
        assert sum(row["from_assessments"] for row in answer(store, "impact_by_provision")) > 5


class TestSimilarPupils:
    """Twelve with the provision who started at 80, and others of the school; every other gained 5."""

    def row(self, folder: Path, others: list[dict[str, Any]], **rows: Any) -> dict[str, Any]:
        who = pupils(12 + len(others))
        for pupil, other in zip(who[12:], others, strict=True):
            pupil["year_group"] = other.get("year_group", "5")
        results = [
            result(int(pupil["pupil_id"]), score, on)
            for pupil, other in zip(who[12:], others, strict=True)
            for score, on in (
                (other["start"], START + timedelta(days=other.get("late", 0))),
                (other["start"] + other.get("gain", 5), END),
            )
        ] + scores_before(12)
        placements = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)] + rows.pop("also", [])
        store = tiny_school(
            folder, pupils=who, provisions=[TALK], placements=placements, assessments=results, **rows
        )
        return one_row(store)

    def test_the_gain_beyond_theirs(self, tmp_path: Path) -> None:
        row = self.row(tmp_path, [{"start": 80, "gain": 5 + n % 3} for n in range(12)])
        assert (row["compared_with"], row["compared"], row["similar_pupils"]) == ("similar pupils", 12, 12)
        assert row["gain_beyond"] == pytest.approx(9 - 6)
        # Twelve and twelve: as two groups, each with the spread of the gains.
        half = stats.t.ppf(0.975, 11) * np.std(GAINS, ddof=1) * np.sqrt(2 / 12)
        assert row["gain_beyond_high"] - row["gain_beyond"] == pytest.approx(half)
        assert row["effect_beyond"] == pytest.approx(3 / 15)
        assert row["verdict"] == "promising"

    def test_a_year_that_gained_as_much_is_no_clear_change(self, tmp_path: Path) -> None:
        row = self.row(tmp_path, [{"start": 80, "gain": 9} for _ in range(12)])
        assert (row["gain_beyond"], row["verdict"]) == (0.0, "no clear change")

    def test_a_higher_start_has_less_to_regain(self, tmp_path: Path) -> None:
        """Others began at 84: the lower start of 80 would have regained a quarter of 4 more."""
        row = self.row(tmp_path, [{"start": 84} for _ in range(12)])
        assert row["gain_beyond"] == pytest.approx(9 - (5 + 1))
        lower = self.row(tmp_path / "lower", [{"start": 76} for _ in range(12)])
        assert lower["gain_beyond"] == pytest.approx(9 - 5)

    @pytest.mark.parametrize(
        "others",
        [
            [{"start": 80}] * 2,
            [{"start": 86.5}] * 12,
            [{"start": 80, "year_group": "4"}] * 12,
            [{"start": 80, "late": 43}] * 12,
        ],
        ids=["only two", "more than 0.4 SD away", "another year group", "tested at another time"],
    )
    def test_who_is_not_similar(self, tmp_path: Path, others: list[dict[str, Any]]) -> None:
        assert self.row(tmp_path, others)["compared_with"] == "what low scores regain"

    @pytest.mark.parametrize(("start", "similar"), [(86, True), (86.01, False)])
    def test_four_tenths_of_a_standard_deviation_is_near(
        self, tmp_path: Path, start: float, similar: bool
    ) -> None:
        row = self.row(tmp_path, [{"start": start}] * 3)
        assert (row["similar_pupils"] == 3) == similar

    def test_who_had_the_provision_too_is_no_comparison(self, tmp_path: Path) -> None:
        also = [without_scores(n, end_date=START) for n in range(13, 16)]
        row = self.row(tmp_path, [{"start": 80}] * 5, also=also)
        assert row["compared_with"] == "what low scores regain"
        earlier = [one | {"start_date": START - timedelta(days=9), "end_date": START - timedelta(days=1)}
                   for one in also]  # fmt: skip
        row = self.row(tmp_path / "earlier", [{"start": 80}] * 5, also=earlier)
        assert row["similar_pupils"] == 5

    def test_needs_have_to_be_alike(self, tmp_path: Path) -> None:
        """The pupils of the provision have a need of communication, and so have four of the others."""
        needs = [
            {"pupil_id": str(n), "need_code": code, "start_date": day("2025-01-01")}
            for n, code in [(n, "SLCN") for n in range(1, 13)] + [(n, "ASD") for n in range(13, 17)]
            + [(n, "SEMH") for n in range(17, 21)]
        ]  # fmt: skip
        others = [{"start": 80}] * 4 + [{"start": 80, "gain": 50}] * 8
        row = self.row(tmp_path, others, needs=needs)
        assert (row["similar_pupils"], row["gain_beyond"]) == (4, pytest.approx(4))

    def test_the_filter_does_not_narrow_the_comparison(self, tmp_path: Path) -> None:
        who = pupils(24)
        for pupil in who[12:]:
            pupil["class"] = "Elm"
        results = [result(n, score, on) for n in range(13, 25) for score, on in ((80, START), (85, END))]
        placements = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        store = tiny_school(
            tmp_path, pupils=who, provisions=[TALK], placements=placements, assessments=results
        )
        assert one_row(store, classes=["Oak"])["similar_pupils"] == 12

    def test_who_had_just_fallen_starts_between_the_two_scores(self, tmp_path: Path) -> None:
        """80 after 88: a starting point of 84, so that of a gain of 9 on average 5 are more than recovery."""
        before = [result(n, 88, START - timedelta(days=90)) for n in range(1, 13)]
        placements = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
        store = tiny_school(
            tmp_path, pupils=pupils(12), provisions=[TALK], placements=placements, assessments=before
        )
        row = one_row(store)
        assert row["mean_gain"] == 9.0
        assert row["gain_beyond"] == pytest.approx(9 - 4 - 0.25 * 16)
