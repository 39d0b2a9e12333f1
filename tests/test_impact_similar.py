"""What similar pupils gained by themselves, which `impact_by_provision` takes off a gain, by hand.

A case is a school of its own in one store of them all, where tests only ask.
"""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from provmap.store import Store
from tests.test_impact import (
    END,
    GAINS,
    START,
    TWELVE,
    in_school,
    one_row,
    pupils,
    result,
    row_of,
    school,
    scores_before,
    without_scores,
)
from tests.tiny import day, tiny_schools

CASES: dict[str, Any] = {}


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_schools(tmp_path_factory.mktemp("schools"), CASES)


def among(others: list[dict[str, Any]], also: Any = (), **rows: Any) -> str:
    """A case of the twelve with the provision, who started at 80, and others of the school."""
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
    return school([*TWELVE, *also], into=CASES, pupils=who, assessments=results, **rows)


def beside(others: list[dict[str, Any]], **rows: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [among(others, **rows)])


class TestSimilarPupils:
    """Twelve with the provision who started at 80, and others of the school; every other gained 5."""

    @beside([{"start": 80, "gain": 5 + n % 3} for n in range(12)])
    def test_the_gain_beyond_theirs(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert (row["compared_with"], row["compared"], row["similar_pupils"]) == ("similar pupils", 12, 12)
        assert row["gain_beyond"] == pytest.approx(9 - 6)
        # Twelve and twelve: as two groups, each with the spread of the gains.
        half = stats.t.ppf(0.975, 11) * np.std(GAINS, ddof=1) * np.sqrt(2 / 12)
        assert row["gain_beyond_high"] - row["gain_beyond"] == pytest.approx(half)
        assert row["effect_beyond"] == pytest.approx(3 / 15)
        assert row["verdict"] == "promising"

    @beside([{"start": 80, "gain": 9}] * 12)
    def test_a_year_that_gained_as_much_is_no_clear_change(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert (row["gain_beyond"], row["verdict"]) == (0.0, "no clear change")

    @pytest.mark.parametrize(
        ("higher", "lower"), [(among([{"start": 84}] * 12), among([{"start": 76}] * 12))]
    )
    def test_a_higher_start_has_less_to_regain(self, schools: Store, higher: str, lower: str) -> None:
        """Others began at 84: the lower start of 80 would have regained a quarter of 4 more."""
        assert row_of(schools, higher)["gain_beyond"] == pytest.approx(9 - (5 + 1))
        assert row_of(schools, lower)["gain_beyond"] == pytest.approx(9 - 5)

    @pytest.mark.parametrize(
        "case",
        [
            among([{"start": 80}] * 2),
            among([{"start": 86.5}] * 12),
            among([{"start": 80, "year_group": "4"}] * 12),
            among([{"start": 80, "late": 43}] * 12),
        ],
        ids=["only two", "more than 0.4 SD away", "another year group", "tested at another time"],
    )
    def test_who_is_not_similar(self, schools: Store, case: str) -> None:
        assert row_of(schools, case)["compared_with"] == "what low scores regain"

    @pytest.mark.parametrize(
        ("case", "similar"), [(among([{"start": 86}] * 3), True), (among([{"start": 86.01}] * 3), False)]
    )
    def test_four_tenths_of_a_standard_deviation_is_near(
        self, schools: Store, case: str, similar: bool
    ) -> None:
        assert (row_of(schools, case)["similar_pupils"] == 3) == similar

    @pytest.mark.parametrize(
        ("case", "earlier"),
        [tuple(
            among([{"start": 80}] * 5, [without_scores(n, **dates) for n in range(13, 16)])
            for dates in (
                {"end_date": START},
                {"start_date": START - timedelta(days=9), "end_date": START - timedelta(days=1)},
            )
        )],
    )  # fmt: skip
    def test_who_had_the_provision_too_is_no_comparison(
        self, schools: Store, case: str, earlier: str
    ) -> None:
        assert row_of(schools, case)["compared_with"] == "what low scores regain"
        assert row_of(schools, earlier)["similar_pupils"] == 5

    @beside(
        [{"start": 80}] * 4 + [{"start": 80, "gain": 50}] * 8,
        needs=[
            {"pupil_id": str(n), "need_code": code, "start_date": day("2025-01-01")}
            for n, code in [(n, "SLCN") for n in range(1, 13)] + [(n, "ASD") for n in range(13, 17)]
            + [(n, "SEMH") for n in range(17, 21)]
        ],
    )  # fmt: skip
    def test_needs_have_to_be_alike(self, schools: Store, case: str) -> None:
        """The pupils of the provision have a need of communication, and so have four of the others."""
        row = row_of(schools, case)
        assert (row["similar_pupils"], row["gain_beyond"]) == (4, pytest.approx(4))

    @in_school(
        TWELVE, into=CASES, pupils=pupils(12) + pupils(24, **{"class": "Elm"})[12:],
        assessments=[result(n, score, on) for n in range(13, 25) for score, on in ((80, START), (85, END))],
    )  # fmt: skip
    def test_the_filter_does_not_narrow_the_comparison(self, schools: Store, case: str) -> None:
        assert one_row(schools, schools=[case], classes=["Oak"])["similar_pupils"] == 12

    @in_school(
        TWELVE, into=CASES, assessments=[result(n, 88, START - timedelta(days=90)) for n in range(1, 13)]
    )
    def test_who_had_just_fallen_starts_between_the_two_scores(self, schools: Store, case: str) -> None:
        """80 after 88: a starting point of 84, so that of a gain of 9 on average 5 are more than recovery."""
        row = row_of(schools, case)
        assert row["mean_gain"] == 9.0
        assert row["gain_beyond"] == pytest.approx(9 - 4 - 0.25 * 16)
