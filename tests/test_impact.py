"""`impact_by_provision` by hand: its statistics, the nearest assessments, similar pupils and the verdict.

A case is a school of its own in one store of them all, where tests only ask.
"""

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
from tests.tiny import DAY, PUPIL, TALK, answer, day, tiny_school, tiny_schools

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


CASES: dict[str, Any] = {}
NOT_TESTED = {"exit_value": None, "exit_date": None}
TWELVE = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]


def school(
    placements: list[dict[str, Any]], many: int = 12, into: dict[str, Any] = CASES, **rows: Any
) -> str:
    """Writes a case down: its school in the store."""
    name = f"school {len(into) + 1}"
    into[name] = {"pupils": pupils(many), "provisions": [TALK], "placements": placements} | rows
    return name


def in_school(placements: list[dict[str, Any]], many: int = 12, **rows: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [school(placements, many, **rows)])


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_schools(tmp_path_factory.mktemp("schools"), CASES)


def row_of(schools: Store, case: str, as_at: date = DAY) -> dict[str, Any]:
    """The one row of a case; the question is asked of all at once."""
    (row,) = [row for row in answer(schools, "impact_by_provision", as_at) if row["school_id"] == case]
    return row


@in_school(TWELVE, assessments=scores_before(12))
def test_the_numbers_of_twelve_pupils(schools: Store, case: str) -> None:
    row = row_of(schools, case)
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


@in_school([had(1, 80, 90)], 1)
def test_what_a_reader_needs_not_is_left_out(schools: Store, case: str) -> None:
    row = row_of(schools, case)
    assert list(row)[:15] == [
        "provision_id", "provision", "measure", "placements", "with_entry_and_exit", "mean_gain", "gain_low",
        "gain_high", "months_between", "ratio_gain", "effect_size", "effect_low", "effect_high",
        "delivered_share", "verdict",
    ]  # fmt: skip
    assert list(row)[-1] == "school_id"
    assert not [name for name in row if name.startswith(("own_", "assessed_own_", "least_"))]


@in_school([had(1, 80, 90)], 1)
def test_one_pupil_has_a_gain_and_no_interval(schools: Store, case: str) -> None:
    row = row_of(schools, case)
    assert (row["mean_gain"], row["effect_size"]) == (10.0, pytest.approx(10 / 15))
    assert (row["gain_low"], row["gain_high"], row["effect_low"]) == (None, None, None)
    assert (row["verdict"], row["verdict_because"]) == (
        "too little to say", "Too few pupils with a score at both ends: fewer than 10.",
    )  # fmt: skip


def before(placements: list[dict[str, Any]], many: int = 12, **rows: Any) -> str:
    """A case in which each has a score of three months before."""
    return school(placements, many, **({"assessments": scores_before(many)} | rows))


