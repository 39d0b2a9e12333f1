"""How an import merges with what is held: add and update, replace, update only; and what undo restores.

When to write one: for anything that a later import takes away, or leaves alone.
"""

from pathlib import Path
from typing import Any

import pytest

from provmap.__main__ import main
from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview
from provmap.store import keep_import, open_store, read_version, undo
from provmap.store.kept import read_pointer
from provmap.store.rehearsing import rehearse
from tests.tiny import PUPIL, answer, day, rows_of


def bring(folder: Path, dated: str, policy: str = "add and update", **rows: list[dict[str, Any]]) -> Any:
    frames = {name: rows_of(name, some) for name, some in rows.items()}
    return keep_import(folder, rows=frames, sources=[], dated=day(dated), made_by="test", policy=policy)


def contents(folder: Path) -> dict[str, Any]:
    pointer = read_pointer(folder)
    assert pointer is not None
    return dict(read_version(folder, pointer.version)["contents"])


def table(folder: Path, select: str) -> list[tuple[Any, ...]]:
    return open_store(folder).cursor().sql(select).fetchall()


def need(pupil_id: str, code: str, **more: Any) -> dict[str, Any]:
    return {"pupil_id": pupil_id, "need_code": code, "start_date": day("01-05")} | more


def attended(pupil_id: str, start: str, sessions: float, **more: Any) -> dict[str, Any]:
    ends = {"start_date": day(start), "end_date": day(start)}
    return {"pupil_id": pupil_id, "possible": 10.0, "attended": sessions} | ends | more


