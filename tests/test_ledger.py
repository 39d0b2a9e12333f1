"""Where are we? Each state of a pupil's subject, by hand, with the day before, on and after each limit.

A case is a school of its own in one store of them all, where tests only ask.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, forget_stores, open_store, save
from provmap.ui.deciding import untried
from tests.tiny import DAY, PUPIL, answer, tiny_school, tiny_schools

MARKS = [
    {"scale": "standardised", "subject": "reading", "year_group": "5", "term": term, "expected": "100",
     "greater_depth": "115"} for term in ("autumn", "spring", "summer")
]  # fmt: skip
CATCH_UP = {"provision_id": "T", "name": "Catch-up", "tier": "targeted", "subject": "reading"}
IN_CLASS = {"provision_id": "U", "name": "Seat near me", "tier": "universal", "subject": "reading"}
OTHER = {"provision_id": "O", "name": "Read aloud", "tier": "specialist", "need_codes": ["reading"]}
AGE_MARKS = [row | {"scale": "age", "expected": "111", "greater_depth": None} for row in MARKS]
JUDGED_MARKS = [row | {"scale": "teacher judgement", "expected": "EXS"} for row in MARKS]
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


# Each case is a school: in the first store standardised scores alone have marks, in the second others too.
CASES: dict[str, Any] = {}
MORE_MARKS: dict[str, Any] = {}


def tables(scores: list[dict[str, Any]], *placements: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {"provisions": [CATCH_UP, IN_CLASS], "assessments": scores, "placements": list(placements)}
    return given | more


def school(*given: Any, into: dict[str, Any] = CASES, **more: Any) -> str:
    """Writes a case down: its school in the store."""
    name = f"school {len(into) + 1}"
    into[name] = tables(*given, **more)
    return name


def cases(*names: str, of: list[tuple[Any, ...]]) -> pytest.MarkDecorator:
    """For a test of several cases: each has its school, and what else the test is told of it."""
    return pytest.mark.parametrize(("case", *names), of)


def in_school(*given: Any, **more: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return cases(of=[(school(*given, **more),)])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield tiny_schools(tmp_path_factory.mktemp("ledger"), CASES, expectations=MARKS)
    forget_stores()


@pytest.fixture(scope="module")
def more_marks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield tiny_schools(
        tmp_path_factory.mktemp("more_marks"), MORE_MARKS, expectations=MARKS + AGE_MARKS + JUDGED_MARKS
    )
    forget_stores()


def rows(store: Store, case: str, question: str = "ledger", as_at: date = DAY) -> list[dict[str, Any]]:
    return answer(store, question, as_at, schools=[case])


def states(store: Store, case: str) -> list[str]:
    return [row["state"] for row in rows(store, case)]


class TestInPlay:
    @cases("standing", of=[(school(results(*values)), standing) for values, standing in [
            (("99",), "below"), (("100",), None), (("99", "100"), "once"), (("99", "100", "100"), "closed"),
            (("100", "100", "100"), None), (("99", "100", "99"), "below"), (("115", "107.5"), "fallen"),
            (("115", "107.6"), None), (("99", "115", "107.5"), "closed"),
        ]])  # fmt: skip
    def test_what_the_points_say(self, store: Store, case: str, standing: str | None) -> None:
        found = rows(store, case)
        assert [row["standing"] for row in found] == ([standing] if standing else [])

    @cases("falls", of=[(school(results(before, now, scale=scale)), falls) for scale, before, now, falls in [
            ("teacher judgement", "GDS", "EXS", True), ("age", "120", "119", True),
            ("age", "120", "120", False), ("SDQ total", "10", "14", True),
            ("SDQ total", "10", "13", False), ("SDQ total", "14", "10", False),
            ("our own", "90", "10", False),
        ]])  # fmt: skip
    def test_a_fall_that_matters_without_a_mark(self, store: Store, case: str, falls: bool) -> None:
        assert len(rows(store, case)) == falls

    def test_a_threshold_of_the_school_counts_from_its_day(self, data: Path) -> None:
        store = tiny_school(data, expectations=MARKS, **tables(results("115", "107.6")))
        assert answer(store, "ledger") == []
        smaller = {"name": "ledger_fall_sd", "from_date": DAY, "value": 0.4}
        save(open_store(data), "Head", [Edit("settings", smaller)])
        assert len(answer(open_store(data), "ledger")) == 1
        assert answer(open_store(data), "ledger", DAY - timedelta(days=1)) == []

    @in_school([
        row | {"value": value, "source": source, "assessed_on": on}
        for row in results("99") for value, source, on in (
            ("80", "teacher", date(2026, 2, 10)), ("98", "test", date(2026, 2, 10)),
            ("70", "test", date(2026, 1, 10)),
        )
    ])  # fmt: skip
    def test_one_point_a_term_the_latest_test_before_teacher(self, store: Store, case: str) -> None:
        found = rows(store, case)
        assert [(row["latest_value"], row["points_below"]) for row in found] == [("98", 1)]

    @cases("number", of=[(school([results("90")[0] | {"assessed_on": ago(days)}]), number)
           for days, number in [(365, 1), (366, 1), (367, 0)]])  # fmt: skip
    def test_no_result_in_the_window_is_not_in_play(self, store: Store, case: str, number: int) -> None:
        assert len(rows(store, case)) == number

    @in_school(results("110"), pupils=[PUPIL | {"more_able": True}])
    def test_a_more_able_pupil_is_judged_by_greater_depth(self, store: Store, case: str) -> None:
        found = rows(store, case)
        assert [(row["state"], row["mark"], row["mark_kind"]) for row in found] == [
            ("nothing_recorded", "115", "greater depth")
        ]

    @in_school(
        results("110"), provisions=[],
        needs=[{"pupil_id": "1", "need_code": "MORE_ABLE", "start_date": ago(100), "end_date": DAY}],
    )  # fmt: skip
    def test_so_is_one_with_that_need_while_it_is_live(self, store: Store, case: str) -> None:
        assert [row["mark"] for row in rows(store, case)] == ["115"]
        assert rows(store, case, as_at=DAY + timedelta(days=1)) == []


def two_scales(age: tuple[str, str | None], into: dict[str, Any]) -> str:
    # The day before, so that the score is the latest result.
    ages = [
        row | {"assessed_on": row["assessed_on"] - timedelta(days=1)} for row in results(*age, scale="age")
    ]
    return school(results("90", "95") + ages, had("T", date(2026, 1, 20)), into=into)


def judged_and_aged(age: str) -> str:
    # The latest result is a teacher's word, which stays; the age is of two days before.
    tested = results("105", age, scale="age")
    tested[1]["assessed_on"] = date(2026, 2, 8)
    judged = results("WTS", "WTS", scale="teacher judgement")
    return school(tested + judged, had("T", date(2026, 1, 20)), into=MORE_MARKS)


def aged(days: int) -> str:
    ages = [row | {"assessed_on": day} for row, day in
            zip(results("105", "108", scale="age"), (ago(500), ago(days)), strict=True)]  # fmt: skip
    return school(ages + results("90", "90"), had("T", ago(490)), into=MORE_MARKS)


class TestStates:
    @in_school(results("90", "90"), provisions=[CATCH_UP, IN_CLASS, OTHER])
    def test_nothing_recorded(self, store: Store, case: str) -> None:
        found = rows(store, case)
        assert [(row["state"], row["not_tried"]) for row in found] == [
            ("nothing_recorded", ["Catch-up", "Read aloud"])
        ]
        assert found[0]["reason"] == (
            "Below the mark at 2 results in a row: 90 on 10 Feb 2026 (standardised; expected 100). "
            "Nothing is recorded for it."
        )

    @cases("state", of=[(school(results("90", "95"), had(provision, date(2025, 12, 1))), state)
           for provision, state in [("T", "additional"), ("U", "in_class")]])  # fmt: skip
    def test_on_course(self, store: Store, case: str, state: str) -> None:
        found = rows(store, case)
        assert [row["state"] for row in found] == [state]
        assert found[0]["reason"].endswith(": the gap has narrowed in standardised (90 to 95).")

    @cases("marked", "state", of=[
        (two_scales(age, MORE_MARKS if marked else CASES), marked, state) for age, marked, state in [
            # The standardised score goes from 90 to 95 against 100; a reading age of 111 is expected.
            (("105", "105"), True, "additional"), (("112", "115"), True, "additional"),
            (("115", "111"), True, "additional"), (("105", "108"), True, "additional"),
            (("105", "104"), True, "too_soon"), (("112", "110"), True, "too_soon"),
            (("105", "104"), False, "additional"), (("105", None), True, "additional"),
        ]])  # fmt: skip
    def test_narrowed_on_one_scale_and_widened_on_none(
        self, store: Store, more_marks: Store, case: str, marked: bool, state: str
    ) -> None:
        assert states(more_marks if marked else store, case) == [state]

    @cases("state", of=[(judged_and_aged(age), state)
           for age, state in [("106", "additional"), ("105", "too_soon"), ("104", "too_soon")]])  # fmt: skip
    def test_the_scale_that_narrows_need_not_be_that_of_the_latest_result(
        self, more_marks: Store, case: str, state: str
    ) -> None:
        found = rows(more_marks, case)
        assert [(row["state"], row["scale"]) for row in found] == [(state, "teacher judgement")]
        assert ("narrowed in age (105 to 106)." in found[0]["reason"]) == (state == "additional")

    @cases("state", of=[(aged(days), state)
           for days, state in [(365, "additional"), (366, "additional"), (367, "persists")]])  # fmt: skip
    def test_the_later_result_is_of_the_last_year(self, more_marks: Store, case: str, state: str) -> None:
        assert states(more_marks, case) == [state]

    @cases("between", of=[(school(results("90", "95"), had("T", date(2025, 11, 1))),
          school(results("95"), had("T", date(2026, 1, 20))))])  # fmt: skip
    def test_what_began_before_every_result_is_measured_from_the_first(
        self, store: Store, case: str, between: str
    ) -> None:
        assert states(store, case) == ["additional"]
        assert states(store, between) == ["too_soon"]

    @cases("state", of=[(school(results("90", "95"), had("T", date(2026, 2, start))), state)
           for start, state in [(9, "additional"), (10, "too_soon"), (11, "too_soon")]])  # fmt: skip
    def test_the_point_comes_after_the_start(self, store: Store, case: str, state: str) -> None:
        assert states(store, case) == [state]

    @in_school(results("90", "95"), had("T", date(2025, 12, 1)), had("U", date(2025, 12, 1)))
    def test_both_on_course_is_additional(self, store: Store, case: str) -> None:
        assert states(store, case) == ["additional"]

    @cases("days", "state", of=[(school(results("90", "90"), had("T", ago(days))), days, state)
           for days, state in [(82, "too_soon"), (83, "persists"), (84, "persists")]])  # fmt: skip
    def test_persists_after_a_term_both_days_included(
        self, store: Store, case: str, days: int, state: str
    ) -> None:
        found = rows(store, case)
        assert [(row["state"], row["running_days"]) for row in found] == [(state, days + 1)]

    @cases("apart", of=[(school(results("90", "90"), had("T", ago(99), ago(50)), had("U", ago(70), ago(21))),
          school(results("90", "90"), had("T", ago(99), ago(57)), had("U", ago(56), ago(16))))])  # fmt: skip
    def test_days_that_two_share_count_once(self, store: Store, case: str, apart: str) -> None:
        assert states(store, case) == ["nothing_recorded"]
        assert states(store, apart) == ["persists"]

    @cases("state", of=[(school(results("90", "90"), had("T", ago(days + 90), ago(days))), state)
           for days, state in [(365, "persists"), (366, "persists"), (367, "nothing_recorded")]])  # fmt: skip
    def test_what_ended_counts_for_a_year(self, store: Store, case: str, state: str) -> None:
        found = rows(store, case)
        assert [(row["state"], row["tried"], row["running"]) for row in found] == [(state, ["Catch-up"], [])]

    @in_school(results("90", "95"), had("T", date(2025, 11, 11), date(2026, 2, 27)))
    def test_what_ended_on_course_leaves_nothing_in_place(self, store: Store, case: str) -> None:
        found = rows(store, case)
        assert [row["state"] for row in found] == ["nothing_recorded"]
        assert found[0]["reason"].endswith("Nothing is recorded since Catch-up ended on 27 Feb 2026.")

    @in_school(results("90", "90", None), had("T", date(2025, 11, 10)))
    def test_no_result_since_it_began_is_too_soon(self, store: Store, case: str) -> None:
        assert states(store, case) == ["too_soon"]

    @in_school(results("90"), had("T", DAY + timedelta(days=1)))
    def test_what_is_to_come_is_too_soon(self, store: Store, case: str) -> None:
        assert states(store, case) == ["too_soon"]

    @cases("twice", of=[(school(results("90", "100")),
          school(results("90", "100", "101"), had("T", date(2025, 9, 10), date(2025, 12, 1))))])  # fmt: skip
    def test_at_the_mark_once_is_too_soon_and_twice_is_closed(
        self, store: Store, case: str, twice: str
    ) -> None:
        assert states(store, case) == ["too_soon"]
        found = rows(store, twice)
        assert [row["state"] for row in found] == ["closed"]
        assert found[0]["reason"].endswith("Before that: Catch-up.")


MEMORY = {"provision_id": "L", "name": "Memory", "tier": "targeted"}
MLD = {"pupil_id": "1", "need_code": "MLD", "start_date": ago(100)}
FULL = OTHER | {"group_size": 1, "delivery": "group"}


class TestNotTried:
    @cases("said", of=[(school(results("90", "90"), had("T", ago(120)),
                        *also, provisions=[CATCH_UP, IN_CLASS, OTHER]), said)
         for also, said in [
            ([], "Not tried yet: Read aloud."), ([had("O", ago(300), ago(290))], "is left untried."),
            ([had("O", DAY, DAY)], "is left untried."),
            ([had("O", DAY + timedelta(days=1))],
             "Nothing else that runs for it in this year is left untried: Read aloud begins on 4 Mar 2026."),
        ]])  # fmt: skip
    def test_what_persists_says_what_the_pupil_never_had(self, store: Store, case: str, said: str) -> None:
        found = rows(store, case)
        assert [row["state"] for row in found] == ["persists"]
        assert found[0]["reason"].endswith(said)

    @cases("none", "codes", of=[
        (school(results("90"), provisions=[MEMORY | {"need_codes": codes}], needs=[MLD]),
         school(results("90"), provisions=[MEMORY | {"need_codes": codes}]), codes)
        for codes in (["MLD"], ["cognition and learning"], ["SLCN"])])  # fmt: skip
    def test_what_answers_a_need_in_learning_is_for_the_subject(
        self, store: Store, case: str, none: str, codes: list[str]
    ) -> None:
        found = rows(store, case)
        assert [row["not_tried"] for row in found] == [[] if codes == ["SLCN"] else ["Memory"]]
        without = rows(store, none)
        assert [row["not_tried"] for row in without] == [[]]

    @in_school(
        results("90"), had("O", ago(5), pupil_id="2"), provisions=[CATCH_UP, FULL],
        pupils=[PUPIL, PUPIL | {"pupil_id": "2"}],
    )  # fmt: skip
    def test_words_say_whether_it_could_take_the_pupil(self, store: Store, case: str) -> None:
        found = rows(store, case)
        who = {"school_id": case, "pupil_id": "1", "need_code": "reading"}
        options = ask("gap_options", make_filter(store, as_at=DAY, schools=[case]), store, **who)
        assert untried(found[0], options, {}) == (
            "Catch-up (could take them; not recorded: room, skills, criteria and lesson missed), "
            "Read aloud (no room)."
        )
        assert untried(found[0], options, {"Read aloud": DAY}).endswith("Read aloud (begins on 3 Mar 2026).")
        assert untried(found[0] | {"not_tried": []}, options, {}).startswith("nothing that runs for it")


class TestForTheSubject:
    @cases("is_for", of=[(school(results("90"), had("P", ago(10)), needs=[MLD],
                 provisions=[{"provision_id": "P", "name": "It", "tier": "targeted"} | provision]), is_for)
         for provision, is_for in [
            ({"subject": "Reading"}, True), ({"subject": "mathematics"}, False),
            ({"need_codes": ["READING"]}, True), ({"need_codes": ["mathematics", "MLD"]}, False),
            ({"need_codes": ["MLD"]}, True), ({"need_codes": ["cognition and learning"]}, True),
            ({"need_codes": ["SPLD"]}, False), ({"need_codes": ["SLCN"]}, False), ({}, False),
        ]])  # fmt: skip
    def test_by_subject_by_code_or_by_a_live_need_in_learning(
        self, store: Store, case: str, is_for: bool
    ) -> None:
        found = rows(store, case)
        assert [row["running"] for row in found] == [["It"] if is_for else []]


TARGET = {"pupil_id": "1", "subject": "reading", "target": "100", "baseline": "90", "agreed_with_pupil": True,
          "set_on": date(2025, 11, 10), "due_on": date(2026, 5, 14)}  # fmt: skip


class TestTargets:
    @cases("state", of=[(school(results(value), had("U", ago(25)), targets=[TARGET | change]), state)
         for value, change, state in [
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
        ]])  # fmt: skip
    def test_the_pupils_own_agreed_target(self, store: Store, case: str, state: str) -> None:
        # No result by the start, and one after it: the gap alone cannot say.
        assert states(store, case) == [state]


TWO_PUPILS = results("90", "90", "95")
TWO_PUPILS += [row | {"pupil_id": "2"} for row in results("90", "100", "100")]
SETTLED = results("90", "100", "100")
SETTLED.append(SETTLED[0] | {"value": "100", "assessed_on": date(2026, 4, 20)})


class TestSinceLastTerm:
    @in_school(
        TWO_PUPILS, had("T", date(2026, 1, 12)), provisions=[CATCH_UP],
        pupils=[PUPIL, PUPIL | {"pupil_id": "2", "surname": "Elm"}],
    )  # fmt: skip
    def test_who_moved_where(self, store: Store, case: str) -> None:
        found = [(row["pupil_id"], row["state_before"], row["state"], row["moved"])
                 for row in rows(store, case)]  # fmt: skip
        assert found == [("1", "too_soon", "additional", True), ("2", "too_soon", "closed", True)]
        summary = {row["state"]: (row["pupils_subjects"], row["before"], row["change"])
                   for row in rows(store, case, "ledger_summary")}  # fmt: skip
        assert summary == {
            "in_class": (0, 0, 0), "additional": (1, 0, 1), "persists": (0, 0, 0), "closed": (1, 0, 1),
            "nothing_recorded": (0, 0, 0), "too_soon": (0, 2, -2),
        }  # fmt: skip

    @in_school(SETTLED, provisions=[])
    def test_who_is_settled_is_among_the_moves_alone(self, store: Store, case: str) -> None:
        assert [row["state"] for row in rows(store, case, as_at=date(2026, 3, 31))] == ["closed"]
        assert rows(store, case, as_at=date(2026, 4, 20)) == []
        moves = [(row["state_before"], row["state"], row["moved"])
                 for row in rows(store, case, "ledger_moves", date(2026, 4, 20))]  # fmt: skip
        assert moves == [("closed", None, True)]
