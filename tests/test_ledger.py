"""Where are we? Each state of a pupil's subject, by hand, with the day before, on and after each limit."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, open_store, save
from provmap.ui.deciding import untried
from tests.tiny import DAY, PUPIL, answer, tiny_school

MARKS = [
    {"scale": "standardised", "subject": "reading", "year_group": "5", "term": term, "expected": "100",
     "greater_depth": "115"} for term in ("autumn", "spring", "summer")
]  # fmt: skip
CATCH_UP = {"provision_id": "T", "name": "Catch-up", "tier": "targeted", "subject": "reading"}
IN_CLASS = {"provision_id": "U", "name": "Seat near me", "tier": "universal", "subject": "reading"}
OTHER = {"provision_id": "O", "name": "Read aloud", "tier": "specialist", "need_codes": ["reading"]}
AGE_MARKS = [row | {"scale": "age", "expected": "111", "greater_depth": None} for row in MARKS]
# A result in each of three terms: summer, autumn, spring.
TERMS = [date(2025, 6, 10), date(2025, 11, 10), date(2026, 2, 10)]


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def results(*values: str | None, scale: str = "standardised") -> list[dict[str, Any]]:
    """A reading result in each of the last terms, the last of them in this one; None leaves a term out."""
    return [
        {"pupil_id": "1", "subject": "reading", "scale": scale, "value": value, "assessed_on": on}
        for value, on in zip(values, TERMS[-len(values) :], strict=True) if value
    ]  # fmt: skip


def had(provision: str, start: date, end: date | None = None, **more: Any) -> dict[str, Any]:
    return {"pupil_id": "1", "provision_id": provision, "start_date": start, "end_date": end} | more


def rows(folder: Path, scores: list[dict[str, Any]], *placements: dict[str, Any], **more: Any) -> list[dict]:
    tables = {"expectations": MARKS, "provisions": [CATCH_UP, IN_CLASS], "assessments": scores} | more
    return answer(tiny_school(folder, placements=list(placements), **tables), "ledger")


def states(folder: Path, scores: list[dict[str, Any]], *placements: dict[str, Any], **more: Any) -> list[str]:
    return [row["state"] for row in rows(folder, scores, *placements, **more)]


class TestInPlay:
    @pytest.mark.parametrize(
        ("values", "standing"),
        [
            (("99",), "below"), (("100",), None), (("99", "100"), "once"), (("99", "100", "100"), "closed"),
            (("100", "100", "100"), None), (("99", "100", "99"), "below"), (("115", "107.5"), "fallen"),
            (("115", "107.6"), None), (("99", "115", "107.5"), "closed"),
        ],
    )  # fmt: skip
    def test_what_the_points_say(self, data: Path, values: tuple[str, ...], standing: str | None) -> None:
        found = rows(data, results(*values))
        assert [row["standing"] for row in found] == ([standing] if standing else [])

    @pytest.mark.parametrize(
        ("scale", "before", "now", "falls"),
        [
            ("teacher judgement", "GDS", "EXS", True), ("age", "120", "119", True),
            ("age", "120", "120", False), ("SDQ total", "10", "14", True),
            ("SDQ total", "10", "13", False), ("SDQ total", "14", "10", False),
            ("our own", "90", "10", False),
        ],
    )  # fmt: skip
    def test_a_fall_that_matters_without_a_mark(
        self, data: Path, scale: str, before: str, now: str, falls: bool
    ) -> None:
        found = rows(data, results(before, now, scale=scale), expectations=MARKS[:1])
        assert len(found) == falls

    def test_a_threshold_of_the_school_counts_from_its_day(self, data: Path) -> None:
        assert states(data, results("115", "107.6")) == []
        smaller = {"name": "ledger_fall_sd", "from_date": DAY, "value": 0.4}
        save(open_store(data), "Head", [Edit("settings", smaller)])
        assert len(answer(open_store(data), "ledger")) == 1
        assert answer(open_store(data), "ledger", DAY - timedelta(days=1)) == []

    def test_one_point_a_term_the_latest_test_before_teacher(self, data: Path) -> None:
        scored = [
            row | {"value": value, "source": source, "assessed_on": on}
            for row in results("99") for value, source, on in (
                ("80", "teacher", date(2026, 2, 10)), ("98", "test", date(2026, 2, 10)),
                ("70", "test", date(2026, 1, 10)),
            )
        ]  # fmt: skip
        found = rows(data, scored)
        assert [(row["latest_value"], row["points_below"]) for row in found] == [("98", 1)]

    @pytest.mark.parametrize(("days", "number"), [(365, 1), (366, 1), (367, 0)])
    def test_no_result_in_the_window_is_not_in_play(self, data: Path, days: int, number: int) -> None:
        scored = [results("90")[0] | {"assessed_on": ago(days)}]
        assert len(rows(data, scored)) == number

    def test_a_more_able_pupil_is_judged_by_greater_depth(self, data: Path) -> None:
        found = rows(data, results("110"), pupils=[PUPIL | {"more_able": True}])
        assert [(row["state"], row["mark"], row["mark_kind"]) for row in found] == [
            ("nothing_recorded", "115", "greater depth")
        ]

    def test_so_is_one_with_that_need_while_it_is_live(self, data: Path) -> None:
        able = {"pupil_id": "1", "need_code": "MORE_ABLE", "start_date": ago(100), "end_date": DAY}
        store = tiny_school(data, expectations=MARKS, assessments=results("110"), needs=[able])
        assert [row["mark"] for row in answer(store, "ledger")] == ["115"]
        assert answer(store, "ledger", DAY + timedelta(days=1)) == []


class TestStates:
    def test_nothing_recorded(self, data: Path) -> None:
        found = rows(data, results("90", "90"), provisions=[CATCH_UP, IN_CLASS, OTHER])
        assert [(row["state"], row["not_tried"]) for row in found] == [
            ("nothing_recorded", ["Catch-up", "Read aloud"])
        ]
        assert found[0]["reason"] == (
            "Below the mark at 2 results in a row: 90 on 10 Feb 2026 (standardised; expected 100). "
            "Nothing is recorded for it."
        )

    @pytest.mark.parametrize(("provision", "state"), [("T", "additional"), ("U", "in_class")])
    def test_on_course(self, data: Path, provision: str, state: str) -> None:
        found = rows(data, results("90", "95"), had(provision, date(2025, 12, 1)))
        assert [row["state"] for row in found] == [state]
        assert found[0]["reason"].endswith(": the gap has narrowed in standardised (90 to 95).")

    @pytest.mark.parametrize(
        ("age", "marked", "state"),
        [
            # The standardised score goes from 90 to 95 against 100; a reading age of 111 is expected.
            (("105", "105"), True, "additional"), (("112", "115"), True, "additional"),
            (("115", "111"), True, "additional"), (("105", "108"), True, "additional"),
            (("105", "104"), True, "too_soon"), (("112", "110"), True, "too_soon"),
            (("105", "104"), False, "additional"), (("105", None), True, "additional"),
        ],
    )  # fmt: skip
    def test_narrowed_on_one_scale_and_widened_on_none(
        self, data: Path, age: tuple[str, str | None], marked: bool, state: str
    ) -> None:
        # The day before, so that the score is the latest result.
        ages = [
            row | {"assessed_on": row["assessed_on"] - timedelta(days=1)}
            for row in results(*age, scale="age")
        ]
        scored = results("90", "95") + ages
        marks = MARKS + AGE_MARKS if marked else MARKS
        assert states(data, scored, had("T", date(2026, 1, 20)), expectations=marks) == [state]

    @pytest.mark.parametrize(
        ("age", "state"), [("106", "additional"), ("105", "too_soon"), ("104", "too_soon")]
    )
    def test_the_scale_that_narrows_need_not_be_that_of_the_latest_result(
        self, data: Path, age: str, state: str
    ) -> None:
        # The latest result is a teacher's word, which stays; the age is of two days before.
        tested = results("105", age, scale="age")
        tested[1]["assessed_on"] = date(2026, 2, 8)
        scored = tested + results("WTS", "WTS", scale="teacher judgement")
        marks = [row | {"scale": "teacher judgement", "expected": "EXS"} for row in MARKS] + AGE_MARKS
        found = rows(data, scored, had("T", date(2026, 1, 20)), expectations=marks)
        assert [(row["state"], row["scale"]) for row in found] == [(state, "teacher judgement")]
        assert ("narrowed in age (105 to 106)." in found[0]["reason"]) == (state == "additional")

    @pytest.mark.parametrize(("days", "state"), [(365, "additional"), (366, "additional"), (367, "persists")])
    def test_the_later_result_is_of_the_last_year(self, data: Path, days: int, state: str) -> None:
        ages = [row | {"assessed_on": day} for row, day in
                zip(results("105", "108", scale="age"), (ago(500), ago(days)), strict=True)]  # fmt: skip
        scored = ages + results("90", "90")
        assert states(data, scored, had("T", ago(490)), expectations=MARKS + AGE_MARKS) == [state]

    def test_what_began_before_every_result_is_measured_from_the_first(self, data: Path) -> None:
        assert states(data, results("90", "95"), had("T", date(2025, 11, 1))) == ["additional"]
        assert states(data / "one", results("95"), had("T", date(2026, 1, 20))) == ["too_soon"]

    @pytest.mark.parametrize(("start", "state"), [(9, "additional"), (10, "too_soon"), (11, "too_soon")])
    def test_the_point_comes_after_the_start(self, data: Path, start: int, state: str) -> None:
        assert states(data, results("90", "95"), had("T", date(2026, 2, start))) == [state]

    def test_both_on_course_is_additional(self, data: Path) -> None:
        both = [had("T", date(2025, 12, 1)), had("U", date(2025, 12, 1))]
        assert states(data, results("90", "95"), *both) == ["additional"]

    @pytest.mark.parametrize(("days", "state"), [(82, "too_soon"), (83, "persists"), (84, "persists")])
    def test_persists_after_a_term_both_days_included(self, data: Path, days: int, state: str) -> None:
        found = rows(data, results("90", "90"), had("T", ago(days)))
        assert [(row["state"], row["running_days"]) for row in found] == [(state, days + 1)]

    def test_days_that_two_share_count_once(self, data: Path) -> None:
        halves = [had("T", ago(99), ago(50)), had("U", ago(70), ago(21))]
        assert states(data, results("90", "90"), *halves) == ["nothing_recorded"]
        apart = [had("T", ago(99), ago(57)), had("U", ago(56), ago(16))]
        assert states(data / "apart", results("90", "90"), *apart) == ["persists"]

    @pytest.mark.parametrize(
        ("days", "state"), [(365, "persists"), (366, "persists"), (367, "nothing_recorded")]
    )
    def test_what_ended_counts_for_a_year(self, data: Path, days: int, state: str) -> None:
        found = rows(data, results("90", "90"), had("T", ago(days + 90), ago(days)))
        assert [(row["state"], row["tried"], row["running"]) for row in found] == [(state, ["Catch-up"], [])]

    def test_what_ended_on_course_leaves_nothing_in_place(self, data: Path) -> None:
        found = rows(data, results("90", "95"), had("T", date(2025, 11, 11), date(2026, 2, 27)))
        assert [row["state"] for row in found] == ["nothing_recorded"]
        assert found[0]["reason"].endswith("Nothing is recorded since Catch-up ended on 27 Feb 2026.")

    def test_no_result_since_it_began_is_too_soon(self, data: Path) -> None:
        assert states(data, results("90", "90", None), had("T", date(2025, 11, 10))) == ["too_soon"]

    def test_what_is_to_come_is_too_soon(self, data: Path) -> None:
        assert states(data, results("90"), had("T", DAY + timedelta(days=1))) == ["too_soon"]

    def test_at_the_mark_once_is_too_soon_and_twice_is_closed(self, data: Path) -> None:
        assert states(data, results("90", "100")) == ["too_soon"]
        ran = had("T", date(2025, 9, 10), date(2025, 12, 1))
        found = rows(data / "twice", results("90", "100", "101"), ran)
        assert [row["state"] for row in found] == ["closed"]
        assert found[0]["reason"].endswith("Before that: Catch-up.")


class TestNotTried:
    @pytest.mark.parametrize(
        ("also", "said"),
        [
            (None, "Not tried yet: Read aloud."),
            (("O", DAY - timedelta(days=300), DAY - timedelta(days=290)), "is left untried."),
            (("O", DAY, DAY), "is left untried."),
            (("O", DAY + timedelta(days=1), None), "Not tried yet: Read aloud."),
        ],
    )
    def test_what_persists_says_what_the_pupil_never_had(self, data: Path, also: Any, said: str) -> None:
        more = [had(*also)] if also else []
        found = rows(
            data, results("90", "90"), had("T", ago(120)), *more, provisions=[CATCH_UP, IN_CLASS, OTHER]
        )
        assert [row["state"] for row in found] == ["persists"]
        assert found[0]["reason"].endswith(said)

    @pytest.mark.parametrize("codes", [["MLD"], ["cognition and learning"], ["SLCN"]])
    def test_what_answers_a_need_in_learning_is_for_the_subject(self, data: Path, codes: list[str]) -> None:
        other = {"provision_id": "L", "name": "Memory", "tier": "targeted", "need_codes": codes}
        need = {"pupil_id": "1", "need_code": "MLD", "start_date": ago(100)}
        found = rows(data, results("90"), provisions=[other], needs=[need])
        assert [row["not_tried"] for row in found] == [[] if codes == ["SLCN"] else ["Memory"]]
        without = rows(data / "none", results("90"), provisions=[other])
        assert [row["not_tried"] for row in without] == [[]]

    def test_words_say_whether_it_could_take_the_pupil(self, data: Path) -> None:
        full = OTHER | {"group_size": 1, "delivery": "group"}
        other = PUPIL | {"pupil_id": "2"}
        found = rows(
            data, results("90"), had("O", ago(5)) | {"pupil_id": "2"}, provisions=[CATCH_UP, full],
            pupils=[PUPIL, other],
        )  # fmt: skip
        who = {"school_id": "school", "pupil_id": "1", "need_code": "reading"}
        options = ask("gap_options", make_filter(open_store(data), as_at=DAY), open_store(data), **who)
        assert untried(found[0], options) == "Catch-up (could take them), Read aloud (no room)."
        assert untried(found[0] | {"not_tried": []}, options).startswith("nothing that runs for it")


class TestForTheSubject:
    @pytest.mark.parametrize(
        ("provision", "is_for"),
        [
            ({"subject": "Reading"}, True), ({"subject": "mathematics"}, False),
            ({"need_codes": ["READING"]}, True), ({"need_codes": ["mathematics", "MLD"]}, False),
            ({"need_codes": ["MLD"]}, True), ({"need_codes": ["cognition and learning"]}, True),
            ({"need_codes": ["SPLD"]}, False), ({"need_codes": ["SLCN"]}, False), ({}, False),
        ],
    )  # fmt: skip
    def test_by_subject_by_code_or_by_a_live_need_in_learning(
        self, data: Path, provision: dict[str, Any], is_for: bool
    ) -> None:
        given = {"provision_id": "P", "name": "It", "tier": "targeted"} | provision
        need = {"pupil_id": "1", "need_code": "MLD", "start_date": ago(100)}
        found = rows(data, results("90"), had("P", ago(10)), provisions=[given], needs=[need])
        assert [row["running"] for row in found] == [["It"] if is_for else []]


TARGET = {"pupil_id": "1", "subject": "reading", "target": "100", "baseline": "90", "agreed_with_pupil": True,
          "set_on": date(2025, 11, 10), "due_on": date(2026, 5, 14)}  # fmt: skip


class TestTargets:
    @pytest.mark.parametrize(
        ("value", "change", "state"),
        [
            # 92 of the 185 days have gone by on 10 February: the line stands at 94.97.
            ("95", {}, "in_class"), ("94.9", {}, "too_soon"),
            ("95", {"agreed_with_pupil": False}, "too_soon"),
            ("95", {"agreed_with_pupil": None, "agreed_with_parent": True}, "in_class"),
            ("95", {"due_on": ago(1)}, "too_soon"),
            ("95", {"due_on": None}, "too_soon"),
            ("95", {"target": "95", "due_on": None}, "in_class"),
            ("95", {"scale": "age"}, "too_soon"), ("95", {"subject": "writing"}, "too_soon"),
            ("95", {"set_on": date(2026, 2, 10)}, "too_soon"),
            ("95", {"baseline": None, "due_on": date(2026, 2, 11)}, "too_soon"),
        ],
    )  # fmt: skip
    def test_the_pupils_own_agreed_target(
        self, data: Path, value: str, change: dict[str, Any], state: str
    ) -> None:
        # No result by the start, and one after it: the gap alone cannot say.
        given = [TARGET | change]
        assert states(data, results(value), had("U", ago(25)), targets=given) == [state]


class TestSinceLastTerm:
    def test_who_moved_where(self, data: Path) -> None:
        both = [PUPIL, PUPIL | {"pupil_id": "2", "surname": "Elm"}]
        second = [row | {"pupil_id": "2"} for row in results("90", "100", "100")]
        scored = [*results("90", "90", "95"), *second]
        store = tiny_school(
            data, pupils=both, expectations=MARKS, provisions=[CATCH_UP], assessments=scored,
            placements=[had("T", date(2026, 1, 12))],
        )  # fmt: skip
        found = [(row["pupil_id"], row["state_before"], row["state"], row["moved"])
                 for row in answer(store, "ledger")]  # fmt: skip
        assert found == [("1", "too_soon", "additional", True), ("2", "too_soon", "closed", True)]
        summary = {row["state"]: (row["pupils_subjects"], row["before"], row["change"])
                   for row in answer(store, "ledger_summary")}  # fmt: skip
        assert summary == {
            "in_class": (0, 0, 0), "additional": (1, 0, 1), "persists": (0, 0, 0), "closed": (1, 0, 1),
            "nothing_recorded": (0, 0, 0), "too_soon": (0, 2, -2),
        }  # fmt: skip

    def test_who_is_settled_is_among_the_moves_alone(self, data: Path) -> None:
        scored = results("90", "100", "100")
        scored += [scored[0] | {"value": "100", "assessed_on": date(2026, 4, 20)}]
        store = tiny_school(data, expectations=MARKS, assessments=scored)
        assert [row["state"] for row in answer(store, "ledger", date(2026, 3, 31))] == ["closed"]
        assert answer(store, "ledger", date(2026, 4, 20)) == []
        moves = [(row["state_before"], row["state"], row["moved"])
                 for row in answer(store, "ledger_moves", date(2026, 4, 20))]  # fmt: skip
        assert moves == [("closed", None, True)]
