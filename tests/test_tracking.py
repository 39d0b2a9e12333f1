"""Who moved, how results are spread, groups beside the rest, classes, cohorts and two subjects: worked out
by hand.

When to write one: for every way in which a result can be missing or stand to its mark, and for each share.
"""

import random
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap import charts
from provmap.exports import export
from provmap.questions import ask, make_filter
from provmap.statistics import SMALL, shares_difference, shares_interval
from provmap.store import Store, forget_stores
from provmap.ui import tracking
from provmap.ui.tables import rounded
from provmap.ui.tracking_groups import gap_sentence
from tests import slow_tracking
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, answer, day, tiny_school

SUMMER, AUTUMN, SPRING = "2024/25 summer", "2025/26 autumn", "2025/26 spring"
ON = {SUMMER: day("2025-06-20"), AUTUMN: day("2025-11-20"), SPRING: day("02-20")}
READING = "reading/teacher judgement"
MARKS = [
    {"scale": scale, "subject": subject, "year_group": year, "term": term, "expected": mark,
     "greater_depth": deep}
    for scale, mark, deep in (("standardised", "100", "115"), ("SDQ total", "16", None),
                              ("teacher judgement", "EXS", "GDS"))
    for subject in ("reading", "mathematics")
    for year in ("4", "5")
    for term in ("autumn", "spring", "summer")
]  # fmt: skip
MEASURE = {"measure": READING}


