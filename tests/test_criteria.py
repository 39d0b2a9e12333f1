"""Who qualifies: cases worked out by hand, then every drawn school against the slow version."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store
from tests.drawn_schools import deciding_trust
from tests.slow_criteria import criteria_status, provision_criteria
from tests.slow_history import fold
from tests.slow_words import Choice
from tests.test_properties import (
    BULK,
    DAYS,
    REFERENCE,
    compared,
    near_a_boundary,
    opened,
    who_is_counted,
)
from tests.tiny import DAY, PUPIL, answer, day, tiny_school

TALK = {
    "provision_id": "T", "name": "Talk", "tier": "targeted", "delivery": "group", "group_size": 4,
    "year_groups": ["5"], "start_date": day("01-05"), "end_date": day("03-31"), "lead": "Mr Fir",
    "monitoring": "half-termly", "quantitative_measure": "reading/age", "qualitative_measure": "pupil voice",
}  # fmt: skip
LOW = {
    "provision_id": "T",
    "kind": "entry",
    "measure": "reading/standardised",
    "comparator": "<",
    "value": "85",
}
READY = LOW | {"kind": "exit", "comparator": ">=", "value": "95"}
NEEDED = LOW | {"measure": "need", "comparator": "=", "value": "SLCN"}
HAS_IT = {"pupil_id": "1", "provision_id": "T", "start_date": day("02-02")}


def scored(value: str, on: str, **columns: Any) -> dict[str, Any]:
    row = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "assessed_on": day(on)}
    return row | {"value": value} | columns


def school(data: Path, **rows: Any) -> Store:
    return tiny_school(data, **({"provisions": [TALK], "criteria": [LOW]} | rows))


def kinds(store: Store, on: date = DAY, **choices: Any) -> list[str]:
    return sorted(row["kind"] for row in answer(store, "criteria_status", on, **choices))


class TestWaits:
    def test_says_the_criteria_and_the_pupils_own_values(self, data: Path) -> None:
        needs = [{"pupil_id": "1", "need_code": "slcn", "start_date": day("02-20")}]
        store = school(data, criteria=[LOW, NEEDED], assessments=[scored("84", "02-10")], needs=needs)
        (row,) = answer(store, "criteria_status")
        assert (row["kind"], row["provision"], row["since"]) == ("waits", "Talk", day("02-20"))
        assert row["criteria"] == [
            "need: Speech, language and communication needs", "reading standardised score below 85"
        ]  # fmt: skip
        assert row["values"] == ["recorded since 20 Feb 2026", "84 on 10 Feb 2026"]

    @pytest.mark.parametrize(("value", "found"), [("84", ["waits"]), ("85", []), ("86", [])])
    def test_around_the_mark(self, data: Path, value: str, found: list[str]) -> None:
        assert kinds(school(data, assessments=[scored(value, "02-10")])) == found

    def test_one_criterion_that_fails_is_enough(self, data: Path) -> None:
        assert kinds(school(data, criteria=[LOW, NEEDED], assessments=[scored("84", "02-10")])) == []

    @pytest.mark.parametrize(
        ("on", "found"),
        [("2026-01-04", []), ("2026-01-05", ["waits"]), ("2026-03-31", ["waits"]), ("2026-04-01", [])],
    )
    def test_while_the_provision_runs(self, data: Path, on: str, found: list[str]) -> None:
        store = school(data, assessments=[scored("84", "2025-12-10")])
        assert kinds(store, day(on)) == found

    def test_a_provision_is_for_its_years(self, data: Path) -> None:
        younger = PUPIL | {"year_group": "4"}
        rows = {"pupils": [younger], "assessments": [scored("84", "02-10")]}
        assert kinds(school(data, **rows)) == []

    def test_no_years_are_all_years(self, data: Path) -> None:
        rows = {"provisions": [TALK | {"year_groups": []}], "assessments": [scored("84", "02-10")]}
        assert kinds(school(data, **rows)) == ["waits"]

    @pytest.mark.parametrize(
        ("start", "end", "found"),
        [("02-02", None, []), ("03-03", None, []), ("03-04", None, ["waits"]), ("02-02", "03-03", []),
         ("02-02", "03-02", ["waits"])],
    )  # fmt: skip
    def test_only_without_it(self, data: Path, start: str, end: str | None, found: list[str]) -> None:
        placed = HAS_IT | {"start_date": day(start), "end_date": end and day(end)}
        scores = [scored("84", "2025-12-10")]
        assert kinds(school(data, assessments=scores, placements=[placed])) == found

    @pytest.mark.parametrize(("on", "found"), [("2025-03-02", "waits"), ("2025-03-01", "cannot_judge")])
    def test_a_result_speaks_for_366_days(self, data: Path, on: str, found: str) -> None:
        assert kinds(school(data, assessments=[scored("84", on)])) == [found]


class TestCannotJudge:
    def test_no_result_is_neither_yes_nor_no(self, data: Path) -> None:
        (row,) = answer(school(data), "criteria_status")
        assert (row["kind"], row["values"], row["since"]) == ("cannot_judge", ["not known"], None)

    def test_absent_is_no_result(self, data: Path) -> None:
        assert kinds(school(data, assessments=[scored("A", "02-10")])) == ["cannot_judge"]

    def test_what_fails_for_certain_needs_no_more(self, data: Path) -> None:
        assert kinds(school(data, criteria=[LOW, NEEDED])) == []

    def test_a_value_nobody_can_read(self, data: Path) -> None:
        store = school(data, criteria=[LOW | {"value": "low"}], assessments=[scored("84", "02-10")])
        assert kinds(store) == ["cannot_judge"]

    def test_nothing_possible_is_no_attendance(self, data: Path) -> None:
        span = {"pupil_id": "1", "start_date": day("01-05"), "end_date": day("02-13"), "attended": 0.0}
        rule = LOW | {"measure": "attendance", "value": "0.9"}
        assert kinds(school(data, criteria=[rule], attendance=[span | {"possible": 0.0}])) == ["cannot_judge"]

    def test_attendance_in_words(self, data: Path) -> None:
        span = {"pupil_id": "1", "start_date": day("01-05"), "end_date": day("02-13"), "attended": 80.0}
        rule = LOW | {"measure": "attendance", "value": "0.9"}
        (row,) = answer(
            school(data, criteria=[rule], attendance=[span | {"possible": 100.0}]), "criteria_status"
        )
        assert (row["criteria"], row["values"]) == (["attendance below 90%"], ["80.0%"])


class TestAttendsWithout:
    def test_as_at_the_start_and_not_since(self, data: Path) -> None:
        scores = [scored("90", "01-20"), scored("80", "02-10")]
        (row,) = answer(school(data, assessments=scores, placements=[HAS_IT]), "criteria_status")
        assert (row["kind"], row["since"]) == ("attends_without", day("02-02"))
        assert row["values"] == ["90 on 20 Jan 2026"]

    def test_the_score_recorded_with_it_counts_first(self, data: Path) -> None:
        own = HAS_IT | {"measure": "Reading/standardised", "entry_value": "84"}
        store = school(data, assessments=[scored("90", "01-20")], placements=[own])
        assert kinds(store) == []

    def test_a_score_of_another_measure_does_not(self, data: Path) -> None:
        own = HAS_IT | {"measure": "reading/age", "entry_value": "84"}
        store = school(data, assessments=[scored("90", "01-20")], placements=[own])
        assert kinds(store) == ["attends_without"]

    def test_on_the_day_of_the_start(self, data: Path) -> None:
        rows = {"placements": [HAS_IT]}
        assert kinds(school(data, assessments=[scored("90", "02-02")], **rows)) == ["attends_without"]

    def test_not_by_a_result_after_it(self, data: Path) -> None:
        rows = {"placements": [HAS_IT]}
        assert kinds(school(data, assessments=[scored("90", "02-03")], **rows)) == ["cannot_judge"]

    def test_a_need_that_had_ended(self, data: Path) -> None:
        need = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("01-05"), "end_date": day("02-01")}
        store = school(data, criteria=[NEEDED], needs=[need], placements=[HAS_IT])
        assert kinds(store) == ["attends_without"]

    def test_a_need_of_that_day(self, data: Path) -> None:
        need = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("01-05"), "end_date": day("02-02")}
        store = school(data, criteria=[NEEDED], needs=[need], placements=[HAS_IT])
        assert kinds(store) == []

    def test_also_once_the_provision_no_longer_runs(self, data: Path) -> None:
        store = school(data, assessments=[scored("90", "01-20")], placements=[HAS_IT])
        assert kinds(store, day("2026-04-01")) == ["attends_without"]


class TestMetExitStays:
    @pytest.mark.parametrize(("on", "found"), [("02-01", "cannot_judge"), ("02-02", "met_exit_stays")])
    def test_by_results_since_the_start(self, data: Path, on: str, found: str) -> None:
        store = school(data, criteria=[READY], assessments=[scored("95", on)], placements=[HAS_IT])
        assert kinds(store) == [found]

    def test_not_below_the_mark(self, data: Path) -> None:
        store = school(data, criteria=[READY], assessments=[scored("94", "02-10")], placements=[HAS_IT])
        assert kinds(store) == []

    def test_not_once_it_has_ended(self, data: Path) -> None:
        over = HAS_IT | {"end_date": day("03-02")}
        store = school(data, criteria=[READY], assessments=[scored("95", "02-10")], placements=[over])
        assert kinds(store) == []


class TestProvisions:
    def one(self, data: Path, **rows: Any) -> dict[str, Any]:
        (row,) = answer(school(data, **rows), "provision_criteria")
        return row

    def test_counts_are_the_lengths_of_the_lists(self, data: Path) -> None:
        row = self.one(data, assessments=[scored("84", "02-10")])
        assert (row["waits"], row["in_place"], row["free_places"]) == (1, 0, 4)
        assert (row["entry"], row["exit"]) == (["reading standardised score below 85"], [])

    def test_groups_make_room(self, data: Path) -> None:
        pupils = [PUPIL | {"pupil_id": str(number)} for number in range(1, 4)]
        names = {"1": "A", "2": "A", "3": "B"}
        placed = [HAS_IT | {"pupil_id": p, "group_name": g} for p, g in names.items()]
        row = self.one(data, pupils=pupils, placements=placed)
        assert (row["groups"], row["free_places"], row["places_taken"]) == (2, 5, 3)

    @pytest.mark.parametrize(
        ("groups", "taken", "free"),
        [
            # Pupil 1 in both groups of four: five places of eight are taken, one of them by pupil 2.
            ([("1", "A"), ("1", "B"), ("2", "B"), ("3", "A"), ("4", "A")], 5, 3),
            ([("1", "A"), ("1", "A"), ("2", "B")], 2, 6), ([("1", "A"), ("1", None), ("2", "B")], 2, 6),
            ([("1", None), ("1", None)], 1, 3), ([("1", "A"), ("2", None)], 2, 2),
        ],
    )  # fmt: skip
    def test_a_pupil_in_two_groups_takes_a_place_in_each(
        self, data: Path, groups: list[tuple[str, str | None]], taken: int, free: int
    ) -> None:
        pupils = [PUPIL | {"pupil_id": str(number)} for number in range(1, 5)]
        placed = [
            HAS_IT | {"placement_id": str(row), "pupil_id": pupil, "group_name": group}
            for row, (pupil, group) in enumerate(groups)
        ]
        row = self.one(data, pupils=pupils, placements=placed)
        assert (row["places_taken"], row["free_places"]) == (taken, free)

    def test_pupils_outside_the_filter_take_places_too(self, data: Path) -> None:
        pupils = [PUPIL, PUPIL | {"pupil_id": "2", "class": "Elm"}]
        placed = [HAS_IT, HAS_IT | {"pupil_id": "2"}]
        store = school(data, pupils=pupils, placements=placed)
        (row,) = answer(store, "provision_criteria", classes=["Elm"])
        assert (row["in_place"], row["places_taken"], row["free_places"]) == (1, 2, 2)

    def test_pupils_who_left_take_none(self, data: Path) -> None:
        left = [PUPIL | {"leaving_date": day("03-02")}]
        assert self.one(data, pupils=left, placements=[HAS_IT])["free_places"] == 4

    @pytest.mark.parametrize("delivery", ["whole class", "one to one"])
    def test_not_where_no_group_is_the_limit(self, data: Path, delivery: str) -> None:
        assert self.one(data, provisions=[TALK | {"delivery": delivery}])["free_places"] is None

    def test_not_where_groups_are_not_named_and_there_must_be_several(self, data: Path) -> None:
        pupils = [PUPIL | {"pupil_id": str(number)} for number in range(1, 6)]
        placed = [HAS_IT | {"pupil_id": row["pupil_id"]} for row in pupils]
        assert self.one(data, pupils=pupils, placements=placed)["free_places"] is None

    def test_what_is_not_written_down(self, data: Path) -> None:
        bare = {"provision_id": "T", "name": "Talk", "tier": "targeted", "lead": " "}
        row = self.one(data, provisions=[bare], criteria=[])
        assert not row["is_complete"]
        assert row["missing"] == [
            "criteria", "monitoring", "quantitative measure", "qualitative measure", "lead"
        ]  # fmt: skip

    def test_complete(self, data: Path) -> None:
        row = self.one(data)
        assert (row["missing"], row["is_complete"]) == ([], True)

    def test_what_is_for_everybody_needs_no_criteria(self, data: Path) -> None:
        assert self.one(data, provisions=[TALK | {"tier": "universal"}], criteria=[])["is_complete"]


class TestCountsAndList:
    """The counts of each provision are the lengths of the list, in both directions."""

    def test_a_provision_that_no_longer_runs_is_there_while_somebody_has_it(self, data: Path) -> None:
        store = school(data, assessments=[scored("90", "01-20")], placements=[HAS_IT])
        (row,) = answer(store, "provision_criteria", day("2026-04-01"))
        assert (row["attends_without"], row["in_place"]) == (1, 1)

    def test_and_is_gone_with_the_last_of_them(self, data: Path) -> None:
        store = school(data, placements=[HAS_IT | {"end_date": day("2026-03-31")}])
        assert answer(store, "provision_criteria", day("2026-04-01")) == []

    @pytest.mark.parametrize(("tier", "found"), [("targeted", 1), ("universal", 0)])
    def test_by_tier(self, data: Path, tier: str, found: int) -> None:
        store = school(data, assessments=[scored("84", "02-10")])
        rows = answer(store, "provision_criteria", tiers=[tier])
        assert sum(row["waits"] for row in rows) == len(kinds(store, tiers=[tier])) == found


STATUS = "pupil_id surname forename year_group class provision_id provision kind school_id"
COUNTS = (
    "provision_id tier in_place waits attends_without met_exit_stays cannot_judge group_size groups"
    " free_places missing is_complete places_taken"
)


@pytest.mark.parametrize("seed", range(BULK))
def test_agrees_with_its_slow_version(seed: int) -> None:
    choose = random.Random(seed).choice
    imports = deciding_trust(choose, [f"{100001 + number}" for number in range(10)])
    school = fold(imports, REFERENCE)
    found: Counter[str] = Counter()
    with opened(imports) as store:
        cases = [(on, {}) for on in DAYS[seed % 3 :: 3]]
        cases += [(near_a_boundary(choose), who_is_counted(choose)) for _ in range(3)]
        for on, chosen in cases:
            filter, choice = Filter(as_at=on, **chosen), Choice(**chosen)
            status = ask("criteria_status", filter, store)
            assert compared(status.to_dicts(), STATUS) == compared(
                criteria_status(school, on, choice), STATUS
            )
            rows = ask("provision_criteria", filter, store).to_dicts()
            assert compared(rows, COUNTS) == compared(provision_criteria(school, on, choice), COUNTS)
            found.update(status["kind"])
    assert set(found) == {"waits", "attends_without", "met_exit_stays", "cannot_judge"}


def test_narrowing_takes_rows_away_and_years_share_them_out() -> None:
    choose = random.Random(7).choice
    with opened(deciding_trust(choose, ["100001", "100002", "100003"])) as store:
        for on in (DAY, DAY + timedelta(days=1), date(2025, 12, 31)):
            whole = compared(ask("criteria_status", Filter(as_at=on), store).to_dicts(), STATUS)
            parts = [
                compared(
                    ask("criteria_status", Filter(as_at=on, year_groups=(year,)), store).to_dicts(), STATUS
                )
                for year in ("4", "5", "6")
            ]
            assert sum(parts, Counter()) == whole
            some = who_is_counted(choose)
            assert (
                compared(ask("criteria_status", Filter(as_at=on, **some), store).to_dicts(), STATUS) <= whole
            )
