"""Imports that are killed, or run out of disk: what was held is held, and the next import works.

When to write one: for any way in which the machine, and not the file, can fail in mid-import.
"""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

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


def command(folder: Path, file: Path) -> list[str]:
    return ["import", str(file), "--data", str(folder), "--dated", "2026-03-03", "--accept-alarms"]


def held(folder: Path) -> object:
    pointer = read_pointer(folder)
    return pointer and (pointer, read_version(folder, pointer.version)["contents"])


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A data folder with one import in it."""
    first = tmp_path / "pupils.csv"
    first.write_text("pupil_id,surname,forename,year_group\n0,Elm,Kit,4\n")
    done = subprocess.run([sys.executable, "-m", "provmap", *command(tmp_path / "data", first)], check=False)
    assert done.returncode == 0
    first.write_text(PUPILS)
    return tmp_path / "data"


def test_killed_at_twenty_points_of_an_import(school: Path) -> None:
    file = school.parent / "pupils.csv"
    before = held(school)
    started = time.monotonic()
    # How long a whole import takes, start of Python included, found by one that writes elsewhere.
    subprocess.run([sys.executable, "-m", "provmap", *command(school.parent / "other", file)], check=True)
    whole = time.monotonic() - started
    moments = random.Random(7)
    finished = 0
    for _ in range(20):
        running = subprocess.Popen([sys.executable, "-m", "provmap", *command(school, file)])
        try:
            running.wait(timeout=moments.uniform(0.3, 1.0) * whole)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        now = held(school)
        if now != before:
            # It was done before it was killed: wholly, or not at all.
            finished += 1
            assert len(answer(open_store(school), "pupil_list")) == 3000
            before = now
        assert len(list_imports(school)) == 1 + bool(finished)
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
