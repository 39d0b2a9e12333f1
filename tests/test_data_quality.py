"""The checks of the records: each on a school small enough to see, and every count as long as its list.

When to write one: for a new check, and for what it must not find.
"""

from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store, keep_import, open_store
from tests.test_pages import open_app, words_of
from tests.tiny import CLASS, PUPIL, TALK, answer, day, rows_of, tiny_school

KIT = PUPIL | {"pupil_id": "2", "surname": "Elm", "forename": "Kit", "class": "Beech"}
TALKING = {"pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
READ = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "value": "100"}


def found(store: Store, check: str, **choices: Any) -> list[tuple[Any, ...]]:
    """Pupil, provision and sentence of a check's findings, which its count must agree with."""
    rows = [row for row in answer(store, "data_quality_rows", **choices) if row["check"] == check]
    assert counted(store, check, **choices)[0] == len(rows)
    return [(row["pupil_id"], row["provision_id"], row["what"]) for row in rows]


def counted(store: Store, check: str, **choices: Any) -> tuple[int, int]:
    (row,) = [row for row in answer(store, "data_quality", **choices) if row["check"] == check]
    return row["findings"], row["out_of"]


class TestProvisionInPlace:
    def test_no_end_and_no_review(self, tmp_path: Path) -> None:
        store = tiny_school(
            tmp_path, pupils=[PUPIL, KIT], provisions=[TALK, CLASS],
            placements=[
                TALKING,
                TALKING | {"start_date": day("01-06"), "expected_end_date": day("04-01")},
                TALKING | {"start_date": day("01-07"), "end_date": day("04-01")},
                TALKING | {"start_date": day("01-08"), "end_date": day("03-02")},
                TALKING | {"start_date": day("03-04")},
                TALKING | {"pupil_id": "2"},
                TALKING | {"pupil_id": "2", "provision_id": "C"},
            ],
            reviews=[
                {"pupil_id": "2", "provision_id": "T", "reviewed_on": day("02-01")},
                {"pupil_id": None, "provision_id": "C", "reviewed_on": day("02-01")},
            ],
        )  # fmt: skip
        # Two have an end, one has ended, one is to come, one was reviewed for its pupil.
        assert [row[:2] for row in found(store, "no_end_no_review")] == [("2", "C"), ("1", "T")]
        assert counted(store, "no_end_no_review") == (2, 1 + 2 + 2)
        assert [row[:2] for row in found(store, "no_end_no_review", classes=["Oak"])] == [("1", "T")]

    def test_purpose_not_recorded(self, tmp_path: Path) -> None:
        bare = {"provision_id": "B", "name": "Bricks", "tier": "targeted"}
        store = tiny_school(
            tmp_path, provisions=[TALK, bare],
            placements=[TALKING, TALKING | {"provision_id": "B"},
                        TALKING | {"provision_id": "B", "start_date": day("01-06"), "need_codes": ["ASD"]}],
        )  # fmt: skip
        assert [row[:2] for row in found(store, "purpose_not_recorded")] == [("1", "B")]
        assert counted(store, "purpose_not_recorded") == (1, 3)

    def test_not_described(self, tmp_path: Path) -> None:
        store = tiny_school(
            tmp_path, provisions=[TALK],
            placements=[TALKING, TALKING | {"provision_id": "X"},
                        TALKING | {"provision_id": "X", "start_date": day("01-06")}],
        )  # fmt: skip
        assert found(store, "unknown_provision") == [
            (None, "X", "Named by 2 pupils' provision; no row describes it.")
        ]
        assert counted(store, "unknown_provision") == (1, 2)


def test_provisions_without_lead_or_measure(tmp_path: Path) -> None:
    led = TALK | {"lead": "Ms Bell", "qualitative_measure": "talks in class"}
    over = CLASS | {"provision_id": "O", "end_date": day("03-02")}
    store = tiny_school(tmp_path, provisions=[led, CLASS, over])
    assert found(store, "provision_without_lead") == [(None, "C", "Nobody leads Clear words.")]
    assert [row[1] for row in found(store, "provision_without_measure")] == ["C"]
    assert counted(store, "provision_without_measure") == (1, 2)


def test_needs_without_a_date(tmp_path: Path) -> None:
    need = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("01-05")}
    undated = {"pupil_id": "1", "need_code": "MLD", "start_date": None}
    over = {"pupil_id": "1", "need_code": "HI", "start_date": None, "end_date": day("03-02")}
    store = tiny_school(
        tmp_path, pupils=[PUPIL | {"entry_date": day("2025-09-01")}], needs=[need, undated, over]
    )
    assert found(store, "need_without_date") == [("1", None, "MLD is taken to have begun on 1 Sep 2025.")]
    assert counted(store, "need_without_date") == (1, 2)


