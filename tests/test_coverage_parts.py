"""Coverage by its parts and over time, and what stands beside it: by hand, then against the slow version."""

import random
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store
from provmap.ui.responses import not_beyond
from provmap.words import MET as MET_BY
from tests import slow_coverage
from tests.drawn_schools import deciding_trust
from tests.slow_history import fold
from tests.slow_words import Choice
from tests.test_pages import open_app, words_of
from tests.test_properties import BULK, REFERENCE, compared, near_a_boundary, opened, who_is_counted
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, day, tiny_school, tiny_schools

STATES = ("covered", "in_class", "planned", "lapsed", "unmet")
NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-08")}
HAS_IT = {"pupil_id": "1", "provision_id": "T", "start_date": day("01-05"), "end_date": day("02-13")}


Rows = dict[str, list[dict[str, Any]]]


def school(data: Path, **rows: Any) -> Store:
    return tiny_school(data, **case(**rows))


def case(**rows: Any) -> Rows:
    return {"provisions": [TALK], "needs": [NEED]} | rows


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The cases worked out by hand, each a school of one store."""
    cases = OVER_TIME | OFFER | PLANS | MET
    assert len(cases) == len(OVER_TIME) + len(OFFER) + len(PLANS) + len(MET)
    return tiny_schools(tmp_path_factory.mktemp("schools"), cases)


OVER_TIME = {
    "talk until half term": case(placements=[HAS_IT]),
    "an autumn term": case(
        terms=[{"academic_year": "2025/26", "term": "autumn", "start_date": day("2025-09-02"),
                "end_date": day("2025-12-19")}]
    ),
    "an autumn term until 14 December": case(
        terms=[{"academic_year": "2025/26", "term": "autumn", "start_date": day("2025-09-02"),
                "end_date": day("2025-12-14")}]
    ),
    "came in January": case(pupils=[PUPIL | {"entry_date": day("01-12")}]),
    "no need": case(needs=[]),
}  # fmt: skip


class TestOverTime:
    def months(self, schools: Store, case: str) -> list[dict[str, Any]]:
        return answer(schools, "coverage_over_time", schools=[case])

    def test_each_month_is_as_it_was(self, schools: Store) -> None:
        states = {
            row["on_day"]: next(state for state in STATES if row[state])
            for row in self.months(schools, "talk until half term")
            if row["live_needs"]
        }
        assert states[date(2025, 9, 30)] == states[date(2025, 12, 17)] == "planned"
        assert states[date(2026, 1, 31)] == "covered"
        assert states[date(2026, 2, 28)] == states[DAY] == "lapsed"

    def test_a_month_in_which_a_term_ends_is_judged_two_weeks_before(self, schools: Store) -> None:
        days = [row["on_day"] for row in self.months(schools, "an autumn term")]
        assert date(2025, 11, 30) in days
        assert date(2025, 12, 5) in days
        assert not [one for one in days if date(2025, 12, 5) < one < date(2026, 1, 31)]

    def test_a_term_that_ends_early_in_a_month_leaves_that_month_out(self, schools: Store) -> None:
        days = [row["on_day"] for row in self.months(schools, "an autumn term until 14 December")]
        assert date(2025, 11, 30) in days
        assert not [one for one in days if one.year == 2025 and one.month == 12]

    def test_what_began_more_than_a_term_later_is_told_apart(self, schools: Store) -> None:
        late = {row["on_day"]: (row["planned"], row["planned_long_after"])
                for row in self.months(schools, "talk until half term")}  # fmt: skip
        # Talk began on 5 January: 84 days after 13 October.
        assert late[date(2025, 9, 30)] == (1, 1)
        assert late[date(2025, 10, 31)] == (1, 0)

    def test_not_before_the_pupil_came(self, schools: Store) -> None:
        live = {row["on_day"]: row["live_needs"] for row in self.months(schools, "came in January")}
        assert (live[date(2025, 12, 17)], live[date(2026, 1, 31)]) == (0, 1)

    def test_nobody_has_no_months(self, schools: Store) -> None:
        assert self.months(schools, "no need") == []


def taken_out(last: str) -> Rows:
    return case(placements=[HAS_IT | {"subject_missed": "Art", "end_date": day(last)}])


def part_time(sessions: float | None) -> Rows:
    span = {"pupil_id": "1", "possible": 10.0, "attended": 6.0}
    before = span | {"start_date": day("01-05"), "end_date": day("02-13"), "agreed_part_time": 9.0}
    now = span | {"start_date": day("02-23"), "end_date": day("03-27"), "agreed_part_time": sessions}
    return case(attendance=[before, now])


def part_time_until(last: str) -> Rows:
    span = {"pupil_id": "1", "possible": 10.0, "attended": 6.0, "agreed_part_time": 4.0}
    return case(attendance=[span | {"start_date": day("2025-06-02"), "end_date": day(last)}])


OFFER = {
    "talk and clear words": case(provisions=[TALK, CLASS]),
    "clear words for Year 5": case(provisions=[CLASS | {"year_groups": ["5"]}]),
    "clear words for Year 4": case(provisions=[CLASS | {"year_groups": ["4"]}]),
    "taken out until 03-03": taken_out("03-03"),
    "taken out until 03-02": taken_out("03-02"),
    "4.0 part-time": part_time(4.0),
    "0.0 part-time": part_time(0.0),
    "None part-time": part_time(None),
    "part-time until 2025-08-31": part_time_until("2025-08-31"),
    "part-time until 2025-09-01": part_time_until("2025-09-01"),
    "elsewhere": case(
        provisions=[TALK | {"delivery": "beyond school"}], placements=[HAS_IT | {"end_date": None}]
    ),
}


class TestOffer:
    def missed(self, schools: Store, case: str) -> list[dict[str, Any]]:
        return answer(schools, "offer_not_reached", schools=[case])

    def test_stands_beside_the_state_and_is_no_answer(self, schools: Store) -> None:
        (row,) = answer(schools, "coverage", schools=["talk and clear words"])
        assert (row["state"], row["universal_offer"]) == ("unmet", ["Clear words"])

    @pytest.mark.parametrize(("year", "offer"), [("5", ["Clear words"]), ("4", [])])
    def test_reaches_its_years(self, schools: Store, year: str, offer: list[str]) -> None:
        (row,) = answer(schools, "coverage", schools=[f"clear words for Year {year}"])
        assert row["universal_offer"] == offer

    @pytest.mark.parametrize(("last", "kinds"), [("03-03", ["taken_out"]), ("03-02", [])])
    def test_is_missed_by_who_is_taken_out(self, schools: Store, last: str, kinds: list[str]) -> None:
        rows = self.missed(schools, f"taken out until {last}")
        assert [row["kind"] for row in rows] == kinds
        assert [row["subject"] for row in rows] == ["art"] * len(kinds)

    @pytest.mark.parametrize(("sessions", "kinds"), [(4.0, ["part_time"]), (0.0, []), (None, [])])
    def test_is_missed_part_time(self, schools: Store, sessions: float | None, kinds: list[str]) -> None:
        rows = self.missed(schools, f"{sessions} part-time")
        assert [row["kind"] for row in rows] == kinds

    @pytest.mark.parametrize(("last", "kinds"), [("2025-08-31", []), ("2025-09-01", ["part_time"])])
    def test_part_time_of_an_earlier_year_is_over(self, schools: Store, last: str, kinds: list[str]) -> None:
        rows = self.missed(schools, f"part-time until {last}")
        assert [row["kind"] for row in rows] == kinds

    def test_is_missed_by_who_is_elsewhere(self, schools: Store) -> None:
        (row,) = self.missed(schools, "elsewhere")
        assert (row["kind"], row["provisions"]) == ("off_site", ["Talk"])


NOW = HAS_IT | {"end_date": None, "minutes_per_session": 20.0, "sessions_per_week": 2.0}
TWICE = [NOW | {"placement_id": one} for one in "ab"]


def plan(*placements: dict[str, Any], **rows: Any) -> Rows:
    """A plan that names an hour a week, and Talk as it is timetabled for it."""
    hour = NEED | {"required_by": "ehcp", "required_weekly_minutes": 60.0}
    return case(needs=[hour], placements=list(placements), **rows)


def session(on: str, status: str = "attended", minutes: float = 20.0) -> dict[str, Any]:
    held = {"pupil_id": "1", "provision_id": "T", "held_on": day(on)}
    return held | {"status": status, "minutes": minutes}


PLANS = {
    "nothing on record": plan(NOW),
    "15 of 20 sessions": plan(NOW | {"sessions_planned": 20.0, "sessions_attended": 15.0}),
    # Five weeks with sessions, none in the holiday of 16 February: the first counts no more.
    "four school weeks": plan(
        NOW,
        sessions=[
            *[session(on) for on in ("01-26", "02-02", "02-09", "02-23")],
            session("02-25", "absent"),
            session("01-20", minutes=300.0),
            session("03-02", minutes=300.0),
        ],
    ),
    "written down twice": plan(*TWICE, sessions=[session("02-02"), session("02-09")]),
    "written down twice and begun again": plan(*TWICE, NOW | {"start_date": day("02-09")},
                                               sessions=[session("02-02"), session("02-09")]),
    "nothing in place": plan(),
}  # fmt: skip


class TestPlans:
    def hours(self, schools: Store, case: str) -> tuple[Any, ...]:
        (row,) = answer(schools, "plan_hours", schools=[case])
        return row["specified"], row["timetabled"], row["delivered"]

    def test_not_known(self, schools: Store) -> None:
        assert self.hours(schools, "nothing on record") == (60, 40, None)

    def test_by_sessions_planned_and_attended(self, schools: Store) -> None:
        assert self.hours(schools, "15 of 20 sessions") == (60, 40, 30)

    def test_by_the_record_of_four_school_weeks(self, schools: Store) -> None:
        assert self.hours(schools, "four school weeks") == (60, 40, 20)

    def test_a_session_counts_once_where_the_time_is_written_down_twice(self, schools: Store) -> None:
        assert self.hours(schools, "written down twice") == (60, 80, 20)
        assert self.hours(schools, "written down twice and begun again") == (60, 120, 20)

    def test_nothing_in_place_is_nothing(self, schools: Store) -> None:
        assert self.hours(schools, "nothing in place") == (60, 0, 0)

    @pytest.mark.parametrize(
        ("case", "found_in"),
        [
            ("nothing on record", None), ("15 of 20 sessions", "attended"), ("four school weeks", "sessions"),
            ("nothing in place", "nothing"),
        ],
    )  # fmt: skip
    def test_what_is_delivered_says_where_it_is_from(
        self, schools: Store, case: str, found_in: str | None
    ) -> None:
        (row,) = answer(schools, "plan_hours", schools=[case])
        assert row["delivered_from"] == found_in


WHOLE = CLASS | {"delivery": "whole class"}
GROUP = TALK | {"delivery": "group"}
HERE = HAS_IT | {"end_date": None}
MET = {
    "nothing": case(),
    "the whole class": case(provisions=[WHOLE]),
    "and a group": case(provisions=[WHOLE, GROUP], placements=[HERE]),
    "a group": case(provisions=[GROUP], placements=[HERE]),
    "and in a way that is not said": case(provisions=[WHOLE, TALK], placements=[HERE]),
    "and a group until 03-02": case(
        provisions=[WHOLE, GROUP], placements=[HERE | {"end_date": day("03-02")}]
    ),
    "the whole class, written down": case(provisions=[WHOLE], placements=[HERE | {"provision_id": "C"}]),
}


class TestWholeClassOnly:
    """Met for the whole class and in no other way: no gap by itself, and still to be seen."""

    @pytest.mark.parametrize(
        ("case", "met"),
        [
            ("nothing", "nothing"), ("the whole class", "whole_class"),
            ("and a group", "beyond"), ("a group", "beyond"), ("and in a way that is not said", "beyond"),
            ("and a group until 03-02", "whole_class"), ("the whole class, written down", "whole_class"),
        ],
    )  # fmt: skip
    def test_by_what_is_in_place(self, schools: Store, case: str, met: str) -> None:
        assert [row["met"] for row in answer(schools, "need_responses", schools=[case])] == [met]
        rows = answer(schools, "response_matrix", schools=[case])
        assert {row["whole_class_only"] for row in rows} == {int(met == "whole_class")}

    def test_the_page_says_how_many_and_lists_them(self, sample: Store) -> None:
        needs = ask("need_responses", Filter(as_at=sample.today), sample)
        kinds = not_beyond(needs)
        many = {kind: kinds.filter(met_by=kind).height for kind in MET_BY}
        # Who is adjusted for in class is no longer among those for whom nobody did anything.
        assert many["adjusted"] == needs.filter(met="whole_class", state="in_class").height > 0
        page = open_app("responses")
        assert f"Of {needs.height} live needs, **{many['offer']}** get only what everybody" in words_of(page)
        links = {link.proto.label: parse_qs(link.proto.query_string) for link in page.get("page_link")}
        for kind, words in MET_BY.items():
            asked = {name: found[0] for name, found in links[f"See {words} ({many[kind]})"].items()}
            opened = open_app("responses", **asked)
            assert len(opened.dataframe[0].value) == many[kind], kind

    def test_the_page_says_why_coverage_has_another_number(self, sample: Store) -> None:
        needs = ask("need_responses", Filter(as_at=sample.today), sample)
        unmet = ask("coverage", Filter(as_at=sample.today), sample).filter(state="unmet").height
        said = words_of(open_app("responses", responses_part="Nothing beyond whole class"))
        offered = needs.filter(state="unmet", met="whole_class").height
        assert f"on Coverage is {unmet}" in said
        assert f"Of these, {offered} get what everybody gets, and {unmet - offered} nothing at all" in said

    def test_gaps_lead_to_hours_delivered_for_less(self, sample: Store) -> None:
        short = ask("plan_hours", Filter(as_at=sample.today), sample).filter(kept="short").height
        links = [one.proto for one in open_app("gaps", part="Gaps").get("page_link")]
        (led,) = [one for one in links if "hours delivered for less" in one.label]
        assert led.label.endswith(f"({short})")
        asked = {name: found[0] for name, found in parse_qs(led.query_string).items()}
        assert len(open_app("responses", **asked).dataframe[0].value) == short

    def test_hours_say_how_many_rest_on_a_register(self, sample: Store) -> None:
        rows = ask("plan_hours", Filter(as_at=sample.today), sample)
        short = rows.filter(pl.col("delivered") < pl.col("specified"))
        said = words_of(open_app("responses", responses_part="Hours of plans"))
        assert f"**{short.height}** are recorded as delivered for less" in said
        assert f"In {short.filter(delivered_from='sessions').height} of these the record of sessions" in said


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
    "coverage_over_time": f"on_day live_needs {' '.join(STATES)} answered_share pupils planned_long_after",
    "need_responses": "school_id pupil_id need_code barrier is_without met whole_class guided_group in_group"
    " individually beyond_school unsaid",
    "response_matrix": "row_kind row_key live_needs whole_class guided_group in_group individually"
    " beyond_school unsaid whole_class_only without pupils adjusted_only",
    "offer_not_reached": "school_id pupil_id kind subject provisions weekly_minutes since",
    "plan_hours": "school_id pupil_id need_code specified timetabled delivered delivered_from kept",
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


LINK = "See how each need is answered"


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
        assert said in app.info[0].value
        # And what each need has: who asks what is missing asks that next.
        lists = [list(shown.value["provisions"]) for shown in app.dataframe]
        assert lists == ([["Talk"]] if "placements" in rows else [])
        # The way to what stands here already would lead nowhere.
        assert LINK not in [one.proto.label for one in app.get("page_link")]

    def test_of_one_kind_alone_leads_to_how_each_need_is_answered(self, data: Path) -> None:
        school(data)
        app = open_app("gaps", part="Gaps", as_at="2026-03-03", gap="fewer minutes than the plan")
        assert LINK in [one.proto.label for one in app.get("page_link")]
