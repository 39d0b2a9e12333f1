"""Half-written forms: kept for the one who types, in each window its own, gone once saved or thrown away."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from provmap import drafts, journal
from provmap.drafts import Writer
from provmap.journal import Writing
from tests.tiny import DAY

HERE, THERE = Writer("one", "chrome", "Ms Oak"), Writer("two", "chrome", "Ms Oak")
RECORD = "meeting/m/1/"


def words(folder: Path, writer: Writer, begins: str = RECORD) -> list[str]:
    return [one.given["note"] for one in drafts.kept(folder, begins, writer)]


def keep(folder: Path, writer: Writer, note: str, record: str = RECORD) -> None:
    drafts.keep(folder, record, writer, {"note": note}, {"note": ""})


def test_the_last_words_of_a_window_are_kept_with_when_it_began(tmp_path: Path) -> None:
    keep(tmp_path, HERE, "Half")
    began = drafts.kept(tmp_path, RECORD, HERE)[0].began_at
    keep(tmp_path, HERE, "Half a note")
    (draft,) = drafts.kept(tmp_path, RECORD, HERE)
    assert (draft.given, draft.based_on, draft.began_at) == ({"note": "Half a note"}, {"note": ""}, began)


def test_two_windows_never_write_over_each_other(tmp_path: Path) -> None:
    keep(tmp_path, HERE, "mine")
    keep(tmp_path, THERE, "theirs")
    assert words(tmp_path, HERE) == ["theirs", "mine"]


@pytest.mark.parametrize(
    ("reader", "finds"),
    [
        (Writer("three", "chrome"), True),
        (Writer("three", "firefox", "Ms Oak"), True),
        (Writer("three", "firefox", "Mr Ash"), False),
        # Neither an unknown browser nor an unknown name is the same one twice.
        (Writer("three"), False),
    ],
)
def test_who_finds_a_draft(tmp_path: Path, reader: Writer, finds: bool) -> None:
    keep(tmp_path, HERE, "mine")
    keep(tmp_path, Writer("nobody's"), "nobody's")
    assert words(tmp_path, reader) == (["mine"] if finds else [])


def test_records_whose_names_begin_alike_are_two(tmp_path: Path) -> None:
    keep(tmp_path, HERE, "of 1")
    keep(tmp_path, HERE, "of 11", "meeting/m/11/")
    assert (words(tmp_path, HERE), words(tmp_path, HERE, "meeting/m/11/")) == (["of 1"], ["of 11"])
    assert len(words(tmp_path, HERE, "meeting/m/")) == 2


def test_going_on_in_another_window_takes_the_draft_along(tmp_path: Path) -> None:
    keep(tmp_path, HERE, "mine")
    seen = drafts.kept(tmp_path, RECORD, THERE)[0]
    assert drafts.take_over(tmp_path, seen, THERE)
    assert [one.place for one in drafts.kept(tmp_path, RECORD, THERE)] == ["two"]


def test_what_was_typed_since_it_was_seen_is_neither_taken_nor_thrown_away(tmp_path: Path) -> None:
    keep(tmp_path, HERE, "mine")
    seen = drafts.kept(tmp_path, RECORD, THERE)
    keep(tmp_path, HERE, "mine and more")
    assert not drafts.take_over(tmp_path, seen[0], THERE)
    drafts.throw_away(tmp_path, seen)
    assert words(tmp_path, HERE) == ["mine and more"]
    drafts.throw_away(tmp_path, drafts.kept(tmp_path, RECORD, THERE))
    assert words(tmp_path, HERE) == []


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert words(tmp_path, HERE) == []
    assert drafts.remembered_name(tmp_path, "chrome", DAY) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_known_by_its_browser_for_a_day(tmp_path: Path) -> None:
    drafts.remember_name(tmp_path, "chrome", "Ms Oak", DAY)
    drafts.remember_name(tmp_path, "", "Nobody", DAY)
    known = [drafts.remembered_name(tmp_path, one, DAY) for one in ("chrome", "firefox", "")]
    assert known == ["Ms Oak", "", ""]
    assert drafts.remembered_name(tmp_path, "chrome", DAY + timedelta(days=1)) == ""


def test_a_journal_without_drafts_has_none(tmp_path: Path) -> None:
    journal.write(tmp_path, "Ms Oak", [Writing("needs", "{}", 0, {})])
    assert words(tmp_path, HERE) == []
    keep(tmp_path, HERE, "mine")
    assert len(journal.entries(tmp_path)) == 1


TYPING = """
import sys
from datetime import timedelta
from pathlib import Path
from provmap import drafts
for number in range(100_000):
    drafts.keep(Path(sys.argv[1]), "r/", drafts.Writer("one"), {"note": number}, {})
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for POSIX")
def test_killed_while_typing_what_was_kept_is_there(tmp_path: Path) -> None:
    for _ in range(3):
        typing = subprocess.Popen(
            [sys.executable, "-c", TYPING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert typing.stdout is not None
        said = [typing.stdout.readline() for _ in range(5)]
        os.kill(typing.pid, signal.SIGKILL)
        last = int((said + typing.stdout.readlines())[-1])
        typing.wait()
        typing.stdout.close()
        (draft,) = drafts.kept(tmp_path, "r/", Writer("one"))
        # The one after the last that was said may have come to pass unsaid.
        assert draft.given["note"] in (last, last + 1)