class TestScores:
    def test_none_this_term(self, tmp_path: Path) -> None:
        pupils = [PUPIL | {"pupil_id": str(number)} for number in range(1, 6)]
        store = tiny_school(
            tmp_path, pupils=pupils,
            assessments=[
                # Spring began on 1 January; an absence is no score; a later day is not yet.
                READ | {"assessed_on": day("01-01")},
                READ | {"pupil_id": "2", "assessed_on": day("2025-12-31")},
                READ | {"pupil_id": "3", "assessed_on": day("01-20"), "value": "absent"},
                READ | {"pupil_id": "4", "assessed_on": day("03-04")},
                READ | {"pupil_id": "5", "assessed_on": None, "academic_year": "2025/26", "term": "spring"},
            ],
        )  # fmt: skip
        rows = found(store, "not_assessed_this_term")
        assert [row[0] for row in rows] == ["2", "3", "4"]
        assert rows[0][2] == "No score in the spring term, which began on 1 Jan 2026."
        assert counted(store, "not_assessed_this_term") == (3, 5)

    def test_nought_after_a_score(self, tmp_path: Path) -> None:
        def score(value: str, on: str, **more: str) -> dict[str, Any]:
            return READ | {"value": value, "assessed_on": day(on)} | more

        store = tiny_school(
            tmp_path,
            assessments=[
                score("0", "2025-10-01"), score("98", "2025-11-01"), score("0", "02-01"), score("0", "03-04"),
                score("0", "02-01", subject="mathematics"), score("40", "01-05", scale="our own"),
                score("12", "01-05", scale="SDQ total"), score("0", "02-05", scale="SDQ total"),
            ],
        )  # fmt: skip
        # Not the first, which nothing came before; not a later day; not where less is better.
        assert found(store, "sudden_zero") == [
            ("1", None, "Nought in reading (standardised) on 1 Feb 2026, after a score of 98.")
        ]
        assert counted(store, "sudden_zero") == (1, 7)


def test_twice_in_one_group(tmp_path: Path) -> None:
    chess = {"pupil_id": "1", "group_code": "chess"}
    store = tiny_school(
        tmp_path, pupils=[PUPIL, KIT],
        memberships=[
            chess | {"start_date": day("2025-09-01"), "end_date": day("01-31")},
            chess | {"start_date": day("01-31"), "end_date": None},
            # One ends the day before the other starts.
            chess | {"pupil_id": "2", "start_date": day("2025-09-01"), "end_date": day("01-31")},
            chess | {"pupil_id": "2", "start_date": day("02-01"), "end_date": None},
            # It will overlap, and has not begun.
            chess | {"pupil_id": "2", "start_date": day("03-04"), "end_date": None},
        ],
    )  # fmt: skip
    assert found(store, "overlapping_group") == [
        ("1", None, "In chess twice from 31 Jan 2026 to 31 Jan 2026.")
    ]
    assert counted(store, "overlapping_group") == (1, 4)


def test_attendance_of_the_same_days_twice(tmp_path: Path) -> None:
    span = {"pupil_id": "1", "possible": 100, "attended": 80}
    store = tiny_school(
        tmp_path, pupils=[PUPIL, KIT],
        attendance=[
            span | {"start_date": day("2025-09-01"), "end_date": day("2025-12-19")},
            span | {"start_date": day("2025-09-02"), "end_date": day("2025-10-24")},
            # One ends the day before the other starts; the last has not begun.
            span | {"pupil_id": "2", "start_date": day("2025-09-01"), "end_date": day("2025-10-24")},
            span | {"pupil_id": "2", "start_date": day("2025-10-25"), "end_date": day("04-01")},
            span | {"pupil_id": "2", "start_date": day("03-04"), "end_date": day("03-20")},
        ],
    )  # fmt: skip
    assert found(store, "attendance_twice") == [
        ("1", None, "Sessions from 2 Sep 2025 to 24 Oct 2025 are in the span from 1 Sep 2025 too.")
    ]
    assert counted(store, "attendance_twice") == (1, 4)


def test_results_of_a_year_of_which_no_year_group_is_held(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path, pupils=[PUPIL, KIT],
        enrolments=[{"pupil_id": "1", "academic_year": "2024/25", "year_group": "4"}],
        assessments=[READ | {"pupil_id": one, "assessed_on": day(on)} for one in "12"
                     for on in ("2025-06-01", "2025-06-02", "02-01")],
    )  # fmt: skip
    assert found(store, "year_group_not_held") == [
        (
            "2",
            None,
            "Results of 2024/25 without an enrolment of that year: judged by today's year group.",
        )
    ]
    assert counted(store, "year_group_not_held") == (1, 4)


