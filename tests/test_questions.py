"""Each definition of the contract in a school of a few rows, with the answer worked out by hand.

When to write one: for every rule that a question applies, and for the day before, on and after each boundary.
A case is a school of its own in one store of them all, where tests only ask.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.store import Store, forget_stores
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, day, tiny_school, tiny_schools

Rows = list[dict[str, Any]]
# Each case is a school: in the first store nothing is expected in reading, in the second it is.
CASES: dict[str, dict[str, Rows]] = {}
MARKED: dict[str, dict[str, Rows]] = {}


def school(into: dict[str, dict[str, Rows]] = CASES, **rows: Rows) -> str:
    """Writes a case down: its school in the store."""
    name = f"school {len(into) + 1}"
    into[name] = rows
    return name


def marked(**rows: Rows) -> str:
    return school(MARKED, **rows)


def in_school(case: str) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [case])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield tiny_schools(tmp_path_factory.mktemp("questions"), CASES)
    forget_stores()


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield tiny_schools(tmp_path_factory.mktemp("marked"), MARKED, expectations=MARKS)
    forget_stores()


def asked(store: Store, case: str, question: str, as_at: date = DAY, **choices: Any) -> list[dict[str, Any]]:
    return answer(store, question, as_at, schools=[case], **choices)


NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-01")}


def placed(provision: str, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "pupil_id": "1",
        "provision_id": provision,
        "start_date": day(start),
        "end_date": day(end) if end else None,
    } | more


def needing(*placements: dict[str, Any], **rows: Rows) -> str:
    return school(**{"needs": [NEED], "provisions": [TALK, CLASS], "placements": [*placements]} | rows)


def state(store: Store, case: str) -> tuple[str, list[str], int]:
    (row,) = asked(store, case, "coverage")
    return row["state"], row["provisions"], row["days_in_state"]


# The five states, and how long each has lasted on 3 March 2026.


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # Nothing ever: since the need began on 1 September, 183 days before.
        (needing(), ("unmet", [], 183)),
        # An additional provision on its first day, and on its last.
        (needing(placed("T", "03-03")), ("covered", ["Talk"], 0)),
        (needing(placed("T", "02-03", "03-03")), ("covered", ["Talk"], 28)),
        # Ended yesterday: today is the first day without.
        (needing(placed("T", "02-03", "03-02")), ("lapsed", ["Talk"], 0)),
        # Begins tomorrow: planned since the need began.
        (needing(placed("T", "03-04")), ("planned", ["Talk"], 183)),
        # A class adjustment answers, but an additional provision comes first.
        (needing(placed("C", "01-05")), ("in_class", ["Clear words"], 57)),
        (needing(placed("C", "01-05"), placed("T", "03-01")), ("covered", ["Talk"], 2)),
        # Planned comes before lapsed; planned only since the other ended on 2 February.
        (needing(placed("T", "01-05", "02-02"), placed("T", "04-01")), ("planned", ["Talk"], 28)),
        # Two that only meet are one run: 5 January to 3 March.
        (needing(placed("T", "01-05", "01-31"), placed("T", "02-01")), ("covered", ["Talk"], 57)),
        # A day between them breaks it: 2 February to 3 March.
        (needing(placed("T", "01-05", "01-31"), placed("T", "02-02")), ("covered", ["Talk"], 29)),
        # Ended the day before the need began: nothing has lapsed. On the day it began: it has.
        (needing(placed("T", "2025-06-01", "2025-08-31")), ("unmet", [], 183)),
        (needing(placed("T", "2025-06-01", "2025-09-01")), ("lapsed", ["Talk"], 182)),
    ],
)
def test_a_live_need_is_in_the_first_state_that_holds(
    store: Store, case: str, expected: tuple[str, list[str], int]
) -> None:
    assert state(store, case) == expected


@in_school(needing(pupils=[PUPIL | {"entry_date": day("02-01")}]))
def test_a_run_begins_no_earlier_than_the_pupils_entry(store: Store, case: str) -> None:
    assert state(store, case) == ("unmet", [], 30)


@in_school(needing(placed("T", "01-05", expected_end_date=day("02-01"))))
def test_an_expected_end_never_ends_anything(store: Store, case: str) -> None:
    assert state(store, case) == ("covered", ["Talk"], 57)


@in_school(school(needs=[NEED | {"end_date": day("03-01")}], provisions=[TALK]))
@pytest.mark.parametrize(
    ("as_at", "rows"), [("2025-08-31", 0), ("2025-09-01", 1), ("03-01", 1), ("03-02", 0)]
)
def test_a_need_is_live_from_its_first_day_to_its_last(
    store: Store, case: str, as_at: str, rows: int
) -> None:
    assert len(asked(store, case, "coverage", day(as_at))) == rows


# What addresses a need.


def addressing(need: str, codes: list[str] | None, own: list[str] | None) -> str:
    return school(
        needs=[NEED | {"need_code": need}],
        provisions=[TALK | {"need_codes": codes}],
        placements=[placed("T", "01-05", need_codes=own)],
    )


@pytest.mark.parametrize(
    ("case", "is_addressed"),
    [
        (addressing("SLCN", ["slcn"], None), True),
        (addressing("SLCN", ["Communication and Interaction"], None), True),
        (addressing("SLCN", ["cognition and learning"], None), False),
        # The placement's own codes stand before its provision's.
        (addressing("SLCN", ["SLCN"], ["reading"]), False),
        (addressing("SLCN", ["reading"], ["SLCN"]), True),
        (addressing("SLCN", ["SLCN"], []), True),
        # A motor group does not cover a visual impairment; naming it does.
        (addressing("VI", ["sensory and physical"], None), False),
        (addressing("VI", ["sensory and physical", "VI"], None), True),
        # Purpose not recorded addresses nothing.
        (addressing("SLCN", None, None), False),
        # OTH is under no area.
        (addressing("OTH", ["cognition and learning"], None), False),
        (addressing("reading", ["Reading"], None), True),
    ],
)
def test_a_provision_addresses_a_need_by_code_or_broadly_by_area(
    store: Store, case: str, is_addressed: bool
) -> None:
    (row,) = asked(store, case, "coverage")
    assert row["state"] == ("covered" if is_addressed else "unmet")


def test_a_schools_own_area_of_a_code_replaces_ours(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path,
        need_codes=[{"need_code": "SLCN", "name": "Talking", "area": "Voice"}],
        needs=[NEED],
        provisions=[TALK | {"need_codes": ["VOICE"]}],
        placements=[placed("T", "01-05")],
    )
    (row,) = answer(store, "coverage")
    assert (row["need"], row["area"], row["state"], row["is_broad_match_only"]) == (
        "Talking", "voice", "covered", True,
    )  # fmt: skip


@in_school(
    needing(
        placed("T", "01-05"),
        placed("C", "01-05", pupil_id="2"),
        placed("T", "01-05", "02-01", pupil_id="3"),
        pupils=[PUPIL | {"pupil_id": str(number)} for number in range(1, 5)],
        needs=[NEED | {"pupil_id": str(number)} for number in range(1, 5)],
    )
)
def test_coverage_by_need_adds_up(store: Store, case: str) -> None:
    (row,) = asked(store, case, "coverage_by_need")
    assert (row["live_needs"], row["pupils"]) == (4, 4)
    assert [row[name] for name in ("covered", "in_class", "planned", "lapsed", "unmet")] == [1, 1, 0, 1, 1]
    assert row["answered_share"] == 2 / 4


# Gaps.


def kinds(store: Store, case: str, question: str = "gaps") -> list[tuple[Any, ...]]:
    columns = ("kind", "need_code", "subject") if question == "gaps" else ("kind", "from_date", "to_date")
    return [tuple(row[name] for name in columns) for row in asked(store, case, question)]


READING = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "source": "test"}
MARK = {"scale": "standardised", "subject": "reading", "year_group": "5", "term": "autumn", "expected": "95"}
MARKS = [
    MARK, MARK | {"term": "spring"}, MARK | {"scale": "SDQ total", "expected": "16"},
    MARK | {"year_group": "4", "expected": "90"},
]  # fmt: skip


def below(value: str = "94", on: str = "2025-11-20") -> dict[str, Any]:
    return READING | {"value": value, "assessed_on": day(on)}


@pytest.mark.parametrize(
    ("case", "finding"),
    [
        (marked(assessments=[below("94")]), True),
        (marked(assessments=[below("95")]), False),
        (marked(assessments=[below("absent")]), False),
        # 366 days before is still a result to go by, 367 is not.
        (marked(assessments=[below("94", "2025-03-02")]), True),
        (marked(assessments=[below("94", "2025-03-01")]), False),
    ],
)
def test_below_expected_without_a_recorded_need_is_a_gap(marks: Store, case: str, finding: bool) -> None:
    assert kinds(marks, case) == ([("no_recorded_need", None, "reading")] if finding else [])


READ = TALK | {"provision_id": "R", "name": "Read", "subject": "READING", "need_codes": ["reading"]}


@pytest.mark.parametrize(
    "case",
    [
        marked(assessments=[below()], provisions=[READ], **answer_to_it)
        for answer_to_it in (
            {"needs": [NEED | {"need_code": "Reading"}], "placements": [placed("R", "01-05")]},
            {
                "needs": [NEED | {"need_code": "SPLD"}],
                "placements": [placed("R", "01-05", need_codes=["SPLD"])],
            },
            {"placements": [placed("R", "01-05")]},
        )
    ],
)
def test_a_need_or_provision_for_the_subject_answers_it(marks: Store, case: str) -> None:
    assert kinds(marks, case) == []


@in_school(
    marked(
        assessments=[
            below("80"), below("80", "2025-12-01") | {"source": "teacher"}, below("95", "2025-12-01")
        ]
    )
)  # fmt: skip
def test_the_latest_result_counts_and_of_one_day_the_test(marks: Store, case: str) -> None:
    assert kinds(marks, case) == []


@in_school(marked(assessments=[below("17") | {"scale": "SDQ total"}]))
def test_lower_is_better_is_below_when_higher(marks: Store, case: str) -> None:
    assert kinds(marks, case) == [("no_recorded_need", None, "reading")]


@in_school(
    school(
        pupils=[
            *(PUPIL | {"pupil_id": code, "sen_status": code} for code in ("N", "K", "E")),
            PUPIL | {"pupil_id": "with", "sen_status": "K"},
        ],
        needs=[NEED | {"pupil_id": "with"}, NEED | {"pupil_id": "K", "need_code": "reading"}],
    )
)
def test_sen_status_without_a_type_of_need_is_a_gap(store: Store, case: str) -> None:
    found = {row["pupil_id"] for row in asked(store, case, "gaps") if row["kind"] == "sen_without_need"}
    assert found == {"K", "E"}


@pytest.mark.parametrize(
    ("case", "finding"),
    [
        (
            school(
                needs=[NEED | {"required_weekly_minutes": required}],
                provisions=[TALK | {"minutes_per_session": minutes, "sessions_per_week": 1.0}],
                placements=[placed("T", "01-05")],
            ),
            finding,
        )
        for minutes, required, finding in [
            (60.0, 60.0, False),
            (59.0, 60.0, True),
            (None, 60.0, True),
            (None, None, False),
            (59.0, 9_999_999_999.0, True),
        ]
    ],
)
def test_fewer_minutes_than_the_plan_requires_is_a_gap(store: Store, case: str, finding: bool) -> None:
    assert kinds(store, case) == ([("below_plan", "SLCN", None)] if finding else [])


@in_school(marked(pupils=[PUPIL, PUPIL | {"pupil_id": "2"}], assessments=[below("95")]))
def test_pupils_without_data_are_no_gap_but_are_listed(marks: Store, case: str) -> None:
    assert kinds(marks, case) == []
    (row,) = asked(marks, case, "no_data")
    assert (row["pupil_id"], row["subject"], row["last_assessed_on"]) == ("2", "reading", None)


def test_a_school_without_any_result_lists_every_pupil_once(tmp_path: Path) -> None:
    (row,) = answer(tiny_school(tmp_path), "no_data")
    assert (row["pupil_id"], row["subject"]) == ("1", None)


# Duplications.

OTHER = TALK | {"provision_id": "V", "name": "Voices"}


def talking(*placements: dict[str, Any]) -> str:
    return school(needs=[NEED], provisions=[TALK], placements=[*placements])


def kinds_found(store: Store, case: str) -> list[str]:
    return [row[0] for row in kinds(store, case, "duplications")]


@pytest.mark.parametrize(
    ("case", "finding"),
    [
        (talking(placed("T", "01-05", "02-01"), second), finding)
        for second, finding in [
            (placed("T", "02-01"), [("same_provision", day("02-01"), day("02-01"))]),
            (placed("T", "02-02"), []),
            (placed("T", "2025-09-01"), [("same_provision", day("01-05"), day("02-01"))]),
        ]
    ],
)
def test_two_times_in_one_provision_overlap_when_they_share_a_day(
    store: Store, case: str, finding: list[tuple[Any, ...]]
) -> None:
    found = [row for row in kinds(store, case, "duplications") if row[0] == "same_provision"]
    assert found == finding


def talking_and(other: dict[str, Any], second: dict[str, Any]) -> str:
    return school(
        needs=[NEED],
        provisions=[TALK | {"minutes_per_session": 30.0, "sessions_per_week": 2.0}, other],
        placements=[placed("T", "01-05"), placed("V", "02-01") | second],
    )


@pytest.mark.parametrize(
    ("case", "finds"),
    [
        (talking_and(OTHER, {}), True),
        (talking_and(OTHER | {"purpose": "therapy"}, {}), False),
        (talking_and(OTHER | {"tier": "universal"}, {}), False),
        (talking_and(OTHER, {"required_by": "ehcp"}), False),
        (talking_and(OTHER, {"end_date": day("03-02")}), False),
        (talking_and(OTHER | {"subject": "reading"}, {}), True),
        (talking_and(OTHER | {"subject": "mathematics"}, {}), True),
    ],
)
def test_two_additional_provisions_for_one_need(store: Store, case: str, finds: bool) -> None:
    assert ("same_need" in kinds_found(store, case)) == finds


@in_school(
    school(
        needs=[NEED],
        provisions=[
            TALK | {"subject": "reading"},
            OTHER | {"subject": "mathematics"},
            TALK | {"provision_id": "A"},
        ],
        placements=[placed("T", "01-05"), placed("V", "01-05"), placed("A", "02-01", "06-30")],
    )
)
def test_two_subjects_are_no_overlap_and_the_pair_is_named_by_its_earlier_start(
    store: Store, case: str
) -> None:
    pairs = [
        (row["provision_id"], row["other_provision_id"], row["need_code"], row["from_date"], row["to_date"])
        for row in asked(store, case, "duplications")
    ]
    assert pairs == [
        ("T", "A", "SLCN", day("02-01"), day("06-30")),
        ("V", "A", "SLCN", day("02-01"), day("06-30")),
    ]


def run(
    start: str, end: str, first: str, last: str, measure: str = "reading/age", **more: Any
) -> dict[str, Any]:
    return placed("T", start, end, measure=measure, entry_value=first, exit_value=last, **more)


def repeating(*earlier: dict[str, Any]) -> str:
    return talking(*earlier, placed("T", "01-05"))


@pytest.mark.parametrize(
    ("case", "finds"),
    [
        (repeating(placed("T", "2025-09-01", "2025-10-31", outcome="not met")), True),
        (repeating(placed("T", "2025-09-01", "2025-10-31", outcome="partly met")), False),
        (repeating(run("2025-09-01", "2025-10-31", "80", "80")), True),
        (repeating(run("2025-09-01", "2025-10-31", "80", "81")), False),
        # Holding level on an age-normed scale is keeping up.
        (repeating(run("2025-09-01", "2025-10-31", "80", "80", "reading/standardised")), False),
        (repeating(run("2025-09-01", "2025-10-31", "80", "79", "reading/standardised")), True),
        # Lower is better.
        (repeating(run("2025-09-01", "2025-10-31", "18", "12", "behaviour/SDQ total")), False),
        (repeating(run("2025-09-01", "2025-10-31", "12", "18", "behaviour/SDQ total")), True),
        (repeating(run("2025-09-01", "2025-10-31", "WTS", "EXS", "writing/teacher judgement")), False),
        (repeating(run("2025-09-01", "2025-10-31", "80", "absent")), False),
        # It has to have ended before the next began.
        (repeating(placed("T", "2025-09-01", "2026-01-05", outcome="not met")), False),
    ],
)
def test_a_repeat_after_no_gain(store: Store, case: str, finds: bool) -> None:
    assert ("repeated_without_gain" in kinds_found(store, case)) == finds


@in_school(
    repeating(
        placed("T", "2025-01-05", "2025-03-01", outcome="not met"),
        placed("T", "2025-04-05", "2025-06-01", outcome="met"),
    )
)
def test_the_latest_time_before_decides_whether_a_repeat_had_gain(store: Store, case: str) -> None:
    found = asked(store, case, "duplications")
    assert [(row["kind"], row["from_date"], row["is_current"]) for row in found] == [
        ("repeated_without_gain", day("2025-04-05"), False)
    ]


@in_school(
    repeating(
        # Began first and ended last: this one counts, not the one that began last.
        placed("T", "2025-01-05", "2025-12-01", outcome="not met"),
        placed("T", "2025-04-05", "2025-06-01", outcome="met"),
    )
)
def test_of_nested_times_before_the_one_that_ended_last_decides(store: Store, case: str) -> None:
    assert "repeated_without_gain" in kinds_found(store, case)


def had(into: dict[str, dict[str, Rows]] = CASES, **rows: Rows) -> str:
    return school(into, **{"provisions": [TALK], "placements": [placed("T", "01-05")]} | rows)


@pytest.mark.parametrize(
    ("case", "finds"),
    [
        (had(), True),
        (had(needs=[NEED]), False),
        # The area of a live need excuses it, even where an area covers no sensory need.
        (
            had(
                needs=[NEED | {"need_code": "VI"}],
                provisions=[TALK | {"need_codes": ["sensory and physical"]}],
            ),
            False,
        ),
        (had(placements=[placed("T", "01-05", required_by="plan")]), False),
        (had(placements=[placed("T", "01-05", "03-02")]), False),
        (had(provisions=[TALK | {"need_codes": None}]), False),
        (had(provisions=[TALK | {"purpose": "enrichment"}]), False),
        (had(provisions=[TALK | {"subject": "reading"}]), True),
        (had(provisions=[TALK | {"subject": "Reading"}], assessments=[below()]), True),
    ],
)
def test_provision_without_a_present_need(store: Store, case: str, finds: bool) -> None:
    assert ("no_current_need" in kinds_found(store, case)) == finds


@in_school(had(MARKED, provisions=[TALK | {"subject": "Reading"}], assessments=[below()]))
def test_a_subject_below_its_mark_is_a_present_reason(marks: Store, case: str) -> None:
    assert "no_current_need" not in kinds_found(marks, case)


def judged(measure: str, comparator: str, value: str) -> str:
    """Attendance is that of this year so far: neither of the last, nor of what is not over yet."""
    span = {"pupil_id": "1", "start_date": day("2025-09-01"), "end_date": day("02-13"),
            "possible": 190.0, "attended": 171.0}  # fmt: skip
    last_year = {"start_date": day("2025-06-01"), "end_date": day("2025-07-20"), "possible": 60.0}
    not_over = {"start_date": day("02-23"), "end_date": day("04-01"), "possible": 50.0}
    rule = {"kind": "entry", "measure": measure, "comparator": comparator, "value": value}
    return had(
        pupils=[PUPIL | {"pupil_premium": True}],
        needs=[NEED | {"need_code": "SEMH"}],
        assessments=[below("94")],
        attendance=[span, span | last_year | {"attended": 0.0}, span | not_over | {"attended": 0.0}],
        criteria=[{"provision_id": "T"} | rule],
    )


@pytest.mark.parametrize(
    ("case", "holds"),
    [
        (judged("reading/standardised", "<", "95"), True),
        (judged("reading/standardised", "<", "94"), False),
        (judged("Reading/Standardised", "<=", "94"), True),
        # 171 of 190 is exactly 90.0%.
        (judged("attendance", "<", "90"), False),
        (judged("attendance", "<=", "90"), True),
        (judged("attendance", "<=", "0.9"), True),
        (judged("group", "=", "pupil_premium"), True),
        (judged("group", "=", "fsm"), False),
        (judged("need", "=", "SEMH"), True),
        (judged("need", "=", "ASD"), False),
        (judged("shoe size", "=", "4"), False),
    ],
)
def test_an_entry_criterion_that_holds_is_a_present_reason(store: Store, case: str, holds: bool) -> None:
    assert ("no_current_need" in kinds_found(store, case)) != holds


# The provision list.


def reviewed(placement: dict[str, Any], reviews: list[tuple[str | None, str]]) -> str:
    rows = [{"provision_id": "T", "pupil_id": who, "reviewed_on": day(on)} for who, on in reviews]
    return school(provisions=[TALK], placements=[placement], reviews=rows)


@pytest.mark.parametrize(
    ("case", "overdue"),
    [
        (reviewed(placed("T", "01-05", expected_end_date=day("03-02")), []), True),
        (reviewed(placed("T", "01-05", expected_end_date=DAY), []), False),
        # Without an expected end: 120 days ago is still within the last 120 days.
        (reviewed(placed("T", (DAY - timedelta(days=120)).isoformat()), []), False),
        (reviewed(placed("T", (DAY - timedelta(days=121)).isoformat()), []), True),
        (reviewed(placed("T", "2025-09-01"), [("1", "01-05")]), False),
        # A review after the day, of the provision as a whole, or of somebody else is no review of this.
        (reviewed(placed("T", "2025-09-01"), [("1", "03-04")]), True),
        (reviewed(placed("T", "2025-09-01"), [(None, "01-05"), ("2", "01-05")]), True),
    ],
)
def test_overdue_for_review(store: Store, case: str, overdue: bool) -> None:
    (row,) = asked(store, case, "provision_list")
    assert row["overdue_for_review"] is overdue


@in_school(
    school(
        provisions=[TALK | {"minutes_per_session": 20.0, "sessions_per_week": 3.0}, OTHER],
        staff=[{"staff_id": "s1", "name": "Ms Bell"}],
        placements=[
            placed("T", "01-05", sessions_per_week=2.0, staff_ids=["s1", "s2"]),
            placed("V", "01-05"),
        ],
    )
)
def test_minutes_a_week_are_the_placements_own_else_the_provisions(store: Store, case: str) -> None:
    listed = asked(store, case, "provision_list")
    found = {row["provision"]: (row["weekly_minutes"], row["staff"]) for row in listed}
    assert found == {"Talk": (40.0, ["Ms Bell", "s2"]), "Voices": (None, [])}


# Progress.


def by_group(store: Store, case: str) -> dict[str, dict[str, Any]]:
    return {row["group_code"]: row for row in asked(store, case, "progress_by_group")}


@in_school(
    marked(
        pupils=[PUPIL | {"pupil_id": str(n), "pupil_premium": n < 3, "fsm": n < 2} for n in range(1, 5)],
        assessments=[
            below("90"), below("95") | {"pupil_id": "2"}, below("100") | {"pupil_id": "3"},
            below("99", "2025-12-01"),
        ],
    )
)  # fmt: skip
def test_progress_by_group_counts_each_pupil_once_and_recomputes_rates(marks: Store, case: str) -> None:
    found = by_group(marks, case)
    assert set(found) == {"all", "pupil_premium", "fsm"}
    counts = {code: (row["pupils"], row["assessed"], row["expected_or_above"]) for code, row in found.items()}
    # Pupil 1's later 99 counts and the earlier 90 does not.
    assert counts == {"all": (4, 3, 3), "pupil_premium": (2, 2, 2), "fsm": (1, 1, 1)}
    assert found["all"]["mean_value"] == (99 + 95 + 100) / 3
    assert (found["all"]["academic_year"], found["all"]["term"]) == ("2025/26", "autumn")


@in_school(
    marked(
        # Nothing is expected in Year 3.
        pupils=[PUPIL | {"pupil_premium": True}, PUPIL | {"pupil_id": "2", "year_group": "3"}],
        assessments=[below("99"), below("99") | {"pupil_id": "2"}],
    )
)
def test_a_rest_that_nobody_can_judge_has_no_share(marks: Store, case: str) -> None:
    found = by_group(marks, case)
    assert (found["pupil_premium"]["expected_share"], found["pupil_premium"]["rest_share"]) == (1.0, None)


@in_school(
    school(
        pupils=[PUPIL, PUPIL | {"pupil_id": "2"}],
        assessments=[
            {"pupil_id": who, "subject": subject, "scale": scale, "value": "9", "assessed_on": day("01-20")}
            for who, subject, scale in (("1", "French", "Puma"), ("2", "french", "PUMA"))
        ],
    )
)
def test_one_spelling_for_a_subject_and_a_scale(store: Store, case: str) -> None:
    group = by_group(store, case)["all"]
    each = asked(store, case, "pupil_progress")
    assert group["assessed"] == 2
    assert {(row["subject"], row["scale"]) for row in each} == {(group["subject"], group["scale"])}


@in_school(
    school(
        pupils=[PUPIL | {"pupil_id": str(n)} for n in range(1, 4)],
        assessments=[
            below(value, "01-20") | {"pupil_id": who, "scale": "teacher judgement"}
            for who, value in (("1", "WTS"), ("2", "GDS"), ("3", "A"))
        ],
    )
)
def test_a_mean_is_never_taken_over_grades_and_absence_is_no_score(store: Store, case: str) -> None:
    (row,) = asked(store, case, "progress_by_group")
    assert (row["assessed"], row["mean_value"], row["expected_share"]) == (2, None, 1 / 2)


@in_school(
    marked(
        enrolments=[{"pupil_id": "1", "academic_year": "2024/25", "year_group": "4"}],
        assessments=[below("94", "2024-11-20")],
    )
)
def test_the_mark_is_that_of_the_year_group_the_pupil_was_in_then(marks: Store, case: str) -> None:
    (row,) = asked(marks, case, "pupil_progress")
    assert (row["expected"], row["meets_expected"], row["number"]) == ("90", True, 94.0)


def undated(term: str, start: str, end: str) -> str:
    of = {"academic_year": "2025/26", "term": term}
    return school(
        assessments=[READING | of | {"value": "94", "assessed_on": None}],
        terms=[of | {"start_date": day(start), "end_date": day(end)}],
    )


@in_school(undated("autumn", "2025-09-03", "2025-12-19"))
def test_a_term_without_a_day_is_its_last_day(store: Store, case: str) -> None:
    (row,) = asked(store, case, "pupil_progress")
    assert (row["assessed_on"], row["term"]) == (day("2025-12-19"), "autumn")
    assert asked(store, case, "pupil_progress", day("2025-12-18")) == []


@in_school(undated("spring", "01-02", "04-01"))
def test_a_term_that_is_given_stands(store: Store, case: str) -> None:
    """The school's spring ends on a day on which the usual summer has begun."""
    (row,) = asked(store, case, "pupil_progress", day("04-02"))
    assert (row["assessed_on"], row["term"]) == (day("04-01"), "spring")


