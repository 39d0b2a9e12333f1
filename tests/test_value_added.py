"""Value added: Progress 8 as DfE's ready reckoner has it, and the KS2 value added of a published example."""

import csv
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from provmap.questions import ask, make_filter
from provmap.statistics import round_half_up, value_added
from provmap.store import Store
from tests.test_pages import open_app, words_of
from tests.test_statistics import printed
from tests.tiny import answer, day, tiny_school

# The Year 11 of the table, on the last day of their school year.
LAST_DAY = day("2024-08-31")
KS2, KS4 = day("2019-05-14"), day("2024-08-22")
TABLE = Path(__file__).parents[1] / "sql" / "reference" / "progress_8.csv"


def pupil(name: str, **more: Any) -> dict[str, Any]:
    return {"pupil_id": name, "surname": name, "forename": "Robin", "year_group": "11", "class": "11A"} | more


def result(name: str, subject: str, value: object, on: date = KS2, **more: Any) -> dict[str, Any]:
    scale = "attainment 8" if subject == "attainment 8" else "scaled score"
    row = {"pupil_id": name, "subject": subject, "scale": scale, "value": str(value), "assessed_on": on}
    return row | {"source": "test"} | more


def reached(name: str, reading: object, maths: object, attainment_8: object) -> list[dict[str, Any]]:
    """A pupil's three results; None: not recorded."""
    given = {"reading": reading, "mathematics": maths, "attainment 8": attainment_8}
    return [
        result(name, subject, value, KS4 if subject == "attainment 8" else KS2)
        for subject, value in given.items()
        if value is not None
    ]


def held(folder: Path, pupils: list[dict[str, Any]], results: list[dict[str, Any]]) -> Store:
    return tiny_school(folder, dated=LAST_DAY, pupils=pupils, assessments=results)


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Each case is a pupil: KS2 reading, KS2 mathematics, Attainment 8.
CASES: dict[str, tuple[object, object, object]] = {
    "105 and 50": (104, 106, 50), "100 and 35": (100, 100, 35), "96.5 and 27": (96, 97, 27),
    "both N and 0": ("N", "n", 0), "one N": ("N", 81, 16), "the top": (120, 120, 90),
    "no reading": (None, 100, 40), "no maths": (100, None, 40), "neither": (None, None, 40),
    "absent": ("A", 100, 40), "working below the test": (100, "B", 40), "off the scale": (100, 121, 40),
    "no attainment 8": (100, 100, None), "attainment 8 unreadable": (100, 100, "withheld"),
}  # fmt: skip


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    rows = [row for name, of in CASES.items() for row in reached(name, *of)]
    # A practice test, a Key Stage 1 test and a teacher's forecast, none of which counts beside the test.
    rows += [
        result("100 and 35", "reading", 119, day("2018-11-14")),
        result("no reading", "reading", 105, day("2015-05-14")),
        result("no maths", "mathematics", 105, source="teacher"),
        result("105 and 50", "attainment 8", 60, source="teacher", on=KS4),
        result("105 and 50", "attainment 8", 41, on=day("2023-12-01")),
    ]
    store = held(tmp_path_factory.mktemp("progress"), [pupil(name) for name in CASES], rows)
    return {row["pupil_id"]: row for row in answer(store, "progress_8", LAST_DAY)}