def says(*cases: tuple[Any, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("case", "said"), cases)


class TestVerdicts:
    def verdict(self, schools: Store, case: str) -> str:
        return row_of(schools, case)["verdict"]

    @says((before([had(n, 80, 80 + gain - 5) for n, gain in enumerate(GAINS, 1)]), "no clear change"))
    def test_a_gain_that_low_scores_make_by_themselves_is_no_clear_change(
        self, schools: Store, case: str, said: str
    ) -> None:
        row = row_of(schools, case)
        assert (row["verdict"], row["verdict_because"]) == (
            said, "Scores rose, but not clearly more than such scores do by themselves.",
        )  # fmt: skip

    @says((before([had(n, 95, 95 + gain - 9) for n, gain in enumerate(GAINS, 1)]), "no clear change"))
    def test_a_gain_whose_interval_includes_nothing(self, schools: Store, case: str, said: str) -> None:
        assert self.verdict(schools, case) == said

    @says((before([had(n, 95, 95 - gain) for n, gain in enumerate(GAINS, 1)]), "worse than before"))
    def test_a_fall_is_worse_than_before(self, schools: Store, case: str, said: str) -> None:
        assert self.verdict(schools, case) == said

    @says((before(TWELVE[:9]), "too little to say"), (before(TWELVE[:10]), "promising"))
    def test_ten_pupils_are_the_least(self, schools: Store, case: str, said: str) -> None:
        assert self.verdict(schools, case) == said

    @says((
        before([had(1, 80, 80 + gain, start_date=START + timedelta(days=n)) for n, gain in enumerate(GAINS)]),
        "too little to say",
    ))  # fmt: skip
    def test_one_pupil_ten_times_is_one_pupil(self, schools: Store, case: str, said: str) -> None:
        assert self.verdict(schools, case) == said

    @says(*[
        (before(TWELVE + [had(n, 80, 0) | NOT_TESTED for n in range(13, 13 + missing)], 20), said)
        for missing, said in [(4, "promising"), (5, "too little to say")]
    ])  # fmt: skip
    def test_a_quarter_of_those_who_finished_may_be_unmeasured(
        self, schools: Store, case: str, said: str
    ) -> None:
        """12 of 16 are enough, 12 of 17 are not: who left without a score may have done worst."""
        assert self.verdict(schools, case) == said

    @says((before(TWELVE + [without_scores(n, end_date=None) for n in range(13, 20)], 20), "promising"))
    def test_what_still_runs_is_not_missing(self, schools: Store, case: str, said: str) -> None:
        assert self.verdict(schools, case) == said

    @says(*[
        (before([time | {"exit_date": START + timedelta(days=days)} for time in TWELVE]), said)
        for days, said in [(60, "too little to say"), (61, "promising")]
    ])  # fmt: skip
    def test_two_months_between_the_tests_are_the_least(self, schools: Store, case: str, said: str) -> None:
        assert self.verdict(schools, case) == said

    @says(*[
        (before(TWELVE, assessments=[*scores_before(n), result(12, 80, START - timedelta(days=730))]), said)
        for n, said in [(9, "promising"), (8, "too little to say")]
    ])  # fmt: skip
    def test_most_need_a_score_before_the_first(self, schools: Store, case: str, said: str) -> None:
        """9 of 12 are the stated three quarters; a test of two years ago is none."""
        row = row_of(schools, case)
        assert row["verdict"] == said
        because = "a chance low score cannot be told apart"
        assert (because in row["verdict_because"]) == (said != "promising")

    @says((before([had(n, 80, 95) for n in range(1, 13)]), "too little to say"))
    def test_all_alike_says_nothing(self, schools: Store, case: str, said: str) -> None:
        assert self.verdict(schools, case) == said

    @in_school([had(n, 25, 25 - gain, measure="wellbeing/SDQ total") for n, gain in enumerate(GAINS, 1)])
    def test_without_anything_to_compare_with_a_gain_is_too_little_to_say(
        self, schools: Store, case: str
    ) -> None:
        """A fall in SDQ difficulties is a gain; how much of it comes by itself is not known."""
        row = row_of(schools, case)
        assert row["mean_gain"] == 9.0
        assert row["gain_low"] > 0
        assert (row["verdict"], row["compared_with"]) == ("too little to say", None)
        spread = np.std(GAINS, ddof=1) / np.sqrt(2)
        assert row["effect_size"] == pytest.approx(9 / spread * 0.9655, rel=1e-3)

    @in_school([
        had(n, "WTS", "EXS" if n % 3 else "GDS", measure="writing/teacher judgement") for n in range(1, 13)
    ])  # fmt: skip
    def test_grades_have_no_interval_and_no_verdict(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert (row["gain_low"], row["effect_size"], row["verdict"]) == (None, None, "too little to say")
        assert (row["with_entry_and_exit"], row["mean_gain"], row["median_gain"]) == (12, None, None)

    def test_the_schools_own_threshold_counts(self, tmp_path: Path) -> None:
        store = tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK], placements=TWELVE)
        own = {"name": "impact_least_pupils", "from_date": day("2025-01-01"), "value": 13.0}
        save(store, "Head", [Edit("settings", own)])
        assert one_row(open_store(tmp_path))["verdict"] == "too little to say"


def assessed(*results: dict[str, Any], provision: dict[str, Any] = TALK, **more: Any) -> str:
    """A case of one pupil whose time has no scores of its own."""
    return school([without_scores(1, **more)], 1, provisions=[provision], assessments=[*results])


class TestNearestAssessments:
    @pytest.mark.parametrize(("case", "counted"), [
        (assessed(result(1, 80, START - timedelta(days=before)), result(1, 86, END + timedelta(days=after))),
         counted)
        for before, after, counted in [(42, 42, 1), (43, 42, 0), (42, 43, 0)]
    ])  # fmt: skip
    def test_stand_in_within_the_window_and_are_counted_apart(
        self, schools: Store, case: str, counted: int
    ) -> None:
        row = row_of(schools, case)
        assert row["from_assessments"] == counted
        assert row["assessed_gain"] == (6.0 if counted else None)
        assert (row["with_entry_and_exit"], row["mean_gain"], row["gain_low"]) == (0, None, None)

    @pytest.mark.parametrize("case", [assessed(
        result(1, 70, START - timedelta(days=20)), result(1, 80, START + timedelta(days=3)),
        result(1, 86, END - timedelta(days=5)), result(1, 99, END + timedelta(days=30)),
    )])  # fmt: skip
    def test_the_nearest_counts(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert row["assessed_gain"] == 6.0
        assert row["assessed_months"] == pytest.approx((END - START).days / 30.4375 - 8 / 30.4375)

    @pytest.mark.parametrize("case", [
        assessed(result(1, 80, START + timedelta(days=5)), end_date=START + timedelta(days=20)),
    ])  # fmt: skip
    def test_one_test_is_not_both_ends(self, schools: Store, case: str) -> None:
        assert row_of(schools, case)["from_assessments"] == 0

    @in_school(
        [had(1, 80, 82), without_scores(2, end_date=DAY + timedelta(days=1)), without_scores(3)], 3,
        assessments=[
            result(n, value, on) | ({"scale": "scaled score"} if n == 3 else {})
            for n in (1, 2, 3) for value, on in ((80, START), (90, END))
        ],
    )  # fmt: skip
    def test_not_where_scores_were_recorded_nor_while_it_runs_nor_on_another_scale(
        self, schools: Store, case: str
    ) -> None:
        row = row_of(schools, case)
        assert (row["with_entry_and_exit"], row["mean_gain"], row["from_assessments"]) == (1, 2.0, 0)

    @pytest.mark.parametrize("case", [assessed(
        result(1, 80, START), result(1, 86, END),
        provision=TALK | {"quantitative_measure": "Reading/standardised"}, measure=None,
    )])  # fmt: skip
    def test_a_provision_can_say_what_it_is_measured_by(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
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