def pupils(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    return [PUPIL | {"pupil_id": str(number), "surname": f"Ash {number}"} | more for number in numbers]


def result(
    pupil: int, term: str, value: str, scale: str = "teacher judgement", **more: Any
) -> dict[str, Any]:
    row = {"pupil_id": str(pupil), "subject": "reading", "scale": scale, "value": value}
    return row | {"assessed_on": ON[term], "source": "teacher"} | more


def school(folder: Path, rolls: list[Any], results: list[Any], **rows: Any) -> Store:
    return tiny_school(folder, pupils=rolls, assessments=results, expectations=MARKS, **rows)


def asked(store: Store, question: str, as_at: date = DAY, **extra: Any) -> list[dict[str, Any]]:
    return ask(question, make_filter(store, as_at=as_at), store, **extra).to_dicts()


class TestWhichResultStandsForATerm:
    """Day by day: what stands is the latest score by then; a code only while its term has no score."""

    @pytest.fixture(scope="class")
    @staticmethod
    def standing(tmp_path_factory: pytest.TempPathFactory) -> Store:
        early, later = day("02-10"), day("02-20")
        given = {
            1: [("EXS", early, "teacher"), ("A", later, "teacher")],
            2: [("A", early, "teacher"), ("EXS", later, "teacher")],
            3: [("WTS", later, "teacher"), ("GDS", later, "test")],
            4: [("EXS", later, "teacher"), ("EXS", later, "teacher"), ("WTS", early, "test")],
            5: [("A", early, "teacher"), ("M", later, "teacher")],
            6: [("A", later, "test"), ("EXS", later, "teacher")],
        }
        rows = [result(pupil, SPRING, value, assessed_on=on, source=source)
                for pupil, results in given.items() for value, on, source in results]  # fmt: skip
        return school(tmp_path_factory.mktemp("standing"), pupils(*given), rows)

    @pytest.mark.parametrize(("on", "values"), [
        ("02-09", {}),
        ("02-10", {"1": "EXS", "2": "A", "4": "WTS", "5": "A"}),
        ("02-19", {"1": "EXS", "2": "A", "4": "WTS", "5": "A"}),
        ("02-20", {"1": "EXS", "2": "EXS", "3": "GDS", "4": "EXS", "5": "M", "6": "EXS"}),
    ])  # fmt: skip
    def test_on_each_day(self, standing: Store, on: str, values: dict[str, str]) -> None:
        rows = asked(standing, "progress_pupils", as_at=day(on))
        found = [(row["pupil_id"], row["value"]) for row in rows if row["value"]]
        assert sorted(found) == sorted(values.items())


class TestWhoMoved:
    def moved(
        self, folder: Path, results: list[Any], *numbers: int, **extra: Any
    ) -> dict[str, tuple[Any, ...]]:
        store = school(folder, pupils(*numbers), results)
        return {row["pupil_id"]: (row["pair"], row["moved"], row["from_band"], row["to_band"])
                for row in asked(store, "transitions", **extra)}  # fmt: skip

    def test_from_last_summer_to_the_latest_term(self, data: Path) -> None:
        results = [result(1, SUMMER, "WTS"), result(1, SPRING, "EXS"), result(2, SUMMER, "EXS"),
                   result(2, SPRING, "EXS"), result(3, SUMMER, "GDS"), result(3, SPRING, "WTS"),
                   result(3, AUTUMN, "GDS")]  # fmt: skip
        assert self.moved(data, results, 1, 2, 3) == {
            "1": ("both", "better", "WTS", "EXS"), "2": ("both", "same", "EXS", "EXS"),
            "3": ("both", "worse", "GDS", "WTS"),
        }  # fmt: skip

    def test_who_lacks_one_stands_apart_with_the_reason(self, data: Path) -> None:
        results = [result(1, SUMMER, "EXS"), result(1, SPRING, "A"), result(2, SPRING, "WTS"),
                   result(4, SPRING, "EXS"), result(4, SUMMER, "EXS")]  # fmt: skip
        store = school(data, pupils(1, 2, 3, 4), results)
        rows = {row["pupil_id"]: row for row in asked(store, "transitions")}
        assert [rows[each]["pair"] for each in "1234"] == ["start_only", "end_only", "neither", "both"]
        assert (rows["1"]["to_no_score"], rows["1"]["to_standing"]) == ("Absent", "no_score")
        assert (rows["2"]["from_no_score"], rows["2"]["from_standing"]) == ("No result", "not_assessed")
        assert [rows[each]["moved"] for each in "123"] == [None, None, None]

    def test_who_had_not_come_is_no_hole(self, data: Path) -> None:
        late = pupils(2, entry_date=day("2025-09-03"))
        results = [result(1, SUMMER, "EXS"), result(1, SPRING, "EXS"), result(2, SPRING, "EXS")]
        store = school(data, [*pupils(1), *late], results)
        (row,) = [row for row in asked(store, "transitions") if row["pupil_id"] == "2"]
        assert (row["pair"], row["from_standing"]) == ("end_only", "not_here")

    def test_another_year_group_that_was_not_assessed_is_not_listed(self, data: Path) -> None:
        store = school(data, [*pupils(1), *pupils(2, year_group="4")], [result(1, SPRING, "EXS")])
        assert [row["pupil_id"] for row in asked(store, "transitions")] == ["1"]

    def test_a_lower_score_is_better_where_the_scale_says_so(self, data: Path) -> None:
        results = [result(1, SUMMER, "20", "SDQ total"), result(1, SPRING, "19", "SDQ total"),
                   result(2, SUMMER, "19", "SDQ total"), result(2, SPRING, "20", "SDQ total")]  # fmt: skip
        assert self.moved(data, results, 1, 2) == {
            "1": ("both", "better", "20–29", "10–19"), "2": ("both", "worse", "10–19", "20–29"),
        }  # fmt: skip

    def test_the_latest_of_a_term_counts_and_of_a_day_the_test(self, data: Path) -> None:
        earlier = day("02-01")
        results = [result(1, SUMMER, "100", "standardised"),
                   result(1, SPRING, "130", "standardised", assessed_on=earlier, source="test"),
                   result(1, SPRING, "84", "standardised", source="teacher"),
                   result(1, SPRING, "85", "standardised", source="test")]  # fmt: skip
        assert self.moved(data, results, 1) == {"1": ("both", "worse", "100–114", "85–99")}

    def test_an_age_is_set_beside_the_months_that_passed(self, data: Path) -> None:
        # Eight months between 20 June and 20 February: 8:11 then, and 9:00, 9:06, 9:07, 9:08 or 8:10 after.
        later = {"108": "gained_less", "114": "gained_less", "115": "kept_pace", "116": "gained_more",
                 "106": "gained_less"}  # fmt: skip
        results = [result(n, term, value, "age") for n, months in enumerate(later, 1)
                   for term, value in ((SUMMER, "107"), (SPRING, months))]  # fmt: skip
        rows = asked(school(data, pupils(*range(1, 6)), results), "transitions")
        found = [(row["to_value"], row["pair"], row["moved"], row["moved_by"]) for row in rows]
        assert sorted(found) == sorted((value, "both", moved, "months") for value, moved in later.items())

    def test_raw_numbers_have_no_sign(self, data: Path) -> None:
        scales = ("steps", "phonics check", "our numbers")
        results = [result(1, term, value, scale) for scale in scales
                   for term, value in ((SUMMER, "10"), (SPRING, "20"))]  # fmt: skip
        store = school(data, pupils(1), results)
        for scale in scales:
            (row,) = asked(store, "transitions", measure=f"reading/{scale}")
            assert (row["pair"], row["moved"], row["moved_by"]) == ("both", None, "nothing"), scale

    def test_scaled_scores_keep_their_sign(self, data: Path) -> None:
        results = [result(1, SUMMER, "95", "scaled score"), result(1, SPRING, "105", "scaled score")]
        assert self.moved(data, results, 1) == {"1": ("both", "better", "90–99", "100–109")}

    def test_two_terms_can_be_picked(self, data: Path) -> None:
        results = [result(1, SUMMER, "WTS"), result(1, AUTUMN, "EXS"), result(1, SPRING, "GDS")]
        terms = {"from_term": AUTUMN, "to_term": SPRING}
        assert self.moved(data, results, 1, **terms) == {"1": ("both", "better", "EXS", "GDS")}


BANDS = [
    ("standardised", "69.9", "below 70"),
    ("standardised", "70", "70–84"),
    ("standardised", "99.5", "85–99"),
    ("standardised", "129", "115–129"),
    ("standardised", "130", "130 or more"),
    ("scaled score", "80", "80–89"),
    ("scaled score", "119", "110–120"),
    ("scaled score", "120", "110–120"),
    ("stanine", "9", "9"),
    ("multiplication check", "0", "0–4"),
    ("multiplication check", "25", "20–25"),
    ("age", "95", "7:00–7:11"),
    ("age", "96", "8:00–8:11"),
    ("SDQ emotional", "0", "0"),
    ("Boxall II", "40", "40–49"),
    ("teacher judgement", "PK3", "PK3"),
]


def test_bands_follow_from_the_scale(data: Path) -> None:
    results = [result(n, SPRING, value, scale) for n, (scale, value, _) in enumerate(BANDS, 1)]
    store = school(data, pupils(*range(1, len(BANDS) + 1)), results)
    scales = {scale for scale, _, _ in BANDS}
    found = {int(row["pupil_id"]): row["band"] for scale in scales
             for row in asked(store, "progress_at_term", measure=f"reading/{scale}")
             if row["value"]}  # fmt: skip
    assert found == {n: band for n, (_, _, band) in enumerate(BANDS, 1)}


class TestMissed:
    """Of Year 5, eight are assessed and the two with pupil premium are not: no filter hides them."""

    def school(self, folder: Path, *more: dict[str, Any]) -> Store:
        rolls = [*pupils(*range(1, 9)), *pupils(9, 10, pupil_premium=True)]
        return school(folder, rolls, [*(result(n, SPRING, "EXS") for n in range(1, 9)), *more])

    @pytest.mark.parametrize("chosen", [{}, {"groups": ("pupil_premium",)}])
    def test_who_was_not_assessed_stands_there_whoever_is_counted(
        self, data: Path, chosen: dict[str, Any]
    ) -> None:
        store = self.school(data, *(result(n, SUMMER, "EXS") for n in range(1, 9)))
        missed = [row["pupil_id"] for row in answer(store, "progress_at_term", **chosen)
                  if row["standing"] == "not_assessed"]  # fmt: skip
        assert missed == ["10", "9"]
        bars = [row["pupils"] for row in answer(store, "progress_distribution", **chosen)
                if row["standing"] == "not_assessed"]  # fmt: skip
        assert bars == [2, 2]
        pairs = {row["pupil_id"]: row["pair"] for row in answer(store, "transitions", **chosen)}
        assert (pairs["9"], pairs["10"]) == ("neither", "neither")
        gaps = [row["point"] for row in answer(store, "progress_pupils", **chosen)
                if row["pupil_id"] == "9"]  # fmt: skip
        assert gaps == ["Summer, 2024/25", "Spring, 2025/26"]

    def test_a_subject_that_only_they_were_missed_in_can_be_chosen(self, data: Path) -> None:
        self.school(data, *(result(n, SPRING, "EXS", subject="mathematics") for n in (9, 10)))
        app = open_app("progress", progress_part="How results are spread", as_at="2026-03-03",
                       group=["pupil_premium"])  # fmt: skip
        assert not app.exception
        assert app.selectbox(key="measure").options == [
            "Mathematics (teacher judgement)", "Reading (teacher judgement)"
        ]  # fmt: skip
        app.selectbox(key="measure").set_value(READING).run()
        assert "Nothing recorded, nothing recorded, Spring, 2025/26**: 2 pupils" in words_of(app)

    @pytest.mark.parametrize("part", tracking.PARTS.values())
    def test_each_part_says_something_of_those_without_a_score(self, data: Path, part: str) -> None:
        self.school(data, *(result(n, SUMMER, "EXS") for n in range(1, 9)))
        app = open_app("progress", progress_part=part, as_at="2026-03-03", group=["pupil_premium"])
        assert not app.exception
        said = words_of(app)
        assert "No mark is set" not in said
        assert ("None of these pupils has a score" in said) == (part in ("Groups", "Classes"))


def test_the_latest_term_is_that_of_the_school(data: Path) -> None:
    rolls = [*pupils(1, school_id="a"), *pupils(2, school_id="b")]
    results = [
        result(n, term, "EXS", school_id=own)
        for n, own, terms in ((1, "a", (SUMMER, SPRING)), (2, "b", (SUMMER, AUTUMN)))
        for term in terms
    ]
    store = school(data, rolls, results)
    for chosen in ({}, {"schools": ("b",)}):
        at = {row["pupil_id"]: row["term"] for row in answer(store, "progress_at_term", **chosen)}
        assert at["2"] == "autumn"
        pairs = {row["pupil_id"]: row["pair"] for row in answer(store, "transitions", **chosen)}
        assert pairs["2"] == "both"


OWN_STEPS = [
    {"scale": "our steps", "value": value, "rank": rank}
    for value, rank in (("Emerging", 1.0), ("Secure", 2.0), ("Secure*", 2.0), ("Deep", 3.0))
]


def test_grades_of_one_rank_are_one_band_however_they_are_written(data: Path) -> None:
    written = (("Emerging", "Secure"), ("emerging", "secure"), ("Emerging", "Secure*"))
    results = [
        result(number, term, value, "our steps")
        for number, pair in enumerate(written, 1)
        for term, value in zip((SUMMER, SPRING), pair, strict=True)
    ]
    own = [{"scale": "our steps", "kind": "ordered", "better": "higher"}]
    store = school(data, pupils(1, 2, 3), results, scales=own, scale_values=OWN_STEPS)
    moved = [(row["from_band"], row["to_band"]) for row in asked(store, "transitions")]
    assert moved == [("Emerging", "Secure / Secure*")] * 3
    # All three are in the bar, and in the list that it opens.
    bar = [row for row in asked(store, "progress_distribution") if row["term"] == "spring"]
    assert [(row["band"], row["pupils"]) for row in bar] == [("Secure / Secure*", 3)]
    listed = asked(store, "progress_at_term", at_term=SPRING)
    assert [(row["band"], row["value"]) for row in listed] == [
        ("Secure / Secure*", "Secure"), ("Secure / Secure*", "secure"), ("Secure / Secure*", "Secure*"),
    ]  # fmt: skip


class TestSpread:
    """Below, exactly at the mark, a nought, codes that are no score, and nothing at all: each by itself."""

    VALUES = ("99", "100", "115", "0", "A", "D", "c", "x", "z")

    def school(self, folder: Path) -> Store:
        results = [
            result(number, SPRING, value, "standardised") for number, value in enumerate(self.VALUES, 1)
        ]
        return school(folder, pupils(*range(1, 11)), results)

    def test_each_kind_is_counted_apart(self, data: Path) -> None:
        rows = asked(self.school(data), "progress_distribution")
        found = [(row["standing"], row["band"], row["pupils"]) for row in rows]
        assert found == [
            ("below", "below 70", 1), ("below", "85–99", 1), ("at_expected", "100–114", 1),
            ("greater_depth", "115–129", 1), ("no_score", "Absent", 1), ("no_score", "Disapplied", 1),
            ("no_score", "Not applicable (z)", 1), ("no_score", "Not available (x)", 1),
            ("no_score", "Suppressed (c)", 1), ("not_assessed", "Nothing recorded", 1),
        ]  # fmt: skip
        assert {row["out_of"] for row in rows} == {10}
        assert sum(row["band_share"] for row in rows) == pytest.approx(1)

    def test_they_stay_apart_in_the_list_the_chart_and_the_file(self, data: Path) -> None:
        store = self.school(data)
        filter = make_filter(store, as_at=DAY)
        pupils_then = ask("progress_at_term", filter, store)
        numbers = dict(pupils_then.select("value", "number").iter_rows())
        assert numbers["0"] == 0
        assert [numbers[code] for code in ("A", "D", "c", "x", "z", None)] == [None] * 6
        spread = ask("progress_distribution", filter, store)
        (drawn,) = charts.distribution(spread, ["Spring, 2025/26"])["datasets"].values()
        assert {row["band"]: row["pupils"] for row in drawn} == dict(
            spread.select("band", "pupils").iter_rows()
        )
        lines = (
            export(pupils_then, filter, "progress_at_term", "csv", store)
            .data.decode("utf-8-sig")
            .splitlines()
        )
        for code, because in (
            ("c", "Suppressed (c)"),
            ("x", "Not available (x)"),
            ("z", "Not applicable (z)"),
        ):
            (line,) = [line for line in lines if f",{code}," in line]
            assert because in line
        (nothing,) = [line for line in lines if line.startswith("10,")]
        assert "not_assessed" in nothing

    def test_only_scores_count_as_assessed(self, data: Path) -> None:
        (row,) = answer(self.school(data), "progress_by_group")
        assert (row["pupils"], row["assessed"], row["expected_or_above"], row["greater_depth"]) == (
            10,
            4,
            2,
            1,
        )

    def test_a_pupils_line_has_a_hole_where_there_is_no_score(self, data: Path) -> None:
        rows = asked(self.school(data), "progress_pupils")
        assert {row["pupil_id"]: row["height"] for row in rows} == {
            "1": 99, "2": 100, "3": 115, "4": 0, **dict.fromkeys(("5", "6", "7", "8", "9", "10"))
        }  # fmt: skip

    def test_the_middle_leaves_out_who_has_no_score(self, data: Path) -> None:
        (row,) = asked(self.school(data), "progress_spread")
        quartiles = (row["lower_quartile_value"], row["median_value"], row["upper_quartile_value"])
        assert (row["assessed"], quartiles) == (4, ("0", "99", "100"))


def test_who_has_no_result_is_still_in_their_groups(data: Path) -> None:
    store = school(data, [*pupils(1), *pupils(2, eal=True)], [result(1, SPRING, "EXS")])
    found = [(row["standing"], row["groups"]) for row in asked(store, "progress_at_term")]
    assert found == [("at_expected", []), ("not_assessed", ["eal"])]


def test_lower_is_better_is_spread_from_the_weakest_too(data: Path) -> None:
    results = [
        result(number, SPRING, value, "SDQ total") for number, value in enumerate(("30", "16", "5"), 1)
    ]
    rows = asked(school(data, pupils(1, 2, 3), results), "progress_distribution")
    assert [(row["standing"], row["band"]) for row in rows] == [
        ("below", "30–40"), ("at_expected", "10–19"), ("at_expected", "0–9"),
    ]  # fmt: skip


class TestGroups:
    def school(self, folder: Path) -> Store:
        """Eight with pupil premium (two at expected now, four last spring), eight without (all at
        expected).
        """
        rolls = [*pupils(*range(1, 9), pupil_premium=True), *pupils(*range(11, 19))]
        last_spring = {"assessed_on": day("2025-02-20")}
        results = [result(n, SPRING, "EXS" if n in (1, 2) else "WTS") for n in range(1, 9)]
        results += [result(n, SPRING, "EXS", **last_spring) for n in range(11, 19)]
        results += [result(n, SPRING, "EXS" if n < 5 else "WTS", **last_spring) for n in range(1, 9)]
        results += [result(n, SPRING, "GDS" if n == 11 else "EXS") for n in range(11, 19)]
        return school(folder, rolls, results)

    def test_the_gap_and_its_change(self, data: Path) -> None:
        rows = {row["term_order"]: row for row in answer(self.school(data), "progress_by_group")
                if row["group_code"] == "pupil_premium"}  # fmt: skip
        now = rows[20252]
        assert (now["expected_or_above"], now["assessed"], now["rest_expected_or_above"]) == (2, 8, 8)
        assert (now["gap_points"], rows[20242]["gap_points"]) == (-75, -50)
        assert (now["gap_since_year"], now["gap_since_term"]) == (-25, None)
        assert (now["depth_share"], now["rest_depth_share"], now["depth_gap_points"]) == (0, 0.125, -12.5)

    def test_what_may_be_chance_says_so(self, data: Path) -> None:
        (now,) = [row for row in answer(self.school(data), "progress_by_group")
                  if row["group_code"] == "pupil_premium" and row["term_order"] == 20252]  # fmt: skip
        assert (now["gap_says"], now["depth_gap_says"]) == ("behind", "chance")
        assert now["gap_low"] < now["gap_points"] < now["gap_high"] < 0

    @pytest.mark.parametrize(("many", "says"), [(5, "small"), (6, "behind")])
    def test_of_fewer_than_six_nothing_is_said(self, data: Path, many: int, says: str) -> None:
        rolls = [*pupils(*range(1, many + 1), eal=True), *pupils(*range(11, 31))]
        results = [result(int(one["pupil_id"]), SPRING, "WTS" if one.get("eal") else "EXS") for one in rolls]
        (row,) = [row for row in answer(school(data, rolls, results), "progress_by_group")
                  if row["group_code"] == "eal"]  # fmt: skip
        assert row["gap_says"] == says

    def test_who_was_not_yet_in_the_group_is_counted(self, data: Path) -> None:
        members = [{"pupil_id": "1", "group_code": "club", "start_date": day("01-05")},
                   {"pupil_id": "2", "group_code": "club", "start_date": day("2025-09-01")},
                   {"pupil_id": "2", "group_code": "club", "start_date": day("2025-10-01")}]  # fmt: skip
        results = [result(n, term, "EXS") for n in (1, 2) for term in (AUTUMN, SPRING)]
        store = school(data, pupils(1, 2), results, memberships=members)
        then = {row["term"]: row["in_group_then"] for row in answer(store, "progress_by_group")
                if row["group_code"] == "club"}  # fmt: skip
        assert then == {"autumn": 1, "spring": 2}

    def test_small_is_what_the_charts_call_small(self) -> None:
        assert SMALL == charts.SMALL_GROUP


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (-12.0, 12.0, "12 points behind the rest, 40 assessed. As far as chance goes, from 4 to 20 points "
                      "behind. A year before it was 12 points ahead of the rest."),
        (-12.0, -11.5, "12 points behind the rest, 40 assessed. As far as chance goes, from 4 to 20 points "
                       "behind. A year before it was 12 points behind the rest."),
        (1.0, -0.3, "1 point ahead of the rest, 40 assessed. As far as chance goes, from 7 points behind "
                    "to 9 ahead. A year before it was level with the rest."),
        (-0.3, None, "level with the rest, 40 assessed. As far as chance goes, from 8 points behind "
                     "to 8 ahead."),
        (0.0, None, "level with the rest, 40 assessed. As far as chance goes, from 8 points behind "
                    "to 8 ahead."),
        (20.0, None, "20 points ahead of the rest, 40 assessed. As far as chance goes, from 12 to 28 points "
                     "ahead."),
    ],
)  # fmt: skip
def test_a_gap_says_its_side_now_and_a_year_before(now: float, before: float | None, said: str) -> None:
    row = {"group": "EAL", "assessed": 40, "gap_says": "behind", "gap_points": now, "gap_low": now - 8,
           "gap_high": now + 8, "year_before": before}  # fmt: skip
    (shown,) = rounded(pl.DataFrame([row], schema_overrides={"year_before": pl.Float64})).to_dicts()
    assert gap_sentence(shown, "gap") == f"**EAL**: {said}"