class TestProgress8OfAPupil:
    """DfE, KS4 ready reckoners, 2024 cohort (dfe-analytical-services/KS4-ready-reckoners)."""

    @pytest.mark.parametrize(("case", "score"), [
        ("105 and 50", "0.49"), ("100 and 35", "-0.05"), ("96.5 and 27", "-0.32"), ("both N and 0", "-1.60"),
    ])  # fmt: skip
    def test_printed(self, cases: dict[str, dict[str, Any]], case: str, score: str) -> None:
        assert printed(cases[case]["progress_8"], score)

    def test_below_the_scale_is_79(self, cases: dict[str, dict[str, Any]]) -> None:
        row = cases["one N"]
        assert (row["ks2_reading"], row["ks2_mean"], row["prior_group"]) == (79, 80, 1)
        assert row["cohort"] == 2024

    @pytest.mark.parametrize(("case", "reason"), [
        ("no reading", "No KS2 result in reading."), ("no maths", "No KS2 result in mathematics."),
        ("neither", "No KS2 result in reading; No KS2 result in mathematics."),
        ("absent", "KS2 reading is A: absent."),
        ("working below the test", "KS2 mathematics is B: working below the level of the test."),
        ("off the scale", "KS2 mathematics is no score on the scale."),
    ])  # fmt: skip
    def test_without_a_start_there_is_a_reason_and_no_score(
        self, cases: dict[str, dict[str, Any]], case: str, reason: str
    ) -> None:
        row = cases[case]
        assert row["not_scored_because"] == reason
        assert [row[name] for name in ("ks2_mean", "prior_group", "expected_attainment_8", "progress_8")] == [
            None, None, None, None,
        ]  # fmt: skip

    def test_who_has_no_attainment_8_is_not_listed(self, cases: dict[str, dict[str, Any]]) -> None:
        assert {"no attainment 8", "attainment 8 unreadable"} == CASES.keys() - cases.keys()
        assert all(
            (row["progress_8"] is None) == (row["not_scored_because"] is not None) for row in cases.values()
        )

    def test_a_result_after_the_day_is_not_known_yet(self, tmp_path: Path) -> None:
        store = held(tmp_path, [pupil("1")], reached("1", 100, 100, 40))
        assert answer(store, "progress_8", day("2024-08-21")) == []
        assert answer(store, "progress_8_by_group", day("2024-08-21")) == []
        assert len(answer(store, "progress_8", KS4)) == 1


