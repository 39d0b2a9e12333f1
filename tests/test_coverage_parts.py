"""Coverage by its parts and over time, and what stands beside it: by hand, then against the slow version."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Edit, Store, open_store, rows_to_edit, save, take_back
from tests import slow_coverage
from tests.drawn_schools import deciding_trust
from tests.slow_history import fold
from tests.slow_words import Choice
from tests.test_pages import open_app, words_of
from tests.test_properties import BULK, REFERENCE, compared, near_a_boundary, opened, who_is_counted
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, day, tiny_school

STATES = ("covered", "in_class", "planned", "lapsed", "unmet")
NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-08")}
HAS_IT = {"pupil_id": "1", "provision_id": "T", "start_date": day("01-05"), "end_date": day("02-13")}


def school(data: Path, **rows: Any) -> Store:
    return tiny_school(data, **({"provisions": [TALK], "needs": [NEED]} | rows))


class TestOverTime:
    def test_each_month_is_as_it_was(self, data: Path) -> None:
        states = {
            row["on_day"]: next(state for state in STATES if row[state])
            for row in answer(school(data, placements=[HAS_IT]), "coverage_over_time")
            if row["live_needs"]
        }
        assert states[date(2025, 9, 30)] == states[date(2025, 12, 31)] == "planned"
        assert states[date(2026, 1, 31)] == "covered"
        assert states[date(2026, 2, 28)] == states[DAY] == "lapsed"

    def test_the_last_school_day_stands_for_a_month(self, data: Path) -> None:
        term = {"academic_year": "2025/26", "term": "autumn", "start_date": day("2025-09-02"),
                "end_date": day("2025-12-19")}  # fmt: skip
        days = [row["on_day"] for row in answer(school(data, terms=[term]), "coverage_over_time")]
        assert date(2025, 12, 19) in days
        assert date(2025, 12, 31) not in days

    def test_not_before_the_pupil_came(self, data: Path) -> None:
        store = school(data, pupils=[PUPIL | {"entry_date": day("01-12")}])
        live = {row["on_day"]: row["live_needs"] for row in answer(store, "coverage_over_time")}
        assert (live[date(2025, 12, 31)], live[date(2026, 1, 31)]) == (0, 1)

    def test_nobody_has_no_months(self, data: Path) -> None:
        assert answer(school(data, needs=[]), "coverage_over_time") == []


class TestOffer:
    def test_stands_beside_the_state_and_is_no_answer(self, data: Path) -> None:
        (row,) = answer(school(data, provisions=[TALK, CLASS]), "coverage")
        assert (row["state"], row["universal_offer"]) == ("unmet", ["Clear words"])

    @pytest.mark.parametrize(("years", "offer"), [(["5"], ["Clear words"]), (["4"], [])])
    def test_reaches_its_years(self, data: Path, years: list[str], offer: list[str]) -> None:
        (row,) = answer(school(data, provisions=[CLASS | {"year_groups": years}]), "coverage")
        assert row["universal_offer"] == offer

    @pytest.mark.parametrize(("last", "kinds"), [("03-03", ["taken_out"]), ("03-02", [])])
    def test_is_missed_by_who_is_taken_out(self, data: Path, last: str, kinds: list[str]) -> None:
        placed = HAS_IT | {"subject_missed": "Art", "end_date": day(last)}
        rows = answer(school(data, placements=[placed]), "offer_not_reached")
        assert [row["kind"] for row in rows] == kinds
        assert [row["subject"] for row in rows] == ["art"] * len(kinds)

    @pytest.mark.parametrize(("sessions", "kinds"), [(4.0, ["part_time"]), (0.0, []), (None, [])])
    def test_is_missed_part_time(self, data: Path, sessions: float | None, kinds: list[str]) -> None:
        span = {"pupil_id": "1", "possible": 10.0, "attended": 6.0}
        before = span | {"start_date": day("01-05"), "end_date": day("02-13"), "agreed_part_time": 9.0}
        now = span | {"start_date": day("02-23"), "end_date": day("03-27"), "agreed_part_time": sessions}
        rows = answer(school(data, attendance=[before, now]), "offer_not_reached")
        assert [row["kind"] for row in rows] == kinds

    @pytest.mark.parametrize(("last", "kinds"), [("2025-08-31", []), ("2025-09-01", ["part_time"])])
    def test_part_time_of_an_earlier_year_is_over(self, data: Path, last: str, kinds: list[str]) -> None:
        span = {"pupil_id": "1", "possible": 10.0, "attended": 6.0, "agreed_part_time": 4.0}
        dates = {"start_date": day("2025-06-02"), "end_date": day(last)}
        rows = answer(school(data, attendance=[span | dates]), "offer_not_reached")
        assert [row["kind"] for row in rows] == kinds

    def test_is_missed_by_who_is_elsewhere(self, data: Path) -> None:
        away = [TALK | {"delivery": "beyond school"}]
        store = school(data, provisions=away, placements=[HAS_IT | {"end_date": None}])
        (row,) = answer(store, "offer_not_reached")
        assert (row["kind"], row["provisions"]) == ("off_site", ["Talk"])


class TestPlans:
    PLAN = NEED | {"required_by": "ehcp", "required_weekly_minutes": 60.0}
    NOW = HAS_IT | {"end_date": None, "minutes_per_session": 20.0, "sessions_per_week": 2.0}

    def hours(self, data: Path, **rows: Any) -> tuple[Any, ...]:
        store = school(data, **({"needs": [self.PLAN], "placements": [self.NOW]} | rows))
        (row,) = answer(store, "plan_hours")
        return row["specified"], row["timetabled"], row["delivered"]

    def test_not_known(self, data: Path) -> None:
        assert self.hours(data) == (60, 40, None)

    def test_by_sessions_planned_and_attended(self, data: Path) -> None:
        some = self.NOW | {"sessions_planned": 20.0, "sessions_attended": 15.0}
        assert self.hours(data, placements=[some]) == (60, 40, 30)

    def test_by_the_record_of_four_school_weeks(self, data: Path) -> None:
        """Five weeks with sessions, none in the holiday of 16 February: the first counts no more."""
        mondays = ["01-26", "02-02", "02-09", "02-23"]
        held = [{"pupil_id": "1", "provision_id": "T", "held_on": day(on), "minutes": 20.0} for on in mondays]
        sessions = [one | {"status": "attended"} for one in held]
        sessions += [held[3] | {"held_on": day("02-25"), "status": "absent"}]
        sessions += [held[0] | {"held_on": day("01-20"), "status": "attended", "minutes": 300.0}]
        sessions += [held[0] | {"held_on": day("03-02"), "status": "attended", "minutes": 300.0}]
        assert self.hours(data, sessions=sessions) == (60, 40, 20)

    def test_a_session_counts_once_where_the_time_is_written_down_twice(self, data: Path) -> None:
        twice = [self.NOW | {"placement_id": one} for one in "ab"]
        session = {"pupil_id": "1", "provision_id": "T", "minutes": 20.0, "status": "attended"}
        sessions = [session | {"held_on": day(on)} for on in ("02-02", "02-09")]
        assert self.hours(data, placements=twice, sessions=sessions) == (60, 80, 20)
        assert self.hours(data, placements=[*twice, self.NOW | {"start_date": day("02-09")}]) == (60, 120, 20)

    def test_nothing_in_place_is_nothing(self, data: Path) -> None:
        assert self.hours(data, placements=[]) == (60, 0, 0)


class TestWholeClassOnly:
    """Met for the whole class and in no other way: no gap by itself, and still to be seen."""

    OFFER = CLASS | {"delivery": "whole class"}
    GROUP = TALK | {"delivery": "group"}
    HERE = HAS_IT | {"end_date": None}

    @pytest.mark.parametrize(
        ("placed", "provisions", "met"),
        [
            ([], [], "nothing"), ([], [OFFER], "whole_class"),
            ([HERE], [OFFER, GROUP], "beyond"), ([HERE], [GROUP], "beyond"),
            ([HERE], [OFFER, TALK], "beyond"),
            ([HERE | {"end_date": day("03-02")}], [OFFER, GROUP], "whole_class"),
            ([HERE | {"provision_id": "C"}], [OFFER], "whole_class"),
        ],
    )  # fmt: skip
    def test_by_what_is_in_place(
        self, data: Path, placed: list[Any], provisions: list[Any], met: str
    ) -> None:
        store = tiny_school(data, needs=[NEED], provisions=provisions or [TALK], placements=placed)
        assert [row["met"] for row in answer(store, "need_responses")] == [met]
        rows = answer(store, "response_matrix")
        assert {row["whole_class_only"] for row in rows} == {int(met == "whole_class")}

    def test_the_page_says_how_many_and_lists_them(self, sample: Store) -> None:
        app = open_app("responses", responses_part="Nothing beyond whole class")
        needs = ask("need_responses", Filter(as_at=sample.today), sample)
        only = needs.filter(met="whole_class").height
        assert only > 0
        assert len(app.dataframe[0].value) == only + needs.filter(met="nothing").height
        app.button_group(key="met").set_value(["whole_class"]).run()
        assert len(app.dataframe[0].value) == only
        assert f"**{only}** of {needs.height} live needs" in words_of(open_app("responses"))


class TestBarriers:
    BARRED = NEED | {"barrier": "New words"}

    def gone(self, store: Store, on: date) -> None:
        key = {"school_id": "school", "pupil_id": "1", "need_code": "SLCN"}
        now = key | {
            "barrier": "New words",
            "removed_on": on,
            "removed_by": "Pictures",
            "is_taken_back": False,
        }
        save(store, "Ms Oak", [Edit("barriers_removed", now)])

    def lines(self, data: Path) -> list[str]:
        rows = answer(open_store(data), "response_matrix")
        return [row["name"] for row in rows if row["row_kind"] == "barrier"]

    def test_empty_cells_are_counted(self, data: Path) -> None:
        store = school(data, needs=[self.BARRED])
        rows = {row["row_kind"]: row for row in answer(store, "response_matrix")}
        assert {rows[kind]["without"] for kind in ("area", "need", "barrier")} == {1}

    @pytest.mark.parametrize(("on", "left"), [("03-03", []), ("03-04", ["New words"])])
    def test_closed_with_what_removed_it(self, data: Path, on: str, left: list[str]) -> None:
        self.gone(school(data, needs=[self.BARRED]), day(on))
        assert self.lines(data) == left
        (row,) = answer(open_store(data), "need_responses")
        assert row["barrier_removed_by"] == (None if left else "Pictures")

    def test_stands_in_the_pupils_needs(self, data: Path) -> None:
        self.gone(school(data, needs=[self.BARRED]), DAY)
        who = {"school_id": "school", "pupil_id": "1"}
        (row,) = ask("pupil_needs", Filter(as_at=DAY), open_store(data), **who).to_dicts()
        assert (row["barrier_removed_on"], row["barrier_removed_by"]) == (DAY, "Pictures")

    def test_is_closed_and_taken_back_in_the_app(self, data: Path) -> None:
        school(data, needs=[self.BARRED])
        app = open_app("responses", matrix_rows="Barriers", as_at="2026-03-03")
        assert not app.exception
        app = open_app("pupil", as_at="2026-03-03")
        app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
        app.text_input(key="removed_by").set_value("Pictures")
        app.text_input(key="writer_close_barrier").set_value("Ms Oak")
        next(button for button in app.button if button.label == "The barrier has gone").click().run()
        assert not app.exception
        assert self.lines(data) == []
        app.button(key="take_back_barrier_0").click().run()
        assert self.lines(data) == ["New words"]

    def test_another_barrier_of_the_need_can_go_too(self, data: Path) -> None:
        twice = [self.BARRED, self.BARRED | {"start_date": day("2025-10-01"), "barrier": "Noise"}]
        store = school(data, needs=twice)
        self.gone(store, DAY)
        key = {"school_id": "school", "pupil_id": "1", "need_code": "SLCN", "barrier": "Noise"}
        now = key | {"removed_on": DAY, "removed_by": "Screens", "is_taken_back": False}
        save(open_store(data), "Ms Oak", [Edit("barriers_removed", now)])
        assert self.lines(data) == []

    def test_it_stays_gone_when_the_first_day_of_the_need_is_corrected(self, data: Path) -> None:
        self.gone(school(data, needs=[self.BARRED]), DAY)
        row = rows_to_edit(open_store(data), "needs").row(0, named=True)
        now = {"start_date": day("2025-09-08")}
        save(open_store(data), "Ms Oak", [Edit("needs", now, row["row_key"], row["row_version"])])
        assert self.lines(data) == []

    def test_a_need_that_began_after_it_went_has_it_anew(self, data: Path) -> None:
        self.gone(school(data, needs=[self.BARRED | {"start_date": day("03-03")}]), day("03-02"))
        assert self.lines(data) == ["New words"]

    def test_taken_back(self, data: Path) -> None:
        self.gone(school(data, needs=[self.BARRED]), DAY)
        store = open_store(data)
        row = rows_to_edit(store, "barriers_removed").row(0, named=True)
        take_back(store, "Ms Oak", "barriers_removed", row["row_key"], row["row_version"])
        assert self.lines(data) == ["New words"]


def test_aimed_at_is_information(data: Path) -> None:
    talk = TALK | {"group_codes": ["FSM"], "year_groups": ["5"]}
    pupils = [PUPIL | {"pupil_id": number, "fsm": number != "3"} for number in "1234"]
    pupils[3]["year_group"] = "4"
    placed = [HAS_IT | {"pupil_id": number, "end_date": None} for number in "13"]
    store = school(data, pupils=pupils, provisions=[talk], needs=[], placements=placed)
    (row,) = answer(store, "aimed_at")
    assert (row["aimed_at"], row["have_it"], row["others"]) == (2, 1, 1)
    assert len(answer(store, "aimed_at_pupils")) == 2
    assert answer(store, "gaps") == []


COLUMNS = {
    "coverage_over_time": f"on_day live_needs {' '.join(STATES)} answered_share pupils",
    "need_responses": "school_id pupil_id need_code barrier is_without met whole_class guided_group in_group"
    " individually beyond_school unsaid",
    "response_matrix": "row_kind row_key live_needs whole_class guided_group in_group individually"
    " beyond_school unsaid whole_class_only without pupils",
    "offer_not_reached": "school_id pupil_id kind subject provisions weekly_minutes since",
    "plan_hours": "school_id pupil_id need_code specified timetabled delivered",
    "aimed_at": "school_id provision_id aimed_at have_it others",
}
BY = f"by_key school_id live_needs {' '.join(STATES)} answered_share pupils"


@pytest.mark.parametrize("seed", range(BULK))
def test_agrees_with_its_slow_version(seed: int) -> None:
    choose = random.Random(200 + seed).choice
    imports = deciding_trust(choose, [f"{100001 + number}" for number in range(10)])
    whole = fold(imports, REFERENCE)
    seen = dict.fromkeys(COLUMNS, 0)
    with opened(imports) as store:
        for chosen in ({}, {}, who_is_counted(choose), who_is_counted(choose)):
            on = near_a_boundary(choose)
            filter, choice = Filter(as_at=on, **chosen), Choice(**chosen)
            for question, columns in COLUMNS.items():
                rows = ask(question, filter, store).to_dicts()
                slow = getattr(slow_coverage, question)(whole, on, choice)
                assert compared(rows, columns) == compared(slow, columns), (question, on, chosen)
                seen[question] += len(rows)
            for by in ("year_group", "class", "group", "key_stage"):
                rows = ask("coverage_by", filter, store, by=by).to_dicts()
                slow = slow_coverage.coverage_by(whole, on, choice, by)
                assert compared(rows, BY) == compared(slow, BY), (by, on, chosen)
                assert all(row["live_needs"] == sum(row[state] for state in STATES) for row in rows)
    assert all(seen.values())


def test_years_classes_and_stages_add_up_and_the_last_month_is_today() -> None:
    choose = random.Random(5).choice
    with opened(deciding_trust(choose, ["100001", "100002"])) as store:
        today = Filter(as_at=DAY)
        needs = ask("coverage", today, store)
        for by in ("year_group", "class", "key_stage"):
            rows = ask("coverage_by", today, store, by=by)
            all_row, parts = rows.filter(rows["is_all"]), rows.filter(~rows["is_all"])
            for column in ("live_needs", *STATES, "pupils"):
                assert parts[column].sum() == all_row[column].sum()
            assert all_row["live_needs"].item() == needs.height
        last = ask("coverage_over_time", today, store).row(-1, named=True)
        assert {s: last[s] for s in STATES} == {s: needs.filter(needs["state"] == s).height for s in STATES}


class TestNoGaps:
    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ({"needs": []}, "no needs are recorded for these pupils"),
            ({"placements": [HAS_IT | {"end_date": None}]}, "among 1 live need, of which 1 has provision"),
        ],
    )
    def test_says_among_how_many_needs(self, data: Path, rows: Any, said: str) -> None:
        school(data, **rows)
        app = open_app("gaps", part="Gaps", as_at="2026-03-03")
        assert not app.dataframe
        assert said in app.info[0].value
        assert "See how each need is answered" in [one.proto.label for one in app.get("page_link")]
