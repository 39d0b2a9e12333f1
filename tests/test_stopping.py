"""Long work that is stopped part of the way leaves what was held, and nothing else; and going back.

When to write one: for anything that changes the data folder, or takes long enough to be given up.
"""

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap.__main__ import main
from provmap.errors import ImportRefused, StoreError
from provmap.imports import preview, rejected_rows, workbooks
from provmap.store import (
    build,
    go_back,
    keep_import,
    list_imports,
    open_store,
    read_version,
    taken_back,
    undo,
)
from provmap.store.kept import read_pointer
from provmap.store.rehearsing import rehearse, rehearse_going_back
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, day, rows_of

PLACED = {"pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}


class Stopped(BaseException):
    """What Streamlit raises where a person clicks is no Exception either."""


def bring(folder: Path, **rows: list[dict[str, Any]]) -> Any:
    frames = {name: rows_of(name, some) for name, some in rows.items()}
    return keep_import(folder, rows=frames, sources=[("rows.csv", b"a")], dated=DAY, made_by="test")


def held(folder: Path) -> dict[str, str]:
    """Every file of a data folder with a hash of what is in it; the lock is there to stay."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def contents(folder: Path) -> dict[str, Any]:
    pointer = read_pointer(folder)
    assert pointer is not None
    return dict(read_version(folder, pointer.version)["contents"])


def import_more(folder: Path, progress: Callable[[str, float], None]) -> None:
    rows = {"pupils": rows_of("pupils", [PUPIL | {"pupil_id": "9"}])}
    keep_import(
        folder, rows=rows, sources=[("more.csv", b"b")], dated=DAY, made_by="test", progress=progress
    )  # fmt: skip


def try_an_import(folder: Path, progress: Callable[[str, float], None]) -> None:
    rows = {"pupils": rows_of("pupils", [PUPIL | {"pupil_id": "9"}])}
    with rehearse(folder, rows=rows, dated=DAY, progress=progress):
        pass


def try_going_back(folder: Path, progress: Callable[[str, float], None]) -> None:
    with rehearse_going_back(folder, 2, progress):
        pass


def go_back_to_the_first(folder: Path, progress: Callable[[str, float], None]) -> None:
    go_back(folder, 2, progress)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three imports in it, of which each test has a copy."""
    folder = tmp_path_factory.mktemp("three") / "data"
    bring(folder, pupils=[PUPIL])
    bring(folder, provisions=[TALK, CLASS])
    bring(folder, placements=[PLACED], pupils=[PUPIL | {"class": "Elm"}])
    return folder


@pytest.fixture
def school(three: Path, tmp_path: Path) -> Path:
    """A data folder with three imports in it."""
    return shutil.copytree(three, tmp_path, dirs_exist_ok=True)


@pytest.mark.parametrize(
    ("work", "every"), [(import_more, 7), (undo, 50), (go_back_to_the_first, 50), (build, 50)]
)
def test_work_that_is_stopped_at_any_point_leaves_every_file_as_it_was(
    school: Path, work: Any, every: int
) -> None:
    before, points = held(school), 0
    while True:
        calls = 0

        def stop_later(words: str, share: float, at: int = points) -> None:
            nonlocal calls
            assert words
            assert 0 <= share <= 1
            calls += 1
            if calls > at:
                raise Stopped

        try:
            work(school, stop_later)
        except Stopped:
            assert held(school) == before, f"stopped at point {points}"
            points += every
            continue
        break
    # Every dataset is a point, and reading back has its own.
    assert points > 24
    assert held(school) != before


@pytest.mark.parametrize("work", [try_an_import, try_going_back])
def test_what_is_only_tried_leaves_nothing_stopped_or_not(school: Path, work: Any) -> None:
    before, told = held(school), []

    def stop_late(words: str, share: float) -> None:
        told.append((words, share))
        if len(told) == 30:
            raise Stopped

    with pytest.raises(Stopped):
        work(school, stop_late)
    assert held(school) == before
    assert [words for words, _ in told if words.startswith("Writing")][13] == "Writing 14 of 24 datasets"
    work(school, None)
    assert held(school) == before
    assert not list(school.glob("rehearsal-*"))


def test_a_first_import_that_is_stopped_leaves_an_empty_folder(tmp_path: Path) -> None:
    def stop(words: str, share: float) -> None:
        if share > 0.9:
            raise Stopped

    with pytest.raises(Stopped):
        import_more(tmp_path, stop)
    assert held(tmp_path) == {}
    assert open_store(tmp_path).is_sample


def test_once_the_pointer_has_moved_the_import_stands(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C can come at any moment, also between moving the pointer and saying so."""
    from provmap.store import builds  # noqa: PLC0415

    really = builds.move_pointer

    def move_and_stop(*arguments: Any) -> None:
        really(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(builds, "move_pointer", move_and_stop)
    with pytest.raises(KeyboardInterrupt):
        bring(school, pupils=[PUPIL | {"pupil_id": "9"}])
    assert len(answer(open_store(school), "pupil_list")) == 2
    assert [path.is_dir() for path in (school / "imports").iterdir()] == [True] * 4


# Going back.


def test_going_back_holds_exactly_what_was_held_before_that_import(tmp_path: Path) -> None:
    was = {}
    for number, rows in enumerate(
        [
            {"pupils": [PUPIL]},
            {"provisions": [TALK, CLASS], "needs": [{"pupil_id": "1", "need_code": "SLCN"}]},
            {"placements": [PLACED]},
            {"pupils": [PUPIL | {"class": "Elm", "fsm": True}]},
        ],
        1,
    ):
        bring(tmp_path, **rows)
        was[number] = contents(tmp_path)
    assert [manifest.number for manifest in taken_back(tmp_path, 3)] == [3, 4]
    withdrawn = go_back(tmp_path, 3)
    assert [manifest.number for manifest in withdrawn] == [3, 4]
    assert contents(tmp_path) == was[2]
    assert [bool(manifest.withdrawn_at) for manifest in list_imports(tmp_path)] == [False, False, True, True]
    # The files are kept as they came, and can come in again: as new imports, with the same result.
    kept = [path for one in withdrawn for path in (tmp_path / "imports" / one.id / "source").iterdir()]
    assert [path.read_bytes() for path in kept] == [b"a", b"a"]
    assert bring(tmp_path, placements=[PLACED]).number == 5
    assert contents(tmp_path) == was[3]
    go_back(tmp_path, 1)
    assert open_store(tmp_path).is_sample


def test_what_going_back_would_change_can_be_asked_first(school: Path) -> None:
    with rehearse_going_back(school, 3) as store:
        assert not answer(store, "provision_list")
    assert len(answer(open_store(school), "provision_list")) == 1


def test_going_back_to_before_an_import_that_is_not_held_is_refused(school: Path) -> None:
    go_back(school, 3)
    for number in (3, 7):
        with pytest.raises(StoreError, match=f"Import {number} is not held") as refusal:
            go_back(school, number)
        assert refusal.value.remedy == "Held are: 1, 2."


# Reading files, and the whole way from files to the store.


def exact(rows: int) -> bytes:
    """A CSV file that only the exact reader takes, because of its line ends, and all of it well formed."""
    lines = "".join(f"{number},Ash,Robin,5\r" for number in range(rows))
    return f"pupil_id,surname,forename,year_group\r{lines}".encode()


def workbook(rows: int) -> bytes:
    content = io.BytesIO()
    pupils = pl.DataFrame({"pupil_id": [str(number) for number in range(rows)]})
    pupils = pupils.with_columns(surname=pl.lit("Ash"), forename=pl.lit("Kit"), year_group=pl.lit("5"))
    pupils.write_excel(content)
    return content.getvalue()


TICKS = b"Name,UPN,Class,Reading,Maths\nAsh; Robin,,5 Oak,101,99\n"
PUPILS = b"pupil_id,surname,forename,year_group\n1,Ash,Robin,5\n"
FILES = [
    ("pupils.csv", PUPILS),
    ("more.csv", exact(45_000)),
    ("pupils.xlsx", workbook(3)),
    ("wide.csv", TICKS),
]


@pytest.fixture
def scratch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def words_of(folder: Path, file: tuple[str, bytes]) -> list[str]:
    told: list[str] = []
    with suppress(ImportRefused):
        preview(folder, [file], DAY, progress=lambda words, share: told.append(words))
    return told


@pytest.mark.parametrize("file", FILES, ids=[name for name, _ in FILES])
def test_looking_at_a_file_can_be_stopped_at_any_point(school: Path, scratch: Path, file: Any) -> None:
    before = held(school)
    points = len(words_of(school, file))
    assert points
    for point in range(points):
        told: list[str] = []

        def stop_there(words: str, share: float, at: int = point, told: list[str] = told) -> None:
            assert 0 <= share <= 1
            told.append(words)
            if len(told) > at:
                raise Stopped

        # How often a workbook's process is looked at is not the same each time.
        with suppress(ImportRefused), pytest.raises(Stopped) if point < points - 3 else suppress(Stopped):
            preview(school, [file], DAY, progress=stop_there)
        assert held(school) == before
        assert list(scratch.iterdir()) == []


def test_progress_counts_lines_columns_and_files(tmp_path: Path) -> None:
    told = words_of(tmp_path, FILES[1])
    assert "Reading more.csv: 40,001 of 45,001 lines" in told
    told = words_of(tmp_path, FILES[0])
    assert told[:3] == [
        "Reading pupils.csv",
        "Reading pupils.csv: column 1 of 4, 1 row",
        "Reading pupils.csv: column 2 of 4, 1 row",
    ]
    files = tmp_path / "files"
    files.mkdir()
    for name in ("needs", "pupils"):
        (files / f"{name}.csv").write_bytes(FILES[0][1])
    told = []
    with suppress(ImportRefused):
        preview(tmp_path / "data", [files], DAY, progress=lambda words, share: told.append(words))
    assert told[0] == "Reading needs.csv (1 of 2 files)"


def test_what_reads_a_file_again_tells_nobody(tmp_path: Path) -> None:
    """On a page, the bar that showed how far the reading was is gone by then."""
    told: list[str] = []
    file = ("pupils.csv", PUPILS + b"2,Elm,,5\n")
    found = preview(tmp_path, [file], DAY, progress=lambda words, share: told.append(words))
    told.clear()
    assert [rows.height for rows in rejected_rows(found).values()] == [1]
    assert told == []


def test_a_workbook_that_is_given_up_ends_its_process(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    monkeypatch.setattr(workbooks, "BETWEEN", 0.001)

    def stop_while_reading(words: str, share: float) -> None:
        if started:
            raise Stopped

    with pytest.raises(Stopped):
        preview(tmp_path, [FILES[2]], DAY, progress=stop_while_reading)
    assert [process.returncode is not None and process.returncode < 0 for process in started] == [True]
    assert list(scratch.iterdir()) == []


# The command line.


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither this signal nor such a screen")
@pytest.mark.parametrize("at", ["Reading", "Writing", "Working out", "Checking"])
def test_ctrl_c_ends_an_import_with_a_sentence_and_nothing_left(school: Path, at: str) -> None:
    import pty  # noqa: PLC0415

    before = held(school)
    file = school.parent / "pupils.csv"
    file.write_bytes(exact(60_000) + b"1,Ash,Robin,99\r")
    screen, stderr = pty.openpty()
    words = ["import", str(file), "--data", str(school), "--dated", "2026-03-03", "--accept-alarms"]
    with subprocess.Popen(
        [sys.executable, "-m", "provmap", *words], stdout=subprocess.DEVNULL, stderr=stderr
    ) as process:
        os.close(stderr)
        shown = b""
        while at.encode() not in shown:
            shown += os.read(screen, 1000)
        process.send_signal(signal.SIGINT)
        with suppress(OSError):
            # The screen of a process that has ended is closed.
            while more := os.read(screen, 1000):
                shown += more
        assert process.wait() == 130
    os.close(screen)
    assert b"provmap: Stopped: nothing was changed." in shown
    assert b"Traceback" not in shown
    assert held(school) == before


def test_undo_lists_what_else_goes_and_changes_nothing_until_asked(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(school)
    asked = ["undo", "--data", str(school), "--before", "2"]
    assert main([*asked, "--dry-run"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["2", "3"]
    assert "rows.csv" in lines[1]
    numbers = {line.split()[0]: line.split()[1:] for line in lines[5:]}
    assert numbers["in_place"] == ["1", "0"]
    assert "nothing has changed" in said.err
    assert held(school) == before
    assert main(asked) == 0
    assert "Withdrew import 3" in capsys.readouterr().out
    assert not answer(open_store(school), "provision_list")
    assert main(["undo", "--data", str(school), "--before", "2"]) == 1
    assert "Import 2 is not held. Held are: 1." in capsys.readouterr().err
    assert main(["undo", "--data", str(school)]) == 0
    assert main(["undo", "--data", str(school)]) == 1
    assert "no import to undo" in capsys.readouterr().err
