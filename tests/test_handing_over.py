"""The journal as a file: all of it goes out, comes in once, overwrites nothing and refuses what is broken."""

import json
from functools import partial
from pathlib import Path

import pytest

from provmap import journal
from provmap.__main__ import main
from provmap.errors import ImportRefused, UsageError
from provmap.store import Edit, handing_over, open_store, rows_to_edit, save, take_back, undo
from provmap.store.handing_over import journal_file, read_journal_file
from tests.test_pages import open_app, words_of
from tests.tiny import CLASS, DAY, TALK, day, tiny_school

# Between two folders of one school, as somebody has said.
hand_over = partial(handing_over.hand_over, same_school=True)
HAS_TALK = {"school_id": "school", "pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
MEETING = {"school_id": "school", "meeting_id": "m", "held_on": DAY, "about": "class", "about_code": "Oak"}


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A school in which three entries were written: two about what a pupil has, one about a meeting."""
    tiny_school(tmp_path / "one", provisions=[TALK, CLASS])
    write(tmp_path / "one", "Zoë O'Brien-Łuć", Edit("placements", HAS_TALK))
    row = rows_to_edit(open_store(tmp_path / "one"), "placements").row(0, named=True)
    write(tmp_path / "one", "Ms Oak", Edit("placements", {"note": "مريم\nline two"}, row["row_key"], 1))
    write(tmp_path / "one", "Ms Oak", Edit("meetings", MEETING))
    return tmp_path / "one"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    tiny_school(tmp_path / "two", provisions=[TALK, CLASS])
    return tmp_path / "two"


def write(folder: Path, who: str, *edits: Edit) -> None:
    save(open_store(folder), who, list(edits))


def without_number(folder: Path) -> list[object]:
    return [(one.made_at, one.made_by, one.kind, one.subject, one.version, one.body)
            for one in journal.entries(folder)]  # fmt: skip


def test_into_an_empty_journal_all_comes_as_it_was_and_counts(school: Path, other: Path) -> None:
    found = hand_over(other, read_journal_file(journal_file(school)))
    assert (len(found.fresh), found.known, found.clashes) == (3, 0, [])
    assert without_number(other) == without_number(school)
    (row,) = rows_to_edit(open_store(other), "placements").to_dicts()
    assert (row["note"], row["written_by"]) == ("مريم\nline two", "Ms Oak")
    assert rows_to_edit(open_store(other), "meetings").height == 1


def test_the_same_file_twice_adds_nothing(school: Path, other: Path) -> None:
    made = read_journal_file(journal_file(school))
    hand_over(other, made)
    found = hand_over(other, made)
    assert (len(found.fresh), found.known, found.left_out) == (0, 3, 0)
    assert len(journal.entries(other)) == 3


def test_what_went_on_elsewhere_is_added_after_what_is_here(school: Path, other: Path) -> None:
    hand_over(other, read_journal_file(journal_file(school)))
    row = rows_to_edit(open_store(other), "meetings").row(0, named=True)
    take_back(open_store(other), "Ms Elm", "meetings", row["row_key"], row["row_version"])
    found = hand_over(school, read_journal_file(journal_file(other)))
    assert (len(found.fresh), found.known) == (1, 3)
    assert rows_to_edit(open_store(school), "meetings").is_empty()


def test_where_both_wrote_ours_stays_and_the_rest_comes(school: Path, other: Path) -> None:
    write(other, "Ms Elm", Edit("meetings", MEETING | {"people": "Ms Elm alone"}))
    found = hand_over(other, read_journal_file(journal_file(school)))
    assert (len(found.fresh), found.known, found.left_out) == (2, 0, 1)
    (clash,) = found.clashes
    assert (clash.line, clash.theirs.made_by, clash.ours and clash.ours.made_by) == (4, "Ms Oak", "Ms Elm")
    assert rows_to_edit(open_store(other), "meetings")["people"].to_list() == ["Ms Elm alone"]


def test_a_later_entry_never_comes_without_the_one_before_it(school: Path, other: Path) -> None:
    head, first, second, third, _ = journal_file(school).decode().split("\n")
    cut = json.dumps(json.loads(head) | {"entries": 2})
    found = hand_over(other, read_journal_file("\n".join([cut, second, third]).encode()))
    assert (len(found.fresh), found.left_out, found.clashes[0].ours) == (1, 1, None)
    assert json.loads(first)["version"] == 1


@pytest.fixture
def ended(other: Path, tmp_path: Path) -> Path:
    """Here Talk has a note; elsewhere one save ended it, with the decision, and the decision was reworded."""
    write(other, "Ms Oak", Edit("placements", HAS_TALK))
    there = tmp_path / "three"
    tiny_school(there, provisions=[TALK, CLASS])
    hand_over(there, read_journal_file(journal_file(other)))
    row = rows_to_edit(open_store(there), "placements").row(0, named=True)
    decision = {"school_id": "school", "meeting_id": "m", "decision_id": "d", "pupil_id": "1",
                "decided_on": DAY, "kind": "provision ended", "words": "End it"}  # fmt: skip
    write(
        there, "Ms Elm", Edit("decisions", decision), Edit("placements", {"end_date": DAY}, row["row_key"], 1)
    )
    row = rows_to_edit(open_store(there), "decisions").row(0, named=True)
    write(there, "Ms Ash", Edit("meetings", MEETING), Edit("decisions", {"words": "Stop"}, row["row_key"], 1))
    row = rows_to_edit(open_store(other), "placements").row(0, named=True)
    write(other, "Ms Oak", Edit("placements", {"note": "mine"}, row["row_key"], 1))
    return there


def test_what_was_saved_together_comes_whole_or_not_at_all(ended: Path, other: Path) -> None:
    before = without_number(other)
    found = hand_over(other, read_journal_file(journal_file(ended)))
    # The decision went with the end; the meeting with a new wording of that decision.
    assert (len(found.fresh), found.known, found.left_out, found.together) == (0, 1, 4, 2)
    assert [(clash.theirs.kind, clash.line) for clash in found.clashes] == [("placements", 4)]
    assert without_number(other) == before


def test_of_two_who_saved_at_one_moment_each_stands_alone(ended: Path, other: Path) -> None:
    head, *lines = journal_file(ended).decode().strip().split("\n")
    moment = json.loads(lines[1])["made_at"]
    lines[3:] = [broken(line, made_at=moment, made_by="Ms Fir") for line in lines[3:4]]
    cut = json.dumps(json.loads(head) | {"entries": 4})
    found = hand_over(other, read_journal_file("\n".join([cut, *lines]).encode()))
    assert [(entry.kind, entry.made_by) for entry in found.fresh] == [("meetings", "Ms Fir")]


def test_it_is_said_that_something_was_saved_together(
    ended: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "written.jsonl")
    main(["journal", "export", file, "--data", str(ended)])
    assert main(["journal", "import", file, "--data", str(other), "--same-school"]) == 3
    assert "2 more left out, being saved together with one of these" in capsys.readouterr().err


def test_a_dry_run_changes_nothing(school: Path, other: Path) -> None:
    found = hand_over(other, read_journal_file(journal_file(school)), dry_run=True)
    assert len(found.fresh) == 3
    assert journal.entries(other) == []


def broken(line: str, **changed: object) -> str:
    return json.dumps(json.loads(line) | changed)


@pytest.mark.parametrize("change", [
    {"kind": "pupils"}, {"kind": "nonsense"}, {"subject": "[]"}, {"subject": '{"pupil_id":"1"}'},
    {"version": 0}, {"version": True}, {"made_by": ""}, {"made_at": "yesterday"},
    {"made_at": "2026-03-03T10:00:00+00:00"}, {"body": {}}, {"body": {"colour": {"was": None, "now": "red"}}},
    {"body": {"start_date": {"was": None, "now": "3 March"}}}, {"body": {"note": {"was": None, "now": 7}}},
    {"body": {"note": {"now": "x"}}}, {"body": {"outcome": {"was": None, "now": "splendid"}}},
    {"body": {"is_removed": {"was": None, "now": "yes"}}},
    {"body": {"need_codes": {"was": None, "now": [1]}}},
])  # fmt: skip
def test_what_is_no_entry_is_refused_with_its_line(school: Path, change: dict[str, object]) -> None:
    head, first, *rest = journal_file(school).decode().split("\n")
    with pytest.raises(UsageError, match="Line 2"):
        read_journal_file("\n".join([head, broken(first, **change), *rest]).encode())


@pytest.mark.parametrize("data", [
    b"", b"pupil_id,surname\n1,Ash\n", b"\xff\xfe\x00", b'{"provmap": "journal", "format": 2, "entries": 0}',
    b'{"provmap": "journal", "format": 1, "entries": 1}', b"[1]", b"9" * 5000,
])  # fmt: skip
def test_what_is_no_journal_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        read_journal_file(data)


def test_a_file_cut_short_is_refused(school: Path) -> None:
    whole = journal_file(school)
    for end in (whole.rindex(b"\n", 0, -1) + 1, len(whole) - 30):
        with pytest.raises(UsageError):
            read_journal_file(whole[:end])


def test_the_commands(school: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "written.jsonl")
    assert main(["journal", "export", file, "--data", str(school)]) == 0
    assert main(["journal", "export", file, "--data", str(school)]) == 2
    assert main(["journal", "import", file, "--data", str(other), "--dry-run"]) == 0
    assert journal.entries(other) == []
    write(other, "Ms Elm", Edit("meetings", MEETING | {"people": "Ms Elm alone"}))
    capsys.readouterr()
    assert main(["journal", "import", file, "--data", str(other), "--same-school"]) == 3
    said = capsys.readouterr()
    assert [line.split()[-1] for line in said.out.splitlines()[1:]] == ["2", "0", "1"]
    assert "line 4: meetings, by Ms Oak; here: by Ms Elm" in said.err
    assert main(["journal", "import", str(tmp_path / "none"), "--data", str(other)]) == 2


def test_on_the_page(school: Path, data: Path) -> None:
    tiny_school(data, provisions=[TALK, CLASS])
    write(data, "Ms Elm", Edit("meetings", MEETING | {"people": "Ms Elm alone"}))
    app = open_app("import_and_data")
    app.file_uploader(key="journal_0").set_value(
        [("a.jsonl", journal_file(school), "application/jsonl")]
    ).run()
    assert not app.exception
    assert "**2 entries** not here yet, 0 here already, 1 left out." in words_of(app)
    assert app.dataframe[-1].value["Here"][0].startswith("Ms Elm, ")
    assert app.button(key="journal_in").disabled
    next(one for one in app.checkbox if one.label.startswith("I know that it is about")).check().run()
    app.button(key="journal_in").click().run()
    assert not app.exception
    assert "2 entries brought in" in app.success[0].value
    assert len(journal.entries(data)) == 3
    app.file_uploader(key="journal_1").set_value([("a.jsonl", b"x", "application/jsonl")]).run()
    assert "cannot be read" in app.error[0].value


def test_the_page_says_what_was_saved_together(ended: Path, data: Path) -> None:
    tiny_school(data, provisions=[TALK, CLASS])
    write(data, "Ms Fir", Edit("placements", HAS_TALK | {"note": "mine"}))
    app = open_app("import_and_data")
    file = [("a.jsonl", journal_file(ended), "application/jsonl")]
    app.file_uploader(key="journal_0").set_value(file).run()
    assert not app.exception
    said = words_of(app)
    assert "**No entries** not here yet, 0 here already, 5 left out." in said
    assert "2 entries more left out: saved together with something that is left out." in said


def test_what_is_brought_into_the_sample_school_is_seen_there(school: Path, data: Path) -> None:
    app = open_app("import_and_data")
    file = [("a.jsonl", journal_file(school), "application/jsonl")]
    app.file_uploader(key="journal_0").set_value(file).run()
    assert any("stays with it" in one.value for one in app.info)
    assert app.button(key="journal_in").disabled
    next(one for one in app.checkbox if one.label.startswith("I know that it is about")).check().run()
    app.button(key="journal_in").click().run()
    assert not app.exception
    assert len(journal.entries(open_store().folder)) == 3
    assert journal.entries(data) == []


class TestAnotherSchool:
    """A pupil 1 is there in every school: a journal of another is not taken without a word."""

    def test_it_is_refused_until_somebody_says_that_it_is_the_same(self, school: Path, other: Path) -> None:
        made = read_journal_file(journal_file(school, {"100001": "Elm"}))
        assert made.schools == ("Elm",)
        with pytest.raises(ImportRefused, match="made in another data folder, of Elm"):
            handing_over.hand_over(other, made)
        assert journal.entries(other) == []
        assert len(handing_over.hand_over(other, made, dry_run=True).fresh) == 3
        assert len(hand_over(other, made).fresh) == 3
        # Once said, it holds: also for what was written there since, and on the way back.
        write(school, "Ms Oak", Edit("meetings", MEETING | {"meeting_id": "n"}))
        assert len(handing_over.hand_over(other, read_journal_file(journal_file(school))).fresh) == 1

    def test_a_folder_knows_its_own_also_after_it_was_copied(self, school: Path, tmp_path: Path) -> None:
        data = journal_file(school)
        (tmp_path / "copy").mkdir()
        journal.copy(school, tmp_path / "copy")
        write(school, "Ms Oak", Edit("meetings", MEETING | {"meeting_id": "n"}))
        again = read_journal_file(journal_file(school))
        assert read_journal_file(data).folder == again.folder
        assert len(handing_over.hand_over(tmp_path / "copy", again).fresh) == 1

    def test_a_file_that_does_not_say_whose_it_is_is_asked_about(self, school: Path, other: Path) -> None:
        head, *rest = journal_file(school).decode().split("\n")
        old = json.dumps({name: json.loads(head)[name] for name in ("provmap", "format", "entries")})
        made = read_journal_file("\n".join([old, *rest]).encode())
        with pytest.raises(ImportRefused, match="does not say which school"):
            handing_over.hand_over(other, made)
        assert len(hand_over(other, made).fresh) == 3

    def test_the_command_refuses_and_names_the_option(
        self, school: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = str(tmp_path / "written.jsonl")
        main(["journal", "export", file, "--data", str(school)])
        command = ["journal", "import", file, "--data", str(other)]
        assert main([*command, "--dry-run"]) == 0
        assert "With --same-school" in capsys.readouterr().err
        assert (main(command), journal.entries(other)) == (1, [])
        assert (main([*command, "--same-school"]), len(journal.entries(other))) == (0, 3)
        assert main(command) == 0


class TestSampleSchool:
    def export(self, folder: Path, name: str) -> int:
        return main(["journal", "export", str(folder.parent / name), "--data", str(folder)])

    def test_where_nothing_is_written_there_is_none(
        self, data: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.export(data, "none.jsonl") == 2
        assert "there is no journal" in capsys.readouterr().err
        assert not (data.parent / "none.jsonl").exists()

    def test_what_was_written_in_the_sample_school_is_said_to_be_of_it(
        self, data: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store = open_store(data)
        save(store, "Ms Oak", [Edit("meetings", MEETING)])
        assert self.export(data, "sample.jsonl") == 0
        assert "wrote 1 entries about the sample school" in capsys.readouterr().err

    def test_what_was_written_of_a_school_whose_import_was_undone_is_still_there(
        self, data: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store = tiny_school(data, provisions=[TALK])
        write(data, "Ms Oak", Edit("meetings", MEETING))
        assert self.export(data, "own.jsonl") == 0
        assert "wrote 1 entries to" in capsys.readouterr().err
        undo(store.folder)
        assert self.export(data, "undone.jsonl") == 0
        assert "of which nothing is imported at present" in capsys.readouterr().err
