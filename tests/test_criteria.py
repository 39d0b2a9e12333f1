"""Who qualifies: cases worked out by hand, then every drawn school against the slow version."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store, forget_stores
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
from tests.tiny import DAY, PUPIL, answer, day, tiny_schools

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


# Each case is a school of one store, where tests only ask.
CASES: dict[str, dict[str, list[dict[str, Any]]]] = {}


def school(**rows: Any) -> str:
    """Writes a case down: its school in the store."""
    name = f"school {len(CASES) + 1}"
    CASES[name] = {"provisions": [TALK], "criteria": [LOW]} | rows
    return name


def in_school(**rows: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [school(**rows)])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield tiny_schools(tmp_path_factory.mktemp("criteria"), CASES)
    forget_stores()


def status(store: Store, case: str, on: date = DAY, **choices: Any) -> list[dict[str, Any]]:
    return answer(store, "criteria_status", on, schools=[case], **choices)


def kinds(store: Store, case: str, on: date = DAY, **choices: Any) -> list[str]:
    return sorted(row["kind"] for row in status(store, case, on, **choices))


def provisions(store: Store, case: str, on: date = DAY, **choices: Any) -> list[dict[str, Any]]:
    return answer(store, "provision_criteria", on, schools=[case], **choices)


class TestWaits:
    @in_school(
        criteria=[LOW, NEEDED],
        assessments=[scored("84", "02-10")],
        needs=[{"pupil_id": "1", "need_code": "slcn", "start_date": day("02-20")}],
    )
    def test_says_the_criteria_and_the_pupils_own_values(self, store: Store, case: str) -> None:
        (row,) = status(store, case)
        assert (row["kind"], row["provision"], row["since"]) == ("waits", "Talk", day("02-20"))
        assert row["criteria"] == [
            "need: Speech, language and communication needs", "reading standardised score below 85"
        ]  # fmt: skip
        assert row["values"] == ["recorded since 20 Feb 2026", "84 on 10 Feb 2026"]

    @pytest.mark.parametrize(
        ("case", "found"),
        [
            (school(assessments=[scored(value, "02-10")]), found)
            for value, found in [("84", ["waits"]), ("85", []), ("86", [])]
        ],
    )
    def test_around_the_mark(self, store: Store, case: str, found: list[str]) -> None:
        assert kinds(store, case) == found

    @in_school(criteria=[LOW, NEEDED], assessments=[scored("84", "02-10")])
    def test_one_criterion_that_fails_is_enough(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []

    @in_school(assessments=[scored("84", "2025-12-10")])
    @pytest.mark.parametrize(
        ("on", "found"),
        [("2026-01-04", []), ("2026-01-05", ["waits"]), ("2026-03-31", ["waits"]), ("2026-04-01", [])],
    )
    def test_while_the_provision_runs(self, store: Store, case: str, on: str, found: list[str]) -> None:
        assert kinds(store, case, day(on)) == found

    @in_school(pupils=[PUPIL | {"year_group": "4"}], assessments=[scored("84", "02-10")])
    def test_a_provision_is_for_its_years(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []

    @in_school(provisions=[TALK | {"year_groups": []}], assessments=[scored("84", "02-10")])
    def test_no_years_are_all_years(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["waits"]

    @pytest.mark.parametrize(
        ("case", "found"),
        [
            (
                school(
                    assessments=[scored("84", "2025-12-10")],
                    placements=[HAS_IT | {"start_date": day(start), "end_date": end and day(end)}],
                ),
                found,
            )
            for start, end, found in [
                ("02-02", None, []), ("03-03", None, []), ("03-04", None, ["waits"]), ("02-02", "03-03", []),
                ("02-02", "03-02", ["waits"]),
            ]
        ],
    )  # fmt: skip
    def test_only_without_it(self, store: Store, case: str, found: list[str]) -> None:
        assert kinds(store, case) == found

    @pytest.mark.parametrize(
        ("case", "found"),
        [
            (school(assessments=[scored("84", on)]), found)
            for on, found in [("2025-03-02", "waits"), ("2025-03-01", "cannot_judge")]
        ],
    )
    def test_a_result_speaks_for_366_days(self, store: Store, case: str, found: str) -> None:
        assert kinds(store, case) == [found]


def attended(sessions: float, possible: float) -> dict[str, Any]:
    span = {"pupil_id": "1", "start_date": day("01-05"), "end_date": day("02-13")}
    return {
        "criteria": [LOW | {"measure": "attendance", "value": "0.9"}],
        "attendance": [span | {"attended": sessions, "possible": possible}],
    }


class TestCannotJudge:
    @in_school()
    def test_no_result_is_neither_yes_nor_no(self, store: Store, case: str) -> None:
        (row,) = status(store, case)
        assert (row["kind"], row["values"], row["since"]) == ("cannot_judge", ["not known"], None)

    @in_school(assessments=[scored("A", "02-10")])
    def test_absent_is_no_result(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["cannot_judge"]

    @in_school(criteria=[LOW, NEEDED])
    def test_what_fails_for_certain_needs_no_more(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []

    @in_school(criteria=[LOW | {"value": "low"}], assessments=[scored("84", "02-10")])
    def test_a_value_nobody_can_read(self, store: Store, case: str) -> None:
        (row,) = status(store, case)
        assert row["kind"] == "cannot_judge"
        assert row["criteria"] == ["reading standardised score below low (cannot be read)"]

    @in_school(**attended(0.0, 0.0))
    def test_nothing_possible_is_no_attendance(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["cannot_judge"]

    @in_school(**attended(80.0, 100.0))
    def test_attendance_in_words(self, store: Store, case: str) -> None:
        (row,) = status(store, case)
        assert (row["criteria"], row["values"]) == (["attendance below 90%"], ["80.0%"])


BEFORE, OWN = scored("90", "01-20"), {"measure": "Reading/standardised", "entry_value": "84"}


AT_END = {"measure": "Reading/standardised", "exit_value": "95", "exit_date": day("02-20")}


def needed_until(last: str) -> dict[str, Any]:
    need = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("01-05"), "end_date": day(last)}
    return {"criteria": [NEEDED], "needs": [need], "placements": [HAS_IT]}


class TestAttendsWithout:
    @in_school(assessments=[BEFORE, scored("80", "02-10")], placements=[HAS_IT])
    def test_as_at_the_start_and_not_since(self, store: Store, case: str) -> None:
        (row,) = status(store, case)
        assert (row["kind"], row["since"]) == ("attends_without", day("02-02"))
        assert row["values"] == ["90 on 20 Jan 2026"]

    @in_school(assessments=[BEFORE], placements=[HAS_IT | OWN])
    def test_the_score_recorded_with_it_counts_first(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []

    @in_school(assessments=[BEFORE], placements=[HAS_IT | OWN | {"measure": "reading/age"}])
    def test_a_score_of_another_measure_does_not(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["attends_without"]

    @in_school(assessments=[scored("90", "02-02")], placements=[HAS_IT])
    def test_on_the_day_of_the_start(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["attends_without"]

    @in_school(assessments=[scored("90", "02-03")], placements=[HAS_IT])
    def test_not_by_a_result_after_it(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["cannot_judge"]

    @in_school(**needed_until("02-01"))
    def test_a_need_that_had_ended(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["attends_without"]

    @in_school(**needed_until("02-02"))
    def test_a_need_of_that_day(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []

    @in_school(assessments=[BEFORE], placements=[HAS_IT])
    def test_also_once_the_provision_no_longer_runs(self, store: Store, case: str) -> None:
        assert kinds(store, case, day("2026-04-01")) == ["attends_without"]


class TestMetExitStays:
    @pytest.mark.parametrize(
        ("case", "found"),
        [
            (school(criteria=[READY], assessments=[scored("95", on)], placements=[HAS_IT]), found)
            for on, found in [("02-01", "cannot_judge"), ("02-02", "met_exit_stays")]
        ],
    )
    def test_by_results_since_the_start(self, store: Store, case: str, found: str) -> None:
        assert kinds(store, case) == [found]

    @in_school(criteria=[READY], placements=[HAS_IT | AT_END])
    def test_by_the_score_at_the_end_recorded_with_it(self, store: Store, case: str) -> None:
        (row,) = status(store, case)
        assert (row["kind"], row["values"]) == ("met_exit_stays", ["95 on 20 Feb 2026"])
        assert row["since"] == day("02-20")

    @pytest.mark.parametrize(
        ("case", "found"),
        [
            (school(criteria=[READY], assessments=[scored(value, on)], placements=[HAS_IT | AT_END]), found)
            for value, on, found in [
                ("94", "02-19", ["met_exit_stays"]), ("94", "02-20", ["met_exit_stays"]), ("94", "02-21", []),
            ]
        ],
    )  # fmt: skip
    def test_the_newer_of_that_score_and_a_result(self, store: Store, case: str, found: list[str]) -> None:
        assert kinds(store, case) == found

    @in_school(
        criteria=[READY],
        assessments=[scored("95", "02-10")],
        placements=[HAS_IT | AT_END | {"exit_value": "94"}],
    )
    def test_not_where_that_score_is_newer_and_below(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []

    @pytest.mark.parametrize(
        "case",
        [
            school(criteria=[READY], placements=[HAS_IT | AT_END | other])
            for other in (
                {"measure": "reading/age"}, {"exit_date": None}, {"exit_date": day("03-04")},
                {"exit_date": day("02-01")}, {"exit_value": "A"},
            )
        ],
    )  # fmt: skip
    def test_not_by_a_score_of_something_or_some_day_else(self, store: Store, case: str) -> None:
        assert kinds(store, case) == ["cannot_judge"]

    @in_school(criteria=[READY], assessments=[scored("94", "02-10")], placements=[HAS_IT])
    def test_not_below_the_mark(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []

    @in_school(
        criteria=[READY],
        assessments=[scored("95", "02-10")],
        placements=[HAS_IT | {"end_date": day("03-02")}],
    )
    def test_not_once_it_has_ended(self, store: Store, case: str) -> None:
        assert kinds(store, case) == []


def pupils(number: int) -> list[dict[str, Any]]:
    return [PUPIL | {"pupil_id": str(one)} for one in range(1, number + 1)]


def in_groups(*groups: tuple[str, str | None]) -> str:
    placed = [
        HAS_IT | {"placement_id": str(row), "pupil_id": pupil, "group_name": group}
        for row, (pupil, group) in enumerate(groups)
    ]
    return school(pupils=pupils(4), placements=placed)


class TestProvisions:
    def one(self, store: Store, case: str) -> dict[str, Any]:
        (row,) = provisions(store, case)
        return row

    @in_school(assessments=[scored("84", "02-10")])
    def test_counts_are_the_lengths_of_the_lists(self, store: Store, case: str) -> None:
        row = self.one(store, case)
        assert (row["waits"], row["in_place"], row["free_places"]) == (1, 0, 4)
        assert (row["entry"], row["exit"]) == (["reading standardised score below 85"], [])

    @in_school(
        pupils=pupils(3),
        placements=[
            HAS_IT | {"pupil_id": p, "group_name": g} for p, g in {"1": "A", "2": "A", "3": "B"}.items()
        ],
    )
    def test_groups_make_room(self, store: Store, case: str) -> None:
        row = self.one(store, case)
        assert (row["groups"], row["free_places"], row["places_taken"]) == (2, 5, 3)

    @pytest.mark.parametrize(
        ("case", "taken", "free"),
        [
            # Pupil 1 in both groups of four: five places of eight are taken, one of them by pupil 2.
            (in_groups(("1", "A"), ("1", "B"), ("2", "B"), ("3", "A"), ("4", "A")), 5, 3),
            (in_groups(("1", "A"), ("1", "A"), ("2", "B")), 2, 6),
            (in_groups(("1", "A"), ("1", None), ("2", "B")), 2, 6),
            (in_groups(("1", None), ("1", None)), 1, 3),
            (in_groups(("1", "A"), ("2", None)), 2, 2),
        ],
    )
    def test_a_pupil_in_two_groups_takes_a_place_in_each(
        self, store: Store, case: str, taken: int, free: int
    ) -> None:
        row = self.one(store, case)
        assert (row["places_taken"], row["free_places"]) == (taken, free)

    @in_school(
        pupils=[PUPIL, PUPIL | {"pupil_id": "2", "class": "Elm"}],
        placements=[HAS_IT, HAS_IT | {"pupil_id": "2"}],
    )
    def test_pupils_outside_the_filter_take_places_too(self, store: Store, case: str) -> None:
        (row,) = provisions(store, case, classes=["Elm"])
        assert (row["in_place"], row["places_taken"], row["free_places"]) == (1, 2, 2)

    @in_school(pupils=[PUPIL | {"leaving_date": day("03-02")}], placements=[HAS_IT])
    def test_pupils_who_left_take_none(self, store: Store, case: str) -> None:
        assert self.one(store, case)["free_places"] == 4

    @pytest.mark.parametrize(
        "case", [school(provisions=[TALK | {"delivery": how}]) for how in ("whole class", "one to one")]
    )
    def test_not_where_no_group_is_the_limit(self, store: Store, case: str) -> None:
        assert self.one(store, case)["free_places"] is None

    @in_school(pupils=pupils(5), placements=[HAS_IT | {"pupil_id": str(number)} for number in range(1, 6)])
    def test_not_where_groups_are_not_named_and_there_must_be_several(self, store: Store, case: str) -> None:
        assert self.one(store, case)["free_places"] is None

    @in_school(
        provisions=[{"provision_id": "T", "name": "Talk", "tier": "targeted", "lead": " "}], criteria=[]
    )
    def test_what_is_not_written_down(self, store: Store, case: str) -> None:
        row = self.one(store, case)
        assert not row["is_complete"]
        assert row["missing"] == [
            "criteria", "monitoring", "quantitative measure", "qualitative measure", "lead"
        ]  # fmt: skip

    @in_school()
    def test_complete(self, store: Store, case: str) -> None:
        row = self.one(store, case)
        assert (row["missing"], row["is_complete"]) == ([], True)

    @in_school(provisions=[TALK | {"tier": "universal"}], criteria=[])
    def test_what_is_for_everybody_needs_no_criteria(self, store: Store, case: str) -> None:
        assert self.one(store, case)["is_complete"]


class TestCountsAndList:
    """The counts of each provision are the lengths of the list, in both directions."""

    @in_school(assessments=[BEFORE], placements=[HAS_IT])
    def test_a_provision_that_no_longer_runs_is_there_while_somebody_has_it(
        self, store: Store, case: str
    ) -> None:
        (row,) = provisions(store, case, day("2026-04-01"))
        assert (row["attends_without"], row["in_place"]) == (1, 1)

    @in_school(placements=[HAS_IT | {"end_date": day("2026-03-31")}])
    def test_and_is_gone_with_the_last_of_them(self, store: Store, case: str) -> None:
        assert provisions(store, case, day("2026-04-01")) == []

    @in_school(assessments=[scored("84", "02-10")])
    @pytest.mark.parametrize(("tier", "found"), [("targeted", 1), ("universal", 0)])
    def test_by_tier(self, store: Store, case: str, tier: str, found: int) -> None:
        rows = provisions(store, case, tiers=[tier])
        assert sum(row["waits"] for row in rows) == len(kinds(store, case, tiers=[tier])) == found


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
            found_now = ask("criteria_status", filter, store)
            assert compared(found_now.to_dicts(), STATUS) == compared(
                criteria_status(school, on, choice), STATUS
            )
            rows = ask("provision_criteria", filter, store).to_dicts()
            assert compared(rows, COUNTS) == compared(provision_criteria(school, on, choice), COUNTS)
            found.update(found_now["kind"])
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
