"""Provision that runs on from last year, findings marked as intended, and what an overlap costs."""

from pathlib import Path
from typing import Any

import pytest

from provmap.store import Edit, Store, entries_of, open_store, rows_to_edit, save, take_back
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, TALK, answer, day, tiny_school

READ = {"provision_id": "R", "name": "Reading partners", "tier": "targeted", "need_codes": ["reading"]}
TWICE = [
    {"placement_id": "a", "pupil_id": "1", "provision_id": "T", "start_date": day("01-05"),
     "minutes_per_session": 30.0, "sessions_per_week": 2.0},
    {"placement_id": "b", "pupil_id": "1", "provision_id": "T", "start_date": day("02-25"),
     "minutes_per_session": 20.0, "sessions_per_week": 1.0},
]  # fmt: skip


def talk(start: str, end: str | None = None, **columns: Any) -> dict[str, Any]:
    row = {
        "pupil_id": "1",
        "provision_id": "T",
        "start_date": day(start),
        "end_date": day(end) if end else None,
    }
    return row | columns


def need(code: str, start: str, end: str | None = None) -> dict[str, Any]:
    return {
        "pupil_id": "1",
        "need_code": code,
        "start_date": day(start),
        "end_date": day(end) if end else None,
    }


def drift(folder: Path, as_at: Any = DAY, **rows: Any) -> dict[str, Any]:
    store = tiny_school(folder, provisions=[TALK, READ], **rows)
    return answer(store, "drift", as_at)[0]


class TestDrift:
    def test_it_runs_on_although_its_need_has_gone(self, data: Path) -> None:
        row = drift(data, needs=[need("SLCN", "2024-09-01", "2025-07-18"), need("reading", "2025-09-01")],
                    placements=[talk("2025-01-06")])  # fmt: skip
        assert (row["needs_last_year"], row["needs_now"]) == (["SLCN"], ["reading"])
        assert (row["without_reason"], row["needs_changed"], row["is_drift"]) == (["Talk"], True, True)

    def test_with_its_need_still_there_it_is_no_drift(self, data: Path) -> None:
        row = drift(data, needs=[need("SLCN", "2024-09-01"), need("reading", "2025-09-01")],
                    placements=[talk("2025-01-06")])  # fmt: skip
        assert (row["runs_on"], row["without_reason"], row["is_drift"]) == (["Talk"], [], False)

    def test_what_a_plan_requires_has_its_reason(self, data: Path) -> None:
        row = drift(data, needs=[need("SLCN", "2024-09-01", "2025-07-18")],
                    placements=[talk("2025-01-06", required_by="ehcp")])  # fmt: skip
        assert (row["without_reason"], row["is_drift"]) == ([], False)

    @pytest.mark.parametrize(
        ("changed", "below", "is_drift"),
        [({"subject": "reading"}, True, False), ({"subject": "reading"}, False, True),
         ({"purpose": "enrichment"}, False, False)],
    )  # fmt: skip
    def test_what_a_low_result_asks_for_has_its_reason(
        self, data: Path, changed: dict[str, Any], below: bool, is_drift: bool
    ) -> None:
        expected = {"subject": "reading", "scale": "standardised", "year_group": "5", "term": "spring",
                    "expected": "95"}  # fmt: skip
        mark = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "assessed_on": day("02-02")}
        store = tiny_school(
            data, provisions=[TALK | changed], placements=[talk("2025-01-06")],
            needs=[need("SLCN", "2024-09-01", "2025-07-18"), need("SEMH", "2025-09-01")],
            assessments=[mark | {"value": "70" if below else "110"}], expectations=[expected],
        )  # fmt: skip
        (row,) = answer(store, "drift")
        assert row["is_drift"] is is_drift
        found = [one["kind"] for one in answer(store, "duplications")]
        assert ("no_current_need" in found) is is_drift

    @pytest.mark.parametrize(("start", "runs_on"), [("2025-03-03", ["Talk"]), ("2025-03-04", [])])
    def test_last_year_is_the_same_day_a_year_before(
        self, data: Path, start: str, runs_on: list[str]
    ) -> None:
        row = drift(data, needs=[need("reading", "2025-09-01")], placements=[talk(start)])
        assert row["runs_on"] == runs_on

    def test_ended_and_begun_again_runs_on(self, data: Path) -> None:
        row = drift(data, needs=[need("SLCN", "2024-09-01", "2025-07-18")],
                    placements=[talk("2025-01-06", "2025-07-18"), talk("2025-09-08")])  # fmt: skip
        assert (row["runs_on"], row["is_drift"]) == (["Talk"], True)

    def test_ended_yesterday_is_not_now(self, data: Path) -> None:
        row = drift(data, needs=[need("reading", "2025-09-01")], placements=[talk("2025-01-06", "03-02")])
        assert (row["provisions_last_year"], row["provisions_now"]) == (["Talk"], [])

    def test_the_day_before_leap_day(self, data: Path) -> None:
        row = drift(data, day("2028-02-29"), needs=[need("reading", "2025-09-01")],
                    placements=[talk("2027-02-28")])  # fmt: skip
        assert row["runs_on"] == ["Talk"]


