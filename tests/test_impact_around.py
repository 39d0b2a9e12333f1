"""What else changed before, during and after a provision: attendance, behaviour and what people said.

A case is a school of its own in one store of them all, where tests only ask.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from tests.test_impact import END, START, had, school
from tests.tiny import DAY, tiny_schools

CASES: dict[str, Any] = {}


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_schools(tmp_path_factory.mktemp("schools"), CASES)


def around(end: date | None = END, **rows: Any) -> str:
    """A case of pupil 1 with Talk from 8 September."""
    return school([had(1, 80, 90, end_date=end)], 1, CASES, **rows)


def span(start: date, end: date, attended: int) -> dict[str, Any]:
    return {"pupil_id": "1", "start_date": start, "end_date": end, "possible": 10, "attended": attended}


class TestAround:
    """Talk from 8 September to 8 December 2025, seen on 3 March 2026: 85 days after its end."""

    def parts(self, schools: Store, case: str) -> dict[str, dict[str, Any]]:
        filter = make_filter(schools, as_at=DAY, schools=[case])
        found = ask("around_provision", filter, schools, of_school=case, provision_id="T").to_dicts()
        return {row["part"]: row for row in found}

    @pytest.mark.parametrize(("case", "running", "just_over"), [(around(), around(None), around(DAY))])
    def test_the_days_of_each_part(self, schools: Store, case: str, running: str, just_over: str) -> None:
        parts = self.parts(schools, case)
        days = {part: (row["from_day"], row["to_day"]) for part, row in parts.items()}
        assert days == {
            "before": (START - timedelta(days=90), START - timedelta(days=1)),
            "during": (START, END),
            "after": (END + timedelta(days=1), DAY),
        }
        assert parts["during"]["school_days"] == 66  # 13 weeks from a Monday, and one Monday more
        assert list(self.parts(schools, running)) == ["before", "during"]
        assert list(self.parts(schools, just_over)) == ["before", "during"]

    @pytest.mark.parametrize("case", [around(attendance=[
        # Half before it and half during it, then mostly during it.
        span(START - timedelta(days=5), START + timedelta(days=4), 5),
        span(END - timedelta(days=6), END + timedelta(days=3), 9),
    ])])  # fmt: skip
    def test_attendance_counts_where_most_of_a_span_lies(self, schools: Store, case: str) -> None:
        parts = self.parts(schools, case)
        assert [row["attended"] for row in parts.values()] == [5, 9, None]
        assert [row["attendance_share"] for row in parts.values()] == [0.5, 0.9, None]

    @pytest.mark.parametrize("case", [around()])
    def test_behaviour_is_unknown_where_the_school_notes_none(self, schools: Store, case: str) -> None:
        assert self.parts(schools, case)["during"]["negative"] is None

    @pytest.mark.parametrize("case", [around(
        behaviour=[{"pupil_id": "1", "happened_on": on, "kind": "negative", "category": "late"}
                   for on in (START - timedelta(days=1), START, END, END + timedelta(days=1))],
        voices=[{"pupil_id": "1", "heard_on": START, "voice": "pupil", "rating": 2},
                {"pupil_id": "1", "provision_id": "T", "heard_on": END, "voice": "parent", "rating": -1},
                {"pupil_id": "1", "provision_id": "T", "heard_on": START, "voice": "parent",
                 "reply": "invited, no reply"},
                {"pupil_id": "1", "provision_id": "other", "heard_on": END, "voice": "parent",
                 "rating": -2}],
    )])  # fmt: skip
    def test_behaviour_and_voices_on_the_first_and_the_last_day(self, schools: Store, case: str) -> None:
        parts = self.parts(schools, case)
        assert [row["negative"] for row in parts.values()] == [1, 2, 1]
        assert [row["positive"] for row in parts.values()] == [0, 0, 0]
        assert (parts["during"]["voices"], parts["during"]["rating"]) == (2, 0.5)
