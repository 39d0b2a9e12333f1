"""What people write: it counts as what was imported does, nothing is lost, and nobody overwrites silently."""

import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from provmap import journal
from provmap.errors import Overwritten, UsageError
from provmap.journal import Writing
from provmap.store import (
    Edit,
    Store,
    entries_of,
    keep_import,
    open_store,
    rows_to_edit,
    save,
    take_back,
    written_conflicts,
)
from provmap.ui.written import when
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, day, rows_of, tiny_school

HAS_TALK = {"pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
NEEDS_TALK = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("01-05")}


def state(folder: Path) -> list[str]:
    return [row["state"] for row in answer(open_store(folder), "coverage")]


def write(folder: Path, dataset: str, subject: str = "", seen: int = 0, **now: object) -> None:
    save(open_store(folder), "Ms Oak", [Edit(dataset, {"school_id": "school"} | now, subject, seen)])


@pytest.fixture
def school(data: Path) -> Path:
    tiny_school(data, needs=[NEEDS_TALK], provisions=[TALK, CLASS])
    return data


class TestWritten:
    def test_a_new_placement_counts_at_once(self, school: Path) -> None:
        assert state(school) == ["unmet"]
        write(school, "placements", **HAS_TALK)
        assert state(school) == ["covered"]
        assert [row["provision"] for row in answer(open_store(school), "provision_list")] == ["Talk"]

    def test_an_end_counts_from_the_day_after(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        write(school, "placements", row["row_key"], row["row_version"], end_date=DAY)
        assert state(school) == ["covered"]
        assert [row["state"] for row in answer(open_store(school), "coverage", day("03-04"))] == ["lapsed"]

    def test_what_was_written_can_be_taken_out_and_entered_again(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        take_back(open_store(school), "Ms Oak", "placements", row["row_key"], row["row_version"])
        assert state(school) == ["unmet"]
        write(school, "placements", **HAS_TALK)
        assert state(school) == ["covered"]

    def test_a_need_ends(self, school: Path) -> None:
        row = rows_to_edit(open_store(school), "needs", pupil_id="1").row(0, named=True)
        assert row["row_version"] == 0
        write(school, "needs", row["row_key"], 0, end_date=day("02-01"))
        assert state(school) == []

    def test_an_undated_need_keeps_its_start(self, data: Path) -> None:
        tiny_school(data, needs=[{"pupil_id": "1", "need_code": "SLCN"}], provisions=[TALK])
        row = rows_to_edit(open_store(data), "needs", pupil_id="1").row(0, named=True)
        write(data, "needs", row["row_key"], 0, barrier="Cannot hear at the back")
        found = answer(open_store(data), "coverage")
        assert [(row["barrier"], row["is_start_recorded"]) for row in found] == [
            ("Cannot hear at the back", False)
        ]

    def test_a_provision_changed_changes_what_its_placements_address(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        row = rows_to_edit(open_store(school), "provisions", provision_id="T").row(0, named=True)
        write(
            school,
            "provisions",
            row["row_key"],
            row["row_version"],
            need_codes=["SEMH"],
            name="Talk together",
        )
        assert state(school) == ["unmet"]
        assert [row["provision"] for row in answer(open_store(school), "provision_list")] == ["Talk together"]

    def test_a_membership_of_a_few_weeks(self, school: Path) -> None:
        write(school, "groups", group_code="bereaved", name="Bereaved")
        write(
            school, "memberships", pupil_id="1", group_code="bereaved", start_date=day("02-01"), end_date=DAY
        )
        assert len(answer(open_store(school), "coverage", DAY, groups=["bereaved"])) == 1
        assert answer(open_store(school), "coverage", day("03-04"), groups=["bereaved"]) == []

    def test_a_threshold_holds_from_its_day(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        save(
            open_store(school),
            "Head",
            [Edit("settings", {"name": "review_after", "from_date": DAY, "value": 30.0})],
        )

        def overdue(on: str) -> list[bool]:
            rows = answer(open_store(school), "provision_list", day(on))
            return [row["overdue_for_review"] for row in rows]

        assert (overdue("03-02"), overdue("03-03")) == ([False], [True])


def conflicts(folder: Path) -> list[tuple[str, str, str]]:
    found = written_conflicts(open_store(folder))
    return list(found.select("column_name", "imported", "written").iter_rows())


class TestImports:
    def again(self, folder: Path, **columns: object) -> None:
        rows = {"placements": rows_of("placements", [HAS_TALK | columns])}
        keep_import(folder, rows=rows, sources=[], dated=DAY, made_by="test")

    @pytest.fixture
    def edited(self, school: Path) -> Path:
        self.again(school, end_date=None, note=None)
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        write(school, "placements", row["row_key"], 0, end_date=day("02-01"))
        return school

    def test_an_edit_survives_an_import_that_says_the_same_as_before(self, edited: Path) -> None:
        self.again(edited, end_date=None, note="new")
        assert state(edited) == ["lapsed"]
        assert rows_to_edit(open_store(edited), "placements", pupil_id="1")["note"].to_list() == ["new"]
        assert conflicts(edited) == []

    def test_an_import_that_changes_that_field_counts_and_both_are_shown(self, edited: Path) -> None:
        self.again(edited, end_date=day("07-01"))
        assert state(edited) == ["covered"]
        assert conflicts(edited) == [("end_date", "2026-07-01", "2026-02-01")]

    def test_an_import_that_says_what_was_written_is_no_conflict(self, edited: Path) -> None:
        self.again(edited, end_date=day("02-01"))
        assert (state(edited), conflicts(edited)) == (["lapsed"], [])

    def test_a_written_row_that_an_import_brings_too_is_one_row(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        self.again(school)
        assert len(answer(open_store(school), "provision_list")) == 1


class TestTakenOut:
    def again(self, folder: Path, **columns: object) -> None:
        rows = {"placements": rows_of("placements", [HAS_TALK | columns])}
        keep_import(folder, rows=rows, sources=[], dated=DAY, made_by="test")

    def take_out(self, folder: Path) -> None:
        row = rows_to_edit(open_store(folder), "placements", pupil_id="1").row(0, named=True)
        edit = Edit("placements", {}, row["row_key"], row["row_version"], removed=True)
        save(open_store(folder), "Ms Oak", [edit])

    def test_an_import_that_brings_what_was_taken_back_counts(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        take_back(open_store(school), "Ms Oak", "placements", row["row_key"], row["row_version"])
        self.again(school)
        assert state(school) == ["covered"]

    def test_an_imported_row_stays_out_until_an_import_changes_it(self, school: Path) -> None:
        self.again(school, end_date=None)
        self.take_out(school)
        self.again(school, end_date=None)
        assert state(school) == ["unmet"]
        self.again(school, end_date=day("02-01"))
        assert state(school) == ["lapsed"]
        assert conflicts(school) == [("", "the row as imported", "taken out")]

    def test_what_is_entered_afresh_brings_nothing_older_back(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK, end_date=day("02-01"), outcome="not met")
        self.take_out(school)
        write(school, "placements", **HAS_TALK)
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        assert (row["end_date"], row["outcome"], state(school)) == (None, None, ["covered"])

    def test_what_was_taken_back_is_no_conflict_later(self, school: Path) -> None:
        self.again(school, note="a")
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        write(school, "placements", row["row_key"], 0, note="b")
        take_back(open_store(school), "Ms Oak", "placements", row["row_key"], 1)
        self.again(school, note="c")
        assert conflicts(school) == []
        assert rows_to_edit(open_store(school), "placements")["note"].to_list() == ["c"]


class TestTakenBack:
    """What was added goes out again; what was changed is as it was before that change, in every column."""

    def note(self, folder: Path) -> list[str | None]:
        return [row["note"] for row in rows_to_edit(open_store(folder), "placements").to_dicts()]

    def back(self, folder: Path, before: int | None = None) -> None:
        (entry, *_) = [one for one in entries_of(open_store(folder)) if one.kind == "placements"][::-1]
        take_back(open_store(folder), "Head", "placements", entry.subject, entry.version, before=before)

    def change(self, folder: Path, **now: object) -> None:
        row = rows_to_edit(open_store(folder), "placements").row(0, named=True)
        write(folder, "placements", row["row_key"], row["row_version"], **now)

    def test_the_last_change_alone_is_undone(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK, note="a")
        self.change(school, note="b", end_date=day("02-01"))
        self.change(school, outcome="met", note=None)
        self.back(school)
        (row,) = rows_to_edit(open_store(school), "placements").to_dicts()
        assert (row["note"], row["end_date"], row["outcome"]) == ("b", day("02-01"), None)

    def test_each_line_can_be_gone_back_to(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK, note="a")
        for note in ("b", "c"):
            self.change(school, note=note)
        self.back(school, before=2)
        assert self.note(school) == ["a"]
        # Taking that back again gives what it took.
        self.back(school)
        assert self.note(school) == ["c"]
        self.back(school, before=1)
        assert self.note(school) == []
        self.back(school)
        assert self.note(school) == ["c"]
        assert len(entries_of(open_store(school))) == 7

    def test_an_imported_row_is_as_imported_before_its_first_change(self, school: Path) -> None:
        rows = {"placements": rows_of("placements", [HAS_TALK | {"note": "imported"}])}
        keep_import(school, rows=rows, sources=[], dated=DAY, made_by="test")
        self.change(school, note="a")
        self.change(school, note="b")
        self.back(school)
        assert self.note(school) == ["a"]
        self.back(school, before=1)
        assert self.note(school) == ["imported"]

    def test_what_was_taken_out_comes_back_as_it_was(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK, note="a")
        self.change(school, note="b")
        row = rows_to_edit(open_store(school), "placements").row(0, named=True)
        save(open_store(school), "Ms Oak", [Edit("placements", {}, row["row_key"], 2, removed=True)])
        assert self.note(school) == []
        self.back(school)
        assert self.note(school) == ["b"]

    def test_what_somebody_wrote_since_is_not_taken_back_with_it(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK, note="a")
        row = rows_to_edit(open_store(school), "placements").row(0, named=True)
        self.change(school, note="b")
        with pytest.raises(Overwritten):
            take_back(open_store(school), "Head", "placements", row["row_key"], 1)
        assert self.note(school) == ["b"]


class TestKeys:
    def test_a_start_corrected_here_and_then_in_the_office_is_one_row(self, school: Path) -> None:
        def again(start: str, **columns: object) -> None:
            rows = {"placements": rows_of("placements", [HAS_TALK | {"start_date": day(start)} | columns])}
            keep_import(school, rows=rows, sources=[], dated=DAY, made_by="test")

        again("01-05")
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        write(school, "placements", row["row_key"], 0, start_date=day("01-12"), note="moved")
        again("01-12")
        found = rows_to_edit(open_store(school), "placements").to_dicts()
        assert [(one["start_date"], one["note"]) for one in found] == [(day("01-12"), "moved")]
        assert answer(open_store(school), "duplications") == []

    def test_an_edit_never_moves_between_two_of_one_day(self, school: Path) -> None:
        def again(identifier: str | None) -> None:
            row = HAS_TALK | ({"placement_id": identifier} if identifier else {})
            rows = {"placements": rows_of("placements", [row])}
            keep_import(school, rows=rows, sources=[], dated=DAY, made_by="test")

        again(None)
        row = rows_to_edit(open_store(school), "placements").row(0, named=True)
        write(school, "placements", row["row_key"], 0, end_date=day("02-01"))
        again("a")
        again("b")
        found = rows_to_edit(open_store(school), "placements").to_dicts()
        assert {one["placement_id"]: one["end_date"] for one in found} == {
            None: day("02-01"),
            "a": None,
            "b": None,
        }

    def test_a_group_of_the_roll_keeps_what_nobody_changed(self, data: Path) -> None:
        tiny_school(data, pupils=[PUPIL | {"pupil_premium": True}])
        write(data, "groups", group_code="pupil_premium", name="PP")
        (row,) = answer(open_store(data), "group_definitions")
        assert (row["group"], row["counts_as_disadvantage"]) == ("PP", True)
        held = rows_to_edit(open_store(data), "groups").row(0, named=True)
        take_back(open_store(data), "Ms Oak", "groups", held["row_key"], held["row_version"])
        assert [row["group"] for row in answer(open_store(data), "group_definitions")] == ["Pupil premium"]


class TestRefused:
    def test_a_new_row_never_overwrites_one_that_is_there(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK, note="keep")
        with pytest.raises(
            UsageError, match=r"It is there already: Robin Ash, Talk, start date 5 Jan 2026\."
        ):
            write(school, "placements", **HAS_TALK)
        with pytest.raises(UsageError, match="It is there already"):
            write(school, "provisions", provision_id="T", name="Talk!", tier="universal")
        assert rows_to_edit(open_store(school), "placements")["note"].to_list() == ["keep"]

    def test_a_correction_never_lands_on_another_row(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        write(school, "placements", **(HAS_TALK | {"start_date": day("02-01")}))
        row = rows_to_edit(open_store(school), "placements", start_date=day("02-01")).row(0, named=True)
        with pytest.raises(UsageError, match="one like it already"):
            write(school, "placements", row["row_key"], 1, start_date=day("01-05"))

    def test_a_provision_that_the_school_does_not_have(self, school: Path) -> None:
        with pytest.raises(UsageError, match="no provision X"):
            write(school, "placements", **(HAS_TALK | {"provision_id": "X"}))

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [("review_after", float("nan"), "number from 0"), ("review_after", -5.0, "number from 0"),
         ("no_such", 5.0, "no threshold no_such")],
    )  # fmt: skip
    def test_a_threshold_that_is_none(self, school: Path, name: str, value: float, said: str) -> None:
        with pytest.raises(UsageError, match=said):
            save(
                open_store(school),
                "Head",
                [Edit("settings", {"name": name, "from_date": DAY, "value": value})],
            )

    def test_a_row_that_is_not_possible_says_all_that_is_wrong(self, school: Path) -> None:
        with pytest.raises(
            UsageError, match=r"provision id is needed.*end_date must be on or after start_date"
        ):
            write(school, "placements", pupil_id="1", start_date=DAY, end_date=day("03-01"))
        assert journal.newest(open_store(school).folder) == 0

    def test_two_who_change_one_row(self, school: Path) -> None:
        write(school, "placements", **HAS_TALK)
        row = rows_to_edit(open_store(school), "placements", pupil_id="1").row(0, named=True)
        write(school, "placements", row["row_key"], 1, note="first")
        with pytest.raises(Overwritten, match="Ms Oak changed this"):
            write(school, "placements", row["row_key"], 1, note="second")
        assert rows_to_edit(open_store(school), "placements", pupil_id="1")["note"].to_list() == ["first"]

    def test_of_several_rows_all_or_none(self, school: Path) -> None:
        edits = [
            Edit("placements", {"school_id": "school"} | HAS_TALK),
            Edit("placements", {"school_id": "school", "pupil_id": "1"}),
        ]
        with pytest.raises(UsageError):
            save(open_store(school), "Ms Oak", edits)
        assert state(school) == ["unmet"]


def _write_many(folder: Path, name: str) -> None:
    for number in range(40):
        journal.write(
            folder, name, [Writing("marks", f"{name}-{number}", 0, {"reason": {"was": None, "now": name}})]
        )


def test_two_processes_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    # Each a Python of its own: a spawned one would begin with whatever page a test has run here before.
    write_many = (
        "import sys, pathlib, tests.test_journal as t; t._write_many(pathlib.Path(sys.argv[1]), sys.argv[2])"
    )
    root = Path(__file__).parents[1]
    writers = [
        subprocess.Popen([sys.executable, "-c", write_many, str(tmp_path), name], cwd=root)
        for name in ("a", "b")
    ]
    assert [one.wait() for one in writers] == [0, 0]
    made = journal.entries(tmp_path)
    assert len(made) == 80
    assert len({entry.id for entry in made}) == 80


def test_the_store_of_a_school_is_read_with_its_own_journal(school: Path, sample: Store) -> None:
    write(school, "placements", **HAS_TALK)
    assert journal.newest(sample.folder) == 0


def test_who_was_first_is_told_by_the_clock_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is kept in UTC; in June a clock in Leeds is an hour ahead of that."""
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    try:
        told = Overwritten("Ms Oak", datetime(2026, 6, 1, 14, 5), {})
        assert "(15:05)" in told.message
        assert when(datetime(2026, 6, 1, 23, 30)) == "2 Jun 2026, 00:30"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_part_of_a_page_sees_what_was_written_since_the_page(data: Path) -> None:
    """A form that is drawn again by itself goes on with the store of its page."""
    page = tiny_school(data, pupils=[PUPIL], provisions=[TALK])
    row = rows_to_edit(page, "provisions", provision_id="T").row(0, named=True)
    save(
        page, "Head", [Edit("provisions", {"intended_outcome": "Speaks"}, row["row_key"], row["row_version"])]
    )
    open_store(data)
    again = rows_to_edit(page, "provisions", provision_id="T").row(0, named=True)
    assert (again["intended_outcome"], again["row_version"]) == ("Speaks", row["row_version"] + 1)


def test_the_very_first_entries_wait_for_each_other(tmp_path: Path) -> None:
    """A new journal is made while another writes to it: SQLite alone would refuse that at once."""
    other = sqlite3.connect(tmp_path / journal.FILE, isolation_level=None, check_same_thread=False)
    other.execute("create table being_made (a)")
    other.execute("begin immediate")
    other.execute("insert into being_made values (1)")
    done = threading.Timer(0.3, lambda: other.execute("commit"))
    done.start()
    (made,) = journal.write(tmp_path, "Ms Oak", [Writing("marks", "{}", 0, {"a": {"was": None, "now": 1}})])
    assert journal.entries(tmp_path) == [made]
    done.join()
    other.close()