class TestTheStore:
    def test_a_full_list_drops_the_rows_that_it_does_not_have(self, tmp_path: Path) -> None:
        bring(
            tmp_path, "01-10", needs=[need("1", "SLCN", barrier="words"), need("1", "ASD"), need("2", "MLD")]
        )
        bring(tmp_path, "02-10", "replace", needs=[need("1", "SLCN"), need("3", "HI")])
        # An absent column changes nothing, in a full list too.
        found = table(tmp_path, "select pupil_id, need_code, barrier from store.needs order by all")
        assert found == [("1", "SLCN", "words"), ("3", "HI", None)]

    def test_a_row_that_comes_back_starts_afresh(self, tmp_path: Path) -> None:
        bring(tmp_path, "01-10", needs=[need("1", "SLCN", barrier="words"), need("2", "MLD")])
        bring(tmp_path, "02-10", "replace", needs=[need("2", "MLD")])
        bring(tmp_path, "03-01", needs=[need("1", "SLCN")])
        assert table(tmp_path, "select need_code, barrier from store.needs order by all") == [
            ("MLD", None), ("SLCN", None),
        ]  # fmt: skip

    def test_it_replaces_in_its_own_schools_only(self, tmp_path: Path) -> None:
        here, there = {"school_id": "100001"}, {"school_id": "100002"}
        schools = [here | {"name": "Elm"}, there | {"name": "Oak"}]
        rows = [need("1", "SLCN") | here, need("2", "MLD") | here, need("1", "HI") | there]
        bring(tmp_path, "01-10", schools=schools, needs=rows)
        bring(tmp_path, "02-10", "replace", needs=[need("2", "MLD") | here])
        found = table(tmp_path, "select school_id, pupil_id from store.needs order by all")
        assert found == [("100001", "2"), ("100002", "1")]

    def test_datasets_that_grow_by_the_year_are_replaced_year_by_year(self, tmp_path: Path) -> None:
        before = [
            attended("1", "2025-08-31", 9.0),
            attended("1", "2025-09-01", 8.0),
            attended("1", "01-05", 7.0),
        ]
        bring(tmp_path, "01-10", attendance=before)
        bring(tmp_path, "02-10", "replace", attendance=[attended("1", "01-05", 6.0)])
        found = table(tmp_path, "select start_date, attended from store.attendance order by all")
        assert found == [(day("2025-08-31"), 9.0), (day("01-05"), 6.0)]

    def test_an_assessment_without_a_year_is_of_the_year_of_its_day(self, tmp_path: Path) -> None:
        one = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "value": "100"}
        by_term = {"academic_year": "2025/26", "term": "autumn", "assessed_on": None}
        days = [one | {"assessed_on": day(on)} for on in ("2025-06-01", "2025-10-01", "01-20")]
        bring(tmp_path, "02-01", assessments=[*days, one | by_term])
        bring(tmp_path, "02-10", "replace", assessments=days[2:])
        found = table(tmp_path, "select assessed_on from store.assessments order by all")
        assert found == [(day("2025-06-01"),), (day("01-20"),)]

    def test_a_placement_with_its_own_number_is_known_by_it(self, tmp_path: Path) -> None:
        first = {"placement_id": "7", "pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
        other = first | {"placement_id": None, "pupil_id": "2"}
        bring(tmp_path, "01-10", placements=[first, other])
        bring(tmp_path, "02-10", "replace", placements=[first | {"start_date": day("01-12")}])
        found = table(tmp_path, "select placement_id, start_date from store.placements")
        assert found == [("7", day("01-12"))]

    def test_the_enrolments_of_a_full_roll_stay_beside_those_of_the_same_import(self, tmp_path: Path) -> None:
        moved = {"pupil_id": "1", "academic_year": "2025/26", "year_group": "6", "start_date": day("02-01")}
        bring(tmp_path, "01-10", pupils=[PUPIL, PUPIL | {"pupil_id": "2"}])
        bring(tmp_path, "02-10", "replace", pupils=[PUPIL], enrolments=[moved])
        # Of the year, pupil 2's enrolment is not in the list; pupil 1's own roll is of this same import.
        found = table(tmp_path, "select pupil_id, year_group from store.enrolments order by all")
        assert found == [("1", "5"), ("1", "6")]


class TestAFullRoll:
    TWO = (PUPIL, PUPIL | {"pupil_id": "2", "surname": "Beech"})

    def test_who_is_not_on_it_left_the_day_before_and_past_days_stay(self, tmp_path: Path) -> None:
        bring(tmp_path, "01-10", pupils=[*self.TWO])
        bring(tmp_path, "02-10", "replace", pupils=[PUPIL])
        store = open_store(tmp_path)
        on_roll = {on: [row["pupil_id"] for row in answer(store, "pupil_list", day(on))]
                   for on in ("02-09", "02-10")}  # fmt: skip
        assert on_roll == {"02-09": ["1", "2"], "02-10": ["1"]}

    def test_who_comes_back_is_on_roll_again(self, tmp_path: Path) -> None:
        bring(tmp_path, "01-10", pupils=[*self.TWO])
        bring(tmp_path, "02-10", "replace", pupils=[PUPIL])
        bring(tmp_path, "03-01", pupils=[*self.TWO])
        assert table(tmp_path, "select pupil_id, leaving_date from store.pupils order by all") == [
            ("1", None), ("2", None),
        ]  # fmt: skip

    def test_the_first_of_two_rolls_without_the_pupil_counts(self, tmp_path: Path) -> None:
        bring(tmp_path, "01-10", pupils=[*self.TWO])
        bring(tmp_path, "02-10", "replace", pupils=[PUPIL])
        bring(tmp_path, "03-01", "replace", pupils=[PUPIL | {"class": "Elm"}])
        found = table(tmp_path, "select leaving_date from store.pupils where pupil_id = '2'")
        assert found == [(day("02-09"),)]

    @pytest.mark.parametrize("dates", [{"leaving_date": "2025-12-19"}, {"entry_date": "2026-09-01"}])
    def test_who_left_before_or_is_still_to_come_stays_so(
        self, tmp_path: Path, dates: dict[str, str]
    ) -> None:
        given = {name: day(on) for name, on in dates.items()}
        bring(tmp_path, "01-10", pupils=[PUPIL, self.TWO[1] | given])
        bring(tmp_path, "02-10", "replace", pupils=[PUPIL | {"class": "Elm"}])
        select = "select entry_date, leaving_date from store.pupils where pupil_id = '2'"
        assert table(tmp_path, select) == [(given.get("entry_date"), given.get("leaving_date"))]


def test_undo_restores_exactly_what_was_held(tmp_path: Path) -> None:
    needs, roll = [need("1", "SLCN"), need("2", "MLD")], [*TestAFullRoll.TWO]
    days = [attended("1", "01-05", 9.0), attended("1", "01-12", 8.0)]
    bring(tmp_path, "01-10", pupils=roll, needs=needs, attendance=days)
    before = contents(tmp_path)
    bring(tmp_path, "02-10", "replace", pupils=roll[:1], needs=needs[:1], attendance=days[:1])
    replaced = contents(tmp_path)
    assert {name for name, held in replaced.items() if held != before[name]} >= {
        "pupils",
        "needs",
        "attendance",
    }
    bring(tmp_path, "03-01", needs=needs)
    undo(tmp_path)
    assert contents(tmp_path) == replaced
    undo(tmp_path)
    assert contents(tmp_path) == before


def test_a_rehearsal_shows_what_would_be_and_leaves_all_as_it_was(tmp_path: Path) -> None:
    bring(tmp_path, "01-10", pupils=[*TestAFullRoll.TWO])
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    rows = {"pupils": rows_of("pupils", [PUPIL])}
    with rehearse(tmp_path, rows=rows, dated=day("02-10"), policy="replace") as store:
        assert len(answer(store, "pupil_list")) == 1
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == files
    assert len(answer(open_store(tmp_path), "pupil_list")) == 2


HEAD = "pupil_id,need_code,start_date,barrier"
NEEDS = f"{HEAD}\n1,SLCN,2026-01-05,words\n2,MLD,2026-01-05,\n"


def look(folder: Path, policy: str, dated: str = "02-10", **texts: str) -> Preview:
    sources: Any = [(f"{name}.csv", text.encode()) for name, text in texts.items()]
    return preview(folder, sources, day(dated), policy=policy)


class TestThePreview:
    @pytest.fixture(autouse=True)
    def first(self, data: Path) -> None:
        commit(look(data, "add and update", "01-10", needs=NEEDS), "tester")

    def test_a_policy_that_there_is_not(self, data: Path) -> None:
        with pytest.raises(ImportRefused, match="called overwrite"):
            look(data, "overwrite", needs=NEEDS)

    def test_replace_says_what_it_withdraws(self, data: Path) -> None:
        found = look(data, "replace", needs=f"{HEAD}\n1,SLCN,2026-01-05,words\n")
        assert found.counts["needs"]["withdrawn"] == 1
        assert "needs: 1 row that is held and not in this full list will be withdrawn." in found.notices
        assert not found.changes_nothing
        manifest = commit(found, "tester")
        assert manifest is not None
        assert manifest.policy == "replace"
        assert table(data, "select need_code from store.needs") == [("SLCN",)]

    def test_replace_with_all_that_is_held_changes_nothing(self, data: Path) -> None:
        found = look(data, "replace", needs=NEEDS)
        assert found.changes_nothing
        assert commit(found, "tester") is None

    def test_a_full_roll_lets_pupils_leave(self, data: Path) -> None:
        head = "pupil_id,surname,forename,year_group,leaving_date"
        commit(
            look(data, "add and update", pupils=f"{head}\n1,Ash,Al,5,\n2,Elm,Bo,5,\n3,Oak,Cy,5,2025-12-19\n"),
            "t",
        )
        found = look(data, "replace", pupils="pupil_id,surname,forename,year_group\n1,Ash,Al,5\n")
        assert found.counts["pupils"]["withdrawn"] == 1, "pupil 3 had left before"
        assert "1 pupil on roll is not on this full roll" in found.notices[0]
        commit(found, "tester")
        gone = table(data, "select pupil_id, leaving_date from store.pupils order by all")
        assert gone == [("1", None), ("2", day("02-09")), ("3", day("2025-12-19"))]

    def test_only_the_years_of_the_list_are_counted(self, data: Path) -> None:
        head = "pupil_id,start_date,end_date,possible,attended"
        three = [
            "1,2025-06-02,2025-06-06,10,9",
            "1,2026-01-05,2026-01-09,10,9",
            "1,2026-01-12,2026-01-16,10,9",
        ]
        commit(look(data, "add and update", attendance="\n".join([head, *three])), "tester")
        found = look(data, "replace", attendance="\n".join([head, three[1]]))
        assert found.counts["attendance"]["withdrawn"] == 1

    def test_update_only_leaves_out_and_lists_what_is_new(self, data: Path) -> None:
        found = look(data, "update only", needs=f"{HEAD}\n1,SLCN,2026-01-05,sounds\n3,HI,2026-01-05,\n")
        counts = found.counts["needs"]
        assert (counts["new"], counts["changed"], counts["left_out"]) == (0, 1, 1)
        (listed,) = found.problems.filter(verdict="left out").to_dicts()
        assert (listed["line"], listed["value"]) == (3, "3, HI, 2026-01-05")
        commit(found, "tester")
        held = table(data, "select need_code, barrier from store.needs order by all")
        assert held == [("MLD", None), ("SLCN", "sounds")]


class TestChangedCells:
    def test_old_and_new_side_by_side(self, data: Path) -> None:
        commit(look(data, "add and update", needs=NEEDS), "tester")
        after = f"{HEAD}\n1,SLCN,2026-01-05,\n2,MLD,2026-01-05,number\n"
        found = look(data, "add and update", needs=after)
        assert found.changes.rows() == [
            ("needs", "1, SLCN, 2026-01-05", "barrier", "words", None),
            ("needs", "2, MLD, 2026-01-05", "barrier", None, "number"),
        ]
        assert found.changed_columns == {"needs": {"barrier": 2}}

    def test_values_as_people_read_them_and_blank_flags_left_out(self, data: Path) -> None:
        head = "pupil_id,surname,forename,year_group,fsm,eal"
        commit(look(data, "add and update", pupils=f"{head}\n1,Ash,Al,5,Y,Y\n"), "tester")
        found = look(data, "add and update", pupils=f"{head}\n1,Birch,Al,5,N,\n")
        assert found.changes.select("column", "was", "now").rows() == [
            ("surname", "Ash", "Birch"), ("fsm", "yes", "no"),
        ]  # fmt: skip

    def test_lists_and_numbers(self, data: Path) -> None:
        head = "provision_id,name,tier,need_codes,weeks,start_date"
        commit(look(data, "add and update", provisions=f"{head}\nT,Talk,targeted,SLCN,10,2026-01-05\n"), "t")
        found = look(data, "add and update", provisions=f"{head}\nT,Talk,targeted,SLCN;ASD,12,2026-01-12\n")
        assert found.changes.select("column", "was", "now").rows() == [
            ("need_codes", "SLCN", "SLCN; ASD"), ("weeks", "10", "12"),
            ("start_date", "2026-01-05", "2026-01-12"),
        ]  # fmt: skip


def test_the_command_says_which_rows_an_update_leaves_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "needs.csv"
    file.write_text(NEEDS)
    assert main(["import", str(file)]) == 0
    file.write_text(NEEDS + "3,HI,2026-01-05,\n")
    capsys.readouterr()
    assert main(["import", str(file), "--policy", "update only", "--dry-run"]) == 0
    told = capsys.readouterr().err
    assert "needs: 1 row is new, and is left out, because this import only updates." in told
    assert "needs.csv, line 4" in told
    assert "row left out" in told