class TestCost:
    def findings(self, folder: Path, as_at: Any = DAY) -> dict[str, Any]:
        store = tiny_school(folder, provisions=[TALK], needs=[need("SLCN", "01-05")], placements=TWICE)
        return answer(store, "duplications", as_at)[0]

    def test_the_shorter_counts_for_the_weeks_shared_so_far(self, data: Path) -> None:
        found = self.findings(data)
        # 25 February to 3 March: seven days, one week of the 20 minutes that are doubled.
        assert (found["shared_days"], found["doubled_minutes"]) == (7, 20.0)

    def test_one_day_is_one_day(self, data: Path) -> None:
        assert self.findings(data, day("02-25"))["shared_days"] == 1

    def test_days_to_come_are_not_counted_yet(self, data: Path) -> None:
        found = self.findings(data, day("02-24"))
        assert (found["shared_days"], found["is_current"]) == (0, False)


class TestIntended:
    @pytest.fixture
    def school(self, data: Path) -> Path:
        tiny_school(data, provisions=[TALK], needs=[need("SLCN", "01-05")], placements=TWICE)
        return data

    def finding(self, folder: Path) -> dict[str, Any]:
        return answer(open_store(folder), "duplications")[0]

    def mark(self, store: Store) -> None:
        found = answer(store, "duplications")[0]
        names = (
            "school_id",
            "pupil_id",
            "kind",
            "provision_id",
            "other_provision_id",
            "need_code",
            "first_time",
            "other_time",
        )
        save(
            store, "Ms Oak", [Edit("marks", {name: found[name] for name in names} | {"reason": "Two groups"})]
        )

    def test_a_finding_that_is_marked_stays_listed(self, school: Path) -> None:
        assert self.finding(school)["is_intended"] is False
        self.mark(open_store(school))
        found = self.finding(school)
        assert (found["is_intended"], found["intended_because"], found["marked_by"]) == (
            True,
            "Two groups",
            "Ms Oak",
        )

    def test_of_three_times_at_once_one_pair_is_marked(self, data: Path) -> None:
        times = [talk("01-05"), talk("01-06"), talk("02-01")]
        tiny_school(data, provisions=[TALK], needs=[need("SLCN", "01-05")], placements=times)
        self.mark(open_store(data))
        found = answer(open_store(data), "duplications")
        both = {(one["first_time"], one["other_time"]): one["is_intended"] for one in found}
        assert both == {
            ("2026-01-05", "2026-01-06"): True,
            ("2026-01-05", "2026-02-01"): False,
            ("2026-01-06", "2026-02-01"): False,
        }

    def test_a_mark_can_be_taken_back_and_both_stand_in_the_journal(self, school: Path) -> None:
        self.mark(open_store(school))
        row = rows_to_edit(open_store(school), "marks").row(0, named=True)
        take_back(open_store(school), "Head", "marks", row["row_key"], row["row_version"])
        assert self.finding(school)["is_intended"] is False
        assert [entry.made_by for entry in entries_of(open_store(school))] == ["Ms Oak", "Head"]

    def test_the_page_can_leave_out_what_is_intended(self, school: Path) -> None:
        self.mark(open_store(school))
        shown = open_app("duplication", when="At any time", mark="not marked")
        assert not shown.dataframe
        assert len(open_app("duplication", when="At any time", mark="intended").dataframe[0].value) == 1


@pytest.mark.parametrize(
    ("placements", "said"),
    [
        ([], "Nothing is in place for these pupils on this day, so nothing can overlap."),
        ([talk("01-05")], "No possible overlaps were found."),
    ],
)
def test_finding_nothing_where_nothing_is_in_place_is_no_good_news(
    data: Path, placements: list[dict[str, Any]], said: str
) -> None:
    tiny_school(data, provisions=[TALK], needs=[need("SLCN", "01-05")], placements=placements)
    assert [one.value for one in open_app("duplication", as_at="2026-03-03").info] == [said]


def test_where_nothing_takes_pupils_out_only_that_is_said(data: Path) -> None:
    tiny_school(data, provisions=[TALK])
    app = open_app("time_out", as_at="2026-03-03")
    assert [one.value for one in app.info] == [
        "Nothing in place takes these pupils out of class, as far as is recorded."
    ]
    assert "something in place takes them out of a lesson" not in words_of(app)
