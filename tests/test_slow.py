"""The slow versions are themselves checked on small cases worked out by hand, so that they can be trusted.

One pupil, Amira, in one school on 3 March 2026 unless a test says otherwise; each test adds what it needs.
"""

from datetime import date, timedelta
from typing import Any

from tests.slow import answer
from tests.slow_history import Import, fold
from tests.slow_words import Row, School

TODAY = date(2026, 3, 3)
SEPTEMBER = date(2025, 9, 1)
REFERENCE: School = {
    "need_codes": [
        {"need_code": "SLCN", "name": "Speech and language", "area": "communication and interaction"},
        {"need_code": "MLD", "name": "Moderate difficulty", "area": "cognition and learning"},
        {"need_code": "VI", "name": "Vision", "area": "sensory and physical"},
        {"need_code": "reading", "name": "Reading", "area": "subjects"},
    ],
    "scales": [
        {"scale": "points", "kind": "number"},
        {"scale": "worries", "kind": "number", "better": "lower"},
        {"scale": "standardised", "kind": "number", "age_normed": True},
    ],
    "scale_values": [{"scale": "points", "value": "A", "rank": None}],
    "expectations": [
        {"scale": "points", "subject": "reading", "year_group": "5", "term": "spring", "expected": "100"}
    ],
}


def days(number: int) -> timedelta:
    return timedelta(days=number)


def pupil(pupil_id: str = "p1", **columns: Any) -> Row:
    row = {"pupil_id": pupil_id, "surname": "Khan", "forename": "Amira", "year_group": "5"}
    return row | {"entry_date": SEPTEMBER} | columns


def need(code: str = "SLCN", **columns: Any) -> Row:
    return {"pupil_id": "p1", "need_code": code, "start_date": date(2026, 1, 5)} | columns


def provision(provision_id: str = "talk", **columns: Any) -> Row:
    row = {"provision_id": provision_id, "name": provision_id.title(), "tier": "targeted"}
    return row | {"need_codes": ["SLCN"], "minutes_per_session": 20.0, "sessions_per_week": 3.0} | columns


def placement(start: date, end: date | None = None, provision_id: str = "talk", **columns: Any) -> Row:
    row = {"pupil_id": "p1", "provision_id": provision_id, "start_date": start, "end_date": end}
    return row | columns


def assessment(value: str, on: date, **columns: Any) -> Row:
    row = {"pupil_id": "p1", "subject": "reading", "scale": "points", "value": value, "assessed_on": on}
    return row | columns


def school(*imports: Import, **datasets: list[Row]) -> School:
    datasets = {"pupils": [pupil()], "provisions": [provision()]} | datasets
    return fold([*imports, Import(SEPTEMBER, datasets)], REFERENCE)


def ask(question: str, a_school: School, *columns: str, on: date = TODAY, **choices: tuple[str, ...]) -> list:
    rows = answer(question, a_school, on, **choices)
    return [tuple(row[column] for column in columns) for row in rows]


def states(on: date, *placements: Row, **datasets: list[Row]) -> list:
    a_school = school(needs=[need()], placements=list(placements), **datasets)
    return ask("coverage", a_school, "state", "provisions", "days_in_state", on=on)


def test_a_need_is_unmet_planned_covered_and_lapsed_in_turn() -> None:
    talk = placement(date(2026, 2, 2), date(2026, 2, 27))
    assert states(date(2026, 1, 4), talk) == []
    assert states(date(2026, 1, 5), talk) == [("planned", ["Talk"], 0)]
    assert states(date(2026, 2, 1), talk) == [("planned", ["Talk"], 27)]
    assert states(date(2026, 2, 2), talk) == [("covered", ["Talk"], 0)]
    assert states(date(2026, 2, 27), talk) == [("covered", ["Talk"], 25)]
    assert states(date(2026, 2, 28), talk) == [("lapsed", ["Talk"], 0)]
    assert states(date(2026, 2, 28)) == [("unmet", [], 54)]


