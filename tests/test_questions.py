"""Each definition of the contract in a school of a few rows, with the answer worked out by hand.

When to write one: for every rule that a question applies, and for the day before, on and after each boundary.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, day, tiny_school

Rows = list[dict[str, Any]]
NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-01")}


def placed(provision: str, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "pupil_id": "1",
        "provision_id": provision,
        "start_date": day(start),
        "end_date": day(end) if end else None,
    } | more


def state(tmp_path: Path, placements: Rows, as_at: date = DAY, **rows: Rows) -> tuple[str, list[str], int]:
    given = {"needs": [NEED], "provisions": [TALK, CLASS]} | rows
    store = tiny_school(tmp_path, placements=placements, **given)
    (row,) = answer(store, "coverage", as_at)
    return row["state"], row["provisions"], row["days_in_state"]


# The five states, and how long each has lasted on 3 March 2026.


@pytest.mark.parametrize(
    ("placements", "expected"),
    [
        # Nothing ever: since the need began on 1 September, 183 days before.
        ([], ("unmet", [], 183)),
        # An additional provision on its first day, and on its last.
        ([placed("T", "03-03")], ("covered", ["Talk"], 0)),
        ([placed("T", "02-03", "03-03")], ("covered", ["Talk"], 28)),
        # Ended yesterday: today is the first day without.
        ([placed("T", "02-03", "03-02")], ("lapsed", ["Talk"], 0)),
        # Begins tomorrow: planned since the need began.
        ([placed("T", "03-04")], ("planned", ["Talk"], 183)),
        # A class adjustment answers, but an additional provision comes first.
        ([placed("C", "01-05")], ("in_class", ["Clear words"], 57)),
        ([placed("C", "01-05"), placed("T", "03-01")], ("covered", ["Talk"], 2)),
        # Planned comes before lapsed; planned only since the other ended on 2 February.
        ([placed("T", "01-05", "02-02"), placed("T", "04-01")], ("planned", ["Talk"], 28)),
        # Two that only meet are one run: 5 January to 3 March.
        ([placed("T", "01-05", "01-31"), placed("T", "02-01")], ("covered", ["Talk"], 57)),
        # A day between them breaks it: 2 February to 3 March.
        ([placed("T", "01-05", "01-31"), placed("T", "02-02")], ("covered", ["Talk"], 29)),
        # Ended the day before the need began: nothing has lapsed. On the day it began: it has.
        ([placed("T", "2025-06-01", "2025-08-31")], ("unmet", [], 183)),
        ([placed("T", "2025-06-01", "2025-09-01")], ("lapsed", ["Talk"], 182)),
    ],
)
def test_a_live_need_is_in_the_first_state_that_holds(
    tmp_path: Path, placements: Rows, expected: tuple[str, list[str], int]
) -> None:
    assert state(tmp_path, placements) == expected


def test_a_run_begins_no_earlier_than_the_pupils_entry(tmp_path: Path) -> None:
    pupils = [PUPIL | {"entry_date": day("02-01")}]
    assert state(tmp_path, [], pupils=pupils) == ("unmet", [], 30)


def test_an_expected_end_never_ends_anything(tmp_path: Path) -> None:
    placements = [placed("T", "01-05", expected_end_date=day("02-01"))]
    assert state(tmp_path, placements) == ("covered", ["Talk"], 57)


@pytest.mark.parametrize(
    ("as_at", "rows"), [("2025-08-31", 0), ("2025-09-01", 1), ("03-01", 1), ("03-02", 0)]
)
def test_a_need_is_live_from_its_first_day_to_its_last(tmp_path: Path, as_at: str, rows: int) -> None:
    store = tiny_school(tmp_path, needs=[NEED | {"end_date": day("03-01")}], provisions=[TALK])
    assert len(answer(store, "coverage", day(as_at))) == rows


# What addresses a need.


@pytest.mark.parametrize(
    ("need", "codes", "own", "is_addressed"),
    [
        ("SLCN", ["slcn"], None, True),
        ("SLCN", ["Communication and Interaction"], None, True),
        ("SLCN", ["cognition and learning"], None, False),
        # The placement's own codes stand before its provision's.
        ("SLCN", ["SLCN"], ["reading"], False),
        ("SLCN", ["reading"], ["SLCN"], True),
        ("SLCN", ["SLCN"], [], True),
        # A motor group does not cover a visual impairment; naming it does.
        ("VI", ["sensory and physical"], None, False),
        ("VI", ["sensory and physical", "VI"], None, True),
        # Purpose not recorded addresses nothing.
        ("SLCN", None, None, False),
        # OTH is under no area.
        ("OTH", ["cognition and learning"], None, False),
        ("reading", ["Reading"], None, True),
    ],
)
def test_a_provision_addresses_a_need_by_code_or_broadly_by_area(
    tmp_path: Path, need: str, codes: list[str] | None, own: list[str] | None, is_addressed: bool
) -> None:
    store = tiny_school(
        tmp_path,
        needs=[NEED | {"need_code": need}],
        provisions=[TALK | {"need_codes": codes}],
        placements=[placed("T", "01-05", need_codes=own)],
    )
    (row,) = answer(store, "coverage")
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


def test_coverage_by_need_adds_up(tmp_path: Path) -> None:
    pupils = [PUPIL | {"pupil_id": str(number)} for number in range(1, 5)]
    store = tiny_school(
        tmp_path,
        pupils=pupils,
        needs=[NEED | {"pupil_id": str(number)} for number in range(1, 5)],
        provisions=[TALK, CLASS],
        placements=[
            placed("T", "01-05"),
            placed("C", "01-05", pupil_id="2"),
            placed("T", "01-05", "02-01", pupil_id="3"),
        ],
    )
    (row,) = answer(store, "coverage_by_need")
    assert (row["live_needs"], row["pupils"]) == (4, 4)
    assert [row[name] for name in ("covered", "in_class", "planned", "lapsed", "unmet")] == [1, 1, 0, 1, 1]
    assert row["answered_share"] == 2 / 4


# Gaps.


def kinds(store: Any, question: str = "gaps", **choices: Any) -> list[tuple[Any, ...]]:
    columns = ("kind", "need_code", "subject") if question == "gaps" else ("kind", "from_date", "to_date")
    return [tuple(row[name] for name in columns) for row in answer(store, question, **choices)]


READING = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "source": "test"}
MARK = {"scale": "standardised", "subject": "reading", "year_group": "5", "term": "autumn", "expected": "95"}


def below(value: str = "94", on: str = "2025-11-20") -> dict[str, Any]:
    return READING | {"value": value, "assessed_on": day(on)}


@pytest.mark.parametrize(
    ("result", "finding"),
    [
        (below("94"), True),
        (below("95"), False),
        (below("absent"), False),
        # 366 days before is still a result to go by, 367 is not.
        (below("94", "2025-03-02"), True),
        (below("94", "2025-03-01"), False),
    ],
)
def test_below_expected_without_a_recorded_need_is_a_gap(
    tmp_path: Path, result: dict[str, Any], finding: bool
) -> None:
    marks = [MARK, MARK | {"term": "spring"}]
    store = tiny_school(tmp_path, assessments=[result], expectations=marks)
    assert kinds(store) == ([("no_recorded_need", None, "reading")] if finding else [])


@pytest.mark.parametrize(
    "answer_to_it",
    [
        {"needs": [NEED | {"need_code": "Reading"}], "placements": [placed("R", "01-05")]},
        {"needs": [NEED | {"need_code": "SPLD"}], "placements": [placed("R", "01-05", need_codes=["SPLD"])]},
        {"placements": [placed("R", "01-05")]},
    ],
)
def test_a_need_or_provision_for_the_subject_answers_it(
    tmp_path: Path, answer_to_it: dict[str, Rows]
) -> None:
    provision = TALK | {"provision_id": "R", "name": "Read", "subject": "READING", "need_codes": ["reading"]}
    store = tiny_school(
        tmp_path, assessments=[below()], expectations=[MARK], provisions=[provision], **answer_to_it
    )
    assert kinds(store) == []


def test_the_latest_result_counts_and_of_one_day_the_test(tmp_path: Path) -> None:
    teacher = below("80", "2025-12-01") | {"source": "teacher"}
    store = tiny_school(
        tmp_path, assessments=[below("80"), teacher, below("95", "2025-12-01")], expectations=[MARK]
    )
    assert kinds(store) == []


def test_lower_is_better_is_below_when_higher(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path,
        assessments=[below("17") | {"scale": "SDQ total"}],
        expectations=[MARK | {"scale": "SDQ total", "expected": "16"}],
    )
    assert kinds(store) == [("no_recorded_need", None, "reading")]


def test_sen_status_without_a_type_of_need_is_a_gap(tmp_path: Path) -> None:
    pupils = [PUPIL | {"pupil_id": code, "sen_status": code} for code in ("N", "K", "E")]
    pupils.append(PUPIL | {"pupil_id": "with", "sen_status": "K"})
    needs = [NEED | {"pupil_id": "with"}, NEED | {"pupil_id": "K", "need_code": "reading"}]
    store = tiny_school(tmp_path, pupils=pupils, needs=needs)
    found = {row["pupil_id"] for row in answer(store, "gaps") if row["kind"] == "sen_without_need"}
    assert found == {"K", "E"}


@pytest.mark.parametrize(
    ("minutes", "required", "finding"),
    [
        (60.0, 60.0, False),
        (59.0, 60.0, True),
        (None, 60.0, True),
        (None, None, False),
        (59.0, 9_999_999_999.0, True),
    ],
)
def test_fewer_minutes_than_the_plan_requires_is_a_gap(
    tmp_path: Path, minutes: float | None, required: float | None, finding: bool
) -> None:
    store = tiny_school(
        tmp_path,
        needs=[NEED | {"required_weekly_minutes": required}],
        provisions=[TALK | {"minutes_per_session": minutes, "sessions_per_week": 1.0}],
        placements=[placed("T", "01-05")],
    )
    assert kinds(store) == ([("below_plan", "SLCN", None)] if finding else [])


def test_pupils_without_data_are_no_gap_but_are_listed(tmp_path: Path) -> None:
    pupils = [PUPIL, PUPIL | {"pupil_id": "2"}]
    store = tiny_school(tmp_path, pupils=pupils, assessments=[below("95")], expectations=[MARK])
    assert kinds(store) == []
    (row,) = answer(store, "no_data")
    assert (row["pupil_id"], row["subject"], row["last_assessed_on"]) == ("2", "reading", None)


def test_a_school_without_any_result_lists_every_pupil_once(tmp_path: Path) -> None:
    (row,) = answer(tiny_school(tmp_path), "no_data")
    assert (row["pupil_id"], row["subject"]) == ("1", None)


# Duplications.

OTHER = TALK | {"provision_id": "V", "name": "Voices"}


@pytest.mark.parametrize(
    ("second", "finding"),
    [
        (placed("T", "02-01"), [("same_provision", day("02-01"), day("02-01"))]),
        (placed("T", "02-02"), []),
        (placed("T", "2025-09-01"), [("same_provision", day("01-05"), day("02-01"))]),
    ],
)
def test_two_times_in_one_provision_overlap_when_they_share_a_day(
    tmp_path: Path, second: dict[str, Any], finding: list[tuple[Any, ...]]
) -> None:
    store = tiny_school(
        tmp_path,
        needs=[NEED],
        provisions=[TALK],
        placements=[placed("T", "01-05", "02-01"), second],
    )
    found = [row for row in kinds(store, "duplications") if row[0] == "same_provision"]
    assert found == finding


@pytest.mark.parametrize(
    ("other", "second", "finds"),
    [
        (OTHER, {}, True),
        (OTHER | {"purpose": "therapy"}, {}, False),
        (OTHER | {"tier": "universal"}, {}, False),
        (OTHER, {"required_by": "ehcp"}, False),
        (OTHER, {"end_date": day("03-02")}, False),
        (OTHER | {"subject": "reading"}, {}, True),
        (OTHER | {"subject": "mathematics"}, {}, True),
    ],
)
def test_two_additional_provisions_for_one_need(
    tmp_path: Path, other: dict[str, Any], second: dict[str, Any], finds: bool
) -> None:
    store = tiny_school(
        tmp_path,
        needs=[NEED],
        provisions=[TALK | {"minutes_per_session": 30.0, "sessions_per_week": 2.0}, other],
        placements=[placed("T", "01-05"), placed("V", "02-01") | second],
    )
    assert ("same_need" in [row[0] for row in kinds(store, "duplications")]) == finds


def test_two_subjects_are_no_overlap_and_the_pair_is_named_by_its_earlier_start(tmp_path: Path) -> None:
    provisions = [
        TALK | {"subject": "reading"},
        OTHER | {"subject": "mathematics"},
        TALK | {"provision_id": "A"},
    ]
    store = tiny_school(
        tmp_path,
        needs=[NEED],
        provisions=provisions,
        placements=[placed("T", "01-05"), placed("V", "01-05"), placed("A", "02-01", "06-30")],
    )
    pairs = [
        (row["provision_id"], row["other_provision_id"], row["need_code"], row["from_date"], row["to_date"])
        for row in answer(store, "duplications")
    ]
    assert pairs == [
        ("T", "A", "SLCN", day("02-01"), day("06-30")),
        ("V", "A", "SLCN", day("02-01"), day("06-30")),
    ]


def run(
    start: str, end: str, first: str, last: str, measure: str = "reading/age", **more: Any
) -> dict[str, Any]:
    return placed("T", start, end, measure=measure, entry_value=first, exit_value=last, **more)


@pytest.mark.parametrize(
    ("earlier", "finds"),
    [
        (placed("T", "2025-09-01", "2025-10-31", outcome="not met"), True),
        (placed("T", "2025-09-01", "2025-10-31", outcome="partly met"), False),
        (run("2025-09-01", "2025-10-31", "80", "80"), True),
        (run("2025-09-01", "2025-10-31", "80", "81"), False),
        # Holding level on an age-normed scale is keeping up.
        (run("2025-09-01", "2025-10-31", "80", "80", "reading/standardised"), False),
        (run("2025-09-01", "2025-10-31", "80", "79", "reading/standardised"), True),
        # Lower is better.
        (run("2025-09-01", "2025-10-31", "18", "12", "behaviour/SDQ total"), False),
        (run("2025-09-01", "2025-10-31", "12", "18", "behaviour/SDQ total"), True),
        (run("2025-09-01", "2025-10-31", "WTS", "EXS", "writing/teacher judgement"), False),
        (run("2025-09-01", "2025-10-31", "80", "absent"), False),
        # It has to have ended before the next began.
        (placed("T", "2025-09-01", "2026-01-05", outcome="not met"), False),
    ],
)
def test_a_repeat_after_no_gain(tmp_path: Path, earlier: dict[str, Any], finds: bool) -> None:
    store = tiny_school(tmp_path, needs=[NEED], provisions=[TALK], placements=[earlier, placed("T", "01-05")])
    assert ("repeated_without_gain" in [row[0] for row in kinds(store, "duplications")]) == finds


def test_the_latest_time_before_decides_whether_a_repeat_had_gain(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path,
        needs=[NEED],
        provisions=[TALK],
        placements=[
            placed("T", "2025-01-05", "2025-03-01", outcome="not met"),
            placed("T", "2025-04-05", "2025-06-01", outcome="met"),
            placed("T", "01-05"),
        ],
    )
    found = answer(store, "duplications")
    assert [(row["kind"], row["from_date"], row["is_current"]) for row in found] == [
        ("repeated_without_gain", day("2025-04-05"), False)
    ]


def test_of_nested_times_before_the_one_that_ended_last_decides(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path,
        needs=[NEED],
        provisions=[TALK],
        placements=[
            # Began first and ended last: this one counts, not the one that began last.
            placed("T", "2025-01-05", "2025-12-01", outcome="not met"),
            placed("T", "2025-04-05", "2025-06-01", outcome="met"),
            placed("T", "01-05"),
        ],
    )
    assert "repeated_without_gain" in [row[0] for row in kinds(store, "duplications")]


@pytest.mark.parametrize(
    ("school", "finds"),
    [
        ({}, True),
        ({"needs": [NEED]}, False),
        # The area of a live need excuses it, even where an area covers no sensory need.
        (
            {
                "needs": [NEED | {"need_code": "VI"}],
                "provisions": [TALK | {"need_codes": ["sensory and physical"]}],
            },
            False,
        ),
        ({"placements": [placed("T", "01-05", required_by="plan")]}, False),
        ({"placements": [placed("T", "01-05", "03-02")]}, False),
        ({"provisions": [TALK | {"need_codes": None}]}, False),
        ({"provisions": [TALK | {"purpose": "enrichment"}]}, False),
        ({"provisions": [TALK | {"subject": "reading"}]}, True),
        (
            {
                "provisions": [TALK | {"subject": "Reading"}],
                "assessments": [below()],
                "expectations": [MARK],
            },
            False,
        ),
    ],
)
def test_provision_without_a_present_need(tmp_path: Path, school: dict[str, Rows], finds: bool) -> None:
    rows = {"provisions": [TALK], "placements": [placed("T", "01-05")]} | school
    found = [row[0] for row in kinds(tiny_school(tmp_path, **rows), "duplications")]
    assert ("no_current_need" in found) == finds


@pytest.mark.parametrize(
    ("criterion", "holds"),
    [
        (("reading/standardised", "<", "95"), True),
        (("reading/standardised", "<", "94"), False),
        (("Reading/Standardised", "<=", "94"), True),
        # 171 of 190 is exactly 90.0%.
        (("attendance", "<", "90"), False),
        (("attendance", "<=", "90"), True),
        (("attendance", "<=", "0.9"), True),
        (("group", "=", "pupil_premium"), True),
        (("group", "=", "fsm"), False),
        (("need", "=", "SEMH"), True),
        (("need", "=", "ASD"), False),
        (("shoe size", "=", "4"), False),
    ],
)
def test_an_entry_criterion_that_holds_is_a_present_reason(
    tmp_path: Path, criterion: tuple[str, str, str], holds: bool
) -> None:
    measure, comparator, value = criterion
    store = tiny_school(
        tmp_path,
        pupils=[PUPIL | {"pupil_premium": True}],
        needs=[NEED | {"need_code": "SEMH"}],
        provisions=[TALK],
        placements=[placed("T", "01-05")],
        assessments=[below("94")],
        attendance=[
            {"pupil_id": "1", "start_date": day("2025-09-01"), "end_date": day("02-13"),
             "possible": 190.0, "attended": 171.0},
            # Of the last academic year.
            {"pupil_id": "1", "start_date": day("2025-06-01"), "end_date": day("2025-07-20"),
             "possible": 60.0, "attended": 0.0},
            # Not over yet: what it says is not "so far".
            {"pupil_id": "1", "start_date": day("02-23"), "end_date": day("04-01"),
             "possible": 50.0, "attended": 0.0},
        ],
        criteria=[
            {"provision_id": "T", "kind": "entry", "measure": measure, "comparator": comparator,
             "value": value},
        ],
    )  # fmt: skip
    found = [row[0] for row in kinds(store, "duplications")]
    assert ("no_current_need" in found) != holds


# The provision list.


@pytest.mark.parametrize(
    ("placement", "reviews", "overdue"),
    [
        (placed("T", "01-05", expected_end_date=day("03-02")), [], True),
        (placed("T", "01-05", expected_end_date=DAY), [], False),
        # Without an expected end: 120 days ago is still within the last 120 days.
        (placed("T", (DAY - timedelta(days=120)).isoformat()), [], False),
        (placed("T", (DAY - timedelta(days=121)).isoformat()), [], True),
        (placed("T", "2025-09-01"), [("1", "01-05")], False),
        # A review after the day, of the provision as a whole, or of somebody else is no review of this.
        (placed("T", "2025-09-01"), [("1", "03-04")], True),
        (placed("T", "2025-09-01"), [(None, "01-05"), ("2", "01-05")], True),
    ],
)
def test_overdue_for_review(
    tmp_path: Path, placement: dict[str, Any], reviews: list[tuple[str | None, str]], overdue: bool
) -> None:
    rows = [{"provision_id": "T", "pupil_id": who, "reviewed_on": day(on)} for who, on in reviews]
    store = tiny_school(tmp_path, provisions=[TALK], placements=[placement], reviews=rows)
    (row,) = answer(store, "provision_list")
    assert row["overdue_for_review"] is overdue


def test_minutes_a_week_are_the_placements_own_else_the_provisions(tmp_path: Path) -> None:
    provisions = [TALK | {"minutes_per_session": 20.0, "sessions_per_week": 3.0}, OTHER]
    store = tiny_school(
        tmp_path,
        provisions=provisions,
        staff=[{"staff_id": "s1", "name": "Ms Bell"}],
        placements=[
            placed("T", "01-05", sessions_per_week=2.0, staff_ids=["s1", "s2"]),
            placed("V", "01-05"),
        ],
    )
    found = {
        row["provision"]: (row["weekly_minutes"], row["staff"]) for row in answer(store, "provision_list")
    }
    assert found == {"Talk": (40.0, ["Ms Bell", "s2"]), "Voices": (None, [])}


# Progress.


def test_progress_by_group_counts_each_pupil_once_and_recomputes_rates(tmp_path: Path) -> None:
    pupils = [PUPIL | {"pupil_id": str(n), "pupil_premium": n < 3, "fsm": n < 2} for n in range(1, 5)]
    results = [below(value) | {"pupil_id": who} for who, value in (("1", "90"), ("2", "95"), ("3", "100"))]
    results.append(below("99", "2025-12-01"))
    store = tiny_school(tmp_path, pupils=pupils, assessments=results, expectations=[MARK])
    found = {row["group_code"]: row for row in answer(store, "progress_by_group")}
    assert set(found) == {"all", "pupil_premium", "fsm"}
    counts = {code: (row["pupils"], row["assessed"], row["expected_or_above"]) for code, row in found.items()}
    # Pupil 1's later 99 counts and the earlier 90 does not.
    assert counts == {"all": (4, 3, 3), "pupil_premium": (2, 2, 2), "fsm": (1, 1, 1)}
    assert found["all"]["mean_value"] == (99 + 95 + 100) / 3
    assert (found["all"]["academic_year"], found["all"]["term"]) == ("2025/26", "autumn")


def test_a_rest_that_nobody_can_judge_has_no_share(tmp_path: Path) -> None:
    pupils = [PUPIL | {"pupil_premium": True}, PUPIL | {"pupil_id": "2", "year_group": "4"}]
    results = [below("99"), below("99") | {"pupil_id": "2"}]
    store = tiny_school(tmp_path, pupils=pupils, assessments=results, expectations=[MARK])
    found = {row["group_code"]: row for row in answer(store, "progress_by_group")}
    assert (found["pupil_premium"]["expected_share"], found["pupil_premium"]["rest_share"]) == (1.0, None)


def test_one_spelling_for_a_subject_and_a_scale(tmp_path: Path) -> None:
    results = [
        {"pupil_id": who, "subject": subject, "scale": scale, "value": "9", "assessed_on": day("01-20")}
        for who, subject, scale in (("1", "French", "Puma"), ("2", "french", "PUMA"))
    ]
    store = tiny_school(tmp_path, pupils=[PUPIL, PUPIL | {"pupil_id": "2"}], assessments=results)
    group = next(row for row in answer(store, "progress_by_group") if row["group_code"] == "all")
    each = answer(store, "pupil_progress")
    assert group["assessed"] == 2
    assert {(row["subject"], row["scale"]) for row in each} == {(group["subject"], group["scale"])}


def test_a_mean_is_never_taken_over_grades_and_absence_is_no_score(tmp_path: Path) -> None:
    grades = [
        READING | {"pupil_id": who, "scale": "teacher judgement", "value": value, "assessed_on": day("01-20")}
        for who, value in (("1", "WTS"), ("2", "GDS"), ("3", "A"))
    ]
    pupils = [PUPIL | {"pupil_id": str(n)} for n in range(1, 4)]
    (row,) = answer(tiny_school(tmp_path, pupils=pupils, assessments=grades), "progress_by_group")
    assert (row["assessed"], row["mean_value"], row["expected_share"]) == (2, None, 1 / 2)


def test_the_mark_is_that_of_the_year_group_the_pupil_was_in_then(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path,
        enrolments=[{"pupil_id": "1", "academic_year": "2024/25", "year_group": "4"}],
        assessments=[below("94", "2024-11-20")],
        expectations=[MARK, MARK | {"year_group": "4", "expected": "90"}],
    )
    (row,) = answer(store, "pupil_progress")
    assert (row["expected"], row["meets_expected"], row["number"]) == ("90", True, 94.0)


def test_a_term_without_a_day_is_its_last_day(tmp_path: Path) -> None:
    undated = READING | {"value": "94", "academic_year": "2025/26", "term": "autumn", "assessed_on": None}
    terms = [{"academic_year": "2025/26", "term": "autumn", "start_date": day("2025-09-03"),
              "end_date": day("2025-12-19")}]  # fmt: skip
    store = tiny_school(tmp_path, assessments=[undated], terms=terms)
    (row,) = answer(store, "pupil_progress")
    assert (row["assessed_on"], row["term"]) == (day("2025-12-19"), "autumn")
    assert answer(store, "pupil_progress", day("2025-12-18")) == []


def test_a_term_that_is_given_stands(tmp_path: Path) -> None:
    """The school's spring ends on a day on which the usual summer has begun."""
    undated = READING | {"value": "94", "academic_year": "2025/26", "term": "spring", "assessed_on": None}
    terms = [{"academic_year": "2025/26", "term": "spring", "start_date": day("01-02"),
              "end_date": day("04-01")}]  # fmt: skip
    (row,) = answer(tiny_school(tmp_path, assessments=[undated], terms=terms), "pupil_progress", day("04-02"))
    assert (row["assessed_on"], row["term"]) == (day("04-01"), "spring")