class TestTheTable:
    def test_is_the_printed_one(self) -> None:
        """34 groups; upper bounds 82, 86, 87.5, 89, 90.5, 92, 93, 94, then one more each up to 120."""
        bounds = [82, 86, 87.5, 89, 90.5, 92, 93, 94, *range(95, 121)]
        rows = table()
        assert [float(row["up_to"]) for row in rows] == bounds
        assert [int(row["prior_group"]) for row in rows] == list(range(1, 35))
        expected = [float(row["expected"]) for row in rows]
        assert expected == sorted(expected)
        assert (expected[0], expected[18], expected[33]) == (15.96, 45.12, 82.03)
        assert {row["sd"] for row in rows} == {"1.41628"}

    def test_every_boundary(self, tmp_path: Path) -> None:
        """A mean on the boundary is in the group that it closes; half a point more is in the next."""
        pairs = {}
        for row in table():
            twice = int(2 * float(row["up_to"]))
            group = int(row["prior_group"])
            pairs[f"{group} on"] = (twice // 2, twice - twice // 2, group, float(row["expected"]))
            if group < 34:
                over = float(table()[group]["expected"])
                pairs[f"{group} over"] = (twice // 2, twice + 1 - twice // 2, group + 1, over)
        rows = [row for name, of in pairs.items() for row in reached(name, *of[:2], 50)]
        store = held(tmp_path, [pupil(name) for name in pairs], rows)
        found = {row["pupil_id"]: row for row in answer(store, "progress_8", LAST_DAY)}
        assert len(found) == 67
        for name, (reading, maths, group, expected) in pairs.items():
            row = found[name]
            assert (row["ks2_mean"], row["prior_group"]) == ((reading + maths) / 2, group), name
            assert row["progress_8"] == pytest.approx((50 - expected) / 10)


# A school whose pupils' scores are these, with KS2 100 (35.46 expected).
NINE = [0, 0.1, 0.2, 0.3, 0.4, 0.3, 0.2, 0.25, 0.3]


def scoring(name: str, score: float) -> list[dict[str, Any]]:
    return reached(name, 100, 100, round(35.46 + 10 * score, 4))


class TestProgress8OfAGroup:
    def test_nine_pupils(self, tmp_path: Path) -> None:
        """DfE: mean ± 1.96 × 1.41628 / √n: nine pupils, 0.23, -0.70 to 1.15, so not different from 0."""
        rows = [row for n, score in enumerate(NINE) for row in scoring(str(n), score)]
        store = held(tmp_path, [pupil(str(n)) for n in range(9)], rows)
        (row,) = answer(store, "progress_8_by_group", LAST_DAY)
        assert (row["group_code"], row["with_attainment_8"], row["with_both"]) == ("all", 9, 9)
        assert printed(row["progress_8"], "0.23")
        assert printed(row["progress_low"], "-0.70")
        assert printed(row["progress_high"], "1.15")
        assert row["differs"] == "not different from 0"
        half = 1.96 * 1.41628 / 3
        assert row["progress_high"] - row["progress_8"] == pytest.approx(half, rel=1e-4)
        assert (row["caution"], row["cohort"]) == (None, 2024)

    def test_a_hundred_pupils(self, tmp_path: Path) -> None:
        """DfE: half-width 0.28 at n = 100; different from 0 only when the interval excludes it."""
        half = 1.96 * 1.41628 / 10
        groups = [{"group_code": code, "name": code} for code in ("A", "B")]
        rows, members = [], []
        for n in range(200):
            code = "AB"[n % 2]
            rows += scoring(str(n), half + 0.001 if code == "A" else -half + 0.001)
            members += [{"pupil_id": str(n), "group_code": code}]
        store = tiny_school(
            tmp_path, dated=LAST_DAY, pupils=[pupil(str(n)) for n in range(200)], assessments=rows,
            groups=groups, memberships=members,
        )  # fmt: skip
        found = {row["group_code"]: row for row in answer(store, "progress_8_by_group", LAST_DAY)}
        assert printed(found["A"]["progress_high"] - found["A"]["progress_8"], "0.28")
        assert found["A"]["progress_low"] > 0 > found["B"]["progress_low"]
        assert [found[code]["differs"] for code in ("A", "B", "all")] == [
            "above 0", "not different from 0", "not different from 0"
        ]  # fmt: skip

    def test_who_has_no_start_is_counted_apart(self, tmp_path: Path) -> None:
        pupils = [pupil(str(n), eal=n < 4, pupil_premium=n == 5) for n in range(6)]
        rows = [row for n in range(5) for row in scoring(str(n), -2.0)] + reached("5", None, None, 40)
        store = held(tmp_path, pupils, rows)
        found = {row["group_code"]: row for row in answer(store, "progress_8_by_group", LAST_DAY)}
        everyone, eal, disadvantaged = found["all"], found["eal"], found["pupil_premium"]
        counts = everyone["with_attainment_8"], everyone["with_both"]
        assert (*counts, everyone["differs"]) == (6, 5, "below 0")
        assert everyone["caution"] == "Small group: one moves it far. 1 without KS2 results"
        assert eal["caution"] == "Small group: one moves it far"
        assert disadvantaged["with_both"] == 0
        empty = ("progress_8", "progress_low", "progress_high", "differs")
        assert [disadvantaged[name] for name in empty] == [None] * 4
        assert disadvantaged["caution"] == "Nobody can be scored. 1 without KS2 results"

    def test_against_a_slow_version(self, tmp_path: Path) -> None:
        """Each count is the length of the list it opens, and each number what plain Python has."""
        chance = Random(8)
        pupils, rows = [], []
        for n in range(150):
            pupils.append(pupil(str(n), eal=chance.random() < 0.3, year_group=chance.choice(["10", "11"])))
            start = [chance.choice([None, "N", "A", *range(80, 121)]) for _ in range(2)]
            rows += reached(str(n), *start, chance.choice([None, chance.randrange(0, 9000) / 100]))
        store = held(tmp_path, pupils, rows)
        given = {(row["pupil_id"], row["subject"]): row["value"] for row in rows}
        slow = {one["pupil_id"]: _slowly(given, one["pupil_id"]) for one in pupils
                if (one["pupil_id"], "attainment 8") in given}  # fmt: skip
        for years in ([], ["11"]):
            filter = make_filter(store, as_at=LAST_DAY, year_groups=years)
            found = ask("progress_8", filter, store)
            counted = [one for one in pupils if not years or one["year_group"] in years]
            expected = {one["pupil_id"]: slow[one["pupil_id"]] for one in counted if one["pupil_id"] in slow}
            assert dict(found.select("pupil_id", "progress_8").iter_rows()) == pytest.approx(expected)
            for row in ask("progress_8_by_group", filter, store).iter_rows(named=True):
                if row["group_code"] in ("all", "eal"):
                    in_group = [
                        one["pupil_id"] for one in counted if row["group_code"] == "all" or one["eal"]
                    ]
                    of = [expected[one] for one in in_group if one in expected]
                    scored = [one for one in of if one is not None]
                    assert (row["with_attainment_8"], row["with_both"]) == (len(of), len(scored))
                    assert row["progress_8"] == pytest.approx(sum(scored) / len(scored))
                opened = found.filter(_is_in(row["group_code"]))
                assert row["with_attainment_8"] == opened.height
                assert row["with_both"] == opened["progress_8"].drop_nulls().len()


def _is_in(group: str) -> pl.Expr:
    return pl.lit(True) if group == "all" else pl.col("groups").list.contains(group)


def _slowly(given: dict[tuple[str, str], str], name: str) -> float | None:
    start = [given.get((name, subject)) for subject in ("reading", "mathematics")]
    scores = [79 if one == "N" else int(one) for one in start if one not in (None, "A")]
    if len(scores) < 2:
        return None
    expected = next(float(row["expected"]) for row in table() if sum(scores) / 2 <= float(row["up_to"]))
    return (float(given[name, "attainment 8"]) - expected) / 10


class TestKs2ValueAdded:
    """Upminster Junior School, value added in mathematics of 2018, worked through for parents."""

    def test_published(self) -> None:
        """Prior attainment 18, 19, 17 (national 106.3, 107.5, 105.0); pupils 108, 106, 105; mean +0.07."""
        found = value_added([108, 106, 105], [106.3, 107.5, 105.0])
        assert [round_half_up(one, 1) for one in found.pupils] == [1.7, -1.5, 0.0]
        assert printed(found.mean.value, "0.07")
        tested = stats.ttest_1samp([1.7, -1.5, 0.0], 0).confidence_interval()
        assert tuple(tested) == pytest.approx((found.mean.low, found.mean.high))
        assert found.differs == "not different from 0"

    @pytest.mark.parametrize(("beyond", "words"), [
        ([1, 2, 3], "not different from 0"), ([1.9, 2, 2.1], "above 0"), ([-1.9, -2, -2.1], "below 0"),
        ([2.0], ""), ([], ""), ([np.nan, np.nan], ""),
    ])  # fmt: skip
    def test_different_only_where_the_whole_interval_is(self, beyond: list[float], words: str) -> None:
        assert value_added(np.add(beyond, 100), np.full(len(beyond), 100.0)).differs == words

    def test_with_the_countrys_spread(self) -> None:
        """The nine pupils of DfE's Progress 8 example: 0.23, -0.70 to 1.15."""
        found = value_added([*NINE, 3.0], [*[0.0] * 9, np.nan], sd=1.41628)
        ends = zip(found.mean, ("0.23", "-0.70", "1.15"), strict=True)
        assert all(printed(one, text) for one, text in ends)
        assert found.differs == "not different from 0"


class TestThePage:
    def test_a_primary_school_is_told_in_a_line(self, sample: Store) -> None:
        app = open_app("value_added")
        assert "Nothing to see for a primary school" in words_of(app)
        assert "Import results" not in [link.proto.label for link in app.get("page_link")]

    def test_without_a_score_a_secondary_school_is_told_what_it_is_for(self, data: Path) -> None:
        held(data, [pupil("1")], [])
        app = open_app("value_added", as_at=LAST_DAY.isoformat())
        assert "Progress 8 is for secondary schools" in words_of(app)
        assert "Import results" in [link.proto.label for link in app.get("page_link")]
        assert not app.dataframe

    def test_halves_go_up_as_dfe_prints_them_for_showing_alone(self, data: Path) -> None:
        store = held(data, [pupil("1"), pupil("2")], [*scoring("1", 0.285), *scoring("2", -0.285)])
        app = open_app("value_added", as_at=LAST_DAY.isoformat())
        assert list(app.dataframe[1].value["progress_8"]) == [0.29, -0.29]
        kept = [row["progress_8"] for row in answer(store, "progress_8", LAST_DAY)]
        assert kept == pytest.approx([0.285, -0.285])

    def test_a_secondary_school(self, data: Path) -> None:
        rows = [row for n, score in enumerate(NINE) for row in scoring(str(n), score)]
        rows += reached("9", None, 100, 40)
        held(data, [pupil(str(n)) for n in range(10)], rows)
        app = open_app("value_added", as_at=LAST_DAY.isoformat())
        assert not app.exception
        groups, pupils = (frame.value for frame in app.dataframe)
        assert groups["with_attainment_8"][0] == len(pupils) == 10
        assert groups["with_both"][0] == pupils["progress_8"].notna().sum() == 9
        assert "cohort of 2024" in words_of(app)