class TestGroupChanges:
    def changes(self, folder: Path, members: list[Any], **rows: Any) -> list[tuple[Any, ...]]:
        store = school(folder, pupils(*range(1, 12)), [], memberships=members, **rows)
        return [(row["on_day"], row["what"], row["joined"], row["left"], row["is_large"])
                for row in answer(store, "progress_group_changes")]  # fmt: skip

    def test_a_definition_is_marked_on_its_day(self, data: Path) -> None:
        club = {"group_code": "club", "name": "Club", "agreed_on": day("01-05")}
        assert self.changes(data, [], groups=[club]) == [(day("01-05"), "definition", 0, 0, True)]

    @pytest.mark.parametrize(("joined", "is_large"), [(1, False), (2, True)])
    def test_a_fifth_of_the_group_is_many(self, data: Path, joined: int, is_large: bool) -> None:
        members = [{"pupil_id": str(n), "group_code": "club",
                    "start_date": day("02-01") if n <= joined else day("2025-01-06")}
                   for n in range(1, 11)]  # fmt: skip
        assert (day("02-01"), "pupils", joined, 0, is_large) in self.changes(data, members)

    def test_a_span_that_goes_on_is_no_change(self, data: Path) -> None:
        one = {"pupil_id": "1", "group_code": "club"}
        members = [one | {"start_date": day("2025-01-06"), "end_date": day("01-31")},
                   one | {"start_date": day("02-01")}]  # fmt: skip
        assert [change[0] for change in self.changes(data, members)] == [day("2025-01-06")]


