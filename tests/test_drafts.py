"""Half-written forms: kept for the one who types, in each window its own, gone once saved or thrown away."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from streamlit.testing.v1 import AppTest

from provmap import drafts, journal
from provmap.drafts import Writer
from provmap.errors import StoreError
from provmap.journal import Writing
from provmap.ui.begun import _choices_differ, _join, _settle
from provmap.ui.drafted import Form
from tests.test_journal_killed import FULL
from tests.tiny import DAY, tiny_school

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
from time import monotonic
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


@pytest.mark.skipif(sys.platform == "win32", reason="limits are for POSIX")
def test_a_disk_that_fills_while_typing_keeps_what_was_kept(tmp_path: Path) -> None:
    """A limit on the size of a file stands for a full disk."""
    typing = TYPING.replace('{"note": number}', '{"note": number, "long": "x" * number * 3000}')
    command = [sys.executable, "-c", FULL + typing, str(tmp_path)]
    full = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "StoreError: What you wrote could not be kept" in full.stderr
    last = int(full.stdout.splitlines()[-1])
    (draft,) = drafts.kept(tmp_path, "r/", Writer("one"))
    assert (draft.given["note"], draft.given["long"]) == (last, "x" * last * 3000)
    # With room again, what stands in the window is kept.
    keep(tmp_path, HERE, "and more", "r/")
    assert words(tmp_path, HERE, "r/") == ["and more"]


TYPING_AND_SAVING = """
import sys
from pathlib import Path
from time import monotonic
from provmap import drafts, journal
from provmap.journal import Writing
folder, who = Path(sys.argv[1]), sys.argv[2]
for number in range(30):
    drafts.keep(folder, "r/", drafts.Writer(who, "chrome"), {"note": f"{who} {number}"}, {})
    journal.write(folder, who, [Writing("notes", f"{who} {number}", 0, {"note": {"now": number}})])
    drafts.keep(folder, f"{who}/", drafts.Writer(who), {"note": number}, {})
    (mine,) = drafts.kept(folder, f"{who}/", drafts.Writer(who))
    assert mine.given == {"note": number}
    drafts.throw_away(folder, [mine])
"""


def test_two_who_type_and_save_at_once_lose_nothing_of_either(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TYPING_AND_SAVING, str(tmp_path)]
    both = [subprocess.Popen([*command, who]) for who in ("one", "two")]
    assert [one.wait() for one in both] == [0, 0]
    kept = drafts.kept(tmp_path, "r/", Writer("three", "chrome"))
    assert sorted(one.given["note"] for one in kept) == ["one 29", "two 29"]
    made = journal.entries(tmp_path)
    for who in ("one", "two"):
        assert [one.subject for one in made if one.made_by == who] == [f"{who} {n}" for n in range(30)]
        assert drafts.kept(tmp_path, f"{who}/", Writer(who)) == []


SAVING = """
import streamlit as st
from pathlib import Path
from time import monotonic
from provmap.questions import ask, make_filter
from provmap.store import Edit, open_store
from provmap.ui.drafted import open_form
from provmap.ui.page import Page, show_done
from provmap.ui.writing import save_or_say

store = open_store()
page = Page(store, make_filter(store), {"pupils": 1})
show_done()
form = open_form(store.folder, "note/1/", {"note": ""})
edit = Edit("groups", {"school_id": "school", "group_code": "b", "name": "Bereaved"})
if st.button("Save"):
    save_or_say(page, "Mr Elm", [edit], "Saved.", form)
"""


def test_what_is_saved_is_said_so_also_where_its_draft_cannot_be_put_away(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise StoreError("no room on the disk", "Make room.")

    tiny_school(data)
    app = AppTest.from_string(SAVING, default_timeout=30).run()
    monkeypatch.setattr(drafts, "throw_away", full)
    app.button[0].click().run()
    assert not app.exception
    assert app.success[0].value.startswith("Saved\\. What you had begun could not be put away")
    assert len(journal.entries(data)) == 1


FORM = """
import streamlit as st
from pathlib import Path
from time import monotonic
from provmap.ui import drafted
from provmap.ui.begun import show_begun

st.session_state["writer"] = {who!r}
form = drafted.open_form(Path({folder!r}), "note/1/", {{"note": ""}})
show_begun(form, {{"note": "Note"}})
st.text(form.given["note"])
st.session_state["form"] = form
"""


def form_of(folder: Path, who: str) -> AppTest:
    app = AppTest.from_string(FORM.format(who=who, folder=str(folder)), default_timeout=30).run()
    assert not app.exception
    return app


def begun_by(folder: Path, who: str, record: str = "note/1/") -> None:
    """In another window of Mr Elm's browser; outside a browser one is told by the name alone."""
    drafts.keep(folder, record, Writer("other", "chrome", who), {"note": "Half"}, {"note": ""})


