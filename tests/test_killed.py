"""Imports that are killed, or run out of disk: what was held is held, and the next import works.

When to write one: for any way in which the machine, and not the file, can fail in mid-import.
"""

import multiprocessing
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from provmap.__main__ import main
from provmap.store import list_imports, open_store, read_version
from provmap.store.kept import read_pointer
from tests.tiny import answer

PUPILS = "pupil_id,surname,forename,year_group\n" + "".join(f"{n},Ash,Robin,5\n" for n in range(3000))
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from provmap.__main__ import main
sys.exit(main(sys.argv[2:]))
"""
# A process that has provmap loaded and starts others from itself: what is killed is the import, not Python.
STARTING = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
STARTING.set_forkserver_preload([__name__])


def provmap(words: list[str]) -> None:
    sys.exit(main(words))


def begin(folder: Path, file: Path) -> Any:
    """An import in a process of its own, which has begun."""
    running = STARTING.Process(target=provmap, args=(command(folder, file),))
    running.start()
    return running


def command(folder: Path, file: Path) -> list[str]:
    return ["import", str(file), "--data", str(folder), "--dated", "2026-03-03", "--accept-alarms"]


def held(folder: Path) -> object:
    pointer = read_pointer(folder)
    return pointer and (pointer, read_version(folder, pointer.version)["contents"])


def left_behind(folder: Path) -> set[str]:
    """What an import that was killed in the middle left: folders that the pointer does not name."""
    kept = {manifest.id for manifest in list_imports(folder)}
    begun = {path.name for path in (folder / "imports").glob("*")} - kept
    return begun | {path.name for path in folder.glob("rehearsal-*")}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one import in it, of which each test has a copy."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "pupils.csv").write_text("pupil_id,surname,forename,year_group\n0,Elm,Kit,4\n")
    assert main(command(folder / "data", folder / "pupils.csv")) == 0
    return folder / "data"


@pytest.fixture
def school(first: Path, tmp_path: Path) -> Path:
    """The data folder, and beside it a file of many more pupils."""
    (tmp_path / "pupils.csv").write_text(PUPILS)
    return shutil.copytree(first, tmp_path / "data")


def wait_until_it_writes(running: Any, folder: Path) -> None:
    """Waits until an import has something of its own in the data folder, or has ended."""
    before = left_behind(folder)
    while running.is_alive() and left_behind(folder) <= before:
        time.sleep(0.001)


def test_killed_at_twenty_points_of_an_import(school: Path) -> None:
    file = school.parent / "pupils.csv"
    before = held(school)
    # How long a whole import takes, and the part that writes, found by one that writes elsewhere; the first
    # of all starts the starter.
    for place in ("first", "other"):
        started = time.monotonic()
        whole = begin(school.parent / place, file)
        wait_until_it_writes(whole, school.parent / place)
        wrote = time.monotonic()
        whole.join()
        assert whole.exitcode == 0
    took, writing = time.monotonic() - started, time.monotonic() - wrote
    moments = random.Random(7)
    finished = 0
    left = left_behind(school)
    within = 0
    for number in range(20):
        running = begin(school, file)
        # Every other one at any moment at all; the rest while it writes, however busy the machine is.
        if number % 2:
            wait_until_it_writes(running, school)
        running.join(timeout=moments.uniform(0.0, 1.0) * (writing if number % 2 else took))
        running.kill()
        running.join()
        now = held(school)
        if now != before:
            # It was done before it was killed: wholly, or not at all.
            finished += 1
            assert len(answer(open_store(school), "pupil_list")) == 3000
            before = now
        assert len(list_imports(school)) == 1 + bool(finished)
        # Names are never given twice: a new one is of this import, which had begun and had not ended.
        within += bool(left_behind(school) - left)
        left |= left_behind(school)
    # Else nothing was tried: each came before the import began or after its end.
    assert within
    done = subprocess.run([sys.executable, "-m", "provmap", *command(school, file)], check=False)
    assert done.returncode == 0
    assert len(answer(open_store(school), "pupil_list")) == 3000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file to set")
@pytest.mark.parametrize("largest", [1_000, 20_000, 300_000])
def test_a_disk_that_fills(school: Path, largest: int) -> None:
    """A limit on the size of a file stands for a full disk: writing fails in the middle."""
    file = school.parent / "pupils.csv"
    before = held(school)
    full = subprocess.run(
        [sys.executable, "-c", LIMITED, str(largest), *command(school, file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert held(school) == before
    done = subprocess.run([sys.executable, "-m", "provmap", *command(school, file)], check=False)
    assert done.returncode == 0
    assert len(answer(open_store(school), "pupil_list")) == 3000
