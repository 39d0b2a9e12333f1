"""Groups: what they mean, pupils in several of them, and how many each has held over the years."""

from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, open_store, save
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, answer, day, tiny_school

CARERS = {"group_code": "carers", "name": "Young carers club", "definition": "Cares for somebody",
          "agreed_on": day("2025-09-01"), "agreed_by": "Governors",
          "counts_as_disadvantage": True}  # fmt: skip


def member(start: str, end: str | None = None, pupil: str = "1") -> dict[str, Any]:
    last = day(end) if end else None
    return {"pupil_id": pupil, "group_code": "carers", "start_date": day(start), "end_date": last}


class TestDefinitions:
    def test_who_agreed_what_and_when(self, data: Path) -> None:
        store = tiny_school(data, groups=[CARERS], memberships=[member("2025-09-01")])
        (row,) = answer(store, "group_definitions")
        assert (row["group"], row["is_own"], row["pupils"]) == ("Young carers club", True, 1)
        assert (row["agreed_by"], row["agreed_on"], row["counts_as_disadvantage"]) == (
            "Governors", day("2025-09-01"), True
        )  # fmt: skip

    def test_a_group_of_the_schools_own_is_listed_when_nobody_is_in_it(self, data: Path) -> None:
        store = tiny_school(data, groups=[CARERS], memberships=[member("2025-09-01", "03-02")])
        assert [row["pupils"] for row in answer(store, "group_definitions")] == [0]

    def test_what_nobody_wrote_down_of_a_group_is_named(self, data: Path) -> None:
        bare = {"group_code": "new", "name": "New", "agreed_by": "SENCO"}
        store = tiny_school(data, pupils=[PUPIL | {"eal": True}], groups=[CARERS, bare])
        found = {row["group_code"]: row["not_written"] for row in answer(store, "group_definitions")}
        assert found == {"carers": [], "new": ["who belongs", "when it was agreed"], "eal": []}

    def test_a_status_of_the_roll_is_no_group_of_the_schools_own(self, data: Path) -> None:
        store = tiny_school(data, pupils=[PUPIL | {"eal": True}])
        assert [(row["group_code"], row["is_own"]) for row in answer(store, "group_definitions")] == [
            ("eal", False)
        ]

    def test_two_schools_may_mean_different_things_by_one_code(self, data: Path) -> None:
        pupils = [PUPIL | {"school_id": school} for school in ("A", "B")]
        groups = [CARERS | {"school_id": "A"}, CARERS | {"school_id": "B", "definition": "Helps at home"}]
        members = [member("2025-09-01") | {"school_id": "A"}]
        store = tiny_school(data, pupils=pupils, groups=groups, memberships=members)
        found = [
            (row["school_id"], row["definition"], row["pupils"]) for row in answer(store, "group_definitions")
        ]
        assert found == [("A", "Cares for somebody", 1), ("B", "Helps at home", 0)]


class TestSeveral:
    def test_each_pair_once_with_its_pupils(self, data: Path) -> None:
        twin = PUPIL | {"pupil_id": "2", "eal": True, "more_able": False}
        store = tiny_school(data, pupils=[PUPIL | {"eal": True, "more_able": True}, twin], groups=[CARERS],
                            memberships=[member("2025-09-01"), member("2025-09-01", pupil="2")])  # fmt: skip
        found = {frozenset((row["group_code"], row["other_group_code"])): row["pupils"]
                 for row in answer(store, "group_pairs")}  # fmt: skip
        assert found == {
            frozenset(("carers", "eal")): 2, frozenset(("carers", "more_able")): 1,
            frozenset(("eal", "more_able")): 1,
        }  # fmt: skip

    def test_no_sen_is_no_group_to_plan_for(self, data: Path) -> None:
        store = tiny_school(data, pupils=[PUPIL | {"eal": True, "sen_status": "N"}])
        assert answer(store, "group_pairs") == []

    def test_the_sample_counts_are_those_of_its_pupils(self, sample: Any) -> None:
        pupils = ask("pupil_list", make_filter(sample), sample)["groups"].to_list()
        for row in ask("group_pairs", make_filter(sample), sample).iter_rows(named=True):
            both = [one for one in pupils if row["group_code"] in one and row["other_group_code"] in one]
            assert len(both) == row["pupils"]


class TestOverTheYears:
    def held(self, folder: Path, **rows: Any) -> dict[tuple[str, str], tuple[int, int]]:
        years = [
            {"pupil_id": "1", "academic_year": "2024/25", "year_group": "2", "class": "Oak"},
            {"pupil_id": "1", "academic_year": "2025/26", "year_group": "3", "class": "Oak"},
        ]
        pupils = [PUPIL | {"year_group": "3", "entry_date": day("2021-09-01")}]
        store = tiny_school(folder, pupils=pupils, enrolments=years, groups=[CARERS], **rows)
        return {
            (row["academic_year"], row["key_stage"]): (row["pupils"], row["on_roll"])
            for row in answer(store, "groups_held")
        }

    def test_a_day_in_a_year_is_enough_and_phases_are_those_of_the_year(self, data: Path) -> None:
        found = self.held(data, memberships=[member("2025-08-31", "2025-09-01")])
        assert found == {
            ("2024/25", "all"): (1, 1), ("2024/25", "Key stage 1"): (1, 1),
            ("2025/26", "all"): (1, 1), ("2025/26", "Key stage 2"): (1, 1),
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("end", "years"), [("2025-08-31", {"2024/25"}), ("2025-09-01", {"2024/25", "2025/26"})]
    )
    def test_the_last_day_counts(self, data: Path, end: str, years: set[str]) -> None:
        found = self.held(data, memberships=[member("2024-10-01", end)])
        assert {year for year, _ in found} == years

    def test_what_starts_tomorrow_is_not_counted_yet(self, data: Path) -> None:
        assert self.held(data, memberships=[member("03-04")]) == {}


def test_the_page_shows_a_group_as_soon_as_it_is_defined(data: Path) -> None:
    store = tiny_school(data, pupils=[PUPIL | {"eal": True}])
    save(store, "Ms Oak", [Edit("groups", {"school_id": "school"} | CARERS)])
    app = open_app("groups", as_at=DAY.isoformat())
    assert list(app.dataframe[0].value["group"]) == ["Young carers club", "English as an additional language"]
    assert "says nothing about any one pupil" in words_of(app)
    assert open_store(data).journal == 1
