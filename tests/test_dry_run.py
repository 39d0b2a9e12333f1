"""What `import` prints and leaves behind: a proposal that can be read back, and no list of a refused try."""

import json
from pathlib import Path

import pytest

from provmap.__main__ import main
from provmap.store import open_store

ROLL = "Adno,Surname,Forename,Year,Reg Group\n" + "".join(f"{n},Ash,Al,5,Oak\n" for n in range(1, 31))
FIRST = "2025-09-10"


def bring(file: Path, text: str, *words: str) -> int:
    file.write_text(text, encoding="utf-8")
    return main(["import", str(file), *words])


def test_a_dry_run_prints_a_mapping_that_can_be_given(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "roll.csv"
    assert bring(file, ROLL, "--dated", FIRST, "--dry-run") == 0
    printed = capsys.readouterr()
    assert set(json.loads(printed.out)) == {"roll.csv"}
    assert "rows read" in printed.err
    mapping = tmp_path / "mapping.json"
    mapping.write_text(printed.out, encoding="utf-8")
    assert bring(file, ROLL, "--dated", FIRST, "--mapping", str(mapping)) == 0
    assert open_store(data).cursor().sql("select count(*) from store.pupils").fetchone() == (30,)


def test_a_refused_import_leaves_no_list_of_pupils(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "roll.csv"
    assert bring(file, ROLL, "--dated", FIRST) == 0
    few = "\n".join(ROLL.splitlines()[:10]) + "\n99,Elm,Bo,Q,Oak\n"
    assert bring(file, few, "--dated", "2025-10-10") == 1
    assert not list((data / "rejected").rglob("*.csv"))
    assert "are listed in" not in capsys.readouterr().err
    assert bring(file, few, "--dated", "2025-10-10", "--accept-alarms") == 3
    (listed,) = (data / "rejected").rglob("*.csv")
    assert str(listed) in capsys.readouterr().err


def test_where_every_row_is_rejected_the_list_stays(data: Path, tmp_path: Path) -> None:
    assert bring(tmp_path / "roll.csv", ROLL.replace(",5,", ",Q,")) == 1
    assert list((data / "rejected").rglob("*.csv"))
