"""The journal when the machine fails or two people meet: nothing that was kept is lost or overwritten."""

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provmap import journal
from provmap.errors import Overwritten
from provmap.journal import Entry, Writing

TOGETHER = 3
SAVING = f"""
import sys
from pathlib import Path
from provmap.errors import StoreError
from provmap import journal
from provmap.journal import Writing
folder, run, length = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(100_000):
    body = {{"note": {{"was": None, "now": str(number) * length}}}}
    try:
        names = [f"{{run}}-{{number}}-{{n}}" for n in range({TOGETHER})]
        journal.write(folder, run, [Writing("notes", name, 0, body) for name in names])
    except StoreError as error:
        print(error.message, flush=True)
        sys.exit(3)
    print(number, flush=True)
"""
FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
"""
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are for POSIX")


def saved_by(entries: list[Entry], run: str) -> list[str]:
    return [entry.subject for entry in entries if entry.made_by == run]


def wholly(run: str, saves: int) -> list[str]:
    return [f"{run}-{number}-{n}" for number in range(saves) for n in range(TOGETHER)]


@needs_posix
def test_killed_at_twenty_points_of_saving(tmp_path: Path) -> None:
    moments = random.Random(7)
    kept: list[Entry] = []
    for run in map(str, range(20)):
        saving = subprocess.Popen(
            [sys.executable, "-c", SAVING, str(tmp_path), run, "50"], stdout=subprocess.PIPE, text=True
        )
        assert saving.stdout is not None
        first = saving.stdout.readline()
        # Saves follow each other without a pause, so any moment is in the middle of one.
        time.sleep(moments.uniform(0, 0.03))
        os.kill(saving.pid, signal.SIGKILL)
        said = [first, *saving.stdout.readlines()]
        saving.wait()
        saving.stdout.close()
        now = journal.entries(tmp_path)
        # All that was there is there; of what was being saved, each save is whole or not there.
        assert now[: len(kept)] == kept
        mine = saved_by(now, run)
        assert mine in (wholly(run, len(said)), wholly(run, len(said) + 1))
        kept = now
    with sqlite3.connect(tmp_path / journal.FILE) as file:
        assert file.execute("pragma integrity_check").fetchone() == ("ok",)
    file.close()


@needs_posix
def test_a_disk_that_fills_while_saving(tmp_path: Path) -> None:
    """A limit on the size of a file stands for a full disk."""
    command = [sys.executable, "-c", FULL + SAVING, str(tmp_path), "full", "300"]
    full = subprocess.run(command, capture_output=True, text=True, check=False)
    *said, refused = full.stdout.splitlines()
    assert (full.returncode, full.stderr) == (3, "")
    assert refused == "What you wrote could not be kept, or what was written could not be read."
    assert saved_by(journal.entries(tmp_path), "full") == wholly("full", len(said))
    # With room again, the next save works.
    journal.write(tmp_path, "after", [Writing("notes", "after", 0, {})])
    assert saved_by(journal.entries(tmp_path), "after") == ["after"]


def _change_one(folder: Path, name: str, times: int) -> None:
    """Changes one record again and again; who is told that another was first looks again and chooses."""
    seen = 0
    done = 0
    while done < times:
        try:
            journal.write(folder, name, [Writing("notes", "one", seen, {"now": f"{name}-{done}"})])
        except Overwritten:
            seen = journal.history(folder, "notes", "one")[-1].version
        else:
            seen, done = seen + 1, done + 1


def test_two_editors_of_one_record_never_overwrite_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    editors = [context.Process(target=_change_one, args=(tmp_path, name, 25)) for name in ("a", "b")]
    for one in editors:
        one.start()
    for one in editors:
        one.join()
    assert [one.exitcode for one in editors] == [0, 0]
    made = journal.history(tmp_path, "notes", "one")
    assert [entry.version for entry in made] == list(range(1, 51))
    for name in ("a", "b"):
        mine = [entry.body["now"] for entry in made if entry.made_by == name]
        assert mine == [f"{name}-{n}" for n in range(25)]


def test_the_second_of_two_is_told_what_the_first_wrote(tmp_path: Path) -> None:
    journal.write(tmp_path, "Ms Oak", [Writing("notes", "one", 0, {"now": "hers"})])
    his = [Writing("notes", "two", 0, {}), Writing("notes", "one", 0, {"now": "his"})]
    with pytest.raises(Overwritten) as refused:
        journal.write(tmp_path, "Mr Elm", his)
    assert (refused.value.made_by, refused.value.body) == ("Ms Oak", {"now": "hers"})
    # All of a save or nothing of it.
    assert [entry.subject for entry in journal.entries(tmp_path)] == ["one"]