class TestCrossed:
    def test_four_parts_each_beside_all_the_others(self, data: Path) -> None:
        rolls = [*pupils(1, 2, pupil_premium=True, eal=True), *pupils(3, pupil_premium=True),
                 *pupils(4, eal=True), *pupils(5, 6)]  # fmt: skip
        values = dict(zip(range(1, 6), ("WTS", "EXS", "WTS", "GDS", "EXS"), strict=True))
        store = school(data, rolls, [result(n, SPRING, value) for n, value in values.items()])
        groups = {"first_group": "pupil_premium", "other_group": "eal"}
        rows = {row["who"]: row for row in asked(store, "progress_crossed", **groups)}
        counts = ("pupils", "assessed", "expected_or_above")
        assert {part: tuple(row[name] for name in counts) for part, row in rows.items()} == {
            "both": (2, 2, 1), "first_only": (1, 1, 0), "other_only": (1, 1, 1), "neither": (2, 1, 1),
        }  # fmt: skip
        # One of two, beside two of the three others who were assessed.
        assert rows["both"]["gap_points"] == pytest.approx(100 * (1 / 2 - 2 / 3))
        who = asked(store, "progress_crossed_pupils", measure=READING, at_term=SPRING, **groups)
        assert [(row["pupil_id"], row["who"], row["value"]) for row in who] == [
            ("1", "both", "WTS"), ("2", "both", "EXS"), ("3", "first_only", "WTS"),
            ("4", "other_only", "GDS"), ("5", "neither", "EXS"), ("6", "neither", None),
        ]  # fmt: skip


