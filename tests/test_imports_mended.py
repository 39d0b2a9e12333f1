"""Rejected rows are mended in the list that provmap gives, and come in without any alarm or new question."""

from datetime import date
from pathlib import Path

import pytest

from provmap.imports import commit, preview
from provmap.imports.rejected import write_rejected
from provmap.store import open_store

DAY = date(2026, 3, 3)
PUPILS = "".join(f"{number},Ash{number},Robin,5\n" for number in range(20, 40))


@pytest.mark.parametrize(
    "headings", ["pupil_id,surname,forename,year_group", "Adno,Surname,Forename,NC Year"]
)
def test_mended_rows_come_in_as_they_are(data: Path, tmp_path: Path, headings: str) -> None:
    roll = tmp_path / "roll.csv"
    roll.write_text(f"{headings}\n{PUPILS}1,Oak,Ava,55\n2,Elm,,5\n")
    found = preview(data, [roll], DAY)
    assert found.rejected_rows == 2
    commit(found, "tester", accept_alarms=True)
    (listed,) = write_rejected(found, tmp_path)
    text = listed.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == f"{headings},line,problem"
    listed.write_text(text.replace("Ava,55", "Ava,5").replace("Elm,,5", "Elm,Ben,5"))
    again = preview(data, [listed], DAY)
    assert (again.rejected_rows, again.counts["pupils"]["new"], again.alarms, again.ignored) == (0, 2, [], {})
    assert not any(one.questions or not one.is_remembered for one in again.foreign)
    assert any("columns line and problem are left out" in notice for notice in again.notices)
    commit(again, "tester")
    assert open_store(data).cursor().sql("select count(*) from store.pupils").fetchall() == [(22,)]


def test_a_short_file_that_is_no_mended_list_is_still_an_alarm(data: Path, tmp_path: Path) -> None:
    roll = tmp_path / "roll.csv"
    roll.write_text(f"pupil_id,surname,forename,year_group\n{PUPILS}")
    commit(preview(data, [roll], DAY), "tester")
    roll.write_text("pupil_id,surname,forename,year_group\n1,Oak,Ava,5\n")
    assert {alarm.kind for alarm in preview(data, [roll], DAY).alarms} == {"pupils missing", "fewer rows"}
