"""What stands beside a gain: cost, outcomes, ratings, parts and the whole class.

A case is a school of its own in one store of them all, where tests only ask.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from provmap.questions import ask, make_filter
from provmap.store import Store
from tests.test_impact import END, GAINS, START, had, pupils, result, row_of, school
from tests.tiny import CLASS, DAY, TALK, answer, day, tiny_school, tiny_schools

HOUR = TALK | {"minutes_per_session": 60.0, "sessions_per_week": 1.0, "delivery": "group"}


def rows_of(store: Store, question: str, **extra: Any) -> list[dict[str, Any]]:
    filter = make_filter(store, as_at=extra.pop("as_at", DAY))
    return ask(question, filter, store, **extra).to_dicts()


CASES: dict[str, Any] = {}


def in_school(placements: list[dict[str, Any]], many: int, **rows: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [school(placements, many, CASES, **rows)])


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_schools(tmp_path_factory.mktemp("schools"), CASES)


def one_by_one(schools: Store, case: str) -> dict[str, dict[str, Any]]:
    rows = rows_of(schools, "impact_pupils", of_school=case, provision_id="T")
    return {row["pupil_id"]: row for row in rows}


YEAR = {
    "start_date": day("2024-09-01"),
    "end_date": day("2025-08-31"),
    "staff_ids": ["A"],
    "group_name": "Red",
}
# Each case is a provision of its own: how many pupils had it, what it is, the adult, what each time is.
COSTS: dict[str, tuple[int, dict[str, Any], str, dict[str, Any]]] = {
    "a weekly hour for a year, shared by four": (4, {}, "A", {}),
    "another authority's rate": (4, {}, "B", {}),
    "for twelve weeks": (4, {}, "A", {"end_date": day("2024-09-01") + timedelta(days=12 * 7 - 1)}),
    "two school years": (1, {}, "A", {"end_date": day("2026-08-31")}),
    "one to one": (4, {"delivery": "one to one"}, "A", {}),
    "with materials": (4, {"resource_cost": 40.0}, "A", {}),
    "an adult whose cost is not known": (4, {}, "C", {}),
    "the rule of The Key": (5, {}, "D", {}),
    "minutes of several sessions": (4, {"minutes_per_session": 20.0, "sessions_per_week": 3.0}, "A", {}),
    "minutes not known": (4, {"minutes_per_session": None}, "A", {}),
    "a month gained": (4, {}, "A", {"measure": "reading/age", "entry_value": "80", "exit_value": "84"}),
}


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    provisions, times = [], []
    for case, (many, provision, adult, time) in COSTS.items():
        provisions.append(HOUR | {"provision_id": case, "name": case} | provision)
        of = {"provision_id": case, "staff_ids": [adult]}
        times += [had(n, 80, 90) | YEAR | of | time for n in range(1, many + 1)]
    staff = [{"staff_id": code, "name": code, "hourly_cost": cost}
             for code, cost in (("A", 17.2), ("B", 655 / 38), ("C", None), ("D", 12.0))]  # fmt: skip
    folder = tmp_path_factory.mktemp("costs")
    store = tiny_school(folder, pupils=pupils(5), provisions=provisions, placements=times, staff=staff)
    return {row["provision"]: row for row in answer(store, "impact_by_provision")}


class TestCost:
    """Sources: SENCO Forum replies 14870 and 23986 (local authorities' rates for a weekly hour of support).

    Durham's template (2015/16): minutes a week / pupils x 38 x the rate of a minute. The Key: hours a week x
    weeks x rate / pupils, at 12 pounds an hour for five pupils; for an hour a week of 38 weeks 91.20 each.
    """

    @pytest.mark.parametrize(("case", "pounds"), [
        ("a weekly hour for a year, shared by four", 163.40),
        ("another authority's rate", 163.75),
        ("for twelve weeks", 51.60),
        ("one to one", 653.60),
        ("with materials", 163.40 + 10),
        ("the rule of The Key", 91.20),
        ("minutes of several sessions", 3 * 20 / 4 * 38 * (17.2 / 60)),
        # From September to the day, 3 March: 26 weeks and two days of the second year, which are under 38.
        ("two school years", 17.2 * (38 + (26 * 7 + 2) / 7)),
    ])  # fmt: skip
    def test_pounds_each_time(self, costs: dict[str, dict[str, Any]], case: str, pounds: float) -> None:
        assert costs[case]["cost_per_pupil"] == pytest.approx(pounds)
        assert costs[case]["costed"] == costs[case]["placements"]

    @pytest.mark.parametrize("case", ["an adult whose cost is not known", "minutes not known"])
    def test_what_is_not_known_is_no_cost(self, costs: dict[str, dict[str, Any]], case: str) -> None:
        assert (costs[case]["costed"], costs[case]["cost_per_pupil"]) == (0, None)

    def test_a_month_gained(self, costs: dict[str, dict[str, Any]]) -> None:
        assert costs["a month gained"]["cost_per_month"] == pytest.approx(163.40 / 4)
        assert costs["one to one"]["cost_per_month"] is None

    @in_school(
        [
            had(n, 80, 90, staff_ids=["A"], group_name="Red", **dates)
            for n, dates in (
                (1, {"end_date": START + timedelta(days=6)}),
                (2, {"start_date": START + timedelta(days=7)}),
                # On the last day of pupil 1.
                (3, {"start_date": START + timedelta(days=6)}),
            )
        ],
        3, provisions=[HOUR],
    )  # fmt: skip
    def test_a_group_is_as_large_as_on_its_largest_day(self, schools: Store, case: str) -> None:
        sharing = {pupil_id: row["sharing"] for pupil_id, row in one_by_one(schools, case).items()}
        assert sharing == {"1": 2, "2": 2, "3": 2}

    @in_school(
        [
            *[had(n, 80, 90, start_date=START + timedelta(days=n), group_name="Red", staff_ids=["A"])
              for n in range(4)],
            had(5, 80, 90, group_name="Blue", staff_ids=["A"]),
            *[had(n, 80, 90, staff_ids=staff) for n, staff in ((6, ["A", "B"]), (7, ["B", "A"]))],
        ],
        7, pupils=[*pupils(7), *pupils(1, pupil_id="0")], provisions=[HOUR],
    )  # fmt: skip
    def test_who_begins_a_day_later_shares_the_adult_all_the_same(self, schools: Store, case: str) -> None:
        """Four begin on four days running: each costs about a quarter of the adult."""
        sharing = {pupil_id: row["sharing"] for pupil_id, row in one_by_one(schools, case).items()}
        assert sharing == {"0": 4, "1": 4, "2": 4, "3": 4, "5": 1, "6": 2, "7": 2}

    @in_school(
        [
            had(n, 80, 90, measure="reading/age", staff_ids=["A"])
            | ({} if n == 1 else {"start_date": DAY, "end_date": None, "exit_value": None})
            for n in range(1, 11)
        ],
        10, provisions=[HOUR | {"delivery": "one to one"}],
        staff=[{"staff_id": "A", "name": "A", "hourly_cost": 20.0}],
    )  # fmt: skip
    def test_a_month_gained_costs_what_those_cost_who_gained_it(self, schools: Store, case: str) -> None:
        """One has gained ten months; nine others began today, and have cost next to nothing yet."""
        row = row_of(schools, case)
        assert (row["costed"], row["mean_gain"]) == (10, 10)
        assert row["cost_per_month"] == pytest.approx(20 * 92 / 7 / 10)


def rated(rating: int, gains: list[int]) -> pytest.MarkDecorator:
    """For a test of one case: pupils who gained so much, and a provision whose last review says this."""
    reviews = [{"provision_id": "T", "reviewed_on": END, "rating": rating},
               {"provision_id": "T", "reviewed_on": END - timedelta(days=1), "rating": 2},
               {"provision_id": "T", "pupil_id": "1", "reviewed_on": DAY, "rating": -2}]  # fmt: skip
    times = [had(n, 95 - gain, 95) for n, gain in enumerate(gains, 1)]
    return in_school(times, len(gains), reviews=reviews)


class TestOutcomesAndRatings:
    @in_school(
        [
            *[
                had(n, 80, 85, outcome=said)
                for n, said in enumerate(("met", "partly met", "not met", None), 1)
            ],
            had(5, 80, None, outcome="met", end_date=None),
        ],
        5,
    )
    def test_met_of_those_judged(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert (row["reached_target"], row["judged"], row["reached_share"]) == (1, 3, pytest.approx(1 / 3))

    @rated(1, [-3, 3] * 6)
    def test_rated_helpful_and_no_gain(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert row["verdict"] == "no clear change"
        assert (row["rating"], row["rating_beside"]) == (1, "Rated helpful, and the scores do not show it.")

    @rated(-1, [-3, 3] * 6)
    def test_rated_unhelpful_and_no_gain(self, schools: Store, case: str) -> None:
        assert row_of(schools, case)["rating_beside"] == "Rating and scores agree."

    @rated(0, [-3, 3] * 6)
    def test_no_side(self, schools: Store, case: str) -> None:
        assert row_of(schools, case)["rating_beside"] == "The rating takes no side."

    @rated(2, [5, 6])
    def test_too_few_scores_to_set_beside_it(self, schools: Store, case: str) -> None:
        said = "The scores say too little to set beside the rating."
        assert row_of(schools, case)["rating_beside"] == said

    @in_school([had(1, 80, 90)], 1)
    def test_nobody_has_rated_it(self, schools: Store, case: str) -> None:
        row = row_of(schools, case)
        assert (row["rating"], row["rating_beside"]) == (None, None)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Store:
    other = TALK | {"provision_id": "U", "name": "Other", "tier": "specialist", "need_codes": ["SPLD"]}
    times = [had(n, 80, 80 + gain) for n, gain in enumerate(GAINS, 1)]
    times += [had(1, 80, 83, provision_id="U", start_date=day("2024-10-01"), end_date=day("2024-12-01"))]
    times += [had(2, "WTS", "EXS", measure="writing/teacher judgement")]
    return tiny_school(
        tmp_path_factory.mktemp("parts"),
        pupils=pupils(12, pupil_premium=True), provisions=[TALK, other], placements=times,
    )  # fmt: skip


class TestParts:
    def by(self, parts: Store, by: str, **extra: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
        rows = rows_of(parts, "impact_by", by=by, **extra)
        return {(row["part"], row["measure"]): row for row in rows}

    def test_by_tier(self, parts: Store) -> None:
        rows = self.by(parts, "tier")
        assert list(rows) == [("targeted", "reading/standardised"), ("targeted", "writing/teacher judgement"),
                              ("specialist", "reading/standardised")]  # fmt: skip
        row = rows["targeted", "reading/standardised"]
        low, high = stats.ttest_1samp(GAINS, 0).confidence_interval()
        assert (row["placements"], row["pairs"], row["pupils_measured"], row["mean_gain"]) == (12, 12, 12, 9)
        assert (row["gain_low"], row["gain_high"]) == pytest.approx((low, high))

    def test_grades_have_no_mean(self, parts: Store) -> None:
        row = self.by(parts, "tier")["targeted", "writing/teacher judgement"]
        assert (row["pairs"], row["mean_gain"], row["gain_low"]) == (1, None, None)
        assert row["median_gain"] is None

    def test_one_pupil_has_no_interval(self, parts: Store) -> None:
        row = self.by(parts, "need")["spld", "reading/standardised"]
        assert (row["mean_gain"], row["gain_low"], row["gain_high"]) == (3, None, None)

    def test_by_need_group_and_year(self, parts: Store) -> None:
        assert set(self.by(parts, "need")) == {("slcn", "reading/standardised"),
                                               ("spld", "reading/standardised"),
                                               ("slcn", "writing/teacher judgement")}  # fmt: skip
        assert self.by(parts, "group")["pupil_premium", "reading/standardised"]["pairs"] == 13
        years = self.by(parts, "year")
        assert {part for part, _ in years} == {"2024/25", "2025/26"}
        assert sum(row["pairs"] for row in years.values()) == 14

    def test_of_one_provision_alone(self, parts: Store) -> None:
        assert set(self.by(parts, "tier", only_provision="U")) == {("specialist", "reading/standardised")}

    def test_of_one_school_alone(self, tmp_path: Path) -> None:
        """Two schools of a trust call different provision T: one rose by 9, the other fell."""
        schools = [{"school_id": code, "name": code} for code in ("A", "B")]
        times = [had(n, 80, 80 + gain, school_id="A") for n, gain in enumerate(GAINS, 1)]
        times += [had(n, 80, 80 - gain, school_id="B") for n, gain in enumerate(GAINS, 1)]
        store = tiny_school(
            tmp_path, schools=schools, placements=times,
            pupils=[*pupils(12, school_id="A"), *pupils(12, school_id="B")],
            provisions=[TALK | {"school_id": code} for code in ("A", "B")],
        )  # fmt: skip
        row = self.by(store, "year", only_provision="T", of_school="A")["2025/26", "reading/standardised"]
        assert (row["pairs"], row["mean_gain"]) == (12, 9)
        assert self.by(store, "year", only_provision="T")["2025/26", "reading/standardised"]["pairs"] == 24


class TestPupilByPupil:
    def test_as_many_rows_as_times_and_as_many_similar_pupils_as_it_says(self, sample: Store) -> None:
        filter = make_filter(sample)
        listed = {}
        for row in ask("impact_by_provision", filter, sample).to_dicts():
            of = (row["school_id"], row["provision_id"])
            if of not in listed:
                listed[of] = ask(
                    "impact_pupils", filter, sample, of_school=of[0], provision_id=of[1]
                ).to_dicts()
            mine = [one for one in listed[of] if one["measure"] == row["measure"]]
            assert len(mine) == row["placements"]
            assert sum(one["measured_from"] == "own" for one in mine) == row["with_entry_and_exit"]
            assert sum(one["measured_from"] == "assessed" for one in mine) == row["from_assessments"]
            begun = (None, "no score at the start", "not over yet")
            assert sum(one["no_score_because"] not in begun for one in mine) == row["missing_exit"]
        some = [one for rows in listed.values() for one in rows if one["similar"]][:3]
        assert some
        for one in some:
            (provision_id,) = {of[1] for of, rows in listed.items() if one in rows}
            similar = ask(
                "impact_similar", filter, sample, school_id=one["school_id"], pupil_id=one["pupil_id"],
                provision_id=provision_id, began=one["start_date"],
            )  # fmt: skip
            assert similar.height == one["similar"]

    @in_school(
        [
            had(1, 80, None, exit_value=None), had(2, None, 90, entry_value=None),
            had(3, 80, 90, end_date=None, exit_value=None),
            had(4, 0, 0, entry_value=None, exit_value=None),
            had(5, 0, 0, entry_value=None, exit_value=None, measure=None),
        ],
        5,
    )  # fmt: skip
    def test_why_somebody_is_not_measured(self, schools: Store, case: str) -> None:
        why = {pupil_id: row["no_score_because"] for pupil_id, row in one_by_one(schools, case).items()}
        assert why == {
            "1": "no score at the end", "2": "no score at the start", "3": "not over yet",
            "4": "no scores near both ends", "5": "no measure is set",
        }  # fmt: skip


BEGAN = day("2025-10-01")


@pytest.fixture(scope="module")
def whole_class(tmp_path_factory: pytest.TempPathFactory) -> Store:
    years = [{"pupil_id": "1", "academic_year": "2025/26", "year_group": "5"},
             {"pupil_id": "2", "academic_year": "2025/26", "year_group": "5"},
             {"pupil_id": "3", "academic_year": "2024/25", "year_group": "5"},
             {"pupil_id": "3", "academic_year": "2025/26", "year_group": "6"}]  # fmt: skip
    scores = [
        result(1, 90, BEGAN - timedelta(days=1)), result(1, 100, day("2026-02-01")),
        result(1, 50, BEGAN - timedelta(days=90)),
        # On the first day itself: a result since it began.
        result(2, 100, day("2025-09-01")), result(2, 104, BEGAN),
        result(3, 80, day("2024-09-30")), result(3, 81, day("2025-02-01")),
        # After the day a year ago, and so too late for the comparison.
        result(3, 120, day("2025-03-04")),
    ]  # fmt: skip
    marks = [{"scale": "standardised", "subject": "reading", "year_group": year, "term": term,
              "expected": "100"}
             for year in ("4", "5", "6") for term in ("autumn", "spring", "summer")]  # fmt: skip
    return tiny_school(
        tmp_path_factory.mktemp("whole"), pupils=pupils(3), enrolments=years, assessments=scores,
        provisions=[CLASS | {"year_groups": ["5"], "start_date": BEGAN, "subject": "reading"}],
        expectations=marks,
    )  # fmt: skip


class TestWholeClass:
    """Clear words begins on 1 October 2025, for Year 5; pupils 1 and 2 are in it now, 3 was a year ago."""

    def test_the_year_it_began_beside_the_year_before(self, whole_class: Store) -> None:
        now, before = rows_of(whole_class, "whole_class_impact")
        assert (now["academic_year"], now["is_with"], now["pupils"]) == ("2025/26", True, 2)
        assert (now["mean_start"], now["mean_end"], now["mean_gain"]) == (95, 102, 7)
        assert (now["expected_start"], now["expected_end"]) == (1, 2)
        assert (now["expected_share_start"], now["expected_share_end"]) == (0.5, 1)
        low, high = stats.ttest_1samp([10, 4], 0).confidence_interval()
        assert (now["gain_low"], now["gain_high"]) == pytest.approx((low, high))
        assert (before["academic_year"], before["is_with"], before["pupils"]) == ("2024/25", False, 1)
        assert (before["mean_gain"], before["gain_low"]) == (1, None)
        assert (now["verdict"], now["usual_low"]) == ("too little to say", None)
        assert now["verdict_because"].startswith("Too few pupils")
        assert (before["verdict"], before["verdict_because"]) == (None, None)
        assert (before["from_day"], before["to_day"]) == (day("2024-09-30"), day("2025-03-03"))

    def test_before_it_began_there_is_nothing_to_say(self, whole_class: Store) -> None:
        assert rows_of(whole_class, "whole_class_impact", as_at=BEGAN - timedelta(days=1)) == []
        assert len(rows_of(whole_class, "whole_class_impact", as_at=BEGAN)) == 1

    def test_a_year_it_does_not_reach(self, whole_class: Store) -> None:
        assert answer(whole_class, "whole_class_impact", year_groups=["6"]) == []