class TestClassesAndYears:
    YEARS = (
        {"pupil_id": "1", "academic_year": "2024/25", "year_group": "4", "class": "Elm"},
        {"pupil_id": "1", "academic_year": "2025/26", "year_group": "5", "class": "Oak"},
    )

    def test_pupils_of_a_class_now_are_followed_back(self, data: Path) -> None:
        results = [result(1, SUMMER, "WTS"), result(1, SPRING, "EXS"), result(2, SPRING, "WTS")]
        store = school(data, pupils(1, 2), results, enrolments=list(self.YEARS))
        found = {(row["by_key"], row["term"]): (row["expected_or_above"], row["assessed"], row["pupils"])
                 for row in asked(store, "progress_by_part", by="class")}  # fmt: skip
        assert found == {("Oak", "summer"): (0, 1, 2), ("Oak", "spring"): (1, 2, 2)}

    def test_a_cohort_at_the_end_of_each_year(self, data: Path) -> None:
        results = [result(1, SUMMER, "WTS"), result(1, AUTUMN, "WTS"), result(1, SPRING, "EXS")]
        store = school(data, pupils(1), results, enrolments=list(self.YEARS))
        found = [(row["cohort"], row["entered_year_1"], row["stage"], row["academic_year"], row["term"],
                  row["expected_share"]) for row in asked(store, "progress_by_cohort")]  # fmt: skip
        assert found == [("Year 5", "2021/22", "Year 4", "2024/25", "summer", 0),
                         ("Year 5", "2021/22", "Year 5", "2025/26", "spring", 1)]  # fmt: skip

    def test_the_same_year_group_counts_those_who_left(self, data: Path) -> None:
        gone = pupils(2, leaving_date=day("2025-07-20"), year_group="5")
        store = school(data, [*pupils(1), *gone], [result(1, SPRING, "EXS"), result(2, SUMMER, "WTS")])
        found = [(row["stage"], row["academic_year"], row["assessed"], row["expected_share"])
                 for row in asked(store, "progress_by_year_group")]  # fmt: skip
        assert found == [("Year 5", "2024/25", 1, 0), ("Year 5", "2025/26", 1, 1)]
        assert [row["academic_year"] for row in asked(store, "progress_by_cohort")] == ["2025/26"]


