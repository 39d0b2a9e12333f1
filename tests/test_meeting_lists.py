"""`meeting_lists` by hand: who is on each list, on both sides of each boundary.

A case is a school of its own in one store of them all, where tests only ask.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.meeting_lists import most_lists_first
from tests.tiny import DAY, PUPIL, answer, day, tiny_school, tiny_schools

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


def those_of(scores: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [PUPIL | {"pupil_id": name} for name in sorted({row["pupil_id"] for row in scores})]


CASES: dict[str, Any] = {}


def school(*scores: dict[str, Any], **rows: Any) -> str:
    """Writes a case down: its school in the store, with a pupil for each name in the scores."""
    name = f"school {len(CASES) + 1}"
    CASES[name] = {"pupils": those_of([*scores]), "assessments": [*scores]} | rows
    return name


def in_school(*scores: dict[str, Any], **rows: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [school(*scores, **rows)])


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_schools(tmp_path_factory.mktemp("schools"), CASES, expectations=MARKS, scales=SCALES)


def on(store: Store, kind: str, *case: str, **choices: Any) -> dict[str, str]:
    rows = answer(store, "meeting_lists", schools=case, **choices)
    found = {row["pupil_id"]: row["reason"] for row in rows if row["kind"] == kind}
    assert len(found) == len([row for row in rows if row["kind"] == kind])
    return found


class TestBelowTheMark:
    @in_school(scored("at", 100), scored("below", 99))
    def test_exactly_at_the_mark_is_not_below(self, schools: Store, case: str) -> None:
        assert on(schools, "below_mark", case) == {
            "below": "99 in reading (standardised) is below expected, which is 100."
        }

    @in_school(scored("1", 90, DAY - timedelta(days=366)), scored("2", 90, DAY - timedelta(days=367)))
    def test_results_of_more_than_a_year_ago_say_nothing(self, schools: Store, case: str) -> None:
        assert list(on(schools, "below_mark", case)) == ["1"]

    @in_school(
        *[scored(who, "EXS", scale="teacher judgement", source="teacher") for who in ("able", "other")],
        pupils=[PUPIL | {"pupil_id": "able", "more_able": True}, PUPIL | {"pupil_id": "other"}],
    )
    def test_more_able_pupils_by_greater_depth(self, schools: Store, case: str) -> None:
        assert on(schools, "below_mark", case) == {
            "able": "EXS in reading (teacher judgement) is below greater depth, which is GDS."
        }


class TestOwnPast:
    @in_school(
        scored("fell", 110, YEAR_AGO), scored("fell", 102.5),
        scored("near", 110, YEAR_AGO), scored("near", 102.6),
        scored("rose", 110, YEAR_AGO), scored("rose", 117.5),
    )  # fmt: skip
    def test_half_a_standard_deviation_matters(self, schools: Store, case: str) -> None:
        assert list(on(schools, "below_own_past", case)) == ["fell"]
        assert list(on(schools, "good_progress", case)) == ["rose"]

    @in_school(*[
        score for days in (269, 270, 460, 461)
        for score in (scored(str(days), 120, NOW - timedelta(days=days)), scored(str(days), 100))
    ])  # fmt: skip
    def test_what_counts_as_a_year_ago(self, schools: Store, case: str) -> None:
        assert set(on(schools, "below_own_past", case)) == {"270", "460"}

    @in_school(*[
        score for gain in (8, 9, 14, 15)
        for score in (scored(str(gain), 110, YEAR_AGO, "age"), scored(str(gain), 110 + gain, NOW, "age"))
    ])  # fmt: skip
    def test_on_an_age_scale_time_counts(self, schools: Store, case: str) -> None:
        """In 365 days 11.99 months pass: 8.99 gained falls behind by three, 14.99 gets ahead."""
        assert list(on(schools, "below_own_past", case)) == ["8"]
        assert list(on(schools, "good_progress", case)) == ["15"]

    @in_school(
        scored("up", 10, YEAR_AGO, "raw"), scored("up", 40, NOW, "raw"),
        scored("there", 49, YEAR_AGO, "raw"), scored("there", 50, NOW, "raw"),
    )  # fmt: skip
    def test_on_a_raw_scale_going_up_is_no_news_but_reaching_the_mark_is(
        self, schools: Store, case: str
    ) -> None:
        assert list(on(schools, "good_progress", case)) == ["there"]

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

    @in_school(
        scored("calmer", 20, YEAR_AGO, "SDQ total"), scored("calmer", 10, NOW, "SDQ total"),
        scored("worse", 10, YEAR_AGO, "SDQ total"), scored("worse", 20, NOW, "SDQ total"),
    )  # fmt: skip
    def test_on_a_scale_where_lower_is_better(self, schools: Store, case: str) -> None:
        assert list(on(schools, "below_own_past", case)) == ["worse"]
        assert "calmer" not in on(schools, "sudden_fall", case)


AUTUMN = day("2025-11-20")


class TestSuddenFall:
    @in_school(
        scored("fell", 110, AUTUMN), scored("fell", 102.5),
        scored("near", 110, AUTUMN), scored("near", 103),
        scored("once", 90),
        scored("long ago", 110, NOW - timedelta(days=367)), scored("long ago", 90),
    )  # fmt: skip
    def test_from_one_term_to_the_next(self, schools: Store, case: str) -> None:
        assert on(schools, "sudden_fall", case) == {
            "fell": "102.5 in reading (standardised), after 110 at the result before."
        }

    @in_school(*[
        scored("1", value, on_day, scale="teacher judgement", source="teacher")
        for value, on_day in (("EXS", AUTUMN), ("WTS", NOW))
    ])  # fmt: skip
    def test_a_step_down(self, schools: Store, case: str) -> None:
        assert list(on(schools, "sudden_fall", case)) == ["1"]


def test_steps_of_a_scale_where_lower_is_better(tmp_path: Path) -> None:
    scale = {"scale": "worry", "kind": "ordered", "better": "lower"}
    values = [{"scale": "worry", "value": word, "rank": float(rank)} for rank, word in enumerate("abc", 1)]
    scores = [scored(who, value, on_day, "worry") for who, values in (("calmer", "ca"), ("worse", "ac"))
              for value, on_day in zip(values, (YEAR_AGO, NOW), strict=True)]  # fmt: skip
    store = tiny_school(
        tmp_path, pupils=those_of(scores), assessments=scores, scales=[scale], scale_values=values
    )
    assert list(on(store, "sudden_fall")) == ["worse"]
    assert list(on(store, "below_own_past")) == ["worse"]
    assert list(on(store, "good_progress")) == ["calmer"]


def target(**more: Any) -> dict[str, Any]:
    return {"pupil_id": "1", "subject": "reading", "scale": "standardised", "target": "110",
            "baseline": "90", "set_on": day("2025-09-01"), "due_on": day("2026-07-31"),
            "agreed_with_pupil": True} | more  # fmt: skip


class TestOwnTarget:
    def behind(self, schools: Store, case: str) -> dict[str, str]:
        return on(schools, "behind_own_target", case)

    @pytest.mark.parametrize(("case", "is_behind"), [
        (school(scored("1", "100"), targets=[target()]), True),
        (school(scored("1", "101"), targets=[target()]), False),
    ])  # fmt: skip
    def test_the_straight_line(self, schools: Store, case: str, is_behind: bool) -> None:
        """172 of 333 days on the way from 90 to 110: 100.3 is wanted by now."""
        assert ("1" in self.behind(schools, case)) == is_behind

    @pytest.mark.parametrize("case", [
        school(scored("1", 91), targets=[target(**more)]) for more in ({"due_on": None}, {"baseline": None})
    ])  # fmt: skip
    def test_without_a_day_or_a_starting_point_there_is_no_line(self, schools: Store, case: str) -> None:
        assert self.behind(schools, case) == {}

    @in_school(
        scored("1", "WTS", scale="teacher judgement", source="teacher"),
        targets=[target(scale="teacher judgement", target="EXS", baseline="WTS")],
    )
    def test_on_grades_nothing_lies_between_two_steps(self, schools: Store, case: str) -> None:
        assert self.behind(schools, case) == {}

    @in_school(scored("1", "97"), targets=[target(), target(target="95", set_on=day("2025-10-01"))])
    def test_the_newest_target_alone_counts(self, schools: Store, case: str) -> None:
        assert self.behind(schools, case) == {}

    @in_school(scored("1", 91), targets=[target(agreed_with_pupil=None)])
    def test_nobody_agreed_to_it(self, schools: Store, case: str) -> None:
        assert self.behind(schools, case) == {}

    @pytest.mark.parametrize(("over", "due"), [(
        school(scored("1", 91), targets=[target(due_on=DAY - timedelta(days=1))]),
        school(scored("1", 91), targets=[target(due_on=DAY)]),
    )])  # fmt: skip
    def test_past_due_is_over(self, schools: Store, over: str, due: str) -> None:
        assert self.behind(schools, over) == {}
        assert list(self.behind(schools, due)) == ["1"]


def roll(*classes: str, each: int = 2) -> list[dict[str, Any]]:
    return [PUPIL | {"pupil_id": f"{name}{n}", "class": name} for name in classes for n in range(1, each + 1)]


class TestResultMissing:
    def test_half_of_the_class_has_one(self, tmp_path: Path) -> None:
        scores = [scored("Oak1", 100), scored("Oak2", "absent")]
        codes = [{"scale": "standardised", "value": "absent", "meaning": "Absent"}]
        store = tiny_school(
            tmp_path, pupils=roll("Oak"), assessments=scores, expectations=MARKS, scales=SCALES,
            scale_values=codes,
        )  # fmt: skip
        assert on(store, "not_assessed") == {
            "Oak2": "No score (absent) in reading (standardised) in the spring term 2025/26, in which most "
            "classes were assessed."
        }

    @in_school(scored("Oak1", 100), pupils=roll("Oak", each=3))
    def test_fewer_than_half_is_no_round(self, schools: Store, case: str) -> None:
        assert on(schools, "not_assessed", case) == {}

    @in_school(
        *[scored(f"{name}{n}", 100, AUTUMN) for name in ("Ash", "Oak", "Elm") for n in (1, 2)],
        *[scored(f"{name}{n}", 100, assessor="Ms Gray") for name in ("Ash", "Oak") for n in (1, 2)],
        pupils=roll("Ash", "Oak", "Elm", "Fir"),
    )
    def test_a_class_that_is_late(self, schools: Store, case: str) -> None:
        said = (
            "Nobody of the class has a result in reading (standardised) in the spring term 2025/26, "
            "in which most classes were assessed."
        )
        # Fir was never assessed on this scale: nobody waits for it.
        assert on(schools, "not_assessed", case) == {"Elm1": said, "Elm2": said}
        assert on(schools, "not_assessed", case, classes=["Oak"]) == {}

    @in_school(
        scored("Oak1", 100),
        pupils=[row | {"pupil_premium": row["pupil_id"] == "Oak2"} for row in roll("Oak")],
    )
    def test_classmates_outside_the_filter_count(self, schools: Store, case: str) -> None:
        assert list(on(schools, "not_assessed", case, groups=["pupil_premium"])) == ["Oak2"]

    @in_school(
        scored("Oak1", 100), scored("Oak4", 100),
        pupils=[
            row | {"entry_date": came} for row, came in zip(
                roll("Oak", each=4), (None, NOW, NOW + timedelta(days=1), None), strict=True
            )
        ],
    )  # fmt: skip
    def test_who_came_after_it_is_not_missing(self, schools: Store, case: str) -> None:
        assert list(on(schools, "not_assessed", case)) == ["Oak2"]


def judged(value: object, days: int = 10, said: str = "EXS") -> str:
    """A case of a pupil judged by the teacher so many days before the test."""
    teacher = scored("1", said, NOW - timedelta(days=days), "teacher judgement", source="teacher")
    return school(teacher, scored("1", value))


class TestTeacherAndTest:
    def differing(self, schools: Store, case: str) -> list[str]:
        return list(on(schools, "teacher_and_test", case))

    @pytest.mark.parametrize(("case", "found"), [(judged(96), []), (judged(95), ["1"])])
    def test_five_points_below_the_mark(self, schools: Store, case: str, found: list[str]) -> None:
        assert self.differing(schools, case) == found

    @pytest.mark.parametrize(
        ("case", "found"), [(judged(105, said="WTS"), ["1"]), (judged(104, said="WTS"), [])]
    )
    def test_the_other_way_round(self, schools: Store, case: str, found: list[str]) -> None:
        assert self.differing(schools, case) == found

    @pytest.mark.parametrize(("case", "found"), [(judged(90, days=120), ["1"]), (judged(90, days=121), [])])
    def test_too_far_apart(self, schools: Store, case: str, found: list[str]) -> None:
        assert self.differing(schools, case) == found


def attending(*spans: dict[str, Any]) -> str:
    """A case of pupil 1 with these spans of attendance, of the autumn unless they say otherwise."""
    usual = {"pupil_id": "1", "start_date": day("2025-09-03"), "end_date": day("2025-12-19")}
    return school(pupils=[PUPIL], attendance=[usual | span for span in spans])


def attended(sessions: float, possible: float = 100.0, **more: Any) -> dict[str, Any]:
    return {"possible": possible, "attended": sessions} | more


class TestAbsence:
    def absent(self, schools: Store, case: str) -> list[dict[str, Any]]:
        return [row for row in answer(schools, "meeting_lists", schools=[case]) if row["kind"] == "absent"]

    @pytest.mark.parametrize(("case", "listed"), [
        (attending(attended(171, 190)), True), (attending(attended(27, 30)), True),
        (attending(attended(180, 200)), True), (attending(attended(181, 200)), False),
        (attending(attended(0, 0)), False),
    ])  # fmt: skip
    def test_exactly_a_tenth_is_persistent(self, schools: Store, case: str, listed: bool) -> None:
        assert bool(self.absent(schools, case)) == listed

    @pytest.mark.parametrize(("case", "said"), [
        (attending(attended(50.0)), "50 of 100 sessions missed this school year (severe)."),
        (attending(attended(51.0)), "49 of 100 sessions missed this school year (persistent)."),
    ])  # fmt: skip
    def test_half_is_severe(self, schools: Store, case: str, said: str) -> None:
        (row,) = self.absent(schools, case)
        assert row["reason"] == said

    @pytest.mark.parametrize(("known", "unknown", "in_part"), [(
        attending(attended(80.0, agreed_part_time=5.0)),
        attending(attended(80.0)),
        attending(
            attended(80.0, agreed_part_time=5.0),
            attended(80.0, start_date=day("2026-01-05"), end_date=day("2026-02-13")),
        ),
    )])  # fmt: skip
    def test_agreed_part_time_is_shown_where_it_is_known(
        self, schools: Store, known: str, unknown: str, in_part: str
    ) -> None:
        (row,) = self.absent(schools, known)
        assert (row["missed_share"], row["part_time_share"]) == (0.2, 0.25)
        assert (
            row["reason"]
            == "20 of 100 sessions missed this school year (persistent), 5 of them agreed part-time."
        )
        (row,) = self.absent(schools, unknown)
        assert row["part_time_share"] is None
        (row,) = self.absent(schools, in_part)
        assert row["part_time_share"] == 0.25

    @pytest.mark.parametrize("case", [attending(
        attended(0.0, 10.0, start_date=day("2025-06-01"), end_date=day("2025-07-20")),
        attended(0.0, 10.0, start_date=day("2026-02-23"), end_date=DAY + timedelta(days=1)),
    )])  # fmt: skip
    def test_last_year_is_over_and_an_open_span_is_not_in_yet(self, schools: Store, case: str) -> None:
        assert self.absent(schools, case) == []


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