def test_a_pupil_without_recent_results_is_listed_with_the_last_day_of_any(tmp_path: Path) -> None:
    store = tiny_school(tmp_path, assessments=[below("95", "2024-11-20")])
    (row,) = answer(store, "no_data")
    assert (row["subject"], row["last_assessed_on"]) == (None, day("2024-11-20"))


def test_impact_counts_who_has_both_scores_and_their_mean_gain(tmp_path: Path) -> None:
    dates = {"entry_date": day("2025-09-01"), "exit_date": day("2025-12-01")}
    store = tiny_school(
        tmp_path,
        pupils=[PUPIL | {"pupil_id": str(n)} for n in range(1, 5)],
        provisions=[TALK],
        placements=[
            run(
                "2025-09-01", "2025-12-01", "80", "84", sessions_planned=20.0, sessions_attended=15.0, **dates
            ),
            run("2025-09-01", "2025-12-01", "80", "82", pupil_id="2", **dates),
            run("2025-09-01", "2025-12-01", "80", "Abs", pupil_id="3", **dates),
            run("04-01", "04-02", "80", "99", pupil_id="4"),
        ],
    )
    (row,) = answer(store, "impact_by_provision")
    assert (row["placements"], row["with_entry_and_exit"], row["mean_gain"]) == (3, 2, 3.0)
    assert row["months_between"] == pytest.approx(91 / 30.4375)
    assert row["delivered_share"] == 15 / 20