def test_two_subjects_have_four_quarters_and_who_lacks_one(data: Path) -> None:
    both = [("100", "100"), ("100", "99"), ("99", "100"), ("99", "99"), ("100", None), (None, "100")]
    results = [
        result(number, SPRING, value, "standardised", subject=subject)
        for number, pair in enumerate(both, 1)
        for subject, value in zip(("reading", "mathematics"), pair, strict=True) if value
    ]  # fmt: skip
    measures = {"measure": "reading/standardised", "other_measure": "mathematics/standardised"}
    rows = asked(school(data, pupils(*range(1, 7)), results), "progress_two_subjects", **measures)
    assert [row["quadrant"] for row in rows] == [
        "both", "first_only", "second_only", "neither", "second_missing", "first_missing",
    ]  # fmt: skip


def test_axes_are_those_of_the_scale_and_of_its_grades(data: Path) -> None:
    results = [result(1, SPRING, "GDS"), result(1, AUTUMN, "WTS"), result(1, SPRING, "7", "SDQ total")]
    rows = {row["measure"]: row for row in asked(school(data, pupils(1), results), "progress_axes")}
    assert rows[READING]["grades"] == ["WTS", "EXS", "GDS"]
    assert (rows["reading/sdq total"]["lowest"], rows["reading/sdq total"]["highest"]) == (0, 40)