def test_what_ended_before_the_need_began_is_no_lapse() -> None:
    assert states(TODAY, placement(SEPTEMBER, date(2026, 1, 4))) == [("unmet", [], 57)]
    assert states(TODAY, placement(SEPTEMBER, date(2026, 1, 5))) == [("lapsed", ["Talk"], 56)]


def test_a_universal_provision_is_an_adjustment_in_class_and_an_extra_one_comes_first() -> None:
    both = [provision(), provision("seat", tier="universal")]
    seat = placement(SEPTEMBER, provision_id="seat")
    talk = placement(SEPTEMBER, date(2026, 3, 2))
    assert states(TODAY, seat, talk, provisions=both) == [("in_class", ["Seat"], 0)]
    assert states(date(2026, 3, 2), seat, talk, provisions=both) == [("covered", ["Talk"], 56)]


def test_an_area_stands_for_its_codes_but_never_for_a_sensory_or_physical_need() -> None:
    broad = provision(need_codes=["Communication and Interaction", "sensory and physical"])
    a_school = school(needs=[need("SLCN"), need("VI")], provisions=[broad], placements=[placement(SEPTEMBER)])
    assert sorted(ask("coverage", a_school, "need_code", "state")) == [("SLCN", "covered"), ("VI", "unmet")]
    assert ask("duplications", a_school, "kind") == []


def test_minutes_and_review_of_what_is_in_place() -> None:
    columns = ("weekly_minutes", "overdue_for_review")

    def listed(row: Row, **datasets: list[Row]) -> list:
        return ask("provision_list", school(placements=[row], **datasets), *columns)

    assert listed(placement(TODAY - days(120))) == [(60, False)]
    assert listed(placement(TODAY - days(121), minutes_per_session=10.0)) == [(30, True)]
    assert listed(placement(SEPTEMBER, expected_end_date=TODAY)) == [(60, False)]
    assert listed(placement(SEPTEMBER, expected_end_date=TODAY - days(1))) == [(60, True)]
    review = {"pupil_id": "p1", "provision_id": "talk", "reviewed_on": TODAY - days(120)}
    assert listed(placement(SEPTEMBER), reviews=[review]) == [(60, False)]
    assert listed(placement(SEPTEMBER), reviews=[review | {"pupil_id": None}]) == [(60, True)]
    assert listed(placement(TODAY - days(9), TODAY - days(1))) == []
    assert listed(placement(TODAY), provisions=[provision(sessions_per_week=None)]) == [(None, False)]


def test_a_flag_that_changes_between_imports_closes_one_span_and_opens_another() -> None:
    first = Import(date(2025, 9, 10), {"pupils": [pupil(sen_status="K", fsm=True, eal=None)]})
    second = Import(date(2026, 1, 12), {"pupils": [pupil(sen_status="E", fsm=None, eal=True)]})
    a_school = fold([first, second], REFERENCE)

    def groups(on: date) -> list:
        return [g for g in ("ehc_plan", "sen_support", "fsm", "eal") if answer_groups(a_school, on, g)]

    assert groups(SEPTEMBER - days(1)) == []
    assert groups(SEPTEMBER) == ["sen_support", "fsm", "eal"]
    assert groups(date(2026, 1, 11)) == ["sen_support", "fsm", "eal"]
    assert groups(date(2026, 1, 12)) == ["ehc_plan", "fsm", "eal"]
    since = ask("gaps", a_school, "kind", "since")
    assert since == [("sen_without_need", date(2026, 1, 12))]


def answer_groups(a_school: School, on: date, group: str) -> list[Row]:
    with_flag = {**a_school, "provisions": [provision()], "placements": [placement(SEPTEMBER)]}
    return answer("provision_list", with_flag, on, groups=(group,))


def test_an_undated_need_holds_from_entry_or_from_the_day_it_was_first_seen() -> None:
    first = Import(date(2025, 9, 10), {"pupils": [pupil()], "needs": [need("SLCN", start_date=None)]})
    second = Import(date(2026, 1, 12), {"needs": [need("MLD", start_date=None)]})
    a_school = fold([first, second], REFERENCE)
    assert ask("coverage", a_school, "need_code", "days_in_state", on=date(2026, 1, 11)) == [("SLCN", 132)]
    assert ask("coverage", a_school, "need_code", "days_in_state", on=date(2026, 1, 12)) == [
        ("SLCN", 133), ("MLD", 0)
    ]  # fmt: skip


