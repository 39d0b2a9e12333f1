"""What an import would do and does: counts, repeats, what a blank clears, whose rows they are."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview, rejected_rows, write_rejected
from provmap.store import list_imports, open_store

DAY = date(2026, 3, 3)
HEAD = "pupil_id,surname,forename,year_group"
Import = Callable[..., Preview]


@pytest.fixture
def look(data: Path) -> Import:
    """Previews files given as name=text, with options after them."""

    def previewed(dated: date = DAY, blank_flags: str = "not supplied", school_id: str | None = None,
                  **texts: str) -> Preview:  # fmt: skip
        sources: list[Path | tuple[str, bytes]] = [
            (f"{name}.csv", text.encode()) for name, text in texts.items()
        ]
        return preview(data, sources, dated, blank_flags, school_id=school_id)

    return previewed


@pytest.fixture
def bring(look: Import) -> Import:
    """Previews and makes an import."""

    def made(**words: str) -> Preview:
        found = look(**words)
        commit(found, "tester")
        return found

    return made


def counts(found: Preview, dataset: str) -> tuple[int, ...]:
    """Read, new, changed, unchanged, missing, rejected."""
    return tuple(found.counts[dataset].values())


def held(data: Path, question: str) -> list[tuple[object, ...]]:
    return open_store(data).cursor().sql(question).fetchall()


class TestCounts:
    def test_new_changed_unchanged_missing_rejected(self, look: Import, bring: Import) -> None:
        bring(pupils=f"{HEAD}\np1,Ash,Al,5\np2,Elm,Bo,5\np3,Oak,Cy,5\n")
        found = look(pupils=f"{HEAD}\np1,Ash,Al,5\np2,Elm,Bo,6\np4,Yew,Di,5\np5,Fir,Ed,99\n")
        # p4 is new, p2 has another year, p1 stands, p3 is not in the file, p5 has no such year.
        assert counts(found, "pupils") == (4, 1, 1, 1, 1, 1)

    def test_an_identical_repeat_counts_as_unchanged(self, look: Import) -> None:
        found = look(pupils=f"{HEAD}\np1,Ash,Al,5\np1,Ash,Al,5\np1,Ash,Al,5\n")
        assert counts(found, "pupils") == (3, 1, 0, 2, 0, 0)
        assert found.rows["pupils"].height == 1

    def test_the_first_of_two_that_differ_is_kept(self, look: Import) -> None:
        found = look(pupils=f"{HEAD}\np1,Ash,Al,5\np2,Elm,Bo,5\np1,Ash,Al,6\np1,Ash,Al,5\n")
        assert counts(found, "pupils") == (4, 2, 0, 1, 0, 1)
        assert found.rows["pupils"]["year_group"].to_list() == ["5", "5"]
        (problem,) = found.problems.to_dicts()
        assert (problem["line"], problem["value"]) == (4, "p1")
        assert problem["remedy"] == "The first is line 2 of pupils.csv. Keep the right one."

    def test_read_is_the_sum_of_the_others(self, look: Import) -> None:
        found = look(
            pupils=f"{HEAD}\np1,Ash,Al,5\np1,Ash,Al,5\np1,Ash,Al,6\np2,,Bo,5\np3,Oak\n",
            needs="pupil_id,need_code\np1,SLCN\np9,x\n,y\n",
        )
        for counted in found.counts.values():
            parts = (counted["new"], counted["changed"], counted["unchanged"], counted["rejected"])
            assert counted["read"] == sum(parts)

    def test_a_placement_is_known_by_its_own_identifier_where_it_has_one(
        self, look: Import, bring: Import
    ) -> None:
        head = "placement_id,pupil_id,provision_id,start_date"
        bring(placements=f"{head}\na,p1,r1,2026-01-05\n,p1,r2,2026-01-05\n")
        found = look(
            placements=f"{head}\na,p1,r1,2026-01-06\n,p1,r2,2026-01-05\n,p1,r2,2026-01-06\nb,p1,r1,2026-01-05\n"
        )
        # a has moved; the one without identifier stands; the same on another day, and b, are new.
        assert counts(found, "placements") == (4, 2, 1, 1, 0, 0)

    def test_an_undated_need_stays_the_same_need(self, look: Import, bring: Import) -> None:
        needs = "pupil_id,need_code,start_date\np1,SLCN,\np1,ASD,2026-01-05\n"
        bring(pupils=f"{HEAD}\np1,Ash,Al,5\n", needs=needs)
        assert counts(look(needs=needs), "needs") == (2, 0, 0, 2, 0, 0)

    def test_an_enrolment_from_the_first_of_september_is_one_without_a_start(
        self, look: Import, bring: Import
    ) -> None:
        head = "pupil_id,academic_year,year_group,start_date"
        bring(enrolments=f"{head}\np1,2025/26,5,\n")
        found = look(enrolments=f"{head}\np1,2025/26,5,2025-09-01\n")
        assert found.counts["enrolments"]["new"] == 0


class TestMerging:
    def test_a_missing_column_changes_nothing(self, data: Path, bring: Import) -> None:
        bring(pupils=f"{HEAD},class\np1,Ash,Al,5,Oak\n")
        found = bring(pupils=f"{HEAD}\np1,Ash,Al,6\n")
        assert counts(found, "pupils") == (1, 0, 1, 0, 0, 0)
        assert held(data, "select year_group, class from store.pupils") == [("6", "Oak")]

    def test_a_blank_clears(self, data: Path, bring: Import) -> None:
        bring(pupils=f"{HEAD},class\np1,Ash,Al,5,Oak\n")
        found = bring(pupils=f"{HEAD},class\np1,Ash,Al,5,\n")
        assert counts(found, "pupils") == (1, 0, 1, 0, 0, 0)
        assert held(data, "select class from store.pupils") == [(None,)]

    def test_a_blank_flag_that_was_not_supplied_leaves_what_is_held(self, data: Path, bring: Import) -> None:
        bring(pupils=f"{HEAD},fsm,sen_status\np1,Ash,Al,5,Y,K\n")
        found = bring(pupils=f"{HEAD},fsm,sen_status\np1,Ash,Al,5,,\n")
        assert found.changes_nothing
        assert held(data, "select fsm, sen_status from store.pupils") == [(True, "K")]

    def test_a_blank_flag_that_means_no(self, data: Path, bring: Import) -> None:
        bring(pupils=f"{HEAD},fsm,sen_status\np1,Ash,Al,5,Y,K\n")
        found = bring(pupils=f"{HEAD},fsm,sen_status\np1,Ash,Al,5,,\n", blank_flags="no")
        assert counts(found, "pupils") == (1, 0, 1, 0, 0, 0)
        assert held(data, "select fsm, sen_status from store.pupils") == [(False, "N")]

    def test_a_blank_flag_means_one_of_two_things(self, look: Import) -> None:
        with pytest.raises(ImportRefused, match="cannot mean perhaps"):
            look(pupils=f"{HEAD}\np1,Ash,Al,5\n", blank_flags="perhaps")

    def test_two_files_of_one_dataset_go_together(self, look: Import) -> None:
        found = look(pupils=f"{HEAD}\np1,Ash,Al,5\n", year_six=f"{HEAD}\np2,Elm,Bo,6\np1,Ash,Al,6\n")
        assert counts(found, "pupils") == (3, 2, 0, 0, 0, 1)
        assert found.problems["file"].to_list() == ["year_six.csv"]
        assert "line 2 of pupils.csv" in found.problems["remedy"][0]


class TestSchools:
    def test_rows_without_a_school_belong_to_the_only_one(self, data: Path, bring: Import) -> None:
        bring(schools="school_id,name\n100001,Elm Primary\n", pupils=f"{HEAD}\np1,Ash,Al,5\n")
        found = bring(pupils=f"{HEAD}\np1,Ash,Al,6\n")
        assert counts(found, "pupils") == (1, 0, 1, 0, 0, 0)
        assert held(data, "select school_id, year_group from store.pupils") == [("100001", "6")]

    def test_a_school_that_is_named_later_is_the_one_there_was(self, data: Path, bring: Import) -> None:
        bring(pupils=f"{HEAD}\np1,Ash,Al,5\n")
        found = bring(
            schools="school_id,name\n100001,Elm Primary\n", pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,6\n"
        )
        assert counts(found, "pupils") == (1, 0, 1, 0, 0, 0)
        assert held(data, "select school_id, year_group from store.pupils") == [("100001", "6")]

    def test_with_several_schools_a_row_must_name_its_own(self, look: Import, bring: Import) -> None:
        bring(
            schools="school_id,name\n100001,Elm\n100002,Oak\n",
            pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,5\n",
        )
        found = look(pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,5\n,p2,Elm,Bo,5\n")
        assert counts(found, "pupils") == (2, 0, 0, 1, 0, 1)
        assert "several schools are held" in found.problems["expected"][0]

    def test_a_school_can_be_chosen_for_the_whole_import(self, data: Path, bring: Import) -> None:
        bring(schools="school_id,name\n100001,Elm\n100002,Oak\n")
        bring(pupils=f"{HEAD}\np1,Ash,Al,5\n", school_id="100002")
        assert held(data, "select school_id from store.pupils") == [("100002",)]

    def test_the_same_identifier_in_two_schools_is_two_pupils(self, look: Import) -> None:
        found = look(pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,5\n100002,p1,Elm,Bo,6\n")
        assert counts(found, "pupils") == (2, 2, 0, 0, 0, 0)

    def test_only_the_schools_of_the_file_can_miss_rows(self, look: Import, bring: Import) -> None:
        bring(pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,5\n100001,p2,Elm,Bo,5\n100002,p3,Oak,Cy,5\n")
        found = look(pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,5\n")
        assert counts(found, "pupils") == (1, 0, 0, 1, 1, 0)


def test_a_school_with_another_name_is_shown_by_its_identifier(look: Import, bring: Import) -> None:
    bring(schools="school_id,name\n100001,Oak Primary\n", pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,5\n")
    found = look(schools="school_id,name\n100001,Oak Academy\n")
    (cells,) = (frame.to_dicts() for frame in found.changed_cells)
    assert cells == [
        {"dataset": "schools", "key": "100001", "column": "name", "was": "Oak Primary", "now": "Oak Academy"}
    ]
    commit(found, "tester")


def packed(**columns: object) -> bytes:
    file = io.BytesIO()
    rows = {"pupil_id": ["007"], "forename": ["Al"], "year_group": ["5"], **columns}
    pl.DataFrame(rows).write_parquet(file)
    return file.getvalue()


def test_parquet_with_tables_in_its_cells_is_refused_by_heading(data: Path) -> None:
    for cell in ({"a": 1}, [["x"]], b"x"):
        with pytest.raises(ImportRefused, match=r"pupils.parquet has cells that hold tables.*in surname"):
            preview(data, [("pupils.parquet", packed(surname=[cell]))], DAY)


def test_a_list_in_a_parquet_column_of_text_is_read_as_its_words(data: Path) -> None:
    commit(preview(data, [("pupils.parquet", packed(surname=[["Ash", "Elm"]]))], DAY), "tester")
    assert open_store(data).cursor().sql("select surname from store.pupils").fetchall() == [("Ash;Elm",)]


class TestReferences:
    def test_an_unknown_name_is_kept_and_listed_once(self, look: Import) -> None:
        found = look(
            pupils=f"{HEAD}\np1,Ash,Al,5\n",
            needs="pupil_id,need_code\np9,SLCN\np1,SLCN\np9,ASD\n",
        )
        assert counts(found, "needs") == (3, 3, 0, 0, 0, 0)
        (problem,) = found.problems.to_dicts()
        assert (problem["line"], problem["value"], problem["verdict"]) == (2, "p9", "notice")
        assert problem["remedy"].startswith("2 rows name it, and are kept")

    def test_what_is_held_or_shipped_is_known(self, look: Import, bring: Import) -> None:
        bring(pupils=f"{HEAD}\np1,Ash,Al,5\n", need_codes="need_code,name,area\nOWN,Our own,Our area\n")
        found = look(needs="pupil_id,need_code\np1,own\np1,OWN\np1,slcn\np1,elsewhere\n")
        assert found.problems["value"].to_list() == ["own", "elsewhere"]

    def test_an_area_of_the_schools_own_is_known_in_letters_of_any_case(self, look: Import) -> None:
        found = look(
            need_codes="need_code,name,area\nANX,Anxiety,Our Own Area\n",
            provisions="provision_id,name,tier,need_codes\nT1,Calm,targeted,OUR OWN AREA\n"
            "T2,Calmer,targeted,our own area;another area\n",
        )
        assert found.problems["value"].to_list() == ["another area"]

    def test_a_pupil_of_another_school_is_unknown(self, look: Import, bring: Import) -> None:
        bring(pupils=f"school_id,{HEAD}\n100001,p1,Ash,Al,5\n100002,p2,Elm,Bo,5\n")
        found = look(needs="school_id,pupil_id,need_code\n100001,p1,SLCN\n100001,p2,SLCN\n")
        assert found.problems["value"].to_list() == ["p2"]


class TestRejectedRows:
    TEXT = "Pupil ID,Surname,Forename,Year Group,House\n1,Ash,Al,5,Red\n2,=Elm,Bo,99,Red\n3,Oak\n"

    def test_come_in_the_columns_of_the_file_with_line_and_reason(self, look: Import) -> None:
        (rows,) = rejected_rows(look(pupils=self.TEXT)).values()
        assert rows.columns == ["Pupil ID", "Surname", "Forename", "Year Group", "House", "line", "problem"]
        assert rows["line"].to_list() == [3, 4]
        assert rows["problem"].to_list() == [
            "Year Group: expected a year group: E1, E2, N1, N2, R, 1 to 14, M (mixed) or X (none)",
            "expected 5 cells, as in the heading line; this line has 2",
        ]

    def test_are_written_where_they_are_wanted_and_can_be_read_again(
        self, look: Import, data: Path, tmp_path: Path
    ) -> None:
        (path,) = write_rejected(look(pupils=self.TEXT), tmp_path / "here")
        assert path == tmp_path / "here" / "pupils_rejected.csv"
        text = path.read_text(encoding="utf-8-sig")
        assert "'=Elm" in text, "a spreadsheet must not run it"
        path.write_text(text.replace(",99,", ",6,"), encoding="utf-8")
        again = preview(data, [path], DAY)
        assert again.rows["pupils"]["surname"].to_list() == ["=Elm"]

    def test_none_of_a_file_without_fault(self, look: Import, tmp_path: Path) -> None:
        assert write_rejected(look(pupils=f"{HEAD}\np1,Ash,Al,5\n"), tmp_path / "here") == []
        assert not (tmp_path / "here").exists()


class TestCommit:
    def test_the_record_has_counts_and_no_value_of_a_pupil(self, data: Path, bring: Import) -> None:
        bring(
            pupils=f"{HEAD}\np1,Ash,Al,5\nsecret,Elm,Hidden,99\n", needs="pupil_id,need_code\nunheard,SLCN\n"
        )
        (manifest,) = list_imports(data)
        assert manifest.counts["pupils"]["rejected"] == 1
        assert [problem["rows"] for problem in manifest.problems] == [1, 1]
        assert not any(word in str(manifest) for word in ("secret", "Hidden", "unheard"))

    def test_nothing_good_is_nothing_to_import(self, data: Path, look: Import) -> None:
        found = look(pupils=f"{HEAD}\np1,Ash,Al,99\n")
        with pytest.raises(ImportRefused, match="No row"):
            commit(found, "tester")
        assert list_imports(data) == []

    def test_the_same_roll_in_a_new_year_is_news(self, data: Path, bring: Import) -> None:
        bring(pupils=f"{HEAD}\np1,Ash,Al,5\n")
        found = bring(pupils=f"{HEAD}\np1,Ash,Al,5\n", dated=date(2026, 9, 7))
        assert found.changes_nothing
        years = held(data, "select academic_year from store.enrolments order by all")
        assert years == [("2025/26",), ("2026/27",)]

    def test_the_sample_school_is_not_held(self, look: Import) -> None:
        found = look(pupils=f"{HEAD}\np1,Ash,Al,5\n")
        assert counts(found, "pupils") == (1, 1, 0, 0, 0, 0)

    def test_progress_goes_from_nothing_to_all(self, data: Path) -> None:
        told: list[tuple[str, float]] = []
        found = preview(data, [("pupils.csv", f"{HEAD}\np1,Ash,Al,5\n".encode())], DAY,
                        progress=lambda words, done: told.append((words, done)))  # fmt: skip
        assert told[0] == ("Reading pupils.csv", 0)
        assert all(0 <= done <= 1 for _, done in told)
        assert found.rows["pupils"].schema["pupil_id"] == pl.String


def test_an_exit_before_the_entry_is_rejected_with_what_to_do(look: Import) -> None:
    head = "pupil_id,provision_id,start_date,entry_date,exit_date\n"
    rows = "p1,T,2025-09-08,2025-09-08,2025-09-08\np1,T,2026-01-05,2026-01-06,2026-01-05\n"
    found = look(
        pupils=f"{HEAD}\np1,Ash,Al,5\n",
        provisions="provision_id,name,tier\nT,Talk,targeted\n",
        placements=head + rows,
    )
    (told,) = found.problems.filter(dataset="placements").to_dicts()
    assert (told["line"], told["verdict"]) == (3, "rejected")
    assert told["expected"] == "exit_date must be on or after entry_date"
    assert told["remedy"] == "Mend the row and import it again."


def test_attendance_that_shares_days_within_one_file_is_an_alarm(look: Import) -> None:
    rows = (
        "p1,2025-09-01,2025-12-19,100,80\np1,2025-09-02,2025-10-24,60,60\np2,2025-09-01,2025-12-19,100,90\n"
    )
    found = look(
        pupils=f"{HEAD}\np1,Ash,Al,5\np2,Elm,Bo,5\n",
        attendance=f"pupil_id,start_date,end_date,possible,attended\n{rows}",
    )
    (alarm,) = found.alarms
    assert "Attendance of 1 pupil would count twice" in alarm.sentence