class TestIntervals:
    @pytest.mark.parametrize(
        ("counts", "low", "high"),
        [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090),
         ((5, 56, 0, 29), -0.0381, 0.1926),
         ((0, 10, 0, 20), -0.1611, 0.2775), ((10, 10, 0, 20), 0.6791, 1.0)],
    )  # fmt: skip
    def test_newcombe(self, counts: tuple[int, int, int, int], low: float, high: float) -> None:
        """Newcombe (1998), *Interval estimation for the difference*, table II, contrasts (a), (b), (d),
        (g), (h).
        """
        from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415

        found = shares_difference(*counts)
        assert (found.low, found.high) == pytest.approx((low, high), abs=0.00006)
        again = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
        assert (found.low, found.high) == pytest.approx(again)

    def test_many_shares_at_once_are_the_same_as_one_by_one(self) -> None:
        from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415

        counts, of = [0, 8, 3, 81], [8, 8, 10, 263]
        found = shares_interval(counts, of)
        for place, (count, n) in enumerate(zip(counts, of, strict=True)):
            again = proportion_confint(count, n, method="wilson")
            assert (found.low[place], found.high[place]) == pytest.approx(again)


class TestPage:
    """The page in the frame, as a head teacher meets it."""

    @pytest.mark.parametrize("part", ["Groups", "Classes", "Year by year"])
    def test_without_a_mark_it_says_so_and_draws_nothing(self, data: Path, part: str) -> None:
        school(data, pupils(1, 2), [result(n, SPRING, "8", "SDQ emotional") for n in (1, 2)])
        app = open_app("progress", progress_part=part, as_at="2026-03-03")
        assert not app.exception
        assert "No mark is set on this scale" in words_of(app)

    def test_a_gap_of_few_is_not_told_as_a_gap(self, data: Path) -> None:
        rolls = [*pupils(1, 2, eal=True), *pupils(*range(11, 31))]
        school(data, rolls, [result(int(one["pupil_id"]), SPRING, "WTS" if one.get("eal") else "EXS")
                             for one in rolls])  # fmt: skip
        said = words_of(open_app("progress", as_at="2026-03-03"))
        assert "Fewer than six pupils on one side: too few to say anything" in said
        assert "no trend can be read (English as an additional language)" in said

    def test_pupils_with_and_without_both_results_are_counted(self, data: Path) -> None:
        results = [result(1, SUMMER, "WTS"), result(1, SPRING, "EXS"), result(2, SPRING, "EXS")]
        school(data, pupils(1, 2), results)
        said = words_of(open_app("progress", progress_part="Who moved", as_at="2026-03-03"))
        assert "1 pupil who have a result at both" not in said
        assert "1 rose, 0 stayed, 0 fell" in said
        assert "no result at the first: 1" in said

    @pytest.mark.parametrize(
        ("scale", "said"),
        [("age", "0 gained more months than passed, 0 kept pace, 1 gained fewer."), ("steps", "raw numbers")],
    )
    def test_no_sign_is_drawn_where_growing_is_no_rise(self, data: Path, scale: str, said: str) -> None:
        school(data, pupils(1), [result(1, SUMMER, "107", scale), result(1, SPRING, "108", scale)])
        app = open_app("progress", progress_part="Who moved", as_at="2026-03-03")
        assert not app.exception
        words = words_of(app)
        assert said in words
        assert "1 rose" not in words
        shown = app.dataframe[0].value
        assert [cell for cell in shown.to_numpy()[:, 1:].flatten() if cell] == ["1: Robin A"]

    def test_those_who_moved_are_named_in_their_cells(self, data: Path) -> None:
        names = ["Ana", "Ben", "Cy", "Dee", "Eve", "Flo"]
        rolls = [one | {"forename": name} for one, name in zip(pupils(*range(6)), names, strict=True)]
        rolls += pupils(*range(6, 13))
        before = [result(number, SUMMER, "WTS") for number in range(13)]
        after = [result(number, SPRING, "EXS" if number < 6 else "WTS") for number in range(13)]
        school(data, rolls, before + after)
        app = open_app("progress", progress_part="Who moved", as_at="2026-03-03")
        assert not app.exception
        grid = app.dataframe[0].value.set_index("From ↓ to →")
        assert grid.loc["WTS", "EXS"] == "▲ 6: Ana A, Ben A, Cy A, Dee A and 2 more"
        # Many who stayed are a number; on paper everybody who moved is named.
        assert grid.loc["WTS", "WTS"] == "= 7"
        paper = app.table[0].value.set_index("From ↓ to →")
        assert paper.loc["WTS", "EXS"] == "▲ 6: Ana A, Ben A, Cy A, Dee A, Eve A, Flo A"
        assert (grid.loc["EXS", "WTS"], paper.loc["WTS", "WTS"]) == ("", "= 7")


SCALES = {"teacher judgement": ("WTS", "EXS", "GDS", "A"), "standardised": ("84", "99.5", "100", "115", "A"),
          "SDQ total": ("0", "9", "16", "17", "40", "c")}  # fmt: skip