def test_ones_own_half_note_is_gone_on_with(data: Path) -> None:
    begun_by(data, "Mr Elm")
    assert form_of(data, "Mr Elm").text[0].value == "Half"


def test_anothers_half_note_is_named_and_stands_beside(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun_by(data, "Ms Oak")
    monkeypatch.setattr("provmap.ui.drafted.browser_here", lambda: "chrome")
    app = form_of(data, "Mr Elm")
    assert app.text[0].value == ""
    assert "Begun by Ms Oak" in app.markdown[0].value


def test_a_half_note_about_one_whose_number_goes_on_is_not_of_this_one(data: Path) -> None:
    begun_by(data, "Mr Elm", "note/1/2/")
    assert form_of(data, "Mr Elm").text[0].value == ""


def test_words_that_found_no_room_are_not_called_kept_and_are_tried_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise StoreError("no room on the disk")

    form = Form(data, "note/1/", {"note": ""}, {"note": ""})
    monkeypatch.setattr("provmap.ui.drafted.name_here", lambda: "Mr Elm")
    with monkeypatch.context() as there:
        there.setattr(drafts, "keep", full)
        form.put("note", "Half")
        assert (form.is_kept, form.refused["note"]) == (False, "Not kept yet: no room on the disk")
    form.put("note", "Half")
    assert (form.is_kept, form.refused) == (True, {})
    assert [one.given["note"] for one in drafts.kept(data, "note/1/", Writer("", "", "Mr Elm"))] == ["Half"]


def test_both_together_takes_what_was_chosen_there_alone(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provmap.ui.drafted.name_here", lambda: "Mr Elm")
    drafts.keep(
        data, "note/1/", Writer("other", "", "Mr Elm"), {"note": "b", "kind": "ended", "day": "2"}, {}
    )
    (other,) = drafts.kept(data, "note/1/", Writer("", "", "Mr Elm"))
    form = Form(
        data, "note/1/", {"note": "a", "kind": None, "day": "1"}, {"note": "", "kind": None, "day": "1"}
    )
    assert not _choices_differ(form, other, ("note",))
    _join(form, other, ("note",))
    assert form.given == {"note": "a\nb", "kind": "ended", "day": "2"}
    form.put("kind", "started")
    assert _choices_differ(form, other, ("note",))


def test_words_sent_again_after_a_reload_are_still_said_to_be_begun_before(data: Path) -> None:
    begun_by(data, "Ms Oak")
    form: Form = form_of(data, "Ms Oak").session_state["form"]
    assert form.began_before
    form.put("note", "and what had not been sent", goes_on=False)
    assert form.began_before
    assert form.found is None
    form.put("note", "and what is typed now")
    assert form.began_before is None


def test_what_was_done_is_still_said_after_a_run_that_follows_at_once(data: Path) -> None:
    tiny_school(data)
    app = AppTest.from_string(SAVING, default_timeout=30).run()
    app.button[0].click().run()
    app.run()
    assert [one.value for one in app.success] == ["Saved\\."]
    # Runs that follow each other quickly do not keep it for ever.
    app.session_state["done"] = at_first = ("Saved.", monotonic() - 1)
    assert app.run().success
    assert app.session_state["done"] == at_first
    app.session_state["done"] = ("Saved.", monotonic() - 60)
    app.run()
    assert not app.success


def test_the_last_letters_come_along_with_the_click_that_puts_both_together(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are sent as the field is left, with the click: what was drawn before them is older."""
    monkeypatch.setattr("provmap.ui.drafted.name_here", lambda: "Mr Elm")
    drafts.keep(data, "note/1/", Writer("other", "", "Mr Elm"), {"note": "b"}, {"note": ""})
    (other,) = drafts.kept(data, "note/1/", Writer("", "", "Mr Elm"))
    form = Form(data, "note/1/", {"note": "a"}, {"note": ""})
    sent = {form.key("note"): {"text": "a and more"}}
    monkeypatch.setattr("provmap.ui.drafted.st.session_state", sent)
    _join(form, other, ("note",))
    assert form.given["note"] == "a and more\nb"
    sent[form.key("note")] = {"text": "mine, to the end"}
    _settle(form, "note", "theirs", lambda mine: f"{mine}; theirs")
    assert form.given["note"] == "mine, to the end; theirs"