def test_results_that_count_from_a_day_after_the_pupil_left(tmp_path: Path) -> None:
    undated = READ | {"assessed_on": None, "academic_year": "2024/25", "term": "summer"}
    store = tiny_school(
        tmp_path, pupils=[PUPIL | {"leaving_date": day("2025-07-18")}, KIT],
        assessments=[undated, undated | {"pupil_id": "2"}, READ | {"assessed_on": day("2025-07-19")}],
    )  # fmt: skip
    assert found(store, "result_after_leaving") == [
        ("1", None, "reading (standardised) of the summer term 2024/25 counts from 31 Aug 2025; the pupil "
                    "left on 18 Jul 2025.")
    ]  # fmt: skip
    assert counted(store, "result_after_leaving") == (1, 2)


def test_numbers_that_no_roll_has(tmp_path: Path) -> None:
    need = {"pupil_id": "9", "need_code": "SLCN", "start_date": day("01-05")}
    store = tiny_school(
        tmp_path, provisions=[TALK], needs=[need, need | {"need_code": "MLD"}],
        placements=[TALKING, TALKING | {"pupil_id": "9"}], assessments=[READ | {"assessed_on": day("02-01")}],
    )  # fmt: skip
    assert found(store, "unknown_pupil") == [
        ("9", None, "Named by 1 row of placements; no roll has this number."),
        ("9", None, "Named by 2 rows of needs; no roll has this number."),
    ]
    assert counted(store, "unknown_pupil") == (2, 4)


def test_of_the_schools_that_are_chosen(tmp_path: Path) -> None:
    here, there = {"school_id": "100001"}, {"school_id": "100002"}
    rows = {
        "schools": [here | {"name": "Elm"}, there | {"name": "Oak"}],
        "pupils": [PUPIL | here, PUPIL | there],
        "provisions": [TALK | here, TALK | there],
        "needs": [{"pupil_id": "9", "need_code": "MLD", "start_date": day("01-05")} | there],
    }
    frames = {name: rows_of(name, some) for name, some in rows.items()}
    keep_import(tmp_path, rows=frames, sources=[], dated=day("01-10"), made_by="test")
    store = open_store(tmp_path)
    assert (len(found(store, "unknown_pupil")), len(found(store, "provision_without_lead"))) == (1, 2)
    at_elm = {"schools": ["100001"]}
    assert found(store, "unknown_pupil", **at_elm) == []
    assert len(found(store, "provision_without_lead", **at_elm)) == 1


def test_how_complete_a_dataset_is(tmp_path: Path) -> None:
    need = {"pupil_id": "1", "need_code": "SLCN", "start_date": None, "barrier": "words"}
    store = tiny_school(tmp_path, needs=[need, need | {"need_code": "MLD", "barrier": None}])
    needs = next(row for row in answer(store, "data_quality_datasets") if row["dataset"] == "needs")
    # school, pupil and code in both rows, a barrier in one; no start was written down.
    assert (needs["rows"], needs["columns_in_use"], needs["filled_share"]) == (2, 4, 7 / 8)
    assert needs["patchy"] == ["barrier (50%)"]


@pytest.mark.parametrize("choices", [{}, {"year_groups": ["5"]}, {"groups": ["pupil_premium"]}])
def test_every_count_is_as_long_as_its_list(sample: Store, choices: dict[str, Any]) -> None:
    filter = make_filter(sample, **choices)
    lengths = dict(ask("data_quality_rows", filter, sample)["check"].value_counts().iter_rows())
    checks = ask("data_quality", filter, sample)
    assert {
        name: number for name, number in checks.select("check", "findings").iter_rows() if number
    } == lengths
    assert checks.filter(checks["findings"] > checks["out_of"]).is_empty()


class TestThePage:
    def test_shows_the_list_of_a_check(self, sample: Store) -> None:
        app = open_app("data_quality")
        app.selectbox(key="check_any").set_value("not_assessed_this_term").run()
        assert not app.exception
        assert "nobody can say whether they are on track" in words_of(app)
        assert "By class: " in words_of(app)
        assert len(app.dataframe[1].value) == 1

    def test_says_which_file_a_dataset_is_from(self, data: Path) -> None:
        tiny_school(data)
        datasets = open_app("data_quality").dataframe[-1].value.set_index("dataset")
        assert datasets.loc["Pupils", "sources"] == "rows.csv"
        assert datasets.loc["Years and classes of pupils", "sources"] == "rows.csv"
