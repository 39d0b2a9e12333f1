"""`meeting_lists` by hand: who is on each list, on both sides of each boundary."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.meeting_lists import most_lists_first
from tests.tiny import DAY, PUPIL, answer, day, tiny_school

TERMS = ("autumn", "spring", "summer")
MARKS = [
    {"scale": scale, "subject": "reading", "year_group": year, "term": term, "expected": expected}
    for scale, expected in (("standardised", "100"), ("age", "100"), ("raw", "50"))
    for year in ("4", "5") for term in TERMS
]  # fmt: skip
SCALES = [{"scale": "raw", "kind": "number", "minimum": 0.0, "maximum": 100.0}]
NOW = day("2026-02-20")
YEAR_AGO = NOW - timedelta(days=365)


def scored(
    pupil_id: str, value: object, on: date = NOW, scale: str = "standardised", **more: Any
) -> dict[str, Any]:
    about = {"pupil_id": pupil_id, "subject": "reading", "scale": scale, "assessed_on": on}
    return about | {"value": str(value), "source": "test"} | more


def school(folder: Path, scores: list[dict[str, Any]], **rows: Any) -> Store:
    names = sorted({row["pupil_id"] for row in scores} | {row["pupil_id"] for row in rows.get("pupils", [])})
    pupils = rows.pop("pupils", [PUPIL | {"pupil_id": name} for name in names])
    return tiny_school(folder, pupils=pupils, assessments=scores, expectations=MARKS, scales=SCALES, **rows)


def on(store: Store, kind: str, **choices: Any) -> dict[str, str]:
    rows = answer(store, "meeting_lists", **choices)
    found = {row["pupil_id"]: row["reason"] for row in rows if row["kind"] == kind}
    assert len(found) == len([row for row in rows if row["kind"] == kind])
    return found


class TestBelowTheMark:
    def test_exactly_at_the_mark_is_not_below(self, tmp_path: Path) -> None:
        store = school(tmp_path, [scored("at", 100), scored("below", 99)])
        assert on(store, "below_mark") == {
            "below": "99 in reading (standardised) is below expected, which is 100."
        }

    def test_results_of_more_than_a_year_ago_say_nothing(self, tmp_path: Path) -> None:
        store = school(tmp_path, [scored("1", 90, DAY - timedelta(days=366)),
                                  scored("2", 90, DAY - timedelta(days=367))])  # fmt: skip
        assert list(on(store, "below_mark")) == ["1"]

    def test_more_able_pupils_by_greater_depth(self, tmp_path: Path) -> None:
        scores = [
            scored(who, "EXS", scale="teacher judgement", source="teacher") for who in ("able", "other")
        ]
        pupils = [PUPIL | {"pupil_id": "able", "more_able": True}, PUPIL | {"pupil_id": "other"}]
        store = tiny_school(tmp_path, pupils=pupils, assessments=scores)
        assert on(store, "below_mark") == {
            "able": "EXS in reading (teacher judgement) is below greater depth, which is GDS."
        }


class TestOwnPast:
    def test_half_a_standard_deviation_matters(self, tmp_path: Path) -> None:
        scores = [scored("fell", 110, YEAR_AGO), scored("fell", 102.5),
                  scored("near", 110, YEAR_AGO), scored("near", 102.6),
                  scored("rose", 110, YEAR_AGO), scored("rose", 117.5)]  # fmt: skip
        store = school(tmp_path, scores)
        assert list(on(store, "below_own_past")) == ["fell"]
        assert list(on(store, "good_progress")) == ["rose"]

    def test_what_counts_as_a_year_ago(self, tmp_path: Path) -> None:
        scores = []
        for days in (269, 270, 460, 461):
            scores += [scored(str(days), 120, NOW - timedelta(days=days)), scored(str(days), 100)]
        assert set(on(school(tmp_path, scores), "below_own_past")) == {"270", "460"}

    def test_on_an_age_scale_time_counts(self, tmp_path: Path) -> None:
        """In 365 days 11.99 months pass: 8.99 gained falls behind by three, 14.99 gets ahead."""
        scores = []
        for gain in (8, 9, 14, 15):
            scores += [scored(str(gain), 110, YEAR_AGO, "age"), scored(str(gain), 110 + gain, NOW, "age")]
        store = school(tmp_path, scores)
        assert list(on(store, "below_own_past")) == ["8"]
        assert list(on(store, "good_progress")) == ["15"]

    def test_on_a_raw_scale_going_up_is_no_news_but_reaching_the_mark_is(self, tmp_path: Path) -> None:
        scores = [scored("up", 10, YEAR_AGO, "raw"), scored("up", 40, NOW, "raw"),
                  scored("there", 49, YEAR_AGO, "raw"), scored("there", 50, NOW, "raw")]  # fmt: skip
        assert list(on(school(tmp_path, scores), "good_progress")) == ["there"]

    def test_lower_is_no_good_news_though_the_mark_fell_too(self, tmp_path: Path) -> None:
        raw = {"scale": "raw", "subject": "writing", "year_group": "5"}
        marks = MARKS + [
            raw | {"term": term, "expected": mark}
            for term, mark in (("autumn", "80"), ("spring", "50"), ("summer", "80"))
        ]
        writing = {"subject": "writing"}
        scores = [
            scored("1", 70, day("2025-06-01"), "raw", **writing),
            scored("1", 60, NOW, "raw", **writing),
        ]
        store = tiny_school(tmp_path, pupils=[PUPIL], assessments=scores, expectations=marks, scales=SCALES)
        assert on(store, "good_progress") == {}

    def test_on_a_scale_where_lower_is_better(self, tmp_path: Path) -> None:
        scores = [scored("calmer", 20, YEAR_AGO, "SDQ total"), scored("calmer", 10, NOW, "SDQ total"),
                  scored("worse", 10, YEAR_AGO, "SDQ total"),
                  scored("worse", 20, NOW, "SDQ total")]  # fmt: skip
        store = school(tmp_path, scores)
        assert list(on(store, "below_own_past")) == ["worse"]
        assert "calmer" not in on(store, "sudden_fall")


class TestSuddenFall:
    def test_from_one_term_to_the_next(self, tmp_path: Path) -> None:
        autumn = day("2025-11-20")
        scores = [scored("fell", 110, autumn), scored("fell", 102.5),
                  scored("near", 110, autumn), scored("near", 103),
                  scored("once", 90)]  # fmt: skip
        scores += [scored("long ago", 110, NOW - timedelta(days=367)), scored("long ago", 90)]
        assert on(school(tmp_path, scores), "sudden_fall") == {
            "fell": "102.5 in reading (standardised), after 110 at the result before."
        }

    def test_a_step_down(self, tmp_path: Path) -> None:
        teacher = {"scale": "teacher judgement", "source": "teacher"}
        scores = [scored("1", "EXS", day("2025-11-20"), **teacher), scored("1", "WTS", NOW, **teacher)]
        assert list(on(tiny_school(tmp_path, pupils=[PUPIL], assessments=scores), "sudden_fall")) == ["1"]


def test_steps_of_a_scale_where_lower_is_better(tmp_path: Path) -> None:
    scale = {"scale": "worry", "kind": "ordered", "better": "lower"}
    values = [{"scale": "worry", "value": word, "rank": float(rank)} for rank, word in enumerate("abc", 1)]
    scores = [scored(who, value, on_day, "worry") for who, values in (("calmer", "ca"), ("worse", "ac"))
              for value, on_day in zip(values, (YEAR_AGO, NOW), strict=True)]  # fmt: skip
    pupils = [PUPIL | {"pupil_id": who} for who in ("calmer", "worse")]
    store = tiny_school(tmp_path, pupils=pupils, assessments=scores, scales=[scale], scale_values=values)
    assert list(on(store, "sudden_fall")) == ["worse"]
    assert list(on(store, "below_own_past")) == ["worse"]
    assert list(on(store, "good_progress")) == ["calmer"]


class TestOwnTarget:
    def target(self, **more: Any) -> dict[str, Any]:
        return {"pupil_id": "1", "subject": "reading", "scale": "standardised", "target": "110",
                "baseline": "90", "set_on": day("2025-09-01"), "due_on": day("2026-07-31"),
                "agreed_with_pupil": True} | more  # fmt: skip

    @pytest.mark.parametrize(("value", "is_behind"), [("100", True), ("101", False)])
    def test_the_straight_line(self, tmp_path: Path, value: str, is_behind: bool) -> None:
        """172 of 333 days on the way from 90 to 110: 100.3 is wanted by now."""
        store = school(tmp_path, [scored("1", value)], targets=[self.target()])
        assert ("1" in on(store, "behind_own_target")) == is_behind

    def test_without_a_day_or_a_starting_point_there_is_no_line(self, tmp_path: Path) -> None:
        for n, more in enumerate(({"due_on": None}, {"baseline": None})):
            store = school(tmp_path / str(n), [scored("1", 91)], targets=[self.target(**more)])
            assert on(store, "behind_own_target") == {}

    def test_on_grades_nothing_lies_between_two_steps(self, tmp_path: Path) -> None:
        teacher = {"scale": "teacher judgement", "source": "teacher"}
        target = self.target(scale="teacher judgement", target="EXS", baseline="WTS")
        store = tiny_school(
            tmp_path, pupils=[PUPIL], assessments=[scored("1", "WTS", **teacher)], targets=[target]
        )
        assert on(store, "behind_own_target") == {}

    def test_the_newest_target_alone_counts(self, tmp_path: Path) -> None:
        newer = self.target(target="95", set_on=day("2025-10-01"))
        store = school(tmp_path, [scored("1", "97")], targets=[self.target(), newer])
        assert on(store, "behind_own_target") == {}

    def test_nobody_agreed_to_it(self, tmp_path: Path) -> None:
        store = school(tmp_path, [scored("1", 91)], targets=[self.target(agreed_with_pupil=None)])
        assert on(store, "behind_own_target") == {}

    def test_past_due_is_over(self, tmp_path: Path) -> None:
        store = school(tmp_path, [scored("1", 91)], targets=[self.target(due_on=DAY - timedelta(days=1))])
        assert on(store, "behind_own_target") == {}
        store = school(tmp_path / "b", [scored("1", 91)], targets=[self.target(due_on=DAY)])
        assert list(on(store, "behind_own_target")) == ["1"]


class TestResultMissing:
    def roll(self, *classes: str, each: int = 2) -> list[dict[str, Any]]:
        return [
            PUPIL | {"pupil_id": f"{name}{n}", "class": name} for name in classes for n in range(1, each + 1)
        ]

    def test_half_of_the_class_has_one(self, tmp_path: Path) -> None:
        scores = [scored("Oak1", 100), scored("Oak2", "absent")]
        codes = [{"scale": "standardised", "value": "absent", "meaning": "Absent"}]
        store = school(tmp_path, scores, pupils=self.roll("Oak"), scale_values=codes)
        assert on(store, "not_assessed") == {
            "Oak2": "No score (absent) in reading (standardised) in the spring term 2025/26, in which most "
            "classes were assessed."
        }

    def test_fewer_than_half_is_no_round(self, tmp_path: Path) -> None:
        store = school(tmp_path, [scored("Oak1", 100)], pupils=self.roll("Oak", each=3))
        assert on(store, "not_assessed") == {}

    def test_a_class_that_is_late(self, tmp_path: Path) -> None:
        autumn = day("2025-11-20")
        scores = [scored(f"{name}{n}", 100, autumn) for name in ("Ash", "Oak", "Elm") for n in (1, 2)]
        scores += [scored(f"{name}{n}", 100, assessor="Ms Gray") for name in ("Ash", "Oak") for n in (1, 2)]
        store = school(tmp_path, scores, pupils=self.roll("Ash", "Oak", "Elm", "Fir"))
        said = (
            "Nobody of the class has a result in reading (standardised) in the spring term 2025/26, "
            "in which most classes were assessed."
        )
        # Fir was never assessed on this scale: nobody waits for it.
        assert on(store, "not_assessed") == {"Elm1": said, "Elm2": said}
        assert on(store, "not_assessed", classes=["Oak"]) == {}

    def test_classmates_outside_the_filter_count(self, tmp_path: Path) -> None:
        pupils = [row | {"pupil_premium": row["pupil_id"] == "Oak2"} for row in self.roll("Oak")]
        store = school(tmp_path, [scored("Oak1", 100)], pupils=pupils)
        assert list(on(store, "not_assessed", groups=["pupil_premium"])) == ["Oak2"]

    def test_who_came_after_it_is_not_missing(self, tmp_path: Path) -> None:
        rows = self.roll("Oak", each=4)
        rows[1]["entry_date"], rows[2]["entry_date"] = NOW, NOW + timedelta(days=1)
        store = school(tmp_path, [scored("Oak1", 100), scored("Oak4", 100)], pupils=rows)
        assert list(on(store, "not_assessed")) == ["Oak2"]


class TestTeacherAndTest:
    def judged(self, folder: Path, value: object, days: int = 10, said: str = "EXS") -> dict[str, str]:
        teacher = scored("1", said, NOW - timedelta(days=days), "teacher judgement", source="teacher")
        return on(school(folder, [teacher, scored("1", value)]), "teacher_and_test")

    def test_five_points_below_the_mark(self, tmp_path: Path) -> None:
        assert self.judged(tmp_path, 96) == {}
        assert list(self.judged(tmp_path / "b", 95)) == ["1"]

    def test_the_other_way_round(self, tmp_path: Path) -> None:
        assert list(self.judged(tmp_path, 105, said="WTS")) == ["1"]
        assert self.judged(tmp_path / "b", 104, said="WTS") == {}

    def test_too_far_apart(self, tmp_path: Path) -> None:
        assert list(self.judged(tmp_path, 90, days=120)) == ["1"]
        assert self.judged(tmp_path / "b", 90, days=121) == {}


class TestAbsence:
    def absent(self, folder: Path, *spans: dict[str, Any]) -> list[dict[str, Any]]:
        usual = {"pupil_id": "1", "start_date": day("2025-09-03"), "end_date": day("2025-12-19")}
        store = tiny_school(folder, attendance=[usual | span for span in spans])
        return [row for row in answer(store, "meeting_lists") if row["kind"] == "absent"]

    @pytest.mark.parametrize(("possible", "attended", "listed"), [
        (190, 171, True), (30, 27, True), (200, 180, True), (200, 181, False), (0, 0, False),
    ])  # fmt: skip
    def test_exactly_a_tenth_is_persistent(
        self, tmp_path: Path, possible: float, attended: float, listed: bool
    ) -> None:
        assert bool(self.absent(tmp_path, {"possible": possible, "attended": attended})) == listed

    def test_half_is_severe(self, tmp_path: Path) -> None:
        (row,) = self.absent(tmp_path, {"possible": 100.0, "attended": 50.0})
        assert row["reason"] == "50 of 100 sessions missed this school year (severe)."
        (row,) = self.absent(tmp_path / "b", {"possible": 100.0, "attended": 51.0})
        assert row["reason"] == "49 of 100 sessions missed this school year (persistent)."

    def test_agreed_part_time_is_shown_where_it_is_known(self, tmp_path: Path) -> None:
        (row,) = self.absent(tmp_path, {"possible": 100.0, "attended": 80.0, "agreed_part_time": 5.0})
        assert (row["missed_share"], row["part_time_share"]) == (0.2, 0.25)
        assert (
            row["reason"]
            == "20 of 100 sessions missed this school year (persistent), 5 of them agreed part-time."
        )
        (row,) = self.absent(tmp_path / "b", {"possible": 100.0, "attended": 80.0})
        assert row["part_time_share"] is None
        spring = {"start_date": day("2026-01-05"), "end_date": day("2026-02-13"), "possible": 100.0,
                  "attended": 80.0}  # fmt: skip
        autumn = {"possible": 100.0, "attended": 80.0, "agreed_part_time": 5.0}
        (row,) = self.absent(tmp_path / "c", autumn, spring)
        assert row["part_time_share"] == 0.25

    def test_last_year_is_over_and_an_open_span_is_not_in_yet(self, tmp_path: Path) -> None:
        last_year = {"start_date": day("2025-06-01"), "end_date": day("2025-07-20")}
        going_on = {"start_date": day("2026-02-23"), "end_date": DAY + timedelta(days=1)}
        few = {"possible": 10.0, "attended": 0.0}
        assert self.absent(tmp_path, few | last_year, few | going_on) == []


def test_lists_say_their_rule_and_words_for_every_kind(sample: Store) -> None:
    from provmap.ui.meeting_lists import RULES  # noqa: PLC0415
    from provmap.words import MEETING_LISTS  # noqa: PLC0415

    kinds = {row["kind"] for row in answer(sample, "meeting_lists")}
    # The sample's running targets are grades, which have no line to be behind.
    assert kinds | {"behind_own_target"} == set(MEETING_LISTS) == set(RULES)


def test_who_is_on_most_lists_comes_first(sample: Store) -> None:
    rows = ask("meeting_lists", make_filter(sample), sample)
    ordered = most_lists_first(rows)
    assert sorted(map(str, ordered.rows())) == sorted(map(str, rows.rows()))
    worse = rows.filter(pl.col("kind") != "good_progress")
    many = {who: group["kind"].n_unique() for (who,), group in worse.group_by("pupil_id")}
    counts = [many.get(who, 0) for who in ordered["pupil_id"]]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 1