def test_year_group_and_class_come_from_the_enrolment_of_the_year() -> None:
    last_year = Import(date(2025, 7, 1), {"pupils": [pupil(year_group="4", entry_date=None)]})
    moved = {"pupil_id": "p1", "academic_year": "2025/26", "year_group": "5", "class": "Oak"}
    a_school = school(
        last_year, pupils=[pupil(entry_date=None, **{"class": "Ash"})],
        enrolments=[moved | {"start_date": date(2026, 2, 1)}], placements=[placement(date(2025, 1, 1))],
    )  # fmt: skip

    def listed(on: date) -> list:
        return ask("provision_list", a_school, "year_group", "class", on=on)

    assert listed(date(2025, 8, 31)) == [("4", None)]
    assert listed(date(2026, 1, 31)) == [("5", "Ash")]
    assert listed(date(2026, 2, 1)) == [("5", "Oak")]
    assert listed(date(2026, 9, 1)) == [("5", "Ash")]


def test_below_expected_without_a_recorded_need() -> None:
    on = date(2026, 1, 20)
    found = [("no_recorded_need", "reading", on)]
    columns = ("kind", "subject", "since")
    assert ask("gaps", school(assessments=[assessment("99.5", on)]), *columns) == found
    assert ask("gaps", school(assessments=[assessment("100", on)]), *columns) == []
    both = [assessment("99", on, source="teacher"), assessment("100", on, source="test")]
    assert ask("gaps", school(assessments=both), *columns) == []
    later_absent = [assessment("99", on), assessment("A", on + days(1))]
    assert ask("gaps", school(assessments=later_absent), *columns) == found
    helped = {"provisions": [provision(subject="Reading")], "placements": [placement(SEPTEMBER)]}
    assert ask("gaps", school(assessments=[assessment("99", on)], **helped), *columns) == []
    needed = school(assessments=[assessment("99", on)], needs=[need("reading")])
    assert ask("gaps", needed, "kind", "need_code") == [("unmet", "reading")]
    year_later = on + days(366)
    a_school = school(assessments=[assessment("99", on)])
    assert ask("gaps", a_school, *columns, on=year_later) == found
    assert ask("gaps", a_school, *columns, on=year_later + days(1)) == []
    found = ask("no_data", a_school, "subject", "last_assessed_on", on=year_later + days(1))
    assert found == [(None, on)]


def test_fewer_minutes_than_the_plan_requires() -> None:
    def short(minutes: float, *placements: Row) -> list:
        needs = [need(required_weekly_minutes=minutes)]
        seat = provision("seat", tier="universal")
        a_school = school(needs=needs, placements=list(placements), provisions=[provision(), seat])
        return [row for row in ask("gaps", a_school, "kind", "since") if row[0] == "below_plan"]

    assert short(60, placement(SEPTEMBER)) == []
    assert short(61, placement(SEPTEMBER)) == [("below_plan", date(2026, 1, 5))]
    assert short(61, placement(date(2026, 2, 2))) == [("below_plan", date(2026, 2, 2))]
    assert short(10, placement(SEPTEMBER, provision_id="seat")) == [("below_plan", None)]
    assert short(10) == []


def test_two_spans_overlap_when_they_share_a_day() -> None:
    def found(first_end: date | None) -> list:
        rows = [placement(SEPTEMBER, first_end), placement(TODAY, minutes_per_session=10.0)]
        columns = ("kind", "from_date", "to_date", "weekly_minutes", "is_current")
        return ask("duplications", school(placements=rows, needs=[need()]), *columns)

    assert found(TODAY) == [("same_provision", TODAY, TODAY, 30, True)]
    assert found(TODAY - days(1)) == []
    assert found(None) == [("same_provision", TODAY, None, 30, True)]