@in_school(school(assessments=[below("95", "2024-11-20")]))
def test_a_pupil_without_recent_results_is_listed_with_the_last_day_of_any(store: Store, case: str) -> None:
    (row,) = asked(store, case, "no_data")
    assert (row["subject"], row["last_assessed_on"]) == (None, day("2024-11-20"))


DATES = {"entry_date": day("2025-09-01"), "exit_date": day("2025-12-01")}


@in_school(
    school(
        pupils=[PUPIL | {"pupil_id": str(n)} for n in range(1, 5)],
        provisions=[TALK],
        placements=[
            run(
                "2025-09-01", "2025-12-01", "80", "84", sessions_planned=20.0, sessions_attended=15.0, **DATES
            ),
            run("2025-09-01", "2025-12-01", "80", "82", pupil_id="2", **DATES),
            run("2025-09-01", "2025-12-01", "80", "Abs", pupil_id="3", **DATES),
            run("04-01", "04-02", "80", "99", pupil_id="4"),
        ],
    )
)
def test_impact_counts_who_has_both_scores_and_their_mean_gain(store: Store, case: str) -> None:
    (row,) = asked(store, case, "impact_by_provision")
    assert (row["placements"], row["with_entry_and_exit"], row["mean_gain"]) == (3, 2, 3.0)
    assert row["months_between"] == pytest.approx(91 / 30.4375)
    assert row["delivered_share"] == 15 / 20


def test_gaps_of_a_subject_keep_the_need_of_that_name(tmp_path: Path) -> None:
    store = tiny_school(tmp_path, needs=[NEED, NEED | {"need_code": "reading"}])
    (row,) = answer(store, "gaps", subjects=["reading"])
    assert (row["kind"], row["need_code"], row["subject"]) == ("unmet", "reading", None)
