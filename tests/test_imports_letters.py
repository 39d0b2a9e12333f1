"""Text that is not UTF-8: Windows letters or DOS letters, told by what they make of names."""

from pathlib import Path

import pytest

from provmap.__main__ import main
from provmap.errors import ImportRefused
from provmap.imports import preview, rejected_rows
from provmap.imports.letters import CODE_PAGES, DOS, WINDOWS, read_letters
from provmap.store import Store
from tests.test_pages import open_app
from tests.tiny import DAY

# What a school's list holds: names of pupils, and words and signs of other columns.
NAMES = [
    "André", "Zoë", "Björn", "Anaïs", "Hélène", "José", "Núñez", "Müller", "Françoise", "Chloë", "Jürgen",
    "Søren", "Éloïse", "naïve", "Göran", "JOSÉ", "MÜLLER", "McCafé", "café", "£120", "(£)", "Zoë-Renée",
]  # fmt: skip
HEADINGS = "pupil_id,surname,forename,year_group,class\n"


def written(words: list[str], page: str) -> bytes:
    rows = [f"p{number},Ash,{word},5,Oak\n" for number, word in enumerate(words)]
    return (HEADINGS + "".join(rows)).encode(page)


@pytest.mark.parametrize("kind", CODE_PAGES)
@pytest.mark.parametrize("name", NAMES)
def test_one_name_tells_which(name: str, kind: str) -> None:
    read = read_letters("a.csv", written([name], CODE_PAGES[kind]))
    assert read.kind == kind
    assert name in read.text.decode()
    assert "nothing in it tells which" not in read.notices[0]


DOUBTFUL = ["O’Brien", "“quoted”", "pupils’", "2–3 a week", "wait…", "Siân", "Seán", "Óscar"]


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_does_not_tell_is_windows(name: str) -> None:
    read = read_letters("a.csv", written([name], "cp1252"))
    assert (read.kind, name in read.text.decode()) == (WINDOWS, True)


def test_the_many_decide() -> None:
    # Ó in DOS letters is à in Windows letters: alone it says little, among others nothing at all.
    read = read_letters("a.csv", written(["RENÉE", "BRONTË", "ANDRÉ"], "cp850"))
    assert read.kind == DOS
    assert "BRONTË" in read.text.decode()


def test_where_nothing_tells_it_says_so_and_how_to_choose() -> None:
    data = written(["BRONTË"], "cp850")
    read = read_letters("a.csv", data)
    assert "BRONTÓ" in read.text.decode()
    assert "nothing in it tells which" in read.notices[0]
    assert "first on line 2" in read.notices[0]
    assert "--letters dos" in read.notices[0]
    said = read_letters("a.csv", data, DOS)
    assert "BRONTË" in said.text.decode()
    assert said.notices == (
        "a.csv is not UTF-8: it was read with DOS letters (code page 850), as CSV (MS-DOS) and old programs "
        "have them, as you said.",
    )


def test_what_is_said_stands_against_the_words() -> None:
    assert "AndrÚ" in read_letters("a.csv", written(["André"], "cp1252"), DOS).text.decode()
    with pytest.raises(ImportRefused, match="line 2 holds an unknown character"):
        read_letters("a.csv", written(["Jürgen"], "cp850"), WINDOWS)


def test_utf8_is_never_in_doubt() -> None:
    for kind in ("", WINDOWS, DOS):
        read = read_letters("a.csv", written(NAMES, "utf-8"), kind)
        assert (read.kind, read.notices) == ("", ())


def test_neither_is_refused() -> None:
    with pytest.raises(ImportRefused, match="line 2 holds an unknown character"):
        read_letters("a.csv", HEADINGS.encode() + bytes(range(0x80, 0x100)) + b"\n")


def test_a_long_cell_takes_no_longer(tmp_path: Path) -> None:
    # Every letter of a word of a million would otherwise be looked at from each of its places.
    assert read_letters("a.csv", b"\xe9" * 1_000_000 + b"x" * 1_000_000).kind == WINDOWS


def test_on_the_command_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pupils.csv").write_bytes(written(["BRONTË"], "cp850"))
    assert main(["import", str(tmp_path / "pupils.csv"), "--letters", "dos"]) == 0
    assert "DOS letters (code page 850)" in capsys.readouterr().err
    assert main(["ask", "pupil_list", "--format", "csv"]) == 0
    assert "BRONTË" in capsys.readouterr().out


def test_rejected_rows_are_read_again_with_the_same_letters(data: Path, tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_bytes(written(["BRONTË"], "cp850").replace(b",5,", b",99,"))
    found = preview(data, [tmp_path / "pupils.csv"], DAY, letters=DOS)
    assert found.reading.letters == {"pupils.csv": DOS}
    assert rejected_rows(found)["pupils_rejected"]["forename"].to_list() == ["BRONTË"]


def test_on_the_page_the_question_comes_with_the_file_that_raises_it(empty: Store) -> None:
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("pupils.csv", written(["André"], "utf-8"), "text/csv")]).run()
    app.button(key="look").click().run()
    assert "letters" not in {radio.key for radio in app.radio}
    app.file_uploader[0].set_value([("pupils.csv", written(["BRONTË"], "cp850"), "text/csv")]).run()
    app.button(key="look").click().run()
    assert "BRONTÓ" in str(app.session_state["preview"].rows["pupils"]["forename"].to_list())
    app.radio(key="letters").set_value(DOS).run()
    app.button(key="look").click().run()
    assert not app.exception
    assert app.session_state["preview"].rows["pupils"]["forename"].to_list() == ["BRONTË"]
    assert app.radio(key="letters").value == DOS