def test_two_provisions_for_one_need() -> None:
    def found(**other: Any) -> list:
        rows = [placement(SEPTEMBER), placement(SEPTEMBER, provision_id="chat")]
        provisions = [provision(subject="reading"), provision("chat", **other)]
        a_school = school(placements=rows, needs=[need()], provisions=provisions)
        return ask("duplications", a_school, "kind", "provision_id", "other_provision_id", "need_code")

    assert found() == [("same_need", "chat", "talk", "SLCN")]
    assert found(subject="writing") == []
    assert found(purpose="therapy") == []
    assert found(tier="universal") == []


def test_a_repeat_after_no_gain() -> None:
    def found(**outcome: Any) -> list:
        rows = [placement(SEPTEMBER, date(2025, 12, 19), **outcome), placement(TODAY)]
        columns = ("kind", "provision_id", "other_provision_id", "from_date")
        return ask("duplications", school(placements=rows, needs=[need()]), *columns)

    repeat = [("repeated_without_gain", "talk", "talk", TODAY)]
    assert found() == found(outcome="partly met") == found(entry_value="10", exit_value="9") == []
    assert found(outcome="not met") == repeat
    assert found(measure="reading/points", entry_value="10", exit_value="10") == repeat
    assert found(measure="reading/standardised", entry_value="90", exit_value="90") == []
    assert found(measure="reading/standardised", entry_value="90", exit_value="89") == repeat
    assert found(measure="mood/worries", entry_value="10", exit_value="9") == []


def test_a_provision_for_a_need_that_is_not_there() -> None:
    def found(value: str, **datasets: list[Row]) -> list:
        entry = {"provision_id": "talk", "kind": "entry", "measure": "attendance", "comparator": "<"}
        a_school = school(placements=[placement(SEPTEMBER)], criteria=[entry | {"value": value}], **datasets)
        return ask("duplications", a_school, "kind", "other_provision_id", "from_date", "to_date")

    present = {"pupil_id": "p1", "start_date": SEPTEMBER, "end_date": TODAY, "possible": 10, "attended": 9}
    none_needed = [("no_current_need", None, SEPTEMBER, None)]
    assert found("90") == none_needed
    assert found("90", attendance=[present]) == found("0.9", attendance=[present]) == none_needed
    assert found("90.1", attendance=[present]) == []
    assert found("90.1", attendance=[present | {"end_date": TODAY + days(1)}]) == none_needed
    assert found("90", needs=[need()]) == []


def test_progress_counts_the_latest_score_of_the_term_once() -> None:
    others = [pupil("p1"), pupil("p2", fsm=True), pupil("p3")]
    rows = [
        assessment("90", date(2026, 1, 8)), assessment("104", date(2026, 2, 8)),
        assessment("95", date(2026, 2, 8), pupil_id="p2"), assessment("A", date(2026, 2, 8), pupil_id="p3"),
        assessment("88", date(2025, 12, 1)), assessment("120", TODAY + days(1)),
    ]  # fmt: skip
    columns = ("group_code", "term", "pupils", "assessed", "mean_value")
    judged = ("expected_or_above", "expected_share")
    assert sorted(ask("progress_by_group", school(pupils=others, assessments=rows), *columns, *judged)) == [
        ("all", "autumn", 3, 1, 88, None, None),
        ("all", "spring", 3, 2, 99.5, 1, 0.5),
        ("fsm", "spring", 1, 1, 95, 0, 0),
    ]


def test_impact_counts_pairs_that_are_known_by_the_day() -> None:
    measured = {"measure": "mood/worries", "entry_value": "20", "entry_date": SEPTEMBER}
    rows = [
        placement(SEPTEMBER, **measured, exit_value="12", exit_date=SEPTEMBER + days(60)),
        placement(SEPTEMBER + days(1), **measured, exit_value="18", exit_date=TODAY + days(1)),
        placement(TODAY + days(1), **measured),
    ]
    columns = ("placements", "with_entry_and_exit", "mean_gain", "months_between")
    found = ask("impact_by_provision", school(placements=rows), *columns)
    assert found == [(2, 1, 8, 60 / 30.4375)]
