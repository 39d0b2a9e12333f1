"""The command line: what it prints, where it prints it, and how it ends."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from provmap import commands
from provmap.__main__ import main
from provmap.errors import StoreError
from provmap.questions import MAY_BE_LEFT_OUT, ask, describe_question, make_filter
from provmap.safe_csv import csv_text
from provmap.store import Store, list_imports

ROOT = Path(__file__).resolve().parents[1]
PUPILS = """\
pupil_id,surname,forename,year_group,class,entry_date,sen_status
p1,Ash,Robin,5,Oak,2025-09-01,K
p2,Łoś,Zoë,6,Elm,2025-09-01,N
"""


@pytest.fixture
def pupils(tmp_path: Path) -> Path:
    file = tmp_path / "pupils.csv"
    file.write_text(PUPILS, encoding="utf-8")
    return file


def run(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a user runs it, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "provmap", *words],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )


def counts(output: str) -> dict[str, list[int]]:
    rows = [line.split() for line in output.splitlines()[1:]]
    return {row[0]: [int(cell) for cell in row[1:]] for row in rows}


class TestImport:
    def test_new_rows(self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["import", str(pupils), "--dated", "2026-03-03"]) == 0
        printed = capsys.readouterr()
        assert printed.out.splitlines()[0].split("  ")[0] == "dataset"
        # read, new, changed, unchanged, missing, rejected
        assert counts(printed.out) == {"pupils": [2, 2, 0, 0, 0, 0]}
        assert "imported as number 1" in printed.err

    def test_a_person_without_a_name_can_import(
        self, data: Path, pupils: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> str:
            raise KeyError("getpwuid(): uid not found: 1234")

        monkeypatch.setattr("getpass.getuser", fail)
        assert main(["import", str(pupils), "--dated", "2026-03-03"]) == 0
        assert [made.made_by for made in list_imports(data)] == ["unknown"]

    def test_a_notice_reads_as_a_sentence(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "pupils.csv").write_text(
            "pupil_id,upn,surname,forename,year_group\np1,V37391012190A,Ash,Robin,5\np2,,Elm,Kit,15\n",
            encoding="utf-8",
        )
        assert main(["import", str(tmp_path / "pupils.csv"), "--dry-run"]) == 3
        said = capsys.readouterr().err
        assert re.search(r"line 2, upn: [A-Z]", said)
        assert "year_group: expected" in said

    def test_the_same_again_changes_nothing(
        self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["import", str(pupils), "--dated", "2026-03-03"])
        capsys.readouterr()
        assert main(["import", str(pupils), "--dated", "2026-03-03"]) == 0
        printed = capsys.readouterr()
        assert counts(printed.out) == {"pupils": [2, 0, 0, 2, 0, 0]}
        assert "held already" in printed.err

    def test_a_change_and_a_missing_row(
        self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["import", str(pupils), "--dated", "2026-03-03"])
        pupils.write_text(PUPILS.replace("Oak", "Ash").rpartition("p2")[0], encoding="utf-8")
        capsys.readouterr()
        assert main(["import", str(pupils), "--dated", "2026-03-04"]) == 0
        assert counts(capsys.readouterr().out) == {"pupils": [1, 0, 1, 0, 1, 0]}

    def test_a_dry_run_prints_the_same_and_changes_nothing(
        self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["import", str(pupils), "--dry-run"]) == 0
        tried = capsys.readouterr().out
        assert not data.exists()
        main(["import", str(pupils)])
        assert capsys.readouterr().out == tried

    def test_rejected_rows_are_counted_and_listed(
        self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pupils.write_text(PUPILS.replace("2025-09-01,N", "31/02/2025,N"), encoding="utf-8")
        assert main(["import", str(pupils)]) == 3
        printed = capsys.readouterr()
        assert counts(printed.out) == {"pupils": [2, 1, 0, 0, 0, 1]}
        assert "pupils.csv, line 3, entry_date" in printed.err
        listed = Path(re.findall(r"listed in (.+)", printed.err)[0])
        rows = list(csv.DictReader(io.StringIO(listed.read_text(encoding="utf-8-sig"))))
        assert [row["pupil_id"] for row in rows] == ["p2"]

    def test_the_screen_never_shows_a_pupils_values(
        self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pupils.write_text(PUPILS.replace("2025-09-01,N", "31/02/2025,N"), encoding="utf-8")
        main(["import", str(pupils)])
        printed = capsys.readouterr()
        assert not re.search("Zoë|31/02", printed.out + printed.err)

    def test_a_file_that_is_no_dataset_is_refused(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        other = tmp_path / "recipes.csv"
        other.write_text("cake,eggs\nsponge,3\n", encoding="utf-8")
        assert main(["import", str(other)]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "recipes.csv" in printed.err
        assert not (data / "imports").exists()

    def test_a_folder_and_a_zip(
        self, data: Path, pupils: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "from the office"
        folder.mkdir()
        needs = "pupil_id,need_code,start_date\np1,SLCN,2025-10-01\n"
        (folder / "needs.csv").write_text(needs, encoding="utf-8")
        with zipfile.ZipFile(tmp_path / "roll.zip", "w") as archive:
            archive.write(pupils, "pupils.csv")
        assert main(["import", str(folder), str(tmp_path / "roll.zip")]) == 0
        assert set(counts(capsys.readouterr().out)) == {"needs", "pupils"}

    def test_an_empty_list_among_others_is_named_and_changes_nothing(
        self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (pupils.parent / "needs.csv").write_text("pupil_id,need_code\n", encoding="utf-8")
        assert main(["import", str(pupils.parent)]) == 0
        printed = capsys.readouterr()
        assert set(counts(printed.out)) == {"pupils"}
        assert "needs.csv has headings and no rows" in printed.err

    def test_blank_flags_are_what_the_school_says(self, data: Path, pupils: Path) -> None:
        pupils.write_text("pupil_id,surname,forename,year_group,fsm\np1,Ash,Robin,5,\n", encoding="utf-8")
        assert main(["import", str(pupils), "--blank-flags", "no"]) == 0
        assert exit_code(["import", str(pupils), "--blank-flags", "yes please"]) == 2

    def test_it_works_while_another_process_has_the_store_open(self, one_pupil: Store, pupils: Path) -> None:
        one_pupil.cursor().sql("select 1").fetchall()
        done = run("import", str(pupils), "--dated", "2026-03-04")
        assert done.returncode == 0, done.stderr


class TestAsk:
    def test_it_prints_the_frame_of_the_question(
        self, sample: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = "--year-group 5 --year-group 6 --group pupil_premium --as-at 2026-02-02"
        assert main(["ask", "provision_list", *words.split()]) == 0
        filter = make_filter(sample, year_groups=["5", "6"], groups=["pupil_premium"], as_at=date(2026, 2, 2))
        assert capsys.readouterr().out == csv_text(ask("provision_list", filter, sample))

    @pytest.mark.parametrize(("by", "rows"), [("class", "need"), ("group", "tier"), ("class", "delivery")])
    def test_the_provision_map_as_it_is_asked_for(
        self, sample: Store, capsys: pytest.CaptureFixture[str], by: str, rows: str
    ) -> None:
        assert main(["ask", "provision_map", "--by", by, "--rows", rows]) == 0
        cells = csv_text(ask("provision_map", make_filter(sample), sample, by=by, rows=rows))
        assert capsys.readouterr().out == cells

    def test_the_provision_map_is_by_year_group_unless_said(
        self, sample: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["ask", "provision_map"]) == 0
        cells = csv_text(ask("provision_map", make_filter(sample), sample, by="year_group", rows="area"))
        assert capsys.readouterr().out == cells

    def test_without_an_import_it_says_that_the_school_is_invented(
        self, sample: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["ask", "coverage_by_need"]) == 0
        assert "invented" in capsys.readouterr().err

    def test_with_an_import_it_says_nothing(
        self, one_pupil: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["ask", "gaps", "--as-at", "2026-03-03"]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        assert [row["kind"] for row in csv.DictReader(io.StringIO(printed.out))] == ["sen_without_need"]

    @pytest.mark.parametrize(
        ("words", "named"),
        [
            (["gapz"], "gaps"),
            (["gaps", "--class", "Oka"], "Oak"),
            (["gaps", "--need", "SLCM"], "SLCN"),
            (["gaps", "--group", "pupil_premum"], "pupil_premium"),
            (["gaps", "--tier", "targetted"], "targeted"),
            (["gaps", "--academic-year", "2025/27"], "2025/26"),
            (["gaps", "--academic-year", "2024/25", "--as-at", "2026-03-03"], "31 Aug 2025"),
            (["gaps", "--as-at", "tomorrow"], "2026-03-03"),
            (["gaps", "--as-at", "2026-02-30"], "2026-02-30"),
            (["pupil_needs"], "Pupil page"),
            (["gaps", "--by", "class"], "takes no --by"),
            (["gaps", "--measure", "reading/standardised"], "takes no --measure"),
            (["transitions", "--measure", "reading/nothing"], "reading/standardised"),
            (["transitions", "--from-term", "2025"], "2025/26 spring"),
            (["progress_crossed", "--first-group", "eal"], "--other-group"),
            (["progress_crossed", "--first-group", "eal", "--other-group", "nobody"], "pupil_premium"),
            (["provision_map", "--by", "term"], "year_group"),
            (["gaps", "--provision", "T01"], "takes no --provision"),
            (["impact_pupils"], "needs --provision"),
            (["impact_pupils", "--provision", "nope"], "T01"),
            (["gaps", "--out", "list.pdf"], "csv, json, parquet, xlsx"),
            (["gaps", "--out", "list.csv", "--format", "xlsx"], "csv, json, parquet, xlsx"),
            ([], "QUESTION"),
        ],
    )
    def test_what_is_not_known_ends_with_two_and_names_the_near(
        self, sample: Store, capsys: pytest.CaptureFixture[str], words: list[str], named: str
    ) -> None:
        assert exit_code(["ask", *words]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert named in printed.err

    @pytest.mark.parametrize("question", ["impact_pupils", "around_provision"])
    def test_one_provision_is_named_by_its_identifier(
        self, sample: Store, capsys: pytest.CaptureFixture[str], question: str
    ) -> None:
        assert main(["ask", question, "--provision", "T01"]) == 0
        (school,) = sample.cursor().sql("select school_id from store.schools").fetchone() or ("",)
        rows = ask(question, make_filter(sample), sample, of_school=school, provision_id="T01")
        assert rows.height > 0
        assert capsys.readouterr().out == csv_text(rows)

    def test_every_question_that_is_listed_can_be_asked_here(
        self, sample: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["questions"])
        listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
        exit_code(["ask", "--help"])
        options = re.findall(r"--([a-z-]+)", capsys.readouterr().out)
        said = {name.replace("-", "_") for name in options}
        known = {*make_filter(sample).params(), *said, *MAY_BE_LEFT_OUT, "provision_id"}
        assert {name: describe_question(name).parameters - known for name in listed} == {
            name: frozenset() for name in listed
        }

    @pytest.mark.parametrize("format", ["csv", "json", "parquet", "xlsx"])
    def test_a_file_in_each_format(
        self, sample: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str
    ) -> None:
        out = tmp_path / f"list.{format}"
        assert main(["ask", "gaps", "--year-group", "4", "--out", str(out)]) == 0
        assert capsys.readouterr().out == ""
        rows = ask("gaps", make_filter(sample, year_groups=["4"]), sample)
        if format == "parquet":
            assert pl.read_parquet(out).equals(rows)
        elif format == "csv":
            assert out.read_bytes() == b"\xef\xbb\xbf" + csv_text(rows).encode()
        elif format == "json":
            assert len(json.loads(out.read_text(encoding="utf-8"))) == rows.height
        else:
            assert zipfile.ZipFile(out).testzip() is None
        assert (tmp_path / "list-notes.txt").exists() == (format in {"csv", "json"})

    def test_a_folder_gets_a_file_with_a_name_of_its_own(self, sample: Store, tmp_path: Path) -> None:
        assert main(["ask", "gaps", "--year-group", "4", "--format", "xlsx", "--out", str(tmp_path)]) == 0
        assert [file.name for file in tmp_path.glob("*")] == ["provmap-gaps-year-4-2026-03-03.xlsx"]

    def test_a_place_that_cannot_be_written_is_said(self, sample: Store, tmp_path: Path) -> None:
        assert main(["ask", "gaps", "--out", str(tmp_path / "nowhere" / "list.csv")]) == 1

    def test_a_folder_of_data_that_cannot_be_written_is_said(
        self, pupils: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "notes.txt"
        folder.write_text("no folder", encoding="utf-8")
        for words in (["import", str(pupils)], ["ask", "gaps"], ["build"]):
            assert main([*words, "--data", str(folder)]) == 1
            assert f"data folder {folder}" in capsys.readouterr().err

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
    def test_a_pipe_that_never_ends_is_refused(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        os.mkfifo(tmp_path / "pupils.csv")
        assert main(["import", str(tmp_path / "pupils.csv")]) == 1
        assert "pupils.csv is not a file" in capsys.readouterr().err

    def test_standard_output_is_utf_8_whatever_the_machine_says(self, data: Path, pupils: Path) -> None:
        main(["import", str(pupils), "--dated", "2026-03-03"])
        done = run("ask", "no_data", "--as-at", "2026-03-03", PYTHONIOENCODING="cp1252", LC_ALL="C")
        assert done.returncode == 0, done.stderr
        assert "Łoś" in done.stdout.decode("utf-8")
        assert not done.stdout.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" not in done.stdout

    def test_a_reader_that_stops_early_is_no_fault(self, sample: Store) -> None:
        command = [sys.executable, "-m", "provmap", "ask", "pupil_progress"]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert b"Traceback" not in process.stderr.read()


class TestStatus:
    def test_as_json(self, one_pupil: Store, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["status", "--format", "json"]) == 0
        status = json.loads(capsys.readouterr().out)
        assert status["store_version"] == one_pupil.version
        assert status["is_sample"] is False
        assert status["datasets"]["pupils"] == {"rows": 1, "oldest": "2025-09-01", "newest": "2025-09-01"}
        assert status["datasets"]["needs"] == {"rows": 0, "oldest": None, "newest": None}
        assert [made["number"] for made in status["imports"]] == [1]

    def test_as_text(self, sample: Store, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["status"]) == 0
        assert "the sample school" in capsys.readouterr().out


class TestUndoAndBuild:
    def test_undo_brings_back_what_was_held(
        self, data: Path, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["import", str(pupils), "--dated", "2026-03-03"])
        pupils.write_text(PUPILS.replace("Ash", "Birch"), encoding="utf-8")
        main(["import", str(pupils), "--dated", "2026-03-04"])
        capsys.readouterr()
        assert main(["undo"]) == 0
        assert "Withdrew import 2" in capsys.readouterr().out
        main(["ask", "pupil_list", "--as-at", "2026-03-05", "--year-group", "5"])
        assert [row["surname"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))] == ["Ash"]

    def test_nothing_to_undo(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["undo"]) == 1
        assert "no import" in capsys.readouterr().err

    def test_build_makes_a_new_store_of_the_same_rows(
        self, one_pupil: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["build"]) == 0
        assert one_pupil.version not in capsys.readouterr().out
        main(["ask", "pupil_list", "--as-at", "2026-03-03"])
        assert capsys.readouterr().out.count("\n") == 2


class TestSample:
    def test_a_small_school_can_be_imported(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["--pupils", "30", "--years", "1", "--seed", "3", "--format", "parquet"]
        assert main(["sample", str(tmp_path / "files"), *words]) == 0
        written = counts(capsys.readouterr().out)
        assert main(["import", str(tmp_path / "files"), "--dated", "2026-03-03"]) == 0
        read = counts(capsys.readouterr().out)
        assert {name: row[0] for name, row in read.items()} == {name: row[0] for name, row in written.items()}

    def test_files_that_are_there_are_not_written_over(
        self, pupils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["sample", str(pupils.parent), "--pupils", "30"]) == 2
        assert pupils.read_text(encoding="utf-8") == PUPILS

    @pytest.mark.parametrize("words", [["--pupils", "0"], ["--pupils", "many"], ["--years", "-1"]])
    def test_sizes_that_are_none(self, tmp_path: Path, words: list[str]) -> None:
        assert exit_code(["sample", str(tmp_path), *words]) == 2


class TestEveryCommand:
    @pytest.mark.parametrize("name", ["import", "ask", "questions", "status", "undo", "sample", "build"])
    def test_help_has_an_example(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert exit_code([name, "--help"]) == 0
        assert f"example:\n  python -m provmap {name}" in capsys.readouterr().out

    def test_questions_lists_what_can_be_asked(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["questions"]) == 0
        listed = {line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]}
        assert {"provision_list", "coverage", "coverage_by_need", "gaps", "no_data", "duplications"} <= listed
        assert {"progress_by_group", "pupil_progress", "impact_by_provision"} <= listed
        assert "provision_map" in listed
        assert "pupil_needs" not in listed

    def test_an_unknown_command_ends_with_two(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert exit_code(["forget"]) == 2
        assert exit_code([]) == 2

    def test_another_data_folder_can_be_named(
        self, data: Path, pupils: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        elsewhere = str(tmp_path / "elsewhere")
        main(["import", str(pupils), "--data", elsewhere])
        assert not data.exists()
        capsys.readouterr()
        main(["status", "--data", elsewhere, "--format", "json"])
        assert json.loads(capsys.readouterr().out)["datasets"]["pupils"]["rows"] == 2


class TestFaults:
    def test_a_known_problem_is_its_sentence_and_its_remedy(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(_: object) -> None:
            raise StoreError("The disk is full.", "Make room.")

        monkeypatch.setattr(commands, "list_questions", refuse)
        assert main(["questions"]) == 1
        assert capsys.readouterr().err == "provmap: The disk is full. Make room.\n"

    def test_an_unknown_one_is_noted_without_a_value(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail(_: object) -> None:
            raise ValueError("Robin Ash")

        data.mkdir()
        monkeypatch.setattr(commands, "list_questions", fail)
        assert main(["questions"]) == 1
        said = capsys.readouterr().err
        noted = (data / "faults.log").read_text(encoding="utf-8")
        assert "faults.log" in said
        assert "ValueError" in noted
        assert "in fail" in noted
        assert not re.search("Robin|Traceback", said + noted)

    def test_while_debugging_the_traceback_is_shown(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: object) -> None:
            raise ValueError

        monkeypatch.setattr(commands, "list_questions", fail)
        monkeypatch.setenv("PROVMAP_DEBUG", "1")
        with pytest.raises(ValueError):  # noqa: PT011
            main(["questions"])


def exit_code(words: list[str]) -> int:
    """The code of a command that may end inside argparse."""
    try:
        return main(words)
    except SystemExit as end:
        return int(end.code or 0)