def drawn_school(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    choose = random.Random(seed)
    rolls = [
        PUPIL | {"pupil_id": f"{n}", "year_group": choose.choice(("4", "5")),
                 "class": choose.choice(("Oak", "Elm")),
                 "pupil_premium": choose.random() < 0.5, "eal": choose.random() < 0.5}
        for n in range(1, 25)
    ]  # fmt: skip
    days = [date(2025, 4, 1), date(2025, 8, 31), date(2025, 9, 1), date(2025, 12, 31), date(2026, 1, 1), DAY]
    days += [date(2026, 3, 4)]
    results = {}
    for _ in range(260):
        scale = choose.choice(list(SCALES))
        row = result(choose.randint(1, 24), SPRING, choose.choice(SCALES[scale]), scale)
        row |= {"assessed_on": choose.choice(days), "source": choose.choice(("teacher", "test"))}
        results[row["pupil_id"], scale, row["assessed_on"], row["source"]] = row
    return rolls, list(results.values())


@pytest.mark.parametrize("seed", range(3))
def test_moves_and_crossed_groups_agree_with_their_slow_versions(data: Path, seed: int) -> None:
    rolls, results = drawn_school(seed)
    store = school(data / str(seed), rolls, results)
    groups = {"first_group": "pupil_premium", "other_group": "eal"}
    for scale in SCALES:
        measure = {"measure": f"reading/{scale}"}
        for terms in ((SUMMER, SPRING), (AUTUMN, SPRING), (SUMMER, AUTUMN)):
            rows = asked(store, "transitions", from_term=terms[0], to_term=terms[1], **measure)
            found = {row["pupil_id"]: (row["pair"], row["moved"]) for row in rows}
            assert found == slow_tracking.moves(rolls, results, scale, terms, DAY), (scale, terms)
        for term in (SUMMER, AUTUMN, SPRING):
            rows = [row for row in asked(store, "progress_crossed", **measure, **groups)
                    if f"{row['academic_year']} {row['term']}" == term]  # fmt: skip
            found_parts = {
                row["who"]: (row["pupils"], row["assessed"], row["expected_or_above"] or 0) for row in rows
            }
            assert found_parts == slow_tracking.crossed(rolls, results, scale, term, DAY), (scale, term)
    forget_stores()


class TestCounts:
    """Of the sample school: parts add up, and a narrower filter never counts more."""

    def test_cells_add_up_to_pupils_with_both(self, sample: Store) -> None:
        rows = ask("transitions", make_filter(sample), sample, **MEASURE)
        both = rows.filter(pair="both")
        assert (
            both.group_by("from_band", "to_band").len()["len"].sum() == both.height == both["moved"].count()
        )
        assert rows.select("school_id", "pupil_id").is_unique().all()

    def test_a_bar_is_as_long_as_its_list(self, sample: Store) -> None:
        filter = make_filter(sample)
        spread = ask("progress_distribution", filter, sample, **MEASURE)
        for (year, term), rows in spread.group_by("academic_year", "term"):
            listed = ask("progress_at_term", filter, sample, at_term=f"{year} {term}", **MEASURE)
            assert rows["pupils"].sum() == listed.height == rows["out_of"][0]
            counts = dict(listed["standing"].value_counts().iter_rows())
            assert counts == dict(rows.group_by("standing").agg(pl.col("pupils").sum()).iter_rows())

    def test_the_four_parts_are_everybody(self, sample: Store) -> None:
        groups = {"first_group": "pupil_premium", "other_group": "eal"}
        rows = ask("progress_crossed", make_filter(sample), sample, **MEASURE, **groups)
        listed = ask("progress_crossed_pupils", make_filter(sample), sample, **groups)
        by_group = ask("progress_by_group", make_filter(sample), sample, **MEASURE).filter(group_code="all")
        everyone = dict(by_group.select("term_order", "assessed").iter_rows())
        for (point,), parts in rows.group_by("term_order"):
            assert dict(parts.select("who", "pupils").iter_rows()) == dict(
                listed["who"].value_counts().iter_rows()
            )
            assert parts["assessed"].sum() == everyone[point]
        assert listed.height == 210

    @pytest.mark.parametrize("question", ["transitions", "progress_at_term", "progress_pupils"])
    def test_narrowing_never_counts_more(self, sample: Store, question: str) -> None:
        key = [name for name in ("school_id", "pupil_id", "term_order", "pair")
               if name in ask(question, make_filter(sample), sample, **MEASURE).columns]  # fmt: skip
        whole = set(ask(question, make_filter(sample), sample, **MEASURE).select(key).iter_rows())
        for chosen in (
            {"year_groups": ("5",)},
            {"groups": ("eal",)},
            {"classes": ("Oak",), "groups": ("eal",)},
        ):
            narrow = ask(question, make_filter(sample, **chosen), sample, **MEASURE)
            assert set(narrow.select(key).iter_rows()) <= whole


def test_of_many_pupils_with_grades_each_grade_is_counted_and_every_code_explained(sample: Store) -> None:
    said = words_of(open_app("progress", progress_part="Pupils", as_at="2026-03-03"))
    assert "Choose a class, or a group of at most 36" in said
    assert "how many have each grade" in said
    assert "**EXS** working at the expected standard" in said
    one = words_of(open_app("progress", progress_part="Pupils", as_at="2026-03-03", year_group=["4"]))
    assert "Choose a class" not in one
